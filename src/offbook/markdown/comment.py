"""Rules: Obsidian's `%%comment%%`, in a line (inline rule) and over whole lines (block rule)."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline


def comment_plugin(md: MarkdownIt) -> None:
    """Leave comments out: they make no token."""
    md.inline.ruler.before("emphasis", "comment", _inline)
    md.block.ruler.before("fence", "comment", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]})


def _inline(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("%%", state.pos):
        return False
    closing = state.src.find("%%", state.pos + 2, state.posMax)
    if closing < 0:
        return False
    state.pos = closing + 2
    return True


def _block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match whole lines; a comment with text before or behind it on its lines is the inline rule's."""
    start = state.bMarks[start_line] + state.tShift[start_line]
    if not state.src.startswith("%%", start) or state.is_code_block(start_line):
        return False
    closing = state.src.find("%%", start + 2, state.eMarks[end_line - 1])
    if closing < 0:
        return False
    last = start_line
    while state.eMarks[last] < closing:
        last += 1
    if state.src[closing + 2 : state.eMarks[last]].strip():
        return False
    if not silent:
        state.line = last + 1
    return True
