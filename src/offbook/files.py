"""Writes files so that each is whole at any moment: the old one or the new one."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from offbook.errors import OffbookError

LOCK_NAME = ".offbook.lock"
_LOCK_SECONDS = 30.0
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
            shutil.copymode(file, temporary)
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
    """Hold the folder's lock: runs that write the same decks take turns. The lock of a run that was killed is free."""
    from filelock import FileLock, Timeout

    make_folder(folder)
    held = FileLock(folder / LOCK_NAME)
    try:
        held.acquire(timeout=_LOCK_SECONDS)
    except Timeout as error:
        raise OffbookError(
            f"another offbook has been writing to {str(folder)!r} for half a minute; try again when it is done"
        ) from error
    except (OSError, NotImplementedError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OffbookError(
            f"cannot write to the folder {str(folder)!r}: {reason}; check its permissions, or name another with --decks"
        ) from error
    try:
        yield
    finally:
        held.release()
