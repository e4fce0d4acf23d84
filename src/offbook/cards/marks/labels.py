"""`Q:` … `A:` and their like: `Question:`, `Q1:`, `Answer:`, bold, in a list, in other languages, with typos."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum

from offbook.cards.card import Finding
from offbook.cards.leads import asks_plainly
from offbook.cards.page import Page
from offbook.cards.predicates import LISTS
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph

NAME = "label"
LABEL = re.compile(
    r"(?P<open>[\s>●•▪◦·*_-]*+(?:<b>|<strong>)?\s*+)"
    r"(?P<word>[^\W\d_]++(?:\s[^\W\d_]++)?)\s?#?(?P<number>\d{0,3})\s?"
    r"(?P<shut>(?:\*\*|__|\*|_|</b>|</strong>)?)\s?(?P<sep>[:：]|[.．](?=\s|\Z))(?!:)"
    r"(?P<after>(?:\*\*|__|\*|_|</b>|</strong>)?)\s*(?P<text>.*)"
)
_BOTH = re.compile(r"(?P<question>.*[?？؟])\s+(?:\*\*)?A(?:ns(?:wer)?)?\s?[:：](?:\*\*)?\s*(?P<answer>\S.*)")
# Letters for question and answer. All but Q count only where a note uses both of a pair.
_PAIRS = ("qa", "qr", "pr", "fa", "во", "dr", "va", "po", "sc", "fs", "問答", "问答", "문답", "سج")
_FEWEST_DOTTED = 2  # `Q.` without an `A.` in the note
_TYPO = 0.75  # how alike a misspelt label must be
_SHORTEST_TYPO = 5  # letters


class Role(Enum):
    """What a line says of itself."""

    QUESTION = "question"
    ANSWER = "answer"
    NONE = ""


@dataclass(slots=True)
class Unit:
    """A line of text, or a block in which no line has a label."""

    block: Block
    role: Role = Role.NONE
    source: Block | None = None
    """The paragraph that the line comes from."""

    @property
    def item(self) -> Block | None:
        """The list item that the unit stands in, if its text opens one."""
        parent = (self.source or self.block).parent
        return parent if parent is not None and parent.type == "list_item" else None


def find(page: Page) -> Iterator[Finding]:
    """Take what the writer labelled."""
    words = _Labels(page)
    if not words.answers and not words.questions:
        return
    for flow in page.flows:
        units = [unit for block in flow for unit in _explode(block, words)]
        yield from _cards(page, units)


class _Labels:
    """Which words are labels in this note."""

    def __init__(self, page: Page) -> None:
        self._lexicon = page.lexicon
        blocks = (b for b in page.blocks if b.type in ("paragraph", "heading"))
        counts = Counter([_word(line) for block in blocks for line in block.lines if not line[:1].isspace()])
        words = set(counts)
        self.questions = {word for word in words if word[:-1] in self._lexicon.labels and word[-1] == ":"}
        self.answers = {
            word for word in words if word[-1:] == ":" and (word[:-1] in self._lexicon.answers or self._misspelt(word))
        }
        for separator in ":.":
            self._add_letters({word[:-1] for word in words if word[-1:] == separator}, separator)
        if counts["q."] >= _FEWEST_DOTTED:
            self.questions.add("q.")

    def _add_letters(self, words: set[str], separator: str) -> None:
        """Add the letters that label here. `S: T: A: R:` tells a story, `A: B: C:` gives a choice."""
        a_is_other = {"s", "t"} <= words or "b" in words
        for pair in _PAIRS if separator == ":" else _PAIRS[:1]:
            question, answer = pair[0], pair[1]
            if {question, answer} <= words and not (answer in "ar" and {"s", "t"} <= words):
                if not (answer == "a" and a_is_other):
                    self.answers.add(answer + separator)
                self.questions.add(question + separator)
        if separator == "." and "q" in words:
            self.answers |= {f"{word}." for word in words if word in self._lexicon.answers and len(word) > 1}
        if separator == ":" and "q" in words:
            self.questions.add("q:")
        if separator == ":" and "a" in words and not a_is_other:
            self.answers.add("a:")

    def _misspelt(self, word: str) -> bool:
        word = word[:-1]
        if len(word) < _SHORTEST_TYPO or word in self._lexicon.labels:
            return False
        return bool(get_close_matches(word, ("answer",), 1, _TYPO)) and word not in ("answered", "answering", "another")

    def role(self, line: str) -> tuple[Role, str]:
        """Return a line's role and what stands behind its label."""
        match = LABEL.match(line)
        if match is None:
            return Role.NONE, line
        word = _word(line)
        text = _unwrap(match["open"], match["after"] or match["shut"], match["text"])
        if word in self.questions and not (word == "questions:" and not text):
            return Role.QUESTION, text
        if word in self.answers:
            return Role.ANSWER, text
        return Role.NONE, line


def _word(line: str) -> str:
    """Return the label that a line may open with, in small letters, with `:` or `.` for what follows it."""
    if not (":" in line or "." in line or "：" in line or "．" in line):
        return ""
    match = LABEL.match(line)
    return match["word"].casefold() + (":" if match["sep"] in ":：" else ".") if match else ""


def heading_label(page: Page, heading: Block) -> str:
    """Return what stands behind the label of a question in a heading; nothing where it has none."""
    match = LABEL.match(heading.content) if ":" in heading.content or "：" in heading.content else None
    if match and match["sep"] in ":：" and match["word"].casefold() in {"q", *page.lexicon.labels}:
        return match["text"].strip()
    return ""


def _unwrap(opening: str, closed: str, text: str) -> str:
    """Drop the closing mark of emphasis that opened before the label: `**Q: Why?**`."""
    mark = opening.strip(" \t>●•▪◦·-")
    mark = {"<b>": "</b>", "<strong>": "</strong>"}.get(mark, mark)
    if mark and not closed and mark in text:
        head, _, tail = text.partition(mark)
        return (head + tail).strip()
    return text.strip()


def _explode(block: Block, words: _Labels) -> Iterator[Unit]:
    """Part a block into its lines and inner blocks as far down as labels are."""
    if block.type in ("paragraph", "heading"):
        for index, line in enumerate(block.lines):
            # An indented line belongs to the one above it, whatever it opens with.
            role, text = (Role.NONE, line) if line[:1].isspace() else words.role(line)
            both = _BOTH.fullmatch(text) if role is Role.QUESTION else None
            if both is not None:
                yield Unit(paragraph(both["question"], block.line + index), role, block)
                yield Unit(paragraph(both["answer"], block.line + index), Role.ANSWER, block)
                continue
            part = paragraph(text.removesuffix("\\"), block.line + index)
            if block.type == "heading":
                part.level = block.level
            yield Unit(part, role, block)
    elif block.type in (*LISTS, "list_item", "blockquote") and _has_label(block, words):
        for child in block.children:
            yield from _explode(child, words)
    else:
        yield Unit(block)


def _has_label(block: Block, words: _Labels) -> bool:
    return any(
        words.role(line)[0] is not Role.NONE
        for inner in block.walk()
        if inner.type == "paragraph"
        for line in inner.lines
    )


def _cards(page: Page, units: list[Unit]) -> Iterator[Finding]:
    index = 0
    while index < len(units):
        unit = units[index]
        if unit.role is Role.QUESTION and page.free(unit.block):
            index = yield from _labelled(page, units, index)
        elif unit.role is Role.ANSWER and page.free(unit.block):
            index = yield from _answer_alone(page, units, index)
        else:
            index += 1


def _labelled(page: Page, units: list[Unit], start: int) -> Generator[Finding, None, int]:
    """Take the card whose question's label is at `start`; return where to go on."""
    level = units[start].block.level
    at = start + 1
    item = units[start].item
    while at < len(units) and units[at].role is Role.NONE and not _ends(units[at], level):
        if item is not None and units[at].item is not item:
            break  # the next item of the list
        at += 1
    if at < len(units) and units[at].role is Role.ANSWER:
        question, stop = units[start:at], _answer_end(page, units, at, level, labelled=True)
        answer = units[at:stop]
    elif level:
        return at  # a heading labelled `Q:` is a heading that asks
    else:
        stop = at
        split = _end_of_question(page, units, start, at)
        question, answer = units[start:split], units[split:at]
    yield Finding(NAME, "labelled as a question", _glue(question), _glue(answer), claims=_span(units[start:stop]))
    return stop


def _end_of_question(page: Page, units: list[Unit], start: int, stop: int) -> int:
    """Return where a question ends whose answer has no label: where it asks, else with its line."""
    end = start + 1
    while end <= stop and (end == start + 1 or units[end - 1].source is units[start].source):
        if _asks(page, units[start:end]):
            return end
        end += 1
    return start + 1


def _answer_alone(page: Page, units: list[Unit], at: int) -> Generator[Finding, None, int]:
    """Take an answer's label without a question's if the text above it asks."""
    start = at
    while start and units[start - 1].role is Role.NONE and at - start < 3 and not units[start - 1].block.children:
        previous = units[start - 1]
        if previous.block.type != "paragraph" or not page.free(previous.block):
            break
        start -= 1
        if _asks(page, units[start:at]) or previous.block.level:
            level = previous.block.level
            stop = _answer_end(page, units, at, level, labelled=False)
            reason = "has an answer labelled as one below it"
            yield Finding(NAME, reason, _glue(units[start:at]), _glue(units[at:stop]), claims=_span(units[start:stop]))
            return stop
        if previous.source is not units[at].source and (start == 0 or units[start - 1].source is not previous.source):
            break
    page.warn(units[at].block.line, "answer-alone", "an answer is labelled here, but no question stands above it")
    return at + 1


def _answer_end(page: Page, units: list[Unit], at: int, level: int, *, labelled: bool) -> int:
    """Return where the answer whose label is at `at` ends: at the next question, heading or rule."""
    stop = at + 1
    while stop < len(units):
        unit = units[stop]
        if unit.role is Role.QUESTION or _ends(unit, level) or not page.free(unit.block):
            break
        if _opens_next(page, units, stop, labelled):
            break
        stop += 1
    return stop


def _opens_next(page: Page, units: list[Unit], at: int, labelled: bool) -> bool:
    """Whether an unlabelled question begins at `at`.

    Where the writer labels questions, an unlabelled one is part of the answer unless an answer's label follows.
    """
    unit = units[at]
    if unit.block.type in LISTS:
        return _is_answered_list(page, unit.block)
    if unit.role is not Role.NONE or unit.block.type != "paragraph" or not _asks(page, [unit]):
        return False
    answered = at + 1 < len(units) and units[at + 1].role is Role.ANSWER
    first_of_paragraph = units[at - 1].source is not unit.source
    return answered or (not labelled and first_of_paragraph)


def _is_answered_list(page: Page, listing: Block) -> bool:
    return any(len(item.children) > 1 and asks_plainly(page, item) for item in listing.children)


def _asks(page: Page, units: list[Unit]) -> bool:
    text = page.text(" ".join(unit.block.content for unit in units))
    return bool(page.lexicon.line_question(text) or page.lexicon.noun_question(text))


def _ends(unit: Unit, level: int) -> bool:
    """Whether a unit is a rule or a heading that is not below the question's own."""
    if unit.block.type == "hr":
        return True
    return bool(unit.block.level) and (not level or unit.block.level <= level)


def _glue(units: list[Unit]) -> list[Block]:
    """Put the lines of one paragraph together again."""
    blocks: list[Block] = []
    source: Block | None = None
    for unit in units:
        if unit.source is not None and unit.source is source:
            last = blocks[-1]
            blocks[-1] = paragraph(f"{last.content}\n{unit.block.content}".strip("\n"), last.line, unit.block.end)
        else:
            blocks.append(unit.source if unit.source and unit.source.type == "heading" and blocks else unit.block)
        source = unit.source
    return [block for block in blocks if block.content or block.children or block.type != "paragraph"]


def _span(units: list[Unit]) -> list[tuple[int, int]]:
    return [(unit.block.line, unit.block.end) for unit in units]
