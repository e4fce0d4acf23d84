"""`offbook new`: writes a note for a new company, with the questions that every company asks."""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date as Date  # noqa: N812
from pathlib import Path

import click

from offbook.commands import common
from offbook.commands.days import as_day
from offbook.commands.paths import shown
from offbook.companies import begun, holds_companies, like_named, meant, place_of, slug
from offbook.config import has_settings, named_folder
from offbook.errors import UsageError
from offbook.interview import days_until
from offbook.likeness import question_key
from offbook.model import Source, served
from offbook.project import Project
from offbook.settings import Settings
from offbook.sources.vault import notes_below
from offbook.survey import Survey, survey

_SEVERAL = 2


@click.command()
@click.argument("company", shell_complete=common.complete_company)
@click.option("--date", "day", callback=as_day, metavar="DATE", help="The interview's, such as 2026-12-03.")
@common.notes_option
@common.decks_option
@common.reports_errors
def new(company: str, day: Date | None, notes: Path, decks: Path) -> None:
    """Start a company: write a note for COMPANY, with the questions that are asked everywhere, all open.

    It goes to the other notes of that company, however its name is spelt. An existing note is never touched. Questions
    that your notes hold, for that company or for all, are left out. The others are in German, French or Spanish where
    most of your notes are, or `lang` in offbook.toml says so, else in English. To use a template of your own, name it
    in offbook.toml: template = "…".
    """
    from offbook.starting.language_of_notes import language_of_notes
    from offbook.starting.new_note import filled, place_for, write_new

    notes = _with_other_notes(notes)
    notes.mkdir(parents=True, exist_ok=True)
    project = common.project(notes, decks)
    before = survey(project)
    places = _places(before.sources, project.settings)
    names = {key: name for source in before.sources for key, name in _companies(source)} | before.names
    key = meant(company, names)
    by_words = "" if key else begun(company, names)
    key = key or by_words
    name = names.get(key, company.strip())
    like = "" if key else like_named(name, names)
    said = project.settings.lang.partition("-")[0]
    language = said or language_of_notes(project.vault, project.vault.note_paths())
    place = place_for(name, places.get(key, []), project.settings, _usual(notes), flat=_are_notes(places))
    _refuse_to_lose(place, name, project, before)
    note = filled(project.settings, language, name, day, _asked(before.sources, key))
    file = write_new(notes, place, note.text)
    questions = len(survey(project, [file.relative_to(notes).as_posix()]).cards)
    written = shown(file)
    common.show(f"Wrote {written}: {common.counted(questions, 'question')} to answer{_when(day)}.")
    if note.left_out:
        common.show(f"Left out {common.counted(note.left_out, 'usual question')}, which your notes hold already.")
    if by_words:
        common.say(f"note: took {company.strip()!r} for {name!r}; for another company, write more of its name")
    if like:
        told = f"you have notes on {like!r}; if you mean that company, delete {written}, and run: offbook new"
        common.say(f"note: {told} {shlex.quote(like)}")
    _show_next(notes, written, slug(name))


def _refuse_to_lose(place: str, name: str, project: Project, before: Survey) -> None:
    """Raise UsageError where a note of the company `name` at `place` would be left out, or lost later."""
    from offbook.starting.new_note import folder_of_export

    vault = project.vault
    if vault.leaves_out(place):
        raise UsageError(f"a note of {name!r} would be left out: {vault.left_out[place]}; name it otherwise")
    folder = folder_of_export(place, [source.note for source in before.sources])
    if folder is not None:
        raise UsageError(
            f"{folder or shown(vault.notes)!r} holds an export of Notion, and the next one takes its place, with all "
            f"that is written into it; make a page {name!r} there in Notion, and export again"
        )


def _show_next(notes: Path, written: str, key: str) -> None:
    common.show("Write your answers below the questions, in your editor. Then:")
    folder = "" if notes == named_folder("notes", Path.cwd()) else f" --notes {shlex.quote(str(notes))}"
    common.show(f"  offbook cards {shlex.quote(written)}{folder}")
    common.show(f"  offbook export {key}{folder}")


def _asked(sources: Iterable[Source], key: str) -> set[str]:
    """Return the keys of the questions, open ones among them, in notes of a company, by slug, or of all companies."""
    cards = (card for source in sources if served(source.target.slugs, (key,)) for card in source.cards)
    return {question_key(card.question_text) for card in cards}


def _companies(source: Source) -> Iterator[tuple[str, str]]:
    return zip(source.target.slugs, source.target.names, strict=False)


def _places(sources: Iterable[Source], settings: Settings) -> dict[str, list[tuple[str, int]]]:
    """Return the notes of each company, by slug, with how many folders lead to the company's, if its place says so."""
    places: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for source in sources:
        place = place_of(source.path, settings)
        for key, _ in _companies(source):
            is_own = place.target is not None and key in place.target.slugs
            if is_own or len(source.target.names) == 1:
                places[key].append((source.path, place.depth if is_own else 0))
    return places


def _are_notes(places: Mapping[str, Sequence[tuple[str, int]]]) -> bool:
    """Whether companies are notes here, and no folders: several are, and none is a folder."""
    return len(places) >= _SEVERAL and not any(depth for found in places.values() for _, depth in found)


def _with_other_notes(notes: Path) -> Path:
    """Return the notes folder; before `offbook init` that is this one where notes are here, and no folder `notes`."""
    here = Path.cwd()
    is_told = notes.exists() or notes != Path("notes") or has_settings(here)
    return Path() if not is_told and any(notes_below(here)) else notes


def _usual(notes: Path) -> str:
    """Return the pattern of companies: those in a folder that is called so, else at the top."""
    called = sorted(folder.name for folder in notes.iterdir() if folder.is_dir() and holds_companies(folder.name))
    return f"{called[0]}/*" if called else "*"


def _when(day: Date | None) -> str:
    return f"; the interview is {days_until(day)}" if day else ""
