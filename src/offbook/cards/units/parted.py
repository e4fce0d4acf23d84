"""Lines that hold question and answer, parted by a mark: `Why us? Because …`, `why us → …`, `term = definition`.

A mark parts lines only where it does so in most of the lines around them, or where one by itself leaves no doubt.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from offbook.cards.note.finding import Finding
from offbook.cards.note.leads import asks_plainly
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import ARROW, link_only, only_bold, untasked
from offbook.cards.note.stories import PARTS_OF_STORY
from offbook.cards.units.parting import ANSWER_IN_BRACKETS, ASKED, LINE_BREAK, MAY_PART, SAID, Line, parted_by
from offbook.cards.words.bare import bare, ends_with_mark
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph
from offbook.text import BROKEN

_BOLD_ARROW = re.compile(rf"(\*\*|__)[^*_]+:?\1:?\s*{ARROW}")
_ARROW_ANYWHERE = re.compile(ARROW)
_ARROW_FIRST = re.compile(rf"\s*{ARROW}")
_TELLS = re.compile(
    rf"\t|[?？]\s*[(（][^\W\d_]{{1,12}}\s?[:：]|[?？؟]\s+\$\S|{ARROW}\s*\Z"
    rf"|\w[?？؟]+[\"”»*_)]*\s+(?:[-–—]{{1,2}}|{ARROW})\s+\S"
)
"""A line that ends as a question does may hold its answer, or have it below: `Why us? - Why not?`."""
_LEADS = ("an arrow", "a dash", "`--`")
_OF_TERMS = ("bold type", "`=`", "`--`")
_LONGEST_TITLE = 60  # characters
_FEWEST_TERMS = 3
_MANY_TERMS = 10
_FEWEST_LED = 5  # terms in bold before arrows, wherever they stand in a note
_FEWEST_ASKED, _NEARLY_ALL = 5, 0.8  # lines that a question mark parts, for those in a word or two to ask
_LARGER = 8  # times as many terms as what asks in the note
_DISTINCT = 0.95  # of the terms
_WRAPPED = range(BROKEN, 101)  # characters of a line that a writer or an editor breaks
_FAR = 2  # spaces in front of a line that goes on
_FEW = 2  # items of a list in which one may ask and answer
_SURE_ANSWER, _FEWEST_AMONG_ASKING = 4, 2  # words; behind a question mark, where all lines ask, fewer are enough


@dataclass(frozen=True, slots=True)
class _Group:
    """Lines that stand together."""

    lines: dict[str, list[Line]]
    """Those that a mark parts, by the mark."""
    size: int
    """How many lines there are."""
    whole: int = 0
    """How many of them ask as a whole."""
    answered: bool = False
    """Whether text below one of them answers it."""
    all_say: bool = False
    """Whether each of them asks or is parted."""
    is_glossary: bool = False

    def asks(self, mark: str) -> int:
        """Return how many of the lines ask that a mark parts."""
        lines = self.lines[mark]
        count = sum(line.asks for line in lines)
        # "Salary? 17 euros" beside "Why us? Because …", or among many of its kind
        usual = count > 1 or len(lines) >= max(_FEWEST_ASKED, _NEARLY_ALL * self.size)
        return len(lines) if mark == ASKED and usual else count

    def together(self) -> set[int]:
        """Return which lines are among several parted ones with no other between."""
        rows = {line.row for lines in self.lines.values() for line in lines}
        runs = (range(first, first + _FEWEST_TERMS) for first in rows)
        return {row for run in runs if rows.issuperset(run) for row in run}


class Parted:
    """The parted lines of a note, in their groups."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._groups = [group for lines, above in _groups(page) if (group := _read(page, lines, above)).lines]

    def asking(self) -> Iterator[Finding]:
        """Yield the cards of parted lines that ask, and of the terms of a note that is of nothing else."""
        terms = [line for line in self._by_mark("bold type") if line.is_term]
        led = [line for line in terms if _BOLD_ARROW.match(line.match[0])]
        plain = list(filter(_defines, self._by_mark("an arrow")))
        led += plain if self._page.speaks_of_interviews and len(plain) >= _MANY_TERMS else []
        if self._is_of_terms(terms):
            yield from self._terms_of(terms, "a term in bold, as most of this note is")
        elif len(led) >= _FEWEST_LED:
            yield from self._terms_of(led, f"a term before an arrow, as {len(led)} are in this note")
        for group in self._groups:
            for mark in group.lines:
                yield from _cards(self._page, mark, group, terms=False)

    def terms(self) -> Iterator[Finding]:
        """Yield the cards of lines that are terms with their definitions, and of those that ask beside them."""
        for group in self._groups:
            for mark in group.lines:
                yield from _cards(self._page, mark, group, terms=True)

    def _by_mark(self, mark: str) -> list[Line]:
        return [line for group in self._groups for line in group.lines.get(mark, ())]

    def _is_of_terms(self, lines: list[Line]) -> bool:
        """Whether a note that asks next to nothing is for the most part of terms in bold, each another one."""
        page = self._page
        titles = [
            b.content for b in page.blocks if b.type == "heading" or (b.type == "paragraph" and only_bold(b.content))
        ]
        asking = [title for title in titles if page.question(title)]
        if len(lines) < max(_MANY_TERMS, _LARGER * (len(self._page.findings) + len(asking))):
            return False
        terms = {line.match["q"].casefold() for line in lines}
        text = sum(len(line.match[0]) + sum(len(self._page.plain(block)) for block in line.below) for line in lines)
        whole = sum(len(block.content) for block in self._page.blocks)
        usual = sorted(line.says for line in lines)[len(lines) // 2]
        return len(terms) >= _DISTINCT * len(lines) and text >= whole / 2 and usual >= _SURE_ANSWER

    def _terms_of(self, lines: list[Line], reason: str) -> Iterator[Finding]:
        for line in lines:
            if self._page.free(line.block):
                back = paragraph(line.match["a"].strip(), line.block.line, line.block.end)
                question = paragraph(line.match["q"].strip(), line.block.line)
                yield Finding("term", reason, [question], [back, *line.below])


def _defines(line: Line) -> bool:
    """Whether an arrow leads from a term to a sentence, not from step to step, on a line that is in no list."""
    flush = line.block.parent is None and line.match[0][:1].isalnum()
    return flush and line.is_term and line.says >= _SURE_ANSWER and not _ARROW_ANYWHERE.search(line.match["a"])


def _read(page: Page, rows: list[tuple[Block, list[Block]]], above: Block | None) -> _Group:
    lines: dict[str, list[Line]] = defaultdict(list)
    below_heading = above is not None and above.type == "heading" and ends_with_mark(page.text(above.content))
    may_part = any(MAY_PART.search(block.content) for block, _ in rows) and any(page.free(block) for block, _ in rows)
    if not may_part or (below_heading and len(rows) == 1):
        return _Group(lines, len(rows))  # a single line answers the heading, whatever it asks
    below_asked: list[Line] = []
    whole, says, asked = 0, 0, False
    titled = above is not None and page.lexicon.says_asked(page.text(above.content))
    in_brackets = sum(bool(ANSWER_IN_BRACKETS.search(block.content)) for block, _ in rows) > len(rows) / 2
    tells = _tell_story(page, rows)
    for row, (block, below) in enumerate(rows):
        text = untasked(block.content)
        if link_only(text):
            continue
        reason = page.question(text)
        is_whole = reason.startswith(("ends", "asks")) and not (
            _TELLS.search(text) or (in_brackets and ANSWER_IN_BRACKETS.search(text))
        )
        mark, line = (not is_whole and parted_by(page, block, below, text, tells=tells)) or ("", None)
        whole += bool(reason) and mark != ASKED
        says += bool(reason or line)
        if line is not None and asked and not line.asks:
            line = None  # it answers the line above it
        if line is not None:
            leads = titled and line.is_term and mark in _LEADS
            lines[mark].append(replace(line, asks=line.asks or leads, row=row))
            below_asked += lines[mark][-1:] if asked and mark == ASKED else []
        asked = block.parent is None and bool(reason) and line is None
    if below_heading:
        lines.pop(ASKED, None)  # steps of an answer, each with a question of its own
    if len(below_asked) > len(lines.get(ASKED, ())) / 2:
        # Each answers the question above it, and opens with one of its own.
        lines[ASKED] = [line for line in lines[ASKED] if line not in below_asked]
    answered = any(below or (block.parent is not None and "\n" in block.content) for block, below in rows)
    is_glossary = bool(lines) and _is_glossary(page, rows, above)
    return _Group(lines, len(rows), whole, answered, says == len(rows), is_glossary)


def _tell_story(page: Page, rows: list[tuple[Block, list[Block]]]) -> bool:
    text = "\n".join(page.text(block.content) for block, _ in rows)
    return len(set(page.lexicon.parts_of_story(text))) >= PARTS_OF_STORY


def _cards(page: Page, mark: str, group: _Group, *, terms: bool) -> Iterator[Finding]:
    lines, size, whole = group.lines[mark], group.size, group.whole
    asks = group.asks(mark)
    parted = sum(map(len, group.lines.values()))
    others = parted - len(lines) if mark == ASKED else 0
    alike = len(lines) > 1 and asks > 0 and asks + whole > (size - others) / 2
    asking = sum(map(group.asks, group.lines))
    mixed = parted == size and asking >= max(_FEW, size / 2)
    mixed = mixed or (mark == "an arrow" and group.all_say and asking + whole >= max(_FEW, size / 2))
    alike = alike or (mark == ASKED and group.all_say and len(lines) > 1)
    named = group.is_glossary and (parted > 1 or mark == "bold type")
    most = parted > size / 2
    together = group.together() if named and not most else set()
    listed = _lists_terms(page, mark, group)
    listed = listed and (_cards_but_terms(page) < len(lines) or _are_equations(page, lines))
    few = mark == "a dash" and len(lines) < size / 2 and not group.is_glossary
    sorting = {
        word for word, count in Counter(line.answer.casefold() for line in lines).items() if count >= _FEWEST_TERMS
    }
    for line in lines:
        answer, sure = line.answer, _is_sure(page, mark, line, group)
        is_named = named and (most or line.row in together)
        if few and line.says == 1 and answer.casefold() in sorting:
            continue  # it sorts questions, most of which have none: "- exam"
        if not page.free(line.block) or not (sure or alike or mixed or (terms and (listed or is_named))):
            continue
        if not (line.asks or is_named or listed or mixed) and not _is_like_asking(mark, line, asks, group.all_say):
            continue
        if answer or mark in ("an arrow", "dots or dashes"):
            name = "one-line" if line.asks or mixed or not line.is_term else "term"
            reason = f"split by {mark}" + (f", as {len(lines)} of {size} lines are" if len(lines) > 1 else "")
            back = [paragraph(answer, line.block.line, line.block.end)] if answer else []
            yield Finding(name, reason, [paragraph(line.question, line.block.line)], [*back, *line.below])


def _cards_but_terms(page: Page) -> int:
    """Return how many cards of a note are no terms: where it asks more than it lists, a list is of parts of answers."""
    return sum(finding.dialect != "term" for finding in page.findings)


def _are_equations(page: Page, lines: list[Line]) -> bool:
    """Whether lines are all that stands below a heading, and an equals sign says what each term is."""
    titles = page.path_to(lines[0].block.line)
    section = page.section(titles[-1]) if titles else ()
    starts = {line.block.line for line in lines}
    within = all(not starts.isdisjoint(range(block.line, block.end)) for block in section)
    signs = (line.match[0][line.match.end("q") : line.match.start("a")] for line in lines)
    return bool(titles) and within and all("=" in sign for sign in signs)


def _lists_terms(page: Page, mark: str, group: _Group) -> bool:
    """Whether the lines that a mark parts are a list of terms with what each means."""
    lines, size = group.lines[mark], group.size
    if mark == "dots or dashes":
        return len(lines) >= max(_FEWEST_TERMS, size / 2)
    if mark == "a colon":
        return page.speaks_of_interviews and _is_long_list_of_terms(lines, size)
    leads = mark == "bold type" and any(":" in line.sign for line in lines[:1])
    are_terms = len(lines) == size >= _FEWEST_TERMS and all(line.is_term for line in lines)
    return mark in _OF_TERMS and are_terms and not leads and sum(line.says > 1 for line in lines) > size / 2


def _is_sure(page: Page, mark: str, line: Line, group: _Group) -> bool:
    """Whether a line by itself leaves no doubt that it holds a question and its answer."""
    answer = line.answer
    if mark == SAID:
        return False  # what follows may say how to answer
    if mark == ASKED:
        if page.lexicon.says_yes_or_no(answer):
            return line.says > 1 or group.answered
        beside_answered = group.answered and not line.below and "\n" not in answer
        alone = not group.whole and group.size <= _FEW and _is_outermost(line.block)
        return (beside_answered or alone) and line.says > 1
    if mark == LINE_BREAK or not line.asks:
        return line.asks
    text = page.asked(line.match["q"])
    ends = ends_with_mark(bare(text))
    if ends and mark == "an answer's label":
        return True
    leads = mark == "an arrow" and not _ARROW_ANYWHERE.search(answer)
    if ends and leads and (group.answered or (page.lexicon.opens_question(text) and line.block.parent is None)):
        return True
    fewest = _FEWEST_AMONG_ASKING if ends and group.all_say and group.size > _FEW else _SURE_ANSWER
    if max(len(answer.split()), line.says) < fewest and not link_only(answer):
        return False
    return leads or (ends and mark in ("an arrow", "a dash", "`--`"))


def _is_long_list_of_terms(lines: list[Line], size: int) -> bool:
    """Whether a list of many lines is of nothing but terms, each with a sentence behind it."""
    return len(lines) == size >= _MANY_TERMS and all(line.is_term and line.says >= _SURE_ANSWER for line in lines)


def _is_like_asking(mark: str, line: Line, asks: int, all_say: bool) -> bool:
    """Whether a parted line that asks nothing may stand with those that do."""
    if mark == ASKED:
        return line.question[:1].isalnum()
    return asks > 1 and (mark == "an arrow" or (mark == "a dash" and (all_say or bool(line.match["remark"]))))


def _is_outermost(block: Block) -> bool:
    """Whether a block opens an item of a list that stands in no other item."""
    listing = block.parent.parent if block.parent is not None else None
    return listing is not None and not listing.within("list_item")


def _groups(page: Page) -> Iterator[tuple[list[tuple[Block, list[Block]]], Block | None]]:
    """Yield lines that stand together, with the block above them.

    They are the items of a list, or the lines of paragraphs without a title between them.
    """
    for listing in page.lists():
        if listing.parent is not None and listing.parent.type == "list_item" and asks_plainly(page, listing.parent):
            continue  # its items are parts of an answer
        firsts = [(item.children[0], list(item.children[1:])) for item in listing.children if item.children]
        if group := [(first, below) for first, below in firsts if first.type == "paragraph"]:
            yield group, page.before(listing)
    for flow in page.flows:
        run: list[tuple[Block, list[Block]]] = []
        above: Block | None = None
        for block in [*flow, None]:
            parts = _lines(block) if block is not None and block.type == "paragraph" else ()
            free = [part for part in parts if page.free(part)]
            title = free[0] if free and _is_title(page, free[0]) else block if not free else None
            if run and (title is not None or block is None):
                yield run, above
            if title is not None or block is None:
                run, above = [], title
            run += [(part, []) for part in free if part is not title]


def _is_title(page: Page, block: Block) -> bool:
    """Whether a paragraph is a short line that says that terms follow."""
    short = "\n" not in block.content and len(block.content) <= _LONGEST_TITLE
    return short and not MAY_PART.search(block.content) and page.lexicon.glossary(page.text(block.content))


def _lines(block: Block) -> Iterator[Block]:
    """Yield the lines of a paragraph, those that go on with the one above them: indented, or below a full line."""
    start, lines = 0, block.lines
    for index, line in enumerate([*lines[1:], ""], 1):
        above = lines[index - 1].rstrip()
        is_wrapped = len(above) in _WRAPPED and not (ends_with_mark(above) or MAY_PART.search(line))
        goes_on = line.startswith(" " * _FAR) or is_wrapped
        if index == len(lines) or not goes_on or _ARROW_FIRST.match(line):
            yield paragraph("\n".join(lines[start:index]), block.line + start)
            start = index


def _is_glossary(page: Page, group: list[tuple[Block, list[Block]]], before: Block | None) -> bool:
    """Whether the title above lines, a heading or a short line, says that terms follow."""
    is_short = before is not None and before.type == "paragraph" and len(before.content) <= _LONGEST_TITLE
    if before is not None and is_short and not MAY_PART.search(before.content):
        return page.lexicon.glossary(page.text(before.content))
    titles = [page.text(heading.content) for heading in page.path_to(group[0][0].line)] or [page.note.title]
    if page.is_glossary:
        return not page.lexicon.question(titles[-1])
    glossary = [page.lexicon.glossary(title) for title in titles]
    return any(glossary if len(group) == 1 else glossary[-1:])
