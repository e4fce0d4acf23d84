"""What Notion writes below the title of a page that is in a database: its properties, a line each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from offbook.days import INTERVIEW
from offbook.naming import naming

_PROPERTY = re.compile(r"(?P<key>[^\W_][^:\n]{0,40}):[ \t]+(?P<value>\S.*)")
_RELATION = re.compile(r"[ \t]*\([^()\n]*\.(?:md|csv)\)")
OWN = ("company", INTERVIEW, "tags")
"""The keys of front matter that properties may set."""
_DAY = ("date", "day")  # words behind that of an interview


def properties(lines: Sequence[str]) -> Iterator[tuple[str, int, Any]]:
    """Yield the properties of a page, with the lines on which they stand, from 0, and their values.

    They are the paragraph below the title, where each of its lines is one and half of them have names that properties
    have: text may look so, too. The keys are `company`, `interview` and `tags` where they are called so, in any
    language that offbook knows, else as they are written.
    """
    at = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    if at == len(lines) or not lines[at].startswith("# "):
        return
    start = next((number for number in range(at + 1, len(lines)) if lines[number].strip()), len(lines))
    end = next((number for number in range(start, len(lines)) if not lines[number].strip()), len(lines))
    found = [_PROPERTY.fullmatch(line.strip()) for line in lines[start:end]]
    names = [match["key"].strip(" ?").casefold() for match in found if match]
    usual = sum(name in naming("properties") or _key(name) in OWN for name in names)
    if not all(found) or 2 * usual < len(names):
        return
    for number, match in enumerate(filter(None, found), start):
        key = _key(match["key"].casefold())
        parts = [part.strip() for part in _RELATION.sub("", match["value"]).split(",")]
        listed = key == "tags" or (key == "company" and ".md)" in match["value"])
        yield key, number, parts if listed else ", ".join(parts)


def _key(name: str) -> str:
    for key in ("company", INTERVIEW):
        called = (key, *naming(f"{key}_keys"))
        first, _, behind = name.partition(" ")
        if name in called or (key == INTERVIEW and first in called and behind in _DAY):
            return key
    return name
