"""The ledger as a file: readable, stable, and never started anew in silence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Workspace
from hypothesis import given
from hypothesis import strategies as st

from offbook import files, ledger
from offbook.ledger import Entry, LedgerError

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
    assert sorted(ledger.parse(written, "x"), key=lambda e: e.guid) == sorted(items, key=lambda e: e.guid)
    assert ledger.dump(reversed(items)) == written
    assert len(written.split("\n")) == len(items) + 2  # a header, a line each, and no more


@given(entries, st.data())
def test_an_entry_that_was_read_keeps_its_line_and_another_gets_the_line_it_always_had(
    items: list[Entry], data: st.DataObject
) -> None:
    changed = [replace(item, content="new", question=item.question + "!") for item in items]
    choice = [data.draw(st.booleans()) for _ in items]
    read = {entry.guid: entry for entry in ledger.parse(ledger.dump(items), "x")}
    mixed = [
        replace(read[old.guid], content="new", question=new.question) if takes_new else read[old.guid]
        for old, new, takes_new in zip(items, changed, choice, strict=True)
    ]
    fresh = [new if takes_new else old for old, new, takes_new in zip(items, changed, choice, strict=True)]
    assert ledger.dump(mixed) == ledger.dump(fresh)


@given(entries, st.data())
def test_a_ledger_may_be_read_a_note_at_a_time(items: list[Entry], data: st.DataObject) -> None:
    as_ascii = data.draw(st.booleans())
    written = ledger.dump(items)
    lines = [json.dumps(json.loads(line), ensure_ascii=as_ascii) for line in written.split("\n")[1:-1]]
    lines = data.draw(st.permutations(lines))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / ledger.FILE_NAME
        file.write_text("\n".join([written.partition("\n")[0], *lines, ""]), "utf-8")
        book = ledger.Sections(file)
        whole = ledger.load(file)
    known = data.draw(st.sets(st.sampled_from([entry.note for entry in whole]))) if whole else set()
    assert book.guids == {entry.guid for entry in whole}
    others = [entry for entry in whole if entry.retired or entry.note not in known]
    assert sorted(book.entries(known), key=_guid) == sorted(others, key=_guid)
    for note in known:
        assert book.text(note) == "\n".join(entry.line for entry in whole if entry.note == note and not entry.retired)


def _guid(entry: Entry) -> str:
    return entry.guid


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
        (GOOD + OTHER[:-1] + ', "colour": "red"}\n', 3, "unknown key 'colour'"),
        (GOOD + OTHER[:-1] + ', "modified": "now"}\n', 3, "'modified' has an unexpected value"),
        (GOOD + OTHER[:-1] + ', "modified": true}\n', 3, "'modified' has an unexpected value"),
        (GOOD.replace("1}", "2}", 1), 1, "format 2 is not known"),
        ("a text of another program\n", 1, "no offbook ledger"),
    ],
)
def test_anything_else_is_an_error_with_its_line_and_a_way_out(
    tmp_path: Path, broken: str, line: int, words: str
) -> None:
    with pytest.raises(LedgerError) as caught:
        ledger.parse(broken, "decks/ledger.jsonl")
    assert f"decks/ledger.jsonl:{line}: " in str(caught.value)
    assert words in str(caught.value)
    assert "Nothing was changed" in str(caught.value)
    (tmp_path / "ledger.jsonl").write_text(broken, "utf-8")
    with pytest.raises(LedgerError, match=f"ledger.jsonl:{line}: ") as caught:
        ledger.Sections(tmp_path / "ledger.jsonl").entries()
    assert words in str(caught.value)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(LedgerError) as caught:
        ledger.parse(GOOD + "x\n" + "y\n", "l")
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
    assert len(ledger.parse("".join([*lines, extra]), "l")) == 3
    assert len(ledger.parse("".join([lines[0], extra, *lines[1:]]), "l")) == 3


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
