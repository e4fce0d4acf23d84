"""What the recognisers find."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from offbook.errors import Location, Problem
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


@dataclass(frozen=True, slots=True)
class Card:
    """One question and its answer. An empty `answer` makes it an open question."""

    kind: Kind
    dialect: str
    reason: str
    location: Location
    end: int
    """The line behind the card's last."""
    question: tuple[Block, ...]
    answer: tuple[Block, ...]
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
    suggested: bool = False
    """The answer is talking points that offbook looked for, not the writer's answer."""
    points_from: Location | None = None
    """Where the best of the talking points stands."""
    env: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """markdown-it's environment of the note: link references and footnotes."""
    footnotes: tuple[Block, ...] = field(default=(), compare=False, repr=False)

    @property
    def is_open(self) -> bool:
        """Whether the question has no answer."""
        return not self.answer


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
