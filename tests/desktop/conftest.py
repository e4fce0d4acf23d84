"""One Anki for all cases, emptied before each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Workspace

from desktop.anki import Desktop, desktop, missing, screen


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.desktop)


@pytest.fixture(scope="session")
def _opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    if lacks := missing():
        pytest.fail(f"this computer lacks {', '.join(lacks)}; see CONTRIBUTING.md")
    folder = tmp_path_factory.mktemp("desktop")
    with screen(folder / "screen.log") as display, desktop(folder / "Anki2", display) as anki:
        yield anki


@pytest.fixture
def anki(_opened: Desktop) -> Iterator[Desktop]:
    """An Anki by day, with nothing in it and no window open but the main one. No message of Anki may come up."""
    _opened.empty()
    yield _opened
    assert _opened.messages() == [], _opened.log()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for pictures: the one that OFFBOOK_PICTURES names, else a temporary one."""
    folder = Path(os.environ.get("OFFBOOK_PICTURES") or tmp_path_factory.mktemp("pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def brought(workspace: Workspace, anki: Desktop) -> Brought:
    return Brought(workspace, anki)


class Brought:
    """A workspace whose notes are brought into the Anki."""

    def __init__(self, workspace: Workspace, anki: Desktop) -> None:
        self.workspace, self.anki = workspace, anki

    def __call__(self, path: str, text: str, *options: str) -> str:
        """Write a note and import; return what the command printed."""
        self.workspace.write(path, text)
        return self.workspace.run("import", "--url", self.anki.url, *options).output
