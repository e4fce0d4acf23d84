"""What a run works with: the folders, the settings, the vault, and the memo."""

from __future__ import annotations

import importlib.util
import os
import sys
import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from offbook.config import has_settings
from offbook.conflicts import merged_ledger
from offbook.errors import Problem, UsageError
from offbook.layout import settings_of
from offbook.ledger import Ledger
from offbook.media import Media
from offbook.memo import Codec, Memo, memo_for
from offbook.model import Progress
from offbook.settings import FILE_NAME, Settings
from offbook.sources.links import Library, digest
from offbook.sources.vault import Vault
from offbook.stages import Stages

_MEDIA = Codec("media", str)
_SETTLED = 2.0  # seconds after which a file's times tell of any change


class Project:
    """A notes folder, its vault and settings, and the decks folder."""

    def __init__(
        self,
        notes: Path,
        decks: Path,
        *,
        cached: bool = True,
        progress: Progress | None = None,
        workers: bool = False,
    ) -> None:
        """Look at the folders; raise UsageError where they are none, or the settings are wrong.

        `workers` lets other processes help, each of which imports the main module again.
        """
        if not notes.exists():
            raise UsageError(f"there is no notes folder {str(notes)!r}; {_how_to_name_it()}")
        if not notes.is_dir():
            raise UsageError(f"{str(notes)!r} is not a folder; --notes takes the folder that holds your notes")
        if decks.exists() and not decks.is_dir():
            raise UsageError(f"{str(decks)!r} is not a folder; --decks takes the folder for the packages")
        self._named = notes
        notes = Path(os.path.abspath(notes))  # noqa: PTH100 - without `..`, which a link's target must not lead astray
        self.settings = settings_of(notes)
        self.vault = Vault(notes, self.settings)
        version = _version(self.settings, self.vault.notes, self.vault.root, self.vault.name)
        self.memo = memo_for(self.vault.notes, version) if cached else Memo(None)
        self.library = Library(self.vault, Media(self.vault.open, partial(_media_digest, self.memo)))
        self.stages = Stages(self.library, self.settings, self.memo)
        self.progress = progress
        self.workers = workers
        self.decks = decks

    def shown(self, path: str) -> str:
        """Return a note's path behind the notes folder as it was named, so that it opens from the current folder."""
        return str(self._named / path)

    def ledger(self) -> tuple[Ledger, list[Problem]]:
        """Read the ledger, and what is odd about it; raise LedgerError where it cannot be used."""
        return merged_ledger(self.decks)

    def package(self, slug: str) -> Path:
        """Return the package file of the company with that slug."""
        return self.decks / f"{slug}.apkg"


def _how_to_name_it() -> str:
    if has_settings(Path.cwd()):
        return f"name yours in {FILE_NAME}, or with --notes"
    return f"name yours with --notes, or run `offbook init` where your notes are: it writes {FILE_NAME}, which names it"


def _version(settings: Settings, *more: object) -> bytes:
    """Return what tells this program, with the libraries that it stands on and these settings, from any other."""
    return digest(repr((sys.version, _program(), settings, more)).encode())


@cache
def _program() -> tuple[list[tuple[str, int, int]], list[str]]:
    """Return path, size and time of the program's files, and the installed libraries, as the process first finds them.

    A process that goes on while the program is replaced, such as a watch, runs the old one to its end.
    """
    package = Path(__file__).parent
    files = []
    for folder, folders, names in os.walk(package):
        if "__pycache__" in folders:
            folders.remove("__pycache__")
        for file in (os.path.join(folder, name) for name in names):  # noqa: PTH118
            state = os.stat(file)  # noqa: PTH116
            files.append((file, state.st_size, state.st_mtime_ns))
    markdown_it = importlib.util.find_spec("markdown_it")
    libraries = Path(markdown_it.origin).parent.parent if markdown_it and markdown_it.origin else package.parent
    installed = sorted(name for name in os.listdir(libraries) if name.endswith(".dist-info"))  # noqa: PTH208
    return sorted(files), installed


def _media_digest(memo: Memo, file: Path, make: Callable[[], str]) -> str:
    """Return a file's digest; it is made only where the file may have changed."""
    state = file.stat()
    signature = repr((state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)).encode()
    kept = memo.get(_MEDIA, str(file), signature)
    if kept is not None:
        return kept
    made = make()
    # What was written a moment ago may be written again without a change of its times.
    if max(state.st_mtime, state.st_ctime) < time.time() - _SETTLED:
        memo.put(_MEDIA, str(file), signature, made)
    return made
