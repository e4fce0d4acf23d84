"""The elements that mark the gaps of a text, on their way through the renderer."""

from __future__ import annotations

import re

from offbook.markdown.html_names import GAP_MARK, OWN
from offbook.render.marks import GAP, GAP_ENDS, GAP_NUMBER_ENDS


def without(text: str) -> str:
    """Return text without the elements, for an attribute, where no gap can stand."""
    return GAP_MARK.sub("", text)


def placed(text: str) -> str:
    """Return text with the words that the gate turns into gaps in place of the elements."""
    return GAP_MARK.sub(_placed, text) if OWN in text else text


def _placed(match: re.Match[str]) -> str:
    return GAP_ENDS if match[1] == "ends" else f"{GAP}{match[1]}{GAP_NUMBER_ENDS}"
