"""Plans an import: compares the notes in the packages with the ledger and with the notes in Anki. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from msgspec import structs

from offbook.anki import CardInAnki, NoteInAnki
from offbook.anki.empty import empty_cards, filled_cards
from offbook.anki.merge import Merge, merge, text_of
from offbook.field_text import SEAL, SOURCE, is_link_to_source, named_file, text_digest
from offbook.model import DELETED, AnkiNote, Entry
from offbook.notetypes import CLOZE, QUESTION
from offbook.tags import RETIRED
from offbook.text import composed, fold

STAND_INS = {"leech": "leech\x7f", "marked": "marked\x7f"}
"""Anki's own tags, and what stands in for them in a package: Anki drops its own from a note that it updates, and only
then the control characters from tags."""
_OUR_FIELDS = {name for notetype in (QUESTION, CLOZE) for name in notetype.fields}
_A_MOMENT = 5  # seconds


class Outcome(StrEnum):
    """What happens to a note in Anki."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    """The user edited it in Anki, that text stays, and nothing else of it changed."""
    DELETED = "deleted"
    """The user deleted it in Anki, and it stays deleted."""
    RETIRED = "retired"
    """Gone from the notes, and still in Anki."""
    REFUSED = "refused"
    """Anki did not take it, or the update would empty fields that the user added to the notetype."""


class Edits(StrEnum):
    """What to do with a text that was edited in Anki and changed in the notes, too."""

    ASK = "ask"
    KEEP = "keep"
    """The user's text stays."""
    REPLACE = "replace"
    """The notes' text replaces it."""


class Retired(StrEnum):
    """What to do in Anki with cards that are gone from the notes."""

    SUSPEND = "suspend"
    DELETE = "delete"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Options:
    """The choices that the user has in an import."""

    retired: Retired = Retired.SUSPEND
    edits: Edits = Edits.KEEP
    replaced: Collection[str] = ()
    """The guids of notes whose conflicts the notes' text wins, as the user answered."""
    bring_back: bool = False
    """Add notes again that were deleted in Anki."""
    take_looks: bool = False
    """Replace the looks that the user gave the notetypes in Anki."""


@dataclass(frozen=True, slots=True)
class Update:
    """What a package is to bring of a note that Anki has."""

    tags: tuple[str, ...]
    """The user's own among them."""
    modified: int
    """Seconds since the epoch."""
    fields: tuple[str, ...]


@dataclass(slots=True)
class Plan:
    """What to do in Anki, and what then has happened to each note. Cards and notes are Anki's ids."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    """By guid. A retired card that is not in Anki has no outcome."""
    merges: dict[str, Merge] = field(default_factory=dict)
    """Each note that is in Anki, by guid, beside its text in the notes."""
    replaced: set[str] = field(default_factory=set)
    """The guids of notes whose conflicts the notes' text wins."""
    news: set[str] = field(default_factory=set)
    """The guids of cards of whose edits in Anki, or deletion there, the user was not told yet."""
    updates: dict[str, Update] = field(default_factory=dict)
    """What the package brings of a note that Anki has, by guid."""
    to_deck: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The cards to put in another deck, by that deck."""
    in_other_deck: set[str] = field(default_factory=set)
    """The guids of their notes."""
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

    @property
    def changed(self) -> set[str]:
        """The guids of the notes that the package adds or updates."""
        return {guid for guid, outcome in self.outcomes.items() if outcome in (Outcome.ADDED, Outcome.UPDATED)}

    @property
    def unchanged(self) -> set[str]:
        """The guids of the notes in Anki of which nothing is to change."""
        return {guid for guid, outcome in self.outcomes.items() if outcome in (Outcome.UNCHANGED, Outcome.KEPT)}

    def postpone(self, guids: Iterable[str], now: int) -> None:
        """Make the updates of notes newer than what anything in Anki has written by `now`, seconds since the epoch."""
        for guid in guids:
            update = self.updates[guid]
            self.updates[guid] = replace(update, modified=max(update.modified, now + _A_MOMENT))

    @property
    def conflicts(self) -> list[str]:
        """The guids of the notes with a field that was edited in Anki and changed in the notes."""
        return [guid for guid, merge in self.merges.items() if merge.conflicts]

    @property
    def edited(self) -> set[str]:
        """The guids of the notes of which a text edited in Anki stays."""
        return {
            guid
            for guid, merge in self.merges.items()
            if merge.edited or (merge.conflicts and guid not in self.replaced)
        }


def plan(
    notes: Iterable[AnkiNote],
    ledger: Mapping[str, Entry],
    in_anki: Mapping[str, NoteInAnki],
    collection: str,
    options: Options,
    now: int,
) -> Plan:
    """Compare the packages' `notes` with the notes in Anki, by guid, at `now` seconds since the epoch.

    `collection` is the name that the ledger has for the one that they are in.
    """
    result = Plan()
    once_there = _once_there(ledger, in_anki, collection)
    for note in notes:
        entry, seen = in_collection(ledger[note.guid], collection), in_anki.get(note.guid)
        if entry.retired:
            _plan_retired(result, entry, seen, options.retired, note, now)
        elif seen is None:
            deleted = note.guid in once_there and not options.bring_back
            result.outcomes[note.guid] = Outcome.DELETED if deleted else Outcome.ADDED
            if deleted and entry.told != DELETED:
                result.news.add(note.guid)
        else:
            _plan_deck(result, note, entry, seen)
            found = result.merges[note.guid] = merge(note, entry, seen)
            if found.conflicts and (options.edits is Edits.REPLACE or note.guid in options.replaced):
                result.replaced.add(note.guid)
            if found.digest not in ("", entry.told):
                result.news.add(note.guid)
            _plan_return(result, entry, seen)
            _plan_note(result, note, entry, seen, options.retired, now)
    return result


def plan_gone(result: Plan, gone: Iterable[Entry], in_anki: Mapping[str, NoteInAnki], retired: Retired) -> None:
    """Plan what becomes of retired cards of which no package has the text any more."""
    for entry in gone:
        _plan_retired(result, entry, in_anki.get(entry.guid), retired)


def _once_there(ledger: Mapping[str, Entry], in_anki: Collection[str], collection: str) -> set[str]:
    """Return the guids of the notes that earlier imports saw in this collection: one that it lacks was deleted there.

    Where none of them is left the user starts anew. Of what offbook 1.0.0 saw the collection is not known: it is this
    one if any of it is here.
    """
    here = {guid for guid, entry in ledger.items() if collection in entry.collections}
    anywhere = {guid for guid, entry in ledger.items() if entry.in_anki and not entry.collections}
    return {guid for guids in (here, anywhere) if not guids.isdisjoint(in_anki) for guid in guids}


def in_collection(entry: Entry, collection: str) -> Entry:
    """Return a card's entry as it is for one collection: suspended if an import did that there."""
    return structs.replace(entry, suspended=collection in suspensions(entry, collection))


def suspensions(entry: Entry, collection: str) -> set[str]:
    """Return the collections in which imports have suspended a card as retired.

    Of what offbook 1.0.0 suspended the collection is not known: it counts as the one of this import, `collection`.
    """
    return {collection} if entry.suspended and not entry.suspended_in else {*entry.suspended_in}


def _plan_return(result: Plan, entry: Entry, seen: NoteInAnki) -> None:
    """Take a card that is back in the notes out of a suspension by its retirement."""
    suspended = [card.id for card in seen.cards if card.suspended]
    retired_elsewhere = RETIRED in seen.tags and RETIRED not in entry.tags  # as by the ledger of another git branch
    if entry.suspended or (retired_elsewhere and suspended):
        result.unsuspend[entry.guid] = suspended


def _plan_note(result: Plan, note: AnkiNote, entry: Entry, seen: NoteInAnki, retired: Retired, now: int) -> None:
    """Plan what becomes of a note that is in Anki and in the notes."""
    outcome = _plan_text(result, note, entry, seen, now)
    if outcome is Outcome.UPDATED and not seen.fields.keys() <= _OUR_FIELDS:
        result.outcomes[note.guid] = Outcome.REFUSED
    else:
        result.outcomes[note.guid] = outcome
        _plan_empty(result, note, entry, seen, retired)


def _plan_retired(
    result: Plan, entry: Entry, seen: NoteInAnki | None, retired: Retired, note: AnkiNote | None = None, now: int = 0
) -> None:
    """Plan what becomes of a card that is gone from the notes; `note` is its note in a package, if one has it."""
    if seen is None:
        return
    guid = entry.guid
    result.outcomes[guid] = Outcome.RETIRED
    if retired is Retired.DELETE:
        result.delete[guid] = seen.id
        return
    if note is not None:
        _plan_deck(result, note, entry, seen)
    if RETIRED not in seen.tags:
        result.tag_retired[guid] = seen.id
        if note is not None and seen.fields.keys() <= _OUR_FIELDS:
            # By the package, which takes one step of Anki's Undo for all that it brings.
            tags = (*(STAND_INS.get(tag, tag) for tag in seen.tags), RETIRED)
            result.updates[guid] = Update(tags, _later(note, seen, now), text_of(note, seen))
    # Only once: a user who takes the card out of suspension wants to rehearse it. Where the tag is gone, it was back
    # in the notes between, as on another git branch.
    cards = [card.id for card in seen.cards if not card.suspended]
    if retired is Retired.SUSPEND and cards and not (entry.suspended and RETIRED in seen.tags):
        result.suspend[guid] = cards


def _plan_empty(result: Plan, note: AnkiNote, entry: Entry, seen: NoteInAnki, retired: Retired) -> None:
    """Do with cards that stay empty what is done with retired ones, and take back what is no longer empty."""
    empty = empty_cards(note, seen, result.updates[note.guid].fields)
    if filled := filled_cards(entry, seen, empty):
        result.filled[note.guid] = filled
    if empty and retired is Retired.DELETE:
        result.delete_empty[note.guid] = empty
    elif retired is Retired.SUSPEND:
        cards = [card for card in empty if not card.suspended and card.number not in entry.past_suspended]
        if cards:
            result.suspend_empty[note.guid] = cards


def _plan_deck(result: Plan, note: AnkiNote, entry: Entry, seen: NoteInAnki) -> None:
    """Put cards of a deck that was once theirs in the one that is now; any other deck is the user's choice."""
    former = {fold(deck) for deck in entry.decks} - {fold(note.deck)}
    cards = [card.id for card in seen.cards if fold(card.deck) in former]
    if cards:
        result.to_deck[note.deck] += cards
        result.in_other_deck.add(note.guid)


def _plan_text(result: Plan, note: AnkiNote, entry: Entry, seen: NoteInAnki, now: int) -> Outcome:
    """Plan the update of a note's text and tags, and return what happens to the note."""
    fields = result.merges[note.guid].fields(replace=note.guid in result.replaced)
    our_tags = {tag.casefold() for tag in entry.tags}
    tags = (*note.tags, *(STAND_INS.get(tag, tag) for tag in seen.tags if tag.casefold() not in our_tags))
    later = _later(note, seen, now)
    newer_in_anki = seen.modified is not None and seen.modified >= note.modified
    same_tags = newer_in_anki or {tag.casefold() for tag in note.tags} == our_tags & {
        tag.casefold() for tag in seen.tags
    }
    same = same_tags and text_digest(fields) == text_digest(text_of(note, seen))
    if same and _other_links(note, seen, fields):
        result.links.add(note.guid)
    new = not same or note.guid in result.links
    result.updates[note.guid] = Update(tags, later if new else note.modified, fields)
    if not same:
        return Outcome.UPDATED
    return Outcome.KEPT if note.guid in result.edited else Outcome.UNCHANGED


def _later(note: AnkiNote, seen: NoteInAnki, now: int) -> int:
    """Return a time for a note's update: Anki takes only what is newer than its own, whatever made that newer.

    An Anki that is open may date a note anew between this look at it and the import, as an editor that is open does.
    """
    return max(note.modified, now + _A_MOMENT, (seen.modified or 0) + 1)


def _other_links(note: AnkiNote, seen: NoteInAnki, fields: Sequence[str]) -> bool:
    """Whether the links of a note whose text is to be `fields` lead elsewhere in Anki; one that the user made stays.

    Without a vault a source is path and line: a line that moved is no reason to update the note.
    """
    in_anki = text_of(note, seen)
    if fields[SOURCE] != note.fields[SOURCE]:
        return False
    if not is_link_to_source(note.fields[SOURCE]):
        here, there = named_file(note.fields[SOURCE]), named_file(in_anki[SOURCE])
        return bool(here and there) and composed(here) != there
    return any(composed(one) != other for one, other in zip(fields[:SEAL], in_anki[:SEAL], strict=True))
