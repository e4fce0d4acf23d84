"""Tells one collection from another by its notetypes.

Anki gives each notetype the time of its making, in milliseconds, as its id, and makes some with every new collection.
These ids stay when a collection is synced, restored or renamed. Those of a notetype that a shared deck brings are the
same in many collections, so one of them proves nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping


def name_of(notetypes: Collection[int], known: Mapping[str, Collection[int]]) -> str:
    """Return the name of the collection that has `notetypes`: one of those `known`, or a new one.

    `known` has the ids that each collection had at the last import into it. It is the same collection if at least half
    of them are there, or half of what is there is known. The name is empty where there is nothing to go by.
    """
    alike = {name: len(set(ids) & set(notetypes)) for name, ids in known.items()}
    best = max(alike, key=alike.__getitem__, default="")
    if best and alike[best] and 2 * alike[best] >= min(len(known[best]), len(notetypes)):
        return best
    return f"{min(notetypes):x}" if notetypes else ""
