"""Reads the day of an interview from a note's front matter: `interview: 2026-12-03`."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from offbook.days import INTERVIEW, day_in, read_day, why_no_day
from offbook.errors import Location, Problem, Severity
from offbook.graph import where_to_write
from offbook.model import ALL, Interview, Note, Source, served
from offbook.text import MONTHS, WEEKDAYS

_LONG_AGO = 61  # days, from which on months tell more
_MONTHS_IN_WORDS = 24


def interview_days(note: Note) -> list[datetime.date] | Problem:
    """Return the days that a note's front matter names, or a Problem where one of them is no day."""
    value = note.metadata.get(INTERVIEW)
    values = value if isinstance(value, list) else [value]
    days: list[datetime.date] = []
    for each in values:
        try:
            days += [read_day(str(each))] if each not in (None, "") else []
        except ValueError:
            message = f"`{INTERVIEW}` must be a day such as 2026-12-03 or 3 December 2026, found {str(each)!r}"
            if why := why_no_day(str(each)):
                message += why + ("; in Notion, choose the format Year/Month/Day for it" if note.is_of_notion else "")
            return Problem(note.place_of(INTERVIEW), "interview-date", message, Severity.WARNING)
    return days


def interviews_of(sources: Iterable[Source]) -> Iterator[Interview]:
    """Yield the interviews that notes name."""
    for source in sources:
        days = interview_days(source.note)
        if not isinstance(days, Problem):
            yield from (Interview(source.target.slugs, day) for day in days)


def unclear_days(sources: Iterable[Source]) -> list[Problem]:
    """Return a problem for each note that names a day which is none."""
    days = (interview_days(source.note) for source in sources)
    return [each for each in days if isinstance(each, Problem)]


def days_in_text(sources: Sequence[Source], today: datetime.date) -> Iterator[Problem]:
    """Point out a day to come that stands in the text of a company's notes, once none of them names an interview."""
    named = {slug for source in sources if interview_days(source.note) for slug in source.target.slugs}
    for source in sources:
        past = {(day.month, day.day) for day in _dated(source.note) if day < today}
        days = ((number, day_in(line, today)) for number, line in source.reading.days)
        ahead = ((number, day) for number, day in days if day and day >= today and (day.month, day.day) not in past)
        number, day = next(ahead, (0, None))
        if day is None or len(source.target.names) != 1 or not named.isdisjoint((ALL, *source.target.slugs)):
            continue
        named.update(source.target.slugs)
        graph, of_notion = source.settings.graph, source.note.is_of_notion
        written = where_to_write(f"{INTERVIEW}: {day}", graph=graph, of_notion=of_notion)
        message = (
            f"a day stands here, and no note of {source.target.names[0]} names its interview; if this is the day, "
            f"write {written}"
        )
        yield Problem(Location(source.path, number), "interview-in-text", message, Severity.NOTE)


def _dated(note: Note) -> Iterator[datetime.date]:
    """Yield the days in a note's front matter: what its text says of one of them without a year is of that year."""
    for value in note.metadata.values():
        with suppress(ValueError):
            yield read_day(str(value))


def next_interview(slug: str, interviews: Iterable[Interview], today: datetime.date) -> datetime.date | None:
    """Return the day of a company's next interview, which may be today."""
    days = (each.day for each in interviews if each.day >= today and served(each.companies, (slug,)))
    return min(days, default=None)


def spoken(day: datetime.date) -> str:
    """Return a day as people say it: `3 December`."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def weekday(day: datetime.date) -> str:
    """Return a day's name: `Thursday`."""
    return WEEKDAYS[day.weekday()]


def days_until(day: datetime.date, today: datetime.date | None = None) -> str:
    """Return in words how far a day is from `today`, or from the current day: `tomorrow`, `in 12 days`."""
    days = (day - (today or datetime.date.today())).days
    match days:
        case 0:
            return "today"
        case 1:
            return "tomorrow"
        case _ if days > 0:
            return f"in {days} days"
        case -1:
            return "yesterday"
        case _ if days > -_LONG_AGO:
            return f"{-days} days ago"
        case _:
            months = -days * 12 // 365
            return f"{months} months ago" if months < _MONTHS_IN_WORDS else f"{months // 12} years ago"
