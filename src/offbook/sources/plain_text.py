"""Turns a text file into Markdown that says the same: what would be a mark in Markdown is text here.

Lists, boxes, numbers and rules of signs stay, since people draw them in plain text, too. So do `#card` and comments,
which are offbook's own. The lines of a table are code, each by itself, so that its columns stay. Lines keep their
numbers.
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
_RULER = re.compile(r"[ \t]*[+┌├└╔╠╚]?(?:[-=─━═]{2,}(?:[+┬┼┴╦╬╩]|[ \t]+(?=[-=─━═])))+[-=─━═]*[+┐┤┘╗╣╝]?[ \t]*")
"""A rule in pieces, each as wide as a column: `------ ---`, `+----+---+`."""
_ROW = re.compile(r"[ \t]*[|│║].*[|│║][ \t]*")
_DELIMITER = re.compile(r"(?=[^|\n]*\|)[ \t:|]*-[ \t:|-]*")
"""What makes a table in Markdown, which is one here as well."""
_FEWEST_ROWS = 2
_ENDS_TABLE = re.compile(r".*[?？]\s*|[ \t]*(?:[-*+•]|\d{1,9}[.)]|[QA][.:])[ \t].*")
_ONLY_QUESTION_MARKS = re.compile(r"[ \t]*\?{1,2}[ \t]*")
"""A separator of obsidian-spaced-repetition, and in plain text an answer that is still to be found."""
_TICKS = re.compile("`+")
_TAB = 4  # spaces
_KEY = re.compile(r"(?i)(?P<key>company|interview)[ \t]*:[ \t]*(?P<value>\S.*)")
_FIRST_LINES = 5  # in which keys may stand
_LONGEST_NAME = 5  # words of a company's


def as_markdown(text: str) -> str:
    """Return a text file's text as Markdown."""
    lines = list(_outdented(_with_bullets([_without_tabs(line) for line in text.split("\n")])))
    code = _code(lines)
    tables = {number: indent for number, indent in _tables(lines) if number not in code}
    pairs = enumerate(pairwise(["", *lines]))
    return "\n".join(
        line if index in code else _as_code(line, tables[index]) if index in tables else _line(line, above)
        for index, (above, line) in pairs
    )


def _without_tabs(line: str) -> str:
    """Return a line with spaces for the tabs in front of its text, as an editor shows them."""
    text = line.lstrip(" \t")
    return line[: len(line) - len(text)].expandtabs(_TAB) + text


def _tables(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Yield the lines of tables, each with how far its table stands in."""
    index = 0
    for is_text, group in groupby(lines, lambda line: bool(line.strip())):
        block = list(group)
        first, end = _table(block) if is_text else (0, 0)
        indent = min((len(line) - len(line.lstrip()) for line in block[first:end]), default=0)
        yield from ((index + at, indent) for at in range(first, end))
        index += len(block)


def _table(block: list[str]) -> tuple[int, int]:
    """Return where a table begins and ends among lines without a blank one; nowhere if there is none.

    Rows stand between lines, or below a rule in pieces, with the names of the columns above that.
    """
    if any(map(_DELIMITER.fullmatch, block)):
        return 0, 0
    rows = [at for at, line in enumerate(block) if _ROW.fullmatch(line)]
    if len(rows) >= _FEWEST_ROWS:
        first, last = rows[0], rows[-1]
        return first - _is_rule(block, first - 1), last + 1 + _is_rule(block, last + 1)
    ruler = next((at for at in range(len(block) - 1) if _is_over_columns(block[at], block[at + 1])), None)
    if ruler is None:
        return 0, 0
    named = ruler > 0 and _is_over_columns(block[ruler], block[ruler - 1])
    below = range(ruler + 1, len(block))
    return ruler - named, next((at for at in below if _ENDS_TABLE.fullmatch(block[at])), len(block))


def _is_over_columns(ruler: str, line: str) -> bool:
    """Whether a line is a rule in pieces, and another one has spaces where the pieces end, as a row of a table has."""
    if not _RULER.fullmatch(ruler) or _ENDS_TABLE.fullmatch(line):
        return False
    gaps = [at for at, sign in enumerate(ruler.rstrip()) if sign.isspace() and ruler[:at].strip()]
    return bool(gaps) and all(line[at : at + 1].strip() == "" for at in gaps)


def _is_rule(block: list[str], at: int) -> bool:
    return 0 <= at < len(block) and bool(_RULE.fullmatch(block[at]) or _RULER.fullmatch(block[at]))


def _as_code(line: str, indent: int) -> str:
    """Return a line as inline code, which keeps its spaces and means nothing else."""
    text = line[indent:].rstrip()
    fence = "`" * (max(map(len, _TICKS.findall(text)), default=0) + 1)
    apart = " " if "`" in text[:1] + text[-1:] else ""
    return f"{' ' * min(indent, _LARGEST_INDENT)}{fence}{apart}{text}{apart}{fence}"


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
    if _ONLY_QUESTION_MARKS.fullmatch(line):
        return line.replace("?", "\\?")
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
