"""Companies that were renamed: what the ledger has of them is their heirs'."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from msgspec import structs

from offbook.model import ALL, Entry, IdentifiedCard, Source


def handed_over(entries: Sequence[Entry], cards: Iterable[IdentifiedCard], sources: Iterable[Source]) -> list[Entry]:
    """Return the ledger's entries; those whose cards are gone from a renamed company are its heir's.

    A company was renamed where it has no note any more, and all of its cards that are still there are those of another
    one, which the ledger does not know. Without that it would live on for the cards that were deleted at the same time.
    """
    live = {entry.guid: entry for entry in entries if not entry.retired and len(entry.companies) == 1}
    before = {company for entry in live.values() for company in entry.companies}
    gone = before - {slug for source in sources for slug in source.target.slugs} - {ALL}
    went: dict[str, Counter[tuple[tuple[str, ...], str]]] = defaultdict(Counter)
    found: set[str] = set()
    for card in cards if gone else ():
        if (entry := live.get(card.guid)) is not None and entry.companies[0] in gone:
            found.add(card.guid)
            went[entry.companies[0]][card.companies, card.source.deck] += 1
    heirs = {
        company: places.most_common(1)[0][0]
        for company, places in went.items()
        if len(owners := {companies for companies, _ in places}) == 1 and before.isdisjoint(owners.pop())
    }
    return [
        _handed(entry, *heirs[entry.companies[0]])
        if len(entry.companies) == 1 and entry.guid not in found and entry.companies[0] in heirs
        else entry
        for entry in entries
    ]


def _handed(entry: Entry, companies: tuple[str, ...], deck: str) -> Entry:
    decks = dict.fromkeys((*entry.decks, entry.deck))
    return structs.replace(entry, companies=companies, deck=deck, decks=tuple(each for each in decks if each != deck))
