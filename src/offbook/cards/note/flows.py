"""The order of a note: its blocks as they follow each other, headings in lists laid flat, and its sections."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import groupby
from math import inf

from offbook.cards.note.predicates import LISTS
from offbook.cards.note.runs import ask_within, parted
from offbook.cards.note.text import Text
from offbook.cards.words.lexicon import Lexicon
from offbook.markdown import Block, Document
from offbook.markdown.blocks import cut_at, with_children


class Flows(Text):
    """The blocks of a note in their order."""

    def __init__(self, document: Document, lexicon: Lexicon, *, is_outline: bool) -> None:
        super().__init__(lexicon, document.env)
        self._is_outline = is_outline
        self._root = document.root
        self._place: dict[int, tuple[Sequence[Block], int]] = {}
        self._inner: set[int] = set()
        self._around: dict[int, int] = {}
        """The levels of the headings that open items of an outline."""
        self._ends: dict[int, int] = {}
        """The lines at which sections of an outline end, by their headings."""
        self._of_runs: set[int] = set()
        self.blocks = list(document.root.walk())
        """All blocks, in the order of the note."""
        self._over_headings = set(_over_headings(self.blocks)) if is_outline else set()
        """The items of an outline in which, however deep, headings open items."""
        self._asks_within = ask_within(self, document.root.children)
        self.flows = [self._flow(document.root)]
        """The blocks of the note, and of each fold, in which recognition looks for what asks."""
        self.flows += [self._flow(block) for block in self.blocks if block.type == "details" and block.children]

    def _flow(self, container: Block) -> list[Block]:
        """Return the container's blocks with list items that begin with a heading laid flat.

        A heading that opens a list item (`1. ### What is …?`) opens a section that goes on behind the item, but in an
        outline; the headings below it in the item are parts of that section, whatever their level.
        """
        flow: list[Block] = []
        stack = list(reversed(container.children))
        while stack:
            block = stack.pop()
            if block.type in LISTS and any(map(self._lies_flat, block.children)):
                for part in reversed(self._in_outline(block)):
                    stack.extend(reversed(part.children if part.type == "list_item" else [part]))
                    self._lower(part)
            else:
                flow.extend(self._parts(block, stack[-1] if stack else None))
        for index, block in enumerate(flow):
            self._place[id(block)] = (flow, index)
        return flow

    def _in_outline(self, listing: Block) -> Sequence[Block]:
        """Return the items of a list that lie flat, and lists of the others.

        A section ends with the item whose heading opens it; where nothing is nested in that, it goes on behind it.
        """
        if not self._is_outline:
            return listing.children
        above = self._around.get(id(listing.parent), 0)
        parts: list[Block] = []
        for is_flat, items in groupby(listing.children, self._lies_flat):
            if not is_flat:
                parts.append(with_children(listing, list(items)))
                continue
            for item in items:
                parts.append(item)
                if not _opens_with_heading(item):
                    self._around[id(item)] = above
                    continue
                heading = item.children[0]
                heading.level = self._around[id(item)] = max(heading.level, above + 1)
                if item.children[1:]:
                    self._ends[id(heading)] = item.end
                    parts.append(Block("hr", item.end, item.end))
        return parts

    def _lies_flat(self, item: Block) -> bool:
        """Whether a heading opens an item, or one nested in it; what is nested in a question is its answer."""
        if _opens_with_heading(item) or id(item) not in self._over_headings:
            return _opens_with_heading(item)
        first = item.children[0]
        return first.type != "paragraph" or not self.question(first.lines[0])

    def _parts(self, block: Block, following: Block | None) -> list[Block]:
        """Part a paragraph before each line at which another question begins."""
        starts, asking = parted(self, block, following, within=self._asks_within)
        if len(starts) == 1:
            return [block]
        parts = cut_at(block, starts)
        for part in parts:
            part.parent = block.parent
        self._of_runs.update(id(part) for part in parts[len(parts) - asking :])
        return parts

    def is_of_run(self, block: Block) -> bool:
        """Whether a block is a line of a paragraph nearly all lines of which ask."""
        return id(block) in self._of_runs

    def _lower(self, item: Block) -> None:
        if not _opens_with_heading(item):
            return
        for block in item.children[1:]:
            if block.type == "heading":
                block.level = max(block.level, item.children[0].level + 1)
                self._inner.add(id(block))

    def opens_section(self, block: Block) -> bool:
        """Whether a block is a heading that structures the note, not one inside a list item's own text."""
        return block.type == "heading" and id(block) not in self._inner

    def _place_of(self, block: Block) -> tuple[Sequence[Block], int]:
        if id(block) not in self._place:
            siblings = block.parent.children if block.parent else ()
            for index, sibling in enumerate(siblings):
                self._place.setdefault(id(sibling), (siblings, index))
            self._place.setdefault(id(block), (siblings, len(siblings)))
        return self._place[id(block)]

    def after(self, block: Block) -> Iterator[Block]:
        """Yield the blocks that follow in the same container."""
        siblings, index = self._place_of(block)
        for position in range(index + 1, len(siblings)):
            yield siblings[position]

    def before(self, block: Block) -> Block | None:
        """Return the block in front of another one in the same container."""
        siblings, index = self._place_of(block)
        return siblings[index - 1] if 0 < index <= len(siblings) else None

    def section(self, heading: Block) -> Iterator[Block]:
        """Yield the blocks down to the next heading of its level or above; in an outline, those nested below it."""
        end = self.section_end(heading)
        for block in self.after(heading):
            if (block.type == "heading" and block.level <= heading.level) or block.line >= end:
                return
            yield block

    def section_end(self, heading: Block) -> float:
        """Return the line at which a heading's section ends in an outline; elsewhere none."""
        return self._ends.get(id(heading), inf)

    def headings(self) -> Iterator[Block]:
        """Yield the headings that structure the note."""
        for flow in self.flows:
            yield from filter(self.opens_section, flow)

    def heading_at(self, line: int) -> Block | None:
        """Return the heading that stands on a line."""
        at = bisect_right(self._paths, line, key=lambda item: item[0])
        path = self._paths[at - 1][1] if at else []
        return path[-1] if path and path[-1].line == line else None

    def before_heading(self, heading: Block) -> Block | None:
        """Return the heading in front of another one in the note."""
        at = bisect_right(self._paths, heading.line - 1, key=lambda item: item[0])
        path = self._paths[at - 1][1] if at else []
        return path[-1] if path else None

    def path_to(self, line: int) -> list[Block]:
        """Return the headings whose sections hold `line`, outermost first; a heading's own is not among them."""
        at = bisect_right(self._paths, line, key=lambda item: item[0])
        if not at:
            return []
        path = self._paths[at - 1][1]
        return path[:-1] if path and path[-1].line == line else path

    def items_around(self, line: int) -> list[Block]:
        """Return the list items that hold `line`, outermost first; one that begins there is not among them."""
        items: list[Block] = []
        blocks = self._root.children
        while at := bisect_right(blocks, line, key=lambda block: block.line):
            block = blocks[at - 1]
            if block.end <= line:
                break
            if block.type == "list_item" and block.line < line:
                items.append(block)
            blocks = block.children
        return items

    @cached_property
    def _paths(self) -> list[tuple[int, list[Block]]]:
        """For each heading its line and the path that ends in it, in the order of the note.

        In an outline also for each line at which sections end.
        """
        path: list[Block] = []
        paths: list[tuple[int, list[Block]]] = []
        for block in self.flows[0]:
            if self.opens_section(block):
                path = [*(above for above in path if above.level < block.level), block]
                paths.append((block.line, path))
            elif self._ends and any(self.section_end(above) <= block.line for above in path):
                path = [above for above in path if self.section_end(above) > block.line]
                paths.append((block.line, path))
        return paths

    def lists(self, *, nested: bool = True) -> Iterator[Block]:
        """Yield the lists of the flows, and the lists in their items."""
        for flow in self.flows:
            stack = [block for block in reversed(flow) if block.type in LISTS]
            while stack:
                block = stack.pop()
                yield block
                if nested:
                    stack.extend(
                        child
                        for item in reversed(block.children)
                        for child in reversed(item.children)
                        if child.type in LISTS
                    )

    def paragraphs(self, *types: str, quoted: bool = False) -> Iterator[Block]:
        """Yield paragraphs anywhere outside of footnotes and, unless `quoted`, of quotes, plus blocks of `types`."""
        wanted = {"paragraph", *types}
        for block in self.blocks if quoted else self._unquoted:
            if block.type in wanted:
                yield block

    @cached_property
    def _unquoted(self) -> list[Block]:
        if not any(block.type == "blockquote" for block in self.blocks):
            return self.blocks
        return [block for block in self.blocks if not block.within("blockquote")]


def _over_headings(blocks: Iterable[Block]) -> Iterator[int]:
    """Yield the items in which headings open items."""
    seen: set[int] = set()
    for block in blocks:
        above = block.parent if block.type == "heading" else None
        above = above.parent if above is not None else None
        while above is not None and id(above) not in seen:
            seen.add(id(above))
            if above.type == "list_item":
                yield id(above)
            above = above.parent


def _opens_with_heading(item: Block) -> bool:
    return bool(item.children) and item.children[0].type == "heading"
