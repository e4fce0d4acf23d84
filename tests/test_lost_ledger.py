"""What `offbook import` knows again in Anki where the ledger was lost: cards, gaps, and which of two is the card."""

from __future__ import annotations

import pytest
from anki.collection import Collection
from anki.notes import Note
from conftest import Workspace
from test_import import WAYS, Desk, below_first_line

from offbook import ledger
from offbook.anki import connect

CTE = "- What is a CTE?\n  - A named subquery\n"
REWORDED = "- What is a CTE (common table expression)?\n  - A named subquery\n"
SHIPS = "- Why ships?\n  - They float\n"
EVENT = "- What is a CTE?\n  - In metrics: click-through event\n"


@pytest.fixture(params=WAYS)
def desk(workspace: Workspace, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.delenv(connect.KEY_VARIABLE, raising=False)
    return Desk(workspace, request.param)


def write(desk: Desk, text: str) -> None:
    desk.workspace.write("acme/a.md", text)


def lose_ledger(desk: Desk) -> None:
    (desk.workspace.decks / ledger.FILE_NAME).unlink()


def guids(desk: Desk) -> dict[str, str]:
    return {entry.question: entry.guid for entry in ledger.load(desk.workspace.decks / ledger.FILE_NAME)}


def reworded_and_followed(desk: Desk) -> dict[str, str]:
    """Let a card be reworded, and another one ask what it asked; return the guids by question."""
    write(desk, CTE)
    desk.run()
    desk.study()
    write(desk, REWORDED)
    assert desk.report() == "Acme: 1 updated\n"
    write(desk, REWORDED + EVENT)
    assert desk.report() == "Acme: 1 added, 1 unchanged\n"
    return guids(desk)


def test_a_card_that_asks_what_another_one_was_first_exported_with_gets_none_of_its_reviews(desk: Desk) -> None:
    before, history = reworded_and_followed(desk), desk.history()
    lose_ledger(desk)
    assert desk.report() == "Acme: 2 unchanged\n"
    assert guids(desk) == before
    assert desk.history() == history


def test_nor_does_it_where_that_one_was_never_imported(desk: Desk) -> None:
    write(desk, CTE + SHIPS)
    desk.run()
    desk.study()
    write(desk, REWORDED + SHIPS)
    desk.run()
    before, history = guids(desk), desk.history()
    lose_ledger(desk)
    write(desk, REWORDED + SHIPS + EVENT)
    assert desk.report() == "Acme: 1 added, 2 unchanged\n"
    after = guids(desk)
    assert {question: after[question] for question in before} == before
    assert {guid: desk.history()[guid] for guid in history} == history


def test_nor_does_it_where_that_one_is_gone_from_the_notes(desk: Desk) -> None:
    write(desk, CTE + SHIPS)
    desk.run()
    desk.study()
    write(desk, REWORDED + SHIPS)
    desk.run()
    write(desk, SHIPS)
    assert desk.report() == "Acme: 1 unchanged, 1 retired, 1 suspended\n"
    history = desk.history()
    with desk.anki() as collection:  # an import dates what it updates a few seconds ahead
        collection.db.execute("update notes set mod = mod - 10")  # type: ignore[union-attr]
    lose_ledger(desk)
    write(desk, SHIPS + EVENT)
    assert desk.report() == "Acme: 1 added, 1 unchanged\n"
    assert {guid: desk.history()[guid] for guid in history} == history


def test_a_question_edited_in_anki_is_still_its_card(desk: Desk) -> None:
    write(desk, CTE)
    desk.run()

    def reword(collection: Collection, note: Note) -> None:
        note["Question"] = "What, then, is a CTE?"
        collection.update_note(note)

    desk.change("What is a CTE?", reword)
    before = guids(desk)
    lose_ledger(desk)
    assert "added" not in desk.report()
    assert guids(desk) == before


def test_a_card_is_not_taken_for_one_of_another_company_that_is_still_there(desk: Desk) -> None:
    write(desk, "- Why us?\n  - The team\n")
    desk.workspace.write("initech/b.md", "- Why you?\n  - I finish things\n")
    desk.run()
    before = guids(desk)
    lose_ledger(desk)
    write(desk, "- Why us?\n  - The team\n- Why you?\n  - I ask first\n")
    assert desk.report("acme") == "Acme: 1 added, 1 unchanged\n"
    assert desk.report("initech") == "Initech: 1 unchanged\n"
    assert before["Why us?"] == guids(desk)["Why us?"]


@pytest.mark.parametrize("export_first", [False, True])
def test_gaps_whose_numbers_are_not_in_order_keep_them(desk: Desk, export_first: bool) -> None:
    write(desk, "A raft has a ==leader== and ==terms==. #cloze\n")
    desk.run()
    write(desk, "A ==raft== has a ==leader== and ==terms==. #cloze\n")
    desk.run()
    desk.study()
    (before,), history = guids(desk).values(), desk.history()
    lose_ledger(desk)
    if export_first:
        desk.workspace.run("export")
    assert below_first_line(desk.run().stdout) == "Acme: 1 unchanged\n"
    assert [*guids(desk).values()] == [before]
    assert desk.history() == history
    with desk.anki() as collection:
        (note,) = map(collection.get_note, collection.find_notes(""))
        assert note["Text"] == "A {{c3::raft}} has a {{c1::leader}} and {{c2::terms}}."


def test_the_number_of_a_gap_that_is_gone_waits_for_it_without_a_ledger_too(desk: Desk) -> None:
    write(desk, "A raft has a ==leader== and ==terms==. #cloze\n")
    desk.run()
    write(desk, "A raft has a leader and ==terms==. #cloze\n")
    desk.run()
    lose_ledger(desk)
    assert desk.report() == "Acme: 1 unchanged\n"
    write(desk, "A ==raft== has a leader and ==terms==. #cloze\n")
    desk.run()
    with desk.anki() as collection:
        (note,) = map(collection.get_note, collection.find_notes(""))
        assert note["Text"] == "A {{c3::raft}} has a leader and {{c2::terms}}."


OLD = "## What is a mutex?\nA lock with an owner.\n"
NEW = "## Explain locks\nA thread waits until the other one is done.\n"
OTHER = "\n## Why ships?\nThey float.\n"


@pytest.fixture
def joined(desk: Desk) -> Desk:
    """A desk with a card in other words, and its retired twin."""
    write(desk, OLD + OTHER)
    desk.run()
    desk.study()
    write(desk, NEW + OTHER)
    assert "1 added, 1 unchanged, 1 retired, 1 suspended" in desk.report()
    desk.workspace.run("retired", "--reworded", "What is a mutex?", "Explain locks")
    desk.run()
    return desk


def test_the_retired_twin_of_a_card_is_not_taken_for_it(joined: Desk) -> None:
    before, history = guids(joined), joined.history()
    lose_ledger(joined)
    assert joined.report() == "Acme: 2 unchanged\n"
    assert guids(joined)["Why ships?"] == before["Why ships?"]
    with joined.anki() as collection:
        (live,) = map(collection.get_note, collection.find_notes('"Question:Explain locks" -tag:offbook::retired'))
        assert guids(joined)["Explain locks"] == live.guid
        assert not any(card.queue == -1 for card in live.cards())
    assert joined.history() == history


def test_of_two_with_one_question_the_one_with_reviews_is_the_card(joined: Desk) -> None:
    with joined.anki() as collection:
        collection.tags.bulk_remove(list(collection.find_notes("")), "offbook::retired")
        (with_reviews,) = map(collection.get_note, collection.find_notes('"Question:Explain locks" -is:new'))
    lose_ledger(joined)
    joined.run()
    assert guids(joined)["Explain locks"] == with_reviews.guid
