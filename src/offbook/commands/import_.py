"""`offbook import`: export, and bring it into Anki with all that importing a package leaves undone."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import click
from msgspec import structs

from offbook import files, ledger, notetypes
from offbook.anki import Anki
from offbook.anki.bring import Import
from offbook.anki.plan import Options, Outcome, Plan, Retired
from offbook.commands import common
from offbook.commands.by_hand import hand_over
from offbook.commands.import_report import Report
from offbook.errors import OffbookError, UsageError
from offbook.model import Build
from offbook.pipeline import build, write
from offbook.project import Project

url_option = click.option("--url", metavar="URL", help="Where AnkiConnect listens.  [default: http://127.0.0.1:8765]")
retired_option = click.option(
    "--retired",
    type=click.Choice([choice.value for choice in Retired]),
    default=Retired.SUSPEND.value,
    show_default=True,
    help="What to do with cards that are gone from the notes.",
)
keep_mine_option = click.option("--keep-mine", is_flag=True, help="Keep every edit made in Anki.")


@click.command("import")
@common.companies_argument
@common.notes_option
@common.decks_option
@url_option
@click.option("--profile", metavar="NAME", help="Write into this profile of an Anki that is closed.")
@click.option("--collection", type=click.Path(path_type=Path), metavar="FILE", help="Likewise, into this collection.")
@retired_option
@keep_mine_option
@click.option("--bring-back", is_flag=True, help="Add cards again that were deleted in Anki.")
@click.option("--yes", is_flag=True, help="Do not ask before deleting or overwriting.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and touch nothing.")
@common.quiet_option
@common.verbose_option
@common.json_option
@common.reports_errors
def import_(
    companies: tuple[str, ...],
    notes: Path,
    decks: Path,
    url: str | None,
    profile: str | None,
    collection: Path | None,
    retired: str,
    keep_mine: bool,
    bring_back: bool,
    yes: bool,
    dry_run: bool,
    quiet: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    """Export each COMPANY, all if none is named, and bring it into Anki.

    That is the Anki that is open, if it has the add-on AnkiConnect (code 2055492159), or with --profile or
    --collection one that is closed. Cards whose deck changed are moved, retired ones suspended; your own tags, edits
    and deletions stay. AnkiConnect's key, if it has one, is read from ANKICONNECT_API_KEY.

    \b
    Examples:
      offbook import                          into the Anki that is open
      offbook import tallowby --dry-run       what would happen there
      offbook import --profile "User 1"       into that profile, Anki being closed
    """
    if sum(map(bool, (url, profile, collection))) > 1:
        raise UsageError("--url, --profile and --collection each name an Anki; give one of them")
    project, options = common.project(notes, decks), Options(Retired(retired), keep_mine, bring_back)
    with _reached(url, profile, collection) as anki, nullcontext() if dry_run else files.lock(decks):
        result = build(project, companies, int(time.time()))
        if not dry_run:
            write(project, result)
        common.show_problems(result.problems)
        if anki is None and dry_run:
            raise OffbookError("Anki does not answer, so what it has is not known; open it, or name --profile")
        if anki is None:
            hand_over(project, result, as_json=as_json)
        else:
            planned, report = _bring(anki, project, result, options, yes=yes, dry_run=dry_run)
            if as_json or not quiet:
                report.print(dry_run=dry_run, as_json=as_json, verbose=verbose)
            if Outcome.REFUSED in planned.outcomes.values():
                raise SystemExit(common.FAILED)
    if result.faults:
        raise SystemExit(common.FAULTS)


@contextmanager
def _reached(url: str | None, profile: str | None, collection: Path | None) -> Iterator[Anki | None]:
    """Reach the Anki that is meant; None where none is open and none was named."""
    if profile or collection:
        from offbook.anki.collection import ClosedCollection
        from offbook.anki.profiles import collection_of

        with ClosedCollection(collection or collection_of(profile or "")) as closed:
            yield closed
    else:
        yield open_anki(url)


def open_anki(url: str | None) -> Anki | None:
    """Return the Anki that is open, through AnkiConnect; None where nothing listens and no address was given."""
    from offbook.anki import connect

    try:
        return connect.AnkiConnect(url or connect.URL, os.environ.get(connect.KEY_VARIABLE))
    except connect.NotRunning:
        if url:
            raise
        return None


def _bring(
    anki: Anki, project: Project, result: Build, options: Options, *, yes: bool, dry_run: bool
) -> tuple[Plan, Report]:
    run, planned = plan_import(anki, project, result, options)
    report = Report(result, run, planned)
    report.show_overwritten()
    if not dry_run:
        _ask(planned, yes=yes)
        carry_out(project, run, planned)
    return planned, report


def plan_import(anki: Anki, project: Project, result: Build, options: Options) -> tuple[Import, Plan]:
    """Compare what was exported with what is in Anki."""
    new_looks = ledger.load_header(project.decks / ledger.FILE_NAME).imported != notetypes.looks(project.settings.css)
    entries = ledger.parse(result.ledger.encode(), ledger.FILE_NAME)
    run = Import(anki, result.packages.values(), entries, new_looks=new_looks)
    return run, run.plan(options, int(time.time()))


def carry_out(project: Project, run: Import, planned: Plan) -> None:
    """Bring it into Anki, and write down what was seen there."""
    run.carry_out(planned, project.decks)
    file = project.decks / ledger.FILE_NAME
    header = structs.replace(ledger.load_header(file), imported=notetypes.looks(project.settings.css))
    files.write(file, ledger.dump(run.ledger.values(), header).encode())


def _ask(planned: Plan, *, yes: bool) -> None:
    """Ask before anything is lost in Anki; a script has to say --yes before cards are deleted."""
    if yes:
        return
    terminal = _is_terminal()
    if planned.delete:
        what = f"{common.counted(len(planned.delete), 'retired card')} in Anki, with all history"
        if not terminal:
            raise UsageError(f"--retired delete would delete {what}; say --yes to that. Nothing was brought into Anki")
        if not click.confirm(f"Delete {what}?", err=True):
            raise OffbookError("nothing was brought into Anki")
    if planned.overwritten and terminal:
        count = common.counted(len(planned.overwritten), "edit")
        if not click.confirm(f"Overwrite {count} made in Anki with the notes' text?", default=True, err=True):
            planned.keep_edits()


def _is_terminal() -> bool:
    return sys.stdin.isatty()
