"""What the recognisers find."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from offbook.errors import Location, Problem

if TYPE_CHECKING:
    from offbook.markdown import Block


class Kind(StrEnum):
    """What becomes of a card in Anki."""

    QUESTION = "question"
    REVERSED = "reversed"
    """Asked in both directions."""
    CLOZE = "cloze"


@dataclass(slots=True)
class Finding:
    """A question and its answer as one dialect sees them, in blocks of the note."""

    dialect: str
    reason: str
    """Why this is a card, for `--explain`."""
    question: list[Block]
    answer: list[Block]
    kind: Kind = Kind.QUESTION
    claims: list[tuple[int, int]] = field(default_factory=list)
    """Further lines that belong to the card (first, behind the last), such as a label's."""
    tags: tuple[str, ...] = ()
    """Tags that the markup gives the card, besides those on the question."""

    @property
    def line(self) -> int:
        """The line of the question."""
        return min(block.line for block in self.question)


class How(StrEnum):
    """How something is mentioned."""

    LINK = "link"
    """`[[target]]`"""
    EMBED = "embed"
    """`![[target]]`"""
    IMAGE = "image"
    """`![…](target)`"""
    CODE = "code"
    """A fence; the target is its language."""


class Mention(NamedTuple):
    """One mention."""

    line: int
    how: How
    target: str


@dataclass(frozen=True, slots=True)
class Body:
    """What a card is made of in its note."""

    question: tuple[Block, ...]
    answer: tuple[Block, ...]
    """Nothing where the question is open."""
    env: dict[str, Any] = field(default_factory=dict)
    """markdown-it's environment of the note: link references and footnotes."""
    footnotes: tuple[Block, ...] = ()


@dataclass(slots=True)
class Card:
    """One question and its answer. As cheap to make as `offbook.ledger.Entry`, and changed as little."""

    kind: Kind
    dialect: str
    reason: str
    location: Location
    end: int
    """The line behind the card's last."""
    question_text: str
    """Plain text; of a cloze the sentence with its gaps."""
    answer_text: str
    """Plain text; of a cloze what fills the gaps. Empty where the question is open."""
    headings: tuple[str, ...]
    """The titles of the sections around the card, outermost first, plain text."""
    tags: tuple[str, ...]
    """Written on the question, without `#`."""
    block_id: str = ""
    """The writer's own name for the question (`^name`), or nothing."""
    note_id: str = ""
    """An id that another program left in a comment (`<!--ID: 1643712345678-->`), or nothing."""
    is_open: bool = False
    """Whether the question has no answer."""
    mentions: tuple[Mention, ...] = ()
    """What it leads to and shows."""
    points: tuple[Location, ...] = ()
    """Where the talking points stand that offbook found for want of an answer, the best first."""
    body: Body | None = field(default=None, compare=False, repr=False)
    """Let go once all that is wanted of it was taken: the blocks of all notes at once would fill the memory."""

    @property
    def suggested(self) -> bool:
        """Whether the answer is talking points, not the writer's answer."""
        return bool(self.points)

    @property
    def blocks(self) -> Body:
        """The body of a card whose note is at hand."""
        assert self.body is not None
        return self.body


@dataclass(frozen=True, slots=True)
class Passed:
    """Something that looked like a card and was not taken, for `--explain` and `check`."""

    location: Location
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """All that was found in one note."""

    cards: tuple[Card, ...]
    """In the order of the note; open questions among them."""
    to_ask: tuple[Card, ...]
    """Questions that the writer wants to ask the interviewer: reported, never carded."""
    passed: tuple[Passed, ...]
    loose: tuple[Block, ...]
    """Paragraphs that no card has taken: where talking points are looked for."""
    problems: tuple[Problem, ...]
    has_headings: bool = False
    """Whether headings structure the note; one without is loose notes."""
    env: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """markdown-it's environment of the note."""
