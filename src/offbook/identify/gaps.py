"""Decides which number each gap of a card has in Anki, where a number is a card with a history of its own. Pure.

A gap that did not change keeps its number wherever it stands, and one that was reworded in its place does. A new gap
gets a number that the card never had; so a gap that could be two is new. Gaps that the writer gave one number stay
together: they are a group.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cached_property

from offbook.field_text import gapped
from offbook.likeness import question_key, words
from offbook.model import Content, Entry, Gap, Gapped, IdentifiedCard, Numbered

_MUCH = 0.5  # of a gap's words
_Groups = dict[int, tuple[Gap, ...]]


def numbered(now: Gapped, before: Gapped, past: Iterable[Gap]) -> Numbered:
    """Return the numbers of a card's gaps `now`, where it had those of `before`; `past` ones are gone since earlier."""
    past = tuple(past)
    groups = _groups(now.gaps)
    if now == before:
        return Numbered({number: number for number in groups}, now.words, now.gaps, past)
    matching = _Matching(groups, _groups(before.gaps), now, before)
    matching.by_texts()
    matching.by_neighbours()
    matching.by_shared_texts()
    matching.come_back(_groups(past))
    matching.in_place()
    numbers = matching.numbers
    used = {gap.number for gap in (*before.gaps, *past)}
    for number in groups:
        if number not in numbers:
            numbers[number] = number if number not in used else max(used) + 1
            used.add(numbers[number])
    live = set(numbers.values())
    gone = [gap for gap in (*past, *before.gaps) if gap.number not in live]
    return Numbered(
        numbers,
        now.words,
        tuple(Gap(numbers[gap.number], gap.text, gap.at, gap.end) for gap in now.gaps),
        tuple(sorted({Gap(gap.number, gap.text) for gap in gone}, key=lambda gap: (gap.number, gap.text))),
    )


def gap_numbers(
    cards: Iterable[tuple[IdentifiedCard, Content]],
    entries: Iterable[Entry],
    stored: Mapping[str, tuple[str, ...]],
) -> dict[str, Numbered]:
    """Return the numbers of the gaps of all cards that have some, by guid.

    `stored` are the fields that the packages hold, by guid: offbook 1.0.0 wrote no gaps into the ledger.
    """
    before = {entry.guid: entry for entry in entries if entry.cloze}
    result: dict[str, Numbered] = {}
    for card, content in cards:
        if content.gapped is not None:
            entry = before.get(card.guid)
            known = _known(entry, stored.get(card.guid, ())) if entry else Gapped()
            result[card.guid] = numbered(content.gapped, known, entry.past if entry else ())
    return result


def _known(entry: Entry, stored: Sequence[str]) -> Gapped:
    fields = entry.kept or stored
    return gapped(fields[0]) if fields and not entry.gaps else Gapped(entry.words, entry.gaps)


def _groups(gaps: Iterable[Gap]) -> _Groups:
    groups: dict[int, list[Gap]] = defaultdict(list)
    for gap in gaps:
        groups[gap.number].append(gap)
    return {number: tuple(group) for number, group in groups.items()}


class _Matching:
    """Which number of the ledger each written one is."""

    def __init__(self, now: _Groups, before: _Groups, text: Gapped, text_before: Gapped) -> None:
        self._now, self._before = now, before
        self._text, self._text_before = text, text_before
        self.numbers: dict[int, int] = {}

    @cached_property
    def _places(self) -> _Places:
        return _Places(self._text, self._text_before)

    def _free(self) -> tuple[_Groups, _Groups]:
        taken = set(self.numbers.values())
        return (
            {number: group for number, group in self._now.items() if number not in self.numbers},
            {number: group for number, group in self._before.items() if number not in taken},
        )

    def by_texts(self) -> None:
        """Pair groups that hide the same and are the only ones that do: to the letter, then by their words."""
        for key in (_texts, _keys):
            self._pair_only(*self._free(), key)

    def _pair_only(self, now: _Groups, before: _Groups, key: Callable[[Sequence[Gap]], Hashable]) -> None:
        of_now, of_before = _by(now, key), _by(before, key)
        for shared, numbers in of_now.items():
            others = of_before.get(shared, [])
            # Of several that hide the same, all of which are still there, the order tells which is which.
            if len(numbers) == len(others):
                self.numbers |= dict(zip(numbers, others, strict=True))

    def by_neighbours(self) -> None:
        """Pair those of several that hide the same by the words around them, or by the gaps around them."""
        self._pair_in_place(lambda group, other: _keys(group) == _keys(other))
        while self._pair_by_neighbours():
            pass

    def _pair_by_neighbours(self) -> bool:
        now, before = self._free()
        around_now, around_before = _neighbours(self._text.gaps), _neighbours(self._text_before.gaps)
        for number, group in now.items():
            alike = [old for old, other in before.items() if _keys(other) == _keys(group)]
            sides = [
                {old for old in alike if self._is(around_now[number][side], around_before[old][side])}
                for side in (0, 1)
            ]
            near = sides[0] & sides[1] or sides[0] ^ sides[1]
            if len(near) == 1:
                self.numbers[number] = near.pop()
                return True
        return False

    def _is(self, now: int | None, before: int | None) -> bool:
        """Whether a neighbour is the one that it was; None is the end of the text."""
        return (now is None and before is None) or (now is not None and self.numbers.get(now) == before is not None)

    def by_shared_texts(self) -> None:
        """Pair groups of several gaps that one was added to or taken from: those that share most."""
        now, before = self._free()
        shares = {
            (number, old): sum((Counter(_keys(group)) & Counter(_keys(other))).values())
            for number, group in now.items()
            for old, other in before.items()
            if len(group) + len(other) > 2
        }
        for (number, old), share in shares.items():
            rivals = [
                (other, pair)
                for pair, other in shares.items()
                if pair != (number, old) and (pair[0] == number) != (pair[1] == old) and other >= share
            ]
            # A group that was split in halves stays with the one that the writer left the number.
            if share and not [pair for other, pair in rivals if other > share or pair[0] == pair[1] or number != old]:
                self.numbers[number] = old

    def come_back(self, past: _Groups) -> None:
        """Pair groups with those that were gone and hid the same."""
        free, _ = self._free()
        past = {number: group for number, group in past.items() if number not in self.numbers.values()}
        self._pair_only(free, past, _keys)

    def in_place(self) -> None:
        """Pair groups whose gaps stand where those of another stood, in the same words."""
        self._pair_in_place(lambda group, other: len(group) == len(other))

    def _pair_in_place(self, may_be: Callable[[Sequence[Gap], Sequence[Gap]], bool]) -> None:
        now, before = self._free()
        pairs = [
            (number, old)
            for number, group in now.items()
            for old, other in before.items()
            if may_be(group, other) and all(map(self._places.same, group, other))
        ]
        counts = Counter(("now", number) for number, _ in pairs) + Counter(("before", old) for _, old in pairs)
        self.numbers |= {n: old for n, old in pairs if counts["now", n] == counts["before", old] == 1}


def _texts(group: Iterable[Gap]) -> tuple[str, ...]:
    return tuple(sorted(gap.text for gap in group))


def _keys(group: Iterable[Gap]) -> tuple[str, ...]:
    return tuple(sorted(question_key(gap.text) for gap in group))


def _by(groups: _Groups, key: Callable[[Sequence[Gap]], Hashable]) -> dict[Hashable, list[int]]:
    result: dict[Hashable, list[int]] = defaultdict(list)
    for number, group in sorted(groups.items(), key=lambda item: item[1][0].at):
        result[key(group)].append(number)
    return result


def _neighbours(gaps: Sequence[Gap]) -> dict[int, tuple[int | None, int | None]]:
    """Return the numbers in front of each group's first gap and behind its last."""
    numbers = [gap.number for gap in gaps]
    result: dict[int, tuple[int | None, int | None]] = {}
    for number in numbers:
        first, last = numbers.index(number), len(numbers) - numbers[::-1].index(number)
        result[number] = (
            numbers[first - 1] if first else None,
            numbers[last] if last < len(numbers) else None,
        )
    return result


class _Places:
    """Which gaps of a text stand where those of the text before stood."""

    def __init__(self, now: Gapped, before: Gapped) -> None:
        self._now, self._before = now.words.split(), before.words.split()
        self._gaps, self._gaps_before = now.gaps, before.gaps
        self._same_frame = _frame(now) == _frame(before)
        matcher = SequenceMatcher(None, self._before, self._now, autojunk=False)
        blocks = matcher.get_matching_blocks()
        self._moved = {a + i: b + i for a, b, size in blocks for i in range(size)}

    def same(self, gap: Gap, other: Gap) -> bool:
        if self._same_frame and len(self._gaps) == len(self._gaps_before):
            return self._gaps.index(gap) == self._gaps_before.index(other)
        front = (gap.at == other.at == 0) or self._moved.get(other.at - 1, -2) == gap.at - 1
        ends = gap.end == len(self._now) and other.end == len(self._before)
        behind = ends or self._moved.get(other.end, -2) == gap.end
        return (front and behind) or ((front or behind) and _alike(gap.text, other.text))


def _frame(text: Gapped) -> list[str]:
    """Return the words of a text with its gaps in them, whatever they hide."""
    hidden = {index for gap in text.gaps for index in range(gap.at, gap.end)}
    starts = Counter(gap.at for gap in text.gaps)
    result: list[str] = []
    for index, word in enumerate([*text.words.split(), ""]):
        result += ["\0"] * starts[index]
        if index not in hidden:
            result.append(word)
    return result


def _alike(one: str, other: str) -> bool:
    a, b = set(words(one)), set(words(other))
    return len(a & b) >= _MUCH * max(len(a), len(b), 1)
