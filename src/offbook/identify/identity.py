"""What cards and entries are known by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence

from msgspec import Struct

from offbook.likeness import question_key, sketched, uncounted


class Identity(Struct):
    """What a card, or an entry of the ledger, is known by."""

    note: str
    section: str
    question: str
    sketch: str
    """The answer as answers are compared, see `offbook.likeness.sketch`."""
    companies: tuple[str, ...]
    block: str = ""
    cloze: bool = False
    """Whether the card has Anki's other notetype: a note cannot change its own."""
    whole: str = ""
    """Of a card with gaps: all words of its text, those in gaps among them, see `offbook.model.Gapped.words`."""
    question_key: str = ""
    """See `key`; empty where it is not worked out yet."""
    answer: str = ""
    """Plain text, which decides in which order new cards with equal sketches get their guids."""
    guid: str = ""
    """Of an entry."""
    retired: bool = False
    """Whether an entry's card was gone from the notes before."""
    added: int = 0
    """When an entry's card was first exported, in seconds since the epoch."""
    words: tuple[bytes, ...] | None = None
    """See `hashes`; None where they are not worked out yet."""
    uncounted_key: str = ""
    """See `subject`; empty where it is not worked out yet."""

    @property
    def key(self) -> str:
        """The question as questions are compared."""
        if not self.question_key:
            self.question_key = question_key(self.question)
        return self.question_key

    @property
    def subject(self) -> str:
        """The question as questions are compared, whatever its number."""
        if not self.uncounted_key:
            bare = uncounted(self.question)
            self.uncounted_key = self.key if bare == self.question else question_key(bare)
        return self.uncounted_key

    @property
    def text(self) -> str:
        """The words by which reworded questions are compared; of a card with gaps all, whatever is hidden now."""
        return self.whole or self.subject

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """The hashes of the answer's words that the sketch holds."""
        if self.words is None:
            self.words = sketched(self.sketch)
        return self.words

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
