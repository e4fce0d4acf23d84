"""Finds the cards in a note. Pure: text in, values out."""
