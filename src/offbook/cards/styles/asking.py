"""Styles: what looks alike in a note is one thing to its writer. Decides which units ask, and says why.

What asks by its shape asks. Of all else the evidence is weighed: what looks like it asks or not, what is below it, the
titles above it, the note. Points are for and against; where those for it prevail, a unit asks.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable

from offbook.cards.note.page import Page
from offbook.cards.note.predicates import is_list_of_links, is_navigation, untasked
from offbook.cards.note.stories import is_rubric
from offbook.cards.styles.circles import circles, named
from offbook.cards.styles.evidence import Evidence
from offbook.cards.styles.points import points
from offbook.cards.styles.series import (
    FEWEST_ASKING,
    are_counted,
    read_choices,
    read_lines_below_rules,
    read_lines_over_blocks,
    read_lines_that_lead,
    read_stories,
    read_titles,
    read_unfinished,
)
from offbook.cards.units.outline import Outline
from offbook.cards.units.unit import NAMES_SECTION, PROSE, Cue, Unit

_WORD = re.compile(r"[^\W_]+")
_TELLS = re.compile(r"\S::?(?:\s|\Z)")  # "Catalyst:: the optimizer", "Steps:"
_FEWEST_OPEN = 3  # that ask, for a topic without a body to be an open question
_SHARE_OPEN, _SHARE_UNANSWERED = 0.75, 0.35
_FEWEST_FILLED = 4  # headings that ask, for an empty one beside them to be an open question
_SHARE_ENDING = 0.3  # of a unit's like that asks, for it to end an answer
_CLOSE = 3  # points, either way: a close decision
_FAR = 20  # points, either way: so many decide against most siblings
_FEWEST_SIBLINGS = 3
_MOST_ASK = 0.5  # of siblings: what is close is as most of them are
_FEWEST_QUOTES = 3
_SHARE_OF_QUOTES = 0.6
_HALF = 0.5
_FEW_DAYS = 2
_PART_OF_RECORD = "is part of the answer to its page's title"
_LONGEST_STATEMENT = 40  # words
_FEWEST_LISTED = 5  # items right below the title of a note


class Styles:
    """Decides with what the writer of a note asks."""

    def __init__(self, page: Page, outline: Outline) -> None:
        self._page = page
        self._outline = outline
        self._units = outline.units
        self._points = points()
        self._like: dict[tuple[Hashable, ...], list[Unit]] = defaultdict(list)
        self._counted: dict[tuple[Hashable, ...], bool] = {}

    def decide(self) -> None:
        """Give each unit that asks its reason."""
        for unit in self._units:
            for circle in circles(unit):
                self._like[circle].append(unit)
        read_titles(self._page, self._units)
        self._read_record()
        read_stories(self._page, self._units)
        read_choices(self._page, self._units)
        read_lines_that_lead(self._page, self._units)
        read_lines_over_blocks(self._page, self._units)
        read_lines_below_rules(self._page, self._units)
        read_unfinished(self._page, self._units)
        self._read_quotes()
        self._read_demands()
        evidence = Evidence(self._page, self._outline, self._like)
        for depth in range(6, 0, -1):
            headings = [unit for unit in self._units if unit.kind == "heading" and unit.depth == depth]
            self._weigh(headings, evidence)
            self._read_empty(headings)
        for kind in ("list-item", "line"):
            self._weigh([unit for unit in self._units if unit.kind == kind], evidence)
        self._read_unanswered([unit for unit in self._units if unit.emphasis == "bold"])

    # -- what asks by itself -----------------------------------------------------------------------

    def _read_record(self) -> None:
        """Let no line ask in a row of a database whose title does: in a database of questions a page is an answer."""
        title = next(iter(self._units), None)
        if not self._page.note.is_record or title is None or title.kind != "heading" or title.cue is not Cue.ASKS:
            return
        for unit in self._units:
            if unit.kind == "line":
                unit.cue, unit.why, unit.reason = Cue.TELLS, _PART_OF_RECORD, ""

    def _read_quotes(self) -> None:
        """Take a quotation for a question only where others ask, too; then all do, unless many only tell."""
        quotes = [unit for unit in self._units if unit.emphasis == "quote"]
        asking = sum(unit.cue > Cue.TOPIC for unit in quotes)
        answered = sum(bool(unit.body) for unit in quotes)
        prompts = sum(unit.cue is not Cue.TELLS for unit in quotes)
        usual = asking if prompts < len(quotes) else len(quotes)
        enough = asking >= _FEWEST_QUOTES and answered >= FEWEST_ASKING
        all_ask = enough and usual >= _SHARE_OF_QUOTES * len(quotes)
        for unit in quotes:
            if unit.cue <= Cue.TOPIC and all_ask:
                unit.cue, unit.reason = (
                    Cue.TOPIC,
                    f"is one of {len(quotes)} quotations, {asking} of which ask by themselves",
                )
            elif unit.cue <= Cue.TOPIC or asking < FEWEST_ASKING or not (unit.body or all_ask):
                unit.cue, unit.why = Cue.TELLS, "is quoted"

    def _read_demands(self) -> None:
        """Take what asks by itself; an instruction only where it is answered or stands among questions."""
        asking = {circles(unit)[0] for unit in self._units if unit.cue is Cue.ASKS}
        for unit in self._units:
            if unit.cue is Cue.ASKS:
                unit.reason = unit.why
            elif unit.cue is Cue.DEMANDS:
                among = circles(unit)[0] in asking or self._is_titled(unit)
                if unit.kind != "list-item" or unit.body or among:
                    unit.reason = unit.why
                else:
                    unit.passed = "asks for something, but has no answer and is not among questions"

    # -- deciding ------------------------------------------------------------------------------------

    def _weigh(self, units: list[Unit], evidence: Evidence) -> None:
        """Weigh what is for and against units that do not ask by themselves."""
        seen = {unit: evidence.of(unit) for unit in units if self._may_be_topic(unit, evidence)}
        weights = {unit: self.weight(unit, of_unit) for unit, of_unit in seen.items()}
        titles = {
            unit: min(weight, -1)
            for unit, weight in weights.items()
            if evidence.opens_on_question(unit) or (weight < 0 and evidence.holds_questions(unit))
        }
        weights = self._settled(weights) | titles
        for unit, weight in weights.items():
            unit.doubt = abs(weight) < _CLOSE
            if weight >= 0:
                unit.cue, unit.reason = Cue.TOPIC, self._points.reason(seen[unit], named(unit))
            elif unit.cue is Cue.TOPIC:
                unit.passed = self._points.objection(seen[unit], named(unit))

    def _read_empty(self, headings: list[Unit]) -> None:
        """Let a heading with nothing below it be an open question where half of its level's that have text ask."""
        filled = [unit for unit in headings if unit.below]
        asking = sum(bool(unit.reason) for unit in filled)
        if asking >= max(_FEWEST_FILLED, _HALF * len(filled)):
            for unit in (unit for unit in headings if not unit.below and unit.cue is Cue.TOPIC and not unit.reason):
                unit.reason = f"is among {asking} headings that ask, and has no text yet"

    def _read_unanswered(self, units: list[Unit]) -> None:
        """Let a text in bold be an open question where nothing answers it, and half of what looks like it asks."""
        alike: dict[object, list[Unit]] = defaultdict(list)
        for unit in units:
            alike[unit.kind, unit.depth, unit.looks].append(unit)
        for found in alike.values():
            asking = sum(unit.cue is Cue.ASKS for unit in found)
            for unit in found if asking >= max(_FEWEST_FILLED, _HALF * len(found)) else ():
                unit.is_open = True

    @staticmethod
    def _siblings(units: Iterable[Unit]) -> dict[tuple[Hashable, ...], list[Unit]]:
        siblings: dict[tuple[Hashable, ...], list[Unit]] = defaultdict(list)
        for unit in units:
            siblings[circles(unit)[0]].append(unit)
        return siblings

    def _settled(self, weights: dict[Unit, int]) -> dict[Unit, int]:
        """Let topics on which it is close go with their siblings: half of a list is no list of questions."""
        siblings = self._siblings(unit for unit in weights if unit.cue is Cue.TOPIC and unit.body)
        settled = dict(weights)
        for alike in (units for units in siblings.values() if len(units) >= _FEWEST_SIBLINGS):
            share = sum(weights[unit] >= 0 for unit in alike) / len(alike)
            for unit in alike:
                if share >= _MOST_ASK and weights[unit] >= -_FAR:
                    settled[unit] = max(weights[unit], 0)
                elif weights[unit] <= _FAR / 2:
                    settled[unit] = min(weights[unit], -1)
        return settled

    def weight(self, unit: Unit, seen: dict[str, float]) -> int:
        """Return the points for a unit of which this is seen; where points are learned, a reader says it."""
        return self._points.of(seen)

    def _may_be_topic(self, unit: Unit, evidence: Evidence) -> bool:
        """Whether evidence decides on a unit; of some it is said at once why they are none."""
        counted = unit.why == NAMES_SECTION and unit.number is not None
        may_be = unit.cue is Cue.TOPIC or ((unit.why == PROSE or counted) and unit.cue is Cue.TELLS)
        if unit.reason or not may_be:
            return False
        if not unit.body:
            self._judge_open(unit, evidence)
            return False
        if unit.kind == "heading" and len(self._like[circles(unit)[0]]) > 1 and self._names_note(unit):
            unit.passed = "is the title of the note"
            return False
        if unit.kind == "heading" and unit.number is None and self._are_counted(circles(unit)[0]):
            unit.passed = "is not counted, as the headings are that ask here"
            return False
        if unit.kind == "heading" and unit.number is None and self._is_part_of_counted(unit):
            unit.passed = "is a part of the text below a numbered heading"
            return False
        if evidence.answers(unit):
            unit.passed = "answers the question above it"
            return False
        if unit.kind != "heading" and any(map(self._page.lexicon.titles_advice, self._titles(unit))):
            unit.passed = "is under a title of advice"
            return False
        like = evidence.seen(circles(unit)[0])
        if unit.kind == "heading" and like.dated > _HALF and not like.asks and like.topics > _FEW_DAYS:
            unit.passed = "is an entry of a log, as the days in the headings say"
            return False
        fits = unit.form == "number" or len(unit.source.split()) <= _LONGEST_STATEMENT
        rubric = unit.kind == "heading" and is_rubric(self._page, unit.below)
        return fits and not rubric and not self._only_links(unit)

    def _judge_open(self, unit: Unit, evidence: Evidence) -> None:
        """End the answer above a topic without a body; it is an open question where several of its siblings ask."""
        if unit.cue is not Cue.TOPIC and not self._asks_at_length(unit):
            return
        first = unit.block.children[0].content if unit.kind == "list-item" else ""
        is_task = untasked(first) != first
        if unit.kind == "list-item" and unit.depth == 0 and not is_task and self._right_under_title(unit):
            unit.reason = "is under a title that says questions"
            return
        asks = max(seen.asks if seen.share() >= _SHARE_ENDING else 0 for seen in map(evidence.seen, circles(unit)))
        if not asks:
            return
        unit.ends = unit.is_dressed or unit.kind == "list-item"
        if unit.kind == "list-item" and asks >= _FEWEST_OPEN and self._is_among_open(unit, evidence):
            if not _TELLS.search(unit.source):
                unit.reason = f"is among {asks} that ask"
        elif unit.kind == "heading" and asks > 1 and self._page.lexicon.opens_question(self._page.text(unit.source)):
            unit.reason = "opens as a question does, among headings that ask"

    def _asks_at_length(self, unit: Unit) -> bool:
        """Whether an item is a long text that opens as a question does, and is no statement by its end."""
        text = self._page.text(unit.source).rstrip()
        is_question = not text.endswith((".", "…", ":")) or "?" in text
        return unit.kind == "list-item" and is_question and bool(self._page.lexicon.opens_question(text))

    def _is_among_open(self, unit: Unit, evidence: Evidence) -> bool:
        """Whether nearly all siblings of a unit ask, or several that have no answers either."""
        circle = circles(unit)[0]
        seen, count = evidence.seen(circle), len(self._like[circle])
        unanswered = 2 * seen.answered <= seen.asks
        return seen.asks >= (_SHARE_UNANSWERED if unanswered else _SHARE_OPEN) * count

    # -- what stands around ------------------------------------------------------------------------

    def _are_counted(self, circle: tuple[Hashable, ...]) -> bool:
        if circle not in self._counted:
            self._counted[circle] = are_counted(self._like[circle])
        return self._counted[circle]

    def _is_part_of_counted(self, unit: Unit) -> bool:
        """Whether a heading stands below one of several that are counted, most of which hold no others."""
        above = self._page.path_to(unit.block.line)
        counted = self._outline.known(above[-1]) if above else None
        if counted is None or counted.number is None or not self._are_counted(circles(counted)[0]):
            return False
        alike = [each for each in self._like[circles(counted)[0]] if each.body]
        holding = sum(any(block.type == "heading" for block in each.below) for each in alike)
        return holding <= _HALF * len(alike)

    def _names_note(self, unit: Unit) -> bool:
        """Whether a heading says what the note's file is called."""
        said, name = (" ".join(_WORD.findall(text.casefold())) for text in (unit.source, self._page.note.stem))
        return bool(said) and name == said

    def _titles(self, unit: Unit) -> list[str]:
        return [self._page.text(heading.content) for heading in self._page.path_to(unit.block.line)]

    def _is_titled(self, unit: Unit) -> bool:
        return any(map(self._page.lexicon.titles_questions, self._titles(unit)))

    def _right_under_title(self, unit: Unit) -> bool:
        listing = unit.block.parent
        if listing is None or listing.parent is None or listing.parent.type != "root" or len(listing.children) == 1:
            return False
        above = self._page.before(listing)
        if above is None:
            return len(listing.children) >= _FEWEST_LISTED and self._page.lexicon.titles_questions(
                self._page.note.title
            )
        titles = self._titles(unit)
        return above.type == "heading" and bool(titles) and self._page.lexicon.titles_questions(titles[-1])

    def _only_links(self, unit: Unit) -> bool:
        if unit.rest or not unit.below:
            return False
        return all(is_list_of_links(block) or is_navigation(block) for block in unit.below)
