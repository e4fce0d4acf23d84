"""What an import says and does in an open Anki: which profile, which decks, what Undo takes back, whose text stays."""

from __future__ import annotations

from typing import Any

import pytest
from anki.collection import Collection

from desktop.anki import PROFILE, Desktop, wait_for
from desktop.conftest import Brought

ACME, ZETA = "deck:Interviews::Acme", "deck:Interviews::Zeta"
NOTE = "## What is X?\n\nY.\n"
TWO = NOTE + "\n## What is Z?\n\nW.\n"


def content(anki: Desktop) -> list[Any]:
    """Return texts, tags, decks and suspension of all notes."""
    cards = anki.connect("cardsInfo", cards=anki.connect("findCards", query="deck:*"))
    notes = {note["noteId"]: note for note in anki.connect("notesInfo", notes=[card["note"] for card in cards])}
    return sorted(
        (card["deckName"], card["queue"], sorted(notes[card["note"]]["tags"]), str(notes[card["note"]]["fields"]))
        for card in cards
    )


def answer(anki: Desktop, query: str = ACME) -> str:
    """Return the answer of the one note that is found."""
    (note,) = anki.connect("notesInfo", notes=anki.connect("findNotes", query=query))
    return str(note["fields"]["Answer"]["value"])


def edit(anki: Desktop, text: str) -> None:
    """Replace the answer of the one note of Acme, as its user."""
    (note,) = anki.connect("findNotes", query=ACME)
    anki.connect("updateNoteFields", note={"id": note, "fields": {"Answer": text}})


# -- which Anki ------------------------------------------------------------------------------------


def test_each_report_names_the_profile(brought: Brought) -> None:
    place = f"the profile '{PROFILE}' of the Anki that is open."
    assert f"Looked at {place}" in brought("acme/a.md", NOTE, "--dry-run")
    assert f"Imported into {place}" in brought("acme/a.md", NOTE)
    assert f"Imported into {place}" in brought("acme/a.md", NOTE)


@pytest.mark.parametrize("by", ["option", "setting"])
def test_where_another_profile_is_open_nothing_is_touched(
    anki: Desktop, brought: Brought, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    monkeypatch.setenv("ANKI_BASE", str(anki.base))
    other = anki.base / "Other" / "collection.anki2"
    if not other.exists():
        other.parent.mkdir()
        Collection(str(other)).close()
    before, modified = other.read_bytes(), anki.python("mw.col.mod")
    settings = f"anki_url = '{anki.url}'\n" + "profile = 'Other'\n" * (by == "setting")
    (brought.workspace.root / "offbook.toml").write_text(settings)
    brought.workspace.write("acme/a.md", NOTE)
    options = ["--profile", "Other"] if by == "option" else []
    told = brought.workspace.run("import", *options, status=3).output
    assert f"Anki is open with the profile '{PROFILE}', not 'Other'; nothing was touched" in told
    assert other.read_bytes() == before
    assert anki.python("mw.col.mod") == modified
    assert not anki.connect("findNotes", query="deck:*")


def test_the_profile_that_is_named_and_open_is_written_into(anki: Desktop, brought: Brought) -> None:
    (brought.workspace.root / "offbook.toml").write_text(f"anki_url = '{anki.url}'\n")
    brought.workspace.write("acme/a.md", NOTE)
    assert (
        f"the profile '{PROFILE}' of the Anki that is open"
        in brought.workspace.run("import", "--profile", PROFILE).output
    )
    assert "Y." in answer(anki)


# -- undo ------------------------------------------------------------------------------------------


def test_the_cards_of_all_companies_are_one_step_which_leaves_no_tags_behind(anki: Desktop, brought: Brought) -> None:
    brought.workspace.write("zeta/z.md", NOTE)
    brought("acme/a.md", NOTE)
    anki.connect("addTags", notes=anki.connect("findNotes", query="deck:*"), tags="leech marked mine")
    before = content(anki)
    brought.workspace.write("zeta/z.md", NOTE.replace("Y.", "Another."))
    brought("acme/a.md", NOTE.replace("Y.", "Another."))
    assert "Another." in answer(anki, ACME)
    assert "Another." in answer(anki, ZETA)
    assert set(anki.python("mw.col.tags.all()")) == {"company::acme", "company::zeta", "leech", "marked", "mine"}
    label = anki.python("mw.form.actionUndo.text()")
    assert label.replace("\u2068", "").replace("\u2069", "") == f"Undo {anki.undo_step()}"
    anki.undo()
    assert content(anki) == before


def test_a_run_that_suspends_is_one_step_more(anki: Desktop, brought: Brought) -> None:
    brought("acme/a.md", TWO)
    anki.connect("addTags", notes=anki.connect("findNotes", query="deck:*"), tags="leech")
    before = content(anki)
    assert "1 retired, 1 suspended" in brought("acme/a.md", NOTE.replace("Y.", "Another."))
    assert content(anki) != before
    anki.undo()
    anki.undo()
    assert content(anki) == before


def test_a_move_which_cannot_be_undone_comes_last_and_is_said(anki: Desktop, brought: Brought) -> None:
    brought("acme/a.md", NOTE)
    changed = NOTE.replace("Y.", "Another.")
    assert "undo" not in brought("acme/a.md", changed)
    told = brought("acme/a.md", f"---\ndeck: Jobs::Acme\n---\n{changed}\n## Why Acme?\n\nRobots.\n")
    assert "Cards were put in another deck. Anki cannot undo that, nor anything before it." in told
    assert "Robots." in answer(anki, 'deck:Jobs::Acme "Why Acme?"')
    assert "Another." in answer(anki, 'deck:Jobs::Acme "What is X?"')
    assert anki.undo_step() == ""


# -- decks -----------------------------------------------------------------------------------------


def test_decks_arrive_unfolded_and_described(anki: Desktop, brought: Brought) -> None:
    brought("acme/a.md", f"---\ninterview: 2026-12-03\n---\n{NOTE}\n## Why Acme?\n")
    anki.python("mw.moveToState('deckBrowser')")
    wait_for(
        "the deck",
        lambda: (
            "Acme" in anki.javascript("[...document.querySelectorAll('tr.deck')].map(row => row.textContent).join()")
        ),
    )
    anki.python("mw.col.decks.select(mw.col.decks.id('Interviews::Acme'))\nmw.moveToState('overview')\nresult = 1")
    described = "Interview: 2026-12-03 · 1 card · 1 open question"
    wait_for("the description", lambda: described in anki.javascript("document.body?.textContent ?? ''"))
    brought("acme/a.md", TWO)
    assert anki.python("mw.col.decks.by_name('Interviews::Acme')['desc']") == "2 cards"


def test_a_description_that_the_user_typed_stays_as_do_the_steps_of_undo(anki: Desktop, brought: Brought) -> None:
    brought("acme/a.md", NOTE)
    anki.python(
        "deck = mw.col.decks.by_name('Interviews::Acme')\ndeck['desc'] = 'my own'\nmw.col.decks.save(deck)\nresult = 1"
    )
    anki.connect("addTags", notes=anki.connect("findNotes", query=ACME), tags="mine")
    before = anki.undo_step()
    brought("acme/a.md", TWO)
    assert anki.python("mw.col.decks.by_name('Interviews::Acme')['desc']") == "my own"
    anki.undo()
    assert anki.undo_step() == before
    assert len(anki.connect("findNotes", query=ACME)) == 1


def test_a_deck_that_was_nested_elsewhere_is_followed(anki: Desktop, brought: Brought) -> None:
    brought("acme/a.md", NOTE)
    anki.python("mw.col.decks.rename(mw.col.decks.by_name('Interviews::Acme'), 'Work::2026::Acme')")
    anki.python("mw.col.decks.remove([mw.col.decks.id('Interviews')])")
    assert "is called 'Work::2026::Acme' in Anki: its cards go there" in brought("acme/a.md", TWO)
    assert sorted(anki.connect("deckNames")) == ["Default", "Work", "Work::2026", "Work::2026::Acme"]
    assert len(anki.connect("findCards", query="deck:Work::2026::Acme")) == 2


# -- edits -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("edits", ["keep", "replace"])
def test_whose_text_wins_a_conflict_can_be_said(anki: Desktop, brought: Brought, edits: str) -> None:
    brought("acme/a.md", NOTE)
    edit(anki, "my own words")
    told = brought("acme/a.md", NOTE.replace("Y.", "Another."), "--edits", edits)
    assert "my own words" in told
    assert "Another." in told
    assert ("my own words" in answer(anki)) is (edits == "keep")
    assert ("Another." in answer(anki)) is (edits == "replace")


@pytest.mark.parametrize(("typed", "stays"), [("\n", True), ("replace\n", False)], ids=["enter", "replace"])
def test_a_terminal_asks(
    anki: Desktop, brought: Brought, monkeypatch: pytest.MonkeyPatch, typed: str, stays: bool
) -> None:
    brought("acme/a.md", NOTE)
    edit(anki, "<p>my own words</p><p>in two parts</p>")
    brought.workspace.write("acme/a.md", NOTE.replace("Y.", "Another."))
    monkeypatch.setattr("offbook.commands.common.is_terminal", lambda: True)
    told = brought.workspace.run("import", "--url", anki.url, typed=typed).output
    assert "Answer in Anki (yours)" in told
    assert "Another." in told
    lines = told.splitlines()
    first, second = (next(i for i, line in enumerate(lines) if text in line) for text in ("my own", "in two"))
    assert second > first
    assert ("my own words" in answer(anki)) is stays


def test_an_edit_stays_where_the_file_is_renamed(anki: Desktop, brought: Brought) -> None:
    brought("acme/a.md", NOTE)
    edit(anki, "Y. MINE")
    (brought.workspace.notes / "acme/a.md").unlink()
    brought("acme/b.md", NOTE)
    (note,) = anki.connect("notesInfo", notes=anki.connect("findNotes", query=ACME))
    assert note["fields"]["Answer"]["value"] == "Y. MINE"
    assert note["fields"]["Source"]["value"] == "acme/b.md:1"


def test_a_card_deleted_in_anki_stays_so_and_is_told_once(anki: Desktop, brought: Brought) -> None:
    brought("acme/a.md", TWO)
    anki.connect("deleteNotes", notes=anki.connect("findNotes", query="Question:*Z*"))
    assert "is not in this collection: it was deleted there" in brought("acme/a.md", TWO)
    assert "is not in this collection" not in brought("acme/a.md", TWO.replace("W.", "Another."))
    assert len(anki.connect("findNotes", query=ACME)) == 1
    brought("acme/a.md", TWO, "--bring-back")
    assert len(anki.connect("findNotes", query=ACME)) == 2


def test_a_package_imported_by_hand_leaves_the_users_looks_where_offbooks_did_not_change(
    anki: Desktop, brought: Brought
) -> None:
    brought("acme/a.md", NOTE)
    anki.connect("updateModelStyling", model={"name": "Offbook", "css": ".card { color: teal; }"})
    brought.workspace.write("acme/a.md", NOTE.replace("Y.", "Another."))
    brought.workspace.run("export")
    anki.connect("importPackage", path=str(brought.workspace.decks / "acme.apkg"))
    assert "Another." in answer(anki)
    assert anki.connect("modelStyling", modelName="Offbook")["css"] == ".card { color: teal; }"
