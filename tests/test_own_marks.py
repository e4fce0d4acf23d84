"""Marks of the writer's own, in the settings and in front matter; `check` names what was probably meant as a card."""

from __future__ import annotations

import pytest
from conftest import Workspace

MARKS = """\
[[marks]]
question = "● {question}"
[[marks]]
separator = "~~>"
[[marks]]
begin = "CARD"
end = "DONE"
[[marks]]
answer = "Verdict"
"""
NOTE = """\
● Why ships
They are slow.

# More

Knot
~~>
A hitch

CARD
Basic
What is a berth?
Back: A place for a ship.
DONE

What is a quay?
Verdict: A wall.
"""


def settings(workspace: Workspace, text: str) -> None:
    (workspace.root / "offbook.toml").write_text(text, "utf-8")


def test_marks_of_ones_own_make_cards(workspace: Workspace) -> None:
    settings(workspace, MARKS)
    workspace.write("acme/a.md", NOTE)
    cards = {card["question"]: card["answer"] for card in workspace.cards()}
    assert cards == {
        "Why ships": "They are slow.",
        "Knot": "A hitch",
        "What is a berth?": "A place for a ship.",
        "What is a quay?": "A wall.",
    }


def test_a_mark_of_ones_own_ends_where_any_other_mark_begins(workspace: Workspace) -> None:
    settings(workspace, MARKS + "[[marks]]\nquestion = 'Trade-off: {question}'\n")
    note = "● A log\nFirst.\n\nTrade-off: push vs pull\nLatency.\n\nRaft :: a protocol\n\nKnot\n~~>\nA hitch\n"
    workspace.write("acme/a.md", note + "\nFan-out #card\n\nCopies.\n\n● Last\nOne.\n")
    assert {card["question"]: card["answer"] for card in workspace.cards()} == {
        "A log": "First.",
        "push vs pull": "Latency.",
        "Raft": "a protocol",
        "Knot": "A hitch",
        "Fan-out": "Copies.",
        "Last": "One.",
    }


def test_front_matter_names_marks_of_one_note(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "---\nmarks:\n  - question: '>> {question}'\n---\n>> Why ships\n\nThey are slow.\n")
    (card,) = workspace.cards()
    assert (card["question"], card["answer"]) == ("Why ships", "They are slow.")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[marks]]\nquestion = "● "\n', "must hold {question} once"),
        ('[[marks]]\nbegin = "CARD"\n', "`begin` and `end` belong together"),
        ('[[marks]]\nseparater = "~"\n', "did you mean `separator`?"),
        ('[[marks]]\nseparator = " "\n', "`separator` is empty"),
        ("marks = 3\n", "`marks` must be tables"),
    ],
)
def test_a_bad_mark_is_a_fault_with_file_and_key(workspace: Workspace, text: str, message: str) -> None:
    settings(workspace, text)
    workspace.write("acme/a.md", NOTE)
    result = workspace.run("cards", status=2)
    assert "offbook.toml" in result.stderr and message in result.stderr


def test_check_names_near_misses(workspace: Workspace) -> None:
    workspace.write(
        "acme/a.md", "Q: What is a quay?\nA: A wall.\n\n**Who owns it?**\nThe port.\n\n# Notes\nBack: A wall.\n"
    )
    told = workspace.run("check").stdout
    assert "holds “Who owns it?”, which looks like a question" in told
    assert "`Back:` ends no question here" in told


def test_headings_of_a_level_ask_where_the_note_says_so(workspace: Workspace) -> None:
    marks = "---\nmarks: [{question: '## {question}'}]\n---\n"
    workspace.write(
        "acme/a.md", marks + "# Web\n\n## Hoisting\nRead first.\n\n### In classes\nNot so.\n\n## Closures\nKept.\n"
    )
    cards = workspace.cards()
    assert [card["question"] for card in cards] == ["Hoisting", "Closures"]
    assert "Not so." in cards[0]["answer"]


def test_a_label_of_ones_own_with_a_sign_is_taken_off_below_a_question_of_ones_own(workspace: Workspace) -> None:
    settings(workspace, '[[marks]]\nquestion = "## {question}"\n[[marks]]\nanswer = "A."\n')
    workspace.write("acme/a.md", "## Why Flink\n\nA. Event time.\n\n## Why Kafka\n\n**A.** It keeps.\n")
    assert [(card["question"], card["answer"]) for card in workspace.cards()] == [
        ("Why Flink", "Event time."),
        ("Why Kafka", "It keeps."),
    ]


@pytest.mark.parametrize("sign", [">", "#", "*", "_", "~~", "=="])
def test_signs_of_markdown_are_marks_in_text_files_too(workspace: Workspace, sign: str) -> None:
    text = f'text_files = true\n[[marks]]\nquestion = "{sign} {{question}}"\n'
    (workspace.root / "offbook.toml").write_text(text)
    workspace.write(
        "acme/a.txt", f"{sign} a surrogate key\nOne without a meaning.\n\n{sign} a natural key\nOne of the data.\n"
    )
    found = [(card["question"], card["answer"]) for card in workspace.cards()]
    assert found == [("a surrogate key", "One without a meaning."), ("a natural key", "One of the data.")]
