"""Inline rule: `$…$` and `$$…$$`, and what only looks like it."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_inline_dollar

_dollar_math = math_inline_dollar(allow_space=False, allow_digits=False, allow_double=True)
_LATEX_MARK = re.compile(r"\[/?\$\$?\]")


def math_plugin(md: MarkdownIt) -> None:
    """Make tokens `math_inline`, `math_inline_double` and `math_block`; `content` is the formula."""
    md.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    md.inline.ruler.at("math_inline", _math)
    md.inline.ruler.before("escape", "latex_mark", _latex_mark)


def _math(state: StateInline, silent: bool) -> bool:
    """Wrap the plugin's rule, which at a text's beginning looks at its end, and does not stop at that of a part."""
    if state.src[state.pos] != "$":
        return False
    source = state.src
    state.src = source[: state.posMax] + "\n"
    try:
        return _dollar_math(state, silent)
    finally:
        state.src = source


def _latex_mark(state: StateInline, silent: bool) -> bool:
    """Take `[$]` and `[/$]` as text: Anki's marks around a formula, not a formula between brackets."""
    match = _LATEX_MARK.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.pending += match[0]
    state.pos = match.end()
    return True
