"""Reads the user's files: `vault.py` finds them, `note.py` reads a note, `links.py` what notes lead to."""
