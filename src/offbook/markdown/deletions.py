"""The deletions of a cloze text: `{{c1::hidden::hint}}` and, where there is none, `==hidden==`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from offbook.markdown.plain import CODE_SPAN

_OPENING = re.compile(r"\{\{c(\d{1,3})::")
_MARK = re.compile(r"\{\{c\d{1,3}::|[{}]|`+")
# Where `::` opens no hint: in code and in formulas.
_OPAQUE = re.compile(r"(?<!`)(`++).*?(?<!`)\1(?!`)|\$\$.+?\$\$|\$[^\s$](?:[^$]*[^\s$])?\$", re.DOTALL)
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
    code = [match.span() for match in CODE_SPAN.finditer(source)]
    found = [_deletion(source, start, end) for start, end in _outermost(source, code)]
    if found:
        return found
    highlights = (m for m in _HIGHLIGHT.finditer(source) if not any(s < m.start() < e for s, e in code))
    return [Deletion(m.start(), m.end(), number, m[1]) for number, m in enumerate(highlights, 1)]


def _deletion(source: str, start: int, end: int) -> Deletion:
    opening = _OPENING.match(source, start)
    assert opening is not None
    text, hint = _hint(source[opening.end() : end - 2])
    return Deletion(start, end, int(opening[1]), text, hint)


def _hint(inner: str) -> tuple[str, str]:
    """Part what is hidden from its hint; `::` in code, in a formula or in a deletion inside opens none."""
    masked = _OPAQUE.sub(_blank, inner)
    for deletion in parse_deletions(inner) if _OPENING.search(inner) else ():
        masked = masked[: deletion.start] + " " * (deletion.end - deletion.start) + masked[deletion.end :]
    at = masked.find("::")
    return (inner, "") if at < 0 else (inner[:at], inner[at + 2 :].strip())


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _outermost(source: str, code: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return where the deletions begin and end that are in no other one; a single pass."""
    spans: list[tuple[int, int]] = []
    opened: list[int] = []  # where deletions and, as -1, plain braces opened
    position = 0
    code_ends = dict(code)
    for mark in _MARK.finditer(source):
        if mark.start() < position:
            continue
        position = code_ends.get(mark.start(), mark.end())
        if mark[0].startswith("{{c"):
            opened.append(mark.start())
        elif mark[0] == "{":
            opened.append(-1)
        elif mark[0] == "}" and opened:
            if opened[-1] < 0:
                opened.pop()
            elif source.startswith("}}", mark.start()):
                position = mark.start() + 2
                spans.append((opened.pop(), position))
    outermost: list[tuple[int, int]] = []
    for span in sorted(spans):
        if not outermost or span[0] >= outermost[-1][1]:
            outermost.append(span)
    return outermost


def deletions(source: str) -> tuple[str, list[str]]:
    """Return the source with `[…]` (or the hint in brackets) for each deletion, and what was deleted."""
    parts: list[str] = []
    position = 0
    found = parse_deletions(source)
    for deletion in found:
        parts += [source[position : deletion.start], f"\\[{deletion.hint or '…'}\\]"]
        position = deletion.end
    return "".join([*parts, source[position:]]), [deletion.text for deletion in found]
