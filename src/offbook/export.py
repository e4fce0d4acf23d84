"""Turns identified cards into what is written: Anki notes, a new ledger, and the list of changes."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from offbook import files, ledger, notetypes
from offbook.cards.card import Kind
from offbook.company import ALL
from offbook.errors import Location, Problem
from offbook.ledger import Entry, Header
from offbook.lookups import digest
from offbook.notetypes import CLOZE, QUESTION, Notetype
from offbook.pipeline import Build, Change, IdentifiedCard, Project, Status
from offbook.reader import Fields
from offbook.tags import RETIRED

if TYPE_CHECKING:
    from offbook.package import AnkiNote


def export(
    project: Project,
    names: dict[str, str],
    chosen: Sequence[str],
    cards: Sequence[IdentifiedCard],
    entries: Sequence[Entry],
    unread: Collection[str],
    problems: Sequence[Problem],
    now: int,
) -> Build:
    """Compute the packages of the `chosen` companies and the ledger; entries of others stay as they are.

    `unread` are notes and folders that could not be read: nothing in them is taken to be gone.
    """
    result = Build(names, [], list(problems))
    exporter = Exporter(project, result, entries, now)
    served = [card for card in cards if serves(card.companies, chosen)]
    drafts = [exporter.draft(card) for card in served if not card.card.is_open]
    result.changes += [_change(Status.OPEN, card, None) for card in served if card.card.is_open]
    drafts += exporter.retired(gone(entries, cards, unread, chosen))
    header = _looks(project.settings.css, ledger.load_header(project.decks / ledger.FILE_NAME), now)
    of_company: dict[str, list[Draft]] = {key: [] for key in sorted(chosen)}
    for draft in drafts:
        for key in of_company if ALL in draft.entry.companies else draft.entry.companies:
            if key in of_company:
                of_company[key].append(draft)
    packages = [(key, drafts) for key, drafts in of_company.items() if drafts]
    for key, drafts in project.progress(packages, len(packages), "Writing") if project.progress else packages:
        result.packages[key] = _package(project, exporter, key, drafts, header.changed or notetypes.CHANGED)
    result.ledger = ledger.dump(exporter.entries.values(), header)
    result.suggested = sum(card.card.suggested for card in served)
    return result


def _package(project: Project, exporter: Exporter, key: str, drafts: Sequence[Draft], changed: int) -> bytes:
    """Return a company's package: the one that is there, if it was made of the same."""
    media = exporter.media(drafts)
    made_of = [(draft.content, draft.entry.deck, draft.entry.added, draft.entry.modified) for draft in drafts]
    inputs = digest(repr((made_of, [name for name, _ in media], project.settings.css, changed)).encode())
    file = project.package(key).absolute()
    known = project.cache.get("package", str(file), inputs)
    if known is not None:
        with suppress(OSError):
            data = file.read_bytes()
            if digest(data) == known:
                return data
    from offbook.package import package_bytes

    data = package_bytes([exporter.note(draft) for draft in drafts], media, project.settings.css, changed)
    project.cache.put("package", str(file), inputs, digest(data))
    return data


def _looks(own_css: str, before: Header, now: int) -> Header:
    """Return the header with the looks and the time of their last change, unless they always were offbook's own."""
    if not before.looks and not own_css:
        return before
    looks = notetypes.looks(own_css)
    if before.looks == looks:
        return before
    return replace(before, looks=looks, changed=max(now, notetypes.CHANGED + 1, before.changed + 1))


def gone(
    entries: Iterable[Entry], cards: Iterable[IdentifiedCard], unread: Collection[str], chosen: Sequence[str]
) -> Iterator[Entry]:
    """Yield what the ledger knows and the notes do not hold; a note that could not be read has lost nothing."""
    present = {card.guid for card in cards if not card.card.is_open}
    folders = tuple("" if path == "." else f"{path}/" for path in unread)
    for entry in entries:
        read = not (entry.note in unread or entry.note.startswith(folders))
        if read and entry.guid not in present and serves(entry.companies, chosen):
            yield entry


def serves(companies: Sequence[str], chosen: Iterable[str]) -> bool:
    """Whether a card of `companies` (slugs, or `all`) is exported with one of the `chosen`."""
    return ALL in companies or not set(companies).isdisjoint(chosen)


@dataclass(slots=True)
class Draft:
    """What becomes an Anki note: its entry in the ledger, and where the rest is to be had."""

    entry: Entry
    content: str
    """A hash of all that is exported of it, but for its deck and times."""
    card: IdentifiedCard | None = None
    """None where the card is retired."""


class Exporter:
    """Makes Anki notes, and keeps the ledger while doing so."""

    def __init__(self, project: Project, result: Build, entries: Sequence[Entry], now: int) -> None:
        self._project = project
        self._reader = project.reader
        self._result = result
        self._now = now
        self._before = {entry.guid: entry for entry in entries}
        self.entries = dict(self._before)
        self._html_of_points: dict[str, tuple[str, ...]] = {}
        self._media_of: dict[str, tuple[tuple[str, Path], ...]] = {}

    def draft(self, card: IdentifiedCard) -> Draft:
        """Enter a card in the ledger."""
        fields = self._fields(card)
        self._result.problems += fields.problems
        if fields.media:
            self._media_of[card.guid] = fields.media
        before = self._before.get(card.guid)
        content = _content_hash(str(card.card.kind), fields.digest, _raw_values(card), card.guid, card.tags)
        entry = self._entry(card, content, before)
        self.entries[card.guid] = entry
        self._result.changes.append(_change(_status(entry, before), card, before))
        return Draft(entry, content, card)

    def _fields(self, card: IdentifiedCard) -> Fields:
        reading = card.source.reading
        if card.card.suggested:
            fields, self._html_of_points[card.guid] = self._reader.with_points(reading, card.card)
            return fields
        return self._reader.fields(reading, card.index)

    def note(self, draft: Draft) -> AnkiNote:
        """Return the Anki note."""
        from offbook.package import AnkiNote

        card, entry = draft.card, draft.entry
        if card is None:
            notetype, fields, tags = CLOZE if entry.cloze else QUESTION, entry.kept, _retired_tags(entry)
        else:
            notetype, fields, tags = _notetype(card), self._values_of(card), card.tags
        return AnkiNote(entry.guid, notetype, fields, tags, entry.deck, entry.added, entry.modified)

    def _entry(self, card: IdentifiedCard, content: str, before: Entry | None) -> Entry:
        """Return a card's entry: a changed card must be newer than what Anki has of it, by whole seconds."""
        if before is not None and content == before.content and _is_same(card, before):
            return before
        modified = added = self._now
        if before is not None:
            added = before.added
            modified = before.modified if content == before.content else max(self._now, before.modified + 1)
        identity = card.identity
        entry = Entry(
            guid=card.guid,
            note=identity.note,
            question=identity.question,
            companies=card.companies,
            deck=card.source.deck,
            section=identity.section,
            block=identity.block,
            answer=identity.sketch,
            content=content,
            added=added,
            modified=modified,
            cloze=identity.cloze,
        )
        return ledger.remembering(entry, before, ledger.text_digest(self._values_of(card)), card.tags)

    def _values_of(self, card: IdentifiedCard) -> tuple[str, ...]:
        """Return the fields of a card that `draft` has seen, in the order of the notetypes."""
        html = self._html_of_points.get(card.guid) or self._reader.html(card.source.reading, card.index)
        return *html, *_values(card)

    def retired(self, entries: Iterable[Entry]) -> list[Draft]:
        """Retire the entries whose cards are gone, and return the drafts of all that are retired."""
        found = sorted(entries, key=lambda entry: (entry.note, entry.section, entry.question, entry.guid))
        fields = self._stored_fields() if any(not entry.retired for entry in found) else {}
        drafts: list[Draft] = []
        for before in found:
            entry = before if before.retired else self._retire(before, fields.get(before.guid, ()))
            if len(entry.kept) == len((CLOZE if entry.cloze else QUESTION).fields):
                drafts.append(Draft(entry, _content_hash(entry.cloze, entry.kept, _retired_tags(entry), entry.guid)))
        return drafts

    def _retire(self, before: Entry, fields: tuple[str, ...]) -> Entry:
        time = max(self._now, before.modified + 1)
        tags = tuple(sorted({*before.tags, RETIRED}))
        entry = replace(before, retired=time, modified=time, content="", kept=fields, tags=tags)
        self.entries[entry.guid] = entry
        location = Location(before.note)
        change = Change(Status.RETIRED, location, before.question, before.companies, before.deck, before.guid, before)
        self._result.changes.append(change)
        return entry

    def _stored_fields(self) -> dict[str, tuple[str, ...]]:
        """Return the fields that the packages hold: of a retired card's text nothing else is left."""
        from offbook.package import stored_fields

        return stored_fields(files.with_ending(self._project.decks, ".apkg"))

    @property
    def files(self) -> dict[str, Path]:
        """The files that the notes made so far show, by their names in Anki."""
        return {name: file for media in self._media_of.values() for name, file in media}

    def media(self, drafts: Iterable[Draft]) -> list[tuple[str, Path]]:
        """Return the names in Anki and the files of what the notes show."""
        used = {pair for draft in drafts for pair in self._media_of.get(draft.entry.guid, ())}
        return sorted(dict(sorted(used)).items())


def _notetype(card: IdentifiedCard) -> Notetype:
    return CLOZE if card.card.kind is Kind.CLOZE else QUESTION


def _is_same(card: IdentifiedCard, entry: Entry) -> bool:
    """Whether an entry holds already all that there is to enter of a card whose content is the same."""
    identity = card.identity
    return (
        (entry.note, entry.section, entry.question, entry.answer)
        == (identity.note, identity.section, identity.question, identity.sketch)
        and (entry.companies, entry.deck, entry.block, entry.cloze)
        == (card.companies, card.source.deck, identity.block, identity.cloze)
        and not (entry.retired or entry.kept)
        and bool(entry.texts)
        and (entry.tags == card.tags or set(entry.tags).issuperset(card.tags))
    )


def _raw_values(card: IdentifiedCard) -> tuple[str, str, str]:
    """Return the company's name, what is read aloud and the time, as plain text."""
    settings = card.source.settings
    speech = " ".join(card.card.question_text.split()) if settings.speak else ""
    return ", ".join(card.source.target.names), speech, str(settings.time or "")


def _values(card: IdentifiedCard) -> tuple[str, ...]:
    """Return the fields behind those that are rendered, in the order of the notetypes."""
    company, speech, time = _raw_values(card)
    fields = (_text_field(company), _text_field(speech), time)
    if card.card.kind is Kind.CLOZE:
        return (*fields, card.guid, "", "")
    return (*fields, "1" if card.card.kind is Kind.REVERSED else "", card.guid, "", "")


@lru_cache(maxsize=1000)
def _text_field(text: str) -> str:
    from offbook.render.fields import text_field

    return text_field(text)


def _retired_tags(entry: Entry) -> tuple[str, ...]:
    return tuple(sorted((RETIRED, *(f"company::{key}" for key in entry.companies))))


def _content_hash(*parts: object) -> str:
    return hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()


def _change(status: Status, card: IdentifiedCard, before: Entry | None) -> Change:
    found = card.card
    return Change(status, found.location, found.question_text, card.companies, card.source.deck, card.guid, before)


def _status(entry: Entry, before: Entry | None) -> Status:
    if before is None:
        return Status.NEW
    if entry.deck != before.deck:
        return Status.MOVED
    same_text = (entry.question, entry.answer) == (before.question, before.answer)
    if same_text and not before.retired and (entry.note, entry.section) != (before.note, before.section):
        return Status.MOVED
    return Status.UNCHANGED if entry.content == before.content else Status.CHANGED
