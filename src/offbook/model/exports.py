"""What an export makes of the cards: drafts, Anki notes, changes, and all that it would write."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from msgspec import Struct

from offbook.errors import Location, Problem, Severity
from offbook.model.cards import Entry, IdentifiedCard, served
from offbook.notetypes import Notetype


class Status(StrEnum):
    """What an export does with a card, compared with the last export.

    NEW: It was never exported.
    CHANGED: What is exported of it changed.
    MOVED: Its deck changed, or it is elsewhere in the notes with the same question and answer.
    RETIRED: It is gone from the notes.
    UNCHANGED: Nothing changed.
    OPEN: It is an open question: it has no answer, and is not exported.
    """

    NEW = "new"
    CHANGED = "changed"
    MOVED = "moved"
    RETIRED = "retired"
    UNCHANGED = "unchanged"
    OPEN = "open"


class Former(Struct, frozen=True):
    """What a card was at the last export.

    question: Its question, in plain text.
    path: Its note's path.
    deck: Its deck in Anki.
    """

    question: str
    path: str
    deck: str


class Change(Struct, frozen=True):
    """What an export does with one card or open question.

    status: What is done.
    location: Where the card is in the notes, or was when it was retired.
    question: Its question, in plain text.
    companies: Slugs of the companies, which their packages are named after, or `all`.
    deck: Its deck in Anki.
    guid: The id by which Anki knows the card's note.
    before: What it was at the last export; None where it was never exported.
    emptied: The numbers of its gaps, or of its reverse, that are gone: their cards in Anki are empty from now on.
    """

    status: Status
    location: Location
    question: str
    companies: tuple[str, ...]
    deck: str
    guid: str
    before: Former | None = None
    emptied: tuple[int, ...] = ()


class Draft(Struct, frozen=True):
    """A card on its way into a package: its entry in the ledger, and what its Anki note is made of."""

    entry: Entry
    digest: str
    """Of all that is exported of it, but for its deck and times."""
    card: IdentifiedCard | None = None
    """None where the card is retired."""
    media: tuple[tuple[str, str], ...] = ()
    """What it shows: names in Anki, and the files' paths."""


class Interview(Struct, frozen=True):
    """The day of an interview that a note names.

    companies: Slugs of the note's companies, or `all`.
    day: The day.
    """

    companies: tuple[str, ...]
    day: datetime.date


@dataclass(frozen=True, slots=True)
class Build:
    """What an export would write, and what it has to say.

    names: The companies: names by slug. A slug is what a company's package is named after.
    chosen: The slugs of those that were asked for: all, unless some were named.
    notes: The paths of the notes that could be read.
    changes: What happens to each card and open question, in the order of the notes.
    problems: What is wrong with the notes, or worth knowing.
    packages: The bytes of each `<slug>.apkg`, by slug.
    ledger: The text of `ledger.jsonl`.
    suggested: How many of the cards are talking points, suggested for open questions.
    left_out: The notes that are left out: the rule that does it, by path.
    over: The companies that are gone, names by slug, whose packages are still there and go, too.
    interviews: The interviews that notes name, past ones among them.
    reworded: New cards with those that are retired, and that they may be in other words.
    days_in_text: Where the text of a company's notes has a day that may be its interview's, and none is named.
    """

    names: Mapping[str, str]
    chosen: tuple[str, ...]
    notes: tuple[str, ...]
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    packages: Mapping[str, bytes]
    ledger: str
    suggested: int = 0
    left_out: Mapping[str, str] = field(default_factory=dict)
    over: Mapping[str, str] = field(default_factory=dict)
    interviews: tuple[Interview, ...] = ()
    reworded: tuple[tuple[Change, Change], ...] = ()
    days_in_text: tuple[Problem, ...] = ()

    @property
    def faults(self) -> list[Problem]:
        """The problems because of which something is left out of the export."""
        return [problem for problem in self.problems if problem.severity is Severity.FAULT]

    def counts(self) -> dict[str, Counter[Status]]:
        """Return how many changes there are of each status, for each company asked for; shared cards count for all."""
        counts: dict[str, Counter[Status]] = {slug: Counter() for slug in self.chosen}
        numbers = Counter((change.companies, change.status) for change in self.changes)
        for (companies, status), number in numbers.items():
            for slug in served(companies, counts):
                counts[slug][status] += number
        return counts


@dataclass(frozen=True, slots=True)
class AnkiNote:
    """A note as Anki gets it."""

    guid: str
    notetype: Notetype
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    deck: str
    added: int
    """Seconds since the epoch; the note's id has the day, which Anki shows as that of its creation."""
    modified: int
    """Seconds since the epoch; Anki takes over a note that is newer than its own."""


Progress = Callable[[Iterable[Any], int, str], Iterable[Any]]
"""Shows how far a step is: takes the step's items, how many they are and a name, and yields the items."""
