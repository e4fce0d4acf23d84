"""Identities made of plain text, as tests want them."""

from __future__ import annotations

from typing import Any

from offbook.identify.identity import Identity
from offbook.likeness import sketch


def identity(
    note: str,
    section: str,
    question: str,
    answer: str,
    companies: tuple[str, ...],
    *,
    block: str = "",
    cloze: bool = False,
) -> Identity:
    """Return what a card with these texts is known by."""
    return Identity(note, section, question, sketch(answer), companies, block, cloze, answer=answer)


def edited(before: Identity, **changes: Any) -> Identity:
    """Return an identity with some texts changed, and what follows from them."""
    values = {name: getattr(before, name) for name in ("note", "section", "question", "answer", "companies")}
    return identity(**(values | {"block": before.block, "cloze": before.cloze} | changes))
