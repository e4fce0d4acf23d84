"""What is fuzzed: each target takes any bytes at all and returns, or raises where the program is at fault.

`fuzz.py` feeds them for as long as one likes; `tests/test_fuzz_findings.py` repeats what was found once.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from harmless import assert_harmless

from offbook import ledger
from offbook.check import check
from offbook.company import declared, slug
from offbook.config import load_settings, override
from offbook.errors import UsageError
from offbook.export import Exporter
from offbook.ledger import LedgerError
from offbook.note import parse_note
from offbook.pipeline import Build, Project, identified, read
from offbook.preview.mathml import with_mathml
from offbook.preview.templates import faces

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
    """Read a note, find its cards, render them, look them over."""
    (_folder() / "notes" / "acme" / "note.md").write_bytes(data)
    project = Project(_folder() / "notes", _folder() / "decks", cached=False)
    sources, _ = read(project, ["acme/note.md"])
    check(sources, project.vault)
    exporter = Exporter(project, Build({}, [], []), [], 1)
    cards = identified(sources, [])
    assert len({card.guid for card in cards}) == len(cards), "a guid twice"
    for card in cards:
        note = exporter.note(exporter.draft(card))
        assert note.fields[0].strip() or card.card.is_open, "a note that Anki takes for empty"
        for html in note.fields:
            assert_harmless(html)
            assert "\x1f" not in html
        for face in faces(note.notetype, note.fields):
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
    ledger.load_looks(file)
    try:
        entries = ledger.load(file)
    except LedgerError as error:
        assert str(file) in str(error)
        return
    text = ledger.dump(entries)
    assert ledger.dump(ledger.parse(text, "again")) == text


def companies(data: bytes) -> None:
    """Make a file name of a company's name."""
    name = slug(data.decode("utf-8", "replace"))
    assert name == slug(name)
    assert name.strip(". ")
    assert not set(name) & set('/\\:*?"<>|\0')
    assert len(name.encode()) <= 100


TARGETS: dict[str, Callable[[bytes], None]] = {
    "notes": notes,
    "front_matter": front_matter,
    "settings": settings,
    "ledgers": ledgers,
    "companies": companies,
}
