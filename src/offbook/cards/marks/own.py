"""Marks of the writer's own, as the settings name them: a line with which questions open."""

from __future__ import annotations

import re
from collections.abc import Iterator

from offbook.cards.card import Finding
from offbook.cards.marks.source import blocks, with_code
from offbook.cards.page import Page
from offbook.markdown.blocks import paragraph

NAME = "own"
_RULE = r"(?:-\s*){3,}$|(?:\*\s*){3,}$|(?:_\s*){3,}$"
_PLACE = "{question}"


def find(page: Page) -> Iterator[Finding]:
    """Take lines of the writer's pattern; what follows, up to the next one, a heading or a rule, answers.

    Where the pattern is a heading, headings below it are part of the answer.
    """
    for pattern in page.own.questions:
        before, _, behind = (part.strip() for part in pattern.partition(_PLACE))
        level = len(before) if before and not before.strip("#") else 0
        opening = f"{before}(?!#)" if level else re.escape(before)
        line_of = re.compile(rf"\s*{opening}\s*(?P<question>\S.*?)\s*{re.escape(behind)}\s*")
        ends = re.compile(rf"\s{{0,3}}(?:#{{1,{level or 6}}}\s|{_RULE})")
        yield from _cards(page, pattern, line_of, ends)


def _cards(page: Page, pattern: str, line_of: re.Pattern[str], ends: re.Pattern[str]) -> Iterator[Finding]:
    first, lines = page.document.root.line, list(with_code(page.lines))
    asked = {index: None for index, (line, fence) in enumerate(lines) if not fence and line_of.fullmatch(line)}
    for at in asked:
        end = at + 1
        while end < len(lines) and (lines[end][1] or not (ends.match(lines[end][0]) or end in asked)):
            end += 1
        match = line_of.fullmatch(lines[at][0])
        assert match is not None
        answer = blocks((line for line, _ in lines[at + 1 : end]), first + at + 1)
        question = paragraph(match["question"], first + at)
        yield Finding(NAME, f"marked `{pattern}`", [question], answer, claims=[(first + at, first + at + 1)])
