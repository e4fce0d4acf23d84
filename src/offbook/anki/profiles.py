"""Where Anki keeps its profiles."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from offbook.errors import UsageError

COLLECTION = "collection.anki2"
_FLATPAK = Path(".var/app/net.ankiweb.Anki/data/Anki2")


def collection_of(profile: str) -> Path:
    """Return the collection of a profile.

    Raises UsageError, with the profiles that there are, where it is none of them.
    """
    found = {file.parent.name: file for base in _bases() for file in sorted(base.glob(f"*/{COLLECTION}"))}
    if profile in found:
        return found[profile]
    known = ", ".join(repr(name) for name in found)
    searched = " and ".join(str(base) for base in _bases())
    raise UsageError(
        f"Anki has no profile {profile!r}; there are {known}"
        if known
        else f"there are no profiles of Anki in {searched}; name the file with --collection"
    )


def _bases() -> list[Path]:
    """Return the folders that may hold profiles: $ANKI_BASE as in Anki itself, else the usual ones."""
    if base := os.environ.get("ANKI_BASE"):
        return [Path(base)]
    usual = platformdirs.user_data_path("Anki2", appauthor=False, roaming=True)
    flatpak = Path.home() / _FLATPAK
    return [usual, flatpak] if flatpak.is_dir() else [usual]
