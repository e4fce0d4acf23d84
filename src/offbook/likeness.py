"""How alike two texts are: by their words, weighted, or by sketches, which are short and kept in the ledger."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Collection, Hashable, Iterable
from functools import lru_cache
from math import fsum, log2
from typing import Generic, TypeVar

from offbook.text import UNSPACED, composed, without_days

# Operators are words, too: "What does * do?" and "What does & do?" differ in nothing else.
_WORD = re.compile(r"[\w+#]+|!?[=<>*&|%^~@$]+")
_COUNTED = re.compile(
    r"\A\W{0,3}(?:Q|#|No\.?|Nr\.?)?\s?(?:\d{1,3}\ufe0f?\u20e3?\s*+[.):、．–-]*+|(?:\d{1,2}\.){1,3}\d{1,3}[.)]+)\s*+(?=[^\W\d]|[¿¡\"“«(])",
    re.IGNORECASE,
)
_UNSPACED = re.compile(f"[{UNSPACED}]")
_SKETCH_SIZE = 30  # words
_BYTES = 3  # a word

_Word = TypeVar("_Word", bound=Hashable)


def words(text: str) -> list[str]:
    """Return a text's words as they are compared: letter case, spacing and punctuation do not count."""
    text = text.casefold()
    if not text.isascii():
        text = _UNSPACED.sub(r" \g<0> ", composed(text))
    return _WORD.findall(text)


def question_key(text: str) -> str:
    """Return a text's words with a space between them: equal keys, equal questions. A text without words is its key."""
    return " ".join(words(text)) or " ".join(text.split())


def uncounted(question: str) -> str:
    """Return a question without the number in front of it, `3. `, `Q3) `, `3`, which changes as others come and go.

    Nor has it the days of a task behind it.

    What the number means does not matter here: it is asked for where no question is equal with it.
    """
    return without_days(_COUNTED.sub("", question, count=1))


def sketch(text: str) -> str:
    """Return a sketch of a text's words, in base64: a hash of all of them, then the 30 smallest of their own hashes.

    It is at most 124 characters long, and empty for a text without words.
    """
    hashes = sorted(set(map(_hash, set(words(text)))))
    if not hashes:
        return ""
    whole = hashlib.blake2b(b"".join(hashes), digest_size=_BYTES).digest()
    return base64.b64encode(whole + b"".join(hashes[:_SKETCH_SIZE])).decode()


@lru_cache(maxsize=1 << 16)
def _hash(word: str) -> bytes:
    return hashlib.blake2b(word.encode(), digest_size=_BYTES).digest()


def sketched(text: str) -> tuple[bytes, ...]:
    """Return the hashes of words in a sketch, sorted; none for a text that is no sketch."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return ()
    return tuple(data[i : i + _BYTES] for i in range(_BYTES, len(data) - _BYTES + 1, _BYTES))


class Weights(Generic[_Word]):
    """How much each word tells, in bits: a rare word much, "what" and "the" next to nothing.

    Words are counted in the `texts`, and in a background of made-up texts that hold the `common` words: few texts alone
    would not show which words are common.
    """

    def __init__(self, texts: Iterable[Collection[_Word]], common: Collection[_Word]) -> None:
        self._texts = _BACKGROUND
        self._count: Counter[_Word] = Counter(dict.fromkeys(common, _BACKGROUND_COMMON))
        self._bits: dict[_Word, float] = {}
        for text in texts:
            self._texts += 1
            self._count.update(text)

    def __getitem__(self, word: _Word) -> float:
        bits = self._bits.get(word)
        if bits is None:
            bits = self._bits[word] = max(log2(self._texts / (1 + self._count[word])), 0.1)
        return bits

    def sum(self, words: Iterable[_Word]) -> float:
        """Return how much words tell together, in bits, the same in any order."""
        return fsum(map(self.__getitem__, words))


_BACKGROUND = 1000  # texts
_BACKGROUND_COMMON = 600  # of those, how many hold each common word


def answer_likeness(one: tuple[bytes, ...], other: tuple[bytes, ...], weights: Weights[bytes]) -> tuple[float, float]:
    """Return, estimated from the sketches of two texts, the part of them that is the same (0 to 1), and its bits."""
    common = set(one).intersection(other)
    if not common:
        return 0.0, 0.0
    smallest = sorted({*one, *other})[:_SKETCH_SIZE]  # a fair sample of the words of both
    shared = weights.sum(word for word in smallest if word in common)
    different = weights.sum(word for word in smallest if word not in common)
    return (shared / (shared + different / 2) if shared else 0.0), shared


def question_likeness(one: str, other: str, weights: Weights[str]) -> tuple[float, float]:
    """Return the part of two question keys that is the same (0 to 1), and the bits of the words replaced.

    A word in the place of another counts in full: the question may be about something else now. A word that was only
    added or left out counts a quarter.
    """
    a, b = set(one.split()), set(other.split())
    common = a & b
    a, b = a - common, b - common
    alike = fsum(min(weights[x], weights[y]) for x, y in _misspelt(a, b))
    shared = weights.sum(common) + _MISSPELT * alike
    less, more = sorted(weights.sum(words) - _MISSPELT * alike for words in (a, b))
    different = less + _ADDED * (more - less)
    return (shared / (shared + different) if shared else 0.0), less


_ADDED = 0.25
# How much of a word one counts that looks like it: HTTP is not HTTPS.
_MISSPELT = 0.7
_ALIKE = 75  # %
_SHORTEST_MISSPELT = 5  # letters


def _misspelt(a: set[str], b: set[str]) -> list[tuple[str, str]]:
    """Return the pairs of words, one of each question, that may be one word misspelt or inflected; never numbers."""
    from rapidfuzz import fuzz

    left = sorted(filter(_can_be_misspelt, b))
    pairs: list[tuple[str, str]] = []
    for word in sorted(filter(_can_be_misspelt, a)) if left else ():
        best = max(left, key=lambda other: fuzz.ratio(word, other), default="")
        if best and fuzz.ratio(word, best) >= _ALIKE:
            left.remove(best)
            pairs.append((word, best))
    return pairs


def _can_be_misspelt(word: str) -> bool:
    return len(word) >= _SHORTEST_MISSPELT and word.isalpha()


def same_but_for_a_quarter(one: str, other: str) -> bool:
    """Whether two question keys have all but a quarter of their words in common, or all but one."""
    a, b = Counter(one.split()), Counter(other.split())
    exchanged = max((a - b).total(), (b - a).total())
    return exchanged <= max(1, min(a.total(), b.total()) // 4)


def same_names(one: str, other: str) -> bool:
    """Whether each of two questions holds all that the other one calls by name."""
    return _named(one) <= set(words(other)) and _named(other) <= set(words(one))


def _named(question: str) -> set[str]:
    return set() if question.isupper() else set(words(" ".join(filter(_is_name, question.split()[1:]))))


def _is_name(word: str) -> bool:
    return any(letter.isupper() or letter.isdigit() for letter in word)


def names(question: str) -> bool:
    """Whether a question names its subject, as "What is TCP?" does: it then means the same under any heading.

    A capital letter or a digit marks a name, unless more than half of the words have one.
    """
    rest = question.split()[1:]
    named = list(filter(_is_name, rest))
    shouted = 2 * len(named) > max(len(rest), 2)
    return not shouted and any(not COMMON.issuperset(words(word)) for word in named)


# Words that questions on any subject share. "Not", "without", "first" and "last" change a question and are missing.
COMMON = frozenset(
    words(
        """
    a about after again all also always an and any anything are as at be because been before being best better big
    bigger biggest but by can come could day describe did different differently do does doing done down each easy
    else ever every example explain feel few find for from get give going good great had happen happened
    hard harder hardest has have he help her here him his how i if important in interesting into is it its job just
    keep kind know large learn learned less let like little long look made make many may me mean might more most
    much must my need never new next no nobody of off often on once one only or other others our out over own part
    people person pick place project proud put question really result results right role run running said same say
    see she should show since small so some somebody someone something sometimes still such take talk team tell than
    that the their them then there these they thing things think this those through time to too us use used very
    walk want was way we well went were what when where which while who whom whose why will with work worked would
    wrong year years yes yet you your yours
    das dem den der die du ein eine einen er es für ich ihr im in ist man mit nicht sie sind und uns von wann war
    warum was welche wer wie wir wird wo zu
    """
    )
)
COMMON_HASHES = frozenset(map(_hash, COMMON))
"""The hashes of these words, as they stand in sketches."""
