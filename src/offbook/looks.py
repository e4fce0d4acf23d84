"""Since when cards look as they do: Anki takes over newer looks only."""

from __future__ import annotations

from msgspec import structs

from offbook import notetypes
from offbook.ledger import Header


def header(css: str, before: Header, now: int) -> Header:
    """Return the ledger's header with the looks and the time of their last change.

    Both are empty for as long as the looks always were offbook's alone; `css` is what the user adds to them.
    `now` is in seconds since the epoch.
    """
    if not before.looks and not css:
        return before
    looks = notetypes.looks(css)
    if before.looks == looks:
        return before
    return structs.replace(before, looks=looks, changed=max(now, notetypes.CHANGED + 1, before.changed + 1))
