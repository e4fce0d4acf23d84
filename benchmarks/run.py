"""How long offbook takes, beside what parsing alone and starting Python take: `make bench`.

Each run is a process of its own. Offbook and the yardsticks take turns, so that whatever else the machine does falls
on all of them; the medians are compared. What was exported is checked to be complete. `--large` adds a vault ten times
as large: how time and memory grow. It takes some minutes.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from vault import write_vault

from offbook.package import read_notes

_PARSE = """
import sys
from pathlib import Path
from markdown_it import MarkdownIt
md = MarkdownIt("gfm-like")
for file in sorted(Path(sys.argv[1]).rglob("*.md")):
    md.render(file.read_text("utf-8"))
"""
_IMPORT = "import click, genanki, markdown_it"
_AIMS = (
    ("first export", "parse", 1.0),
    ("one note edited", "parse", 0.15),
    ("one note edited", "import", 4.0),
    ("nothing edited", "import", 4.0),
    ("offbook --help", "import click", 2.0),
)
_TIMES_AS_LARGE = 10
_AIMS_OF_LARGE = (("first export", 11.0), ("one note edited", 10.0))
_MOST_MEMORY = 600_000_000  # bytes, of the largest process


class Bench:
    """A vault, and the times that were taken on it, in seconds, by what was run."""

    def __init__(self, root: Path, cards: int) -> None:
        self.notes, self.decks, self.cache = root / "notes", root / "decks", root / "cache"
        self.cards = cards
        self.times: dict[str, list[float]] = defaultdict(list)
        write_vault(self.notes, cards)

    def run(self, name: str, *command: str) -> None:
        """Run Python once with these arguments, and take the time."""
        environment = os.environ | {"OFFBOOK_CACHE": str(self.cache)}
        # An installed program is compiled once, like the libraries of the yardsticks; not at each start.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        start = time.perf_counter()
        subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL, env=environment)
        self.times[name].append(time.perf_counter() - start)

    def export(self, name: str) -> None:
        """Export once."""
        self.run(name, "-m", "offbook", "export", "--notes", str(self.notes), "--decks", str(self.decks))

    def first_export(self) -> None:
        """Export with nothing kept from before."""
        for folder in (self.decks, self.cache):
            shutil.rmtree(folder, ignore_errors=True)
        self.export("first export")

    def export_again(self, number: int) -> None:
        """Edit one note, and export."""
        edited = sorted(self.notes.rglob("*.md"))[number]
        edited.write_text(edited.read_text("utf-8") + "\nOne more sentence.\n", "utf-8")
        self.export("one note edited")

    def turn(self, number: int) -> None:
        """Take the time of everything once."""
        self.run("parse", "-c", _PARSE, str(self.notes))
        self.first_export()
        self.run("import", "-c", _IMPORT)
        self.export_again(number)
        self.run("import", "-c", _IMPORT)
        self.export("nothing edited")
        self.run("import click", "-c", "import click")
        self.run("offbook --help", "-m", "offbook", "--help")

    def faults(self) -> list[str]:
        """Return what is missing in the packages."""
        notes = [note for file in self.decks.glob("*.apkg") for note in read_notes(file.read_bytes())]
        texts = "\n".join("\n".join(note.fields[:2]) for note in notes)
        words = set(texts.replace("<", " ").replace(".", " ").split())
        wanted = [f"{word}{number}" for number in range(self.cards) for word in ("ask", "begin", "end")]
        faults = [word for word in wanted if word not in words]
        return faults if len(notes) == self.cards else [f"{len(notes)} notes in the packages", *faults]

    @property
    def medians(self) -> dict[str, float]:
        """The medians of the times."""
        return {name: statistics.median(times) for name, times in self.times.items()}

    def report(self, say: Callable[[str], object] = print) -> None:
        """Say the medians, and how they compare to the aims."""
        medians = self.medians
        for name, seconds in medians.items():
            say(f"{name:20} {seconds:8.3f} s   ({min(self.times[name]):.3f} to {max(self.times[name]):.3f})")
        for name, yardstick, aim in _AIMS:
            _compare(name, medians[name] / medians[yardstick], yardstick, aim, say)


def _compare(name: str, ratio: float, yardstick: str, aim: float, say: Callable[[str], object] = print) -> None:
    say(f"{name:20} {ratio:8.2f} × {yardstick:14} aim {aim:.2f} {'' if ratio <= aim else '  missed'}")


def _large(root: Path, small: Bench) -> Bench:
    """Export a large vault, once, and say how that compares with a small one."""
    bench = Bench(root, small.cards * _TIMES_AS_LARGE)
    bench.first_export()
    bench.export_again(0)
    print(f"{bench.cards} cards:")
    for name, aim in _AIMS_OF_LARGE:
        _compare(name, bench.medians[name] / small.medians[name], f"{small.cards} cards", aim)
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    missed = "" if largest <= _MOST_MEMORY else "  missed"
    print(f"largest process      {largest / 1e6:8.0f} MB               aim {_MOST_MEMORY / 1e6:.0f}{missed}")
    return bench


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; return 1 where the export is not complete."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--cards", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--large", action="store_true", help=f"add a vault {_TIMES_AS_LARGE} times as large")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), options.cards)
        for number in range(options.runs):
            bench.turn(number)
        bench.report()
        faults = bench.faults()
        if options.large:
            faults += _large(Path(folder) / "large", bench).faults()
    if faults:
        print(f"{len(faults)} texts are not in the packages, such as {faults[0]}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
