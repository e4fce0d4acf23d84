"""What holds of every forecast: recall falls while nothing is reviewed, and reviews never lower what is expected."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from offbook.anki.rehearsal import (
    DAY,
    NEW,
    REVIEW,
    Clock,
    Memory,
    Preset,
    RehearsedCard,
    Review,
    counted_reviews,
    preset_of,
)
from offbook.readiness.forecast import Forecaster
from offbook.readiness.memory import GOOD, Model, recall

NOW = 1_790_000_000.0
CLOCK = Clock(NOW)
DECK = "Interviews::Acme"
FSRS_4 = (0.4, 0.6, 2.4, 5.8, 4.93, 0.94, 0.86, 0.01, 1.49, 0.14, 0.94, 2.18, 0.05, 0.34, 1.26, 0.29, 2.61)
FSRS_5 = (
    0.4072, 1.1829, 3.1262, 15.4722, 7.2102, 0.5316, 1.0651, 0.0234, 1.616, 0.1544, 1.0824, 1.9813, 0.0953, 0.2975,
    2.2042, 0.2407, 2.9466, 0.5034, 0.6567,
)  # fmt: skip
OPTIMIZED = (
    0.9, 2.1, 6.3, 21.0, 6.6, 0.7, 2.8, 0.02, 1.7, 0.2, 0.9, 1.6, 0.07, 0.28, 1.7, 0.5, 2.1, 0.4, 0.12, 0.07, 0.25,
)  # fmt: skip
parameters = st.sampled_from(((), FSRS_4, FSRS_5, OPTIMIZED))
ratings = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 4)), min_size=1, max_size=8)
"""Days since the review before, and the button that was pressed."""


def reviews(steps: list[tuple[int, int]], ago: int) -> tuple[Review, ...]:
    """Return reviews, the last of which was so many days ago."""
    times, day = [], 0
    for gap, rating in steps:
        day += gap
        times.append((day, rating))
    return tuple(Review(NOW - (ago + day - at) * DAY + index, rating) for index, (at, rating) in enumerate(times))


def seen(steps: list[tuple[int, int]], ago: int, due: int) -> RehearsedCard:
    return RehearsedCard(
        id=1, number=1, deck=DECK, type=REVIEW, due=due, interval=ago + due, reviews=reviews(steps, ago)
    )


def new(id: int = 1, deck: str = DECK) -> RehearsedCard:
    return RehearsedCard(id=id, number=1, deck=deck, type=NEW, position=id)


@settings(deadline=None)
@given(parameters, ratings, st.integers(1, 60), st.integers(1, 40))
def test_recall_never_rises_without_a_review(
    weights: tuple[float, ...], steps: list[tuple[int, int]], ago: int, days: int
) -> None:
    forecaster = Forecaster(CLOCK, {DECK: Preset(parameters=weights)}, days)
    curve = forecaster.forecast([seen(steps, ago, 0)])[1].stopped
    assert len(curve) == days + 1
    assert all(0 < later <= earlier <= 1 for earlier, later in pairwise(curve))


@settings(deadline=None)
@given(parameters, ratings, st.integers(1, 60), st.integers(1, 40), st.floats(0.7, 0.97))
def test_reviews_never_lower_what_is_expected(
    weights: tuple[float, ...], steps: list[tuple[int, int]], ago: int, days: int, retention: float
) -> None:
    """A card that is due is reviewed, and is known better on every day that follows."""
    model = Model(weights)
    memory = model.replayed(reviews(steps, ago), CLOCK)
    assert memory is not None
    due = model.interval(memory, retention) - ago
    forecaster = Forecaster(CLOCK, {DECK: Preset(parameters=weights, desired_retention=retention)}, days)
    forecast = forecaster.forecast([seen(steps, ago, due)])[1]
    assert all(kept >= stopped - 1e-9 for kept, stopped in zip(forecast.kept_up, forecast.stopped, strict=True))


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(0, 12), st.integers(1, 30))
def test_new_cards_come_in_their_order_and_at_their_deck_s_speed(cards: int, a_day: int, days: int) -> None:
    forecaster = Forecaster(CLOCK, {DECK: Preset(new_per_day=a_day)}, days)
    forecasts = forecaster.forecast(new(id) for id in reversed(range(cards)))
    first = [forecasts[id].first for id in range(cards)]
    if a_day == 0:
        assert first == [None] * cards
        return
    assert first == [index // a_day for index in range(cards)]
    for forecast in forecasts.values():
        assert forecast.first is not None
        assert [value > 0 for value in forecast.kept_up] == [day > forecast.first for day in range(days + 1)]


def test_new_cards_of_today_count_against_today_s() -> None:
    begun = RehearsedCard(id=9, number=1, deck=DECK, type=REVIEW, due=2, interval=2, reviews=(Review(NOW - 60, 3),))
    forecaster = Forecaster(CLOCK, {DECK: Preset(new_per_day=2)}, 5)
    forecasts = forecaster.forecast([begun, *(new(id) for id in range(3))])
    assert [forecasts[id].first for id in range(3)] == [0, 1, 1]


@settings(deadline=None)
@given(parameters, ratings, st.integers(1, 30), st.floats(0.7, 0.97))
def test_an_interval_ends_when_recall_has_fallen_to_the_desired_retention(
    weights: tuple[float, ...], steps: list[tuple[int, int]], ago: int, retention: float
) -> None:
    model = Model(weights)
    memory = model.replayed(reviews(steps, ago), CLOCK)
    assert memory is not None
    assume(memory.stability > 20)
    days = model.interval(memory, retention)
    assert recall(memory, (days - 1) * DAY) >= retention - 0.01
    assert recall(memory, (days + 1) * DAY) <= retention + 0.01


def test_branches_add_up_to_one() -> None:
    """The reviews of many days go many ways, and none is lost: were nothing forgotten, all would be known."""
    card = seen([(0, 1), (1, 1), (1, 2)], 1, 0)
    forecaster = Forecaster(CLOCK, {DECK: Preset(desired_retention=0.97)}, 60)
    curve = forecaster.forecast([card])[1].kept_up
    assert all(0.5 < value <= 1 + 1e-9 for value in curve)
    assert curve[-1] > 0.95


def test_a_card_whose_reviews_are_lost_is_known_by_its_interval() -> None:
    card = RehearsedCard(id=1, number=1, deck=DECK, type=REVIEW, due=0, interval=30)
    (forecast,) = Forecaster(CLOCK, {}, 0).forecast([card]).values()
    assert forecast.stopped[0] == pytest.approx(0.9, abs=0.01)


def test_recall_at_the_stability_is_nine_tenths() -> None:
    for decay in (0.1, 0.1542, 0.5, 0.8):
        assert recall(Memory(12.0, 5.0, decay), 12 * DAY) == pytest.approx(0.9)
    assert recall(Memory(12.0, 5.0, 0.5), -5.0) == 1


def test_parameters_that_are_none_are_fsrs_s_own() -> None:
    plain = Model().after(None, GOOD, 0)
    for odd in ((1.0,) * 5, (float("nan"),) * 21):
        assert Model(odd).after(None, GOOD, 0) == plain
    assert Model((1e9,) * 21).after(None, GOOD, 0).stability <= 100


def test_what_counts_of_a_review_log() -> None:
    rows = [(3000, 3, 1, 2500), (1000, 1, 0, 0), (2000, 0, 4, 2500), (4000, 2, 3, 0), (5000, 0, 5, 100)]
    assert counted_reviews(rows) == (Review(1, 1), Review(3, 3))
    assert counted_reviews([*rows, (6000, 0, 4, 0), (7000, 4, 0, 0)]) == (Review(7, 4),)


def test_presets_in_anki_s_words() -> None:
    assert preset_of({}) == Preset()
    config = {"new": {"perDay": 7}, "desiredRetention": 0.85, "fsrsParams6": [], "fsrsParams5": [1.0, 2]}
    assert preset_of(config) == Preset(7, 0.85, (1.0, 2.0))
    assert preset_of(config, 0.8).desired_retention == 0.8
