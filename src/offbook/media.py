"""Pictures and sounds: the names under which Anki stores them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path

IMAGES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp", ".avif", ".ico", ".tif", ".tiff"})
SOUNDS = frozenset(
    {
        ".mp3",
        ".ogg",
        ".oga",
        ".wav",
        ".m4a",
        ".flac",
        ".opus",
        ".aac",
        ".mp4",
        ".webm",
        ".mkv",
        ".mov",
        ".ogv",
        ".3gp",
        ".m4v",
    }
)
LARGEST = 100_000_000
"""Bytes. A larger file has no place on a flashcard, and Anki refuses to sync it."""
_LONGEST_STEM = 80  # bytes; Anki cuts names of more than 120


class Media:
    """The files that cards use, each under a name made of its stem and its bytes."""

    def __init__(self) -> None:
        self.names: dict[Path, str] = {}

    def add(self, file: Path) -> str | None:
        """Return the name that Anki stores `file` under; None where it is no picture or sound, or too large."""
        if file.suffix.lower() not in IMAGES and file.suffix.lower() not in SOUNDS:
            return None
        if file not in self.names:
            try:
                if file.stat().st_size > LARGEST:
                    return None
                self.names[file] = stored_name(file.name, self.digest(file))
            except OSError:
                return None
        return self.names[file]

    def digest(self, file: Path) -> str:
        """Return a hash of a file's bytes."""
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=6)).hexdigest()


def stored_name(name: str, digest: str) -> str:
    """Return `<stem>-<digest>.<ending>` in letters that Anki, HTML and every file system take."""
    stem, _, ending = name.rpartition(".")
    stem = re.sub(r"[^\w-]+", "-", unicodedata.normalize("NFC", stem)).strip("-_")
    stem = stem.encode()[:_LONGEST_STEM].decode(errors="ignore")
    return f"{stem or 'file'}-{digest}.{ending.lower()}"
