"""Pictures and sounds: the names under which Anki stores them."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
from collections.abc import Callable
from io import BufferedReader
from pathlib import Path

from offbook.errors import OffbookError
from offbook.opening import RefusedError, TooLargeError, in_mb

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


class Media:
    """The files that cards use, each under a name made of its stem and its bytes."""

    def __init__(
        self,
        open_: Callable[[Path, int], BufferedReader],
        kept: Callable[[Path, Callable[[], str]], str] = lambda file, make: make(),
    ) -> None:
        """`open_` opens a file of at most so many bytes, or raises OSError.

        `kept` returns a file's digest, which it may `make`, or know from an earlier run.
        """
        self._open = open_
        self._kept = kept
        self._names: dict[Path, str] = {}

    def _digest(self, file: Path) -> str:
        with self._open(file, LARGEST) as stream:
            return _digest(stream)

    def add(self, file: Path) -> str | None:
        """Return the name that Anki stores `file` under; None where it is not a picture or sound, or too large."""
        if file.suffix.lower() not in IMAGES | SOUNDS:
            return None
        if file not in self._names:
            try:
                self._names[file] = stored_name(file.name, self._kept(file, lambda: self._digest(file)))
            except OSError:
                return None
        return self._names[file]

    def why_not(self, file: Path) -> str:
        """Return why a file cannot be stored, as the end of a sentence about it."""
        if file.suffix.lower() not in IMAGES | SOUNDS:
            return "is not a picture or sound"
        try:
            self._open(file, LARGEST).close()
        except TooLargeError as error:
            return f"has {in_mb(error.size)} MB, and Anki takes no file of more than {in_mb(LARGEST)}"
        except RefusedError as error:
            return str(error)
        except OSError as error:
            return f"cannot be read ({error.strerror})"
        return "cannot be read"

    def read(self, file: Path, name: str) -> bytes:
        """Return the bytes that Anki stores under a name; raise OffbookError where the file holds others by now."""
        try:
            with self._open(file, LARGEST) as stream:
                data = stream.read(LARGEST)
        except OSError as error:
            raise OffbookError(f"cannot read {str(file)!r}: {error.strerror or error}") from error
        if stored_name(file.name, _digest(io.BytesIO(data))) != name:
            raise OffbookError(f"{str(file)!r} was changed while it was read; run the same command again")
        return data


def _digest(stream: BufferedReader | io.BytesIO) -> str:
    """Return the digest of bytes by which their file is named."""
    return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=6)).hexdigest()


def stored_name(name: str, digest: str) -> str:
    """Return `<stem>-<digest>.<ending>`, the stem in characters that Anki, HTML and every file system allow."""
    stem, _, ending = name.rpartition(".")
    stem = re.sub(r"[^\w-]+", "-", unicodedata.normalize("NFC", stem)).strip("-_")
    stem = stem.encode()[:_LONGEST_STEM].decode(errors="ignore")
    return f"{stem or 'file'}-{digest}.{ending.lower()}"
