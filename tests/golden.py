"""Reads and rewrites golden files; see tests/golden/README.md."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"
UPDATE = bool(os.environ.get("UPDATE_GOLDEN"))
_TITLE = re.compile(r"(?m)^===== (.*)\n")


@dataclass(frozen=True)
class Case:
    file: Path
    title: str
    note: str
    label: str
    expected: str

    @property
    def id(self) -> str:
        return f"{self.file.stem}: {self.title}"


def cases(kind: str) -> list[Case]:
    found: list[Case] = []
    for file in sorted((FOLDER / kind).glob("*.md")):
        found += parsed(file.read_text("utf-8"), file)
    return found


def parsed(text: str, file: Path) -> list[Case]:
    parts = _TITLE.split(text)[1:]
    found: list[Case] = []
    for title, case in zip(parts[::2], parts[1::2], strict=True):
        note, _, rest = case.partition("\n----- ")
        label, _, expected = rest.partition("\n")
        found.append(Case(file, title, note + "\n", label, expected.rstrip("\n")))
    return found


def check(case: Case, actual: Callable[[Case], str]) -> None:
    """Compare, or rewrite the file where UPDATE_GOLDEN is set (with one process: `pytest -n0`)."""
    found = actual(case).rstrip("\n")
    if UPDATE and found != case.expected:
        text = case.file.read_text("utf-8")
        old = f"===== {case.title}\n{case.note}----- {case.label}\n{case.expected}"
        assert old in text
        new = old.removesuffix(case.expected) + found
        case.file.write_text(text.replace(old, new, 1), "utf-8")
        return
    assert found == case.expected
