"""An export of Notion: ids in names, properties below titles, toggles as lists."""

from __future__ import annotations

from conftest import Anki, Workspace

ONE, TWO = "61067edbb75a87dc16eacca224e1b263", "edefbda3b75a87dc16eacca224e1b263"
BANK = f"Prep {ONE}/Question bank {TWO}"


def test_properties_are_keys_and_no_part_of_an_answer(workspace: Workspace) -> None:
    workspace.write(
        f"{BANK}/Why us {ONE}.md",
        "# Why do you want to work here?\n\nCompany: Monzo (../Companies/Monzo%20" + TWO + ".md)\n"
        "Interview date: December 3, 2026\nTags: Fintech, on site\nStatus: Done\n\nTrust: they publish all.\n",
    )
    workspace.write(
        f"{BANK}/Lead {TWO}.md", "# Tell me about a time you led\n\nCompetency: Leadership\nConfidence: ⭐\n"
    )
    workspace.write(f"{BANK}/Prose {TWO}.md", "# Why banks?\n\nTrust: they publish all.\nAnd more.\n")
    cards = {card["question"]: card for card in workspace.cards()}
    why = cards["Why do you want to work here?"]
    assert why["answer"] == "Trust: they publish all."
    assert why["company"] == ["Monzo"]
    assert {"fintech", "on-site"} <= {tag.casefold() for tag in why["tags"]}
    assert cards["Tell me about a time you led"]["answer"] is None
    assert cards["Why banks?"]["answer"] == "Trust: they publish all.\nAnd more."
    assert "2026-12-03" in workspace.run("status").stdout


def test_properties_are_text_in_other_notes(workspace: Workspace) -> None:
    workspace.write("Acme/lead.md", "# Tell me about a time you led\n\nWhere: Leeds\nWhen: May\n")
    assert workspace.cards()[0]["answer"] == "Where: Leeds\nWhen: May"


def test_a_card_shows_no_ids(workspace: Workspace, anki: Anki) -> None:
    workspace.write(f"Monzo {ONE}/Pitch {TWO}.md", "## Why us?\nTrust.\n")
    workspace.run("export")
    anki.import_package(workspace.decks / "monzo.apkg")
    assert anki.note("Why us?")["Source"] == "Monzo/Pitch.md:1"
