"""What Notion writes below the title of a page that is in a database: its properties.

The file does not say whether the page is in one, so the names have to tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from offbook.days import INTERVIEW
from offbook.naming import naming
from offbook.text import words

OWN = ("company", INTERVIEW, "tags")
"""The keys of front matter that properties may set."""
_PROPERTY = re.compile(r"(?P<name>(?![-*+>|`\[!<~=_\\]|(?:\d+[.)]|#+)\s)[^:\n]{1,40}):(?:[ \t]+(?P<value>\S.*))?")
_RELATION = re.compile(r"[ \t]*\([^()\n]*\.(?:md|csv)\)")
_BESIDE_NAMES = re.compile(r"\([^()]*\)|[^\w\s/'’-]")
_SENTENCE = re.compile(r"[.!?;。！？…][\"”»)*_]*\Z")
_DAY = ("date", "day")  # words behind that of an interview
_OF_BOXES = ("Yes", "No")  # whatever the language
_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a page."""

    key: str
    """`company`, `interview` or `tags` where it is called so, in any language that offbook knows, else its name."""
    value: Any
    line: int
    """The one on which it begins, from 0."""
    end: int
    """The line behind it; a text may have several."""
    names: int
    """How many of its lines look as if a property began there; a text may have several."""


def properties(lines: Sequence[str]) -> Iterator[Property]:
    """Yield the properties of a page, but not those that are its text.

    They are the paragraph below the title, where it looks so: text may begin with a name and a colon, too.
    """
    title = _first(lines, 0)
    if title == len(lines) or not lines[title].startswith("# "):
        return
    start = _first(lines, title + 1)
    end = next((number for number in range(start, len(lines)) if not lines[number].strip()), len(lines))
    starts = list(_starts(lines, start, end))
    if starts[:1] != [start]:
        return
    found = [_read(lines[first:behind], first) for first, behind in zip(starts, [*starts[1:], end], strict=True)]
    has_body = _first(lines, end) < len(lines)
    if _are_properties(found, has_body=has_body):
        yield from _beside_text(found, has_body=has_body)


def _starts(lines: Sequence[str], start: int, end: int) -> Iterator[int]:
    """Yield the lines on which properties begin; within one that holds text, only a usual name begins another."""
    in_text = False
    for number in range(start, end):
        if not _PROPERTY.fullmatch(lines[number].strip()):
            continue
        line = _read(lines[number : number + 1], number)
        if not in_text or _is_usual(line) or _is_text(line.key):
            in_text = _is_text(line.key) or _is_remark(line.key)
            yield number


def _first(lines: Sequence[str], start: int) -> int:
    """Return the first line from `start` on that is not blank, or their number."""
    return next((number for number in range(start, len(lines)) if lines[number].strip()), len(lines))


def _beside_text(found: Sequence[Property], *, has_body: bool) -> Sequence[Property]:
    """Return the properties that are none of the page's text; remarks are all of it where it has no other."""
    beside = [each for each in found if not _is_text(each.key)]
    has_text = has_body or any(each.value for each in found if _is_text(each.key))
    return beside if has_text else [each for each in beside if not (_is_remark(each.key) and each.value)]


def _read(lines: Sequence[str], first: int) -> Property:
    """Return the property that lines hold, the first of which is that with the number `first`."""
    match = _PROPERTY.fullmatch(lines[0].strip())
    assert match
    key, value = _key(match["name"]), "\n".join((match["value"] or "", *lines[1:])).strip()
    parts = [part.strip() for part in _RELATION.sub("", value).split(",") if part.strip()]
    listed = key == "tags" or (key == "company" and ".md)" in value)
    names = sum(bool(_PROPERTY.fullmatch(line.strip())) for line in lines)
    return Property(key, parts if listed else ", ".join(parts), first, first + len(lines), names)


def _key(name: str) -> str:
    """Return the key of a property: its name in small letters, and of `🔥 Difficulty (1-5)` the word."""
    bare = " ".join(_BESIDE_NAMES.sub("", name).casefold().split())
    for key in ("company", INTERVIEW):
        called = (key, *naming(f"{key}_keys"))
        first, _, behind = bare.partition(" ")
        if bare in called or (key == INTERVIEW and first in called and behind in _DAY):
            return key
    return name.strip() if not bare or name.rstrip().endswith("?") else bare


def _is_text(key: str) -> bool:
    """Whether a property is called as an answer is, or a part of a story."""
    return key in words("answers") or key in words("story")


def _is_remark(key: str) -> bool:
    """Whether a property holds text by its name, which may be the answer, or be about it."""
    return key in naming("remarks")


def _are_properties(found: Sequence[Property], *, has_body: bool) -> bool:
    """Whether the paragraph below a title, which says all of `found`, is the properties of its page.

    Half of the names are such as properties have, or one is, and a body stands below lines that are no sentences. Lines
    that go on with one of several lines need a body, or another property, to be none of the answer.
    """
    asked = [each for each in found if each.key not in words("answers")]
    usual = sum(map(_is_usual, asked))
    goes_on = any(each.end - each.line > 1 for each in found)
    if 2 * usual >= sum(each.names for each in asked):
        return has_body or len(found) >= _SEVERAL or not goes_on
    says = any(_is_text(each.key) or _SENTENCE.search(str(each.value)) for each in found)
    return has_body and usual > 0 and not goes_on and not says


def _is_usual(found: Property) -> bool:
    """Whether properties are called so, and labels in a text are not: also `#`, and `Practised?: Yes`, a box."""
    is_box = found.key.endswith("?") and found.value in _OF_BOXES
    is_named = found.key in naming("properties") or found.key in OWN or _is_remark(found.key)
    return is_named or is_box or not any(map(str.isalnum, found.key))
