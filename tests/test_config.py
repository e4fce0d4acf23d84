"""The settings: `offbook.toml`, and front matter over it."""

from __future__ import annotations

import pytest
from conftest import Workspace

NOTE = "## What is X?\nY.\n\nterm one :: definition\n\n# Fit\n### Greatest weakness\nNone.\n\n### Why here?\nBecause.\n"


def questions(workspace: Workspace) -> list[str]:
    return [card["question"] for card in workspace.cards()]


def settings(workspace: Workspace, text: str) -> None:
    (workspace.root / "offbook.toml").write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("cards", "expected"),
    [
        ("all", ["What is X?", "term one", "Greatest weakness", "Why here?"]),
        ("questions", ["What is X?", "term one", "Why here?"]),
        ("explicit", ["term one"]),
    ],
)
def test_cards_says_what_becomes_a_card(workspace: Workspace, cards: str, expected: list[str]) -> None:
    workspace.write("acme/a.md", NOTE)
    settings(workspace, f'cards = "{cards}"\n')
    assert questions(workspace) == expected


def test_front_matter_goes_over_the_settings(workspace: Workspace) -> None:
    settings(workspace, 'cards = "all"\n')
    workspace.write("acme/a.md", f"---\ncards: explicit\n---\n{NOTE}")
    assert questions(workspace) == ["term one"]


def test_dialects_can_be_switched_off(workspace: Workspace) -> None:
    settings(workspace, 'dialects_off = ["heading", "inline"]\n')
    workspace.write("acme/a.md", NOTE)
    assert questions(workspace) == []


def test_highlights_hide_where_the_settings_say_so(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "Paris is the ==capital== of France.\n")
    assert questions(workspace) == []
    settings(workspace, "cloze_highlights = true\n")
    assert questions(workspace) == ["Paris is the […] of France."]


@pytest.mark.parametrize(
    ("setting", "text", "expected"),
    [
        ("cloze_bold", "Paris is the **capital** of **France**.", ["Paris is the […] of […]."]),
        ("cloze_bold", "**Paris**\n\n**Note:** `**code**`", []),
        ("cloze_curly", "Paris is the {{capital}} of France.", ["Paris is the […] of France."]),
        ("cloze_curly", "Paris is the {{c1::capital}} of {{France}}.", ["Paris is the […] of {{France}}."]),
    ],
)
def test_further_gaps_hide_where_the_settings_say_so(
    workspace: Workspace, setting: str, text: str, expected: list[str]
) -> None:
    workspace.write("acme/a.md", f"{text}\n")
    if "c1" not in text:
        assert questions(workspace) == []
    settings(workspace, f"{setting} = true\n")
    assert questions(workspace) == expected


def test_further_openings_make_questions(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## Räägi endast\nOlen arendaja.\n")
    assert questions(workspace) == []
    settings(workspace, 'openings = ["Räägi"]\n')
    assert questions(workspace) == ["Räägi endast"]


def test_talking_points_can_be_switched_off(workspace: Workspace) -> None:
    passage = "The replication I built moved forty terabytes without a minute of downtime for anyone."
    workspace.write("acme/a.md", f"- What did you do about replication?\n\n---\n\n{passage}\n")
    assert [card["suggested"] for card in workspace.cards()] == [True]
    settings(workspace, "suggestions = false\n")
    assert [(card["suggested"], card["answer"]) for card in workspace.cards()] == [(False, None)]


def test_notes_and_folders_can_be_left_out(workspace: Workspace) -> None:
    for path in ("acme/a.md", "templates/t.md", "acme/drafts/d.md", ".trash/x.md", ".obsidian/y.md"):
        workspace.write(path, f"## What is {path}?\nY.\n")
    settings(workspace, 'ignore = ["templates", "drafts/"]\n')
    assert questions(workspace) == ["What is acme/a.md?"]
    settings(workspace, 'ignore = ["t", "acme/drafts/d"]\n')  # notes, without their ending
    assert questions(workspace) == ["What is acme/a.md?"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("card = 'all'\n", "unknown key `card`; did you mean `cards`?"),
        ("cards = 'some'\n", "`cards` must be one of all, questions, explicit"),
        ("cards = 1\n", "`cards` must be a text, found 1"),
        ("suggestions = 'no'\n", "`suggestions` must be true or false, found 'no'"),
        ("ignore = [1]\n", "`ignore` must be a list of texts"),
        ("longest_answer = -1\n", "`longest_answer` must be a whole number"),
        ("dialects_off = ['headings']\n", "did you mean `heading`?"),
        ("deck = 'A::{firm}'\n", "`deck` may use {company}, {folder} and no other braces"),
        ("vault = 'nowhere'\n", "the vault 'nowhere'"),
        ("cards = \n", "is not valid TOML"),
    ],
)
def test_wrong_settings_are_a_usage_error_with_file_and_key(workspace: Workspace, text: str, words: str) -> None:
    workspace.write("acme/a.md", NOTE)
    settings(workspace, text)
    stderr = workspace.run("cards", status=2).stderr
    assert words in stderr
    assert "offbook.toml" in stderr


def test_all_faults_of_the_settings_are_told_at_once(workspace: Workspace) -> None:
    workspace.write("acme/a.md", NOTE)
    settings(workspace, "cards = 1\nsuggestions = 2\nnonsense = 3\n")
    assert workspace.run("cards", status=2).stderr.count("offbook.toml:") == 3


def test_a_wrong_setting_in_front_matter_is_a_fault_of_that_note(workspace: Workspace) -> None:
    workspace.write("acme/bad.md", f"---\ncards: some\n---\n{NOTE}")
    workspace.write("acme/good.md", "## What is Z?\nY.\n")
    result = workspace.run("export", status=1)
    assert "acme/bad.md:2: `cards` must be one of all, questions, explicit" in result.stderr
    assert "Acme: 1 new" in result.stdout
