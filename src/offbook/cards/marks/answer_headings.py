"""`## Answer` headings: the text under the heading above is the question."""

from __future__ import annotations

from collections.abc import Iterator

from offbook.cards.marks.labels import ANSWER_ALONE
from offbook.cards.note.finding import Finding
from offbook.cards.note.leads import starts_question
from offbook.cards.note.page import Page
from offbook.cards.words.bare import bare_label
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph
from offbook.text import in_one_line

NAME = "answer-heading"


def find(page: Page) -> Iterator[Finding]:
    """Take sections that hold a question and, under a heading of its own, its answer."""
    alone: list[Block] = []
    usual = False
    for flow in page.flows:
        for index, block in enumerate(flow):
            if block.type == "heading" and _says_answer(page, block) and page.free(block):
                finding = _card(page, flow, index, alone)
                if finding is not None:
                    usual = True
                    yield finding
    for heading in alone:
        title = in_one_line(page.text(heading.content))
        tell = page.warn if usual else page.notice  # "Solution" may be a part of a case study
        tell(heading.line, ANSWER_ALONE, f"the heading “{title}” may be over an answer, but nothing above it asks")


def _card(page: Page, flow: list[Block], index: int, alone: list[Block]) -> Finding | None:
    answer_heading = flow[index]
    start = _question_above(page, flow, index)
    question_heading = flow[start] if start >= 0 and page.free(flow[start]) else None
    level = answer_heading.level
    if question_heading is not None and (question_heading.level < level or _asks(page, question_heading)):
        labelled = _says_question(page, question_heading)
        between = flow[start + 1 : index]
        question = [] if labelled and between else [paragraph(question_heading.content, question_heading.line)]
        question += between
        level = question_heading.level
    elif index and flow[index - 1].type == "paragraph" and starts_question(page, flow[index - 1]):
        question = [flow[index - 1]]
    elif flow[index + 1 : index + 2] and flow[index + 1].type == "heading" and flow[index + 1].level > level:
        return None  # it is the title of sections, "Answers"
    else:
        alone.append(answer_heading)
        return None
    end = index + 1
    while end < len(flow) and not (flow[end].type == "heading" and _ends(page, flow[end], level, answer_heading)):
        end += 1
    answer = flow[index + 1 : end]
    claims = [(block.line, block.end) for block in (*flow[max(start, 0) : start + 1], answer_heading)]
    return Finding(NAME, "a section with an “Answer” of its own", question, answer, claims=claims)


def _question_above(page: Page, flow: list[Block], index: int) -> int:
    """Return the index of the heading that an answer's, at `index`, stands below or beside; -1 where there is none.

    Titles beside the answer's are parts of the question where one of them says "Question": "Requirements", "Example".
    """
    level = flow[index].level
    first = -1
    for at in range(index - 1, -1, -1):
        if flow[at].type != "heading" or flow[at].level > level:
            continue
        first = at if first < 0 else first
        if flow[at].level < level or _says_answer(page, flow[at]):
            break
        if _says_question(page, flow[at]):
            return at
    return first


def _ends(page: Page, heading: Block, level: int, answer: Block) -> bool:
    """Whether a heading begins something else: it is of the question's level, or asks beside the answer's heading."""
    beside = heading.level == answer.level and _asks(page, heading)
    return (heading.level <= level or beside) and not _says_answer(page, heading)


def _asks(page: Page, heading: Block) -> bool:
    text = page.text(heading.content)
    return _says_question(page, heading) or bool(page.lexicon.question(text) or page.lexicon.noun_question(text))


def _says_answer(page: Page, heading: Block) -> bool:
    text = page.text(heading.content)
    if text.strip(" :").casefold() == "a":
        above = page.before_heading(heading)
        return above is not None and _asks(page, above)  # else a letter in a glossary
    return page.lexicon.answer_label(text)


def _says_question(page: Page, heading: Block) -> bool:
    return bare_label(page.text(heading.content)) in page.lexicon.question_labels
