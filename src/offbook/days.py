"""Reads a day from what people write."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache

from offbook.naming import months, naming

INTERVIEW = "interview"
"""The key of a note's front matter that names the day of an interview."""

_DOTTED = re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4}|[2-9]\d(?![\d:.]|\s?Uhr|\s?h\b))\b.*")
_SLASHED = re.compile(r"(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4}|[2-9]\d(?![\d:.]))\b.*")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})\b.*")
_SPOKEN = re.compile(
    r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th|er)?\s+(?:de\s)?(?P<month>[^\W\d_]+)\.?,?\s+(?:de\s)?(?P<year>\d{4})\b.*"
)
_MONTHS, _CENTURY = 12, 2000
_WEEKDAY = re.compile(r"([^\W\d_]{2,12})\.?,?\s+(?=\d)")
_MARKUP = re.compile(r"[*_`\[\]]")
_MONTHS_TO_COME = 183  # days
_LONGEST_LINE = 300  # characters that are looked at
_WITHIN = re.compile(
    r"(?<!\w)(?=(\d{4}-\d\d-\d\d|\d{4}/\d{1,2}/\d{1,2}|\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{4}|\d\d)?|\d{1,2}/\d{1,2}/\d{2,4}"
    r"|\d{1,2}(?:\.|st|nd|rd|th|er)?\s(?:de\s)?[^\W\d_]{3,12}\.?(?:,?\s(?:de\s)?\d{4})?"
    r"|[^\W\d_]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?(?:,?\s\d{4})?)(?!\d))"
)
_SPOKEN_FIRST = re.compile(r"(?P<month>[^\W\d_]+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})\b.*")


def read_day(text: str) -> datetime.date:
    """Return the day that a text names: `2026-12-03` (ISO 8601), `3.12.2026`, `3 December 2026` in many languages.

    A weekday may stand in front and a time may follow, and it may be a link to a daily note, `[[2026-12-03]]`. With
    slashes, the year must be first, `2026/12/03`, or one number above 12, `13/12/2026`, for day and month to be told
    apart. Raises ValueError for any other text.
    """
    text = text.strip().removeprefix("[[").removesuffix("]]").strip()
    weekday = _WEEKDAY.match(text)
    if weekday and weekday[1].casefold() not in months():
        text = text[weekday.end() :]
    match = _DOTTED.fullmatch(text) or _SPOKEN.fullmatch(text) or _SPOKEN_FIRST.fullmatch(text)
    match = match or _YEAR_FIRST.fullmatch(text)
    month = months().get(match["month"].casefold()) or int(match["month"]) if match else 0
    if match:
        return datetime.date(_year(match["year"]), month, int(match["day"]))
    if slashed := _SLASHED.fullmatch(text):
        month, day = sorted((int(slashed["first"]), int(slashed["second"])))
        if day <= _MONTHS and day != month:
            raise ValueError("day and month cannot be told apart")
        return datetime.date(_year(slashed["year"]), month, day)
    return datetime.datetime.fromisoformat(text).date()


def day_in(text: str, today: datetime.date) -> datetime.date | None:
    """Return the first day that is named within a text, or None; without a year it is one of the months to come."""
    years = ("", f" {today.year}", f" {today.year + 1}")
    for written, year in ((match[1], year) for match in _WITHIN.finditer(text) for year in years):
        with suppress(ValueError):
            day = read_day(written + year)
            if not year or 0 <= (day - today).days < _MONTHS_TO_COME:
                return day
    return None


def lines_with_days(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of Markdown that may name the day of an interview, without their markup, counted from 0."""
    for number, line in enumerate(text.split("\n")):
        bare = _MARKUP.sub("", line[:_LONGEST_LINE])
        if _WITHIN.search(bare) and _label().match(bare):
            yield number, bare


@lru_cache(maxsize=1)
def _label() -> re.Pattern[str]:
    """Return what a line begins with that names the day of an interview: `Interview:`, `- Phone screen on`, `Date:`."""
    rounds, kinds, kinded, dates = (
        "|".join(map(re.escape, sorted(frozenset().union(*map(naming, uses)))))
        for uses in (("rounds", "interview_keys"), ("kinds",), ("kinded",), ("dates",))
    )
    told = rf"(?:[^\W\d_]+\W{{1,3}}){{0,2}}?(?:{rounds}|(?:{kinds})\W(?:{kinded}))\b"
    return re.compile(rf"\W{{0,8}}(?:(?:{dates})\s*[:：]|{told})", re.IGNORECASE)


def why_no_day(text: str) -> str:
    """Return what else there is to say of a text that names no day, behind the message that it names none."""
    return "; with slashes, day and month cannot be told apart" if _SLASHED.search(text) else ""


def _year(text: str) -> int:
    return int(text) + (_CENTURY if len(text) == len("26") else 0)
