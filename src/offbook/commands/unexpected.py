"""The report of an exception that nobody expected: a file without any text of the notes, instead of a traceback."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path

from offbook import __version__
from offbook.commands import COMMANDS
from offbook.model import Note


def report(error: BaseException) -> str:
    """Write the report of an exception to a temporary file; return the line that tells the user of it."""
    path = _note_path(error)
    where = f", at {path}" if path else ""
    try:
        handle, name = tempfile.mkstemp(prefix="offbook-report-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as stream:
            stream.write("\n".join(_lines(error, path)) + "\n")
    except OSError as failure:
        return (
            f"this is a bug in offbook ({type(error).__name__}{where}); "
            f"its report could not be written either ({failure.strerror})"
        )
    return (
        f"this is a bug in offbook ({type(error).__name__}{where}); please send its makers the report {name}, "
        "which holds no text of your notes"
    )


def _lines(error: BaseException, path: str) -> Iterator[str]:
    yield f"offbook {__version__}, Python {platform.python_version()}, {platform.platform()}"
    yield f"command: {' '.join(word for word in sys.argv[1:] if _is_ours(word))}"
    yield f"note: {path or '-'}"
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    for exception in reversed(chain):
        # The message of an exception may quote a note, so it stays out.
        yield f"\n{type(exception).__module__}.{type(exception).__qualname__}"
        for frame in traceback.extract_tb(exception.__traceback__):
            yield f"  {_relative(frame.filename)}:{frame.lineno} in {frame.name}"
            yield f"    {frame.line}"


def _is_ours(word: str) -> bool:
    """Whether a word of the command line is a command or an option; any other may name a folder or a company."""
    return word in COMMANDS or (word.startswith("-") and "=" not in word)


def _relative(file: str) -> str:
    """Return a module's path relative to the folder that Python found it in: the folders above are the user's."""
    roots = [str(Path(root)) + os.sep for root in sys.path if root and file.startswith(str(Path(root)) + os.sep)]
    return file.removeprefix(max(roots, key=len, default=""))


def _note_path(error: BaseException) -> str:
    """Return the path of the note that was worked on, or nothing; the user can leave it out until offbook is mended."""
    paths = [
        value.path
        for frame, _ in traceback.walk_tb(error.__traceback__)
        for value in frame.f_locals.values()
        if isinstance(value, Note)
    ]
    return paths[-1] if paths else ""
