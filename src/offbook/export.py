"""Turns rendered cards into drafts of Anki notes, the entries of a new ledger, and the list of changes. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Protocol

from msgspec import structs

from offbook.errors import Location
from offbook.field_text import digests, renumbered, sealed, text_digest
from offbook.language import ENGLISH, voice_of
from offbook.ledger import remembering
from offbook.model import (
    Change,
    Content,
    Draft,
    Entry,
    Former,
    Gap,
    IdentifiedCard,
    Kind,
    Numbered,
    Rendered,
    Status,
    served,
)
from offbook.notetypes import CLOZE, QUESTION, Notetype
from offbook.retiring import retired
from offbook.tags import RETIRED

_REVERSED = {"reversed": "1", "term": "term"}  # what the field Reversed holds; the reverse asks by it

Values = Callable[[IdentifiedCard], tuple[str, ...]]
"""Returns the fields of a card's Anki note, in the order of its notetype."""
_REVERSE = 2  # the number of the card that asks in the other direction


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export does, before anything is packaged."""

    drafts: tuple[Draft, ...]
    """In the order of the notes, retired cards last."""
    entries: Mapping[str, Entry]
    """The new ledger, by guid; entries of companies that are not exported stay as they are."""
    changes: tuple[Change, ...]


class Exporter:
    """Holds what cards are now against the entries that the ledger has of them."""

    def __init__(self, entries: Iterable[Entry], numbers: Mapping[str, Numbered], values: Values, now: int) -> None:
        """Compare with `entries`, at `now` seconds since the epoch; `values` gives the fields of what changed.

        `numbers` are those of the gaps of cards, by guid.
        """
        self._before = {entry.guid: entry for entry in entries}
        self._numbers = numbers
        self._values = values
        self._now = now
        self._changes: list[Change] = []
        self.entries = dict(self._before)

    def export(
        self,
        cards: Sequence[tuple[IdentifiedCard, Content]],
        gone: Sequence[Entry],
        kept: Mapping[str, tuple[str, ...]],
    ) -> Exported:
        """Return what becomes of `cards`, and of the entries `gone` from the notes.

        `kept` are the fields that the packages hold, by guid: of a retired card's text nothing else is left.
        """
        drafts = [self._draft(card, content) for card, content in cards if not card.card.is_open]
        self._changes += [_change(Status.OPEN, card, None) for card, _ in cards if card.card.is_open]
        drafts += self._retired(gone, kept)
        changes = sorted(self._changes, key=attrgetter("location.path"))
        return Exported(tuple(drafts), self.entries, tuple(changes))

    def _draft(self, card: IdentifiedCard, content: Content) -> Draft:
        """Enter a card in the ledger."""
        before = self._before.get(card.guid)
        rest = (plain_values(card), card.guid, card.tags, *_of_language(card, content.language))
        numbers = _other_numbers(self._numbers.get(card.guid))
        exact = _digest(_kind(card), content.digest, *rest, *numbers)
        place = (card.card.location.path, _block(card))
        written = _digest(_kind(card), content.written, *rest, *numbers, place)
        # offbook 1.0.0 wrote the digest of all that is exported.
        same = before is not None and before.content == (written if before.fields else exact)
        entry = self._entry(card, content.language, written, before, same=same)
        self.entries[card.guid] = entry
        emptied = tuple(gap.number for gap in entry.past if before is None or gap not in before.past)
        self._changes.append(structs.replace(_change(_status(entry, before), card, before), emptied=emptied))
        return Draft(entry, exact, card, content.media)

    def _entry(self, card: IdentifiedCard, language: str, digest: str, before: Entry | None, *, same: bool) -> Entry:
        """Return a card's entry: a changed card must be newer than what Anki has of it, by whole seconds."""
        gaps = self._numbers.get(card.guid)
        past = gaps.past if gaps else _past(card.card.kind, before)
        is_same = same and before is not None and _is_same(card, before) and _has_gaps(before, gaps)
        if before is not None and is_same and before.past == past and before.language == language:
            return before
        modified = added = self._now
        if before is not None:
            added = before.added
            modified = before.modified if same else max(self._now, before.modified + 1)
        fields = self._values(card)
        entry = Entry(
            guid=card.guid,
            note=card.card.location.path,
            question=card.card.question_text,
            companies=card.companies,
            deck=card.source.deck,
            section=card.section,
            block=_block(card),
            answer=card.sketch,
            content=digest,
            added=added,
            modified=modified,
            cloze=card.card.kind is Kind.CLOZE,
            texts=(text_digest(fields),),
            tags=card.tags,
            fields=digests(fields),
            words=gaps.words if gaps else "",
            gaps=gaps.gaps if gaps else (),
            past=past,
            reversed=card.card.kind is Kind.REVERSED,
            by_looks=card.card.by_looks,
            language=language,
        )
        return entry if before is None else remembering(entry, before)

    def _retired(self, gone: Sequence[Entry], kept: Mapping[str, tuple[str, ...]]) -> list[Draft]:
        """Retire the entries whose cards are gone, and return the drafts of all that are retired."""
        drafts: list[Draft] = []
        guids = {entry.guid for entry in gone}
        there = {_stands(entry): guid for guid, entry in self.entries.items() if guid not in guids}
        for before in sorted(gone, key=lambda entry: (entry.note, entry.section, entry.question, entry.guid)):
            entry = before if before.retired else self._retire(before, kept.get(before.guid, ()), there)
            if len(entry.kept) == len((CLOZE if entry.cloze else QUESTION).fields):
                drafts.append(Draft(entry, _digest(entry.cloze, entry.kept, retired_tags(entry), entry.guid)))
        return drafts

    def _retire(self, before: Entry, fields: tuple[str, ...], there: Mapping[Hashable, str]) -> Entry:
        """Retire an entry; where another card is the same in all, it is the twin of that."""
        entry = structs.replace(retired(before, fields, self._now), twin_of=there.get(_stands(before), ""))
        self.entries[entry.guid] = entry
        place, former = Location(before.note), _former(before)
        self._changes.append(
            Change(Status.RETIRED, place, before.question, before.companies, before.deck, before.guid, former)
        )
        return entry


def _stands(entry: Entry) -> Hashable:
    return entry.note, entry.section, entry.question, entry.answer, entry.companies


def _change(status: Status, card: IdentifiedCard, before: Entry | None) -> Change:
    question, place = card.card.question_text, card.card.location
    return Change(
        status, place, question, card.companies, card.source.deck, card.guid, _former(before) if before else None
    )


def _former(entry: Entry) -> Former:
    return Former(entry.question, entry.note, entry.deck)


def _status(entry: Entry, before: Entry | None) -> Status:
    if before is None:
        return Status.NEW
    if entry.deck != before.deck:
        return Status.MOVED
    same_text = (entry.question, entry.answer) == (before.question, before.answer)
    if same_text and not before.retired and (entry.note, entry.section) != (before.note, before.section):
        return Status.MOVED
    return Status.UNCHANGED if entry.modified == before.modified else Status.CHANGED


def _past(kind: Kind, before: Entry | None) -> tuple[Gap, ...]:
    """Return the number of the card that stays empty in Anki once a question is no longer asked in both directions."""
    if before is None or kind is not Kind.QUESTION:
        return ()
    return (Gap(_REVERSE),) if before.reversed else before.past


def _other_numbers(gaps: Numbered | None) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Return what tells gaps that have other numbers than those written; nothing where they have not."""
    others = tuple(sorted((a, b) for a, b in gaps.numbers.items() if a != b)) if gaps else ()
    return (others,) if others else ()


def _has_gaps(entry: Entry, gaps: Numbered | None) -> bool:
    return gaps is None or (entry.gaps == gaps.gaps and entry.words == gaps.words)


def _is_same(card: IdentifiedCard, entry: Entry) -> bool:
    """Whether an entry holds already all that there is to enter of a card whose content is the same."""
    found = card.card
    return (
        entry.question == found.question_text
        and entry.answer == card.sketch
        and entry.note == found.location.path
        and entry.section == card.section
        and entry.companies == card.companies
        and entry.deck == card.source.deck
        and entry.block == _block(card)
        and entry.cloze == (found.kind is Kind.CLOZE)
        and not (entry.retired or entry.kept)
        and bool(entry.texts and entry.fields)
        and entry.reversed == (found.kind is Kind.REVERSED)
        and entry.by_looks == found.by_looks
        and (entry.tags == card.tags or set(entry.tags).issuperset(card.tags))
    )


def _block(card: IdentifiedCard) -> str:
    return card.card.block_id or card.card.note_id


def retired_tags(entry: Entry) -> tuple[str, ...]:
    """Return the tags of a retired card's Anki note."""
    return tuple(sorted((RETIRED, *(f"company::{slug}" for slug in entry.companies))))


def _digest(*parts: object) -> str:
    return hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()


def in_known_languages(
    cards: Iterable[tuple[IdentifiedCard, Content]], entries: Iterable[Entry]
) -> list[tuple[IdentifiedCard, Content]]:
    """Return cards in the language that the ledger has of those whose text is the same.

    What a short text seems to be written in depends on its note, and a card does not change for an edit of another one.
    """
    known = {(entry.guid, entry.question, entry.answer): entry.language for entry in entries if entry.language}
    result: list[tuple[IdentifiedCard, Content]] = []
    for card, content in cards:
        language = known.get((card.guid, card.card.question_text, card.sketch), content.language)
        result.append((card, structs.replace(content, language=language)))
    return result


def gone(
    entries: Iterable[Entry], cards: Iterable[IdentifiedCard], unread: Collection[str], chosen: Sequence[str]
) -> list[Entry]:
    """Return what the ledger holds of the `chosen` companies (slugs) and the notes do not.

    A note that could not be read, or whose folder could not, has lost nothing: `unread` has their paths.
    """
    present = {card.guid for card in cards if not card.card.is_open}
    folders = tuple("" if path == "." else f"{path}/" for path in unread)
    return [
        entry
        for entry in entries
        if entry.guid not in present
        and not (entry.note in unread or entry.note.startswith(folders))
        and served(entry.companies, chosen)
    ]


# -- what an Anki note holds besides the text --------------------------------------------------------


def plain_values(card: IdentifiedCard) -> tuple[str, str, str]:
    """Return the company's name, what is read aloud and the time (seconds), as plain text."""
    settings = card.source.settings
    speech = " ".join(card.card.question_text.split()) if settings.speak else ""
    return ", ".join(card.source.target.names), speech, str(settings.time or "")


def _of_language(card: IdentifiedCard, seeming: str) -> tuple[str, ...]:
    """Return what a card's language changes: nothing in English, unless it is read aloud."""
    language, voice = _language_and_voice(card, seeming)
    return (language, voice) if language or voice else ()


def _language_and_voice(card: IdentifiedCard, seeming: str) -> tuple[str, str]:
    """Return the language of a card as HTML has it, empty for English, and that of its voice, empty for none.

    The settings name it, else it is what the card seems to be written in.
    """
    settings = card.source.settings
    language = settings.lang or seeming
    return "" if language.split("-")[0] == ENGLISH else language, voice_of(language) if settings.speak else ""


def _kind(card: IdentifiedCard) -> str:
    return "term" if card.card.is_term else str(card.card.kind)


def notetype_of(draft: Draft) -> Notetype:
    """Return the notetype of a draft's Anki note."""
    return CLOZE if draft.entry.cloze else QUESTION


def tags_of(draft: Draft) -> tuple[str, ...]:
    """Return the tags of a draft's Anki note."""
    return retired_tags(draft.entry) if draft.card is None else draft.card.tags


class AsField(Protocol):
    """Makes a field of plain text; with a voice, such as `de_DE`, one that Anki reads aloud."""

    def __call__(self, text: str, voice: str = "") -> str:
        """Return the field."""


def fields_of(card: IdentifiedCard, html: Rendered, as_field: AsField, gaps: Numbered | None) -> tuple[str, ...]:
    """Return the fields of a card's Anki note, in the order of its notetype; `gaps` has the numbers of a cloze's gaps.

    A cloze's Speak has the voice alone: its template reads the text aloud, which has another gap on each card.
    """
    company, speech, time = plain_values(card)
    language, voice = _language_and_voice(card, html.language)
    if card.card.kind is Kind.CLOZE:
        text = renumbered(html.question, gaps.numbers) if gaps else html.question
        return sealed((text, *html.fields[1:], as_field(company), voice, time, card.guid, language, ""))
    spoken = as_field(speech, voice) if speech else ""
    reversed_ = _REVERSED.get(_kind(card), "")
    return sealed((*html.fields, as_field(company), spoken, time, reversed_, card.guid, language, ""))
