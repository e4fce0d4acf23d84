"""How long the writer's labelled answers are, and where the last one ends by that, as no label ends it."""

from __future__ import annotations

from typing import NamedTuple

from offbook.cards.marks.label_bounds import answer_end, asks, own_end
from offbook.cards.marks.label_lines import Unit
from offbook.cards.marks.label_words import LETTER, Role
from offbook.cards.note.dress import signed
from offbook.cards.note.leads import asks_plainly
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import CODE, LISTS
from offbook.cards.words.bare import ends_with_colon

_FEWEST_QUOTED = 3
_FEWEST_SINGLE = 3
_GOES_ON = (*LISTS, *CODE, "table", "math_block")
_SHARE_QUOTED = 0.6  # of the questions


class Usual(NamedTuple):
    """How the writer's answers are."""

    quoted: bool
    """Whether quotations answer his questions."""
    single: int
    """How many of them are a paragraph each, if all are; else 0."""
    longest: int
    """How many blocks one has at most; 0 where that cannot be told."""


def usual_answers(page: Page, units: list[Unit]) -> Usual:
    """Look at the answers behind which a question is labelled."""
    followed = _followed(page, units)
    return Usual(_quotes_answer(units), _single(units, followed), _longest(units, followed))


def _followed(page: Page, units: list[Unit]) -> list[tuple[int, int]]:
    """Return where answers begin and end behind which a question is labelled."""
    if not any(unit.role is Role.QUESTION for unit in units):
        return []
    labels = (at for at, unit in enumerate(units) if unit.role is Role.ANSWER and not unit.block.level)
    found = ((at, answer_end(page, units, at, 0, labelled=True)) for at in labels)
    return [(at, end) for at, end in found if end < len(units) and units[end].role is Role.QUESTION]


def _single(units: list[Unit], followed: list[tuple[int, int]]) -> int:
    """Return how many answers end with their paragraph, of those that are `followed`; 0 where one goes on behind it."""
    return 0 if any(own_end(units, at, end) < end for at, end in followed) else len(followed)


def _longest(units: list[Unit], followed: list[tuple[int, int]]) -> int:
    """Return how many blocks the longest answer has of those that are `followed`; 0 where these are few."""
    if len(followed) < _FEWEST_SINGLE:
        return 0
    return max(len({id(unit.source or unit.block) for unit in units[at:end]}) for at, end in followed)


def where_questions_begin(page: Page, units: list[Unit], at: int, stop: int, longest: int) -> int:
    """Return where the last answer ends that several questions without labels follow: it is no longer than others."""
    if not longest or (stop < len(units) and units[stop].role is Role.QUESTION):
        return stop
    end, blocks = at, set[int]()
    while end < stop and len(blocks | {id(units[end].source or units[end].block)}) <= longest:
        blocks.add(id(units[end].source or units[end].block))
        end += 1
    return end if sum(_questions_in(page, unit) for unit in units[end:stop]) > 1 else stop


def _questions_in(page: Page, unit: Unit) -> int:
    """Return how many questions a line or a list of questions alone has."""
    if unit.block.type in LISTS:
        items = unit.block.children
        return len(items) if all(asks_plainly(page, item) for item in items) else 0
    return int(unit.block.type == "paragraph" and asks(page, [unit]))


def last_end(page: Page, units: list[Unit], at: int, stop: int, single: int) -> int:
    """Return where an answer ends behind which no question follows: with its paragraph, where `single` others do.

    One is enough where the label is that of one who speaks, and where what follows asks, or has a sign of its own. What
    opens with a label of its own, such as `Feedback:`, is no part of it where another one does. A list or code goes on
    with an answer, and so does whatever a colon leads to.
    """
    own = own_end(units, at, stop)
    empty = units[at].block.level or not any(unit.block.content.strip() for unit in units[at:own])
    if not single or empty or own == stop or (stop < len(units) and units[stop].role is Role.QUESTION):
        return stop
    word = units[at].word
    speaks = len(word) > LETTER and word[:-1] not in page.lexicon.labels and not page.lexicon.answer_label(word)
    block = units[own].block
    other = asks(page, [units[own]]) or bool(signed(block.content))
    other = other or (block.type in LISTS and asks_plainly(page, block.children[0]))
    goes_on = block.type in _GOES_ON or ends_with_colon(page.text(units[own - 1].block.content))
    many = single >= _FEWEST_SINGLE and not goes_on
    return own if speaks or many or units[own].word or other else stop


def _quotes_answer(units: list[Unit]) -> bool:
    """Whether quotations answer what is labelled: most questions have one behind them, and all before it asks."""
    asked = [index for index, unit in enumerate(units) if unit.role is Role.QUESTION]
    if len(asked) < _FEWEST_QUOTED:
        return False
    spans = [units[first:then] for first, then in zip(asked, [*asked[1:], None], strict=True)]
    quoted = sum(any(unit.block.type == "blockquote" for unit in span) for span in spans)
    return quoted >= max(_FEWEST_QUOTED, _SHARE_QUOTED * len(spans))
