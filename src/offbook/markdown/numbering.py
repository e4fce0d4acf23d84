"""Block rule: an item that counts on opens a list, also right below the text of the one before it.

CommonMark lets a list interrupt a paragraph only where it begins with 1, lest a year at the beginning of a line be an
item. Where the number counts on from one that opens a line above, it is one: `1. …`, `- …`, `2. …` without blank lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore

_NUMBERED = re.compile(r"(?m)^([ ]{0,3})(\d{1,3})([.)])[ \t]+(?=\S)")
_FIRST_WITHIN = re.compile(r"[^\S\n]*[^\d\s][^\n]*\s1[.)]\s[^\n]*\n")
_HEADING = re.compile(r"(?m)^ {0,3}#{1,6}\s")
_DASHED = re.compile(r"(?m)^(\d{1,3}) ?- ?(?=[^\W\d])")
_FEWEST_DASHED = 3  # lines
_SECOND = 2
_COUNTS_ON = "offbook counts on"  # a key of the environment


def numbering_plugin(md: MarkdownIt) -> None:
    """Let lines that count on end the paragraph above them; the rule for lists then reads them."""
    md.core.ruler.before("block", "numbers", _numbers)
    md.block.ruler.before("list", "counts_on", _ends_paragraph, {"alt": ["paragraph"]})


def _numbers(state: StateCore) -> None:
    _point(state)
    _part_nested(state)
    _find(state)


def _point(state: StateCore) -> None:
    """Write `1.` for `1-` where lines are counted so from 1 on: CommonMark does not know such lists."""
    numbers = [int(match[1]) for match in _DASHED.finditer(state.src)]
    if len(numbers) >= _FEWEST_DASHED and all(after == 1 or after > before for before, after in pairwise(numbers)):
        state.src = _DASHED.sub(r"\1. ", state.src)


def _part_nested(state: StateCore) -> None:
    """Write `1)` for `1.` in a list that counts anew within an answer, `2. Which?`, `1. One`, `2. Two`, `3. Why?`.

    CommonMark would take all of them for one list; one of another sign is another list.
    """
    found = [match for match in _NUMBERED.finditer(state.src) if not match[1] and match[3] == "."]
    numbers = [int(match[2]) for match in found]
    signs: list[int] = []
    outer = 0  # the number of the last item that is not nested
    index = 0
    while index < len(found):
        count = _nested(state.src, found, numbers, index, outer)
        signs += [match.start(3) for match in found[index : index + count]]
        if not count:
            outer = numbers[index]
        index += count or 1
    if signs:
        parts = [state.src[start:end] for start, end in pairwise([0, *(sign + 1 for sign in signs), len(state.src)])]
        state.src = "".join([*(f"{part[:-1]})" for part in parts[:-1]), parts[-1]])


def _nested(source: str, found: Sequence[re.Match[str]], numbers: Sequence[int], first: int, outer: int) -> int:
    """Return how many numbers from `first` on count anew, so that the one behind them counts on from `outer`; or 0."""
    if numbers[first] != 1 or not outer:
        return 0
    following = next((at for at in range(first, len(numbers)) if numbers[at] != at - first + 1), len(numbers))
    count = following - first
    if outer < count:
        # The next outer number is one that the nested ones come to as well; a blank line may part them.
        apart = [source.endswith("\n\n", 0, match.start()) for match in found[first + 1 : first + outer + 1]]
        count = outer if apart[-1] and not any(apart[:-1]) else count
    following = first + count
    if count < _SECOND or numbers[following : following + 1] != [outer + 1]:
        return 0
    return 0 if _HEADING.search(source, found[first - 1].end(), found[following].start()) else count


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
