"""Which folders of a vault serve every company: those that notes of companies link to, or that are named so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath

from offbook.companies.rounds import names_nobody
from offbook.model import note_stem
from offbook.naming import naming
from offbook.sources.vault import Vault
from offbook.text import fold

_LINK = re.compile(r"\[\[([^\[\]\n|#^]{1,200})")


def serving_all(vault: Vault, interviews: str) -> list[str]:
    """Return the folders beside `interviews`, itself a path in the vault, whose notes likely serve every company.

    The notes of `vault` are all of it. Paths are relative to them, the folders with most links first.
    """
    paths = vault.note_paths()
    beside = {path: folder for path in paths if (folder := _beside(path, interviews))}
    by_stem = {fold(note_stem(PurePosixPath(path).name)): path for path in beside}
    links: dict[str, int] = {}
    for target in _targets(vault, [path for path in paths if path.startswith(f"{interviews}/")]):
        path = by_stem.get(fold(target), "")
        if path and not _is_day(path):
            links[beside[path]] = links.get(beside[path], 0) + 1
    named = {folder for folder in beside.values() if fold(PurePosixPath(folder).name) in naming("shared")}
    return sorted(links.keys() | named, key=lambda folder: (-links.get(folder, 0), folder))


def _beside(path: str, interviews: str) -> str:
    """Return the outermost folder of a note that does not hold the folder `interviews`, nor is in it; else nothing."""
    folders = PurePosixPath(path).parts[:-1]
    around = PurePosixPath(interviews).parts
    if folders[: len(around)] == around:
        return ""
    for count in range(1, len(folders) + 1):
        if folders[:count] != around[:count]:
            return "/".join(folders[:count])
    return ""


def _targets(vault: Vault, paths: list[str]) -> Iterator[str]:
    """Yield the names of the notes that the notes at `paths` link to."""
    for path in paths:
        with suppress(OSError):
            text = vault.read_note(vault.notes / path).decode(errors="ignore")
            yield from (note_stem(match[1].strip().rpartition("/")[2]) for match in _LINK.finditer(text))


def _is_day(path: str) -> bool:
    stem = note_stem(PurePosixPath(path).name)
    return names_nobody(stem) and any(map(str.isdigit, stem))
