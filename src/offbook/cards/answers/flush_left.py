"""What answers a list item flush left, below its list: the list ends there, or is broken up between its numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from offbook.cards.marks.label_words import label_of_answer
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import CODE, lists_tasks
from offbook.cards.units.outline import Outline
from offbook.cards.units.unit import Unit, is_next
from offbook.markdown import Block

_FEWEST_QUESTIONS = 3


class FlushLeft:
    """Finds what stands flush left below items that ask."""

    def __init__(self, page: Page, outline: Outline) -> None:
        self._page = page
        self._outline = outline

    def of(self, unit: Unit, *, filled: bool) -> Iterator[Block]:
        """Yield what continues an item's answer flush left: its list ends there, or code or a quote breaks it."""
        outermost = _outermost(unit.block)
        first, listing = self._outline.next(outermost), unit.block.parent
        if listing is None or first is None or (outermost is not unit.block and first.type == "list_item"):
            return
        quotes = first.type == "blockquote" and first.line <= _last_line(unit.block)
        if (first.type == "list_item" and first.parent is listing) or (self._is_open(listing) and not quotes):
            return
        labelled = first.type == "paragraph" and label_of_answer(self._page, first.content) is not None
        goes_on = labelled or self._numbering_goes_on(unit, self._outline.after(outermost))
        only_open = not filled and self._is_only_open(unit, listing)
        # A closing sentence stands below a list, too: it answers no item of which others are answered inside.
        alone = only_open and (len(listing.children) == 1 or outermost is not unit.block)
        quoted = quotes or (alone and len(listing.children) == 1)
        end, broken = _last_line(unit.block), labelled
        for block in self._outline.after(outermost):
            other = self._outline.unit(block)
            if block.type in ("heading", "hr") or not self._page.free(block):
                return
            like = block.type == "list_item" and _is_alike(block, listing)
            if goes_on and block.type == "list_item" and block.form.info and not like:
                yield block  # of a list that counts anew
                continue
            if other and (other.reason or (other.ends and like and not broken)):
                return
            if other and (is_next(unit, other) or self._titles_list(other)):
                return
            tight = block.line <= end
            if block.type == "list_item":
                if not (broken or tight or goes_on or alone) or (like and not broken and not tight):
                    return
            elif block.type in CODE:
                if not (tight or goes_on or broken or only_open):
                    return
                broken = True
            elif not (goes_on or self._answers_flow(unit) or (quoted if block.type == "blockquote" else alone)):
                return
            yield block
            end = _last_line(block)

    def _is_open(self, listing: Block) -> bool:
        """Whether no question of a list, of several, has an answer, or all are tasks: what follows the list is none."""
        units = [self._outline.unit(item) for item in listing.children]
        asking = [unit for unit in units if unit is not None and unit.reason]
        answered = any(unit.rest or unit.below for unit in asking)
        unanswered = len(asking) >= _FEWEST_QUESTIONS and not answered
        return unanswered or lists_tasks([listing])

    def _is_only_open(self, unit: Unit, listing: Block) -> bool:
        """Whether all questions of a list but one are answered in it, so that what follows the list may answer that."""
        others = (self._outline.unit(item) for item in listing.children if item is not unit.block)
        return all(other is not None and (other.rest or other.below) for other in others)

    def _titles_list(self, unit: Unit) -> bool:
        """Whether a line, in bold or the like as a whole, stands over a list that begins with what asks."""
        following = self._outline.next(unit.block)
        first = self._outline.known(following) if following is not None else None
        alone = unit.kind == "line" and unit.emphasis in ("bold", "italic", "capitals") and not unit.rest
        return alone and first is not None and first.kind == "list-item" and bool(first.reason)

    def _numbering_goes_on(self, unit: Unit, rest: Iterator[Block]) -> bool:
        if unit.form != "1":
            return False
        for block in rest:
            other = self._outline.unit(block)
            if block.type == "heading":
                return False
            counted = other and other.kind == "list-item" and other.form == "1" and _is_alike(block, unit.block.parent)
            if other and counted and unit.number is not None:
                again = other.number == 1 == unit.number and bool(other.reason)
                return other.number == unit.number + 1 or again
        return False

    def _answers_flow(self, unit: Unit) -> bool:
        """Whether most items like this one are answered by the text that follows them."""
        like, behind = self._flowing[unit.depth, unit.form]
        return like > 1 and behind > like / 2

    @cached_property
    def _flowing(self) -> dict[tuple[int, str], tuple[int, int]]:
        """Items of lists that ask, by depth and form: how many, and how many are answered below their list."""
        counts: dict[tuple[int, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
        items = [unit for unit in self._outline.units if unit.kind == "list-item"]
        asking = {id(unit.block.parent) for unit in items if unit.reason}
        for unit in items:
            if id(unit.block.parent) in asking:
                like, behind = counts[unit.depth, unit.form]
                below = unit.body == "behind" or self._is_broken_off(unit)
                counts[unit.depth, unit.form] = like + 1, behind + below
        return counts

    def _is_broken_off(self, unit: Unit) -> bool:
        """Whether text flush left stands between an item and the next number."""
        following = self._outline.next(unit.block)
        parts = following is not None and following.type != "list_item"
        return parts and self._numbering_goes_on(unit, self._outline.after(unit.block))


def _is_alike(item: Block, listing: Block | None) -> bool:
    other = item.parent
    return other is not None and listing is not None and other.marker == listing.marker


def _outermost(item: Block) -> Block:
    """Return the item at the top that ends with a nested one; the item itself where something follows it there."""
    outer, listing = item, item.parent
    while listing is not None and listing.parent is not None and listing.parent.type == "list_item":
        if listing.children[-1] is not outer or listing.parent.children[-1] is not listing:
            return item
        outer, listing = listing.parent, listing.parent.parent
    return outer


def _last_line(block: Block) -> int:
    """Return the line after a block's last text; markdown-it counts blank lines below a list as part of it."""
    while block.children:
        block = block.children[-1]
    return block.end
