"""How long offbook takes, beside what parsing alone and starting Python take: `make bench`.

Each run is a process of its own. Offbook and the yardsticks take turns, so that whatever else the machine does falls
on all of them; the medians are compared. What was exported is checked to be complete.
"""

from __future__ import annotations

import argparse
import os
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

    def turn(self, number: int) -> None:
        """Take the time of everything once."""
        for folder in (self.decks, self.cache):
            shutil.rmtree(folder, ignore_errors=True)
        self.run("parse", "-c", _PARSE, str(self.notes))
        self.export("first export")
        self.run("import", "-c", _IMPORT)
        edited = sorted(self.notes.rglob("*.md"))[number]
        edited.write_text(edited.read_text("utf-8") + "\nOne more sentence.\n", "utf-8")
        self.export("one note edited")
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

    def report(self, say: Callable[[str], object] = print) -> None:
        """Say the medians, and how they compare to the aims."""
        medians = {name: statistics.median(times) for name, times in self.times.items()}
        for name, seconds in medians.items():
            say(f"{name:20} {seconds:8.3f} s   ({min(self.times[name]):.3f} to {max(self.times[name]):.3f})")
        for name, yardstick, aim in _AIMS:
            ratio = medians[name] / medians[yardstick]
            say(f"{name:20} {ratio:8.2f} × {yardstick:14} aim {aim:.2f} {'' if ratio <= aim else '  missed'}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; return 1 where the export is not complete."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--cards", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), options.cards)
        for number in range(options.runs):
            bench.turn(number)
        bench.report()
        faults = bench.faults()
    if faults:
        print(f"{len(faults)} texts are not in the packages, such as {faults[0]}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
