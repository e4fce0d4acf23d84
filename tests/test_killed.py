"""Imports and watches are killed at random moments, while notes are written anew: nothing is lost or there twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from anki.collection import Collection
from conftest import Workspace, empty_collection, run
from faults import Outcome, Request, Server

from offbook import ledger

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="runs are forks")

NOW = 1_700_000_000.0
CARDS = 12
_PATIENCE = 60.0  # seconds


def note(number: int) -> str:
    """Return the note after so many edits: most questions stay, one is answered anew, one comes and goes."""
    stays = "".join(f"## What is number {card}?\nThe number {card}.\n\n" for card in range(CARDS))
    return f"{stays}## What is the edit?\nEdit {number}.\n\n" + ("## What comes?\nThis one.\n" if number % 2 else "")


class Desk:
    """Notes, decks and a closed collection of Anki whose cards were studied."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.file = workspace.root / "collection.anki2"
        empty_collection(self.file)
        self.where = ["--notes", str(workspace.notes), "--decks", str(workspace.decks)]
        self.edit(0)
        run("import", *self.where, "--collection", str(self.file))
        with_history = Collection(str(self.file))
        assert with_history.db is not None
        for number, id in enumerate(with_history.find_cards("")):
            with_history.db.execute(
                "update cards set type=2, queue=2, ivl=?, due=90, reps=7 where id=?", 20 + number, id
            )
        with_history.close()
        self.before = self.reviews()
        assert len(self.before) == CARDS + 1

    def edit(self, number: int) -> None:
        self.workspace.write("acme/a.md", note(number))

    def import_(self, server: Server, after: float = 0, now: float = NOW) -> Outcome:
        args = ["import", *self.where, "--collection", str(self.file)]
        return server.run(Request(args, str(self.workspace.root), after=after, now=now))

    def reviews(self) -> dict[str, int]:
        """Return the interval of each studied card, by its question."""
        collection = Collection(str(self.file))
        try:
            cards = [collection.get_card(id) for id in collection.find_cards("")]
            questions = Counter(card.note()["Question"] for card in cards)
            assert set(questions.values()) <= {1}, f"there twice: {questions}"
            return {card.note()["Question"]: card.ivl for card in cards if card.reps}
        finally:
            collection.close()

    def answer(self, question: str) -> str:
        collection = Collection(str(self.file))
        try:
            (id,) = collection.find_notes(f'"Question:*{question}*"')
            return str(collection.get_note(id)["Answer"])
        finally:
            collection.close()


def kill_imports(desk: Desk, times: int) -> None:
    server, chance = Server(), random.Random(times)
    killed, longest, edit = 0, 0.6, 0
    try:
        while killed < times:
            edit += 1
            desk.edit(edit)
            now = NOW + 10 * edit
            if desk.import_(server, chance.uniform(0, longest), now).status == -signal.SIGKILL:
                killed += 1
            else:  # it had ended by then
                longest *= 0.9
            assert desk.reviews() == desk.before, f"edit {edit}"
            outcome = desk.import_(server, now=now + 5)
            assert outcome.status == 0, outcome.output
            assert desk.reviews() == desk.before, f"edit {edit}"
            assert f"Edit {edit}." in desk.answer("What is the edit")
    finally:
        server.close()


def test_an_import_that_is_killed_at_random_moments_is_mended_by_the_next_one(workspace: Workspace) -> None:
    kill_imports(Desk(workspace), 4)


@pytest.mark.long
def test_an_import_that_is_killed_at_three_hundred_random_moments_is_mended_by_the_next_one(
    workspace: Workspace,
) -> None:
    kill_imports(Desk(workspace), 300)


# -- the watch -------------------------------------------------------------------------------------


def watch(workspace: Workspace) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "offbook", "watch", "--notes", str(workspace.notes), "--decks"]
    paths = {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [*command, str(workspace.decks)],
        env=os.environ | paths,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def guids(decks: Path) -> dict[str, str]:
    """Return the guid of each question in the ledger, which has none twice."""
    entries = ledger.load(decks / ledger.FILE_NAME)
    assert len({entry.guid for entry in entries}) == len(entries)
    questions = Counter(entry.question for entry in entries)
    assert set(questions.values()) <= {1}, f"there twice: {questions}"
    return {entry.question: entry.guid for entry in entries}


def kill_watches(workspace: Workspace, times: int) -> None:
    """Kill watches at random moments, two exports beside them, while the notes are written again and again."""
    where = ["--notes", str(workspace.notes), "--decks", str(workspace.decks)]
    workspace.write("acme/a.md", note(1))
    run("export", *where)
    before, chance = guids(workspace.decks), random.Random(times)
    servers = [Server(), Server()]
    done = threading.Event()

    def write() -> None:
        edits = 0
        while not done.wait(0.05):
            edits += 1
            workspace.write("acme/a.md", note(2 * edits + 1))

    def export(server: Server) -> None:
        while not done.is_set():
            after = random.uniform(0.01, 0.4)
            server.run(Request(["export", *where], str(workspace.decks), after=after, now=time.time()))

    threads = [threading.Thread(target=write), *(threading.Thread(target=export, args=[server]) for server in servers)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(times):
            process = watch(workspace)
            time.sleep(chance.uniform(0.1, 1.5))
            process.kill()
            process.wait(_PATIENCE)
            assert guids(workspace.decks) == before
    finally:
        done.set()
        for thread in threads:
            thread.join()
        for server in servers:
            server.close()
    workspace.write("acme/a.md", note(1))
    run("export", *where)
    assert guids(workspace.decks) == before


def test_a_watch_that_is_killed_at_random_moments_loses_nothing(workspace: Workspace) -> None:
    kill_watches(workspace, 3)


@pytest.mark.long
def test_a_watch_that_is_killed_at_three_hundred_random_moments_loses_nothing(workspace: Workspace) -> None:
    kill_watches(workspace, 300)
