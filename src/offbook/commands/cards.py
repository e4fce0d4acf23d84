"""`offbook cards`: shows the cards found in the notes; writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from offbook.commands import common
from offbook.commands.chosen import Chosen, chosen_notes, paths_argument
from offbook.commands.paths import located
from offbook.commands.terminal import one_line, rest_of_line
from offbook.errors import Location, Severity
from offbook.model import ALL, IdentifiedCard, Passed
from offbook.sources.vault import Vault
from offbook.survey import Survey, survey


@click.command()
@paths_argument
@common.notes_option
@common.decks_option
@common.no_cache_option
@common.json_option
@click.option("--explain", is_flag=True, help="Say why each text is a card, or is not.")
@common.reports_errors
def cards(paths: tuple[Path, ...], notes: Path, decks: Path, no_cache: bool, as_json: bool, explain: bool) -> None:
    """Show the cards found in the notes, or just in those at PATH: a note, a folder, or the line of a note.

    \b
    Examples:
      offbook cards notes/Tallowby            the cards of one folder
      offbook cards Pitch.md --explain        why each text is a card, or is not
      offbook cards Pitch.md:9                the card that holds line 9
      offbook cards --json | jq .question     for scripts
    """
    chosen = chosen_notes(paths, notes, decks, cached=not no_cache)
    vault, surveyed = chosen.project.vault, survey(chosen.project, chosen.paths)
    found = [identified for identified in surveyed.cards if chosen.takes(identified.card)]
    passed = _passed(chosen, surveyed) if explain and not as_json else []
    chosen.refuse_lines_of_no_card(surveyed, [one.location for one in passed])
    if as_json:
        for card in found:
            common.print_json(_as_data(card, explain=explain))
    else:
        _print(found, vault, explain=explain)
        _print_passed(passed, vault)
    chosen.tell_what_is_left_out(surveyed)
    common.show_problems(surveyed.problems, vault)
    if any(problem.severity is Severity.FAULT for problem in surveyed.problems):
        raise SystemExit(common.FAULTS)


def _passed(chosen: Chosen, surveyed: Survey) -> list[Passed]:
    """Return what looked like a card and was not taken, in the notes and at the lines that are asked about."""
    held = [identified.card for identified in surveyed.cards if chosen.takes(identified.card)]
    passed: dict[str, list[Passed]] = defaultdict(list)
    for source in surveyed.sources:
        passed[source.path] += source.reading.passed
    for one in surveyed.passed:
        passed[one.location.path].append(one)
    every = (one for path, of_note in passed.items() for one in (*chosen.project.stages.not_taken(path), *of_note))
    return [one for one in every if chosen.is_near(one.location, held)]


def _as_data(identified: IdentifiedCard, *, explain: bool) -> dict[str, Any]:
    card, source = identified.card, identified.source
    data: dict[str, Any] = {
        "path": card.location.path,
        "line": card.location.line,
        "kind": card.kind,
        "dialect": card.dialect,
        "question": card.question_text,
        "answer": None if card.is_open else card.answer_text,
        "suggested": card.suggested,
        "company": list(source.target.names) or [ALL],
        "deck": source.deck,
        "tags": list(identified.tags),
        "guid": identified.guid,
    }
    return data | ({"reason": card.reason} if explain else {})


def _print(cards: Sequence[IdentifiedCard], vault: Vault, *, explain: bool) -> None:
    """Print cards below the names of their notes, and how many there are."""
    path = ""
    for card in (identified.card for identified in cards):
        if card.location.path != path:
            path = card.location.path
            click.secho(one_line(located(Location(path), vault), 400), bold=True)
        label = "open  " if card.is_open else "points" if card.suggested else "      "
        common.show(f"{card.location.line:>5}  {label}  {rest_of_line(card.question_text, 15)}")
        if explain:
            common.show(f"{'':>15}{card.dialect}: {card.reason}")
        if not card.is_open:
            click.secho(f"{'':>15}{rest_of_line(_lines_apart(card.answer_text), 15)}", dim=True)
    number_open = sum(identified.card.is_open for identified in cards)
    suggested = sum(identified.card.suggested for identified in cards)
    parts = [common.counted(len(cards) - number_open, "card"), common.counted(number_open, "open question")]
    click.echo(", ".join(parts) + (f", {suggested} with talking points" if suggested else ""))
    if cards:
        how = "" if explain else ", and --explain says why each is one"
        out = "card:: false below a question" if vault.graph else "%%no card%% after a question"
        common.show(f"Wrong? {out} leaves it out, #card after a text adds it{how}.", dim=True)


def _lines_apart(text: str) -> str:
    """Return plain text for one line, in which a slash stands where a line ends, and a bar between a table's cells."""
    return " / ".join(line.strip().replace("\t", " | ") for line in text.splitlines() if line.strip())


def _print_passed(not_taken: Sequence[Passed], vault: Vault) -> None:
    for passed in not_taken:
        told = f"no card: {one_line(passed.text, 60)} ({passed.reason})"
        common.show(f"{located(passed.location, vault)}: {passed.reason if passed.code else told}")
