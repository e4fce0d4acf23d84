"""What a vault is made of: notes, their sections, and the cards in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache


@dataclass(frozen=True)
class Stand:
    """Where a card stands at the end of a step, and what it says there."""

    note: str
    section: str
    company: str
    question: str
    answer: str
    block: str
    origin: str


@dataclass(eq=False)
class Card:
    """A card; the object itself is the truth about its identity."""

    question: str
    answer: str
    topic: bool
    """Whether its question says by itself what it is about."""
    block: str = ""
    origin: str = ""
    """The question before all rewording."""
    guid: str = ""
    was: Stand | None = None
    """How it stood at the end of the step before; None for a new one."""
    rewritten: bool = False
    """In this step: the answer, wholly."""
    reworded: bool = False
    """In this step: the question, by up to 40 % of its words."""
    edited: bool = False
    """In this step: the answer, in part."""
    exchanged: bool = False
    """In this step: a quarter of the question's words, and a third of the answer, in its place."""
    carried: bool = False
    """In this step: to another company, with a fifth of the answer edited."""
    between: tuple[Card | None, Card | None] | None = None
    """What stood around it when its words were exchanged; None where that stands there no more as it was."""
    back: bool = False
    """In this step: put back after it had been deleted."""
    touched: bool = False
    """In this step: in any way, moves and new headings included."""

    def begin_step(self, was: Stand) -> None:
        """Remember how the card stands, and forget what the last step did to it."""
        self.was = was
        self.rewritten = self.reworded = self.edited = self.back = self.touched = False
        self.exchanged = self.carried = False
        self.between = None


@dataclass(eq=False)
class Section:
    """A heading and its cards."""

    title: str
    cards: list[Card] = field(default_factory=list)


@dataclass(eq=False)
class Note:
    """A note of one company."""

    path: str
    company: str
    sections: list[Section] = field(default_factory=list)


def stand(note: Note, section: Section, card: Card) -> Stand:
    return Stand(note.path, section.title, note.company, card.question, card.answer, card.block, card.origin)


@lru_cache(maxsize=1 << 14)
def key(text: str) -> str:
    """Return the text without what formatting changes."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


def keys(cards: Iterable[Card]) -> set[str]:
    """Return the questions of cards, as a reader compares them."""
    return {key(card.question) for card in cards}


def neighbours(section: Section, card: Card) -> tuple[Card | None, Card | None]:
    """Return the cards in front of a card and behind it in its section."""
    around = [None, *section.cards, None]
    at = around.index(card)
    return around[at - 1], around[at + 1]
