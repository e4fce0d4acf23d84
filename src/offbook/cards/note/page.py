"""A note as the recognisers see it: its blocks, which of them are taken, and how they follow each other."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property

from offbook.cards.note.dress import usual_brackets
from offbook.cards.note.finding import Finding
from offbook.cards.note.flows import Flows
from offbook.cards.note.predicates import LISTS, only_bold
from offbook.cards.note.refused import refused_lines
from offbook.cards.note.rules import Rules
from offbook.cards.words.bare import bare, ends_with_mark
from offbook.errors import Location, Problem, Severity
from offbook.likeness import question_key, uncounted
from offbook.markdown import Block, Document
from offbook.markdown.blocks import cut, in_lists, with_children
from offbook.model import Note, Passed
from offbook.text import MAIL

_ENDS_SECTION = ("heading", "hr")
_MOST_BLANK = 5  # lines between a title and what it is over
_ALIKE = 4  # words with which paragraphs that close sections begin
_LONGEST_CLOSING = 3  # words: "Kind regards,"
_HEAD = 8  # lines of a mail
_WORD = re.compile(r"[^\W\d_]{2,}")
_FLASHCARD = "flashcard"
_TAG = re.compile(r"(?:\A|(?<=\s))#([\w/-]+)(?=\s)")
_WORDS_OF_TAGS = re.compile(r"[\w/-]+")
_NOTE_ID = re.compile(r"<!--[ \t]*(?:note[-_ ]?)?(?:id|nid|key)[ \t]*[:=]?[ \t]*([\w-]{1,64})[ \t]*-->", re.IGNORECASE)


class Page(Flows):
    """One note while its cards are being found. Claims are lines: a line belongs to one card only."""

    def __init__(self, note: Note, document: Document, rules: Rules) -> None:
        super().__init__(document, rules.lexicon, is_outline=note.is_outline)
        self.note = note
        self.document = document
        self.rules = rules
        self.findings: list[Finding] = []
        self.problems: list[Problem] = []
        self.noticed: list[Passed] = []
        """Near misses that marks saw."""
        self._warned: set[int] = set()
        self._claimed: dict[int, Finding | None] = {}
        self.to_ask: list[Block] = []
        """What the writer wants to ask the interviewer."""
        self._to_ask_lines: set[int] = set()

    @cached_property
    def lines(self) -> list[str]:
        """The note as it is written, without its front matter, line by line."""
        return self.note.body.split("\n")

    @cached_property
    def last_line(self) -> int:
        """The number of the last line with a text."""
        texts = (index for index in range(len(self.lines) - 1, -1, -1) if self.lines[index].strip())
        return next(texts, 0) + self.note.body_line

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
        if self.note.is_outline:
            return False
        in_front = str(self.note.metadata.get("tags") or "").casefold()
        if _FLASHCARD in in_front:
            return True
        written = self.note.body.casefold() if "#" in self.note.body else ""
        found = {*_TAG.findall(written), *_WORDS_OF_TAGS.findall(in_front)}
        known = (f"{_FLASHCARD}s", *self.rules.own.flashcards)
        return any(tag == each or tag.startswith(f"{each}/") for tag in found for each in known)

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

    def was_asked(self, content: str) -> bool:
        """Whether inline source is a question that was a card before."""
        return bool(self.rules.kept) and question_key(uncounted(self.text(content))) in self.rules.kept

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
        refused = refused_lines(self.lines, self.question)
        return frozenset(index + self.note.body_line for index in refused)

    @property
    def refuses(self) -> bool:
        """Whether the writer says of some text that it is no card."""
        return bool(self._refused)

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
            below = finding.answer if self.heading_at(finding.line) else []
            told = (block for block in below if block.type == "paragraph" and not self._stands_by_itself(block))
            for block in (*finding.question, *told):
                self._take(block.line, block.end, None)
            return
        answer = [part for block in in_lists(finding.answer) if (part := self.free_part(block)) is not None]
        self.findings.append(finding)
        for block in finding.question:
            self._take(block.line, block.end, finding)
        self.give(finding, answer)
        for first, end in finding.claims:
            self._take(first, end, finding)

    def _stands_by_itself(self, paragraph: Block) -> bool:
        """Whether a paragraph opens with what may be asked, whatever stands above it."""
        return only_bold(paragraph.lines[0]) or self.asks(paragraph)

    def give(self, finding: Finding, answer: list[Block]) -> None:
        """Make free blocks the answer of a finding."""
        finding.answer = answer
        for block in answer:
            self._take(block.line, block.end, finding)

    def answered(self, finding: Finding) -> bool:
        """Whether the finding has an answer that is more than a stub."""
        return bool(finding.answer) and not self.is_stub(finding.answer)

    def set_aside(self, blocks: Iterable[Block]) -> None:
        """Keep blocks of questions for the interviewer from being claimed."""
        found = list(blocks)
        self.to_ask += found
        self._to_ask_lines.update(line for block in found for line in range(block.line, block.end))

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

    def notice(self, line: int, code: str, message: str) -> None:
        """Keep for `check` something that may have been meant as a card."""
        self._warned.add(line)
        self.noticed.append(self.missed(line, code, message))

    def missed(self, line: int, code: str, message: str) -> Passed:
        """Return a near miss on a line."""
        return Passed(Location(self.note.path, line), "", message, code)

    def names_answer(self, summary: str) -> bool:
        """Whether a fold's summary only names what it hides: "Answer", "Click to expand", or one that recurs."""
        folded = summary.casefold().strip(" :")
        if not folded or self.lexicon.answer_label(summary) or folded in map(str.casefold, self.rules.own.answers):
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
    def words(self) -> frozenset[str]:
        """The words of the note, as they are written."""
        return frozenset(_WORD.findall(self.note.body))

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
    def is_letter(self) -> bool:
        """Whether the note is a mail or a letter, without headings: it asks its reader.

        A mail has a head, and a letter goes from "Hi Dana," to "Best,". What it lists or answers may be what is asked.
        """
        if any(True for _ in self.headings()):
            return False
        head = list(MAIL.finditer("\n".join(self.lines[:_HEAD])))
        if len(head) > 1 and any(line["who"] for line in head):
            return True
        texts = [self.text(block.lines[0]) for block in self.flows[0] if block.type == "paragraph"]
        if not texts or not self.lexicon.greets(texts[0]):
            return False
        closings = (text for text in texts[1:] if len(text.split()) <= _LONGEST_CLOSING)
        return any(map(self.lexicon.is_letter, closings))

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
