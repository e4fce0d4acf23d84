"""Another git branch, or a backup: notes and ledger go back to what they were, and Anki holds what came since."""

from __future__ import annotations

import shutil

import pytest
from conftest import Anki, Workspace
from test_import import MUTEX, SHARD, Desk, answer

TAG = "offbook::retired"


class Branches:
    """Keeps notes and ledger as a commit does, and the packages where git is to have them, too."""

    def __init__(self, workspace: Workspace, *, with_packages: bool, name: str = "kept") -> None:
        self._workspace, self._packages, self._kept = workspace, with_packages, workspace.root / name

    def commit(self) -> None:
        shutil.copytree(self._workspace.notes, self._kept / "notes")
        shutil.copytree(self._workspace.decks, self._kept / "decks")

    def back(self) -> None:
        shutil.rmtree(self._workspace.notes)
        shutil.copytree(self._kept / "notes", self._workspace.notes)
        for file in (self._kept / "decks").iterdir():
            if self._packages or file.suffix != ".apkg":
                shutil.copy(file, self._workspace.decks / file.name)


@pytest.fixture
def desk(workspace: Workspace) -> Desk:
    desk = Desk(workspace, "collection")
    desk.run()
    return desk


@pytest.fixture(params=[True, False], ids=["packages in git", "packages not in git"])
def branches(desk: Desk, request: pytest.FixtureRequest) -> Branches:
    found = Branches(desk.workspace, with_packages=request.param)
    found.commit()
    return found


def test_what_an_export_on_another_branch_wrote_is_nobodys_edit(desk: Desk, branches: Branches) -> None:
    before = desk.seen(MUTEX)["answer"]
    desk.edit("with an owner", "of the branch")
    desk.run()
    branches.back()
    assert desk.report() == "Acme: 1 updated, 2 unchanged\n"
    assert desk.seen(MUTEX)["answer"] == before
    assert desk.report() == "Acme: 3 unchanged\n"


def test_an_edit_made_there_is_one_and_the_notes_text_replaces_it_on_demand(desk: Desk, branches: Branches) -> None:
    before = desk.seen(MUTEX)["answer"]
    desk.edit("with an owner", "of the branch")
    desk.run()
    desk.change(MUTEX, answer("my own words"))
    branches.back()
    result = desk.run()
    assert "acme/a.md:1: “What is a mutex?” was edited in Anki, and changed in the notes since; your" in result.stderr
    assert desk.seen(MUTEX)["answer"] == "my own words"
    desk.run("--edits", "replace")
    assert desk.seen(MUTEX)["answer"] == before


def test_a_card_that_was_retired_there_is_no_longer_tagged_and_suspended(desk: Desk, branches: Branches) -> None:
    desk.edit("## What is a mutex?\nA lock with an owner. #locks\n", "")
    desk.run()
    assert desk.seen(MUTEX)["suspended"] == {True}
    branches.back()
    desk.run()
    seen = desk.seen(MUTEX)
    assert (TAG in seen["tags"], seen["suspended"]) == (False, {False})


@pytest.mark.parametrize("packages", [True, False], ids=["packages in git", "packages not in git"])
def test_back_on_the_branch_where_it_is_retired_it_is_suspended_again(desk: Desk, packages: bool) -> None:
    first = Branches(desk.workspace, with_packages=packages)
    first.commit()
    desk.edit("## What is a mutex?\nA lock with an owner. #locks\n", "")
    desk.run()
    second = Branches(desk.workspace, with_packages=packages, name="second")
    second.commit()
    for branch, is_retired in ((first, False), (second, True), (first, False), (second, True)):
        branch.back()
        desk.run()
        seen = desk.seen(MUTEX)
        assert (TAG in seen["tags"], seen["suspended"]) == (is_retired, {is_retired})


def test_one_that_a_package_retired_there_is_no_longer_tagged(desk: Desk, branches: Branches) -> None:
    desk.edit("## What is a mutex?\nA lock with an owner. #locks\n", "")
    desk.run("--retired", "keep")
    branches.back()
    assert desk.report() == "Acme: 3 unchanged\n"
    assert TAG not in desk.seen(MUTEX)["tags"]


def test_a_card_that_the_user_suspended_stays_suspended(desk: Desk, branches: Branches) -> None:
    desk.change(SHARD, lambda collection, note: collection.sched.suspend_cards(note.card_ids()))
    desk.edit("with an owner", "of the branch")
    desk.run()
    branches.back()
    desk.run()
    assert desk.seen(SHARD)["suspended"] == {True}


def test_by_hand_the_package_brings_the_notes_as_they_are(workspace: Workspace, anki: Anki) -> None:
    """The packages that are there tell that Anki may hold more than the ledger knows."""
    workspace.write("acme/a.md", "## Why Acme?\nFirst.\n\n## Why now?\nLast.\n")
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    branches = Branches(workspace, with_packages=False)
    branches.commit()
    workspace.write("acme/a.md", "## Why Acme?\nBranch.\n\n## Who are you?\nI.\n")
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    assert TAG in anki.note("Why now?").tags
    branches.back()
    result = workspace.run("export")
    assert "2 changed" in result.stdout
    assert "is older than the packages there" in result.stderr
    assert anki.import_package(workspace.decks / "acme.apkg")["updated"] == 2
    assert anki.note("Why Acme?")["Answer"] == "<p>First.</p>"
    assert TAG not in anki.note("Why now?").tags
    again = workspace.run("export")
    assert (again.stderr, "2 unchanged" in again.stdout) == ("", True)


def test_there_and_back_again(workspace: Workspace, anki: Anki) -> None:
    """Each branch brings its own text whenever it is exported."""
    first, other = (Branches(workspace, with_packages=False, name=name) for name in ("first", "other"))
    for branch, text in ((first, "First."), (other, "Branch.")):
        workspace.write("acme/a.md", f"## Why Acme?\n{text}\n")
        workspace.run("export")
        anki.import_package(workspace.decks / "acme.apkg")
        branch.commit()
    for branch, text in ((first, "First."), (other, "Branch."), (first, "First.")):
        branch.back()
        workspace.run("export")
        anki.import_package(workspace.decks / "acme.apkg")
        assert anki.note("Why Acme?")["Answer"] == f"<p>{text}</p>"


def test_where_one_company_is_exported_the_others_follow_later(workspace: Workspace, anki: Anki) -> None:
    branches = Branches(workspace, with_packages=False)
    for name in ("acme", "blue"):
        workspace.write(f"{name}/a.md", f"## Why {name}?\nFirst.\n")
    workspace.run("export")
    branches.commit()
    for name in ("acme", "blue"):
        workspace.write(f"{name}/a.md", f"## Why {name}?\nBranch.\n")
    workspace.run("export")
    anki.import_package(workspace.decks / "blue.apkg")
    branches.back()
    workspace.run("export", "acme")
    workspace.run("export", "blue")
    anki.import_package(workspace.decks / "blue.apkg")
    assert anki.note("Why blue?")["Answer"] == "<p>First.</p>"


def test_a_package_that_others_made_says_nothing_of_the_ledger(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## Why Acme?\nFirst.\n")
    workspace.run("export")
    (workspace.decks / "mine.apkg").write_bytes(b"9999999999")
    (workspace.decks / "empty.apkg").write_bytes(b"")
    assert "older" not in workspace.run("export").stderr
