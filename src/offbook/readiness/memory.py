"""FSRS: how well a card is remembered, and what an answer does to that. The package `fsrs` does the sums.

Source: https://github.com/open-spaced-repetition/py-fsrs, and for parameters of older versions
https://github.com/open-spaced-repetition/fsrs-rs, by which Anki goes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from fsrs import Card, Rating, Scheduler, State
from fsrs.scheduler import DEFAULT_PARAMETERS, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS

from offbook.anki.rehearsal import DAY, Clock, Memory, RehearsedCard, Review

AGAIN, GOOD = Rating.Again, Rating.Good
_FSRS_5_DECAY = 0.5
_FIRST = datetime(2000, 1, 1, tzinfo=UTC)  # any day will do: what counts are the days between two answers
_MIDDLE = 5.0  # the difficulty of a card of which only its interval is known
_BOUNDS = list(zip(LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True))


def recall(memory: Memory, seconds: float) -> float:
    """Return the likelihood, from 0 to 1, that a card is remembered so many seconds after its last review."""
    if seconds <= 0:
        return 1.0
    return float((1 + _factor(memory.decay) * seconds / DAY / memory.stability) ** -memory.decay)


@lru_cache
def _factor(decay: float) -> float:
    """Return what makes the recall 0.9 after as many days as the stability has."""
    return float(0.9 ** (-1 / decay)) - 1


class Model:
    """FSRS with the parameters of a preset."""

    def __init__(self, parameters: Sequence[float] = ()) -> None:
        """Take parameters of FSRS 4, 5 or 6 as Anki has them; FSRS's own where they are none of these."""
        weights = [
            min(max(weight, low), high) for weight, (low, high) in zip(_as_fsrs_6([*parameters]), _BOUNDS, strict=True)
        ]
        self._scheduler = Scheduler(weights, learning_steps=(), relearning_steps=(), enable_fuzzing=False)
        self._decay = weights[-1]
        self.after = lru_cache(maxsize=1 << 14)(self._after)

    def _after(self, memory: Memory | None, rating: Rating, days: int) -> Memory:
        """Return the memory after an answer, so many days (0 for the same one) after the one before; None is new."""
        last = None if memory is None else _FIRST
        card = Card(
            card_id=0,
            state=State.Review if memory else State.Learning,
            step=None if memory else 0,
            stability=memory.stability if memory else None,
            difficulty=memory.difficulty if memory else None,
            due=_FIRST,
            last_review=last,
        )
        card, _ = self._scheduler.review_card(card, rating, _FIRST + timedelta(days=max(0, days)))
        return Memory(card.stability or 0.0, card.difficulty or 0.0, self._decay)

    def replayed(self, reviews: Sequence[Review], clock: Clock) -> Memory | None:
        """Return the memory that a card's reviews have led to, as Anki does; None where there were none."""
        memory, before = None, 0
        for review in reviews:
            day = clock.day(review.time)
            memory = self.after(memory, Rating(review.rating), day - before)
            before = day
        return memory

    def interval(self, memory: Memory, retention: float) -> int:
        """Return in how many days a card is due for its recall to have fallen to `retention`, 1 at the least."""
        days = memory.stability / _factor(memory.decay) * (float(retention ** (-1 / memory.decay)) - 1)
        return max(1, round(days))

    def memory_of(self, card: RehearsedCard, clock: Clock) -> tuple[Memory, float]:
        """Return the memory of a card that was seen, and the time of its last review.

        Anki's own; else what its reviews have led to; else, where the reviews are lost, that it is due when its recall
        has fallen to 0.9.
        """
        if card.reviews:
            memory = card.memory or self.replayed(card.reviews, clock)
            if memory is not None:
                return memory, card.reviews[-1].time
        last = clock.day_end - DAY + (card.due - card.interval) * DAY
        return card.memory or Memory(float(max(1, card.interval)), _MIDDLE, self._decay), min(last, clock.now)


def _as_fsrs_6(parameters: list[float]) -> Sequence[float]:
    """Return the 21 parameters of FSRS 6 that say the same as those of an older version."""
    if not all(map(math.isfinite, parameters)):
        return DEFAULT_PARAMETERS
    if len(parameters) == 17:
        parameters[4] = parameters[5] * 2.0 + parameters[4]
        parameters[5] = math.log(max(parameters[5] * 3.0 + 1.0, 1e-9)) / 3.0
        parameters[6] += 0.5
        parameters += [0.0, 0.0]
    if len(parameters) == 19:
        parameters += [0.0, _FSRS_5_DECAY]
    return parameters if len(parameters) == len(DEFAULT_PARAMETERS) else DEFAULT_PARAMETERS
