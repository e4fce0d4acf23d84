"""What the tests share: a small workspace, the command line, and a real Anki collection."""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from anki.collection import Collection
from anki.import_export_pb2 import ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.notes import Note
from click.testing import CliRunner, Result
from hypothesis import settings

from offbook.anki import connect
from offbook.cli import cli
from offbook.media import Media
from offbook.memo import FOLDER_VARIABLE
from offbook.settings import Settings
from offbook.sources.links import Library
from offbook.sources.vault import Vault

if TYPE_CHECKING:
    from browsing import Tabs
    from playwright.sync_api import Browser

# Tests start hundreds of processes: what the first one compiles is kept for the others, whatever the shell says of it.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# As the program does: most of what the tests import lives to their end.
gc.set_threshold(500_000, 20, 20)

# It is about noon where the tests run: Anki's day, which turns at four, and the calendar's do not turn during a test.
os.environ["TZ"] = f"NOON{time.gmtime().tm_hour - 12:+d}"
if sys.platform != "win32":
    time.tzset()

# New examples are looked for at the desk; a check of a change repeats the same ones.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(scope="module", autouse=True)
def _cache_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the tests out of the user's own cache; one for each file, for every run looks at all that is in it."""
    os.environ[FOLDER_VARIABLE] = str(tmp_path_factory.mktemp("cache"))


def library_of(folder: Path) -> Library:
    """Return the library of a vault that a folder is."""
    vault = Vault(folder, Settings(folder=folder))
    return Library(vault, Media(vault.open))


@pytest.fixture(scope="session", autouse=True)
def _no_anki() -> None:
    """Keep the tests away from an Anki that is open on this computer."""
    connect.URL = "http://127.0.0.1:9"


@dataclass
class Workspace:
    """A folder with `notes` and `decks`, and the command line run on it."""

    root: Path

    @property
    def notes(self) -> Path:
        return self.root / "notes"

    @property
    def decks(self) -> Path:
        return self.root / "decks"

    def write(self, path: str, text: str | bytes) -> Path:
        file = self.notes / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file

    def run(self, *args: str, status: int = 0, typed: str | None = None) -> Result:
        command, *rest = args
        folders = ["--notes", str(self.notes), "--decks", str(self.decks)]
        result = CliRunner().invoke(cli, [command, *folders, *rest], input=typed)
        assert result.exit_code == status, result.output
        assert not (result.exception and not isinstance(result.exception, SystemExit)), result.exception
        return result

    def cards(self, *args: str, status: int = 0) -> list[dict[str, Any]]:
        lines = self.run("cards", "--json", *args, status=status).stdout.splitlines()
        return [json.loads(line) for line in lines]

    def changes(self, *args: str) -> dict[str, str]:
        """Export, and return what became of each question."""
        data = json.loads(self.run("export", "--json", *args).stdout)
        return {change["question"]: change["status"] for change in data["changes"]}


def run(*args: str, status: int = 0, typed: str | None = None) -> Result:
    """Run the command line as it is typed in the current folder."""
    result = CliRunner().invoke(cli, args, input=typed)
    assert result.exit_code == status, result.output
    return result


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "notes").mkdir()
    return Workspace(tmp_path)


@pytest.fixture
def here(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace that is the current folder."""
    monkeypatch.chdir(workspace.root)
    return workspace


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser for all tests of a process."""
    from browsing import chromium

    with chromium() as started:
        yield started


def empty_collection(file: Path) -> None:
    """Write a collection as Anki makes it; made once, for that takes Anki longer than most of what follows."""
    file.write_bytes(_empty_collection())


@cache
def _empty_collection() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "collection.anki2")
        Collection(str(file)).close()
        return file.read_bytes()


@pytest.fixture(scope="session")
def _tabs(browser: Browser) -> Tabs:
    from browsing import Tabs

    return Tabs(browser)


@pytest.fixture
def tabs(_tabs: Tabs) -> Iterator[Tabs]:
    """Pages that are closed or emptied behind the test."""
    yield _tabs
    _tabs.leave()


class Anki:
    """A real collection."""

    def __init__(self, folder: Path) -> None:
        file = folder / "collection.anki2"
        empty_collection(file)
        self.collection = Collection(str(file))

    def import_package(self, file: Path) -> dict[str, int]:
        """Import with Anki's default options; return how many notes were new, updated, duplicate, conflicting."""
        request = ImportAnkiPackageRequest(package_path=str(file), options=ImportAnkiPackageOptions())
        log = self.collection.import_anki_package(request).log
        return {name: len(getattr(log, name)) for name in ("new", "updated", "duplicate", "conflicting")}

    def notes(self, query: str = "") -> list[Note]:
        return [self.collection.get_note(id) for id in self.collection.find_notes(query)]

    def note(self, question: str) -> Note:
        """Return the one note whose first field is `question`."""
        (found,) = [note for note in self.notes() if note.fields[0] == question]
        return found

    def deck_of(self, note: Note) -> str:
        return self.collection.decks.name(note.cards()[0].did)


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Anki]:
    folder = tmp_path / "anki"
    folder.mkdir()
    anki = Anki(folder)
    yield anki
    anki.collection.close()
