"""Tells one collection from another by its notetypes.

Anki gives each notetype the time of its making, in milliseconds, as its id, and makes several with every new
collection, one right after the other. These ids stay when a collection is synced, restored or renamed. A notetype that
a shared deck brings has the same id in many collections, so one of them proves nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise

_FEWEST = 3  # made together
_AT_ONCE = 20  # milliseconds between two of them


def telling(notetypes: Collection[int]) -> tuple[int, ...]:
    """Return the ids that tell a collection: of notetypes that were made together, all where there are none."""
    made_together = [id for run in _runs(notetypes) for id in run]
    return tuple(made_together or sorted(notetypes))


def name_of(notetypes: Collection[int], known: Mapping[str, Collection[int]]) -> str:
    """Return the name of the collection that has `notetypes`: one of those `known`, or a new one.

    `known` has the ids that told each collection at the last import into it. It is the same one if it has some of most
    runs of them, or, where there are no runs, most of the ids.
    """
    there = set(notetypes)
    for name, ids in known.items():
        runs = _runs(ids)
        if runs and 2 * sum(not there.isdisjoint(run) for run in runs) > len(runs):
            return name
        if not runs and 2 * len(there.intersection(ids)) > max(len(ids), len(there)):
            return name
    return hashlib.blake2b(repr(telling(notetypes)).encode(), digest_size=5).hexdigest()


def _runs(ids: Iterable[int]) -> list[list[int]]:
    """Return the ids of notetypes that were made together, run by run."""
    runs: list[list[int]] = []
    ordered = sorted(ids)
    for before, id in pairwise([-_AT_ONCE - 1, *ordered]):
        if id - before > _AT_ONCE:
            runs.append([])
        runs[-1].append(id)
    return [run for run in runs if len(run) >= _FEWEST]
