"""A note takes no more than 60 MB of memory and forty times its size, and some kilobytes for each card it makes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from conftest import Workspace

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="/proc tells the peak of a process"),
    pytest.mark.long,
]

_EXPORT = """
import re, sys
from pathlib import Path
from offbook.pipeline import build, write
from offbook.project import Project

project = Project(Path(sys.argv[1]), Path(sys.argv[2]), cached=False)
made = build(project, [], 1_800_000_000)
write(project, made)
# What `resource` says counts the process that this one was forked off.
print(len(made.changes), re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""
_ALLOWED, _TIMES, _CARD = 60_000, 0.04, 5  # kilobytes: in any case, a byte of the note, a card
_GROWTH = 2.6  # for twice as much
_Q = "## What is long?\n\n"
# Each once as long as it may be with lines this short, or about that.
SHAPES = {
    "empty headings": ("", "#\n", 50_000),
    "headings": ("", "# a\n", 100_000),
    "items": ("", "- a\n", 100_000),
    "items in items": ("", "- a\n  - b\n", 120_000),
    "paragraphs": ("", "a\n\n", 75_000),
    "quotations": ("", "> a\n\n", 120_000),
    "definitions": ("", "a\n: b\n\n", 80_000),
    "lines that ask": ("", "Why?\n\n", 150_000),
    "a table": ("| q | a |\n|---|---|\n", "| a | b |\n", 65_000),
    "labels": ("", "Q: a\nA: b\n", 120_000),
    "separators": ("", "a :: b\n", 170_000),
    "gaps": ("", "{{c1::a}}\n\n", 240_000),
    "questions": ("", "## What is X?\nA letter of the alphabet.\n\n", 1_000_000),
    "prose": (_Q, "Some words of prose that say nothing in particular, and end.\n\n", 1_000_000),
    "lines of prose": (_Q, "Some words of prose that say nothing in particular, and end.\n", 1_000_000),
}


def export(workspace: Workspace, text: str) -> tuple[int, int]:
    """Export a note in a process of its own; return how many changes there are, and its peak of memory in kilobytes."""
    workspace.write("acme/note.md", text)
    command = [sys.executable, "-c", _EXPORT, str(workspace.notes), str(workspace.decks)]
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    cards, peak = map(int, done.stdout.split())
    return cards, peak


@pytest.mark.parametrize("shape", SHAPES)
def test_the_memory_of_a_note_is_bounded_and_grows_with_its_length(workspace: Workspace, shape: str) -> None:
    begin, unit, size = SHAPES[shape]
    text = begin + unit * (size // len(unit))
    _, empty = export(workspace, "")
    _, half = export(workspace, begin + unit * (size // len(unit) // 2))
    cards, peak = export(workspace, text)
    taken = peak - empty
    assert taken < _ALLOWED + _TIMES * len(text) + _CARD * cards, f"{taken} kB for {len(text)} bytes, {cards} cards"
    assert taken < _GROWTH * max(half - empty, 10_000), "the memory grows with the square"
