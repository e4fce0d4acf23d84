"""A note as the recognisers see it: its blocks, which of them are taken, and how they follow each other."""

from __future__ import annotations

import re
import textwrap
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from offbook.cards.card import Finding
from offbook.cards.shape import Lexicon, bare, ends_with_mark
from offbook.errors import Location, Problem, Severity
from offbook.markdown import Block, Document, parse
from offbook.markdown.blocks import cut, paragraph, with_children
from offbook.markdown.plain import asked_inline, plain, plain_inline
from offbook.note import Note

LISTS = ("bullet_list", "ordered_list")
_LINK_ONLY = re.compile(
    r"\s*(?:\[[ xX]\]\s+)?!?"
    r"(?:\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]\([^()\s]*(?:\([^()]*\))?[^()]*\)|\[\[[^\[\]]+\]\])[\s.,;)*_]*"
)
_ANCHOR = re.compile(r"\[[^\n]*\]\(#[^)]*\)|\[\[#[^\]]*\]\]|\[↑|⬆")
_EMPHASISED = re.compile(
    r"(\*\*\*|___|\*\*|__|\*|_|<b>|<strong>|<u>)(?=\S)(.+?)(?<=\S)(\*\*\*|___|\*\*|__|\*|_|</b>|</strong>|</u>)",
    re.DOTALL,
)
_DECORATION = re.compile(r"^(?:[^\w\s\"'“„«‘(\[{<¿`$#*_~=!&\\+-]+|\+{2,}|!{2,})\s*")
_FOLLOW_UP = re.compile(r"\W*follow[- ]?ups?\b[^:：]{0,30}[:：]", re.IGNORECASE)
_CLOSERS = {"<b>": "</b>", "<strong>": "</strong>", "<u>": "</u>"}
_TASK = re.compile(r"\[[ xX/-]\]\s+")
_REMARK = re.compile(r"\s*[(（\[][^()（）\[\]\n]{1,60}[)）\]]\s*")
_QUESTION_AND_LINK = re.compile(r"(?P<question>[^\n]*[?？؟])\s*(?P<link>!?\[\[[^\[\]\n]+\]\])\s*")
_LONGEST_PARTED = 200  # lines
_UNDERLINE = re.compile(r"([.=~_·*^-])\1{3,}")
_BULLET = re.compile(r"[-*+]\s")
_PROPERTY = re.compile(r"\s*(?:collapsed|id|card-[\w-]+|heading|background-color|logseq\.[\w.-]+|query-[\w-]+)::\s.*")
_LONGEST_STUB_SOURCE = 200  # characters
_LONGEST_WRAP = 3  # lines of one question


@dataclass(frozen=True, slots=True)
class Lead:
    """A question at the beginning of a paragraph."""

    question: Block
    rest: list[Block]
    """What of the paragraph stands behind the question."""
    emphasised: bool
    """Bold or italic as a whole."""
    reason: str


class Page:
    """One note while its cards are being found. Claims are lines: a line belongs to one card only."""

    def __init__(self, note: Note, document: Document, lexicon: Lexicon, *, highlights_hide: bool = False) -> None:
        self.note = note
        self.document = document
        self.lexicon = lexicon
        self.highlights_hide = highlights_hide
        self.findings: list[Finding] = []
        self.problems: list[Problem] = []
        self.passed: dict[int, tuple[str, str]] = {}
        self._plain: dict[int, str] = {}
        self._texts: dict[str, str] = {}
        self._claimed: dict[int, Finding | None] = {}
        self._place: dict[int, tuple[list[Block], int]] = {}
        self._inner: set[int] = set()
        self.flows = [self._flow(document.root)]
        self.flows += [
            self._flow(block) for block in document.root.walk() if block.type == "details" and block.children
        ]
        self.to_ask = list(self._to_ask_blocks())
        self._to_ask_lines = {line for block in self.to_ask for line in range(block.line, block.end)}

    # -- text ----------------------------------------------------------------------------------

    def plain(self, block: Block) -> str:
        """Return the plain text of one block, what is below it included."""
        text = self._plain.get(id(block))
        if text is None:
            text = self._plain[id(block)] = plain([block], self.document.env)
        return text

    def text(self, content: str) -> str:
        """Return the plain text of inline source."""
        text = self._texts.get(content)
        if text is None:
            text = self._texts[content] = plain_inline(content, self.document.env)
        return text

    def asked(self, content: str) -> str:
        """Return the plain text by which a question is known: marks in code, addresses and links ask nothing."""
        return asked_inline(content, self.document.env)

    # -- claims --------------------------------------------------------------------------------

    def free(self, block: Block) -> bool:
        """Whether no card has any of the block's lines, and no list of questions to ask either."""
        return not any(line in self._claimed or line in self._to_ask_lines for line in range(block.line, block.end))

    def free_part(self, block: Block) -> Block | None:
        """Return the block, or of a list the items that no card has taken; None where nothing is left."""
        if self.free(block):
            return block
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

    def claim(self, finding: Finding) -> None:
        """Take the finding in unless a line of its question is taken already."""
        if not finding.question:
            return
        if any(line in self._claimed for block in finding.question for line in range(block.line, block.end)):
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

    def is_stub(self, blocks: Iterable[Block]) -> bool:
        """Whether blocks say only that something is still to be written."""
        blocks = list(blocks)
        size = 0
        for inner in (inner for block in blocks for inner in block.walk()):
            size += len(inner.content)
            if size > _LONGEST_STUB_SOURCE:
                return False
        return self.lexicon.stub(plain(blocks, self.document.env))

    def is_to_ask(self, block: Block) -> bool:
        """Whether the block stands among the questions for the interviewer."""
        return block.line in self._to_ask_lines

    def set_aside(self, block: Block) -> None:
        """Claim a block for no card, such as a table of contents."""
        self._take(block.line, block.end, None)

    def _take(self, first: int, end: int, finding: Finding | None) -> None:
        for line in range(first, end):
            self._claimed.setdefault(line, finding)

    def pass_over(self, block: Block, reason: str) -> None:
        """Remember why a block that looks like a card is none."""
        self.passed.setdefault(block.line, (block.content or self.plain(block), reason))

    def warn(self, line: int, code: str, message: str) -> None:
        """Report something that was probably meant as a card."""
        self.problems.append(Problem(Location(self.note.path, line), code, message, Severity.WARNING))

    # -- order ---------------------------------------------------------------------------------

    def _flow(self, container: Block) -> list[Block]:
        """Return the container's blocks with list items that begin with a heading laid flat.

        A heading that opens a list item (`1. ### What is …?`) opens a section that goes on behind the item; the
        headings below it in the item are parts of that section, whatever their level.
        """
        flow: list[Block] = []
        stack = list(reversed(container.children))
        while stack:
            block = stack.pop()
            if block.type in LISTS and any(_opens_with_heading(item) for item in block.children):
                for item in reversed(block.children):
                    stack.extend(reversed(item.children))
                    self._lower(item)
            else:
                flow.extend(self._parts(block))
        for index, block in enumerate(flow):
            self._place[id(block)] = (flow, index)
        return flow

    def _parts(self, block: Block) -> list[Block]:
        """Part a paragraph before each line that asks anew, once something stands below the question before."""
        if block.type != "paragraph" or "\n" not in block.content or len(block.lines) > _LONGEST_PARTED:
            return [block]
        starts = [0]
        asked = [self._asks_anew(line) for line in block.lines]
        for index in range(2, len(asked)):
            if asked[index] and not asked[index - 1] and asked[starts[-1]]:
                starts.append(index)
        if len(starts) == 1:
            return [block]
        parts = [cut(block, start, end) for start, end in zip(starts, [*starts[1:], None], strict=True)]
        for part in parts:
            part.parent = block.parent
        return parts

    def _asks_anew(self, line: str) -> bool:
        if line[:1].isspace() or _BULLET.match(line):
            return False
        bold = _EMPHASISED.match(undecorated(line))
        if bold is not None:
            return bool(self.lexicon.question(self.asked(bold[2])))
        return self._asks_on(line)

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

    def _place_of(self, block: Block) -> tuple[list[Block], int]:
        place = self._place.get(id(block))
        if place is None:
            siblings = block.parent.children if block.parent else []
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
        """Yield the blocks down to the next heading of the same level or above."""
        for block in self.after(heading):
            if block.type == "heading" and block.level <= heading.level:
                return
            yield block

    def headings(self) -> Iterator[Block]:
        """Yield the headings that structure the note."""
        for flow in self.flows:
            yield from filter(self.opens_section, flow)

    def path_to(self, line: int) -> list[Block]:
        """Return the headings whose sections hold `line`, outermost first; a heading's own is not among them."""
        at = bisect_right(self._paths, line, key=lambda item: item[0])
        if not at:
            return []
        start, path = self._paths[at - 1]
        return path[:-1] if start == line else path

    @cached_property
    def _paths(self) -> list[tuple[int, list[Block]]]:
        """For each heading its line and the path that ends in it, in the order of the note."""
        path: list[Block] = []
        paths: list[tuple[int, list[Block]]] = []
        for heading in filter(self.opens_section, self.flows[0]):
            path = [*(above for above in path if above.level < heading.level), heading]
            paths.append((heading.line, path))
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

    def paragraphs(self, *types: str) -> Iterator[Block]:
        """Yield paragraphs anywhere outside of quotes and footnotes, plus blocks of `types`."""
        wanted = {"paragraph", *types}
        for block in self.document.root.walk():
            if block.type in wanted and not block.within("blockquote"):
                yield block

    # -- shapes --------------------------------------------------------------------------------

    def lead(self, block: Block, *, strict: bool) -> Lead | None:
        """Return the question that opens a paragraph: a bold run, or its first lines.

        `strict` is for paragraphs among prose, where a question mark alone does not make a card.
        """
        return self._emphasised_lead(block) or self._plain_lead(block, strict=strict)

    def _emphasised_lead(self, block: Block) -> Lead | None:
        content = _DECORATION.sub("", block.content)
        skipped = block.content[: len(block.content) - len(content)]
        match = _EMPHASISED.match(content)
        if match is None or match[3] != _CLOSERS.get(match[1], match[1]):
            return None
        inner, rest = match[2], content[match.end() :]
        mark, rest = re.fullmatch(r"([ \t]*[?？:.]?)(.*)", rest, re.DOTALL).groups()  # type: ignore[union-attr]
        text = self.asked(inner + mark.strip(".: "))
        lexicon = self.lexicon
        if not (reason := lexicon.question(text) or (lexicon.noun_question(text) if not rest.strip() else "")):
            return None
        same_line, newline, below = rest.partition("\n")
        follow_up: list[str] = []
        while below and _FOLLOW_UP.match(below):
            line, _, below = below.partition("\n")
            follow_up.append(line)
        while below and (second := _EMPHASISED.fullmatch(below.partition("\n")[0].strip())):
            if not self.lexicon.question(self.asked(second[2])):
                break
            follow_up.append(second[2])
            below = below.partition("\n")[2]
        if self.text(same_line).strip() and not any(c.isalnum() for c in bare(self.text(same_line))):
            same_line = ""  # an emoji for the level, say
        remark = ""
        if _REMARK.fullmatch(same_line):
            remark, same_line = " " + same_line.strip(), ""
        if same_line.strip() and len(match[1]) == 1:
            return None  # *italic* words that open a sentence
        asked = "\n".join([(inner + mark.strip(".: ")).strip() + remark, *follow_up])
        question = paragraph(asked, block.line + skipped.count("\n"))
        rest_text = (same_line.strip(" -–—:") + newline + below).strip() if same_line.strip() else below.strip()
        rest_line = question.end - 1 if same_line.strip() else question.end
        following = [paragraph(rest_text, rest_line, block.end)] if rest_text else []
        return Lead(question, following, True, reason + ", emphasised")

    def _plain_lead(self, block: Block, *, strict: bool) -> Lead | None:
        lines = block.lines
        lexicon = self.lexicon
        linked = _QUESTION_AND_LINK.fullmatch(block.content)
        if linked and lexicon.line_question(self.asked(linked["question"])):
            question = paragraph(linked["question"].strip(), block.line)
            return Lead(question, [paragraph(linked["link"], block.line)], False, "asks, and a link answers")
        for count in range(1, min(_LONGEST_WRAP, len(lines)) + 1):
            text = self.asked(" ".join(lines[:count]))
            if count > 1 and not (ends_with_mark(bare(text)) and lexicon.opens_question(text)):
                continue
            reason = lexicon.line_question(text) if strict else lexicon.question(text)
            if count == 1 and reason and not ends_with_mark(bare(text)) and self._goes_on(lines):
                continue  # the mark may come with the next line
            if strict and count < len(lines) and lines[count][:1].islower() and not lexicon.opens_question(text):
                return None  # a sentence that is wrapped behind its question mark
            if reason:
                while count < len(lines) and (_FOLLOW_UP.match(lines[count]) or self._asks_on(lines[count])):
                    count += 1
                question = cut(block, 0, count)
                question = paragraph(undecorated(question.content), question.line, question.end)
                return Lead(question, self._below(block, count), False, reason)
        return None

    def _below(self, block: Block, first: int) -> list[Block]:
        """Return the lines of a paragraph from `first` on; indented ones may be a list, which they cannot open."""
        if first < len(block.lines) and _UNDERLINE.fullmatch(block.lines[first].strip()):
            first += 1
        lines = block.lines[first:]
        if not lines:
            return []
        if all(line[:1].isspace() for line in lines) and _BULLET.match(lines[0].strip()):
            text = textwrap.dedent("\n".join(line.expandtabs(4) for line in lines))
            return parse(text, block.line + first).root.children
        return [cut(block, first)]

    def _asks_on(self, line: str) -> bool:
        """Whether a line below a question is a second one: both have one answer."""
        return ends_with_mark(bare(self.asked(line))) and bool(self.lexicon.line_question(self.asked(line)))

    def _goes_on(self, lines: list[str]) -> bool:
        return any(
            ends_with_mark(bare(self.asked(" ".join(lines[:count]))))
            for count in range(2, min(_LONGEST_WRAP, len(lines)) + 1)
        )

    def item_lead(self, item: Block) -> Lead | None:
        """Return the question that a list item opens with."""
        first = item.children[0] if item.children else None
        if first is None or first.type != "paragraph" or link_only(first.content):
            return None
        block = without_properties(first)
        task = _TASK.match(block.content)
        if task:
            block = paragraph(block.content[task.end() :], block.line, block.end)
        return self.lead(block, strict=False)

    def starts_question(self, block: Block) -> bool:
        """Whether a block is a question by its shape, or a list of nothing but questions.

        Steps that open with "Define" or "Explain" are no questions where they stand below one: only a mark, bold
        type or an answer of its own makes an item one.
        """
        if block.type == "paragraph":
            if link_only(block.content) or _FOLLOW_UP.match(block.content):
                return False
            lead = self.lead(block, strict=True)
            return lead is not None and (lead.emphasised or self.is_marked(lead))
        if block.type in LISTS:
            return bool(block.children) and all(self.asks_plainly(item) for item in block.children)
        return False

    def is_follow_up(self, block: Block) -> bool:
        """Whether a paragraph is a further question to the one above: "Follow-up: …"."""
        return block.type == "paragraph" and bool(_FOLLOW_UP.match(block.content)) and "\n" not in block.content

    def is_marked(self, lead: Lead) -> bool:
        """Whether a question has a question mark."""
        return ends_with_mark(bare(self.asked(lead.question.lines[0]))) or ends_with_mark(
            bare(self.asked(lead.question.content))
        )

    def asks_plainly(self, item: Block) -> bool:
        """Whether a list item asks, and does not only demand, which an instruction does as well."""
        lead = self.item_lead(item)
        if lead is None:
            return False
        return lead.emphasised or self.is_marked(lead) or not self.lexicon.demands(self.asked(lead.question.content))

    # -- questions to ask ----------------------------------------------------------------------

    def _to_ask_blocks(self) -> Iterator[Block]:
        """Yield the blocks under a title that announces questions for the interviewer."""
        if self.lexicon.to_ask(self.note.stem):
            yield from self.flows[0]
            return
        for flow in self.flows:
            for block in flow:
                if block.type == "heading" and self._is_title_to_ask(self.text(block.content)):
                    yield block
                    yield from self.section(block)
                elif block.type == "paragraph" and "\n" not in block.content and self._announces(block):
                    yield block
                    for following in self.after(block):
                        if following.type not in LISTS:
                            break
                        yield following
                elif block.type in LISTS:
                    for item in block.children:
                        first = item.children[0] if item.children else None
                        if first is not None and len(item.children) > 1 and self._announces(first):
                            yield item

    def _is_title_to_ask(self, text: str) -> bool:
        return self.lexicon.to_ask(text, anywhere=True) and not self.lexicon.unmarked_question(text)

    def _announces(self, block: Block) -> bool:
        return block.type == "paragraph" and self.lexicon.to_ask(self.text(block.content))


def undecorated(content: str) -> str:
    """Return inline source without the signs in front of it: bullets, `+++`, emoji."""
    return _DECORATION.sub("", content)


def link_only(content: str) -> bool:
    """Whether inline source is nothing but one link or embed."""
    return bool(_LINK_ONLY.fullmatch(content))


def is_navigation(block: Block) -> bool:
    """Whether a block only leads to another place of the same note: contents, "Back to top"."""
    if block.type in LISTS:
        return all(all(is_navigation(child) for child in item.children) for item in block.children)
    if block.type == "table":
        rows = [row for body in block.children[1:] for row in body.children]
        return (
            bool(rows)
            and sum(any(_ANCHOR.search(cell.content) for cell in row.children) for row in rows) > len(rows) / 2
        )
    if block.type != "paragraph":
        return False
    lines = [line for line in block.lines if line.strip()]
    return all(_ANCHOR.search(line) and link_only(_unbold(line)) for line in lines)


def without_properties(block: Block) -> Block:
    """Return a paragraph without Logseq's properties of the block, lines such as `collapsed:: true`."""
    lines = block.lines
    if not any(map(_PROPERTY.fullmatch, lines)):
        return block
    kept = "\n".join("" if _PROPERTY.fullmatch(line) else line for line in lines).rstrip("\n")
    return paragraph(kept, block.line, block.end)


def is_list_of_links(block: Block) -> bool:
    """Whether a block is a list whose items are nothing but links."""
    return block.type in LISTS and all(link_only(item.children[0].content) for item in block.children if item.children)


def _unbold(line: str) -> str:
    return line.strip().strip("*_ ")


def _opens_with_heading(item: Block) -> bool:
    return bool(item.children) and item.children[0].type == "heading"


def lines_of(blocks: Iterable[Block]) -> tuple[int, int]:
    """Return the first line of blocks and the line behind their last."""
    blocks = list(blocks)
    return min(block.line for block in blocks), max(block.end for block in blocks)
