"""Turns identified cards into what is written: Anki notes, a new ledger, and the list of changes."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from offbook import files, ledger, notetypes
from offbook.cards.card import Kind
from offbook.company import ALL
from offbook.errors import Location, Problem
from offbook.ledger import Entry, Header, Section
from offbook.lookups import digest
from offbook.notetypes import CLOZE, QUESTION, Notetype
from offbook.pipeline import Build, Change, IdentifiedCard, Project, Settled, Status
from offbook.reader import Fields, Reading
from offbook.tags import RETIRED

if TYPE_CHECKING:
    from offbook.package import AnkiNote


def export(
    project: Project,
    names: dict[str, str],
    chosen: Sequence[str],
    cards: Sequence[IdentifiedCard],
    entries: Sequence[Entry],
    settled: Collection[Settled],
    unread: Collection[str],
    problems: Sequence[Problem],
    now: int,
) -> Build:
    """Compute the packages of the `chosen` companies and the ledger; entries of others stay as they are.

    `cards` and `entries` are those of all notes but the settled ones. `unread` are notes and folders that could not
    be read: nothing in them is taken to be gone.
    """
    served_as_before = [note for note in settled if note.guids and serves(note.source.target.slugs, chosen)]
    result = Build(names, [], list(problems), served_as_before)
    exporter = Exporter(project, result, entries, now)
    served = [card for card in cards if serves(card.companies, chosen)]
    drafts = [exporter.draft(card) for card in served if not card.card.is_open]
    result.unsettled += [card.change(Status.OPEN, None) for card in served if card.card.is_open]
    drafts += exporter.retired(gone(entries, cards, unread, chosen))
    header = _looks(project.settings.css, ledger.load_header(project.decks / ledger.FILE_NAME), now)
    packages = [package for package in _packages(drafts, served_as_before, chosen) if package.drafts or package.settled]
    for package in project.progress(packages, len(packages), "Writing") if project.progress else packages:
        result.packages[package.key] = _bytes(project, exporter, package, header.changed or notetypes.CHANGED)
    lines = ledger.sections(exporter.entries.values())
    _settle(project, drafts, lines)
    kept = {(note.source.note.path, False): note.lines for note in settled if note.lines}
    result.ledger = ledger.dump_sections(kept | lines, header)
    result.suggested = sum(card.card.suggested for card in served)
    return result


@dataclass(slots=True)
class Package:
    """What goes into the package of one company."""

    key: str
    drafts: list[Draft]
    settled: list[Settled]


def _packages(drafts: Sequence[Draft], settled: Sequence[Settled], chosen: Sequence[str]) -> list[Package]:
    packages = {key: Package(key, [], []) for key in sorted(chosen)}
    for draft in drafts:
        for key in packages if ALL in draft.entry.companies else packages.keys() & draft.entry.companies:
            packages[key].drafts.append(draft)
    for note in settled:
        companies = note.source.target.slugs
        for key in packages if ALL in companies else packages.keys() & companies:
            packages[key].settled.append(note)
    return list(packages.values())


def _bytes(project: Project, exporter: Exporter, package: Package, changed: int) -> bytes:
    """Return a company's package: the one that is there, if it was made of the same."""
    made_of = [(section, _made_of(drafts)) for section, drafts in _by_section(package.drafts).items()]
    made_of += [((note.source.note.path, False), note.made_of) for note in package.settled]
    inputs = digest(repr((sorted(made_of), project.settings.css, changed)).encode())
    file = project.package(package.key).absolute()
    known = project.cache.get("package", str(file), inputs)
    if known is not None:
        with suppress(OSError):
            data = file.read_bytes()
            if digest(data) == known:
                return data
    from offbook.package import package_bytes

    drafts = sorted([*package.drafts, *exporter.drafts_of(package.settled)], key=_place)
    media = dict(sorted(pair for draft in drafts for pair in draft.media))
    data = package_bytes([exporter.note(draft) for draft in drafts], list(media.items()), project.settings.css, changed)
    project.cache.put("package", str(file), inputs, digest(data))
    return data


def _place(draft: Draft) -> tuple[bool, str, int, int, str]:
    """Return by what drafts are sorted: cards by their place in the notes; those of retired ones stay behind them."""
    if draft.card is None:
        return True, "", 0, 0, ""
    card = draft.card.card
    return False, card.location.path, card.location.line, card.end, draft.entry.guid


def _by_section(drafts: Iterable[Draft]) -> dict[Section, list[Draft]]:
    found: dict[Section, list[Draft]] = defaultdict(list)
    for draft in drafts:
        found[draft.entry.note, draft.card is None].append(draft)
    return found


def _made_of(drafts: Iterable[Draft]) -> bytes:
    """Return a hash of what a note's cards are in a package."""
    made_of = [
        (draft.content, draft.entry.deck, draft.entry.added, draft.entry.modified, [name for name, _ in draft.media])
        for draft in drafts
    ]
    return digest(repr(made_of).encode())


def _settle(project: Project, drafts: Iterable[Draft], lines: Mapping[Section, str]) -> None:
    """Keep which notes are done with: as long as they and their entries stay the same, nothing is to be done again."""
    for section, found in _by_section(drafts).items():
        cards = sorted((draft.card for draft in found if draft.card), key=lambda card: card.index)
        if cards and _is_settled(cards[0].source.reading, found, lines[section]):
            guids = tuple(card.guid for card in cards)
            project.settle(Settled(cards[0].source, guids, _made_of(found), lines[section]))


def _is_settled(reading: Reading, drafts: Sequence[Draft], lines: str) -> bool:
    """Whether the next export is sure to find the same: each card has its entry, and no other one could be meant."""
    distinct = {(d.entry.section, d.entry.question, d.entry.answer, d.entry.cloze) for d in drafts}
    complete = len(distinct) == len(drafts) == reading.cards == lines.count("\n") + 1
    return complete and not reading.asks and not any(draft.problems for draft in drafts)


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
    media: tuple[tuple[str, Path], ...] = ()
    """What it shows: names in Anki, and the files."""
    problems: tuple[Problem, ...] = ()


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
        self.files: dict[str, Path] = {}
        """What the drafts show, by the names in Anki."""

    def draft(self, card: IdentifiedCard) -> Draft:
        """Enter a card in the ledger."""
        fields = self._fields(card)
        self._result.problems += fields.problems
        self.files |= fields.media
        before = self._before.get(card.guid)
        content = _content_hash(str(card.card.kind), fields.digest, _raw_values(card), card.guid, card.tags)
        entry = self._entry(card, content, before)
        self.entries[card.guid] = entry
        self._result.unsettled.append(card.change(_status(entry, before), before))
        return Draft(entry, content, card, fields.media, fields.problems)

    def drafts_of(self, notes: Iterable[Settled]) -> Iterator[Draft]:
        """Yield the drafts of notes for whose cards there is nothing to do but to go into a package again."""
        for note in notes:
            entries = note.entries()
            for card in note.cards():
                yield Draft(entries[card.guid], "", card, self._fields(card).media)

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
            texts=(ledger.text_digest(self._values_of(card)),),
            tags=tuple(sorted({*card.tags})),
        )
        return entry if before is None else ledger.remembering(entry, before)

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
        self._result.unsettled.append(change)
        return entry

    def _stored_fields(self) -> dict[str, tuple[str, ...]]:
        """Return the fields that the packages hold: of a retired card's text nothing else is left."""
        from offbook.package import stored_fields

        return stored_fields(files.with_ending(self._project.decks, ".apkg"))


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


@lru_cache(maxsize=1000)  # the name of a company is that of many cards
def _text_field(text: str) -> str:
    from offbook.render.fields import text_field

    return text_field(text)


def _retired_tags(entry: Entry) -> tuple[str, ...]:
    return tuple(sorted((RETIRED, *(f"company::{key}" for key in entry.companies))))


def _content_hash(*parts: object) -> str:
    return hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()


def _status(entry: Entry, before: Entry | None) -> Status:
    if before is None:
        return Status.NEW
    if entry.deck != before.deck:
        return Status.MOVED
    same_text = (entry.question, entry.answer) == (before.question, before.answer)
    if same_text and not before.retired and (entry.note, entry.section) != (before.note, before.section):
        return Status.MOVED
    return Status.UNCHANGED if entry.content == before.content else Status.CHANGED
