"""What a script can use of offbook: `find_cards`, `build` and `export_decks`, from `offbook` itself.

These three, and the attributes of what they return, stay as they are within a major version. Everything else in the
package may change at any time.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from offbook import files, pipeline
from offbook.model import Build
from offbook.project import Project


@dataclass(frozen=True, slots=True)
class FoundCard:
    """One card or open question, as plain text."""

    question: str
    answer: str | None
    """None where the question is open; of a cloze what fills the gaps."""
    kind: str
    """`question`, `reversed` or `cloze`."""
    dialect: str
    """By what it was found, such as `heading`."""
    line: int
    """From 1, front matter counted."""
    tags: tuple[str, ...]
    """Those written on the question, without `#`."""


def find_cards(text: str, path: str = "note.md") -> list[FoundCard]:
    """Return the cards and open questions in the text of one Markdown note, in its order.

    `path` is the note's name, which may be a question itself. Settings are the defaults, as far as the note's front
    matter does not say otherwise; nothing is read but `text`, so embedded notes are not followed. Raises ValueError
    where the front matter is faulty.
    """
    from offbook.cards.find import find_cards as find
    from offbook.config import override
    from offbook.errors import Severity
    from offbook.settings import Settings
    from offbook.sources.note import parse_note
    from offbook.stages import rules_of

    note = parse_note(text, path)
    settings, faults = override(Settings(), note.metadata)
    wrong = [str(problem) for problem in note.problems if problem.severity is Severity.FAULT]
    wrong += [f"{note.place_of(key)}: {message}" for key, message in faults]
    if wrong:
        raise ValueError("\n".join(wrong))
    return [
        FoundCard(
            card.question_text,
            None if card.is_open else card.answer_text,
            card.kind.value,
            card.dialect,
            card.location.line,
            card.tags,
        )
        for card in find(note, rules_of(settings)).cards
    ]


def build(
    notes: str | os.PathLike[str] = "notes", decks: str | os.PathLike[str] = "decks", companies: Sequence[str] = ()
) -> Build:
    """Compute what `offbook export` would write, and write nothing.

    `companies` are names; all if there are none. The result has `changes`, `problems`, `packages` (bytes, by the
    company's name in file names) and `ledger` (text). Raises `offbook.errors.OffbookError`.
    """
    return pipeline.build(Project(Path(notes), Path(decks)), companies, int(time.time()))


def export_decks(
    notes: str | os.PathLike[str] = "notes", decks: str | os.PathLike[str] = "decks", companies: Sequence[str] = ()
) -> Build:
    """Do what `offbook export` does, and return what `build` returns.

    Raises `offbook.errors.OffbookError`; files are whole at any moment, and runs that write the same decks take turns.
    """
    project = Project(Path(notes), Path(decks))
    with files.lock(project.decks):
        result = pipeline.build(project, companies, int(time.time()))
        pipeline.write(project, result)
    return result
