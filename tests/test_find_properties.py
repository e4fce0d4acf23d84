"""What holds for any text at all."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offbook.cards.find import find_cards
from offbook.model import Body, Card
from offbook.sources.note import parse_note
from offbook.text import composed

LINES = [
    "# Title", "## What is a mutex?", "### Elevator pitch", "#### Answer", "####### seven", "Setext", "---", "===",
    "***", "- What is X?", "\t- nested", "  - two spaces", "* star?", "1. One?", "10) ten", "- [ ] task", "- ???",
    "-", "???", "?", "Q: What?", "A: That.", "**Q1:** Bold?", "**A1:** Yes.", "Answer : with a space", "Q. dotted?",
    "A. dotted", "term :: definition", "a ::: b", "key:: value", "std::sort", "> [!question] Why?",
    "> [!faq]- Folded", "> body", ">> deep", "<details><summary>Sum?</summary>", "</details>", "<br/>",
    "<!-- comment", "-->", "%%", "%% hidden %%", "```", "~~~py", "    code", "| Question | Answer |", "| --- | --- |",
    "| a | b |", "Term", ": definition", "{{c1::gap}}", "==high== #cloze", "#card Tagged", "## Tagged #flashcard",
    "**Is it bold?**", "**Bold?** and on", "*Tell me about italics.*", "How would you go?", "Why us",
    "Some prose here. With two sentences.", "![[note#part]]", "[[note#^id]]", "[link?](#x)", "text ^id", "$x$", "$$",
    "[^1]: note", "● bullet?", "+++ **decorated?**", "## Questions to ask them", "\u200bzero width?", "مرحبا؟",
    "你好吗？", "", "", "",
]  # fmt: skip

texts = st.one_of(
    st.lists(st.sampled_from(LINES), max_size=25).map("\n".join),
    st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=30)), max_size=15).map("\n".join),
    st.text(max_size=200),
)


@settings(max_examples=400, deadline=None)
@given(texts)
def test_any_text_is_read(text: str) -> None:
    found = find_cards(parse_note(text, "note.md"))
    last = text.count("\n") + text.count("\r") + 1
    for card in (*found.cards, *found.to_ask):
        assert 1 <= card.location.line <= last
        assert card.question_text.strip()
    taken: dict[int, Card] = {}
    for card, body in zip(found.cards, found.bodies, strict=True):
        assert card.is_open or card.answer_text.strip() or _shows_something(body)
        for line in _lines(card, body):
            assert taken.setdefault(line, card) is card, "a line is in two cards"


def _lines(card: Card, body: Body) -> set[int]:
    if card.dialect == "file-name":
        return {line for block in body.answer for line in range(block.line, block.end)}
    return {line for block in (*body.question, *body.answer) for line in range(block.line, block.end)}


@settings(max_examples=150, deadline=None)
@given(texts)
def test_line_ends_and_unicode_forms_do_not_matter(text: str) -> None:
    text = text.replace("\r", "")
    cards = _plain(text)
    assert _plain(text.replace("\n", "\r\n")) == cards
    assert _plain("\ufeff" + text) == cards
    assert _plain(unicodedata.normalize("NFD", unicodedata.normalize("NFC", text))) == _plain(
        unicodedata.normalize("NFC", text)
    )


@given(
    st.lists(st.sampled_from("aéか가ा x\u3099\u11a8\u0301\u0316\u0323\u0344\u0f71\u0f73\u1d165"), max_size=90).map(
        "".join
    )
)
def test_a_text_is_composed_as_unicode_composes_it_however_many_marks_stand_on_a_letter(text: str) -> None:
    assert composed(text) == unicodedata.normalize("NFC", text)


def _plain(text: str) -> list[tuple[int, str, str]]:
    found = find_cards(parse_note(text, "note.md"))
    return [(card.location.line, card.question_text, card.answer_text) for card in found.cards]


def _shows_something(body: Body) -> bool:
    """Whether an answer without plain text shows a picture, an embed or code."""
    sources = [inner.content for block in body.answer for inner in block.walk()]
    types = {inner.type for block in body.answer for inner in block.walk()}
    return bool(types & {"fence", "code_block", "math_block"}) or any(
        "[" in source or "<img" in source for source in sources
    )


@pytest.mark.parametrize(
    "written",
    [
        "## Why leave? ^why\nTo build.",
        "## Why leave?\n^why\n\nTo build.",
        "## Why leave?\n\n^why\nTo build.",
        "**Why leave?** ^why\nTo build.",
        "**Why leave?** ^why\n\nTo build.",
        "**Why leave?** ^why\n- To build.",
        "**Why leave? ^why**\nTo build.",
        "**Why leave?**\n^why\n\nTo build.",
        "__Biggest failure?__ ^why\nTo build.",
        "Why leave? ^why\nTo build.",
        "Q: Why leave? ^why\nA: To build.",
        "Why leave? :: To build. ^why",
        "- **Why leave?** ^why\n    - To build.",
        "- Why leave? ^why\n    - To build.",
        "> [!question] Why leave? ^why\n> To build.",
        "## Why leave? ^why\nTo build. ^answer",
    ],
)
def test_an_id_after_a_question_is_the_cards(written: str) -> None:
    card = find_cards(parse_note(written, "note.md")).cards[0]
    assert (card.block_id, card.answer_text) == ("why", "To build.")


@pytest.mark.parametrize(
    "written", ["## Why leave?\nTo build. ^answer", "## Why leave?\nTo build.\n\n^why", "Why leave?\n```\nx ^why\n```"]
)
def test_an_id_of_another_block_is_not_the_cards(written: str) -> None:
    assert find_cards(parse_note(written, "note.md")).cards[0].block_id == ""


def test_an_id_after_a_bold_line_leaves_it_a_question_as_it_was() -> None:
    note = "**Tell me about yourself**{}\nPM for 7 years.\n\n**Biggest failure**{}\nThe flop.\n"
    plain, marked = (
        find_cards(parse_note(note.format(*ids), "Acme.md")).cards for ids in (("", ""), (" ^me", " ^fail"))
    )
    assert [(card.dialect, card.question_text, card.answer_text) for card in plain] == [
        (card.dialect, card.question_text, card.answer_text) for card in marked
    ]
    assert [card.block_id for card in marked] == ["me", "fail"]


def test_a_heading_with_nothing_but_an_id_below_is_open() -> None:
    card = find_cards(parse_note("## Why leave?\n^why\n", "note.md")).cards[0]
    assert (card.block_id, card.is_open) == ("why", True)
