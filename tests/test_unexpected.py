"""Whatever happens, the user sees a message and never a traceback."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from conftest import Workspace

from offbook import __version__
from offbook.cli import cli
from offbook.model import Note

SECRET = "what nobody else should read"


def _fails(note: Note, *_: object) -> None:
    try:
        dict[str, str]()[note.body]
    except KeyError as error:
        raise ValueError(note.body) from error


def test_an_unexpected_error_becomes_a_report_without_the_notes_text(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.write("acme/a.md", f"## Why?\n{SECRET}\n")
    monkeypatch.setattr("offbook.cards.find.find_cards", _fails)
    monkeypatch.setattr(sys, "argv", ["offbook", "export", "--dry-run", "--notes", "/home/me/secret notes"])
    stderr = workspace.run("export", status=3).stderr
    (line,) = stderr.splitlines()
    assert "a bug in offbook (ValueError, at acme/a.md)" in line
    report = Path(re.findall(r"the report (\S+),", line)[0])
    text = report.read_text("utf-8")
    report.unlink()
    assert SECRET not in text
    assert "secret notes" not in text
    assert f"offbook {__version__}, Python 3" in text
    assert "command: export --dry-run --notes" in text
    assert "builtins.KeyError" in text
    assert "builtins.ValueError" in text
    assert "in _fails" in text
    assert f"{os.sep}site-packages" not in text
    assert "offbook/pipeline.py:" in text.replace(os.sep, "/")


def test_a_report_that_cannot_be_written_is_told(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.write("acme/a.md", "## Why?\nBecause.\n")
    monkeypatch.setattr("offbook.cards.find.find_cards", _fails)
    monkeypatch.setattr("tempfile.tempdir", str(workspace.root / "nowhere"))
    assert "could not be written either (No such file or directory)" in workspace.run("export", status=3).stderr


CONTEXT = click.Context(cli)


@pytest.mark.parametrize("name", cli.list_commands(CONTEXT))
def test_every_command_is_covered(name: str) -> None:
    command = cli.get_command(CONTEXT, name)
    assert command is not None
    assert command.name == name
    callback = command.callback
    assert hasattr(callback, "__wrapped__"), f"{name} lacks @common.reports_errors"


# -- as a process ----------------------------------------------------------------------------------


def offbook(
    workspace: Workspace, *args: str, stdout: int = subprocess.PIPE, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "offbook", *args]
    return subprocess.run(
        command, cwd=workspace.root, stdout=stdout, stderr=subprocess.PIPE, env={**os.environ, **environment}
    )


def _listen_to_interrupts() -> None:
    """What runs in the background of a shell that is no terminal ignores them, and so would all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_an_interrupt_ends_with_status_130_and_no_traceback(workspace: Workspace) -> None:
    for number in range(60):
        workspace.write(f"acme/{number}.md", f"## What is {number}?\nA number.\n" * 40)
    run = subprocess.Popen(
        [sys.executable, "-m", "offbook", "export"],
        cwd=workspace.root,
        stderr=subprocess.PIPE,
        preexec_fn=_listen_to_interrupts,
    )
    while run.poll() is None and not (workspace.decks / ".offbook.lock").exists():
        time.sleep(0.01)
    run.send_signal(signal.SIGINT)
    _, stderr = run.communicate()
    # Python itself ends by the signal where it struck in code that is made at run time; shells call both 130.
    assert run.returncode in (130, -signal.SIGINT)
    assert stderr == b"error: interrupted\n"
    assert not list(workspace.decks.glob("*.tmp"))


@pytest.mark.parametrize("args", [["cards"], ["cards", "--json"], ["cards", "--explain"], ["check"], ["export"]])
def test_a_console_of_windows_shows_what_it_can(workspace: Workspace, args: list[str]) -> None:
    workspace.write("日本/質問.md", "## なぜ日本?\n🦊 → Ω ﬁ\n\n![[没有.png]]\n")
    result = offbook(workspace, *args, PYTHONIOENCODING="cp1252")
    assert result.returncode == (1 if args == ["check"] else 0), result.stderr
    text = result.stdout.decode("cp1252")
    if "--json" in args:
        assert json.loads(text)["question"] == "なぜ日本?"
        assert json.loads(text)["answer"].startswith("🦊 → Ω ﬁ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("args", [["cards"], ["check"], ["export"], ["cards", "--json"]])
def test_output_that_cannot_be_written_is_told(workspace: Workspace, args: list[str]) -> None:
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    with Path("/dev/full").open("wb") as full:
        result = offbook(workspace, *args, stdout=full.fileno())
    assert result.returncode == 3
    assert result.stderr == b"error: No space left on device\n"


def test_a_reader_that_has_seen_enough_is_no_error(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "".join(f"## What is {number}?\nA number.\n\n" for number in range(3000)))
    run = subprocess.Popen(
        [sys.executable, "-m", "offbook", "cards"], cwd=workspace.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert run.stdout is not None
    assert run.stderr is not None
    run.stdout.readline()
    run.stdout.close()
    assert run.stderr.read() == b""
    assert run.wait() == 0


def test_no_colour_where_none_is_wanted(workspace: Workspace) -> None:
    """`FORCE_COLOR` or a terminal would bring some; `NO_COLOR` goes before."""
    from click.testing import CliRunner

    workspace.write("acme/a.md", "## What is X?\nY.\n")
    args = ["cards", "--notes", str(workspace.notes)]
    coloured = CliRunner().invoke(cli, args, color=True).stdout
    assert "\x1b[" in coloured
    code = "import os; from offbook.cli import cli; assert cli.context_settings['color'] is False"
    subprocess.run([sys.executable, "-c", code], env={**os.environ, "NO_COLOR": "1"}, check=True)
