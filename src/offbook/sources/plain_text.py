"""Turns a text file into Markdown that says the same: what would be a mark in Markdown is text here.

Lists, boxes, numbers and rules of signs stay, since people draw them in plain text, too. So do `#card` and comments,
which are offbook's own. Lines keep their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_RULE = re.compile(r"[ \t]*([-=*~_#+.—–─━═])\1{2,}+[ \t]*+(?:\S.*\1{3,})?[ \t]*")
_OPENING = re.compile(r"[ \t]*(?:(?:[-*+•]|\d{1,9}[.)])[ \t]+)*(?:\[[ xX]\][ \t])?")
_MARKS = re.compile(r"[\\*_`<$]|~~|==|\[\[|\A#(?=#*\s)|\A>")
_INDENT = re.compile(r"\A[ \t]{3,}(?![-*+•]\s|\d{1,9}[.)]\s|\s)")
_KEY = re.compile(r"(?i)(?P<key>company|interview)[ \t]*:[ \t]*(?P<value>\S.*)")
_FIRST_LINES = 5  # in which keys may stand


def as_markdown(text: str) -> str:
    """Return a text file's text as Markdown."""
    lines = text.split("\n")
    above = ["", *lines]
    return "\n".join(_line(line, is_apart=not before.strip()) for line, before in zip(lines, above, strict=False))


def _line(line: str, *, is_apart: bool) -> str:
    if not line.strip() or _RULE.fullmatch(line):
        return line
    if is_apart:
        line = _INDENT.sub("  ", line)  # else it would be code
    opening = _OPENING.match(line)
    start = opening.end() if opening else 0
    return line[:start] + _MARKS.sub(lambda mark: "".join(f"\\{sign}" for sign in mark[0]), line[start:])


def keys(text: str) -> Iterator[tuple[str, int, Any]]:
    """Yield keys that stand in the first lines of a text file, with their lines, from 0, and their values."""
    for number, line in enumerate(text.split("\n", _FIRST_LINES)[:_FIRST_LINES]):
        if match := _KEY.fullmatch(line.strip()):
            yield match["key"].lower(), number, match["value"].strip()
