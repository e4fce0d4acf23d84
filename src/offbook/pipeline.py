"""The stages in order, as far as the packages: what `offbook.survey` found is rendered, exported, packaged.

`write()` puts what was built into the decks folder.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from glob import iglob
from pathlib import Path

from msgspec import msgpack, structs

from offbook import clock, files, ledger, looks, notetypes
from offbook.companies import (
    choose,
    ledger_names,
    losing_companies,
    matching_nothing,
    packaged_names,
)
from offbook.descriptions import descriptions
from offbook.errors import Location, Problem, Severity, UsageError
from offbook.export import Exported, Exporter, Values, fields_of, gone, in_known_languages, notetype_of, tags_of
from offbook.identify.gaps import gap_numbers
from offbook.interview import days_in_text, interviews_of, unclear_days
from offbook.lost_cards import as_told, no_longer_asked, now_empty, now_left_out, perhaps_reworded
from offbook.memo import Codec
from offbook.model import AnkiNote, Build, Change, Content, Draft, Entry, IdentifiedCard, Numbered, served
from offbook.project import Project
from offbook.settings import FILE_NAME as CONFIG
from offbook.sources.links import digest
from offbook.sources.note import decode_note
from offbook.sources.targets import UNREADABLE
from offbook.sources.vault import ignored_by, why_no_notes
from offbook.survey import Entries, Survey, survey

_PACKAGE = Codec("package", bytes)
# Git merges the ledger by keeping the lines of both sides, and no packages, which every export makes alike.
_ATTRIBUTES, _IGNORE = ".gitattributes", ".gitignore"
_MOST_ABOVE = 3  # folders around that of the notes
_FEWEST_OF_OTHERS = 3  # cards all gone at once that make it likelier that they are another vault's


def build(
    project: Project, wanted: Sequence[str], now: int, *, importing: bool = False, entries: Entries = None
) -> Build:
    """Compute an export of the companies named (all if none is), at `now` seconds since the epoch.

    A company that is gone has no package once its cards' retirement was exported. For those who are `importing` it has
    one for as long as no import has suspended its cards. Raises UsageError for an unknown company or where there is
    nothing to export, LedgerError.
    """
    doubted, now = clock.doubts(now), clock.plausible(now)
    paths = project.vault.note_paths()
    found = survey(project, paths, rendered=True, entries=entries)
    _refuse(project, paths, found)
    names = found.names | (_to_be_suspended(found.ledger.entries) if importing else {})
    chosen = choose(wanted, names, found.sources, found.ledger.entries, found.gone)
    cards = render(project, [card for card in found.cards if served(card.companies, chosen)], found.ledger.entries)
    whole = [(card, content) for card, content in cards if not _shows_unreadable(content)]
    lost = gone(found.ledger.entries, found.cards, found.unread | _undecided(cards, found), chosen)
    exported, values = _exported(project, found.ledger.entries, whole, lost, now)
    header = looks.header(project.settings.css, found.ledger.header, now)
    made = partial(package_of, project, values, header.changed or notetypes.CHANGED, descriptions(found.sources, lost))
    packages = package(project, chosen, exported.drafts, made)
    project.stages.forget_others(paths)
    project.memo.save()
    told, reworded = _told(project, found, exported)
    return Build(
        names=names,
        chosen=tuple(chosen if wanted else names),
        notes=tuple(dict.fromkeys(source.path for source in found.sources)),
        changes=exported.changes,
        problems=(*told, *doubted, *_on_cards(cards)),
        packages=packages,
        ledger=ledger.dump(exported.entries.values(), header),
        suggested=sum(card.card.suggested for card, _ in cards),
        left_out=found.left_out,
        over=_over(project, found, names),
        interviews=tuple(interviews_of(found.sources)),
        reworded=reworded,
        days_in_text=tuple(days_in_text(found.sources, datetime.date.fromtimestamp(now))),
    )


def _shows_unreadable(content: Content) -> bool:
    """Whether a card embeds a note that cannot be read: it stays as it was exported."""
    return any(problem.code == UNREADABLE for problem in content.problems)


def _undecided(cards: Iterable[tuple[IdentifiedCard, Content]], found: Survey) -> set[str]:
    """Return the notes with a new card that embeds a note that cannot be read: it may be an old one in other words."""
    known = {entry.guid for entry in found.ledger.entries}
    return {card.source.path for card, content in cards if card.guid not in known and _shows_unreadable(content)}


def _exported(
    project: Project,
    entries: Sequence[Entry],
    cards: Sequence[tuple[IdentifiedCard, Content]],
    lost: Sequence[Entry],
    now: int,
) -> tuple[Exported, Values]:
    """Return what becomes of the cards and of those that are gone, and what gives the fields of a card."""
    stored = stored_fields(project, lost, entries)
    numbers = gap_numbers(cards, entries, stored)
    values = values_of(project, numbers, cards)
    return Exporter(entries, numbers, values, now).export(cards, lost, stored), values


def _over(project: Project, found: Survey, names: Mapping[str, str]) -> dict[str, str]:
    """Return the companies that are gone and still have a package, from slug to name.

    A package that retires cards stays until an import has suspended them: one who imports by hand may not have yet.
    """
    kept = names.keys() | _to_be_suspended(found.ledger.entries).keys()
    known = packaged_names(found.ledger.entries)
    return {key: name for key, name in known.items() if key not in kept and os.path.lexists(project.package(key))}


def beside_notes(project: Project, found: Survey) -> Iterator[Problem]:
    """Yield what is odd beside the notes, of which `found` are all: settings that match none, and stray packages."""
    every = _every_path(project, found)
    yield from matching_nothing(project.settings, every, {entry.note for entry in found.ledger.entries})
    yield from _ignoring_nothing(project, every)
    yield from _strays(project, found)


def _every_path(project: Project, found: Survey) -> set[str]:
    """Return the paths of all notes, `found` or left out; those of notes in the archive outside of it, too."""
    outside = project.vault.archived.values()
    return {source.path for source in found.sources}.union(found.left_out, found.unread, outside)


def _ignoring_nothing(project: Project, paths: Iterable[str]) -> Iterator[Problem]:
    """Warn of patterns in the setting `ignore` that lead nowhere; one of names alone, `*.draft`, may be for later."""
    named = (pattern for pattern in project.settings.ignore if "/" in pattern or not set(pattern) & set("*?["))
    for pattern in named:
        is_there = any(iglob(pattern, root_dir=project.vault.notes))  # noqa: PTH207 - `Path.glob` refuses some
        if not is_there and all(ignored_by(path, [pattern]) is None for path in paths):
            message = f"`ignore` names {pattern!r}, and nothing is there; name it as it is called now, or leave it out"
            yield Problem(Location(CONFIG), "settings", message, Severity.WARNING)


def _strays(project: Project, found: Survey) -> Iterator[Problem]:
    """Yield a problem for each package of no company that the notes or the ledger know.

    Such packages are left alone: the ledger of another computer came without them, or they were put there by hand.
    """
    known = found.names.keys() | packaged_names(found.ledger.entries).keys()
    for file in files.with_ending(project.decks, ".apkg"):
        if file.stem not in known:
            message = (
                f"this package in {str(project.decks)!r} belongs to no company any more, and is not written again; "
                "delete it, or move it elsewhere to keep it. What Anki has stays"
            )
            yield Problem(Location(file.name), "stray-package", message, Severity.NOTE)


def _told(
    project: Project, found: Survey, exported: Exported
) -> tuple[list[Problem], tuple[tuple[Change, Change], ...]]:
    """Return what there is to say of the notes, and of cards that are gone from them, perhaps by mistake.

    Behind it are new cards with those that are gone, and that they may be in other words.
    """
    told = [*found.problems, *unclear_days(found.sources), *found.oddities, *beside_notes(project, found)]
    paths = {source.path for source in found.sources if source.settings.cards != "explicit"}
    vault = project.vault

    def read(path: str) -> str | None:
        try:
            note = decode_note(vault.read_note(vault.notes / path), path, of_graph=vault.graph is not None)
        except OSError:
            return None
        return "\n" * (note.body_line - 1) + note.body

    closed = found.gone.closed.keys()
    lost = [change for change in exported.changes if not closed >= {*change.companies}]
    left_out = now_left_out(lost, found.left_out, {source.path for source in found.sources}, read)
    cards = {card.card.location for card in found.cards} | {passed.location for passed in found.passed}
    asked = list(
        no_longer_asked(exported.changes, cards, sorted(paths), lambda path: read(path) if path in paths else None)
    )
    reworded = tuple(perhaps_reworded(exported.changes, exported.entries, {change.guid for change, _ in asked}))
    told += [
        *left_out,
        *now_empty(lost, read),
        *(as_told(new, gone) for new, gone in reworded),
        *(problem for _, problem in asked),
    ]
    return told, reworded


def _on_cards(cards: Iterable[tuple[IdentifiedCard, Content]]) -> Iterator[Problem]:
    return (problem for card, content in cards if not card.card.is_open for problem in content.problems)


def _to_be_suspended(entries: Sequence[Entry]) -> dict[str, str]:
    """Return the companies, from slug to name, with retired cards that Anki may have and no import has suspended."""
    imported = any(entry.in_anki for entry in entries)
    return ledger_names(
        entry for entry in entries if entry.retired and not entry.suspended and (entry.in_anki or not imported)
    )


def write(project: Project, result: Build) -> list[Path]:
    """Write what differs from what is there; return the packages written.

    The ledger goes first: should the run be cut off behind it, the next one makes the very packages that
    this one would have made.
    """
    files.make_folder(project.decks)
    files.write(project.decks / ledger.FILE_NAME, result.ledger.encode())
    if not os.path.lexists(project.decks / _ATTRIBUTES):
        files.write(project.decks / _ATTRIBUTES, f"{ledger.FILE_NAME} merge=union\n".encode())
        if not os.path.lexists(project.decks / _IGNORE):
            files.write(project.decks / _IGNORE, b"*.apkg\n.offbook.lock*\npreview.html\n")
    for slug in result.over:
        project.package(slug).unlink(missing_ok=True)
    packages = [(project.package(slug), data) for slug, data in sorted(result.packages.items())]
    return [file for file, data in packages if files.write(file, data)]


def _refuse(project: Project, paths: Sequence[str], found: Survey) -> None:
    if not paths and not project.vault.problems and not found.ledger.entries:
        raise UsageError(why_no_notes(project.vault))
    _refuse_other_notes(project, found)
    archived = {path for pair in project.vault.archived.items() for path in pair}
    live = [entry for entry in found.ledger.entries if not entry.retired]
    lost = losing_companies(project.settings, _every_path(project, found) - archived, live)
    if lost and not found.unread:
        raise UsageError(lost)


def _refuse_other_notes(project: Project, found: Survey) -> None:
    """Stop before the cards of other notes are taken to be gone, because --decks names their folder."""
    live = {entry.guid: entry.note for entry in found.ledger.entries if not entry.retired}
    if not live or found.unread or not live.keys().isdisjoint(card.guid for card in found.cards):
        return
    known, left_out = {source.path for source in found.sources}, {path.rpartition("/")[2] for path in found.left_out}
    gone = [note for note in live.values() if note not in known]
    strange = [note for note in gone if note.rpartition("/")[2] not in left_out]
    held = f"none of the {len(live)} cards in {str(project.decks / ledger.FILE_NAME)!r} is in these notes"
    if len(gone) == len(live) >= _FEWEST_OF_OTHERS and (above := _folder_above(project, set(gone))):
        raise UsageError(f"{held}: they are of notes in {str(above)!r}, around this folder; name that with --notes")
    if len(strange) >= max(_FEWEST_OF_OTHERS, len(live) / 2):
        raise UsageError(
            f"{held}; is it the folder of other notes? Name another one with --decks. To start anew there, delete the "
            "ledger."
        )


def _folder_above(project: Project, paths: Collection[str]) -> Path | None:
    """Return the folder around that of the notes from which most of these paths lead to notes."""
    folders = list(project.vault.notes.absolute().parents)[:_MOST_ABOVE]
    return next((f for f in folders if 2 * sum((f / path).is_file() for path in paths) > len(paths)), None)


# -- render and package ------------------------------------------------------------------------------


def render(
    project: Project, cards: Sequence[IdentifiedCard], entries: Iterable[Entry] = ()
) -> list[tuple[IdentifiedCard, Content]]:
    """Return the cards with what they are in Anki, but for the HTML, which `values_of` has.

    `entries` are the ledger's, which knows languages.
    """
    sources = {id(card.source): card.source for card in cards}
    rendered = {key: project.stages.contents(source) for key, source in sources.items()}
    return in_known_languages(((card, rendered[id(card.source)][card.index]) for card in cards), entries)


def values_of(
    project: Project, numbers: Mapping[str, Numbered], cards: Iterable[tuple[IdentifiedCard, Content]] = ()
) -> Values:
    """Return a function that gives the fields of a rendered card's Anki note.

    `numbers` are those of gaps, by guid; `cards` have languages that the ledger knows better.
    """
    languages = {card.guid: content.language for card, content in cards}

    def values(card: IdentifiedCard) -> tuple[str, ...]:
        from offbook.render.gate import text_field

        html = project.stages.rendered(card.source)[card.index]
        html = structs.replace(html, language=languages.get(card.guid, html.language))
        return fields_of(card, html, text_field, numbers.get(card.guid))

    return values


def stored_fields(project: Project, lost: Sequence[Entry], entries: Sequence[Entry] = ()) -> dict[str, tuple[str, ...]]:
    """Return the fields that the packages hold, by guid, where one of the entries `lost` will be retired.

    Likewise where one of all `entries` has gaps and does not know them.
    """
    if all(entry.retired for entry in lost) and all(e.gaps or not e.cloze or e.retired for e in entries):
        return {}
    from offbook.package import stored_fields

    return stored_fields(files.with_ending(project.decks, ".apkg"))


def package(
    project: Project, chosen: Sequence[str], drafts: Sequence[Draft], made: Callable[[str, Sequence[Draft]], bytes]
) -> dict[str, bytes]:
    """Return the packages of the `chosen` companies that have cards, by slug, each as it is `made` of its drafts."""
    of_company: dict[str, list[Draft]] = {slug: [] for slug in sorted(chosen)}
    slugs = {companies: served(companies, of_company) for companies in {draft.entry.companies for draft in drafts}}
    for draft in drafts:
        for slug in slugs[draft.entry.companies]:
            of_company[slug].append(draft)
    full = [(slug, drafts) for slug, drafts in of_company.items() if drafts]
    steps = project.progress(full, len(full), "Writing") if project.progress else full
    return {slug: made(slug, drafts) for slug, drafts in steps}


def package_of(
    project: Project,
    values: Values,
    changed: int,
    descriptions: Mapping[str, str],
    slug: str,
    drafts: Sequence[Draft],
) -> bytes:
    """Return a company's package: the one that is there, if it was made of the same.

    `changed` is when the looks of its cards were; `descriptions` are those of decks, by name.
    """
    made_of = [
        (draft.entry.guid, draft.digest, draft.entry.deck, draft.entry.added, draft.entry.modified, draft.media)
        for draft in drafts
    ]
    described = [(deck, descriptions.get(deck, "")) for deck in sorted({draft.entry.deck for draft in drafts})]
    state = digest(msgpack.encode((made_of, project.settings.css, changed, described)))
    file = Path(os.path.abspath(project.package(slug)))  # noqa: PTH100 - without `..`
    written = project.memo.get(_PACKAGE, str(file), state)
    if written is not None:
        with suppress(OSError):
            data = file.read_bytes()
            if digest(data) == written:
                return data
    from offbook.package import Planned, package_bytes

    notes = [Planned(draft.entry.deck, notetype_of(draft), partial(anki_note, draft, values)) for draft in drafts]
    files_of = sorted({name: Path(place) for draft in drafts for name, place in draft.media}.items())
    media = [(name, partial(project.library.media.read, file, name)) for name, file in files_of]
    data = package_bytes(notes, media, project.settings.css, changed, dict(described))
    project.memo.put(_PACKAGE, str(file), state, digest(data))
    return data


def anki_note(draft: Draft, values: Values) -> AnkiNote:
    """Return the Anki note that a draft becomes."""
    fields = draft.entry.kept if draft.card is None else values(draft.card)
    entry = draft.entry
    return AnkiNote(entry.guid, notetype_of(draft), fields, tags_of(draft), entry.deck, entry.added, entry.modified)
