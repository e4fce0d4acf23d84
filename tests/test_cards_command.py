"""`offbook cards`: what scripts rely on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import Workspace, run

from offbook import find_cards as find_in_files
from offbook.cards.find import find_cards
from offbook.cli import cli
from offbook.sources.note import parse_note


def test_json_has_one_object_a_card_with_the_keys_of_the_contract(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "---\ntags: [x]\n---\n\n- What is `X`? #deep/tag\n\t- **bold** `code`\n\t\t- more\n")
    (card,) = workspace.cards()
    assert len(card.pop("guid")) == 16
    assert card == {
        "path": "acme/a.md",
        "line": 5,
        "kind": "question",
        "dialect": "list-item",
        "question": "What is X?",
        "answer": "bold code\nmore",
        "suggested": False,
        "company": ["Acme"],
        "deck": "Interviews::Acme",
        "tags": ["company::acme", "deep::tag", "x"],
    }


def test_an_open_question_has_a_null_answer(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## What is X?\n")
    assert workspace.cards()[0]["answer"] is None


def test_the_guid_is_the_one_that_an_export_gives(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    before = workspace.cards()[0]["guid"]
    workspace.run("export")
    workspace.write("acme/a.md", "## What is X again?\nY.\n")
    assert workspace.cards()[0]["guid"] == before


def test_a_pictograph_in_front_of_a_title_is_on_the_card_and_no_part_of_what_it_is(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## ⚠️ What not to say?\nPay.\n\n## → Why us?\nRobots.\n")
    dressed = workspace.cards()
    workspace.write("acme/a.md", "## What not to say?\nPay.\n\n## Why us?\nRobots.\n")
    plain = workspace.cards()
    assert [card["question"] for card in dressed] == ["⚠️ What not to say?", "Why us?"]
    assert [card["guid"] for card in dressed] == [card["guid"] for card in plain]


def test_nothing_is_written(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    workspace.cards()
    assert not workspace.decks.exists()


def test_a_note_outside_of_the_notes_folder(workspace: Workspace, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere"
    other.mkdir()
    (other / "zeta-round-1.md").write_text("## What is X?\n![[other#Part]]\n", "utf-8")
    (other / "other.md").write_text("## Part\nFrom the other note.\n", "utf-8")
    (card,) = workspace.cards(str(other / "zeta-round-1.md"))
    assert (card["path"], card["company"]) == ("zeta-round-1.md", ["Zeta"])
    assert card["answer"] == "From the other note."


def test_a_note_of_another_project_is_read_by_the_settings_around_it(workspace: Workspace, tmp_path: Path) -> None:
    """Its place in that project says whose it is, and its ledger which guid it has."""
    vault = tmp_path / "vault"
    note = vault / "Interviews/Globex/prep.md"
    note.parent.mkdir(parents=True)
    note.write_text("## What is X?\nY.\n", "utf-8")
    (vault / "offbook.toml").write_text('companies = "Interviews/*"\nnotes = "."\n', "utf-8")
    (card,) = workspace.cards(str(note))
    assert (card["path"], card["company"]) == ("Interviews/Globex/prep.md", ["Globex"])
    exported = CliRunner().invoke(cli, ["export", "--notes", str(vault), "--decks", str(vault / "decks")])
    assert exported.exit_code == 0
    note.write_text("## What is X again?\nY.\n", "utf-8")
    (again,) = map(json.loads, CliRunner().invoke(cli, ["cards", "--json", str(note)]).stdout.splitlines())
    assert again["guid"] == card["guid"]


@pytest.mark.parametrize(
    ("folder", "path"),
    [("", "."), ("", "notes"), ("", "notes/Acme.md"), ("notes", ".."), ("notes", "."), ("else", "..")],
)
def test_a_folder_around_the_notes_is_all_of_them(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, folder: str, path: str
) -> None:
    workspace.write("Acme.md", "## Why us?\nRobots.\n")
    (of_all,) = workspace.cards()
    (workspace.root / folder).mkdir(exist_ok=True)
    monkeypatch.chdir(workspace.root / folder)
    (card,) = map(json.loads, run("cards", "--json", path).stdout.splitlines())
    assert card == of_all
    (found,) = find_in_files(Path(path))
    assert (found.guid, found.deck, found.path) == (card["guid"], card["deck"], card["path"])


@pytest.mark.parametrize("command", ["cards", "check"])
def test_a_note_that_is_left_out_is_told_of_where_it_is_named(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(workspace.notes)
    workspace.write("CONTRIBUTING.md", "## What is X?\nY.\n")
    workspace.write("CHANGELOG.md", "## What is X?\nY.\n")
    told = "CONTRIBUTING.md: left out: it is about its folder, as its name says\n"
    assert workspace.run(command, "CONTRIBUTING.md").stderr == told
    of_all = told.replace("CONTRIBUTING", "CHANGELOG") + (
        "1 other note is left out, too: offbook status -v lists them, and by which rule.\n"
    )
    assert workspace.run(command, ".").stderr == of_all
    assert workspace.run(command).stderr == of_all
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    assert "left out" not in workspace.run(command).stderr


def test_the_company_of_a_file_is_a_known_one_where_its_name_begins_so(workspace: Workspace) -> None:
    workspace.write("airwallex-r4-interview.md", "## What is X?\nY.\n")
    workspace.write("pitch.md", "---\ncompany: Airwallex\n---\n## Why us?\nY.\n")
    assert {tuple(card["company"]) for card in workspace.cards()} == {("Airwallex",)}


def test_terminal_output_counts_and_marks(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace.notes)
    workspace.write("acme/a.md", "## What is X?\nY.\n\n## What is Z?\n")
    assert workspace.run("cards").stdout == (
        "acme/a.md\n    1          What is X?\n               Y.\n    4  open    What is Z?\n1 card, 1 open question\n"
        "Wrong? %%no card%% after a question leaves it out, #card after a text adds it, and --explain says why each "
        "is one.\n"
    )


def test_it_is_seen_where_a_line_an_item_and_a_cell_of_an_answer_end(workspace: Workspace) -> None:
    workspace.write(
        "acme/a.md",
        "## What are your strengths?\nThree of them:\n1. calm\n\n   even at night\n2. curious\n\n"
        "## Which errors are there?\n| | H0 true |\n|-|-|\n| reject | Type I |\n",
    )
    stdout = workspace.run("cards").stdout
    assert "               Three of them: / calm / even at night / curious\n" in stdout
    assert "               H0 true / reject | Type I\n" in stdout
    assert workspace.cards()[0]["answer"] == "Three of them:\ncalm\neven at night\ncurious"


def test_explain_tells_why_and_why_not(workspace: Workspace) -> None:
    workspace.write(
        "acme/a.md",
        "## What is X?\nY.\n\n## Notes\n- [What is a link?](https://example.com)\n\n> What is quoted?\n\n"
        "Ask Bob. What is prose? Tell me.\n\n## Questions to ask them\n- Who is on call?\n\n"
        "## Errands\n- What should I ask Dr. Olsen?\n- dinner\n",
    )
    stdout = workspace.run("cards", "--explain").stdout
    assert "heading: ends in a question mark" in stdout
    assert "acme/a.md:4: no card: Notes (is a usual title of a section)" in stdout
    assert "acme/a.md:5: no card: What is a link? (is only a link)" in stdout
    assert "acme/a.md:7: no card: What is quoted? (is quoted)" in stdout
    assert "acme/a.md:15: no card: What should I ask Dr. Olsen? (is for the interviewer)" in stdout
    assert "acme/a.md:12: no card: Who is on call? (is among the questions for the interviewer)" in stdout


def test_explain_speaks_of_no_marks_where_none_are(workspace: Workspace) -> None:
    workspace.write(
        "acme/a.md",
        "# Bank\n**What does the team do?** Reports.\n**Why a bank?** A false alarm costs trust.\n\n"
        "### numbers\n1.2 million customers\n4,100 employees\n",
    )
    told = "a.md:5: no card: numbers (asks nothing by itself, and other lines make the cards of this note)"
    assert told in workspace.run("cards", "--explain").stdout


def test_escape_codes_in_notes_do_not_reach_the_terminal(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## What is \x1b[31mred\x1b[0m?\nY \x07.\n")
    stdout = workspace.run("cards").stdout
    assert "\x1b" not in stdout
    assert "\x07" not in stdout


def test_version_and_help() -> None:
    assert CliRunner().invoke(cli, ["--version"]).output.startswith("offbook ")
    for command in ("export", "cards", "check"):
        result = CliRunner().invoke(cli, [command, "--help"])
        assert result.exit_code == 0
        assert "--notes" in result.output


def test_a_breadcrumb_names_sections_and_no_other_question() -> None:
    text = "# Company\n\n## Why us?\n\nShips.\n\n### What do you ship?\n\nGrain.\n"
    found = find_cards(parse_note(text, "a.md"))
    assert [(card.question_text, card.context) for card in found.cards] == [
        ("Why us?", ("Company",)),
        ("What do you ship?", ("Company",)),
    ]


def test_a_list_item_over_questions_is_a_title_of_theirs_too() -> None:
    text = "# Tech\n\n- Kafka:\n  - What is ISR?\n    - replicas\n  - What is a topic?\n    - a log\n"
    found = find_cards(parse_note(text, "a.md"))
    assert {card.context for card in found.cards} == {("Tech", "Kafka")}


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (
            "cloze_highlights = true",
            ["hides its highlights, as the settings say", "asks, but the text below it is a card"],
        ),
        ('dialects_off = ["heading"]', ["asks, but `dialects_off` names heading"]),
    ],
)
def test_it_is_explained_why_a_question_is_no_card(workspace: Workspace, settings: str, told: list[str]) -> None:
    (workspace.root / "offbook.toml").write_text(settings, "utf-8")
    workspace.write("acme/a.md", "## What frees cycles?\n\nThe ==cycle collector== does, it walks containers.\n")
    shown = workspace.run("cards", "--explain").stdout
    assert [words for words in told if words not in shown] == []


def test_a_paragraph_of_tags_is_the_tags_of_the_answer_beside_it_and_at_the_end_of_the_note_nobodys(
    workspace: Workspace,
) -> None:
    text = "## What is Raft?\n\n#consensus\n\nIt elects a leader.\n\n#paper\n\n## What is a lease?\nA lock.\n\n#draft\n"
    workspace.write("acme/a.md", text)
    raft, lease = workspace.cards()
    assert raft["answer"] == "It elects a leader."
    assert (raft["tags"], lease["tags"]) == (["company::acme", "consensus", "paper"], ["company::acme"])


def test_a_line_of_tags_below_a_question_is_its_tags(workspace: Workspace) -> None:
    workspace.write("acme/stories.md", "## Why did the mast break?\n#story #rigging\nThe stay was worn.\n")
    (card,) = workspace.cards()
    assert card["answer"] == "The stay was worn."
    assert {"story", "rigging"} <= set(card["tags"])


def test_tags_in_front_of_a_question_are_its_tags(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "#card #sql/joins What is a merge join?\nSorted inputs.\n")
    (card,) = workspace.cards()
    assert (card["question"], card["tags"]) == ("What is a merge join?", ["company::acme", "sql::joins"])
