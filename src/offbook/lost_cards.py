"""Says of retired cards what the notes tell: the question still stands there, or is perhaps asked in other words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator

from offbook.errors import Location, Problem, Severity
from offbook.likeness import question_key
from offbook.model import Change, Status

_TWO = 2
_IN_FRONT = re.compile(r"[\s#>*+_-]*(?:\d{1,3}[.)]\s+)?")


def no_longer_asked(
    changes: Iterable[Change], cards: Collection[Location], read: Callable[[str], str | None]
) -> Iterator[Problem]:
    """Yield a warning for each retired card whose question is a line of its note; `cards` are where cards are now.

    `read` returns the text of a note, None of one that is gone. It is called only for notes with retired cards.
    """
    for path, gone in _by_note(changes, Status.RETIRED).items():
        text = read(path)
        lines = text.split("\n") if text else []
        at = {question_key(_IN_FRONT.sub("", line, count=1)): number for number, line in enumerate(lines, 1)}
        for change in gone:
            number = at.get(question_key(change.question), 0)
            if number and Location(path, number) not in cards:
                message = (
                    f"“{change.question}” is no longer read as a question here, so its card is retired; "
                    "put #card after it to bring it back"
                )
                yield Problem(Location(path, number), "no-longer-asked", message, Severity.WARNING)


def perhaps_reworded(changes: Iterable[Change]) -> Iterator[Problem]:
    """Yield a note for the one new card of a note from which one card is gone: it may be the same in other words."""
    for two in _by_note(changes, Status.NEW, Status.RETIRED).values():
        new = [change for change in two if change.status is Status.NEW]
        if len(new) == 1 and len(two) == _TWO:
            gone = next(change for change in two if change.status is Status.RETIRED)
            message = (
                f"“{new[0].question}” is a new card, and “{gone.question}” is retired; if they are one card in other "
                "words, undo your edit, put ` ^name` after the question, export, then edit it again: its reviews stay"
            )
            yield Problem(new[0].location, "maybe-reworded", message, Severity.NOTE)


def _by_note(changes: Iterable[Change], *statuses: Status) -> dict[str, list[Change]]:
    of_note: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        if change.status in statuses:
            of_note[change.location.path].append(change)
    return of_note
