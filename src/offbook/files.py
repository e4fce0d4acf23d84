"""Writes files so that each is whole at any moment: the old one or the new one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from offbook.errors import OffbookError

LOCK_NAME = ".offbook.lock"
_LOCK_SECONDS = 30.0


def make_folder(folder: Path) -> None:
    """Make a folder and those above it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OffbookError(f"cannot make the folder {str(folder)!r}: {error.strerror}") from error


def write(file: Path, data: bytes) -> bool:
    """Replace a file's bytes; leave it alone and return False where it holds them already."""
    with suppress(OSError):
        if file.read_bytes() == data:
            return False
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise OffbookError(f"cannot write {str(file)!r}: {error.strerror}; what was there is unchanged") from error
    return True


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Hold the folder's lock: runs that write the same decks take turns."""
    from filelock import FileLock, Timeout

    make_folder(folder)
    file = folder / LOCK_NAME
    try:
        with FileLock(file, timeout=_LOCK_SECONDS):
            yield
    except Timeout as error:
        raise OffbookError(f"another offbook is writing to {str(folder)!r}; try again when it is done") from error
    except PermissionError as error:
        raise OffbookError(f"cannot write to the folder {str(folder)!r}: {error.strerror}") from error
