"""The notes that `offbook cards` and `offbook check` look at: those at the paths given, or all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from offbook.commands import common
from offbook.commands.paths import found_path, shown
from offbook.companies import choose, slug
from offbook.errors import UsageError
from offbook.model import MARKDOWN
from offbook.pipeline import survey
from offbook.project import Project

paths_argument = click.argument("paths", nargs=-1, metavar="[PATH|COMPANY]...", type=click.Path(path_type=Path))


def chosen_notes(paths: Sequence[Path], notes: Path, decks: Path, *, cached: bool) -> tuple[Project, list[str]]:
    """Return the project, and the paths of its notes that `paths` name: notes, folders with all notes, companies.

    Where one of `paths` is outside of the notes folder, the nearest folder that holds all of them is the project's
    notes folder instead. Without `paths` all notes are returned. Raises UsageError for a path that leads nowhere or
    to a file that is no note.
    """
    if not paths:
        project = common.project(notes, decks, cached=cached)
        return project, project.vault.note_paths()
    places = [(path, found_path(path, notes)) for path in paths]
    files = [_absolute(file) for _, file in places if file is not None]
    for file in files:
        if file.is_file() and file.suffix.lower() not in MARKDOWN:
            raise UsageError(f"{shown(file)!r} is no note; notes end in {' or '.join(MARKDOWN)}")
    names = [str(path) for path, file in places if file is None]
    root = _absolute(notes)
    if not (root.is_dir() and all(path.is_relative_to(root) for path in files)) and not names:
        notes = root = Path(os.path.commonpath([path if path.is_dir() else path.parent for path in files]))
    elif names and not root.is_dir():
        raise UsageError(f"there is no {names[0]!r}")
    project = common.project(notes, decks, cached=cached)
    chosen = _of_companies(project, names)
    all_notes = project.vault.note_paths() if any(path.is_dir() for path in files) else []
    for path in files:
        relative = os.path.relpath(path, root).replace(os.sep, "/")
        if path.is_dir():
            chosen.update(note for note in all_notes if relative == "." or note.startswith(relative + "/"))
        else:
            chosen.add(relative)
    return project, sorted(chosen)


def _of_companies(project: Project, names: Sequence[str]) -> set[str]:
    """Return the paths of the notes of companies; raise UsageError for a name that is neither theirs nor a path."""
    if not names:
        return set()
    found = survey(project)
    for name in names:
        if not found.names.keys() & {slug(name)} and ("/" in name or "." in name):
            raise UsageError(f"there is no {name!r}")
    slugs = set(choose(names, found.names, gone=found.gone))
    return {source.path for source in found.sources if not slugs.isdisjoint(source.target.slugs)}


def _absolute(path: Path) -> Path:
    """Return the absolute path without `..`, but with its links: one may lead out of the vault."""
    return Path(os.path.normpath(path.absolute()))
