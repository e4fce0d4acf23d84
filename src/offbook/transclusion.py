"""The plain text of cards that embed other notes: recognition does not know the vault."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from offbook.cards import Card
from offbook.markdown import Block
from offbook.markdown.plain import plain
from offbook.vault import Vault

_EMBED = re.compile(r"!\[\[([^\[\]\n|]+)(?:\|[^\[\]\n]*)?\]\]")
DEEPEST = 5
"""How many notes may stand in each other."""


def with_embeds(card: Card, vault: Vault) -> Card:
    """Return the card with the text of what it embeds in its plain answer."""
    body = card.blocks
    if not any("![[" in inner.content for block in body.answer for inner in block.walk()):
        return card
    return replace(card, answer_text=_plain(body.answer, body.env, vault, card.location.path, 0))


def _plain(blocks: Sequence[Block], env: dict[str, Any], vault: Vault, path: str, depth: int) -> str:
    def embedded(match: re.Match[str]) -> str:
        part = vault.part(match[1], path) if depth < DEEPEST else None
        if part is None:
            return ""
        note, document, inner = part
        return _plain(inner, document.env, vault, note.path, depth + 1)

    return plain(blocks, env, lambda source: _EMBED.sub(embedded, source))
