"""Waits for saves in the vault, and for Ctrl-C."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from watchfiles import Change, watch

# Milliseconds. An editor saves in several steps: it writes, renames, writes again.
_QUIET_MS = 60  # without a further change, after which a save is over
_LONGEST_MS = 1000  # after which a save counts as over even if changes go on
_WAKE_MS = 250  # between two looks at the event `stop`


def saves(folders: list[Path], decks: Path, stop: threading.Event) -> Iterator[bool]:
    """Yield True when the watch has begun and after each save below `folders`, until `stop` is set.

    In between, yield False every moment, for a caller that waits for something else as well.
    Saves at about the same time are one. The decks folder, where offbook itself writes, and hidden files and folders do
    not count.
    """
    roots, written = [folder.absolute() for folder in folders], decks.absolute()

    def counts(change: Change, path: str) -> bool:
        file = Path(path)
        return not file.is_relative_to(written) and not _is_hidden(file, roots)

    has_begun = False
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
        yield bool(changes) or not has_begun
        has_begun = True


@contextmanager
def interrupts() -> Iterator[threading.Event]:
    """Yield an event that the first Ctrl-C sets, so that a run can finish; a second Ctrl-C raises KeyboardInterrupt."""
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


def _is_hidden(file: Path, roots: list[Path]) -> bool:
    """Whether a file is hidden, in a hidden folder, or an editor's backup (`~`), seen from each root above it."""
    paths = [file.relative_to(root) for root in roots if file.is_relative_to(root)]
    return all(any(part.startswith(".") or part.endswith("~") for part in path.parts) for path in paths)
