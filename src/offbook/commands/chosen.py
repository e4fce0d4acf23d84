"""What `offbook cards` and `offbook check` look at: the notes at the paths given, or all, or what stands at a line."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import click
from click.core import ParameterSource

from offbook.commands import common
from offbook.commands.paths import found_path, located, shown
from offbook.commands.terminal import one_line
from offbook.companies import choose, slug
from offbook.config import named_folder
from offbook.errors import Location, UsageError
from offbook.model import Card, note_stem
from offbook.project import Project
from offbook.survey import Survey, survey
from offbook.text import fold, without_id

paths_argument = click.argument("paths", nargs=-1, metavar="[PATH|COMPANY]...", type=click.Path(path_type=Path))


@dataclass(frozen=True, slots=True)
class Chosen:
    """Notes of a project, and lines in them."""

    project: Project
    paths: list[str]
    """The notes' paths, sorted."""
    lines: dict[str, list[int]] = field(default_factory=dict)
    """By path the lines that are asked about, where a note is not looked at as a whole."""
    named: frozenset[str] = frozenset()
    """The paths of notes that are named themselves, not by their company; of a folder without notes one left out."""
    shared: Sequence[Location] = ()
    """Of companies that are named: the open questions in notes that serve all of them."""
    is_outside: bool = False
    """Whether the notes are outside of the notes folder, so that no export takes their cards."""

    @property
    def shared_elsewhere(self) -> int:
        """How many open questions of the companies that are named are in none of the notes."""
        return sum(place.path not in self.paths for place in self.shared)

    def takes(self, card: Card) -> bool:
        """Whether a card is of the notes and holds one of the lines, if lines are asked about."""
        lines = self.lines.get(card.location.path)
        return lines is None or any(card.location.line <= line < card.end for line in lines)

    def refuse_lines_of_no_card(self, found: Survey, told: Collection[Location]) -> None:
        """Raise UsageError for lines that no card holds, with the nearest one.

        Those are no matter of which something is `told`, or whose notes could not be read.
        """
        cards = [identified.card for identified in found.cards]
        messages: list[str] = []
        for place in (Location(path, line) for path, lines in self.lines.items() for line in lines):
            of_note = [card for card in cards if card.location.path == place.path]
            if (
                place in told
                or place.path in found.unread
                or any(card.location.line <= place.line < card.end for card in of_note)
            ):
                continue
            message = "no card holds this line, and the note has none"
            if of_note:
                near = min(of_note, key=lambda card: _distance(card, place.line))
                shown = located(near.location, self.project.vault)
                message = f"no card holds this line; the nearest is “{one_line(near.question_text)}” at {shown}"
            messages.append(f"{located(place, self.project.vault)}: {message}")
        if messages:
            raise UsageError("\n".join(messages))

    def tell_what_is_left_out(self, found: Survey) -> None:
        """Say on standard error why a note makes no cards that was named, and is left out.

        Where all notes of a folder are left out, the first of them stands for all.
        """
        left = [path for path in self.paths if path in found.left_out]
        told = left[:1] if len(left) == len(self.paths) else []
        rest = len(left) - len(told)
        for path in sorted({*told} | self.named & found.left_out.keys()):
            common.say(f"{located(Location(path), self.project.vault)}: left out: {found.left_out[path]}")
        if told and rest and not self.named:
            are = "1 other note is" if rest == 1 else f"{rest} other notes are"
            common.say(f"{are} left out, too: offbook status -v lists them, and by which rule.")

    def is_near(self, place: Location, cards: Sequence[Card]) -> bool:
        """Whether a place is at one of the lines, or in a card that holds one; true if no line is asked about."""
        lines = self.lines.get(place.path)
        if lines is None or place.line in lines:
            return True
        return any(card.location.line <= place.line < card.end for card in cards if self.takes(card))


def _distance(card: Card, line: int) -> int:
    return card.location.line - line if card.location.line > line else line - card.end + 1


def chosen_notes(paths: Sequence[Path], notes: Path, decks: Path, *, cached: bool) -> Chosen:
    """Return what `paths` name: notes, lines of them, folders with all notes, companies.

    Where one of `paths` is outside of the notes folder, the project is the one of a command that is run in the folder
    that holds all of them, if they are of its notes or around them; else that folder is the notes folder. Without
    `paths` all notes are returned. Raises UsageError for a path that leads nowhere or to a file that is no note.
    """
    if not paths:
        project = common.project(notes, decks, cached=cached)
        return Chosen(project, project.vault.note_paths())
    places = [(path, *found_path(path, notes)) for path in paths]
    files = [(_absolute(file), line) for _, file, line in places if file is not None]
    names = [str(path) for path, file, _ in places if file is None]
    root = own = _absolute(notes)
    if not (root.is_dir() and all(file.is_relative_to(root) for file, _ in files)) and not names:
        notes, decks = _folders_of([file for file, _ in files], decks)
        root = notes
    elif names and not root.is_dir():
        raise UsageError(f"there is no {names[0]!r}")
    project = common.project(notes, decks, cached=cached)
    for file, _ in files:
        if file.is_file() and (why := project.vault.why_no_note(file)):
            raise UsageError(f"{shown(file)!r} is not a note; {why}")
    whole, shared = _of_companies(project, names)
    is_outside = own.is_dir() and not any(file.is_relative_to(own) or own.is_relative_to(file) for file, _ in files)
    return replace(_narrowed(project, root, files, whole), shared=shared, is_outside=is_outside and bool(files))


def _folders_of(files: Sequence[Path], decks: Path) -> tuple[Path, Path]:
    """Return the folders with the notes and the decks of the project that `files` belong to.

    `decks` is the folder on the command line, or what is taken without one.
    """
    around = Path(os.path.commonpath([file if file.is_dir() else file.parent for file in files]))
    notes = _absolute(around / named_folder("notes", around))
    if not (notes.is_dir() and all(file.is_relative_to(notes) or notes.is_relative_to(file) for file in files)):
        return around, decks
    is_given = click.get_current_context().get_parameter_source("decks") is not ParameterSource.DEFAULT
    return notes, decks if is_given else _absolute(around / named_folder("decks", around))


def _narrowed(project: Project, root: Path, files: Sequence[tuple[Path, int]], whole: set[str]) -> Chosen:
    """Return what the files and folders below `root` hold, each with a line or 0, and the notes to look at `whole`."""
    all_notes = project.vault.note_paths() if any(file.is_dir() for file, _ in files) else []
    lines: dict[str, list[int]] = defaultdict(list)
    named: set[str] = set()
    for file, line in files:
        relative = os.path.relpath(file, root).replace(os.sep, "/")
        if file.is_dir():
            held = {note for note in all_notes if root.is_relative_to(file) or note.startswith(relative + "/")}
            left_out = sorted(path for path in project.vault.left_out if path.startswith(relative + "/"))
            named.update(left_out[:1] if not held else ())  # it stands for all
            whole |= held
            continue
        named.add(relative)
        project.vault.leaves_out(relative)
        if line:
            lines[relative].append(line)
        else:
            whole.add(relative)
    return Chosen(
        project,
        sorted(whole | lines.keys()),
        {path: sorted(set(lines[path])) for path in sorted(lines.keys() - whole)},
        frozenset(named),
    )


def _of_companies(project: Project, names: Sequence[str]) -> tuple[set[str], list[Location]]:
    """Return the paths of the notes of companies, and the places of the open questions that all companies share.

    Raises UsageError for a name that is neither theirs nor a path.
    """
    if not names:
        return set(), []
    found = survey(project)
    for name in names:
        if slug(name) in found.names:
            continue
        if called := _called(project, name):
            raise UsageError(f"there is no company and no path {name!r}; the note is {called!r}")
        if "/" in name or "." in name:
            raise UsageError(f"there is no {name!r}")
    slugs = set(choose(names, found.names, gone=found.gone))
    shared = [card for source in found.sources if source.target.shared for card in source.cards if card.is_open]
    paths = {source.path for source in found.sources if not slugs.isdisjoint(source.target.slugs)}
    return paths, [card.location for card in shared]


def _called(project: Project, name: str) -> str:
    """Return the path of the only note that is called so, in any case, with its ending or without; or nothing."""
    stem = fold(note_stem(name.rpartition("/")[2]))
    found = [path for path in project.vault.note_paths() if fold(without_id(note_stem(path))) == stem]
    return shown(project.vault.notes / found[0]) if len(found) == 1 else ""


def _absolute(path: Path) -> Path:
    """Return the absolute path without `..`, but with its links: one may lead out of the vault."""
    return Path(os.path.normpath(path.absolute()))
