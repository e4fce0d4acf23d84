"""The settings for a notes folder, of which its folders' names and Obsidian's settings say some."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from offbook.companies import holds_companies
from offbook.config import load_settings
from offbook.errors import OffbookError
from offbook.model import READABLE
from offbook.settings import ALL_ELSE, Settings
from offbook.sources.obsidian import flashcard_tags
from offbook.sources.vault import ignored_by, notes_below, root_of
from offbook.text import without_id


def settings_of(notes: Path) -> Settings:
    """Return the settings for a notes folder.

    Where they name no `companies`, what is in a folder that is called "Companies" is those, and all else serves them.
    Where they name no `flashcard_tags`, those of the plugin Spaced Repetition are taken.
    Raises UsageError for what is wrong with the settings file, OffbookError where the folder cannot be looked into.
    """
    settings = load_settings(notes)
    if not settings.flashcard_tags:
        settings = replace(settings, flashcard_tags=flashcard_tags(root_of(notes, settings)))
    called = () if settings.companies else sorted({*_called_so(notes, settings)})
    if not called:
        return settings
    patterns = tuple(f"{without_id(folder)}/*" for folder in called)
    return replace(settings, companies=patterns, shared=(*settings.shared, ALL_ELSE))


def _called_so(notes: Path, settings: Settings) -> Iterator[str]:
    """Yield the folders with notes right below the notes folder that are called so; in a graph, the namespaces."""

    def is_read(file: Path) -> bool:
        return ignored_by(file.relative_to(notes).as_posix(), settings.ignore) is None

    if settings.graph is None:
        folders = (folder for folder in _folders(notes) if holds_companies(folder.name))
        return (folder.name for folder in folders if any(map(is_read, notes_below(folder, READABLE))))
    pages = (settings.graph.names(file.relative_to(notes).as_posix()) for file in notes_below(notes))
    return (names[0] for names in pages if len(names) > 1 and holds_companies(names[0]))


def _folders(notes: Path) -> list[Path]:
    try:
        return [folder for folder in notes.iterdir() if not folder.name.startswith(".") and folder.is_dir()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise OffbookError(f"cannot look into {str(notes)!r} ({error.strerror}); check its permissions") from error
