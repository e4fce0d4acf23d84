"""Decides which of the ledger's entries a card is: cards + ledger -> guids. Pure.

A lost match costs one schedule; a wrong one gives a card the history of another. So a card that could be two
entries is neither.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from offbook.ledger import Entry
from offbook.likeness import is_telling, question_key, sketch, sketch_likeness, sketch_size, word_likeness


@dataclass(frozen=True)
class Identity:
    """What a card is known by."""

    note: str
    section: str
    question: str
    answer: str
    """Plain text."""
    companies: tuple[str, ...]
    block: str = ""

    @cached_property
    def key(self) -> str:
        """The question as questions are compared."""
        return question_key(self.question)

    @cached_property
    def sketch(self) -> str:
        """The answer as answers are compared."""
        return sketch(self.answer)


def identify(cards: Sequence[Identity], entries: Iterable[Entry]) -> list[str]:
    """Return the guid of each card: an entry's where the card is known, else a new one.

    The result does not depend on the order of the entries. No guid is given twice.
    """
    matching = _Matching(cards, entries)
    matching.by_block_id()
    matching.by_question(retired=False)
    matching.by_question(retired=True)
    matching.by_likeness()
    return matching.guids()


# How much of two answers' words must be the same …
_SAME_ANSWER = 0.25  # … to tell look-alike questions apart
_SAME_ANSWER_ELSEWHERE = 0.5  # … to follow a question to another company
_MOST_OF_ANSWER = 0.6  # … to know a card by its answer
_SOME_OF_ANSWER = 0.35
_SHORT_ANSWER = 4  # words; so short an answer proves little
# How much of two questions' words must be the same where …
_REWORDED = 0.3  # … the answer is the same
_REWORDED_BOTH = 0.55  # … a part of the answer is
_REWORDED_ALONE = 0.85  # … nothing of the answer is
_MARGIN = 0.15


class _Matching:
    """The state of one matching: which cards and entries are still free."""

    def __init__(self, cards: Sequence[Identity], entries: Iterable[Entry]) -> None:
        self._cards = cards
        self._entries = sorted(entries, key=lambda entry: entry.guid)
        self._keys = [question_key(entry.question) for entry in self._entries]
        self._entry_of: dict[int, int] = {}
        self._taken: set[int] = set()

    def _pair(self, card: int, entry: int) -> None:
        self._entry_of[card] = entry
        self._taken.add(entry)

    def by_block_id(self) -> None:
        """Pair by the writer's own ids: within a note, then anywhere if the id is the only one."""
        for place in (lambda note, block: (note, block), lambda _, block: block):
            cards, entries = defaultdict(list), defaultdict(list)
            for index, card in enumerate(self._cards):
                if card.block and index not in self._entry_of:
                    cards[place(card.note, card.block)].append(index)
            for index, entry in enumerate(self._entries):
                if entry.block and index not in self._taken:
                    entries[place(entry.note, entry.block)].append(index)
            for key, found in cards.items():
                if len(found) == len(entries.get(key, ())) == 1:
                    self._pair(found[0], entries[key][0])

    def by_question(self, *, retired: bool) -> None:
        """Pair cards and entries with the same question, best pairs first."""
        cards, entries = defaultdict(list), defaultdict(list)
        for index, card in enumerate(self._cards):
            if index not in self._entry_of:
                cards[card.key].append(index)
        for index, entry in enumerate(self._entries):
            if index not in self._taken and bool(entry.retired) == retired:
                entries[self._keys[index]].append(index)
        for key, found in cards.items():
            candidates = entries.get(key, ())
            alone = len(found) == 1 and len(candidates) == 1
            pairs = [
                (self._same_question(card, entry), card, entry)
                for card in found
                for entry in candidates
                if self._acceptable(card, entry, alone=alone)
            ]
            for _, card, entry in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
                if card not in self._entry_of and entry not in self._taken:
                    self._pair(card, entry)

    def _same_question(self, card: int, entry: int) -> float:
        """Score a pair with the same question by all else that they have in common."""
        c, e = self._cards[card], self._entries[entry]
        score = 2 * sketch_likeness(c.sketch, e.answer)
        score += 0.7 * (c.section == e.section) + 0.6 * (c.note == e.note)
        return score + 0.2 * bool(set(c.companies) & set(e.companies)) - 1.0 * bool(c.block and e.block)

    def _acceptable(self, card: int, entry: int, *, alone: bool) -> bool:
        c, e = self._cards[card], self._entries[entry]
        if c.block and e.block and c.block != e.block and c.note == e.note:
            return False
        answer = sketch_likeness(c.sketch, e.answer)
        if c.note == e.note and c.section == e.section:
            return True
        if not set(c.companies) & set(e.companies):
            return answer >= _SAME_ANSWER_ELSEWHERE or (c.note == e.note and answer >= _SAME_ANSWER)
        return answer >= _SAME_ANSWER or (alone and is_telling(c.key))

    def by_likeness(self) -> None:
        """Pair what is left by likeness of question, answer and place; retired entries stay retired."""
        cards = [index for index in range(len(self._cards)) if index not in self._entry_of]
        entries = [index for index, entry in enumerate(self._entries) if index not in self._taken and not entry.retired]
        pairs: list[tuple[float, int, int]] = []
        for card in cards:
            for entry in entries:
                score = self._likeness(card, entry)
                if score:
                    pairs.append((score, card, entry))
        pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2]))
        best_of_card: dict[int, list[float]] = defaultdict(list)
        best_of_entry: dict[int, list[float]] = defaultdict(list)
        for score, card, entry in pairs:
            best_of_card[card].append(score)
            best_of_entry[entry].append(score)
        for score, card, entry in pairs:
            if card in self._entry_of or entry in self._taken:
                continue
            rivals = [*best_of_card[card], *best_of_entry[entry]]
            if sum(rival > score - _MARGIN for rival in rivals) > 2:
                continue  # something else is as good
            self._pair(card, entry)

    def _likeness(self, card: int, entry: int) -> float:
        """Score a pair whose questions differ; 0 where a reader would not call it the same card."""
        c, e = self._cards[card], self._entries[entry]
        if c.block and e.block and c.block != e.block:
            return 0.0
        answer = sketch_likeness(c.sketch, e.answer)
        same_note = c.note == e.note
        if not same_note and answer < _SOME_OF_ANSWER:
            return 0.0
        words = word_likeness(c.key, self._keys[entry])
        short = min(sketch_size(c.sketch), sketch_size(e.answer)) < _SHORT_ANSWER
        if answer >= _MOST_OF_ANSWER and not short:
            enough = _REWORDED
        elif answer >= _SOME_OF_ANSWER:
            enough = _REWORDED_BOTH
        else:
            enough = _REWORDED_ALONE
        if words < enough:
            return 0.0
        return words + answer + 0.3 * same_note + 0.2 * (c.section == e.section)

    def guids(self) -> list[str]:
        """Return the guids; new ones are made from company and question, the same after a lost ledger."""
        used = {entry.guid for entry in self._entries}
        result: list[str] = []
        for index, card in enumerate(self._cards):
            if index in self._entry_of:
                result.append(self._entries[self._entry_of[index]].guid)
                continue
            guid = new_guid(card.companies, card.key, used)
            used.add(guid)
            result.append(guid)
        return result


def new_guid(companies: tuple[str, ...], key: str, used: set[str]) -> str:
    """Return a guid made from company and question that is not in `used`."""
    number = 0
    while True:
        seed = "\0".join((*companies, key, str(number) if number else ""))
        guid = hashlib.blake2b(seed.encode(), digest_size=8).hexdigest()
        if guid not in used:
            return guid
        number += 1
