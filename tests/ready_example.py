"""The example notes, and somebody who has rehearsed some of them: for docs/ready.md and its picture.

What Anki knows is made up here and not rehearsed in a collection, since the page must say the same on every day.
"""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from pathlib import Path

from offbook.anki.rehearsal import DAY, NEW, REVIEW, Clock, Preset, Rehearsed, RehearsedCard, Review
from offbook.model import IdentifiedCard, served
from offbook.project import Project
from offbook.readiness import Look, Readiness
from offbook.readiness.memory import Model
from offbook.survey import survey

NOTES = Path(__file__).parent.parent / "notes"
NOW = datetime(2026, 11, 25, 18)
INTERVIEW = date(2026, 12, 3)
_SEEN = 33  # of the cards
_BUTTONS = (3, 3, 4, 3, 1, 3, 3, 2, 3, 3, 3, 1, 4)


def example() -> Readiness:
    """Return how ready somebody is for Harbourlight."""
    with tempfile.TemporaryDirectory() as folder:
        found = survey(Project(NOTES, Path(folder), cached=False))
    own = [card for card in found.cards if served(card.companies, ["harbourlight"]) and not card.card.is_open]
    clock = Clock(NOW.timestamp())
    model = Model()
    cards = {
        card.guid: (_card(card, number, clock, model) if number < _SEEN else _new(card, number),)
        for number, card in enumerate(sorted(own, key=lambda card: (card.index, card.source.path)))
    }
    presets = {card.source.deck: Preset(new_per_day=1) for card in own}
    rehearsed = Rehearsed(clock, cards, presets, fsrs=True, profile="User 1")
    return Look(found, rehearsed).readiness("harbourlight", "Harbourlight", INTERVIEW)


def _new(card: IdentifiedCard, number: int) -> RehearsedCard:
    return RehearsedCard(id=number, number=1, deck=card.source.deck, type=NEW, position=number)


def _card(card: IdentifiedCard, number: int, clock: Clock, model: Model) -> RehearsedCard:
    """Return a card that was reviewed whenever it was due, by buttons in turn."""
    day, memory, before = -2 - number * 7 % 20, None, 0
    reviews: list[Review] = []
    while day < 0:
        button = _BUTTONS[(number * 5 + len(reviews)) % len(_BUTTONS)] if number != 7 else 1
        reviews.append(Review(clock.now + day * DAY, button))
        memory = model.after(memory, button, day - before)
        before, day = day, day + model.interval(memory, 0.9)
    return RehearsedCard(
        id=number,
        number=1,
        deck=card.source.deck,
        type=REVIEW,
        due=day,
        interval=day - before,
        lapses=sum(review.rating == 1 for review in reviews[1:]),
        reviews=tuple(reviews),
    )
