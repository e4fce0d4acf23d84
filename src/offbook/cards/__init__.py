"""Finds the cards in a note. Pure: text in, values out."""

from typing import TYPE_CHECKING, Any

from offbook.cards.card import Body, Card, Found, Kind, Passed

if TYPE_CHECKING:
    from offbook.cards.find import Rules, find_cards

__all__ = ["Body", "Card", "Found", "Kind", "Passed", "Rules", "find_cards"]


def __getattr__(name: str) -> Any:
    """Load the recognisers, and Markdown with them, when they are asked for: most runs find nothing new."""
    if name in ("Rules", "find_cards"):
        from offbook.cards import find

        return getattr(find, name)
    raise AttributeError(name)
