"""What a name says besides whose it is: words of a round of interviews, and dates, at its beginning and its end.

Each word of a name gets a letter for what it may be, and the letters of a round are a regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from offbook.naming import months, naming
from offbook.text import UNSPACED

# A later use wins where a word has several.
_LETTERS = {
    "and": "g",
    "general": "g",
    "subjects": "g",
    "with": "w",
    "about": "t",
    "kinds": "k",
    "ordinals": "o",
    "kinded": "c",
    "counted": "m",
    "rounds": "n",
}
_NAME, _DATE, _ROUND_BY_NUMBER, _ORDINAL, _NUMBER = "xdro#"
# One round: "technical round 2", "phone screen", "interview notes", a day. Atomic, so that many take no longer.
_ROUND = "(?>w?d|r|(?:[nok#]++m|m[ok#])t*+|[nk]++c[o#]?+t*+|[ok]*+n[nok#]*+t*+)"
_BEHIND = re.compile(f"{_ROUND}+")
_BEFORE = re.compile(f"(?:{_ROUND}w?)+")
_MOST = 12  # words of rounds behind a name
_LONGEST = 3  # words of "entrevista de trabajo"
_GAP = r"\s_,:;|/()\[\]–—-"  # between the words of a name
_DAY = (
    r"(?<!\d)(?:(?:19|20)\d\d[ ._-]\d\d[ ._-]\d\d|\d{1,2}[ ._-]\d{1,2}[ ._-](?:19|20)\d\d|\d{1,2}\.\d{1,2}\.(?:\d\d)?|"
    r"(?:19|20)\d{6})(?!\d)"
)
_YEAR = re.compile(r"(?<=[^\W\d_])[ _-](?:19|20)\d\d\Z")
_OF_MONTH = r"\d{1,2}(?:\.|st|nd|rd|th|er)?"
_NUMBERED = re.compile(r"\d{1,2}(?:\.|st|nd|rd|th|er|ère|re|e|ème|eme|[ªºоа]|차|次)")
_R4 = re.compile(r"r\d{1,2}")
_TOLD = re.compile("[nr]|[nk]c|m[ok#]|[ok#]m")  # a round, where a day alone is none


@lru_cache(maxsize=1 << 14)
def without_rounds(name: str) -> str:
    """Return a name without rounds and dates in front and behind; as it is where nothing else is left."""
    spans, letters = [], ""
    for start, end, letter in _marked(name):
        spans.append((start, end))
        letters += letter
    earliest = max(letters.rfind(_NAME) + 1, len(letters) - _MOST, 1)
    ends = (place for place in range(earliest, len(letters)) if _BEHIND.fullmatch(letters, place))
    if _NAME in letters and (end := next(ends, 0)):
        name, letters = name[: spans[end][0]].rstrip(" _,:;|/([–—-"), letters[:end]
    before = _BEFORE.match(letters)
    return name[spans[before.end()][0] :] if before and _NAME in letters[before.end() :] else name


@lru_cache(maxsize=1 << 14)
def names_nobody(name: str) -> bool:
    """Whether a name is no company's: a day, a round, what any note may hold (`Phone screen`, `Common questions`).

    A year behind it says no more.
    """
    words, letters = _words_of(_YEAR.sub("", name))
    if not letters or _NAME in letters:
        return False
    return bool(_BEHIND.fullmatch(letters)) or any(map(_is_general, words)) or not naming("subjects").isdisjoint(words)


def names_a_subject(name: str) -> bool:
    """Whether a name is no company's as it says what is learned (`Databases`), and nothing that any note may hold."""
    words, letters = _words_of(_YEAR.sub("", name))
    is_subject = _NAME not in letters and not naming("subjects").isdisjoint(words)
    return is_subject and not any(map(_is_general, words))


def tells_a_round(name: str) -> bool:
    """Whether a round of interviews is in a name, such as `acme-r4-interview` or `Phone screen`."""
    return bool(_TOLD.search(_words_of(name)[1]))


def _words_of(name: str) -> tuple[list[str], str]:
    """Return the words of a name as they are compared, and their letters."""
    words, letters = [], ""
    for start, end, letter in _marked(name):
        word = " ".join(re.split(f"[{_GAP}]+", name[start:end].casefold()))
        if any(map(str.isalnum, word)):
            words.append(word)
            letters += letter
    return words, letters


def _is_general(word: str) -> bool:
    """Whether a word is what any note may be called, by itself or as the end of a compound: `Fachfragen`."""
    return word in naming("general") or bool(_compound().fullmatch(word))


def _marked(name: str) -> Iterator[tuple[int, int, str]]:
    """Yield where each word of a name, or what several are together, begins and ends, and its letter."""
    found = list(_words().finditer(name))
    while found:
        for count in range(min(_LONGEST, len(found)), 0, -1):
            words = " ".join(match[0] for match in found[:count]).casefold()
            letter = _meanings().get(words) or (_of_signs(found[0]) if count == 1 else "")
            if letter:
                yield found[0].start(), found[count - 1].end(), letter
                del found[:count]
                break


def _of_signs(word: re.Match[str]) -> str:
    text = word[0].casefold()
    if word.lastgroup == "day":
        return _DATE
    if _compound().fullmatch(text):
        return _LETTERS["general"]
    if _R4.fullmatch(text):
        return _ROUND_BY_NUMBER
    if _NUMBERED.fullmatch(text):
        return _ORDINAL
    return _NUMBER if text.isdecimal() and len(text) < len("000") else _NAME


@lru_cache(maxsize=1)
def _meanings() -> dict[str, str]:
    return {word: letter for use, letter in _LETTERS.items() for word in naming(use)}


@lru_cache(maxsize=1)
def _compound() -> re.Pattern[str]:
    return re.compile(rf"[^\W\d_]{{3,}}(?:{'|'.join(map(re.escape, sorted(naming('endings'))))})")


@lru_cache(maxsize=1)
def _words() -> re.Pattern[str]:
    """Return what finds the words of a name; in scripts without spaces a round is a word within others."""
    within = "|".join(sorted(filter(_has_no_spaces, naming("rounds")), key=len, reverse=True))
    month = rf"(?i:{'|'.join(sorted(map(re.escape, months()), key=len, reverse=True))})"
    spoken = rf"(?<!\w)(?:{_OF_MONTH}[ _-](?:de )?{month}|{month}[ _-]{_OF_MONTH})(?!\w)(?:[ ,_-]+(?:19|20)\d\d(?!\d))?"
    return re.compile(rf"(?P<day>{_DAY}|{spoken})|{within}|(?:(?!{within})[^{_GAP}])+")


def _has_no_spaces(word: str) -> bool:
    return bool(re.match(f"[{UNSPACED}]", word))
