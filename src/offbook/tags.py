"""Makes the tags that a card has in Anki."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from typing import Any

from offbook.model import Card, Note, Target
from offbook.text import MARKINGS

SUGGESTED = "offbook::suggested"
RETIRED = "offbook::retired"
COMPANY = "company::"
"""What a company's tag begins with; its slug follows."""


def note_tags(note: Note, target: Target) -> tuple[str, ...]:
    """Return the tags that all cards of a note have: the front matter's and `company::<slug>`, sorted."""
    tags = _anki_tags(_as_list(note.metadata.get("tags", note.metadata.get("tag"))))
    return tuple(sorted({*tags, *(f"{COMPANY}{key}" for key in target.slugs)}))


def companies_of(tags: Iterable[str]) -> set[str]:
    """Return the slugs of the companies that a card's tags name."""
    return {tag.removeprefix(COMPANY) for tag in tags if tag.startswith(COMPANY)}


def may_serve(tags: Iterable[str], companies: Set[str]) -> bool:
    """Whether a card's tags name one of the companies, which are slugs, or no company at all."""
    named = companies_of(tags)
    return not named or not named.isdisjoint(companies)


def card_tags(tags: tuple[str, ...], card: Card) -> tuple[str, ...]:
    """Return the tags of a card, sorted: those of its note, `tags`, and its own."""
    if not card.tags and not card.suggested:
        return tags
    return tuple(sorted({*tags, *_anki_tags(card.tags), *((SUGGESTED,) if card.suggested else ())}))


def _anki_tags(tags: Iterable[str]) -> Iterator[str]:
    """Yield tags as Anki has them, without those that only mark cards."""
    return filter(None, (anki_tag(tag) for tag in tags if not MARKINGS.fullmatch(tag.strip("# "))))


def _as_list(value: Any) -> list[str]:
    """Return the tags in a front matter's value: a list, or a text with commas or spaces between them."""
    if isinstance(value, str):
        return [part for part in re.split(r"[,\s]+", value) if part]
    if isinstance(value, list):
        return [str(item) for item in value if item is not None and not isinstance(item, list | dict)]
    return [] if value is None or isinstance(value, dict | bool) else [str(value)]


def anki_tag(tag: str) -> str:
    """Return a tag as Anki writes it: `#a/b` becomes `a::b`; white space, quotes and brackets become `-`.

    Cards show their tags to the style sheet, and no tag may be read as HTML or as one of Anki's marks there.
    """
    tag = tag.strip().lstrip("#").strip("/ ")
    tag = re.sub(r"/+", "::", tag)
    return re.sub(r"[\s\x00-\x1f\"<>\[\]]+", "-", tag)
