"""`<details><summary>Question</summary>Answer</details>`."""

from __future__ import annotations

from collections.abc import Iterator

from offbook.cards.note.finding import Finding
from offbook.cards.note.leads import item_question, leading_question, starts_question
from offbook.cards.note.page import Page
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph

NAME = "details"


def find(page: Page) -> Iterator[Finding]:
    """Take folds whose summary asks, and folds under a question that hide its answer."""
    for block in page.blocks:
        if block.type != "details" or not block.title or not page.free(block):
            continue
        summary = page.text(block.title)
        reason = page.lexicon.question(summary)
        if page.names_answer(summary):
            yield from _answer_fold(page, block)
        elif reason or (not _under_question(page, block) and not _holds_sections(page, block)):
            question = paragraph(block.title, block.line)
            why = "the summary of a fold" + (f" {reason}" if reason else "")
            yield Finding(NAME, why, [question], list(block.children), claims=[(block.line, block.end)])


def _answer_fold(page: Page, block: Block) -> Iterator[Finding]:
    """Take a text that asks, followed by a fold whose summary names what it hides, as a card."""
    before = page.before(block)
    if before is None or before.type != "paragraph" or not page.free(before):
        return
    lead = leading_question(page, before, strict=False)
    question = paragraph(before.content, before.line, before.end)
    if lead:
        question = lead.question if not lead.rest else question
        yield Finding(
            NAME,
            "a question and a fold with its answer",
            [question],
            list(block.children),
            claims=[(block.line, block.end)],
        )


def _under_question(page: Page, block: Block) -> bool:
    path = page.path_to(block.line)
    if any(page.lexicon.question(page.text(heading.content)) for heading in path):
        return True
    item = block.parent
    return item is not None and item.type == "list_item" and item_question(page, item) is not None


def _holds_sections(page: Page, block: Block) -> bool:
    """Whether a fold hides a part of the note, not an answer."""
    inner = [child for child in block.walk() if child.type in ("heading", "details") and child is not block]
    if any(page.lexicon.question(page.text(child.title or child.content)) for child in inner):
        return True
    return any(starts_question(page, child) for child in block.children)
