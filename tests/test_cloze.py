"""A text with gaps becomes an Anki note with a card for each, or a fault with its line; never a note without a card."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Anki, Workspace, library_of
from hypothesis import given, settings
from hypothesis import strategies as st
from visible import letters, shown

from offbook.cards.find import find_cards
from offbook.cards.note.rules import Rules
from offbook.field_text import gapped
from offbook.model import Kind
from offbook.preview.templates import cloze_numbers
from offbook.render import Renderer
from offbook.sources.note import parse_note

# Each with the numbers of the cards that Anki makes of it, the lines that `check` names, and its exit status: what may
# be meant as it stands is no fault.
NOTES = [
    ("The pillars are:\n\n- {{c1::metrics}}\n- {{c2::logs}}\n", {1, 2}, [], 0),
    ("The pillars are: #cloze\n- ==metrics==\n- ==logs==\n", {1, 2}, [], 0),
    ("{{c1::First line\n\n- one\n- two\n\n}}\n", {1}, [], 0),
    ("> The {{c1::leader}} decides.\n", {1}, [], 0),
    ("| a | b |\n|---|---|\n| {{c1::x}} | {{c3::y}} |\n", {1, 3}, [], 0),
    ("{{c1::`std::map<int, {{}}>`}} and `{{c2::code}}`\n", {1}, [1], 0),
    ("$\\frac{ {{c1::a}} }{b}$ and {{c2::$x_{1}$}}\n", {1, 2}, [], 0),
    ("$\\frac{{{c1::a}}}{b}$ and {{{c2::b}}}\n", {1, 2}, [], 0),
    ("{{c1::a {{c2::b}} c}} and {{c3::{{c4::d}}}}\n", {1, 2, 3, 4}, [], 0),
    ("{{c1::\\{{c2::x}}\n", {1}, [], 0),
    ("**a {{c1::b** c}}\n", {1}, [], 0),
    ("x {{c1::a {b}} y\n", {1}, [], 0),
    ("Some text.\n\nRaft has {{c1::a leader and {{c2::terms}}.\n", {2}, [3], 1),
    ("Raft has {{c1::a leader.\n", set(), [1], 1),
    ("Look: {{c1::first\n\n```\ncode\n```\n\n}}\n", set(), [1], 1),
    ("[a]({{c1::b}}) [[{{c1::c}}]] ![{{c1::d}}](e)\n", set(), [1, 1, 1], 1),
    ("```\n{{c1::x}}\n```\n", set(), [1], 0),
    ("<div>{{c1::x}}</div>\n", set(), [1], 0),
    ("{{c1::}} {{c0::x}} {{c501::y}}\n", set(), [1, 1, 1], 1),
]


@pytest.mark.parametrize(("note", "numbers", "lines", "status"), NOTES)
def test_cards_in_anki(
    note: str, numbers: set[int], lines: list[int], status: int, workspace: Workspace, anki: Anki
) -> None:
    workspace.write("acme/a.md", note + "\n## What else is there?\n\nNothing.\n")
    told = workspace.run("check", status=status).stdout
    assert [int(line) for line in re.findall(r"acme/a\.md:(\d+): .*gap", told)] == lines
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    notes = [each for each in anki.notes() if "Text" in each]
    assert len(notes) == bool(numbers)
    for each in notes:
        assert {card.ord + 1 for card in each.cards()} == numbers
        assert all("[...]" in card.question() or 'class="cloze"' in card.question() for card in each.cards())


def field_of(note: str) -> str:
    """Return the field of a note's only card."""
    found = find_cards(parse_note(note, "a.md"))
    ((html, _),) = [renderer().card(card, body) for card, body in zip(found.cards, found.bodies, strict=True)]
    return html.question


def renderer() -> Renderer:
    nowhere = Path("/nonexistent")
    return Renderer(library_of(nowhere).links())


_PIECES = st.sampled_from([
    "{{c1::", "{{c2::", "{{c0::", "{{c1::x}}", "{{c2::y::hint}}", "}}", "{", "}", "::", "==", "==z==", "**", "**w**",
    "{{v}}", "`", "``", "$", "$$", "\\", "[", "]", "](", "(", ")", "[[", "]]", "![", "<b>", "</b>", "<a href=\"", "\">",
    "<!--", "-->", "%%", "word", " ", " ", "\n", "\n- ", "\n> ", "\n\n", "\n\n- ", "|", "#cloze", "https://a.b/", ":",
    "C: ", "^[", "[^1]", "^id",
])  # fmt: skip


@given(st.lists(_PIECES, min_size=1, max_size=25), st.sets(st.sampled_from(["==", "**", "{{"])))
@settings(deadline=None, max_examples=500)
def test_no_card_is_without_a_gap(pieces: list[str], hides: set[str]) -> None:
    found = find_cards(parse_note("".join(pieces), "a.md"), Rules(hides=tuple(hides)))
    for card, body in zip(found.cards, found.bodies, strict=True):
        if card.kind is Kind.CLOZE:
            field = renderer().card(card, body)[0].question
            assert cloze_numbers(field), field
            assert set(cloze_numbers(field)) <= {gap.number for gap in body.gaps}
            assert {gap.number for gap in gapped(field).gaps} == set(cloze_numbers(field))


_WORDS = st.sampled_from([
    "word", "<T>", "vector<int>", "#42", "$5", "[x]", "a::b", "{x}", "}", "{", "C++", "&", "é漢🔥", "x<y", "it's",
    '"q"', "a.b", "50%", "/path", "(a)", "~5", "a_b", "!", "?", "[sound:x]", "<b>", "</p>",
])  # fmt: skip


@given(st.lists(st.tuples(st.lists(_WORDS, min_size=1, max_size=4), st.booleans()), min_size=1, max_size=6))
@settings(deadline=None, max_examples=300)
def test_all_of_a_text_with_gaps_is_on_the_card(parts: list[tuple[list[str], bool]]) -> None:
    text, expected = "It says {{c9::this}}: ", "It says this: "
    for words, hidden in parts:
        said = " ".join(words)
        if hidden and ("::" in said or "{" in said or "}" in said):
            continue  # these part a hint off, or end the gap
        text += f"{{{{c1::{said}}}}} and " if hidden else f"{said} and "
        expected += f"{said} and "
    html = field_of(text + "end.")
    seen = letters(shown(re.sub(r"\{\{c[19]::", "", html)))
    assert re.sub("[{}]", "", seen) == re.sub("[{}]", "", letters(expected + "end."))
