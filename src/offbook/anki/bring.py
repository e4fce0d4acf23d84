"""The steps of an import, the same for an Anki that is open and for a closed collection."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from msgspec import structs

from offbook import files
from offbook.anki import Anki, CardInAnki, NoteInAnki
from offbook.anki.decks import followed
from offbook.anki.identity import name_of, telling
from offbook.anki.merge import text_of
from offbook.anki.own_looks import Looks
from offbook.anki.parcel import Changes, parcel, read_descriptions
from offbook.anki.plan import STAND_INS, Options, Outcome, Plan, in_collection, plan, plan_gone, suspensions
from offbook.descriptions import is_ours
from offbook.field_text import digests, text_digest
from offbook.model import DELETED, AnkiNote, Entry, served
from offbook.package import read_notes
from offbook.tags import RETIRED, companies_of, may_serve
from offbook.text import fold

_STEP = "offbook import"
_TRIES = 2  # to import again what an editor has put back


@dataclass(frozen=True, slots=True)
class Package:
    """A package to import: its bytes, and the notes in it."""

    data: bytes
    notes: tuple[AnkiNote, ...]


class Import:
    """One import: it is planned, then carried out, then compared with what Anki has made of it."""

    def __init__(
        self,
        anki: Anki,
        packages: Iterable[bytes],
        ledger: Iterable[Entry],
        looks: Looks,
        described: Mapping[str, str],
        collections: Mapping[str, tuple[int, ...]],
    ) -> None:
        """Read `packages`, whose looks are `looks`, and the notes that Anki has now.

        `described` is how decks were described when the last import brought cards of theirs, by the notes' name;
        `collections` are those that earlier imports went into, see `offbook.anki.identity`.
        """
        self._anki = anki
        self._packages = [Package(data, tuple(read_notes(data))) for data in packages]
        self._looks = looks
        self._in_anki = anki.notes()
        notetypes = anki.notetypes()
        self._collection = name_of(notetypes, collections)
        self.collections = {**collections, self._collection: telling(notetypes)}
        """The ids that tell each collection that imports went into, this one among them, by its name."""
        self.place = anki.place
        """What is written into, in words."""
        self.is_open = anki.is_open
        """Whether an Anki that is open is written into, not a file."""
        self.ledger = {entry.guid: entry for entry in ledger}
        """The ledger by guid; `carry_out` enters what Anki has then."""
        notes = {note.guid: note for package in self._packages for note in package.notes}
        self._decks_in_anki = anki.decks()
        self.decks = followed(notes.values(), self.ledger, self._in_anki, self._decks_in_anki)
        """What decks of the packages are called in Anki by now, by the name that the notes give them."""
        self.descriptions = dict(described)
        """How decks are described, by the name that the notes give them; `carry_out` enters what it brings."""
        self.notes = {guid: replace(note, deck=self.decks.get(note.deck, note.deck)) for guid, note in notes.items()}
        """The packages' notes by guid, in the decks that they have in Anki."""

    @property
    def twins(self) -> list[str]:
        """The guids of the ledger that several notes in Anki have."""
        return [guid for guid, note in self._in_anki.items() if note.twins and guid in self.ledger]

    @property
    def forgotten(self) -> int:
        """How many notes of offbook's Anki has that a ledger does not know which was never imported, but shares some.

        It was lost, or is not the one of the last import. Retired notes are no matter, nor those of other companies.
        """
        shared = self._in_anki.keys() & self.ledger.keys()
        if not shared or any(entry.in_anki for entry in self.ledger.values()):
            return 0
        unknown = (seen for guid, seen in self._in_anki.items() if guid not in self.ledger and RETIRED not in seen.tags)
        return sum(may_serve(seen.tags, self._companies) for seen in unknown)

    @cached_property
    def _companies(self) -> set[str]:
        """The slugs of the companies that the packages are for."""
        return {slug for note in self.notes.values() for slug in companies_of(note.tags)}

    @cached_property
    def _looks_before(self) -> dict[int, str]:
        """The digests of the looks that Anki has before the import, asked for once and only where they matter."""
        return self._anki.looks()

    @property
    def users_looks(self) -> set[int]:
        """The ids of the notetypes whose looks are the user's, and not to be replaced, though there are new ones."""
        ask = self._looks.new and not self._looks.replace
        return self._looks.of_the_user(self._looks_before) if ask else set()

    @property
    def _has_new_looks(self) -> bool:
        """Whether the packages' looks are to get into Anki, which lacks them."""
        if self._looks.new:
            before = self._looks_before
            return self._looks.replace or not before or before.keys() != self._looks.of_the_user(before)
        return self._looks.replace and bool(self._looks.of_the_user(self._looks_before))

    def plan(self, options: Options, now: int) -> Plan:
        """Return what there is to do, at `now` seconds since the epoch; nothing is done yet."""
        retired = (entry for guid, entry in self.ledger.items() if entry.retired and guid not in self.notes)
        live = {slug for entry in self.ledger.values() if not entry.retired for slug in entry.companies}
        gone = (
            in_collection(entry, self._collection)
            for entry in retired
            if served(entry.companies, self._companies) or live.isdisjoint(entry.companies)
        )
        result = plan(self.notes.values(), self.ledger, self._in_anki, self._collection, options, now)
        plan_gone(result, gone, self._in_anki, options.retired)
        return result

    def carry_out(self, planned: Plan, folder: Path) -> None:
        """Do what is planned, then correct the plan's outcomes and the ledger by what Anki has.

        It can be repeated, wherever it was cut off. Anki reads each package from a temporary file in `folder`.
        """
        if self.is_needed(planned):
            before = self._in_anki
            with self._anki.one_step(_STEP):
                self._bring(planned, self._wanted(planned), folder)
                # After the package: a note counts as newer once its tags changed, and Anki would not update it.
                if returned := self._returned():
                    self._anki.remove_tag(returned, RETIRED)
                if untagged := self._untagged(planned):
                    self._anki.add_tag(untagged, RETIRED)
                # These may take the card from the screen. The page behind it asks Anki something while it loads, and
                # Anki shows an error where what comes next loads it anew.
                _act(self._anki, planned)
                self._in_anki = {guid: seen for guid, seen in self._in_anki.items() if guid not in planned.delete}
                _act_on_empty(self._anki, planned)
                # Last, since the Undo of an Anki that is open goes no further back than to a move.
                for deck, cards in planned.to_deck.items():
                    self._anki.move(cards, deck)
            if self.is_open and planned.changed:
                self._import_what_was_put_back(planned, before, folder)
            planned.outcomes |= dict.fromkeys(self._differing(planned), Outcome.REFUSED)
        for guid in self.notes.keys() | planned.outcomes.keys():
            note = self.notes.get(guid)
            self.ledger[guid] = _updated(self.ledger[guid], note, planned, self._in_anki, self._collection)

    def is_needed(self, planned: Plan) -> bool:
        """Whether there is anything to do. If not, Anki is left alone: its user may be in the middle of a review."""
        actions = (
            planned.to_deck,
            planned.delete,
            planned.tag_retired,
            planned.suspend,
            planned.unsuspend,
            planned.links,
            planned.suspend_empty,
            planned.delete_empty,
            planned.filled,
        )
        return self._has_new_looks or bool(planned.changed) or any(actions) or bool(self._returned())

    def _import_what_was_put_back(self, planned: Plan, before: Mapping[str, NoteInAnki], folder: Path) -> None:
        """Look again once all windows are redrawn, and import again the notes that are as they were `before`.

        An editor that is redrawn at that moment saves the note that it showed. What is neither the old text nor the new
        one was typed meanwhile, and stays.
        """
        for _ in range(_TRIES):
            self._in_anki = self._anki.notes()
            put_back = {guid for guid in self._differing(planned) if guid in before and self._is_as(guid, before)}
            if not put_back:
                return
            planned.postpone(put_back, int(time.time()))
            with self._anki.one_step(_STEP):
                self._bring(planned, put_back, folder)
        self._in_anki = self._anki.notes()

    def _is_as(self, guid: str, before: Mapping[str, NoteInAnki]) -> bool:
        seen = self._in_anki.get(guid)
        return seen is not None and seen.fields == before[guid].fields

    def _wanted(self, planned: Plan) -> set[str]:
        """Return the guids of the notes to import: those that change, and with new looks the unchanged ones as well."""
        wanted = planned.changed | planned.links | (planned.unchanged if self._has_new_looks else set())
        return wanted | (planned.tag_retired.keys() & planned.updates.keys())

    def _bring(self, planned: Plan, wanted: set[str], folder: Path) -> None:
        """Import the packages, reduced to the notes that are wanted, and look at what Anki has then."""
        looks = self._looks.times(self._looks_before, int(time.time())) if wanted else {}
        updates = {guid: (update.tags, update.modified, update.fields) for guid, update in planned.updates.items()}
        packages = [package for package in self._packages if any(note.guid in wanted for note in package.notes)]
        if packages:
            descriptions = self._new_descriptions(packages, wanted, folder)
            changes = Changes(updates, self.decks, descriptions, looks)
            _import(self._anki, parcel([package.data for package in packages], wanted, changes), folder)
        self._in_anki = self._anki.notes()
        _restore_tags(self._anki, self._in_anki)

    def _new_descriptions(self, packages: Sequence[Package], wanted: Collection[str], folder: Path) -> dict[str, str]:
        """Return how decks of wanted notes are described anew, by the notes' name; words of the user's stay.

        Anki is asked only where there is something new to say of a deck that it has.
        """
        filled = {note.deck for package in packages for note in package.notes if note.guid in wanted}
        ours: dict[str, str] = {}
        for package in packages:
            described = read_descriptions(package.data)
            ours |= {deck: described[deck] for deck in filled & described.keys() - ours.keys() if described[deck]}
        before, self.descriptions = self.descriptions, self.descriptions | ours
        in_anki = {fold(name): name for name in self._decks_in_anki}
        there = {deck: name for deck in ours if (name := in_anki.get(fold(self.decks.get(deck, deck))))}
        new = [deck for deck in there if ours[deck] != before.get(deck)]
        theirs = self._anki.descriptions({there[deck] for deck in new}, folder) if new else {}
        for deck, name in there.items():
            text = theirs.get(name)
            # One that the user emptied is the user's, too.
            if text is None or not (is_ours(text) or (not text and deck not in before)):
                del ours[deck]
        return ours

    def _returned(self) -> list[int]:
        """Return the notes, by Anki's ids, that are tagged as retired in Anki and back in the user's notes."""
        tagged = ((guid, seen) for guid, seen in self._in_anki.items() if RETIRED in seen.tags and guid in self.notes)
        return [seen.id for guid, seen in tagged if not self.ledger[guid].retired]

    def _untagged(self, planned: Plan) -> list[int]:
        """Return the notes, by Anki's ids, that are to be tagged as retired, and that no package could tag."""
        guids = planned.tag_retired.keys() & self._in_anki.keys()
        return [self._in_anki[guid].id for guid in guids if RETIRED not in self._in_anki[guid].tags]

    def _differing(self, planned: Plan) -> list[str]:
        """Return the guids of changed notes whose text in Anki is not the package's."""
        result: list[str] = []
        for guid in planned.changed:
            seen, note = self._in_anki.get(guid), self.notes[guid]
            fields = planned.updates[guid].fields if guid in planned.updates else note.fields
            if seen is None or text_digest(fields) != text_digest(text_of(note, seen)):
                result.append(guid)
        return result


def _act(anki: Anki, planned: Plan) -> None:
    """Do what importing a package does not do."""
    steps: list[tuple[Callable[[list[int]], None], list[int]]] = [
        (anki.delete, list(planned.delete.values())),
        (anki.suspend, [card for cards in planned.suspend.values() for card in cards]),
        (anki.unsuspend, [card for cards in planned.unsuspend.values() for card in cards]),
    ]
    for act, ids in steps:
        if ids:
            act(ids)


def _act_on_empty(anki: Anki, planned: Plan) -> None:
    """Delete, suspend or take back single cards of notes."""
    delete = _ids(planned.delete_empty)
    if delete and not anki.delete_cards(delete):
        planned.suspend_empty |= planned.delete_empty
        planned.delete_empty.clear()
    if suspend := _ids(planned.suspend_empty):
        anki.suspend(suspend)
    if filled := _ids(planned.filled):
        anki.unsuspend(filled)


def _ids(cards: Mapping[str, Iterable[CardInAnki]]) -> list[int]:
    return [card.id for of_note in cards.values() for card in of_note]


def _restore_tags(anki: Anki, in_anki: Mapping[str, NoteInAnki]) -> None:
    """Replace the tags that stand in for others by those others, see `STAND_INS`."""
    for tag, stand_in in STAND_INS.items():
        if notes := [seen.id for seen in in_anki.values() if stand_in in seen.tags]:
            anki.add_tag(notes, tag)
            anki.remove_tag(notes, stand_in)


def _import(anki: Anki, data: bytes, folder: Path) -> None:
    file = folder / f".import.apkg.{os.getpid()}.tmp"
    try:
        files.write(file, data)
        anki.import_package(file)
    finally:
        file.unlink(missing_ok=True)


def _updated(entry: Entry, note: AnkiNote | None, planned: Plan, in_anki: Collection[str], collection: str) -> Entry:
    """Return a note's entry in the ledger after the import: whether, and with which text, the note is in Anki.

    `note` is its note in a package, if one has it.
    """
    collections = tuple(sorted({*entry.collections, collection}))
    if entry.guid in in_anki:
        entry = structs.replace(
            _with_suspensions(entry, planned, collection),
            past_suspended=_past_suspended(entry, planned),
            collections=collections,
        )
        if note is None or planned.outcomes.get(entry.guid) is Outcome.REFUSED:
            return entry
        found, replace = planned.merges.get(entry.guid), entry.guid in planned.replaced
        if entry.retired:  # nothing of its text was compared: a conflict stays one
            brought = entry.brought or digests(note.fields)
            return structs.replace(entry, in_anki=text_digest(note.fields), brought=brought)
        return structs.replace(
            entry,
            in_anki=text_digest(note.fields),
            brought=found.brought(entry, replace=replace) if found else digests(note.fields),
            told=found.digest if found else "",
        )
    if entry.retired:
        here = collection in entry.collections and collection not in entry.suspended_in
        if here and entry.guid not in planned.delete:
            return entry  # the user deleted it before it was retired
        # Deleted in Anki as a retired card. Should it come back to the notes, it is not one that the user deleted.
        if elsewhere := tuple(name for name in entry.collections if name != collection):
            suspended = tuple(name for name in entry.suspended_in if name != collection)
            return structs.replace(
                entry, collections=elsewhere, suspended_in=suspended, suspended=bool(suspended) and entry.suspended
            )
        return structs.replace(entry, in_anki="", brought=(), suspended=False, suspended_in=(), collections=())
    if planned.outcomes.get(entry.guid) is Outcome.DELETED:
        return structs.replace(entry, told=DELETED, collections=collections)
    return entry


def _with_suspensions(entry: Entry, planned: Plan, collection: str) -> Entry:
    """Return a card's entry with the collections in which imports have suspended it as retired."""
    now = {collection} if entry.guid in planned.suspend else set()
    freed = {collection} if entry.guid in planned.unsuspend else set()
    suspended = tuple(sorted((suspensions(entry, collection) | now) - freed))
    return structs.replace(entry, suspended=bool(suspended), suspended_in=suspended)


def _past_suspended(entry: Entry, planned: Plan) -> tuple[int, ...]:
    """Return the numbers of the cards that imports suspended as they stay empty."""
    numbers = {*entry.past_suspended, *(card.number for card in planned.suspend_empty.get(entry.guid, ()))}
    live = {gap.number for gap in entry.gaps} if entry.cloze else {2} if entry.reversed else set()
    return tuple(sorted(numbers - live))
