"""Settles, by a question in a terminal, whether a new card is one in other words that is gone from the notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from msgspec import structs

from offbook import files, ledger
from offbook.anki import Anki
from offbook.anki.identity import name_of
from offbook.anki.merge import is_as_written
from offbook.commands import common
from offbook.commands.paths import located
from offbook.commands.terminal import one_line
from offbook.lost_cards import are_much_alike, as_told
from offbook.model import DECLINED, Build, Change, Entry
from offbook.project import Project
from offbook.retiring import reworded
from offbook.sources.vault import Vault

_MOST_ASKED = 10


class BuildAgain(Protocol):
    """Builds an export as before, but on other entries than the ledger's."""

    def __call__(self, *, entries: Sequence[Entry]) -> Build:
        """Return the export."""


def settle_rewordings(
    lock: files.Lock | None, project: Project, result: Build, build_again: BuildAgain, anki: Anki | None = None
) -> Build:
    """Return what the export is once it is decided which new cards are old ones in other words.

    An old card without a review in `anki` is the new one if both question and answer are much alike. Of the others the
    user is asked, if there is somebody to ask: a card that was never reviewed may have flags and tags of the user's. On
    what is decided there is no warning any more. Nothing is written. `lock` is that of the decks folder, which other
    runs may have while the user is waited for; None where nothing is to be asked.
    """
    if not result.reworded:
        return result
    after = {entry.guid: entry for entry in ledger.parse(result.ledger.encode(), ledger.FILE_NAME)}
    alike = [pair for pair in result.reworded if are_much_alike(*(after[change.guid] for change in pair))]
    unused = _without_reviews(project, alike, after, anki) if anki is not None and alike else set()
    pairs = [(new, gone) for new, gone in alike if gone.guid in unused]
    asked = [pair for pair in result.reworded if pair not in pairs][:_MOST_ASKED] if common.is_terminal() else []
    said = {gone.guid: new.guid for new, gone in pairs}
    if lock is not None and asked:
        with lock.freed():
            said |= {gone.guid: new.guid for new, gone in asked if _agrees(new, gone, project.vault)}
        pairs += asked
    if not pairs:
        return result
    before, _ = project.ledger()
    decided = {old.guid: reworded(old, after[said[old.guid]]) for old in before.entries if old.guid in said}
    declined = {gone.guid for _, gone in pairs} - said.keys()
    decided |= {old.guid: structs.replace(old, told=DECLINED) for old in before.entries if old.guid in declined}
    entries = [decided.get(entry.guid, entry) for entry in before.entries]
    return _without(build_again(entries=entries), pairs)


def _without_reviews(
    project: Project, pairs: Sequence[tuple[Change, Change]], entries: Mapping[str, Entry], anki: Anki
) -> set[str]:
    """Return which of the old cards, by guid, have no review, and no text of the user's: they are as exported.

    That is not known of those that Anki lacks, nor of those that were imported into other collections, too. `entries`
    are those of the new ledger, by guid.
    """
    here = {name_of(anki.notetypes(), ledger.load_header(project.decks / ledger.FILE_NAME).collections)}
    in_anki, rehearsed = anki.notes(), anki.rehearsed()
    old = {gone.guid for _, gone in pairs if here.issuperset(entries[gone.guid].collections)}
    return {guid for guid in old & in_anki.keys() if in_anki[guid].id not in rehearsed and is_as_written(in_anki[guid])}


def _without(result: Build, answered: Sequence[tuple[Change, Change]]) -> Build:
    """Return an export without the warnings of rewordings on which the user has decided."""
    told = [as_told(new, gone) for new, gone in answered]
    return replace(result, problems=tuple(problem for problem in result.problems if problem not in told))


def _agrees(new: Change, gone: Change, vault: Vault) -> bool:
    common.say(f"{located(gone.location, vault)} no longer has the card  “{one_line(gone.question)}”")
    common.say(f"{located(new.location, vault)} has a new one:  “{one_line(new.question)}”")
    question = "Is the new one the old one in other words, and to keep its reviews?"
    agreed = common.agrees(question, default=False, if_left="Nothing was exported or imported.")
    if not agreed:
        common.say(f"To say yes afterwards: offbook retired --reworded {gone.guid} {new.guid}")
    return agreed
