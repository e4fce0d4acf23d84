"""Marks of the writer's own, as the settings name them: a line with which questions open."""

from __future__ import annotations

import re
from collections.abc import Iterator

from offbook.cards.marks.source import blocks, with_code
from offbook.cards.note.finding import Finding
from offbook.cards.note.page import Page
from offbook.markdown.blocks import paragraph

NAME = "own"
_RULE = r"(?:-\s*){3,}$|(?:\*\s*){3,}$|(?:_\s*){3,}$"
_PLACE = "{question}"
_HEADING = re.compile(r"\s*(#{1,6})\s")


def find(page: Page) -> Iterator[Finding]:
    """Take lines of the writer's pattern, before any other mark; `answer` gives them what follows."""
    lines = list(with_code(page.lines)) if page.rules.own.questions else []
    for pattern in page.rules.own.questions:
        line_of = _pattern(pattern)
        for number, (line, fence) in enumerate(lines, page.document.root.line):
            match = None if fence else line_of.fullmatch(line)
            if match is not None:
                question = paragraph(match["question"], number)
                yield Finding(NAME, f"marked `{pattern}`", [question], [], claims=[(number, number + 1)])


def answer(page: Page) -> None:
    """Give each line that `find` took what follows, up to another card, a heading or a rule.

    Where the pattern is a heading, headings below it are part of the answer.
    """
    own = [finding for finding in page.findings if finding.dialect == NAME]
    first, lines = page.document.root.line, list(with_code(page.lines)) if own else []
    for finding in own:
        level = _level(page.line(finding.line))
        ends = re.compile(rf"\s{{0,3}}(?:#{{1,{level or 6}}}\s|{_RULE})")
        start = end = finding.line + 1
        while end - first < len(lines) and not page.is_claimed(end):
            line, fence = lines[end - first]
            if not fence and ends.match(line):
                break
            end += 1
        below = [line for line, _ in lines[start - first : end - first]]
        page.give(finding, blocks(_unlabelled(page, below), start))


def _unlabelled(page: Page, lines: list[str]) -> Iterator[str]:
    """Yield the lines, the first with a text without the writer's own label of answers."""
    labels = "|".join(map(_as_pattern, page.rules.own.answers))
    label = re.compile(rf"(\s*)[*_]*(?:{labels})[*_]*(?:\s+|\Z)", re.IGNORECASE) if labels else None
    for line in lines:
        yield label.sub(r"\1", line, count=1) if label and label.match(line) else line
        label = label if not line.strip() else None


def _as_pattern(label: str) -> str:
    """Return a pattern of a label of answers, with its sign; one without takes a colon."""
    label = label.strip()
    return re.escape(label) if not label[-1:].isalnum() else rf"{re.escape(label)}[*_]*\s?[:：]"


def _pattern(pattern: str) -> re.Pattern[str]:
    before, _, behind = (part.strip() for part in pattern.partition(_PLACE))
    opening = _escaped(before) + ("(?!#)" if _level(f"{before} ") else "")
    return re.compile(rf"\s*{opening}\s*(?P<question>\S.*?)\s*{_escaped(behind)}\s*")


def _escaped(text: str) -> str:
    """Return a pattern of a text, the signs of which may be escaped, as those of a text file are."""
    return "".join(re.escape(sign) if sign.isalnum() or sign.isspace() else rf"\\?{re.escape(sign)}" for sign in text)


def _level(line: str) -> int:
    """Return the level of a heading; 0 of another line."""
    match = _HEADING.match(line)
    return len(match[1]) if match else 0
