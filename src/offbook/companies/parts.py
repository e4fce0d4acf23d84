"""Takes the pages of days apart whose blocks name their companies: each part is read on as a note of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import structs

from offbook.model import Reading

_COMPANY = "company"  # the key of the front matter


def apart(readings: Iterable[Reading]) -> Iterator[Reading]:
    """Yield the readings, in place of one with parts these: what names no company, then a reading for each that does.

    Parts of the same companies are one. Those that name any have the key `company`.
    """
    for reading in readings:
        if not reading.note.parts:
            yield reading
            continue
        for companies in dict.fromkeys(((), *(part.companies for part in reading.note.parts))):
            yield _part(reading, companies)


def _part(reading: Reading, companies: tuple[str, ...]) -> Reading:
    """Return what of a reading is the business of the companies; with none, the rest."""
    note = reading.note

    def is_own(line: int) -> bool:
        within = [part.companies for part in note.parts if part.first <= line < part.end]
        return (within[-1] if within else ()) == companies

    metadata = note.metadata | ({_COMPANY: [*companies]} if companies else {})
    return structs.replace(
        reading,
        note=structs.replace(note, metadata=metadata),
        places=tuple(index for index, card in enumerate(reading.cards) if is_own(card.location.line)),
        to_ask=tuple(card for card in reading.to_ask if is_own(card.location.line)),
        passed=tuple(passed for passed in reading.passed if is_own(passed.location.line)),
        passages=tuple(passage for passage in reading.passages if is_own(passage.location.line)),
        problems=tuple(problem for problem in reading.problems if is_own(problem.location.line)),
        shows=tuple(mention for mention in reading.shows if is_own(mention.line)),
        days=tuple((line, text) for line, text in reading.days if is_own(line)),
    )
