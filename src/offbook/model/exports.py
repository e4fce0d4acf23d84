"""What an export makes of the cards: drafts, Anki notes, changes, and all that it would write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from msgspec import Struct

from offbook.errors import Location, Problem, Severity
from offbook.model.cards import Entry, IdentifiedCard, Source, served
from offbook.notetypes import Notetype


class Status(StrEnum):
    """What an export does with a card."""

    NEW = "new"
    CHANGED = "changed"
    MOVED = "moved"
    RETIRED = "retired"
    UNCHANGED = "unchanged"
    OPEN = "open"


class Change(Struct, frozen=True):
    """What happens to one card."""

    status: Status
    location: Location
    question: str
    companies: tuple[str, ...]
    """Slugs of the companies, or `all`."""
    deck: str
    guid: str
    before: Entry | None = None
    """What the ledger knew of the card."""
    emptied: tuple[int, ...] = ()
    """The numbers of the card's cards in Anki that stay empty from now on."""


class Draft(Struct, frozen=True):
    """A card on its way into a package: its entry in the ledger, and what its Anki note is made of."""

    entry: Entry
    digest: str
    """Of all that is exported of it, but for its deck and times."""
    card: IdentifiedCard | None = None
    """None where the card is retired."""
    media: tuple[tuple[str, str], ...] = ()
    """What it shows: names in Anki, and the files' paths."""


@dataclass(frozen=True, slots=True)
class Build:
    """All that an export would write, and what it has to tell."""

    names: Mapping[str, str]
    """The companies, from slug to name."""
    sources: tuple[Source, ...]
    """The notes that could be read."""
    changes: tuple[Change, ...]
    """What happens to each card, in the order of the notes."""
    problems: tuple[Problem, ...]
    packages: Mapping[str, bytes]
    """From slug to the bytes of `<slug>.apkg`."""
    ledger: str
    """The text of `ledger.jsonl`."""
    suggested: int = 0
    """How many of the cards hold talking points."""
    left_out: Mapping[str, str] = field(default_factory=dict)
    """The paths of notes that make no cards, and by which rule."""
    over: frozenset[str] = frozenset()
    """The slugs of companies that are gone, and whose packages go, too."""

    @property
    def faults(self) -> list[Problem]:
        """The problems for which something was left out."""
        return [problem for problem in self.problems if problem.severity is Severity.FAULT]

    def counts(self) -> dict[str, Counter[Status]]:
        """Return how many changes of each kind are in the package of each company, by slug."""
        counts: dict[str, Counter[Status]] = {slug: Counter() for slug in self.names}
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
    """Seconds since the epoch; becomes the note's id, which Anki shows as its date of creation."""
    modified: int
    """Seconds since the epoch; Anki takes over a note that is newer than its own."""


Progress = Callable[[Iterable[Any], int, str], Iterable[Any]]
"""Shows how far a step is: takes the step's items, how many they are and a name, and yields the items."""
