"""What is kept from one run to the next changes no result, whatever happens to the notes or to the cache."""

from __future__ import annotations

import ast
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import Workspace
from hypothesis import given, settings
from hypothesis import strategies as st

from offbook import memo as memos
from offbook import package, pipeline
from offbook.errors import UsageError
from offbook.memo import FOLDER_VARIABLE, Codec, Memo
from offbook.model import Build
from offbook.pipeline import build
from offbook.project import Project
from offbook.stages import Stages
from offbook.survey import survey

NOW = 1_800_000_000


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the cache folder, empty."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


# -- any edits -------------------------------------------------------------------------------------

NAMES = ("acme/one.md", "acme/two.md", "acme/deep/three.md", "basalt/one.md", "loose.md", "Acme r2.md")
PICTURES = ("acme/pic.png", "pic.png", "img/pic.png")
PARTS = (
    "## What is a lease?\n\nA promise that ends, as **bold** as `code` and $x^2$.\n\n- one\n- two\n",
    "## How do you find a slow query?\n\nSee ![[two#Detail]] and [[three]], then measure.\n",
    "## What does the picture show?\n\n![[pic.png]]\n\n![x](pic.png)\n",
    "## Tell me about a conflict\n\n",
    "## Why us?\n",
    "### Detail\n\nThe leader of the quorum waits for a majority, and then tells all of its followers about it.\n",
    "A conflict with a colleague about the quorum of the leader was settled by measuring what both of us had built.\n",
    "Why us? Because the team that builds the storage engine is the best one that anybody could wish for, really.\n",
    "A text with {{c1::a gap}} and [^1].\n\n[^1]: A *note*.\n",
    "> [!question] What is a quorum?\n> More than half, see ![[one]].\n",
    "> [!hint] Think\n> twice\n",
    "| Question | Answer |\n|---|---|\n| What is a term? | A period |\n",
    "Q: What is a log?\nA: A list of [[loose|entries]].\n",
    "```python\nprint('x')\n```\n",
    "## What is a fence?\n\nA *token* that grows. ^fence\n",
    "## What is a fence?\n\nA **token** that grows.\n",
    "## What is a barrier?\n\nA token that grows. ^fence\n",
    "",
)
FRONT = (
    "",
    "---\ncompany: Acme\ntags: [a/b, c]\n---\n",
    "---\ncompany: ACME\ndate: 2024-01-31\n---\n",
    '---\ncompany: [Acme, Basalt]\nhint: "Look at **it**"\n---\n',
    "---\ncompany: all\ndeck: Own::Deck\ntime: 2m\nspeak: true\n---\n",
    "---\ncards: explicit\nstrict_line_breaks: true\n---\n",
    "---\ncompany: {a: b}\n---\n",
    "---\nsuggestions: false\n---\n",
)
SETTINGS = (
    "",
    "speak = true\n",
    "cards = 'questions'\n",
    "hint = 'Breathe'\n",
    "ignore = ['basalt']\n",
    "css = '.a {}'\n",
)

notes = st.builds(
    lambda front, parts: front + "\n" + "\n".join(parts),
    st.sampled_from(FRONT),
    st.lists(st.sampled_from(PARTS), max_size=5),
)
edits = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), notes),
    st.tuples(st.just("write"), st.sampled_from(NAMES), notes),
    st.tuples(st.just("delete"), st.sampled_from((*NAMES, *PICTURES)), st.just("")),
    st.tuples(st.just("write"), st.sampled_from(PICTURES), st.sampled_from(("png one", "png two"))),
    st.tuples(st.just("write"), st.just("offbook.toml"), st.sampled_from(SETTINGS)),
    st.tuples(st.just("move"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("vault"), st.just(".obsidian"), st.just("")),
)


days = st.lists(
    st.tuples(st.lists(edits, min_size=1, max_size=6), st.sampled_from(((), (), (), ("Acme",), ("acme", "basalt")))),
    min_size=2,
    max_size=6,
)
Day = tuple[list[tuple[str, str, str]], tuple[str, ...]]
"""What is edited, and the companies that are exported afterwards."""


@settings(max_examples=6, deadline=None)
@given(days, st.booleans())
def test_a_memoised_run_gives_what_another_one_gives(days: list[Day], one_by_one: bool) -> None:
    _assert_the_same(days, one_by_one)


@pytest.mark.long
@settings(max_examples=300, deadline=None)
@given(days, st.booleans())
def test_many_memoised_runs_give_what_others_give(days: list[Day], one_by_one: bool) -> None:
    _assert_the_same(days, one_by_one)


def _assert_the_same(days: list[Day], one_by_one: bool) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        root = Path(name)
        patch.setenv(FOLDER_VARIABLE, str(root / "cache"))
        (root / "notes").mkdir()
        for now, (day, companies) in enumerate(days, NOW):
            for edit in day:
                _edit(root / "notes", *edit)
            if one_by_one:  # what was found is kept without what it looks like
                survey(_project(root))
            expected = _built(root, now, companies, cached=False)
            found = _built(root, now, companies)
            assert _outcome(found) == _outcome(expected)
            if isinstance(found, Build):
                pipeline.write(_project(root), found)
        assert _outcome(_built(root, NOW + 99)) == _outcome(_built(root, NOW + 99, cached=False))


def _edit(folder: Path, what: str, name: str, more: str) -> None:
    file = folder / name
    if what == "vault":
        file.rmdir() if file.exists() else file.mkdir()
    elif what == "delete":
        file.unlink(missing_ok=True)
    elif what == "move":
        if file.exists() and name != more:
            (folder / more).parent.mkdir(parents=True, exist_ok=True)
            file.replace(folder / more)
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(more, "utf-8")


def _outcome(found: Build | str) -> Any:
    """Return all that an export tells and writes."""
    if isinstance(found, str):
        return found
    return found.names, found.changes, found.problems, found.counts(), found.packages, found.ledger, found.suggested


def _project(root: Path, *, cached: bool = True) -> Project:
    return Project(root / "notes", root / "decks", cached=cached)


def _built(root: Path, now: int, companies: Sequence[str] = (), *, cached: bool = True) -> Build | str:
    """Return an export, or why there is none."""
    try:
        return build(_project(root, cached=cached), companies, now)
    except UsageError as error:
        return str(error)


# -- what must be noticed --------------------------------------------------------------------------


def answers(workspace: Workspace) -> dict[str, str]:
    """Export; return the answers in the package, by question."""
    workspace.run("export")
    found = package.read_notes((workspace.decks / "acme.apkg").read_bytes())
    return {note.fields[0]: note.fields[1] for note in found}


def test_an_edit_of_an_embedded_note_reaches_the_card(workspace: Workspace, folder: Path) -> None:
    workspace.write("acme/one.md", "## What is it?\n\n![[two]]\n")
    workspace.write("acme/two.md", "First.\n")
    assert "First." in answers(workspace)["What is it?"]
    workspace.write("acme/two.md", "Second.\n")
    assert "Second." in answers(workspace)["What is it?"]


def test_a_new_file_may_be_what_a_link_leads_to(workspace: Workspace, folder: Path) -> None:
    workspace.write("acme/one.md", "## What is it?\n\nThis:\n\n![[two]]\n")
    assert "missing" in answers(workspace)["What is it?"]
    workspace.write("elsewhere/two.md", "Far.\n")
    assert "Far." in answers(workspace)["What is it?"]
    workspace.write("acme/two.md", "Near.\n")
    assert "Near." in answers(workspace)["What is it?"]


def test_a_picture_with_other_bytes_of_the_same_length_changes_its_card(workspace: Workspace, folder: Path) -> None:
    workspace.write("acme/one.md", "## What is it?\n\n![[pic.png]]\n")
    seen = set()
    for data in (b"one", b"two", b"six"):
        workspace.write("acme/pic.png", data)
        seen.add(answers(workspace)["What is it?"])
    assert len(seen) == 3


def test_a_package_that_was_deleted_or_replaced_is_written_again(workspace: Workspace, folder: Path) -> None:
    workspace.write("acme/one.md", "## What is it?\n\nThat.\n")
    workspace.run("export")
    file = workspace.decks / "acme.apkg"
    good = file.read_bytes()
    for harm in (file.unlink, lambda: file.write_bytes(b"other"), lambda: file.write_bytes(good[:-1] + b"?")):
        harm()
        workspace.run("export")
        assert file.read_bytes() == good


def test_no_cache_keeps_nothing(workspace: Workspace, folder: Path) -> None:
    workspace.write("acme/one.md", "## What is it?\n\nThat.\n")
    for command in ("export", "cards", "check", "preview"):
        workspace.run(command, "--no-cache")
    assert not folder.exists()


# -- what harm the cache can take ------------------------------------------------------------------


@pytest.fixture
def exported(workspace: Workspace, folder: Path) -> Workspace:
    for number in range(6):
        embed = "![[0]]" if number else ""
        workspace.write(f"acme/{number}.md", f"## What is {number}?\n\nThe number **{number}**. {embed}\n")
    workspace.run("export")
    return workspace


def _bytes(workspace: Workspace) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in workspace.decks.iterdir() if not file.name.startswith(".")}


def _harms(file: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    data = file.read_bytes()
    yield "deleted", file.unlink
    yield "emptied", lambda: file.write_bytes(b"")
    yield "cut off", lambda: file.write_bytes(data[: len(data) // 2])
    yield "no database", lambda: file.write_bytes(b"x" * 5000)
    yield "another program's", lambda: _execute(file, "drop table kept", "create table kept (x)")
    yield "values cut off", lambda: _execute(file, "update kept set value = substr(value, 1, length(value) - 3)")
    yield "values of another type", lambda: _execute(file, "update kept set value = 'text'")
    yield "values empty", lambda: _execute(file, "update kept set value = x''")
    yield "keys exchanged", lambda: _execute(file, "update kept set key = 1")
    yield "of an older version", lambda: _execute(file, "update about set version = x'00'")
    random_bytes = random.Random(1)
    for _ in range(10):
        place = random_bytes.randrange(len(data))
        changed = data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]
        yield f"byte {place} changed", lambda changed=changed: file.write_bytes(changed)  # type: ignore[misc]


def _execute(file: Path, *statements: str) -> None:
    database = sqlite3.connect(file)
    for statement in statements:
        database.execute(statement)
    database.commit()
    database.close()


def test_a_damaged_cache_changes_nothing(exported: Workspace, folder: Path) -> None:
    (file,) = folder.glob("*.sqlite")
    expected = _bytes(exported)
    sound = file.read_bytes()
    for what, harm in _harms(file):
        file.write_bytes(sound)
        harm()
        exported.run("export")
        assert _bytes(exported) == expected, what
        exported.run("cards")
        exported.run("check")


def test_without_a_folder_to_write_to_there_is_no_cache(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "file" / "cache"))
    workspace.write("acme/one.md", "## What is it?\n\nThat.\n")
    assert workspace.run("export").stderr == ""


def test_a_cache_that_another_run_is_writing_to_is_left_alone(exported: Workspace, folder: Path) -> None:
    (file,) = folder.glob("*.sqlite")
    other = sqlite3.connect(file)
    other.execute("begin exclusive")
    exported.write("acme/0.md", "## What is new?\n\nThis.\n")
    assert exported.changes()["What is new?"] == "new"
    other.close()


def test_runs_at_the_same_time_share_a_cache(workspace: Workspace, folder: Path) -> None:
    for number in range(20):
        workspace.write(f"acme/{number}.md", f"## What is {number}?\n\nA number.\n")

    def export(number: int) -> Mapping[str, bytes]:
        project = Project(workspace.notes, workspace.root / f"decks{number}")
        return build(project, [], NOW).packages

    with ThreadPoolExecutor(4) as pool:
        first, *others = pool.map(export, range(8))
    assert all(other == first for other in others)


def test_the_folder_is_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memos, "LARGEST", 200_000)
    codec = Codec("stage", str)
    for number in range(6):
        memo = Memo(folder / f"{number}.sqlite")
        memo.put(codec, "name", b"key", "x" * 80_000)
        memo.save()
        os.utime(folder / f"{number}.sqlite", (number, number))
    assert sorted(file.stem for file in folder.iterdir()) == ["4", "5"]
    assert Memo(folder / "5.sqlite").get(codec, "name", b"key") == "x" * 80_000


def test_notes_that_are_gone_are_forgotten(exported: Workspace, folder: Path) -> None:
    (file,) = folder.glob("*.sqlite")
    (exported.notes / "acme/0.md").unlink()
    exported.run("export")
    database = sqlite3.connect(file)
    names = {name for (name,) in database.execute("select name from kept where stage = 'html'")}
    database.close()
    assert names == {f"acme/{number}.md" for number in range(1, 6)}


# -- what a run does not do ------------------------------------------------------------------------

_HEAVY = ("markdown_it", "mdit_py_plugins", "nh3", "pygments", "rapidfuzz", "genanki", "yaml", "snowballstemmer")


def _in_a_process(workspace: Workspace, script: str, *args: str) -> Any:
    """Run the command line in a process of its own; return what `script` puts into `result` behind it."""
    code = (
        "import sys, json\nfrom offbook.__main__ import main\nopened = []\n"
        "def hook(event, args):\n"
        "    if event in ('open', 'os.listdir', 'os.scandir'): opened.append(str(args[0]))\n"
        "sys.addaudithook(hook)\ntry:\n    main()\nexcept SystemExit:\n    pass\n"
        f"{script}\nprint('\\n' + json.dumps(result))"
    )
    options = ["--notes", str(workspace.notes), "--decks", str(workspace.decks)]
    command, *rest = args
    done = subprocess.run([sys.executable, "-c", code, command, *options, *rest], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_where_nothing_changed_nothing_heavy_is_loaded(exported: Workspace) -> None:
    exported.run("export")
    loaded = _in_a_process(exported, "result = sorted(sys.modules)", "export")
    assert set(_HEAVY).isdisjoint(loaded)


def test_help_loads_no_command(exported: Workspace) -> None:
    code = (
        "import sys\nsys.argv[1:] = ['--help']\nfrom offbook.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    print([m for m in sys.modules if m.startswith('offbook.')])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    loaded = ast.literal_eval(out.splitlines()[-1])
    assert {"offbook.model", "offbook.pipeline", "offbook.commands.export"}.isdisjoint(loaded)


@pytest.mark.parametrize("command", ["cards", "check"])
@pytest.mark.parametrize("cached", [True, False])
def test_one_note_is_read_without_the_others(workspace: Workspace, folder: Path, command: str, cached: bool) -> None:
    for number in range(5):
        workspace.write(f"acme/{number}.md", f"## What is {number}?\n\nSee [[0]] and ![[4]].\n")
    if cached:
        workspace.run("export")
    one = workspace.notes / "acme/1.md"
    opened = _in_a_process(workspace, "result = opened", command, str(one))
    folders = {str(workspace.notes), "acme"}  # on the way to a note, which is opened in its folder
    touched = {name for name in opened if name.endswith(".md") or name.startswith(str(workspace.notes))}
    of_obsidian = {"templates.json", "data.json"}  # where its templates lie
    assert {Path(name).name for name in touched - folders} <= {"1.md", "4.md"} | of_obsidian
    assert "1.md" in touched


def test_unchanged_packages_are_not_made_again(exported: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    exported.write("basalt/one.md", "## What is it?\n\nThat.\n")
    exported.run("export")
    made = []
    original = package.package_bytes

    def counted(notes: Any, *args: Any) -> bytes:
        made.append(notes[0].deck)
        return original(notes, *args)

    monkeypatch.setattr(package, "package_bytes", counted)
    exported.write("basalt/one.md", "## What is it?\n\nThis.\n")
    exported.run("export")
    assert made == ["Interviews::Basalt"]


# -- worker processes ------------------------------------------------------------------------------


def test_workers_find_what_one_process_finds(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(Path(__file__).parent.parent / "notes", workspace.notes, dirs_exist_ok=True)
    alone = build(Project(workspace.notes, workspace.decks, cached=False), [], NOW)
    monkeypatch.setattr("offbook.stages._WORTH_WORKERS", 0)
    monkeypatch.setattr("offbook.stages._processors", lambda: 2)
    read_here = []
    original = Stages._read

    def read(self: Stages, path: str) -> Any:
        read_here.append(path)
        return original(self, path)

    monkeypatch.setattr(Stages, "_read", read)
    assert (
        build(Project(workspace.notes, workspace.decks, cached=False, workers=True), [], NOW).packages == alone.packages
    )
    assert read_here == []


def test_where_no_worker_can_be_started_one_process_does_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.write("acme/one.md", "## What is it?\n\nThat.\n")
    monkeypatch.setattr("offbook.stages._WORTH_WORKERS", 0)
    monkeypatch.setattr("offbook.stages._processors", lambda: 2)

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", refuse)
    assert workspace.changes("--no-cache") == {"What is it?": "new"}


# -- progress --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terminal", "no_color", "shown"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_a_progress_bar_is_for_terminals(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], terminal: bool, no_color: bool, shown: bool
) -> None:
    from offbook.commands import common

    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    times = iter(range(1000))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(times)))
    assert list(common.progress(iter("abcdef"), 6, "Reading")) == list("abcdef")
    captured = capsys.readouterr()
    assert ("Reading" in captured.err) is shown
    assert captured.out == ""
