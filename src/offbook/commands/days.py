"""Days on the command line, written as in a note's front matter."""

from __future__ import annotations

import datetime

import click

from offbook.days import read_day, why_no_day


def as_day(context: click.Context, parameter: click.Parameter, text: str | None) -> datetime.date | None:
    """Return the day that an option names, as its callback; raise click.BadParameter where it names none."""
    try:
        return None if text is None else read_day(text)
    except ValueError:
        message = f"{text!r} is not a day such as 2026-12-03 or 3 December 2026{why_no_day(text or '')}"
        raise click.BadParameter(message, context, parameter) from None
