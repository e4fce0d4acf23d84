"""The guids of new cards, made from company and question, so that a lost ledger costs nothing for most cards."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import count

from offbook.identify.identity import Identity


def guids(cards: Sequence[Identity], matched: dict[int, str], used: set[str]) -> list[str]:
    """Return the guids of all cards; `matched` has those that are known, by the cards' indices.

    New ones are none of `used`, and are made in an order of their own, so that the cards' does not matter.
    """
    result = dict(matched)
    new = [index for index in range(len(cards)) if index not in result]
    if new:
        numbers: Counter[str] = Counter()
        asked = Counter((card.companies, card.key) for card in cards if card.sketch)
        for index in sorted(new, key=lambda i: order(cards[i])):
            card = cards[index]
            alone = asked[card.companies, card.key] <= 1
            seed = "\0".join((*card.companies, card.key, "" if alone else card.section))
            result[index] = _new_guid(seed, used, numbers)
            used.add(result[index])
    return [result[index] for index in range(len(cards))]


def order(card: Identity) -> tuple[bool, str, str, str, str, tuple[str, ...], str, str, bool]:
    """Sort key of cards, whatever their order in the notes: open questions come last."""
    place = (not card.sketch, card.note, card.section)
    return (*place, card.question, card.sketch, card.companies, card.block, card.answer, card.cloze)


def another_guid(guid: str, used: Collection[str]) -> str:
    """Return a guid that is not in `used`, made from one that another card has."""
    return next(made for number in count(1) if (made := _made(guid, number)) not in used)


def _new_guid(seed: str, used: set[str], numbers: Counter[str]) -> str:
    """Return a guid made from a seed that is not in `used`; `numbers` counts how often each seed was tried."""
    while True:
        number = numbers[seed]
        numbers[seed] += 1
        guid = _made(seed, number)
        if guid not in used:
            return guid


def _made(seed: str, number: int) -> str:
    return hashlib.blake2b(f"{seed}\0{number or ''}".encode(), digest_size=8).hexdigest()
