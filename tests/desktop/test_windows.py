"""What the windows of an open Anki do to the collection while offbook brings packages in."""

from __future__ import annotations

from desktop.anki import Desktop, wait_for
from desktop.conftest import Brought

ACME = "deck:Interviews::Acme"


def answer(anki: Desktop) -> str:
    (note,) = anki.connect("notesInfo", notes=anki.connect("findNotes", query=ACME))
    return str(note["fields"]["Answer"]["value"])


def test_what_is_typed_in_the_editor_is_saved_and_outlives_an_import(anki: Desktop, brought: Brought) -> None:
    brought("acme/a.md", "## What is X?\n\nY.\n")
    anki.browse(ACME)
    anki.type_into(1, " MINE")
    wait_for("the edit", lambda: "MINE" in answer(anki))
    brought("acme/b.md", "## What is Z?\n\nIt is new.\n")
    (note,) = anki.connect("notesInfo", notes=anki.connect("findNotes", query=f"{ACME} Question:*X*"))
    assert "MINE" in note["fields"]["Answer"]["value"]
