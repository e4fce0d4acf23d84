"""Decides which of the ledger's entries a card is: cards + ledger -> guids. Pure.

A lost match costs one schedule; a wrong one gives a card the history of another. So a card that could be two
entries is neither.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import takewhile
from operator import attrgetter
from typing import NamedTuple, TypeVar

from offbook.ledger import Entry
from offbook.likeness import (
    COMMON,
    COMMON_HASHES,
    Weights,
    answer_likeness,
    names,
    question_key,
    question_likeness,
    sketch,
    sketched,
)


@dataclass(unsafe_hash=True)
class Identity:
    """What a card is known by."""

    note: str
    section: str
    question: str
    answer: str
    """Plain text."""
    companies: tuple[str, ...]
    block: str = ""
    cloze: bool = False
    """Whether the card has Anki's other notetype: a note cannot change its own."""
    known: tuple[str, str] | None = None
    """Key and sketch, where they were worked out before."""

    @property
    def key(self) -> str:
        """The question as questions are compared."""
        return (self.known or self._worked_out)[0]

    @property
    def sketch(self) -> str:
        """The answer as answers are compared."""
        return (self.known or self._worked_out)[1]

    @cached_property
    def _worked_out(self) -> tuple[str, str]:
        return question_key(self.question), sketch(self.answer)

    @cached_property
    def hashes(self) -> tuple[bytes, ...]:
        """What the sketch holds."""
        return sketched(self.sketch)


@dataclass(frozen=True)
class Settled:
    """Cards beside those to identify: they are known to be what they were, each with everything that its entry holds.

    They would be paired first, and so are asked for only where something depends on what else there is.
    """

    keys: Callable[[], Iterable[str]] = tuple
    """Return the keys of their questions, which costs less than all of them."""
    cards: Callable[[], Sequence[Identity]] = tuple
    """Return them."""


def identify(
    cards: Sequence[Identity], entries: Iterable[Entry], guids: Collection[str] = (), settled: Settled | None = None
) -> list[str]:
    """Return the guid of each card: an entry's where the card is known, else a new one.

    Neither the order of the cards nor that of the entries matters. No guid is given twice, and none of `guids`.
    """
    settled = settled or Settled()
    known = [_Known(entry) for entry in sorted(entries, key=attrgetter("guid"))]

    @cache
    def asked() -> Counter[str]:
        return _asked(cards, known, settled)

    found: dict[int, str] = {}
    for cloze in (False, True):
        own = [index for index, card in enumerate(cards) if card.cloze == cloze]
        entries_of = [entry for entry in known if entry.cloze == cloze]
        if not entries_of:
            continue  # there is nothing that they could be
        matching = _Matching([cards[index] for index in own], entries_of, cloze, settled, asked)
        matching.by_block_id(elsewhere=False)
        matching.where_they_were()
        matching.asked_where_they_were()
        matching.by_block_id(elsewhere=True)
        matching.elsewhere()
        matching.by_likeness()
        found |= {own[card]: entries_of[entry].guid for card, entry in matching.entry_of.items()}
    return _guids(cards, found, {*guids, *(entry.guid for entry in known)}, settled)


def _asked(cards: Iterable[Identity], known: Iterable[_Known], settled: Settled) -> Counter[str]:
    """Return how often each question is asked, in the notes or in the ledger, whichever is more."""
    keys = {card.question: card.key for card in cards}
    entries = Counter(keys.get(entry.question) or entry.key for entry in known)
    return Counter(settled.keys()) + (Counter(card.key for card in cards) | entries)


class _Known:
    """An entry, and what is worked out of it only where it is asked for."""

    def __init__(self, entry: Entry) -> None:
        self.guid = entry.guid
        self.note = entry.note
        self.section = entry.section
        self.question = entry.question
        self.companies = entry.companies
        self.block = entry.block
        self.sketch = entry.answer
        self.retired = bool(entry.retired)
        self.cloze = entry.cloze

    @cached_property
    def key(self) -> str:
        return question_key(self.question)

    @cached_property
    def hashes(self) -> tuple[bytes, ...]:
        return sketched(self.sketch)


_Side = Identity | _Known

# How much of a text is the same, 0 to 1, by what its words tell.
_WHOLE = 0.9
_NEARLY_WHOLE = 0.85
_MOST = 0.75
_MUCH = 0.6
_HALF = 0.5
_SOME = 0.35
_TRACE = 0.1
# How much words tell, in bits.
_TELLING_ANSWER = 50.0  # having less in common proves the less: "Yes, often."
_TELLING_QUESTION = 8.0  # a question that holds less says nothing without its heading: "What went well?"
_EXCHANGED = 6.0  # a question that lost so much for other words may be about something else
_NOT_EXCHANGED = 2.0
_DISTINCTIVE_BLOCK = 3  # letters; `q1` is soon given to another card in another note
_TELLING_WORDS = 3  # of an answer, to be known by them anywhere
_MARGIN = 0.15  # by which a pair must be better than any other of its card or its entry
_ROUNDS = 4  # of matching by likeness, at most


class _Matching:
    """The state of one matching: which entry each card is, and which are still free."""

    def __init__(
        self,
        cards: Sequence[Identity],
        known: Sequence[_Known],
        cloze: bool,
        settled: Settled,
        asked: Callable[[], Counter[str]],
    ) -> None:
        self._cards = cards
        self._known = known
        self._all_settled = settled
        self._cloze = cloze
        self._asked = asked
        self._taken: set[int] = set()
        self.entry_of: dict[int, int] = {}

    @cached_property
    def _settled(self) -> list[Identity]:
        """The settled cards that are of the same notetype as these; what they are, their entries are, too."""
        return [card for card in self._all_settled.cards() if card.cloze == self._cloze]

    def _pair(self, card: int, entry: int) -> None:
        self.entry_of[card] = entry
        self._taken.add(entry)

    def _free_cards(self) -> list[tuple[int, Identity]]:
        if len(self.entry_of) == len(self._cards):
            return []
        return [(index, card) for index, card in enumerate(self._cards) if index not in self.entry_of]

    def _free(self, *, retired: bool) -> list[tuple[int, _Known]]:
        """Return the entries that no card is yet, by number."""
        if len(self.entry_of) == len(self._cards):
            return []  # nobody asks for them
        return [(i, e) for i, e in enumerate(self._known) if e.retired == retired and i not in self._taken]

    # -- the writer's own ids ----------------------------------------------------------------------

    def by_block_id(self, *, elsewhere: bool) -> None:
        """Pair by the writer's own ids: within a note, or `elsewhere`, if the id is the only one.

        Ids are chosen for one note and at one time: another note, or a later card, may have the same one for
        something else.
        """
        for retired in (False,) if elsewhere else (False, True):
            cards = [(i, card) for i, card in self._free_cards() if card.block]
            if not cards:
                return
            known = [(i, entry) for i, entry in self._free(retired=retired) if entry.block]
            for index, number in _only_pairs(cards, known, lambda side: ("" if elsewhere else side.note, side.block)):
                card, entry = self._cards[index], self._known[number]
                distinctive = len(card.block) >= _DISTINCTIVE_BLOCK and _share_company(card, entry)
                if self._alike(card, entry) or (not retired and (distinctive or not elsewhere)):
                    self._pair(index, number)

    def _alike(self, card: Identity, entry: _Known) -> bool:
        """Whether question or answer also say that card and entry are the same."""
        answer, _ = answer_likeness(card.hashes, entry.hashes, self._answer_weights)
        return card.key == entry.key or answer >= _MOST

    # -- the same question and answer --------------------------------------------------------------

    def where_they_were(self) -> None:
        """Pair what did not change where it stands; of several that are the same in all, any will do."""

        everything = attrgetter("note", "section", "question", "sketch")
        entries: dict[Hashable, list[int]] = defaultdict(list)
        for index, entry in reversed(self._free(retired=False)):
            entries[everything(entry)].append(index)
        cards = [(everything(card), index, card) for index, card in self._free_cards()]
        counts = Counter(key for key, _, _ in cards)
        cards.sort(key=lambda place: _order(place[2]) if counts[place[0]] > 1 else ())
        for key, index, card in cards:
            found = entries.get(key)
            if found and not self._other_block(card, self._known[found[-1]]):
                self._pair(index, found.pop())

    def asked_where_they_were(self) -> None:
        """Pair questions that are asked only once and where they were, whatever became of their answers.

        That of a retired card, too: an answer is deleted, the note saved, and another one written.
        """
        for retired in (False, True):
            free = _only_pairs(self._free_cards(), self._free(retired=retired), lambda s: (s.note, s.section, s.key))
            for index, number in free:
                card, entry = self._cards[index], self._known[number]
                if self._asked()[card.key] == 1 and not self._other_block(card, entry):
                    self._pair(index, number)

    def elsewhere(self) -> None:
        """Pair what moved with the same question and answer, then what came back."""
        for retired in (False, True):
            self._pair_only(lambda side: (side.companies, side.section, side.key, side.sketch), retired=retired)
            self._pair_only(lambda side: (side.key, side.sketch), retired=retired)

    def _pair_only(self, key: Callable[[_Side], Hashable], *, retired: bool) -> None:
        """Pair cards and entries with the same question and answer that are the only ones with a key."""
        for index, number in _only_pairs(self._free_cards(), self._free(retired=retired), key):
            card, entry = self._cards[index], self._known[number]
            if _known_anywhere(card, entry) and not self._other_block(card, entry):
                self._pair(index, number)

    def _other_block(self, card: Identity, entry: _Known) -> bool:
        """Whether the writer gave card and entry two ids, and uses one of them for something else."""
        if not card.block or not entry.block or card.block == entry.block:
            return False
        return card.block in self._known_blocks or entry.block in self._card_blocks

    @cached_property
    def _card_blocks(self) -> set[str]:
        return {card.block for card in (*self._cards, *self._settled)}

    @cached_property
    def _known_blocks(self) -> set[str]:
        return {entry.block for entry in self._known} | {card.block for card in self._settled}

    # -- likeness ----------------------------------------------------------------------------------

    def by_likeness(self) -> None:
        """Pair what is left by likeness of question, answer and place, best pairs first.

        Entries of cards that were there go before retired ones, and cards without an answer come last: they are
        open questions, which have no schedule yet.
        """
        for retired, answered in ((False, True), (True, True), (False, False), (True, False)):
            for _ in range(_ROUNDS):
                # What was found tells more about what moved where, and leaves fewer to choose from.
                if not self._pair_best(retired=retired, answered=answered):
                    break

    def _pair_best(self, *, retired: bool, answered: bool) -> bool:
        """Pair each card and entry that are clearly better for each other than any other; whether there was one."""
        cards = [(i, card) for i, card in self._free_cards() if bool(card.sketch) == answered]
        entries = self._free(retired=retired)
        if not cards or not entries:
            return False
        homes = _Homes(self._cards, self._known, self._settled, self.entry_of)
        pairs: list[_Pair] = []
        for card, entry in _candidates(cards, entries):
            score, same = self._score(self._cards[card], self._known[entry], homes)
            pairs.append(_Pair(-score, card, entry, same))
        before = len(self.entry_of)
        for pair in _clear(sorted(pairs)):
            self._pair(pair.card, pair.entry)
        return len(self.entry_of) > before

    def _score(self, card: Identity, entry: _Known, homes: _Homes) -> tuple[float, bool]:
        """Return how alike card and entry are, and whether a reader would call them the same."""
        if self._other_block(card, entry):
            return 0.0, False
        answer, bits = answer_likeness(card.hashes, entry.hashes, self._answer_weights)
        pair = _Likeness(
            answer,
            answer * min(1.0, bits / _TELLING_ANSWER),
            card.sketch == entry.sketch,
            homes.in_note(card, entry),
            homes.in_section(card, entry),
            _share_company(card, entry),
        )
        if card.key == entry.key:
            same = pair.same_though_retired() if entry.retired else pair.same_if_asked_again()
            return 1 + pair.answer_and_place, same or self._same_by_question(card, entry, pair)
        if entry.retired or pair.hopeless:
            return 0.0, False  # what merely resembles it is new
        question, exchanged = question_likeness(card.key, entry.key, self._question_weights)
        return question + pair.answer_and_place, pair.same_if_reworded(question, exchanged)

    def _same_by_question(self, card: Identity, entry: _Known, pair: _Likeness) -> bool:
        """Whether a question that is asked once only is proof enough, wherever it stands now."""
        if self._asked()[card.key] > 1 or self._question_weights.sum(set(card.key.split())) < _TELLING_QUESTION:
            return False
        moved = pair.company and (pair.note or not entry.retired)
        return pair.answer >= _WHOLE or (moved and names(card.question))

    def _sides(self) -> Iterator[_Side]:
        yield from self._known
        yield from self._cards
        yield from self._settled

    @cached_property
    def _question_weights(self) -> Weights[str]:
        keys = {side.key for side in self._sides()}
        return Weights((set(key.split()) for key in keys), COMMON)

    @cached_property
    def _answer_weights(self) -> Weights[bytes]:
        sketches = {side.sketch for side in self._sides()}
        return Weights(map(sketched, sketches), COMMON_HASHES)


def _only_pairs(
    cards: Sequence[tuple[int, _Side]], entries: Sequence[tuple[int, _Side]], key: Callable[[_Side], Hashable]
) -> list[tuple[int, int]]:
    """Return the cards and entries that are the only ones with a key."""
    if not cards or not entries:
        return []
    of_entries: dict[Hashable, list[int]] = defaultdict(list)
    of_cards: dict[Hashable, list[int]] = defaultdict(list)
    for index, entry in entries:
        of_entries[key(entry)].append(index)
    for index, card in cards:
        of_cards[key(card)].append(index)
    pairs = ((found, of_entries.get(what, ())) for what, found in of_cards.items())
    return [(found[0], known[0]) for found, known in pairs if len(found) == len(known) == 1]


@dataclass(frozen=True, slots=True)
class _Likeness:
    """What a card and an entry have in common besides the question."""

    answer: float
    """How much of the answer, 0 to 1."""
    proof: float
    """The same, less where that little proves nothing."""
    whole: bool
    """Whether all of the answer is the same."""
    note: bool
    """Whether the card is in the entry's note, though that may have been renamed; likewise the next."""
    section: bool
    company: bool

    @property
    def answer_and_place(self) -> float:
        """What these add to the likeness of a pair."""
        return self.answer + 0.25 * self.note + 0.25 * self.section

    @property
    def hopeless(self) -> bool:
        """Whether too little is the same for any question but the very same."""
        return self.proof < _SOME and not (self.note and self.answer >= _SOME)

    def same_if_asked_again(self) -> bool:
        """Whether a card with an entry's question is the entry's, though others may ask the same."""
        enough = _MUCH if self.company else _MOST
        return self.section or self.proof >= enough or (self.note and self.answer >= _WHOLE)

    def same_though_retired(self) -> bool:
        """Whether a card with the question of a retired one is that card, come back."""
        return (self.note and self.answer >= _WHOLE) or (self.company and self.proof >= _NEARLY_WHOLE)

    def same_if_reworded(self, question: float, exchanged: float) -> bool:
        """Whether a card is an entry's so much of whose question is the same, and so many bits exchanged."""
        if exchanged >= _EXCHANGED:
            # It may be about something else now, like the next one in a series: nothing else may have changed.
            return self.whole and self.proof >= _WHOLE and question >= (_TRACE if self.note else _SOME)
        if self.section and exchanged < _NOT_EXCHANGED and (self.proof >= _SOME or self.answer >= _WHOLE):
            return question >= _SOME
        if self.proof >= _SOME:
            return question >= (_SOME if self.proof >= _MOST else _HALF)
        return self.note and question >= _MOST and self.answer >= (_SOME if self.section else _WHOLE)


def _known_anywhere(card: Identity, entry: _Known) -> bool:
    """Whether the same question and answer say what card it is, unlike "Did it work?" and "Yes." """
    if not card.sketch:
        return False
    if len(set(card.hashes) - COMMON_HASHES) >= _TELLING_WORDS:
        return True
    company = _share_company(card, entry)
    if entry.retired and not company:
        return False
    return not COMMON.issuperset(card.key.split()) or (company and bool(card.section) and card.section == entry.section)


def _share_company(card: Identity, entry: _Known) -> bool:
    return not set(card.companies).isdisjoint(entry.companies)


class _Pair(NamedTuple):
    """A card and an entry that may be the same; such pairs sort best first."""

    distance: float
    card: int
    entry: int
    same: bool
    """Whether a reader would call them the same, if there were no others."""


def _clear(pairs: Sequence[_Pair]) -> Iterator[_Pair]:
    """Return the pairs, best first, that are better by a margin than any other for their card or their entry."""
    of_card: dict[int, list[_Pair]] = defaultdict(list)
    of_entry: dict[int, list[_Pair]] = defaultdict(list)
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


def _nearer(pairs: Sequence[_Pair], than: _Pair) -> Iterator[_Pair]:
    """Return the other pairs, of those sorted, that are as good or not worse by more than the margin."""
    near = takewhile(lambda pair: pair.distance < than.distance + _MARGIN, pairs)
    return (pair for pair in near if pair is not than)


class _Homes:
    """Where notes and sections of the ledger are now, seen from the cards that were recognised.

    A place that is still there is itself. One that is gone is where most of its cards are: it was renamed.
    """

    def __init__(
        self,
        cards: Sequence[Identity],
        known: Sequence[_Known],
        settled: Sequence[Identity],
        entry_of: dict[int, int],
    ) -> None:
        moves = [(known[number], cards[index]) for index, number in entry_of.items() if not known[number].retired]
        stayed = {(card.note, card.section) for card in settled}
        before = stayed | {(entry.note, entry.section) for entry in known}
        now = stayed | {(card.note, card.section) for card in cards}
        notes = ((entry.note, card.note) for entry, card in moves)
        self._notes = _renamed(notes, {note for note, _ in before}, {note for note, _ in now})
        sections = (((entry.note, entry.section), (card.note, card.section)) for entry, card in moves)
        self._sections = _renamed(sections, before, now)

    def in_note(self, card: Identity, entry: _Known) -> bool:
        """Whether a card is in the note where the entry was."""
        return card.note == self._notes.get(entry.note, entry.note)

    def in_section(self, card: Identity, entry: _Known) -> bool:
        """Whether a card is in the section where the entry was."""
        before, now = (entry.note, entry.section), (card.note, card.section)
        return now == self._sections.get(before, before)


_Place = TypeVar("_Place", bound=Hashable)


def _renamed(
    moves: Iterable[tuple[_Place, _Place]], before: set[_Place], now: set[_Place]
) -> dict[_Place, _Place | None]:
    """Return where the places that are gone are now, or None where it cannot be said."""
    votes: dict[_Place, Counter[_Place]] = defaultdict(Counter)
    for old, new in moves:
        if old not in now:
            votes[old][new] += 1
    return {old: _most(counts, before) for old, counts in votes.items()}


def _most(votes: Counter[_Place], before: set[_Place]) -> _Place | None:
    """Return what more than half of the votes are for; one vote is too few for a place that was there before."""
    place, count = votes.most_common(1)[0]
    return place if 2 * count > votes.total() and (count > 1 or place not in before) else None


# -- candidates ------------------------------------------------------------------------------------

_MOST_SHARING = 40  # entries; what more of them have is no hint at any of them
_MOST_HINTS = 16  # of a card; its rarest
_FEWEST_HINTS = 2  # in common
_MOST_CANDIDATES = 8  # of a card


def _candidates(
    cards: Iterable[tuple[int, Identity]], entries: Iterable[tuple[int, _Known]]
) -> Iterator[tuple[int, int]]:
    """Return the pairs worth a closer look: those that have rare words, the question or the place in common."""
    having: dict[Hashable, list[int]] = defaultdict(list)
    for index, entry in entries:
        for hint in _hints(entry):
            having[hint].append(index)
    for index, card in cards:
        found = [having[hint] for hint in _hints(card) if hint in having]
        found = sorted((sharing for sharing in found if len(sharing) <= _MOST_SHARING), key=len)[:_MOST_HINTS]
        counts = Counter(entry for sharing in found for entry in sharing)
        for candidate, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_MOST_CANDIDATES]:
            if count >= _FEWEST_HINTS:
                yield index, candidate


def _hints(side: _Side) -> list[Hashable]:
    """Return what candidates may have in common with a card or an entry, the strongest hints first."""
    key = side.key
    question = [(key, side.note, side.section), (key, side.section), (key, side.note), key, (key,)]
    return [*question, *dict.fromkeys(key.split()), *side.hashes, (side.note, side.section)]


# -- guids -----------------------------------------------------------------------------------------


def _guids(
    cards: Sequence[Identity],
    found: dict[int, str],
    used: set[str],
    settled: Settled,
) -> list[str]:
    """Return the guids of all cards; new ones are made in an order of their own, so that the cards' does not matter."""
    result = dict(found)
    new = [index for index in range(len(cards)) if index not in result]
    if new:
        numbers: Counter[str] = Counter()
        seldom = {cards[index].key for index in new}.isdisjoint(settled.keys())
        others = () if seldom else settled.cards()
        asked = Counter((card.companies, card.key) for card in (*cards, *others) if card.sketch)
        for index in sorted(new, key=lambda i: _order(cards[i])):
            card = cards[index]
            alone = asked[card.companies, card.key] <= 1
            seed = "\0".join((*card.companies, card.key, "" if alone else card.section))
            result[index] = _new_guid(seed, used, numbers)
            used.add(result[index])
    return [result[index] for index in range(len(cards))]


def _order(card: Identity) -> tuple[bool, str, str, str, str, tuple[str, ...], str, str]:
    place = (not card.sketch, card.note, card.section)
    return (*place, card.question, card.sketch, card.companies, card.block, card.answer)


def _new_guid(seed: str, used: set[str], numbers: Counter[str]) -> str:
    """Return a guid made from a seed that is not in `used`; `numbers` counts how often each seed was tried."""
    while True:
        number = numbers[seed]
        numbers[seed] += 1
        guid = hashlib.blake2b(f"{seed}\0{number or ''}".encode(), digest_size=8).hexdigest()
        if guid not in used:
            return guid
