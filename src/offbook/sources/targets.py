"""What an embed shows: one answer for cards, for their plain text and for `check`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from offbook.errors import Severity
from offbook.media import SOUNDS, UNSHOWN, is_media
from offbook.model import DRAWING, MARKDOWN, MISSING_FILE, note_stem
from offbook.sources.links import Linked, Links
from offbook.sources.logseq_text import REFERENCE

DEAD_LINK = "dead-link"
"""The code of an embed of what is not there."""
UNREADABLE = "unreadable-embed"
"""The code of an embed of a note that cannot be read: a card that holds one stays as it was exported."""
_DRAWINGS = (".svg", ".light.svg", ".png", ".light.png")
"""What Excalidraw writes beside a drawing where its setting "Auto-export" is on."""


class Shows(StrEnum):
    """What stands on a card in an embed's place."""

    PICTURE = "picture"
    SOUND = "sound"
    NOTE = "note"
    LINK = "link"
    """To a file that no browser shows."""
    NAME = "name"
    """Of what is not there."""


class Target(NamedTuple):
    """What `![[target]]` or `![](target)` leads to."""

    shows: Shows
    name: str
    """Under which Anki stores a picture or sound."""
    file: Path | None
    code: str = ""
    """Of what is wrong, empty where nothing is."""
    message: str = ""
    part: Linked | None = None
    """Of a note that is shown."""
    severity: Severity = Severity.WARNING
    """Of what is wrong."""


def embedded(links: Links, target: str, source: str) -> Target:
    """Return what an embed in the note at `source` leads to."""
    name, _, part = target.partition("#")
    if is_media(name):
        return medium(links, name, source)
    file = links.find(name, source) if name.strip() else links.file(source)
    if file is None:
        return _nowhere(target)
    if file.suffix.lower() not in MARKDOWN:
        is_picture = file.suffix.lower() in UNSHOWN
        why = (
            "is a picture that Anki does not show; save it as PNG or JPEG"
            if is_picture
            else "is not a picture or sound"
        )
        message = f"“{name}” {why}; the card only links to it"
        severity = Severity.WARNING if is_picture else Severity.NOTE  # nobody can do more than link to a PDF
        return Target(Shows.LINK, "", file, "not-shown", message, severity=severity)
    if fault := links.fault(file):
        message = (
            f"[[{target}]] cannot be shown before {fault.location} is mended; until then this card is not exported"
        )
        return Target(Shows.NAME, "", file, UNREADABLE, message)
    found = links.part(target, source)
    if found is not None and not (found.note.is_drawing and not part):
        return Target(Shows.NOTE, "", file, part=found)
    if found is None and not file.name.lower().endswith(f"{DRAWING}.md"):
        return _nowhere(target)
    return _drawing(links, file, name, source)


def _nowhere(target: str) -> Target:
    reference = REFERENCE.match(target)
    what = f"the block reference {reference[0]}" if reference else f"[[{target}]]"
    return Target(Shows.NAME, "", None, DEAD_LINK, f"{what} leads nowhere")


def medium(links: Links, name: str, source: str) -> Target:
    """Return the picture or sound that `name` leads to in the note at `source`."""
    file = links.find(name, source)
    if file is None:
        return Target(Shows.NAME, "", None, MISSING_FILE, f"there is no file “{name}” in the vault")
    stored = links.stored(file)
    if stored is None:
        return Target(Shows.NAME, "", file, MISSING_FILE, f"“{name}” {links.why_not_stored(file)}")
    shows = Shows.SOUND if file.suffix.lower() in SOUNDS else Shows.PICTURE
    if links.differs_in_case(name, file):
        message = f"“{name}” is “{file.name}” in the vault; other programs may not find it"
        return Target(shows, stored, file, "media-case", message)
    return Target(shows, stored, file)


def _drawing(links: Links, file: Path, name: str, source: str) -> Target:
    """Return the picture that stands beside a drawing of Excalidraw."""
    folder, stem = name.rpartition("/")[0], note_stem(file.name)
    for base in dict.fromkeys((stem, stem.removesuffix(DRAWING))):
        for ending in _DRAWINGS:
            picture = links.find(f"{folder}/{base}{ending}" if folder else base + ending, source)
            stored = links.stored(picture) if picture is not None else None
            if picture is not None and stored is not None:
                return Target(Shows.PICTURE, stored, picture)
    message = f"the drawing “{name}” has no picture beside it; switch on Auto-export in Excalidraw's settings"
    return Target(Shows.LINK, "", file, "not-shown", message)
