"""Inline rule: `==highlight==`."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_CLOSING = re.compile(r"(?<=[^\s=])==(?!=)")
_NO_CLOSING_AFTER = -2  # a key of the state's cache; markdown-it's own keys are positions, from 0


def highlight_plugin(md: MarkdownIt) -> None:
    """Make tokens `mark_open` and `mark_close` around the highlighted text."""
    md.inline.ruler.before("emphasis", "highlight", _highlight)


def _highlight(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if not state.src.startswith("==", start) or start + 2 >= state.posMax:
        return False
    if state.src[start + 2] in " \t\n=" or state.cache.get(_NO_CLOSING_AFTER, state.posMax) <= start:
        return False
    closing = _CLOSING.search(state.src, start + 3, state.posMax)
    if closing is None:
        # Later openings are not closed either: a line of a million must not be searched a million times.
        state.cache[_NO_CLOSING_AFTER] = start
        return False
    if not silent:
        outer_max = state.posMax
        state.push("mark_open", "mark", 1)
        state.pos, state.posMax = start + 2, closing.start()
        state.md.inline.tokenize(state)
        state.push("mark_close", "mark", -1)
        state.posMax = outer_max
    state.pos = closing.end()
    return True
