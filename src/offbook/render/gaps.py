"""Marks the deletions of a cloze in its source, so that Markdown can be rendered around and inside of them."""

from __future__ import annotations

import re

from offbook.markdown.deletions import parse_deletions
from offbook.markdown.html_names import OWN
from offbook.render.marks import GAP, GAP_ENDS, GAP_NUMBER_ENDS, Gap

_OPENING = re.compile(r"\{\{c\d{1,3}::")
_MARK = re.compile(rf"<{OWN}-(\d+|ends)>")


def marked(source: str) -> tuple[str, list[Gap]]:
    """Return inline source with an element in place of each start and end of a deletion, and the deletions.

    Markdown reads nothing across an element: no address, no emphasis.
    """
    gaps: list[Gap] = []
    return _marked(source, gaps), gaps


def _marked(source: str, gaps: list[Gap]) -> str:
    parts: list[str] = []
    position = 0
    for deletion in parse_deletions(source):
        parts.append(source[position : deletion.start])
        parts.append(f"<{OWN}-{len(gaps)}>")
        gaps.append(Gap(deletion.number, deletion.hint))
        parts.append(_marked(deletion.text, gaps) if _OPENING.search(deletion.text) else deletion.text)
        parts.append(f"<{OWN}-ends>")
        position = deletion.end
    return "".join([*parts, source[position:]])


def without(text: str) -> str:
    """Return text without the elements, for an attribute, where no deletion can stand."""
    return _MARK.sub("", text)


def placed(text: str) -> str:
    """Return text with the words that the gate turns into deletions in place of the elements."""
    return _MARK.sub(_placed, text) if OWN in text else text


def _placed(match: re.Match[str]) -> str:
    return GAP_ENDS if match[1] == "ends" else f"{GAP}{match[1]}{GAP_NUMBER_ENDS}"
