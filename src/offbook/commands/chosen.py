"""The notes that `offbook cards` and `offbook check` look at: those at the paths given, or all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from offbook.commands import common
from offbook.errors import UsageError
from offbook.model import MARKDOWN
from offbook.project import Project

paths_argument = click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))


def chosen_notes(paths: Sequence[Path], notes: Path, decks: Path, *, cached: bool) -> tuple[Project, list[str]]:
    """Return the project, and the paths of its notes that `paths` name: notes, and folders with all notes in them.

    Where one of `paths` is outside of the notes folder, the nearest folder that holds all of them is the project's
    notes folder instead. Without `paths` all notes are returned. Raises UsageError for a path that leads nowhere or
    to a file that is no note.
    """
    if not paths:
        project = common.project(notes, decks, cached=cached)
        return project, project.vault.note_paths()
    for path in paths:
        if not path.exists():
            raise UsageError(f"there is no {str(path)!r}")
        if path.is_file() and path.suffix.lower() not in MARKDOWN:
            raise UsageError(f"{str(path)!r} is no note; notes end in {' or '.join(MARKDOWN)}")
    absolute = [_absolute(path) for path in paths]
    root = _absolute(notes)
    if not (root.is_dir() and all(path.is_relative_to(root) for path in absolute)):
        notes = root = Path(os.path.commonpath([path if path.is_dir() else path.parent for path in absolute]))
    project = common.project(notes, decks, cached=cached)
    all_notes = project.vault.note_paths() if any(path.is_dir() for path in absolute) else []
    chosen: set[str] = set()
    for path in absolute:
        relative = path.relative_to(root).as_posix()
        if path.is_dir():
            chosen.update(note for note in all_notes if relative == "." or note.startswith(relative + "/"))
        else:
            chosen.add(relative)
    return project, sorted(chosen)


def _absolute(path: Path) -> Path:
    """Return the absolute path without `..`, but with its links: one may lead out of the vault."""
    return Path(os.path.normpath(path.absolute()))
