"""What `offbook init` asks in a terminal: a real process at the other end of a pseudo-terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from terminals import Terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
CARD = "## Why {0}?\nBecause of {0}.\n"


class Desk:
    """A folder with notes, and terminals in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: list[Terminal] = []

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)

    def run(self, *args: str) -> Terminal:
        self._open.append(Terminal(self.folder, *args))
        return self._open[-1]

    @property
    def settings(self) -> str:
        """The settings that are in force: without comments."""
        lines = (self.folder / "offbook.toml").read_text().splitlines()
        return "\n".join(line for line in lines if line and not line.startswith("#"))

    def close(self) -> None:
        for terminal in self._open:
            terminal.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.close()


@pytest.fixture
def vault(desk: Desk) -> Desk:
    """A vault with interviews among other notes."""
    desk.write(".obsidian/app.json", "{}")
    desk.write("Daily/monday.md", CARD.format("monday"))
    for name in ("Acme", "Zeta"):
        desk.write(f"Interviews/{name}/a.md", CARD.format(name))
    return desk


@pytest.fixture
def nested(desk: Desk) -> Desk:
    """A single folder with companies in it."""
    for name in ("Acme", "Zeta"):
        desk.write(f"Offers/{name}/a.md", CARD.format(name))
    return desk


IN_VAULT = "Are your interview notes in 'Interviews' (2 notes)?"
OF_FOLDERS = "Is each folder in 'Offers' a company (Acme, Zeta)? [Y/n]: "


@pytest.mark.parametrize(("typed", "folder"), [("\n", "Interviews"), ("y\n", "Interviews"), ("n\n\n", ".")])
def test_in_a_vault_it_asks_for_the_folder(vault: Desk, typed: str, folder: str) -> None:
    terminal = vault.run("init")
    terminal.until(IN_VAULT)
    assert not (vault.folder / "offbook.toml").exists()
    terminal.type(typed)
    assert terminal.end() == 0
    assert f'notes = "{folder}"' in vault.settings
    assert ('companies = "Interviews/*"' in vault.settings) == (folder == ".")
    assert "  Acme: 1 card\n" in terminal.shown


@pytest.mark.parametrize(("typed", "said"), [("\n", True), ("no\n", False), ("what?\nyes\n", True)])
def test_it_asks_whether_the_folders_in_the_only_one_are_companies(nested: Desk, typed: str, said: bool) -> None:
    terminal = nested.run("init")
    terminal.until(OF_FOLDERS)
    terminal.type(typed)
    assert terminal.end() == 0
    assert ('companies = "Offers/*"' in nested.settings) == said
    assert ("  Acme: 1 card\n  Zeta: 1 card\n" in terminal.shown) == said
    assert ("  Offers: 2 cards\n" in terminal.shown) != said
    assert "Then write companies" not in terminal.shown  # the question was answered


def test_it_asks_whether_many_companies_are_meant(desk: Desk) -> None:
    for number in range(30):
        desk.write(f"thing {number}.md", CARD.format(number))
    terminal = desk.run("init")
    terminal.until("Are all of these 30 companies? [Y/n]: ")
    assert "  Thing 3: 1 card\n" in terminal.shown
    terminal.type("n\n")
    assert terminal.end() == 0
    assert "If not, write into offbook.toml where they are" in terminal.shown
    assert "notes" in desk.settings


def test_many_companies_that_are_meant_are_no_matter(desk: Desk) -> None:
    for number in range(30):
        desk.write(f"thing {number}.md", CARD.format(number))
    terminal = desk.run("init")
    terminal.until("Are all of these 30 companies? [Y/n]: ")
    terminal.type("\n")
    assert terminal.end() == 0
    assert "write into offbook.toml" not in terminal.shown


def test_nothing_is_asked_where_nothing_is_odd(desk: Desk) -> None:
    for name in ("Acme", "Zeta"):
        desk.write(f"{name}/a.md", CARD.format(name))
    terminal = desk.run("init")
    assert terminal.end() == 0
    assert "?" not in terminal.shown


def test_without_a_card_it_doubts_the_folder(desk: Desk) -> None:
    desk.write("words.md", "Only words.\n")
    terminal = desk.run("init")
    assert terminal.end() == 0
    assert "No card was found in these notes: is this the right folder?" in terminal.shown


def test_the_last_question_comes_when_the_settings_are_written(desk: Desk) -> None:
    for number in range(30):
        desk.write(f"thing {number}.md", CARD.format(number))
    terminal = desk.run("init")
    terminal.until("Are all of these 30 companies? [Y/n]: ")
    assert terminal.leave("\x03") == 130
    assert terminal.shown.endswith("\noffbook.toml is written.\n")


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "end of input"])
@pytest.mark.parametrize("kind", ["vault", "nested"])
def test_a_question_that_is_left_writes_nothing(request: pytest.FixtureRequest, kind: str, key: str) -> None:
    desk: Desk = request.getfixturevalue(kind)
    terminal = desk.run("init")
    terminal.until(IN_VAULT if kind == "vault" else OF_FOLDERS)
    assert terminal.leave(key) == 130
    assert "Traceback" not in terminal.shown
    assert terminal.shown.endswith("Nothing was written.\n")
    assert not (desk.folder / "offbook.toml").exists()
