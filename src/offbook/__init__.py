"""offbook turns interview notes into Anki decks, one for each target company."""

__version__ = "0.1.0"
