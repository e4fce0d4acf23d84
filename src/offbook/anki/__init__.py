"""Bringing packages into Anki. Alone talks to Anki: to one that is open, or to a collection that is closed.

`Anki` is all that the steps in `bring.py` need of it; `connect.py` and `collection.py` are the two that there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from offbook.errors import OffbookError

OURS = '"Key:_*"'
"""The search that finds offbook's notes: their field Key holds the guid, whatever the notetype is called by now."""


class AnkiError(OffbookError):
    """Anki refused, or could not be reached; the message says what to do."""


@dataclass(frozen=True, slots=True)
class CardInAnki:
    """One card of an Anki note; a reversed one has two."""

    id: int
    deck: str
    """Where it lies now; a card that is in a filtered deck lies there."""
    suspended: bool


@dataclass(frozen=True, slots=True)
class NoteInAnki:
    """A note of ours as Anki has it now."""

    id: int
    fields: dict[str, str]
    """By name; there may be more than ours."""
    tags: tuple[str, ...]
    cards: tuple[CardInAnki, ...]
    modified: int | None = None
    """Seconds since the epoch; None where Anki does not tell (old releases of AnkiConnect)."""


class Anki(Protocol):
    """What an import needs of Anki. Every action may be repeated without harm.

    All of them raise AnkiError.
    """

    def notes(self) -> dict[str, NoteInAnki]:
        """Return our notes by guid."""

    def import_package(self, file: Path) -> None:
        """Import a package with Anki's default options."""

    def move(self, cards: Sequence[int], deck: str) -> None:
        """Move cards to a deck, which is made where it is not there."""

    def suspend(self, cards: Sequence[int]) -> None:
        """Suspend cards."""

    def unsuspend(self, cards: Sequence[int]) -> None:
        """Bring suspended cards back."""

    def add_tag(self, notes: Sequence[int], tag: str) -> None:
        """Add a tag to notes."""

    def remove_tag(self, notes: Sequence[int], tag: str) -> None:
        """Remove a tag from notes."""

    def delete(self, notes: Sequence[int]) -> None:
        """Delete notes with their cards."""

    def one_step(self, name: str) -> AbstractContextManager[object]:
        """Make all that is done inside of the block one step of Anki's Undo, and take it back if it fails.

        Where Anki does not offer that, this does nothing.
        """
