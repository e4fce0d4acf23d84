"""Looks into a closed collection, in a copy of it: Anki writes into a collection even when it is only read."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import structs

from offbook.anki import OURS, AnkiError
from offbook.anki.collection import ClosedCollection
from offbook.anki.rehearsal import (
    BURIED,
    ROLLOVER,
    SIBLING_BURIED,
    SUSPENDED,
    Clock,
    Memory,
    Preset,
    Rehearsed,
    RehearsedCard,
    Review,
    counted_reviews,
    preset_of,
)
from offbook.errors import UsageError

if TYPE_CHECKING:
    from anki.cards import Card
    from anki.collection import Collection

_FSRS_5_DECAY = 0.5  # of memory states without one, rslib's FSRS5_DEFAULT_DECAY
_TIMESTAMPS = 1_000_000_000  # a card's due above is a time in seconds, below a number of days


def look_into(file: Path) -> Rehearsed:
    """Return what a closed collection knows of the cards that offbook made; the file stays as it is.

    Raises AnkiError where it is open elsewhere or damaged, UsageError where it is not there or the package `anki` is
    not installed.
    """
    with _copied(file) as copy:
        try:
            with ClosedCollection(copy) as closed:
                return look(closed.collection, file.absolute().parent.name)
        except AnkiError as error:
            raise AnkiError(str(error).replace(repr(str(copy)), repr(str(file)))) from None


@contextmanager
def _copied(file: Path) -> Iterator[Path]:
    """Copy a collection into a folder of its own for the time of the block."""
    if not file.is_file():
        raise UsageError(f"there is no collection {str(file)!r}; name the file collection.anki2 of a profile")
    log = file.with_name(file.name + "-wal")  # there while Anki has the collection open, or where it was cut off
    if log.exists() and _is_open(file):
        raise AnkiError(f"{str(file)!r} is open in Anki; close Anki, or leave out --collection and --profile")
    with tempfile.TemporaryDirectory(prefix="offbook-") as folder:
        for each in (file, log):
            if each.exists():
                shutil.copyfile(each, Path(folder) / each.name)
        yield Path(folder) / file.name


def _is_open(file: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", timeout=0, uri=True)) as database:
            database.execute("select 1 from col").fetchone()
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    except sqlite3.DatabaseError:
        return False  # damaged, which is said when it is read
    return False


def look(collection: Collection, profile: str) -> Rehearsed:
    """Return what an opened collection knows of the cards that offbook made."""
    clock = Clock(time.time(), int(collection.get_config("rollover", ROLLOVER)))
    reviews = _reviews(collection)
    cards: dict[str, tuple[RehearsedCard, ...]] = {}
    for id in collection.find_notes(OURS):
        note = collection.get_note(id)
        cards[note.guid] = tuple(_card(collection, card, clock, reviews.get(card.id, ())) for card in note.cards())
    decks = {card.deck for of_note in cards.values() for card in of_note}
    presets = {deck: _preset(collection, deck) for deck in decks}
    return Rehearsed(clock, cards, presets, bool(collection.get_config("fsrs", False)), profile)


def _reviews(collection: Collection) -> dict[int, tuple[Review, ...]]:
    """Return the reviews of all cards of the collection, by card."""
    rows: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    if collection.db is not None:
        for card, *row in collection.db.execute("select cid, id, ease, type, factor from revlog"):
            rows[card].append((row[0], row[1], row[2], row[3]))
    return {card: counted_reviews(of_card) for card, of_card in rows.items()}


def _card(collection: Collection, card: Card, clock: Clock, reviews: tuple[Review, ...]) -> RehearsedCard:
    due = card.odue if card.odid else card.due
    day = clock.day(due) if due > _TIMESTAMPS else due - collection.sched.today
    state = card.memory_state
    return RehearsedCard(
        id=card.id,
        number=card.ord + 1,
        deck=collection.decks.name(card.odid or card.did),
        type=card.type,
        suspended=card.queue == SUSPENDED,
        position=due,
        due=max(day, 1) if card.queue in (BURIED, SIBLING_BURIED) else day,
        interval=card.ivl,
        lapses=card.lapses,
        desired_retention=card.desired_retention,
        memory=Memory(state.stability, state.difficulty, card.decay or _FSRS_5_DECAY) if state else None,
        reviews=reviews,
    )


def _preset(collection: Collection, name: str) -> Preset:
    deck = collection.decks.by_name(name)
    if deck is None:
        return Preset()
    preset = preset_of(collection.decks.config_dict_for_deck_id(deck["id"]), deck.get("desiredRetention"))
    return preset if deck.get("newLimit") is None else structs.replace(preset, new_per_day=int(deck["newLimit"]))
