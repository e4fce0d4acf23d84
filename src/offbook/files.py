"""Writes files so that each is whole at any moment, and locks a folder against other runs."""

from __future__ import annotations

import errno
import os
import secrets
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from offbook.errors import OffbookError

if TYPE_CHECKING:
    import sqlite3

LOCK_NAME = ".offbook.lock"
_HOLDER_NAME = f"{LOCK_NAME}.holder"  # says who holds the lock: SQLite lets nobody read the lock itself meanwhile
_LOCK_SECONDS = 30.0
_LOCK_STEP = 0.1  # seconds
_TELL_AFTER = 1.0  # seconds of waiting
_TEMPORARY = ".offbook-{}.tmp"
_LEFT_BEHIND = 600  # seconds; a temporary file that is older was left by a run that was killed
_BY_HANDLE = os.chmod in os.supports_fd
# How a file system says that it cannot flush a folder; Windows', network and phone file systems cannot.
_NO_FLUSH = {errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM, errno.EISDIR, errno.EBADF, errno.ENOSYS}


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, and remove temporary files that killed runs left in it.

    Raises OffbookError where it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OffbookError(f"cannot make the folder {str(folder)!r}: {error.strerror}") from error
    with suppress(OSError):
        for file in folder.glob(_TEMPORARY.format("*")):
            if time.time() - file.stat().st_mtime > _LEFT_BEHIND:
                file.unlink()


def with_ending(folder: Path, ending: str) -> list[Path]:
    """Return the files of a folder whose names have this ending, sorted; none where there is no such folder.

    Raises OffbookError where the folder cannot be read, which to `Path.glob` would look like an empty one.
    """
    try:
        return sorted(file for file in folder.iterdir() if file.name.endswith(ending))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise OffbookError(f"cannot read the folder {str(folder)!r}: {error.strerror}; nothing was changed") from error


def write(file: Path, data: bytes) -> bool:
    """Write a file; return False, and leave it alone, where it holds these bytes already.

    The bytes reach the disk first, then the file's name, then this returns. So after a power cut no later file is
    there without the earlier one. A symbolic link is replaced, not followed. Raises OffbookError where it fails; the
    old file is then unchanged.
    """
    with suppress(OSError):
        if file.read_bytes() == data:
            return False
    # In the same folder, since a file cannot be renamed into another file system; nobody can guess the name and put a
    # link there, and what is there by chance is left alone.
    temporary = file.with_name(_TEMPORARY.format(secrets.token_hex(8)))
    try:
        with temporary.open("xb") as stream:
            with suppress(FileNotFoundError):
                os.chmod(stream.fileno() if _BY_HANDLE else temporary, _rights(file))  # noqa: PTH101
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    except OSError as error:
        hint = _why_refused(file.parent) if error.errno in (errno.EACCES, errno.EROFS) else ""
        raise OffbookError(
            f"cannot write {str(file)!r}: {error.strerror}{hint}\nWhat was there is unchanged."
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink()
    _flush_names(file.parent)
    return True


def _why_refused(folder: Path) -> str:
    """Return what may keep a file from being written in a folder, as the end of a message."""
    if os.access(folder, os.W_OK):  # Windows keeps a file that is open as it is
        return "; is it open in another program?"
    return f"; the folder {str(folder)!r} may not be written to: check its permissions, or name another with --decks"


def _why_locked_out(folder: Path) -> str:
    """Return why the lock's file cannot be used, as the end of a message: SQLite does not tell, but the system does."""
    try:
        with (folder / LOCK_NAME).open("ab"):
            return ": its file system has no locks; name another folder with --decks"
    except OSError as error:
        return f": {error.strerror}; check its permissions, or name another folder with --decks"


def _rights(file: Path) -> int:
    """Return the permissions of a file that is replaced; raise FileNotFoundError where there is none, or a link."""
    mode = file.lstat().st_mode
    if stat.S_ISLNK(mode):
        raise FileNotFoundError
    return stat.S_IMODE(mode)


def _flush_names(folder: Path) -> None:
    """Flush a folder to the disk, and with it the names of its files, where the file system can do that."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FLUSH:
            raise OffbookError(
                f"the disk did not confirm what was written to {str(folder)!r}: {error.strerror}\n"
                "Check the disk, then run the same command again."
            ) from error
    finally:
        os.close(handle)


class Lock:
    """The lock of a folder, held from the start.

    It is the lock of an empty SQLite database, which the system frees when a run is killed.
    """

    def __init__(self, folder: Path, tell: Callable[[str], None]) -> None:
        """Take the lock; raise what `lock` raises."""
        self._folder = folder
        self._tell = tell
        self._connection = _taken(folder, tell)

    def free(self) -> None:
        """Let other runs have it."""
        with suppress(OSError):
            (self._folder / _HOLDER_NAME).unlink()
        self._connection.close()

    @contextmanager
    def freed(self) -> Iterator[None]:
        """Let other runs have it meanwhile, then take it again; raise what `lock` raises.

        What other runs may have changed in the folder must be looked at anew.
        """
        self.free()
        yield
        self._connection = _taken(self._folder, self._tell)


def _to_nobody(_: str) -> None:
    pass


@contextmanager
def lock(folder: Path, tell: Callable[[str], None] = _to_nobody) -> Iterator[Lock]:
    """Make a folder and hold its lock, so that runs which write there take turns.

    `tell` is called once with a line for the user where another run has to be waited for. Raises OffbookError where
    that run holds the lock for half a minute, or the folder cannot be written to.
    """
    make_folder(folder)
    held = Lock(folder, tell)
    try:
        yield held
    finally:
        held.free()


def _taken(folder: Path, tell: Callable[[str], None]) -> sqlite3.Connection:
    start, told = time.monotonic(), False
    # In short steps, because Ctrl-C has no effect while SQLite waits.
    while (connection := _try_lock(folder, last=time.monotonic() >= start + _LOCK_SECONDS)) is None:
        if not told and time.monotonic() >= start + _TELL_AFTER:
            tell(f"Waiting for another offbook at work on {str(folder)!r}{_holder(folder)}.")
            told = True
    command = " ".join(["offbook", *sys.argv[1:2]])
    with suppress(OSError):
        words = f"process {os.getpid()}, `{command}`, since {time.strftime('%Y-%m-%d %H:%M:%S')}"
        (folder / _HOLDER_NAME).write_text(words, encoding="utf-8")
    return connection


def _holder(folder: Path) -> str:
    """Return who holds the lock, as the end of a message; an empty text where that is not known."""
    with suppress(OSError, UnicodeError):
        return f": {(folder / _HOLDER_NAME).read_text(encoding='utf-8')}"
    return ""


def _try_lock(folder: Path, *, last: bool) -> sqlite3.Connection | None:
    """Return a connection that holds the lock, or None where another run does; on the `last` try that is an error."""
    import sqlite3

    try:
        with ExitStack() as stack:
            database = stack.enter_context(closing(sqlite3.connect(folder / LOCK_NAME, timeout=_LOCK_STEP)))
            database.execute("pragma journal_mode = off")
            database.execute("begin exclusive")
            stack.pop_all()  # the connection stays open, and with it the lock
            return database
    except sqlite3.Error as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise OffbookError(f"cannot write to the folder {str(folder)!r}{_why_locked_out(folder)}") from error
        if last:
            raise OffbookError(
                f"another offbook has been at work on {str(folder)!r} for half a minute{_holder(folder)}\n"
                "Try again when it is done."
            ) from error
        return None
