"""What a recogniser finds, in blocks of the note."""

from __future__ import annotations

from dataclasses import dataclass, field

from offbook.markdown import Block
from offbook.markdown.deletions import Deletion
from offbook.model import Kind

BY_LOOKS = ("heading", "line", "bold-line", "list-item")
"""The dialects of what asks by itself or by what stands around it, and needs no mark."""


@dataclass(slots=True)
class Finding:
    """A question and its answer as one dialect sees them, in blocks of the note."""

    dialect: str
    reason: str
    """Why this is a card, for `--explain`."""
    question: list[Block]
    answer: list[Block]
    kind: Kind = Kind.QUESTION
    claims: list[tuple[int, int]] = field(default_factory=list)
    """Further lines that belong to the card (first, behind the last), such as a label's."""
    tags: tuple[str, ...] = ()
    """Tags that the markup gives the card, besides those on the question."""

    gaps: tuple[Deletion, ...] = ()
    """Of a text with gaps: what Anki is told of them, by the index that they have in the question's source."""

    @property
    def line(self) -> int:
        """The line of the question."""
        return min(block.line for block in self.question)
