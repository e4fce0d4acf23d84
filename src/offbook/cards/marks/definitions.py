"""Definition lists: a term, and lines that open with a colon below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import takewhile

from offbook.cards.note.finding import Finding
from offbook.cards.note.page import Page
from offbook.cards.note.stories import PARTS_OF_STORY
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph

NAME = "definition"
_FIELD = 3  # times that a word stands before a definition, for it to be a field


def find(page: Page) -> Iterator[Finding]:
    """Take a card from each term; one that recurs is a field that several things have, and no term."""
    uses = Counter(block.content.casefold() for block in page.blocks if block.type == "dt")
    for listing in page.blocks:
        if listing.type != "dl" or listing.within("blockquote", "callout") or _tells_story(page, listing):
            continue
        terms: list[Block] = []
        answer: list[Block] = []
        for child in [*listing.children, None]:
            if child is not None and child.type == "dd":
                answer.extend(child.children)
                continue
            if child is None and any(page.question(term.content) for term in terms):
                answer.extend(takewhile(lambda block: _goes_on(page, block), page.after(listing)))
            if any(map(page.free, answer)) and all(_is_term(term, uses) for term in terms):
                question = [paragraph(term.content, term.line) for term in terms]
                yield Finding(NAME, "a term with its definition", question, answer)
            if answer:
                terms, answer = [], []
            if child is not None:
                terms.append(child)


def _tells_story(page: Page, listing: Block) -> bool:
    """Whether all terms of a list are the parts of a story, "Situation", "Task" …: then none of them asks."""
    terms = [f"{page.text(child.content)}: it" for child in listing.children if child.type == "dt"]
    return PARTS_OF_STORY <= len(page.lexicon.parts_of_story("\n".join(terms))) == len(terms)


def _goes_on(page: Page, block: Block) -> bool:
    """Whether an indented paragraph behind the definition of what asks goes on with it, though by too few spaces."""
    return block.type == "paragraph" and page.line(block.line)[:1].isspace()


def _is_term(term: Block, uses: Counter[str]) -> bool:
    """Whether a text above a definition is no field, and no line that opens with a colon itself."""
    return uses[term.content.casefold()] < _FIELD and not term.content.startswith(":")
