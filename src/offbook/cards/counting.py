"""How a writer counts: the number in front of a text, and how it is written."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from offbook.cards.text import Text

_LETTER = re.compile(r"\A\(?([a-z])([.)])\s+(?=\S)")
_NUMBER = re.compile(
    r"\A\W{0,3}(?:Q|#|№|[A-Z](?=\d{1,3}[.)]\s))?\(?(\d{1,3})(?:\s*([.):、．]|-(?=\s))\W{0,3}(?!\d)|\s+(?=[^\W\d]))"
)
_SIGNS = r"(?:[^\w\s\x00-\x7f]\s*+)*+"
_COUNTER = re.compile(
    rf"\A{_SIGNS}(?P<dress>[*_=]*+){_SIGNS}(?P<word>(?:[^\W\d_]{{1,12}}\.?)?)[ #]{{0,2}}\(?"
    r"(?P<number>\d{1,3})(?P<behind>\ufe0f?\u20e3\s*|\s?\\?[.)、．:]+\s*|\s?[-–]\s?(?=[^\W\d_])|\s*(?=[^\W\da-z_](?![\WA-Z\d])))(?=\D)"
)
_CLOSING = tuple(".)、．")
_FEWEST_COUNTED = 3
_WORDS = ("q", "no", "nr")


def number_of(page: Text, text: str) -> tuple[int | None, str]:
    """Return the number that a text begins with, letters counted too, and how it is written, or with which word."""
    letter = _LETTER.match(text)
    if letter:
        return ord(letter[1]) - ord("a") + 1, f"a{letter[2]}"
    match = _NUMBER.match(text)
    return (int(match[1]), match[2] or "_") if match else page.lexicon.counts(text)


def without_numbers(page: Text, questions: Sequence[str]) -> list[str]:
    """Return the inline sources of a note's questions without the numbers in front that only count them.

    A dot, a bracket or the word "Question" shows that a number counts. Any other does where the question before or
    behind it is counted so, too: "7What", "4-Why". Questions that would be alike without their numbers keep them.
    """
    matches = [_COUNTER.match(source) for source in questions]
    series: dict[str, set[int]] = defaultdict(set)
    for match in filter(None, matches):
        series[_written(match)].add(int(match["number"]))
    without = [
        match["dress"] + source[match.end() :] if match and _counts(page, match, series[_written(match)]) else source
        for source, match in zip(questions, matches, strict=True)
    ]
    alike = Counter(map(str.casefold, without))
    return [new if alike[new.casefold()] == 1 else old for old, new in zip(questions, without, strict=True)]


def _written(match: re.Match[str]) -> str:
    """Return how a number is written: the word in front of it, and the sign behind it."""
    return f"{match['word']}#{match['behind']}".strip()


def _counts(page: Text, match: re.Match[str], numbers: set[int]) -> bool:
    """Whether a number only counts its question; `numbers` are those that are written as it is."""
    word, behind, number = match["word"].rstrip(".").casefold(), match["behind"].strip(" \\"), int(match["number"])
    if word and word not in _WORDS and word not in page.lexicon.labels:
        return False
    if "\u20e3" in behind or behind[:1] in _CLOSING or (word and behind) or word in page.lexicon.labels:
        return True
    return len(numbers) >= _FEWEST_COUNTED or not numbers.isdisjoint((number - 1, number + 1))
