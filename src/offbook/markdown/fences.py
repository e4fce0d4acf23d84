"""Where code stands in a text that is not parsed yet: between fences of backticks or tildes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_FENCE = re.compile(r"[ \t]*(?:(`{3,})(?=[^`]*\Z)|(~{3,}))(?P<info>.*)")


def in_code(lines: Sequence[str]) -> list[bool]:
    """Return for each line whether it is code, or a fence around it."""
    inside = [False] * len(lines)
    for first, last in fences(lines):
        inside[first : last + 1] = [True] * (last + 1 - first)
    return inside


def fences(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last line of each fence; one that is not closed ends with the text.

    Backticks with others behind them on their line are code in a text, and what closes a fence has nothing behind it
    (CommonMark 4.5).
    """
    first, fence = 0, ""
    for index, line in enumerate(lines):
        match = _FENCE.match(line)
        signs = (match[1] or match[2]) if match else ""
        if match and not fence:
            first, fence = index, signs
        elif match and signs.startswith(fence) and not match["info"].strip():
            yield first, index
            fence = ""
    if fence:
        yield first, len(lines) - 1
