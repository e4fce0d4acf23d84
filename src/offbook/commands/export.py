"""`offbook export`: writes the packages."""

from __future__ import annotations

import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import click

from offbook import files
from offbook.commands import common, data
from offbook.commands.gone import show_gone
from offbook.commands.left_to_do import left_to_do
from offbook.commands.paths import located
from offbook.commands.rewordings import settle_rewordings
from offbook.commands.terminal import one_line, rest_of_line, width
from offbook.commands.too_late import warn_of_new_cards
from offbook.model import Build, Change, Status
from offbook.pipeline import build, write
from offbook.project import Project
from offbook.sources.vault import Vault
from offbook.text import fold

_SHOWN = (Status.NEW, Status.CHANGED, Status.MOVED, Status.RETIRED, Status.UNCHANGED, Status.OPEN)


@click.command()
@common.companies_argument
@common.notes_option
@common.decks_option
@click.option("--dry-run", is_flag=True, help="Say what would change and write nothing.")
@common.quiet_option
@common.verbose_option
@common.no_cache_option
@common.json_option
@common.reports_errors
def export(
    companies: tuple[str, ...],
    notes: Path,
    decks: Path,
    dry_run: bool,
    quiet: bool,
    verbose: bool,
    no_cache: bool,
    as_json: bool,
) -> None:
    """Write one Anki package for each COMPANY; for all of them if none is named.

    Importing a package again never loses a review: unchanged cards are left alone, changed ones updated.

    \b
    Examples:
      offbook export                          all companies of ./notes, to ./decks
      offbook export "Blue Heron" --dry-run   what would change for one of them
    """
    project = common.project(notes, decks, cached=not no_cache)
    now = int(time.time())
    if dry_run:
        result = build(project, companies, now)
        written: list[Path] = []
    else:
        with files.lock(decks, common.say) as lock:
            result = build(project, companies, now)
            if not (quiet or as_json):
                result = settle_rewordings(lock, project, result, partial(build, project, companies, now))
            written = write(project, result)
    common.show_problems(result.problems, project.vault, quiet=quiet)
    if as_json:
        common.print_json(_as_data(result, written, dry_run))
    elif not quiet:
        _print(result, project, written, dry_run=dry_run, verbose=verbose)
        warn_of_new_cards(result)
    if result.faults:
        raise SystemExit(common.FAULTS)


def _print(result: Build, project: Project, written: list[Path], *, dry_run: bool, verbose: bool) -> None:
    if not result.packages:
        left = f" {common.counted(len(result.left_out), 'note')} left out: offbook status -v says why."
        click.echo(f"Nothing to rehearse: no card was found in these notes.{left if result.left_out else ''}")
    counts = result.counts()
    for key in result.packages:
        file = project.package(key)
        if dry_run:
            same = file.is_file() and file.read_bytes() == result.packages[key]
            state = "unchanged" if same else "would be written"
        else:
            state = "written" if file in written else "unchanged"
        common.show(f"{one_line(result.names[key])}: {_counted(counts[key])}")
        common.show(f"  {file} {state}")
    every = Counter(change.status for change in result.changes)
    if sum(map(Counter.total, counts.values())) > every.total():
        common.show(f"In all: {_counted(every)} (a card of several companies counts once)")
    show_gone(project, result, dry_run=dry_run)
    if verbose and project.memo.trouble:
        common.say(project.memo.trouble)
    if dry_run or verbose:
        for change in result.changes:
            if change.status not in (Status.UNCHANGED, Status.OPEN):
                _print_change(change, project.vault)
    if result.suggested:
        hold = "holds" if result.suggested == 1 else "hold"
        click.echo(f"{result.suggested} of the cards {hold} talking points, suggested for open questions.")
    other_decks = [
        (change.before.deck, change.deck, change.guid)
        for change in result.changes
        if change.before and fold(change.before.deck) != fold(change.deck)  # as Anki compares decks
    ]
    retired = any(change.status is Status.RETIRED for change in result.changes)
    emptied = [(change.guid, number) for change in result.changes for number in change.emptied]
    for line in left_to_do(other_decks, emptied, retired=retired):
        common.show(line)


def _counted(counts: Counter[Status]) -> str:
    return ", ".join(f"{counts[status]} {status}" for status in _SHOWN if counts[status]) or "no change"


def _print_change(change: Change, vault: Vault) -> None:
    place = f"{change.status:>9}  {located(change.location, vault)}: "
    common.show(place + rest_of_line(change.question, width(place)))
    if change.before is not None and change.before.question != change.question:
        click.echo(f"{'':>9}  was: {rest_of_line(change.before.question, 16)}")


def _as_data(result: Build, written: list[Path], dry_run: bool) -> dict[str, Any]:
    counts = result.counts()
    return {
        "dry_run": dry_run,
        **_every_status(Counter(change.status for change in result.changes)),
        "companies": [
            {
                **data.of_company(result.names[key], key),
                "package": f"{key}.apkg",
                "written": any(file.stem == key for file in written),
                **_every_status(counts[key]),
            }
            for key in result.packages
        ],
        "removed": [f"{key}.apkg" for key in result.over],
        "changes": [
            {
                **data.of_card(change.location, change.question, change.guid),
                "company": data.names_of(change.companies, change.deck, result.names),
                "deck": change.deck,
                "status": change.status,
                "was": change.before.question if change.before else None,
            }
            for change in result.changes
        ],
        "problems": data.of_problems(result.problems),
    }


def _every_status(counts: Counter[Status]) -> dict[str, int]:
    return {str(status): counts[status] for status in _SHOWN}
