"""One line of `offbook export` and `offbook import`: an interview is near, and not all cards will be seen in time."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator
from contextlib import suppress

from offbook import ledger
from offbook.anki import Anki, AnkiError
from offbook.anki.rehearsal import Clock, Preset, Rehearsed
from offbook.commands import common
from offbook.commands.terminal import one_line
from offbook.interview import days_until, next_interview
from offbook.model import Build, Entry, Status, served

_NEAR = 14  # days


def warn_of_new_cards(result: Build) -> None:
    """Tell of companies for which an export brings more new cards than Anki shows until the interview, by default."""
    today = Clock(time.time()).today
    counts = result.counts()
    for slug, day in _near(result, today):
        if counts[slug][Status.NEW] > (day - today).days * Preset().new_per_day:
            _warn(result.names[slug], slug, day, f"at {Preset().new_per_day} new cards a day some")


def warn_of_unseen_cards(anki: Anki, result: Build) -> None:
    """Tell of companies whose new cards in Anki will not all be seen until the interview."""
    near = dict(_near(result, Clock(time.time()).today))
    if not near:
        return
    with suppress(AnkiError):  # what was asked for is done
        rehearsed = _looked(anki)
        entries = ledger.parse(result.ledger.encode(), ledger.FILE_NAME)
        for slug, day in near.items():
            if number := _unseen(slug, day, entries, rehearsed):
                _warn(result.names[slug], slug, day, f"{common.counted(number, 'card')}")


def _near(result: Build, today: datetime.date) -> Iterator[tuple[str, datetime.date]]:
    """Yield the exported companies whose next interview is near."""
    for slug in result.packages:
        day = next_interview(slug, result.interviews, today)
        if day is not None and (day - today).days <= _NEAR:
            yield slug, day


def _looked(anki: Anki) -> Rehearsed:
    from offbook.anki import rehearsal_closed, rehearsal_open
    from offbook.anki.collection import ClosedCollection

    if isinstance(anki, ClosedCollection):
        return rehearsal_closed.look(anki.collection, "")
    assert isinstance(anki, rehearsal_open.Asks)
    return rehearsal_open.look(anki)


def _unseen(slug: str, day: datetime.date, entries: list[Entry], rehearsed: Rehearsed) -> int:
    """Return how many of a company's cards come on the day of the interview, or later, or never."""
    from offbook.readiness.forecast import introductions

    live = [entry.guid for entry in entries if not entry.retired and served(entry.companies, (slug,))]
    cards = [card for guid in live for card in rehearsed.cards.get(guid, ()) if not card.suspended]
    first = introductions(cards, rehearsed.presets, rehearsed.clock)
    days = (day - rehearsed.clock.today).days
    return sum(not card.seen and first.get(card.id, days) >= days for card in cards)


def _warn(name: str, slug: str, day: datetime.date, how_many: str) -> None:
    common.say(
        f"{one_line(name)}: the interview is {days_until(day)}, and {how_many} will not be seen in time; "
        f"see offbook ready {slug}"
    )
