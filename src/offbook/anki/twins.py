"""Of several notes in Anki with one guid, or one key, says which one imports are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from functools import partial

from offbook.anki import NoteInAnki
from offbook.package import may_be_id


def best_first(
    notes: Iterable[tuple[str, NoteInAnki]], rehearsed: Callable[[], Collection[int]]
) -> dict[str, list[NoteInAnki]]:
    """Return the notes by guid, each guid's with the one first that imports are about.

    That is one with reviews, as these must not be lost; else one with an id that a package gives it, which a copy made
    in Anki has not; else the oldest. `rehearsed` finds the ids of notes with reviews: it is called only where a guid
    has several notes.
    """
    found: dict[str, list[NoteInAnki]] = defaultdict(list)
    for guid, note in notes:
        found[guid].append(note)
    if any(len(twins) > 1 for twins in found.values()):
        ids = rehearsed()
        return {guid: sorted(twins, key=partial(_rank, guid, ids)) for guid, twins in found.items()}
    return found


def _rank(guid: str, rehearsed: Collection[int], note: NoteInAnki) -> tuple[bool, bool, int]:
    """Sort key of the notes of one guid."""
    return note.id not in rehearsed, not may_be_id(note.id, guid), note.id
