"""An export reads the block structure of each note once, however many notes embed it, link to it or speak of it."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from conftest import Workspace

import offbook
from offbook import markdown

THINGS = ("ledger", "warehouse", "compiler", "harbour", "payroll", "elevator", "telescope", "ferry", "clinic")
DEEDS = ("migration", "outage", "rewrite", "audit", "merger", "launch", "blackout")
NOTES = len(THINGS) * len(DEEDS)  # more than a run holds in blocks at any time

# A note is known by its title: what is parsed from its first line on is the whole of it.
STORY = """\
# Story {number}

The {deed} of the {thing} took forty days, and a hundred people kept ordering while nobody slept.

## Who decides about the {deed} of the {thing}?

The one who is called first, see [[Story {before}#Detail]].

![[Story {before}#Detail]]

## What is it like?

![[Story {before}]]

### Detail

It is like moving house, with everybody still living in it.
"""
OPEN = "- Tell me about the {deed} of the {thing}\n"


@pytest.fixture
def parsed(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return how often each note was parsed as a whole, by its title; it grows."""
    counts: Counter[str] = Counter()
    original = markdown.parse

    def parse(text: str, *args: Any, **kwargs: Any) -> Any:
        first, _, _ = text.partition("\n")
        if first.startswith("# "):
            counts[first] += 1
        return original(text, *args, **kwargs)

    for module, name in _places_of(original):
        monkeypatch.setattr(module, name, parse)
    return counts


def _places_of(function: Callable[..., Any]) -> Iterator[tuple[Any, str]]:
    """Yield each module of the program that knows a function, and the name by which it does."""
    for found in pkgutil.walk_packages(offbook.__path__, "offbook."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "offbook":
            yield from [(module, own) for own, value in vars(module).items() if value is function]


@pytest.fixture
def vault(workspace: Workspace) -> Workspace:
    """Return notes that embed and link each other in a ring, and open questions that others have answers to."""
    for number in range(NOTES):
        workspace.write(f"Tern/Story {number}.md", _story(number))
    asked = [OPEN.format_map(_subject(number)) for number in range(0, NOTES, 3)]
    workspace.write("Tern/questions.md", "# Questions\n\n" + "".join(asked))
    return workspace


def _story(number: int) -> str:
    return STORY.format_map({"number": number, "before": (number - 1) % NOTES, **_subject(number)})


def _subject(number: int) -> dict[str, str]:
    return {"thing": THINGS[number % len(THINGS)], "deed": DEEDS[number // len(THINGS)]}


@pytest.mark.parametrize("options", [[], ["--no-cache"]])
def test_an_export_parses_each_note_once(vault: Workspace, parsed: Counter[str], options: list[str]) -> None:
    assert "talking points" in vault.run("export", *options).stdout
    assert parsed.keys() == {"# Questions", *(f"# Story {number}" for number in range(NOTES))}
    assert _parsed_again(parsed) == {}


def test_an_export_after_an_edit_parses_no_note_twice(vault: Workspace, parsed: Counter[str]) -> None:
    vault.run("export")
    parsed.clear()
    vault.write("Tern/Story 3.md", _story(3) + "\nThat was all of it.\n")
    vault.run("export")
    assert "# Story 3" in parsed
    assert _parsed_again(parsed) == {}


def test_an_export_after_no_edit_parses_nothing(vault: Workspace, parsed: Counter[str]) -> None:
    vault.run("export")
    parsed.clear()
    vault.run("export")
    assert not parsed


def _parsed_again(parsed: Counter[str]) -> dict[str, int]:
    return {title: times for title, times in parsed.items() if times > 1}
