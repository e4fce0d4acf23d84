"""The matching: which entry of the ledger each card is, from what is certain to what is likely."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from operator import attrgetter

from offbook.identify.guids import order
from offbook.identify.identity import Identity, only_pairs
from offbook.identify.pairs import (
    MOST,
    MUCH,
    TELLING_ANSWER,
    TELLING_QUESTION,
    WHOLE,
    Likeness,
    Pair,
    clear_pairs,
    keeps_words,
    known_anywhere,
    other_words,
    tells,
)
from offbook.identify.places import Homes, candidates
from offbook.likeness import (
    COMMON,
    COMMON_HASHES,
    Weights,
    answer_likeness,
    names,
    question_key,
    question_likeness,
    same_but_for_a_quarter,
    same_names,
    sketched,
)
from offbook.model import note_stem

_DISTINCTIVE_BLOCK = 3  # letters; `q1` is soon given to another card in another note
_UNIQUE_BLOCK = 32  # letters, as of the UUIDs of Logseq: no two cards have one
_FEWEST_TELLING = 2  # words of an answer that stands where it stood
_ROUNDS = 4  # of matching by likeness, at most


class Matching:
    """The state of one matching: which entry each card is, and which are still free."""

    def __init__(
        self, cards: Sequence[Identity], entries: Sequence[Identity], asked: Callable[[], Counter[str]]
    ) -> None:
        self._cards = cards
        self._entries = entries
        self._asked = asked
        self._taken: set[int] = set()
        self.entry_of: dict[int, int] = {}

    def _pair(self, card: int, entry: int) -> None:
        self.entry_of[card] = entry
        self._taken.add(entry)

    def _free_cards(self) -> list[tuple[int, Identity]]:
        if len(self.entry_of) == len(self._cards):
            return []
        return [(index, card) for index, card in enumerate(self._cards) if index not in self.entry_of]

    def _free(self, *, retired: bool) -> list[tuple[int, Identity]]:
        """Return the entries that no card is yet, by number."""
        if len(self.entry_of) == len(self._cards):
            return []
        return [(i, e) for i, e in enumerate(self._entries) if e.retired == retired and i not in self._taken]

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
            entries = [(i, entry) for i, entry in self._free(retired=retired) if entry.block]
            for index, number in only_pairs(cards, entries, lambda side: ("" if elsewhere else side.note, side.block)):
                card, entry = self._cards[index], self._entries[number]
                distinctive = len(card.block) >= _DISTINCTIVE_BLOCK and card.shares_company(entry)
                distinctive = distinctive or len(card.block) >= _UNIQUE_BLOCK
                if self._alike(card, entry) or (not retired and (distinctive or not elsewhere)):
                    self._pair(index, number)

    def _alike(self, card: Identity, entry: Identity) -> bool:
        """Whether question or answer also say that card and entry are the same."""
        answer, _ = answer_likeness(card.hashes, entry.hashes, self._answer_weights)
        return card.key == entry.key or answer >= MOST

    # -- the same question and answer --------------------------------------------------------------

    def where_they_were(self) -> None:
        """Pair what did not change where it stands; of several that are the same in all, any will do."""

        everything = attrgetter("note", "section", "question", "sketch")
        entries: dict[Hashable, list[int]] = defaultdict(list)
        for index, entry in reversed(self._free(retired=False)):
            entries[everything(entry)].append(index)
        cards = [(everything(card), index, card) for index, card in self._free_cards()]
        counts = Counter(key for key, _, _ in cards)
        cards.sort(key=lambda place: order(place[2]) if counts[place[0]] > 1 else ())
        for key, index, card in cards:
            found = entries.get(key)
            if found and not self._other_block(card, self._entries[found[-1]]):
                self._pair(index, found.pop())

    def asked_where_they_were(self) -> None:
        """Pair questions that are asked only once and where they were, whatever became of their answers.

        That of a retired card, too: an answer is deleted, the note saved, and another one written.
        """
        for retired in (False, True):
            free = only_pairs(self._free_cards(), self._free(retired=retired), lambda s: (s.note, s.section, s.key))
            for index, number in free:
                card, entry = self._cards[index], self._entries[number]
                if self._asked()[card.key] == 1 and not self._other_block(card, entry):
                    self._pair(index, number)

    def with_other_gaps(self) -> None:
        """Pair texts that are the same word for word, and of which more or less is hidden now."""
        for retired in (False, True):
            cards = [(i, card) for i, card in self._free_cards() if card.whole]
            entries = [(i, entry) for i, entry in self._free(retired=retired) if entry.whole]
            for index, number in only_pairs(cards, entries, lambda side: (side.note, side.whole)):
                if not self._other_block(self._cards[index], self._entries[number]):
                    self._pair(index, number)

    def elsewhere(self) -> None:
        """Pair what moved with the same question and answer, then what came back."""
        for retired in (False, True):
            self._pair_only(lambda side: (side.companies, side.section, side.key, side.sketch), retired=retired)
            self._pair_only(lambda side: (side.key, side.sketch), retired=retired)

    def _pair_only(self, key: Callable[[Identity], Hashable], *, retired: bool) -> None:
        """Pair cards and entries with the same question and answer that are the only ones with a key."""
        for index, number in only_pairs(self._free_cards(), self._free(retired=retired), key):
            card, entry = self._cards[index], self._entries[number]
            known = known_anywhere(card, entry) or self._is_of_renamed(card, entry)
            if known and not self._other_block(card, entry):
                self._pair(index, number)

    def _is_of_renamed(self, card: Identity, entry: Identity) -> bool:
        """Whether the card's note is new, and the entry's gone: it was renamed, or its folder."""
        alike = card.shares_company(entry) or note_stem(card.note) == note_stem(entry.note)
        return bool(card.sketch) and alike and entry.note not in self._notes_now and card.note not in self._notes_before

    @cached_property
    def _notes_now(self) -> set[str]:
        return {card.note for card in self._cards}

    @cached_property
    def _notes_before(self) -> set[str]:
        return {entry.note for entry in self._entries}

    def asked_anew_where_renamed(self) -> None:
        """Pair cards of notes that are new with entries of notes that are gone: the answer is the same word for word.

        One who renames a note renames its title with it, which may be the question.
        """
        cards = [(i, card) for i, card in self._free_cards() if card.note not in self._notes_before]
        entries = [(i, entry) for i, entry in self._free(retired=False) if entry.note not in self._notes_now]
        for index, number in only_pairs(cards, entries, lambda side: (side.companies, side.sketch)):
            card, entry = self._cards[index], self._entries[number]
            if tells(card) and ((_is_note_name(card) and _is_note_name(entry)) or other_words(card, entry)):
                self._pair(index, number)

    def asked_anew_where_they_were(self) -> None:
        """Pair cards whose answer stands word for word where it stood, under a question in other words.

        It is the only one of its kind that came and that went there, and says enough: "more than half", and not "yes".
        """
        cards = [(i, card) for i, card in self._free_cards() if card.sketch]
        entries = [(i, entry) for i, entry in self._free(retired=False) if entry.sketch]
        for index, number in only_pairs(cards, entries, lambda side: (side.note, side.section, side.sketch)):
            card, entry = self._cards[index], self._entries[number]
            says = len(set(card.hashes) - COMMON_HASHES) >= _FEWEST_TELLING
            same = other_words(card, entry) or (keeps_words(card, entry) and self._lost_what_is_gone(card, entry))
            if says and same and not self._other_block(card, entry):
                self._pair(index, number)

    def _lost_what_is_gone(self, card: Identity, entry: Identity) -> bool:
        """Whether the telling words that a question has lost are in none now, as where what it names is renamed."""
        return self._words_now.isdisjoint(set(entry.key.split()) - set(card.key.split()) - COMMON)

    @cached_property
    def _words_now(self) -> set[str]:
        return {word for card in self._cards for word in card.key.split()}

    def of_older_twins(self) -> None:
        """Give a card the entry of its older twin that is gone: what was copied and then deleted has the reviews.

        The twin is the same in question and answer, for the same company, and the only one that came before.
        """
        gone = [(i, e) for i, e in enumerate(self._entries) if not e.retired and i not in self._taken and e.sketch]
        there = [(i, self._cards[i]) for i in self.entry_of if gone and not self._cards[i].block]
        for index, number in only_pairs(there, gone, lambda side: (side.key, side.sketch)):
            card, older, own = self._cards[index], self._entries[number], self._entries[self.entry_of[index]]
            if not own.retired and older.added < own.added and card.shares_company(older) and tells(card):
                self._pair(index, number)

    def _other_block(self, card: Identity, entry: Identity) -> bool:
        """Whether the writer gave card and entry two ids, and uses one of them for something else."""
        if not card.block or not entry.block or card.block == entry.block:
            return False
        return card.block in self._entry_blocks or entry.block in self._card_blocks

    @cached_property
    def _card_blocks(self) -> set[str]:
        return {card.block for card in self._cards}

    @cached_property
    def _entry_blocks(self) -> set[str]:
        return {entry.block for entry in self._entries}

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
        homes = Homes(self._cards, self._entries, self.entry_of)
        pairs: list[Pair] = []
        for card, entry in candidates(cards, entries):
            score, same = self._score(self._cards[card], self._entries[entry], homes)
            pairs.append(Pair(-score, card, entry, same))
        before = len(self.entry_of)
        for pair in clear_pairs(sorted(pairs)):
            self._pair(pair.card, pair.entry)
        return len(self.entry_of) > before

    def _score(self, card: Identity, entry: Identity, homes: Homes) -> tuple[float, bool]:
        """Return how alike card and entry are, and whether a reader would call them the same."""
        if self._other_block(card, entry):
            return 0.0, False
        answer, bits = answer_likeness(card.hashes, entry.hashes, self._answer_weights)
        pair = Likeness(
            answer,
            answer * min(1.0, bits / TELLING_ANSWER),
            card.sketch == entry.sketch,
            homes.in_note(card, entry),
            homes.in_section(card, entry),
            card.shares_company(entry),
            homes.is_what_is_missing(card, entry),
        )
        # A card that was away comes back to a list that counts on without it.
        if card.subject == entry.subject if entry.retired else card.key == entry.key:
            same = pair.same_though_retired() if entry.retired else pair.same_if_asked_again()
            return 1 + pair.answer_and_place, same or self._same_by_question(card, entry, pair)
        if entry.retired or pair.hopeless:
            return 0.0, False  # what merely resembles it is new
        # A text with gaps may have changed around them, or have others now.
        texts = {(card.subject, entry.subject), (card.text, entry.text)}
        likenesses = [self._score_of_reworded(card, entry, pair, *both) for both in texts]
        return max(score for score, _ in likenesses), any(same for _, same in likenesses)

    def _score_of_reworded(
        self, card: Identity, entry: Identity, pair: Likeness, now: str, before: str
    ) -> tuple[float, bool]:
        """Return the same of a card whose question is other words `now` than `before`."""
        question, exchanged = question_likeness(now, before, self._question_weights)
        same = pair.same_if_reworded(question, exchanged) or pair.reworded_as_a_whole(card, entry)
        same = same or pair.reworded_and_grown(card, entry)
        if not same and pair.missing and same_names(card.question, entry.question):
            quarter = same_but_for_a_quarter(now, before)
            same = pair.reworded_in_place(question, exchanged) or (quarter and pair.exchanged_in_place(question))
        return question + pair.answer_and_place, same

    def _same_by_question(self, card: Identity, entry: Identity, pair: Likeness) -> bool:
        """Whether a question that is asked once only is proof enough, wherever it stands now."""
        if self._asked()[card.key] > 1 or self._question_weights.sum(set(card.key.split())) < TELLING_QUESTION:
            return False
        enough = WHOLE if entry.retired else MUCH
        known = names(card.question) or self._is_of_renamed(card, entry)
        return pair.answer >= enough or (pair.company and known)

    @cached_property
    def _question_weights(self) -> Weights[str]:
        keys = {text for side in (*self._entries, *self._cards) for text in (side.subject, side.text)}
        return Weights((set(key.split()) for key in keys), COMMON)

    @cached_property
    def _answer_weights(self) -> Weights[bytes]:
        sketches = {side.sketch for side in (*self._entries, *self._cards)}
        return Weights(map(sketched, sketches), COMMON_HASHES)


def _is_note_name(side: Identity) -> bool:
    """Whether a question is the name of the note in which it stands."""
    return side.key == question_key(note_stem(side.note))
