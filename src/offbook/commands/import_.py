"""`offbook import`: export, and bring it into Anki with all that importing a package leaves undone."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import click

from offbook import files, ledger
from offbook.anki import Anki
from offbook.anki.bring import Import
from offbook.anki.plan import Options, Outcome, Plan, Retired
from offbook.commands import common
from offbook.commands.import_report import Report
from offbook.commands.left_to_do import left_to_do
from offbook.errors import OffbookError, UsageError
from offbook.pipeline import Build, Project, build, write

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
@click.argument("companies", nargs=-1, metavar="[COMPANY]...")
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
    as_json: bool,
) -> None:
    """Export each COMPANY, all if none is named, and bring it into Anki.

    That is the Anki that is open, if it has the add-on AnkiConnect (code 2055492159), or with --profile or
    --collection one that is closed. Cards whose deck changed are moved, retired ones suspended; your own tags, edits
    and deletions stay. AnkiConnect's key, if it has one, is read from ANKICONNECT_API_KEY.
    """
    if sum(map(bool, (url, profile, collection))) > 1:
        raise UsageError("--url, --profile and --collection each name an Anki; give one of them")
    project, options = Project(notes, decks, progress=common.progress), Options(Retired(retired), keep_mine, bring_back)
    with _reached(url, profile, collection) as anki, nullcontext() if dry_run else files.lock(decks):
        result = build(project, companies, int(time.time()))
        if not dry_run:
            write(project, result)
        common.show_problems(result.problems)
        if anki is None:
            _by_hand(project, result, dry_run)
        else:
            _bring(anki, project, result, options, yes=yes, dry_run=dry_run, as_json=as_json)
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
    anki: Anki, project: Project, result: Build, options: Options, *, yes: bool, dry_run: bool, as_json: bool
) -> None:
    run, planned = plan_import(anki, result, options)
    report = Report(result, run, planned)
    report.show_overwritten()
    if not dry_run:
        _ask(planned, yes=yes)
        carry_out(project, run, planned)
    report.print(dry_run=dry_run, as_json=as_json)
    if Outcome.REFUSED in planned.outcomes.values():
        raise SystemExit(common.FAILED)


def plan_import(anki: Anki, result: Build, options: Options) -> tuple[Import, Plan]:
    """Compare what was exported with what is in Anki."""
    run = Import(anki, result.packages.values(), ledger.parse(result.ledger, ledger.FILE_NAME))
    return run, run.plan(options, int(time.time()))


def carry_out(project: Project, run: Import, planned: Plan) -> None:
    """Bring it into Anki, and write down what was seen there."""
    run.carry_out(planned, project.decks)
    file = project.decks / ledger.FILE_NAME
    files.write(file, ledger.dump(run.ledger.values(), ledger.load_looks(file)).encode())


def _ask(planned: Plan, *, yes: bool) -> None:
    """Ask before anything is lost in Anki; a script has to say --yes before cards are deleted."""
    if yes:
        return
    terminal = _is_terminal()
    if planned.delete:
        question = f"Delete {common.counted(len(planned.delete), 'retired card')} in Anki, with their history?"
        if not terminal:
            raise UsageError(f"{question} Say --yes")
        if not click.confirm(question, err=True):
            raise OffbookError("nothing was brought into Anki")
    if planned.overwritten and terminal:
        count = common.counted(len(planned.overwritten), "edit")
        if not click.confirm(f"Overwrite {count} made in Anki with the notes' text?", default=True, err=True):
            planned.keep_edits()


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def _by_hand(project: Project, result: Build, dry_run: bool) -> None:
    """Hand the packages over to the system's program for them, and say what is left to do."""
    packages = [project.package(key) for key in sorted(result.packages)]
    if dry_run:
        raise OffbookError("Anki does not answer, so what it has is not known; open it, or name --profile")
    common.say("Anki is not open, or has no AnkiConnect (Tools > Add-ons > Get Add-ons: 2055492159).")
    opened = [file for file in packages if click.launch(str(file)) == 0]
    for file in packages:
        common.show(f"{file}: {'handed to Anki' if file in opened else 'to be opened with File > Import'}")
    if opened:
        common.show("Click Import in Anki's window.")
    entries = ledger.parse(result.ledger, ledger.FILE_NAME)
    moved = [(old, entry.deck, entry.guid) for entry in entries for old in entry.decks if not entry.retired]
    for line in left_to_do(moved, retired=any(entry.retired for entry in entries)):
        common.show(line)
    if len(opened) < len(packages):
        raise OffbookError("this system has no program for .apkg files; open Anki, or name --profile")
