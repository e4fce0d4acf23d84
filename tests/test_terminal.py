"""The command line as its users meet it: help, completion, mistyped words, quiet and verbose."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner
from conftest import Workspace

from offbook.cli import cli
from offbook.commands import COMMANDS
from offbook.commands.terminal import width

posix = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")


def test_help_groups_the_commands_and_names_each_once() -> None:
    shown = CliRunner().invoke(cli, ["--help"]).stdout
    for title in ("Every day:", "Looking at the notes:", "Getting started:"):
        assert title in shown
    names = [line.split()[0] for line in shown.split("Every day:")[1].splitlines() if line.startswith("  ")]
    assert names == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    result = CliRunner().invoke(cli, [name, "--help"])
    assert result.exit_code == 0
    assert all(len(line) <= 100 for line in result.stdout.splitlines())
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    undocumented = [p.name for p in command.params if isinstance(p, click.Option) and not p.help]
    assert undocumented == []


@pytest.mark.parametrize(("typed", "meant"), [("exprot", "export"), ("card", "cards"), ("previw", "preview")])
def test_a_mistyped_command(typed: str, meant: str) -> None:
    result = CliRunner().invoke(cli, [typed])
    assert result.exit_code == 2
    assert f"There is no command {typed!r}; did you mean {meant!r}?" in result.stderr


def test_a_command_that_is_like_no_other() -> None:
    assert "there are export, import" in CliRunner().invoke(cli, ["frobnicate"]).stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_and_how_to_install_it(shell: str) -> None:
    assert "_OFFBOOK_COMPLETE" in CliRunner().invoke(cli, ["completion", shell]).stdout
    assert f"offbook completion {shell}" in CliRunner().invoke(cli, ["completion"]).stdout


def completed(*words: str) -> list[str]:
    shell = ShellComplete(cli, {}, "offbook", "_OFFBOOK_COMPLETE")
    return [item.value for item in shell.get_completions(list(words[:-1]), words[-1])]


def test_commands_options_and_companies_are_completed(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace.root)
    workspace.write("Blue Heron/a.md", "## Why?\nSo.\n")
    workspace.write("one.md", "---\ncompany: Blackwood\n---\n## Why?\nSo.\n")
    assert completed("ex") == ["export"]
    assert "--dry-run" in completed("export", "--d")
    assert completed("export", "bl") == ["blue-heron"]
    workspace.run("export")
    assert completed("export", "bl") == ["blackwood", "blue-heron"]
    assert completed("import", "--decks", "nowhere", "bl") == ["blue-heron"]


def test_completion_survives_a_broken_ledger(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace.root)
    workspace.decks.mkdir()
    (workspace.decks / "ledger.jsonl").write_text("broken")
    assert completed("export", "b") == []


def test_quiet_says_what_is_wrong_only(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## Why?\nSo.\n")
    assert workspace.run("export", "--quiet").output == ""
    workspace.write("acme/b.md", "---\ntags: [\n---\n")
    assert "acme/b.md:" in workspace.run("export", "-q", status=1).stderr


def test_verbose_names_every_card_that_changes(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace.notes)
    workspace.write("acme/a.md", "## Why?\nSo.\n")
    assert "      new  acme/a.md:1: Why?\n" in workspace.run("export", "-v").stdout
    assert "Why?" not in workspace.run("export", "--verbose").stdout


def test_no_colour_and_no_bar_where_no_terminal_is(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "---\ntags: [\n---\n")
    workspace.write("acme/b.md", "## Why?\nSo.\n")
    for command in ("export", "status", "check"):
        done = subprocess.run(
            [sys.executable, "-m", "offbook", command, "--notes", workspace.notes, "--decks", workspace.decks],
            capture_output=True,
            env={**os.environ, "FORCE_COLOR": ""},
        )
        assert b"\x1b" not in done.stdout + done.stderr


# -- in a terminal ---------------------------------------------------------------------------------

LONG = "What would you do if a customer calls an hour before the release and nobody who knows the system is there?"


def shown(folder: Path, *args: str, columns: int = 80, **environment: str) -> str:
    """Return what a command shows in a terminal of its own."""
    from terminals import Terminal

    terminal = Terminal(folder, *args, columns=columns, environment=environment)
    terminal.end()
    terminal.close()
    return terminal.raw.decode() if environment else terminal.shown


@posix
@pytest.mark.parametrize("columns", [50, 80, 140])
def test_lines_fill_the_terminal_and_break_between_words(workspace: Workspace, columns: int) -> None:
    chinese = "我们为什么要在全部测试之前先写下每一个测试的名字和它的期望结果呢？"
    workspace.write("acme/a.md", f"## {LONG}\nThat {LONG} {LONG}\n\n## Why?\n\n## {chinese}\nSo.\n")
    lines = shown(workspace.root, "cards", columns=columns).splitlines()
    assert max(map(width, lines)) <= columns
    answer = next(line for line in lines if "That What" in line)
    assert width(answer) > columns - 14
    assert answer.removesuffix("…").split()[-1].strip(",") in LONG.split()
    checked = shown(workspace.root, "check", columns=columns)
    assert "has no answer" in " ".join(checked.split())
    assert max(map(width, checked.splitlines())) <= columns


@posix
def test_check_cuts_in_a_terminal_alone(workspace: Workspace) -> None:
    workspace.write("acme/a.md", f"## {LONG}\n\n## Why?\nThat {LONG}\n")
    told = "Founded in 1950, three hundred people, bridges and halls all over the country, and a canteen."
    for number in range(7):
        workspace.write(f"acme/firm {number}.md", f"{told}\n")
    checked = shown(workspace.root, "check", columns=140)
    assert f"“{LONG[:50]}" in checked
    assert "…” has no answer" in " ".join(checked.split())
    assert "… and 2 more notes without cards; `offbook check | less` names them all" in checked
    piped = workspace.run("check").stdout
    assert f"open-question “{LONG}” has no answer" in piped
    assert "…" not in piped
    assert "firm 6.md" in piped


@posix
def test_colour_is_what_the_environment_says(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## Why?\n")
    assert "\x1b[" in shown(workspace.root, "status", LANG="C.UTF-8")
    assert "\x1b[" not in shown(workspace.root, "status", NO_COLOR="1", FORCE_COLOR="1")
    assert "\x1b[" not in shown(workspace.root, "status", TERM="dumb")
    run = [sys.executable, "-m", "offbook", "status"]
    forced = subprocess.run(run, cwd=workspace.root, capture_output=True, env={**os.environ, "FORCE_COLOR": "1"})
    assert b"\x1b[" in forced.stdout


def test_help_is_a_command_too() -> None:
    whole, one = (CliRunner().invoke(cli, args) for args in (["help"], ["help", "export"]))
    assert whole.output == CliRunner().invoke(cli, ["--help"]).output
    assert one.output == CliRunner().invoke(cli, ["export", "--help"]).output
    assert "did you mean 'export'?" in CliRunner().invoke(cli, ["help", "exprot"]).output


def test_status_is_data_for_scripts(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "---\ninterview: 2999-12-03\n---\n## Why?\nSo.\n\n## And?\n")
    (line,) = workspace.run("status", "--json").stdout.splitlines()
    data = json.loads(line)
    assert data.pop("days") == (datetime.date(2999, 12, 3) - datetime.date.today()).days
    assert data == {
        "name": "Acme", "slug": "acme", "cards": 1, "open": 1, "interview": "2999-12-03",
        "new": 1, "changed": 0, "moved": 0, "retired": 0,
    }  # fmt: skip


def test_status_shows_the_companies_that_are_asked_for(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## Why?\nSo.\n")
    workspace.write("globex-corp/b.md", "## Who?\nYou.\n")
    assert [line.split()[0] for line in workspace.run("status").stdout.splitlines()[1:3]] == ["Acme", "Globex"]
    told = workspace.run("status", "Globex").stdout
    assert "Globex Corp" in told
    assert "Acme" not in told
    assert "In all" not in told
    assert "no company 'Initech'" in workspace.run("status", "Initech", status=2).stderr
