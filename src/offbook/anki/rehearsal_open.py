"""Looks into an Anki that is open, through AnkiConnect, with actions that change nothing.

AnkiConnect tells neither memory states nor Anki's day, nor where a card in a filtered deck belongs: reviews, and
searches with a known answer, do.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any, Protocol, runtime_checkable

from offbook.anki import OURS, AnkiError, CardInAnki, NoteInAnki
from offbook.anki.rehearsal import (
    BURIED,
    NEW,
    REVIEW,
    ROLLOVER,
    SIBLING_BURIED,
    Clock,
    Preset,
    Rehearsed,
    RehearsedCard,
    Review,
    counted_reviews,
    preset_of,
)
from offbook.anki.searches import term

_CHUNK = 200
_FARTHEST = 36_500  # days: no interval of Anki's is longer
_REVIEWED = 2  # the queue of a card that waits for its day: anki.consts.QUEUE_TYPE_REV


@runtime_checkable
class Asks(Protocol):
    """What answers: AnkiConnect."""

    def ask(self, action: str, **params: Any) -> Any:
        """Send one request, and return its result; raise AnkiError where it fails."""

    def notes(self) -> dict[str, NoteInAnki]:
        """Return the notes that offbook made, by guid."""


def look(anki: Asks) -> Rehearsed:
    """Return what an open Anki knows of the cards that offbook made; raise AnkiError where it fails or is too old."""
    profile = PurePath(str(anki.ask("getMediaDirPath"))).parent.name
    notes = anki.notes()
    cards = [card for note in notes.values() for card in note.cards]
    ids = [card.id for card in cards]
    infos = {info["cardId"]: info for info in _in_chunks(anki, "cardsInfo", ids) if info}
    reviews = {card: counted_reviews(rows) for card, rows in _reviews(anki, ids)}
    clock = _clock(anki, reviews)
    homes, presets = _homes(anki, cards)
    known = {card.id: (card, infos[card.id], reviews.get(card.id, ())) for card in cards if card.id in infos}
    today = _today(anki, clock, known, homes)
    rehearsed = {
        guid: tuple(
            _card(*known[card.id], homes[card.id], clock, today if homes[card.id] == card.deck else None)
            for card in note.cards
            if card.id in known
        )
        for guid, note in notes.items()
    }
    return Rehearsed(clock, rehearsed, presets, bool(anki.ask("findCards", query=f"{OURS} prop:s>0")), profile)


def _in_chunks(anki: Asks, action: str, cards: Sequence[int]) -> Iterator[Any]:
    for start in range(0, len(cards), _CHUNK):
        yield from anki.ask(action, cards=cards[start : start + _CHUNK])


def _reviews(anki: Asks, cards: Sequence[int]) -> Iterator[tuple[int, list[tuple[int, int, int, int]]]]:
    for start in range(0, len(cards), _CHUNK):
        answers = anki.ask("getReviewsOfCards", cards=cards[start : start + _CHUNK])
        for card, rows in answers.items():
            yield int(card), [(row["id"], row["ease"], row["type"], row["factor"]) for row in rows]


def _clock(anki: Asks, reviews: Mapping[int, Sequence[Review]]) -> Clock:
    """Return the clock whose days are Anki's: its rollover hour is the one that fits what was `rated` on last days.

    The usual hour is taken where several fit.
    """
    now = time.time()
    rated = {days: set(anki.ask("findCards", query=f"{OURS} rated:{days}")) for days in (1, 2, 7)}
    last = {card: of_card[-1].time for card, of_card in reviews.items() if of_card}
    for hour in sorted(range(24), key=lambda hour: abs(hour - ROLLOVER)):
        clock = Clock(now, hour)
        if all(
            {card for card in last if clock.day(last[card]) > -days} == cards & last.keys()
            for days, cards in rated.items()
        ):
            return clock
    return Clock(now)


def _homes(anki: Asks, cards: Iterable[CardInAnki]) -> tuple[dict[int, str], dict[str, Preset]]:
    """Return the deck to which each card belongs, and the presets of those decks."""
    homes = {card.id: card.deck for card in cards}
    presets = {deck: _preset(anki, deck) for deck in set(homes.values())}
    filtered = {deck for deck, preset in presets.items() if preset is None}
    if filtered:
        away = [card for card, deck in homes.items() if deck in filtered]
        wanted = "cid:" + ",".join(map(str, away))
        for deck in sorted(set(anki.ask("deckNames")) - filtered, key=len):  # a subdeck's name is the longer one
            if found := anki.ask("findCards", query=f"{term('deck', deck)} {wanted}"):
                presets[deck] = presets.get(deck) or _preset(anki, deck)
                homes |= dict.fromkeys(found, deck) if presets[deck] else {}
    return homes, {deck: preset for deck, preset in presets.items() if preset is not None}


def _preset(anki: Asks, deck: str) -> Preset | None:
    """Return a deck's preset, None for a filtered deck."""
    config = anki.ask("getDeckConfig", deck=deck)
    if not config:
        return Preset()
    if config.get("dyn"):
        return None
    if "desiredRetention" not in config:
        raise AnkiError("this Anki is too old for FSRS, which this is worked out with; update it to 23.10 or later")
    return preset_of(config)


def _today(
    anki: Asks,
    clock: Clock,
    known: Mapping[int, tuple[CardInAnki, Mapping[str, Any], Sequence[Review]]],
    homes: Mapping[int, str],
) -> int | None:
    """Return the number of Anki's today, by which cards are due; None where no card waits for its day.

    A search tells how far from today a card is due whose number is known. Most often that is its last review and the
    interval; else the days are halved until it is found.
    """
    waiting = (
        (info["due"], info["interval"], card, reviews)
        for card, info, reviews in known.values()
        if info["queue"] == _REVIEWED and info["type"] == REVIEW and homes[card.id] == card.deck
    )
    due, interval, card, reviews = next(waiting, (0, 0, None, ()))
    if card is None:
        return None
    if reviews:
        guess = clock.day(reviews[-1].time) + interval
        if anki.ask("findCards", query=f"cid:{card.id} prop:due={guess}"):
            return int(due) - guess
    low, high = -_FARTHEST, _FARTHEST
    while low < high:
        middle = (low + high) // 2
        if anki.ask("findCards", query=f"cid:{card.id} prop:due<={middle}"):
            high = middle
        else:
            low = middle + 1
    return int(due) - low


def _card(
    card: CardInAnki,
    info: Mapping[str, Any],
    reviews: tuple[Review, ...],
    home: str,
    clock: Clock,
    today: int | None,
) -> RehearsedCard:
    if today is not None and info["type"] == REVIEW:
        due = info["due"] - today
    elif reviews and info["type"] != NEW:
        due = clock.day(reviews[-1].time) + (info["interval"] if info["type"] == REVIEW else 0)
    else:
        due = 0
    return RehearsedCard(
        id=card.id,
        number=card.number,
        deck=home,
        type=info["type"],
        suspended=card.suspended,
        position=info["due"],
        due=max(due, 1) if info["queue"] in (BURIED, SIBLING_BURIED) else due,
        interval=info["interval"],
        lapses=info["lapses"],
        reviews=reviews,
    )
