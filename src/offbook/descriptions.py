"""What stands below a deck's name in Anki: the day of the interview, cards, open questions."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from offbook.errors import Problem
from offbook.interview import interview_days
from offbook.model import Entry, Source


@dataclass(slots=True)
class _Deck:
    """What is counted of the notes whose cards go to a deck."""

    days: set[datetime.date] = field(default_factory=set)
    cards: int = 0
    open: int = 0

    def __str__(self) -> str:
        days = ", ".join(day.isoformat() for day in sorted(self.days))
        parts = [f"Interview: {days}"] if days else []
        parts += [_counted(self.cards, "card")]
        parts += [_counted(self.open, "open question")] if self.open else []
        return " · ".join(parts)


_OURS = re.compile(r"(Interview: [\d-]+(, [\d-]+)* · )?\d+ cards?( · \d+ open questions?)?")


def is_ours(text: str) -> bool:
    """Whether a deck's description reads as those of `descriptions` do, and so is none that a user typed."""
    return _OURS.fullmatch(text) is not None


def descriptions(sources: Iterable[Source], lost: Iterable[Entry] = ()) -> dict[str, str]:
    """Return each deck's description, as HTML, by its name; that of cards that are `lost` is told if it has no others.

    It names days and not how far away they are, so that the same notes give the same package on any day.
    """
    decks = {entry.deck: _Deck() for entry in lost}
    for source in sources:
        deck = decks.setdefault(source.deck, _Deck())
        open_questions = sum(card.is_open for card in source.cards)
        deck.open += open_questions
        deck.cards += len(source.cards) - open_questions
        days = interview_days(source.note)
        deck.days.update(() if isinstance(days, Problem) else days)
    return {name: str(deck) for name, deck in decks.items()}


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
