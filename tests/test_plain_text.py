"""Text files as notes: what would be a mark in Markdown is text in them."""

from __future__ import annotations

import datetime

import pytest
from conftest import Anki, Workspace
from hypothesis import given
from hypothesis import strategies as st

from offbook.interview import interview_days
from offbook.markdown import parse
from offbook.markdown.plain import plain
from offbook.sources.note import parse_note
from offbook.sources.plain_text import as_markdown

_PIECES = (
    "word", "2", "*", "**", "_", "__", "~~", "==", "`", "``", "<b>", "</b>", "<", ">", "$", "$$", "\\", "[[a]]",
    "#", " ",
)  # fmt: skip


@pytest.fixture
def texts(workspace: Workspace) -> Workspace:
    (workspace.root / "offbook.toml").write_text("text_files = true\n")
    return workspace


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
def test_a_line_says_what_it_says(line: str) -> None:
    text = f"a{line}z"
    root = parse(as_markdown(text)).root
    assert " ".join(plain(list(root.children), {}).split()) == " ".join(text.split())


@given(
    st.lists(st.sampled_from([*_PIECES, "\n", "- ", "1) ", "    ", "[x] ", "====", "~~~~~"]), max_size=20).map("".join)
)
def test_lines_keep_their_numbers(text: str) -> None:
    assert as_markdown(text).count("\n") == text.count("\n")


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ("2*500 mg in the morning, 3*250 mg at night", "2*500 mg in the morning, 3*250 mg at night"),
        ("call the doctor if\n   > 6.0 mmol/l", "call the doctor if<br>\n&gt; 6.0 mmol/l"),
        ("they are\n# 1 the product\n# 2 the people", "they are<br>\n# 1 the product<br>\n# 2 the people"),
        ("\\\\server\\share ~~no~~ ==key== snake_case_", "\\\\server\\share ~~no~~ ==key== snake_case_"),
        ("if a < b and b > c then <stop>", "if a &lt; b and b &gt; c then &lt;stop&gt;"),
    ],
)
def test_what_is_written_is_on_the_card(texts: Workspace, anki: Anki, answer: str, field: str) -> None:
    texts.write("acme/a.txt", f"Q: What do you say?\nA: {answer}\n")
    texts.run("export")
    anki.import_package(texts.decks / "acme.apkg")
    assert anki.note("What do you say?")["Answer"] == f"<p>{field}</p>"


def test_lists_boxes_rules_and_titles_are_read_as_people_type_them(texts: Workspace) -> None:
    texts.write(
        "acme/a.txt",
        "BIOSTATS REFRESH\n~~~~~~~~~~~~~~~~\n\nWhat does p = 0.04 mean?\n      if there was no effect\n\n"
        "=== GSK 2023 ===\nWho pays in Germany?\nG-BA decides\n================\nWhat is an ICER?\n* a ratio\n",
    )
    assert {card["question"]: card["answer"] for card in texts.cards()} == {
        "What does p = 0.04 mean?": "if there was no effect",
        "Who pays in Germany?": "G-BA decides",
        "What is an ICER?": "a ratio",
    }


def test_first_lines_may_name_the_company_and_the_day() -> None:
    note = parse_note(
        "VELMORA\nCompany: Velmora Pharma\nInterview: Tuesday 8 December 2026, 10:30\n\nWhy us?\n", "a.txt"
    )
    assert note.metadata["company"] == "Velmora Pharma"
    assert interview_days(note) == [datetime.date(2026, 12, 8)]
    assert note.place_of("company").line == 2
    assert note.body == "VELMORA\n\n\n\nWhy us?\n"
    assert not parse_note("Interview: with Anna, on the phone\n", "a.txt").metadata


def test_a_list_that_stands_far_in_below_a_blank_line_is_no_code() -> None:
    text = "How do you choose?\n\n    * fluid\n    * solids?\n      and more\n\nWhy us?\n  - a\n\n    - b\n"
    assert as_markdown(text) == (
        "How do you choose?\n\n * fluid\n * solids?\n   and more\n\nWhy us?\n  - a\n\n    - b\n"
    )


def test_an_arrow_of_equals_signs_stays_one() -> None:
    assert as_markdown("Why us ==> near\nx == y\n") == "Why us ==> near\nx \\=\\= y\n"


def test_code_that_stands_further_in_is_code(texts: Workspace, anki: Anki) -> None:
    code = "    def f(x=[]):\n        x.append(1)\n        return x"
    told = "    each call adds one,\n    and keeps it."
    texts.write("acme/a.txt", f"Q: What does this print?\n\n{code}\n\nA: It grows.\n\nQ: Why?\nA: As here:\n\n{told}\n")
    texts.run("export")
    anki.import_package(texts.decks / "acme.apkg")
    fields = {note["Answer"]: note["Question"] for note in anki.notes()}
    assert "<pre" in fields["<p>It grows.</p>"]
    (prose,) = (answer for answer in fields if "each call" in answer)
    assert "<pre" not in prose


def test_the_letter_o_is_a_bullet_where_several_lines_begin_with_it(texts: Workspace) -> None:
    texts.write("acme/a.txt", "o Q. Why Flink?\n  A. Event time.\n\no Q. Why Kafka?\n  A. It keeps what it gets.\n")
    assert [(card["question"], card["answer"]) for card in texts.cards()] == [
        ("Why Flink?", "Event time."),
        ("Why Kafka?", "It keeps what it gets."),
    ]


@pytest.mark.parametrize(
    "table",
    [
        "NAME       VALUE\n---------- -----\napply lag  12",
        "+----+------+\n| id | name |\n+----+------+\n| 1  | x    |\n+----+------+",
        "----------------------\n| Id  | Operation       |\n---------------------\n|   0 | SELECT `a`      |\n-",
        "   SID SERIAL\n   --- ------\n     1      2",
        "sign   name\n------ ----\n`      tick\n`` ``` none`",
    ],
)
def test_a_table_is_all_on_the_card_and_keeps_its_columns(texts: Workspace, table: str) -> None:
    texts.write("acme/a.txt", f"What do you see?\n{table}\n\nWhat is a lag?\nA delay.\n")
    seen, lag = texts.cards()
    indent = len(table) - len(table.lstrip(" "))
    assert seen["answer"] == "\n".join(line[indent:] for line in table.split("\n"))
    assert lag["answer"] == "A delay."


def test_what_asks_right_below_a_table_is_none_of_it(texts: Workspace) -> None:
    texts.write("acme/a.txt", "What do you see?\nSID USER\n--- ----\n1   x\nWhat is a SID?\nA number.\n")
    assert {card["question"]: card["answer"] for card in texts.cards()}["What is a SID?"] == "A number."


@pytest.mark.parametrize("rule", ["--- --- ---", "-- -- -- --", "==== ===="])
def test_a_rule_in_pieces_between_texts_is_no_table(texts: Workspace, rule: str) -> None:
    texts.write("acme/a.txt", f"Why ships?\nThey float well.\n{rule}\nWhy not planes?\nThey fall.\n\n{rule}\n\nEnd.\n")
    assert "`" not in as_markdown((texts.notes / "acme/a.txt").read_text())
    assert {card["question"] for card in texts.cards()} == {"Why ships?", "Why not planes?"}


def test_tabs_in_front_of_lines_are_spaces(texts: Workspace) -> None:
    text = "What is a dirty read?\n\tOne of what is not committed.\n\n\tWhat would you use?\n\t\tSnapshots.\n"
    texts.write("acme/a.txt", text)
    with_tabs = texts.cards()
    texts.write("acme/a.txt", text.replace("\t", "    "))
    assert [(card["question"], card["answer"]) for card in with_tabs] == [
        (card["question"], card["answer"]) for card in texts.cards()
    ]


def test_question_marks_alone_are_an_answer_that_is_still_to_be_found(texts: Workspace) -> None:
    texts.write(
        "acme/a.txt", "1. What is a heap?\n   A table.\n2. What is a service?\n   ??\n3. What is a view?\n   A query.\n"
    )
    answers = {card["question"]: card["answer"] for card in texts.cards()}
    assert answers == {"What is a heap?": "A table.", "What is a service?": None, "What is a view?": "A query."}
