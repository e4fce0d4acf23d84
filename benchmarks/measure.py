"""Takes the time of exports of one vault, and of what they are compared with.

Each run is a process of its own. Offbook and the yardsticks take turns, so that whatever else the machine does falls
on all of them; the medians are compared.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from words import Asked

from offbook.package import read_notes

FIRST, EDITED, UNCHANGED = "first export", "one note edited", "nothing edited"
PARSING, IMPORTING = "parsing", "importing"
_YARDSTICKS = {
    PARSING: """
import sys
from pathlib import Path
from markdown_it import MarkdownIt
md = MarkdownIt("gfm-like", {"linkify": False})
for file in sorted(Path(sys.argv[1]).rglob("*.md")):
    md.parse(file.read_text("utf-8"))
""",
    IMPORTING: "import click, genanki, markdown_it",
}


class Bench:
    """A vault, and the times that were taken on it, in seconds, by what was run."""

    def __init__(self, root: Path, write: Callable[[Path, int], Asked], questions: int) -> None:
        self.notes, self._decks, self._cache = root / "notes", root / "decks", root / "cache"
        self._asked = write(self.notes, questions)
        self._times: dict[str, list[float]] = defaultdict(list)

    def run(self, runs: int) -> None:
        """Take the time of everything so often, each time with another note edited."""
        files = sorted(self.notes.rglob("*.md"))
        for number in range(runs):
            self._yardstick(PARSING)
            self.first_export()
            self._yardstick(IMPORTING)
            self.export_edited(files[(number + 1) * len(files) // (runs + 1)])
            self._yardstick(IMPORTING)
            self._export(UNCHANGED)

    def first_export(self) -> None:
        """Export with nothing kept from before."""
        for folder in (self._decks, self._cache):
            shutil.rmtree(folder, ignore_errors=True)
        self._export(FIRST)

    def export_edited(self, file: Path) -> None:
        """Edit one note, and export."""
        file.write_text(file.read_text("utf-8") + "\nOne more sentence.\n", "utf-8")
        self._export(EDITED)

    def seconds(self, name: str) -> float:
        """Return the median of the times of something."""
        return statistics.median(self._times[name])

    def faults(self) -> list[str]:
        """Export once more, and return what words of the vault are missing in what was exported."""
        changes = json.loads(self._python("-m", "offbook", "export", "--json", *self._folders()))["changes"]
        asked = " ".join(change["question"] for change in changes)
        notes = [note for file in self._decks.glob("*.apkg") for note in read_notes(file.read_bytes())]
        fields = " ".join(field for note in notes for field in note.fields[:2])
        faults = _missing(asked, [f"ask{number}" for number in (*self._asked.answered, *self._asked.open)])
        faults += _missing(
            fields, [f"{word}{number}" for number in self._asked.answered for word in ("ask", "begin", "end")]
        )
        return list(dict.fromkeys(faults))

    def _folders(self) -> list[str]:
        return ["--notes", str(self.notes), "--decks", str(self._decks)]

    def _export(self, name: str) -> None:
        self._timed(name, "-m", "offbook", "export", *self._folders())

    def _yardstick(self, name: str) -> None:
        self._timed(name, "-c", _YARDSTICKS[name], str(self.notes))

    def _timed(self, name: str, *command: str) -> None:
        start = time.perf_counter()
        self._python(*command)
        self._times[name].append(time.perf_counter() - start)

    def _python(self, *command: str) -> bytes:
        """Run Python with these arguments, and return what it prints."""
        environment = os.environ | {"OFFBOOK_CACHE": str(self._cache)}
        # An installed program is compiled once, like the libraries of the yardsticks; not at each start.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        return subprocess.run([sys.executable, *command], check=True, stdout=subprocess.PIPE, env=environment).stdout


def _missing(text: str, wanted: list[str]) -> list[str]:
    words = set("".join(c if c.isalnum() else " " for c in text).split())
    return [word for word in wanted if word not in words]
