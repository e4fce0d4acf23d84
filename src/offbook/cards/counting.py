"""How a writer counts: the number in front of a text, and how it is written."""

from __future__ import annotations

import re

from offbook.cards.text import Text

_LETTER = re.compile(r"\A\(?([a-z])([.)])\s+(?=\S)")
_NUMBER = re.compile(
    r"\A\W{0,3}(?:Q|#|№|[A-Z](?=\d{1,3}[.)]\s))?\(?(\d{1,3})(?:\s*([.):、．]|-(?=\s))\W{0,3}(?!\d)|\s+(?=[^\W\d]))"
)


def number_of(page: Text, text: str) -> tuple[int | None, str]:
    """Return the number that a text begins with, letters counted too, and how it is written, or with which word."""
    letter = _LETTER.match(text)
    if letter:
        return ord(letter[1]) - ord("a") + 1, f"a{letter[2]}"
    match = _NUMBER.match(text)
    return (int(match[1]), match[2] or "_") if match else page.lexicon.counts(text)
