"""Which notes and which ledger a command means that is run elsewhere than beside them."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Workspace, run

import offbook


@pytest.fixture
def elsewhere(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: one that has neither settings nor a ledger, and is not around the notes."""
    workspace.write("Acme.md", "## Why us?\nRobots.\n")
    folder = workspace.root.parent / f"{workspace.root.name} elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    ("place", "settings", "decks"),
    [
        ("offbook.toml", "", "decks"),
        ("offbook.toml", 'notes = "notes"\ndecks = "Anki"\n', "Anki"),
        ("notes/offbook.toml", 'notes = "."\n', "notes/decks"),
    ],
)
def test_the_settings_around_the_notes_say_where_their_ledger_is(
    workspace: Workspace, elsewhere: Path, place: str, settings: str, decks: str
) -> None:
    (workspace.root / place).write_text(settings, "utf-8")
    run("export", "--notes", str(workspace.notes))
    assert (workspace.root / decks / "ledger.jsonl").exists()
    assert not any(elsewhere.iterdir())
    assert "1 unchanged" in run("export", "--notes", str(workspace.notes)).stdout
    offbook.export_decks(notes=workspace.notes)
    assert not any(elsewhere.iterdir())


@pytest.mark.parametrize("own", ["offbook.toml", "decks/ledger.jsonl"])
def test_settings_and_a_ledger_that_are_here_count_first(workspace: Workspace, elsewhere: Path, own: str) -> None:
    (workspace.root / "offbook.toml").touch()
    (elsewhere / own).parent.mkdir(exist_ok=True)
    (elsewhere / own).touch()
    run("export", "--notes", str(workspace.notes))
    assert (elsewhere / "decks/acme.apkg").exists()


def test_a_ledger_is_that_of_the_notes_that_the_settings_name(workspace: Workspace, elsewhere: Path) -> None:
    """Those of one folder of them would take all other cards to be gone."""
    (workspace.root / "offbook.toml").touch()
    workspace.write("Blue/a.md", "## Why blue?\nThe sky.\n")
    run("export", "--notes", str(workspace.notes / "Blue"))
    assert (elsewhere / "decks/ledger.jsonl").exists()


def test_decks_on_the_command_line_are_what_they_are(workspace: Workspace, elsewhere: Path) -> None:
    (workspace.root / "offbook.toml").touch()
    run("export", "--notes", str(workspace.notes), "--decks", "mine")
    assert (elsewhere / "mine/ledger.jsonl").exists()
