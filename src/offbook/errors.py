"""Where something stands in the user's files, what is wrong there, and what stops a run."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct


class Location(Struct, frozen=True, order=True, array_like=True, gc=False):
    """A place in a file of the user's.

    `path` is relative to the notes folder, with `/` on every system; `line` counts from 1, front matter
    included, and 0 means the file as a whole.
    """

    path: str
    line: int = 0

    def __str__(self) -> str:
        path = " ".join(self.path.splitlines())
        return f"{path}:{self.line}" if self.line else path


class Severity(StrEnum):
    """How much a problem matters.

    FAULT: Something had to be left out: the run ends with status 1.
    WARNING: Everything was exported, but perhaps not as the writer meant it.
    NOTE: Worth knowing.
    """

    FAULT = "fault"
    WARNING = "warning"
    NOTE = "note"


class Problem(Struct, frozen=True, order=True, array_like=True, gc=False):
    """Something in the notes that the user should know.

    location: Where it is.
    code: A short stable name such as `front-matter`, for `check --json` and for searching the manual.
    message: What was found and how to fix it, in one line.
    severity: How much it matters.
    other: Another place that the message ends in, if there is one.
    """

    location: Location
    code: str
    message: str
    severity: Severity = Severity.FAULT
    other: Location = Location("")

    def told(self, shown: Callable[[Location], str] = str) -> str:
        """Return the message with the place that it ends in, as `shown` has that."""
        return f"{self.message} {shown(self.other)}" if self.other.path else self.message

    def __str__(self) -> str:
        return f"{self.location}: {self.told()}"


class OffbookError(Exception):
    """offbook cannot go on; the message says what to do."""

    exit_code = 3


class UsageError(OffbookError):
    """Wrong usage or settings."""

    exit_code = 2
