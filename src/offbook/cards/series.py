"""Series: things that are counted, or stand at equal places, each with text below it, are one thing to their writer."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from offbook.cards.page import Page
from offbook.cards.predicates import LISTS
from offbook.cards.units import Cue, Unit
from offbook.markdown import Block

FEWEST_ASKING = 2
SHARE_OF_COUNTED = 0.8  # of texts that are counted: that follow each other and have a body
_FEWEST_OF_SERIES = 4
_FEWEST_COUNTED = 3
_MANY = 10
_LONG = 6  # units that are counted among others
_SHARE_OF_SERIES = 0.15  # of the headings of a series in a note for an interview: that ask
_SHARE_OF_FLAT = 0.2  # of headings that are all of one level: that ask
_SHARE_OF_PROSE = 0.7  # of a series' headings: that stand over a paragraph
_COVERS = 0.6  # of the note's text
_SHORTEST_TOLD, _LONGEST_TOLD = 50, 900  # characters usual below a heading of a series
_FEW_WORDS = 4
_FEWEST_TOPICS = 8  # of a note in which nothing asks
_SHARE_BESIDE = 0.1  # of their number: texts that ask beside them
_MANY_LEAVES = 15  # headings without headings below them, of whatever level
_FEWEST_PARTS = 3
_MOST_PARTS = 4
_MOST_BESIDE = 0.3  # of the note's text: items that ask


def is_series(page: Page, every: list[Unit], depth: int) -> bool:
    """Whether the headings of a level are one series: each over a few sentences, most of the note, some asking."""
    units = [unit for unit in every if unit.kind == "heading" and unit.depth == depth and unit.body]
    asking = sum(bool(unit.reason) for unit in units)
    if len(units) < _FEWEST_OF_SERIES or not 0 < asking < len(units):
        return False
    if asking >= FEWEST_ASKING and page.speaks_of_interviews and goes_on(units) >= SHARE_OF_COUNTED:
        return True  # they are counted
    texts = [_size(unit.below) for unit in units]
    usual = sorted(texts)[len(texts) // 2]
    covers = sum(texts) >= _COVERS * _size(page.flows[0])
    flat = len(units) == sum(True for _ in page.headings())
    if flat and asking >= max(FEWEST_ASKING, _SHARE_OF_FLAT * len(units)):
        return usual <= _LONGEST_TOLD and covers  # the note is of nothing else
    if page.speaks_of_interviews and len(units) >= _MANY and asking >= _SHARE_OF_SERIES * len(units):
        return usual <= _LONGEST_TOLD and covers
    prose = sum(unit.below[0].type == "paragraph" for unit in units)
    return prose >= _SHARE_OF_PROSE * len(units) and _SHORTEST_TOLD <= usual <= _LONGEST_TOLD and covers


def read_titles(page: Page, units: list[Unit]) -> None:
    """Let a title that several headings have name a part, as "Result" does, and those that end in arrows ask.

    Many such titles are what is asked of each of several things.
    """
    topics = [unit for unit in units if unit.kind == "heading" and unit.cue is Cue.TOPIC]
    titles = [page.text(unit.source).casefold() for unit in topics]
    parts = {title for title, count in Counter(titles).items() if count >= _FEWEST_PARTS}
    for unit, title in zip(topics, titles, strict=True) if len(parts) <= _MOST_PARTS else ():
        if title in parts:
            unit.cue, unit.why = Cue.TELLS, "names a part, as other headings of that title do"
    arrows = [unit for unit in topics if unit.form == "→" and unit.body]
    for unit in arrows if len(arrows) >= _FEWEST_PARTS else ():
        unit.cue, unit.why = Cue.ASKS, "leads to what is below it, as the arrow says"


def read_lines_over_lists(page: Page, units: list[Unit]) -> None:
    """Let plain lines ask that open as questions do, without a mark, where several stand right above lists."""
    found = [
        unit
        for unit in units
        if (unit.kind, unit.cue, unit.is_dressed) == ("line", Cue.TOPIC, False)
        and unit.why.startswith("opens with")
        and (below := next(page.after(unit.block), None)) is not None
        and below.type in LISTS
    ]
    for unit in found if len(found) >= FEWEST_ASKING else ():
        unit.cue = Cue.ASKS


def most_of_note(page: Page, headings: list[Unit], asking: list[Unit]) -> list[Unit]:
    """Return the longest series of headings of one level that is most of a note, beside next to nothing that asks.

    Items that ask in its sections may be parts of them. Titles with days are a log, and headings over lists of a few
    words a plan.
    """
    items = [unit for unit in asking if unit.kind == "list-item"]
    if sum(_size([unit.block]) for unit in items) > _MOST_BESIDE * _size(page.flows[0]):
        return []
    levels = ([unit for unit in headings if unit.depth == depth] for depth in range(1, 7))
    long = [
        units for units in levels if len(units) >= max(_FEWEST_TOPICS, _beside(page, units, asking) / _SHARE_BESIDE)
    ]
    series = max((units for units in long if _are_topics(page, units)), key=len, default=[])
    if series:
        return _without_titles(series, [*headings, *(unit for unit in asking if unit.kind == "heading")])
    top = min((unit.depth for unit in headings), default=0)
    leaves = _without_titles([unit for unit in headings if unit.depth == top], headings)
    few = len(page.findings) + len(asking) <= _SHARE_BESIDE * len(leaves)
    return leaves if few and len(leaves) >= _MANY_LEAVES and _are_topics(page, leaves) else []


def _beside(page: Page, units: list[Unit], asking: list[Unit]) -> int:
    """Return how many texts ask beside headings: by marks, on lines, or on headings that are not within theirs."""
    if not units:
        return 0
    within = (unit.kind == "list-item" or (unit.kind == "heading" and unit.depth > units[0].depth) for unit in asking)
    return len(page.findings) + len(asking) - sum(within)


def _are_topics(page: Page, units: list[Unit]) -> bool:
    titles = [page.text(unit.source) for unit in units]
    dated = sum(any(map(str.isdigit, title)) for title in titles) if goes_on(units) < SHARE_OF_COUNTED else 0
    planned = sum(lists_topics(page, unit) for unit in units)
    covers = sum(_size(unit.below) for unit in units) >= _COVERS * _size(page.flows[0])
    return covers and max(dated, planned) <= len(units) / 2


def _without_titles(units: list[Unit], headings: list[Unit]) -> list[Unit]:
    """Return what stands in the sections of those units that are titles of several headings, and the others."""
    ordered = sorted(headings, key=lambda unit: unit.block.line)
    lines = [unit.block.line for unit in ordered]

    def leaves(unit: Unit) -> Iterator[Unit]:
        end = unit.below[-1].end if unit.below else unit.block.end
        within = ordered[bisect_right(lines, unit.block.line) : bisect_left(lines, end)]
        parts = [other for other in within if other.depth == unit.depth + 1]
        for part in parts if len(parts) > 1 else ():
            yield from leaves(part)
        if len(parts) <= 1:
            yield unit

    return [leaf for unit in units for leaf in leaves(unit) if not leaf.reason]


def lists_topics(page: Page, unit: Unit) -> bool:
    """Whether nothing but a few words each is listed below a heading."""
    items = [item for block in unit.below if block.type in LISTS for item in block.children]
    words = [len(page.plain(item).split()) for item in items]
    alone = len(unit.below) == sum(block.type in (*LISTS, "heading") for block in unit.below)
    return unit.kind == "heading" and alone and (not words or sorted(words)[len(words) // 2] <= _FEW_WORDS)


def goes_on(units: list[Unit]) -> float:
    """Return the share of units with which the numbering of those before them goes on."""
    found = sum(after.number == before.number + 1 for before, after in pairwise(units) if before.number)
    return (found + 1) / len(units)


def _size(blocks: list[Block]) -> int:
    return sum(len(inner.content) for block in blocks for inner in block.walk())


def are_counted(units: list[Unit]) -> bool:
    """Whether several units are counted upwards (marks may have claimed some), and no other asks by itself."""
    numbers = [unit.number for unit in units if unit.number is not None]
    rising = all(before < after for before, after in pairwise(numbers))
    asking = [unit for unit in units if unit.cue is Cue.ASKS]
    return len(numbers) > _FEWEST_COUNTED and rising and all(unit.number is not None for unit in asking)


def counted_in_turn(units: list[Unit]) -> frozenset[int]:
    """Return the lines of the units that are counted from 1 on; those between them are counted within one."""
    found: list[Unit] = []
    for unit in units:
        if unit.number == len(found) + 1:
            found.append(unit)
    series = len(found) >= _LONG and all(unit.body for unit in found)
    return frozenset(unit.block.line for unit in found) if series else frozenset()


def counts_on(units: list[Unit]) -> bool:
    """Whether units are counted one after the other, each with text below it."""
    return len(units) >= _FEWEST_COUNTED and all(unit.body for unit in units) and goes_on(units) >= SHARE_OF_COUNTED
