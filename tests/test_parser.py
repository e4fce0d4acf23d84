"""Inline source is parsed once, and only where there is something to parse."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, example, given
from hypothesis import strategies as st
from markdown_it.token import Token

from offbook.markdown.parser import LONGEST_TEXT, parse_inline, parser, take_inline

PIECES = (
    *"\n!#$%&*:<=@[\\]^_`~w{}+-() ab.é中",
    "**bold**", "*a*", "`code`", "$x$", "[[note|alias]]", "[text](url)", "![alt](pic.png)", "[^1]", "^[inline]", "<b>",
    "&amp;", "~~gone~~", "==mark==", "%%comment%%", "#tag", "^block", "www.a.org", "https://a.org/x?y=1", "a@b.org",
    "mailto:a@b.org", "xmpp:a@b.org", "{{c1::gap}}", "  \n", "\\\n", " and ", ". ", "www", "wwww.",
)  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=8).map("".join)


@given(texts)
@example("so: www.a.org")
@example("snake {{c1::gap}} + 1 > 0")
def test_text_that_is_not_parsed_would_be_one_token(text: str) -> None:
    assume(len(text) < LONGEST_TEXT)
    stock: list[Token] = []
    parser().inline.parse(text, parser(), {}, stock)
    assert take_inline(text, {}) == stock


@given(texts)
def test_what_was_looked_at_is_parsed_once_and_then_handed_over(text: str) -> None:
    assume("[^" not in text and "^[" not in text)  # footnotes are numbered as they are met
    env: dict[str, Any] = {}
    looked = parse_inline(text, env)
    assert parse_inline(text, env) == looked
    assert take_inline(text, env) == looked
    taken = take_inline(text, env)
    assert taken == looked
    assert taken is not looked or not taken
