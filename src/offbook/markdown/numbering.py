"""Block rule: an item that counts on opens a list, also right below the text of the one before it.

CommonMark lets a list interrupt a paragraph only where it begins with 1, lest a year at the beginning of a line be an
item. Where the number counts on from one that opens a line above, it is one: `1. …`, `- …`, `2. …` without blank lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore

from offbook.markdown.fences import in_code
from offbook.text import in_capitals

_NUMBERED = re.compile(r"(?m)^([ ]{0,3})(\d{1,3})([.)])[ \t]+(?=\S)")
_FIRST_WITHIN = re.compile(r"[^\S\n]*[^\d\s][^\n]*\s1[.)]\s[^\n]*\n")
_HEADING = re.compile(r"(?m)^ {0,3}#{1,6}\s")
_BOLD = re.compile(r"(\*\*|__)(?=\S)[^*_\n]+\1:?[ \t]*")
_ASKS = re.compile(r"[^\n]*[?？][*_]*[ \t]*$", re.MULTILINE)
_DASHED = re.compile(r"(?m)^(\d{1,3}) ?-(?: (?=[^\W\d])|(?=[^\W\d_a-z]))")
_SPACED = re.compile(r"(?m)(?:\A|(?<=\n\n))(\d{1,3})(?: ?- ?| )(?=[^\W\d])")
_FEWEST_DASHED = 3  # lines
_FEWEST_SPACED = 5
_SECOND = 2
_COUNTS_ON = "offbook counts on"  # a key of the environment


def numbering_plugin(md: MarkdownIt) -> None:
    """Let lines that count on end the paragraph above them; the rule for lists then reads them."""
    md.core.ruler.before("block", "numbers", _numbers)
    md.block.ruler.before("list", "counts_on", _ends_paragraph, {"alt": ["paragraph"]})


def _numbers(state: StateCore) -> None:
    code = _code(state.src)
    _point(state, code)
    _part_nested(state, code)
    _find(state)


def _code(source: str) -> frozenset[int]:
    """Return the positions at which lines of code begin."""
    if "```" not in source and "~~~" not in source:
        return frozenset()
    lines = source.split("\n")
    starts = accumulate((len(line) + 1 for line in lines), initial=0)
    return frozenset(start for start, inside in zip(starts, in_code(lines), strict=False) if inside)


def _point(state: StateCore, code: frozenset[int]) -> None:
    """Write `1.` for `1-` where lines are counted so from 1 on: CommonMark does not know such lists.

    Where each of many paragraphs is counted, and some with a dash, the others may have a space instead.
    """
    spaced = [match for match in _SPACED.finditer(state.src) if match.start() not in code]
    dashed = [match for match in _DASHED.finditer(state.src) if match.start() not in code]
    mixed = 0 < len(dashed) < len(spaced) >= _FEWEST_SPACED and _count(spaced, exactly=True)
    found = spaced if mixed else dashed
    if mixed or (len(found) >= _FEWEST_DASHED and _count(found)):
        state.src = _replaced(state.src, [(match.start(), match.end(), f"{match[1]}. ") for match in found])


def _count(found: Sequence[re.Match[str]], *, exactly: bool = False) -> bool:
    """Whether numbers begin at 1 and rise; one at a time, if they do so `exactly`."""
    steps = pairwise([0, *(int(match[1]) for match in found)])
    rise = all(after == 1 or (after == before + 1 if exactly else after > before) for before, after in steps)
    return rise and int(found[0][1]) <= 1


def _replaced(text: str, spans: Sequence[tuple[int, int, str]]) -> str:
    """Return a text with new texts in place of its `spans`, each from one position to another, in their order."""
    parts: list[str] = []
    end = 0
    for start, stop, new in spans:
        parts += [text[end:start], new]
        end = stop
    return "".join([*parts, text[end:]])


def _part_nested(state: StateCore, code: frozenset[int]) -> None:
    """Write `1)` for `1.` in a list that counts anew within an answer, `2. Which?`, `1. One`, `2. Two`, `3. Why?`.

    CommonMark would take all of them for one list; one of another sign is another list.
    """
    numbered = (match for match in _NUMBERED.finditer(state.src) if not match[1] and match[3] == ".")
    found = [match for match in numbered if match.start() not in code]
    numbers = [int(match[2]) for match in found]
    spans: list[tuple[int, int, str]] = []
    outer = 0  # the number of the last item that is not nested
    index = 0
    while index < len(found):
        count = _nested(state.src, found, numbers, index, outer)
        spans += [(*match.span(3), ")") for match in found[index : index + count]]
        if not count:
            outer = numbers[index]
        index += count or 1
    if spans:
        state.src = _replaced(state.src, spans)


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
    return 0 if _is_parted(source, found[first - 1 : following + 1]) else count


def _is_parted(source: str, found: Sequence[re.Match[str]]) -> bool:
    """Whether a list that counts anew is one of its own: below a heading, or of items that have answers of their own.

    The first one `found` is the outer item above it, and the last one the next outer one. A list with answers that is
    nested in one has no title, and does not ask.
    """
    above, *nested, following = found
    if _HEADING.search(source, above.end(), following.start()):
        return True
    ends = [source.find("\n", match.end()) for match in nested]
    behind = zip(ends, [*(match.start() for match in nested[1:]), following.start()], strict=True)
    answered = sum(bool(source[end:start].strip()) for end, start in behind if end >= 0)
    if 2 * answered <= len(nested):
        return False
    asks = 2 * sum(_ASKS.match(source, match.end()) is not None for match in nested) > len(nested)
    return asks or any(map(_is_title, source[above.end() : nested[0].start()].split("\n")[1:]))


def _is_title(line: str) -> bool:
    """Whether a line is nothing but bold, or in capitals."""
    return in_capitals(line) or _BOLD.fullmatch(line) is not None


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
