"""What is fuzzed: each target takes any bytes at all and returns, or raises where the program is at fault.

`fuzz.py` feeds them for as long as one likes; `tests/test_fuzz_findings.py` repeats what was found once.
"""

from __future__ import annotations

import datetime
import tempfile
import time
from collections.abc import Callable
from functools import cache
from itertools import islice
from pathlib import Path

from harmless import assert_harmless

from offbook import ledger
from offbook.check import check
from offbook.companies import declared, slug
from offbook.config import load_settings, override
from offbook.errors import UsageError
from offbook.ledger import LedgerError
from offbook.model import Kind
from offbook.notetypes import CLOZE, QUESTION
from offbook.pipeline import render, values_of
from offbook.preview.mathml import with_mathml
from offbook.preview.templates import faces
from offbook.project import Project
from offbook.sources.note import parse_note
from offbook.survey import survey

_SLOWEST = 10  # seconds for a few kilobytes; a note of 1 MB may take five
_SIZE = 4_500  # bytes; twice that is just what a paragraph may hold and still be parsed
_LONGEST_UNIT = 60  # bytes
_WORTH_A_LOOK = 0.3  # seconds
_GROWTH = 3.0
_TRIES = 3
_FACES = 20
_OTHER = """\
---
title: Other
---
# Part
A paragraph. ^block

![[note]]

- an item ^item
- [[other#Part|itself]]

[^1]: A footnote.
"""


@cache
def _folder() -> Path:
    """Return a vault with a few files to link to."""
    root = Path(tempfile.mkdtemp(prefix="offbook-fuzz-"))
    (root / "notes" / ".obsidian").mkdir(parents=True)
    (root / "notes" / "acme").mkdir()
    (root / "notes" / "acme" / "other.md").write_text(_OTHER, "utf-8")
    (root / "notes" / "acme" / "pic.png").write_bytes(b"\x89PNG")
    (root / "notes" / "acme" / "sound.mp3").write_bytes(b"ID3")
    return root


def notes(data: bytes) -> None:
    """Read a note, find its cards, render them, look them over; all that within seconds."""
    begun = time.process_time()
    _take(data)
    assert time.process_time() - begun < _SLOWEST, "a few kilobytes took seconds"


def shapes(data: bytes) -> None:
    """Read a note that says the same again and again; twice as much takes twice the time."""
    unit = data[:_LONGEST_UNIT].strip() or b"x"
    begin, _, unit = unit.rpartition(b"\0")
    ends = (b"", b" ", b"\n", b"\n\n")
    unit += ends[len(data) % len(ends)]
    for _ in range(_TRIES):
        once, twice = (_seconds(begin + unit * (size // max(1, len(unit)))) for size in (_SIZE, 2 * _SIZE))
        if twice < _WORTH_A_LOOK or twice < _GROWTH * once:
            return
    raise AssertionError(f"the time grows with the square: {once:.2f} s, {twice:.2f} s for twice as much")


def _seconds(data: bytes) -> float:
    begun = time.process_time()
    _take(data)
    return time.process_time() - begun


def _take(data: bytes) -> None:
    (_folder() / "notes" / "acme" / "note.md").write_bytes(data)
    project = Project(_folder() / "notes", _folder() / "decks", cached=False)
    found = survey(project, ["acme/note.md"])
    check(found.sources, project.library.links(), datetime.date(2026, 12, 3))
    assert len({card.guid for card in found.cards}) == len(found.cards), "a guid twice"
    render(project, found.cards)
    values = values_of(project, {})
    for card in found.cards:
        notetype, fields = CLOZE if card.card.kind is Kind.CLOZE else QUESTION, values(card)
        assert fields[0].strip() or card.card.is_open, "a note that Anki takes for empty"
        for html in fields:
            assert_harmless(html)
            assert "\x1f" not in html
        # A text of many gaps makes as many cards, each of which shows all of it: some of them tell enough.
        for face in islice(faces(notetype, fields), _FACES):
            with_mathml(face.back)


def front_matter(data: bytes) -> None:
    """Read front matter, its company and settings."""
    note = parse_note("---\n" + data.decode("utf-8", "replace"), "acme/note.md")
    declared(note)
    settings = load_settings(_folder())
    override(settings, note.metadata)
    str(note.title)


def settings(data: bytes) -> None:
    """Read a settings file."""
    (_folder() / "offbook.toml").write_bytes(data)
    try:
        Project(_folder() / "notes", _folder() / "decks")
    except UsageError as error:
        assert "offbook.toml" in str(error)
    finally:
        (_folder() / "offbook.toml").unlink()


def ledgers(data: bytes) -> None:
    """Read a ledger; what can be read is written as it was read."""
    file = _folder() / ledger.FILE_NAME
    file.write_bytes(data)
    ledger.load_header(file)
    try:
        entries = ledger.load(file)
    except LedgerError as error:
        assert str(file) in str(error)
        return
    text = ledger.dump(entries)
    assert ledger.dump(ledger.parse(text.encode(), "again")) == text


def companies(data: bytes) -> None:
    """Make a file name of a company's name."""
    name = slug(data.decode("utf-8", "replace"))
    assert name == slug(name)
    assert name.strip(". ")
    assert not set(name) & set('/\\:*?"<>|\0')
    assert len(name.encode()) <= 100


TARGETS: dict[str, Callable[[bytes], None]] = {
    "notes": notes,
    "shapes": shapes,
    "front_matter": front_matter,
    "settings": settings,
    "ledgers": ledgers,
    "companies": companies,
}
