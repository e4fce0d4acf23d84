"""What the README shows is what the program prints."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from offbook.cli import cli
from offbook.config import KEYS, Settings

ROOT = Path(__file__).parent.parent


def test_every_command_prints_what_the_readme_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "notes", tmp_path / "notes")
    monkeypatch.chdir(tmp_path)
    sessions = re.findall(r"```console\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert sessions
    for session in sessions:
        for command, expected in re.findall(r"\$ offbook (.*)\n((?:(?!\$ ).*\n)*)", session):
            assert CliRunner().invoke(cli, command.split()).output == expected


def test_the_two_commands_are_targets_of_the_makefile() -> None:
    readme, makefile = (ROOT / "README.md").read_text("utf-8"), (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"(?m)^    make (\w+)$", readme):
        assert f"\n{target}:" in makefile


def test_links_lead_somewhere() -> None:
    for page in ROOT.glob("*.md"):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
            assert (ROOT / target).exists(), f"{page.name}: {target}"


def test_architecture_names_every_module() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    modules = [path.name for path in (ROOT / "src/offbook").iterdir() if path.suffix == ".py" and path.name[0] != "_"]
    folders = [f"{path.parent.name}/" for path in (ROOT / "src/offbook").glob("*/__init__.py")]
    assert [name for name in modules + folders if f"`{name}`" not in text] == []


def test_the_settings_shown_are_all_settings_with_their_defaults(tmp_path: Path) -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    shown = tomllib.loads(text)
    assert set(shown) <= set(KEYS)
    defaults = {key: getattr(Settings(), key) for key in shown}
    as_shown = {key: tuple(value) if isinstance(value, list) else value for key, value in shown.items()}
    assert {key for key in shown if as_shown[key] != defaults[key]} == {"vault", "ignore", "time", "css"}


def test_every_test_that_security_names_exists() -> None:
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    named = re.findall(r"`(tests/[^`]+)`", text)
    assert len(set(named)) > 10
    assert [path for path in named if not (ROOT / path).is_file()] == []
