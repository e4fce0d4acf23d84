"""What the commands have in common: options, how faults are shown, exit statuses."""

from __future__ import annotations

import functools
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

import click

from offbook.errors import OffbookError, Problem, Severity

Item = TypeVar("Item")
Command = TypeVar("Command", bound=Callable[..., Any])

DONE, FAULTS, USAGE, FAILED = range(4)
"""Exit statuses: done; faults in the notes; wrong usage or settings; could not do it."""

_UNSEEN_SECONDS = 1.0
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

notes_option = click.option(
    "--notes",
    type=click.Path(path_type=Path),
    default=Path("notes"),
    show_default=True,
    help="The folder with your notes.",
)
decks_option = click.option(
    "--decks",
    type=click.Path(path_type=Path),
    default=Path("decks"),
    show_default=True,
    help="The folder for packages and ledger.",
)
no_cache_option = click.option("--no-cache", is_flag=True, help="Work everything out anew; keep nothing.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")


def reports_errors(command: Command) -> Command:
    """Turn the program's own exceptions into a message on standard error and the exit status they name."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except OffbookError as error:
            say(f"error: {error}", fg="red")
            raise SystemExit(error.exit_code) from None
        except BrokenPipeError:
            # Whoever reads has seen enough (`offbook cards | head`); nothing more may be flushed at exit.
            sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115
            raise SystemExit(DONE) from None
        except OSError as error:
            say(f"error: {error.filename or ''}: {error.strerror or error}", fg="red")
            raise SystemExit(FAILED) from None

    return run  # type: ignore[return-value]


def progress(items: Iterable[Item], length: int, label: str) -> Iterator[Item]:
    """Yield the items, and show how far they are used up once that has taken a second; in a terminal only."""
    with ExitStack() as stack:
        bar = None
        silent = "NO_COLOR" in os.environ or not sys.stderr.isatty()
        start = time.monotonic()
        for done, item in enumerate(items):
            if bar is None and not silent and time.monotonic() - start > _UNSEEN_SECONDS:
                bar = stack.enter_context(click.progressbar(length=length, label=label, file=sys.stderr))
                bar.update(done)
            yield item
            if bar is not None:
                bar.update(1)


def say(message: str, **style: Any) -> None:
    """Print to standard error; colours only where it is a terminal."""
    click.secho(safe(message), err=True, **style)


def show_problems(problems: Iterable[Problem]) -> None:
    """Print problems, each once, in the order of the notes."""
    colours = {Severity.FAULT: "red", Severity.WARNING: "yellow", Severity.NOTE: None}
    for problem in sorted(set(problems)):
        say(str(problem), fg=colours[problem.severity])


def problem_data(problem: Problem) -> dict[str, Any]:
    """Return what `--json` prints of a problem."""
    return {
        "path": problem.location.path,
        "line": problem.location.line,
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
    }


def safe(text: str) -> str:
    """Return text without control characters: a note must not be able to steer the terminal."""
    return _CONTROL.sub("�", text)


def one_line(text: str, width: int = 100) -> str:
    """Return text on one line, cut to `width` characters."""
    text = safe(" ".join(text.split()))
    return text if len(text) <= width else text[: width - 1] + "…"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 card`, `2 cards`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
