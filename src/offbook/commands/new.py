"""`offbook new`: writes a note for a new company, with the questions that every company asks."""

from __future__ import annotations

import shlex
from datetime import date as Date  # noqa: N812
from datetime import datetime
from pathlib import Path

import click

from offbook.commands import common
from offbook.companies import slug
from offbook.interview import days_until
from offbook.pipeline import survey


@click.command()
@click.argument("company")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The interview's, such as 2026-12-03.")
@common.notes_option
@common.decks_option
@common.reports_errors
def new(company: str, date: datetime | None, notes: Path, decks: Path) -> None:
    """Write a note for COMPANY into the notes folder, with the questions that are asked everywhere, all still open.

    An existing note is never touched. To use a template of your own, name it in offbook.toml: template = "…".
    """
    from offbook.starting.new_note import new_note

    notes.mkdir(parents=True, exist_ok=True)
    project = common.project(notes, decks)
    day: Date | None = date.date() if date else None
    file = new_note(notes, company, day, project.settings)
    questions = len(survey(project, [file.relative_to(notes).as_posix()]).cards)
    common.show(f"Wrote {file}: {common.counted(questions, 'question')} to answer{_when(day)}.")
    common.show("Write your answers below the questions, in your editor. Then:")
    folder = "" if notes == Path("notes") else f" --notes {shlex.quote(str(notes))}"
    common.show(f"  offbook cards {shlex.quote(str(file))}{folder}")
    common.show(f"  offbook export {slug(company)}{folder}")


def _when(day: Date | None) -> str:
    return f"; the interview is {days_until(day)}" if day else ""
