"""Reads a note as its writer writes: what is parted on one line, what asks by its looks, what is left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from offbook.cards.answers.extent import Answers
from offbook.cards.answers.trimming import holds_answer
from offbook.cards.note.choices import are_choices
from offbook.cards.note.finding import BY_LOOKS, Finding
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import CODE, LISTS, link_only, only_pictures, only_tags
from offbook.cards.note.stories import tells_one_story
from offbook.cards.styles.asking import Styles
from offbook.cards.units.outline import Outline
from offbook.cards.units.parted import Parted
from offbook.cards.units.unit import TELLS_STORY, TITLE_OF_QUESTIONS, Cue, Unit
from offbook.cards.words.lexicon import USUAL_PROMPT
from offbook.likeness import question_key, same_but_for_a_quarter, uncounted
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph
from offbook.model import Kind

NAMES = (*BY_LOOKS, "one-line", "term", "file-name", "prompt")
KEPT = "was a card before, and still has its text"
_ORDER = {"heading": 0, "line": 1, "list-item": 2}
_LONGEST_PROMPT = 10  # words
_FEWEST_DRESSED = 3  # lines that ask
_LONGEST_FRAGMENT = 3  # words
_SHORTEST_ANSWER = 12  # words
_SHORTEST_FOREIGN = 40  # characters, in scripts whose words are not counted
_FEWEST_LABELLED = 3
_FEWEST_REWORDED = 4  # words of a question, for another one to be a rewording of it
_MOST_REWORDED = 20  # questions of a note at once
_NEARLY_ALL = 0.9
_DEFINED = re.compile(r"[^\n]{1,60}\s(?:--|=)\s")


def read(page: Page, parted: Parted, outline: Outline, *, by_style: bool) -> Iterator[Finding]:
    """Yield the cards that no mark makes; without `by_style` only those that ask by themselves.

    The units of the outline get the reasons for what is decided. Those that were cards before are some whatever stands
    around them, and claim first.
    """
    if by_style and page.is_glossary:
        yield from parted.terms()  # what titles them is a chapter
    Styles(page, outline).decide()
    _keep(page, outline)
    answers = Answers(page, outline)
    asking = [
        unit
        for unit in sorted((unit for unit in outline.units if unit.reason), key=_rank)
        if by_style or unit.is_kept or (unit.cue > Cue.TOPIC and unit.why != USUAL_PROMPT)
    ]
    if page.is_letter:
        asking = [u for u in asking if u.cue > Cue.TOPIC and (u.kind == "list-item" or (u.is_dressed and u.body))]
    without_key = _lack_a_key(asking)
    yield from _story(page, outline) if by_style and not page.is_letter else ()
    for unit in asking:
        if answers.are_asked_below(unit):
            unit.reason, unit.passed = "", TITLE_OF_QUESTIONS
        elif all(map(page.free, unit.question)):
            finding = _card(page, unit, answers.of(unit), without_key=without_key)
            if finding is not None:
                yield finding
    if by_style and not page.is_letter:
        yield from _file_name(page)
        yield from parted.terms()
        yield from _loose(page, outline)


def _keep(page: Page, outline: Outline) -> None:
    """Let units ask whose questions were cards before; where such a question is gone, the one unit that rewords it."""
    kept = page.rules.kept
    units = [(question_key(uncounted(page.text(unit.source))), unit) for unit in outline.units if kept and unit.body]
    found = [unit for key, unit in units if key in kept]
    gone = [key for key in set(kept).difference(key for key, _ in units) if len(key.split()) >= _FEWEST_REWORDED]
    for key in gone if len(gone) <= _MOST_REWORDED else ():
        alike = [unit for other, unit in units if not unit.reason and same_but_for_a_quarter(key, other)]
        found += alike if len(alike) == 1 else []
    for unit in found:
        unit.is_kept, unit.reason = True, unit.reason or KEPT


def _rank(unit: Unit) -> tuple[bool, int, bool, int, int]:
    """Sort key: what was a card; headings, then bold lines, plain ones, and items from the outermost in."""
    depth = unit.depth if unit.kind == "list-item" else 0
    plain = unit.kind == "line" and unit.emphasis != "bold"
    return not unit.is_kept, _ORDER[unit.kind], plain, depth, unit.block.line


def _lack_a_key(asking: list[Unit]) -> bool:
    """Whether nearly all headings and items that ask are over choices alone: then none says which is right."""
    units = [unit for unit in asking if unit.kind != "line" and (unit.rest or unit.below)]
    chosen = sum(are_choices([*unit.rest, *unit.below]) for unit in units)
    return chosen >= max(_FEWEST_LABELLED, _NEARLY_ALL * len(units))


def _card(page: Page, unit: Unit, answer: list[Block], *, without_key: bool) -> Finding | None:
    topic = unit.cue is Cue.TOPIC and unit.kind != "heading" and unit.body
    if topic and not (unit.sign or unit.is_open) and (not answer or page.is_stub(answer)):
        return None  # a topic without an answer is no open question
    only_demands = unit.kind == "heading" and page.lexicon.demands(page.asked(unit.source))
    compares = bool(page.lexicon.compares(page.text(unit.source)))
    may_be_title = unit.why == USUAL_PROMPT or unit.cue is Cue.TOPIC or only_demands or compares
    if not answer and unit.below and may_be_title:
        return None  # it is the title of the questions below it
    if unit.kind != "line" and unit.below and (owner := page.owner(unit.below[0])):
        if not answer and (owner.kind is Kind.CLOZE or owner.dialect == "term"):
            return None  # what answers it is a text with gaps or a list of terms, and so cards already
        if unit.why == "labelled as a question" and owner.line == unit.below[0].line:
            return None  # it is the title of the one below
    if answer and (without_key or _labelled(page)) and are_choices(answer):
        answer = []  # choices alone are part of the question where answers have labels, or no question has more
    question = list(unit.question)
    if answer and _is_code(answer[0]) and page.lexicon.is_about_code(page.text(unit.source)):
        question.append(answer.pop(0))
    if chosen := answer[: _answer_named(page, answer)]:
        question, answer = [*question, *chosen], answer[len(chosen) :]
    return Finding(name_of(unit), unit.reason, question, answer, claims=[(unit.block.line, question[0].line)])


def name_of(unit: Unit) -> str:
    """Return the name of the dialect that a card of a unit is of."""
    return "bold-line" if unit.kind == "line" and unit.emphasis == "bold" else unit.kind


def _answer_named(page: Page, blocks: list[Block]) -> int:
    """Return where a fold or a callout that is called "Answer" stands, in front of any heading; 0 where none does."""
    own = takewhile(lambda block: block.type != "heading", blocks)
    return next((index for index, block in enumerate(own) if holds_answer(page, block)), 0)


def _labelled(page: Page) -> bool:
    """Whether the note's answers have labels."""
    return sum(finding.dialect == "label" for finding in page.findings) >= _FEWEST_LABELLED


def _is_code(block: Block) -> bool:
    return block.type in CODE or (block.type == "paragraph" and only_pictures(block.content))


def _story(page: Page, outline: Outline) -> Iterator[Finding]:
    """Take the name of a note that begins as a story does and tells one, down to the first that asks."""
    told: list[Block] = []
    for block in page.flows[0]:
        unit, items = outline.known(block), block.children if block.type in LISTS else ()
        if block.type in ("heading", "paragraph") and unit is not None and unit.reason:
            break
        if any(item is not None and item.why == TELLS_STORY for item in map(outline.known, items)):
            break
        told += [block] if page.free(block) else []
    first = page.plain(told[0]).split(maxsplit=1) if told else []
    if first and page.lexicon.story_part(first[0]) and tells_one_story(page, told):
        yield _named(page, "the note is told in the parts of a story", told)


def _file_name(page: Page) -> Iterator[Finding]:
    """Take the note's name where it asks and text stands before the first heading."""
    name, flow = page.note.stem, page.flows[0]
    reason = page.lexicon.question(name) or page.lexicon.noun_question(name)
    if not reason or not flow or page.lexicon.to_ask(name) or page.lexicon.demands(name):
        return
    first = next((index for index, block in enumerate(flow) if block.type == "heading"), len(flow))
    answer = [block for block in flow[:first] if page.free(block)]
    if answer:
        yield _named(page, f"the file's name {reason}", answer)


def _named(page: Page, reason: str, answer: list[Block]) -> Finding:
    line = page.document.root.line  # the name stands on no line; nothing may be claimed for it
    return Finding("file-name", reason, [paragraph(page.note.stem, line, line)], answer)


def _loose(page: Page, outline: Outline) -> Iterator[Finding]:
    """Take, in notes without headings, short lines alone over paragraphs that tell.

    A single one that opens a note that goes on is the note's title.
    """
    dressed = sum(unit.kind == "line" and unit.is_dressed and bool(unit.reason) for unit in outline.units)
    if any(True for _ in page.headings()) or dressed >= _FEWEST_DRESSED:
        return
    found = [pair for unit in outline.units if (pair := _prompt(page, unit)) is not None]
    if len(found) == 1 and _is_title_of_note(page, *found[0]) and not page.lexicon.opens_question(found[0][0].content):
        return
    for line, told in found:
        question = [paragraph(line.content, line.line)]
        yield Finding("prompt", "a short line over a paragraph of loose notes", question, [told])


def _is_title_of_note(page: Page, line: Block, told: Block) -> bool:
    """Whether a line is the first of a note in which more follows than the paragraph below it."""
    return page.before(line) is None and next(page.after(told), None) is not None


def _prompt(page: Page, unit: Unit) -> tuple[Block, Block] | None:
    """Return a unit's line and the paragraph below it, where the line may be a prompt."""
    block = unit.block
    if unit.kind != "line" or unit.cue is not Cue.TOPIC or unit.is_dressed or unit.body != "loose":
        return None
    if only_tags(block.content) or link_only(block.content):
        return None
    following = next(page.after(block), None)
    if not page.free(block) or following is None or following.type != "paragraph" or not page.free(following):
        return None
    before = page.before(block)
    if before is not None and _is_fragment(page, before):
        return None  # one of several short lines, or the name below "Best wishes,"
    text, body = page.text(block.content).strip(), page.text(following.content)
    short = len(text.split()) <= _LONGEST_PROMPT and text[-1:].isalnum() and not any(c.isdigit() for c in text)
    tells = len(body.split()) >= _SHORTEST_ANSWER or (len(body) >= _SHORTEST_FOREIGN and not body.isascii())
    asks = short and (tells or _DEFINED.match(body)) and not page.lexicon.is_letter(text)
    return (block, following) if asks else None


def _is_fragment(page: Page, block: Block) -> bool:
    """Whether a paragraph ends in a comma, or is one of several short lines."""
    if block.type != "paragraph" or not page.free(block):
        return False
    text, before = page.text(block.content).strip(), page.before(block)
    if text.endswith((",", "，")):
        return True
    if before is None or before.type != "paragraph" or len(text.split()) > _LONGEST_FRAGMENT:
        return False
    return 0 < len(page.text(before.content).split()) <= _LONGEST_FRAGMENT
