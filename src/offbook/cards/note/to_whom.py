"""Titles that name a person to ask: "Questions for Priya", "Ask Tom (hiring manager)".

No list knows all names. A name is known by its capital letter, where a capital tells something, and by what stands
below: questions that nobody answers, and that do not speak of what the title names, as those on a topic do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

from offbook.cards.note.page import Page
from offbook.cards.note.predicates import LISTS, untasked
from offbook.cards.words.bare import bare
from offbook.markdown import Block
from offbook.text import words

_REMARK = re.compile(r"[(\[,]|\s[–—-]\s")  # begins it
_ASK = "ask "  # in capitals it still names whom, and "Questions for" may name a topic
_LONGEST = 80  # characters of a title
_JOINT = re.compile(r"\s?[/&+]\s?|\s[^\W\d_A-Z]{1,3}\s")  # a short word is one for "and", in any language
_NAME = re.compile(r"(?:[^\W\d_]{1,4}\.\s)?[^\W\d_]+(?:['’-][^\W\d_]+)*")  # "Dr. Chen"
_FULL_NAME = re.compile(rf"{_NAME.pattern}(?:\s[^\W\d_]+(?:['’-][^\W\d_]+)*)?")
_SEVERAL = re.compile(r"(?:er|or|ist|ent|ant|ee|ian|eur|euse)s\Z")  # "Beginners", "Candidates" are no names
_WORD = re.compile(r"[^\W\d_]{2,}")


def names_whom(page: Page, heading: Block) -> bool:
    """Whether a heading, or a line over a list, names a person to whom the questions below it are put."""
    title = bare(page.text(heading.content))
    title = title.title() if title.isupper() and title.casefold().startswith(_ASK) else title
    opening = _openings().match(title) if len(title) <= _LONGEST else None
    if opening is None:
        return False
    named, remark = [*_REMARK.split(title[opening.end() :].rstrip(" :"), maxsplit=1), ""][:2]
    is_remarked = bool(remark) and not any(map(str.isdigit, remark))  # "(45 min)" says nothing of a person
    # Two words are a name only where a remark says whose: "System Design" has capitals, too.
    name = _FULL_NAME if is_remarked else _NAME
    parts = _JOINT.split(named.strip())
    names = [word for part in parts for word in _WORD.findall(part)]
    if not all(map(name.fullmatch, parts)) or not all(map(_is_capitalised, names)):
        return False
    if not is_remarked and (_has_capitals(opening[0]) or any(map(_is_no_name, names))):
        return False
    section = list(page.section(heading) if heading.type == "heading" else islice(page.after(heading), 1))
    return _only_asks(page, section) and (is_remarked or not _is_topic(page, names, section))


def _has_capitals(opening: str) -> bool:
    """Whether all words of a title have capitals, which then tell nothing: "Questions For Practice"."""
    return opening.istitle() and " " in opening.strip()


def _is_capitalised(word: str) -> bool:
    return word[0].isupper() and not word[1:].isupper()


def _is_no_name(word: str) -> bool:
    return bool(_SEVERAL.search(word)) or word.casefold() in _no_names()


def _is_topic(page: Page, names: Iterable[str], section: Iterable[Block]) -> bool:
    """Whether what the title names is a word of the note, or what the questions below it are about."""
    asked = _WORD.findall(" ".join(map(page.plain, section)).casefold())
    return any(name.casefold() in said for name in names for said in (page.words, asked))


def _only_asks(page: Page, section: Iterable[Block]) -> bool:
    """Whether something asks in a section, and nothing answers there."""
    asks = False
    for block in section:
        items = block.children if block.type in LISTS else []
        if any(len(item.children) > 1 for item in items):
            return False
        texts = [child for item in items for child in item.children] or [block]
        lines = [page.lexicon.question(page.text(untasked(line))) for text in texts for line in text.lines]
        if asks and not items and block.type != "heading" and not all(lines):
            return False
        asks = asks or any(lines)
    return asks


@lru_cache(maxsize=1)
def _openings() -> re.Pattern[str]:
    return re.compile("|".join(rf"(?:{re.escape(opening)})\s" for opening in words("to_whom")), re.IGNORECASE)


@lru_cache(maxsize=1)
def _no_names() -> frozenset[str]:
    return frozenset((*words("addressed"), *words("interviews"), *words("labels"), *words("tips")))
