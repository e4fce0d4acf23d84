"""Takes the pages of days apart whose blocks name their companies: each part is read on as a note of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias, TypeVar

from msgspec import structs

from offbook.model import Part, Reading

_COMPANY = "company"  # the key of the front matter
_Value = TypeVar("_Value")
_Share: TypeAlias = Callable[[tuple[str, ...]], tuple[_Value, ...]]
"""Returns what of some values is the business of companies; of none, what is in no part."""


def apart(readings: Iterable[Reading]) -> Iterator[Reading]:
    """Yield the readings, in place of one with parts these: what names no company, then a reading for each that does.

    Parts of the same companies are one. Those that name any have the key `company`.
    """
    for reading in readings:
        if reading.note.parts:
            yield from _parts(reading)
        else:
            yield reading


def _parts(reading: Reading) -> Iterator[Reading]:
    """Yield the parts of a reading. All that was found is shared out once, so that the time grows with the note."""
    note, owners = reading.note, _owners(reading.note.parts)

    def shared_out(values: Iterable[_Value], line_of: Callable[[_Value], int]) -> _Share[_Value]:
        shares: dict[tuple[str, ...], list[_Value]] = defaultdict(list)
        for value in values:
            shares[owners.get(line_of(value), ())].append(value)
        return lambda companies: tuple(shares.get(companies, ()))

    places = shared_out(range(len(reading.cards)), lambda place: reading.cards[place].location.line)
    to_ask = shared_out(reading.to_ask, lambda card: card.location.line)
    passed = shared_out(reading.passed, lambda one: one.location.line)
    passages = shared_out(reading.passages, lambda passage: passage.location.line)
    problems = shared_out(reading.problems, lambda problem: problem.location.line)
    shows = shared_out(reading.shows, lambda mention: mention.line)
    days = shared_out(reading.days, lambda day: day[0])
    for companies in dict.fromkeys(((), *(part.companies for part in note.parts))):
        metadata = note.metadata | ({_COMPANY: [*companies]} if companies else {})
        yield structs.replace(
            reading,
            note=structs.replace(note, metadata=metadata),
            places=places(companies),
            to_ask=to_ask(companies),
            passed=passed(companies),
            passages=passages(companies),
            problems=problems(companies),
            shows=shows(companies),
            days=days(companies),
        )


def _owners(parts: Sequence[Part]) -> dict[int, tuple[str, ...]]:
    """Return the companies by the lines that are theirs; of a part within another, the inner one's."""
    owners: dict[int, tuple[str, ...]] = {}
    for part in parts:
        owners |= dict.fromkeys(range(part.first, part.end), part.companies)
    return owners
