"""Reaches a collection that no Anki has open, through the package `anki` (an optional extra, since it is large)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, cast

from offbook.anki import OURS, REHEARSED, AnkiError, CardInAnki, NoteInAnki
from offbook.anki.twins import best_first
from offbook.errors import UsageError
from offbook.notetypes import OUR_IDS, look

if TYPE_CHECKING:
    from anki.cards import CardId
    from anki.collection import Collection as Opened
    from anki.models import NotetypeId
    from anki.notes import NoteId

_SUSPENDED = -1  # the queue of a suspended card: anki.consts.QUEUE_TYPE_SUSPENDED


class ClosedCollection:
    """The interface `Anki` for a collection's file. A context manager, which closes the collection at its end."""

    def __init__(self, file: Path) -> None:
        """Open the collection `file`, usually `collection.anki2` in a profile's folder.

        Raises AnkiError where it is open elsewhere or damaged, UsageError where it is not there or the package
        `anki` is not installed.
        """
        if not file.is_file():
            raise UsageError(f"there is no collection {str(file)!r}; name the file collection.anki2 of a profile")
        self._file = file
        self.collection = _open(file)
        self._step: int | None = None

    def __enter__(self) -> ClosedCollection:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.collection.close()

    @property
    def place(self) -> str:
        """The file, in words."""
        return f"the file {str(self._file)!r}"

    @property
    def is_open(self) -> bool:
        """False: nothing else writes, and a move is part of the one step."""
        return False

    def shows_answer(self) -> bool:
        """Return False: nobody reviews in a closed Anki."""
        return False

    def notes(self) -> dict[str, NoteInAnki]:
        """Return the notes that offbook made, by guid; of twins the one with reviews, else the older one."""
        with _refusals("read the notes"):
            notes = [self._note(id) for id in sorted(self.collection.find_notes(OURS))]
        found = best_first(notes, self.rehearsed)
        return {guid: replace(note, twins=len(twins)) if twins else note for guid, (note, *twins) in found.items()}

    def _note(self, id: NoteId) -> tuple[str, NoteInAnki]:
        note, deck_name = self.collection.get_note(id), self.collection.decks.name
        cards = tuple(
            CardInAnki(card.id, deck_name(card.did), card.queue == _SUSPENDED, card.ord + 1) for card in note.cards()
        )
        return note.guid, NoteInAnki(note.id, dict(note.items()), tuple(note.tags), cards, note.mod)

    def rehearsed(self) -> set[int]:
        """Return the ids of the notes that offbook made and that have a card with reviews."""
        with _refusals("find the notes with reviews"):
            return set(self.collection.find_notes(REHEARSED))

    def decks(self) -> set[str]:
        """Return the names of all decks but filtered ones."""
        with _refusals("list the decks"):
            return {deck.name for deck in self.collection.decks.all_names_and_ids(include_filtered=False)}

    def descriptions(self, decks: Collection[str], folder: Path) -> dict[str, str]:
        """Return the descriptions of decks that the collection has, as HTML, by name; `folder` is not needed."""
        with _refusals("read the decks"):
            found = {name: self.collection.decks.by_name(name) for name in decks}
        return {name: str(deck["desc"]) for name, deck in found.items() if deck}

    def notetypes(self) -> set[int]:
        """Return the ids of all notetypes but offbook's."""
        with _refusals("read the notetypes"):
            return {notetype.id for notetype in self.collection.models.all_names_and_ids()} - OUR_IDS

    def looks(self) -> dict[int, str]:
        """Return the digest of the looks of those of offbook's notetypes that Anki has, by the notetype's id."""
        with _refusals("read the notetypes"):
            found = [self.collection.models.get(cast("NotetypeId", id)) for id in OUR_IDS]
        return {
            notetype["id"]: look(notetype["css"], (t[side] for t in notetype["tmpls"] for side in ("qfmt", "afmt")))
            for notetype in filter(None, found)
        }

    def import_package(self, file: Path) -> None:
        """Import a package with Anki's default options."""
        from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

        request = ImportAnkiPackageRequest(package_path=str(file), options=ImportAnkiPackageOptions())
        with self._action("import the package"):
            self.collection.import_anki_package(request)

    def move(self, cards: Sequence[int], deck: str) -> None:
        """Move cards to a deck, which is made if the collection has none of that name."""
        with self._action(f"move cards to {deck!r}"):
            self.collection.set_deck(
                cast("list[CardId]", cards), self.collection.decks.add_normal_deck_with_name(deck).id
            )

    def suspend(self, cards: Sequence[int]) -> None:
        """Suspend cards."""
        with self._action("suspend cards"):
            self.collection.sched.suspend_cards(cast("list[CardId]", cards))

    def delete_cards(self, cards: Sequence[int]) -> bool:
        """Delete cards; a note without any card goes with its last one."""
        with self._action("delete cards"):
            self.collection.remove_cards_and_orphaned_notes(cast("list[CardId]", cards))
        return True

    def unsuspend(self, cards: Sequence[int]) -> None:
        """Take cards out of suspension."""
        with self._action("unsuspend cards"):
            self.collection.sched.unsuspend_cards(cast("list[CardId]", cards))

    def add_tag(self, notes: Sequence[int], tag: str) -> None:
        """Add a tag to notes."""
        with self._action("tag notes"):
            self.collection.tags.bulk_add(cast("list[NoteId]", notes), tag)

    def remove_tag(self, notes: Sequence[int], tag: str) -> None:
        """Remove a tag from notes."""
        with self._action("untag notes"):
            self.collection.tags.bulk_remove(cast("list[NoteId]", notes), tag)

    def delete(self, notes: Sequence[int]) -> None:
        """Delete notes with their cards."""
        with self._action("delete notes"):
            self.collection.remove_notes(cast("list[NoteId]", notes))

    @contextmanager
    def one_step(self, name: str) -> Iterator[None]:
        """Make a backup, then make what is done inside the block one step of Anki's Undo; undo it if the block fails.

        The backup is one of Anki's own, in the folder `backups` beside the collection: Anki restores it (File > Switch
        Profile > Open Backup), and clears old ones away.
        """
        folder = self._file.absolute().parent / "backups"
        with _refusals("make a backup"):
            folder.mkdir(exist_ok=True)
            self.collection.create_backup(backup_folder=str(folder), force=True, wait_for_completion=True)
        self._step = self.collection.add_custom_undo_entry(name)
        try:
            yield
        except BaseException:
            self.collection.undo()
            raise
        finally:
            self._step = None

    @contextmanager
    def _action(self, name: str) -> Iterator[None]:
        """Turn Anki's exceptions into AnkiError, and merge the action into the step of Undo if one was begun."""
        with _refusals(name):
            yield
            if self._step is not None:
                # Each action is merged at once, since Anki keeps only about thirty steps.
                self.collection.merge_undo_entries(self._step)


def _open(file: Path) -> Opened:
    """Open a collection; raise UsageError without the package `anki`, AnkiError where the file cannot be opened."""
    try:
        from anki.collection import Collection
        from anki.errors import AnkiException, DBError
    except ImportError:
        raise UsageError(
            "to reach a closed collection offbook needs the package `anki`: pip install 'offbook[anki]' "
            "(pipx: pipx inject offbook anki). Or open Anki with the add-on AnkiConnect"
        ) from None
    try:
        return Collection(str(file))
    except DBError as error:
        if "already open" in str(error):
            raise AnkiError(
                f"{str(file)!r} is open in Anki; close Anki, or leave out --collection and --profile"
            ) from None
        raise AnkiError(f"{str(file)!r} is not a collection of Anki, or is damaged") from None
    except AnkiException as error:
        raise AnkiError(f"Anki cannot open {str(file)!r}: {error}") from None


@contextmanager
def _refusals(action: str) -> Iterator[None]:
    """Turn Anki's exceptions into AnkiError; the message says that Anki could not do the `action`."""
    from anki.errors import AnkiException

    try:
        yield
    except (AnkiException, OSError) as error:
        raise AnkiError(f"Anki could not {action}: {error}; nothing of this run was kept in the collection") from error
