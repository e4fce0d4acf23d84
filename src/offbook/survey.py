"""The stages in order, as far as the cards: read, find, assign, suggest, identify.

`offbook.pipeline` goes on from there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from offbook.companies import Assigned, Gone, apart, assign, company_names, handed_over
from offbook.errors import Problem
from offbook.identify import identified
from offbook.ledger import Ledger
from offbook.likeness import question_key, uncounted
from offbook.memo import Codec
from offbook.model import Entry, IdentifiedCard, Note, Passed, Reading, Source
from offbook.project import Project
from offbook.sources.links import digest
from offbook.talking_points import Points, asking, points, suggest

Entries: TypeAlias = Sequence[Entry] | None
"""Entries instead of those of the ledger, if there are any."""
_POINTS = Codec("points", tuple[Points, ...])


@dataclass(frozen=True, slots=True)
class Survey:
    """What the notes hold, and the ledger's entries that it is."""

    sources: tuple[Source, ...]
    """The notes that could be read."""
    problems: list[Problem]
    oddities: list[Problem]
    """What is odd about the ledger."""
    ledger: Ledger
    names: dict[str, str]
    """The companies, from slug to name."""
    cards: list[IdentifiedCard]
    unread: set[str]
    """The paths of notes and folders that could not be read: nothing in them is taken to be gone."""
    left_out: dict[str, str]
    """The paths of notes that make no cards, and by which rule."""
    marked: list[Problem]
    """Where `#card` marks a text in one of them."""
    passed: list[Passed]
    """The questions in parts of notes that are left out beside others of theirs."""
    gone: Gone
    """What is known of companies that are not there any more."""


def survey(
    project: Project, paths: Sequence[str] | None = None, *, rendered: bool = False, entries: Entries = None
) -> Survey:
    """Read the notes at `paths`, all if none are given, and find, assign, suggest and identify their cards.

    `rendered` says that the cards will be rendered. Raises LedgerError.
    """
    paths = project.vault.note_paths() if paths is None else paths
    readings = project.stages.readings(
        paths, rendered=rendered, workers=project.workers and rendered, progress=project.progress
    )
    read, oddities = project.ledger()
    read = read if entries is None else replace(read, entries=list(entries))
    assigned, cards = _identified(project, paths, readings, read)
    if kept := _kept(read.entries, cards, assigned):
        readings = [
            project.stages.keeping(reading, kept[reading.note.path], rendered=rendered)
            if reading.note.path in kept
            else reading
            for reading in readings
        ]
        assigned, cards = _identified(project, paths, readings, read)
    found, sources = {card.guid for card in cards}, assigned.sources
    entries = handed_over(read.entries, cards, sources)
    lost = [entry for entry in entries if entry.guid not in found]
    project.memo.save()
    left_out = dict(sorted({**project.vault.left_out, **assigned.left_out}.items()))
    return Survey(
        sources=sources,
        problems=[*project.vault.problems, *dict.fromkeys(assigned.problems)],  # parts of a note share its own
        oddities=oddities,
        ledger=replace(read, entries=entries),
        names=company_names(sources, lost, assigned.closed),
        cards=cards,
        unread=assigned.unread | {problem.location.path for problem in project.vault.problems},
        left_out=left_out,
        marked=assigned.marked,
        passed=assigned.passed,
        gone=Gone(read.entries, assigned.closed),
    )


def _identified(
    project: Project, paths: Sequence[str], readings: Sequence[Reading], read: Ledger
) -> tuple[Assigned, list[IdentifiedCard]]:
    """Return the notes with their companies and talking points, and their cards as the ledger knows them."""
    others = _others(project, frozenset(paths))
    assigned = assign([*apart(readings)], paths, project.settings, project.vault.archived, project.shown, others)
    assigned.sources = suggest(assigned.sources, _points(project, assigned.sources))
    return assigned, identified(assigned.sources, read.entries)


def _kept(entries: Iterable[Entry], cards: Iterable[IdentifiedCard], assigned: Assigned) -> dict[str, set[str]]:
    """Return the keys of questions that are no card any more for what changed around them, by the path of their note.

    No mark made them cards, and who edits one question does not want to lose the reviews of another.
    """
    found, notes = {card.guid for card in cards}, {source.path for source in assigned.sources}
    kept: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.by_looks and not entry.retired and entry.guid not in found and entry.note in notes:
            kept[entry.note].add(question_key(uncounted(entry.question)))
    return kept


def _others(project: Project, paths: Collection[str]) -> Iterator[Note]:
    """Yield the notes that are not at `paths`, with what their front matter says; nothing is read before."""
    for path in project.vault.note_paths():
        if path not in paths:
            yield project.library.read(project.vault.notes / path, path)[0]


def _points(project: Project, sources: Sequence[Source]) -> Iterator[Points]:
    """Yield the talking points for all open questions; those of a company whose notes did not change are memoised."""
    for slugs, group in asking(sources).items():
        state = digest(b"".join(map(_state, group)))
        yield from project.memo(_POINTS, "\0".join(slugs), state, partial(points, group))


def _state(source: Source) -> bytes:
    """Return what tells one state of a note, or of a part of one, from another, whose it is among that."""
    reading = source.reading
    return reading.digest + repr((source.path, source.target, reading.places, reading.kept)).encode()
