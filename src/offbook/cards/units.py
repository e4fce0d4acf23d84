"""Units: the pieces of a note that could ask, where they stand and what they look like."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from offbook.cards.leads import is_follow_up, is_marked, leading_question
from offbook.cards.marks.labels import heading_label
from offbook.cards.page import Page
from offbook.cards.predicates import (
    LISTS,
    is_navigation,
    link_only,
    signed,
    undecorated,
    unsigned,
    untasked,
    without_properties,
)
from offbook.cards.shape import bare, ends_with_mark
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph

_BOLD = re.compile(
    r"\A(?:\*\*\*|\*\*|__|<b>|<strong>|<u>)(?=\S)(?P<text>[^\n]+?)(?<=\S)(?:\*\*\*|\*\*|__|</b>|</strong>|</u>)"
    r"(?P<mark>[ \t]*[?？:：.]?)(?P<rest>.*)",
    re.DOTALL,
)
_LETTER = re.compile(r"\A\(?([a-z])([.)])\s+(?=\S)")
_NUMBER = re.compile(r"\A\W{0,3}(?:Q|#|№)?\(?(\d{1,3})(?:\s*([.):、．]|-(?=\s))\W{0,3}(?!\d)|\s+(?=[^\W\d]))")
_ONLY_NUMBER = re.compile(r"\W*\d{1,3}\W*")
_REMARK = re.compile(r"\s*[(（\[][^()（）\[\]\n]{1,60}[)）\]]\s*\Z")
_ASKS_AND_TELLS = re.compile(r"([^.!?？؟\n]{3,200}[?？؟]+)[ \t]+(?=[^\W_])(.+)", re.DOTALL)
_LINK_FIRST = re.compile(r"\A\[(?P<text>[^\[\]\n]+)\]\([^()\s]*\)(?P<rest>.*)", re.DOTALL)
_ENDS_PROSE = (".", ",", ";", "!", "。", "，", "；", "…", "-", "—")
_ENDS_SENTENCE = ("。", "？", "！", ":", "：", "?")
_LONGEST_WRAP = 4  # lines
_MAY_ASK = re.compile(r"[?？؟՞⁇⁈⁉⸮፧꘏﹖︖;]|\A\W*(?:\*|_|<|\d|[a-z][.)])|[\u3040-\u9fff\uac00-\ud7af]")
_LONGEST_FIRST_LINE = 240  # characters, of a text without a mark that may ask
_LONGEST_LOOKED_AT = 2000  # characters
_LONGEST_ASKED = 300  # characters of a question without a plain one's shape
_LONGEST_TOPIC = 110  # characters
_MOST_WORDS = {"line": 12, "list-item": 15, "heading": 15}
_MOST_WORDS_OF_FIELD = 6
_STRONG = 0.8  # of a level's headings, that ask
_FEWEST_STRONG = 5
_FEWEST_COUNTED = 3  # numbers without a dot or bracket, for them to count anything


class Cue(IntEnum):
    """How much a unit asks by itself."""

    TELLS = -1
    """It names a section, tells, or is prose."""
    TOPIC = 0
    """It may be what the writer asks about: short, without a question's shape."""
    DEMANDS = 1
    """It opens as an instruction does: "Explain"."""
    ASKS = 2


@dataclass(slots=True, eq=False)
class Unit:
    """A piece of text that could ask."""

    block: Block
    """The heading, list item or paragraph that it opens."""
    kind: str
    """`heading`, `list-item` or `line`."""
    question: list[Block]
    rest: list[Block] = field(default_factory=list)
    """What stands behind the question in its own paragraph."""
    below: list[Block] = field(default_factory=list)
    """A heading's section, an item's children."""
    depth: int = 0
    """A heading's level, an item's nesting."""
    home: object = None
    """What holds its siblings: the section, the list."""
    emphasis: str = "plain"
    """`bold` as a whole, `led` by a bold run, `number` in bold, `link`, `quote`, or `plain`."""
    sign: str = ""
    form: str = ""
    """How its number is written, `:` where a colon ends it."""
    number: int | None = None
    body: str = ""
    """How its answer follows: `inside`, `tight`, `quote`, `loose`, `behind`, or not at all."""
    cue: Cue = Cue.TOPIC
    why: str = ""
    """Of its cue."""
    reason: str = ""
    """Why it asks in this note; empty where it does not."""
    passed: str = ""
    """Why it does not, where its neighbours do."""
    ends: bool = False
    """Whether it ends the answer above it, though it asks nothing."""

    @property
    def looks(self) -> tuple[str, object, str]:
        """What a reader's eye tells it by."""
        return self.emphasis, bool(self.sign) if self.emphasis == "bold" else self.sign, self.form

    @property
    def is_dressed(self) -> bool:
        """Whether it looks like more than plain text."""
        return self.emphasis in ("bold", "led") or bool(self.sign or self.form)

    @property
    def source(self) -> str:
        """The inline source of its question's first block."""
        return self.question[0].content


class Outline:
    """The units of a note, in its order, and what stands between them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.units: list[Unit] = []
        self._by_block: dict[int, Unit] = {}
        self._places: dict[int, tuple[list[Block], int]] = {}
        self._unread: dict[int, tuple[list[Block], int]] = {}
        flows = [self._flat(flow) for flow in page.flows]
        for elements in flows:
            for block in elements:
                if block.type == "heading" and page.opens_section(block) and page.owner(block) is None:
                    self._add(self._heading(block))
        self.strong = self._strong_depths()
        """The levels at which nearly all headings ask: what stands below them is their answers."""
        for elements in flows:
            self._read_flow(elements)
        self.units.sort(key=lambda unit: unit.block.line)
        self._drop_lone_numbers()
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
        settled = 0
        for index, block in enumerate(elements):
            heading = self._by_block.get(id(block)) if block.type == "heading" else None
            if heading is not None and (not settled or heading.depth <= settled):
                settled = heading.depth if heading.cue is Cue.ASKS and heading.depth in self.strong else 0
            elif settled and block.type != "heading":
                self._unread[id(block)] = elements, index
            else:
                self._read(elements, index, block)

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

    def after(self, block: Block) -> list[Block]:
        """Return what follows a top-level block, lists laid flat into their items."""
        elements, index = self._places.get(id(block), ([], 0))
        return elements[index + 1 :]

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
        elif block.type == "blockquote" and following is not None:
            self._quote(block, following)

    def _add(self, unit: Unit) -> None:
        self.units.append(unit)
        self._by_block[id(unit.block)] = unit

    def _heading(self, heading: Block) -> Unit:
        page = self.page
        label = heading_label(page, heading)
        content = label or unsigned(heading.content)
        text = page.text(content) if link_only(content) else page.asked(content)
        parents = [above.line for above in page.path_to(heading.line) if above.level < heading.level]
        question = paragraph(content, heading.line, heading.end)
        unit = Unit(heading, "heading", [question], [], list(page.section(heading)), heading.level)
        unit.home = parents[-1] if parents else 0
        unit.cue, unit.why = (Cue.ASKS, "labelled as a question") if label and text else self._cue(text, "heading")
        if link_only(heading.content) and not ends_with_mark(text):
            unit.cue = Cue.TELLS
        unit.number, unit.form = _number(page.text(heading.content))
        unit.sign = signed(heading.content)
        if unit.below and (is_follow_up(page, unit.below[0]) or self._asks_on(unit)):
            unit.question.append(unit.below.pop(0))
        unit.body = "inside" if any(block.type not in ("hr", "heading") for block in unit.below) else ""
        return unit

    def _asks_on(self, unit: Unit) -> bool:
        """Whether the paragraph right below a heading that asks goes on asking, and something answers both."""
        below = unit.below[0]
        if unit.cue is not Cue.ASKS or below.type != "paragraph" or below.line != unit.block.end or len(unit.below) == 1:
            return False
        text = bare(self.page.asked(below.content))
        return ends_with_mark(text) and len(below.lines) == 1 and ". " not in text

    def _item(self, item: Block, depth: int) -> None:
        first = item.children[0] if item.children else None
        if first is None or first.type != "paragraph" or link_only(first.content):
            return
        block = without_properties(first)
        content = block.content.lstrip("\n")
        line = block.line + block.content.count("\n") - content.count("\n")
        unit = self._opened(item, "list-item", paragraph(untasked(content), line, block.end))
        unit.depth, unit.home, unit.below = depth, id(item.parent), item.children[1:]
        number = re.match(r"\d+", item.tokens[0].info or "")
        parent = item.parent
        if parent is not None and parent.type == "ordered_list" and number:
            unit.number, unit.form = int(number[0]), "1"
            if depth == 0 and len(parent.children) == 1:  # a list that its answers break up
                unit.home = ("broken", *(heading.line for heading in self.page.path_to(item.line)[-1:]))
        unit.body = "inside" if unit.rest or (unit.below and not self.page.is_stub(unit.below)) else ""
        self._add(unit)

    def _line(self, block: Block, following: Block | None, before: Block | None) -> None:
        if len(block.lines[0]) > _LONGEST_FIRST_LINE and not _MAY_ASK.search(block.content[:_LONGEST_LOOKED_AT]):
            return  # prose
        link = _LINK_FIRST.match(block.content)
        if (link_only(block.content) and not link) or self.page.is_stub([block]):
            return
        unit = self._link(block, link) if link else self._opened(block, "line", block)
        unit.home = next((heading.line for heading in self.page.path_to(block.line)[-1:]), 0)
        unit.body = _body_of_line(unit, following)
        if before is not None and before.type == "hr" and not unit.is_dressed:
            unit.form = "hr"
        self._add(unit)

    def _quote(self, block: Block, following: Block) -> None:
        """Take a quotation of one paragraph, which asks where the note's quotations do."""
        if len(block.children) != 1 or block.children[0].type != "paragraph":
            return
        if following.type in ("blockquote", "heading", "hr"):
            return
        unit = self._opened(block, "line", block.children[0])
        if not unit.rest and unit.cue > Cue.TOPIC:
            unit.emphasis, unit.body, unit.home = "quote", "loose", 0
            self._add(unit)

    def _link(self, block: Block, match: re.Match[str]) -> Unit:
        """Read a line that opens with a link: it asks only where lines beside it do."""
        first, _, below = match["rest"].partition("\n")
        rest = [paragraph(below, block.line + 1, block.end)] if below.strip() else []
        asks = ends_with_mark(self.page.text(match["text"])) and len(first.split()) <= _MOST_WORDS["line"]
        unit = Unit(block, "line", [paragraph(match["text"], block.line)], rest, emphasis="link", why="is only a link")
        unit.cue = Cue.TOPIC if asks else Cue.TELLS
        return unit

    def _opened(self, block: Block, kind: str, text: Block) -> Unit:
        """Read what a paragraph or an item opens with: a question that runs over lines, a bold run, a first line."""
        page, sign = self.page, signed(text.content)
        content = unsigned(text.content) if sign else text.content
        bold = _BOLD.match(undecorated(content))
        first = page.text(text.lines[0])
        unit = Unit(block, kind, [], sign=sign, emphasis=_emphasis(bold))
        unit.number, unit.form = _number(first)
        if bold and unit.emphasis == "number":
            content, bold = (bold["mark"].lstrip(" .:") + bold["rest"]).lstrip(), None
        lead = leading_question(page, paragraph(content, text.line, text.end), strict=kind == "line")
        if lead is not None:
            unit.question, unit.rest, unit.why = [lead.question], lead.rest, lead.reason
            asked = page.asked(lead.question.content)
            sure = lead.emphasised or is_marked(page, lead) or not page.lexicon.demands(asked)
            tells = page.lexicon.to_ask(asked) or page.lexicon.story_part(re.split("[:：]", asked)[0])
            unit.cue = Cue.TELLS if tells else Cue.ASKS if sure else Cue.DEMANDS
            return unit
        if not bold and "\n" in content and self._is_wrapped(content):
            unit.question, unit.cue, unit.why = [paragraph(content, text.line, text.end)], Cue.ASKS, "is a question"
            return unit
        if kind == "line" and not bold and (told := _ASKS_AND_TELLS.match(content)):
            goes_on = unit.form or page.lexicon.goes_on(told[2])
            if page.lexicon.opens_question(page.asked(told[1])) and not goes_on:
                unit.question = [paragraph(undecorated(told[1]), text.line)]
                unit.rest = [paragraph(told[2].strip(), text.line, text.end)]
                unit.why = "asks and answers on one line"
                return unit
        head, body, at = _first_line(content, bold)
        asked = page.asked(head)
        unit.cue, unit.why = self._cue(asked.rstrip(" \\"), kind)
        colon = head.rstrip().endswith((":", "：")) and bool(body)
        if unit.emphasis == "led" or (kind == "line" and not bold and not sign and not self._asks_anyway(unit, colon)):
            unit.cue = min(unit.cue, Cue.TOPIC)
        if bold and (bold["text"] + bold["mark"]).rstrip().endswith((":", "：")) and not unit.form:
            unit.form = ":"
        unit.question = [paragraph(head if head.startswith(".") else undecorated(head), text.line)]
        unit.rest = [paragraph(body, text.line + at, text.end)] if body else []
        if kind == "line" and not bold and colon and not unit.form:
            unit.form = ":"
            if unit.why == "is prose" and len(asked.split()) <= _MOST_WORDS_OF_FIELD:
                unit.cue = Cue.TOPIC
        return unit

    def _is_wrapped(self, content: str) -> bool:
        """Whether a paragraph of a script without spaces is one question over a few lines."""
        lines = content.split("\n")
        if len(lines) > _LONGEST_WRAP or self.page.text(lines[0]).endswith(_ENDS_SENTENCE):
            return False
        return bool(self.page.lexicon.asks_inside(self.page.text("".join(lines))))

    def _asks_anyway(self, unit: Unit, colon: bool) -> bool:
        """Whether a plain line asks though it has no question's shape: it ends in a colon, or quotes a question."""
        return unit.cue is Cue.ASKS and (colon or unit.why == "quotes a question" or self._asks_inside(unit))

    def _asks_inside(self, unit: Unit) -> bool:
        return unit.why.startswith("holds") and (bool(unit.form) or not unit.block.content.rstrip().endswith("。"))


    def _cue(self, text: str, kind: str) -> tuple[Cue, str]:
        """Return how much a text without a plain question's shape asks, and why."""
        lexicon = self.page.lexicon
        if len(text) > _LONGEST_ASKED:
            return Cue.TELLS, "is prose"
        if not text.strip() or lexicon.section_name(text) or lexicon.answer_label(text):
            return Cue.TELLS, "names a section"
        if lexicon.to_ask(text, anywhere=kind == "heading") and not lexicon.unmarked_question(text):
            return Cue.TELLS, "is for the interviewer"
        if lexicon.story_part(text):
            return Cue.TELLS, "names a part of a story"
        core = text.rstrip(" .。:：")
        reason = lexicon.question(core) or lexicon.noun_question(core) or lexicon.asks_inside(core)
        reason = reason or lexicon.quotes_question(core) or lexicon.prompt(core)
        if reason:
            demands = lexicon.demands(text) and not ends_with_mark(bare(text))
            return (Cue.DEMANDS if demands and kind != "heading" else Cue.ASKS), reason
        if lexicon.titles_questions(text):
            return Cue.TELLS, "is the title of questions"
        short = len(text.split()) <= _MOST_WORDS[kind] and len(text) <= _LONGEST_TOPIC
        if short and (kind == "heading" or not text.rstrip().endswith(_ENDS_PROSE)):
            return Cue.TOPIC, ""
        return Cue.TELLS, "is prose"

    def _behind(self, unit: Unit) -> str:
        """Say whether what stands behind the last item of a list may answer it."""
        following = self.next(unit.block)
        if following is None or following.type in ("heading", "hr"):
            return ""
        if following.type == "list_item" and (following.parent is unit.block.parent or unit.form != "1"):
            return ""
        return "behind" if following.type == "blockquote" or unit.form == "1" or unit.cue > Cue.TOPIC else ""

    def _drop_lone_numbers(self) -> None:
        """Forget numbers without a dot or a bracket where too few stand in the note to count anything."""
        for kind in ("heading", "list-item", "line"):
            bare_ones = [unit for unit in self.units if unit.kind == kind and unit.form == "_"]
            if kind == "heading" or len({unit.number for unit in bare_ones}) < _FEWEST_COUNTED:
                for unit in bare_ones:
                    unit.number, unit.form = None, ""


def _items(item: Block) -> Iterator[tuple[Block, int]]:
    """Yield an item and those nested in it, with their depth."""
    stack = [(item, 0)]
    while stack:
        block, depth = stack.pop()
        yield block, depth
        inner = [i for child in block.children if child.type in LISTS and not is_navigation(child) for i in child.children]
        stack.extend((child, depth + 1) for child in reversed(inner))


def _body_of_line(unit: Unit, following: Block | None) -> str:
    if unit.rest:
        return "tight"
    if following is None or following.type in ("heading", "hr"):
        return ""
    if following.line <= unit.block.end:
        return "tight"
    return "quote" if following.type == "blockquote" else "loose"


def _number(text: str) -> tuple[int | None, str]:
    letter = _LETTER.match(text)
    if letter:
        return ord(letter[1]) - ord("a") + 1, f"a{letter[2]}"
    match = _NUMBER.match(text)
    return (int(match[1]), match[2] or "_") if match else (None, "")


def _emphasis(bold: re.Match[str] | None) -> str:
    if bold is None:
        return "plain"
    if _ONLY_NUMBER.fullmatch(bold["text"] + bold["mark"]):
        return "number"
    behind = _REMARK.sub("", bold["rest"].partition("\n")[0]).strip(" \\")
    return "led" if behind else "bold"


def _first_line(content: str, bold: re.Match[str] | None) -> tuple[str, str, int]:
    """Part a text into its head and its body, which begins so many lines below."""
    if bold is None:
        head, _, body = content.partition("\n")
        return head.rstrip(" \\"), body.strip("\n"), 1
    line, _, below = bold["rest"].partition("\n")
    head = (bold["text"] + bold["mark"].strip(".: ：")).strip()
    line = line.strip(" -–—:\\")
    return head, f"{line}\n{below}".strip(), 0 if line else 1
