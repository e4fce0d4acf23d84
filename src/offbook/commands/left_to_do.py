"""What importing a package by hand leaves undone in Anki, with the searches that find those cards."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from offbook.commands import common
from offbook.tags import RETIRED


def left_to_do(moved: Iterable[tuple[str, str, str]], *, retired: bool) -> Iterator[str]:
    """Yield lines for cards that `moved` (old deck, new deck, guid) and, where there are any, `retired` ones."""
    by_decks: dict[tuple[str, str], list[str]] = defaultdict(list)
    for old, new, guid in moved:
        by_decks[old, new].append(guid)
    for (old, new), guids in sorted(by_decks.items()):
        belong = "belongs" if len(guids) == 1 else "belong"
        yield f"{common.counted(len(guids), 'card')} in the deck {old} {belong} to {new} now."
        yield "Anki moves no card when a package is imported by hand; `offbook import` does. This search finds them:"
        keys = " or ".join(f"Key:{guid}" for guid in guids)
        yield f"  {_search('deck', old)} -{_search('deck', new)} ({keys})"
    if retired:
        yield "Retired cards stay in Anki; `offbook import` suspends them. By hand, suspend or delete what this finds:"
        yield f"  tag:{RETIRED}"


def _search(field: str, value: str) -> str:
    """Return an Anki search term in quotes, its wild cards escaped."""
    escaped = re.sub(r'([\\"*_])', r"\\\1", value)
    return f'"{field}:{escaped}"'
