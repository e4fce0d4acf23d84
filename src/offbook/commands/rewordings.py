"""Asks, in a terminal, whether a new card is one in other words that would be retired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from offbook import files, ledger
from offbook.commands import common
from offbook.commands.paths import located
from offbook.commands.terminal import one_line
from offbook.lost_cards import as_told
from offbook.model import Build, Change, Entry
from offbook.project import Project
from offbook.retiring import reworded
from offbook.sources.vault import Vault

_MOST_ASKED = 10


class BuildAgain(Protocol):
    """Builds an export as before, but on other entries than the ledger's."""

    def __call__(self, *, entries: Sequence[Entry]) -> Build:
        """Return the export."""


def ask_of_rewordings(lock: files.Lock, project: Project, result: Build, build_again: BuildAgain) -> Build:
    """Return what the export is once the user has said which new cards are old ones; nothing is asked of a script.

    On what the user has decided there is no warning any more. Nothing is written. `lock` is that of the decks folder;
    other runs may have it while the user is waited for.
    """
    pairs = result.reworded[:_MOST_ASKED] if common.is_terminal() else ()
    if not pairs:
        return result
    file = project.decks / ledger.FILE_NAME
    exported = ledger.bytes_of(file)
    with lock.freed():
        said = {gone.guid: new.guid for new, gone in pairs if _agrees(new, gone, project.vault)}
    if not said and ledger.bytes_of(file) == exported:
        return _without(result, pairs)
    before, _ = project.ledger()
    after = {entry.guid: entry for entry in ledger.parse(result.ledger.encode(), str(file))}
    entries = [reworded(e, after[said[e.guid]]) if e.guid in said else e for e in before.entries]
    return _without(build_again(entries=entries), pairs)


def _without(result: Build, answered: Sequence[tuple[Change, Change]]) -> Build:
    """Return an export without the warnings of rewordings on which the user has decided."""
    told = [as_told(new, gone) for new, gone in answered]
    return replace(result, problems=tuple(problem for problem in result.problems if problem not in told))


def _agrees(new: Change, gone: Change, vault: Vault) -> bool:
    common.say(f"{located(gone.location, vault)} lacks a card with reviews:  “{one_line(gone.question)}”")
    common.say(f"{located(new.location, vault)} has a new one:  “{one_line(new.question)}”")
    question = "Is the new one the old one in other words, and to keep its reviews?"
    return common.agrees(question, default=False, if_left="Nothing was exported or imported.")
