"""Finds the collection of a profile: Anki keeps each in a folder of the profile's name."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from offbook.errors import UsageError

COLLECTION = "collection.anki2"
_FLATPAK = Path(".var/app/net.ankiweb.Anki/data/Anki2")


def collection_of(profile: str) -> Path:
    """Return the file of a profile's collection; raise UsageError, which lists the profiles, where there is none."""
    collections = {file.parent.name: file for base in _bases() for file in sorted(base.glob(f"*/{COLLECTION}"))}
    if profile in collections:
        return collections[profile]
    names = ", ".join(map(repr, collections))
    searched = " and ".join(str(base) for base in _bases())
    raise UsageError(
        f"Anki has no profile {profile!r}; there are {names}"
        if names
        else f"there are no profiles of Anki in {searched}; name the file with --collection"
    )


def _bases() -> list[Path]:
    """Return the folders that may hold profiles: $ANKI_BASE, which Anki obeys, else those that Anki uses."""
    if base := os.environ.get("ANKI_BASE"):
        return [Path(base)]
    usual = platformdirs.user_data_path("Anki2", appauthor=False, roaming=True)
    flatpak = Path.home() / _FLATPAK
    return [usual, flatpak] if flatpak.is_dir() else [usual]
