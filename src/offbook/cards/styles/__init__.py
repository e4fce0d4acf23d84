"""Styles: which looks ask in a note, and why."""
