"""Identities made of plain text, as tests want them."""

from __future__ import annotations

from typing import Any

from offbook.identify.identity import Identity
from offbook.likeness import sketch
from offbook.model import Entry


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


def entry_of(guid: str, known_by: Identity, *, retired: bool = False) -> Entry:
    """Return a ledger's entry of a card."""
    return Entry(
        guid=guid,
        note=known_by.note,
        question=known_by.question,
        companies=known_by.companies,
        deck="",
        section=known_by.section,
        block=known_by.block,
        answer=known_by.sketch,
        retired=int(retired),
        cloze=known_by.cloze,
    )
