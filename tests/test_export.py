"""Notes become packages, and packages a real Anki collection."""

from __future__ import annotations

import base64
import os
import sqlite3
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Anki, Workspace, run

EXAMPLES = Path(__file__).parent.parent / "notes"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_a_note_becomes_a_card_in_anki(workspace: Workspace, anki: Anki) -> None:
    workspace.write(
        "acme.md",
        "---\ncompany: Acme Robotics\ntags: ['#real interview', topic/db]\n---\n"
        "# Technical\n## What is a **mutex**? #locks\nA lock with an *owner*.\n",
    )
    workspace.run("export")
    assert anki.import_package(workspace.decks / "acme-robotics.apkg")["new"] == 1
    note = anki.note("What is a <strong>mutex</strong>?")
    assert note["Answer"] == "<p>A lock with an <em>owner</em>.</p>"
    assert note["Company"] == "Acme Robotics"
    assert note["Context"] == "Technical"
    assert note["Source"] == "acme.md:6"
    assert note["Key"] == note.guid
    assert note.tags == ["company::acme-robotics", "locks", "real-interview", "topic::db"]
    assert anki.deck_of(note) == "Interviews::Acme Robotics"
    assert note.note_type()["name"] == "Offbook"  # type: ignore[index]


def test_every_dialect_of_the_examples_reaches_anki_and_renders(tmp_path: Path, anki: Anki) -> None:
    workspace = Workspace(tmp_path)
    workspace.notes.symlink_to(EXAMPLES)
    workspace.run("export")
    for package in sorted(workspace.decks.glob("*.apkg")):
        counts = anki.import_package(package)
        assert counts["conflicting"] == counts["updated"] == 0
    found = {card["guid"]: card for card in workspace.cards() if card["answer"]}
    notes = anki.notes()
    assert {note.guid for note in notes} == set(found)
    for note in notes:
        card = found[note.guid]
        assert sorted(note.tags) == sorted(card["tags"])
        assert anki.deck_of(note) == card["deck"]
        for anki_card in note.cards():
            output = anki_card.render_output()
            assert "{{" not in output.question_text
            assert "Invalid" not in output.answer_text
            assert output.question_text.strip()
    kinds = {card["guid"]: card["kind"] for card in found.values()}
    assert all(len(note.cards()) == 2 for note in notes if kinds[note.guid] == "reversed")
    assert all(len(note.cards()) == 1 for note in notes if kinds[note.guid] == "question")
    assert set(kinds.values()) == {"question", "reversed", "cloze"}


def test_shared_cards_are_in_every_package_and_once_in_anki(workspace: Workspace, anki: Anki) -> None:
    workspace.write("acme/a.md", "## Why Acme?\nRobots.\n")
    workspace.write("zeta/z.md", "## Why Zeta?\nShips.\n")
    workspace.write("stories/s.md", "---\ncompany: all\n---\n## Tell me about yourself\nI write software.\n")
    workspace.write("both.md", "---\ncompany: [Zeta, Acme]\n---\n## What is Raft?\nConsensus.\n")
    workspace.run("export")
    assert anki.import_package(workspace.decks / "acme.apkg")["new"] == 3
    assert anki.import_package(workspace.decks / "zeta.apkg") == {
        "new": 1, "updated": 0, "duplicate": 2, "conflicting": 0,
    }  # fmt: skip
    assert anki.deck_of(anki.note("Tell me about yourself")) == "Interviews::Common"
    assert anki.deck_of(anki.note("What is Raft?")) == "Interviews::Common"
    assert anki.note("What is Raft?")["Company"] == "Acme, Zeta"


def test_new_cards_are_due_in_the_order_of_the_notes(workspace: Workspace, anki: Anki) -> None:
    for name in ("b", "a"):
        questions = "".join(f"## What is {name}{number}?\nx{number}\n" for number in (3, 1, 2))
        workspace.write(f"acme/{name}.md", questions)
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    by_due = sorted(anki.notes(), key=lambda note: note.cards()[0].due)
    asked = [note.fields[0] for note in by_due]
    assert asked == [f"What is {name}?" for name in ("a3", "a1", "a2", "b3", "b1", "b2")]


def test_pictures_come_along_under_names_that_cannot_collide(workspace: Workspace, anki: Anki) -> None:
    workspace.write("acme/img/pic.png", PIXEL)
    workspace.write("acme/other/pic.png", PIXEL + b"\0")
    workspace.write("acme/a.md", "## What is this?\n![[img/pic.png|400x300]]\n\n![alt](other/pic.png)\n")
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    answer = anki.note("What is this?")["Answer"]
    stored = sorted(file.name for file in Path(anki.collection.media.dir()).iterdir())
    assert len(stored) == 2
    assert all(f'src="{name}"' in answer for name in stored)
    assert 'width="400" height="300"' in answer
    assert {Path(anki.collection.media.dir(), name).read_bytes() for name in stored} == {PIXEL, PIXEL + b"\0"}


def test_a_missing_picture_is_reported_and_its_name_shown(workspace: Workspace, anki: Anki) -> None:
    workspace.write("acme/a.md", "\n## What is this?\n![[gone.png]]\n")
    result = workspace.run("export")
    assert "acme/a.md:3: there is no file “gone.png” in the vault" in result.stderr
    anki.import_package(workspace.decks / "acme.apkg")
    assert anki.note("What is this?")["Answer"] == '<p><span class="missing">gone.png</span></p>'


def test_a_picture_outside_of_the_vault_is_never_read(workspace: Workspace) -> None:
    secret = workspace.root / "secret.png"
    secret.write_bytes(PIXEL)
    (workspace.notes / "acme").mkdir()
    (workspace.notes / "acme" / "link.png").symlink_to(secret)
    text = "## What is this?\n![[../../secret.png]] ![](../../secret.png) ![[link.png]]"
    workspace.write("acme/a.md", f"{text} ![]({secret}) ![](file://{secret})\n")
    workspace.run("export")
    with zipfile.ZipFile(workspace.decks / "acme.apkg") as package:
        assert package.read("media") == b"{}"


def test_the_same_notes_give_the_same_bytes(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## What is X?\nY.\n\n- Why Z?\n  - Because.\n")
    workspace.run("export")
    before = {file.name: file.read_bytes() for file in workspace.decks.iterdir()}
    stamp = (workspace.decks / "acme.apkg").stat().st_mtime_ns
    workspace.run("export")
    assert {file.name: file.read_bytes() for file in workspace.decks.iterdir()} == before
    assert (workspace.decks / "acme.apkg").stat().st_mtime_ns == stamp  # not even written again


def test_one_company_is_exported_by_name_in_any_spelling(workspace: Workspace) -> None:
    workspace.write("acme-robotics/a.md", "## Why Acme?\nRobots.\n")
    workspace.write("zeta/z.md", "## Why Zeta?\nShips.\n")
    result = workspace.run("export", "ACME robotics")
    assert "Acme Robotics: 1 new" in result.stdout
    assert sorted(file.name for file in workspace.decks.glob("*.apkg")) == ["acme-robotics.apkg"]
    assert "Zeta: 1 new" in workspace.run("export").stdout


def test_an_unknown_company_is_a_usage_error_that_suggests_the_nearest(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## Why Acme?\nRobots.\n")
    workspace.write("zeta/z.md", "## Why Zeta?\nShips.\n")
    result = workspace.run("export", "acne", status=2)
    assert "did you mean 'Acme'?" in result.stderr
    assert "known companies: Acme, Zeta" in result.stderr
    assert not workspace.decks.exists() or not list(workspace.decks.glob("*.apkg"))


def test_the_first_words_of_a_company_name_it_where_no_other_has_them(workspace: Workspace) -> None:
    for name in ("Siemens Energy", "Acme Robotics", "Acme Foods"):
        workspace.write(f"{name}/a.md", "## What is X?\nY.\n")
    assert "Siemens Energy: 1 new" in workspace.run("export", "siemens").stdout
    assert "there is no company 'acme'" in workspace.run("export", "acme", status=2).stderr
    assert "there is no company 'siem'" in workspace.run("export", "siem", status=2).stderr
    workspace.run("new", "Siemens")
    assert (workspace.notes / "Siemens Energy/Interview.md").is_file()


def test_a_deck_of_ones_own(workspace: Workspace, anki: Anki) -> None:
    workspace.write("offbook.toml", 'deck = "Jobs::{company}::Cards"\ncommon_deck = "Jobs::Shared"\n')
    workspace.write("acme/a.md", "## What is A?\nx\n")
    workspace.write("acme/b.md", "---\ndeck: Other::Deck\n---\n## What is B?\nx\n")
    workspace.write("c.md", "---\ncompany: all\n---\n## What is C?\nx\n")
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    decks = {note.fields[0]: anki.deck_of(note) for note in anki.notes()}
    assert decks == {"What is A?": "Jobs::Acme::Cards", "What is B?": "Other::Deck", "What is C?": "Jobs::Shared"}


def test_a_deck_for_each_folder_that_serves_all(workspace: Workspace) -> None:
    settings = 'companies = "companies/*"\nshared = ["*"]\ncommon_deck = "Jobs::Shared::{folder}"\n'
    workspace.write("offbook.toml", settings)
    for path in ("companies/acme/a.md", "coding/go/b.md", "c.md"):
        workspace.write(path, f"## What is {path}?\nx\n")
    decks = {card["path"]: card["deck"] for card in workspace.cards()}
    assert decks == {
        "companies/acme/a.md": "Interviews::Acme", "coding/go/b.md": "Jobs::Shared::coding::go", "c.md": "Jobs::Shared"
    }  # fmt: skip


# -- bad input -------------------------------------------------------------------------------------


def test_no_notes_folder(workspace: Workspace) -> None:
    workspace.notes.rmdir()
    assert "there is no notes folder" in workspace.run("export", status=2).stderr


@pytest.mark.parametrize("command", ["status", "cards", "check", "export", "preview"])
def test_a_missing_notes_folder_is_named_with_how_to_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "name yours with --notes, or run `offbook init` where your notes are" in run(command, status=2).stderr
    (tmp_path / "offbook.toml").write_text('notes = "elsewhere"\n')
    assert "there is no notes folder 'elsewhere'; name yours in offbook.toml" in run(command, status=2).stderr


def test_an_empty_notes_folder(workspace: Workspace) -> None:
    assert "there are no notes (*.md)" in workspace.run("export", status=2).stderr
    assert not (workspace.decks / "ledger.jsonl").exists()


def test_notes_with_nothing_to_rehearse(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "# Agenda\n\nNothing here.\n")
    assert "no card was found" in workspace.run("export").stdout
    assert not list(workspace.decks.glob("*.apkg"))


def test_one_broken_note_is_left_out_and_the_rest_goes_on(workspace: Workspace) -> None:
    workspace.write("acme/bad.md", "---\ntitle: [\n---\n## What is lost?\nx\n")
    workspace.write("acme/latin.md", b"## What is caf\x81?\nx\n")
    workspace.write("acme/good.md", "## What is X?\nY.\n")
    result = workspace.run("export", status=1)
    assert "acme/bad.md:" in result.stderr
    assert "acme/latin.md:1:" in result.stderr
    assert "Acme: 1 new" in result.stdout


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read and write everything")
def test_a_folder_without_read_permission(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    folder = workspace.write("zeta/z.md", "## What is Z?\nZ.\n").parent
    folder.chmod(0)
    try:
        assert "zeta: the folder cannot be read" in workspace.run("export", status=1).stderr
    finally:
        folder.chmod(0o755)


def test_a_folder_that_cannot_be_read_keeps_its_cards(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests may run as root, whom permissions do not stop: the refusal is the system call's own."""
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    refused = workspace.write("acme/deep/z.md", "## What is Z?\nZ.\n").parent
    workspace.run("export")
    scandir = os.scandir

    def refusing(path: str) -> object:
        if Path(path) == refused:
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    result = workspace.run("export", status=1)
    assert "acme/deep: the folder cannot be read (Permission denied)" in result.stderr
    assert "retired" not in result.stdout


def test_a_decks_folder_that_is_a_file(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    workspace.decks.write_text("")
    assert "is not a folder" in workspace.run("export", status=2).stderr


def test_a_decks_folder_that_cannot_be_written(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    workspace.run("export")
    before = {file.name: file.read_bytes() for file in workspace.decks.iterdir()}
    workspace.write("acme/a.md", "## What is X?\nZ.\n")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = workspace.run("export", status=3)
    assert "No space left on device" in result.stderr
    assert {file.name: file.read_bytes() for file in workspace.decks.iterdir()} == before


def test_the_package_holds_one_database_and_the_media_list(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    workspace.run("export")
    with zipfile.ZipFile(workspace.decks / "acme.apkg") as package:
        assert package.namelist() == ["collection.anki2", "media"]
        data = package.read("collection.anki2")
    database = sqlite3.connect(":memory:")
    database.deserialize(data)
    assert database.execute("select count(*) from notes").fetchone() == (1,)
    database.close()


def test_neither_the_clock_nor_the_order_of_files_matters(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "cab":
        workspace.write(f"acme/{name}/{name}.md", f"## What is {name * 3}?\nY.\n## Why {name * 3}?\nZ.\n")
    workspace.run("export")
    before = {file.name: file.read_bytes() for file in workspace.decks.iterdir()}
    walk = os.walk

    def backwards(*args: Any, **kwargs: Any) -> Iterator[tuple[str, list[str], list[str]]]:
        for where, folders, names in walk(*args, **kwargs):
            names.reverse()
            yield where, folders, names

    monkeypatch.setattr(os, "walk", backwards)
    monkeypatch.setattr(time, "time", lambda: 4_000_000_000.0)
    workspace.run("export")
    assert {file.name: file.read_bytes() for file in workspace.decks.iterdir()} == before


def test_the_reverse_of_a_term_asks_for_no_question(workspace: Workspace, anki: Anki) -> None:
    workspace.write("acme/a.md", "Lease ::: a lock that ends\n\nWhat is a lock? ::: a door\n")
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    assert {note["Question"]: note["Reversed"] for note in anki.notes()} == {"Lease": "term", "What is a lock?": "1"}


def test_a_list_right_below_the_answer_of_a_numbered_question_is_one_on_the_card(
    workspace: Workspace, anki: Anki
) -> None:
    workspace.write("acme/a.md", "1. What are the phases?\n\nTwo:\n• Discover\n• Define\n\n2. What is X?\n\nBig.\n")
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    assert "<ul>\n<li>Discover</li>\n<li>Define</li>\n</ul>" in anki.note("What are the phases?")["Answer"]
