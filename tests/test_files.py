"""Which files are read, and how they are written: regular ones, of bounded size, that lie in the vault."""

from __future__ import annotations

import os
import re
import socket
import stat
import sys
import threading
from pathlib import Path

import pytest
from conftest import Workspace

from offbook import files
from offbook.errors import OffbookError
from offbook.opening import RefusedError, TooLargeError, opened, read

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes, sockets and links are POSIX's")

QUESTION = "## What is X?\n"


# -- what is no note -------------------------------------------------------------------------------


def make_pipe(file: Path) -> None:
    os.mkfifo(file)


def make_socket(file: Path) -> None:
    where = os.open(file.parent, os.O_RDONLY)  # by a short path: a socket's address has a hundred bytes
    here = os.open(".", os.O_RDONLY)
    try:
        os.fchdir(where)
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(file.name)
    finally:
        os.fchdir(here)


@pytest.mark.parametrize(("make", "kind"), [(make_pipe, "is a named pipe"), (make_socket, "is a socket")])
def test_what_is_no_regular_file_is_no_note_and_no_picture(workspace: Workspace, make: object, kind: str) -> None:
    folder = workspace.write("acme/a.md", QUESTION + "![[pic.png]]\n").parent
    assert callable(make)
    make(folder / "b.md")
    make(folder / "pic.png")
    for command in ("export", "check", "preview"):
        result = workspace.run(command, status=1)
        said = result.stderr + result.stdout
        assert re.search(f"acme/b.md: (unreadable )?{kind}, not a regular file; move it away", said)
    assert f"“pic.png” {kind}, not a regular file" in workspace.run("export", status=1).stderr


def test_a_device_is_no_note(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="is a device"):
        opened(Path("/dev/zero"), Path("/"), 100)


@pytest.mark.parametrize(("size", "shown"), [(10_000_001, "10.1"), (3_000_000_000, "3,000")])
def test_a_note_that_is_too_large_is_named_and_not_read(workspace: Workspace, size: int, shown: str) -> None:
    workspace.write("acme/a.md", QUESTION + "Y.\n")
    with workspace.write("acme/huge.md", b"").open("r+b") as file:
        file.truncate(size)
    stderr = workspace.run("export", status=1).stderr
    assert f"acme/huge.md: has {shown} MB, more than 10; split the note" in stderr
    assert {card["question"] for card in workspace.cards(status=1)} == {"What is X?"}


def test_the_size_of_the_largest_note_is_a_setting(workspace: Workspace) -> None:
    workspace.write("acme/large.md", QUESTION + "Words of an answer. " * 60_000)
    (workspace.root / "offbook.toml").write_text("largest_note = 1\n", "utf-8")
    assert "has 1.3 MB, more than 1;" in workspace.run("export", status=1).stderr
    (workspace.root / "offbook.toml").write_text("largest_note = 2\n", "utf-8")
    workspace.run("export")


@pytest.mark.parametrize("unit", ["#\n", "- a\n", "| a ", "- - - - a\n\n"])
def test_a_note_of_more_blocks_than_its_length_allows_is_a_fault(workspace: Workspace, unit: str) -> None:
    workspace.write("acme/a.md", QUESTION + unit * 30_000)
    stderr = workspace.run("export", status=1).stderr
    assert re.search(
        r"acme/a\.md: has some \d+,\d{3} lines and cells, and a note as long as this one may have [23]", stderr
    )


def test_a_long_note_of_common_lines_may_have_any_number_of_them(workspace: Workspace) -> None:
    workspace.write("acme/a.md", QUESTION + "Some words of prose that say nothing in particular, and end.\n" * 30_000)
    workspace.run("export")


# -- files that change under us --------------------------------------------------------------------


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "pic.png").write_bytes(b"secret")
    (tmp_path / "vault" / "folder").mkdir(parents=True)
    (tmp_path / "vault" / "folder" / "pic.png").write_bytes(b"picture")
    return tmp_path / "vault"


def test_a_link_within_the_vault_is_followed_and_one_out_of_it_is_not(vault: Path) -> None:
    (vault / "inside.png").symlink_to(vault / "folder" / "pic.png")
    (vault / "outside.png").symlink_to(vault.parent / "outside" / "pic.png")
    assert read(vault / "inside.png", vault, 100) == b"picture"
    with pytest.raises(RefusedError, match="outside of the vault"):
        read(vault / "outside.png", vault, 100)


@pytest.mark.parametrize("swapped", ["folder", "folder/pic.png"])
def test_a_link_that_is_put_there_between_two_looks_is_not_followed(vault: Path, swapped: str) -> None:
    """In a thousand readings while another program swaps a file, or its folder, for a link and back."""
    place, kept, link = vault / swapped, vault / "kept", vault / "link"
    link.symlink_to(vault.parent / "outside" / ("pic.png" if swapped.endswith("png") else ""))
    done = threading.Event()

    def swap() -> None:
        while not done.is_set():
            place.rename(kept)
            link.rename(place)
            place.rename(link)
            kept.rename(place)

    swapping = threading.Thread(target=swap)
    swapping.start()
    found: set[bytes | str] = set()
    try:
        for count in range(30_000):
            if count > 3000 and b"picture" in found and len(found) > 1:
                break  # on a busy machine one thread may run long before the other does
            try:
                found.add(read(vault / "folder" / "pic.png", vault, 100))
            except OSError as error:
                found.add(type(error).__name__)
    finally:
        done.set()
        swapping.join()
    assert b"secret" not in found
    assert b"picture" in found
    assert len(found) > 1, "no swap was met"


def test_a_file_that_grows_while_it_is_read_is_refused(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = vault / "folder" / "pic.png"
    fstat = os.fstat

    def growing(handle: int) -> os.stat_result:
        state = fstat(handle)
        file.write_bytes(b"x" * 1000)
        return state

    monkeypatch.setattr(os, "fstat", growing)
    with pytest.raises(TooLargeError):
        read(file, vault, 100)


def test_a_picture_that_changes_before_it_is_packed_ends_the_run(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from offbook.render import Renderer

    picture = workspace.write("acme/pic.png", b"one")
    workspace.write("acme/a.md", QUESTION + "![[pic.png]]\n")
    card = Renderer.card

    def changing(self: Renderer, *args: object) -> object:
        rendered = card(self, *args)  # type: ignore[arg-type]
        picture.write_bytes(b"two")
        return rendered

    monkeypatch.setattr(Renderer, "card", changing)
    assert "pic.png' was changed while it was read" in workspace.run("export", "--no-cache", status=3).stderr
    assert not list(workspace.decks.glob("*.apkg"))


# -- writing ---------------------------------------------------------------------------------------


def test_a_file_is_written_by_way_of_one_that_nobody_can_guess(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = []
    replace = Path.replace

    def seen(self: Path, target: Path) -> Path:
        names.append((self.name, stat.S_IMODE(self.stat().st_mode)))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", seen)
    file = tmp_path / "ledger"
    file.write_bytes(b"old")
    file.chmod(0o640)
    for data in (b"one", b"two"):
        files.write(file, data)
    (one, rights), (other, _) = names
    assert one != other
    assert rights == 0o640


def test_a_temporary_file_is_never_one_that_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"untouched")
    monkeypatch.setattr("offbook.files.secrets.token_hex", lambda size: "guessed")
    (tmp_path / ".offbook-guessed.tmp").symlink_to(victim)
    with pytest.raises(OffbookError):
        files.write(tmp_path / "file", b"data")
    assert victim.read_bytes() == b"untouched"


def test_a_link_gives_its_rights_to_no_file(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"")
    target.chmod(0o777)
    link.symlink_to(target)
    files.write(link, b"data")
    assert not link.is_symlink()
    assert stat.S_IMODE(link.stat().st_mode) & 0o111 == 0
