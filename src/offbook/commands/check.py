"""`offbook check`: shows what in the notes is worth attention; writes nothing."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Collection, Iterator
from itertools import groupby
from pathlib import Path

import click

from offbook.commands import common, data
from offbook.commands.chosen import chosen_notes, paths_argument
from offbook.commands.terminal import columns
from offbook.errors import Problem, Severity
from offbook.interview import days_in_text
from offbook.model import NO_CARDS
from offbook.pipeline import beside_notes, render
from offbook.project import Project
from offbook.sources.vault import Vault
from offbook.survey import Survey, survey

_MOST_NAMED = 5  # notes without cards, in a terminal


@click.command()
@paths_argument
@common.notes_option
@common.decks_option
@common.no_cache_option
@common.json_option
@click.option("--strict", is_flag=True, help="Count open questions as faults.")
@common.reports_errors
def check(paths: tuple[Path, ...], notes: Path, decks: Path, no_cache: bool, as_json: bool, strict: bool) -> None:
    """Check the notes, or just those at PATH: open questions, near misses, duplicates, dead links.

    PATH is a note, a folder, or the line of a note (Pitch.md:9), whose card is then looked at alone.

    Exits with 1 where something is to mend: that comes first, in colour, and the last line counts it apart from what is
    only worth knowing. Open questions are to mend with --strict.
    """
    from offbook.check import NO_COMPANY, OPEN, SEEN_ON_CARDS, SUGGESTED, check

    chosen = chosen_notes(paths, notes, decks, cached=not no_cache)
    project = chosen.project
    surveyed = survey(project, chosen.paths, rendered=True)
    rendered = render(project, [card for card in surveyed.cards if not card.card.is_open])
    on_cards = {problem for _, content in rendered for problem in content.problems if problem.code in SEEN_ON_CARDS}
    worth = check(surveyed.sources, project.library.links(), datetime.date.today())
    found = {*surveyed.problems, *worth, *on_cards, *(() if paths else _of_the_whole(project, surveyed))}
    cards = [identified.card for identified in surveyed.cards]
    found = {problem for problem in found if problem.code != NO_CARDS or problem.location.path not in chosen.lines}
    found = {problem for problem in found if not (chosen.is_outside and problem.code == NO_COMPANY)}
    problems = sorted(
        problem
        for problem in found
        if problem.location.path in surveyed.unread or chosen.is_near(problem.location, cards)
    )
    chosen.refuse_lines_of_no_card(surveyed, [problem.location for problem in problems])
    chosen.tell_what_is_left_out(surveyed)
    project.memo.save()
    mended = (OPEN, SUGGESTED) if strict else ()
    to_mend = {problem for problem in problems if problem.severity is not Severity.NOTE or problem.code in mended}
    if as_json:
        for problem in data.of_problems(problems):
            common.print_json(problem)
    else:
        _print(to_mend, {*problems} - to_mend, project.vault)
        if chosen.shared_elsewhere:
            number = common.counted(chosen.shared_elsewhere, "open question")
            common.show(f"And {number} in notes that serve every company: offbook check names them, too.")
    if to_mend:
        raise SystemExit(common.FAULTS)


def _of_the_whole(project: Project, surveyed: Survey) -> Iterator[Problem]:
    """Yield what is worth knowing beside the notes that make cards."""
    from offbook.check import marked_but_left_out, no_notes

    notes, decks = project.vault.notes.resolve(), project.decks.resolve()
    yield from no_notes(path for path in project.vault.documents() if not (notes / path).is_relative_to(decks))
    yield from beside_notes(project, surveyed)
    yield from days_in_text(surveyed.sources, datetime.date.today())
    yield from marked_but_left_out(surveyed.marked)


def _print(to_mend: Collection[Problem], to_know: Collection[Problem], vault: Vault) -> None:
    """Print problems of one kind together, and how many of each kind there are; what a pipe gets is whole."""
    for code, named in (*_by_code(to_mend), *_by_code(to_know)):
        few = named[:_MOST_NAMED] if code == NO_CARDS and columns(sys.stdout) is not None else named
        for problem in few:
            where, words = common.told(problem, vault, sys.stdout)
            common.show(f"{where}: {code} {words}", fg=common.COLOURS[problem.severity])
        if len(few) < len(named):
            more = len(named) - len(few)
            common.show(f"… and {more} more notes without cards; `offbook check | less` names them all")
        click.echo()
    kinds = (("To mend", to_mend), ("Worth knowing", to_know))
    common.show(" ".join(f"{kind}: {_counted(each)}." for kind, each in kinds if each) or "Nothing to fix.")


def _by_code(problems: Collection[Problem]) -> Iterator[tuple[str, list[Problem]]]:
    ordered = sorted(problems, key=lambda problem: (problem.code, problem))
    yield from ((code, list(group)) for code, group in groupby(ordered, key=lambda problem: problem.code))


def _counted(problems: Collection[Problem]) -> str:
    return ", ".join(f"{len(named)} {code}" for code, named in _by_code(problems))
