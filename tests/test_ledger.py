"""The ledger as a file: readable, stable, and never started anew in silence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Workspace
from hypothesis import given
from hypothesis import strategies as st

from offbook import files, ledger
from offbook.ledger import LedgerError
from offbook.model import Entry

ENTRY = Entry("abc", "acme/a.md", "What is X?", ("acme",), "Interviews::Acme", modified=5, added=4)

text = st.text(max_size=12)
entries = st.lists(
    st.builds(
        Entry,
        guid=st.text(min_size=1, max_size=12),
        note=text,
        question=text,
        companies=st.lists(text, max_size=3).map(tuple),
        deck=text,
        section=text,
        block=text,
        answer=text,
        content=text,
        added=st.integers(0, 2**40),
        modified=st.integers(0, 2**40),
        retired=st.integers(0, 2**40),
        kept=st.lists(text, max_size=3).map(tuple),
        cloze=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda entry: entry.guid,
)


@given(entries)
def test_what_is_written_is_read_again_whatever_the_order(items: list[Entry]) -> None:
    written = ledger.dump(items)
    assert sorted(ledger.parse(written.encode(), "x"), key=lambda e: e.guid) == sorted(items, key=lambda e: e.guid)
    assert ledger.dump(reversed(items)) == written
    assert len(written.split("\n")) == len(items) + 2  # a header, a line each, and no more


def test_a_line_is_readable() -> None:
    header, line = ledger.dump([ENTRY]).splitlines()
    assert header == '{"offbook-ledger": 1}'
    assert json.loads(line) == {
        "guid": "abc", "note": "acme/a.md", "question": "What is X?", "companies": ["acme"],
        "deck": "Interviews::Acme", "added": 4, "modified": 5,
    }  # fmt: skip


def test_one_edit_changes_one_line(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "".join(f"## What is {letter}?\nA letter.\n" for letter in "abcdef"))
    workspace.run("export")
    file = workspace.decks / ledger.FILE_NAME
    before = file.read_text("utf-8").splitlines()
    workspace.write("acme/a.md", "".join(f"## What is {letter}?\nA letter.\n" for letter in "abcdef") + "More.\n")
    workspace.run("export")
    after = file.read_text("utf-8").splitlines()
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


GOOD = ledger.dump([ENTRY])
OTHER = json.dumps({"guid": "xyz", "note": "b.md", "question": "Y?", "companies": ["b"], "deck": "D"})


@pytest.mark.parametrize(
    ("broken", "line", "words"),
    [
        (GOOD + "<<<<<<< HEAD\n" + OTHER + "\n=======\n>>>>>>> other\n", 3, "unresolved merge conflict"),
        (GOOD + GOOD.splitlines()[1] + "\n", 3, "stands on line 2, too"),
        (GOOD[:-20] + "\n", 2, "is no JSON"),
        (GOOD.rstrip("\n"), 2, "cut off"),
        (GOOD + '{"some": "thing"}\n', 3, "is no ledger line"),
        (GOOD + "[1]\n", 3, "is no ledger line"),
        (GOOD + OTHER[:-1] + ', "colour": "red"}\n', 3, "unknown field `colour`"),
        (GOOD + OTHER[:-1] + ', "modified": "now"}\n', 3, "`$.modified`"),
        (GOOD + OTHER[:-1] + ', "modified": true}\n', 3, "`$.modified`"),
        (GOOD.replace("1}", "2}", 1), 1, "format 2 is not known"),
        ("a text of another program\n", 1, "no offbook ledger"),
    ],
)
def test_anything_else_is_an_error_with_its_line_and_a_way_out(
    tmp_path: Path, broken: str, line: int, words: str
) -> None:
    with pytest.raises(LedgerError) as caught:
        ledger.parse(broken.encode(), "decks/ledger.jsonl")
    assert f"decks/ledger.jsonl:{line}: " in str(caught.value)
    assert words in str(caught.value)
    assert "Nothing was changed" in str(caught.value)
    (tmp_path / "ledger.jsonl").write_text(broken, "utf-8")
    with pytest.raises(LedgerError, match=f"ledger.jsonl:{line}: ") as caught:
        ledger.load(tmp_path / "ledger.jsonl")
    assert words in str(caught.value)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(LedgerError) as caught:
        ledger.parse((GOOD + "x\n" + "y\n").encode(), "l")
    assert str(caught.value).count("is no JSON") == 2


def test_a_broken_ledger_stops_the_export_and_stays_as_it_is(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    workspace.run("export")
    file = workspace.decks / ledger.FILE_NAME
    file.write_text(file.read_text("utf-8") + "broken\n", "utf-8")
    before = {path.name: path.read_bytes() for path in workspace.decks.iterdir()}
    assert "ledger.jsonl:3: is no JSON" in workspace.run("export", status=1).stderr
    assert {path.name: path.read_bytes() for path in workspace.decks.iterdir()} == before


def test_branches_merge(workspace: Workspace) -> None:
    """Cards added on two branches are lines added at two places: together they are a good ledger."""
    workspace.write("acme/a.md", "## What is A?\nan a\n")
    workspace.write("acme/z.md", "## What is Z?\nz\n")
    workspace.run("export")
    lines = (workspace.decks / ledger.FILE_NAME).read_text("utf-8").splitlines(keepends=True)
    extra = OTHER + "\n"
    assert len(ledger.parse("".join([*lines, extra]).encode(), "l")) == 3
    assert len(ledger.parse("".join([lines[0], extra, *lines[1:]]).encode(), "l")) == 3


def test_two_runs_at_once_take_turns(workspace: Workspace) -> None:
    for number in range(30):
        workspace.write(f"acme/{number}.md", f"## What is {number}?\nA number.\n")
    command = [
        sys.executable,
        "-m",
        "offbook",
        "export",
        "--notes",
        str(workspace.notes),
        "--decks",
        str(workspace.decks),
    ]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    outputs = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0]
    assert sorted(output.splitlines()[0] for output in outputs) == [
        "Acme: 30 new", "Acme: 30 unchanged", "Acme: 30 unchanged",
    ]  # fmt: skip


def test_a_failed_write_leaves_no_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Exception, match="No space left"):
        files.write(tmp_path / "a", b"x")
    assert list(tmp_path.iterdir()) == []
