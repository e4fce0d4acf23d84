"""Talking points: passages that fit an open question, and none where nothing fits."""

from __future__ import annotations

import pytest
from conftest import Anki, Workspace

QUESTIONS = """\
- Why Tern, and what excites you about shipping?
- Tell me about your largest migration
- What is your favourite colour?

---
"""
PASSAGES = """
What excites me is that a delayed container has a person waiting at the other end of it.

The migrations I ran moved forty services to a new cluster while customers kept ordering.

On weekends I repair bicycles with my neighbour, who knows everything about old gearboxes.
"""


def test_each_question_gets_the_passage_that_speaks_of_it(workspace: Workspace) -> None:
    workspace.write("tern.md", QUESTIONS + PASSAGES)
    why, largest, colour = workspace.cards()
    assert why["suggested"] and why["answer"].startswith("What excites me")
    assert largest["suggested"] and largest["answer"].startswith("The migrations I ran")  # migration, migrations
    assert not colour["suggested"] and colour["answer"] is None


def test_passages_of_the_same_companys_other_notes_are_looked_at(workspace: Workspace) -> None:
    workspace.write("tern/questions.md", "## Tell me about your largest migration of services\n")
    workspace.write("tern/pitch.md", PASSAGES)
    workspace.write(
        "zeta/pitch.md", "The migration of services at Zeta was the largest of them all, by a year or two.\n"
    )
    (card,) = workspace.cards(str(workspace.notes))
    assert card["answer"].startswith("The migrations I ran")


@pytest.mark.parametrize(
    "text",
    [
        "10:00 – 10:45 Largest migration (Raj)\n11:00 – 11:45 Craft of services (Sofie)\n13:00 Lunch\n\n"
        "* Tell me about your largest migration of services\n* What is your favourite colour?\n",
        "## What did you migrate?\nForty services moved in the migration I led last year, all of them.\n\n"
        "## Tell me about your largest migration\n",
    ],
    ids=["a timetable", "what a card has taken"],
)
def test_no_passage_is(workspace: Workspace, text: str) -> None:
    workspace.write("tern.md", text)
    assert [card["suggested"] for card in workspace.cards()] == [False, False]


def test_a_talking_point_says_on_its_back_that_it_is_suggested(workspace: Workspace, anki: Anki) -> None:
    workspace.write("tern.md", QUESTIONS + PASSAGES)
    assert "2 of the cards hold talking points" in workspace.run("export").stdout
    anki.import_package(workspace.decks / "tern.apkg")
    notes = anki.notes("tag:offbook::suggested")
    assert len(notes) == 2
    assert all("Talking points, suggested" in note["Answer"] for note in notes)


def test_an_answer_written_later_takes_over_the_card(workspace: Workspace, anki: Anki) -> None:
    workspace.write("tern.md", QUESTIONS + PASSAGES)
    workspace.run("export")
    anki.import_package(workspace.decks / "tern.apkg")
    before = anki.note("Tell me about your largest migration").guid
    answered = QUESTIONS.replace("largest migration\n", "largest migration\n\t- Forty services, one cluster.\n")
    workspace.write("tern.md", answered + PASSAGES)
    workspace.run("export")
    assert anki.import_package(workspace.decks / "tern.apkg")["updated"] == 1
    note = anki.note("Tell me about your largest migration")
    assert note.guid == before
    assert "Forty services" in note["Answer"]
    assert "offbook::suggested" not in note.tags


def test_facts_get_no_talking_points(workspace: Workspace) -> None:
    workspace.write("tern.md", "- What is a migration of services?\n\n---\n" + PASSAGES)
    (card,) = workspace.cards()
    assert card["answer"] is None


def test_a_passage_is_suggested_once(workspace: Workspace) -> None:
    workspace.write(
        "tern.md", "- Tell me about your largest migration\n- Why did you lead migrations?\n\n---\n" + PASSAGES
    )
    suggested = [card["answer"] for card in workspace.cards() if card["suggested"]]
    assert len(suggested) == len(set(suggested)) == 1


def test_a_question_about_the_company_gets_what_speaks_of_it_and_one_about_the_writer_what_speaks_of_him(
    workspace: Workspace,
) -> None:
    workspace.write(
        "ternwell.md", "Ternwell is building the payment rails of the whole coast, from ferries to fish markets.\n\n"
        "What draws me to it is that every ferry pays at once, however thin the line out at sea may be.\n\n"
        "- Why us? What draws you here?\n"
        "- What are we building, and for whom?\n",
    )  # fmt: skip
    answers = {card["question"]: card["answer"] for card in workspace.cards()}
    assert answers["Why us? What draws you here?"].startswith("What draws me")
    assert answers["What are we building, and for whom?"].startswith("Ternwell is building")


def test_the_head_of_a_mail_is_no_talking_point(workspace: Workspace) -> None:
    head = "From: Dana Whitlock\nTo: me\nDate: 4 Nov 2026\nSubject: Re: Next steps - Product Designer, all of them\n"
    workspace.write("acme/mail.md", f"{head}\n1. Tell me about a time when accessibility changed your design?\n")
    (card,) = workspace.cards()
    assert card["answer"] is None
