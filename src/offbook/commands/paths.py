"""Paths of notes: as they are printed, to be opened at a click, and as every command takes them back."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from offbook.errors import Location
from offbook.model import MARKDOWN
from offbook.sources.vault import Vault

_LINE = re.compile(r":(\d+)(?::\d+)?:?$")  # as compilers and `grep -n` write it


def shown(file: Path) -> str:
    """Return a path relative to the current folder, or absolute where that is shorter."""
    absolute = os.path.abspath(file)  # noqa: PTH100 - without `..`
    with suppress(ValueError):  # another drive
        return min(os.path.relpath(file), absolute, key=len)
    return absolute


def located(place: Location, vault: Vault) -> str:
    """Return a place in a file of the vault, `path:line`, as `shown` has the path."""
    files = (folder / place.path for folder in (vault.notes, vault.root))
    file = next(filter(os.path.lexists, files), None)
    return str(place if file is None else Location(shown(file), place.line))


def found_path(text: str | Path, notes: Path) -> tuple[Path | None, int]:
    """Return the file or folder that a path as `located` prints it leads to, from here or from the notes folder.

    With it goes the line that the path ends in, 0 without one.
    """
    line = _LINE.search(str(text))
    names = {str(text): 0} | ({str(text)[: line.start()]: int(line[1])} if line else {})
    for name, number in names.items():
        for file in (Path(name), notes / name):
            if name and file.exists():
                return file, number
    return None, 0


def as_companies(context: click.Context, _parameter: click.Parameter, wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the companies `wanted`, where a path to a note or folder stands for the companies that it belongs to."""
    from offbook.companies import declared, place_of
    from offbook.config import load_settings
    from offbook.errors import OffbookError, Problem
    from offbook.sources.note import decode_note

    names: list[str] = []
    notes = Path(os.path.abspath(context.params["notes"])) if "notes" in context.params else Path.cwd()  # noqa: PTH100
    for name in wanted:
        is_path = "/" in name or _LINE.sub("", name).lower().endswith(MARKDOWN)
        file = found_path(name, notes)[0] if is_path else None
        path = os.path.relpath(file, notes).replace(os.sep, "/") if file else ".."
        owner = None
        with suppress(OSError, OffbookError):
            if file is not None and not path.startswith(".."):
                settings = load_settings(notes)
                is_page = settings.graph is not None
                note = decode_note(file.read_bytes(), path, of_graph=is_page) if file.is_file() else None
                said = declared(note) if note else None
                inside = path if note else f"{path}/note.md"
                owner = None if isinstance(said, Problem) else said or place_of(inside, settings).target
        names += owner.names if owner else (name,)
    return tuple(names)
