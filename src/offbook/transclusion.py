"""The plain text of cards that embed other notes: recognition does not know the vault."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from msgspec import structs

from offbook.markdown import Block
from offbook.markdown.plain import plain
from offbook.model import Body, Card, Found
from offbook.sources.links import Links
from offbook.sources.targets import embedded

_EMBED = re.compile(r"!\[\[([^\[\]\n|]+)(?:\|[^\[\]\n]*)?\]\]")
DEEPEST = 5
"""How many notes may stand in each other."""
MOST = 500
"""How many embeds one card may hold, those within embeds included: ten notes may embed each other ten times."""


def with_embeds(found: Found, links: Links) -> Found:
    """Return what was found in a note, with the text of what cards embed in their plain answers."""
    cards = [_with_embeds(card, body, links) for card, body in zip(found.cards, found.bodies, strict=True)]
    return replace(found, cards=tuple(cards))


def _with_embeds(card: Card, body: Body, links: Links) -> Card:
    if body.gaps or not any("![[" in inner.content for block in body.answer for inner in block.walk()):
        return card
    return structs.replace(card, answer_text=_Expansion(links).plain(body.answer, body.env, card.location.path, 0))


class _Expansion:
    """Puts the text of notes in place of their embeds, for one card."""

    def __init__(self, links: Links) -> None:
        self._links = links
        self._left = MOST

    def plain(self, blocks: Sequence[Block], env: dict[str, Any], path: str, depth: int) -> str:
        """Return the text of blocks that stand in the note at `path`."""

        def text(match: re.Match[str]) -> str:
            self._left -= 1
            part = embedded(self._links, match[1], path).part if depth < DEEPEST and self._left >= 0 else None
            if part is None:
                return ""
            note, document, inner = part
            return self.plain(inner, document.env, note.path, depth + 1)

        return plain(blocks, env, lambda source: _EMBED.sub(text, source))
