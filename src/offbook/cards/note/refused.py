"""`%%no card%%`, and a task that is cancelled, `- [-] …`: what the writer keeps from being a card."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import takewhile

NO_CARD = re.compile(r"(?:%%|<!--)\s*no[ -]?card\s*(?:%%|-->)", re.IGNORECASE)
_CANCELLED = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[-\][ \t]")
_ROW = re.compile(r"[ \t>]*\|")
_HEADING = re.compile(r"[ \t>]*#{1,6}\s")


def refused_lines(lines: Sequence[str], asks: Callable[[str], object]) -> frozenset[int]:
    """Return the lines, by index, that are no card's: cancelled tasks, and what a comment "no card" is about.

    `asks` says whether a line is a question. The comment is in the line, alone on the line above, or the first thing
    below a heading or a question, unless another one follows at once that is indented as far. Right above a table, or
    right below one, it is about all rows.
    """
    found = {index for index, line in enumerate(lines) if "[-]" in line and _CANCELLED.match(line)}
    for index, line in enumerate(lines):
        match = NO_CARD.search(line) if "no" in line.lower() else None
        if match is None:
            continue
        if (line[: match.start()] + line[match.end() :]).strip(" \t>-*+"):
            found.add(index)
            continue
        following = lines[index + 1] if index + 1 < len(lines) else ""
        is_inside = _indent(line) > _indent(following)  # of an item, and not over the next one
        if not is_inside:
            found.add(index + 1)
        found.update(takewhile(lambda at: _ROW.match(lines[at]), range(index + 1, len(lines))))
        found.update(takewhile(lambda at: _ROW.match(lines[at]), range(index - 1, -1, -1)))
        if is_inside or not (_HEADING.match(following) or asks(following)):
            above = next((number for number in range(index - 1, -1, -1) if lines[number].strip(" \t>%")), None)
            if above is not None:
                at_once = all(line.strip() for line in lines[above + 1 : index])
                found.update([above] if _HEADING.match(lines[above]) or (at_once and asks(lines[above])) else [])
    return frozenset(found)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))
