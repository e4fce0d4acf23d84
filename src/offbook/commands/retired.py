"""`offbook retired`: lists or forgets the cards that are gone from the notes and still in the ledger."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from offbook import files, ledger
from offbook.clock import plausible
from offbook.commands import common, data
from offbook.commands.paths import shown
from offbook.commands.terminal import rest_of_line, width
from offbook.companies import choose, ledger_names
from offbook.errors import Location, OffbookError, UsageError
from offbook.likeness import question_key
from offbook.model import ALL, Entry
from offbook.package import stored_fields
from offbook.retiring import joined


@click.command()
@common.companies_argument
@common.notes_option
@common.decks_option
@click.option("--forget", is_flag=True, help="Drop them from the ledger and from the next packages.")
@click.option(
    "--reworded",
    nargs=2,
    metavar="OLD NEW",
    help="Say that the retired card OLD is the card NEW in other words, which gets its reviews. Name each by its "
    "question or its guid.",
)
@common.json_option
@common.reports_errors
def retired(
    companies: tuple[str, ...], notes: Path, decks: Path, forget: bool, reworded: tuple[str, str] | None, as_json: bool
) -> None:
    """List the cards that were exported once and are gone from the notes, of all companies or of each COMPANY.

    In Anki they are tagged offbook::retired. A card that comes back to the notes gets its history back; one that was
    forgotten only if its question is as it was first exported.
    """
    if reworded and (companies or forget or as_json):
        raise UsageError("--reworded takes the old and the new card, and goes with no COMPANY, --forget or --json")
    if reworded:
        _join(decks, *reworded)
        return
    if not forget:
        _show(ledger.load(decks / ledger.FILE_NAME), companies, notes, as_json=as_json)
        return
    with files.lock(decks, common.say) as lock:
        before = ledger.read(decks / ledger.FILE_NAME)
        forgotten = _retired(before.entries, companies)
        _show(before.entries, companies, notes, as_json=as_json)
        if forgotten and common.is_terminal() and not as_json:
            cards = common.counted(len(forgotten), "card")
            with lock.freed():
                agreed = common.agrees(f"Forget {cards}?", default=False, if_left="Nothing was forgotten.")
            if not agreed:
                raise OffbookError("nothing was forgotten")
            before = ledger.read(decks / ledger.FILE_NAME)  # what came back meanwhile stays
            shown_guids = {entry.guid for entry in forgotten}
            forgotten = [entry for entry in _retired(before.entries, companies) if entry.guid in shown_guids]
        guids = {entry.guid for entry in forgotten}
        rest = ledger.dump((entry for entry in before.entries if entry.guid not in guids), before.header)
        files.write(decks / ledger.FILE_NAME, rest.encode())
    if forgotten and not as_json:
        they = (
            "It stays in Anki until you delete it" if len(forgotten) == 1 else "They stay in Anki until you delete them"
        )
        click.echo(f"{common.counted(len(forgotten), 'card')} forgotten. {they} there.")


def _join(decks: Path, old: str, new: str) -> None:
    """Enter in the ledger that a retired card stands in the notes in other words; raise UsageError for unknown ones."""
    file = decks / ledger.FILE_NAME
    with files.lock(decks, common.say):
        before = ledger.read(file)
        was = _named(_retired(before.entries, ()), old, "retired card")
        now = _named((entry for entry in before.entries if not entry.retired), new, "exported card")
        if was.cloze != now.cloze:
            raise UsageError("a card with gaps and one that asks are two for Anki, and cannot be one")
        fields = stored_fields(files.with_ending(decks, ".apkg")).get(now.guid, ())
        entries = joined(before.entries, was, now, fields, plausible(int(time.time())))
        files.write(file, ledger.dump(entries, before.header).encode())
    common.show(f"“{now.question}” is “{was.question}” in other words, and has its reviews from the next export on.")
    if not any(entry.in_anki for entry in before.entries):
        common.show(f"If you imported the new one by hand already, delete it in Anki, which finds it by Key:{now.guid}")


def _named(entries: Iterable[Entry], name: str, kind: str) -> Entry:
    """Return the entry that has a question, or a guid. Raises UsageError where there is none, or several."""
    found = [entry for entry in entries if name == entry.guid or question_key(name) == question_key(entry.question)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"no {kind} asks {name!r}, nor has that guid")
    raise UsageError(f"several cards ask {name!r}; name one by its guid: {', '.join(entry.guid for entry in found)}")


def _retired(entries: list[Entry], companies: tuple[str, ...]) -> list[Entry]:
    """Return the retired entries of the companies, of all if none is named, by the time of their retirement.

    Twins of cards that are in the notes are none: their question is not gone.
    """
    chosen = set(choose(companies, ledger_names(entries))) if companies else None
    gone = [entry for entry in entries if entry.retired and not entry.twin_of]
    return sorted(
        (entry for entry in gone if chosen is None or not chosen.isdisjoint(entry.companies)),
        key=lambda entry: (entry.retired, entry.note, entry.question),
    )


def _show(entries: list[Entry], companies: tuple[str, ...], notes: Path, *, as_json: bool) -> None:
    """Print the retired cards of the companies, of all if none is named; their notes were below the folder `notes`."""
    found, names = _retired(entries, companies), ledger_names(entries)
    if as_json:
        for entry in found:
            common.print_json(_as_data(entry, names))
        return
    for entry in found:
        place = f"{_date(entry.retired)}  {shown(notes / entry.note)}: "
        common.show(place + rest_of_line(entry.question, width(place)))
    shared = sum(1 for entry in entries if companies and entry.retired and ALL in entry.companies)
    are = "card that every company shares is" if shared == 1 else "cards that every company shares are"
    if shared and found:
        common.show(f"{shared} {are} retired, too: offbook retired lists all.")
    elif shared:
        alone = " or ".join(names[slug] for slug in choose(companies, names))
        common.show(f"No card of {alone} alone is retired; {shared} {are}: offbook retired lists all.")
    elif not found:
        click.echo("No card is retired.")


def _as_data(entry: Entry, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        **data.of_card(Location(entry.note), entry.question, entry.guid),
        "company": data.names_of(entry.companies, entry.deck, names),
        "deck": entry.deck,
        "retired_at": datetime.fromtimestamp(entry.retired, UTC).isoformat(),
    }


def _date(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
