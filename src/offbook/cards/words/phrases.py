"""Phrases: which of many a text begins with, and how they are written without accents."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

_SHORTEST_UNACCENTED = 6  # letters of a word that is known without its accents, too


class Prefixes:
    """Finds the longest of many phrases that a text begins with."""

    def __init__(self, *phrases: Iterable[str]) -> None:
        self._by_start: dict[str, list[str]] = defaultdict(list)
        unique: set[str] = {phrase for many in phrases for phrase in many}
        unique |= {without_accents(phrase) for phrase in unique if len(phrase) >= _SHORTEST_UNACCENTED}
        for phrase in sorted(unique, key=len, reverse=True):
            self._by_start[phrase[:2]].append(phrase)

    def find(self, folded: str) -> str:
        """Return the longest phrase that a text in small letters begins with, at a word's end; "" without one."""
        folded = folded.lstrip("¿¡")
        # Phrases of one letter stand under that letter alone.
        for phrase in self._by_start.get(folded[:2], []) + self._by_start.get(folded[:1], []):
            if folded.startswith(phrase):
                behind = folded[len(phrase) : len(phrase) + 1]
                if not (behind.isalnum() or behind == "_") or phrase[-1] in "'’" or not phrase[-1].isalnum():
                    return phrase
        return ""


def any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of the phrases."""
    return re.compile("|".join(map(re.escape, phrases)))


def with_unaccented(words: Iterable[str]) -> frozenset[str]:
    """Return words with those that are long as they are written without accents, too."""
    return frozenset({*words, *(word for word in map(without_accents, words) if len(word) >= _SHORTEST_UNACCENTED)})


def without_accents(text: str) -> str:
    """Return a text without the accents of its letters; Greek and Cyrillic keep those that make other letters."""
    if text.isascii():
        return text
    bare_letters = re.sub("[\u0300-\u0306\u0308-\u036f]", "", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", bare_letters).replace("đ", "d")
