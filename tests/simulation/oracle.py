"""What must hold after each step.

1. No two cards have one guid.
2. No card has a guid that was ever another card's: it would get the history of the other.
3. A card that a careful reader takes for the one that it was keeps its guid, and so its schedule.

The first two hold always. The third is counted: a reader knows more than the program can, and now and then a card may
be lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from simulation.values import Card, Stand, key


def same_to_a_reader(card: Card, now: Stand) -> bool:
    """Whether a careful reader of both versions would say that a card is the one that it was."""
    was = card.was
    if was is None:
        return False
    if card.back and (card.rewritten or card.reworded or card.edited):
        return False
    same_place = (was.note, was.section) == (now.note, now.section)
    if was.block and was.block == now.block and was.note == now.note:
        return True
    if card.exchanged:
        # Place is evidence: between two cards that did not change, what is new is what is missing.
        return same_place and card.between is not None and len(key(was.answer).split()) >= 14
    if card.rewritten:
        # The question alone is left: it must say what it is about, or stand where it stood.
        return not card.reworded and (same_place or (card.topic and was.company == now.company))
    if (card.reworded or not card.topic) and len(key(was.answer).split()) < 7:
        return was.note == now.note
    return True


@dataclass
class Score:
    """What was counted; `touched` are the cards that a step had edited, moved or given another heading."""

    steps: int = 0
    expected: int = 0
    kept: int = 0
    touched: int = 0
    touched_kept: int = 0
    wrong: list[str] = field(default_factory=list)
    """Cards that have the guid of another."""
    lost: list[str] = field(default_factory=list)
    """Cards that have not kept theirs, though a reader would have known them."""
    by_edit: dict[str, list[int]] = field(default_factory=dict)
    """From the names of a step's edits to how many touched cards it kept, and how many it should have."""

    @property
    def share(self) -> float:
        """The share of guids kept of those that a reader would keep."""
        return self.kept / max(self.expected, 1)

    @property
    def touched_share(self) -> float:
        """The same of the cards that a step had touched only."""
        return self.touched_kept / max(self.touched, 1)


class Oracle:
    """Knows whose each guid is, and judges those that the program gives."""

    def __init__(self) -> None:
        self.score = Score()
        self.owners: dict[str, Card] = {}
        """The card to which each guid was given last."""

    def judge(self, cards: Sequence[tuple[Card, Stand]], guids: Sequence[str], edits: Sequence[str]) -> None:
        """Judge the guids that all cards of the vault got in a step, after the edits of these names."""
        assert len(set(guids)) == len(guids), "a guid was given twice"
        for (card, now), guid in zip(cards, guids, strict=True):
            said = f"step {self.score.steps} ({', '.join(edits)}): {card.was} -> {now}"
            owner = self.owners.get(guid, card)
            if owner is not card:
                self.score.wrong.append(f"{said}\n    has the guid of {owner}")
            if card.guid and same_to_a_reader(card, now):
                self._count(card, guid == card.guid, edits)
                if guid != card.guid:
                    self.score.lost.append(said)
            card.guid = guid
            self.owners[guid] = card

    def _count(self, card: Card, kept: bool, edits: Sequence[str]) -> None:
        self.score.expected += 1
        self.score.kept += kept
        if card.touched:
            self.score.touched += 1
            self.score.touched_kept += kept
            counts = self.score.by_edit.setdefault("+".join(sorted(set(edits))), [0, 0])
            counts[0] += kept
            counts[1] += 1
