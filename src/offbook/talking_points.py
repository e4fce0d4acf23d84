"""Looks for talking points: loose passages that speak of what an open question asks."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from heapq import nlargest
from typing import Any

from msgspec import Struct, structs

from offbook.errors import Location
from offbook.likeness import COMMON, sketch
from offbook.model import Card, Found, Passage, Source
from offbook.text import MAIL, UNSPACED, words

_MOST = 3  # passages for a question
_FEWEST_WORDS = 8  # of a passage
_SHORTEST_WORD = 4  # letters, in scripts that have letters for sounds
_AS_GOOD = 0.5  # of the best passage's score: what else is shown
_RARE = 0.34  # of all passages: in loose notes a word in no more of them may stand alone for a match
_COVERED = 0.34  # of the question's words: what a passage must share in notes that are not loose
_COMMON = 0.75  # of all passages: a word in more of them tells nothing
_SHARED = 2  # words that a passage must have in common else, and a passage of another note always
_NEAREST = 100  # passages with one word that are looked at, those that stand nearest to the question
_CANDIDATES = 30  # passages for a question, of which others may take the best
_OPENING = 12  # words in which a text says whom it speaks of
_ME, _COMPANY = "@me", "@company"  # beside the stems of words, none of which begins so
_OPENS_MANY = 2  # phrases that open questions: a word in so many of them says nothing of what is asked
_WORD = re.compile(r"[^\W\d_][\w+#'’-]*")
_SAID = re.compile(r"[\w'’]+")
_LABEL = re.compile(r"\[([^\[\]]+)\]")
_HOURS = re.compile(r"(?m)^[ *•-]{0,4}\d{1,2}[:.]\d\d\b")
_ASKS = re.compile(r"[?？؟]")
_STEMMERS = (("\u0400", "\u04ff", "russian"), ("\u0600", "\u06ff", "arabic"), ("a", "\u024f", "english"))


def passages(found: Found, path: str) -> tuple[Passage, ...]:
    """Return the loose paragraphs of the note at `path` that say enough to be a talking point."""
    from offbook.markdown.plain import plain

    passages = []
    about = words("interviews")
    for block in found.loose:
        text = plain([block], found.env)
        if len(text.split()) >= _FEWEST_WORDS or (not text.isascii() and len(_ideographs().findall(text)) >= 2):
            folded = text.casefold()
            lists = any(len(lines.findall(text)) > 1 for lines in (MAIL, _HOURS))
            if _ASKS.search(text) or any(word in folded for word in about) or lists:
                continue  # it wonders as well, speaks about interviewing, or is the head of a mail, a timetable
            stemmed = " ".join(sorted(stems(text)))
            references = _references(block.content, found.env.get("references", {}))
            source, text = _quoted(block.content), _quoted(text)
            passages.append(Passage(Location(path, block.line), source, text, stemmed, references))
    return tuple(passages)


def _quoted(text: str) -> str:
    """Return a text without a quotation mark at either end that nothing closes within it."""
    for opening, closing in (("“", "”"), ("„", "“"), ("«", "»"), ('"', '"')):
        even = text.count(opening) % 2 == 0 if opening == closing else text.count(opening) == text.count(closing)
        if not even:
            text = text[1:] if text.startswith(opening) else text[:-1] if text.endswith(closing) else text
    return text


def _references(source: str, references: dict[str, Any]) -> dict[str, Any]:
    """Return those of a note's link references that inline source uses."""
    if not references:
        return {}
    from markdown_it.common.utils import normalizeReference

    labels = map(normalizeReference, _LABEL.findall(source))
    return {label: references[label] for label in labels if label in references}


class Points(Struct, frozen=True, array_like=True):
    """The talking points for one open question."""

    path: str
    """Of the question's note."""
    place: int
    """The question's index among all cards of the note, of which its part may hold some."""
    passages: tuple[Passage, ...]
    sketch: str
    """Of their text, see `offbook.likeness`."""


def asking(sources: Sequence[Source]) -> dict[tuple[str, ...], list[Source]]:
    """Return the notes of each group of companies in whose notes a question is open that wants talking points."""
    wanted = {source.target.slugs for source in sources if _asks(source)}
    groups: dict[tuple[str, ...], list[Source]] = {slugs: [] for slugs in sorted(wanted)}
    for source in sources:
        if source.target.slugs in groups:
            groups[source.target.slugs].append(source)
    return groups


def points(sources: Sequence[Source]) -> tuple[Points, ...]:
    """Return talking points for the open questions of one company's notes, looked for in all of these."""
    names = frozenset(name.casefold() for source in sources for name in source.target.names)
    shelf = _Shelf([passage for source in sources for passage in source.reading.passages], names)
    asked = [
        (source, place, card)
        for source in filter(_asks, sources)
        for place, card in zip(source.reading.own_places, source.cards, strict=True)
        if card.is_open
    ]
    fitting = shelf.shared_out([(card, not source.reading.has_headings) for source, _, card in asked])
    return tuple(
        Points(source.path, place, tuple(passages), sketch(_text(passages)))
        for (source, place, _), passages in zip(asked, fitting, strict=True)
        if passages
    )


def suggest(sources: Sequence[Source], found: Iterable[Points]) -> tuple[Source, ...]:
    """Return the sources with talking points as the answers of open questions."""
    wanted: dict[str, dict[int, Points]] = defaultdict(dict)
    for points in found:
        wanted[points.path][points.place] = points
    return tuple(_answered(source, wanted[source.path]) if source.path in wanted else source for source in sources)


def _asks(source: Source) -> bool:
    return source.settings.suggestions and any(card.is_open for card in source.cards)


def _answered(source: Source, found: Mapping[int, Points]) -> Source:
    """Return a source with the talking points `found` for its note, by the place of their questions."""
    cards, sketches = list(source.cards), list(source.sketches)
    for index, place in enumerate(source.reading.own_places):
        if points := found.get(place):
            text = _text(points.passages)
            cards[index] = structs.replace(cards[index], is_open=False, answer_text=text, points=points.passages)
            sketches[index] = sketches[index][0], points.sketch
    return replace(source, cards=tuple(cards), sketches=tuple(sketches))


def _text(passages: Iterable[Passage]) -> str:
    return "\n".join(passage.text for passage in passages)


class _Shelf:
    """The passages of one company, by the words in them and by whom they speak of."""

    def __init__(self, passages: Sequence[Passage], names: Collection[str]) -> None:
        """Take passages of the notes of the company with these names, in lower case."""
        self._passages = passages
        self._names = names
        self._with: dict[str, list[int]] = defaultdict(list)
        self._words: list[int] = []
        self._first: dict[str, int] = {}  # by note
        self._sets: dict[str, frozenset[int]] = {}  # those with a word, where they are many
        for index, passage in enumerate(passages):
            self._first.setdefault(passage.location.path, index)
            stemmed = passage.stems.split(" ")
            self._words.append(len(stemmed))
            for word in (*stemmed, *self._spoken_of(passage.text)):
                self._with[word].append(index)
        # A word weighs by how rare it is among the passages; one that is in most of them weighs nothing.
        most = max(1.0, _COMMON * len(passages))
        self._weights = {
            word: math.log(1 + len(passages) / len(indices))
            for word, indices in self._with.items()
            if len(indices) <= most
        }
        self._rare = math.log(1 + len(passages) / max(1.0, _RARE * len(passages)))

    def _spoken_of(self, text: str, *, asked: bool = False) -> set[str]:
        """Return whom a text speaks of as it opens: the writer, the company by its name or, where asked, as "we"."""
        opening = " ".join(text.split()[:_OPENING]).casefold()
        said = set(_SAID.findall(opening))
        mine, ours = _persons(asked=asked)
        spoken = set() if said.isdisjoint(mine) else {_ME}
        if any(name in opening for name in self._names) or not said.isdisjoint(ours):
            spoken.add(_COMPANY)
        return spoken

    def shared_out(self, asked: Sequence[tuple[Card, bool]]) -> list[list[Passage]]:
        """Return of each question the passages that fit it, the best first; each passage goes to one question only.

        Of each question is said whether its note is loose, that is without headings: there one rare word is enough.
        """
        pairs = [
            (score, -place, -index)
            for place, (card, loose) in enumerate(asked)
            if _is_personal(card.question_text)
            for score, index in nlargest(_CANDIDATES, self._scored(card, loose=loose))
        ]
        pairs.sort(reverse=True)
        taken: set[int] = set()
        fitting: list[list[Passage]] = [[] for _ in asked]
        best: dict[int, float] = {}
        for score, place, index in pairs:
            passages = fitting[-place]
            if -index not in taken and len(passages) < _MOST and score >= _AS_GOOD * best.setdefault(place, score):
                passages.append(self._passages[-index])
                taken.add(-index)
        return fitting

    def _scored(self, card: Card, *, loose: bool) -> list[tuple[float, int]]:
        """Return the passages that share an open question's words, with how well each fits."""
        asked = stems(card.question_text)
        asked |= self._spoken_of(card.question_text, asked=True)
        shared = self._shared(asked & self._weights.keys(), self._first.get(card.location.path, 0))
        scored: list[tuple[float, int]] = []
        for index, weights in shared.items():
            here = self._passages[index].location.path == card.location.path
            telling = here and loose and max(weights) >= self._rare
            enough = len(weights) >= _SHARED and (loose or len(weights) >= _COVERED * len(asked))
            if telling or enough:
                score = math.fsum(weights) * (1.0 if here else 0.8)
                # Of two passages that share as much, the shorter one speaks more of it.
                scored.append((score / (1 + math.log(1 + self._words[index] / 60)), index))
        return scored

    def _shared(self, words: Collection[str], place: int) -> dict[int, list[float]]:
        """Return the weights of the `words` that passages hold, for those nearest to a place that hold one."""
        near = {word: self._nearest(word, place) for word in words}
        shared: dict[int, list[float]] = {index: [] for index in set().union(*near.values())}
        for word in words:
            all_are_near = len(near[word]) == len(self._with[word])
            for index in near[word] if all_are_near else self._holding(word) & shared.keys():
                shared[index].append(self._weights[word])
        return shared

    def _nearest(self, word: str, place: int) -> Sequence[int]:
        indices = self._with[word]
        begin = max(0, min(bisect_left(indices, place) - _NEAREST // 2, len(indices) - _NEAREST))
        return indices[begin : begin + _NEAREST]

    def _holding(self, word: str) -> frozenset[int]:
        if word not in self._sets:
            self._sets[word] = frozenset(self._with[word])
        return self._sets[word]


def _is_personal(question: str) -> bool:
    """Whether a question asks what a person tells, and not for facts to be looked up."""
    folded = question.casefold()
    personal = not set(_SAID.findall(folded)).isdisjoint(words("addressed"))
    return personal or folded.startswith(words("noun_questions")) or any(sign in folded for sign in _signs())


@lru_cache(maxsize=2)
def _persons(*, asked: bool) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words that speak of the writer, and those of the company: in a question "you" and "we", else "I"."""
    ours = frozenset(words("our")) if asked else frozenset[str]()
    return frozenset(words("addressed" if asked else "first_person")) - ours, ours


@lru_cache(maxsize=1)
def _signs() -> tuple[str, ...]:
    """Return the words by which a person is addressed in scripts without spaces."""
    return tuple(word for word in words("addressed") if not word.isascii() and _ideographs().fullmatch(word))


def stems(text: str) -> set[str]:
    """Return the stems of the words that say what a text is about; scripts without spaces give pairs of signs."""
    return set().union(*map(_stems_of, set(_WORD.findall(text.casefold()))))


@lru_cache(maxsize=1 << 16)
def _stems_of(word: str) -> tuple[str, ...]:
    run = None if word.isascii() else _ideographs().search(word)
    if run:
        return tuple(run[0][i : i + 2] for i in range(len(run[0]) - 1))
    return (_stem(word),) if len(word) >= _SHORTEST_WORD and word not in _function_words() else ()


@lru_cache(maxsize=1)
def _ideographs() -> re.Pattern[str]:
    return re.compile(rf"[{UNSPACED}\uac00-\ud7af]+")


def _stem(word: str) -> str:
    for first, last, language in _STEMMERS:
        if first <= word[0] <= last:
            return str(_stemmer(language).stemWord(word))
    return word


@lru_cache
def _stemmer(language: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(language)


@lru_cache(maxsize=1)
def _function_words() -> frozenset[str]:
    """Return the words that questions and answers on anything share: they say nothing of what is asked."""
    phrases = (*words("questions"), *words("asking"))
    counts = Counter(word for phrase in phrases for word in set(_WORD.findall(phrase)))
    opening = {word for word, count in counts.items() if count >= _OPENS_MANY}
    return COMMON.union(opening, words("ask"), words("verbs"), words("fillers"))
