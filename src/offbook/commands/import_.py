"""`offbook import`: export, bring the packages into Anki, and do there what a package cannot."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import astuple, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeAlias

import click

from offbook import files, ledger
from offbook.anki import Anki
from offbook.anki.bring import Import
from offbook.anki.plan import Edits, Options, Outcome, Plan
from offbook.commands import common
from offbook.commands.by_hand import hand_over
from offbook.commands.gone import show_gone
from offbook.commands.import_report import Report
from offbook.commands.into_anki import carry_out, import_options, plan_import, until_undisturbed, with_known_guids
from offbook.commands.rewordings import settle_rewordings
from offbook.commands.terminal import one_line
from offbook.commands.too_late import warn_of_unseen_cards
from offbook.commands.which_anki import WhichAnki, collection_option, profile_option, reached, url_option
from offbook.errors import OffbookError, UsageError
from offbook.lost_cards import CODES
from offbook.model import Build, Status
from offbook.pipeline import build, write
from offbook.project import Project

_MOST_NAMED = 9  # cards that are to be retired
_NOTHING = "Nothing was exported or imported."
_Waiting: TypeAlias = Callable[[], AbstractContextManager[None]]
"""Lets other runs have the decks folder while the user is waited for."""


@dataclass(frozen=True, slots=True)
class _How:
    """What the user is asked, and what is written and printed."""

    yes: bool
    dry_run: bool
    quiet: bool
    verbose: bool
    as_json: bool


@click.command("import")
@common.companies_argument
@common.notes_option
@common.decks_option
@common.gathered(
    "which",
    WhichAnki,
    url_option,
    profile_option,
    collection_option,
)
@import_options
@common.gathered(
    "how",
    _How,
    click.option("--yes", is_flag=True, help="Do not ask before cards are retired or deleted."),
    click.option("--dry-run", is_flag=True, help="Say what would happen and touch nothing."),
    common.quiet_option,
    common.verbose_option,
    common.json_option,
)
@common.reports_errors
def import_(
    companies: tuple[str, ...], notes: Path, decks: Path, which: WhichAnki, options: Options, how: _How
) -> None:
    """Export each COMPANY, all if none is named, and import it into Anki.

    This is the Anki that is open, if it has the add-on AnkiConnect (code 2055492159), or with --profile or
    --collection one that is closed. If another profile is open than the one named, nothing is touched. Cards whose deck
    changed are put in the new one, retired ones suspended; your own tags, edits and deletions stay. AnkiConnect's key,
    if it has one, is read from ANKICONNECT_API_KEY.

    \b
    Examples:
      offbook import                          into the Anki that is open
      offbook import tallowby --dry-run       what would happen there
      offbook import --profile "User 1"       into that profile, Anki being closed
    """
    if sum(map(bool, astuple(which))) > 1:
        raise UsageError("--url, --profile and --collection each name an Anki; give one of them")
    project = common.project(notes, decks)
    with (
        reached(which, project.settings) as anki,
        nullcontext() if how.dry_run else files.lock(decks, common.say) as lock,
    ):
        built = partial(build, project, companies, int(time.time()), importing=True)
        result = built()
        asks = not (how.quiet or how.as_json or how.yes)
        result = settle_rewordings(lock if asks else None, project, result, built, anki)
        if anki is not None:
            result = with_known_guids(anki, result, built, quiet=how.quiet)
        common.show_problems(result.problems, project.vault, quiet=how.quiet)
        if anki is not None:
            _bring(anki, project, result, options, how, lock)
        elif how.dry_run:
            raise OffbookError("Anki does not answer, so what it has is not known; open it, or name --profile")
        else:
            _write(project, result, how)
            hand_over(project, result, as_json=how.as_json)
    if result.faults:
        raise SystemExit(common.FAULTS)


def _bring(anki: Anki, project: Project, result: Build, options: Options, how: _How, lock: files.Lock | None) -> None:
    """Bring the packages into Anki and report on it; exit with FAILED where Anki refused a card.

    Nothing is written, here or in Anki, before all questions are answered. `lock` is that of the decks folder, None for
    a dry run. Other runs may have it while somebody is waited for.
    """
    run, plan = plan_import(anki, project, result, options, quiet=how.quiet)
    if lock is not None and options.edits is Edits.ASK and not plan.news.isdisjoint(plan.conflicts):
        with _waiting(lock, project, result), common.left_open(_NOTHING):
            replaced = Report(result, run, plan, project.vault).ask()
        plan = run.plan(replace(options, replaced=replaced), int(time.time()))
    report = Report(result, run, plan, project.vault)
    if options.edits is not Edits.ASK or how.dry_run:
        report.show_conflicts(verbose=how.verbose)
    if lock is not None:
        waiting = partial(_waiting, lock, project, result)
        if not how.yes:
            _ask(result, run, plan, waiting)
        if run.is_needed(plan) and anki.shows_answer():
            with waiting():
                until_undisturbed(anki, quiet=how.quiet)
    _write(project, result, how)
    if lock is not None:
        carry_out(project, run, plan, quiet=how.quiet)
    if not (how.as_json or how.quiet):
        common.show(f"{'Looked at' if how.dry_run else 'Imported into'} {anki.place}.")
    if how.as_json or not how.quiet:
        report.print(dry_run=how.dry_run, as_json=how.as_json, verbose=how.verbose)
    if not (how.as_json or how.quiet or how.dry_run):
        warn_of_unseen_cards(anki, result)
    if Outcome.REFUSED in plan.outcomes.values():
        raise SystemExit(common.FAILED)


def _write(project: Project, result: Build, how: _How) -> None:
    """Write the packages, and say which go."""
    if not how.dry_run:
        write(project, result)
    if not (how.as_json or how.quiet):
        show_gone(project, result, dry_run=how.dry_run)


@contextmanager
def _waiting(lock: files.Lock, project: Project, result: Build) -> Iterator[None]:
    """Let other runs have the decks folder meanwhile; raise OffbookError where one of them exported something else."""
    file = project.decks / ledger.FILE_NAME
    before = ledger.bytes_of(file)
    with lock.freed():
        yield
    if ledger.bytes_of(file) not in (before, result.ledger.encode()):
        raise OffbookError("another run of offbook exported meanwhile, so nothing was imported; run this one again")


def _ask(result: Build, run: Import, plan: Plan, waiting: _Waiting) -> None:
    """Ask before what an import does that the user may not want; exit, or raise OffbookError, if that is so."""
    if common.is_terminal():
        if run.forgotten:
            _ask_for("Import all the same?", waiting, default=False)
        now = {change.guid for change in result.changes if change.status is Status.RETIRED}
        perhaps_lost = any(problem.code in CODES for problem in result.problems)
        if plan.tag_retired and (perhaps_lost or not plan.tag_retired.keys() <= now):
            _list(run.ledger[guid].question for guid in plan.tag_retired)
            cards = common.counted(len(plan.tag_retired), "card")
            _ask_for(f"Retire {cards} in Anki{' all the same' * perhaps_lost}?", waiting, default=not perhaps_lost)
    if number := len(plan.delete) + sum(map(len, plan.delete_empty.values())):
        cards = f"{common.counted(number, 'retired card')} in Anki, with all history"
        if not common.is_terminal():
            raise UsageError(f"--retired delete would delete {cards}; say --yes to that. Nothing was imported")
        _list(run.ledger[guid].question for guid in (*plan.delete, *plan.delete_empty))
        _ask_for(f"Delete {cards}?", waiting, default=False)


def _list(questions: Iterable[str]) -> None:
    every = list(questions)
    for question in every[:_MOST_NAMED]:
        common.say(f"  “{one_line(question)}”")
    if every[_MOST_NAMED:]:
        common.say(f"  and {len(every) - _MOST_NAMED} more")


def _ask_for(question: str, waiting: _Waiting, *, default: bool) -> None:
    with waiting():
        agreed = common.agrees(question, default=default, if_left=_NOTHING)
    if not agreed:
        raise OffbookError(_NOTHING[0].lower() + _NOTHING[1:].rstrip("."))
