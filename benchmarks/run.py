"""How long offbook takes, beside what parsing alone and starting Python take: `make bench`.

A vault as people keep it comes first, then one that is nothing but cards. What was exported is checked to be complete.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generated import write_generated
from measure import EDITED, FIRST, IMPORTING, PARSING, UNCHANGED, Bench
from people import write_people
from words import Asked

_AIMS = ((FIRST, PARSING, 5.0), (EDITED, IMPORTING, 4.0), (UNCHANGED, IMPORTING, 2.5))
_SIZES = (1_000, 10_000)  # questions
_LARGE = 10  # times the largest of the sizes
_MOST_MEMORY = 600  # megabytes, of the largest process


@dataclass(frozen=True)
class Vault:
    """A kind of vault."""

    name: str
    write: Callable[[Path, int], Asked]

    def measured(self, root: Path, size: int, runs: int) -> Iterator[str]:
        """Take and print the times of one size; yield what the export lacks."""
        bench = Bench(root / f"{self.name} {size}", self.write, size)
        bench.run(runs)
        for what, yardstick, aim in _AIMS:
            seconds, multiple = bench.seconds(what), bench.seconds(what) / bench.seconds(yardstick)
            _row(self.name, size, what, f"{seconds:.3f} s", f"{multiple:.2f} × {yardstick}", _judged(multiple, aim))
        yield from bench.faults()


_PEOPLE = Vault("as people keep it", write_people)
_GENERATED = Vault("generated", write_generated)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; return 1 where an export is not complete."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=_SIZES, help="how many questions the vaults hold")
    parser.add_argument("--runs", type=int, default=5, help="how often everything is run; the medians are told")
    parser.add_argument("--large", action="store_true", help=f"add a generated vault {_LARGE} times as large, run once")
    options = parser.parse_args(arguments)
    faults: list[str] = []
    _row("vault", "questions", "what", "time", "compared", "aim")
    with tempfile.TemporaryDirectory() as folder:
        for size in options.sizes:
            for vault in (_PEOPLE, _GENERATED):
                faults += vault.measured(Path(folder), size, options.runs)
        if options.large:
            size = _LARGE * max(options.sizes)
            faults += _GENERATED.measured(Path(folder), size, 1)
            largest = _largest_process()
            _row(_GENERATED.name, size, "largest process", "", f"{largest:.0f} MB", _judged(largest, _MOST_MEMORY))
    if faults:
        print(f"{len(faults)} words are not in what was exported, such as {faults[0]}")
    return 1 if faults else 0


def _judged(figure: float, aim: float) -> str:
    return f"{aim:g}" if figure <= aim else f"{aim:g}  missed"


def _largest_process() -> float:
    """Return the megabytes of memory that the largest process so far took."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def _row(vault: str, questions: int | str, what: str, time: str, compared: str, aim: str) -> None:
    """Print a line of the table."""
    print(f"{vault:18} {questions:>9} {what:16} {time:>10} {compared:>18}   {aim}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
