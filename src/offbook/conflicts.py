"""What is odd about a decks folder: a lost ledger, lines that a merge left, and copies that sync programs make."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from offbook import files
from offbook.errors import Location, OffbookError, Problem, Severity
from offbook.ledger import FILE_NAME, Ledger, later, read
from offbook.model import Entry
from offbook.text import in_one_line


def merged_ledger(folder: Path) -> tuple[Ledger, list[Problem]]:
    """Return a folder's ledger, with what copies of it know besides, and what was odd.

    Raises LedgerError where the ledger cannot be used; such a copy is only told.
    """
    ledger = read(folder / FILE_NAME)
    entries = {entry.guid: entry for entry in ledger.entries}
    taken = [_problem(copy.name, "ledger-copy", _taken(copy, entries)) for copy in copies(folder)]
    whole = replace(ledger, entries=list(entries.values()))
    return whole, [*_lost(folder, ledger), *_merged(ledger), *taken]


def copies(folder: Path) -> list[Path]:
    """Return what programs that keep folders alike on several computers make of a ledger that changed on two.

    `ledger (conflicted copy).jsonl`, `ledger.sync-conflict-20240131-101500-ABC.jsonl`, `ledger 2.jsonl`, and the like.
    """
    stem, ending = FILE_NAME.split(".")
    ledgers = files.with_ending(folder, ending)
    return [file for file in ledgers if file.name.startswith(stem) and file.name != FILE_NAME]


def _lost(folder: Path, ledger: Ledger) -> Iterable[Problem]:
    file = folder / FILE_NAME
    if not ledger.entries and files.with_ending(folder, ".apkg"):
        message = (
            f"is {'empty' if file.exists() else 'missing'} in {str(folder)!r}, though packages are there; restore it "
            "if you can. Without it cards whose questions were reworded are new, and edits made in Anki are "
            "overwritten"
        )
        yield _problem(FILE_NAME, "lost-ledger", message)


def _merged(ledger: Ledger) -> Iterable[Problem]:
    for number, entry in ledger.merged:
        message = (
            f"“{in_one_line(entry.question)}” is on two lines, as a merge leaves them; the one changed later was taken"
        )
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
