"""How alike two texts are, and a short sketch of a text by which it can be compared later."""

from __future__ import annotations

import base64
import hashlib
import re

_WORD = re.compile(r"[\w+#]+")
_SKETCH_SIZE = 24
_BYTES = 3


def question_key(text: str) -> str:
    """Return the text by which equal questions are known: letter case, spacing and punctuation do not count."""
    return " ".join(_WORD.findall(text.casefold()))


def sketch(text: str) -> str:
    """Return a sketch of a text's words: the smallest of their hashes, as base64; empty for no words."""
    hashes = sorted({_hash(word) for word in _WORD.findall(text.casefold())})[:_SKETCH_SIZE]
    return base64.b64encode(b"".join(hashes)).decode()


def _hash(word: str) -> bytes:
    return hashlib.blake2b(word.encode(), digest_size=_BYTES).digest()


def sketch_likeness(one: str, other: str) -> float:
    """Estimate from two sketches which share of all their words the texts have in common, 0 to 1."""
    a, b = _unpack(one), _unpack(other)
    if not a or not b:
        return 0.0
    both = set(a) | set(b)
    smallest = sorted(both)[:_SKETCH_SIZE]
    common = set(a) & set(b)
    return sum(value in common for value in smallest) / len(smallest)


def sketch_size(one: str) -> int:
    """Return how many words a sketch holds; at `SKETCH_SIZE` there may be more in the text."""
    return len(one) * 3 // 4 // _BYTES


def _unpack(text: str) -> list[bytes]:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return []
    return [data[i : i + _BYTES] for i in range(0, len(data) - _BYTES + 1, _BYTES)]


def word_likeness(one: str, other: str) -> float:
    """Return the share of words that two question keys have in common, 0 to 1; misspelt words count as well."""
    from rapidfuzz import fuzz

    a, b = one.split(), other.split()
    if not a or not b:
        return 0.0
    left = list(b)
    common = 0.0
    for word in a:
        best = max(left, key=lambda candidate: fuzz.ratio(word, candidate), default=None)
        if best is not None and (best == word or (len(word) > 3 and fuzz.ratio(word, best) >= 75)):
            left.remove(best)
            common += 1
    return 2 * common / (len(a) + len(b))


# Words that questions on anything share; without them little is left of "What did you learn?".
_COMMON = frozenset(
    [
        "what",
        "when",
        "where",
        "which",
        "who",
        "whose",
        "why",
        "how",
        "would",
        "could",
        "should",
        "will",
        "does",
        "have",
        "your",
        "you",
        "yours",
        "about",
        "with",
        "from",
        "that",
        "this",
        "these",
        "those",
        "there",
        "here",
        "into",
        "tell",
        "describe",
        "explain",
        "time",
        "talk",
        "walk",
        "through",
        "example",
        "give",
        "project",
        "team",
        "role",
        "went",
        "well",
        "learn",
        "learned",
        "most",
        "more",
        "than",
        "then",
        "them",
        "they",
        "their",
        "been",
        "were",
        "being",
        "made",
        "make",
        "work",
        "worked",
        "want",
        "difference",
        "between",
        "differently",
        "result",
        "results",
        "happened",
        "happen",
        "proud",
        "biggest",
        "next",
        "most",
        "last",
        "first",
    ]
)
_SHORTEST_TELLING = 4  # letters
_FEWEST_TELLING = 2  # words


def is_telling(key: str) -> bool:
    """Whether a question says by itself what it is about, unlike "What went well?"."""
    telling = [word for word in key.split() if len(word) >= _SHORTEST_TELLING and word not in _COMMON]
    return len(telling) >= _FEWEST_TELLING
