"""A card's tags in Anki."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from offbook.model import Card, Note, Target

# What the recognisers themselves go by says nothing about a card.
_MARKINGS = re.compile(r"(?:flash)?cards?(?:[-/](?:reverse|spaced).*)?|cloze", re.IGNORECASE)
SUGGESTED = "offbook::suggested"
RETIRED = "offbook::retired"


def note_tags(note: Note, target: Target) -> tuple[str, ...]:
    """Return the tags of all cards of a note: the front matter's and `company::<slug>`, sorted."""
    tags = _anki_tags(_listed(note.metadata.get("tags", note.metadata.get("tag"))))
    return tuple(sorted({*tags, *(f"company::{key}" for key in target.slugs)}))


def card_tags(tags: tuple[str, ...], card: Card) -> tuple[str, ...]:
    """Return the tags of a card, sorted; `tags` are those of its note."""
    if not card.tags and not card.suggested:
        return tags
    return tuple(sorted({*tags, *_anki_tags(card.tags), *((SUGGESTED,) if card.suggested else ())}))


def _anki_tags(written: Iterable[str]) -> Iterator[str]:
    tags = (anki_tag(tag) for tag in written if not _MARKINGS.fullmatch(tag.strip("# ")))
    return filter(None, tags)


def _listed(value: Any) -> list[str]:
    if isinstance(value, str):
        return [part for part in re.split(r"[,\s]+", value) if part]
    if isinstance(value, list):
        return [str(item) for item in value if item is not None and not isinstance(item, list | dict)]
    return [] if value is None or isinstance(value, dict | bool) else [str(value)]


def anki_tag(tag: str) -> str:
    """Return a tag as Anki has it: `#a/b` is `a::b`, white space `-`."""
    tag = tag.strip().lstrip("#").strip("/ ")
    tag = re.sub(r"/+", "::", tag)
    return re.sub(r"[\s\x00-\x1f\"]+", "-", tag)
