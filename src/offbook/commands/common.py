"""What the commands have in common: options, how faults are shown, exit statuses."""

from __future__ import annotations

import functools
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from offbook.errors import OffbookError, Problem, Severity

Item = TypeVar("Item")
if TYPE_CHECKING:
    from offbook.project import Project

Command = TypeVar("Command", bound=Callable[..., Any])

DONE, FAULTS, USAGE, FAILED = range(4)
"""Exit statuses: done; faults in the notes; wrong usage or settings; could not do it."""
INTERRUPTED = 130
"""The exit status of whatever is stopped from the keyboard."""

_UNSEEN_SECONDS = 1.0
# What steers a terminal, turns the order of what follows round, or ends a line unseen; and halves of characters, from
# file names that are no UTF-8.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]")


def _named_folder(key: str) -> Path:
    from offbook.config import named_folder

    return named_folder(key, Path.cwd())


def _complete_company(context: click.Context, argument: click.Parameter, incomplete: str) -> list[str]:
    """Return the companies that may be meant: those of the ledger, and the folders with notes. No note is read."""
    from offbook import ledger
    from offbook.companies import company_names, slug

    notes = context.params.get("notes") or _named_folder("notes")
    decks = context.params.get("decks") or _named_folder("decks")
    names: set[str] = set()
    with suppress(OffbookError):
        names |= company_names((), ledger.load(decks / ledger.FILE_NAME)).keys()
    with suppress(OSError):
        names |= {slug(folder.name) for folder in notes.iterdir() if folder.is_dir() and folder.name[0] != "."}
    return sorted(name for name in names if name.startswith(incomplete.lower()))


companies_argument = click.argument("companies", nargs=-1, metavar="[COMPANY]...", shell_complete=_complete_company)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Say nothing but what is wrong.")
verbose_option = click.option("-v", "--verbose", is_flag=True, help="Name every card that changes.")
notes_option = click.option(
    "--notes",
    type=click.Path(path_type=Path),
    default=functools.partial(_named_folder, "notes"),
    help="The folder with your notes.  [default: notes, or what offbook.toml names]",
)
decks_option = click.option(
    "--decks",
    type=click.Path(path_type=Path),
    default=functools.partial(_named_folder, "decks"),
    help="The folder for packages and ledger.  [default: decks, or what offbook.toml names]",
)
no_cache_option = click.option("--no-cache", is_flag=True, help="Work everything out anew; keep nothing.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")


def reports_errors(command: Command) -> Command:
    """Turn exceptions of any kind into a message on standard error and an exit status: no traceback is ever shown."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            result = command(*args, **kwargs)
            sys.stdout.flush()
            return result
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except OffbookError as error:
            _fail(str(error), error.exit_code)
        except BrokenPipeError:
            # Whoever reads has seen enough (`offbook cards | head`).
            _print_no_more()
            raise SystemExit(DONE) from None
        except KeyboardInterrupt:
            _fail("interrupted", INTERRUPTED)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            _print_no_more()
            _fail(f"{where}{error.strerror or error}", FAILED)
        except Exception as error:
            from offbook.commands.unexpected import report

            _fail(report(error), FAILED)

    return run  # type: ignore[return-value]


def _fail(message: str, status: int) -> NoReturn:
    say(f"error: {message}", fg="red")
    raise SystemExit(status) from None


def _print_no_more() -> None:
    """Keep Python from flushing at exit what cannot be written, and from telling of that."""
    try:
        sys.stdout.flush()
    except OSError:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def project(notes: Path, decks: Path, *, cached: bool = True) -> Project:
    """Return the project that a command works on."""
    from offbook.project import Project

    return Project(notes, decks, cached=cached, progress=progress, workers=True)


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


def show(message: str, **style: Any) -> None:
    """Print to standard output what may hold words of the notes, or names of files."""
    click.secho(safe(message), **style)


def print_json(data: object) -> None:
    """Print a line of JSON that any console can show, and that steers none."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    text = json.dumps(data, ensure_ascii=not unicode)
    click.echo(_CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text))


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
    """Return text that cannot steer the terminal, nor show its characters in an order that is not theirs."""
    return _CONTROL.sub("�", text)


def one_line(text: str, width: int = 100) -> str:
    """Return text on one line, cut to `width` characters."""
    text = safe(" ".join(text.split()))
    return text if len(text) <= width else text[: width - 1] + "…"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 card`, `2 cards`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
