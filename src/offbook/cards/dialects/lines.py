"""A bold line or a plain line that asks; the blocks below it answer."""

from __future__ import annotations

from collections.abc import Iterator

from offbook.cards.card import Finding
from offbook.cards.page import LISTS, Lead, Page, link_only
from offbook.markdown import Block

NAME = "line"


def find(page: Page) -> Iterator[Finding]:
    """Take paragraphs that open with a question; bold ones first, as they structure a note more than plain ones."""
    leads = {
        id(block): lead
        for flow in page.flows
        for block in flow
        if block.type == "paragraph" and page.free(block) and not link_only(block.content)
        if (lead := page.lead(block, strict=True))
    }
    for emphasised in (True, False):
        for flow in page.flows:
            for block in flow:
                lead = leads.get(id(block))
                if lead is not None and lead.emphasised is emphasised and page.free(block):
                    yield _card(page, block, lead, leads)


def _card(page: Page, block: Block, lead: Lead, leads: dict[int, Lead]) -> Finding:
    answer = list(lead.rest)
    for following in page.after(block):
        if following.type in ("heading", "hr") or not page.free(following):
            break
        next_lead = leads.get(id(following))
        # Within the answer to a bold question a plain one is the writer's own.
        if next_lead is not None and (next_lead.emphasised or not lead.emphasised):
            break
        if following.type in LISTS and _is_list_of_questions(page, following, answer):
            break
        answer.append(following)
    dialect = "bold-line" if lead.emphasised else NAME
    return Finding(dialect, lead.reason, [lead.question], answer)


def _is_list_of_questions(page: Page, listing: Block, answer: list[Block]) -> bool:
    if not page.starts_question(listing):
        return False
    return not answer or any(len(item.children) > 1 for item in listing.children) or len(listing.children) == 1
