"""The quick inline parser gives what markdown-it's own gives."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from markdown_it.parser_inline import ParserInline
from markdown_it.token import Token

from offbook.markdown.inline import _BEGINNINGS
from offbook.markdown.parser import LONGEST_TEXT, parse_inline, parser, take_inline

PIECES = (
    *"\n!#$%&*:<=@[\\]^_`~w{}+-() ab.é中",
    "**bold**", "*a*", "__", "`code`", "``", "$x$", "$$y$$", "[$]", "[[note|alias]]", "![[embed]]", "[text](url)",
    "![alt](pic.png)", "[^1]", "^[inline]", "<b>", "</b>", "<!-- c -->", "<https://a.b>", "&amp;", "~~gone~~",
    "==mark==", "%%comment%%", "#tag", "^block", "www.a.org", "https://a.org/x?y=1", "mailto:a@b.org", "a@b.org",
    "**Term:** ", "**Why so?**", "_em_", "(*a* b)", "C#", "snake_case", "a < 5", "100 %", "~5", " and ", ". ",
    "{{c1::gap}}", "  \n", "\\\n", "\\*", "[ref]", "[ref][]", "www", "wwww.", "what",
)  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=25).map("".join)


def _environment() -> dict[str, Any]:
    return {"references": {"REF": {"href": "u", "title": ""}}, "footnotes": {"refs": {":1": -1}, "list": {}}}


def _stock(text: str) -> list[Token]:
    """Parse with the same rules, asked in turn at each place where a text may end."""
    md = parser()
    stock = ParserInline()
    stock.ruler, stock.ruler2 = md.inline.ruler, md.inline.ruler2
    stock.add_terminator_char("w")
    quick, md.inline = md.inline, stock
    try:
        tokens: list[Token] = []
        stock.parse(text, md, _environment(), tokens)
        return tokens
    finally:
        md.inline = quick


@settings(max_examples=600, deadline=None)
@given(texts)
@example("a w www.a.org [www](b) ==w]==")
@example("**Raft** (*leader* and `log`):\nuses C#, snake_case & __**nothing** else__: 5 % < 10 %!")
@example("___. ** a**b *c`*` ``d` **e:**f http: x")
def test_the_quick_parser_is_the_stock_one(text: str) -> None:
    if len(text) < LONGEST_TEXT:
        assert take_inline(text, _environment()) == _stock(text)


def test_every_rule_says_where_it_may_match() -> None:
    """Those that do not are asked everywhere, which is right and slow."""
    assert set(parser().inline.ruler.get_active_rules()) == {"text", *_BEGINNINGS}


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
