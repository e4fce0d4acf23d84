"""What a note takes grows with its length: twice as much takes twice the time, or a bit more on a busy machine."""

from __future__ import annotations

import time
from typing import Any

import pytest
from conftest import Workspace
from hostile import NUMBERED, SHAPES, numbered

from offbook.companies import apart
from offbook.memo import Codec
from offbook.model import Note, Part, Reading
from offbook.pipeline import build
from offbook.project import Project
from offbook.stages import HTML

NOW = 1_800_000_000
_GROWTH = 3.0  # of the time, for twice as much
_SHORT = 0.25  # seconds, in which there is nothing to compare
_TRIES = 3
# Each took the square of its length once, one in each stage; `make test-long` has all shapes.
ONCE_SLOW = [
    "images in angles never closed", "double colons in paragraphs", "clozes closed in clozes", "one long question",
    "embeds of its sections", "lines of prose", "breaks",
]  # fmt: skip


def seconds(workspace: Workspace, text: str) -> float:
    """Return the processor's seconds in which a note is exported."""
    workspace.write("acme/note.md", text)
    begun = time.process_time()
    build(Project(workspace.notes, workspace.decks, cached=False), [], NOW)
    return time.process_time() - begun


def check_growth(workspace: Workspace, short: str, long: str) -> None:
    """Compare the times of a note and of one twice as long; what stands in a machine's way stands there seldom."""
    seconds(workspace, "## What is X?\nA letter.\n")  # once what is imported
    times = []
    for _ in range(_TRIES):
        once, twice = seconds(workspace, short), seconds(workspace, long)
        if twice < _SHORT or twice < _GROWTH * once:
            return
        times.append((once, twice))
    raise AssertionError(f"the time grows with the square: {times}")


@pytest.mark.parametrize("shape", ONCE_SLOW)
def test_a_note_that_was_written_to_do_harm_takes_a_time_that_grows_with_its_length(
    workspace: Workspace, shape: str
) -> None:
    check_growth(workspace, SHAPES[shape].text(12_000), SHAPES[shape].text(24_000))


@pytest.mark.parametrize("kind", NUMBERED)
def test_a_note_of_many_cards_takes_a_time_that_grows_with_their_number(workspace: Workspace, kind: str) -> None:
    workspace.write("acme/other.md", numbered("## Head #N\nText #N.\n\n", 300))
    check_growth(workspace, numbered(NUMBERED[kind], 150), numbered(NUMBERED[kind], 300))


def embedding(cards: int, size: int) -> str:
    """Return a note whose cards all embed one passage of it."""
    passage = "Some words of **prose** that say nothing.\n\n" * (size // 43)
    return f"# Passage\n\n{passage}# Cards\n\n" + numbered("## What is #N?\n\n![[note#Passage]]\n\n", cards)


@pytest.mark.long
def test_twice_as_many_cards_that_embed_a_passage_twice_as_long_take_twice_the_time(workspace: Workspace) -> None:
    check_growth(workspace, embedding(60, 60_000), embedding(120, 120_000))


def test_cards_show_the_name_of_a_passage_once_all_of_the_note_have_shown_five_million_characters(
    workspace: Workspace,
) -> None:
    workspace.write("acme/note.md", embedding(70, 100_000))
    cards = workspace.cards()
    stderr = workspace.run("export").stderr
    assert len(cards) == 70
    assert "the embed ![[note#Passage]] is one too many for the cards of one note; the card shows its name" in stderr


@pytest.mark.long
@pytest.mark.parametrize("shape", SHAPES)
def test_no_shape_takes_the_square_of_its_length(workspace: Workspace, shape: str) -> None:
    size = 12_000 if shape == "pipes" else 22_000  # more of them are refused
    check_growth(workspace, SHAPES[shape].text(size), SHAPES[shape].text(2 * size))


def seconds_apart(blocks: int) -> float:
    """Return the processor's seconds in which a day's page of so many blocks, of ten companies in turn, is parted."""
    parts = tuple(Part(line, line + 4, (f"Company {line % 10}",)) for line in range(1, 4 * blocks, 4))
    days = tuple((line, "a day") for line in range(1, 4 * blocks))
    reading = Reading(Note("journals/2026_11_18.md", "", parts=parts), b"", days=days)
    begun = time.process_time()
    assert sum(len(part.days) for part in apart([reading])) == len(days)
    return time.process_time() - begun


def test_a_day_of_many_parts_is_taken_apart_in_a_time_that_grows_with_their_number() -> None:
    assert any(seconds_apart(4_000) < _SHORT for _ in range(_TRIES))  # it was many times that, by the square


def test_cards_of_parts_of_a_day_by_turns_are_read_from_the_memo_once_a_part(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.write("logseq/config.edn", "{}")
    block = "- call\n  company:: {}\n\t- What is #N{}?\n\t\t- Text #N.\n"
    workspace.write("journals/2026_11_18.md", numbered(block.format("A", "a") + block.format("B", "b"), 10))
    read: list[str] = []
    decode = Codec.decode

    def counted(codec: Codec[Any], *stored: Any) -> Any:
        read.append(codec.stage)
        return decode(codec, *stored)

    monkeypatch.setattr(Codec, "decode", counted)
    build(Project(workspace.notes, workspace.decks, cached=False), [], NOW)
    assert read.count(HTML.stage) == 2


@pytest.mark.parametrize("count", [50, 51, 600])
def test_a_note_serves_fifty_companies_at_most(workspace: Workspace, count: int) -> None:
    names = ", ".join(f"Company {number}" for number in range(count))
    workspace.write("a.md", f"---\ncompany: [{names}]\n---\n## What is X?\nA letter.\n")
    stderr = workspace.run("export", status=0 if count <= 50 else 1).stderr
    assert (f"a.md:2: `company` names {count} companies, and one note serves 50 at most" in stderr) == (count > 50)
