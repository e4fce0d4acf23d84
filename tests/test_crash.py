"""The export is stopped at every operation it makes on the decks folder: nothing is lost, and the next run mends it."""

from __future__ import annotations

import errno
import os
import random
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Workspace
from faults import KILL, Outcome, Request, Server

from offbook import files, ledger
from offbook.model import Entry

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="runs are forks")

LATER = 1_700_000_500.0
TEMPORARY = ".offbook-*.tmp"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


class Story:
    """Notes of three companies that were exported once, then changed in every way; the decks before and after."""

    def __init__(self, workspace: Workspace, server: Server) -> None:
        self.workspace, self.server = workspace, server
        workspace.write(
            "acme/a.md", "## What is X?\nA letter.\n\n## What is gone?\nThis one.\n\n## Reworded how?\nSo.\n"
        )
        workspace.write("zeta/z.md", "## What is Z?\nAnother letter.\n\n## Which moves?\nThe one that moves.\n")
        workspace.write("shared.md", "---\ncompany: all\n---\n## Tell me about yourself.\nI write software.\n")
        self.export(now=1_700_000_000.0)
        self.old = self.decks()
        workspace.write("acme/a.md", "## What is X?\nA letter, the 24th.\n\n## How is it reworded?\nSo.\n")
        workspace.write("zeta/z.md", "## What is Z?\nAnother letter.\n")
        workspace.write("new/n.md", "## What is new?\nAll of it.\n\n## Which moves?\nThe one that moves.\n")
        workspace.write("shared.md", "Nothing is shared any more.\n")
        self.kept = workspace.root / "kept"
        shutil.copytree(workspace.decks, self.kept)
        self.operations = self.export().operations
        self.new = self.decks()
        assert set(self.new) == {"ledger.jsonl", "acme.apkg", "new.apkg", "zeta.apkg"}
        assert all(self.old.get(name) != data for name, data in self.new.items())

    def rewind(self) -> None:
        """Bring back the decks as the change found them."""
        shutil.rmtree(self.workspace.decks)
        shutil.copytree(self.kept, self.workspace.decks)

    def export(self, at: int = 0, fault: str = KILL, after: float = 0, now: float = LATER) -> Outcome:
        args = ["export", "--notes", str(self.workspace.notes), "--decks", str(self.workspace.decks)]
        return self.server.run(Request(args, str(self.workspace.decks), at, fault, after, now))

    def decks(self) -> dict[str, bytes]:
        """Return the files that count."""
        found = self.workspace.decks.iterdir()
        return {file.name: file.read_bytes() for file in found if file.suffix in (".apkg", ".jsonl")}

    def assert_whole(self) -> None:
        """Every file is the old one or the new one, and no package knows more than the ledger."""
        now = self.decks()
        for name, data in now.items():
            assert data in (self.old.get(name), self.new[name]), f"{name} is neither the old nor the new one"
        assert set(self.old) <= set(now)
        if any(now.get(name) == data for name, data in self.new.items() if name.endswith(".apkg")):
            assert now["ledger.jsonl"] == self.new["ledger.jsonl"], "a package is newer than the ledger"

    def assert_mended(self) -> None:
        """The next run makes what an undisturbed one makes, to the byte, and nothing is left of the other."""
        self._age_temporary_files()
        outcome = self.export()
        assert outcome.status == 0, outcome.output
        assert self.decks() == self.new
        assert not list(self.workspace.decks.glob(TEMPORARY))

    def _age_temporary_files(self) -> None:
        for file in self.workspace.decks.glob(TEMPORARY):
            os.utime(file, (LATER - 3600, LATER - 3600))


@pytest.fixture
def story(workspace: Workspace, server: Server) -> Story:
    return Story(workspace, server)


def test_the_export_flushes_and_renames_each_file_ledger_first(story: Story) -> None:
    def positions(operation: str) -> list[int]:
        return [number for number, done in enumerate(story.operations) if done.startswith(operation)]

    assert len(positions("replace")) == len(story.new)
    written = positions("write .offbook-"), positions("fsync .offbook-"), positions("replace")
    for write, flush, rename in zip(*written, strict=True):
        assert write < flush < rename
    flushed = [number for number, done in enumerate(story.operations) if done == f"fsync {story.workspace.decks.name}"]
    assert [rename < flush for rename, flush in zip(positions("replace"), flushed, strict=True)] == [True] * 4


def test_a_kill_at_any_operation_is_mended_by_the_next_run(story: Story) -> None:
    for at in range(1, len(story.operations) + 1):
        story.rewind()
        assert story.export(at).status == -9
        story.assert_whole()
        story.assert_mended()


@pytest.mark.parametrize(
    ("fault", "every"),
    [
        ("ENOSPC", 3),  # of the files' eight or nine operations each, every one is among them at one of the files
        *(pytest.param(fault, 1, marks=pytest.mark.long) for fault in ("ENOSPC", "EIO", "EACCES", "EROFS")),
    ],
)
def test_a_failure_at_any_operation_is_told_and_mended_by_the_next_run(story: Story, fault: str, every: int) -> None:
    failed = 0
    operations = list(enumerate(story.operations, 1))[::every]
    for at, operation in operations:
        story.rewind()
        outcome = story.export(at, fault)
        assert outcome.status in (0, 3), f"{operation}: {outcome.output}"
        assert "Traceback" not in outcome.output, f"{operation}: {outcome.output}"
        if outcome.status == 3:
            failed += 1
            assert outcome.output.startswith("error: "), f"{operation}: {outcome.output}"
            assert str(story.workspace.decks) in outcome.output, f"{operation}: {outcome.output}"
            assert os.strerror(getattr(errno, fault)) in outcome.output
        assert not list(story.workspace.decks.glob(TEMPORARY)) or operation.startswith("unlink")
        story.assert_whole()
        story.assert_mended()
    assert failed > len(operations) // 3


def kill_at_random(story: Story, times: int) -> None:
    chance = random.Random(times)
    killed, longest = 0, 0.15  # seconds
    while killed < times:
        story.rewind()
        if story.export(after=chance.uniform(0, longest)).status == -9:
            killed += 1
        else:  # it had ended by then: this machine is quicker
            longest *= 0.8
        story.assert_whole()
        story.assert_mended()


def test_a_kill_at_a_random_moment_is_mended_by_the_next_run(story: Story) -> None:
    kill_at_random(story, 6)


@pytest.mark.long
def test_a_kill_at_three_hundred_random_moments_is_mended_by_the_next_run(story: Story) -> None:
    kill_at_random(story, 300)


@pytest.mark.long
def test_a_retired_card_keeps_its_text_through_a_kill_at_any_operation(story: Story) -> None:
    """Its text stands in the old package alone, until the ledger has it."""
    for at in range(1, len(story.operations) + 1):
        story.rewind()
        story.export(at)
        story.workspace.write("acme/b.md", f"## What is {at}?\nA number that came between.\n")
        assert story.export(now=LATER + at).status == 0
        entries = ledger.load(story.workspace.decks / ledger.FILE_NAME)
        (gone,) = [entry for entry in entries if entry.question == "What is gone?"]
        assert gone.retired
        assert any("This one." in text for text in gone.kept)
        (shared,) = [entry for entry in entries if entry.question == "Tell me about yourself."]
        assert any("I write software." in text for text in shared.kept)


def test_the_text_of_a_retired_card_is_that_of_the_newest_package(story: Story) -> None:
    """A kill between two packages leaves a shared card's older text in one of them."""
    workspace = story.workspace
    story.rewind()
    workspace.write("shared.md", "---\ncompany: all\n---\n## Tell me about yourself.\nI write other software.\n")
    renamed = [number for number, done in enumerate(story.export().operations, 1) if done.startswith("replace")]
    renames = 0
    for at in renamed:
        story.rewind()
        assert story.export(at + 1).status == -9
        if (workspace.decks / "acme.apkg").read_bytes() != story.old["acme.apkg"]:
            renames += 1
            workspace.write("shared.md", "Nothing is shared any more.\n")
            story.export(now=LATER + 9)
            entries = ledger.load(workspace.decks / ledger.FILE_NAME)
            (shared,) = [entry for entry in entries if entry.question == "Tell me about yourself."]
            assert any("other software" in text for text in shared.kept)
            workspace.write(
                "shared.md", "---\ncompany: all\n---\n## Tell me about yourself.\nI write other software.\n"
            )
    assert renames


# -- the lock --------------------------------------------------------------------------------------


def test_the_lock_of_a_killed_run_is_free(story: Story) -> None:
    story.rewind()
    locked = next(number for number, done in enumerate(story.operations, 1) if done == "open ledger.jsonl")
    assert story.export(locked).status == -9
    assert (story.workspace.decks / files.LOCK_NAME).exists()
    assert story.export().status == 0


def test_a_run_that_waits_too_long_says_for_whom(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    monkeypatch.setattr(files, "_LOCK_SECONDS", 0.1)
    monkeypatch.setattr(files, "_TELL_AFTER", 0.0)
    monkeypatch.setattr(sys, "argv", ["offbook", "watch", "--import"])
    with files.lock(workspace.decks):
        told = workspace.run("export", status=3).stderr
    who = rf"process {os.getpid()}, `offbook watch`, since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d"
    assert re.search(rf"^Waiting for another offbook at work on .*decks': {who}\.$", told, re.MULTILINE)
    assert re.search(rf"^error: another offbook has been at work on .* for half a minute: {who}$", told, re.MULTILINE)


def test_who_held_the_lock_is_known_no_longer_than_it_is_held(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    workspace.run("export")
    with files.lock(workspace.decks) as lock:
        held = {file.name for file in workspace.decks.iterdir()}
        with lock.freed():
            freed = {file.name for file in workspace.decks.iterdir()}
    assert held - freed == {f"{files.LOCK_NAME}.holder"}
    assert freed == {file.name for file in workspace.decks.iterdir()}


def test_exports_and_forgetting_at_once_leave_what_one_after_the_other_does(story: Story) -> None:
    story.rewind()
    servers = [Server() for _ in range(3)]
    where = ["--decks", str(story.workspace.decks)]
    both = ["export", "--notes", str(story.workspace.notes), *where]
    outcomes: list[Outcome] = []

    def go(server: Server, args: list[str]) -> None:
        outcomes.append(server.run(Request(args, str(story.workspace.decks), now=LATER)))

    threads = [
        threading.Thread(target=go, args=(server, args))
        for server, args in zip(servers, (both, ["retired", "--forget", *where], both), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for server in servers:
        server.close()
    assert [outcome.status for outcome in outcomes] == [0, 0, 0]
    assert story.export().status == 0
    questions = {entry.question for entry in ledger.load(story.workspace.decks / ledger.FILE_NAME)}
    assert {"What is X?", "How is it reworded?", "What is Z?", "Which moves?", "What is new?"} <= questions


# -- places ----------------------------------------------------------------------------------------


def test_decks_on_another_file_system(workspace: Workspace) -> None:
    elsewhere = Path("/dev/shm")
    if not elsewhere.is_dir() or elsewhere.stat().st_dev == workspace.root.stat().st_dev:
        pytest.skip("there is no other file system to write to")
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    decks = elsewhere / f"offbook-test-{os.getpid()}"
    try:
        workspace.run("export", "--decks", str(decks))
        assert {file.name for file in decks.iterdir()} == {
            ".gitattributes",
            ".gitignore",
            "acme.apkg",
            "ledger.jsonl",
            files.LOCK_NAME,
        }
    finally:
        shutil.rmtree(decks, ignore_errors=True)


def test_nothing_is_written_but_to_the_decks_folder(story: Story) -> None:
    """So notes in a folder that cannot be written to are as good as any."""
    args = ["export", "--notes", str(story.workspace.notes), "--decks", str(story.workspace.decks)]
    outcome = story.server.run(Request(args, str(story.workspace.notes)))
    assert outcome.status == 0
    assert {operation.split()[0] for operation in outcome.operations} <= {"open", "scandir", "listdir"}
    for at, operation in enumerate(outcome.operations, 1):
        if operation.endswith(".json"):
            continue  # Obsidian's settings say where templates lie; without them there are none
        refused = story.server.run(Request(args, str(story.workspace.notes), at, "EACCES"))
        assert refused.status == (3 if operation == "listdir notes" else 1), operation
        assert "Permission denied" in refused.output
        assert "retired" not in refused.output


def test_permissions_of_a_file_stay(workspace: Workspace) -> None:
    file = workspace.root / "x"
    files.write(file, b"1")
    file.chmod(0o600)
    files.write(file, b"2")
    assert file.stat().st_mode & 0o777 == 0o600


def test_temporary_files_of_dead_runs_are_removed_and_those_of_others_are_not(tmp_path: Path) -> None:
    old, fresh, foreign = (tmp_path / name for name in (".offbook-1.tmp", ".offbook-2.tmp", ".other.tmp"))
    for file in (old, fresh, foreign):
        file.write_bytes(b"x")
    for file in (old, foreign):
        os.utime(file, (1_000_000_000, 1_000_000_000))
    files.make_folder(tmp_path)
    assert not old.exists()
    assert fresh.exists()
    assert foreign.exists()


# -- copies of the ledger --------------------------------------------------------------------------

COPIES = [
    "ledger (conflicted copy).jsonl",
    "ledger (Anna's conflicted copy 2025-01-31).jsonl",
    "ledger.sync-conflict-20250131-101500-ABCDEFG.jsonl",
    "ledger 2.jsonl",
    "ledger-DESKTOP-1234.jsonl",
    "ledger (1).jsonl",
]


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_that_knows_more_is_named_with_what_to_do(workspace: Workspace, name: str) -> None:
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    workspace.run("export")
    other = Entry("00000000000000ab", "a.md", "What is only there?", ("acme",), "D")
    (workspace.decks / name).write_text(ledger.dump([other]), "utf-8")
    stderr = workspace.run("export").stderr
    assert name in stderr
    assert "these were taken: 1 that only it has, such as “What is only there?”. It may be deleted now" in stderr
    assert (workspace.decks / name).exists()
    assert "00000000000000ab" in {entry.guid for entry in ledger.load(workspace.decks / "ledger.jsonl")}
    again = workspace.run("export")
    assert "every card in it is in ledger.jsonl, too. Delete it" in again.stderr
    assert "retired" not in again.stdout


def test_a_copy_that_knows_no_more_is_to_be_deleted(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    workspace.run("export")
    shutil.copy(workspace.decks / "ledger.jsonl", workspace.decks / COPIES[0])
    assert "every card in it is in ledger.jsonl, too. Delete it" in workspace.run("export").stderr


def test_a_copy_that_is_none_is_to_be_moved(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    workspace.run("export")
    (workspace.decks / COPIES[0]).write_bytes(b"\xff\xfe")
    assert "it cannot be read as one. Move it" in workspace.run("export").stderr


# -- packages that are no longer whole -------------------------------------------------------------


def test_a_broken_package_is_made_anew(workspace: Workspace) -> None:
    """A package that another program cut or changed stops no export, whatever its bytes."""
    workspace.write("acme/a.md", "## What is X?\nY.\n\n## What is gone?\nThis one.\n")
    workspace.run("export")
    whole = (workspace.decks / "acme.apkg").read_bytes()
    before = (workspace.decks / "ledger.jsonl").read_bytes()
    chance = random.Random(0)
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    for number in range(40):
        data = bytearray(whole)
        for _ in range(number % 5 + 1):
            data[chance.randrange(len(data))] = chance.randrange(256)
        (workspace.decks / "acme.apkg").write_bytes(data if number % 3 else data[: chance.randrange(len(data))])
        (workspace.decks / "ledger.jsonl").write_bytes(before)
        workspace.run("export")
        assert len(ledger.load(workspace.decks / "ledger.jsonl")) == 2
