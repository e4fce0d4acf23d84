"""Puts pictures and sounds into the page as data: addresses, each once."""

from __future__ import annotations

import base64
import mimetypes
import re
from collections.abc import Mapping
from html import escape, unescape
from pathlib import Path

LARGEST = 20_000_000
"""Bytes. With a larger film in it the page would hardly open."""
_PICTURE = re.compile(r'<img\b(?:[^>"]|"[^"]*")*?\ssrc="([^"]*)"(?:[^>"]|"[^"]*")*>')
_SOUND = re.compile(r"\[sound:(.*?)\]")


class Embedded:
    """The files that the shown cards use."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files = files
        self.addresses: dict[str, str] = {}
        """data: addresses by the name under which Anki stores the file."""

    def take(self, html: str) -> str:
        """Return a card's HTML with the names of missing files in place of them; `addresses` has all others.

        The page puts an address in when it shows the card: a picture on ten cards is stored once.
        """
        return _SOUND.sub(self._sound, _PICTURE.sub(self._picture, html))

    def _picture(self, match: re.Match[str]) -> str:
        name = unescape(match[1])
        return match[0] if name.startswith("data:image/") or self._embedded(name) else _missing(name)

    def _sound(self, match: re.Match[str]) -> str:
        name = unescape(match[1])
        if not self._embedded(name):
            return _missing(name)
        element = "video" if _type(name).startswith("video/") else "audio"
        return f'<{element} controls preload="none" src="{escape(name)}"></{element}>'

    def _embedded(self, name: str) -> bool:
        if name not in self.addresses and (file := self._files.get(name)):
            try:
                if file.stat().st_size <= LARGEST:
                    data = base64.b64encode(file.read_bytes()).decode()
                    self.addresses[name] = f"data:{_type(name)};base64,{data}"
            except OSError:
                return False
        return name in self.addresses


def _type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or f"image/{name.rpartition('.')[2].lower()}"


def _missing(name: str) -> str:
    return f'<span class="missing">{escape(name)}</span>'
