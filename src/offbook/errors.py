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
    """How much a problem matters."""

    FAULT = "fault"
    """Something had to be left out: the run ends with status 1."""
    WARNING = "warning"
    """Everything was exported, but perhaps not as you meant it."""
    NOTE = "note"
    """Worth knowing."""


class Problem(Struct, frozen=True, order=True, array_like=True, gc=False):
    """Something in the notes that the user should know."""

    location: Location
    code: str
    """A short stable name such as `front-matter`, for `check --json` and for searching the manual."""
    message: str
    """What was found and how to mend it, in one line."""
    severity: Severity = Severity.FAULT
    other: Location = Location("")
    """Another place that the message ends in, if there is one."""

    def told(self, shown: Callable[[Location], str] = str) -> str:
        """Return the message with the place that it ends in, as `shown` has that."""
        return f"{self.message} {shown(self.other)}" if self.other.path else self.message

    def __str__(self) -> str:
        return f"{self.location}: {self.told()}"


class OffbookError(Exception):
    """The program cannot go on; the message tells the user what to do."""

    exit_code = 3


class UsageError(OffbookError):
    """Wrong usage or settings."""

    exit_code = 2
