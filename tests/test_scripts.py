"""What docs/scripts.md promises to scripts: names and types of `--json`, what goes where, and its three scripts."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Workspace, run
from pages import ROOT
from test_import import MUTEX, Desk, answer, older

PAGE = (ROOT / "docs" / "scripts.md").read_text("utf-8")
NOTE = (
    "---\ninterview: 2999-12-03\ntags: raft\n---\n## What is Raft?\nConsensus.\n\n## Why us?\n\n"
    "## Name its roles ::: leader, follower\n\nA ==leader== and ==followers==. #cloze\n\n![[gone.png]]\n"
)


# -- names and types of --json -----------------------------------------------------------------------


def table(header: str) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the page's table with this header."""
    rows = PAGE.split(f"| {header} |\n", 1)[1].split("\n\n", 1)[0].splitlines()[1:]
    return (tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows)


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


COUNTS = quoted(re.search(r"The \*counts\* of an import are (.*?);", PAGE, re.S)[1])  # type: ignore[index]
OBJECTS = {
    ".".join(quoted(kind)): [*quoted(names), *(COUNTS if "*counts*" in names else ())]
    for kind, names in table("object | names in it")
}
"""The names in each object: of a command, `cards`, or of one of the lists that it prints, `export.changes`."""
TYPES = {name: kind for names, kind, _ in table("name | type | what it is") for name in quoted(names)}
OF_TYPE: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "text or null": (str, type(None)),
    "number": (int, float),
    "number or null": (int, float, type(None)),
    "true or false": (bool,),
    "list of texts": (list,),
    "list of objects": (list,),
}


def check(data: dict[str, Any], kind: str, seen: set[str]) -> None:
    """Check that an object has the names of its kind and values of their types, and so have those in its lists."""
    seen.add(kind)
    assert set(data) == set(OBJECTS[kind]), kind
    command = kind.split(".")[0]
    for name, value in data.items():
        type_ = TYPES.get(name, "number")
        assert isinstance(value, OF_TYPE[type_]), (kind, name, value)
        assert type_ == "true or false" or not isinstance(value, bool), (kind, name, value)
        if type_ == "list of texts":
            assert all(isinstance(text, str) for text in data[name]), (kind, name, value)
        if type_ == "list of objects":
            for each in data[name]:
                check(each, "check" if name == "problems" else f"{command}.{name}", seen)


def test_every_command_prints_the_names_and_types_of_the_table(workspace: Workspace) -> None:
    desk = Desk(workspace, "collection")
    desk.run()
    desk.study()
    desk.change(MUTEX, answer("my own words"))
    older(desk)
    desk.edit("with an owner", "with one owner")
    workspace.write("acme/b.md", NOTE)
    seen: set[str] = set()

    def see(*args: str, status: int = 0) -> None:
        for line in workspace.run(args[0], "--json", *args[1:], status=status).stdout.splitlines():
            check(json.loads(line), args[0], seen)

    for command in ("cards", "status", "ready", "import"):
        see(command, *([] if command in ("cards", "status") else ["--collection", str(desk.file)]))
    see("check", status=1)
    desk.edit("with one owner", "with an owner")
    see("import", "--dry-run", "--collection", str(desk.file))
    see("export")
    (workspace.notes / "acme" / "b.md").unlink()
    see("export")
    see("retired")
    assert seen == set(OBJECTS)


def test_an_import_by_hand_has_the_same_names_without_counts(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.write("acme/a.md", NOTE)
    monkeypatch.setattr("offbook.commands.by_hand.open_with_system", lambda file: True)
    data = json.loads(workspace.run("import", "--json").stdout)
    assert set(data) == set(OBJECTS["import"]) - set(COUNTS)
    (company,) = data["companies"]
    assert set(company) == set(OBJECTS["import.companies"]) - set(COUNTS)
    assert (data["anki"], company["handed_over"]) == (None, True)


# -- what goes where ---------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["cards", "cards --explain", "export -v --dry-run", "retired"])
def test_nothing_is_cut_in_a_pipe(here: Workspace, command: str) -> None:
    question = f"Why would you {'ask and ' * 18}answer?"
    here.write("acme/a.md", f"## {question}\n{'So it is. ' * 40}\n")
    run("export")
    if command == "retired":
        here.write("acme/a.md", "## Why?\nSo.\n")
        run("export")
        here.write("acme/a.md", "## What else?\nThat.\n")
        run("export")
    else:
        (here.decks / "ledger.jsonl").unlink()
        (here.decks / "acme.apkg").unlink()
    printed = run(*command.split()).stdout
    assert question in printed
    assert "…" not in printed


def test_quiet_keeps_warnings_to_itself_and_tells_faults(workspace: Workspace) -> None:
    workspace.write("acme/a.md", NOTE.replace("2999-12-03", "soon"))
    assert "acme/a.md:2: `interview` must be a day" in workspace.run("export").stderr
    assert workspace.run("export", "-q").output == ""
    workspace.write("acme/b.md", "---\ntags: [\n---\n")
    said = workspace.run("export", "-q", status=1)
    assert ("b.md:" in said.stderr, "interview" in said.stderr, said.stdout) == (True, False, "")


def test_a_quiet_import_says_nothing(workspace: Workspace) -> None:
    desk = Desk(workspace, "connect")
    assert desk.run("-q").output == ""
    note = (workspace.notes / "acme" / "a.md").read_text("utf-8")
    workspace.write("acme/a.md", "---\ndeck: Elsewhere\n---\n" + note)
    assert desk.run("-q").output == ""


@pytest.fixture
def read_only(here: Workspace) -> Iterator[Workspace]:
    """A workspace with an exported card, on a file system that is mounted so that nobody can write to it."""
    here.write("acme/a.md", "## Why?\nSo.\n")
    run("export")
    (here.decks / ".offbook.lock").unlink()
    root = str(here.root)
    for command in (["mount", "--bind", root, root], ["mount", "-o", "remount,ro,bind", root]):
        if not shutil.which("mount") or subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("nothing can be mounted here")
    os.chdir(root)  # the folder that was the current one lies below the mount
    yield here
    os.chdir("/")
    subprocess.run(["umount", root], check=True)


def test_a_read_only_file_system_is_named_and_reading_goes_on(
    read_only: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFBOOK_CACHE", str(read_only.root / "cache"))
    for command in ("export", "retired --forget"):
        said = run(*command.split(), status=3).stderr
        assert said.startswith("error: cannot write to the folder 'decks': Read-only file system; ")
    assert "cannot write" in run("preview", status=3).stderr
    for command in ("cards", "check", "status", "retired", "export --dry-run"):
        assert run(*command.split()).stderr == ""
    cache = run("export", "--dry-run", "-v").stderr
    assert re.fullmatch(r"the cache '.*' is not used in this run: Read-only file system\n", cache)


# -- the scripts -------------------------------------------------------------------------------------

needs_jq = pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")


def script(folder: Path, name: str) -> Path:
    """Save one of the page's scripts and return its file."""
    found = re.search(rf"^```sh {re.escape(name)}\n(.*?)^```$", PAGE, re.M | re.S)
    assert found
    (folder / name).write_text(found[1], "utf-8")
    (folder / name).chmod(0o755)
    return folder / name


def shell(folder: Path, *args: str | Path, status: int = 0) -> str:
    """Run a program in a folder, with `offbook` at hand, and return all that it prints."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    who = {f"GIT_{role}_{key}": "me" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    environment = {**os.environ, **who, "PATH": path, "ANKI_BASE": str(folder / "Anki2")}
    done = subprocess.run(
        args, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, check=False
    )
    assert done.returncode == status, done.stdout
    return done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="the scripts are for a POSIX shell")
def test_the_nightly_import_is_silent_and_commits_the_ledger(workspace: Workspace) -> None:
    desk = Desk(workspace, "collection")
    (workspace.root / "offbook.toml").write_text('anki_url = "http://127.0.0.1:9"\n', "utf-8")
    nightly = script(workspace.root, "nightly.sh")
    shell(workspace.root, "git", "init", "-q")
    assert shell(workspace.root, "sh", nightly, ".") == ""
    assert desk.report() == "Acme: 3 unchanged\n"
    assert shell(workspace.root, "git", "ls-files") == "decks/ledger.jsonl\n"
    assert shell(workspace.root, "sh", nightly, ".") == ""
    workspace.write("acme/b.md", "---\ntags: [\n---\n")
    assert "acme/b.md:3: the lines between" in shell(workspace.root, "sh", nightly, ".")
    workspace.write("acme/b.md", "")
    shell(workspace.root, "sh", nightly, "nowhere", status=2)


@needs_jq
@pytest.mark.skipif(sys.platform == "win32", reason="the scripts are for a POSIX shell")
def test_the_hook_lets_good_notes_be_committed_and_no_faulty_ones(workspace: Workspace) -> None:
    shell(workspace.root, "git", "init", "-q")
    script(workspace.root / ".git" / "hooks", "pre-commit")
    workspace.write("acme/old.md", "## Why old?\n![[gone.png]]\n")
    (workspace.root / "other.txt").write_text("other", "utf-8")
    shell(workspace.root, "git", "add", "other.txt")
    assert shell(workspace.root, "git", "commit", "-qm", "no note") == ""
    workspace.write("acme/a b.md", "## Why?\nSo.\n\n## Why else?\n")
    shell(workspace.root, "git", "add", "notes/acme/a b.md")
    assert shell(workspace.root, "git", "commit", "-qm", "good") == ""
    shell(workspace.root, "git", "add", "notes")
    assert "acme/old.md:2: " in shell(workspace.root, "git", "commit", "-qm", "faulty", status=1)
