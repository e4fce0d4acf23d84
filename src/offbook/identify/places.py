"""Where cards may have gone: which notes and sections were renamed, and which entries are worth a closer look."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from offbook.identify.identity import Identity

_MOST_SHARING = 40  # entries; what more of them have is no hint at any of them
_MOST_HINTS = 16  # of a card; its rarest
_FEWEST_HINTS = 2  # in common
_MOST_CANDIDATES = 8  # of a card


class Homes:
    """Where notes and sections of the ledger are now, seen from the cards that were recognised.

    A place that is still there is itself. One that is gone is where most of its cards are: it was renamed.
    """

    def __init__(
        self,
        cards: Sequence[Identity],
        entries: Sequence[Identity],
        entry_of: dict[int, int],
    ) -> None:
        moves = [(entries[number], cards[index]) for index, number in entry_of.items() if not entries[number].retired]
        before = {(entry.note, entry.section) for entry in entries}
        now = {(card.note, card.section) for card in cards}
        notes = ((entry.note, card.note) for entry, card in moves)
        self._notes = _renamed(notes, {note for note, _ in before}, {note for note, _ in now})
        sections = (((entry.note, entry.section), (card.note, card.section)) for entry, card in moves)
        self._sections = _renamed(sections, before, now)
        stayed = set(entry_of)
        self._new = Counter((c.note, c.section) for i, c in enumerate(cards) if c.sketch and i not in stayed)
        taken = set(entry_of.values())
        live = ((i, e) for i, e in enumerate(entries) if not e.retired)
        self._missing = Counter((e.note, e.section) for i, e in live if i not in taken)
        self._stayed = Counter(
            (entry.note, entry.section) for entry, card in moves if (entry.key, entry.sketch) == (card.key, card.sketch)
        )

    def in_note(self, card: Identity, entry: Identity) -> bool:
        """Whether a card is in the note where the entry was."""
        return card.note == self._notes.get(entry.note, entry.note)

    def in_section(self, card: Identity, entry: Identity) -> bool:
        """Whether a card is in the section where the entry was."""
        before, now = (entry.note, entry.section), (card.note, card.section)
        return now == self._sections.get(before, before)

    def is_what_is_missing(self, card: Identity, entry: Identity) -> bool:
        """Whether a card is the only new one, and the entry the only one missing, among cards that did not change."""
        before, now = (entry.note, entry.section), (card.note, card.section)
        if not self.in_section(card, entry) or not self._stayed[before]:
            return False
        return self._new[now] == self._missing[before] == 1


_Place = TypeVar("_Place", bound=Hashable)


def _renamed(
    moves: Iterable[tuple[_Place, _Place]], before: set[_Place], now: set[_Place]
) -> dict[_Place, _Place | None]:
    """Return where the places that are gone are now, or None where it cannot be said."""
    votes: dict[_Place, Counter[_Place]] = defaultdict(Counter)
    for old, new in moves:
        if old not in now:
            votes[old][new] += 1
    return {old: _most(counts, before) for old, counts in votes.items()}


def _most(votes: Counter[_Place], before: set[_Place]) -> _Place | None:
    """Return what more than half of the votes are for; one vote is too few for a place that was there before."""
    place, count = votes.most_common(1)[0]
    return place if 2 * count > votes.total() and (count > 1 or place not in before) else None


def candidates(
    cards: Iterable[tuple[int, Identity]], entries: Iterable[tuple[int, Identity]]
) -> Iterator[tuple[int, int]]:
    """Return the pairs worth a closer look: those that have rare words, the question or the place in common."""
    having: dict[Hashable, list[int]] = defaultdict(list)
    for index, entry in entries:
        for hint in _hints(entry):
            having[hint].append(index)
    for index, card in cards:
        found = [having[hint] for hint in _hints(card) if hint in having]
        found = sorted((sharing for sharing in found if len(sharing) <= _MOST_SHARING), key=len)[:_MOST_HINTS]
        counts = Counter(entry for sharing in found for entry in sharing)
        for candidate, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_MOST_CANDIDATES]:
            if count >= _FEWEST_HINTS:
                yield index, candidate


def _hints(side: Identity) -> list[Hashable]:
    """Return what candidates may have in common with a card or an entry, the strongest hints first."""
    key = side.key
    question = [(key, side.note, side.section), (key, side.section), (key, side.note), key, (key,)]
    return [*question, *dict.fromkeys(key.split()), *side.hashes, (side.note, side.section)]
