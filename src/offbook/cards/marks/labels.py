"""`Q:` … `A:` and their like: `Question:`, `Q1:`, `Answer:`, bold, in a list, in other languages, with typos."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Iterator, Mapping

from offbook.cards.marks.label_bounds import (
    answer_end,
    before_next,
    end_of_fields,
    end_of_heading,
    end_of_question,
    ends,
    is_answered_list,
    question_above,
    scenes_above,
)
from offbook.cards.marks.label_lines import Unit, explode, glue, glue_answer, lines_of, span
from offbook.cards.marks.label_words import LETTER, Labels, Role
from offbook.cards.marks.spoken import turns
from offbook.cards.marks.usual_answers import Usual, last_end, usual_answers, where_questions_begin
from offbook.cards.note.finding import Finding
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import LISTS
from offbook.cards.words.bare import ends_with_mark
from offbook.markdown import Block

NAME = "label"
ANSWER_ALONE = "answer-alone"
"""The code of the problem that nothing asks above the label of an answer, or a heading that says so."""


def find(page: Page) -> Iterator[Finding]:
    """Take what the writer labelled, and what two say in turn below headings with their names."""
    for asked, told, headings in turns(page):
        claims = [(heading.line, heading.end) for heading in headings]
        yield Finding(NAME, "two speak in turn, and one of them asks", asked, told, claims=claims)
    words = Labels(page)
    if not words.answers and not words.questions:
        return
    if words.answers:
        yield from _numbered_sections(page, words)
    for flow in page.flows:
        yield from among(page, flow, words)


def among(page: Page, blocks: Iterable[Block], words: Labels) -> Iterator[Finding]:
    """Take what is labelled among blocks that follow each other."""
    units = lines_of(page, blocks, words)
    if any(unit.role is not Role.NONE for unit in units):
        yield from _cards(page, units, words)


def _numbered_sections(page: Page, words: Labels) -> Iterator[Finding]:
    """Take sections whose heading is but a number: what stands below asks, down to the answer's label."""
    for heading in page.headings():
        if not page.lexicon.only_number(page.text(heading.content)) or not page.free(heading):
            continue
        units = [unit for block in page.section(heading) if block.type != "hr" for unit in explode(block, words)]
        at = next((index for index, unit in enumerate(units) if unit.role is not Role.NONE), 0)
        many = sum(unit.role is Role.ANSWER for unit in units) > 1
        if at and units[at].role is Role.ANSWER and not many and not any(unit.block.level for unit in units):
            claims = [(heading.line, heading.end), *span(units)]
            reason = "is under a number, above an answer's label"
            yield Finding(NAME, reason, glue(units[:at]), glue(units[at:]), claims=claims)


def _cards(page: Page, units: list[Unit], words: Labels) -> Iterator[Finding]:
    usual = usual_answers(page, units)
    index = 0
    scenes = scenes_above(page, units)
    starts = frozenset(scenes.values())
    while index < len(units):
        unit = units[index]
        if unit.role is Role.QUESTION and page.free(unit.block):
            index = yield from _labelled(page, units, index, usual)
        elif unit.role is Role.ANSWER and page.free(unit.block):
            index = yield from _answer_alone(page, units, index, scenes, starts)
        elif unit.role is Role.TURN:
            end = answer_end(page, units, index, 0, labelled=True)
            if unit.word in words.myself and ends_with_mark(page.text(unit.block.content)):
                told = units[end : end + 1] if end < len(units) and units[end].role is Role.TURN else []
                page.set_aside(each.block for each in (unit, *told))  # what the writer asks, and what is said to it
            index = end
        else:
            index += 1


def _labelled(page: Page, units: list[Unit], start: int, usual: Usual) -> Generator[Finding, None, int]:
    """Take the card whose question's label is at `start`; return where to go on."""
    level = units[start].block.level
    at = start + 1
    item = units[start].item
    if item is not None and len(units[start].word) > LETTER and _is_point(units, start, item):
        return at
    while at < len(units) and units[at].role is Role.NONE and not _ends_question(units[start], units[at]):
        apart = item is not None and units[at].item is not item
        if apart and (units[at].item is not None or units[at].block.type == "list_item" or at > start + 2):
            break  # the next item of the list
        block = units[at].block
        if not page.free(block) or (item is None and block.type in LISTS and is_answered_list(page, block)):
            break
        at += 1
    stop = split = end_of_fields(units, start, at)
    if stop > at:
        split = at
    elif at < len(units) and units[at].role is Role.ANSWER:
        between = units[start + 1 : at]
        if item is not None and all(u.item is not item and u.block.type == "paragraph" for u in between):
            units[start + 1 : at] = []  # remarks between an item and its answer's label
            at = start + 1
        stop = answer_end(page, units, at, level, labelled=True)
        stop = where_questions_begin(page, units, at, stop, usual.longest)
        stop = last_end(page, units, at, stop, usual.single)
        split = end_of_heading(page, units, start, at)
    elif level:
        return at  # a heading labelled `Q:` is a heading that asks
    else:
        stop = last_end(page, units, start, before_next(page, units, start, at), usual.single)
        quote = next((i for i in range(start + 1, stop) if units[i].block.type == "blockquote"), None)
        split = quote if quote and usual.quoted else end_of_question(page, units, start, stop)
        first = units[split].block if split + 1 < stop else None
        if first is not None and page.is_stub([first]) and page.text(first.content)[:1] not in "[(":
            stop = split + 1  # what is said further is no answer
    question, answer = units[start:split], units[split:stop]
    yield Finding(NAME, "labelled as a question", glue(question), glue_answer(answer), claims=span(units[start:stop]))
    return stop


def _ends_question(label: Unit, other: Unit) -> bool:
    """Whether a unit ends the question with a label; titles beside one that is a title are parts: "Requirements"."""
    is_part = not label.block.content.strip() and 0 < label.block.level == other.block.level
    return ends(other, label.block.level) and not is_part


def _is_point(units: list[Unit], at: int, item: Block) -> bool:
    """Whether a labelled item is one point of a list whose points before it have no labels, with nothing of its own."""
    listing = item.parent
    if at == 0 or listing is None or units[at - 1].role is not Role.NONE or not units[at - 1].is_in(listing):
        return False
    return at + 1 == len(units) or not (units[at + 1].is_in(listing) or units[at + 1].role is Role.ANSWER)


def _answer_alone(
    page: Page, units: list[Unit], at: int, scenes: Mapping[int, int], starts: Collection[int]
) -> Generator[Finding, None, int]:
    """Take an answer's label without a question's if what stands above it is a question, or one of the `scenes`.

    At `starts` scenes begin.
    """
    found = question_above(page, units, at, scenes)
    if found is None and at and units[at - 1].source is units[at].source:
        return at + 1  # within an answer
    if found is None:
        message = "an answer is labelled here, but nothing above it asks; put `Q:` in front of its question"
        page.warn(units[at].block.line, ANSWER_ALONE, message)
        return at + 1
    start, end = found
    level = units[start].block.level
    stop = answer_end(page, units, at, level, labelled=bool(level), scenes=starts)
    reason = "has an answer labelled as one below it"
    yield Finding(NAME, reason, glue(units[start:end]), glue_answer(units[end:stop]), claims=span(units[start:stop]))
    return stop
