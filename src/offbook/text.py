"""Small things to do with text."""

from __future__ import annotations

import pkgutil
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain, groupby

MARKINGS = re.compile(r"(?:flash)?cards?(?:[-/](?:reverse|spaced).*)?|cloze", re.IGNORECASE)
"""Tags that mark text as a card wherever they stand, and say nothing about it once it is one."""
BEFORE_MARKING = r"\s?？.。!！\u2e80-\U0003ffff"
"""The letters right behind which such a tag may stand: white space, what ends a sentence, scripts without spaces."""
MARKED = re.compile(rf"(?<!\S)#(?:{MARKINGS.pattern})(?!\S)", re.IGNORECASE)
"""Such a tag in a note as it is written."""
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
"""The names of the months, in English whatever the computer's language is, as all that offbook says."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
COMMENT = r"%%.*?%%|<!--(?:-?>|(?:(?!<!--).)*?-->)"
"""A comment: Obsidian's, or HTML's as CommonMark has it; a pattern for DOTALL."""
UNSPACED = "\u3040-\u30ff\u3400-\u9fff"
"""Letters of scripts that are written without spaces, as the inside of a class of regular expressions."""
WORD = re.compile(rf"[^\W{UNSPACED}]+|[{UNSPACED}]{{2}}")
"""A word as words are counted: in scripts without spaces two letters are about one."""
MAIL = re.compile(
    r"(?im)^(?:(?P<who>(?:from|to|von|an|de|à|para)[ \t]?:[ \t]+(?=[^\W\d]))"
    r"|(?:cc|date|sent|subject|datum|betreff|objet|asunto)[ \t]?:[ \t])"
)
"""A line of a mail's head; `who` is in those that name a person."""
BROKEN = 55
"""Characters from which on a line may have been broken for its length, and go on in the next one."""
_NOTION_ID = re.compile(r"[ _-][0-9a-f]{32}(?=/|\.\w{1,10}\Z|\Z)", re.IGNORECASE)
_SORTED = re.compile(r"\A(?:z+(?=[\W\d_]))?[\W\d_]+", re.IGNORECASE)
_OF_TASKS = re.compile(
    r"(?<!\s)(?:[ \t]++(?:[📅⏳🛫➕✅❌]\ufe0f?[ ]?\d{4}-\d\d-\d\d|[🔺⏫🔼🔽⏬]\ufe0f?"
    r"|🔁\ufe0f?[ ]?every(?:[ ]\w+){1,6}+|[🆔⛔🏁][ ]?[\w,-]++))++[ \t]*+(?=\n|\Z)"
)
_MANY_MARKS = re.compile(r"[^\w\s\x00-\x7f]{32,}")
_ABBREVIATION = 3  # letters
_LIKE_ENOUGH = 0.5  # the share of letters in common, 0 to 1


def without_id(name: str) -> str:
    """Return the name of a file or folder, or a path, without the ids that Notion puts behind names in its exports."""
    return _NOTION_ID.sub("", name)


def without_order(name: str) -> str:
    """Return the name of a folder without the signs in front that sort it: `_archive`, `02 Companies`, `z_Archive`."""
    return _SORTED.sub("", name)


def without_days(text: str) -> str:
    """Return a task's text without what Obsidian's plugin Tasks writes behind it: days, how urgent it is."""
    return _OF_TASKS.sub("", text, count=1)


def in_capitals(text: str) -> bool:
    """Whether a text is in capitals, and more than an abbreviation of three letters."""
    letters = "".join(filter(str.isalpha, text))
    return len(letters) > _ABBREVIATION and all(map(str.isupper, letters))


def did_you_mean(word: str, words: Iterable[str], like_enough: float = _LIKE_ENOUGH) -> str:
    """Return the one of the `words` that is most like a mistaken one, or nothing if none is.

    `like_enough` is the share of letters in common, 0 to 1, from which on two words are alike.
    """
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, words, 1, like_enough)), "")


def in_one_line(text: str) -> str:
    """Return the text with one space for each stretch of spaces and line breaks."""
    return " ".join(text.split())


def composed(text: str) -> str:
    """Return the text in Unicode's form NFC.

    Many combining marks on one letter are put in order first (UAX #15, canonical ordering), as `unicodedata` takes the
    square of their number to do it.
    """
    return unicodedata.normalize("NFC", _MANY_MARKS.sub(lambda match: _in_order(match[0]), text))


def _in_order(marks: str) -> str:
    apart = chain.from_iterable(unicodedata.normalize("NFD", mark) for mark in marks)
    runs = groupby(apart, key=lambda mark: unicodedata.combining(mark) > 0)
    return "".join(mark for _, run in runs for mark in sorted(run, key=unicodedata.combining))


@lru_cache(maxsize=1 << 14)
def fold(name: str) -> str:
    """Return a name of a file, a folder or a deck as such names are compared: letter case and Unicode form are nothing.

    Kept, since many notes lie in one folder.
    """
    return unicodedata.normalize("NFC", name).casefold()


@lru_cache(maxsize=1)
def languages() -> dict[str, dict[str, list[str]]]:
    """Return the words by which texts are told apart, by language and use."""
    loaded: dict[str, dict[str, list[str]]] = tomllib.loads((pkgutil.get_data("offbook", "words.toml") or b"").decode())
    return loaded


@lru_cache(maxsize=64)
def words(use: str) -> tuple[str, ...]:
    """Return the words of all languages for one use, such as `answers`."""
    return tuple(word for table in languages().values() for word in table.get(use, ()))
