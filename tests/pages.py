"""The pages of the documentation, and what makes them true. `make docs` writes anew what has become false in them.

A page is a session from top to bottom, in a folder with the example notes and beside an Anki with one empty profile:

- a block ```` ```markdown notes/a.md ```` (or `toml`) is saved as that file, ```` ```diff notes/a.md ```` changes it;
- in a block ```` ```console ```` each line `$ …` is run, and what it prints stands below it;
- what stands between `<!-- generated: name -->` and `<!-- end -->` comes from the function of that name in `GENERATED`.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from contextlib import chdir
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import click
from anki.collection import Collection
from click.testing import CliRunner
from ready_example import example

from offbook.anki import connect
from offbook.cli import cli
from offbook.commands import common, terminal
from offbook.commands.ready import printed_lines
from offbook.config import override
from offbook.settings import CARD_CHOICES, KEYS, NOTE_KEYS, Settings
from offbook.starting.settings_file import documented, settings_text

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
NOBODY = "http://127.0.0.1:9"
"""Where no Anki is, whatever is open on this computer."""
COLUMNS = 110
"""To which the pages cut the texts of cards, as a terminal does; they break no lines."""
DAY = "2026-03-09"
"""What the pages show for the day on which they are made."""
_BLOCK = re.compile(
    r"^(?P<fence>`{3,})(?P<language>\w+)(?: (?P<file>[^\n`]+))?\n(?P<text>.*?)^(?P=fence)$", re.M | re.S
)
_PART = re.compile(r"(?P<begin><!-- generated: (?P<name>\w+) -->\n).*?(?P<end><!-- end -->)", re.S)
_COMMAND = re.compile(r"^\$ (?P<command>.*)\n(?:(?!\$ ).*\n)*", re.M)


def main() -> None:
    """Write every page as it should be."""
    for page in PAGES:
        text = page.read_text("utf-8")
        with tempfile.TemporaryDirectory() as folder:
            true = as_it_should_be(text, Path(folder))
        if true != text:
            page.write_text(true, "utf-8")
            print(page.relative_to(ROOT))


def as_it_should_be(text: str, folder: Path) -> str:
    """Return a page with what its commands print when they are run in `folder`, which is empty at first."""
    text = _PART.sub(lambda part: part["begin"] + GENERATED[part["name"]]() + part["end"], text)
    shutil.copytree(ROOT / "notes", folder / "notes")
    profile = folder / "Anki" / "User 1"
    profile.mkdir(parents=True)
    Collection(str(profile / "collection.anki2")).close()
    environment = {"ANKI_BASE": str(profile.parent), "OFFBOOK_CACHE": str(folder / ".cache")}
    with chdir(folder), patch.dict(os.environ, environment), patch.object(connect, "URL", NOBODY):
        return _BLOCK.sub(_true_block, text)


def _true_block(block: re.Match[str]) -> str:
    if block["language"] == "console":
        session = _COMMAND.sub(lambda line: f"$ {line['command']}\n{printed(line['command'])}", block["text"])
        return f"{block['fence']}console\n{session}{block['fence']}"
    if block["file"]:
        file = Path(block["file"])
        file.parent.mkdir(parents=True, exist_ok=True)
        text = _changed(file.read_text("utf-8"), block["text"]) if block["language"] == "diff" else block["text"]
        file.write_text(text, "utf-8")
    return block[0]


def _changed(text: str, diff: str) -> str:
    """Return a file's text with the lines of a diff exchanged."""
    old = "".join(line[1:] for line in diff.splitlines(keepends=True) if line[0] in " -")
    new = "".join(line[1:] for line in diff.splitlines(keepends=True) if line[0] in " +")
    assert text.count(old) == 1, f"not there, or more than once: {old}"
    return text.replace(old, new)


def printed(command: str) -> str:
    """Return what a command prints: `offbook` by its own command line, others by the shell."""
    name, *args = shlex.split(command)
    if name == "offbook":
        fitted = patch.object(terminal, "columns", lambda stream: COLUMNS)
        unbroken = patch.object(common, "wrapped", lambda text, stream: text)
        with fitted, unbroken:
            result = CliRunner().invoke(cli, args)
        assert not (result.exception and not isinstance(result.exception, SystemExit)), result.exception
        output = result.output
    else:
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        done = subprocess.run(
            command, shell=True, capture_output=True, text=True, check=True, env={**os.environ, "PATH": path}
        )
        output = done.stdout
    return output.replace(datetime.now(UTC).date().isoformat(), DAY).replace(f"{Path.cwd()}/", "")


# -- what is generated -----------------------------------------------------------------------------


def settings() -> str:
    """Return each setting with what it is for, its values and its default."""
    return "".join(_setting(key, text) for key, text in documented().items())


def _setting(key: str, text: str) -> str:
    _, ((_, fault),) = override(Settings(), {key: object()}, (key,))
    must_be = fault.partition(" must be ")[2].rpartition(", found ")[0]
    if key == "cards":
        must_be = "one of " + ", ".join(f'`"{choice}"`' for choice in CARD_CHOICES)
    for_one_note = "- Can be set in a note's front matter, for that note\n" if key in NOTE_KEYS else ""
    return f"### {key}\n\n{text}\n\n- Value: {must_be}\n- Default: `{_default(key)}`\n{for_one_note}\n"


def _default(key: str) -> str:
    (line,) = re.findall(rf"(?m)^# {key} = (.*)$", settings_text())
    return str(line)


def settings_file() -> str:
    """Return what `offbook init` writes, all keys with their defaults."""
    assert all(f"\n# {key} = " in settings_text() for key in KEYS)
    return f"```toml\n{settings_text()}```\n"


def commands() -> str:
    """Return the help of offbook and of every command, as a terminal of 100 columns shows it."""
    context = click.Context(cli)
    names = [name for name in cli.list_commands(context) if not _is_hidden(cli.get_command(context, name))]
    return "".join(f"## offbook {name}".rstrip() + f"\n\n```text\n{_help(name)}```\n\n" for name in ("", *names))


def _is_hidden(command: click.Command | None) -> bool:
    return command is None or command.hidden


def _help(name: str) -> str:
    margin = 2  # which Click leaves of a terminal's width
    return CliRunner().invoke(cli, [*name.split(), "--help"], prog_name="offbook", terminal_width=100 - margin).stdout


def ready() -> str:
    """Return what `offbook ready` prints of somebody who has rehearsed."""
    lines = "".join(f"{line}\n" for line in printed_lines(example()))
    return f"```text\n$ offbook ready harbourlight\n{lines}```\n"


GENERATED = {"settings": settings, "settings_file": settings_file, "commands": commands, "ready": ready}

if __name__ == "__main__":
    main()
