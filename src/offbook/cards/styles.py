"""Styles: what looks alike in a note is one thing to its writer. Decides which units ask, and says why.

Each unit is seen in circles: its siblings, what looks like it at its level, what looks like it in the whole note. Of
each circle is counted how many of its units ask by themselves and how many are topics with a body. From the widest
circle to the narrowest these counts are mixed into one share: a wide circle says what to expect, a narrow one what is
the case. Where enough of a unit's like ask, it does, too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from offbook.cards.bare import bare, ends_with_mark
from offbook.cards.circles import circles, named
from offbook.cards.marks.label_words import label_of_answer
from offbook.cards.outline import Outline
from offbook.cards.page import Page
from offbook.cards.predicates import LISTS, is_list_of_links, is_navigation
from offbook.cards.series import (
    FEWEST_ASKING,
    SHARE_OF_COUNTED,
    are_counted,
    counted_in_turn,
    counts_on,
    goes_on,
    is_series,
    lists_topics,
    most_of_note,
    read_lines_over_lists,
    read_titles,
)
from offbook.cards.stories import is_rubric, tells_of_oneself, tells_story
from offbook.cards.units import Cue, Unit
from offbook.markdown import Block

_ASKS = 0.39  # share of a unit's like from which on it asks, too
_ASKS_IN_INTERVIEWS = 0.3  # in a note whose name, folder, title or tags speak of interviews or questions
_CLOSE = 0.08  # from there, either way: a close decision
_EXPECTED = 0.2  # what to expect of units of a note of which nothing is known yet
_EXPECTED_IN_INTERVIEWS = 0.3
_EXPECTED_PLAIN = 0.05  # of plain lines among prose
_WEIGHT = 1.0  # units by which what is expected counts
_WEIGHT_PLAIN = 1.5
_FEWEST_OPEN = 3  # that ask, for a topic without a body to be an open question
_SHARE_OPEN = 0.75
_HALF = 0.5
_FEWEST_OVER_TOLD = 3  # that ask, for a title that tells by itself to ask
_FEWEST_TOLD = 3
_FEWEST_QUOTES = 3
_SHARE_OF_QUOTES = 0.6
_LONGEST_STATEMENT = 40  # words
_FEWEST_OF_SERIES = 4
_ALTERNATING = re.compile(r"(?:AN{1,3}){2,}")
Known = TypeVar("Known")


class Styles:
    """Decides with what the writer of a note asks."""

    def __init__(self, page: Page, outline: Outline) -> None:
        self._page = page
        self._outline = outline
        self._units = outline.units
        self.alternating: set[int] = set()
        """Lists in which each question is followed by the items that answer it."""
        self._like: dict[tuple[Hashable, ...], list[Unit]] = defaultdict(list)
        self._counts: dict[tuple[Hashable, ...], tuple[float, int, float]] = {}
        self._known: dict[tuple[object, tuple[Hashable, ...]], Any] = {}
        self._series: set[int] = set()
        known = page.speaks_of_interviews
        self._limit = _ASKS_IN_INTERVIEWS if known else _ASKS
        self._expected = _EXPECTED_IN_INTERVIEWS if known else _EXPECTED

    def decide(self) -> None:
        """Give each unit that asks its reason."""
        for unit in self._units:
            for circle in circles(unit):
                self._like[circle].append(unit)
        read_titles(self._page, self._units)
        read_lines_over_lists(self._page, self._units)
        self._read_quotes()
        self._read_demands()
        self._read_alternating()
        self._read_counted()
        self._count()
        self._series = {depth for depth in range(1, 7) if is_series(self._page, self._units, depth)}
        lines = [unit for unit in self._units if unit.kind != "heading"]
        headings = sorted((unit for unit in self._units if unit.kind == "heading"), key=lambda unit: -unit.depth)
        for unit in lines:
            self._judge(unit, near=True)
        for unit in headings:
            self._judge(unit, near=False)
        asking = {unit.block.line for unit in headings if unit.reason}
        for unit in lines:
            if asking.isdisjoint(heading.line for heading in self._page.path_to(unit.block.line)):
                self._judge(unit, near=False)
        self._read_topics(headings)

    # -- what asks by itself -----------------------------------------------------------------------

    def _read_quotes(self) -> None:
        """Take a quotation for a question only where others ask, too; then all do, unless many only tell."""
        quotes = [unit for unit in self._units if unit.emphasis == "quote"]
        asking = sum(unit.cue > Cue.TOPIC for unit in quotes)
        answered = sum(bool(unit.body) for unit in quotes)
        all_ask = min(asking, answered) >= max(_FEWEST_QUOTES, _SHARE_OF_QUOTES * len(quotes))
        for unit in quotes:
            if unit.cue <= Cue.TOPIC:
                unit.cue = Cue.TOPIC if all_ask else Cue.TELLS
            elif asking < FEWEST_ASKING or not (unit.body or all_ask):
                unit.cue = Cue.TELLS

    def _read_demands(self) -> None:
        """Take what asks by itself; an instruction only where it is answered or stands among questions."""
        for unit in self._units:
            if unit.cue is Cue.ASKS:
                unit.reason = unit.why
            elif unit.cue is Cue.DEMANDS:
                among = self._of(circles(unit)[0], _has_asking) or self._is_titled(unit)
                if unit.kind != "list-item" or unit.body or among:
                    unit.reason = unit.why
                else:
                    unit.passed = "asks for something, but has no answer and is not among questions"

    def _read_alternating(self) -> None:
        lists: dict[int, list[Unit]] = defaultdict(list)
        for unit in self._units:
            if unit.kind == "list-item":
                lists[id(unit.block.parent)].append(unit)
        for key, units in lists.items():
            listing = units[0].block.parent
            if listing is None or len(units) < len(listing.children) or any(unit.body == "inside" for unit in units):
                continue
            marked = "".join("A" if unit.cue is Cue.ASKS and self._is_marked(unit) else "N" for unit in units)
            if _ALTERNATING.fullmatch(marked):
                self.alternating.add(key)
                for unit, mark in zip(units, marked, strict=True):
                    if mark == "N":
                        unit.cue, unit.reason, unit.passed = Cue.TELLS, "", "answers the question above it"

    def _read_counted(self) -> None:
        """Let texts that tell be topics where they are counted, each with a body, beside some that ask.

        Items that are not counted are so, too, where nearly all items of their kind ask, and hold their answers.
        """
        for circle, units in self._like.items():
            counted = [unit for unit in units if unit.number is not None and unit.kind != "heading"]
            listed = [unit for unit in units if unit.kind == "list-item"] if circle[0] == "item" else []
            if circle == circles(units[0])[0] and counted and goes_on(counted) >= SHARE_OF_COUNTED:
                self._let_be_topics(counted, FEWEST_ASKING, ("is prose", "names a section"))
            elif listed and listed[0].depth == 0 and circle[1] == listed[0].home and self._right_under_title(listed[0]):
                self._let_be_topics(listed, 0, ("is prose",))
            elif len(listed) >= _FEWEST_OF_SERIES:
                self._let_be_topics(listed, min(SHARE_OF_COUNTED * len(listed), len(listed) - 1), ("is prose",))

    def _let_be_topics(self, units: list[Unit], fewest: float, why: tuple[str, ...]) -> None:
        asks = sum(bool(unit.reason) for unit in units)
        if asks < fewest or sum(bool(unit.body) for unit in units) < SHARE_OF_COUNTED * len(units):
            return
        for unit in units:
            if unit.why in why and unit.body and len(unit.source.split()) <= _LONGEST_STATEMENT:
                unit.cue = Cue.TOPIC

    def _is_marked(self, unit: Unit) -> bool:
        return ends_with_mark(bare(self._page.asked(unit.source)))

    # -- counting ------------------------------------------------------------------------------------

    def _count(self) -> None:
        for circle, units in self._like.items():
            asking = [unit for unit in units if unit.reason]
            topics = [unit for unit in units if unit.cue is Cue.TOPIC and unit.body and not self._is_told(unit)]
            answered = sum(bool(unit.body) for unit in asking)
            topics = [unit for unit in topics if not self._holds_cards(unit)]
            told = self._told(topics) / 2 if self._page.speaks_of_interviews else 0
            self._counts[circle] = (len(asking) + (told if answered else 0), answered, len(topics) - told)

    def _of(self, circle: tuple[Hashable, ...], what: Callable[[list[Unit]], Known]) -> Known:
        """Return what is to be known of a circle's units; it is found once, though each of them asks for it."""
        key = what, circle
        if key not in self._known:
            self._known[key] = what(self._like[circle])
        found: Known = self._known[key]
        return found

    def _share(self, unit: Unit, *, near: bool) -> tuple[float, int, int]:
        """Return the largest share of a unit's like that may be said to ask, and the counts behind it.

        A circle counts unless a narrower one says otherwise: siblings of which several are topics and none asks.
        """
        plain = unit.kind == "line" and not unit.is_dressed
        expected, weight = (_EXPECTED_PLAIN, _WEIGHT_PLAIN) if plain else (self._expected, _WEIGHT)
        best, most = (0.0, 0, 0), 0.0
        seen = circles(unit)
        for index, circle in enumerate(seen[:1] if near else seen):
            asks, answered, topics = self._counts[circle]
            if asks and answered:
                most = max(most, asks)
                share = (asks + weight * expected) / (asks + topics + weight)
                best = max(best, (share, int(asks), int(asks + topics)))
            elif topics > 1 or index:
                break
        return best if not self._is_told(unit) or most >= _FEWEST_OVER_TOLD else (0.0, *best[1:])

    def _is_within(self, unit: Unit) -> bool:
        """Whether a heading stands in the section of one at a level that asks."""
        path = self._page.path_to(unit.block.line) if unit.kind == "heading" else ()
        return any(heading.level in self._outline.strong for heading in path if heading.level < unit.depth)

    # -- deciding ------------------------------------------------------------------------------------

    def _judge(self, unit: Unit, *, near: bool) -> None:
        """Let a unit that says nothing by itself ask where its like do."""
        if self._is_within(unit) and not self._is_marked(unit):
            unit.reason, unit.passed = "", "belongs to the answer of the heading above it"
            return
        if unit.cue is not Cue.TOPIC or unit.reason:
            return
        if unit.kind == "heading" and unit.number is None and self._of(circles(unit)[0], are_counted):
            unit.passed = "is not counted, as the headings are that ask here"
            return
        titles = self._titles(unit)
        if any(map(self._page.lexicon.titles_advice, titles)):
            unit.passed = "is under a title of advice"
            return
        if unit.kind == "line" and not unit.is_dressed and any(map(self._page.lexicon.section_name, titles[-1:])):
            unit.passed = "is a plain line under a title that names a section"
            return
        serial = not near and unit.kind == "heading" and unit.depth in self._series and bool(unit.body)
        if serial and not (self._holds_cards(unit) or self._only_links(unit) or is_rubric(self._page, unit)):
            unit.reason = "headings of this level are one series over most of the note, and some ask"
            return
        share, asks, of = self._share(unit, near=near)
        unit.doubt = unit.doubt or (asks > 0 and abs(share - self._limit) < _CLOSE)
        if asks and share >= self._limit:
            if not unit.body:
                self._open_topic(unit, asks)
            elif self._holds_cards(unit):
                unit.passed = "is the title of other cards"
            elif not self._only_links(unit) and not is_rubric(self._page, unit):
                unit.reason = f"{named(unit)} ask in this note ({asks} of {of})"
            return
        if not near and unit.body and not self._holds_cards(unit) and not self._only_links(unit):
            unit.reason = self._by_title(unit) or self._by_story(unit) or self._by_telling(unit)
            unit.reason = unit.reason or self._by_number(unit)
            if not unit.reason and asks:
                unit.passed = f"too few {named(unit)} ask in this note ({asks} of {of})"
        elif not near and unit.kind == "list-item" and unit.depth == 0 and self._right_under_title(unit):
            unit.reason = "is under a title that says questions"

    def _open_topic(self, unit: Unit, asks: int) -> None:
        """End the answer above a topic without a body; it is an open question where nearly all its siblings ask."""
        unit.ends = unit.is_dressed or unit.kind == "list-item"
        listed = unit.kind == "list-item" and id(unit.block.parent) not in self.alternating
        if listed and asks >= _FEWEST_OPEN and self._of(circles(unit)[0], _share_asking) >= _SHARE_OPEN:
            if not unit.source.rstrip().endswith(":"):
                unit.reason = f"is among {asks} that ask"
        elif unit.kind == "heading" and asks > 1 and self._page.lexicon.opens_question(self._page.text(unit.source)):
            unit.reason = "opens as a question does, among headings that ask"

    def _by_title(self, unit: Unit) -> str:
        """Take what is under a title that says questions: headings, bold lines, numbered texts, items."""
        dressed = unit.kind == "heading" or (unit.kind == "line" and unit.emphasis == "bold" and unit.form != ":")
        if dressed and self._under_title(unit) and self._of(circles(unit)[0], _bodies) > 1:
            topics = self._of(circles(unit)[0], self._share_of_topics)
            return "" if topics > _HALF else "is under a title that says questions"
        if unit.kind != "heading" and unit.form not in ("", ":", "hr") and self._is_titled(unit):
            asks, _, topics = self._counts[circles(unit)[-1]]
            if asks and asks >= (asks + topics) / 4:
                return "is numbered under a title that says questions"
        if unit.kind == "list-item" and unit.depth == 0 and self._right_under_title(unit):
            return "is under a title that says questions"
        return ""

    def _by_number(self, unit: Unit) -> str:
        """Take what is counted in a note for an interview: stories, or lines of which one asks, each over its text."""
        if unit.number is None or not self._page.speaks_of_interviews:
            return ""
        alike = circles(unit)[-2 if unit.kind == "heading" else -1]
        if unit.form.isalpha() and self._of(alike, counts_on):
            return f"is counted as a {unit.form}"
        if unit.kind != "line" or not unit.is_dressed or not self._of(alike, _asks):
            return ""
        counted = self._of(alike, counts_on) or unit.block.line in self._of(alike, counted_in_turn)
        return "is counted among lines of which one asks" if counted else ""

    def _read_topics(self, headings: list[Unit]) -> None:
        """Take a long series of topics that is most of a note for an interview in which next to nothing asks."""
        if not self._page.is_for_interviews or not headings:
            return
        asking = [unit for unit in self._units if unit.reason]
        topics = [unit for unit in headings if unit.cue is Cue.TOPIC and unit.body and not unit.reason]
        told = [unit for unit in topics if not (self._only_links(unit) or is_rubric(self._page, unit))]
        for unit in most_of_note(self._page, told, asking):
            unit.reason = "is one of the topics that are most of a note for interviews"

    def _share_of_topics(self, units: list[Unit]) -> float:
        return sum(lists_topics(self._page, unit) for unit in units) / len(units)

    def _by_story(self, unit: Unit) -> str:
        if unit.kind != "heading" or not tells_story(self._page, unit.below) or is_rubric(self._page, unit):
            return ""
        told = self._of(circles(unit)[0], self._stories)
        return f"is told in the parts of a story, as {told} headings are" if told > 1 else ""

    def _by_telling(self, unit: Unit) -> str:
        """Take headings below which the writer tells of himself, several of a section of a note for interviews."""
        if not self._page.speaks_of_interviews or not tells_of_oneself(self._page, unit) or is_rubric(self._page, unit):
            return ""
        if any(
            other.cue is Cue.ASKS for block in _laid_flat(unit) if (other := self._outline.known(block)) is not None
        ):
            return ""
        told = self._of(circles(unit)[0], self._told)
        return f"is over what you tell of yourself, as {told} headings are" if told > _FEWEST_TOLD else ""

    def _told(self, units: list[Unit]) -> int:
        return sum(tells_of_oneself(self._page, unit) for unit in units)

    def _stories(self, units: list[Unit]) -> int:
        return sum(tells_story(self._page, unit.below) for unit in units)

    # -- what stands around ------------------------------------------------------------------------

    def _is_told(self, unit: Unit) -> bool:
        """Whether a title opens with a question's word and yet tells: "How it works"."""
        return self._page.lexicon.tells(self._page.text(unit.source))

    def _titles(self, unit: Unit) -> list[str]:
        path = [heading for heading in self._page.path_to(unit.block.line) if heading is not unit.block]
        return [self._page.text(heading.content) for heading in path]

    def _is_titled(self, unit: Unit) -> bool:
        return any(map(self._page.lexicon.titles_questions, self._titles(unit)))

    def _under_title(self, unit: Unit) -> bool:
        titles = self._titles(unit)
        return bool(titles) and self._page.lexicon.titles_questions(titles[-1])

    def _right_under_title(self, unit: Unit) -> bool:
        listing = unit.block.parent
        if listing is None or listing.parent is None or listing.parent.type != "root" or len(listing.children) == 1:
            return False
        above = self._page.before(listing)
        if above is None:
            return len(listing.children) > _FEWEST_OF_SERIES and self._page.lexicon.titles_questions(
                self._page.note.title
            )
        return above.type == "heading" and self._under_title(unit)

    def _holds_cards(self, unit: Unit) -> bool:
        """Whether a unit is the title of cards: what stands below it asks and is answered."""
        inner = _laid_flat(unit)
        if not inner:
            return False
        if any(self._page.owner(block) is not None for block in inner):
            return True
        first = self._outline.unit(inner[0])
        if first is not None and (first.cue is Cue.ASKS or (first.reason and first.body)):
            return True
        units = [other for block in inner if (other := self._outline.known(block)) is not None]
        asking = [other for other in units if other.cue is Cue.ASKS or (other.reason and other.form)]
        if sum(bool(other.body) for other in asking) > 1 or (len(asking) > 1 and len(asking) >= len(units) / 2):
            return True
        if first is None or first.kind != "heading" or unit.kind != "heading" or unit.depth in self._outline.strong:
            return False
        if self._page.lexicon.story_part(self._page.text(first.source)):
            return False
        return label_of_answer(self._page, first.block.content) is None

    def _only_links(self, unit: Unit) -> bool:
        if unit.rest or not unit.below:
            return False
        return all(is_list_of_links(block) or is_navigation(block) for block in unit.below)


def _laid_flat(unit: Unit) -> list[Block]:
    """Return what stands below a unit, lists laid flat into their items, without rules."""
    blocks = (block for block in unit.below if block.type != "hr")
    return [child for block in blocks for child in (block.children if block.type in LISTS else [block])]


def _has_asking(units: list[Unit]) -> bool:
    return any(unit.cue is Cue.ASKS for unit in units)


def _share_asking(units: list[Unit]) -> float:
    return sum(bool(unit.reason) for unit in units) / len(units)


def _asks(units: list[Unit]) -> bool:
    return any(unit.reason for unit in units)


def _bodies(units: list[Unit]) -> int:
    return sum(bool(unit.body) for unit in units)
