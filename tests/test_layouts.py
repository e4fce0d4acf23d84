"""Plain questions with plain answers, in the ways that people lay them out: each is a card with its whole answer."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offbook.cards.find import find_cards
from offbook.sources.note import parse_note

QUESTIONS = {
    "en": ["What is a keel?", "Why do boats heel?", "Tell me about a time you failed", "Where does ballast lie?"],
    "small": ["what is a keel", "why do boats heel", "tell me about a time you failed", "where does ballast lie"],
    "de": ["Was ist ein Kiel?", "Warum krängen Boote?", "Erzählen Sie von einem Fehler", "Wo liegt der Ballast?"],
    "es": ["¿Qué es una quilla?", "¿Por qué se escoran?", "Háblame de un fracaso", "¿Dónde va el lastre?"],
    "fr": ["Qu'est-ce qu'une quille ?", "Pourquoi gîter ?", "Parlez-moi d'un échec", "Où est le lest ?"],
    "ru": ["Что такое киль?", "Почему лодки кренятся?", "Расскажите о неудаче", "Где лежит балласт?"],
    "zh": ["什么是龙骨？", "船为什么会倾斜？", "说说你的一次失败", "压舱物放在哪里？"],
}
ANSWERS = {
    "a word": ["Beam", "Wind", "Once", "Low"],
    "a few words": ["The lowest beam", "Because of the wind", "When I lost an anchor", "In the bilge"],
    "a sentence": ["It is the lowest beam, and carries the frames.", "The wind pushes.", "I lost one.", "It lies low."],
    "two paragraphs": [
        "The beam\n\nIt is low.",
        "The wind\n\nIt pushes.",
        "An anchor\n\nI lost it.",
        "Low\n\nBy the keel.",
    ],
    "a list": ["- beam\n- lowest", "- wind\n- hull", "- anchor\n- knot", "- bilge\n- keel"],
    "a list below a line": ["It is:\n\n- beam", "They feel:\n\n- wind", "I lost:\n\n- anchor", "It lies:\n\n- low"],
    "a term": ["**Beam**: the lowest", "**Wind**: it pushes", "**Anchor**: I lost it", "**Low**: in the bilge"],
    "steps": ["1. beam\n2. lowest", "1. wind\n2. hull", "1. anchor\n2. knot", "1. bilge\n2. keel"],
    "steps below a line": ["Two parts:\n\n1. beam\n2. lowest\n\nBoth are heavy."] * 4,
    "a table": ["| part | use |\n| --- | --- |\n| beam | low |"] * 4,
    "a quotation": ["> The beam carries it.", "> The wind pushes.", "> I lost it.", "> It lies low."],
    "a formula": ["$$\nm = 3\n$$\n\nso it is three."] * 4,
    "a story": ["**Situation:** The rope broke.\n**Action:** I mended it.\n**Result:** It held."] * 4,
    "a question of its own": ["Why not the mast? It is too light.", "Why not the sea? It is too calm."] * 2,
    "an example": ["The beam is low.\n\nExample:\n\n```\nbeam()\n```\n\nThat is all."] * 4,
    "terms": ["- **beam**: it is low\n- **mast**: it is high", "- **wind**: it blows\n- **hull**: it turns"] * 2,
    "code": ["```\nkeel\n```", "```\nwind\n```", "```\nanchor\n```", "```\nbilge\n```"],
}


def indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line if line else line for line in text.split("\n"))


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


LAYOUTS: dict[str, Callable[[int, str, str], str]] = {
    "headings": lambda n, q, a: f"## {q}\n{a}\n",
    "headings over blank lines": lambda n, q, a: f"## {q}\n\n{a}\n",
    "numbered headings": lambda n, q, a: f"### {n}. {q}\n\n{a}\n",
    "headings over quotes": lambda n, q, a: f"## {q}\n\n{quoted(a)}\n",
    "bold lines": lambda n, q, a: f"**{q}**\n\n{a}\n",
    "bold lines right above": lambda n, q, a: f"**{q}**\n{a}\n",
    "numbered bold lines": lambda n, q, a: f"**{n}. {q}**\n\n{a}\n",
    "bold items": lambda n, q, a: f"{n}. **{q}**\n\n{indented(a, 3)}\n",
    "italic lines": lambda n, q, a: f"*{q}*\n\n{a}\n",
    "plain lines": lambda n, q, a: f"{q}\n\n{a}\n",
    "plain lines right above": lambda n, q, a: f"{q}\n{a}\n",
    "plain lines between rules": lambda n, q, a: f"{q}\n\n{a}\n\n---\n",
    "plain lines over quotes": lambda n, q, a: f"{q}\n\n{quoted(a)}\n",
    "lines that brackets number": lambda n, q, a: f"{n}) {q}\n\n{a}\n",
    "numbers over text flush left": lambda n, q, a: f"{n}. {q}\n\n{a}\n",
    "numbers over indented text": lambda n, q, a: f"{n}. {q}\n\n{indented(a, 3)}\n",
    "numbers right over indented text": lambda n, q, a: f"{n}. {q}\n{indented(a, 3)}",
    "items": lambda n, q, a: f"- {q}\n{indented(a, 2)}",
    "labels": lambda n, q, a: f"Q: {q}\nA: {a}\n",
    "labels apart": lambda n, q, a: f"Q: {q}\n\nA: {a}\n",
    "bold labels": lambda n, q, a: f"**Q:** {q}\n\n**A:** {a}\n",
    "labels in words": lambda n, q, a: f"Question {n}: {q}\n\nAnswer: {a}\n",
    "numbered labels": lambda n, q, a: f"Q{n}. {q}\n\n{a}\n",
    "numbered labels in bold": lambda n, q, a: f"**Q{n}: {q}**\n\n{a}\n",
    "answers with a label": lambda n, q, a: f"## {q}\n\n**Answer:** {a}\n",
    "bold lines without blank lines": lambda n, q, a: f"**{q}**\n{a}",
    "bold lines in HTML": lambda n, q, a: f"<b>{q}</b><br>\n{a}\n",
    "bold lines with tags": lambda n, q, a: f"**{q}** #boats\n\n{a}\n",
    "bold lines in quotes": lambda n, q, a: f"> **{q}**\n\n{a}\n",
    "bold lines that a backslash ends": lambda n, q, a: f"**{q}**\\\n{a}\n",
    "labels on lines of their own": lambda n, q, a: f"Question {n}\n{q}\n\nAnswer\n\n{a}\n",
    "labels before other signs": lambda n, q, a: f"{n}. {q}\nAns- {a}\n",
    "folds": lambda n, q, a: f"<details>\n<summary>{q}</summary>\n\n{a}\n\n</details>\n",
}
ON_THE_LINE = {
    "labels", "labels apart", "bold labels", "labels in words", "answers with a label", "labels before other signs",
}  # fmt: skip
"""Layouts in which a label stands in front of the answer: no list and no code can open it there."""
NUMBERED = {"lines that brackets number", "numbers over text flush left", "labels before other signs"}
"""Layouts in which steps flush left would go on with the numbers of the questions."""
HEADS = ("", "# Boats\n\n", "# Interview\n\nSome notes of mine.\n\n", "---\ntags: [boats]\n---\n")
NAMES = ("notes.md", "interview.md", "Acme.md")
_COUNTED = re.compile(r"[*\s]*(?:Q\d+[.):]|\d+[.)]|Q:|Question \d+:?)\s*")
_NO_TEXT = re.compile(r"(?m)^\s*(?:[-*]|\d+\.)\s|^```.*|^[|\s:-]+$")


def key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def check(layout: str, language: str, kinds: list[str], head: str, name: str) -> None:
    pairs = [(q, ANSWERS[kind][i]) for i, (q, kind) in enumerate(zip(QUESTIONS[language], kinds, strict=True))]
    text = head + "\n".join(LAYOUTS[layout](n, q, a) for n, (q, a) in enumerate(pairs, 1))
    cards = find_cards(parse_note(text, name)).cards
    found = [(key(_COUNTED.sub("", card.question_text)), key(card.answer_text)) for card in cards]
    assert found == [(key(q), key(_NO_TEXT.sub("", a))) for q, a in pairs], text


def fits(layout: str, kind: str) -> bool:
    if kind in ("steps", "a list", "code", "a table", "a quotation", "a formula", "terms") and layout in ON_THE_LINE:
        return False
    return not (kind.startswith("steps") and layout in NUMBERED)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_answers_of_one_kind(layout: str) -> None:
    for kind in ANSWERS:
        if fits(layout, kind):
            check(layout, "en", [kind] * 4, "# Boats\n\n", "notes.md")


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_answers_of_all_kinds(data: st.DataObject) -> None:
    layout = data.draw(st.sampled_from(sorted(LAYOUTS)))
    language = data.draw(st.sampled_from(sorted(QUESTIONS)))
    usual = st.sampled_from([kind for kind in ANSWERS if fits(layout, kind)])
    # Behind the last answer no question tells where it ends: it is one of a paragraph.
    last = data.draw(st.sampled_from(["a word", "a few words", "a sentence"]))
    kinds = [*data.draw(st.lists(usual, min_size=3, max_size=3)), last]
    check(layout, language, kinds, data.draw(st.sampled_from(HEADS)), data.draw(st.sampled_from(NAMES)))
