"""Two computers whose collections sync, by Anki's own server, export one new card before their ledgers meet."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import Anki, Workspace

FIRST = "## What is a mutex?\nA lock with an owner.\n"
NEW = "\n## What is a lease?\nA lock that ends.\n\nRaft has a ==leader== and ==terms==. #cloze\n"
_PATIENCE = 20.0  # seconds


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a sync server that only this computer reaches."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = {
        "SYNC_USER1": "user:word", "SYNC_HOST": "127.0.0.1", "SYNC_PORT": str(port), "SYNC_BASE": str(tmp_path / "all"),
        "RUST_LOG": "error",
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, "-m", "anki.syncserver"], env={**os.environ, **said})
    url = f"http://127.0.0.1:{port}/"
    try:
        _wait_for(f"{url}health")
        yield url
    finally:
        process.terminate()
        process.wait()


def _wait_for(url: str) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            urllib.request.urlopen(url).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return


def sync(anki: Anki, url: str, *, upload: bool = False) -> None:
    collection = anki.collection
    auth = collection.sync_login("user", "word", url)
    answer = collection.sync_collection(auth, sync_media=False)
    if answer.required != answer.NO_CHANGES:
        collection.close_for_full_sync()
        collection.full_upload_or_download(auth=auth, server_usn=None, upload=upload)
        collection.reopen(after_full_sync=True)


def review(anki: Anki) -> None:
    for number, id in enumerate(anki.collection.find_cards("")):
        card = anki.collection.get_card(id)
        card.type, card.queue, card.ivl, card.due, card.reps = 2, 2, 20 + number, 90 + number, 7  # type: ignore[assignment]
        anki.collection.update_card(card)


def state(anki: Anki) -> dict[str, list[Any]]:
    """Return the cards of each note, by guid and number, in whichever note of that guid they are."""
    found: dict[str, list[Any]] = {}
    for note in anki.notes():
        found.setdefault(note.guid, []).extend((card.ord, card.ivl, card.reps) for card in note.cards())
    return found


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Anki]:
    (tmp_path / "other").mkdir()
    anki = Anki(tmp_path / "other")
    yield anki
    anki.collection.close()


class Shared:
    """Two computers with one collection, and each with a clone of the notes and the ledger."""

    def __init__(self, workspace: Workspace, anki: Anki, other: Anki, server: str) -> None:
        self._server = server
        self._collections = anki, other
        workspace.write("acme/a.md", FIRST)
        workspace.run("export")
        anki.import_package(workspace.decks / "acme.apkg")
        sync(anki, server, upload=True)
        sync(other, server)
        clone = Workspace(workspace.root / "clone")
        for folder in (workspace.notes, workspace.decks):
            shutil.copytree(folder, clone.root / folder.name)
        self.computers = (workspace, anki), (clone, other)

    def sync(self) -> None:
        for collection in self._collections * 2:
            sync(collection, self._server)


@pytest.fixture
def noon() -> float:
    return time.time() // 86_400 * 86_400 + 43_200


@pytest.mark.parametrize("reviewed_first", [True, False])
def test_a_card_that_two_computers_add_on_one_day_is_one_after_they_sync(
    workspace: Workspace,
    anki: Anki,
    other: Anki,
    server: str,
    reviewed_first: bool,
    noon: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = noon
    monkeypatch.setattr("time.time", lambda: clock)
    shared = Shared(workspace, anki, other, server)
    for computer, collection in shared.computers:
        clock += 3_600
        computer.write("acme/a.md", FIRST + NEW)
        computer.run("export")
        collection.import_package(computer.decks / "acme.apkg")
        if (computer is workspace) is reviewed_first:
            review(collection)
            reviewed = state(collection)
    shared.sync()
    assert state(anki) == state(other) == reviewed
    assert len(anki.notes()) == 3
    assert all(time.time() - 86_400 < note.id / 1000 < time.time() + 86_400 for note in anki.notes())


def test_a_card_that_two_computers_add_on_two_days_is_told_of(
    workspace: Workspace, anki: Anki, other: Anki, server: str, noon: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = noon
    monkeypatch.setattr("time.time", lambda: clock)
    shared = Shared(workspace, anki, other, server)
    for computer, collection in shared.computers:
        clock += 86_400
        computer.write("acme/a.md", FIRST + "\n## What is a lease?\nA lock that ends.\n")
        computer.run("export")
        collection.import_package(computer.decks / "acme.apkg")
    shared.sync()
    assert len(anki.notes()) == 3
    file = anki.collection.path
    anki.collection.close()
    said = workspace.run("import", "--collection", file).stdout
    anki.collection.reopen()
    assert "acme/a.md:4: “What is a lease?” is in Anki more than once" in said
    assert "mutex" not in said
