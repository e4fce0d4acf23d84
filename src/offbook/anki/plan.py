"""Plans an import: compares the notes in the packages with the ledger and with the notes in Anki. Pure."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from offbook.anki import CardInAnki, NoteInAnki
from offbook.anki.decks import folded
from offbook.anki.empty import empty_cards, filled_cards
from offbook.field_text import SOURCE, is_link_to_source, text_digest, text_digests
from offbook.model import AnkiNote, Entry
from offbook.notetypes import CLOZE, QUESTION
from offbook.tags import RETIRED

STAND_INS = {"leech": "offbook::was-leech", "marked": "offbook::was-marked"}
"""Anki's own tags, and what stands in for them in a package: Anki would drop its own from a note that is updated."""


class Outcome(StrEnum):
    """What happens to a note in Anki."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    """The user edited it in Anki, and that text stays."""
    DELETED = "deleted"
    """The user deleted it in Anki, and it stays deleted."""
    RETIRED = "retired"
    """Gone from the notes, and still in Anki."""
    REFUSED = "refused"
    """Anki did not take it, or the update would empty fields that the user added to the notetype."""


class Retired(StrEnum):
    """What to do in Anki with cards that are gone from the notes."""

    SUSPEND = "suspend"
    DELETE = "delete"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Options:
    """The choices that the user has in an import."""

    retired: Retired = Retired.SUSPEND
    keep_mine: bool = False
    """Keep all edits made in Anki."""
    bring_back: bool = False
    """Add notes again that were deleted in Anki."""
    take_looks: bool = False
    """Replace the looks that the user gave the notetypes in Anki."""


@dataclass(slots=True)
class Plan:
    """What to do in Anki, and what then has happened to each note. Cards and notes are Anki's ids."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    """By guid. A retired card that is not in Anki has no outcome."""
    overwritten: list[tuple[NoteInAnki, AnkiNote]] = field(default_factory=list)
    """Notes that were edited in Anki and changed in the user's notes since: as they are in Anki, and their update."""
    updates: dict[str, tuple[tuple[str, ...], int]] = field(default_factory=dict)
    """By guid: a note's tags in the package, the user's own among them, and its time of modification in seconds."""
    moves: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The cards to move, by the deck to move them to."""
    moved: set[str] = field(default_factory=set)
    """The guids of those cards."""
    suspend: dict[str, list[int]] = field(default_factory=dict)
    """The cards to suspend, by guid."""
    unsuspend: dict[str, list[int]] = field(default_factory=dict)
    """The cards to take out of suspension, by guid."""
    tag_retired: dict[str, int] = field(default_factory=dict)
    """The notes to tag as retired, by guid."""
    delete: dict[str, int] = field(default_factory=dict)
    """The notes to delete, by guid."""
    links: set[str] = field(default_factory=set)
    """The guids of unchanged notes whose links lead to another vault, or place in it, than this computer's."""
    suspend_empty: dict[str, list[CardInAnki]] = field(default_factory=dict)
    """The cards to suspend that the import leaves empty, by guid."""
    delete_empty: dict[str, list[CardInAnki]] = field(default_factory=dict)
    """Likewise those to delete."""
    filled: dict[str, list[CardInAnki]] = field(default_factory=dict)
    """The cards to take out of suspension as they are no longer empty, by guid."""

    def keep_edits(self) -> None:
        """Keep all edits made in Anki, even where the notes changed since."""
        for _, note in self.overwritten:
            self.outcomes[note.guid] = Outcome.KEPT
            self.suspend_empty.pop(note.guid, None)
            self.delete_empty.pop(note.guid, None)
        self.overwritten.clear()

    @property
    def changed(self) -> set[str]:
        """The guids of the notes that the package adds or updates."""
        return {guid for guid, outcome in self.outcomes.items() if outcome in (Outcome.ADDED, Outcome.UPDATED)}

    @property
    def unchanged(self) -> set[str]:
        """The guids of the notes that are the same in Anki and in the package."""
        return {guid for guid, outcome in self.outcomes.items() if outcome is Outcome.UNCHANGED}


def plan(
    notes: Iterable[AnkiNote],
    ledger: Mapping[str, Entry],
    in_anki: Mapping[str, NoteInAnki],
    options: Options,
    now: int,
) -> Plan:
    """Compare the packages' `notes` with the notes in Anki, by guid, at `now` seconds since the epoch.

    Where none of the cards that earlier imports saw is in Anki, this is another collection: cards that it lacks were
    not deleted there.
    """
    result = Plan()
    same_collection = any(entry.in_anki and guid in in_anki for guid, entry in ledger.items())
    our_fields = {name for notetype in (QUESTION, CLOZE) for name in notetype.fields}
    for note in notes:
        entry, seen = ledger[note.guid], in_anki.get(note.guid)
        if entry.retired:
            _plan_retired(result, note.guid, entry, seen, options.retired)
        elif seen is None:
            deleted = bool(entry.in_anki) and same_collection and not options.bring_back
            result.outcomes[note.guid] = Outcome.DELETED if deleted else Outcome.ADDED
        else:
            _plan_deck(result, note, entry, seen)
            if entry.suspended:  # by its retirement, and now it is back in the notes
                result.unsuspend[note.guid] = [card.id for card in seen.cards if card.suspended]
            outcome = _plan_text(result, note, entry, seen, now)
            would_empty = outcome is Outcome.UPDATED and not seen.fields.keys() <= our_fields
            result.outcomes[note.guid] = Outcome.REFUSED if would_empty else outcome
            if not would_empty:
                _plan_empty(result, note, entry, seen, options.retired)
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
    # Only once: a user who takes the card out of suspension wants to rehearse it.
    cards = [card.id for card in seen.cards if not card.suspended]
    if retired is Retired.SUSPEND and not entry.suspended and cards:
        result.suspend[guid] = cards


def _plan_empty(result: Plan, note: AnkiNote, entry: Entry, seen: NoteInAnki, retired: Retired) -> None:
    """Do with cards that stay empty what is done with retired ones, and take back what is no longer empty."""
    keeps_text = result.outcomes[note.guid] is Outcome.KEPT
    empty = empty_cards(note, seen, text_of(note, seen) if keeps_text else note.fields)
    if filled := filled_cards(entry, seen, empty):
        result.filled[note.guid] = filled
    if empty and retired is Retired.DELETE:
        result.delete_empty[note.guid] = empty
    elif retired is Retired.SUSPEND:
        cards = [card for card in empty if not card.suspended and card.number not in entry.past_suspended]
        if cards:
            result.suspend_empty[note.guid] = cards


def _plan_deck(result: Plan, note: AnkiNote, entry: Entry, seen: NoteInAnki) -> None:
    """Move cards from a deck that was once theirs to the one that is now; any other deck is the user's choice."""
    former = {folded(deck) for deck in entry.decks} - {folded(note.deck)}
    cards = [card.id for card in seen.cards if folded(card.deck) in former]
    if cards:
        result.moves[note.deck] += cards
        result.moved.add(note.guid)


def _plan_text(result: Plan, note: AnkiNote, entry: Entry, seen: NoteInAnki, now: int) -> Outcome:
    """Plan the update of a note's text and tags, and return what happens to the note."""
    newer_in_anki = seen.modified is not None and seen.modified >= note.modified
    our_tags = {tag.casefold() for tag in entry.tags}
    tags = (*note.tags, *(STAND_INS.get(tag, tag) for tag in seen.tags if tag.casefold() not in our_tags))
    result.updates[note.guid] = tags, note.modified
    if same_text(note, seen):
        seen_tags = {tag.casefold() for tag in seen.tags}
        same_tags = newer_in_anki or {tag.casefold() for tag in note.tags} == our_tags & seen_tags
        if same_tags and _other_links(note, seen):
            result.links.add(note.guid)
            result.updates[note.guid] = tags, max(note.modified, now if seen.modified is None else seen.modified + 1)
        return Outcome.UNCHANGED if same_tags else Outcome.UPDATED
    if text_digests(text_of(note, seen)).isdisjoint(entry.texts):
        if newer_in_anki or entry.in_anki in text_digests(note.fields):
            return Outcome.KEPT  # the text in the user's notes is still the one that Anki got
        result.overwritten.append((seen, note))
    else:
        # Nobody edited the text, but a tag that was added in Anki may have made the note newer than the package. The
        # update gets a time that is later still, since Anki takes only newer notes.
        result.updates[note.guid] = tags, max(note.modified, now if seen.modified is None else seen.modified + 1)
    return Outcome.UPDATED


def _other_links(note: AnkiNote, seen: NoteInAnki) -> bool:
    """Whether the links of a note whose text is the same lead elsewhere in Anki; one that the user made stays."""
    in_anki = text_of(note, seen)
    theirs, ours = in_anki[SOURCE], note.fields[SOURCE]
    if not is_link_to_source(ours) or not (is_link_to_source(theirs) or "<" not in theirs):
        return False
    return any(unicodedata.normalize("NFC", one) != other for one, other in zip(note.fields, in_anki, strict=True))


def text_of(note: AnkiNote, seen: NoteInAnki) -> tuple[str, ...]:
    """Return the fields of a package's note as they are in Anki, in the package's order; what is not there is empty."""
    return tuple(seen.fields.get(name, "") for name in note.notetype.fields)


def same_text(note: AnkiNote, seen: NoteInAnki) -> bool:
    """Whether the text in Anki is the package's."""
    return text_digest(note.fields) == text_digest(text_of(note, seen))
