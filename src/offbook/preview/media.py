"""Puts pictures, sounds and films into the page, each once, as `data:` addresses."""

from __future__ import annotations

import base64
import mimetypes
import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from pathlib import Path

from offbook.errors import OffbookError

LARGEST = 20_000_000
"""The size, in bytes, of the largest file that is put in: browsers do not open a page with longer films."""
_PICTURE = re.compile(r'<img\b(?=(?:[^<>"]|"[^"]*+")*+>)(?:[^<>"]|"[^"]*+")*?\ssrc="([^"]*+)"(?:[^<>"]|"[^"]*+")*+>')
_SOUND = re.compile(r"\[sound:(.*?)\]")


class Embedded:
    """The files that the cards on the page use, by the name under which Anki stores each."""

    def __init__(self, files: Mapping[str, Path], read: Callable[[Path, str], bytes]) -> None:
        """`read` returns what a file holds that is stored under a name, or raises OffbookError."""
        self._files = files
        self._read = read
        self.addresses: dict[str, str] = {}
        """The `data:` addresses of the files that were used so far."""

    def take(self, html: str) -> str:
        """Return a card's HTML for the page, and keep the files that it uses in `addresses`; a missing one is named.

        The HTML keeps the files' names, and the page replaces them by addresses in the card that it shows. So a
        picture on ten cards is stored once.
        """
        return _SOUND.sub(self._sound, _PICTURE.sub(self._picture, html))

    def _picture(self, match: re.Match[str]) -> str:
        name = unescape(match[1])
        return match[0] if name.startswith("data:image/") or self._embeds(name) else _missing(name)

    def _sound(self, match: re.Match[str]) -> str:
        name = unescape(match[1])
        if not self._embeds(name):
            return _missing(name)
        element = "video" if _type(name).startswith("video/") else "audio"
        return f'<{element} controls preload="none" src="{escape(name)}"></{element}>'

    def _embeds(self, name: str) -> bool:
        """Put a file into `addresses` unless it is there; return whether it could be read and is not too large."""
        if name not in self.addresses and (file := self._files.get(name)):
            try:
                if file.stat().st_size <= LARGEST:
                    data = base64.b64encode(self._read(file, name)).decode()
                    self.addresses[name] = f"data:{_type(name)};base64,{data}"
            except (OSError, OffbookError):
                return False
        return name in self.addresses


def _type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or f"image/{name.rpartition('.')[2].lower()}"


def _missing(name: str) -> str:
    return f'<span class="missing">{escape(name)}</span>'
