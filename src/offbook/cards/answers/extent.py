"""Answers: what belongs to a unit that asks, up to where the next thing begins."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import zip_longest

from offbook.cards.answers.asked_below import FEWEST_ANSWERED, above_title, are_cards, titles_questions
from offbook.cards.answers.flush_left import FlushLeft
from offbook.cards.marks import MARKS as ALL_MARKS
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import LISTS, is_navigation
from offbook.cards.units.outline import Outline
from offbook.cards.units.unit import TELLS_STORY, Cue, Unit, is_next
from offbook.cards.words.bare import MARKS, ends_with_colon, ends_with_mark
from offbook.markdown import Block
from offbook.markdown.blocks import with_children

_MARKED = frozenset(mark.NAME for mark in ALL_MARKS)
_MARK = re.compile(f"[{MARKS}]")
_FEWEST_RULES = 3
_FEWEST_QUESTIONS = 3
_MOST_ARE = 0.75


class Answers:
    """Finds the answers of the units that ask."""

    def __init__(self, page: Page, outline: Outline) -> None:
        self._page = page
        self._outline = outline
        self._flush_left = FlushLeft(page, outline)
        self._answered: dict[int, bool] = {}
        """Whether most items of a list are answered below, by the list."""

    def of(self, unit: Unit) -> list[Block]:
        """Return what answers a unit."""
        if unit.kind == "heading":
            return self._section(unit)
        if unit.kind == "list-item":
            return self._item(unit)
        return self._line(unit)

    def are_asked_below(self, unit: Unit) -> bool:
        """Whether a heading is over nothing but a list of questions with their answers: it is their title."""
        listing = unit.below[0] if unit.kind == "heading" and len(unit.below) == 1 else None
        return listing is not None and listing.type in LISTS and self._all_are_cards(listing)

    # -- headings ------------------------------------------------------------------------------------

    def _section(self, unit: Unit) -> list[Block]:
        """Return a heading's section, down to the next heading that asks or to where its numbering goes on."""
        answer: list[Block] = []
        titles = [block.line for block in unit.below if block.type == "heading"]
        for block, following in zip_longest(unit.below, unit.below[1:]):
            known = not answer or block.type == "heading" or unit.number is not None
            other = self._outline.unit(block) if known else None
            if not answer and following is not None and following.type == "hr" and self._is_said_stub(block):
                return [block]
            if unit.why == TELLS_STORY and self._asks_on(block):
                while answer and answer[-1].type == "heading":
                    answer.pop()  # the title of what is asked about the story
                break
            if self._begins_next(unit, block, other) or (answer and self._is_behind(block, following, titles)):
                break
            if block.type in LISTS and (known or any(map(self._outline.known, block.children))):
                kept = self._items_before_next(unit, block)
                if len(kept) < len(block.children):
                    answer += [with_children(block, kept)] if kept else []
                    break
                if not answer and self._only_questions(block):
                    return []
                if self._are_asked_anew(block, answer):
                    return above_title(self._page, answer)
                if answer and not (titles or ends_with_colon(answer[-1].content)) and self._all_are_cards(block):
                    continue
            asks_below = other is not None and other.kind == "line" and other.cue is Cue.ASKS and not answer
            if asks_below and self._is_title(unit):
                return []
            if (part := self._page.free_part(block)) is not None:
                answer.append(part)
        return [] if all(map(is_navigation, answer)) else answer

    def _is_behind(self, block: Block, following: Block | None, titles: list[int]) -> bool:
        """Whether a block below a heading's answer is no part of it, nor what follows.

        It is a rule of one who draws them above his headings, a card that a mark made, or asks by itself.
        """
        if block.type == "hr":
            return following is not None and following.type != "heading" and self._rules_part
        owner = self._page.owner(block)
        if owner is not None and owner.dialect in _MARKED and self._page.free_part(block) is None:
            return True
        if block.line <= max(titles, default=0):
            return False
        is_last = following is None or following.type in ("heading", "hr")
        return self._asks_in_bold(block, is_last=is_last)

    def _begins_next(self, unit: Unit, block: Block, other: Unit | None) -> bool:
        """Whether a block below a heading is another heading that asks, or a line with which its numbering goes on."""
        if block.type == "heading":
            return bool(other and other.reason) or not self._page.free(block)
        if other is None or other.kind != "line" or unit.number is None:
            return False
        return is_next(unit, other)

    def _is_said_stub(self, block: Block) -> bool:
        """Whether words say that the answer is still to be written; a picture alone has none."""
        return block.type == "paragraph" and bool(self._page.plain(block).strip()) and self._page.is_stub([block])

    def _asks_in_bold(self, block: Block, *, is_last: bool) -> bool:
        """Whether a line in bold below a heading's own answer asks by itself, and is answered: below, or on the line.

        With text below it one that is answered on its line is an aside.
        """
        other = self._outline.known(block)
        if other is None or other.kind != "line" or "bold-line" in self._page.rules.off or other.cue is not Cue.ASKS:
            return False
        led = (
            is_last and other.emphasis == "led" and bool(other.rest) and ends_with_mark(self._page.asked(other.source))
        )
        return bool(other.reason) and (led or (other.emphasis == "bold" and bool(other.body)))

    def _are_asked_anew(self, listing: Block, answer: list[Block]) -> bool:
        """Whether a list below an answer is of other questions: their title says so, or nothing leads to them."""
        if not answer:
            return False
        units = self._free_units(listing)
        if (
            len(listing.children) < FEWEST_ANSWERED
            or not units
            or not all(unit is not None and self._asks_openly(unit) for unit in units)
        ):
            return False
        is_titled = titles_questions(self._page, answer[-1]) and bool(above_title(self._page, answer))
        return is_titled or not ends_with_colon(answer[-1].content)

    def _asks_openly(self, unit: Unit) -> bool:
        text = self._page.asked(unit.source)
        return not unit.body and ends_with_mark(text) and self._page.lexicon.opens_question(text)

    def _asks_on(self, block: Block) -> bool:
        """Whether a line below a story asks by itself."""
        other = self._outline.known(block)
        return other is not None and other.kind == "line" and other.cue > Cue.TOPIC and bool(other.reason)

    @cached_property
    def _rules_part(self) -> bool:
        """Whether the writer draws a rule above each heading: then text below the last rule is no answer."""
        rules = [block for block in self._page.flows[0] if block.type == "hr"]
        over = [rule for rule in rules if (block := self._outline.next(rule)) is not None and block.type == "heading"]
        return len(over) >= _FEWEST_RULES and len(over) >= _MOST_ARE * len(rules)

    def _is_title(self, unit: Unit) -> bool:
        """Whether a heading is the title of lines that ask; a single plain one is part of the heading's answer."""
        units = [other for block in unit.below if (other := self._outline.unit(block)) and other.kind == "line"]
        asking = [other for other in units if other.cue is Cue.ASKS]
        underlined = unit.block.marker == "-"  # a line over a rule, as likely
        return underlined or len(asking) > 1

    def _items_before_next(self, unit: Unit, listing: Block) -> list[Block]:
        """Return a list's items up to the one with which the numbering of a heading goes on."""
        for index, item in enumerate(listing.children):
            other = self._outline.unit(item)
            if other is None or not is_next(unit, other):
                continue
            if other.cue is not Cue.TOPIC and (other.body or len(listing.children) == 1):
                return list(listing.children[:index])
        return list(listing.children)

    # -- list items --------------------------------------------------------------------------------

    def _item(self, unit: Unit) -> list[Block]:
        below = [part for block in unit.below if (part := self._page.free_part(block)) is not None]
        if self._are_only_questions(below) and not self._asks_back(unit, below):
            return []
        answer = [*unit.rest, *below]
        return [*answer, *self._flush_left.of(unit, filled=bool(answer))]

    def _are_only_questions(self, blocks: list[Block]) -> bool:
        return bool(blocks) and all(block.type in LISTS and self._only_questions(block) for block in blocks)

    def _asks_back(self, unit: Unit, below: list[Block]) -> bool:
        """Whether one item of several sentences stands below a question, where most beside it are answered below.

        It says what to think of: "Have you read the advert? What do they look for? End with why you fit."
        """
        items = [item for block in below for item in block.children]
        text = self._page.plain(items[0]) if len(items) == 1 else ""
        listing = unit.block.parent
        if listing is None or len(_MARK.findall(text)) <= 1:
            return False
        if id(listing) not in self._answered:
            units = [other for item in listing.children if (other := self._outline.unit(item)) is not None]
            answered = sum(other.body == "inside" and not self._are_only_questions(other.below) for other in units)
            self._answered[id(listing)] = answered > (len(units) - 1) / 2
        return self._answered[id(listing)]

    # -- lines ---------------------------------------------------------------------------------------

    def _line(self, unit: Unit) -> list[Block]:
        """Return a stub alone, else everything up to the next heading, rule or question that looks the same."""
        page = self._page
        answer = list(unit.rest)
        if answer and page.is_stub(answer):
            return answer
        if not all(map(page.free, answer)):
            return []  # a mark parts the line below
        for block in page.after(unit.block):
            if block.type in ("heading", "hr") or not page.free(block):
                break
            other = self._outline.unit(block)
            if other and other.kind == "line" and self._ends_line(unit, other, filled=bool(answer)):
                break
            if not answer and page.is_stub([block]):
                return [block]
            if block.type in LISTS:
                items = [self._outline.unit(item) for item in block.children]
                if are_cards(items):
                    break
                if self._are_asked_anew(block, answer):
                    return above_title(self._page, answer)
                if self._only_questions(block):
                    leads = bool(answer) and ends_with_colon(answer[-1].content)
                    if not leads or any(item and item.body == "inside" for item in items):
                        break
                    if unit.emphasis != "bold":
                        return []
            answer.append(block)
        return [] if unit.emphasis == "bold" and self._are_alike(unit, answer) else answer

    def _are_alike(self, unit: Unit, answer: list[Block]) -> bool:
        """Whether an answer is nothing but lines that look like the question, as those do that ask beside it."""
        others = [self._outline.known(block) for block in answer]
        return bool(others) and all(other is not None and other.looks == unit.looks for other in others)

    def _ends_line(self, unit: Unit, other: Unit, *, filled: bool) -> bool:
        if is_next(unit, other) or other.form == "title":
            return True
        bold = unit.emphasis == "bold"
        if other.looks == unit.looks and (other.ends or unit.form == ":" or (unit.sign and not bold)):
            return True
        if bold and other.looks == unit.looks and self._is_over_quotation(unit):
            return True
        if not other.reason:
            return False
        if bold and not other.is_dressed and not self._is_laid_out_so(unit, other):
            return False  # within the answer to a bold question a plain one is the writer's own
        if filled or other.cue is not Cue.DEMANDS:
            return True
        following = self._outline.next(other.block)
        after = self._outline.known(following) if following is not None else None
        return not other.rest and after is not None and after.kind == "line" and after.cue > Cue.TOPIC

    def _is_over_quotation(self, unit: Unit) -> bool:
        """Whether a line is right over a quotation, which answers it where it asks."""
        following = self._outline.next(unit.block)
        return following is not None and following.type == "blockquote" and not unit.rest

    def _is_laid_out_so(self, unit: Unit, other: Unit) -> bool:
        """Whether another question stands as this one does, right above its answer."""
        return unit.body == other.body == "tight" and (bool(unit.rest) or not other.rest)

    def _all_are_cards(self, listing: Block) -> bool:
        """Whether each item of a list asks by itself and is answered inside, of two at least."""
        units = self._free_units(listing)
        asking = [u for u in units if u is not None and u.reason and u.cue is Cue.ASKS and u.body == "inside"]
        return len(asking) == len(units) >= FEWEST_ANSWERED

    def _free_units(self, listing: Block) -> list[Unit | None]:
        """Return the units of a list's items but of those that a mark has taken."""
        return [self._outline.unit(item) for item in listing.children if self._page.owner(item) is None]

    # -- of all ----------------------------------------------------------------------------------------

    def _only_questions(self, listing: Block) -> bool:
        """Whether a list is one of questions: all of its items, or most where none of them has an answer."""
        units = self._free_units(listing)
        asking = [unit for unit in units if unit is not None and unit.reason and unit.cue > Cue.TOPIC]
        most = len(asking) >= max(_FEWEST_QUESTIONS, _MOST_ARE * len(units)) and not any(u.body for u in asking)
        return bool(units) and (len(asking) == len(units) or most) and any(u.cue is Cue.ASKS for u in asking)
