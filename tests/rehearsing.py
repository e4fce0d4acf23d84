"""Rehearses in a real collection with Anki's own scheduler, day after day, and moves the days into the past."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from anki.cards import Card
from anki.collection import Collection

DAY = 86_400
BUTTONS = (1, 2, 3, 4)
AGAIN, HARD, GOOD, EASY = BUTTONS


@contextmanager
def opened(file: Path) -> Iterator[Collection]:
    collection = Collection(str(file))
    try:
        yield collection
    finally:
        collection.close()


def options(collection: Collection, deck: str, **changed: Any) -> None:
    """Change the options of a deck's preset; `new` is how many new cards come a day."""
    config = collection.decks.config_dict_for_deck_id(collection.decks.id_for_name(deck))  # type: ignore[arg-type]
    if "new" in changed:
        config["new"]["perDay"] = changed.pop("new")
    config.update(changed)
    collection.decks.update_config(config)


def rehearse(file: Path, deck: str, days: int, seed: int = 1, weights: tuple[int, ...] = (12, 12, 66, 10)) -> None:
    """Do the reviews of as many days, the last of which is yesterday; `weights` are those of the four buttons.

    Anki's clock is the computer's and cannot be put forward, so each day is moved into the past when it is done.
    """
    chance = random.Random(seed)
    for _ in range(days):
        with opened(file) as collection:
            review(collection, deck, chance, weights)
            turn_back(collection, DAY)


def review(collection: Collection, deck: str, chance: random.Random, weights: tuple[int, ...]) -> None:
    """Do today's reviews: what is forgotten and what is new is learned in its steps, with Good."""
    collection.decks.select(collection.decks.id_for_name(deck))  # type: ignore[arg-type]
    while (card := next_card(collection)) is not None:
        answer(collection, card, chance.choices(BUTTONS, weights)[0] if card.type in (0, 2) else GOOD)


def next_card(collection: Collection) -> Card | None:
    card: Card | None = collection.sched.getCard()
    return card


def answer(collection: Collection, card: Card, button: int) -> None:
    collection.sched.answerCard(card, button)  # type: ignore[arg-type]


def turn_back(collection: Collection, seconds: int) -> None:
    """Move everything that has a time into the past; Anki notices when it opens the collection again."""
    database = collection.db
    assert database is not None
    database.execute("update col set crt = crt - ?", seconds)
    database.execute("update revlog set id = id - ?", 1000 * seconds)
    database.execute("update cards set due = due - ? where due > 1000000000", seconds)
    last_review = "json_extract(data, '$.lrt')"
    database.execute(
        f"update cards set data = json_set(data, '$.lrt', {last_review} - ?) where {last_review} is not null", seconds
    )
