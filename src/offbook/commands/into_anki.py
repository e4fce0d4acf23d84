"""What `offbook import` and `offbook watch --import` share: options, and the two steps of an import."""

from __future__ import annotations

import time
from collections.abc import Iterable

import click
from msgspec import structs

from offbook import files, ledger, notetypes
from offbook.anki import Anki
from offbook.anki.bring import Import
from offbook.anki.known_again import KnownAgain
from offbook.anki.own_looks import Looks
from offbook.anki.plan import Edits, Options, Plan, Retired
from offbook.clock import plausible
from offbook.commands import common
from offbook.commands.rewordings import BuildAgain
from offbook.commands.terminal import one_line
from offbook.model import Build
from offbook.package import read_notes
from offbook.project import Project
from offbook.tags import may_serve

_MOST_LOOKS = 40  # two of each change; a line stays readable
PATIENCE = 60.0
"""Seconds for which an answer on the screen is waited for."""
_POLL = 0.5  # seconds between two looks at it
_retired_option = click.option(
    "--retired",
    type=click.Choice([choice.value for choice in Retired]),
    callback=lambda context, option, value: Retired(value),
    default=Retired.SUSPEND.value,
    show_default=True,
    help="What to do with cards that are gone from the notes.",
)
_bring_back_option = click.option(
    "--bring-back", is_flag=True, help="Add cards again that were imported once and are not in Anki."
)
_edits_option = click.option(
    "--edits",
    type=click.Choice([choice.value for choice in Edits]),
    callback=lambda context, option, value: Edits(value or (Edits.ASK if common.is_terminal() else Edits.KEEP)),
    help="What to do with a text that was edited in Anki and changed in the notes, too.  [default: ask in a terminal, "
    "else keep]",
)
_take_looks_option = click.option(
    "--take-looks", is_flag=True, help="Replace the looks that you changed in Anki with offbook's."
)
import_options = common.gathered(
    "options", Options, _retired_option, _edits_option, _bring_back_option, _take_looks_option
)
watch_options = common.gathered("options", Options, _retired_option)


def with_known_guids(anki: Anki, result: Build, build_again: BuildAgain, *, quiet: bool) -> Build:
    """Return what the export is where cards of a lost ledger are in Anki: of companies that were not imported since."""
    entries = ledger.parse(result.ledger.encode(), ledger.FILE_NAME)
    imported = {slug for entry in entries if entry.in_anki for slug in entry.companies}
    if all(imported.issuperset(entry.companies) for entry in entries):
        return result

    exported = {slug for entry in entries for slug in entry.companies}
    others = result.names.keys() - exported

    def may_be_lost(tags: Iterable[str]) -> bool:
        return may_serve(tags, exported - imported) or not may_serve(tags, imported | others)

    every = (note for package in result.packages.values() for note in read_notes(package))
    notes = [note for note in every if may_be_lost(note.tags)]
    in_anki = {guid: seen for guid, seen in anki.notes().items() if may_be_lost(seen.tags)} if notes else {}
    if not in_anki:
        return result
    known = KnownAgain(notes, entries, in_anki, anki.rehearsed())
    after = known.entries()
    if after == entries:
        return result
    if not quiet and (number := sum(ours != theirs for ours, theirs in known.guids.items())):
        cards = "1 card that Anki has is" if number == 1 else f"{number} cards that Anki has are"
        common.say(f"{cards} known again by the question, with all reviews: the ledger does not know them.")
    return build_again(entries=after)


def plan_import(anki: Anki, project: Project, result: Build, options: Options, *, quiet: bool) -> tuple[Import, Plan]:
    """Compare what was exported with what is in Anki; nothing is changed there yet."""
    header = ledger.load_header(project.decks / ledger.FILE_NAME)
    css = project.settings.css
    new = header.imported != notetypes.looks(css)
    looks = Looks(new, {*header.every_look, *notetypes.our_looks(css)}, replace=options.take_looks)
    entries = ledger.parse(result.ledger.encode(), ledger.FILE_NAME)
    run = Import(anki, result.packages.values(), entries, looks, header.descriptions, header.collections)
    if run.forgotten:
        file = str(project.decks / ledger.FILE_NAME)
        common.say(
            f"Anki has {common.counted(run.forgotten, 'note')} of offbook's that {file!r} does not know: that is not "
            "the ledger of your last import. Put the right one back, from a backup or another computer, and import "
            "again. Without it, cards whose questions changed since then are there twice",
            fg="yellow",
        )
    for deck, name in sorted(run.decks.items()):
        if header.decks.get(deck) != name and not quiet:
            common.say(f"{one_line(deck)!r} is called {one_line(name)!r} in Anki: its cards go there")
    return run, run.plan(options, plausible(int(time.time())))


def until_undisturbed(anki: Anki, *, quiet: bool) -> None:
    """Wait, for a minute at most, while an answer is on the screen: Anki would turn it away as it redraws."""
    if not quiet:
        common.say(
            "Anki is showing an answer, which an import would close. Waiting, a minute at most, until you grade it."
        )
    end = time.monotonic() + PATIENCE
    while anki.shows_answer() and time.monotonic() < end:
        time.sleep(_POLL)


def carry_out(project: Project, run: Import, plan: Plan, *, quiet: bool) -> None:
    """Change Anki as planned, then write into the ledger what Anki has now."""
    kept = run.users_looks
    run.carry_out(plan, project.decks)
    if plan.to_deck and run.is_open and not quiet:
        common.say("Cards were put in another deck. Anki cannot undo that, nor anything before it.")
    for notetype in (notetypes.QUESTION, notetypes.CLOZE):
        if notetype.id in kept and not quiet:
            common.say(
                f"The look of {notetype.name} is your own in Anki, and stays; offbook's changed. "
                "offbook import --take-looks replaces yours"
            )
    file, css = project.decks / ledger.FILE_NAME, project.settings.css
    before = ledger.load_header(file)
    every_look = tuple(dict.fromkeys((*before.every_look, *notetypes.our_looks(css))))[-_MOST_LOOKS:]
    header = structs.replace(
        before,
        imported=notetypes.looks(css),
        every_look=every_look,
        decks=run.decks,
        descriptions=run.descriptions,
        collections=run.collections,
    )
    files.write(file, ledger.dump(run.ledger.values(), header).encode())
