"""A line that is only `?` (or `??`, both directions) between a question and its answer."""

from __future__ import annotations

from collections.abc import Iterator

from offbook.cards.card import Finding, Kind
from offbook.cards.page import Page
from offbook.markdown import Block
from offbook.markdown.blocks import cut

NAME = "separator"
_KINDS = {"?": Kind.QUESTION, "??": Kind.REVERSED}


def find(page: Page) -> Iterator[Finding]:
    """Take paragraphs that a line of question marks parts in two."""
    for block in page.paragraphs():
        if "?" not in block.content:
            continue
        marks = [index for index, line in enumerate(block.lines) if line.strip() in _KINDS]
        if not marks or not page.free(block):
            continue
        at = marks[0]
        if at == 0:
            page.warn(
                block.line,
                "separator",
                "a line with only `?` parts a question from its answer, but no text stands above it",
            )
            continue
        question = cut(block, 0, at)
        answer = [cut(block, at + 1)] if at + 1 < len(block.lines) else []
        answer += _adjoining(page, block)
        kind = _KINDS[block.lines[at].strip()]
        yield Finding(NAME, "a line `?` below the question", [question], answer, kind, [(block.line, block.end)])


def _adjoining(page: Page, block: Block) -> Iterator[Block]:
    """Yield what follows without a blank line: lists and code interrupt a paragraph."""
    end = block.end
    for following in page.after(block):
        if following.line != end or following.type in ("heading", "hr", "html_block") or not page.free(following):
            return
        yield following
        end = following.end
