"""`offbook watch`: export on every save, and with --import bring each change into Anki."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from offbook import files
from offbook.anki import Anki
from offbook.anki.plan import Options, Retired
from offbook.commands import common
from offbook.commands.gone import show_gone
from offbook.commands.import_report import Report
from offbook.commands.into_anki import carry_out, plan_import, watch_options, with_known_guids
from offbook.commands.rewordings import settle_rewordings
from offbook.commands.terminal import one_line
from offbook.commands.which_anki import WhichAnki, open_anki, url_option
from offbook.errors import OffbookError, UsageError
from offbook.model import Build, Status
from offbook.pipeline import build, write
from offbook.project import Project
from offbook.watch import interrupts, saves

_POLL = 1.0  # seconds between two looks at the screen
_NEWS = (Status.NEW, Status.CHANGED, Status.MOVED, Status.RETIRED)


@dataclass(frozen=True, slots=True)
class _IntoAnki:
    """Where `--import` brings the cards, and how."""

    which: WhichAnki
    options: Options


@dataclass(slots=True)
class _Owed:
    """An import that was put off, since an answer is on the screen."""

    anki: Anki | None = None
    looked: float = 0
    """When the screen was last looked at."""

    def is_due(self) -> bool:
        """Whether there is one, and no answer is on the screen now."""
        if self.anki is None or time.monotonic() < self.looked + _POLL:
            return False
        self.looked = time.monotonic()
        try:
            return not self.anki.shows_answer()
        except OffbookError:  # Anki was closed: the next save tells
            self.anki = None
            return False


@click.command()
@common.companies_argument
@common.notes_option
@common.decks_option
@click.option("--import", "into_anki", is_flag=True, help="Import each change into the Anki that is open.")
@url_option
@watch_options
@common.quiet_option
@common.reports_errors
def watch(
    companies: tuple[str, ...],
    notes: Path,
    decks: Path,
    into_anki: bool,
    url: str | None,
    options: Options,
    quiet: bool,
) -> None:
    """Export each COMPANY, all if none is named, whenever something in the vault is saved; Ctrl-C ends it.

    Faults are shown, and the watch goes on. --import needs Anki with the add-on AnkiConnect; while it is closed,
    packages are written, and their cards arrive with the next save after you open it.
    """
    if options.retired is Retired.DELETE:
        raise UsageError("offbook watch deletes nothing in Anki; offbook import --retired delete does")
    vault = common.project(notes, decks).vault
    into = _IntoAnki(WhichAnki(url), options) if into_anki else None
    owed = _Owed()
    with interrupts() as stop:
        for number, saved in enumerate(saves([vault.root, vault.notes], decks, stop)):
            if number == 0 and not quiet:
                common.say(f"Watching {vault.root}. Ctrl-C ends it.")
            if not saved and not owed.is_due():
                continue
            try:
                # A new project for each run, since the settings may have changed.
                owed = _export(common.project(notes, decks), companies, into, quiet=quiet, at_once=not saved)
            except (OffbookError, OSError) as error:
                if number == 0 and isinstance(error, UsageError):
                    raise  # nobody waits for what can never be done
                owed = _Owed()
                common.say(f"error: {error}", fg="red")
            if stop.is_set():
                break
    if not quiet:
        common.say("Stopped.")


def _export(
    project: Project, companies: tuple[str, ...], into: _IntoAnki | None, *, quiet: bool, at_once: bool
) -> _Owed:
    """Export once, and bring it into Anki where that is wanted; `at_once` even if an answer is on the screen there."""
    with files.lock(project.decks, common.say):
        built = partial(build, project, companies, int(time.time()), importing=into is not None)
        result, anki, trouble = built(), None, None
        try:
            anki = open_anki(into.which, project.settings) if into is not None else None
            if anki is not None:
                result = settle_rewordings(None, project, result, built, anki)
                result = with_known_guids(anki, result, built, quiet=quiet)
        except OffbookError as error:
            trouble = error  # the packages are written all the same
        write(project, result)
        common.show_problems(result.problems, project.vault, quiet=quiet)
        if not quiet:
            counts = result.counts()
            for key in result.packages:
                news = [f"{counts[key][status]} {status}" for status in _NEWS if counts[key][status]]
                if news:
                    name = one_line(result.names[key])
                    common.show(f"{time.strftime('%H:%M:%S')} {name}: {', '.join(news)}")
            show_gone(project, result, dry_run=False)
        if trouble is not None:
            raise trouble
        return _Owed() if into is None else _bring(anki, project, result, into.options, quiet=quiet, at_once=at_once)


def _bring(
    anki: Anki | None, project: Project, result: Build, options: Options, *, quiet: bool, at_once: bool
) -> _Owed:
    if anki is None:
        if not quiet:
            common.say("Anki is not open, or has no AnkiConnect; the packages are written.", fg="yellow")
        return _Owed()
    run, plan = plan_import(anki, project, result, options, quiet=quiet)
    if run.is_needed(plan) and not at_once and anki.shows_answer():
        if not quiet:
            common.say("Anki shows an answer; what changed arrives as soon as you grade it.")
        return _Owed(anki, time.monotonic())
    report = Report(result, run, plan, project.vault)
    report.show_conflicts(verbose=False)
    carry_out(project, run, plan, quiet=quiet)
    if not quiet:
        report.print_changes()
    return _Owed()
