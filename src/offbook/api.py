"""What scripts may use of offbook, imported from `offbook` itself: see `offbook.__all__`, and docs/python.md.

These names, and the attributes of what they return, stay the same within a major version. Everything else in the
package may change at any time.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from offbook import files, pipeline
from offbook.config import decks_of, named_folder
from offbook.errors import Location, OffbookError, Problem, Severity, UsageError
from offbook.model import ALL, READABLE, Build, Card, Change, Former, IdentifiedCard, Interview, Status
from offbook.project import Project
from offbook.stages import find_in_text
from offbook.survey import survey

__all__ = [
    "Build",
    "Change",
    "Former",
    "FoundCard",
    "Interview",
    "Location",
    "NoteError",
    "OffbookError",
    "Problem",
    "Severity",
    "Status",
    "UsageError",
    "build",
    "export_decks",
    "find_cards",
]

Folder = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class FoundCard:
    """One card or open question, as plain text; its attributes are the keys of `offbook cards --json`.

    question: What is asked.
    answer: None for an open question; for a card with gaps, what fills them.
    kind: `question`, `reversed` or `cloze`.
    dialect: How the card was recognised, such as `heading`.
    line: The question's line in the note, from 1, front matter included.
    tags: Without `#`. For a text, the tags on the question; for a file, all tags that the card gets in Anki.
    path: The note's path in the notes folder, with `/` on every system.

    For files only:

    company: Whose card it is: names of companies, or `all`.
    deck: Its deck in Anki.
    suggested: Whether the answer is only suggested: talking points from elsewhere in the notes.
    guid: The id by which Anki knows the card's note.
    """

    question: str
    answer: str | None
    kind: str
    dialect: str
    line: int
    tags: tuple[str, ...] = ()
    path: str = ""
    company: tuple[str, ...] = ()
    deck: str = ""
    suggested: bool = False
    guid: str = ""


class NoteError(OffbookError, ValueError):
    """A note is faulty. The message has a line `path:line: what is wrong` for each fault.

    problems: The faults, each with its `location`, `code` and `message`.
    cards: The cards of the other notes, if a folder was read.
    """

    exit_code = 1

    def __init__(self, problems: Sequence[Problem], cards: Sequence[FoundCard] = ()) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)
        self.cards = list(cards)


def find_cards(source: Folder, path: Folder = "note.md") -> list[FoundCard]:
    """Return the cards and open questions of one Markdown note, or of a folder of notes, in the order of the notes.

    A `str` is the text of a note, never a path. No file is read, and the settings are the defaults, overridden by the
    note's front matter; `path` is taken for the note's file name, which may be a question itself.

    Any other path, such as a `pathlib.Path`, is a note's file or a folder of notes. It is read as `offbook cards` reads
    it: by the offbook.toml nearest to the current folder, or else to the path. Cards have their companies, decks and
    guids. Nothing is written except offbook's own cache.

    Raises NoteError if a note is faulty, UsageError if there is nothing at the path, offbook.toml is wrong, or a `str`
    is a path: a single line that ends in `.md` or `.markdown`, or the name of something that is there.
    """
    path = os.fspath(path)
    if not isinstance(source, str):
        return _in_files(Path(source))
    if _is_path(source):
        raise UsageError(f"{source!r} is a path, and a str is the text of a note: use find_cards(Path({source!r}))")
    note, found = find_in_text(source, path)
    _raise_faults(note.problems)
    return [_found(card, tags=card.tags, path=path) for card in found.cards]


def build(notes: Folder | None = None, decks: Folder | None = None, companies: Sequence[str] = ()) -> Build:
    """Work out what `offbook export` would write, and write nothing.

    `notes` and `decks` are folders; without them, those that offbook.toml in the current folder or above names, else
    `notes` and `decks`. `companies` are names; without any, all companies are built. The result has
    `changes`, `problems`, `packages` (by company, as its file is named, the bytes of the package) and `ledger` (text).
    Raises UsageError if there is no such folder or company, or settings are wrong, and OffbookError if the ledger
    cannot be read. Faulty notes raise nothing: what is wrong with them is in `faults`.
    """
    return pipeline.build(_project(notes, decks), _names(companies), int(time.time()))


def export_decks(notes: Folder | None = None, decks: Folder | None = None, companies: Sequence[str] = ()) -> Build:
    """Do what `offbook export` does, and return what `build` returns.

    Each file is whole at any moment, and runs that write to the same decks folder take turns: one waits for the other
    for up to half a minute. Raises what `build` raises, and OSError if a file cannot be written.
    """
    project = _project(notes, decks)
    with files.lock(project.decks):
        result = pipeline.build(project, _names(companies), int(time.time()))
        pipeline.write(project, result)
    return result


def _project(notes: Folder | None, decks: Folder | None) -> Project:
    here = Path.cwd()
    notes = named_folder("notes", here) if notes is None else Path(notes)
    return Project(notes, decks_of(notes, here) if decks is None else Path(decks))


def _names(companies: Sequence[str]) -> Sequence[str]:
    """Return the names of companies, where one may be given by itself."""
    return [companies] if isinstance(companies, str) else companies


def _is_path(text: str) -> bool:
    """Whether a text is a path, by mistake: no note of a single line that is one has a card."""
    if not text or len(text.splitlines()) != 1:
        return False
    return text.lower().endswith(READABLE) or os.path.exists(text)  # noqa: PTH110 - one too long is none


def _in_files(place: Path) -> list[FoundCard]:
    """Return the cards of a note's file or a folder, by the settings of the vault that it belongs to."""
    if not place.exists():
        raise UsageError(f"there is no {str(place)!r}")
    named = place
    place = Path(os.path.abspath(place))  # noqa: PTH100 - without `..`, but with its links
    folder = place if place.is_dir() else place.parent
    here, notes = next(
        ((here, notes) for here in (Path.cwd(), folder) if _belongs(place, notes := _named("notes", here), here)),
        (folder, folder),
    )
    project = Project(notes, _named("decks", here))
    if place.is_file() and (why := project.vault.why_no_note(place)):
        raise UsageError(f"{str(named)!r} is not a note; {why}")
    paths = [place.relative_to(notes).as_posix()] if place.is_file() else project.vault.note_paths()
    paths = [path for path in paths if (notes / path).is_relative_to(place)]
    surveyed = survey(project, paths)
    cards = [_identified(card) for card in surveyed.cards]
    _raise_faults(surveyed.problems, cards)
    return cards


def _belongs(place: Path, notes: Path, here: Path) -> bool:
    """Whether a path is of the `notes` of a command that is run in `here`, or is `here` itself, around them."""
    return place.is_relative_to(notes) or (place == here and notes.is_dir() and notes.is_relative_to(here))


def _named(key: str, here: Path) -> Path:
    """Return the folder of notes or decks of a current folder `here`, absolute."""
    return Path(os.path.normpath(here / named_folder(key, here)))


def _raise_faults(problems: Iterable[Problem], cards: Sequence[FoundCard] = ()) -> None:
    faults = [problem for problem in problems if problem.severity is Severity.FAULT]
    if faults:
        raise NoteError(faults, cards)


def _identified(card: IdentifiedCard) -> FoundCard:
    names = tuple(card.source.target.names) or (ALL,)
    return _found(card.card, card.tags, card.card.location.path, company=names, deck=card.source.deck, guid=card.guid)


def _found(
    card: Card, tags: tuple[str, ...], path: str, company: tuple[str, ...] = (), deck: str = "", guid: str = ""
) -> FoundCard:
    return FoundCard(
        question=card.question_text,
        answer=None if card.is_open else card.answer_text,
        kind=card.kind.value,
        dialect=card.dialect,
        line=card.location.line,
        tags=tags,
        path=path,
        company=company,
        deck=deck,
        suggested=card.suggested,
        guid=guid,
    )
