"""Decides which of the ledger's entries a card is: cards + ledger -> guids. Pure.

A lost match costs one schedule; a wrong one gives a card the history of another. So a card that could be two
entries is neither.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from operator import attrgetter

from offbook.identify.guids import guids
from offbook.identify.identity import Identity
from offbook.identify.matching import Matching
from offbook.model import Entry, IdentifiedCard, Kind, Source, section
from offbook.tags import card_tags, note_tags


def identified(sources: Sequence[Source], entries: Iterable[Entry]) -> list[IdentifiedCard]:
    """Give each card its guid, in the order of the notes; open questions get the one that they would have."""
    places = [(source, index) for source in sources for index in range(len(source.cards))]
    entries = list(entries)
    given = _unchanged(places, entries)
    if given is None:
        # Open questions are not in the ledger, and must not take an entry from a card that is.
        places.sort(key=lambda place: place[0].cards[place[1]].is_open)
        given = identify([_identity(*place) for place in places], entries)
    tags = {id(source): note_tags(source.note, source.target) for source in sources}
    cards = [_identified(*place, guid, tags) for place, guid in zip(places, given, strict=True)]
    return sorted(cards, key=attrgetter("card.location", "card.end", "guid"))


def _identified(source: Source, index: int, guid: str, tags: Mapping[int, tuple[str, ...]]) -> IdentifiedCard:
    card = source.cards[index]
    tagged = card_tags(tags[id(source)], card)
    return IdentifiedCard(
        card, source, index, guid, source.target.slugs, tagged, section(card), source.sketches[index][1]
    )


def _unchanged(places: Sequence[tuple[Source, int]], entries: Sequence[Entry]) -> list[str] | None:
    """Return the guids of the cards at `places` where each is just what an entry of its own says, as in most runs.

    None where a card or an entry is left over, so that one of them may be another one.
    """
    live = {(e.note, e.section, e.question, e.answer, e.block, e.cloze): e.guid for e in entries if not e.retired}
    opened = [index for index, (source, card) in enumerate(places) if source.cards[card].is_open]
    if len(live) != len(places) - len(opened) or (opened and len(live) != len(entries)):
        return None
    answered = {index: live.get(_place(*place), "") for index, place in enumerate(places)}
    for index in opened:
        del answered[index]
    if "" in answered.values() or len(set(answered.values())) != len(live):
        return None
    if not opened:
        return list(answered.values())
    return guids([_identity(*place) for place in places], answered, {entry.guid for entry in entries})


def _place(source: Source, index: int) -> tuple[str, str, str, str, str, bool]:
    card = source.cards[index]
    block, cloze = card.block_id or card.note_id, card.kind is Kind.CLOZE
    return source.path, section(card), card.question_text, source.sketches[index][1], block, cloze


def _identity(source: Source, index: int) -> Identity:
    card, (key, sketch) = source.cards[index], source.sketches[index]
    return Identity(
        source.path,
        section(card),
        card.question_text,
        sketch,
        source.target.slugs,
        card.block_id or card.note_id,
        card.kind is Kind.CLOZE,
        card.whole,
        key,
        card.answer_text,
    )


def identify(cards: Sequence[Identity], entries: Iterable[Entry]) -> list[str]:
    """Return the guid of each card: an entry's where the card is known, else a new one.

    Neither the order of the cards nor that of the entries matters. No guid is given twice.
    """
    entries = list(entries)
    before = [_of_entry(entry) for entry in sorted(entries, key=attrgetter("guid")) if not entry.twin_of]

    @cache
    def asked() -> Counter[str]:
        return _asked(cards, before)

    matched: dict[int, str] = {}
    for cloze in (False, True):
        indices = [index for index, card in enumerate(cards) if card.cloze == cloze]
        of_kind = [entry for entry in before if entry.cloze == cloze]
        if not of_kind:
            continue  # there is nothing that they could be
        matching = Matching([cards[index] for index in indices], of_kind, asked)
        matching.by_block_id(elsewhere=False)
        matching.where_they_were()
        matching.asked_where_they_were()
        matching.by_block_id(elsewhere=True)
        matching.with_other_gaps()
        matching.elsewhere()
        matching.asked_anew_where_renamed()
        matching.by_likeness()
        matching.asked_anew_where_they_were()
        matching.of_older_twins()
        matched |= {indices[card]: of_kind[entry].guid for card, entry in matching.entry_of.items()}
    return guids(cards, matched, {entry.guid for entry in entries})


def _of_entry(entry: Entry) -> Identity:
    return Identity(
        entry.note,
        entry.section,
        entry.question,
        entry.answer,
        entry.companies,
        entry.block,
        entry.cloze,
        entry.words,
        guid=entry.guid,
        retired=bool(entry.retired),
        added=entry.added,
    )


def _asked(cards: Iterable[Identity], entries: Iterable[Identity]) -> Counter[str]:
    """Return how often each question is asked, in the notes or in the ledger, whichever is more."""
    keys = {card.question: card.key for card in cards}
    of_entries = Counter(keys.get(entry.question) or entry.key for entry in entries)
    return Counter(card.key for card in cards) | of_entries
