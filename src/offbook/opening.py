"""Opens the user's files: regular ones, by a path without links, so that what was looked at is what is read."""

from __future__ import annotations

import math
import os
import stat
from contextlib import suppress
from io import BufferedReader
from pathlib import Path

_KINDS = (
    (stat.S_ISDIR, "is a folder"),
    (stat.S_ISFIFO, "is a named pipe"),
    (stat.S_ISSOCK, "is a socket"),
    (stat.S_ISCHR, "is a device"),
    (stat.S_ISBLK, "is a device"),
)
# A pipe is opened without waiting for somebody to write to it, a terminal without making it that of the program.
_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"))
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_FOLDER = getattr(os, "O_DIRECTORY", 0)


class RefusedError(OSError):
    """A file that is there, and is not read; the message ends a sentence about it."""


class TooLargeError(RefusedError):
    """A file of more bytes than are read of one."""

    def __init__(self, size: int, largest: int) -> None:
        super().__init__(f"has {in_mb(size)} MB, more than {in_mb(largest)}")
        self.size = size
        """Bytes."""


def opened(file: Path, root: Path, largest: int) -> BufferedReader:
    """Open a file of at most `largest` bytes for reading; `root` is the folder that it has to lie in, without links.

    Links are resolved first, and the path that they lead to is then opened folder by folder, following none: a link
    that is put there in between is not followed. Raises RefusedError for what lies elsewhere or is no regular file,
    TooLargeError, OSError.
    """
    _refuse(os.stat(file), largest)  # noqa: PTH116 - before it is opened: to open a device may do something
    real = Path(os.path.realpath(file))
    if not real.is_relative_to(root):
        raise RefusedError("lies outside of the vault")
    stream = os.fdopen(_descriptor(real, root), "rb")
    try:
        _refuse(os.fstat(stream.fileno()), largest)
    except RefusedError:
        stream.close()
        raise
    return stream


def read(file: Path, root: Path, largest: int) -> bytes:
    """Read a file as `opened` opens it. Raises TooLargeError also where it grows meanwhile."""
    with opened(file, root, largest) as stream:
        data = stream.read(largest + 1)
    if len(data) > largest:
        raise TooLargeError(len(data), largest)
    return data


def _refuse(state: os.stat_result, largest: int) -> None:
    kind = next((words for is_kind, words in _KINDS if is_kind(state.st_mode)), "")
    if kind:
        raise RefusedError(f"{kind}, not a regular file")
    if state.st_size > largest:
        raise TooLargeError(state.st_size, largest)


def in_mb(size: int) -> str:
    """Return a number of bytes in megabytes, the last digit rounded up."""
    return f"{math.ceil(size / 100_000) / 10:,g}"


def _descriptor(real: Path, root: Path) -> int:
    *folders, name = real.relative_to(root).parts
    if os.open not in os.supports_dir_fd:  # Windows, where to make a link takes an administrator
        return os.open(real, _FLAGS)
    place = os.open(root, _FLAGS | _FOLDER)
    try:
        for folder in folders:
            inner = os.open(folder, _FLAGS | _FOLDER | _NO_LINK, dir_fd=place)
            os.close(place)
            place = inner
        return os.open(name, _FLAGS | _NO_LINK, dir_fd=place)
    finally:
        with suppress(OSError):
            os.close(place)
