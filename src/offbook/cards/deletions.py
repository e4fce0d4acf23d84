"""The deletions of a cloze text: `{{c1::hidden::hint}}` and, where there is none, `==hidden==`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_OPENING = re.compile(r"\{\{c(\d{1,3})::")
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_HIGHLIGHT = re.compile(r"==(?=\S)(.+?)(?<=\S)==(?!=)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Deletion:
    """One deletion; positions are those of the source, marks included."""

    start: int
    end: int
    number: int
    text: str
    hint: str = ""


def parse_deletions(source: str) -> list[Deletion]:
    """Return the outermost deletions of inline source, in order.

    Braces are counted, so that `\\frac{1}{2}` or a nested deletion does not end one early, and code is opaque.
    """
    found: list[Deletion] = []
    position = 0
    code = [match.span() for match in _CODE.finditer(source)]
    while (match := _OPENING.search(source, position)) is not None:
        inside = next((end for start, end in code if start < match.start() < end), None)
        if inside is not None:
            position = inside
            continue
        end = _closing(source, match.end(), code)
        if end is None:
            position = match.end()
            continue
        text, _, hint = source[match.end() : end].partition("::")
        found.append(Deletion(match.start(), end + 2, int(match[1]), text, hint))
        position = end + 2
    if found:
        return found
    return [
        Deletion(match.start(), match.end(), number, match[1])
        for number, match in enumerate(
            (m for m in _HIGHLIGHT.finditer(source) if not any(s < m.start() < e for s, e in code)), 1
        )
    ]


def _closing(source: str, position: int, code: list[tuple[int, int]]) -> int | None:
    depth = 0
    spans = dict(code)
    while position < len(source):
        if position in spans:
            position = spans[position]
            continue
        if source[position] == "{":
            depth += 1
        elif source[position] == "}":
            if depth == 0:
                return position if source.startswith("}}", position) else None
            depth -= 1
        position += 1
    return None


def deletions(source: str) -> tuple[str, list[str]]:
    """Return the source with `[…]` (or the hint in brackets) for each deletion, and what was deleted."""
    parts: list[str] = []
    position = 0
    found = parse_deletions(source)
    for deletion in found:
        parts += [source[position : deletion.start], f"\\[{deletion.hint or '…'}\\]"]
        position = deletion.end
    return "".join([*parts, source[position:]]), [deletion.text for deletion in found]
