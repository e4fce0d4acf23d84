"""What will be known day by day: if nothing more is reviewed, and if Anki's reviews are kept up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from msgspec import Struct

from offbook.anki.rehearsal import Clock, Memory, Preset, RehearsedCard
from offbook.readiness.memory import AGAIN, GOOD, Model, recall

_UNLIKELY = 0.02  # a branch below is not followed apart from the likelier one: it is known nearly as well
Curve = tuple[float, ...]
"""The likelihood on each day, from today on, that a card is remembered before that day's reviews."""


class _Branch(Struct, frozen=True):
    """One of the ways that a card's reviews may go."""

    likelihood: float
    memory: Memory
    time: float
    """Of the last review, in seconds since the epoch."""
    day: int
    """Of the last review."""
    due: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What becomes of one card."""

    stopped: Curve
    """If it is not reviewed any more; 0 where it was never seen."""
    kept_up: Curve
    """If it is reviewed whenever it is due."""
    first: int | None
    """The day on which a new card comes, by its deck's new cards a day; None where it was seen, or never comes."""


def introductions(cards: Sequence[RehearsedCard], presets: Mapping[str, Preset], clock: Clock) -> dict[int, int]:
    """Return the day on which each new card comes, by id; those of a deck without new cards never come."""
    new: dict[str, list[RehearsedCard]] = defaultdict(list)
    begun: dict[str, int] = defaultdict(int)
    for card in cards:
        if not card.seen:
            new[card.deck].append(card)
        elif card.reviews and clock.day(card.reviews[0].time) == 0:
            begun[card.deck] += 1
    days: dict[int, int] = {}
    for deck, of_deck in new.items():
        a_day = presets.get(deck, Preset()).new_per_day
        if a_day > 0:
            taken = min(begun[deck], a_day)
            ordered = sorted(of_deck, key=lambda card: (card.position, card.id))
            days |= {card.id: (index + taken) // a_day for index, card in enumerate(ordered)}
    return days


class Forecaster:
    """Forecasts cards with the models of their decks' presets."""

    def __init__(self, clock: Clock, presets: Mapping[str, Preset], days: int) -> None:
        """Look ahead from today, day 0, to day `days`."""
        self._clock, self._presets, self._days = clock, presets, days
        self._models: dict[tuple[float, ...], Model] = {}
        self._curves: dict[tuple[object, ...], Curve] = {}
        self._moments = [clock.moment(day) for day in range(days + 1)]

    def model(self, deck: str) -> Model:
        """Return FSRS with the parameters of a deck's preset."""
        parameters = self.preset(deck).parameters
        if parameters not in self._models:
            self._models[parameters] = Model(parameters)
        return self._models[parameters]

    def preset(self, deck: str) -> Preset:
        """Return a deck's preset."""
        return self._presets.get(deck) or Preset()

    def forecast(self, cards: Iterable[RehearsedCard]) -> dict[int, Forecast]:
        """Return what becomes of cards that are not suspended, by id."""
        cards = list(cards)
        first = introductions(cards, self._presets, self._clock)
        return {card.id: self._seen(card) if card.seen else self._new(card, first.get(card.id)) for card in cards}

    def _seen(self, card: RehearsedCard) -> Forecast:
        memory, time = self.model(card.deck).memory_of(card, self._clock)
        stopped = tuple(recall(memory, moment - time) for moment in self._moments)
        start = _Branch(1.0, memory, time, self._clock.day(time), max(0, card.due))
        retention = card.desired_retention or self.preset(card.deck).desired_retention
        return Forecast(stopped, self.kept_up([start], card.deck, retention, 0), None)

    def _new(self, card: RehearsedCard, first: int | None) -> Forecast:
        never = (0.0,) * (self._days + 1)
        if first is None or first >= self._days:
            return Forecast(never, never, first)
        key = (card.deck, first)
        if key not in self._curves:
            model, retention = self.model(card.deck), self.preset(card.deck).desired_retention
            memory = model.after(None, GOOD, 0)
            due = first + model.interval(memory, retention)
            start = _Branch(1.0, memory, self._moments[first], first, due)
            before = (0.0,) * (first + 1)
            self._curves[key] = before + self.kept_up([start], card.deck, retention, first + 1)
        return Forecast(never, self._curves[key], first)

    def kept_up(self, branches: list[_Branch], deck: str, retention: float, begin: int) -> Curve:
        """Return the likelihoods from day `begin` on, where the card is reviewed on each day that it is due.

        Each review goes both ways, as likely as FSRS says: remembered is Good; forgotten is Again, and Good later on
        that day.
        """
        curve = []
        model = self.model(deck)
        for day in range(begin, self._days + 1):
            moment = self._moments[day]
            recalls = [recall(branch.memory, moment - branch.time) for branch in branches]
            curve.append(sum(branch.likelihood * known for branch, known in zip(branches, recalls, strict=True)))
            if any(branch.due <= day for branch in branches):
                branches = [
                    after
                    for branch, known in zip(branches, recalls, strict=True)
                    for after in (
                        _reviewed(model, branch, known, retention, (day, moment)) if branch.due <= day else [branch]
                    )
                ]
        return tuple(curve)


def _reviewed(
    model: Model, branch: _Branch, known: float, retention: float, when: tuple[int, float]
) -> Iterable[_Branch]:
    """Yield the ways that a review may go: on a day, at a time in seconds."""
    day, moment = when
    gone = day - branch.day
    good = model.after(branch.memory, GOOD, gone)
    forgotten = branch.likelihood * (1 - known)
    followed = forgotten >= _UNLIKELY
    likelihood = branch.likelihood - forgotten if followed else branch.likelihood
    yield _Branch(likelihood, good, moment, day, day + model.interval(good, retention))
    if followed:
        again = model.after(model.after(branch.memory, AGAIN, gone), GOOD, 0)
        yield _Branch(forgotten, again, moment, day, day + model.interval(again, retention))
