"""Pictures and sounds: the names under which Anki stores them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

IMAGES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp", ".avif", ".ico", ".jfif", ".apng"})
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
"""Bytes. AnkiWeb does not sync a larger file."""
_LONGEST_STEM = 80  # bytes; Anki cuts a name of more than 120


UNSHOWN = frozenset({".heic", ".heif", ".tif", ".tiff", ".psd", ".eps", ".ai", ".raw", ".cr2", ".nef", ".dng", ".jxl"})
"""Pictures that Chromium, and so Anki on a desktop, does not show."""


def is_media(name: str) -> bool:
    """Whether a file's name is that of a picture or sound."""
    return Path(name).suffix.lower() in IMAGES | SOUNDS


def file_digest(file: Path) -> str:
    """Return the digest of a file's bytes by which it is named; raise OSError where it cannot be read."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=6)).hexdigest()


class Media:
    """The files that cards use, each under a name made of its stem and its bytes."""

    def __init__(self, digest: Callable[[Path], str] = file_digest) -> None:
        """`digest` does what `file_digest` does, perhaps without reading a file that was read before."""
        self._digest = digest
        self._names: dict[Path, str] = {}

    def add(self, file: Path) -> str | None:
        """Return the name that Anki stores `file` under; None where it is no picture or sound, or too large."""
        if file.suffix.lower() not in IMAGES | SOUNDS:
            return None
        if file not in self._names:
            try:
                if file.stat().st_size > LARGEST:
                    return None
                self._names[file] = stored_name(file.name, self._digest(file))
            except OSError:
                return None
        return self._names[file]


def why_not(file: Path) -> str:
    """Return why a file cannot be stored, as the end of a sentence about it."""
    try:
        size = file.stat().st_size
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if size > LARGEST:
        return f"has {size / 1_000_000:,.0f} MB, and Anki takes no file of more than {LARGEST // 1_000_000}"
    return "is no picture or sound" if file.suffix.lower() not in IMAGES | SOUNDS else "cannot be read"


def stored_name(name: str, digest: str) -> str:
    """Return `<stem>-<digest>.<ending>`, the stem in characters that Anki, HTML and every file system allow."""
    stem, _, ending = name.rpartition(".")
    stem = re.sub(r"[^\w-]+", "-", unicodedata.normalize("NFC", stem)).strip("-_")
    stem = stem.encode()[:_LONGEST_STEM].decode(errors="ignore")
    return f"{stem or 'file'}-{digest}.{ending.lower()}"
