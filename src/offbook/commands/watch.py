"""`offbook watch`: export again on every save, and bring it into Anki on demand."""

from __future__ import annotations

import time
from pathlib import Path

import click

from offbook import files
from offbook.anki.plan import Options, Retired
from offbook.commands import common
from offbook.commands.import_ import carry_out, keep_mine_option, open_anki, plan_import, retired_option, url_option
from offbook.commands.import_report import Report
from offbook.errors import OffbookError, UsageError
from offbook.model import Build, Status
from offbook.pipeline import build, write
from offbook.project import Project
from offbook.watch import interrupts, saves

_TOLD = (Status.NEW, Status.CHANGED, Status.MOVED, Status.RETIRED)


@click.command()
@common.companies_argument
@common.notes_option
@common.decks_option
@click.option("--import", "into_anki", is_flag=True, help="Bring each change into the Anki that is open.")
@url_option
@retired_option
@keep_mine_option
@common.quiet_option
@common.reports_errors
def watch(
    companies: tuple[str, ...],
    notes: Path,
    decks: Path,
    into_anki: bool,
    url: str | None,
    retired: str,
    keep_mine: bool,
    quiet: bool,
) -> None:
    """Export each COMPANY, all if none is named, whenever something in the vault is saved; Ctrl-C ends it.

    Faults are shown, and the watch goes on. --import needs Anki with the add-on AnkiConnect; while it is closed,
    packages are written, and their cards arrive with the next save after it was opened.
    """
    if retired == Retired.DELETE:
        raise UsageError("a watch deletes nothing in Anki; let offbook import --retired delete do it")
    project, options = common.project(notes, decks), Options(Retired(retired), keep_mine)
    with interrupts() as stop:
        for first, _ in enumerate(saves([project.vault.root, project.vault.notes], decks, stop)):
            if first == 0:
                common.say(f"Watching {project.vault.root}. Ctrl-C ends it.")
            _survive(companies, notes, decks, options, url, into_anki=into_anki, quiet=quiet)
            if stop.is_set():
                break
    common.say("Stopped.")


def _survive(
    companies: tuple[str, ...],
    notes: Path,
    decks: Path,
    options: Options,
    url: str | None,
    *,
    into_anki: bool,
    quiet: bool,
) -> None:
    """Export once; what goes wrong is told and may be mended before the next save."""
    try:
        project = common.project(notes, decks)  # anew: the settings may have changed
        with files.lock(decks):
            result = build(project, companies, int(time.time()))
            write(project, result)
            common.show_problems(result.problems)
            if not quiet:
                _tell(result)
            if into_anki:
                _bring(project, result, options, url, quiet=quiet)
    except (OffbookError, OSError) as error:
        common.say(f"error: {error}", fg="red")


def _tell(result: Build) -> None:
    counts = result.counts()
    for key in result.packages:
        if told := ", ".join(f"{counts[key][status]} {status}" for status in _TOLD if counts[key][status]):
            common.show(f"{time.strftime('%H:%M:%S')} {common.one_line(result.names[key])}: {told}")


def _bring(project: Project, result: Build, options: Options, url: str | None, *, quiet: bool) -> None:
    anki = open_anki(url)
    if anki is None:
        common.say("Anki is not open, or has no AnkiConnect; the packages are written.", fg="yellow")
        return
    run, planned = plan_import(anki, project, result, options)
    report = Report(result, run, planned)
    report.show_overwritten()
    carry_out(project, run, planned)
    if not quiet:
        report.print_changes()
