"""A note whose name asks; the text before its first heading answers."""

from __future__ import annotations

from collections.abc import Iterator

from offbook.cards.card import Finding
from offbook.cards.leads import starts_question
from offbook.cards.page import Page
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph

NAME = "file-name"


def find(page: Page) -> Iterator[Finding]:
    """Take the file's name where it asks and text stands before the first heading."""
    name = page.note.stem
    reason = page.lexicon.question(name) or page.lexicon.noun_question(name)
    flow = page.flows[0]
    if not reason or not flow or page.lexicon.to_ask(name):
        return
    first = next((index for index, block in enumerate(flow) if block.type == "heading"), len(flow))
    answer = [block for block in flow[:first] if page.free(block) and not starts_question(page, block)]
    if answer:
        yield Finding(NAME, f"the file's name {reason}", [_question(page, name)], answer)


def _question(page: Page, name: str) -> Block:
    # The name stands on no line; nothing may be claimed for it.
    line = page.document.root.line
    return paragraph(name, line, line)
