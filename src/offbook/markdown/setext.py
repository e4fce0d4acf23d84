"""Block rule: a line of dashes right under a text is more often a thematic break than the underline of a heading."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, lheading

_ENDS_A_SENTENCE = re.compile(r"[.!:;,。！][\"'”’)\]*_]*\Z")
_SHORTEST_UNDERLINE = 2  # a single dash is an empty list item
_LONGEST_HEADING = 80  # characters
_FEW_LINES = 8  # looked at below a text; all of them, at each item of a long list, would take its square


def setext_plugin(md: MarkdownIt) -> None:
    """Read `text` over `---` as a paragraph and a thematic break unless the text looks like a heading."""
    md.block.ruler.at("lheading", _setext)


def _setext(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if not _may_be_underlined(state, start_line, end_line):
        return False
    before, line = len(state.tokens), state.line
    if not lheading(state, start_line, end_line, silent):
        return False
    opening, inline = state.tokens[before], state.tokens[before + 1]
    underline = state.src[state.bMarks[state.line - 1] : state.eMarks[state.line - 1]].strip(" \t>")
    if len(underline) >= _SHORTEST_UNDERLINE and (opening.markup == "=" or _is_heading(inline.content)):
        return True
    del state.tokens[before:]
    state.line = line
    return False


def _may_be_underlined(state: StateBlock, start_line: int, end_line: int) -> bool:
    """Whether one of the next lines may be an underline. markdown-it asks every other rule at each of them first."""
    for line in range(start_line + 1, min(end_line, start_line + _FEW_LINES)):
        end = state.eMarks[line]
        if state.bMarks[line] + state.tShift[line] >= end:
            return False
        if state.src[end - 1] in "-= \t":
            return True
    return start_line + _FEW_LINES < end_line


def _is_heading(text: str) -> bool:
    return "\n" not in text and len(text) <= _LONGEST_HEADING and not _ENDS_A_SENTENCE.search(text)
