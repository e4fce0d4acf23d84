"""Looks for talking points: loose passages that speak of what an open question asks."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from offbook.cards.card import Card
from offbook.errors import Location

if TYPE_CHECKING:
    from offbook.markdown import Block
    from offbook.pipeline import Source

_MOST = 3  # passages for a question
_FEWEST_WORDS = 8  # of a passage
_SHORTEST_WORD = 4  # letters, in scripts that have letters for sounds
_AS_GOOD = 0.5  # of the best passage's score: what else is shown
_RARE = 0.34  # of all passages: in loose notes a word in no more of them may stand alone for a match
_COVERED = 0.34  # of the question's words: what a passage must share in notes that are not loose
_COMMON = 0.75  # of all passages: a word in more of them tells nothing
_SHARED = 2  # words that a passage must have in common else, and a passage of another note always
_OPENS_MANY = 2  # phrases that open questions: a word in so many of them says nothing of what is asked
_WORD = re.compile(r"[^\W\d_][\w+#'’-]*")
_ASKS = re.compile(r"[?？؟]")
_STEMMERS = (("\u0400", "\u04ff", "russian"), ("\u0600", "\u06ff", "arabic"), ("a", "\u024f", "english"))


class Passage(NamedTuple):
    """A loose paragraph of a note that may be a talking point."""

    line: int
    text: str
    stems: str
    """The stems of its words, each once, parted by blanks."""


class _Candidate(NamedTuple):
    location: Location
    text: str
    stems: frozenset[str]


def passages(blocks: Sequence[Block], env: dict[str, Any]) -> tuple[Passage, ...]:
    """Return the blocks that say enough to be a talking point; `env` is that of their note."""
    from offbook.markdown.plain import plain

    found = []
    for block in blocks:
        text = plain([block], env)
        if _ASKS.search(text):
            continue  # it wonders as well
        if len(text.split()) >= _FEWEST_WORDS or (not text.isascii() and len(_ideographs().findall(text)) >= 2):
            found.append(Passage(block.line, text, " ".join(sorted(stems(text)))))
    return tuple(found)


def suggest(sources: Sequence[Source]) -> list[Source]:
    """Return the sources with talking points as answers of open questions."""
    asking = {source.target.slugs for source in sources if _asks(source)}
    by_company: dict[tuple[str, ...], list[_Candidate]] = defaultdict(list)
    for source in sources:
        if source.target.slugs in asking:
            by_company[source.target.slugs] += _candidates(source)
    weights = {slugs: _weights(found) for slugs, found in by_company.items()}
    return [
        _answered(source, by_company[source.target.slugs], weights[source.target.slugs]) if _asks(source) else source
        for source in sources
    ]


def _asks(source: Source) -> bool:
    return source.settings.suggestions and source.reading.asks


def _candidates(source: Source) -> Iterator[_Candidate]:
    for passage in source.reading.passages:
        location = Location(source.note.path, passage.line)
        yield _Candidate(location, passage.text, frozenset(passage.stems.split(" ")))


def _answered(source: Source, passages: list[_Candidate], weights: dict[str, float]) -> Source:
    found = source.reading.found
    loose = not found.has_headings
    cards = (_with_points(card, passages, weights, loose=loose) if card.is_open else card for card in found.cards)
    return replace(source, answered=tuple(cards))


def _weights(passages: list[_Candidate]) -> dict[str, float]:
    """Weigh each word by how rare it is among the passages; words in most of them weigh nothing."""
    counts = Counter(stem for passage in passages for stem in passage.stems)
    most = max(1.0, _COMMON * len(passages))
    return {stem: math.log(1 + len(passages) / count) for stem, count in counts.items() if count <= most}


def _with_points(card: Card, passages: list[_Candidate], weights: dict[str, float], *, loose: bool) -> Card:
    """Give an open question the passages that share its words; `loose` notes are all talking points."""
    asked = stems(card.question_text)
    rare = math.log(1 + len(passages) / max(1.0, _RARE * len(passages)))
    scored: list[tuple[float, int, _Candidate]] = []
    for index, passage in enumerate(passages):
        shared = asked & passage.stems & weights.keys()
        here = passage.location.path == card.location.path
        telling = here and loose and any(weights[stem] >= rare for stem in shared)
        enough = len(shared) >= _SHARED and (loose or len(shared) >= _COVERED * len(asked))
        if not (telling or enough):
            continue
        score = sum(weights[stem] for stem in shared) * (1.0 if here else 0.8)
        # Of two passages that share as much, the shorter one speaks more of it.
        scored.append((score / (1 + math.log(1 + len(passage.stems) / 60)), -index, passage))
    if not scored:
        return card
    scored.sort(key=lambda item: item[:2], reverse=True)
    chosen = [passage for score, _, passage in scored[:_MOST] if score >= _AS_GOOD * scored[0][0]]
    text = "\n".join(passage.text for passage in chosen)
    return replace(card, is_open=False, answer_text=text, points=tuple(passage.location for passage in chosen))


def stems(text: str) -> set[str]:
    """Return the stems of the words that say what a text is about; scripts without spaces give pairs of signs."""
    found: set[str] = set()
    for word in _WORD.findall(text.casefold()):
        run = None if word.isascii() else _ideographs().search(word)
        if run:
            found.update(run[0][i : i + 2] for i in range(len(run[0]) - 1))
        elif len(word) >= _SHORTEST_WORD and word not in _function_words():
            found.add(_stem(word))
    return found


@lru_cache(maxsize=1)
def _ideographs() -> re.Pattern[str]:
    return re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")


@lru_cache(maxsize=1 << 16)
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
    """Return the words with which questions are opened: they say nothing of what is asked."""
    from offbook.cards.shape import lexicon

    counts = Counter(word for phrase in lexicon().phrases for word in set(_WORD.findall(phrase)))
    return frozenset(word for word, count in counts.items() if count >= _OPENS_MANY)
