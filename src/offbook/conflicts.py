"""What is odd about a decks folder: a lost ledger, an older one, lines that a merge left, copies of sync programs."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from operator import attrgetter
from pathlib import Path

from msgspec import structs

from offbook import files
from offbook.errors import Location, OffbookError, Problem, Severity
from offbook.ledger import FILE_NAME, Ledger, later, read
from offbook.model import Entry
from offbook.text import in_one_line

_TIME = 10  # digits of a time in seconds, with which a package ends


def merged_ledger(folder: Path) -> tuple[Ledger, list[Problem]]:
    """Return a folder's ledger, with what copies of it know besides, and what was odd.

    Raises LedgerError where the ledger cannot be used; such a copy is only told.
    """
    ledger = read(folder / FILE_NAME)
    entries = {entry.guid: entry for entry in ledger.entries}
    taken = [_problem(copy.name, "ledger-copy", _taken(copy, entries)) for copy in copies(folder)]
    older = _caught_up(folder, entries)
    whole = replace(ledger, entries=list(entries.values()))
    return whole, [*_lost(folder, ledger), *_merged(ledger), *taken, *older]


def copies(folder: Path) -> list[Path]:
    """Return what programs that keep folders alike on several computers make of a ledger that changed on two.

    `ledger (conflicted copy).jsonl`, `ledger.sync-conflict-20240131-101500-ABC.jsonl`, `ledger 2.jsonl`, and the like.
    """
    stem, ending = FILE_NAME.split(".")
    ledgers = files.with_ending(folder, ending)
    return [file for file in ledgers if file.name.startswith(stem) and file.name != FILE_NAME]


def _caught_up(folder: Path, entries: dict[str, Entry]) -> list[Problem]:
    """Make entries newer than the packages' cards where the ledger is older than these, and return what to say of it.

    Git took the ledger to another branch, or a backup brought it back: what Anki got since is not what it tells. One
    who imports with offbook needs none of this, as an import sees what Anki has.
    """
    last = max((entry.modified for entry in entries.values()), default=0)
    newer = [file for file in files.with_ending(folder, ".apkg") if _newest(file) > last > 0]
    if not newer or any(entry.in_anki for entry in entries.values()):
        return []
    from offbook.package import read_notes

    notes = [note for file in newer for note in read_notes(file.read_bytes())]
    times = {note.guid: note.modified for note in sorted(notes, key=attrgetter("modified"))}
    behind = [entry for guid, entry in entries.items() if entry.modified < times.get(guid, 0)]
    if not behind:
        return []
    for entry in behind:
        entries[entry.guid] = structs.replace(entry, modified=times[entry.guid] + 1, content="")
    message = (
        f"in {str(folder)!r} is older than the packages there, as after a change of the git branch; they hold a later "
        f"state of cards, such as “{in_one_line(behind[0].question)}” ({len(behind)} in all). Anki gets these anew, as "
        "the notes have them now"
    )
    return [_problem(FILE_NAME, "older-ledger", message)]


def _newest(package: Path) -> int:
    """Return when the newest card of a package of offbook's changed, in seconds since the epoch; 0 of any other."""
    try:
        with package.open("rb") as file:
            file.seek(-_TIME, os.SEEK_END)
            end = file.read()
    except OSError:
        return 0
    return int(end) if end.isdigit() else 0


def _lost(folder: Path, ledger: Ledger) -> Iterable[Problem]:
    file = folder / FILE_NAME
    if not ledger.entries and files.with_ending(folder, ".apkg"):
        message = (
            f"is {'empty' if file.exists() else 'missing'} in {str(folder)!r}, though packages are there; restore it "
            "if you can. Without it cards whose questions were reworded are new, and what is imported by hand "
            "overwrites edits made in Anki"
        )
        yield _problem(FILE_NAME, "lost-ledger", message)


def _merged(ledger: Ledger) -> Iterable[Problem]:
    """Tell once of all cards of which several lines say different things."""
    if ledger.merged:
        number, entry = ledger.merged[0]
        more = len(ledger.merged) - 1
        named = f"“{in_one_line(entry.question)}”{f' and {more} more' if more else ''}"
        message = f"a merge left an older line of {named}; the later one counts, and there is nothing to mend"
        yield Problem(Location(FILE_NAME, number), "ledger-merged", message, Severity.NOTE)


def _taken(copy: Path, entries: dict[str, Entry]) -> str:
    """Merge a copy's entries into `entries`, and return what to say of it."""
    where = f"in {str(copy.parent)!r} looks like a copy of the ledger that a sync program made"
    try:
        found = read(copy).entries
    except OffbookError:
        return f"{where}; it cannot be read as one. Move it out of the folder"
    new = [entry for entry in found if entry.guid not in entries]
    newer = [entry for entry in found if entry.guid in entries and entry.modified > entries[entry.guid].modified]
    entries |= {entry.guid: later(entries.get(entry.guid, entry), entry) for entry in found}
    parts = [
        f"{len(taken)} that {what}, such as “{in_one_line(taken[0].question)}”"
        for taken, what in ((new, "only it has"), (newer, "it has in a later state"))
        if taken
    ]
    if not parts:
        return f"{where}; every card in it is in {FILE_NAME}, too. Delete it"
    return f"{where}; of its cards these were taken: {', and '.join(parts)}. It may be deleted now"


def _problem(name: str, code: str, message: str) -> Problem:
    return Problem(Location(name), code, message, Severity.WARNING)
