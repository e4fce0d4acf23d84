"""Turns a text file into Markdown that says the same: what would be a mark in Markdown is text here.

Lists, boxes, numbers and rules of signs stay, since people draw them in plain text, too. So do `#card` and comments,
which are offbook's own. Lines keep their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Any

_RULE = re.compile(r"[ \t]*([-=*~_#+.—–─━═])\1{2,}+[ \t]*+(?:\S.*\1{3,})?[ \t]*")
_TILDES = re.compile(r"[ \t]*~{3,}[ \t]*")
_OPENING = re.compile(r"[ \t]*(?:(?:[-*+•]|\d{1,9}[.)])[ \t]+)*(?:\[[ xX]\][ \t])?")
_MARKS = re.compile(
    r"(?P<kept>\bhttps?://[^\s<>]+|(?<!\S)==>(?!\S))|[\\*_`<$]|~~|==|\[\[|\A#(?=#*\s)|\A>|(?<!\S)#(?=\w)(?!(?i:(?:flash)?cards?|cloze)\b)"
)
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,9}[.)])[ \t]")
_O_BULLET = re.compile(r"\A([ \t]*)o[ \t]+(?=[A-ZÀ-Þ0-9\"“(])")
_FEWEST_BULLETS = 2
_LARGEST_INDENT = 3  # spaces; what stands further in would be code
_INDENT = re.compile(r"\A[ \t]{3,}(?![-*+•]\s|\d{1,9}[.)]\s|\s)")
_CODE_INDENT = " " * (_LARGEST_INDENT + 1)
_LOOKS_LIKE_CODE = re.compile(
    r"[;{}]\s*\Z|\w\([^()]*\)\s*:?\s*\Z|[\w\])]\s*[-+*/:]?=\s*\S"
    r"|\A\s*(?:def|class|for|while|if|elif|else|try|with)\b.*:\s*\Z|\A\s*(?:return|import|from|print)\b[^.,]*\Z"
    r"|\A\s*(?:SELECT|FROM|WHERE|WITH|GROUP BY|ORDER BY|JOIN|INSERT|UPDATE|CREATE)\b|\A\s*[$>#] \S|\A\s*(?://|--|/\*)"
)
_KEY = re.compile(r"(?i)(?P<key>company|interview)[ \t]*:[ \t]*(?P<value>\S.*)")
_FIRST_LINES = 5  # in which keys may stand
_LONGEST_NAME = 5  # words of a company's


def as_markdown(text: str) -> str:
    """Return a text file's text as Markdown."""
    lines = list(_outdented(_with_bullets(text.split("\n"))))
    code = _code(lines)
    pairs = enumerate(pairwise(["", *lines]))
    return "\n".join(line if index in code else _line(line, above) for index, (above, line) in pairs)


def _with_bullets(lines: list[str]) -> list[str]:
    """Return the lines with a dash for the letter o, where several begin with it as with a bullet: `o She asked`.

    Where a line of prose stands right above one of them it is a word: in Spanish and Italian "or", in Portuguese "the".
    """
    with_o = [_O_BULLET.sub(r"\1- ", line) for line in lines]
    found = [index for index, line in enumerate(lines) if with_o[index] != line]
    below_prose = any(
        index and lines[index - 1].strip() and lines[index - 1][:1].strip() and index - 1 not in found
        for index in found
    )
    return with_o if len(found) >= _FEWEST_BULLETS and not below_prose else lines


def _code(lines: list[str]) -> set[int]:
    """Return the lines that are code: they stand further in than a paragraph does, in no list, and most look so."""
    found: set[int] = set()
    above = ""  # the last line of the text above
    index = 0
    for is_text, group in groupby(lines, lambda line: bool(line.strip())):
        block = list(group)
        if is_text:
            in_list = _ITEM.match(above) or above[:1].isspace()
            far_in = all(line.startswith(_CODE_INDENT) and not _ITEM.match(line) for line in block)
            if far_in and not in_list and 2 * sum(map(bool, map(_LOOKS_LIKE_CODE.search, block))) >= len(block):
                found.update(range(index, index + len(block)))
            above = "" if index in found else block[-1]
        index += len(block)
    return found


def _outdented(lines: list[str]) -> Iterator[str]:
    """Yield the lines, those of a list that stands far in below a blank line as one that does not: it is no code."""
    cut, in_list, blank = 0, False, True
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        if not line.strip():
            blank = True
            yield line
            continue
        if indent < cut or (blank and not in_list):
            cut = indent - 1 if indent > _LARGEST_INDENT and blank and not in_list and _ITEM.match(line) else 0
        in_list = bool(_ITEM.match(line)) or (in_list and indent > 0)
        blank = False
        yield line[cut:]


def _line(line: str, above: str) -> str:
    if _TILDES.fullmatch(line):
        return "***" if not above.strip() else "-" * len(line.strip())  # they open no code here
    if not line.strip() or _RULE.fullmatch(line):
        return line
    if not above.strip():
        line = _INDENT.sub("  ", line)  # else it would be code
    opening = _OPENING.match(line)
    start = opening.end() if opening else 0
    return line[:start] + _MARKS.sub(_as_text, line[start:])


def _as_text(mark: re.Match[str]) -> str:
    return mark[0] if mark["kept"] else "".join(f"\\{sign}" for sign in mark[0])


def keys(text: str) -> Iterator[tuple[str, int, Any]]:
    """Yield keys that stand in the first lines of a text file, with their lines, from 0, and their values."""
    for number, line in enumerate(text.split("\n", _FIRST_LINES)[:_FIRST_LINES]):
        match = _KEY.fullmatch(line.strip())
        if match and (match["key"].lower() != "company" or len(match["value"].split()) <= _LONGEST_NAME):
            yield match["key"].lower(), number, match["value"].strip()
