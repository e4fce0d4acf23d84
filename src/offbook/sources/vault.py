"""Finds notes and attachments, and what Obsidian's links lead to. Reads nothing outside of the vault."""

from __future__ import annotations

import fnmatch
import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from io import BufferedReader
from pathlib import Path
from urllib.parse import unquote

from offbook.errors import Location, Problem, Severity, UsageError
from offbook.graph import ASSETS, OWN_FOLDER, is_graph
from offbook.model import MARKDOWN, READABLE, TEXT, note_stem
from offbook.naming import naming
from offbook.opening import opened, read
from offbook.settings import FILE_NAME, Settings
from offbook.sources.obsidian import FOLDER as OBSIDIAN
from offbook.sources.obsidian import template_folders
from offbook.sources.pages import Pages
from offbook.text import fold, without_id, without_order

# `note (conflicted copy).md`, `note (Anna's conflicted copy 2025-01-31).md`, `note.sync-conflict-20250131-101500-A.md`
_CONFLICT_COPY = re.compile(r" ?\([^()/]*\)|\.sync-conflict-\d{8}-\d{6}-\w+")
_DOCUMENTS = frozenset(
    {*TEXT, ".text", ".docx", ".doc", ".odt", ".rtf", ".pages", ".html", ".htm", ".org", ".rst", ".csv"}
)
_NO_NOTE = f"being a text file; `text_files = true` in {FILE_NAME} makes it a note"


class Vault:
    """The user's files: `notes` become cards, the rest of `root` is there to be linked to."""

    def __init__(self, notes: Path, settings: Settings) -> None:
        self.notes = notes.absolute()
        self.root = root_of(self.notes, settings)
        self.endings = READABLE if settings.text_files else MARKDOWN
        """Those of notes, in lower case."""
        self._largest_note = settings.largest_note * 1_000_000  # bytes
        self._real_root = Path(os.path.realpath(self.root))
        self._real_folders: dict[Path, bool] = {}
        self._ignore = settings.ignore
        self._archive = frozenset(map(fold, settings.archive)) or naming("archive")
        own = [settings.folder.absolute() / settings.template] if settings.template else []
        self._templates = {Path(os.path.normpath(place)) for place in (*own, *template_folders(self.root))}
        self.graph = settings.graph
        """The Logseq graph that the notes are pages of, or None."""
        self._hidden = settings.graph.root / OWN_FOLDER if settings.graph else None
        self._files: dict[str, Path] = {}
        self._found: dict[tuple[Path, str], Path | None] = {}
        self.left_out: dict[str, str] = {}
        """The paths of notes that are left out, and by which rule."""
        self.archived: dict[str, str] = {}
        """The paths of notes in the archive, each with the path that it would have outside."""
        self.problems: list[Problem] = []
        """Folders that could not be looked into."""

    @cached_property
    def name(self) -> str:
        """The vault's name in Obsidian's addresses, or nothing where there is no vault."""
        return self.root.name if (self.root / OBSIDIAN).is_dir() else ""

    def note_paths(self) -> list[str]:
        """Return the notes below the notes folder, sorted, relative to it."""
        files = (file for file in self._walk(self.notes, self._unreadable) if file.suffix.lower() in READABLE)
        start = len(self.notes.as_posix().rstrip("/")) + 1
        paths = (file.as_posix()[start:] for file in files)
        self.left_out.clear()
        self.archived.clear()
        self.problems.clear()
        if (graph := self.graph) is not None:
            paths = (path for path in paths if not graph.is_asset(path))
        found = {path for path in paths if self._has_a_name(path) and not self.leaves_out(path)}
        self.left_out |= self._links(found)
        return sorted(path for path in found - self.left_out.keys() if not self._is_conflict_copy(path, found))

    def why_no_note(self, file: Path) -> str:
        """Return why a file is no note by its ending; empty where it is one."""
        if file.suffix.lower() in self.endings:
            return ""
        text = f"; `text_files = true` in {FILE_NAME} takes text files, too" if file.suffix.lower() in TEXT else ""
        return f"notes end in {' or '.join(self.endings)}{text}"

    def documents(self) -> list[str]:
        """Return the files below the notes folder that hold text and are no notes, sorted, relative to it."""
        endings = _DOCUMENTS.difference(self.endings)
        files = (file for file in _walk(self.notes) if file.suffix.lower() in endings)
        paths = (file.relative_to(self.notes).as_posix() for file in files)
        return sorted(path for path in paths if self._ignored(path) is None)

    def _links(self, paths: Collection[str]) -> dict[str, str]:
        """Return those of the `paths` that are symbolic links to a note that is read anyway, each with the rule."""
        links = [path for path in sorted(paths) if os.path.islink(self.notes / path)]  # noqa: PTH114 - a thousand times
        if not links:
            return {}
        folder = os.path.realpath(self.notes)
        notes = {os.path.join(folder, path): path for path in {*paths}.difference(links)}  # noqa: PTH118
        read = {link: notes.setdefault(os.path.realpath(self.notes / link), link) for link in links}
        others = {link: note for link, note in read.items() if link != note}
        return {link: f"it is a symbolic link to {note!r}, which is read" for link, note in others.items()}

    def _is_conflict_copy(self, path: str, paths: Collection[str]) -> bool:
        """Whether a note is a copy that a sync program made of one of the `paths`; that is told."""
        stem, dot, ending = path.rpartition(".")
        part = next((found[0] for found in _CONFLICT_COPY.finditer(stem) if stem.endswith(found[0])), "")
        note = stem.removesuffix(part) + dot + ending if "conflict" in part.lower() else ""
        if note not in paths:
            return False
        message = (
            f"looks like a copy that a sync program made of “{note.rpartition('/')[2]}”; its cards are left out. Merge "
            "what is new into the note, then delete the copy"
        )
        self.problems.append(Problem(Location(path), "note-copy", message, Severity.WARNING))
        return True

    def leaves_out(self, path: str) -> bool:
        """Whether a note is left out by a rule, which `left_out` then has."""
        rule = self._rule(path)
        if rule:
            self.left_out[path] = rule
        return bool(rule)

    def _rule(self, path: str) -> str:
        """Return by which rule a note is left out, or an empty text."""
        pattern = self._ignored(path)
        if pattern is not None:
            return f"the pattern {pattern!r} of `ignore` in {FILE_NAME}"
        if self.graph is not None and self.graph.is_hidden(path):
            return f"`:hidden` in {OWN_FOLDER}/config.edn"
        parts = self.graph.names(path) if self.graph else tuple(path.split("/"))
        inside = next((part for part in parts[:-1] if self._is_archive(part)), None)
        if inside is not None:
            outside = (*(part for part in parts[:-1] if not self._is_archive(part)), note_stem(parts[-1]))
            ending = Path(path).suffix
            self.archived[path] = self.graph.file_of(outside) if self.graph else f"{'/'.join(outside)}{ending}"
            return f"the archive, a {'namespace' if self.graph else 'folder'} {inside!r}"
        file = self.notes / path
        if file.suffix.lower() not in self.endings:
            return _NO_NOTE
        if not self._templates.isdisjoint((file, *file.parents)):
            return "the folder or file of templates"
        return "" if self.holds(file) else f"lying outside of the vault {str(self.root)!r}"

    def _is_archive(self, folder: str) -> bool:
        """Whether a folder is for what is over, also with signs in front that sort it: `_archive`, `99 Archive`.

        Notion's ids are no part of its name.
        """
        name = without_id(folder)
        return fold(name) in self._archive or fold(without_order(name)) in self._archive

    def _has_a_name(self, path: str) -> bool:
        """Whether a path is text; Linux allows names that are in no encoding."""
        shown = path.encode(errors="replace").decode()
        if shown != path:
            self.problems.append(Problem(Location(shown), "unreadable", "the name is not UTF-8; rename the file"))
        return shown == path

    def _unreadable(self, error: OSError) -> None:
        path = os.path.relpath(error.filename, self.notes).replace(os.sep, "/")
        message = f"the folder cannot be read ({error.strerror}); check its permissions"
        self.problems.append(Problem(Location(path), "unreadable", message))

    def _ignored(self, path: str) -> str | None:
        """Return the pattern that leaves a note out, if one does."""
        return ignored_by(path, self._ignore)

    def display(self, file: Path) -> str:
        """Return a file's path as the user is shown it: relative to the notes folder where it lies there."""
        try:
            return file.relative_to(self.notes).as_posix()
        except ValueError:
            return file.relative_to(self.root).as_posix()

    def file(self, path: str) -> Path:
        """Return the note that `display` shows as `path`."""
        if path not in self._files:
            file = self.notes / path
            self._files[path] = file if file.is_file() else self.root / path
        return self._files[path]

    # -- links ---------------------------------------------------------------------------------

    def find(self, target: str, source: str) -> Path | None:
        """Return the file that a link in note `source` leads to, as Obsidian looks for it, or None.

        By path from the vault's root, relative to the note, or by the shortest name anywhere in the vault;
        letter case and Unicode form do not matter.
        """
        target = target.strip().replace("\\", "/")
        key = (self.file(source).parent, target)
        if key not in self._found:
            found = (self._find(wanted, key[0]) for wanted in dict.fromkeys((target, unquote(target))))
            self._found[key] = next(filter(None, found), None) or (self._pages.find(target) if self.graph else None)
        return self._found[key]

    def _find(self, target: str, folder: Path) -> Path | None:
        if not target or "\0" in target or target.startswith(("/", "~")) or "://" in target[:12]:
            target = target.lstrip("/")
            if not target or "\0" in target or "://" in target[:12]:
                return None
        wanted = [target + ".md", target]
        if Path(target).suffix and not _is_dotted_note(target):
            wanted.reverse()  # as likely a file's ending as part of a note's name, as in `Node.js`
        for name in wanted:
            for base in (folder, self.root, self.notes):
                candidate = Path(os.path.normpath(base / name))
                if self.holds(candidate) and os.path.isfile(candidate):  # noqa: PTH113 - a name may be too long for pathlib
                    return candidate
        for name in wanted:
            candidates = self._index.get(fold(Path(name).name), [])
            tail = "/" + fold(os.path.normpath(name)).lstrip("./")
            matches = [file for file in candidates if ("/" + fold(file.as_posix())).endswith(tail)]
            if matches:
                return min(matches, key=lambda file: (len(file.parts), file.as_posix()))
        return None

    def differs_in_case(self, target: str, file: Path) -> bool:
        """Whether a link leads to `file` only because letter case is looked over."""
        wanted = unicodedata.normalize("NFC", unquote(target.strip().replace("\\", "/")))
        parts = [part for part in wanted.split("/") if part not in ("", ".", "..")]
        found = [unicodedata.normalize("NFC", part) for part in file.parts[-len(parts) :]]
        return parts != found and list(map(fold, parts)) == list(map(fold, found))

    @cached_property
    def _index(self) -> dict[str, list[Path]]:
        """All files of the vault by their folded name."""
        index: dict[str, list[Path]] = defaultdict(list)
        for file in self._walk(self.root):
            if self.holds(file):
                index[fold(file.name)].append(file)
        return index

    @cached_property
    def _pages(self) -> Pages:
        return Pages((file for files in self._index.values() for file in files), self.read_note)

    def _walk(self, folder: Path, on_error: Callable[[OSError], None] | None = None) -> Iterator[Path]:
        """Yield the files below a folder but hidden ones, and those that Logseq keeps for itself."""
        return _walk(folder, on_error, self._hidden)

    def read_note(self, file: Path) -> bytes:
        """Read a note; raise RefusedError for what is none of the vault's regular files, TooLargeError, OSError."""
        return read(file, self._real_root, self._largest_note)

    def open(self, file: Path, largest: int) -> BufferedReader:
        """Open a file of at most `largest` bytes for reading; raise RefusedError, TooLargeError, OSError."""
        return opened(file, self._real_root, largest)

    def holds(self, file: Path) -> bool:
        """Whether a file lies in the vault, symbolic links followed."""
        if os.path.islink(file):  # noqa: PTH114 - likewise
            return self._is_real(Path(os.path.realpath(file)))
        folder = file.parent
        if folder not in self._real_folders:
            self._real_folders[folder] = self._is_real(Path(os.path.realpath(folder)))
        return self._real_folders[folder]

    def _is_real(self, file: Path) -> bool:
        return file == self._real_root or self._real_root in file.parents


def _is_dotted_note(target: str) -> bool:
    """Whether what looks like a file's ending is part of a note's name, as in `v1.2 notes`."""
    ending = Path(target).suffix[1:]
    return not (ending.isalnum() and len(ending) <= 5 and not ending.isdigit())


def root_of(notes: Path, settings: Settings) -> Path:
    """Return the folder of the vault that notes are in; raise UsageError where the settings name one that is none."""
    if settings.vault:
        root = (settings.folder / settings.vault).absolute()
        if not root.is_dir():
            raise UsageError(f"the vault {settings.vault!r} of {settings.folder / FILE_NAME} is not a folder")
        return Path(os.path.normpath(root))
    around = settings.graph.root if settings.graph else notes
    return next((folder for folder in (notes, *notes.parents) if (folder / OBSIDIAN).is_dir()), around)


def ignored_by(path: str, patterns: Iterable[str]) -> str | None:
    """Return the pattern of the setting `ignore` that leaves a note out, by its path below the notes, if one does.

    A pattern may name a folder, or a note with or without its ending; without a `/`, wherever it is. Notion's ids are
    no part of names.
    """
    parts = [without_id(part) for part in path.split("/")]
    places = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    places.append(places[-1].rpartition(".")[0] or places[-1])
    return next((pattern for pattern in patterns if _takes_one(without_id(pattern.rstrip("/")), places)), None)


def _takes_one(pattern: str, places: Sequence[str]) -> bool:
    """Whether a pattern takes one of the places, or, without a `/`, the last name of one."""
    names = places if "/" in pattern else [*places, *(place.rpartition("/")[2] for place in places)]
    return any(fnmatch.fnmatch(name, pattern) for name in names)


def notes_below(folder: Path, endings: Collection[str] = MARKDOWN) -> Iterator[Path]:
    """Yield the notes in a folder and below it; hidden files and folders, and those of Logseq's own, are left out."""
    hidden = folder / OWN_FOLDER if is_graph(folder) else None
    files = (file for file in _walk(folder, hidden=hidden) if file.suffix.lower() in endings)
    return (file for file in files if hidden is None or file.relative_to(folder).parts[0] != ASSETS)


def _walk(
    folder: Path, on_error: Callable[[OSError], None] | None = None, hidden: Path | None = None
) -> Iterator[Path]:
    """Yield the files below a folder; hidden files and folders are left out, and so is the folder `hidden`."""
    for where, folders, names in os.walk(folder, onerror=on_error):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if hidden is not None and hidden.parent == Path(where) and hidden.name in folders:
            folders.remove(hidden.name)
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(where, name)


def why_no_notes(vault: Vault) -> str:
    """Say why a vault has no notes, after its `note_paths` were none."""
    notes = str(vault.notes)
    if not vault.left_out:
        return f"there are no notes (*.md) in {notes!r}; name your folder with --notes"
    reasons = [f"{number} by {rule}" for rule, number in Counter(vault.left_out.values()).items()]
    return f"every note in {notes!r} is left out: {', '.join(reasons)}"
