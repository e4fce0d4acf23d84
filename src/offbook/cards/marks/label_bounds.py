"""Where a labelled card begins and ends: its question, which need have no label, and its answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import islice, takewhile

from offbook.cards.marks.label_lines import Unit
from offbook.cards.marks.label_words import Role, label_number, word_of
from offbook.cards.note.choices import names_choice, opens_choice
from offbook.cards.note.leads import asks_plainly, item_question, leading_question, starts_question
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import LISTS, is_bold_topic, only_bold
from offbook.cards.words.bare import bare, ends_with_colon
from offbook.markdown import Block

_FEWEST_SCENES = 2
_MOST_OF_CHOICE = 8  # words
_MOST_BROKEN = 2  # lines of a question above its last one
_ENDS = (".", "?", "!", ":", "：", "？", "。", "*", "\\")


def question_above(page: Page, units: list[Unit], at: int, scenes: Mapping[int, int]) -> tuple[int, int] | None:
    """Return where the question begins, and ends, that the label of an answer follows.

    In the label's own paragraph it is what asks, or else all lines above the label, unless the heading above them
    asks; of a list it is an item that asks, or one answered as those above it are. Where the label opens its paragraph,
    it is what asks above it, an item, a counted or bold line, or a heading; what it is about, such as code or choices,
    may stand between. Below a heading that asks, lines with labels of their own, such as `Strategy:`, belong to the
    answer.
    """
    own = at
    while own and units[own - 1].role is Role.NONE and units[own - 1].source is units[at].source:
        own -= 1
    for start in range(at - 1, own - 1, -1):
        if asks(page, units[start:at]) or (start == own and _is_answered_as_others(units, start)):
            return _first_line(page, units, start), at
    if own == at:
        before = _question_before(page, units, at, scenes)
        if before is None:
            return None
        are_fields = all(unit.word.endswith(":") for unit in units[before + 1 : at])
        return before, (at if are_fields else end_of_heading(page, units, before, at))
    if units[own].item is not None:
        return None
    heading = _asking_heading(page, units, own)
    if heading is not None and units[own].word:
        return heading, heading + 1
    return (own if heading is None or heading < own - 1 else heading), at


def _first_line(page: Page, units: list[Unit], at: int) -> int:
    """Return where a question that ends with the line at `at` begins in its paragraph: writers break long ones."""
    first = at
    while first and at - first < _MOST_BROKEN and units[first - 1].source is units[at].source is not None:
        first -= 1
        above = units[first]
        if above.role is not Role.NONE or above.word or above.line.rstrip().endswith(_ENDS):
            break
        if page.lexicon.opens_question(page.asked(above.line)):
            return first
    return at


def _is_answered_as_others(units: list[Unit], at: int) -> bool:
    """Whether a unit opens an item of a list that is its first, or below one with the label of an answer in it."""
    item = units[at].item
    if item is None or item.parent is None:
        return False
    above = _child_of(item.parent, units[at - 1]) if at else None
    if above is None:
        return True
    units_of_it = takewhile(lambda unit: unit.is_in(above), (units[i] for i in range(at - 1, -1, -1)))
    return any(unit.role is Role.ANSWER for unit in units_of_it)


def _child_of(listing: Block, unit: Unit) -> Block | None:
    """Return the item of a list in which a unit stands, however deep."""
    block: Block | None = unit.source or unit.block
    while block is not None and block.parent is not listing:
        block = block.parent
    return block


def _asking_heading(page: Page, units: list[Unit], at: int) -> int | None:
    """Return the heading that asks, with nothing but paragraphs between it and the unit at `at`."""
    above = at - 1
    while above >= 0 and _is_free_text(page, units[above]) and not units[above].block.level:
        above -= 1
    found = above >= 0 and _is_free_text(page, units[above]) and asks(page, [units[above]])
    return above if found else None


def _question_before(page: Page, units: list[Unit], at: int, scenes: Mapping[int, int]) -> int | None:
    text = at - 1
    while text >= 0 and units[text].role is Role.NONE and _may_stand_between(page, units, text, at):
        text -= 1
    if text < 0 or not _is_free_text(page, units[text]):
        return None
    if units[text].block.level:
        return text if text == at - 1 or asks(page, [units[text]]) else None
    heading = _asking_heading(page, units, at)
    if heading is not None and all(unit.word.endswith(":") for unit in units[heading + 1 : at]):
        return heading  # what has labels of its own is said of it: "In Hindi: …"
    for start in range(text, -1, -1):
        unit = units[start]
        if unit.source is not units[text].source:
            break
        if asks(page, units[start : text + 1]):
            return _first_line(page, units, start)
        if opens_choice(unit.block.content):
            continue
        if unit.item is not None or _stands_out(page, unit):
            return start
        opens = start == 0 or units[start - 1].source is not unit.source
        if opens and text < at - 1 and names_choice(units[at].block.content):
            return start  # over choices
    return scenes.get(at)


def _may_stand_between(page: Page, units: list[Unit], between: int, label: int) -> bool:
    """Whether a unit may stand between a question and the label of its answer: material, or a rule above a heading."""
    block = units[between].block
    return _is_material(page, block) or (block.type == "hr" and bool(units[label].block.level))


def scenes_above(page: Page, units: list[Unit]) -> dict[int, int]:
    """Return where the scene begins that stands right above an answer's label, by the label's unit.

    A scene is a paragraph that asks nothing, with the title right above it, if it has one. It is a question where
    several answers are labelled, and no question is.
    """
    roles = [unit.role for unit in units if unit.role is not Role.NONE]
    if len(roles) < _FEWEST_SCENES or any(role is not Role.ANSWER for role in roles):
        return {}
    labels = (at for at, unit in enumerate(units) if unit.role is Role.ANSWER and at)
    found = (
        (at, _scene_above(page, units, at))
        for at in labels
        if units[at - 1].source is not units[at].source and not _goes_on_answering(units, at)
    )
    return {at: start for at, start in found if start is not None}


def _goes_on_answering(units: list[Unit], at: int) -> bool:
    """Whether a label is another one than that of the answer above it in the section: `Answer: …`, `In short: …`."""
    section = takewhile(lambda unit: not unit.block.level, reversed(units[:at]))
    above = next((unit for unit in section if unit.role is Role.ANSWER), None)
    return above is not None and above.word != units[at].word


def _scene_above(page: Page, units: list[Unit], at: int) -> int | None:
    last = units[at - 1]
    if not _is_free_text(page, last) or last.block.level or last.item is not None:
        return None
    start = at - 1
    while start and units[start - 1].source is last.source:
        start -= 1
    title = units[start - 1] if start else None
    if title is None or not _is_free_text(page, title) or page.text(title.block.content).endswith((".", ":", "。")):
        return start
    if only_bold(title.block.content):
        return start - 1
    if not title.block.level:
        return start
    if asks(page, [title]):
        return start - 1
    section = takewhile(lambda unit: not unit.block.level, islice(units, start, None))
    return start - (sum(unit.role is Role.ANSWER for unit in section) == 1)


def _is_material(page: Page, block: Block) -> bool:
    """Whether a block is what a question is about: code, a formula, a table, a list of short choices."""
    if block.type in LISTS:
        return all(len(page.plain(item).split()) <= _MOST_OF_CHOICE for item in block.children)
    return block.type in ("fence", "code_block", "math_block", "table")


def _is_free_text(page: Page, unit: Unit) -> bool:
    return unit.role is Role.NONE and unit.block.type == "paragraph" and page.free(unit.block)


def _stands_out(page: Page, unit: Unit) -> bool:
    """Whether a line is counted, or nothing but bold without a colon, which would lead to a part of an answer."""
    text = page.text(unit.block.content)
    return is_bold_topic(unit.block.content) or (text[:1].isdigit() and bare(text) != text)


def answer_end(
    page: Page, units: list[Unit], at: int, level: int, *, labelled: bool, scenes: Collection[int] = ()
) -> int:
    """Return where the answer whose label is at `at` ends: at the next question, scene, heading or rule."""
    level = level or units[at].block.level  # of the label, where it is a heading and the question none
    stop = at + 1
    item = units[at - 1].item
    listing = item.parent if item is not None else None
    nested = item is not None and units[at].is_in(item)
    own = units[at].item
    while stop < len(units):
        unit = units[stop]
        if unit.role in (Role.QUESTION, Role.TURN) or ends(unit, level) or not page.free(unit.block):
            break
        other = unit.block.children[0] if unit.block.type == "ordered_list" else unit.item
        if item is not None and other is not item and _is_next(other, item, listing):
            break
        if unit.block.level and (stop > at + 1 or units[at].block.content) and asks(page, [unit]):
            break
        if nested and item is not None and unit.is_in(_outline_of(item)) and not unit.is_in(item):
            break  # an outline's answer is its question's own children
        if own is not None and own.parent is not None and _is_apart(page, _child_of(own.parent, unit), own):
            break
        if stop in scenes or _opens_next(page, units, stop, labelled) or _follows_stub(page, units, at, stop):
            break
        if unit.role is Role.NONE and units[stop - 1].source is not unit.source and page.was_asked(unit.block.content):
            break
        stop += 1
    return stop


def _is_apart(page: Page, item: Block | None, answer: Block) -> bool:
    """Whether an item of the list in which another one is a labelled answer is none of it.

    In an outline nothing is that is not nested in it.
    """
    if item is None or item is answer:
        return False
    return page.note.is_outline


def _is_next(other: Block | None, item: Block, listing: Block | None) -> bool:
    """Whether another item is one of a question's list, or has the next number where what answers breaks that up."""
    if other is None or other.parent is listing:
        return other is not None
    return item.form.info.isdigit() and other.form.info == str(int(item.form.info) + 1)


def _outline_of(item: Block) -> Block:
    """Return the outermost of the lists that an item stands in."""
    block, outer = item, item.parent
    while outer is not None and outer.type in (*LISTS, "list_item"):
        block, outer = outer, outer.parent
    return block


def _opens_next(page: Page, units: list[Unit], at: int, labelled: bool) -> bool:
    """Whether an unlabelled question begins at `at`.

    Where the writer labels questions, an unlabelled one is part of the answer unless an answer's label follows.
    """
    unit = units[at]
    if unit.block.type in LISTS:
        return is_answered_list(page, unit.block) or _lists_questions(page, unit.block, units[at - 1].block)
    if unit.block.type in ("details", "callout"):
        return bool(page.lexicon.question(page.text(unit.block.title)))
    if unit.role is not Role.NONE or unit.block.type != "paragraph":
        return False
    first_of_paragraph = units[at - 1].source is not unit.source
    if first_of_paragraph and not unit.block.level and _holds_label(units, at):
        return True
    then = at + 1
    while then < len(units) and units[then].role is Role.NONE and _is_material(page, units[then].block):
        then += 1
    answered = then < len(units) and units[then].role is Role.ANSWER
    return asks(page, [unit]) and (answered or (not labelled and first_of_paragraph))


def _follows_stub(page: Page, units: list[Unit], at: int, stop: int) -> bool:
    """Whether a paragraph at `stop` asks, and the answer from `at` to it is empty or still to be written."""
    unit = units[stop]
    if unit.block.type != "paragraph" or units[stop - 1].source is unit.source or not asks(page, [unit]):
        return False
    if page.text(unit.block.content).rstrip().endswith(":"):
        return False  # it leads to what follows
    answer = [other.block for other in units[at:stop]]
    return page.is_stub(answer)


def _holds_label(units: list[Unit], at: int) -> bool:
    """Whether the next label in the paragraph that begins at `at` is that of an answer, and not of a further one."""
    own = takewhile(lambda unit: unit.source is units[at].source, (units[i] for i in range(at, len(units))))
    labelled = next((unit for unit in own if unit.role is not Role.NONE), None)
    return labelled is not None and labelled.role is Role.ANSWER and label_number(labelled.line) <= 1


def is_answered_list(page: Page, listing: Block) -> bool:
    """Whether an item of a list asks, and is answered inside."""
    leads = ((item, item_question(page, item)) for item in listing.children if asks_plainly(page, item))
    return any(len(item.children) > 1 or (lead is not None and lead.rest) for item, lead in leads)


def _lists_questions(page: Page, listing: Block, above: Block) -> bool:
    """Whether a list is of nothing but several questions, and no colon above leads to them."""
    many = len(listing.children) > 1 and not ends_with_colon(page.text(above.content))
    return many and starts_question(page, listing)


def before_next(page: Page, units: list[Unit], start: int, stop: int) -> int:
    """Return where an answer without a label ends at the latest: before a paragraph in bold that asks at once."""
    first = end_of_question(page, units, start, stop)
    if first < stop and units[first].source is not units[first - 1].source and _is_bold_question(page, units[first]):
        return first
    return stop


def _is_bold_question(page: Page, unit: Unit) -> bool:
    lead = leading_question(page, unit.block, strict=True) if unit.block.type == "paragraph" else None
    return lead is not None and lead.emphasised and not lead.rest


def end_of_question(page: Page, units: list[Unit], start: int, stop: int) -> int:
    """Return where a question ends whose answer has no label: where it asks, else with its line.

    That of a label on a line of its own is its paragraph.
    """
    end = start + 1
    while end <= stop and (end == start + 1 or units[end - 1].source is units[start].source):
        if asks(page, units[start:end]):
            return end
        end += 1
    return start + 1 if units[start].block.content.strip() else own_end(units, start, stop)


def end_of_heading(page: Page, units: list[Unit], start: int, label: int) -> int:
    """Return where a question ends that is labelled at `start`, above the label of its answer at `label`.

    A heading that asks is all of it, but for what it is about; other text above the label belongs to the answer.
    """
    if not units[start].block.level or not asks(page, [units[start]]):
        return label
    text = (at for at in range(start + 1, label) if not _is_material(page, units[at].block))
    return next(text, label)


def end_of_fields(units: list[Unit], start: int, first: int) -> int:
    """Return where a list of items with labels of their own ends, in which one is an answer's; else `first`.

    The question's label is at `start`, and the next item at `first`: `- Question: …`, `- Background: …`, `- Answer: …`.
    """
    item = units[start].item
    listing = item.parent if item is not None else None
    at, answer = first, None
    while listing is not None and at < len(units):
        unit = units[at]
        if unit.role is Role.ANSWER and unit.item is not None and unit.item.parent is listing and answer is None:
            answer = unit.item
        elif not (_is_field(unit.block, listing) or (answer is not None and unit.is_in(answer))):
            break
        at += 1
    return at if answer is not None and units[first].role is Role.NONE else first


def _is_field(block: Block, listing: Block) -> bool:
    """Whether a block is an item of a list that opens with a label of its own."""
    first = block.children[0] if block.type == "list_item" and block.children else None
    return block.parent is listing and first is not None and word_of(first.lines[0]).endswith(":")


def own_end(units: list[Unit], at: int, stop: int) -> int:
    """Return where the paragraph of the unit at `at` ends."""
    own = at + 1
    while own < stop and units[own].source is units[at].source:
        own += 1
    return own


def asks(page: Page, units: list[Unit]) -> bool:
    """Whether units together are a question."""
    text = page.text(" ".join(unit.block.content for unit in units)).rstrip(" :：")
    return bool(page.lexicon.line_question(text) or page.lexicon.noun_question(text))


def ends(unit: Unit, level: int) -> bool:
    """Whether a unit is a rule or a heading that is not below the question's own."""
    if unit.block.type == "hr":
        return True
    return bool(unit.block.level) and (not level or unit.block.level <= level)
