"""A note's text by its lines, each with the label that it opens with and the role that its order gives it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from offbook.cards.marks.label_words import LETTER, Labels, Role, word_of
from offbook.cards.note.choices import names_choice
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import LISTS, is_bold_topic
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph, with_children

_FIRST_ITEM = re.compile(r"[-*+][ \t]+(?P<text>[^\n]+)")
_SITUATION_AND_TASK = re.compile(r"\W{0,4}S\s?[/+&]\s?T\W{0,3}:", re.IGNORECASE)


@dataclass(slots=True)
class Unit:
    """A line of text, or a block in which no line has a label."""

    block: Block
    role: Role = Role.NONE
    source: Block | None = None
    """The paragraph that the line comes from."""
    word: str = ""
    """Its label, in small letters, with what ends it."""
    line: str = ""
    """Its line, the label included."""

    @property
    def item(self) -> Block | None:
        """The list item that the unit stands in, if its text opens one."""
        parent = (self.source or self.block).parent
        return parent if parent is not None and parent.type == "list_item" else None

    def is_in(self, container: Block) -> bool:
        """Whether the unit stands in a list or an item, however deep."""
        block: Block | None = self.source or self.block
        while block is not None and block is not container:
            block = block.parent
        return block is container


def lines_of(page: Page, blocks: Iterable[Block], words: Labels) -> list[Unit]:
    """Return the lines of blocks, in their order, each with its role."""
    units = [unit for block in blocks for unit in explode(block, words)]
    return list(_in_order(page, list(_in_turn(units, words))))


def explode(block: Block, words: Labels) -> Iterator[Unit]:
    """Part a block into its lines and inner blocks as far down as labels are."""
    if block.type in ("paragraph", "heading"):
        asked = False
        for index, line in enumerate(block.lines):
            # An indented line belongs to the one above it, whatever it opens with, unless it answers that one;
            # "# Question 1" is a title.
            role, text = words.role(line)
            if block.type == "heading" and not text and line[-1:].isalnum():
                role, text = Role.NONE, line
            in_item = block.within("list_item") and len(word_of(line)) > LETTER
            if line[:1].isspace() and not (role is Role.ANSWER and (asked or in_item)):
                role, text = Role.NONE, line
            asked = role is Role.QUESTION
            both = words.both(text) if role is Role.QUESTION else None
            if both is not None:
                yield Unit(paragraph(both[0], block.line + index), role, block, line=line)
                yield Unit(paragraph(both[1], block.line + index), Role.ANSWER, block, "answer:", both[1])
                continue
            part = paragraph(text.removesuffix("\\"), block.line + index)
            if block.type == "heading":
                part.level = block.level
            yield Unit(part, role, block, word_of(line), line)
    elif block.type in (*LISTS, "list_item", "blockquote") and _has_label(block, words):
        for child in block.children:
            yield from explode(child, words)
    elif block.type == "list_item" and block.children:
        yield Unit(block, word=word_of(block.children[0].lines[0]))
    else:
        yield Unit(block)


def _in_turn(units: list[Unit], words: Labels) -> Iterator[Unit]:
    """Yield the units; what the writer says in a dialogue answers only what another one asked right before."""
    before = Role.NONE
    for unit in units:
        if unit.block.level:
            before = Role.NONE
        elif unit.role is Role.ANSWER and unit.word in words.myself and before is not Role.QUESTION:
            unit.role = Role.TURN
        before = unit.role if unit.role is not Role.NONE else before
        yield unit


def _in_order(page: Page, units: list[Unit]) -> Iterator[Unit]:
    """Yield the units with the roles that their order gives them.

    An `A:` behind `S:` and `T:` is a part of a story, a second one is not the answer, and one that asks where no
    question stands yet is the question. The items of a numbered list over an answer's label ask, unless the answer is
    but the number of one of them, or the heading asks.
    """
    answered, story, before, heading_asks = None, False, "", False
    is_titled = False  # a heading labels the last question: titles below it, "Requirements", are parts of that
    for index, unit in enumerate(units):
        following = units[index + 1] if index + 1 < len(units) else None
        answers = following is not None and following.role is Role.ANSWER and not names_choice(following.block.content)
        if answers and not heading_asks and (items := _numbered_items(unit.block)):
            yield from (Unit(item.children[0], Role.QUESTION, item.children[0]) for item in items)
            answered, story = False, False
            continue
        if unit.role is Role.QUESTION:
            answered, story = False, False
            is_titled = bool(unit.block.level)
        elif unit.block.level:
            answered, story, before = None, False, ""
            heading_asks = is_titled or bool(page.question(unit.block.content))
        elif _SITUATION_AND_TASK.match(unit.line):
            story = True
        elif unit.word in ("s:", "t:") or (unit.word and page.lexicon.story_part(unit.word) and unit.word[1] != ":"):
            story = story or answered is not None or (before, unit.word) == ("s:", "t:")
            before = unit.word
        elif unit.role is Role.ANSWER and unit.word == "a:":
            text = page.text(unit.block.content)
            asks = page.lexicon.question(text.rstrip(". ")) and not page.lexicon.line_question(text).startswith("sets")
            if answered is None and asks:
                unit = Unit(unit.block, Role.QUESTION, unit.source)
            elif story or (answered is None and before) or (answered and not _asks_above(page, units, index)):
                unit = Unit(paragraph(unit.line, unit.block.line), Role.NONE, unit.source)
            answered = unit.role is not Role.QUESTION
        yield unit


def _asks_above(page: Page, units: list[Unit], index: int) -> bool:
    """Whether the line above a unit asks, with a label of another kind or without one, or is nothing but bold.

    One with a label asks only in the same paragraph, one that opens this paragraph whatever it says.
    """
    above = units[index - 1]
    opens = above.source is units[index].source and (index == 1 or units[index - 2].source is not above.source)
    if opens and above.role is Role.NONE and not above.word:
        return True
    if above.role is not Role.NONE or (above.word and above.source is not units[index].source):
        return False
    text = above.line.partition(":")[2] if above.word else above.line
    return is_bold_topic(text) or bool(page.lexicon.line_question(page.text(text).rstrip(" :：")))


def _numbered_items(block: Block) -> list[Block]:
    """Return the items of a numbered list of single texts, or the one item that a unit is."""
    items = list(block.children) if block.type == "ordered_list" else [block] if block.type == "list_item" else []
    single = all(len(item.children) == 1 and item.children[0].type == "paragraph" for item in items)
    numbered = all(item.parent is not None and item.parent.type == "ordered_list" for item in items)
    return items if single and numbered else []


def _has_label(block: Block, words: Labels) -> bool:
    return any(
        words.role(line)[0] is not Role.NONE
        for inner in block.walk()
        if inner.type == "paragraph"
        for line in inner.lines
    )


def glue(units: list[Unit]) -> list[Block]:
    """Put the lines of one paragraph together again."""
    blocks: list[Block] = []
    source: Block | None = None
    for unit in units:
        if unit.source is not None and unit.source is source:
            last = blocks[-1]
            blocks[-1] = paragraph(f"{last.content}\n{unit.block.content}".strip("\n"), last.line, unit.block.end)
        else:
            blocks.append(unit.source if unit.source and unit.source.type == "heading" and blocks else unit.block)
        source = unit.source
    if len(blocks) > 1 and (item := _FIRST_ITEM.fullmatch(blocks[0].content)) and blocks[1].type == "bullet_list":
        first, listing = blocks[0], blocks[1]  # `A: - one`, and more of the list below
        opening = Block("list_item", first.line, first.end, children=[paragraph(item["text"], first.line, first.end)])
        blocks[:2] = [with_children(listing, [opening, *listing.children])]
    return [block for block in blocks if block.content or block.children or block.type != "paragraph"]


def glue_answer(units: list[Unit]) -> list[Block]:
    """Put the lines of an answer together; labels stay that say what begins where: behind other text, or several."""
    labels = [index for index, unit in enumerate(units) if unit.role is Role.ANSWER and not unit.block.level]
    if labels == [0]:
        return glue(units)
    return glue([_with_label(unit) if index in labels else unit for index, unit in enumerate(units)])


def _with_label(unit: Unit) -> Unit:
    return Unit(paragraph(unit.line, unit.block.line), source=unit.source)


def span(units: list[Unit]) -> list[tuple[int, int]]:
    """Return the lines of the note that units stand on, first and end."""
    return [(unit.block.line, unit.block.end) for unit in units]
