"""A list item that asks; what is nested under it answers."""

from __future__ import annotations

from collections.abc import Iterator

from offbook.cards.card import Finding
from offbook.cards.leads import asks_plainly, item_question, starts_question
from offbook.cards.one_line import Split, splits
from offbook.cards.page import Page
from offbook.cards.predicates import LISTS, is_navigation
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph

NAME = "list-item"


def find(page: Page) -> Iterator[Finding]:
    """Take list items with a question's shape, outermost first."""
    skipped: set[int] = set()
    for listing in page.lists():
        if is_navigation(listing) or id(listing.parent) in skipped:
            skipped.update(id(item) for item in listing.children if id(listing.parent) in skipped)
            continue
        skipped.update(id(item) for item in prompts_among_questions(page, listing))
        free = [item for item in listing.children if item.children and page.free(item.children[0])]
        on_one_line = splits(page, listing) if free else {}
        asked_here: bool | None = None
        for item in free:
            first = item.children[0]
            if not page.free(first):
                continue  # taken as the end of the item above
            if id(first) in on_one_line:
                yield _on_one_line(page, item, on_one_line[id(first)])
                continue
            lead = item_question(page, item)
            if lead is None:
                continue
            answer = [*lead.rest, *(child for child in item.children[1:] if page.free(child))]
            if not lead.rest and _only_questions(page, answer):
                answer = []
            elif not answer and item is listing.children[-1]:
                answer = list(_flush_left(page, listing))
            if not answer and not asks_plainly(page, item):
                if asked_here is None:  # once a list
                    asked_here = _questions_stand_in(page, listing)
                if not asked_here:
                    continue  # "Explain your thinking aloud." in a list of advice
            yield Finding(NAME, lead.reason, [lead.question], answer)


def prompts_among_questions(page: Page, listing: Block) -> list[Block]:
    """Return the items that prompt as their neighbours ask; what is nested in them answers and asks nothing."""
    if all(len(item.children) < 2 for item in listing.children):
        return []
    filled = [item for item in listing.children if item.children and item.children[0].type == "paragraph"]
    asking = [item for item in filled if item_question(page, item)]
    asks = {id(item) for item in asking}
    others = [item for item in filled if len(item.children) > 1 and id(item) not in asks]
    answered = any(len(item.children) > 1 for item in asking)
    return others if answered and len(asking) >= len(others) else []


def _on_one_line(page: Page, item: Block, split: Split) -> Finding:
    first = item.children[0]
    question = paragraph(split.question, first.line)
    answer = [paragraph(split.answer, first.line, first.end), *item.children[1:]]
    return Finding("one-line", f"asks and answers on one line, parted by a {split.how}", [question], answer)


def _questions_stand_in(page: Page, listing: Block) -> bool:
    """Whether a list is one where questions stand."""
    if any(asks_plainly(page, item) for item in listing.children):
        return True
    path = page.path_to(listing.line)
    return any(page.lexicon.mentions_questions(page.text(heading.content)) for heading in path)


def _only_questions(page: Page, blocks: list[Block]) -> bool:
    return bool(blocks) and all(block.type in LISTS and starts_question(page, block) for block in blocks)


def _flush_left(page: Page, listing: Block) -> Iterator[Block]:
    """Yield what plainly goes on behind a list that ends with an unanswered question.

    Behind a list of one question (`1. What is …?`) everything up to the next question is its answer. Behind a
    longer list only what follows at once, as code or as a list of another kind does.
    """
    alone = len(listing.children) == 1
    end = listing.end
    for block in page.after(listing):
        if block.type in ("heading", "hr") or not page.free(block) or starts_question(page, block):
            return
        if block.type in LISTS and any(item_question(page, item) for item in block.children):
            return
        if not alone:
            adjoins = block.line <= end or _last_line(listing) == block.line
            if not (adjoins and block.type in (*LISTS, "fence", "table")):
                return
        yield block
        end = block.end


def _last_line(listing: Block) -> int:
    """Return the line behind the list's last text: markdown-it counts the blank lines below to the list."""
    last = listing
    while last.children:
        last = last.children[-1]
    return last.end
