"""Finds the cards in a note. Pure: text in, values out."""

from offbook.cards.card import Body, Card, Found, Kind, Passed
from offbook.cards.find import Rules, find_cards

__all__ = ["Body", "Card", "Found", "Kind", "Passed", "Rules", "find_cards"]
