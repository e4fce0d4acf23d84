"""What a field of an Anki note says: its gaps, and its text whatever the computer that it was exported on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape

from offbook.likeness import words
from offbook.model import READABLE, Gap, Gapped
from offbook.text import composed

SOURCE = 4
"""Where both notetypes have the field that leads to the note."""
SEAL = -1
"""Where both have the field that tells the text of the others as offbook wrote it; what differs was edited in Anki."""
_SEAL = re.compile(r"[0-9a-f]*(?:\.[0-9a-f]*)+")
_OPENING = re.compile(r"\{\{c(\d+)::")
_MARK = re.compile(r"\{\{c(?P<number>\d+)::|(?P<closing>\}\})|(?P<hint>::)")
_SHOWN = re.compile(r"""<img\b[^<>]*?\ssrc="(?P<file>[^"]*)"[^<>]*>|<[^<>]*>""")
# Where a link leads depends on the vault's name and the folders above the notes, and on whether there is a vault.
_OPENED = re.compile(
    r'<a href="(?:obsidian://open\?|logseq://graph/)[^"]*"[^<>]*>|<span class="wikilink">|</a>|</span>'
)
_PLACE = re.compile(rf"(?P<path>[^<>]+(?:{'|'.join(map(re.escape, READABLE))})):\d+", re.IGNORECASE)
_OURS = re.compile(r'<a href="(?:obsidian://open\?vault=|logseq://graph/)[^"]*">[^<>]*</a>')


# -- gaps ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Open:
    number: int
    at: int
    parts: list[str] = field(default_factory=list)
    in_hint: bool = False


def gapped(text: str) -> Gapped:
    """Return the gaps of a cloze's field, in order; what the writer wrote is not taken for a mark in a field."""
    found: list[str] = []
    opened: list[_Open] = []
    gaps: list[Gap] = []
    position = 0
    for mark in _MARK.finditer(text):
        if not opened and not mark["number"]:
            continue  # text like any other
        _take(text[position : mark.start()], found, opened)
        position = mark.end()
        if mark["number"]:
            opened.append(_Open(int(mark["number"]), len(found)))
        elif mark["hint"]:
            opened[-1].in_hint = True
        else:
            gap = opened.pop()
            gaps.append(Gap(gap.number, " ".join("".join(gap.parts).split()), gap.at, len(found)))
    _take(text[position:], found, opened)
    return Gapped(" ".join(found), tuple(sorted(gaps, key=lambda gap: (gap.at, -gap.end))))


def _take(html: str, found: list[str], opened: Sequence[_Open]) -> None:
    """Add a piece of a field to the words found, and to the gaps around it, unless it is part of a hint."""
    if any(gap.in_hint for gap in opened):
        return
    text = unescape(_SHOWN.sub(lambda match: f" {match['file']} " if match["file"] else "", html))
    found += words(text)
    for gap in opened:
        gap.parts.append(text)


def renumbered(text: str, numbers: Mapping[int, int]) -> str:
    """Return a cloze's field with other numbers for its gaps; `numbers` maps those that it has."""
    return _OPENING.sub(lambda match: f"{{{{c{numbers.get(int(match[1]), int(match[1]))}::", text)


# -- the same text on another computer -------------------------------------------------------------


def portable(text: str) -> str:
    """Return a field without where its links into the vault lead, and whether they lead anywhere."""
    return _OPENED.sub("", text) if "</a>" in text or "</span>" in text else text


def is_link_to_source(text: str) -> bool:
    """Whether a field is a link to a note as offbook writes it."""
    return _OURS.fullmatch(text) is not None


def named_file(text: str) -> str:
    """Return the path of a source that is `path:line`, as where there is no vault; empty for any other text."""
    match = _PLACE.fullmatch(text)
    return match["path"] if match else ""


def digests(fields: Sequence[str]) -> tuple[str, ...]:
    """Return a digest of each field's text, empty for an empty field, the link to the source and the seal."""
    texts = enumerate(_unsealed(fields))
    return tuple(_digest(portable(text), 5) if text and index != SOURCE else "" for index, text in texts)


def text_digest(fields: Sequence[str]) -> str:
    """Return a digest of all fields but the link to the source and the seal."""
    texts = enumerate(_unsealed(fields))
    return _digest("\x1f".join(portable(text) for index, text in texts if index != SOURCE), 6)


def text_digests(fields: Sequence[str]) -> set[str]:
    """Return the digests by which a ledger may know these fields: offbook 1.0.0 took in the link to the source."""
    return {text_digest(fields), _digest("\x1f".join(_unsealed(fields)), 6)}


def sealed(fields: Sequence[str]) -> tuple[str, ...]:
    """Return a note's fields with the seal of their text in its place."""
    return (*fields[:SEAL], ".".join(digests(fields)))


def seal_of(fields: Sequence[str]) -> tuple[str, ...]:
    """Return the digest of each field as offbook wrote it; nothing where a note in Anki has no seal yet."""
    return tuple(fields[SEAL].split(".")) if _SEAL.fullmatch(fields[SEAL]) else ()


def _unsealed(fields: Sequence[str]) -> tuple[str, ...]:
    return (*fields[:SEAL], "")


def _digest(text: str, size: int) -> str:
    # Anki stores texts in Unicode's form NFC.
    return hashlib.blake2b(composed(text).encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()
