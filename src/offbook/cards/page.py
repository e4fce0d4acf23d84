"""A note as the recognisers see it: its blocks, which of them are taken, and how they follow each other."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from math import inf

from offbook.cards.bare import bare, ends_with_mark
from offbook.cards.card import Finding
from offbook.cards.dress import usual_brackets
from offbook.cards.predicates import LISTS
from offbook.cards.refused import refused_lines
from offbook.cards.runs import parted
from offbook.cards.shape import Lexicon
from offbook.cards.text import Text
from offbook.errors import Location, Problem, Severity
from offbook.markdown import Block, Document
from offbook.markdown.blocks import cut, cut_at, with_children
from offbook.model import Note

_ENDS_SECTION = ("heading", "hr")
_MOST_BLANK = 5  # lines between a title and what it is over
_ALIKE = 4  # words with which paragraphs that close sections begin
_TAGGED = re.compile(r"(?m)(?:^|\s)#flashcards(?:/[\w/-]+)?\s")
_NOTE_ID = re.compile(r"<!--[ \t]*(?:note[-_ ]?)?(?:id|nid|key)[ \t]*[:=]?[ \t]*([\w-]{1,64})[ \t]*-->", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Own:
    """Marks of the writer's own, which the settings name."""

    questions: tuple[str, ...] = ()
    """Lines that ask, such as `● {question}`."""
    answers: tuple[str, ...] = ()
    """Labels of answers."""
    separators: tuple[str, ...] = ()
    """Lines of their own between question and answer."""
    brackets: tuple[tuple[str, str], ...] = ()
    """Lines that begin and end a card."""


class Page(Text):
    """One note while its cards are being found. Claims are lines: a line belongs to one card only."""

    def __init__(
        self, note: Note, document: Document, lexicon: Lexicon, own: Own | None = None, *, hides: Collection[str] = ()
    ) -> None:
        super().__init__(lexicon, document.env)
        self.note = note
        self.document = document
        self.hides = hides
        """The marks of gaps that count in every paragraph: `==`, `**`, `{{`."""
        self.findings: list[Finding] = []
        self.problems: list[Problem] = []
        self._warned: set[int] = set()
        self._claimed: dict[int, Finding | None] = {}
        self._place: dict[int, tuple[Sequence[Block], int]] = {}
        self._inner: set[int] = set()
        self._around: dict[int, int] = {}
        """The levels of the headings that open items of an outline."""
        self._ends: dict[int, int] = {}
        """The lines at which sections of an outline end, by their headings."""
        self._of_runs: set[int] = set()
        self.blocks = list(document.root.walk())
        """All blocks, in the order of the note."""
        self.flows = [self._flow(document.root)]
        self.flows += [self._flow(block) for block in self.blocks if block.type == "details" and block.children]
        self.own = own or Own()
        """Marks that the settings name."""
        self.to_ask: list[Block] = []
        """What the writer wants to ask the interviewer."""
        self._to_ask_lines: set[int] = set()

    @cached_property
    def lines(self) -> list[str]:
        """The note as it is written, without its front matter, line by line."""
        return self.note.body.split("\n")

    def line(self, number: int) -> str:
        """Return a line of the note as it is written; empty where there is none."""
        index = number - self.note.body_line
        return self.lines[index] if 0 <= index < len(self.lines) else ""

    @cached_property
    def note_ids(self) -> dict[int, str]:
        """The ids that other programs left in comments, by their lines."""
        body, first = self.note.body, self.note.body_line
        return {first + body.count("\n", 0, match.start()): match[1] for match in _NOTE_ID.finditer(body)}

    @cached_property
    def is_flashcards(self) -> bool:
        """Whether the note is tagged `#flashcards`: there `::` parts without spaces, and highlights hide.

        That is obsidian-spaced-repetition's way, and not Logseq's.
        """
        tags = self.note.metadata.get("tags") or ""
        tagged = "flashcard" in str(tags).casefold() or bool(_TAGGED.search(self.note.body))
        return tagged and not self.note.is_outline

    # -- claims --------------------------------------------------------------------------------

    def free(self, block: Block) -> bool:
        """Whether no card has any of the block's lines, and no list of questions to ask either."""
        line = block.line
        if line in self._claimed or line in self._to_ask_lines:
            return False
        lines = range(line + 1, block.end)  # of most blocks none
        return not lines or (self._claimed.keys().isdisjoint(lines) and self._to_ask_lines.isdisjoint(lines))

    def free_part(self, block: Block) -> Block | None:
        """Return the block, or of a list the items that no card has taken; None where nothing is left."""
        if self.free(block):
            return block
        if block.type == "paragraph":
            lines = range(block.line, block.end)
            free = next((i for i, line in enumerate(lines) if line in self._claimed or line in self._to_ask_lines), 0)
            return cut(block, 0, free) if free else None
        if block.type not in LISTS:
            return None
        items = [part for item in block.children if (part := self._free_item(item)) is not None]
        return with_children(block, items) if items else None

    def _free_item(self, item: Block) -> Block | None:
        if self.free(item):
            return item
        children = [part for child in item.children if (part := self.free_part(child)) is not None]
        return with_children(item, children) if children and children[0] is item.children[0] else None

    def owner(self, block: Block) -> Finding | None:
        """Return the finding that has the block's first line."""
        return self._claimed.get(block.line)

    def is_claimed(self, line: int) -> bool:
        """Whether a card, or a list of questions for the interviewer, has a line."""
        return line in self._claimed or line in self._to_ask_lines

    def begins_card(self, line: int) -> bool:
        """Whether the first text from a line on is the question of a card, and no heading."""
        first = next((n for n in range(line, line + _MOST_BLANK) if self.line(n).strip()), -1)
        owner = self._claimed.get(first)
        return owner is not None and owner.line == first and not self.line(first).lstrip().startswith("#")

    def warned(self, line: int) -> bool:
        """Whether something was reported on a line."""
        return line in self._warned

    @cached_property
    def _refused(self) -> frozenset[int]:
        """The lines that the writer's comment "no card" keeps from being asked."""
        refused = refused_lines(self.lines, lambda line: bool(self.lexicon.question(self.asked(line))))
        return frozenset(index + self.note.body_line for index in refused)

    def is_refused(self, block: Block) -> bool:
        """Whether the writer says that a text is no card."""
        return bool(self._refused) and not self._refused.isdisjoint(range(block.line, max(block.end, block.line + 1)))

    def claim(self, finding: Finding) -> None:
        """Take the finding in unless a line of its question is taken already."""
        if not finding.question:
            return
        if any(line in self._claimed for block in finding.question for line in range(block.line, block.end)):
            return
        if any(map(self.is_refused, finding.question)):
            for block in finding.question:
                self._take(block.line, block.end, None)
            return
        finding.answer = [part for block in finding.answer if (part := self.free_part(block)) is not None]
        self.findings.append(finding)
        for block in (*finding.question, *finding.answer):
            self._take(block.line, block.end, finding)
        for first, end in finding.claims:
            self._take(first, end, finding)

    def answered(self, finding: Finding) -> bool:
        """Whether the finding has an answer that is more than a stub."""
        return bool(finding.answer) and not self.is_stub(finding.answer)

    def set_aside(self, blocks: Iterable[Block]) -> None:
        """Keep blocks of questions for the interviewer from being claimed."""
        self.to_ask = list(blocks)
        self._to_ask_lines = {line for block in self.to_ask for line in range(block.line, block.end)}

    def is_to_ask(self, block: Block) -> bool:
        """Whether the block stands among the questions for the interviewer."""
        return block.line in self._to_ask_lines

    def _take(self, first: int, end: int, finding: Finding | None) -> None:
        for line in range(first, end):
            self._claimed.setdefault(line, finding)

    def warn(self, line: int, code: str, message: str) -> None:
        """Report something that was probably meant as a card."""
        self._warned.add(line)
        self.problems.append(Problem(Location(self.note.path, line), code, message, Severity.WARNING))

    def names_answer(self, summary: str) -> bool:
        """Whether a fold's summary only names what it hides: "Answer", "Click to expand", or one that recurs."""
        folded = summary.casefold().strip(" :")
        if not folded or self.lexicon.answer_label(summary) or folded in map(str.casefold, self.own.answers):
            return True
        return not self.lexicon.question(summary) and (self.lexicon.opens_fold(summary) or folded in self._summaries)

    @cached_property
    def speaks_of_interviews(self) -> bool:
        """Whether the note's name, folder, title or tags speak of interviews or questions."""
        return self.is_for_interviews or self.lexicon.speaks_of_interviews(self.note.path)

    @cached_property
    def is_for_interviews(self) -> bool:
        """Whether the note itself says so, by its name, title or tags; a folder holds other notes, too."""
        return any(map(self.lexicon.speaks_of_interviews, (*self._names, str(self.note.metadata.get("tags") or ""))))

    @cached_property
    def is_glossary(self) -> bool:
        """Whether the note's name, or a title over all of it, says that it is of terms."""
        over_all = sum(heading.level == 1 for heading in self.headings()) == 1
        return any(map(self.lexicon.glossary, self._names if over_all else self._names[:2]))

    @cached_property
    def is_advert(self) -> bool:
        """Whether the note is called an advertisement of a job."""
        return any(map(self.lexicon.is_advert, self._names))

    @cached_property
    def _names(self) -> list[str]:
        """What the note is called: by its file, in its front matter, by its first heading of the top level."""
        headings = list(self.headings())
        tops = [heading for heading in headings if heading.level == 1] or headings
        titles = [self.text(heading.content) for heading in tops[:1]]
        return [self.note.stem, str(self.note.metadata.get("title") or ""), *titles]

    @cached_property
    def brackets(self) -> frozenset[str]:
        """The brackets with which several texts of the note open."""
        return usual_brackets(block.content for block in self.blocks if block.type == "paragraph")

    @cached_property
    def _summaries(self) -> frozenset[str]:
        """The summaries that more than one fold has."""
        titles = (self.text(block.title) for block in self.blocks if block.type == "details" and block.title)
        counts = Counter(title.casefold().strip(" :") for title in titles)
        return frozenset(title for title, count in counts.items() if count > 1)

    def closes(self, block: Block) -> bool:
        """Whether a block asks the reader on: several sections end so ("Would you like to practice another one?")."""
        return block.line in self._closings

    @cached_property
    def _closings(self) -> frozenset[int]:
        """The lines of paragraphs that ask at the ends of sections, behind text that does not, with the same words."""
        found: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for flow in self.flows:
            for before, block, behind in zip(flow, flow[1:], [*flow[2:], None], strict=False):
                last = block.type == "paragraph" and (behind is None or behind.type in _ENDS_SECTION)
                if not last or before.type in _ENDS_SECTION or ends_with_mark(before.content):
                    continue
                text = bare(self.text(block.content))
                if ends_with_mark(text):
                    found[tuple(text.casefold().split()[:_ALIKE])].append(block.line)
        return frozenset(line for lines in found.values() if len(lines) > 1 for line in lines)

    # -- order ---------------------------------------------------------------------------------

    def _flow(self, container: Block) -> list[Block]:
        """Return the container's blocks with list items that begin with a heading laid flat.

        A heading that opens a list item (`1. ### What is …?`) opens a section that goes on behind the item, but in an
        outline; the headings below it in the item are parts of that section, whatever their level.
        """
        flow: list[Block] = []
        stack = list(reversed(container.children))
        while stack:
            block = stack.pop()
            if block.type in LISTS and any(_opens_with_heading(item) for item in block.children):
                for part in reversed(self._in_outline(block)):
                    stack.extend(reversed(part.children if part.type == "list_item" else [part]))
                    self._lower(part)
            else:
                flow.extend(self._parts(block, stack[-1] if stack else None))
        for index, block in enumerate(flow):
            self._place[id(block)] = (flow, index)
        return flow

    def _in_outline(self, listing: Block) -> Sequence[Block]:
        """Return the items of a list that open with headings, each with a rule behind it, and lists of the others."""
        if not self.note.is_outline:
            return listing.children
        above = self._around.get(id(listing.parent), 0)
        parts: list[Block] = []
        for opens, items in groupby(listing.children, _opens_with_heading):
            if not opens:
                parts.append(with_children(listing, list(items)))
                continue
            for item in items:
                heading = item.children[0]
                heading.level = self._around[id(item)] = max(heading.level, above + 1)
                self._ends[id(heading)] = item.end
                parts += [item, Block("hr", item.end, item.end)]
        return parts

    def _parts(self, block: Block, following: Block | None) -> list[Block]:
        """Part a paragraph before each line at which another question begins."""
        starts, asking = parted(self, block, following)
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
        place = self._place.get(id(block))
        if place is None:
            siblings = block.parent.children if block.parent else ()
            place = (siblings, next((i for i, b in enumerate(siblings) if b is block), len(siblings)))
            self._place[id(block)] = place
        return place

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


def _opens_with_heading(item: Block) -> bool:
    return bool(item.children) and item.children[0].type == "heading"
