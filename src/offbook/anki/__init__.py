"""Brings packages into Anki: into one that is open, or into a closed collection. No other part talks to Anki.

The interface `Anki` is what the steps in `bring.py` need. It is there twice: `connect.py` has it for an Anki that is
open, `collection.py` for a closed one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from offbook.errors import OffbookError
from offbook.notetypes import CLOZE, QUESTION, Notetype

OURS = '"Key:_*"'
"""Anki's search for the notes that offbook made: those whose field Key is filled. The user may rename a notetype."""
REHEARSED = f"{OURS} (-is:new or prop:reps>0)"
"""Anki's search for those of these notes that have a card with reviews."""


class AnkiError(OffbookError):
    """Anki refused an action or could not be reached; the message tells the user what to do."""


@dataclass(frozen=True, slots=True)
class CardInAnki:
    """One card of an Anki note, as Anki has it now; a note that is asked in both directions has two."""

    id: int
    deck: str
    """The deck that it is in now, which may be a filtered one."""
    suspended: bool
    number: int = 1
    """That of the gap that it asks for, or of the notetype's template."""


@dataclass(frozen=True, slots=True)
class NoteInAnki:
    """A note that offbook made, as Anki has it now."""

    id: int
    fields: dict[str, str]
    """The HTML by the field's name; the user may have added fields."""
    tags: tuple[str, ...]
    cards: tuple[CardInAnki, ...]
    modified: int | None = None
    """Seconds since the epoch; None from old releases of AnkiConnect, which do not say."""
    twins: int = 0
    """How many more notes have its guid: two computers added it on two days, and synced. AnkiConnect does not tell."""

    @property
    def notetype(self) -> Notetype:
        """That of offbook's notetypes which it has."""
        return CLOZE if CLOZE.fields[0] in self.fields else QUESTION

    @property
    def texts(self) -> tuple[str, ...]:
        """Its fields in the order of the notetype in the packages; what the user removed is empty."""
        return tuple(self.fields.get(name, "") for name in self.notetype.fields)


class Anki(Protocol):
    """What an import needs of Anki. An action may be repeated without harm; each raises AnkiError where it fails.

    `cards` and `notes` are the ids that Anki gave them.
    """

    @property
    def place(self) -> str:
        """What is written into, in words: the profile of an Anki that is open, or a file."""

    @property
    def is_open(self) -> bool:
        """Whether this is an Anki that is open: its windows write, too, and a move of cards empties its Undo."""

    def shows_answer(self) -> bool:
        """Whether the user is reviewing, and an answer is on the screen."""

    def notes(self) -> dict[str, NoteInAnki]:
        """Return the notes that offbook made, by guid."""

    def rehearsed(self) -> set[int]:
        """Return the ids of the notes that offbook made and that have a card with reviews."""

    def decks(self) -> set[str]:
        """Return the names of all decks but filtered ones."""

    def descriptions(self, decks: Collection[str], folder: Path) -> dict[str, str]:
        """Return the descriptions of decks that Anki has, as HTML, by name; those that it does not tell are left out.

        It may take a temporary file in `folder`.
        """

    def notetypes(self) -> set[int]:
        """Return the ids of all notetypes but offbook's."""

    def looks(self) -> dict[int, str]:
        """Return the digest of the looks of those of offbook's notetypes that Anki has, by the notetype's id."""

    def import_package(self, file: Path) -> None:
        """Import a package with Anki's default options."""

    def move(self, cards: Sequence[int], deck: str) -> None:
        """Move cards to a deck, which is made if Anki has none of that name."""

    def suspend(self, cards: Sequence[int]) -> None:
        """Suspend cards."""

    def unsuspend(self, cards: Sequence[int]) -> None:
        """Take cards out of suspension."""

    def delete_cards(self, cards: Sequence[int]) -> bool:
        """Delete cards, but no notes; do nothing and return False where this Anki offers no way to do that."""

    def add_tag(self, notes: Sequence[int], tag: str) -> None:
        """Add a tag to notes."""

    def remove_tag(self, notes: Sequence[int], tag: str) -> None:
        """Remove a tag from notes."""

    def delete(self, notes: Sequence[int]) -> None:
        """Delete notes with their cards."""

    def one_step(self, name: str) -> AbstractContextManager[object]:
        """Make what is done inside the block one step of Anki's Undo, called `name`, and undo it where the block fails.

        Where Anki offers no such steps, the block's actions are steps of their own. At the end all windows of Anki show
        what is there then.
        """
