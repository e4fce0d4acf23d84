"""What README.md, CONTRIBUTING.md and the pages in docs/ say is what the program does."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest
from golden import parsed
from msgspec.structs import fields
from pages import PAGES, ROOT, as_it_should_be
from test_golden_cards import listed

from offbook.cards import find
from offbook.cards.marks import MARKS
from offbook.cli import cli
from offbook.model import Entry
from offbook.settings import KEYS, NOTE_KEYS

LONGEST_PAGE = 1200  # words, but for the pages in which one looks things up
LONGEST_README = 900  # words before its list of pages
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@every_page
def test_commands_print_what_the_page_says(page: Path, tmp_path: Path) -> None:
    text = page.read_text("utf-8")
    assert as_it_should_be(text, tmp_path) == text, "`make docs` writes the page anew"


@every_page
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)", _without_code(text)):
        name, _, part = target.partition("#")
        file = page.parent / name if name else page
        assert file.exists(), target
        assert not part or part in _anchors(file), target


def _anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives to a page's headings."""
    headings = re.findall(r"(?m)^#+ (.*)$", _without_code(page.read_text("utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _without_code(text: str) -> str:
    return re.sub(r"(?ms)^(`{3,}).*?^\1$", "", text)


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_a_page_is_read_in_five_minutes(page: Path) -> None:
    words = len(page.read_text("utf-8").split())
    assert words <= LONGEST_PAGE or page.name in ("commands.md", "scripts.md", "settings.md")


def test_the_readme_is_short() -> None:
    before, reference, _ = (ROOT / "README.md").read_text("utf-8").partition("\n## Reference\n")
    assert reference
    assert len(before.split()) <= LONGEST_README


@every_page
def test_commands_named_in_the_text_are_there(page: Path) -> None:
    for line in _commands(page.read_text("utf-8")):
        context, command, words = click.Context(cli), cli, shlex.split(line.replace("…", ""))[1:]
        found: click.Command | None = command
        if words and not words[0].startswith("-"):
            found = command.get_command(context, words[0])
            assert found is not None, line
        known = {name for param in found.params for name in (*param.opts, *param.secondary_opts)} if found else set()
        named = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        assert named <= known | {"--help", "-h"}, line


def _commands(text: str) -> Iterator[str]:
    """Yield the commands of offbook in a text: between backticks, and in blocks for a shell."""
    yield from re.findall(r"`(offbook(?: [^`\n]+)?)`", _without_code(text))
    for block in re.findall(r"(?ms)^```sh\n(.*?)^```$", text):
        yield from (line.partition("  #")[0] for line in block.splitlines() if line.startswith("offbook"))


def test_targets_named_in_the_text_are_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for page in [*PAGES, ROOT / "ARCHITECTURE.md"]:
        for target in re.findall(r"(?m)(?:^    |`)make ([\w-]+)", page.read_text("utf-8")):
            assert f"\n{target}:" in makefile, f"{page.name}: make {target}"


def test_settings_in_examples_are_known() -> None:
    for page in PAGES:
        for block in re.findall(r"(?ms)^```toml(?: [^\n]+)?\n(.*?)^```$", page.read_text("utf-8")):
            assert set(tomllib.loads(block)) <= set(KEYS), page.name


def test_every_setting_and_every_command_has_its_place() -> None:
    settings = (ROOT / "docs/settings.md").read_text("utf-8")
    assert re.findall(r"(?m)^### (\w+)$", settings) == list(KEYS)
    assert settings.count("- Can be set in a note's front matter") == len(NOTE_KEYS)
    names = cli.list_commands(click.Context(cli))
    page = (ROOT / "docs/commands.md").read_text("utf-8")
    assert re.findall(r"(?m)^## offbook (\S+)$", page) == names


def test_every_dialect_has_its_row_in_the_order_of_their_claims() -> None:
    page = (ROOT / "docs/marks.md").read_text("utf-8")
    assert tuple(re.findall(r"(?m)^\| `([\w-]+)` \|", page)) == find.DIALECT_NAMES


def test_the_dialect_in_contributing_finds_what_its_cases_say(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    (code,) = re.findall(r"(?ms)^```python src[^\n]*\n(.*?)^```$", text)
    (golden,) = re.findall(r"(?ms)^```text tests/golden[^\n]*\n(.*?)^```$", text)
    dialect = ModuleType("double_arrow")
    exec(code, dialect.__dict__)
    monkeypatch.setattr("offbook.cards.find.MARKS", (*MARKS, dialect))
    for case in parsed(golden, Path("double_arrow.md")):
        assert listed(case) == case.expected.rstrip("\n")


def test_every_field_of_the_ledger_has_its_row() -> None:
    rows = re.findall(r"(?m)^\| ((?:`\w+`(?:, )?)+) \|", (ROOT / "docs/ledger.md").read_text("utf-8"))
    assert {name for row in rows for name in re.findall(r"\w+", row)} == {field.name for field in fields(Entry)}
