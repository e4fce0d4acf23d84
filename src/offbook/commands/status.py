"""`offbook status`, which `offbook` alone runs, too: shows the companies and what an export would change."""

from __future__ import annotations

import datetime
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from offbook.commands import common, data
from offbook.commands.paths import shown
from offbook.commands.terminal import one_line, width
from offbook.companies import choose
from offbook.config import has_settings, named_folder
from offbook.interview import days_until
from offbook.model import ALL, MISSING_FILE, READABLE, Build, Status, served
from offbook.pipeline import build
from offbook.sources.vault import notes_below

_VERBS = {Status.NEW: "add", Status.CHANGED: "change", Status.MOVED: "move", Status.RETIRED: "retire"}
_LIVE = (Status.NEW, Status.CHANGED, Status.MOVED, Status.UNCHANGED)
_SOON, _VERY_SOON = 7, 2  # days
_NUMBERS = (1, 2)  # the columns of numbers, which stand to the right


@common.reports_errors
def show_status_or_help(context: click.Context) -> None:
    """Do what `offbook` alone does: show the status where notes are known, else how to begin, else the help."""
    here = Path.cwd()
    if has_settings(here) or named_folder("notes", here).is_dir():
        with status.make_context("status", [], parent=context) as own:  # its folders depend on each other
            status.invoke(own)
        return
    if number := sum(1 for _ in notes_below(here, READABLE)):
        common.show(f"{common.counted(number, 'note')} here: run `offbook init`, which writes the settings for them.")
    else:
        click.echo(context.get_help())


@dataclass(frozen=True, slots=True)
class _Row:
    """A company's row of the table."""

    slug: str
    name: str
    cards: int
    open: int
    """How many questions have no answer."""
    day: datetime.date | None
    """The day of the next interview, else of the last one."""
    changes: Counter[Status]
    """What an export would do."""
    is_shared: bool
    """Whether all of its cards are in notes that serve every company."""

    @property
    def pending(self) -> str:
        """What an export would change, such as `add 2, change 1`; empty for nothing."""
        return ", ".join(f"{verb} {self.changes[status]}" for status, verb in _VERBS.items() if self.changes[status])


@click.command()
@common.companies_argument
@common.notes_option
@common.decks_option
@common.json_option
@click.option("-v", "--verbose", is_flag=True, help="List the notes that are left out, and by which rule.")
@common.reports_errors
def status(companies: tuple[str, ...], notes: Path, decks: Path, as_json: bool, verbose: bool) -> None:
    """Show all companies or each COMPANY: cards, open questions, interview, and what an export would change.

    The day of an interview is set in a note's front matter: interview: 2026-12-03. Writes nothing; offbook alone, in a
    folder with notes, shows the same.
    """
    project = common.project(notes, decks)
    result = build(project, (), int(time.time()))
    common.show_problems((*result.problems, *result.days_in_text), project.vault, without=[MISSING_FILE])
    today = datetime.date.today()
    chosen = choose(companies, result.names) if companies else [*result.names]
    rows = sorted(_rows(result, chosen, today), key=lambda row: _order(row, today))
    if as_json:
        for row in rows:
            common.print_json(_as_data(row, today))
    else:
        _print(rows, today)
        if not companies and (len(rows) > 1 or any(row.is_shared for row in rows)):
            counted = [change for change in result.changes if change.status in (*_LIVE, Status.OPEN)]
            common.show(common.in_all((change.status is Status.OPEN, ALL in change.companies) for change in counted))
        common.show(_notes(notes, result, verbose=verbose) + _advice(rows))
        for path, rule in result.left_out.items() if verbose else ():
            common.show(f"{shown(project.vault.file(path))}: left out: {rule}")
    if result.faults:
        raise SystemExit(common.FAULTS)


def _notes(notes: Path, result: Build, *, verbose: bool) -> str:
    """Return how many notes there are and where, and how many are left out; `verbose` lists these below."""
    folder = shown(notes)
    where = "here" if notes.absolute() == Path.cwd() else f"in {folder}{'/' if folder.endswith('..') else ''}"
    hint = "" if verbose else " (-v lists them)"
    out = f", {len(result.left_out)} left out{hint}" if result.left_out else ""
    return f"{common.counted(len(result.notes), 'note')} {where}{out}. "


def _rows(result: Build, chosen: Sequence[str], today: datetime.date) -> Iterator[_Row]:
    """Yield the rows of companies, by slug, for which there is something to say."""
    counts = result.counts()
    owners = {slug for change in result.changes if change.status in _LIVE for slug in change.companies}
    for key in chosen:
        days = [each.day for each in result.interviews if served(each.companies, (key,))]
        row = _row(key, result.names[key], counts[key], key not in owners, days, today)
        if row.cards or row.open or row.pending:
            yield row


def _row(
    slug: str, name: str, counts: Counter[Status], is_shared: bool, days: Iterable[datetime.date], today: datetime.date
) -> _Row:
    ahead, past = sorted(day for day in days if day >= today), sorted(day for day in days if day < today)
    cards = sum(counts[status] for status in _LIVE)
    return _Row(slug, name, cards, counts[Status.OPEN], next(iter(ahead or past[-1:]), None), counts, is_shared)


def _as_data(row: _Row, today: datetime.date) -> dict[str, Any]:
    day = row.day.isoformat() if row.day else None
    changes = {str(status): row.changes[status] for status in _VERBS}
    return {
        **data.of_company(row.name, row.slug),
        "cards": row.cards,
        "open": row.open,
        "interview": day,
        "days": (row.day - today).days if row.day else None,
        **changes,
    }


def _order(row: _Row, today: datetime.date) -> tuple[bool, int, str]:
    """Sort key: by the day of the next interview; companies without one come last, by name."""
    ahead = row.day is not None and row.day >= today
    return not ahead, (row.day - today).days if row.day and ahead else 0, row.name.casefold()


def _print(rows: list[_Row], today: datetime.date) -> None:
    """Print the table; what a cell means is in its words, too, so a terminal without colours loses nothing."""
    header = [(name, {"bold": True}) for name in ("Company", "Cards", "Open", "Interview", "An export would")]
    table = [header, *([*_cells(row, today)] for row in rows)]
    widths = [max(width(text) for text, _ in column) for column in zip(*table, strict=True)]
    for line in table:
        cells: list[str] = []
        for column, ((text, style), room) in enumerate(zip(line, widths, strict=True)):
            cell, padding = click.style(text, **style) if style and text else text, " " * (room - width(text))
            cells.append(padding + cell if column in _NUMBERS else cell + padding)
        click.echo("  ".join(cells).rstrip())


def _cells(row: _Row, today: datetime.date) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the texts of a row and their styles, as `click.style` takes them."""
    yield one_line(row.name, 40), {}
    yield str(row.cards), {}
    yield str(row.open), {"fg": "yellow"} if row.open else {}
    yield f"{row.day}, {days_until(row.day, today)}" if row.day else "", _urgency(row.day, today)
    yield (
        row.pending or f"change nothing{': the cards are shared' if row.is_shared and row.cards else ''}",
        {} if row.pending else {"dim": True},
    )


def _urgency(day: datetime.date | None, today: datetime.date) -> dict[str, Any]:
    if day is None or day < today:
        return {"dim": True}
    ahead = (day - today).days
    return {"fg": "red", "bold": True} if ahead <= _VERY_SOON else {"fg": "yellow"} if ahead <= _SOON else {}


def _advice(rows: Sequence[_Row]) -> str:
    if not rows:
        return "No card was found in them; offbook cards --explain says why, offbook new COMPANY starts one."
    if any(row.pending for row in rows):
        return "Next: offbook export, or offbook import to bring it into Anki."
    return "offbook --help lists what else there is."
