"""A note's source by its lines: Markdown swallows marks such as `?` and `END` into the list or paragraph above them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

from offbook.markdown import Block, parse

_FENCE = re.compile(r"[ \t>]*(?P<mark>`{3,}|~{3,}|\$\$(?=[ \t]*\Z))(?P<info>.*)")
_HEADING = re.compile(r"#{1,6}\s")


def with_code(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each line with the fence that it stands in or opens, with its language; nothing for what is no code."""
    fence = ""
    for line in lines:
        match = _FENCE.match(line)
        if match is None or (fence and not fence.startswith(match["mark"][:3])):
            yield line, fence
        elif fence:
            yield line, fence
            if len(match["mark"]) >= len(fence.split(" ")[0]) and not match["info"].strip():
                fence = ""
        else:
            fence = f"{match['mark']} {match['info'].strip()}"
            yield line, fence


def stanzas(lines: list[tuple[str, str]]) -> Iterator[tuple[int, int]]:
    """Yield where lines without a blank line between them begin and end; a heading is alone."""
    start = -1
    for index, (line, fence) in enumerate([*lines, ("", "")]):
        parts = not fence and (not line.strip() or _HEADING.match(line))
        if parts and start >= 0:
            yield start, index
            start = -1
        elif not parts and start < 0:
            start = index


def blocks(lines: Iterable[str], first_line: int) -> list[Block]:
    """Return the blocks of lines, the first of which is line `first_line` of its file."""
    return list(parse(textwrap.dedent("\n".join(lines)), first_line).root.children)
