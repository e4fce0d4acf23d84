"""`## Answer` headings: the text under the heading above is the question."""

from __future__ import annotations

from collections.abc import Iterator

from offbook.cards.card import Finding
from offbook.cards.page import Page
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph

NAME = "answer-heading"


def find(page: Page) -> Iterator[Finding]:
    """Take sections that hold a question and, under a heading of its own, its answer."""
    for flow in page.flows:
        for index, block in enumerate(flow):
            if block.type == "heading" and page.lexicon.answer_label(page.text(block.content)) and page.free(block):
                finding = _card(page, flow, index)
                if finding is not None:
                    yield finding


def _card(page: Page, flow: list[Block], index: int) -> Finding | None:
    answer_heading = flow[index]
    start = index - 1
    while start >= 0 and (flow[start].type != "heading" or flow[start].level > answer_heading.level):
        start -= 1
    if start < 0 or not page.free(flow[start]):
        page.warn(
            answer_heading.line,
            "answer-alone",
            "a heading says “Answer”, but no heading above holds the question",
        )
        return None
    question_heading, between = flow[start], flow[start + 1 : index]
    labelled = _says_question(page, question_heading)
    if question_heading.level == answer_heading.level and not labelled:
        return None
    question = [] if labelled and between else [paragraph(question_heading.content, question_heading.line)]
    end = index + 1
    while end < len(flow) and not (flow[end].type == "heading" and flow[end].level <= question_heading.level):
        end += 1
    claims = [(question_heading.line, question_heading.end), (answer_heading.line, answer_heading.end)]
    answer = [
        b
        for b in flow[index + 1 : end]
        if not (b.type == "heading" and page.lexicon.answer_label(page.text(b.content)))
    ]
    return Finding(NAME, "a section with an “Answer” of its own", [*question, *between], answer, claims=claims)


def _says_question(page: Page, heading: Block) -> bool:
    return page.text(heading.content).casefold().strip(" :*_0123456789.#") in page.lexicon.labels
