"""Reads a day from what people write."""

from __future__ import annotations

import datetime
import re

from offbook.naming import months

_DOTTED = re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})")
_SPOKEN = re.compile(
    r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th|er)?\s+(?:de\s)?(?P<month>[^\W\d_]+)\.?,?\s+(?:de\s)?(?P<year>\d{4})\b.*"
)
_WEEKDAY = re.compile(r"([^\W\d_]{2,12})\.?,?\s+(?=\d)")
_SPOKEN_FIRST = re.compile(r"(?P<month>[^\W\d_]+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})\b.*")


def read_day(text: str) -> datetime.date:
    """Return the day that a text names: `2026-12-03` (ISO 8601), `3.12.2026`, `3 December 2026` in many languages.

    A weekday may stand in front and a time may follow, and it may be a link to a daily note, `[[2026-12-03]]`. With
    slashes, a day and a month could not be told apart. Raises ValueError for any other text.
    """
    text = text.strip().removeprefix("[[").removesuffix("]]").strip()
    weekday = _WEEKDAY.match(text)
    if weekday and weekday[1].casefold() not in months():
        text = text[weekday.end() :]
    match = _DOTTED.fullmatch(text) or _SPOKEN.fullmatch(text) or _SPOKEN_FIRST.fullmatch(text)
    month = months().get(match["month"].casefold()) or int(match["month"]) if match else 0
    if match:
        return datetime.date(int(match["year"]), month, int(match["day"]))
    return datetime.datetime.fromisoformat(text).date()
