"""Writes files so that each is whole at any moment: the old one or the new one."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from offbook.errors import OffbookError

if TYPE_CHECKING:
    import sqlite3

LOCK_NAME = ".offbook.lock"
_LOCK_SECONDS = 30.0
_LOCK_STEP = 0.1  # seconds
_TEMPORARY = ".offbook-{}.tmp"
_LEFT_BEHIND = 600  # seconds; no run takes that long between making a temporary file and renaming it
# How file systems say that they cannot flush a folder: those of Windows, of some networks and phones.
_NO_FLUSH = {errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM, errno.EISDIR, errno.EBADF, errno.ENOSYS}


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, and remove what runs that were killed left behind in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OffbookError(f"cannot make the folder {str(folder)!r}: {error.strerror}") from error
    with suppress(OSError):
        for file in folder.glob(_TEMPORARY.format("*")):
            if time.time() - file.stat().st_mtime > _LEFT_BEHIND:
                file.unlink()


def with_ending(folder: Path, ending: str) -> list[Path]:
    """Return the files of a folder whose names end so, sorted; none where there is no folder.

    Unlike `Path.glob` it raises OffbookError where the folder cannot be read, and does not take it to be empty.
    """
    try:
        return sorted(file for file in folder.iterdir() if file.name.endswith(ending))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise OffbookError(f"cannot read the folder {str(folder)!r}: {error.strerror}; nothing was changed") from error


def write(file: Path, data: bytes) -> bool:
    """Replace a file's bytes; leave it alone and return False where it holds them already.

    The bytes are on the disk before the file's name leads to them, and the name is before this returns: what is
    written later is never there without what was written before. A symbolic link is replaced, not followed.
    """
    with suppress(OSError):
        if file.read_bytes() == data:
            return False
    # Beside the file, as renaming does not go from one file system to another.
    temporary = file.with_name(_TEMPORARY.format(os.getpid()))
    try:
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        with suppress(FileNotFoundError):
            temporary.chmod(stat.S_IMODE(file.stat().st_mode))
        temporary.replace(file)
    except OSError as error:
        hint = "; is it open in another program?" if error.errno == errno.EACCES else ""
        raise OffbookError(
            f"cannot write {str(file)!r}: {error.strerror}{hint}\nWhat was there is unchanged."
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink()
    _flush_names(file.parent)
    return True


def _flush_names(folder: Path) -> None:
    """Put the folder itself on the disk, where the system can."""
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


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Hold the folder's lock: runs that write the same decks take turns. The lock of a run that was killed is free.

    It is SQLite's, on a database that nothing is ever written to.
    """
    make_folder(folder)
    last_try = time.monotonic() + _LOCK_SECONDS
    # Step by step, as SQLite does not listen to the keyboard while it waits.
    while (held := _locked(folder, last=time.monotonic() >= last_try)) is None:
        pass
    with closing(held):
        yield


def _locked(folder: Path, *, last: bool) -> sqlite3.Connection | None:
    """Return the lock, or None where another run has it; raise OffbookError if this was the `last` try."""
    import sqlite3

    try:
        with ExitStack() as stack:
            database = stack.enter_context(closing(sqlite3.connect(folder / LOCK_NAME, timeout=_LOCK_STEP)))
            database.execute("pragma journal_mode = off")
            database.execute("begin exclusive")
            stack.pop_all()
            return database
    except sqlite3.Error as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise OffbookError(
                f"cannot write to the folder {str(folder)!r}: {error}; "
                "check its permissions, or name another with --decks"
            ) from error
        if last:
            raise OffbookError(
                f"another offbook has been writing to {str(folder)!r} for half a minute; try again when it is done"
            ) from error
        return None
