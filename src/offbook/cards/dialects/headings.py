"""A heading that asks; its section answers."""

from __future__ import annotations

from collections.abc import Iterator

from offbook.cards.card import Finding
from offbook.cards.dialects.labels import _LABEL
from offbook.cards.leads import is_follow_up, starts_question
from offbook.cards.page import Page
from offbook.cards.predicates import is_navigation, link_only, undecorated
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph
from offbook.model import Kind

NAME = "heading"


def find(page: Page) -> Iterator[Finding]:
    """Take headings with a question's shape."""
    headings = list(page.headings())
    asking = {block.line: reason for block in headings if page.free(block) and (reason := reason_of(page, block))}
    for block in headings:
        if block.line in asking and page.free(block):
            answer = own_text(page, block, asking)
            if not answer and _is_taken_by_gaps(page, block):
                continue
            question = [question_of(page, block)]
            if answer and is_follow_up(page, answer[0]):
                question.append(answer.pop(0))
            yield Finding(NAME, asking[block.line], question, answer)


def _is_taken_by_gaps(page: Page, heading: Block) -> bool:
    """Whether what answers the heading is a text with gaps, and so a card already."""
    following = next(page.section(heading), None)
    owner = page.owner(following) if following is not None else None
    return owner is not None and owner.kind is Kind.CLOZE


def reason_of(page: Page, heading: Block) -> str:
    """Say why a heading asks; "" where it does not."""
    label = _label(page, heading)
    text = page.asked(label or undecorated(heading.content))
    if link_only(heading.content):
        text = page.text(heading.content)
    if not text:
        return ""
    if label:
        return "labelled as a question"
    return page.lexicon.question(text.rstrip(":：")) or page.lexicon.noun_question(text)


def question_of(page: Page, heading: Block) -> Block:
    """Return the heading's text as a paragraph, a label such as `Q:` gone."""
    label = _label(page, heading)
    return paragraph(label or undecorated(heading.content), heading.line, heading.end)


def _label(page: Page, heading: Block) -> str:
    match = _LABEL.match(heading.content) if ":" in heading.content or "：" in heading.content else None
    if match and match["sep"] in ":：" and match["word"].casefold() in {"q", *page.lexicon.labels}:
        return match["text"].strip()
    return ""


def own_text(page: Page, heading: Block, asking: dict[int, str]) -> list[Block]:
    """Return what of the section answers the heading: nothing where it holds only more questions."""
    answer: list[Block] = []
    for block in page.section(heading):
        if block.type == "heading" and (block.line in asking or not page.free(block)):
            break
        part = page.free_part(block)
        if part is None:
            continue
        if not answer and block.type not in ("heading", "hr", "html_block") and starts_question(page, block):
            return []
        answer.append(part)
    return [] if all(is_navigation(block) for block in answer) else answer
