"""A paragraph whose lines read `question → answer`."""

from __future__ import annotations

from collections.abc import Iterator

from offbook.cards.card import Finding
from offbook.cards.one_line import ARROW, asks
from offbook.cards.page import Page
from offbook.markdown.blocks import paragraph

NAME = "arrow"
_FEWEST_ASKING = 2  # lines


def find(page: Page) -> Iterator[Finding]:
    """Take the lines of paragraphs in which every line has an arrow, and some ask."""
    for flow in page.flows:
        for block in flow:
            if block.type != "paragraph" or "\n" not in block.content or not page.free(block):
                continue
            parts = [ARROW.fullmatch(line) for line in block.lines]
            if (
                sum(part is not None and asks(page, part["question"]) for part in parts) < _FEWEST_ASKING
                or None in parts
            ):
                continue
            for line, part in enumerate(parts, block.line):
                assert part is not None
                answer = [paragraph(part["answer"], line)] if part["answer"] else []
                yield Finding(NAME, "asks and answers, parted by an arrow", [paragraph(part["question"], line)], answer)
