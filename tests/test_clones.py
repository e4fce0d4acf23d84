"""Two computers: nothing that differs between two clones of the notes changes a card, a time or the ledger."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import Workspace
from test_import import Desk, note_of

from offbook import ledger
from offbook.package import read_notes

NOTE = """\
## What is a mutex?
A lock, see [[b#Locks|locks]] and [the other](b.md). ^mutex

## Which links lead nowhere?
[[Nowhere]].

Raft has a ==[[b|leader]]== and ==terms==. #cloze
"""
OTHER = "# Locks\n\nThey wait.\n\nMutex ::: [[a#^mutex]]\n"


@pytest.fixture
def desk(workspace: Workspace) -> Desk:
    desk = Desk(workspace, "collection")
    vault = workspace.root / "vault"
    (vault / ".obsidian").mkdir(parents=True)
    workspace.notes.rename(vault / "notes")
    shutil.rmtree(vault / "notes" / "acme")
    desk.workspace = _in(vault)
    desk.workspace.write("acme/a.md", NOTE)
    desk.workspace.write("acme/b.md", OTHER)
    desk.run()
    return desk


def _in(vault: Path, notes: str = "notes") -> Workspace:
    class Clone(Workspace):
        @property
        def notes(self) -> Path:
            return vault / notes

    return Clone(vault)


def _cloned(desk: Desk, name: str, notes: str = "notes", *, vault: bool = True) -> Workspace:
    root = desk.workspace.root.parent / name
    shutil.copytree(desk.workspace.root, root)
    if notes != "notes":
        (root / notes).parent.mkdir(parents=True, exist_ok=True)
        (root / "notes").rename(root / notes)
    if not vault:
        shutil.rmtree(root / ".obsidian")
    return _in(root, notes)


@pytest.mark.parametrize(
    ("name", "notes", "vault"),
    [("other", "notes", True), ("other", "Career/Interviews", True), ("other", "notes", False)],
)
def test_a_clone_under_another_name_changes_nothing(desk: Desk, name: str, notes: str, vault: bool) -> None:
    clone = _cloned(desk, name, notes, vault=vault)
    before = (clone.decks / ledger.FILE_NAME).read_bytes()
    times = {note.guid: note.modified for note in read_notes((clone.decks / "acme.apkg").read_bytes())}
    result = clone.run("export")
    assert result.stdout.startswith("Acme: 4 unchanged\n")
    assert (clone.decks / ledger.FILE_NAME).read_bytes() == before
    assert {note.guid: note.modified for note in read_notes((clone.decks / "acme.apkg").read_bytes())} == times
    clone.write("acme/b.md", OTHER.replace("Mutex", "A mutex"))
    assert clone.run("export").stdout.startswith("Acme: 1 changed, 3 unchanged\n")


def test_the_link_to_the_source_follows_with_an_import(desk: Desk) -> None:
    clone = _cloned(desk, "other")
    desk.workspace = clone
    assert desk.report() == "Acme: 4 unchanged (4 with a new link to the note)\n"
    with desk.anki() as collection:
        note = note_of(collection, "What is a mutex?")
        assert 'vault=other&amp;file=notes%2Facme%2Fa%23What%20is%20a%20mutex%3F"' in note["Source"]
        assert note["Answer"].count("vault=other&amp;") == 2
    before = (clone.decks / ledger.FILE_NAME).read_bytes()
    assert desk.report() == "Acme: 4 unchanged\n"
    assert (clone.decks / ledger.FILE_NAME).read_bytes() == before


def test_another_target_of_a_link_is_a_change(desk: Desk) -> None:
    desk.workspace.write("acme/a.md", NOTE.replace("b#Locks|", "b|"))
    # The other card shows the first one's answer.
    assert desk.workspace.run("export").stdout.startswith("Acme: 2 changed, 2 unchanged\n")


@pytest.mark.parametrize(
    "name",
    ["a (conflicted copy).md", "a (Anna's conflicted copy 2025-01-31).md", "a.sync-conflict-20250131-101500-X.md"],
)
def test_a_conflict_copy_of_a_note_is_named_and_makes_no_cards(workspace: Workspace, name: str) -> None:
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    workspace.write(f"acme/{name}", "## What is X?\nY, or Z.\n\n## What is Z?\nZ.\n")
    result = workspace.run("export")
    assert result.stdout.startswith("Acme: 1 new\n")
    assert f"acme/{name}: looks like a copy that a sync program made of “a.md”" in result.stderr
    (workspace.notes / "acme" / "a.md").unlink()
    # Without the note beside it, it is the note.
    assert workspace.run("export").stdout.startswith("Acme: 1 new, 1 changed\n")


def test_a_note_whose_name_is_the_question_may_be_renamed(workspace: Workspace) -> None:
    workspace.write("acme/What is a mutex.md", "A lock with one owner thread.\n")
    workspace.write("acme/Why is the sky blue.md", "Short waves scatter more.\n")
    workspace.run("export")
    (workspace.notes / "acme" / "What is a mutex.md").rename(workspace.notes / "acme" / "How do threads exclude.md")
    assert set(workspace.changes().values()) == {"changed", "unchanged"}


def test_a_card_that_the_other_computer_imported_and_that_is_not_synced_yet_is_not_called_deleted(desk: Desk) -> None:
    here = desk.file
    desk.file = here.with_name("there.anki2")
    shutil.copy(here, desk.file)
    desk.workspace.write("acme/c.md", "## What is a lease?\nA lock that ends by itself.\n")
    assert desk.report() == "Acme: 1 added, 4 unchanged\n"
    there, desk.file = desk.file, here
    said = "“What is a lease?” is not in this collection: it was deleted there, or is not synced yet. It is not added;"
    assert said in desk.report()
    shutil.copy(there, here)  # as Anki's sync does
    assert desk.report() == "Acme: 5 unchanged\n"
