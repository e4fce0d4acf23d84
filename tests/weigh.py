"""Learn `points.toml` anew from notes that a reader has labelled.

    python tests/weigh.py FOLDER [FOLDER]... > src/offbook/cards/styles/points.toml

A folder holds `notes/` and `gold/*.json`, one a note: `note` (its path in `notes`), `pairs` (each with `question` and
perhaps `question_alt`), and `optional_pairs` and `unanswered`, from which nothing is learned. The cases in
`tests/golden/cards` are learned from as well. It takes some minutes, and numpy, which nothing else here needs.

The points are those of a logistic regression on whether a text asks, in tenths of the logarithm of the odds. Each
value of evidence from a limit on is a term. Few terms are kept (a penalty on their sum), and none speaks for what a
reader would take for evidence against, or the other way round: `AGAINST` names what is against.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import golden

from offbook.cards.find import marked
from offbook.cards.note.page import Page
from offbook.cards.note.rules import Rules
from offbook.cards.styles.asking import Styles
from offbook.cards.units.outline import Outline
from offbook.cards.units.parted import Parted
from offbook.cards.units.unit import Unit
from offbook.model import Note
from offbook.sources.note import parse_note

SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 0.95)
COUNTS = (1, 2, 3, 5, 8, 12, 20, 40)
SIZES = (1, 40, 100, 250, 600, 1500, 4000)
# fmt: off
AGAINST = {
    "plain line", "prose", "ends in colon", "nested", "tells by its opening", "body apart",
    "opens on a list", "headings below", "share asking below", "title of cards", "plan",
    "below what asks", "alone at the top", "asking elsewhere", "answered elsewhere",
    "cards elsewhere", "like: repeated", "siblings: dated", "siblings: sections",
}
# fmt: on
PENALTY = 1.7  # on each unit of a term, of which ten are points
ROUNDS = 400
LENIENCE = 2  # points: a little less than even chances are enough, as notes that were left out of the learning show
WEIGHT, WEIGHT_OF_GOLDEN = 3, 24  # the cases are what is promised
GOLDEN = re.compile(r"(?m)^(heading|bold-line|line|list-item)?(?:[\w-]+)?:(\d+)")
_LIST_MARK = re.compile(r"(?m)^[ \t]*(?:>[ \t]?)*(?:[-*+●•]|\d+[.)])[ \t]+")


@dataclass(frozen=True)
class Labelled:
    """A text that does not ask by itself, with its evidence, and whether a reader takes it for a question."""

    note: str
    seen: dict[str, float]
    asks: bool
    weight: float


def of_folder(folder: Path) -> Iterator[Labelled]:
    """Yield the labelled texts of the notes in a folder."""
    for file in sorted((folder / "gold").glob("*.json")):
        gold = json.loads(file.read_text("utf-8"))
        path = folder / "notes" / gold["note"]
        note = parse_note(path.read_text("utf-8-sig", errors="replace"), gold["note"])
        asked = {key(text) for pair in gold["pairs"] for text in fronts(pair)}
        either = {key(text) for pair in gold.get("optional_pairs", ()) for text in fronts(pair)}
        either |= {key(text) for open_ in gold.get("unanswered", ()) for text in fronts(open_)}
        for page, unit, seen in texts(note, partial(is_among, asked)):
            asks = is_among(asked, page, unit)
            if asks or not is_among(either, page, unit):
                yield Labelled(f"{folder.name}/{file.stem}", seen, asks, WEIGHT)


def of_golden() -> Iterator[Labelled]:
    """Yield the labelled texts of the cases in `tests/golden/cards`."""
    for case in golden.cases("cards"):
        name = case.label.partition(" in ")[2] or "note.md"
        found = {int(line): dialect for dialect, line in GOLDEN.findall(case.expected)}
        lines = {line for line, dialect in found.items() if dialect}
        note = parse_note(case.note, name, of_graph=name.startswith("pages/"))
        for _, unit, seen in texts(note, partial(is_on, lines)):
            if found.get(unit.block.line) != "":
                yield Labelled(case.id, seen, unit.block.line in lines, WEIGHT_OF_GOLDEN)


def fronts(pair: Any) -> list[str]:
    """Return the wordings of a question."""
    if isinstance(pair, str):
        return [pair]
    other = pair.get("question_alt") or []
    return [pair["question"], *([other] if isinstance(other, str) else other)]


def key(text: str) -> str:
    """Return the letters and digits of a text, by which two are compared."""
    return re.sub(r"[\W_]+", "", _LIST_MARK.sub("", text).casefold())


def is_among(wanted: set[str], page: Page, unit: Unit) -> bool:
    """Whether a unit, with its number or without, is one of the texts with these keys."""
    return not wanted.isdisjoint((key(page.text(unit.source)), key(page.asked(unit.source))))


def is_on(lines: set[int], _page: Page, unit: Unit) -> bool:
    """Whether a unit stands on one of the lines."""
    return unit.block.line in lines


class _Taught(Styles):
    """Styles for which a reader decides in place of points: what is decided early is what later evidence sees."""

    def __init__(self, page: Page, outline: Outline, asks: Callable[[Page, Unit], bool]) -> None:
        super().__init__(page, outline)
        self._read = page
        self._asks = asks
        self.weighed: list[tuple[Page, Unit, dict[str, float]]] = []

    def weight(self, unit: Unit, seen: dict[str, float]) -> int:
        if self._read.owner(unit.block) is None:
            self.weighed.append((self._read, unit, seen))
        return 1000 if self._asks(self._read, unit) else -1000


def texts(note: Note, asks: Callable[[Page, Unit], bool]) -> list[tuple[Page, Unit, dict[str, float]]]:
    """Return the units of a note on which evidence decides, with that evidence, in the order of the decisions."""
    if note.is_faulty or note.is_drawing:
        return []
    page = marked(note, Rules())
    for finding in Parted(page).asking():
        page.claim(finding)
    styles = _Taught(page, Outline(page), asks)
    styles.decide()
    return styles.weighed


def terms(labelled: list[Labelled]) -> list[tuple[str, float]]:
    """Return the pairs of evidence and limit that are tried; of what is or is not the case the limit is 1."""
    found: list[tuple[str, float]] = []
    for name in labelled[0].seen:
        values = {text.seen[name] for text in labelled}
        limits: tuple[float, ...] = COUNTS if max(values) > 1 else SHARES if values - {0, 1} else (1,)
        found += [(name, limit) for limit in (SIZES if "characters" in name else limits) if limit <= max(values)]
    return found


def learn(labelled: list[Labelled], tried: list[tuple[str, float]]) -> tuple[int, list[int]]:
    """Return the points of a text with no evidence, and those of each term: proximal gradient descent, sped up."""
    import numpy as np  # type: ignore[import-not-found, unused-ignore]

    counts = Counter(text.note for text in labelled)
    # A long note counts more than a short one, but less than by its length.
    weights = np.array([text.weight / counts[text.note] ** 0.5 for text in labelled])
    held = np.array([[text.seen[name] >= limit for name, limit in tried] for text in labelled], dtype=float)
    asks = np.array([text.asks for text in labelled], dtype=float)
    signs = np.array([-1 if name in AGAINST else 1 for name, _ in tried])
    whole = np.hstack([held, np.ones((len(held), 1))])
    step = 4 / np.linalg.norm(np.sqrt(weights)[:, None] * whole, 2) ** 2
    found = ahead = np.zeros(whole.shape[1])
    pace = 1.0
    for _ in range(ROUNDS):
        wrong = weights * (1 / (1 + np.exp(-whole @ ahead)) - asks)
        moved = ahead - step * (whole.T @ wrong)
        moved[:-1] = signs * np.maximum(signs * moved[:-1] - step * PENALTY, 0)
        quicker = (1 + (1 + 4 * pace**2) ** 0.5) / 2
        ahead = moved + (pace - 1) / quicker * (moved - found)
        found, pace = moved, quicker
    points = [round(10 * float(value)) for value in found]
    return points[-1] + LENIENCE, points[:-1]


def main(folders: list[Path]) -> None:
    """Print the table."""
    labelled = [text for folder in folders for text in of_folder(folder)] + list(of_golden())
    tried = terms(labelled)
    base, points = learn(labelled, tried)
    print(f"base = {base}\n\n[steps]")
    kept = [(name, limit, count) for (name, limit), count in zip(tried, points, strict=True) if count]
    for name, steps in groupby(kept, key=lambda step: step[0]):
        print(f'"{name}" = [{", ".join(f"[{limit:g}, {count}]" for _, limit, count in steps)}]')


if __name__ == "__main__":
    main([Path(folder) for folder in sys.argv[1:]])
