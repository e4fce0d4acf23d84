"""What Anki knows of rehearsals: the values that a look into a collection returns, whichever way it was reached.

A *day* is one of Anki's: it ends at the rollover hour, four in the morning unless the user chose another one. Days are
counted from Anki's today, which is 0.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from msgspec import Struct

DAY = 86_400
"""Seconds."""
ROLLOVER = 4
"""The hour at which Anki's day ends unless the user chose another one."""
NEW, LEARNING, REVIEW, RELEARNING = range(4)
"""The types of cards: `anki.consts.CARD_TYPE_…`."""
SUSPENDED, SIBLING_BURIED, BURIED = -1, -2, -3
"""Queues of cards that are not shown, `anki.consts.QUEUE_TYPE_…`."""
FILTERED, MANUAL = 3, 4
"""Kinds of reviews, `anki.consts.REVLOG_…`: in a filtered deck, and a due date that was set or forgotten by hand."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The current time, and where Anki's days end."""

    now: float
    """Seconds since the epoch."""
    rollover: int = ROLLOVER

    @property
    def today(self) -> datetime.date:
        """Anki's today by the calendar: before the rollover hour it is the day before."""
        return self._date(self.now)

    @property
    def by_calendar(self) -> datetime.date:
        """The day that people call today, also between midnight and the rollover hour."""
        return datetime.date.fromtimestamp(self.now)

    @property
    def day_end(self) -> float:
        """When Anki's today ends, in seconds since the epoch."""
        end = datetime.time(self.rollover)
        return datetime.datetime.combine(self.today + datetime.timedelta(days=1), end).timestamp()

    def day(self, time: float) -> int:
        """Return the day of a time, from today."""
        return (self._date(time) - self.today).days

    def _date(self, time: float) -> datetime.date:
        return (datetime.datetime.fromtimestamp(time) - datetime.timedelta(hours=self.rollover)).date()

    def moment(self, day: int) -> float:
        """Return when on a day the user is asked: now, or on another day at noon."""
        if day == 0:
            return self.now
        noon = datetime.datetime.combine(self.date(day), datetime.time(12))
        return noon.timestamp()

    def date(self, day: int) -> datetime.date:
        """Return a day by the calendar."""
        return self.today + datetime.timedelta(days=day)


class Memory(Struct, frozen=True):
    """How well a card is remembered, as FSRS says it."""

    stability: float
    """Days until the recall has fallen to 0.9."""
    difficulty: float
    """From 1 to 10."""
    decay: float
    """How the recall falls; positive."""


class Review(Struct, frozen=True):
    """One answer that was given."""

    time: float
    """Seconds since the epoch."""
    rating: int
    """From 1, Again, to 4, Easy."""


class Preset(Struct, frozen=True):
    """What the preset of a deck says that matters to what will be known."""

    new_per_day: int = 20
    desired_retention: float = 0.9
    parameters: tuple[float, ...] = ()
    """Of FSRS, those that Anki uses, in any of its versions; empty for FSRS's own."""


class RehearsedCard(Struct, frozen=True, kw_only=True):
    """One card of an Anki note, as Anki has it now."""

    id: int
    number: int
    """That of the gap that it asks for, or of the notetype's template."""
    deck: str
    """Its home: for a card in a filtered deck the one that it returns to."""
    type: int
    suspended: bool = False
    position: int = 0
    """Of a new card: cards come in this order."""
    due: int = 0
    """The day on which a card that was seen is asked next."""
    interval: int = 0
    """Days between its last review and that."""
    lapses: int = 0
    desired_retention: float | None = None
    """The card's own, where Anki keeps one."""
    memory: Memory | None = None
    """Anki's own, where it has one."""
    reviews: tuple[Review, ...] = ()
    """Oldest first."""

    @property
    def seen(self) -> bool:
        """Whether it was ever asked, and not made new again since."""
        return self.type != NEW


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """All that a look into Anki found."""

    clock: Clock
    cards: Mapping[str, tuple[RehearsedCard, ...]]
    """The cards of the notes that offbook made, by guid."""
    presets: Mapping[str, Preset]
    """By deck; a deck that is not there has Anki's defaults."""
    fsrs: bool
    """Whether Anki schedules with FSRS."""
    profile: str
    """The name of the profile that was looked into."""


def preset_of(config: Mapping[str, object], desired_retention: object = None) -> Preset:
    """Return what a deck's options say, in the form in which Anki's `getDeckConfig` has them.

    `desired_retention` is a deck's own, if it has one. Anki uses the newest parameters of FSRS that are filled.
    """
    new = config.get("new")
    per_day = new.get("perDay") if isinstance(new, Mapping) else None
    filled = (config.get(name) for name in ("fsrsParams6", "fsrsParams5", "fsrsWeights"))
    parameters = next((tuple(map(float, found)) for found in filled if isinstance(found, list) and found), ())
    retention = desired_retention or config.get("desiredRetention")
    return Preset(
        new_per_day=per_day if isinstance(per_day, int) else 20,
        desired_retention=float(retention) if isinstance(retention, int | float) else 0.9,
        parameters=parameters,
    )


def counted_reviews(rows: list[tuple[int, int, int, int]]) -> tuple[Review, ...]:
    """Return the answers in rows of Anki's `revlog` (id in milliseconds, ease, type, factor) that FSRS counts.

    As Anki does it: a review in a filtered deck that reschedules nothing has no factor and does not count, and a card
    that was made new again by hand begins anew.
    """
    reviews: list[Review] = []
    for id, ease, kind, factor in sorted(rows):
        if kind == MANUAL and factor == 0:
            reviews.clear()
        elif 1 <= ease <= 4 and not (kind == FILTERED and factor == 0):
            reviews.append(Review(id / 1000, ease))
    return tuple(reviews)
