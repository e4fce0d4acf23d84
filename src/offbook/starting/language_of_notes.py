"""In which language most notes are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice

from offbook.language import ENGLISH, language_of
from offbook.sources.vault import Vault

_ENOUGH = 50  # notes
_BEGINNING = 5_000  # bytes of each


def language_of_notes(vault: Vault, paths: Iterable[str]) -> str:
    """Return the language that more than half of the notes at `paths` are in, of the first ones; else English."""
    counts = Counter(islice((language_of(text) for text in _beginnings(vault, paths)), _ENOUGH))
    language, number = next(iter(counts.most_common(1)), (ENGLISH, 0))
    return language if number * 2 > counts.total() else ENGLISH


def _beginnings(vault: Vault, paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        with suppress(OSError):
            yield vault.read_note(vault.notes / path)[:_BEGINNING].decode(errors="ignore")
