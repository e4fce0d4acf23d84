"""`offbook init`: writes a settings file in which every key is explained, and shows what it makes of the notes."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from offbook.commands import common
from offbook.commands.terminal import one_line
from offbook.companies import is_by_name, pattern_of, perhaps_topics, subject_of
from offbook.errors import UsageError
from offbook.graph import Graph, graph_around, is_graph, where_to_write
from offbook.model import ALL, MARKDOWN, READABLE, TEXT, served
from offbook.settings import ALL_ELSE, FILE_NAME
from offbook.sources.vault import notes_below
from offbook.survey import Survey, survey

if TYPE_CHECKING:
    from offbook.project import Project
    from offbook.sources.vault import Vault
    from offbook.starting.folders import Companies

_EXISTS = f"{FILE_NAME} already exists; nothing was written. Change it, or delete it and run this again"
_SHOWN = 3  # names of folders, rules
_OTHERWISE = ', or name another folder: notes = "Interviews".'
_OTHERWISE_IN_GRAPH = " for the pages Interviews/Acme, Interviews/Globex …; or the pages one by one."
_NO_CARD = "No card was found in these notes: is this the right folder? offbook cards --explain says why."
_FEWEST_BY_NAME = 4  # companies that are called as a note
_MANY = 25  # companies at once that make it likelier that some are none


@click.command()
@click.option("--notes", type=click.Path(path_type=Path), help="The folder with your notes.  [default: looked for]")
@click.option("--decks", type=click.Path(path_type=Path), help="The folder for packages and ledger.  [default: decks]")
@common.reports_errors
def init(notes: Path | None, decks: Path | None) -> None:
    """Write offbook.toml into this folder, with every setting explained and your notes folder named.

    The notes are this folder or one below it, never one above. Commands that are run here, or in a folder below, then
    know where notes and decks are. An existing file is never touched.
    """
    from offbook.starting.folders import of_companies, pages_of_companies
    from offbook.starting.settings_file import find_vault, settings_text

    here = Path.cwd()
    if os.path.lexists(FILE_NAME):
        raise UsageError(_EXISTS)
    base, notes = (notes, notes) if notes else _looked_for(here)
    decks = decks or Path("decks")
    vault = find_vault(here)
    values: dict[str, str | list[str]] = {"notes": _relative(notes, here), "decks": _relative(decks, here)}
    endings = READABLE if (text_files := _texts_are_notes(notes)) else MARKDOWN
    if vault is not None:
        values["vault"] = _relative(vault, here)
    graph = graph_around(notes.absolute())
    likely = pages_of_companies(_all_of(notes, graph), graph) if graph else of_companies(notes, endings)
    if likely.is_called_so:
        values |= {"companies": _one_or_all(likely.patterns), "shared": [ALL_ELSE]}
    elif likely.places and likely.is_said and _agrees(_asked(likely, graph), otherwise=graph is not None):
        values["companies"] = _one_or_all(likely.patterns)
    _write(settings_text(**values, text_files=text_files))
    _show_settings(values, _number(notes, endings), graph, text_files=text_files)
    found = survey(project := common.project(notes, decks))
    number, days = _show_companies(found), _days_that_ask(found, project, graph)
    if base != notes:
        _propose_all(base, _relative(notes, base), likely, found)
    elif not likely.is_called_so:
        _advise(found, likely, graph, _serving_all(notes, likely.places, graph), days, number)
    elif days:
        _propose([], days, [_shared([ALL_ELSE], days)], where=", in place of its line `shared = …`")
    elif not number:
        common.say(_NO_CARD, fg="yellow")
    common.show("Next: offbook cards shows what becomes a card, offbook export writes the packages.")


def _write(settings: str) -> None:
    """Write the settings file; raise UsageError where there is one."""
    try:
        with Path(FILE_NAME).open("x", encoding="utf-8") as stream:
            stream.write(settings)
    except FileExistsError:
        raise UsageError(_EXISTS) from None


def _advise(
    found: Survey, likely: Companies, graph: Graph | None, serving: list[str], days: list[str], number: int
) -> None:
    """Say what to write into the settings, in one piece; `number` is that of the companies with cards."""
    pattern = "" if graph or (likely.is_said and common.is_terminal()) else "".join(likely.patterns)
    if not (pattern or graph):  # else the setting proposed for the companies changes who is served
        serving = [place for place in serving if not _is_served(found, place)]
    topics = _perhaps_none(found, graph)
    beside = any(source.cards and not source.path.startswith(f"{likely.folder}/") for source in found.sources)
    _doubt(number, "" if serving else pattern, graph, beside=beside)
    if serving or days:
        companies = [f"companies = {json.dumps(pattern, ensure_ascii=False)}"] if pattern else []
        _propose(serving, days, [*companies, _shared([*serving, *days], topics)])
    elif topics:
        common.show(f"To have the cards of those that are none in every company's package, write into {FILE_NAME}:")
        common.show(f"  {_shared([], topics)}")


def _propose_all(base: Path, name: str, likely: Companies, found: Survey) -> None:
    """Say which settings take in all of the vault at `base`, of which the folder `name` holds the interviews."""
    serving, topics = _serving_all(base, [name]), [f"{name}/{topic}" for topic in _perhaps_none(found, None)]
    pattern = likely.patterns[0] if likely.is_called_so else "*"
    settings = [f'notes = "{_relative(base, Path.cwd())}"', f'companies = "{name}/{pattern}"']
    beside = [name] if likely.is_called_so else topics
    if serving or beside:
        settings.append(_shared(serving, beside))
    _propose(serving, [], settings, "For the whole vault,", ", in place of its line `notes = …`")


def _shared(serving: Sequence[str], topics: Sequence[str]) -> str:
    """Return the line of the settings for what serves every company."""
    return f"shared = {json.dumps([*serving, *topics], ensure_ascii=False)}"


def _is_served(found: Survey, place: str) -> bool:
    """Whether the cards of a note or folder are in every company's package already."""
    below = [
        source
        for source in found.sources
        if source.cards and (source.path == place or source.path.startswith(f"{place}/"))
    ]
    return bool(below) and all(source.target.shared for source in below)


def _one_or_all(patterns: Sequence[str]) -> str | list[str]:
    return [*patterns] if patterns[1:] else patterns[0]


def _asked(likely: Companies, graph: Graph | None) -> str:
    beside = f"{', and ' if likely.folder else ''}{_some(likely.pages)}" if likely.pages else ""
    if not likely.folder:
        return f"Are these pages the companies: {beside}?"
    inside = f"each {'page' if graph else 'folder'} in {likely.folder!r} a company ({_some(likely.names)})"
    return f"Is {inside}{beside}?"


def _show_settings(values: Mapping[str, str | list[str]], notes: int, graph: Graph | None, *, text_files: bool) -> None:
    """Show what was written into the settings; `notes` is their number."""
    common.show(f"Wrote {FILE_NAME}.")
    vault = values.get("vault", "none found, links are looked up in the notes folder")
    common.show(f"  vault: {vault}{' (a Logseq graph)' if graph else ''}")
    common.show(f"  notes: {values['notes']} ({common.counted(notes, 'note')})")
    common.show(f"  decks: {values['decks']}")
    if text_files:
        common.show("  text files (.txt) are notes, too")
    if "shared" in values:
        patterns = values["companies"]
        common.show(f"  companies: {patterns if isinstance(patterns, str) else ', '.join(patterns)}")
        common.show("  shared by every company: all else")


# -- which folder ----------------------------------------------------------------------------------


def _looked_for(here: Path) -> tuple[Path, Path]:
    """Return the folder with all notes, this one or one below it, and the one with the interviews, often the same.

    Raises UsageError where no folder can be meant.
    """
    from offbook.starting.folders import looks_like_interviews, of_companies
    from offbook.starting.settings_file import is_vault, vaults_below

    what = {Path.home(): "your home folder", Path(here.anchor): "the root of all files"}.get(here)
    if what:
        raise UsageError(
            f"this is {what}; go to the folder with your interview notes (cd …), and run offbook init there"
        )
    if (here / "notes").is_dir():
        return here / "notes", here / "notes"
    base = here
    if not any(file.parent == here for file in notes_below(here, READABLE)):
        base = next(iter(vaults_below(here)), here)
    if not any(notes_below(base, READABLE)):
        raise UsageError(
            "there are no notes (*.md, *.txt) in this folder; go to the one with your interview notes (cd …), and run "
            "offbook init there, or start with `offbook new COMPANY`"
        )
    is_searched = is_vault(base) and not is_graph(base) and not of_companies(base, READABLE).is_called_so
    folder = looks_like_interviews(base) if is_searched else None
    if folder is None:
        return base, base
    inside = _number(folder)
    name = _relative(folder, base)
    number = common.counted(inside, "note")
    if not _agrees(f"This is a vault. Are your interview notes in {name!r} ({number})?", otherwise=True):
        return base, base
    rest = _number(base) - inside
    left = f"; {common.counted(rest, 'note')} elsewhere in the vault {'is' if rest == 1 else 'are'} left out"
    common.show(f"Took {name}, which looks like interviews{left if rest else ''}.")
    return base, folder


def _number(folder: Path, endings: Collection[str] = MARKDOWN) -> int:
    """Return how many files below a folder have one of the `endings`."""
    return sum(1 for _ in notes_below(folder, endings))


def _texts_are_notes(notes: Path) -> bool:
    """Whether text files are notes, too: asked where they are as many as notes, and sure where they are alone."""
    texts, others = _number(notes, TEXT), _number(notes)
    if not texts or texts < others:
        return False
    beside = f", beside {common.counted(others, 'note')}" if others else ""
    return _agrees(f"Are the text files here notes, too ({texts} .txt{beside})?", otherwise=not others)


def _all_of(notes: Path, graph: Graph | None) -> Vault:
    """Return the notes folder, with all that is in it."""
    from offbook.settings import Settings
    from offbook.sources.vault import Vault

    return Vault(notes, Settings(graph=graph))


def _serving_all(notes: Path, interviews: Sequence[str], graph: Graph | None = None) -> list[str]:
    """Return the folders, or pages, that likely serve every company, relative to `notes`, as `interviews` are."""
    from offbook.starting.serving_all import serving_all

    return serving_all(_all_of(notes, graph), interviews, graph) if interviews else []


def _days_that_ask(found: Survey, project: Project, graph: Graph | None) -> list[str]:
    """Return the folder of a graph's journals where they hold questions that become no cards."""
    days = (path for path in found.left_out if graph and graph.is_journal(path))
    return [graph.journals] if graph and any(map(project.stages.asks, days)) else []


def _propose(
    serving: Sequence[str], days: Sequence[str], settings: Sequence[str], why: str = "", where: str = ""
) -> None:
    """Say which `settings` take the folders `serving` every company, and days, too; with neither, `why` begins it."""
    said: list[str] = []
    if serving:
        seem = "seems to serve" if len(serving) == 1 else "seem to serve"
        said.append(f"{_listed(serving)} {seem} every company: your interviews link there, or a name or #card says so.")
    said += [f"Questions stand on the pages of days, in {folder}." for folder in days]
    why = " ".join([*said, "To have the cards in every company's package,"]) if said else why
    common.show("\n  ".join([f"{why} write into {FILE_NAME}{where}:", *settings]))


def _agrees(question: str, *, otherwise: bool = False, if_left: str = "Nothing was written.") -> bool:
    """Ask in a terminal; without one, return `otherwise`."""
    return common.agrees(question, default=True, if_left=if_left) if common.is_terminal() else otherwise


def _some(names: Sequence[str]) -> str:
    """Return the first of the names, as a list in words."""
    shown = ", ".join(one_line(name, 30) for name in names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown


# -- what was found --------------------------------------------------------------------------------


def _show_companies(found: Survey) -> int:
    """Show the companies with their cards, then what was left out; return how many companies have cards."""
    rows: list[tuple[str, str]] = []
    for key, name in found.names.items():
        cards = [card.card.is_open for card in found.cards if served(card.companies, (key,))]
        if cards:
            rows.append((one_line(name, 40), common.numbers(cards)))
    for name, numbers in rows:
        common.show(f"  {name}: {numbers}")
    if rows[1:]:
        common.show(f"  {common.in_all((card.card.is_open, ALL in card.companies) for card in found.cards)}")
    for rule, number in Counter(found.left_out.values()).most_common(_SHOWN):
        common.show(f"  left out: {common.counted(number, 'note')}: {rule}")
    if rows:
        _show_shared(found)
    if found.left_out:
        common.show("  offbook status -v lists the notes that are left out")
    return len(rows)


def _show_shared(found: Survey) -> None:
    """Show whose cards are in every company's package, as a note that is nobody's business may be among them."""
    shared = [source for source in found.sources if source.cards and source.target.shared]
    names = sorted(pattern_of(source) for source in shared if ALL_ELSE in source.settings.shared)
    if names:
        common.show(f"  in every company's package: the cards of {_some([*map(_without_ending, names)])}")
        common.show(
            f"  to leave a note out, write into {FILE_NAME}: ignore = {json.dumps(names[:1], ensure_ascii=False)}"
        )


def _perhaps_none(found: Survey, graph: Graph | None) -> list[str]:
    """Say that companies are made by names alone; return the patterns of those that are likely topics or subjects."""
    made = [source for source in found.sources if source.cards and not source.target.shared]
    by_name = {source.target.names[0] for source in made if is_by_name(source)}
    topics = sorted(map(pattern_of, perhaps_topics(found.sources)))
    subjects = sorted({*map(subject_of, made)} - {""})
    if subjects:
        are = "is a deck" if len(subjects) == 1 else "are decks"
        common.show(f"No note says which company it is for, so {_listed(subjects)} {are} as all others are.")
    if len(topics) > 1:
        names = _some([*map(_without_ending, topics)])
        common.show(f"{len(topics)} companies have the name of a note, and may be none: {names}.")
    if topics[1:] or subjects:
        return sorted({*topics, *subjects})
    if len(by_name) >= _FEWEST_BY_NAME and 2 * len(by_name) > len(made):
        written = where_to_write("company: Name", "company: all", graph=graph)
        common.show(
            f"{len(by_name)} companies have the name of a note. If that is wrong for one, move the note to its "
            f"company's, or write {written}, the latter where it serves every company."
        )
    return []


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _doubt(companies: int, pattern: str, graph: Graph | None, *, beside: bool) -> None:
    """Say what seems odd about what was found; `pattern` is one that nobody was asked about.

    `beside` says that there are cards elsewhere, too.
    """
    doubt = ""
    if pattern:
        folder = pattern.removesuffix("/*")
        shared = ', and shared = ["*"] for all else to serve every company' if beside else ""
        written = f'write companies = "{pattern}" into {FILE_NAME}{shared}.'
        doubt = f"Are the notes and folders in {folder} the companies? Then {written}"
    elif not companies:
        doubt = _NO_CARD
    elif companies > _MANY:
        question, written = f"Are all of these {companies} companies?", f"{FILE_NAME} is written."
        if not _agrees(question, if_left=written):
            doubt = (
                f"{'' if common.is_terminal() else question + ' '}If not, write into {FILE_NAME} where they are, such "
                f'as companies = "{"Interviews" if graph else "Companies"}/*"'
                f"{_OTHERWISE_IN_GRAPH if graph else _OTHERWISE}"
            )
    if doubt:
        common.say(doubt, fg="yellow")


def _without_ending(path: str) -> str:
    return str(PurePosixPath(path).with_suffix(""))


def _relative(path: Path, here: Path) -> str:
    return os.path.relpath(path, here).replace(os.sep, "/")
