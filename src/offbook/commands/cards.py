"""`offbook cards`: the cards found; writes nothing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from offbook.commands import common
from offbook.errors import Severity, UsageError
from offbook.model import ALL, MARKDOWN, IdentifiedCard, Source
from offbook.pipeline import survey
from offbook.project import Project


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@common.notes_option
@common.decks_option
@common.no_cache_option
@common.json_option
@click.option("--explain", is_flag=True, help="Say why each text is a card, or is none.")
@common.reports_errors
def cards(paths: tuple[Path, ...], notes: Path, decks: Path, no_cache: bool, as_json: bool, explain: bool) -> None:
    """Show the cards found in the notes, or just in those at PATH, a note or a folder.

    \b
    Examples:
      offbook cards notes/Tallowby            the cards of one folder
      offbook cards Pitch.md --explain        why each text is a card, or is none
      offbook cards --json | jq .question     for scripts
    """
    project, wanted = locate(paths, notes, decks, cached=not no_cache)
    found = survey(project, wanted)
    if as_json:
        for card in found.cards:
            common.print_json(as_data(card, explain=explain))
    else:
        _print(found.cards, explain)
    if explain and not as_json:
        _print_passed(found.sources)
    common.show_problems(found.problems)
    if any(problem.severity is Severity.FAULT for problem in found.problems):
        raise SystemExit(common.FAULTS)


def locate(paths: Sequence[Path], notes: Path, decks: Path, *, cached: bool) -> tuple[Project, list[str]]:
    """Return the project and the notes that `paths` name, relative to the notes folder.

    A path outside of the notes folder makes its own folder the notes folder.
    """
    if not paths:
        project = common.project(notes, decks, cached=cached)
        return project, project.vault.note_paths()
    for path in paths:
        if not path.exists():
            raise UsageError(f"there is no {str(path)!r}")
        if path.is_file() and path.suffix.lower() not in MARKDOWN:
            raise UsageError(f"{str(path)!r} is no note; notes end in {' or '.join(MARKDOWN)}")
    root = Path(os.path.normpath(notes.absolute()))
    absolute = [Path(os.path.normpath(path.absolute())) for path in paths]
    if not (root.is_dir() and all(path == root or root in path.parents for path in absolute)):
        common_root = Path(os.path.commonpath([path if path.is_dir() else path.parent for path in absolute]))
        notes = root = common_root
    project = common.project(notes, decks, cached=cached)
    wanted: list[str] = []
    below: list[str] | None = None
    for path in absolute:
        relative = path.relative_to(root).as_posix()
        if path.is_dir():
            below = project.vault.note_paths() if below is None else below
            wanted += [note for note in below if relative == "." or note.startswith(relative + "/")]
        else:
            wanted.append(relative)
    return project, sorted(set(wanted))


def as_data(card: IdentifiedCard, *, explain: bool = False) -> dict[str, Any]:
    """Return what `--json` prints of a card."""
    found = card.card
    data: dict[str, Any] = {
        "path": found.location.path,
        "line": found.location.line,
        "kind": found.kind,
        "dialect": found.dialect,
        "question": found.question_text,
        "answer": None if found.is_open else found.answer_text,
        "suggested": found.suggested,
        "company": list(card.source.target.names) or [ALL],
        "deck": card.source.deck,
        "tags": list(card.tags),
        "guid": card.guid,
    }
    return data | ({"reason": found.reason} if explain else {})


def _print(found: Sequence[IdentifiedCard], explain: bool) -> None:
    note = ""
    for card in found:
        if card.card.location.path != note:
            note = card.card.location.path
            click.secho(common.one_line(note), bold=True)
        mark = "open  " if card.card.is_open else "points" if card.card.suggested else "      "
        common.show(f"{card.card.location.line:>5}  {mark}  {common.one_line(card.card.question_text, 90)}")
        if explain:
            common.show(f"{'':>15}{card.card.dialect}: {card.card.reason}")
        if not card.card.is_open:
            click.secho(f"{'':>15}{common.one_line(card.card.answer_text, 82)}", dim=True)
    opened = sum(card.card.is_open for card in found)
    suggested = sum(card.card.suggested for card in found)
    parts = [common.counted(len(found) - opened, "card"), common.counted(opened, "open question")]
    click.echo(", ".join(parts) + (f", {suggested} with talking points" if suggested else ""))
    if found:
        how = "" if explain else ", and --explain says why each is one"
        click.secho(f"Wrong? %%no card%% behind a question leaves it out, #card behind a text adds it{how}.", dim=True)


def _print_passed(sources: Sequence[Source]) -> None:
    for source in sources:
        for passed in source.reading.passed:
            told = f"no card: {common.one_line(passed.text, 60)} ({passed.reason})"
            common.show(f"{passed.location}: {passed.reason if passed.code else told}")
