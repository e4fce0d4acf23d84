"""What nobody thought of: a report in a file, without the text of the notes, in place of a traceback."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path

from offbook import __version__
from offbook.model import Note


def report(error: BaseException) -> str:
    """Write the report of an exception; return one line that says what happened and what to send."""
    place = _place(error)
    where = f", at {place}" if place else ""
    try:
        handle, name = tempfile.mkstemp(prefix="offbook-report-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as stream:
            stream.write("\n".join(_lines(error, place)) + "\n")
    except OSError as trouble:
        return (
            f"this is a fault of offbook itself ({type(error).__name__}{where}); "
            f"its report could not be written either ({trouble.strerror})"
        )
    return (
        f"this is a fault of offbook itself ({type(error).__name__}{where}); please send its makers the report {name}, "
        "which holds no text of your notes"
    )


def _lines(error: BaseException, place: str) -> Iterator[str]:
    yield f"offbook {__version__}, Python {platform.python_version()}, {platform.platform()}"
    # Values may be names of folders and companies.
    yield f"command: {' '.join(word for word in sys.argv[1:2] + sys.argv[2:] if _says_nothing(word))}"
    yield f"note: {place or '-'}"
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    for link in reversed(chain):
        # The words of an exception may be words of a note, so they stay out.
        yield f"\n{type(link).__module__}.{type(link).__qualname__}"
        for frame in traceback.extract_tb(link.__traceback__):
            yield f"  {_inside(frame.filename)}:{frame.lineno} in {frame.name}"
            yield f"    {frame.line}"


def _says_nothing(word: str) -> bool:
    from offbook.cli import COMMANDS

    return word in COMMANDS or (word.startswith("-") and "=" not in word)


def _inside(file: str) -> str:
    """Return a module's path without the folders of the user's that lead to it."""
    roots = [str(Path(root)) + os.sep for root in sys.path if root and file.startswith(str(Path(root)) + os.sep)]
    return file.removeprefix(max(roots, key=len, default=""))


def _place(error: BaseException) -> str:
    """Return the path of the note that was worked on, so that it can be left out until offbook is mended."""
    notes = [
        value.path
        for frame, _ in traceback.walk_tb(error.__traceback__)
        for value in frame.f_locals.values()
        if isinstance(value, Note)
    ]
    return notes[-1] if notes else ""
