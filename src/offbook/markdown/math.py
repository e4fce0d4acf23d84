"""Rules for formulas: `$…$`, `$$…$$`, LaTeX's `\\(…\\)` and `\\[…\\]`; Anki's `[$]…[/$]` is none of these."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_inline_dollar

from offbook.markdown.html_names import GAP_MARK, OWN
from offbook.markdown.opaque import TEX, is_tex

_dollar_math = math_inline_dollar(allow_space=False, allow_digits=False, allow_double=True)
_LATEX_MARK = re.compile(r"\[/?\$\$?\]")


def math_plugin(md: MarkdownIt) -> None:
    """Make tokens `math_inline`, `math_inline_double` and `math_block`; `content` is the formula."""
    md.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    md.inline.ruler.at("math_inline", _math)
    md.inline.ruler.before("escape", "latex_mark", _latex_mark)
    md.inline.ruler.before("escape", "tex", _tex)
    md.block.ruler.before("fence", "tex_block", _tex_block, {"alt": ["paragraph", "blockquote", "list"]})


def _math(state: StateInline, silent: bool) -> bool:
    """Call the plugin's rule on the text up to `posMax`, with a line break behind it.

    By itself it reads beyond `posMax`, and before a `$` at position 0 it reads `src[-1]`, the last character. What ends
    in code is no formula: "$5 in `$HOME`".
    """
    start, source = state.pos, state.src
    if source[start] != "$":
        return False
    state.src = source[: state.posMax] + "\n"
    try:
        if OWN in source or "`" in source:
            if not _dollar_math(state, True):
                return False
            formula, state.pos = source[start : state.pos], start
            if formula.count("`") % 2 or _is_split(formula):
                return False
        return _dollar_math(state, silent)
    finally:
        state.src = source


def _is_split(formula: str) -> bool:
    """Whether a gap begins in a formula and ends behind it, or the other way round: half a formula is none."""
    depth = 0
    for mark in GAP_MARK.finditer(formula):
        depth += -1 if mark[1] == "ends" else 1
        if depth < 0:
            return True
    return depth > 0


def _latex_mark(state: StateInline, silent: bool) -> bool:
    """Match `[$]` and `[/$]` as text: they are Anki's marks around a formula, not a formula between brackets."""
    match = _LATEX_MARK.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.pending += match[0]
    state.pos = match.end()
    return True


def _tex(state: StateInline, silent: bool) -> bool:
    """Match `\\(…\\)` and `\\[…\\]`, as chats and LaTeX write formulas."""
    match = TEX.match(state.src, state.pos, state.posMax)
    if match is None or not is_tex(match[0]) or _is_split(match[0]):
        return False
    if not silent:
        is_inline = match["inline"] is not None
        token = state.push("math_inline" if is_inline else "math_inline_double", "math", 0)
        token.content, token.markup = match["inline"] or match["display"], "$" if is_inline else "$$"
    state.pos = match.end()
    return True


def _tex_block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match `\\[` … `\\]` over whole lines, of which none is blank, so that nothing in it is a list or a rule."""
    start = state.bMarks[start_line] + state.tShift[start_line]
    if not state.src.startswith("\\[", start) or state.is_code_block(start_line):
        return False
    last = start_line
    while not state.src[: state.eMarks[last]].endswith("\\]", start, state.eMarks[last]):
        last += 1
        if last >= end_line or state.isEmpty(last) or state.sCount[last] < state.blkIndent:
            return False
        if state.src.find("\\[", state.bMarks[last], state.eMarks[last]) >= 0:
            return False
    text = state.getLines(start_line, last + 1, state.blkIndent, False).strip()
    match = TEX.fullmatch(text)
    if match is None or not is_tex(text):
        return False
    if not silent:
        token = state.push("math_block", "math", 0)
        token.block, token.content, token.markup, token.map = True, match["display"], "$$", [start_line, last + 1]
        state.line = last + 1
    return True
