"""Block rule: an item that counts on opens a list, also right below the text of the one before it.

CommonMark lets a list interrupt a paragraph only where it begins with 1, lest a year at the beginning of a line be an
item. Where the number counts on from one that opens a line above, it is one: `1. …`, `- …`, `2. …` without blank lines.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore

_NUMBERED = re.compile(r"(?m)^([ ]{0,3})(\d{1,3})([.)])[ \t]+(?=\S)")
_FIRST_WITHIN = re.compile(r"[^\S\n]*[^\d\s][^\n]*\s1[.)]\s[^\n]*\n")
_SECOND = 2
_COUNTS_ON = "offbook counts on"  # a key of the environment


def numbering_plugin(md: MarkdownIt) -> None:
    """Let lines that count on end the paragraph above them; the rule for lists then reads them."""
    md.core.ruler.before("block", "numbers", _find)
    md.block.ruler.before("list", "counts_on", _ends_paragraph, {"alt": ["paragraph"]})


def _find(state: StateCore) -> None:
    """Note the positions of lines whose number is one more than the last one that is written and indented so."""
    last: dict[tuple[int, str], int] = {}
    found: set[int] = set()
    within: set[int] = set()
    for match in _NUMBERED.finditer(state.src):
        key = len(match[1]), match[3]
        number = int(match[2])
        if _counts_within(state.src, match.start(), number, within):
            within.add(match.start())
            continue
        if number > 1 and last.get(key) == number - 1:
            found.add(match.start())
        last[key] = number
    if found:
        state.env[_COUNTS_ON] = found


def _counts_within(source: str, start: int, number: int, within: set[int]) -> bool:
    """Whether a line goes on with a text that counts within its lines: `A. 1) …`, below it `   2) …`."""
    above = source.rfind("\n", 0, max(start - 1, 0)) + 1
    return above in within or (number == _SECOND and bool(_FIRST_WITHIN.fullmatch(source, above, start)))


def _ends_paragraph(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    return silent and state.bMarks[start_line] in state.env.get(_COUNTS_ON, ())
