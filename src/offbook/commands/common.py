"""What the commands share: options, printing, and the exit statuses that errors end with."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import fields
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO, TypeVar

import click

from offbook.commands.paths import as_companies, located
from offbook.commands.terminal import CONTROL, colours, safe, with_short_quotes, wrapped
from offbook.errors import OffbookError, Problem, Severity
from offbook.lost_cards import CODES

Item = TypeVar("Item")
if TYPE_CHECKING:
    from offbook.project import Project
    from offbook.sources.vault import Vault

Command = TypeVar("Command", bound=Callable[..., Any])
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

DONE, FAULTS, USAGE, FAILED = range(4)
"""Exit statuses: success; faults in the notes; wrong usage or settings; the command failed."""
INTERRUPTED = 130
"""The exit status of a command that Ctrl-C stopped."""

COLOURS = {Severity.FAULT: "red", Severity.WARNING: "yellow", Severity.NOTE: None}
"""What is printed of a problem in a terminal, by how much it matters."""
_BAR_AFTER = 1.0  # seconds; a shorter wait needs no progress bar


def _named_folder(key: str) -> Path:
    from offbook.config import decks_of, named_folder

    notes = click.get_current_context().params.get("notes")
    try:
        return decks_of(notes, Path.cwd()) if key == "decks" and notes else named_folder(key, Path.cwd())
    except OffbookError as error:
        _fail(str(error), error.exit_code)


def complete_company(context: click.Context, argument: click.Parameter, incomplete: str) -> list[str]:
    """Return the slugs that begin like `incomplete`: the ledger's companies and the notes' places. No note is read."""
    from offbook.companies import slug
    from offbook.config import decks_of, named_folder

    with suppress(OffbookError, OSError):
        notes = context.params.get("notes") or named_folder("notes", Path.cwd())
        decks = context.params.get("decks") or decks_of(notes, Path.cwd())
        slugs = map(slug, known_companies(notes, decks))
        return sorted(each for each in slugs if each.startswith(incomplete.lower()))
    return []


def known_companies(notes: Path, decks: Path) -> list[str]:
    """Return the names of the companies that the notes' places and the ledger name.

    No note is read. Raises UsageError for wrong settings.
    """
    from offbook import ledger
    from offbook.companies import company_names, place_of, slug
    from offbook.layout import settings_of
    from offbook.sources.vault import Vault

    settings = settings_of(Path(os.path.abspath(notes)))  # noqa: PTH100 - without `..`
    names: dict[str, str] = {}
    for path in Vault(notes, settings).note_paths() if notes.is_dir() else ():
        place = place_of(path, settings).target
        names |= {slug(name): name for name in (place.names if place else ())}
    closed = {slug(name) for name in settings.closed}
    with suppress(OffbookError):
        entries = ledger.load(decks / ledger.FILE_NAME)
        names = (company_names((), entries, closed) if entries else {}) | names
    return [name for key, name in names.items() if key not in closed]


companies_argument = click.argument(
    "companies", nargs=-1, metavar="[COMPANY]...", shell_complete=complete_company, callback=as_companies
)
quiet_option = click.option(
    "-q", "--quiet", is_flag=True, help="Print only what needs you: faults, conflicts, cards perhaps lost, errors."
)
verbose_option = click.option("-v", "--verbose", is_flag=True, help="Name every card that changes.")
notes_option = click.option(
    "--notes",
    is_eager=True,  # the companies are looked up among the notes
    type=click.Path(path_type=Path),
    default=partial(_named_folder, "notes"),
    help="The folder with your notes.  [default: notes, or what offbook.toml names]",
)
decks_option = click.option(
    "--decks",
    type=click.Path(path_type=Path),
    default=partial(_named_folder, "decks"),
    help="The folder for packages and ledger.  [default: decks, or what offbook.toml names]",
)
no_cache_option = click.option("--no-cache", is_flag=True, help="Compute everything anew, without the cache.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")


def gathered(name: str, kind: type[Any], *options: Decorator) -> Decorator:
    """Return a decorator that adds options to a command, which gets their values as one argument.

    The argument is called `name`, and is the dataclass `kind` with each option's value in the field of that name.
    """

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def run(*args: Any, **values: Any) -> Any:
            attributes = {field.name: values.pop(field.name) for field in fields(kind) if field.name in values}
            return command(*args, **values, **{name: kind(**attributes)})

        decorated: Callable[..., Any] = run
        for option in reversed(options):  # the first is the outermost, as if each stood above the command
            decorated = option(decorated)
        return decorated

    return decorate


def reports_errors(command: Command) -> Command:
    """Turn exceptions of any kind into a message on standard error and an exit status; no traceback is shown."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            result = command(*args, **kwargs)
            sys.stdout.flush()
            return result
        except (click.ClickException, click.exceptions.Exit):
            raise
        except OffbookError as error:
            _fail(str(error), error.exit_code)
        except BrokenPipeError:
            # The reader of the output has seen enough and left, as in `offbook cards | head`.
            _print_no_more()
            raise SystemExit(DONE) from None
        except (KeyboardInterrupt, click.Abort):
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
    """Send what is left to print nowhere, so that Python does not fail at exit when it flushes standard output."""
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
    """Yield the items, and show a progress bar once that has taken a second; in a terminal only."""
    with ExitStack() as stack:
        bar = None
        shows_bar = sys.stderr.isatty() and colours() is not False
        start = time.monotonic()
        for done, item in enumerate(items):
            if bar is None and shows_bar and time.monotonic() - start > _BAR_AFTER:
                bar = stack.enter_context(click.progressbar(length=length, label=label, file=sys.stderr))
                bar.update(done)
            yield item
            if bar is not None:
                bar.update(1)


def say(message: str, **style: Any) -> None:
    """Print to standard error, in colour only where that is a terminal."""
    click.secho(wrapped(safe(message), sys.stderr), err=True, reset=any(style.values()), **style)


def show(message: str, **style: Any) -> None:
    """Print to standard output; what the message holds of notes and file names is made safe for a terminal."""
    click.secho(wrapped(safe(message), sys.stdout), reset=any(style.values()), **style)


def print_json(data: object) -> None:
    """Print one line of JSON, with escapes for what the console cannot show and for what would steer it."""
    shows_unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    text = json.dumps(data, ensure_ascii=not shows_unicode)
    click.echo(CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text))


def show_problems(
    problems: Iterable[Problem], vault: Vault, *, quiet: bool = False, without: Collection[str] = ()
) -> None:
    """Print problems of the vault's notes, each once, in their order; if `quiet`, faults and what may lose reviews.

    `without` are the codes of those that other commands tell.
    """
    for problem in sorted(set(problems)):
        if problem.severity is Severity.FAULT or problem.code in CODES or not (quiet or problem.code in without):
            where, words = told(problem, vault, sys.stderr)
            say(f"{where}: {words}", fg=COLOURS[problem.severity])


def told(problem: Problem, vault: Vault, stream: TextIO) -> tuple[str, str]:
    """Return where a problem is and what it is, as they are printed to `stream`."""
    words = problem.told(partial(located, vault=vault))
    return located(problem.location, vault), with_short_quotes(words, stream)


def is_terminal() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty()


def agrees(question: str, *, default: bool, if_left: str) -> bool:
    """Ask a question. Where it is left by Ctrl-C or the end of input, say `if_left` and exit."""
    with left_open(if_left):
        return click.confirm(safe(question), default=default, err=True)


@contextmanager
def left_open(said: str) -> Iterator[None]:
    """Say something, and exit, where a question in the block is left by Ctrl-C or the end of input."""
    try:
        yield
    except click.Abort:
        say(f"\n{said}")
        raise SystemExit(INTERRUPTED) from None


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 card`, `2 cards`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def numbers(are_open: Sequence[bool]) -> str:
    """Return how many cards and open questions there are, of which it is said whether they are open."""
    questions = f", {counted(sum(are_open), 'open question')}" if any(are_open) else ""
    return counted(are_open.count(False), "card") + questions


def in_all(cards: Iterable[tuple[bool, bool]]) -> str:
    """Return the numbers of all cards, each counted once; it is said whether they are open, and whether all share them.

    With it a reader can add up the rows of companies, each of which counts what is shared.
    """
    every = [*cards]
    shared = [is_open for is_open, is_shared in every if is_shared]
    of_all = f" Shared by every company, and so in each row: {numbers(shared)}." if shared else ""
    return f"In all: {numbers([is_open for is_open, _ in every])}.{of_all}"
