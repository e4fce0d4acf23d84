"""Follows decks that the user renamed or nested elsewhere in Anki: a company's deck is where its cards are. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from offbook.anki import NoteInAnki
from offbook.model import AnkiNote, Entry
from offbook.text import fold


def followed(
    notes: Iterable[AnkiNote], ledger: Mapping[str, Entry], in_anki: Mapping[str, NoteInAnki], decks: Collection[str]
) -> dict[str, str]:
    """Return what decks of the packages' `notes` are called in Anki by now, by the name that the notes give them.

    A deck is followed where Anki has none of its name and most of its cards are in one other deck, so that a card that
    the user put elsewhere says nothing of its deck. `decks` are the names of Anki's decks without the filtered ones,
    where no card is at home. A deck that Anki never had goes where the decks beside it went.
    """
    names = {fold(deck) for deck in decks}
    places: dict[str, Counter[str]] = {}
    for note in notes:
        # A former name that Anki still has: it was the notes that renamed the deck, and the import moves the cards.
        if names.isdisjoint(map(fold, (note.deck, *ledger[note.guid].decks))):
            seen = in_anki.get(note.guid)
            places.setdefault(note.deck, Counter()).update(card.deck for card in (seen.cards if seen else ()))
    result: dict[str, str] = {}
    for deck, counts in places.items():
        for place, number in counts.most_common(1):
            if fold(place) in names and 2 * number > counts.total():
                result[deck] = place
    beside = _parents(result)
    for deck in places.keys() - result.keys():
        parent, _, leaf = deck.rpartition("::")
        new_parents = beside.get(parent, set())
        if not places[deck] and len(new_parents) == 1 and fold(parent) not in names:
            result[deck] = "::".join(filter(None, (*new_parents, leaf)))
    return result


def _parents(moved: Mapping[str, str]) -> dict[str, set[str]]:
    """Return what the parents of decks became, by the parent's former name: where a deck kept its own last name."""
    result: dict[str, set[str]] = {}
    for old, new in moved.items():
        (parent, _, leaf), (new_parent, _, new_leaf) = old.rpartition("::"), new.rpartition("::")
        if parent and fold(leaf) == fold(new_leaf):
            result.setdefault(parent, set()).add(new_parent)
    return result
