"""Paths of notes: as they are printed, to be opened at a click, and as every command takes them back."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from offbook.errors import Location, OffbookError, Problem, UsageError
from offbook.model import READABLE, Target
from offbook.sources.vault import Vault

_LINE = re.compile(r":(\d+)(?::\d+)?:?$")  # as compilers and `grep -n` write it


def shown(file: Path) -> str:
    """Return a path relative to the current folder, or absolute where that is shorter."""
    absolute = os.path.abspath(file)  # noqa: PTH100 - without `..`
    with suppress(ValueError):  # another drive
        return min(os.path.relpath(file), absolute, key=len)
    return absolute


def located(place: Location, vault: Vault) -> str:
    """Return a place in a file of the vault, `path:line`, as `shown` has the path; of a note also where it is gone."""
    files = (folder / place.path for folder in (vault.notes, vault.root))
    gone = vault.notes / place.path if place.path.lower().endswith(READABLE) else None
    file = next(filter(os.path.lexists, files), gone)
    return str(place if file is None else Location(shown(file), place.line))


def found_path(text: str | Path, notes: Path) -> tuple[Path | None, int]:
    """Return the file or folder that a path as `located` prints it leads to, from here or from the notes folder.

    With it goes the line that the path ends in, 0 without one. Raises UsageError for a line that is not there.
    """
    line = _LINE.search(str(text))
    names = {str(text): ""} | ({str(text)[: line.start()]: line[1]} if line else {})
    for name, number in names.items():
        for file in (Path(name), notes / name):
            if name and file.exists():
                if number:
                    _check_line(file, int(number))
                return file, int(number or 0)
    return None, 0


def _check_line(file: Path, line: int) -> None:
    """Raise UsageError where there is no such line in a file."""
    if not file.is_file():
        raise UsageError(f"{shown(file)!r} is a folder, which has no line {line}; name a note, or leave out :{line}")
    with file.open("rb") as stream:
        lines = sum(1 for _ in stream)
    if not 0 < line <= lines:
        has = f"its last one is {lines}" if lines else "it is empty"
        raise UsageError(f"there is no line {line} in {shown(file)!r}; {has}")


def as_companies(context: click.Context, _parameter: click.Parameter, wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the companies `wanted`, where a path to a note or folder stands for the companies that it belongs to.

    A line of a note stands for nothing: raises click.UsageError, which says what to write.
    """
    names: list[str] = []
    notes = Path(os.path.abspath(context.params["notes"])) if "notes" in context.params else Path.cwd()  # noqa: PTH100
    for name in wanted:
        is_path = "/" in name or _LINE.sub("", name).lower().endswith(READABLE)
        try:
            file, line = found_path(name, notes) if is_path else (None, 0)
        except UsageError as error:
            raise click.UsageError(str(error), context) from None
        owner = _owner(file, notes) if file else None
        if line:
            command = f"offbook {context.info_name}"
            told = f"{name!r} is a line of a note, and {command} takes companies as a whole"
            raise click.UsageError(f"{told}; write: {command} {_companies_or_note(owner, name)}", context)
        names += owner.names if owner else (name,)
    return tuple(names)


def _owner(file: Path, notes: Path) -> Target | None:
    """Return the companies that a note or folder belongs to; None where none are known."""
    from offbook.companies import declared, place_of
    from offbook.layout import settings_of
    from offbook.sources.note import decode_note

    path = os.path.relpath(file, notes).replace(os.sep, "/")
    if path.startswith(".."):
        return None
    with suppress(OSError, OffbookError):
        settings = settings_of(notes)
        is_page = settings.graph is not None
        note = decode_note(file.read_bytes(), path, of_graph=is_page) if file.is_file() else None
        said = declared(note) if note else None
        inside = path if note else f"{path}/note.md"
        return None if isinstance(said, Problem) else said or place_of(inside, settings).target
    return None


def _companies_or_note(owner: Target | None, name: str) -> str:
    """Return what to write for a line's companies: their names for the command line, else the note."""
    from offbook.companies import slug

    return " ".join(map(slug, owner.names)) if owner and owner.names else _LINE.sub("", name)
