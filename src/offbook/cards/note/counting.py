"""How a writer counts: the number in front of a text, and how it is written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

from offbook.cards.note.text import Text

_LETTER = re.compile(r"\A\(?([a-z])([.)])\s+(?=\S)")
_NUMBER = re.compile(
    r"\A\W{0,3}(?:Q|#|№|[A-Z](?=\d{1,3}[.)]\s))?\(?(\d{1,3})(?:\s*([.):、．，]|-(?=\s))\W{0,3}(?!\d)|\s+(?=[^\W\d]))"
)
_SIGNS = r"(?:[^\w\s\x00-\x7f«»“”„‘’‹›¿¡「『【（《]\s*+)*+"
_COUNTER = re.compile(
    rf"\A{_SIGNS}(?P<dress>[*_=]*+){_SIGNS}(?P<word>[^\W\d_]{{1,12}}\.?)?"
    r"(?:[ #]{0,2}|\s?[nN][°º]\s?)\(?(?P<dots>(?:\d{1,2}[.-]){1,3})?(?P<number>\d{1,3})(?:\.?[a-z](?=\)))?"
    r"(?P<behind>\ufe0f?\u20e3\s*|\s?-?\\?[.)、．:，]+\s*|,\s+(?=[^\W\d_])|/\s+|\s?[-–]\s?(?=[^\W\d_]|[¿¡\"“«(])"
    r"|(?=[*_=]{1,3}\s+\S)|(?(dots)\s+(?=[^\W\d_]|`)|(?(word)\s+(?=\S)|(?!)))|\s*(?=[^\W\da-z_](?![\WA-Z\d]))|\s+(?=[^\W\d_]))"
    r"(?P<closed>(?:(?<=\S)(?P=dress)\s+)?)(?:(?=\D)|(?<=\s))"
)
_LETTER_ALONE = re.compile(r"\A([*_]*)Q[ ]?\.[ ]*(?=[^\W\d_])")
_FEWEST_LETTERS = 2  # questions that open with nothing but "Q."
_CLOSING = tuple(".)、．，/")
_FEWEST_COUNTED = 3
_FEWEST_WITH_GAPS = 6
_WIDEST_GAP = 2  # between two numbers that follow each other, one of which counts for sure
_WORDS = ("q", "no", "nr")

_Run: TypeAlias = list[tuple[re.Match[str], bool]]
"""Numbers in front of questions, and whether each counts for sure."""


def number_of(page: Text, text: str) -> tuple[int | None, str]:
    """Return the number that a text begins with, letters counted too, and how it is written, or with which word."""
    letter = _LETTER.match(text)
    if letter:
        return ord(letter[1]) - ord("a") + 1, f"a{letter[2]}"
    match = _NUMBER.match(text)
    return (int(match[1]), match[2] or "_") if match else page.lexicon.counts(text)


def number_in(text: str) -> int | None:
    """Return the first number in a text that only counts, "Question 3"; None where it has letters instead."""
    number = re.search(r"\d+", text)
    return int(number[0]) if number else None


def is_counted(page: Text, source: str) -> bool:
    """Whether an inline source begins with a number that may count it: "2. Why", "1.2 Why", but not "3-way calls"."""
    match = _COUNTER.match(source)
    return match is not None and _may_count(page, match)


def without_numbers(page: Text, questions: Sequence[str]) -> list[str]:
    """Return the inline sources of a note's questions without the numbers in front that only count them.

    A dot, a bracket, a key's frame or the word "Question" shows that a number counts. Any other does among numbers that
    rise by little, from 1 or with such a one among them: "1What", "2-Why"; else it tells: "404 Not Found".
    Where some numbers of several parts count for sure, or most rise by one, all do: "1-1. What", "2-1 Why"; so do those
    before dashes that most have, and those of several parts that most have and that only rise: "1.2 What", "2.1 Why".
    Questions that would be alike without their numbers keep them.
    """
    matches = [_COUNTER.match(source) for source in questions]
    found = [(match, _counts(page, match)) for match in matches if match and _may_count(page, match)]
    most = _are_most(found, len(questions))
    counting = {id(match) for run in _runs(found, 1) for match, sure in run if sure or most or _count(run)}
    counting |= {id(match) for run in _runs(found, _WIDEST_GAP) for match, _ in run if _count_with_gaps(run)}
    parts = [(id(match), sure) for match, sure in found if match["dots"]]
    counted = sum(number in counting for number, _ in parts)
    few = len(parts) < _FEWEST_COUNTED
    if not few and (any(sure for _, sure in parts) or counted > len(parts) / 2 or _rise(found, len(questions))):
        counting.update(number for number, _ in parts)
    without = [
        _rest(match, source) if match and id(match) in counting else source
        for source, match in zip(questions, matches, strict=True)
    ]
    if sum(map(bool, map(_LETTER_ALONE.match, questions))) >= _FEWEST_LETTERS:
        without = [_LETTER_ALONE.sub(r"\1", source, count=1) for source in without]
    alike = Counter(map(str.casefold, without))
    return [new if alike[new.casefold()] == 1 else old for old, new in zip(questions, without, strict=True)]


def _rest(match: re.Match[str], source: str) -> str:
    """Return what stands behind a number, in its dress unless that was the number's alone: `**1.** Why?`."""
    rest = source[match.end() :]
    return rest if match["closed"] and match["dress"] else match["dress"] + rest


def _runs(found: _Run, widest: int) -> Iterator[_Run]:
    """Part numbers into those that rise by one, or by no more than the `widest` gap."""
    run: _Run = []
    for match, sure in found:
        if run and not 0 < int(match["number"]) - int(run[-1][0]["number"]) <= widest:
            yield run
            run = []
        run.append((match, sure))
    yield run


def _count(run: _Run) -> bool:
    """Whether numbers that rise by one count, though they are written so that each may tell as well."""
    begins = run[0][0]["number"] == "1" or any(sure for _, sure in run)
    return len(run) >= (_FEWEST_COUNTED if begins else _FEWEST_WITH_GAPS)


def _count_with_gaps(run: _Run) -> bool:
    """Whether numbers that rise by little count: some questions between them are none here, but one counts for sure."""
    return len(run) >= _FEWEST_WITH_GAPS and any(sure for _, sure in run)


def _are_most(found: _Run, questions: int) -> bool:
    """Whether most questions of a note have a number with a dash behind, each another one, and spaces at some dash."""
    dashed = {match[0]: match["behind"] for match, _ in found if match["behind"].strip() in ("-", "–")}
    spaced = any(behind != behind.strip() for behind in dashed.values())
    return spaced and max(_FEWEST_COUNTED, questions / 2) <= len(dashed) == len(found)


def _rise(found: _Run, questions: int) -> bool:
    """Whether most questions of a note have numbers of several parts, each greater than the one before."""
    numbers = [[int(part) for part in re.findall(r"\d+", f"{m['dots']}{m['number']}")] for m, _ in found if m["dots"]]
    return len(numbers) > questions / 2 and all(before < after for before, after in pairwise(numbers))


def _word(match: re.Match[str]) -> str:
    return (match["word"] or "").rstrip(".").casefold()


def _may_count(page: Text, match: re.Match[str]) -> bool:
    word = _word(match)
    return not word or word in _WORDS or word in page.lexicon.labels


def _counts(page: Text, match: re.Match[str]) -> bool:
    """Whether a number counts for sure, by the word in front of it or the sign behind it."""
    word, behind = _word(match), match["behind"].strip(" \\")
    named = word in page.lexicon.labels or bool(word and (behind or match["word"].endswith(".")))
    return named or "\u20e3" in behind or behind.lstrip("-")[:1] in _CLOSING
