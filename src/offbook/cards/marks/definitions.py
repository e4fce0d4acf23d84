"""Definition lists: a term, and lines that open with a colon below it."""

from __future__ import annotations

from collections.abc import Iterator

from offbook.cards.card import Finding
from offbook.cards.page import Page
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph

NAME = "definition"


def find(page: Page) -> Iterator[Finding]:
    """Take a card from each term."""
    for listing in page.blocks:
        if listing.type != "dl" or listing.within("blockquote", "callout"):
            continue
        terms: list[Block] = []
        answer: list[Block] = []
        for child in [*listing.children, None]:
            if child is not None and child.type == "dd":
                answer.extend(child.children)
                continue
            if answer:
                question = [paragraph(term.content, term.line) for term in terms]
                yield Finding(NAME, "a term with its definition", question, answer)
                terms, answer = [], []
            if child is not None:
                terms.append(child)
