"""Finds the questions of retired cards that still stand in their notes, and are not read as questions any more."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator

from offbook.errors import Location, Problem, Severity
from offbook.likeness import question_key
from offbook.model import Change, Status

_IN_FRONT = re.compile(r"[\s#>*+_-]*(?:\d{1,3}[.)]\s+)?")


def still_there(
    changes: Iterable[Change], cards: Collection[Location], read: Callable[[str], str | None]
) -> Iterator[Problem]:
    """Yield a warning for each retired card whose question is a line of its note; `cards` are where cards are now.

    `read` returns the text of a note, None of one that is gone. It is called only for notes with retired cards.
    """
    retired: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        if change.status is Status.RETIRED:
            retired[change.location.path].append(change)
    for path, gone in retired.items():
        text = read(path)
        lines = text.split("\n") if text else []
        at = {question_key(_IN_FRONT.sub("", line, count=1)): number for number, line in enumerate(lines, 1)}
        for change in gone:
            number = at.get(question_key(change.question), 0)
            if number and Location(path, number) not in cards:
                message = (
                    f"“{change.question}” is no longer read as a question here, so its card is retired; "
                    "#card behind it brings it back"
                )
                yield Problem(Location(path, number), "no-longer-asked", message, Severity.WARNING)
