"""Circles: which units of a note look alike to its reader, and what he would call them."""

from __future__ import annotations

from collections.abc import Hashable

from offbook.cards.units.unit import Unit

_NAMES = {"heading": "headings", "list-item": "list items", "line": "lines"}
_DRESSED = {
    "bold": "bold {}",
    "led": "{} that open in bold",
    "quoted": "{} in quotation marks",
    "capitals": "{} in capitals",
    "italic": "{} in italics",
}


def circles(unit: Unit) -> list[tuple[Hashable, ...]]:
    """Return the circles that a unit stands in, the narrowest first."""
    if unit.kind == "heading":
        return [("heading", unit.depth, unit.home), ("heading", unit.depth, unit.sign, bool(unit.form)), ("heading",)]
    if unit.kind == "list-item":
        return [("item", unit.home), ("item", unit.depth, unit.form, unit.emphasis == "bold")]
    if unit.emphasis == "quote":
        return [("quote",)]
    if unit.emphasis == "link":
        return [("line", ("plain", "", ""), unit.body, unit.home)]
    if unit.is_dressed:
        return [("line", unit.looks, unit.home), ("line", unit.looks)]
    return [("line", unit.looks, unit.body, unit.home), ("line", unit.looks, unit.body)]


def named(unit: Unit) -> str:
    """Return what a reader would call a unit and its like: "bold lines", "numbered list items"."""
    kind = _NAMES[unit.kind]
    kind = _DRESSED.get(unit.emphasis, "{}").format(kind)
    if unit.sign:
        kind += f" with {unit.sign} in front"
    elif unit.form == "→":
        kind += " over an arrow"
    elif unit.form not in ("", "hr"):
        kind = f"numbered {kind}" if unit.form != ":" else f"{kind} with a colon"
    return kind if unit.is_dressed or unit.kind != "line" else f"plain {kind}"
