"""The outline of a note: its units in their order, where they stand, and what stands between them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator
from math import inf

from offbook.cards.note.counting import number_in
from offbook.cards.note.dress import is_title
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import ARROW, LISTS, is_navigation, link_only, untasked
from offbook.cards.units.headings import heading_unit
from offbook.cards.units.turns import read_turns
from offbook.cards.units.unit import MOST_WORDS, Cue, Unit, opened
from offbook.cards.words.bare import ends_with_mark
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph
from offbook.text import UNSPACED

_LINK_FIRST = re.compile(r"\A\[(?P<text>[^\[\]\n]+)\]\([^()\s]*\)(?P<rest>.*)", re.DOTALL)
_MAY_ASK = re.compile(rf"[?？؟՞⁇⁈⁉⸮፧꘏﹖︖;]|\A\W*(?:\*|_|<|\d|[a-z][.)])|[{UNSPACED}\uac00-\ud7af]")
_ARROW = re.compile(rf"\s*{ARROW}")
_LONGEST_FIRST_LINE = 240  # characters, of a text without a mark that may ask
_LONGEST_LOOKED_AT = 2000  # characters
_STRONG = 0.8  # of a level's headings, that ask
_FEWEST_STRONG = 5
_TITLE = 3  # words
_FEWEST_COUNTED = 3  # numbers without a dot or bracket, for them to count anything


class Outline:
    """The units of a note, in its order, and what stands between them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.units: list[Unit] = []
        self._by_block: dict[int, Unit] = {}
        self._places: dict[int, tuple[list[Block], int]] = {}
        self._unread: dict[int, tuple[list[Block], int]] = {}
        self._counted: tuple[list[int], int, Hashable] = ([], 0, None)
        flows = [self._flat(flow) for flow in page.flows]
        for elements in flows:
            for block in elements:
                if block.type == "heading" and page.opens_section(block) and page.owner(block) is None:
                    self._add(heading_unit(page, block))
        self.strong = self._strong_depths()
        """The levels at which nearly all headings ask: what stands below them is their answers."""
        for elements in flows:
            self._read_flow(elements)
        self.units.sort(key=lambda unit: unit.block.line)
        self._drop_lone_numbers()
        self._drop_lazy_titles()
        read_turns(page, self.units)
        for unit in self.units:
            if unit.kind == "list-item" and not unit.body:
                unit.body = self._behind(unit)

    def _flat(self, flow: list[Block]) -> list[Block]:
        """Return a flow's blocks with its lists laid flat into their items."""
        elements: list[Block] = []
        for block in flow:
            elements += block.children if block.type in LISTS and not is_navigation(block) else [block]
        self._places.update((id(block), (elements, index)) for index, block in enumerate(elements))
        return elements

    def _strong_depths(self) -> set[int]:
        counts: dict[int, list[bool]] = defaultdict(list)
        for unit in self.units:
            if unit.cue > Cue.TELLS:
                counts[unit.depth].append(unit.cue is Cue.ASKS)
        return {depth for depth, asks in counts.items() if sum(asks) >= max(_FEWEST_STRONG, _STRONG * len(asks))}

    def _read_flow(self, elements: list[Block]) -> None:
        """Read lines and items; those in the section of a heading that asks, as its like do, only when asked for."""
        settled, end = 0, inf
        for index, block in enumerate(elements):
            heading = self._by_block.get(id(block)) if block.type == "heading" else None
            settled = settled if block.line < end else 0
            if heading is not None and (not settled or heading.depth <= settled):
                settled = heading.depth if self._asks_strongly(block) else 0
                end = self.page.section_end(block)
            elif settled and block.type != "heading":
                self._unread[id(block)] = elements, index
            else:
                self._read(elements, index, block)

    def _asks_strongly(self, heading: Block) -> bool:
        unit = self._by_block.get(id(heading))
        return unit is not None and unit.cue is Cue.ASKS and unit.depth in self.strong

    def unit(self, block: Block) -> Unit | None:
        """Return the unit that opens a block."""
        unit = self._by_block.get(id(block))
        if unit is None and (place := self._unread.pop(id(block), None)):
            count = len(self.units)
            self._read(*place, block)
            del self.units[count:]  # it is no evidence
            unit = self._by_block.get(id(block))
        return unit

    def known(self, block: Block) -> Unit | None:
        """Return the unit that opens a block, if it was read."""
        return self._by_block.get(id(block))

    def after(self, block: Block) -> Iterator[Block]:
        """Yield what follows a top-level block, lists laid flat into their items."""
        elements, index = self._places.get(id(block), ([], 0))
        yield from (elements[position] for position in range(index + 1, len(elements)))

    def next(self, block: Block) -> Block | None:
        """Return what follows a top-level block at once."""
        elements, index = self._places.get(id(block), ([], 0))
        return elements[index + 1] if index + 1 < len(elements) else None

    # -- reading ---------------------------------------------------------------------------------

    def _read(self, elements: list[Block], index: int, block: Block) -> None:
        following = elements[index + 1] if index + 1 < len(elements) else None
        if block.type == "list_item":
            for item, depth in _items(block):
                if self.page.owner(item) is None:
                    self._item(item, depth)
        elif block.type == "paragraph" and self.page.owner(block) is None:
            before = elements[index - 1] if index else None
            self._line(block, following, before)
        elif block.type == "blockquote":
            self._quote(block, following)

    def _add(self, unit: Unit) -> None:
        self.units.append(unit)
        self._by_block[id(unit.block)] = unit

    def _item(self, item: Block, depth: int) -> None:
        first = item.children[0] if item.children else None
        if first is None or first.type != "paragraph":
            return
        text = paragraph(untasked(first.content), first.line, first.end)
        if link_only(text.content):
            link = _LINK_FIRST.match(text.content)
            if link is None or not ends_with_mark(self.page.text(link["text"])) or not item.children[1:]:
                return
            text = paragraph(link["text"], first.line, first.end)
        unit = opened(self.page, item, "list-item", text)
        unit.depth, unit.home, unit.below = depth, id(item.parent), list(item.children[1:])
        number = re.match(r"\d+", item.form.info)
        parent = item.parent
        if parent is not None and parent.type == "ordered_list" and number:
            unit.number, unit.form = int(number[0]), "1"
            if depth == 0:
                unit.home = self._home_of_counted(unit, parent)
        elif depth == 0 and _is_bold_alone(unit):
            unit.home = ("broken", *(heading.line for heading in self.page.path_to(item.line)[-1:]))
        unit.body = "inside" if unit.rest or (unit.below and not self.page.is_stub(unit.below)) else ""
        if text.content != first.content and not unit.body and self._is_to_do(item):
            unit.cue, unit.why = Cue.TELLS, "is a task under a title that says so"
        self._add(unit)

    def _is_to_do(self, item: Block) -> bool:
        """Whether the title above an item says that something is to be done: "TODO", unlike "To prepare"."""
        titles = (self.page.text(title.content).strip(" :") for title in self.page.path_to(item.line)[-1:])
        return any(title.casefold() in self.page.lexicon.to_do for title in titles)

    def _home_of_counted(self, unit: Unit, listing: Block) -> Hashable:
        """Return what holds the siblings of an item of an ordered list, which its answers may break up into several."""
        section = [heading.line for heading in self.page.path_to(unit.block.line)[-1:]]
        if unit.block is listing.children[0]:
            before, count, home = self._counted
            goes_on = before == section and unit.number == count + 1
            alone = len(listing.children) == 1
            home = home if goes_on else ("broken", *section) if alone else id(listing)
        else:
            home = self._counted[2]
        self._counted = section, unit.number or 0, home
        return home

    def _line(self, block: Block, following: Block | None, before: Block | None) -> None:
        if len(block.lines[0]) > _LONGEST_FIRST_LINE and not _MAY_ASK.search(block.content[:_LONGEST_LOOKED_AT]):
            return  # prose
        link = _LINK_FIRST.match(block.content)
        if (link_only(block.content) and not link) or self.page.is_stub([block]):
            return
        unit = (
            self._link(block, link) if link else self._below_counter(block) or opened(self.page, block, "line", block)
        )
        if unit.rest and not unit.is_dressed and _ARROW.match(unit.rest[0].content):
            unit.form = "→"  # an arrow leads to its answer
        if _ARROW.match(block.content) and unit.cue < Cue.ASKS:
            unit.cue, unit.why = Cue.TELLS, "is what an arrow leads to"
        elif self.page.closes(block):
            unit.cue, unit.why = Cue.TELLS, "closes several sections"
        elif is_title(block.content):
            unit.cue, unit.form, unit.why = Cue.TELLS, "title", "is a title"
        elif self.page.is_of_run(block):
            unit.why = unit.why if unit.cue is Cue.ASKS else "is among lines that ask"
            unit.cue, unit.ends = Cue.ASKS, True
        elif following is not None and following.line == block.end and self._is_titled(block, following):
            unit.cue, unit.form, unit.why = Cue.TELLS, "title", "is the title of lines that ask"
        unit.home = next((heading.line for heading in self.page.path_to(block.line)[-1:]), 0)
        unit.body = _body_of_line(unit, following)
        if before is not None and before.type == "hr" and not unit.is_dressed:
            unit.form = "hr"
        self._add(unit)

    def _is_titled(self, block: Block, following: Block) -> bool:
        """Whether a line is the title of what asks right below it: of lines that all ask, or, of few words, of one."""
        alone = "\n" not in block.content  # a question over its answer may be few words, too, and in Chinese is
        few = alone and len(block.content.split()) <= _TITLE and block.content.rstrip(" :")[-1:].isalnum()
        return self.page.is_of_run(following) or (few and self.page.asks(following))

    def _below_counter(self, block: Block) -> Unit | None:
        """Read a paragraph that opens with a line such as "Question 3", below which something is asked."""
        text = self.page.text(block.lines[0])
        if not self.page.lexicon.counts_questions(text):
            return None
        unit = opened(self.page, block, "line", block)
        unit.number, unit.form = number_in(text), "number"
        return unit

    def _quote(self, block: Block, following: Block | None) -> None:
        """Take a quotation of one paragraph, which asks where the note's quotations do; it may hold its answer, too."""
        text = block
        while len(text.children) == 1 and text.type != "paragraph":
            text = text.children[0]  # `> 1. Why us?` holds a list
        if text.type != "paragraph":
            return
        unit = opened(self.page, block, "line", text)
        if unit.rest and unit.cue is Cue.ASKS:
            unit.emphasis, unit.home, unit.body = "quote", 0, "tight"
            self._add(unit)
        elif not unit.rest and (unit.cue > Cue.TOPIC or len(unit.source) <= _LONGEST_FIRST_LINE):
            unit.home = 0
            if unit.emphasis != "bold" or unit.cue is not Cue.ASKS:
                unit.emphasis = "quote"
            apart = following is None or following.type in ("blockquote", "heading", "hr")
            unit.body = "" if apart else "loose"
            self._add(unit)

    def _link(self, block: Block, match: re.Match[str]) -> Unit:
        """Read a line that opens with a link: it asks only where lines beside it do."""
        first, _, below = match["rest"].partition("\n")
        rest = [paragraph(below, block.line + 1, block.end)] if below.strip() else []
        asks = ends_with_mark(self.page.text(match["text"])) and len(first.split()) <= MOST_WORDS["line"]
        unit = Unit(block, "line", [paragraph(match["text"], block.line)], rest, emphasis="link", why="is only a link")
        unit.cue = Cue.TOPIC if asks else Cue.TELLS
        return unit

    def _behind(self, unit: Unit) -> str:
        """Say whether what stands behind the last item of a list may answer it."""
        following = self.next(unit.block)
        if following is None or following.type in ("heading", "hr"):
            return ""
        if following.type == "list_item" and (following.parent is unit.block.parent or unit.form != "1"):
            return ""
        leads = following.type == "blockquote" or unit.form == "1" or unit.cue > Cue.TOPIC
        return "behind" if leads or _is_bold_alone(unit) else ""

    def _drop_lone_numbers(self) -> None:
        """Forget numbers without a dot or a bracket where too few stand in the note to count anything."""
        for kind in ("heading", "list-item", "line"):
            bare_ones = [unit for unit in self.units if unit.kind == kind and unit.form == "_"]
            if kind == "heading" or len({unit.number for unit in bare_ones}) < _FEWEST_COUNTED:
                for unit in bare_ones:
                    unit.number, unit.form = None, ""

    def _drop_lazy_titles(self) -> None:
        """Take a few words flush left below an indented item for the title of what follows.

        CommonMark reads them as a line of the item: a paragraph may go on lazily.
        """
        for unit in self.units:
            if unit.kind != "list-item" or unit.below or len(unit.rest) != 1 or "\n" in unit.rest[0].content:
                continue
            text = unit.rest[0].content.rstrip(" :：")
            lines = (self.page.line(block.line) for block in (unit.block, unit.rest[0]))
            indented = [line[:1].isspace() for line in lines]
            if indented == [True, False] and len(text.split()) <= _TITLE and text[-1:].isalnum():
                unit.rest, unit.body = [], ""


def _is_bold_alone(unit: Unit) -> bool:
    """Whether an item in bold is a list of its own: what answers it breaks up the list."""
    listing = unit.block.parent
    return unit.emphasis == "bold" and listing is not None and len(listing.children) == 1


def _items(item: Block) -> Iterator[tuple[Block, int]]:
    """Yield an item and those nested in it, with their depth."""
    stack = [(item, 0)]
    while stack:
        block, depth = stack.pop()
        yield block, depth
        inner = [
            i for child in block.children if child.type in LISTS and not is_navigation(child) for i in child.children
        ]
        stack.extend((child, depth + 1) for child in reversed(inner))


def _body_of_line(unit: Unit, following: Block | None) -> str:
    if unit.rest:
        return "tight"
    if following is None or following.type in ("heading", "hr"):
        return ""
    if following.line <= unit.block.end:
        return "tight"
    return "quote" if following.type == "blockquote" else "loose"
