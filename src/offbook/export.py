"""Turns identified cards into what is written: Anki notes, a new ledger, and the list of changes."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from offbook import files, ledger, notetypes
from offbook.cards import Kind
from offbook.company import ALL
from offbook.errors import Location, Problem
from offbook.ledger import Entry, Looks
from offbook.media import Media
from offbook.notetypes import CLOZE, QUESTION
from offbook.package import AnkiNote, package_bytes, stored_fields
from offbook.pipeline import Build, Change, IdentifiedCard, Project, Status
from offbook.render import Rendered, Renderer, text_field
from offbook.tags import RETIRED


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
    notes = [(card.companies, exporter.note(card)) for card in served if not card.card.is_open]
    result.changes += [_change(Status.OPEN, card, None) for card in served if card.card.is_open]
    notes += exporter.retired(gone(entries, cards, unread, chosen))
    own_css = project.settings.css
    looks = _looks(own_css, ledger.load_looks(project.decks / ledger.FILE_NAME), now)
    for key in sorted(chosen):
        in_package = [note for companies, note in notes if serves(companies, (key,))]
        if in_package:
            result.packages[key] = package_bytes(
                in_package, exporter.media(in_package), own_css, looks.changed if looks else notetypes.CHANGED
            )
    result.ledger = ledger.dump(exporter.entries.values(), looks)
    result.suggested = sum(card.card.suggested for card in served)
    return result


def _looks(own_css: str, before: Looks | None, now: int) -> Looks | None:
    """Return the looks with the time of their last change; None where they always were offbook's own."""
    if before is None and not own_css:
        return None
    digest = notetypes.looks(own_css)
    if before is not None and before.digest == digest:
        return before
    return Looks(digest, max(now, notetypes.CHANGED + 1, before.changed + 1 if before else 0))


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


class Exporter:
    """Makes Anki notes, and keeps the ledger while doing so."""

    def __init__(self, project: Project, result: Build, entries: Sequence[Entry], now: int) -> None:
        self._project = project
        self._result = result
        self._now = now
        self._before = {entry.guid: entry for entry in entries}
        self.entries = dict(self._before)
        self._media = Media()
        self._media_of: dict[str, tuple[Path, ...]] = {}
        self._renderers = {
            strict: Renderer(project.vault, self._media, strict_breaks=strict) for strict in (False, True)
        }

    def note(self, card: IdentifiedCard) -> AnkiNote:
        """Render a card and enter it in the ledger."""
        settings = card.source.settings
        rendered = self._renderers[settings.strict_line_breaks].card(card.card, settings.hint)
        self._result.problems += rendered.problems
        self._media_of[card.guid] = rendered.media
        notetype = CLOZE if card.card.kind is Kind.CLOZE else QUESTION
        fields = _fields(card, rendered)
        before = self._before.get(card.guid)
        entry = self._stamped(_entry(card, _content_hash(notetype.name, fields, card.tags)), before)
        entry = ledger.remembering(entry, before, ledger.text_digest(fields), card.tags)
        self.entries[card.guid] = entry
        self._result.changes.append(_change(_status(entry, before), card, before))
        return AnkiNote(card.guid, notetype, fields, card.tags, card.source.deck, entry.added, entry.modified)

    def _stamped(self, entry: Entry, before: Entry | None) -> Entry:
        """Give an entry its times: a changed card must be newer than what Anki has of it, by whole seconds."""
        if before is None:
            return replace(entry, added=self._now, modified=self._now)
        if entry.content == before.content:
            return replace(entry, added=before.added, modified=before.modified)
        return replace(entry, added=before.added, modified=max(self._now, before.modified + 1))

    def retired(self, entries: Iterable[Entry]) -> list[tuple[tuple[str, ...], AnkiNote]]:
        """Retire the entries whose cards are gone, and return the notes of all that are retired."""
        found = sorted(entries, key=lambda entry: (entry.note, entry.section, entry.question, entry.guid))
        fields = self._stored_fields() if any(not entry.retired for entry in found) else {}
        notes: list[tuple[tuple[str, ...], AnkiNote]] = []
        for before in found:
            entry = before if before.retired else self._retire(before, fields.get(before.guid, ()))
            notetype = CLOZE if entry.cloze else QUESTION
            if len(entry.kept) == len(notetype.fields):
                tags = tuple(sorted((RETIRED, *(f"company::{key}" for key in entry.companies))))
                note = AnkiNote(entry.guid, notetype, entry.kept, tags, entry.deck, entry.added, entry.modified)
                notes.append((entry.companies, note))
        return notes

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
        return stored_fields(files.with_ending(self._project.decks, ".apkg"))

    @property
    def files(self) -> dict[str, Path]:
        """The files that the notes made so far show, by their names in Anki."""
        return {name: file for file, name in self._media.names.items()}

    def media(self, notes: Iterable[AnkiNote]) -> list[tuple[str, Path]]:
        """Return the names in Anki and the files of what the notes show."""
        used = {file for note in notes for file in self._media_of.get(note.guid, ())}
        return sorted({self._media.names[file]: file for file in sorted(used)}.items())


def _entry(card: IdentifiedCard, content: str) -> Entry:
    identity = card.identity
    return Entry(
        guid=card.guid,
        note=identity.note,
        question=identity.question,
        companies=card.companies,
        deck=card.source.deck,
        section=identity.section,
        block=identity.block,
        answer=identity.sketch,
        content=content,
        cloze=identity.cloze,
    )


def _fields(card: IdentifiedCard, rendered: Rendered) -> tuple[str, ...]:
    """Return the fields in the order of the notetypes."""
    settings = card.source.settings
    speech = " ".join(card.card.question_text.split()) if settings.speak else ""
    fields = (
        rendered.question,
        rendered.answer,
        rendered.hint,
        rendered.context,
        rendered.source,
        text_field(", ".join(card.source.target.names)),
        text_field(speech),
        str(settings.time or ""),
    )
    if card.card.kind is Kind.CLOZE:
        return (*fields, card.guid, "", "")
    return (*fields, "1" if card.card.kind is Kind.REVERSED else "", card.guid, "", "")


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
