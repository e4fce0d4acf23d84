"""In loose notes: a short line without a full stop, alone in its paragraph, over the paragraph that it prompts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from offbook.cards.card import Finding
from offbook.cards.dialects.terms import is_term
from offbook.cards.page import Page
from offbook.cards.predicates import link_only
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph

NAME = "prompt"
_LETTER = re.compile(
    r"(?i)(?:hi|hello|hey|dear|best|kind|warm|yours|thanks|thank|cheers|regards|sincerely|hallo|liebe|viele|mit)\b"
)
_LONGEST_PROMPT = 10  # words
_SHORTEST_ANSWER = 12  # words


def find(page: Page) -> Iterator[Finding]:
    """Take prompts in notes that have no headings at all."""
    if any(block.type == "heading" for block in page.flows[0]):
        return
    for block in page.flows[0]:
        if not _is_prompt(page, block):
            continue
        answer = next(page.after(block), None)
        if answer is not None and page.free(answer) and _is_answer(page, answer):
            yield Finding(
                NAME,
                "a short line over a paragraph of loose notes",
                [paragraph(block.content, block.line)],
                [answer],
            )


def _is_prompt(page: Page, block: Block) -> bool:
    if block.type != "paragraph" or "\n" in block.content or not page.free(block) or link_only(block.content):
        return False
    text = page.text(block.content).strip()
    if page.lexicon.section_name(text) or _LETTER.match(text):
        return False
    letters = [c for c in text if c.isalpha()]
    if not letters or len(text.split()) > _LONGEST_PROMPT or len(text) > 80 or is_term(page, block):
        return False
    return text[-1] not in '.!:;,。！：，…"”»)' and text[0] not in '"“«„(' and not any(c.isdigit() for c in text)


def _is_answer(page: Page, block: Block) -> bool:
    if block.type != "paragraph" or link_only(block.content):
        return False
    text = page.text(block.content)
    return is_term(page, block) or len(text.split()) >= _SHORTEST_ANSWER or (len(text) >= 40 and not text.isascii())
