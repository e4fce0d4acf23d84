"""The steps of an import, written once for every way to reach Anki."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from msgspec import structs

from offbook import files
from offbook.anki import Anki, NoteInAnki
from offbook.anki.plan import STAND_INS, Options, Outcome, Plan, plan, same_text, text_of
from offbook.ledger import text_digest
from offbook.model import AnkiNote, Entry
from offbook.package import adapted, read_notes
from offbook.tags import RETIRED


@dataclass(frozen=True, slots=True)
class Package:
    """A package to import."""

    data: bytes
    notes: tuple[AnkiNote, ...]


class Import:
    """One import: what an export wrote, planned, carried out, and looked at afterwards."""

    def __init__(self, anki: Anki, packages: Iterable[bytes], ledger: Iterable[Entry], *, new_looks: bool) -> None:
        """Compare `packages` with what is in Anki; `new_looks` says that Anki does not have their looks yet."""
        self._anki = anki
        self._packages = [Package(data, tuple(read_notes(data))) for data in packages]
        self._new_looks = new_looks
        self._there = anki.notes()
        self.ledger = {entry.guid: entry for entry in ledger}
        self.notes = {note.guid: note for package in self._packages for note in package.notes}

    def plan(self, options: Options, now: int) -> Plan:
        """Return what is to be done, at `now` seconds since the epoch; nothing is done yet."""
        return plan(self.notes.values(), self.ledger, self._there, options, now)

    def carry_out(self, planned: Plan, folder: Path) -> None:
        """Do what is planned, and bring outcomes and ledger up to what is in Anki then.

        Cut off anywhere, it can be done again. The package that Anki reads lies in `folder` meanwhile.
        """
        if self._is_needed(planned):
            with self._anki.one_step("offbook import"):
                _act(self._anki, planned)
                self._import(planned, folder)
                self._there = self._anki.notes()
                _change_back(self._anki, self._there)
                self._untag()
            self._verify(planned)
        for guid, note in self.notes.items():
            self.ledger[guid] = _remembered(self.ledger[guid], note, planned, self._there)

    def _is_needed(self, planned: Plan) -> bool:
        """Whether anything is to be done: Anki is not to be disturbed for nothing in the middle of a review."""
        acts = (planned.moves, planned.delete, planned.tag_retired, planned.suspend, planned.unsuspend)
        return self._new_looks or bool(planned.changed) or any(acts) or bool(self._returned())

    def _import(self, planned: Plan, folder: Path) -> None:
        """Import the packages, with nothing in them but what is to change; new looks come with all that is the same."""
        wanted = planned.changed | (planned.unchanged if self._new_looks else set())
        for package in self._packages:
            guids = {note.guid for note in package.notes}
            if not wanted.isdisjoint(guids):
                _import(self._anki, adapted(package.data, guids - wanted, planned.updates), folder)
                wanted -= guids

    def _returned(self) -> list[int]:
        """Return the notes that Anki still has tagged as retired, though they are back."""
        tagged = ((guid, seen) for guid, seen in self._there.items() if RETIRED in seen.tags and guid in self.notes)
        return [seen.id for guid, seen in tagged if not self.ledger[guid].retired]

    def _untag(self) -> None:
        # Behind the package: a note whose tags were changed counts as newer, and Anki would not take the package's.
        if returned := self._returned():
            self._anki.remove_tag(returned, RETIRED)

    def _verify(self, planned: Plan) -> None:
        """Correct outcomes by what is in Anki."""
        edited = {note.guid: text_of(note, seen) for seen, note in planned.overwritten}
        for guid, outcome in planned.outcomes.items():
            if outcome in (Outcome.ADDED, Outcome.UPDATED):
                seen = self._there.get(guid)
                if seen is not None and edited.get(guid) == text_of(self.notes[guid], seen):
                    planned.outcomes[guid] = Outcome.KEPT  # an old AnkiConnect does not tell that the edit is newer
                elif seen is None or not same_text(self.notes[guid], seen):
                    planned.outcomes[guid] = Outcome.REFUSED


def _act(anki: Anki, planned: Plan) -> None:
    """Do what a package cannot."""
    steps: list[tuple[Callable[[list[int]], None], list[int]]] = [
        *((partial(anki.move, deck=deck), cards) for deck, cards in planned.moves.items()),
        (anki.delete, list(planned.delete.values())),
        (partial(anki.add_tag, tag=RETIRED), list(planned.tag_retired.values())),
        (anki.suspend, [card for cards in planned.suspend.values() for card in cards]),
        (anki.unsuspend, [card for cards in planned.unsuspend.values() for card in cards]),
    ]
    for act, ids in steps:
        if ids:
            act(ids)


def _change_back(anki: Anki, there: Mapping[str, NoteInAnki]) -> None:
    """Give notes those tags again for which others stood in."""
    for tag, stand_in in STAND_INS.items():
        if notes := [note.id for note in there.values() if stand_in in note.tags]:
            anki.add_tag(notes, tag)
            anki.remove_tag(notes, stand_in)


def _import(anki: Anki, data: bytes, folder: Path) -> None:
    file = folder / f".import.apkg.{os.getpid()}.tmp"
    try:
        files.write(file, data)
        anki.import_package(file)
    finally:
        file.unlink(missing_ok=True)


def _remembered(entry: Entry, note: AnkiNote, planned: Plan, there: Mapping[str, NoteInAnki]) -> Entry:
    if entry.guid in there:
        suspended = entry.guid in planned.suspend or (entry.suspended and entry.guid not in planned.unsuspend)
        refused = planned.outcomes.get(entry.guid) is Outcome.REFUSED
        return structs.replace(
            entry, in_anki=entry.in_anki if refused else text_digest(note.fields), suspended=suspended
        )
    if entry.retired:  # gone because it was retired: should it come back to the notes, it is welcome in Anki
        return structs.replace(entry, in_anki="", suspended=False)
    return entry
