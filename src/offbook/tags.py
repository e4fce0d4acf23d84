"""A card's tags in Anki."""

from __future__ import annotations

import re
from typing import Any

from offbook.cards import Card
from offbook.company import Target
from offbook.note import Note

# What the recognisers themselves go by says nothing about a card.
_MARKINGS = re.compile(r"(?:flash)?cards?(?:[-/](?:reverse|spaced).*)?|cloze", re.IGNORECASE)
SUGGESTED = "offbook::suggested"
RETIRED = "offbook::retired"


def card_tags(note: Note, target: Target, card: Card) -> tuple[str, ...]:
    """Return the front matter's tags, those on the question, and `company::<slug>`, sorted."""
    written = [*_listed(note.metadata.get("tags", note.metadata.get("tag"))), *card.tags]
    tags = {anki_tag(tag) for tag in written if not _MARKINGS.fullmatch(tag.strip("# "))}
    tags |= {f"company::{key}" for key in target.slugs}
    if card.suggested:
        tags.add(SUGGESTED)
    return tuple(sorted(tag for tag in tags if tag))


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
