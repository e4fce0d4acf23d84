"""Turns: lists in which an item asks, and the items below it answer, up to the next that asks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from offbook.cards.note.page import Page
from offbook.cards.units.unit import Cue, Unit
from offbook.cards.words.bare import MARKS, ends_with_colon, ends_with_mark
from offbook.markdown.blocks import with_children
from offbook.text import WORD

_MARK = re.compile(f"[{MARKS}]")
ANSWERS_ABOVE = "answers the item above it"
_FEWEST_WORDS = 4  # of the first item below most questions: less may be topics among open questions
_FEWEST_BELOW_ONE = 6  # words, where but one item asks, and has a mark


def read_turns(page: Page, units: list[Unit]) -> None:
    """Let items answer those above them where a list begins with one that asks, and each has its own text or none.

    What looks as those that ask, such as a line in capitals, begins anew, too. In an outline of Logseq what answers is
    nested, wherever something is.
    """
    lists: dict[int, list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.kind == "list-item" and unit.block.parent is not None and unit.block.parent.type == "bullet_list":
            lists[id(unit.block.parent)].append(unit)
    for items in lists.values():
        if page.note.is_outline and any(unit.below for unit in items):
            continue
        turns = list(_turns(items))
        fewest = _FEWEST_WORDS if len(turns) > 1 else _FEWEST_BELOW_ONE
        firsts = [page.text(told[0].block.children[0].content) for _, told in turns]
        if len(turns) == 1 and not ends_with_mark(page.text(turns[0][0].source)):
            continue
        if sum(len(WORD.findall(text)) >= fewest and not _MARK.search(text) for text in firsts) > len(turns) / 2:
            for asking, told in turns:
                listing = told[0].block.parent
                assert listing is not None
                asking.below, asking.body = [with_children(listing, [unit.block for unit in told])], "inside"
                for unit in told:
                    unit.cue, unit.why, unit.body = Cue.TELLS, ANSWERS_ABOVE, ""


def _turns(items: list[Unit]) -> Iterator[tuple[Unit, list[Unit]]]:
    """Yield what asks with what tells below it; nothing where a list is of another kind."""
    listing = items[0].block.parent
    if listing is None or len(items) != len(listing.children) or not _asks(items[0]):
        return
    looks = {unit.looks for unit in items if unit.cue is Cue.ASKS and unit.is_dressed}
    starts = [index for index, unit in enumerate(items) if _asks(unit) or unit.looks in looks]
    turns = [(items[at], items[at + 1 : then]) for at, then in zip(starts, [*starts[1:], len(items)], strict=True)]
    if any(asking.below and told for asking, told in turns):
        return  # what is to answer it stands inside, were it "TODO"
    telling = [unit for _, told in turns for unit in told]
    own = any(unit.is_dressed for unit in telling) or 2 * sum(map(_is_title, telling)) >= len(telling)
    if own and any(asking.body for asking, _ in turns):
        return  # where answers stand inside, an item with a term in front or a text inside is one of the list's own
    if all(bool(told) != bool(asking.body) for asking, told in turns):
        yield from ((asking, told) for asking, told in turns if told)


def _is_title(unit: Unit) -> bool:
    """Whether an item is of a few words over a text of its own: it leads to none, and tells nothing by itself."""
    return bool(unit.below) and len(WORD.findall(unit.source)) < _FEWEST_BELOW_ONE and not ends_with_colon(unit.source)


def _asks(unit: Unit) -> bool:
    return unit.cue in (Cue.ASKS, Cue.DEMANDS)
