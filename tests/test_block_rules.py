"""Asking only the block rules that can begin on a line gives what asking all of them gives."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.ruler import Ruler
from markdown_it.token import Token

from offbook.markdown.parser import parser
from offbook.markdown.ruler import _BEGINNINGS, EVERYWHERE

LINES = (
    "text", "more text", "", "", "# heading", "##glued", "#tag ## heading", "#tag", "===", "---", "***", "- item",
    "* other", "+ third", "1. one", "2) two", "12345678901. no", "> quote", "> - item in a quote", ">",
    "> [!note] title", "```", "```py", "~~~", "$$", "$$x$$", "$$ (1)", "%%", "%% comment %%", "[ref]: target",
    "[^1]: footnote", "<div>", "</div>", "<!-- c -->", "<details><summary>s</summary>", "</details>", "| a | b |",
    "|---|---|", "a | b", "--- | ---", ": definition", "~ definition", "[ ] task", "- [x] task", "- ", "\\# no",
    "\ttab", "{{c1::gap}}", "term",
)  # fmt: skip
indents = st.sampled_from(["", "", "", " ", "  ", "   ", "    ", "      ", "\t", "> ", "- "])
lines = st.tuples(indents, st.one_of(st.sampled_from(LINES), st.text(max_size=4))).map("".join)
notes = st.lists(lines, max_size=14).map("\n".join)


def _stock_rules() -> Ruler[RuleFuncBlockType]:
    stock = Ruler[RuleFuncBlockType]()
    stock.__rules__ = parser().block.ruler.__rules__
    return stock


def _blocks(text: str, rules: Ruler[RuleFuncBlockType]) -> list[Token]:
    md = parser()
    quick, md.block.ruler = md.block.ruler, rules
    try:
        tokens: list[Token] = []
        md.block.parse(text, md, {}, tokens)
        return tokens
    finally:
        md.block.ruler = quick


@settings(max_examples=600, deadline=None)
@given(notes)
@example("text\n    - deep\n- item\n\t- nested\n      # no")
@example("> text\nlazy\n- item\n> more")
def test_the_quick_rules_are_the_stock_ones(text: str) -> None:
    assert _blocks(text, parser().block.ruler) == _blocks(text, _stock_rules())


@settings(max_examples=300, deadline=None)
@given(notes)
@example("a\nb\nc\nd\ne\nf\ng\nh\ni\n---")
@example("- a\n- b\n---")
@example("a\n = ")
def test_an_underline_is_looked_for_where_one_may_be(text: str) -> None:
    quick = _blocks(text, parser().block.ruler)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("offbook.markdown.setext._may_be_underlined", lambda *_: True)
        assert quick == _blocks(text, parser().block.ruler)


def test_every_rule_says_where_it_may_match() -> None:
    """Those that do not are asked everywhere, which is right and slow."""
    assert set(parser().block.ruler.get_active_rules()) == {*_BEGINNINGS, *EVERYWHERE}
