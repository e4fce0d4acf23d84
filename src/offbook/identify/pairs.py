"""Whether a card and an entry of the ledger are the same, and which pairs are clearly better than others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

from offbook.identify.identity import Identity
from offbook.likeness import COMMON, COMMON_HASHES

# How much of a text is the same, 0 to 1, by what its words tell.
WHOLE = 0.9
_NEARLY_WHOLE = 0.85
MOST = 0.75
_MOSTLY = 0.65
MUCH = 0.6
_HALF = 0.5
_SOME = 0.35
_TRACE = 0.1
# How much words tell, in bits.
TELLING_ANSWER = 50.0  # having less in common proves the less: "Yes, often."
TELLING_QUESTION = 8.0  # a question that holds less says nothing without its heading: "What went well?"
_EXCHANGED = 6.0  # a question that lost so much for other words may be about something else
_EXCHANGED_IN_PLACE = 7.0
_NOT_EXCHANGED = 2.0
_TELLING_WORDS = 3  # of an answer, to be known by them anywhere
_MARGIN = 0.15  # by which a pair must be better than any other of its card or its entry


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a card and an entry have in common besides the question."""

    answer: float
    """How much of the answer, 0 to 1."""
    proof: float
    """The same, reduced where so little in common proves nothing."""
    whole: bool
    """Whether all of the answer is the same."""
    note: bool
    """Whether the card is in the entry's note, renamed or not; `section` likewise."""
    section: bool
    company: bool
    missing: bool = False
    """Whether the card is the only new one where the entry is the only one missing."""

    @property
    def answer_and_place(self) -> float:
        """What answer and place add to a pair's likeness."""
        return self.answer + 0.25 * self.note + 0.25 * self.section

    @property
    def hopeless(self) -> bool:
        """Whether so little is the same that only an identical question can match."""
        return self.proof < _SOME and not (self.note and self.answer >= _SOME)

    def same_if_asked_again(self) -> bool:
        """Whether card and entry match, given the same question, which others may ask, too."""
        enough = MUCH if self.company else MOST
        return self.section or self.proof >= enough or (self.note and self.answer >= WHOLE)

    def same_though_retired(self) -> bool:
        """Whether a card with the question of a retired entry is that one, come back."""
        return (self.note and self.answer >= WHOLE) or (self.company and self.proof >= _NEARLY_WHOLE)

    def reworded_in_place(self, question: float, exchanged: float) -> bool:
        """Whether the only new card of a place may be its only missing entry, with the question in other words."""
        return exchanged < _EXCHANGED_IN_PLACE and question >= _HALF and self.answer >= _HALF

    def exchanged_in_place(self, question: float) -> bool:
        """Whether they match, though a quarter of the question is now other words that tell much."""
        enough = _HALF if question >= MUCH else _MOSTLY if question >= _HALF else MOST
        return question >= _TRACE and self.proof >= enough

    def reworded_as_a_whole(self, card: Identity, entry: Identity) -> bool:
        """Whether an answer that tells much stands word for word where it stood, under a question in other words.

        One in the same words, but for a name, is the next in a series, though its answer be the same. A shorter answer
        is enough where nothing else came or went.
        """
        enough = MUCH if self.missing else WHOLE
        return self.whole and self.note and self.section and self.proof >= enough and other_words(card, entry)

    def reworded_and_grown(self, card: Identity, entry: Identity) -> bool:
        """Whether the only new card of a place has all of its only missing entry's answer and some more, reworded."""
        kept = set(entry.hashes) <= set(card.hashes)
        return self.missing and kept and tells(entry) and self.answer >= MOST and other_words(card, entry)

    def same_if_reworded(self, question: float, exchanged: float) -> bool:
        """Whether card and entry match, given the overlap of their questions (0 to 1) and the bits exchanged."""
        if exchanged >= _EXCHANGED:
            # It may be about something else now, like the next one in a series: nothing else may have changed.
            return self.whole and self.proof >= WHOLE and question >= (_TRACE if self.note else _SOME)
        if self.section and exchanged < _NOT_EXCHANGED and (self.proof >= _SOME or self.answer >= WHOLE):
            return question >= _SOME
        if self.proof >= _SOME:
            return question >= (_SOME if self.proof >= MOST else _HALF)
        return self.note and question >= MOST and self.answer >= (_SOME if self.section else WHOLE)


def other_words(card: Identity, entry: Identity) -> bool:
    """Whether two questions have few words in common, unlike "Why Acme?" and "Why Corvid?"."""
    before, now = set(entry.key.split()), set(card.key.split())
    return len(before & now) < _SOME * len(before | now)


def keeps_words(card: Identity, entry: Identity) -> bool:
    """Whether two questions share a word that tells, unlike "What is TCP?" and "What is UDP?", or one adds words."""
    before, now = set(entry.key.split()), set(card.key.split())
    return before < now or not COMMON.issuperset(before & now)


def known_anywhere(card: Identity, entry: Identity) -> bool:
    """Whether the same question and answer say what card it is, unlike "Did it work?" and "Yes." """
    if not card.sketch:
        return False
    if tells(card):
        return True
    company = card.shares_company(entry)
    if entry.retired and not company:
        return False
    return not COMMON.issuperset(card.key.split()) or (company and bool(card.section) and card.section == entry.section)


def tells(card: Identity) -> bool:
    """Whether an answer has enough words to be known by them anywhere."""
    return len(set(card.hashes) - COMMON_HASHES) >= _TELLING_WORDS


class Pair(NamedTuple):
    """A card and an entry that may be the same; such pairs sort best first."""

    distance: float
    card: int
    entry: int
    same: bool
    """Whether a reader would call them the same, if there were no others."""


def clear_pairs(pairs: Sequence[Pair]) -> Iterator[Pair]:
    """Yield the pairs, best first, that are better by a margin than any other for their card or their entry."""
    of_card: dict[int, list[Pair]] = defaultdict(list)
    of_entry: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        of_card[pair.card].append(pair)
        of_entry[pair.entry].append(pair)
    cards: set[int] = set()
    entries: set[int] = set()
    for pair in pairs:
        if not pair.same or pair.card in cards or pair.entry in entries:
            continue
        near = [*_nearer(of_card[pair.card], pair), *_nearer(of_entry[pair.entry], pair)]
        if all(rival.card in cards or rival.entry in entries for rival in near):
            cards.add(pair.card)
            entries.add(pair.entry)
            yield pair


def _nearer(pairs: Sequence[Pair], than: Pair) -> Iterator[Pair]:
    """Yield the other pairs, of sorted ones, that are better, or worse by no more than the margin."""
    near = takewhile(lambda pair: pair.distance < than.distance + _MARGIN, pairs)
    return (pair for pair in near if pair is not than)
