"""Where the simulation meets the program: identification, and the ledger as the pipeline keeps it."""

from __future__ import annotations

from collections.abc import Sequence

from identities import entry_of, identity

from offbook.identify import identify
from offbook.identify.identity import Identity
from offbook.model import Entry
from simulation.values import Stand


class Program:
    """The program, as far as the simulation asks it."""

    def __init__(self) -> None:
        self._ledger: dict[str, Entry] = {}
        self.known: dict[str, Stand] = {}
        """By guid how each card stood when it was last in the notes."""
        self.retired: set[str] = set()

    def identify(self, cards: Sequence[Stand]) -> list[str]:
        """Return the guids of all cards in the vault; the ledger stays as it is."""
        return identify([_identity(card) for card in cards], self._ledger.values())

    def export(self, cards: Sequence[Stand], guids: Sequence[str]) -> None:
        """Write the cards into the ledger under these guids; those that are gone retire."""
        for guid, card in zip(guids, cards, strict=True):
            self.known[guid] = card
            self._ledger[guid] = entry_of(guid, _identity(card))
        gone = self.known.keys() - set(guids)
        for guid in gone - self.retired:
            self._ledger[guid] = entry_of(guid, _identity(self.known[guid]), retired=True)
        self.retired = gone


def _identity(card: Stand) -> Identity:
    return identity(card.note, card.section, card.question, card.answer, (card.company,), block=card.block)
