"""Tells when something in the vault was saved."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from offbook.errors import UsageError

_QUIET_MS = 60  # how long nothing more is saved before a change is told: an editor writes, renames, writes again
_LONGEST_MS = 1000
_WAKE_MS = 250  # how often the watcher looks whether it was interrupted


def saves(folders: list[Path], decks: Path, stop: threading.Event) -> Iterator[None]:
    """Yield once the watch is on, then after every save below `folders`, until `stop`; saves are told together.

    The decks folder, where offbook itself writes, and hidden files and folders do not count.
    Raises UsageError where the package `watchfiles` is not installed.
    """
    try:
        from watchfiles import Change, watch
    except ImportError:
        raise UsageError(
            "to watch notes offbook needs the package `watchfiles`: pip install 'offbook[watch]' "
            "(pipx: pipx inject offbook watchfiles)"
        ) from None
    roots, own = [folder.absolute() for folder in folders], decks.absolute()

    def counts(change: Change, path: str) -> bool:
        file = Path(path)
        return not file.is_relative_to(own) and not _hidden(file, roots)

    started = False
    watching = watch(
        *roots,
        watch_filter=counts,
        debounce=_LONGEST_MS,
        step=_QUIET_MS,
        rust_timeout=_WAKE_MS,
        stop_event=stop,
        yield_on_timeout=True,
        ignore_permission_denied=True,
    )
    for changes in watching:
        if changes or not started:
            yield
        started = True


@contextmanager
def interrupts() -> Iterator[threading.Event]:
    """Turn the first Ctrl-C into an event, so that the run under way comes to its end; a second one interrupts it."""
    stop = threading.Event()

    def handler(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            signal.default_int_handler(number, frame)
        stop.set()

    before = signal.signal(signal.SIGINT, handler)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _hidden(file: Path, roots: list[Path]) -> bool:
    inside = [file.relative_to(root).parts for root in roots if file.is_relative_to(root)]
    return all(any(part.startswith(".") or part.endswith("~") for part in parts) for parts in inside)
