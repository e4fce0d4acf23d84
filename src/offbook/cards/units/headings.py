"""Headings that could ask: what each says, or what stands below one that only counts."""

from __future__ import annotations

import re

from offbook.cards.marks.label_words import heading_label
from offbook.cards.note.counting import number_in, number_of
from offbook.cards.note.dress import signed, unsigned
from offbook.cards.note.leads import is_follow_up
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import ARROW, CODE, LISTS, link_only, lists_tasks
from offbook.cards.units.unit import PROSE, Cue, Unit, cue_of
from offbook.cards.words.bare import bare, ends_with_mark
from offbook.markdown import Block
from offbook.markdown.blocks import cut, paragraph

_IN_BRACKETS = re.compile(r"\s*\((?P<asked>[^()]*(?:\([^()]*\)[^()]*)*)\)[ \t]*(?P<rest>(?:\n.*)?)\Z", re.DOTALL)
_ARROW_BEHIND = re.compile(rf"(?<!\s)\s*+{ARROW}\s*+\Z")
_TOLD = ("paragraph", "table", "math_block", *LISTS, *CODE)
_MOST_TOLD = 7  # blocks of a question, the last of which asks
COUNTED_AS_QUESTION = "is counted as a question"


def heading_unit(page: Page, heading: Block) -> Unit:
    """Read a heading with its section: what it asks, how it is counted, what stands below it."""
    label = heading_label(page, heading)
    content = _ARROW_BEHIND.sub("", label or unsigned(heading.content))
    text = page.text(content) if link_only(content) else page.asked(content)
    path = page.path_to(heading.line)
    parents = [above.line for above in path if above.level < heading.level]
    question = paragraph(content, heading.line, heading.end)
    unit = Unit(heading, "heading", [question], [], list(page.section(heading)), heading.level)
    unit.home = parents[-1] if parents else 0
    unit.cue, unit.why = (Cue.ASKS, "labelled as a question") if label and text else cue_of(page, text, "heading")
    if link_only(heading.content) and not ends_with_mark(text):
        unit.cue = Cue.TELLS
    unit.number, unit.form = number_of(page, page.text(heading.content))
    if not unit.form and _ARROW_BEHIND.search(heading.content):
        unit.form = "→"
    unit.sign = signed(heading.content)
    asked_below = bool(unit.below) and unit.below[0].type in ("paragraph", *CODE)
    if asked_below and page.lexicon.only_number(text) and not _below_section_name(page, path):
        _read_below_number(page, unit)
    if unit.below and (is_follow_up(unit.below[0]) or _asks_on(page, unit)):
        unit.question.append(unit.below.pop(0))
    unit.body = "inside" if any(block.type not in ("hr", "heading") for block in unit.below) else ""
    if unit.cue is Cue.TOPIC and lists_tasks(unit.below):
        unit.cue, unit.why = Cue.TELLS, "lists tasks"
    return unit


def _below_section_name(page: Page, path: list[Block]) -> bool:
    """Whether the nearest heading above names a section of a card: "Examples" are counted, too."""
    return bool(path) and page.lexicon.section_name(page.text(path[-1].content))


def _read_below_number(page: Page, unit: Unit) -> None:
    """Take what stands below a heading that only counts, down to the paragraph that asks, for its question."""
    asked = unit.below[0]
    inner = _IN_BRACKETS.match(asked.content) if asked.type == "paragraph" else None
    rest = [cut(asked, inner["asked"].count("\n") + 1)] if inner and inner["rest"].strip() else []
    told = _told_before_question(page, unit.below)
    below = [*rest, *unit.below[len(told) + 1 :]]
    if not below:
        return
    first = paragraph(inner["asked"], asked.line) if inner else asked
    unit.question, unit.below = [*told, unit.below[len(told)]] if told else [first], below
    unit.number = number_in(unit.block.content)
    unit.cue, unit.why = cue_of(page, page.asked(unit.question[-1].content), "heading")
    if page.lexicon.counts_questions(page.text(unit.block.content)) and unit.cue < Cue.ASKS:
        unit.cue, unit.why = Cue.ASKS, COUNTED_AS_QUESTION
    elif unit.why == PROSE:
        unit.cue, unit.why = Cue.TOPIC, ""
    unit.form = "number"


def _told_before_question(page: Page, blocks: list[Block]) -> list[Block]:
    """Return what stands in front of the first paragraph that asks: "You're a bank.", "How many bits do you need?"."""
    for index, block in enumerate(blocks[:_MOST_TOLD]):
        if block.type not in _TOLD:
            break
        if block.type == "paragraph" and ends_with_mark(bare(page.asked(block.content))):
            return blocks[:index]
    return []


def _asks_on(page: Page, unit: Unit) -> bool:
    """Whether the paragraph right below a heading that asks goes on asking, and something answers both."""
    below = unit.below[0]
    if unit.cue is not Cue.ASKS or below.type != "paragraph" or below.line != unit.block.end or len(unit.below) == 1:
        return False
    text = bare(page.asked(below.content))
    return ends_with_mark(text) and len(below.lines) == 1 and ". " not in text
