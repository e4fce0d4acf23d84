"""`offbook watch` runs as a process of its own, beside an editor that saves and an Anki that is open."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from ankiconnect import AnkiConnectServer
from conftest import Anki, Workspace

from offbook.package import read_notes

PATIENCE = 60.0  # seconds that a slow machine may take; a watch that does nothing fails after them


class Watch:
    """A running watch, and the lines that it prints."""

    def __init__(self, workspace: Workspace, *args: str) -> None:
        command = [
            sys.executable,
            "-m",
            "offbook",
            "watch",
            "--notes",
            str(workspace.notes),
            "--decks",
            str(workspace.decks),
        ]
        self.process = subprocess.Popen(
            [*command, *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
            env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        self.lines: queue.Queue[str] = queue.Queue()
        self.seen: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(line)

    def wait_for(self, text: str) -> None:
        while not any(text in line for line in self.seen):
            try:
                self.seen.append(self.lines.get(timeout=PATIENCE))
            except queue.Empty:
                pytest.fail(f"{text!r} was not printed, but {self.seen}")
        self.seen.clear()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


@contextmanager
def watching(workspace: Workspace, *args: str) -> Iterator[Watch]:
    watch = Watch(workspace, *args)
    try:
        yield watch
    finally:
        watch.process.kill()
        watch.process.wait()
        if watch.process.stdout:
            watch.process.stdout.close()


def eventually(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def questions(package: Path) -> set[str]:
    return {note.fields[0] for note in read_notes(package.read_bytes())} if package.exists() else set()


def test_every_save_becomes_a_package_and_ctrl_c_is_clean(workspace: Workspace) -> None:
    note, package = workspace.write("acme.md", "## What is Raft?\nConsensus.\n"), workspace.decks / "acme.apkg"
    with watching(workspace) as watch:
        watch.wait_for("Acme: 1 new")
        note.write_text("## What is Raft?\nConsensus.\n\n## What is a mutex?\nA lock.\n", "utf-8")
        watch.wait_for("Acme: 1 new")
        assert questions(package) == {"What is Raft?", "What is a mutex?"}
        note.unlink()
        workspace.write("zeta/z.md", "## Why Zeta?\nShips.\n")
        watch.wait_for("Acme: 2 retired")
        assert watch.stop() == 0
        watch.wait_for("Stopped.")


def test_faults_are_shown_and_survived(workspace: Workspace) -> None:
    note = workspace.write("acme.md", "## What is Raft?\nConsensus.\n")
    with watching(workspace) as watch:
        watch.wait_for("1 new")
        note.write_text("---\ntags: [\n---\n## What is Raft?\nConsensus.\n", "utf-8")
        watch.wait_for("acme.md:")
        (workspace.notes / "offbook.toml").write_text("dekc = 'x'\n", "utf-8")
        watch.wait_for("error:")
        (workspace.notes / "offbook.toml").unlink()
        note.write_text("## What is Raft?\nA consensus algorithm.\n", "utf-8")
        watch.wait_for("Acme: 1 changed")
        assert watch.stop() == 0


def test_what_is_written_to_a_decks_folder_inside_of_the_notes_starts_no_run(tmp_path: Path) -> None:
    class Inside(Workspace):
        @property
        def decks(self) -> Path:
            return self.notes / "decks"

    workspace = Inside(tmp_path)
    note = workspace.write("acme.md", "## What is Raft?\nConsensus.\n")
    with watching(workspace) as watch:
        watch.wait_for("1 new")
        ledger = workspace.decks / "ledger.jsonl"
        before = ledger.stat().st_mtime_ns
        (workspace.decks / "acme.apkg").write_bytes(b"not a package")
        time.sleep(0.5)  # nothing may happen, so there is nothing to wait for
        assert (workspace.decks / "acme.apkg").read_bytes() == b"not a package"
        note.write_text("## What is Raft?\nA consensus algorithm.\n", "utf-8")
        watch.wait_for("Acme: 1 changed")
        assert ledger.stat().st_mtime_ns > before


def test_each_change_goes_straight_into_an_open_anki(workspace: Workspace, anki: Anki) -> None:
    note = workspace.write("acme.md", "## What is Raft?\nConsensus.\n")
    with (
        AnkiConnectServer(anki.collection).running() as server,
        watching(workspace, "--import", "--url", server.url) as watch,
    ):
        watch.wait_for("Acme: 1 added")
        note.write_text("## What is Raft?\nA consensus algorithm.\n", "utf-8")
        watch.wait_for("Acme: 1 updated")
        assert watch.stop() == 0
    assert [n["Answer"] for n in anki.notes()] == ["<p>A consensus algorithm.</p>"]


def test_what_changes_while_an_answer_is_on_the_screen_arrives_once_it_is_graded(
    workspace: Workspace, anki: Anki
) -> None:
    note = workspace.write("acme.md", "## What is Raft?\nConsensus.\n")
    with (
        AnkiConnectServer(anki.collection).running() as server,
        watching(workspace, "--import", "--url", server.url) as watch,
    ):
        watch.wait_for("Acme: 1 added")
        server.on_screen = ["answer", "answer", "question"]
        note.write_text("## What is Raft?\nA consensus algorithm.\n", "utf-8")
        watch.wait_for("Anki shows an answer; what changed arrives as soon as you grade it.")
        watch.wait_for("Acme: 1 updated")
        assert watch.stop() == 0
    assert [n["Answer"] for n in anki.notes()] == ["<p>A consensus algorithm.</p>"]


def test_a_closed_anki_is_told_and_the_packages_are_written(workspace: Workspace) -> None:
    note = workspace.write("acme.md", "## What is Raft?\nConsensus.\n")
    with watching(workspace, "--import", "--url", "http://127.0.0.1:9") as watch:
        watch.wait_for("nothing answers at")
        note.write_text("## What is a mutex?\nA lock.\n", "utf-8")
        watch.wait_for("nothing answers at")
        assert "What is a mutex?" in questions(workspace.decks / "acme.apkg")
        assert watch.stop() == 0


def test_a_watch_deletes_nothing(workspace: Workspace) -> None:
    assert "offbook watch deletes nothing" in workspace.run("watch", "--retired", "delete", status=2).stderr
