"""Other processes that read notes: they return what they would have put into the cache."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from offbook.cache import Cache, Row
from offbook.config import Settings
from offbook.reader import Reader

_reader: Reader


def rows_of(notes: Path, settings: Settings, paths: Sequence[str], rendered: bool, workers: int) -> Iterator[list[Row]]:
    """Yield what reading each of the notes adds to the cache; less where a process could not be started or died."""
    try:
        # Spawned on every system: what works on one works on all.
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(workers, context, _begin, (notes, settings, rendered))
        try:
            yield from pool.map(_rows, paths, chunksize=4)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # they end while the rest of the work is done
    except (OSError, BrokenProcessPool):
        return


def _begin(notes: Path, settings: Settings, rendered: bool) -> None:
    global _reader, _rendered
    gc.set_threshold(200_000, 20, 20)
    _reader, _rendered = Reader(notes, settings, Cache(None)), rendered


_rendered = False


def _rows(path: str) -> list[Row]:
    return _reader.work_rows(path, rendered=_rendered)
