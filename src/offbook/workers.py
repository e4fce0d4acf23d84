"""Spreads work over other processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def spread(
    begin: Callable[..., None],
    arguments: tuple[Any, ...],
    work: Callable[[Item], Result],
    items: Sequence[Item],
    processes: int,
) -> Iterator[Result]:
    """Yield what `work` returns of each item; fewer results where a process could not be started or died.

    Each process calls `begin` with the arguments first. Both are functions of a module, since they are sent by name.
    """
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    try:
        # Spawned on every system: what works on one works on all.
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(processes, context, begin, arguments)
        try:
            yield from pool.map(work, items, chunksize=4)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # they end while the rest of the work is done
    except (OSError, BrokenProcessPool):
        return
