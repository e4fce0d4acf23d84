"""A damaged cache, a damaged package, a full disk, a clock that was never set: no run ends, and no result changes."""

from __future__ import annotations

import os
import random
import sqlite3
from pathlib import Path

import pytest
from conftest import Workspace

from offbook import ledger
from offbook.memo import FOLDER_VARIABLE, Codec, Memo

_TEXT = Codec("stage", str)
_VALUES = {f"name {number}": f"value {number} " * 40 for number in range(60)}


def kept(file: Path) -> Memo:
    """Return a memo in use: it was asked for all values, and those that it did not have were put."""
    memo = Memo(file, b"version")
    memo.fetch(_TEXT)
    for name, value in _VALUES.items():
        assert memo(_TEXT, name, b"key", lambda value=value: value) == value  # type: ignore[misc]
    memo.forget(_TEXT, _VALUES)
    memo.save()
    return memo


def damaged(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 40))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    if chance.random() < 0.5:  # where SQLite keeps what it knows of the file and of each page
        changed[chance.randrange(110)] = chance.randrange(256)
    if chance.random() < 0.2:
        del changed[chance.randrange(len(changed)) :]
    return bytes(changed)


def check_damages(file: Path, times: int) -> None:
    kept(file)
    sound = file.read_bytes()
    chance = random.Random(times)
    for number in range(times):
        file.write_bytes(damaged(sound, chance))
        # A run finds the damage, or brings it to light as it writes, so that the next one finds it.
        kept(file)
        after = kept(file)
        after = after if after.lasting else kept(file)
        assert after.lasting, f"damage {number} is there still: {after.trouble}"


def test_a_cache_is_made_anew_whatever_bytes_were_changed(tmp_path: Path) -> None:
    check_damages(tmp_path / "cache.sqlite", 150)


@pytest.mark.long
def test_a_cache_is_made_anew_after_five_thousand_damages(tmp_path: Path) -> None:
    check_damages(tmp_path / "cache.sqlite", 5000)


@pytest.fixture
def cache(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the cache file of a workspace that was exported."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "cache"))
    workspace.write("acme/a.md", "## What is X?\nA letter.\n")
    workspace.run("export")
    (file,) = (tmp_path / "cache").glob("*.sqlite")
    return file


def test_what_is_wrong_with_the_cache_is_said_where_one_asks(workspace: Workspace, cache: Path) -> None:
    cache.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    said = workspace.run("export", "-v").stderr
    assert f"the cache '{cache}' is not used in this run: it is damaged, and is made anew" in said
    assert workspace.run("export", "-v").stderr == ""


def test_a_cache_that_is_a_folder_is_passed_over(workspace: Workspace, cache: Path) -> None:
    cache.unlink()
    cache.mkdir()
    assert "is not used in this run" in workspace.run("export", "-v").stderr


def test_a_full_disk_keeps_nothing_and_ends_no_run(
    workspace: Workspace, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect

    def full(*args: object, **kwargs: object) -> sqlite3.Connection:
        database = connect(*args, **kwargs)  # type: ignore[call-overload]
        if args[0] == "" or str(args[0]).endswith(".sqlite"):
            database.execute("pragma max_page_count = 8")
        return database  # type: ignore[no-any-return]

    monkeypatch.setattr(sqlite3, "connect", full)
    cache.unlink()
    workspace.write("acme/a.md", "".join(f"## What is {n}?\n{'A number. ' * 90}\n\n" for n in range(90)))
    assert "the disk is full" in workspace.run("export", "-v").stderr
    assert len(workspace.cards()) == 90


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_cache_that_cannot_be_written_is_passed_over(workspace: Workspace, cache: Path) -> None:
    cache.chmod(0o400)
    workspace.write("acme/a.md", "## What is Y?\nA letter.\n")
    workspace.run("export")


# -- packages --------------------------------------------------------------------------------------


def test_three_flips_in_a_package_are_noticed_and_it_is_written_anew(workspace: Workspace, cache: Path) -> None:
    package = workspace.decks / "acme.apkg"
    sound = package.read_bytes()
    chance = random.Random(3)
    for _ in range(20):
        harmed = bytearray(sound)
        for place in chance.sample(range(len(sound)), 3):
            harmed[place] ^= 1 << chance.randrange(8)
        package.write_bytes(harmed)
        assert "acme.apkg written" in workspace.run("export").stdout
        assert package.read_bytes() == sound
    assert "acme.apkg unchanged" in workspace.run("export").stdout


# -- the clock -------------------------------------------------------------------------------------


def test_a_clock_that_was_never_set_is_told_and_reaches_no_package(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.write("acme/a.md", "## What is X?\nA letter.\n")
    monkeypatch.setattr("time.time", lambda: 86_400.0)
    assert "this computer's clock says 1970-01-02; set it" in workspace.run("export").stderr
    (entry,) = ledger.load(workspace.decks / ledger.FILE_NAME)
    assert entry.modified > 946_684_800
    assert entry.added > 946_684_800
    monkeypatch.setattr("time.time", lambda: 1_900_000_000.0)
    workspace.write("acme/a.md", "## What is X?\nThe letter.\n")
    assert "clock" not in workspace.run("export").stderr
    (entry,) = ledger.load(workspace.decks / ledger.FILE_NAME)
    assert entry.modified == 1_900_000_000
