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
from msgspec import structs

from offbook import files, ledger
from offbook.ledger import LedgerError
from offbook.model import Entry, Gap

ENTRY = Entry("00000000000000ab", "acme/a.md", "What is X?", ("acme",), "Interviews::Acme", modified=5, added=4)

text = st.text(max_size=12)
entries = st.lists(
    st.builds(
        Entry,
        guid=st.integers(0, 2**64 - 1).map("{:016x}".format),
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
    assert header == '{"offbook-ledger": 2, "sum": "1903262b"}'
    values = json.loads(line)
    assert len(values.pop("sum")) == 8
    assert values == {
        "guid": "00000000000000ab", "note": "acme/a.md", "question": "What is X?", "companies": ["acme"],
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


OTHER_ENTRY = Entry("00000000000000cd", "b.md", "Y?", ("b",), "D")
GOOD = ledger.dump([ENTRY])
OLD = '{"offbook-ledger": 1}\n'
OTHER = json.dumps({"guid": "00000000000000cd", "note": "b.md", "question": "Y?", "companies": ["b"], "deck": "D"})


@pytest.mark.parametrize(
    ("broken", "line", "words"),
    [
        (GOOD + "<<<<<<< HEAD\n" + OTHER + "\n=======\n>>>>>>> other\n", 3, "unresolved merge conflict"),
        (GOOD[:-20] + "\n", 2, "damaged or edited"),
        (GOOD.rstrip("\n"), 2, "cut off"),
        (GOOD + OTHER + "\n", 3, "its checksum differs"),
        (GOOD.replace("X?", "Z?"), 2, "its checksum differs; restore it from git or a backup"),
        (OLD + OTHER[:-5] + "\n", 2, "is not JSON"),
        (OLD + OTHER.replace("cd", "cg") + "\n", 2, "is not a guid"),
        (OLD + '{"some": "thing"}\n', 2, "is not a ledger line"),
        (OLD + "[1]\n", 2, "is not a ledger line"),
        (OLD + OTHER[:-1] + ', "colour": "red"}\n', 2, "unknown field `colour`"),
        (OLD + OTHER[:-1] + ', "modified": "now"}\n', 2, "`$.modified`"),
        (OLD + OTHER[:-1] + ', "modified": true}\n', 2, "`$.modified`"),
        ('{"offbook-ledger": 3}\n', 1, "format 3 is not known to this version of offbook; upgrade offbook"),
        ("a text of another program\n", 1, "not an offbook ledger"),
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
    assert str(caught.value).count("damaged") == 2


def test_a_broken_ledger_stops_the_export_and_stays_as_it_is(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    workspace.run("export")
    file = workspace.decks / ledger.FILE_NAME
    file.write_text(file.read_text("utf-8") + "broken\n", "utf-8")
    before = {path.name: path.read_bytes() for path in workspace.decks.iterdir()}
    assert "ledger.jsonl:3: the line was damaged" in workspace.run("export", status=3).stderr
    assert {path.name: path.read_bytes() for path in workspace.decks.iterdir()} == before


def test_branches_merge(workspace: Workspace) -> None:
    """Cards added on two branches are lines added at two places: together they are a good ledger."""
    workspace.write("acme/a.md", "## What is A?\nan a\n")
    workspace.write("acme/z.md", "## What is Z?\nz\n")
    workspace.run("export")
    lines = (workspace.decks / ledger.FILE_NAME).read_text("utf-8").splitlines(keepends=True)
    extra = ledger.dump([OTHER_ENTRY]).splitlines(keepends=True)[1]
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


# -- damage ----------------------------------------------------------------------------------------


def test_a_flipped_bit_is_found_wherever_it_is() -> None:
    gaps = (Gap(1, "dots or dashes", 2, 4),)
    several = [
        Entry(f"{number:016x}", "a.md", f"What is {number}?", ("a",), "D", modified=number, gaps=gaps)
        for number in range(9)
    ]
    data = ledger.dump(several, ledger.Header(looks="abc", changed=7)).encode()
    for index in range(len(data)):
        for bit in (index % 8, (index + 3) % 8):  # all eight of each byte took ten seconds
            flipped = bytearray(data)
            flipped[index] ^= 1 << bit
            with pytest.raises(LedgerError, match=r"x:\d+: "):
                ledger.parse(bytes(flipped), "x")


def test_an_empty_ledger_beside_packages_is_told(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    workspace.run("export")
    (workspace.decks / ledger.FILE_NAME).write_bytes(b"")
    assert "ledger.jsonl: is empty in" in workspace.run("export").stderr


# -- merging ---------------------------------------------------------------------------------------


def git(folder: Path, *args: str) -> str:
    names = ["-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "init.defaultBranch=one"]
    return subprocess.run(["git", *names, *args], cwd=folder, check=True, capture_output=True, text=True).stdout


def test_git_merges_neighbouring_lines_and_the_next_export_is_quiet(workspace: Workspace) -> None:
    def write(*answers: str) -> None:
        for name, answer in zip("abc", answers, strict=True):
            workspace.write(f"acme/{name}.md", f"## What is {name}?\n{answer}\n")
        workspace.run("export")
        git(workspace.root, "add", "notes", "decks/ledger.jsonl", "decks/.gitattributes")
        git(workspace.root, "commit", "-m", "edit")

    git(workspace.root, "init")
    write("One.", "Two.", "Three.")
    git(workspace.root, "branch", "other")
    write("One and a half.", "Two.", "Three.")
    git(workspace.root, "checkout", "other")
    (workspace.decks / "acme.apkg").unlink()  # as on another computer
    write("One.", "Two and a half.", "Three.")
    git(workspace.root, "merge", "one")
    result = workspace.run("export")
    assert result.stdout.startswith("Acme: 3 unchanged\n")
    told = "a merge left an older line of “What is a?” and 1 more; the later one counts, and there is nothing to mend"
    assert result.stderr.count(told) == 1
    again = workspace.run("export")
    assert (again.stdout.splitlines()[0], again.stderr) == ("Acme: 3 unchanged", "")


def test_packages_stay_out_of_git_unless_the_decks_folder_has_a_say(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## What is a?\nOne.\n")
    workspace.decks.mkdir()
    (workspace.decks / ".gitignore").write_text("*.html\n", "utf-8")
    workspace.run("export")
    assert (workspace.decks / ".gitignore").read_text("utf-8") == "*.html\n"
    for name in (".gitattributes", ".gitignore"):
        (workspace.decks / name).unlink()
    workspace.run("export")
    git(workspace.root, "init")
    git(workspace.root, "add", "decks")
    assert git(workspace.root, "ls-files").split() == ["decks/.gitattributes", "decks/.gitignore", "decks/ledger.jsonl"]
    (workspace.decks / ".gitignore").unlink()  # as by one who keeps packages in git
    workspace.run("export")
    assert not (workspace.decks / ".gitignore").exists()


def test_attributes_that_are_there_stay(workspace: Workspace) -> None:
    workspace.decks.mkdir()
    (workspace.decks / ".gitattributes").write_text("* -text\n", "utf-8")
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    workspace.run("export")
    assert (workspace.decks / ".gitattributes").read_text("utf-8") == "* -text\n"


def test_lines_that_differ_in_times_and_in_what_anki_has_are_no_news(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    workspace.run("export")
    file = workspace.decks / ledger.FILE_NAME
    (entry,) = ledger.load(file)
    imported = structs.replace(entry, modified=entry.modified + 9, in_anki="0" * 8, collections=("b",), told="x")

    def merge(other: Entry) -> str:
        file.write_text(ledger.dump([entry]) + ledger.dump([other]).partition("\n")[2], "utf-8")
        return workspace.run("export").stderr

    assert merge(imported) == ""
    assert ledger.load(file)[0].collections == ("b",)
    assert "a merge left an older line of “What is X?”; the" in merge(structs.replace(imported, answer="other"))


def test_of_two_lines_of_a_card_the_later_is_taken_whatever_their_order() -> None:
    early = structs.replace(ENTRY, gaps=(Gap(1, "a"), Gap(2, "b")), texts=("1",), in_anki="1", added=3)
    late = structs.replace(ENTRY, question="What is Y?", modified=9, gaps=(Gap(1, "a"), Gap(3, "c")), texts=("2",))
    lines = [ledger.dump([entry]).splitlines()[1] for entry in (early, late)]
    head = ledger.dump([]).rstrip("\n")
    taken = [ledger.parse("\n".join([head, *order, ""]).encode(), "x") for order in (lines, lines[::-1])]
    assert taken[0] == taken[1]
    (entry,) = taken[0]
    assert (entry.question, entry.texts, entry.in_anki, entry.added) == ("What is Y?", ("1", "2"), "1", 3)
    assert entry.past == (Gap(2, "b"),)
    assert ledger.later(entry, early) == entry


def test_lines_of_both_formats_merge() -> None:
    text = ledger.dump([ENTRY]) + OLD + OTHER + "\n"
    assert len(ledger.parse(text.encode(), "x")) == 2


# -- ledgers of offbook 1.0.0 ----------------------------------------------------------------------

OLD_NOTE = """\
Raft has a ==leader==, ==followers== and ==terms==. #cloze

Who wrote Paxos? ::: Leslie Lamport

## What is a mutex?
A lock with an owner.
"""
OLD_LEDGER = """\
{"offbook-ledger": 1}
{"guid": "7480a3a4fe543226", "note": "acme/a.md", "question": "Raft has a […], […] and […].", "companies": ["acme"], "deck": "Interviews::Acme", "answer": "nWfpY74ok03swhB3", "content": "8bb50db76941f0b6b8fae615", "added": 1795652567, "modified": 1795652567, "cloze": true, "texts": ["8ea5a0e9c508"], "tags": ["company::acme"]}
{"guid": "f4890068fe799065", "note": "acme/a.md", "question": "What is a mutex?", "companies": ["acme"], "deck": "Interviews::Acme", "answer": "uI/RBuBNKsP+P/QnxuviyT9S", "content": "ea729d58fade91d3a4d0ea90", "added": 1795652567, "modified": 1795652567, "texts": ["0b5f594dd4d0"], "tags": ["company::acme"]}
{"guid": "7572c031d803cc76", "note": "acme/a.md", "question": "Who wrote Paxos?", "companies": ["acme"], "deck": "Interviews::Acme", "answer": "DrHTH7ujjAhq", "content": "88557f1570dd5cb479330383", "added": 1795652567, "modified": 1795652567, "texts": ["5afd8ead95db"], "tags": ["company::acme"]}
"""  # noqa: E501 - lines of a file


def test_a_ledger_of_1_0_0_is_written_in_the_new_form_and_keeps_each_card(workspace: Workspace) -> None:
    """Each card says its line in Source now: it changes once, and is the card that it was."""
    file = workspace.decks / ledger.FILE_NAME
    workspace.write("acme/a.md", OLD_NOTE)
    workspace.decks.mkdir()
    file.write_text(OLD_LEDGER, "utf-8")
    before = {entry.guid: entry for entry in ledger.load(file)}
    assert workspace.run("export").stdout.startswith("Acme: 3 changed\n")
    assert workspace.run("export").stdout.startswith("Acme: 3 unchanged\n")
    assert file.read_text("utf-8").startswith('{"offbook-ledger": 2,')
    after = {entry.guid: entry for entry in ledger.load(file)}
    assert after.keys() == before.keys()
    for guid, entry in after.items():
        assert entry.added == before[guid].added
        assert entry.texts[: len(before[guid].texts)] == before[guid].texts
        assert entry.fields


def test_gaps_of_1_0_0_are_known_from_its_packages(workspace: Workspace) -> None:
    file = workspace.decks / ledger.FILE_NAME
    workspace.write("acme/a.md", OLD_NOTE)
    workspace.decks.mkdir()
    file.write_text(OLD_LEDGER, "utf-8")
    workspace.run("export")
    file.write_text(OLD_LEDGER, "utf-8")
    workspace.write("acme/a.md", OLD_NOTE.replace("==leader==", "leader"))
    assert workspace.changes()["Raft has a leader, […] and […]."] == "changed"
    (entry,) = [entry for entry in ledger.load(file) if entry.cloze]
    assert [(gap.number, gap.text) for gap in entry.gaps] == [(2, "followers"), (3, "terms")]


def test_of_two_first_lines_that_a_merge_leaves_the_later_looks_count(workspace: Workspace) -> None:
    workspace.write("offbook.toml", 'css = ".card { color: teal }"\n')
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    workspace.run("export")
    file = workspace.decks / ledger.FILE_NAME
    before = ledger.read(file)
    later = ledger.Header(looks=before.header.looks, changed=before.header.changed - 1000)
    merged = ledger.dump(before.entries, later)
    file.write_text(ledger.dump([], ledger.Header(looks="older", changed=5)) + merged, "utf-8")
    workspace.run("export")
    assert file.read_text("utf-8") == merged
