"""What time it is, where the computer knows."""

from __future__ import annotations

import time

from offbook.errors import Location, Problem, Severity
from offbook.notetypes import CHANGED

_PLAUSIBLE = 946_684_800  # the beginning of 2000, in seconds since the epoch


def plausible(now: int) -> int:
    """Return a time, in seconds since the epoch; the release's own where the clock was never set.

    Anki shows when a card was changed, and takes what was changed last: 1970 would be before all that it knows.
    """
    return now if now >= _PLAUSIBLE else CHANGED


def doubts(now: int) -> list[Problem]:
    """Return what is wrong with a time, for the user."""
    if now >= _PLAUSIBLE:
        return []
    shown = time.strftime("%Y-%m-%d", time.gmtime(max(0, now)))
    message = (
        f"this computer's clock says {shown}; set it. Until then cards that are new or changed count as changed on "
        f"{time.strftime('%Y-%m-%d', time.gmtime(CHANGED))}, when this offbook was made"
    )
    return [Problem(Location("clock"), "clock", message, Severity.WARNING)]
