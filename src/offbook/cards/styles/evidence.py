"""Evidence: what a reader sees of a text that does not ask by itself, in numbers.

He looks at the text, at what is below it, at the titles above it, at what looks like it, and at the note.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

from offbook.cards.marks import tagged as tagged_mark
from offbook.cards.marks.label_words import label_of_answer
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import LISTS
from offbook.cards.styles.circles import circles
from offbook.cards.styles.series import goes_on, lists_topics
from offbook.cards.units.outline import Outline
from offbook.cards.units.unit import NAMES_SECTION, PROSE, Cue, Unit
from offbook.cards.words.bare import ends_with_colon, ends_with_mark
from offbook.markdown import Block

_HALF = 0.5
_MOST = 2 / 3
_NUMBER = re.compile(r"(?:\d{1,2}\.){0,3}+(\d{1,9})(?!\d|(?:st|nd|rd|th)\b)")


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen of units that look alike."""

    asks: int
    """How many ask by themselves."""
    answered: int
    """Those of them with a text below them."""
    topics: int
    """How many others may be what is asked, and have one."""
    bodies: float
    """The share of units with a text below them."""
    covers: float
    """The share of the note that they are, with what is below them."""
    counted: float
    """The share of units with which their numbering goes on."""
    repeated: float
    """The share of units whose text another one has, too."""
    sections: float
    """The share of units that name sections, as notes on anything have them."""
    dated: float
    """The share of units with a number in them that does not count them: days, versions."""

    def share(self, marked: int = 0) -> float:
        """Return the share of the asking ones, `marked` cards among them; of few it is less, since they prove less."""
        return (self.asks + marked) / (self.asks + marked + self.topics + 1)


class Evidence:
    """The evidence that a note has of each of its units."""

    def __init__(self, page: Page, outline: Outline, like: dict[tuple[Hashable, ...], list[Unit]]) -> None:
        self._page = page
        self._outline = outline
        self._like = like
        self._seen: dict[tuple[Hashable, ...], Seen] = {}
        self._marked: dict[int, int] = {}
        self._first = page.document.root.line
        self._before = [0, *accumulate(map(len, page.lines))]
        self._ends = self._find_ends()
        self._holders = self._find_holders()
        self._answering = self._find_answering()
        asking = [unit for unit in outline.units if unit.cue is Cue.ASKS]
        self._asking, self._answered = len(asking), sum(bool(unit.body) for unit in asking)
        self._top = min((unit.depth for unit in outline.units if unit.kind == "heading"), default=-1)

    def of(self, unit: Unit) -> dict[str, float]:
        """Return the evidence of one unit by its names in `points.toml`: numbers, and 1 for what is the case."""
        return {**self._of_text(unit), **self._of_below(unit), **self._of_titles(unit), **self._of_like(unit)}

    def _of_text(self, unit: Unit) -> dict[str, float]:
        text = self._page.text(unit.source)
        return {
            "nested": unit.depth if unit.kind == "list-item" else 0,
            "plain line": unit.kind == "line" and not unit.is_dressed,
            "ends in colon": ends_with_colon(text),
            "words": len(unit.source.split()),
            "prose": unit.why == PROSE,
            "tells by its opening": self._page.lexicon.tells(text),
        }

    def _of_below(self, unit: Unit) -> dict[str, float]:
        inner = _laid_flat(unit)
        units = [other for block in inner if (other := self._outline.known(block)) is not None]
        asking = sum(other.cue is Cue.ASKS or bool(other.reason) for other in units)
        return {
            "characters below": self._characters_below(unit),
            "body apart": unit.body in ("loose", "behind"),
            "opens on a list": bool(unit.below) and unit.below[0].type in LISTS,
            "headings below": sum(block.type == "heading" for block in inner),
            "share asking below": asking / len(inner) if inner else 0,
            "title of cards": self._holds_cards(unit, inner, units),
            "plan": lists_topics(self._page, unit),
        }

    def _of_titles(self, unit: Unit) -> dict[str, float]:
        page = self._page
        above = page.path_to(unit.block.line)
        siblings = self.seen(circles(unit)[0])
        return {
            "title of questions": bool(above) and page.lexicon.titles_questions(page.text(above[-1].content)),
            "titles above": len(above),
            "below what asks": any(map(self._asks, above)) or _asks(self._holders.get(id(unit))),
            "alone at the top": unit.depth == self._top and siblings.asks + siblings.topics == 1,
            "for interviews": page.is_for_interviews,
            "in a folder for interviews": page.speaks_of_interviews,
            "term of a glossary": page.is_glossary and _may_be_term(unit),
        }

    def _of_like(self, unit: Unit) -> dict[str, float]:
        names = circles(unit)
        siblings, like = self.seen(names[0]), self.seen(names[min(1, len(names) - 1)])
        marked = self._marked_beside(unit)
        return {
            "asking elsewhere": self._asking - like.asks,
            "answered elsewhere": self._answered - like.answered,
            "cards elsewhere": len(self._page.findings) - marked,
            "siblings: answered": siblings.answered + marked,
            "siblings: topics": siblings.topics,
            "siblings: share asking": siblings.share(marked),
            "siblings: with a body": siblings.bodies,
            "siblings: cover": siblings.covers,
            "siblings: dated": siblings.dated,
            "siblings: sections": siblings.sections,
            "like: asking": like.asks,
            "like: answered": like.answered,
            "like: topics": like.topics,
            "like: cover": like.covers,
            "like: counted": like.counted,
            "like: repeated": like.repeated,
        }

    def _marked_beside(self, unit: Unit) -> int:
        """Return how many items of the list in which a unit is one are cards already, where most are.

        Their marks say that they ask; but `#card` is on what the writer wants, and on nothing else.
        """
        listing = unit.block.parent if unit.kind == "list-item" else None
        if listing is None:
            return 0
        if id(listing) not in self._marked:
            owners = ((item, self._page.owner(item)) for item in listing.children)
            marked = [owner for item, owner in owners if owner is not None and owner.line == item.line]
            tagged = any(owner.dialect == tagged_mark.NAME for owner in marked)
            most = not tagged and len(marked) > len(listing.children) / 2
            self._marked[id(listing)] = len(marked) if most else 0
        return self._marked[id(listing)]

    def seen(self, circle: tuple[Hashable, ...]) -> Seen:
        """Return what is seen of the units of a circle; it is looked at once."""
        if circle not in self._seen:
            self._seen[circle] = self._look(self._like[circle])
        return self._seen[circle]

    def _look(self, units: list[Unit]) -> Seen:
        asking = [unit for unit in units if unit.cue is Cue.ASKS]
        topics = [unit for unit in units if unit.cue is Cue.TOPIC and unit.body]
        texts = Counter(self._page.text(unit.source).casefold() for unit in units)
        covers = sum(self._span(unit) for unit in units) / (self._before[-1] or 1)
        return Seen(
            len(asking),
            sum(bool(unit.body) for unit in asking),
            len(topics),
            sum(bool(unit.body) for unit in units) / len(units),
            min(covers, 1.0),
            goes_on(units),
            1 - len(texts) / len(units),
            sum(unit.why == NAMES_SECTION for unit in units) / len(units),
            _dated([unit for unit in units if unit.number is None]) / len(units),
        )

    def holds_questions(self, unit: Unit) -> bool:
        """Whether several texts with question marks stand below a unit, each over its answer."""
        return sum(map(self._has_mark, filter(_asks_over_text, self._known_below(unit)))) > 1

    def opens_on_question(self, unit: Unit) -> bool:
        """Whether what stands right below a unit is in bold, and asks over its answer: then the unit titles it."""
        first = self._outline.known(unit.below[0]) if unit.below else None
        if first is None or (first.kind, first.emphasis) != ("line", "bold"):
            return False
        return _asks_over_text(first) and self._has_mark(first)

    def _known_below(self, unit: Unit) -> Iterator[Unit]:
        return (other for block in _laid_flat(unit) if (other := self._outline.known(block)) is not None)

    def _has_mark(self, unit: Unit) -> bool:
        return ends_with_mark(self._page.asked(unit.source))

    # -- sizes -------------------------------------------------------------------------------------

    def _characters_below(self, unit: Unit) -> int:
        """Return how many characters follow a unit's first line, down to where the next begins."""
        line = min(unit.block.line + len(unit.question[0].lines), self._ends[id(unit)])
        rest = sum(len(block.content) for block in unit.rest[:1]) if unit.rest and unit.rest[0].line < line else 0
        return rest + self._count(line, self._ends[id(unit)])

    def _span(self, unit: Unit) -> int:
        return self._count(unit.block.line, self._ends[id(unit)])

    def _count(self, first: int, end: int) -> int:
        last = len(self._before) - 1
        return self._before[min(max(end - self._first, 0), last)] - self._before[min(first - self._first, last)]

    def _find_ends(self) -> dict[int, int]:
        """Return the line behind each unit: of a section, of an item, or, of a line, that of the next line or title."""
        ends: dict[int, int] = {}
        following = counted = self._first + len(self._before) - 1
        for unit in reversed(self._outline.units):
            if unit.kind == "heading":
                last = unit.below[-1].end if unit.below else unit.block.end
                ends[id(unit)] = max(last, unit.block.end)
                following = counted = unit.block.line
            elif unit.kind == "list-item":
                ends[id(unit)] = max(counted if _is_broken_up(unit) else 0, unit.block.end)
                counted = unit.block.line if _is_counted(unit) else counted
            else:
                ends[id(unit)] = max(following, unit.block.end)
                following = unit.block.line
        return ends

    def _find_holders(self) -> dict[int, Unit]:
        """Return the numbered item of each unit that stands flush left below one, up to the next number."""
        holders: dict[int, Unit] = {}
        holder = None
        for unit in self._outline.units:
            if unit.kind == "heading" or _is_counted(unit):
                holder = unit if _is_broken_up(unit) else None
            elif holder is not None:
                holders[id(unit)] = holder
        return holders

    def answers(self, unit: Unit) -> bool:
        """Whether a line is of the answer to the plain one above it that asks, as is usual in the note.

        All paragraphs look alike, so that questions among them are no evidence that others ask.
        """
        return id(unit) in self._answering

    def _find_answering(self) -> set[int]:
        lines = [unit for unit in self._outline.units if unit.kind == "line" and _is_plain(unit)]
        asking = [unit for unit in lines if unit.cue > Cue.TOPIC]
        over_text = [unit for unit in asking if self._is_over_text(unit)]
        if len(over_text) < _MOST * len(asking):
            return set()
        found: set[int] = set()
        above: Unit | None = None
        for unit in lines:
            if unit.cue > Cue.TOPIC:
                above = unit
            elif above is not None and above.home == unit.home and self._answers(unit, above):
                found.add(id(unit))
        return found

    def _answers(self, unit: Unit, above: Unit) -> bool:
        return unit.why == PROSE or (not above.rest and self._outline.next(above.block) is unit.block)

    def _is_over_text(self, unit: Unit) -> bool:
        """Whether a block that may be an answer stands right below a line, in its paragraph or behind it."""
        following = self._outline.next(unit.block)
        if unit.rest:
            return True
        if following is None or following.type in ("heading", "hr"):
            return False
        below = self._outline.known(following)
        return below is None or below.cue <= Cue.TOPIC

    # -- what stands around --------------------------------------------------------------------------

    def _asks(self, heading: Block) -> bool:
        return _asks(self._outline.known(heading))

    def _holds_cards(self, unit: Unit, inner: list[Block], units: list[Unit]) -> bool:
        """Whether a unit is the title of cards: what stands below it asks and is answered."""
        if not inner:
            return False
        if any(self._page.owner(block) is not None for block in inner):
            return True
        first = self._outline.unit(inner[0])
        if first is not None and (first.cue is Cue.ASKS or (first.reason and first.body)):
            return True
        asking = [other for other in units if other.cue is Cue.ASKS or (other.reason and other.form)]
        if sum(bool(other.body) for other in asking) > 1 or (len(asking) > 1 and len(asking) >= len(units) / 2):
            return True
        if first is None or first.kind != "heading" or unit.kind != "heading" or unit.depth in self._outline.strong:
            return False
        if self._page.lexicon.story_part(self._page.text(first.source)) or first.why.startswith("names a part"):
            return False
        return label_of_answer(self._page, first.block.content) is None


def _asks(unit: Unit | None) -> bool:
    return unit is not None and (unit.cue is Cue.ASKS or bool(unit.reason))


def _asks_over_text(unit: Unit) -> bool:
    return unit.cue is Cue.ASKS and bool(unit.body)


def _is_plain(unit: Unit) -> bool:
    """Whether a line looks like any paragraph, with a colon at its end or a rule above it, too."""
    return unit.emphasis == "plain" and not unit.sign and unit.form in ("", ":", "hr")


def _is_counted(unit: Unit) -> bool:
    return unit.kind == "list-item" and unit.depth == 0 and unit.form == "1"


def _is_broken_up(unit: Unit) -> bool:
    """Whether what stands flush left below a numbered item is its own, and breaks up the list."""
    return _is_counted(unit) and unit.body == "behind"


def _dated(units: list[Unit]) -> int:
    """Return how many units have a number in them; none where they count on, as "Problem 1", "1.1" and "1.2" do."""
    numbers = [int(match[1]) for unit in units if (match := _NUMBER.search(unit.source))]
    goes_on = sum(after == before + 1 for before, after in pairwise(numbers))
    return 0 if goes_on >= _HALF * len(numbers) else len(numbers)


def _may_be_term(unit: Unit) -> bool:
    """Whether a heading is no title of others, and more than a letter of the alphabet."""
    alone = unit.kind == "heading" and not any(block.type == "heading" for block in unit.below)
    return alone and any(map(str.isalpha, unit.source[1:2]))


def _laid_flat(unit: Unit) -> list[Block]:
    """Return what stands below a unit, lists laid flat into their items, without rules."""
    blocks: Iterable[Block] = (block for block in unit.below if block.type != "hr")
    return [child for block in blocks for child in (block.children if block.type in LISTS else [block])]
