"""`> [!question] Title`: the title asks, the body answers."""

from __future__ import annotations

from collections.abc import Iterator

from offbook.cards.bare import ends_with_mark
from offbook.cards.card import Finding
from offbook.cards.leads import item_question, leading_question, starts_question
from offbook.cards.page import Page
from offbook.cards.predicates import LISTS
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph

NAME = "callout"
TYPES = ("question", "faq", "help", "card", "flashcard")


def find(page: Page) -> Iterator[Finding]:
    """Take callouts of the types that ask."""
    others = _asking(page)
    for block in page.blocks:
        if block.type != "callout" or not page.free(block):
            continue
        if block.marker not in TYPES:
            if id(block) in others:
                reason = f"the title of a callout asks, as {len(others)} do"
                yield Finding(
                    NAME,
                    reason,
                    [paragraph(block.title, block.line)],
                    list(block.children),
                    claims=[(block.line, block.end)],
                )
            continue
        question, answer = _parts(page, block)
        if question is None:
            page.warn(block.line, "empty-callout", f"the callout [!{block.marker}] asks nothing; give it a title")
            continue
        asks = page.lexicon.question(page.text(question.content))
        if answer and not asks and all(part.type in LISTS and starts_question(page, part) for part in answer):
            yield from _only_questions(page, block, answer)
            continue
        claims = [(block.line, block.end)]
        yield Finding(NAME, f"a callout of type {block.marker}", [question], answer, claims=claims)


def _asking(page: Page) -> set[int]:
    """Return the callouts of other types whose titles ask, where at least two and half of those with a title do."""
    titled = [b for b in page.blocks if b.type == "callout" and b.marker not in TYPES and b.title and b.children]
    asking = {id(block) for block in titled if ends_with_mark(page.text(block.title))}
    return asking if len(asking) > 1 and len(asking) >= len(titled) / 2 else set()


def _only_questions(page: Page, callout: Block, lists: list[Block]) -> Iterator[Finding]:
    """Take the questions that a callout lists; its title, "Sample questions", asks nothing."""
    for item in (item for listing in lists for item in listing.children):
        lead = item_question(page, item)
        if lead is not None:
            answer = [*lead.rest, *item.children[1:]]
            yield Finding(NAME, f"listed in a callout of type {callout.marker}", [lead.question], answer)


def _parts(page: Page, callout: Block) -> tuple[Block | None, list[Block]]:
    body = list(callout.children)
    if callout.title:
        question = paragraph(callout.title.lstrip(": "), callout.line)  # `[!card] : Why us?`
    elif body and body[0].type in ("paragraph", "heading"):
        first = body.pop(0)
        lead = leading_question(page, first, strict=False) if first.type == "paragraph" else None
        question = lead.question if lead else paragraph(first.content, first.line, first.end)
        body[:0] = lead.rest if lead else []
    else:
        return None, []
    if len(body) == 1 and body[0].type == "callout" and _says_answer(page, body[0]):
        body = list(body[0].children)
    return question, body


def _says_answer(page: Page, callout: Block) -> bool:
    return not callout.title or page.lexicon.answer_label(page.text(callout.title))
