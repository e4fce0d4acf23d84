"""What is left to do in Anki when a package was imported by hand, with the searches that find the cards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from offbook.anki.searches import term
from offbook.commands import common
from offbook.tags import RETIRED


def left_to_do(
    other_decks: Iterable[tuple[str, str, str]], emptied: Iterable[tuple[str, int]], *, retired: bool
) -> Iterator[str]:
    """Yield the lines to print: for cards of `other_decks` (old deck, new deck, guid), and for `retired` ones, if any.

    `emptied` are cards that show nothing any more: the guids of their notes, and their numbers there.
    """
    by_decks: dict[tuple[str, str], list[str]] = defaultdict(list)
    for old, new, guid in other_decks:
        by_decks[old, new].append(guid)
    for (old, new), guids in sorted(by_decks.items()):
        belong = "belongs" if len(guids) == 1 else "belong"
        yield f"{common.counted(len(guids), 'card')} in the deck {old} {belong} to {new} now."
    if by_decks:
        find = "This search finds" if len(by_decks) == 1 else "These searches find"
        yield f"An import by hand puts no card in another deck; `offbook import` does. {find} them:"
    for (old, new), guids in sorted(by_decks.items()):
        keys = " or ".join(f"Key:{guid}" for guid in guids)
        yield f"  {term('deck', old)} -{term('deck', new)} ({keys})"
    numbers: dict[int, list[str]] = defaultdict(list)
    for guid, number in emptied:
        numbers[number].append(guid)
    if numbers:
        yield "Cards of gaps and reverse sides that are gone stay in Anki, empty; `offbook import` suspends them."
        yield "By hand, suspend these cards, or delete them with Tools > Empty Cards:"
        yield "  " + " or ".join(
            f"(card:{number} ({' or '.join(f'Key:{guid}' for guid in sorted(guids))}))"
            for number, guids in sorted(numbers.items())
        )
    if retired:
        yield "Retired cards stay in Anki; `offbook import` suspends them. By hand, suspend or delete what this finds:"
        yield f"  tag:{RETIRED}"
