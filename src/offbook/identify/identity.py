"""What cards and entries are known by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

from offbook.likeness import question_key, sketch, sketched


@dataclass(unsafe_hash=True)
class Identity:
    """What a card, or an entry of the ledger, is known by."""

    note: str
    section: str
    question: str
    answer: str
    """Plain text; of an entry nothing, as only the sketch of it was kept."""
    companies: tuple[str, ...]
    block: str = ""
    cloze: bool = False
    """Whether the card has Anki's other notetype: a note cannot change its own."""
    question_key: str | None = None
    """See `key`; None where it is not worked out yet."""
    answer_sketch: str | None = None
    """See `sketch`; likewise."""
    guid: str = ""
    """Of an entry."""
    retired: bool = False
    """Whether an entry's card was gone from the notes before."""

    @cached_property
    def key(self) -> str:
        """The question as questions are compared."""
        return question_key(self.question) if self.question_key is None else self.question_key

    @cached_property
    def sketch(self) -> str:
        """The answer as answers are compared."""
        return sketch(self.answer) if self.answer_sketch is None else self.answer_sketch

    @cached_property
    def hashes(self) -> tuple[bytes, ...]:
        """What the sketch holds."""
        return sketched(self.sketch)

    def shares_company(self, other: Identity) -> bool:
        """Whether there is a company that both are for."""
        return not set(self.companies).isdisjoint(other.companies)


def only_pairs(
    cards: Sequence[tuple[int, Identity]], entries: Sequence[tuple[int, Identity]], key: Callable[[Identity], Hashable]
) -> list[tuple[int, int]]:
    """Return the cards and entries that are the only ones with a key."""
    if not cards or not entries:
        return []
    of_entries: dict[Hashable, list[int]] = defaultdict(list)
    of_cards: dict[Hashable, list[int]] = defaultdict(list)
    for index, entry in entries:
        of_entries[key(entry)].append(index)
    for index, card in cards:
        of_cards[key(card)].append(index)
    pairs = ((indices, of_entries.get(shared, ())) for shared, indices in of_cards.items())
    return [(indices[0], numbers[0]) for indices, numbers in pairs if len(indices) == len(numbers) == 1]
