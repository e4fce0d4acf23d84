"""The command line as its users meet it: help, completion, mistyped words, quiet and verbose."""

from __future__ import annotations

import os
import subprocess
import sys

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner
from conftest import Workspace

from offbook.cli import cli
from offbook.commands import COMMANDS


def test_help_groups_the_commands_and_names_each_once() -> None:
    shown = CliRunner().invoke(cli, ["--help"]).stdout
    for title in ("Every day:", "Looking at the notes:", "Beginning:"):
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
