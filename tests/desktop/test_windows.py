"""What a user does in the windows of an open Anki, and what is left of it once offbook brought packages in."""

from __future__ import annotations

from typing import Any

from desktop.anki import EDITOR, Desktop, wait_for
from desktop.conftest import Brought

ACME = "deck:Interviews::Acme"
NOTE = "## What is X?\n\nY.\n"


def fields(anki: Desktop, query: str = ACME) -> dict[str, str]:
    """Return the fields of the one note that is found."""
    (note,) = anki.connect("notesInfo", notes=anki.connect("findNotes", query=query))
    return {name: field["value"] for name, field in note["fields"].items()}


def edit(anki: Desktop) -> None:
    """Type something behind the answer of the one note of Acme, and close the browser."""
    anki.browse(ACME)
    anki.type_into(1, " MINE")
    wait_for("the edit", lambda: "MINE" in fields(anki)["Answer"])
    anki.close_browser()


def test_an_edit_stays_and_what_else_changed_arrives(anki: Desktop, brought: Brought) -> None:
    brought("acme/a.md", NOTE)
    edit(anki)
    brought("acme/a.md", NOTE + "\n> [!hint] Think\n")
    assert "MINE" in fields(anki)["Answer"]
    assert "Think" in fields(anki)["Hint"]


def test_a_conflict_is_told_once_and_without_a_terminal_the_edit_is_kept(anki: Desktop, brought: Brought) -> None:
    brought("acme/a.md", NOTE)
    edit(anki)
    told = brought("acme/a.md", NOTE.replace("Y.", "Z."))
    again = brought("acme/a.md", NOTE.replace("Y.", "Z."))
    assert "MINE" in told
    assert "MINE" not in again
    assert "MINE" in fields(anki)["Answer"]


def test_a_deck_that_was_renamed_is_followed(anki: Desktop, brought: Brought) -> None:
    brought("acme/a.md", NOTE)
    anki.python("mw.col.decks.rename(mw.col.decks.by_name('Interviews::Acme'), 'Jobs::Acme Inc')")
    told = brought("acme/b.md", "## What is new?\n\nThis.\n")
    assert "Jobs::Acme Inc" in told
    assert "Jobs::Acme Inc" not in brought("acme/b.md", "## What is new?\n\nThis here.\n")
    assert len(anki.connect("findCards", query='"deck:Jobs::Acme Inc"')) == 2
    assert "Interviews::Acme" not in anki.connect("deckNames")


def test_looks_that_the_user_changed_stay(anki: Desktop, brought: Brought) -> None:
    def css() -> str:
        return str(anki.connect("modelStyling", modelName="Offbook")["css"])

    settings = brought.workspace.root / "offbook.toml"
    brought("acme/a.md", NOTE)
    anki.connect("updateModelStyling", model={"name": "Offbook", "css": ".card { color: teal; }"})
    settings.write_text('css = ".offbook { color: navy; }"\n')
    assert "--take-looks" in brought("acme/a.md", NOTE)
    assert css() == ".card { color: teal; }"
    brought("acme/a.md", NOTE, "--take-looks")
    assert "navy" in css()


def test_a_review_is_kept(anki: Desktop, brought: Brought) -> None:
    def schedule() -> list[Any]:
        (card,) = anki.connect("cardsInfo", cards=anki.connect("findCards", query=ACME))
        return [card[name] for name in ("due", "interval", "factor", "reps", "lapses", "type", "queue")]

    brought("acme/a.md", NOTE)
    anki.review(ACME)
    anki.turn()
    anki.connect("guiAnswerCard", ease=4)
    wait_for("the review", lambda: schedule()[3] == 1)
    before = schedule()
    brought("acme/a.md", NOTE.replace("Y.", "Z."))
    assert schedule() == before
    assert "Z." in fields(anki)["Answer"]


def test_a_letter_typed_after_an_import_does_not_bring_the_old_note_back(anki: Desktop, brought: Brought) -> None:
    brought("acme/a.md", NOTE)
    anki.browse(ACME)
    brought("acme/a.md", NOTE.replace("Y.", "Quite another thing."))
    shown = "document.querySelectorAll('.rich-text-editable')[1].shadowRoot.querySelector('anki-editable').innerText"
    wait_for("the new text", lambda: "Quite another" in anki.javascript(shown, EDITOR), 20)
    anki.type_into(0, "!")
    wait_for("the edit", lambda: fields(anki)["Question"].endswith("!"))
    assert "Quite another thing." in fields(anki)["Answer"]
