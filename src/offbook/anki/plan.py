"""What an import is to do: packages, ledger and Anki's own notes compared. Pure."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from offbook.anki import NoteInAnki
from offbook.ledger import text_digest
from offbook.model import AnkiNote, Entry
from offbook.notetypes import CLOZE, QUESTION
from offbook.tags import RETIRED

STAND_INS = {"leech": "offbook::was-leech", "marked": "offbook::was-marked"}
"""Anki drops its own tags from a note when a package updates it. These come through, and are changed back behind it."""


class Outcome(StrEnum):
    """What becomes of a note in Anki."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    """Edited in Anki, and that text stays."""
    DELETED = "deleted"
    """Deleted in Anki by the user, and it stays so."""
    RETIRED = "retired"
    """Gone from the notes, and still in Anki."""
    REFUSED = "refused"
    """Anki did not take it, or would have emptied fields that the user added to the notetype."""


class Retired(StrEnum):
    """What to do in Anki with cards that are gone from the notes."""

    SUSPEND = "suspend"
    DELETE = "delete"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Options:
    """What the user chose."""

    retired: Retired = Retired.SUSPEND
    keep_mine: bool = False
    """Keep all edits made in Anki."""
    bring_back: bool = False
    """Add again what was deleted in Anki."""


@dataclass(slots=True)
class Plan:
    """What is to be done in Anki, and what then will have become of each note."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    """By guid; a retired card that Anki has not is in none of these."""
    overwritten: list[tuple[NoteInAnki, AnkiNote]] = field(default_factory=list)
    """Edited in Anki, and changed in the notes since: the text in Anki, and the one that replaces it."""
    updates: dict[str, tuple[tuple[str, ...], int]] = field(default_factory=dict)
    """By guid, the tags with which the package comes, the user's own among them, and the time."""
    moves: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Cards by the deck that is their home now."""
    moved: set[str] = field(default_factory=set)
    suspend: dict[str, list[int]] = field(default_factory=dict)
    """Cards by guid, like the next."""
    unsuspend: dict[str, list[int]] = field(default_factory=dict)
    tag_retired: dict[str, int] = field(default_factory=dict)
    """Notes by guid, like the next."""
    delete: dict[str, int] = field(default_factory=dict)

    def keep_edits(self) -> None:
        """Keep what was edited in Anki, whatever the notes say."""
        for _, note in self.overwritten:
            self.outcomes[note.guid] = Outcome.KEPT
        self.overwritten.clear()

    @property
    def changed(self) -> set[str]:
        """The guids of what the package is to change."""
        return {guid for guid, outcome in self.outcomes.items() if outcome in (Outcome.ADDED, Outcome.UPDATED)}

    @property
    def unchanged(self) -> set[str]:
        """The guids of what is in Anki as it is in the package."""
        return {guid for guid, outcome in self.outcomes.items() if outcome is Outcome.UNCHANGED}


def plan(
    notes: Iterable[AnkiNote], ledger: Mapping[str, Entry], there: Mapping[str, NoteInAnki], options: Options, now: int
) -> Plan:
    """Compare what the packages hold (`notes`) with what is `there` in Anki, at `now` seconds since the epoch.

    Where Anki has none of the cards that it once had, it is another collection, and nothing was deleted in it.
    """
    result = Plan()
    same_collection = any(entry.in_anki and guid in there for guid, entry in ledger.items())
    ours = {name for notetype in (QUESTION, CLOZE) for name in notetype.fields}
    for note in notes:
        entry, seen = ledger[note.guid], there.get(note.guid)
        if entry.retired:
            _plan_retired(result, note.guid, entry, seen, options.retired)
        elif seen is None:
            deleted = bool(entry.in_anki) and same_collection and not options.bring_back
            result.outcomes[note.guid] = Outcome.DELETED if deleted else Outcome.ADDED
        else:
            _plan_home(result, note, entry, seen)
            _plan_return(result, note.guid, entry, seen)
            outcome = _plan_text(result, note, entry, seen, now)
            own_fields = outcome is Outcome.UPDATED and not seen.fields.keys() <= ours
            result.outcomes[note.guid] = Outcome.REFUSED if own_fields else outcome
    if options.keep_mine:
        result.keep_edits()
    return result


def _plan_retired(result: Plan, guid: str, entry: Entry, seen: NoteInAnki | None, retired: Retired) -> None:
    if seen is None:
        return
    result.outcomes[guid] = Outcome.RETIRED
    if retired is Retired.DELETE:
        result.delete[guid] = seen.id
        return
    if RETIRED not in seen.tags:
        result.tag_retired[guid] = seen.id
    # Once only: who takes up a suspended card again wants to rehearse it.
    cards = [card.id for card in seen.cards if not card.suspended]
    if retired is Retired.SUSPEND and not entry.suspended and cards:
        result.suspend[guid] = cards


def _plan_return(result: Plan, guid: str, entry: Entry, seen: NoteInAnki) -> None:
    """Take a card that is back in the notes out of suspension, if its retirement brought it there."""
    if entry.suspended:
        result.unsuspend[guid] = [card.id for card in seen.cards if card.suspended]


def _plan_home(result: Plan, note: AnkiNote, entry: Entry, seen: NoteInAnki) -> None:
    """Move cards that lie where their home was before; into any other deck they were put by the user."""
    former = {_folded(deck) for deck in entry.decks} - {_folded(note.deck)}
    cards = [card.id for card in seen.cards if _folded(card.deck) in former]
    if cards:
        result.moves[note.deck] += cards
        result.moved.add(note.guid)


def _folded(deck: str) -> str:
    """Return a deck's name as Anki compares it."""
    return unicodedata.normalize("NFC", deck).casefold()


def _plan_text(result: Plan, note: AnkiNote, entry: Entry, seen: NoteInAnki, now: int) -> Outcome:
    newer_in_anki = seen.modified is not None and seen.modified >= note.modified
    ours = {tag.casefold() for tag in entry.tags}
    tags = (*note.tags, *(STAND_INS.get(tag, tag) for tag in seen.tags if tag.casefold() not in ours))
    result.updates[note.guid] = tags, note.modified
    if same_text(note, seen):
        same_tags = newer_in_anki or {tag.casefold() for tag in note.tags} == ours & {t.casefold() for t in seen.tags}
        return Outcome.UNCHANGED if same_tags else Outcome.UPDATED
    if text_digest(text_of(note, seen)) not in entry.texts:
        if newer_in_anki or entry.in_anki == text_digest(note.fields):
            return Outcome.KEPT  # the notes' text did not change since Anki got it
        result.overwritten.append((seen, note))
    else:
        # A tag given in Anki makes a note newer, too; a text that nobody edited there must not stay old for that.
        result.updates[note.guid] = tags, max(note.modified, now if seen.modified is None else seen.modified + 1)
    return Outcome.UPDATED


def text_of(note: AnkiNote, seen: NoteInAnki) -> tuple[str, ...]:
    """Return the texts of a note's fields as Anki has them."""
    return tuple(seen.fields.get(name, "") for name in note.notetype.fields)


def same_text(note: AnkiNote, seen: NoteInAnki) -> bool:
    """Whether Anki shows what the package holds."""
    return text_digest(note.fields) == text_digest(text_of(note, seen))
