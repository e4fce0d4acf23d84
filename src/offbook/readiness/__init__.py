"""How ready somebody is for the day of an interview: the notes beside what Anki knows of rehearsals. Writes nothing.

`memory.py` has FSRS, `forecast.py` looks ahead card by card; this file counts company by company; `page.py` draws.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from offbook.anki.rehearsal import Preset, Rehearsed, RehearsedCard
from offbook.anki.searches import term
from offbook.errors import Location
from offbook.export import gone
from offbook.model import DELETED, IdentifiedCard, Kind, served
from offbook.readiness.forecast import Curve, Forecast, Forecaster
from offbook.survey import Survey

FARTHEST = 3 * 366
"""Days that are looked ahead at most."""
WELL_KNOWN = 0.9
"""The recall from which on a card needs no further look on the evening before."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One card of Anki's, as it stands on the day."""

    guid: str
    number: int
    """That of the card among those of its note in Anki."""
    question: str
    location: Location
    recall: float
    """On the day, if nothing more is reviewed."""
    kept_up: float
    """On the day, if reviews are kept up."""
    due: datetime.date | None
    """When Anki asks it next; of a new card when it comes, None where its deck lets no new cards come."""
    lapses: int
    seen: bool


@dataclass(frozen=True, slots=True)
class NewCards:
    """The new cards of one deck."""

    deck: str
    number: int
    a_day: int
    """How many of them Anki shows a day, by the deck's preset."""
    last: datetime.date | None
    """When the last of them comes; None for never."""
    needed: int
    """How many a day show each before the interview."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """How ready somebody is for one company. Sums over cards are numbers of cards, too: what is likely to be known."""

    slug: str
    company: str
    interview: datetime.date | None
    """The next one; None where none is set, and all is said of today."""
    today: datetime.date
    """Anki's, which begins hours after midnight: reviews are planned by it."""
    by_calendar: datetime.date
    """The day that people call today."""
    cards: tuple[Asked, ...]
    """All that Anki asks, the weakest first; those never seen come last. A note with three gaps is three cards."""
    open: int
    suspended: int
    """How many cards Anki does not ask; not among the `cards`."""
    retired: int
    """How many of those that are gone from the notes are still in Anki; not among the `cards`."""
    deleted: int
    """How many cards were deleted in Anki, as an import said, and stay so; not among the `cards`."""
    missing: int
    """How many of the cards are not in Anki yet; they count as never seen."""
    new: tuple[NewCards, ...]
    """By deck; of cards that are in Anki."""
    stopped: Curve
    """What will be known on each day from today to the interview, if nothing more is reviewed."""
    kept_up: Curve
    """Likewise if reviews are kept up."""
    search: str
    """A search of Anki's for what to look at on the evening before."""

    @property
    def days(self) -> int:
        """Days until the interview; 0 where none is set."""
        return (self.interview - self.today).days if self.interview else 0

    @property
    def seen(self) -> int:
        """How many cards were asked before."""
        return sum(card.seen for card in self.cards)

    @property
    def unseen(self) -> int:
        """How many cards were never asked."""
        return len(self.cards) - self.seen

    @property
    def new_per_day(self) -> int:
        """How many new cards a day show each of them before the interview."""
        return -(-self.unseen // max(1, self.days))

    @property
    def late(self) -> list[NewCards]:
        """The new cards that do not all come before the interview."""
        if self.interview is None:
            return []
        return [new for new in self.new if new.last is None or new.last >= self.interview]


class Look:
    """The notes and the ledger beside what was found in Anki."""

    def __init__(self, found: Survey, rehearsed: Rehearsed) -> None:
        self._cards, self._unread, self._rehearsed = found.cards, found.unread, rehearsed
        self._entries = {entry.guid: entry for entry in found.ledger.entries}

    @property
    def known(self) -> bool:
        """Whether any of the cards of the notes or of the ledger is in this Anki."""
        guids = {*self._entries, *(card.guid for card in self._cards)}
        return not guids.isdisjoint(self._rehearsed.cards)

    def readiness(self, slug: str, company: str, interview: datetime.date | None) -> Readiness:
        """Return how ready somebody is for a company, on the day of the interview or today."""
        clock = self._rehearsed.clock
        own = [card for card in self._cards if served(card.companies, (slug,))]
        asked = [card for card in own if not card.card.is_open]
        in_anki = [(card, each) for card in asked for each in self._of_note(card.guid)]
        live = [(card, each) for card, each in in_anki if not each.suspended]
        not_there = [card for card in asked if card.guid not in self._rehearsed.cards]
        deleted = [card for card in not_there if self._is_deleted(card.guid)]
        absent = [card for card in not_there if not self._is_deleted(card.guid)]
        lost = gone(self._entries.values(), self._cards, self._unread, [slug])
        days = min(FARTHEST, max(0, (interview - clock.today).days)) if interview else 0
        forecaster = Forecaster(clock, self._rehearsed.presets, days)
        forecasts = forecaster.forecast(each for _, each in live)
        rows = [self._asked(card, each, forecasts[each.id]) for card, each in live]
        rows += [_not_there(card, number) for card in absent for number in self._numbers(card)]
        return Readiness(
            slug=slug,
            company=company,
            interview=interview,
            today=clock.today,
            by_calendar=clock.by_calendar,
            cards=tuple(sorted(rows, key=lambda row: (not row.seen, row.recall, row.location, row.number))),
            open=len(own) - len(asked),
            suspended=len(in_anki) - len(live),
            retired=sum(entry.guid in self._rehearsed.cards for entry in lost),
            deleted=sum(len(self._numbers(card)) for card in deleted),
            missing=sum(len(self._numbers(card)) for card in absent),
            new=tuple(self._new([each for _, each in live], forecasts, max(1, days), forecaster)),
            stopped=_sum((forecast.stopped for forecast in forecasts.values()), days),
            kept_up=_sum((forecast.kept_up for forecast in forecasts.values()), days),
            search=self._search({each.deck for _, each in live}),
        )

    def _of_note(self, guid: str) -> list[RehearsedCard]:
        """Return the cards of a note in Anki, without those of gaps and reverses that are gone."""
        entry = self._entries.get(guid)
        past = {gap.number for gap in entry.past} if entry else set()
        return [card for card in self._rehearsed.cards.get(guid, ()) if card.number not in past]

    def _is_deleted(self, guid: str) -> bool:
        entry = self._entries.get(guid)
        return entry is not None and entry.told == DELETED

    def _numbers(self, card: IdentifiedCard) -> range:
        """Return the numbers of the cards that Anki will make of one that is not there yet."""
        entry = self._entries.get(card.guid)
        if card.card.kind is Kind.REVERSED:
            return range(1, 3)
        return range(1, 1 + len({gap.number for gap in entry.gaps} if entry and entry.gaps else {1}))

    def _asked(self, card: IdentifiedCard, in_anki: RehearsedCard, forecast: Forecast) -> Asked:
        clock = self._rehearsed.clock
        day = max(0, in_anki.due) if in_anki.seen else forecast.first
        return Asked(
            guid=card.guid,
            number=in_anki.number,
            question=card.card.question_text,
            location=card.card.location,
            recall=forecast.stopped[-1],
            kept_up=forecast.kept_up[-1],
            due=None if day is None else clock.date(day),
            lapses=in_anki.lapses,
            seen=in_anki.seen,
        )

    def _new(
        self, cards: Sequence[RehearsedCard], forecasts: Mapping[int, Forecast], days: int, forecaster: Forecaster
    ) -> Iterator[NewCards]:
        """Yield the new cards deck by deck; `days` are those until the interview."""
        for deck in sorted({card.deck for card in cards if not card.seen}):
            first = [forecasts[card.id].first for card in cards if card.deck == deck and not card.seen]
            preset: Preset = forecaster.preset(deck)
            coming = [day for day in first if day is not None]
            last = self._rehearsed.clock.date(max(coming)) if coming else None
            left = max(1, days - min(coming, default=0))  # today's may be done
            yield NewCards(deck, len(first), preset.new_per_day, last, -(-len(first) // left))

    def _search(self, decks: Iterable[str]) -> str:
        """Return a search for what is not well known in the decks; without FSRS for what is due within a few days."""
        terms = [term("deck", deck) for deck in sorted(decks)]
        where = f"({' OR '.join(terms)})" if len(terms) > 1 else "".join(terms)
        return f"{where} {f'prop:r<{WELL_KNOWN}' if self._rehearsed.fsrs else '-is:new prop:due<=7'}" if where else ""


def _not_there(card: IdentifiedCard, number: int) -> Asked:
    """Return a card that is not in Anki."""
    return Asked(card.guid, number, card.card.question_text, card.card.location, 0.0, 0.0, None, 0, seen=False)


def _sum(curves: Iterable[Curve], days: int) -> Curve:
    total = [0.0] * (days + 1)
    for curve in curves:
        total = [one + other for one, other in zip(total, curve, strict=True)]
    return tuple(total)
