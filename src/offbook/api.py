"""What scripts may use of offbook: `find_cards`, `build` and `export_decks`, imported from `offbook` itself.

These three, and the attributes of what they return, stay the same within a major version. Everything else in the
package may change at any time.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from offbook import files, pipeline
from offbook.errors import Severity
from offbook.model import Build
from offbook.project import Project
from offbook.stages import find_in_text


@dataclass(frozen=True, slots=True)
class FoundCard:
    """One card or open question, as plain text."""

    question: str
    answer: str | None
    """None where the question is open; for a cloze, what fills the gaps."""
    kind: str
    """`question`, `reversed` or `cloze`."""
    dialect: str
    """How the card was recognised, such as `heading`."""
    line: int
    """The question's line in the text, from 1, front matter included."""
    tags: tuple[str, ...]
    """The tags on the question, without `#`; the front matter's are not among them."""


def find_cards(text: str, path: str = "note.md") -> list[FoundCard]:
    """Return the cards and open questions in the text of one Markdown note, in the order of the text.

    `path` is the note's file name, which may be a question itself. The settings are the defaults, overridden by the
    note's front matter. No file is read, so what the note embeds is missing from its cards. Raises ValueError where
    the front matter is faulty, with one line `path:line: message` for each fault.
    """
    note, found = find_in_text(text, path)
    faults = [str(problem) for problem in note.problems if problem.severity is Severity.FAULT]
    if faults:
        raise ValueError("\n".join(faults))
    return [
        FoundCard(
            question=card.question_text,
            answer=None if card.is_open else card.answer_text,
            kind=card.kind.value,
            dialect=card.dialect,
            line=card.location.line,
            tags=card.tags,
        )
        for card in found.cards
    ]


def build(
    notes: str | os.PathLike[str] = "notes", decks: str | os.PathLike[str] = "decks", companies: Sequence[str] = ()
) -> Build:
    """Compute what `offbook export` would write, and write nothing.

    `notes` and `decks` are folders, `companies` the names of companies; without names, all companies are built. The
    result has `changes`, `problems`, `packages` (by company, as its file is named, the bytes of the package) and
    `ledger` (text). Raises `offbook.errors.OffbookError`.
    """
    return pipeline.build(Project(Path(notes), Path(decks)), companies, int(time.time()))


def export_decks(
    notes: str | os.PathLike[str] = "notes", decks: str | os.PathLike[str] = "decks", companies: Sequence[str] = ()
) -> Build:
    """Do what `offbook export` does, and return what `build` returns.

    Each file is whole at any moment, and runs that write to the same decks folder take turns: one waits for the other
    for up to half a minute. Raises `offbook.errors.OffbookError`.
    """
    project = Project(Path(notes), Path(decks))
    with files.lock(project.decks):
        result = pipeline.build(project, companies, int(time.time()))
        pipeline.write(project, result)
    return result
