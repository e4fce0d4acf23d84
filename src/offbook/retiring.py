"""What an entry of the ledger becomes when its card is gone from the notes, or stands there in other words. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from offbook.model import Entry
from offbook.tags import RETIRED


def retired(entry: Entry, fields: tuple[str, ...], now: int) -> Entry:
    """Return the entry of a card that is gone from the notes at `now`, with its `fields` as they were exported."""
    time = max(now, entry.modified + 1)
    tags = tuple(sorted({*entry.tags, RETIRED}))
    return structs.replace(entry, retired=time, modified=time, content="", kept=fields, tags=tags)


def reworded(entry: Entry, new: Entry) -> Entry:
    """Return a card's entry as if it had always stood where the `new` one does, in its words.

    So the next export knows the card there, and brings its text.
    """
    return structs.replace(
        entry,
        note=new.note,
        section=new.section,
        question=new.question,
        answer=new.answer,
        block=new.block,
        by_looks=new.by_looks,
        retired=0,
        kept=(),
    )


def joined(entries: Iterable[Entry], old: Entry, new: Entry, fields: tuple[str, ...], now: int) -> list[Entry]:
    """Return a ledger's entries with the card `old` in the words of `new`, whose twin is retired if Anki has it.

    `fields` are those of `new` as they were exported.
    """
    others = [entry for entry in entries if entry.guid not in (old.guid, new.guid)]
    twin = structs.replace(retired(new, fields, now), twin_of=old.guid)
    return [*others, reworded(old, new), *([twin] if new.in_anki else [])]
