"""Whose deck a note belongs to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from offbook.errors import Problem
from offbook.note import Note

ALL = "all"
_LONGEST_SLUG = 80  # characters; file names end at 255 bytes
_SIGNS = {"+": "plus", "#": "sharp"}  # C, C++ and C# are three
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """The companies that a note is for."""

    names: tuple[str, ...]
    """As the user writes them, sorted; empty where the note is for all."""

    @property
    def shared(self) -> bool:
        """Whether the cards serve several companies and live in the common deck."""
        return len(self.names) != 1

    @property
    def slugs(self) -> tuple[str, ...]:
        """The names as file names and tags have them."""
        return _slugs(self.names)


@lru_cache(maxsize=1 << 14)
def _slugs(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(slug(name) for name in names) or (ALL,)


@lru_cache(maxsize=1 << 14)
def slug(name: str) -> str:
    """Return a company's name as it stands in file names, tags and on the command line.

    Letters and digits of any script, lower case, joined by `-`; never empty, never a name that Windows keeps.
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    for sign, word in _SIGNS.items():
        text = text.replace(sign, f" {word} ")
    text = "-".join(re.findall(r"[^\W_]+", text))
    if len(text.encode()) > _LONGEST_SLUG:
        import hashlib

        digest = hashlib.blake2b(text.encode(), digest_size=4).hexdigest()
        room = _LONGEST_SLUG - len(digest) - 1
        text = text.encode()[:room].decode(errors="ignore").rstrip("-") + "-" + digest
    if not text or text == ALL or _DEVICES.fullmatch(text):
        text = f"{text or 'company'}-"
        text += "notes" if name.strip() else "unnamed"
        if not re.search(r"\w", name):
            text = "company-" + "-".join(f"{ord(c):x}" for c in name[:8]) if name.strip() else "unnamed"
    return text


def declared(note: Note) -> Target | Problem | None:
    """Return what the note's front matter says of its company: nothing, a target, or what is wrong."""
    value = note.metadata.get("company")
    names = _names(value)
    if names is None:
        message = f"`company` must be a name, a list of names, or `all`; found {value!r}"
        return Problem(note.place_of("company"), "front-matter", message)
    if not names:
        return None
    if any(name.casefold() == ALL for name in names):
        return Target(())
    unique = {slug(name): name for name in reversed(names)}
    return Target(tuple(sorted(unique.values(), key=slug)))


def _names(value: Any) -> list[str] | None:
    if value is None:
        return []
    if isinstance(value, bool | dict):
        return None
    items = value if isinstance(value, list) else [value]
    names: list[str] = []
    for item in items:
        if isinstance(item, bool | dict | list):
            return None
        text = str(item).strip() if item is not None else ""
        if text.startswith("[[") and text.endswith("]]"):
            text = text[2:-2].partition("|")[0].rpartition("/")[2]
        if text:
            names.append(" ".join(text.split()))
    return names


def from_place(path: str, known: Iterable[str] = ()) -> Target:
    """Return the company of a note without one in its front matter: its folder, else its file name.

    `known` are the names of companies: a file `airwallex-r4-interview` belongs to Airwallex where that is one.
    """
    folder, separator, _ = path.partition("/")
    if separator:
        return Target((tidy(folder),))
    stem = path.removesuffix(".md")
    own = slug(stem)
    matches = [name for name in known if own.startswith(slug(name) + "-")]
    return Target((max(matches, key=lambda name: (len(name), name)),)) if matches else Target((tidy(stem),))


def tidy(name: str) -> str:
    """Return a file or folder name as a person writes it: `acme-robotics` is Acme Robotics."""
    text = " ".join(re.sub(r"[-_]+", " ", name).split()) or name
    return text.title() if text.islower() and text.isascii() else text[:1].upper() + text[1:]
