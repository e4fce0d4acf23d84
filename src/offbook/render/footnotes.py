"""The footnotes that a card shows: of a note's definitions those that its blocks refer to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from offbook.markdown import Block

_REFERENCE = re.compile(r"\[\^([^\s\[\]]++)\]")


def referred_to(blocks: Sequence[Block], definitions: Mapping[str, Block]) -> tuple[set[str], list[Block]]:
    """Return the labels that blocks refer to, also through one another, and their definitions as the note has them."""
    labels: set[str] = set()
    found: list[Block] = []
    waiting = list(blocks)
    while waiting:
        new = {label for block in waiting for label in _labels(block)} - labels
        labels |= new
        waiting = [definitions[label] for label in new if label in definitions]
        found += waiting
    return labels, sorted(found, key=lambda block: block.line)


def _labels(block: Block) -> set[str]:
    texts = (text for inner in block.walk() for text in (inner.title, inner.content) if "[^" in text)
    return {label for text in texts for label in _REFERENCE.findall(text)}
