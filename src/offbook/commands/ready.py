"""`offbook ready`: says how ready you are for the day of an interview, and what helps."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from offbook.commands import common, data
from offbook.commands.days import as_day
from offbook.commands.paths import located
from offbook.commands.terminal import one_line, width
from offbook.commands.which_anki import WhichAnki, open_anki, url_option
from offbook.errors import Location, OffbookError, Severity, UsageError
from offbook.graph import Graph
from offbook.interview import days_until, interviews_of, next_interview, spoken, unclear_days, weekday

if TYPE_CHECKING:
    from offbook.anki.rehearsal import Rehearsed
    from offbook.readiness import Asked, Readiness
    from offbook.settings import Settings
    from offbook.sources.vault import Vault
    from offbook.survey import Survey

_BAR = 22  # columns
_NAME = 17  # columns at least
_KNOWN = 0.995  # the recall from which a card is no weak one: it is shown as 100 %
_WEAKEST = 5  # cards
_MOST_ADVICE = 3


@dataclass(frozen=True, slots=True)
class _WhichAnki:
    """The Anki that is looked into; the one that is open where all are None."""

    url: str | None
    profile: str | None
    collection: Path | None


@dataclass(frozen=True, slots=True)
class _How:
    """What is printed and written."""

    as_json: bool
    page: Path | None


def _ahead(context: click.Context, parameter: click.Parameter, text: str | None) -> datetime.date | None:
    """Return the day that `--on` names; raise click.UsageError where it is none, or past."""
    from offbook.anki.rehearsal import Clock

    day = as_day(context, parameter, text)
    today = Clock(time.time()).today
    if day is not None and day < today:
        raise click.UsageError(f"--on takes a day that is ahead, and {day} is {days_until(day, today)}", context)
    return day


@click.command()
@common.companies_argument
@click.option("--on", metavar="DATE", callback=_ahead, help="The day of the interview, such as 2026-12-03.")
@common.notes_option
@common.decks_option
@common.gathered(
    "which",
    _WhichAnki,
    url_option,
    click.option("--profile", metavar="NAME", help="Look into this profile of an Anki that is closed."),
    click.option(
        "--collection",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Look into this collection of an Anki that is closed.",
    ),
)
@common.gathered(
    "how",
    _How,
    common.json_option,
    click.option(
        "--html",
        "page",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Write a page with charts and all cards.",
    ),
)
@common.reports_errors
def ready(
    companies: tuple[str, ...],
    on: datetime.date | None,
    notes: Path,
    decks: Path,
    which: _WhichAnki,
    how: _How,
) -> None:
    """Show how ready you are for the interview at each COMPANY, at all if none is named, and what helps.

    The day is set in a note's front matter: interview: 2026-12-03. What you will know is read from Anki, which is not
    changed: from the one that is open, if it has the add-on AnkiConnect (code 2055492159), or with --profile or
    --collection from one that is closed.

    "If you stop now" adds up the likelihood, by FSRS, that each card is remembered on the day; a card never seen
    counts 0. "If you keep up" assumes that until the day before you review every card that is due and learn the new
    cards that Anki shows a day, that FSRS is right about what you forget, that you press Good or, where you forgot,
    Again, and that Anki asks again when the recall has fallen to the desired retention of the deck's preset.

    \b
    Examples:
      offbook ready                            every company, by the Anki that is open
      offbook ready tallowby --on 2026-12-03   as if the interview were on that day
      offbook ready --html ready.html          a page with charts and every card
    """
    _refuse_contradictions(which, how)
    from offbook.companies import choose
    from offbook.survey import survey

    project = common.project(notes, decks)
    found = survey(project)
    chosen = choose(companies, found.names, found.sources, found.ledger.entries, found.gone)
    rehearsed = _looked(which, project.settings)
    day = on and max(on, rehearsed.clock.today)  # Anki's day may end later, or earlier, than usual
    common.show_problems([*found.problems, *unclear_days(found.sources)], project.vault)
    every = _readiness(found, rehearsed, chosen, day)
    _show(every, how, project.vault, _where_a_day_goes(found, project.vault.graph))
    if any(problem.severity is Severity.FAULT for problem in found.problems):
        raise SystemExit(common.FAULTS)


def _show(every: Sequence[Readiness], how: _How, vault: Vault, where: str) -> None:
    """Show how ready the user is; `where` says where the day of an interview is written."""
    if how.page:
        _write(how.page, every)
    if how.as_json:
        for one in every:
            common.print_json(_as_data(one))
    else:
        _print(every, partial(located, vault=vault), where)


def _where_a_day_goes(found: Survey, graph: Graph | None) -> str:
    if graph:
        return "`interview:: 2026-12-03` at the top of a page"
    of_notion = any(source.note.is_of_notion for source in found.sources)
    return f"`interview: 2026-12-03` in a front matter{', or a property `Interview` in Notion' if of_notion else ''}"


def _refuse_contradictions(which: _WhichAnki, how: _How) -> None:
    if sum(map(bool, astuple(which))) > 1:
        raise UsageError("--url, --profile and --collection each name an Anki; give one of them")
    if how.page and how.page.is_dir():
        raise UsageError(f"{str(how.page)!r} is a folder; --html takes the file to write")


def _looked(which: _WhichAnki, settings: Settings) -> Rehearsed:
    """Return what the Anki that is meant knows of rehearsals; raise OffbookError where none can be reached."""
    if which.profile or which.collection:
        from offbook.anki.profiles import collection_of
        from offbook.anki.rehearsal_closed import look_into

        return look_into(which.collection or collection_of(which.profile or ""))
    from offbook.anki.rehearsal_open import look

    anki = open_anki(WhichAnki(url=which.url), settings)
    if anki is None:
        raise OffbookError(
            "Anki does not answer. Open it; if it is open, it lacks the add-on AnkiConnect (Tools > Add-ons > Get "
            "Add-ons, code 2055492159). A closed one is named with --profile or --collection"
        )
    return look(anki)


def _readiness(
    found: Survey, rehearsed: Rehearsed, chosen: Iterable[str], day: datetime.date | None
) -> list[Readiness]:
    """Return how ready the user is for each of the companies `chosen` by slug, the next interview first."""
    from offbook.readiness import Look

    look = Look(found, rehearsed)
    if not look.known:
        raise OffbookError(
            f"none of your cards is in the profile {rehearsed.profile!r} of Anki. If they are in another one, switch "
            "to it (File > Switch Profile) or name it with --profile; else import them with offbook import"
        )
    interviews, today = list(interviews_of(found.sources)), rehearsed.clock.today
    every = [look.readiness(slug, found.names[slug], day or next_interview(slug, interviews, today)) for slug in chosen]
    every = [one for one in every if one.cards or one.open or one.suspended]
    return sorted(every, key=lambda one: (one.interview is None, one.days, one.company.casefold()))


def _write(file: Path, every: Sequence[Readiness]) -> None:
    from offbook import files
    from offbook.readiness.page import page

    files.make_folder(file.parent)
    files.write(file, page(every).encode())


# -- as text ---------------------------------------------------------------------------------------


def _print(every: Sequence[Readiness], shown: Callable[[Location], str], where: str) -> None:
    if not every:
        common.show("Nothing to rehearse: no card was found in these notes.")
    room = max((width(_name(one)) for one in every), default=0)
    for number, one in enumerate(every):
        if number:
            click.echo()
        headline, *lines = printed_lines(one, shown, room)
        common.show(headline, bold=True)
        for line in lines:
            common.show(line)
    if any(one.interview is None for one in every):
        click.echo()
        common.show(f"Where no interview is ahead, this is for today. To set a day, write {where}, or use --on.")


def printed_lines(one: Readiness, shown: Callable[[Location], str] = str, room: int = 0) -> list[str]:
    """Return the lines that are printed of a company, the first of which is its headline.

    `shown` prints a place; the names have `room` columns, so that what is behind them is a column.
    """
    label = "if you stop now" if one.interview else "known today"
    headline, lines = _headline(one, room), [f"{label:<17}{_share(one.stopped[-1], len(one.cards))}"]
    if one.days:
        lines.append(f"{'if you keep up':<17}{_share(one.kept_up[-1], len(one.cards))}")
    if one.unseen:
        lines.append(f"{'not yet seen':<17}{one.unseen:>3}         {_coming(one)}".rstrip())
    if one.open:
        lines.append(f"{'open questions':<17}{one.open:>3}")
    others = ((one.suspended, "suspended"), (one.retired, "retired"), (one.deleted, "deleted in Anki"))
    aside = [f"{number} {what}" for number, what in others if number]
    if aside:
        lines.append(f"{'not counted':<17}{', '.join(aside)}")
    return [headline, *(f"  {line}" for line in (*lines, *_weakest(one, shown), *_helps(one)))]


def _weakest(one: Readiness, shown: Callable[[Location], str]) -> Iterator[str]:
    for number, card in enumerate([card for card in one.cards if card.seen and card.recall < _KNOWN][:_WEAKEST]):
        yield f"{'' if number else 'weakest':<9}{card.recall:>4.0%}  {_weak(card)}    {shown(card.location)}"


def _helps(one: Readiness) -> Iterator[str]:
    from offbook.readiness.advice import advice

    if helps := advice(one)[:_MOST_ADVICE]:
        yield f"What helps most: {'; '.join(helps)}."
    if one.search and one.interview:
        yield f"The evening before, in Anki, Tools > Create Filtered Deck with:  {one.search}"


def _name(one: Readiness) -> str:
    return one_line(one.company, 40)


def _headline(one: Readiness, room: int) -> str:
    name = _name(one)
    name += " " * (max(room, _NAME) - width(name))
    if one.interview is None:
        return f"{name}  no interview is ahead"
    return f"{name}  {weekday(one.interview)} {spoken(one.interview)}, {days_until(one.interview, one.by_calendar)}"


def _share(known: float, cards: int) -> str:
    part = known / cards if cards else 0.0
    full = round(part * _BAR)
    return f"{known:>3.0f} of {cards:<4} {'█' * full}{'▒' * (_BAR - full)} {part:>4.0%}"


def _coming(one: Readiness) -> str:
    """Return when the new cards will be seen: those that Anki has, for it shows no others."""
    lasts = [new.last for new in one.new if new.last]
    if not one.new:
        return "not in Anki yet"
    if len(lasts) < len(one.new):
        return "a deck of theirs shows no new cards"
    speeds = " and ".join(map(str, sorted({new.a_day for new in one.new})))
    rest = one.unseen - one.missing
    those = "all are" if not one.missing else "the other one is" if rest == 1 else f"the other {rest} are"
    lacking = f"{one.missing} not in Anki yet; " if one.missing else ""
    return f"{lacking}at {speeds} new a day {those} seen by {spoken(max(lasts))}"


def _weak(card: Asked) -> str:
    from offbook.readiness.advice import OFTEN

    often = f"  failed {card.lapses} times: rewrite this answer" if card.lapses >= OFTEN else ""
    return f"{one_line(card.question, 60)}{often}"


# -- as data ---------------------------------------------------------------------------------------


def _as_data(one: Readiness) -> dict[str, Any]:
    return {
        **data.of_company(one.company, one.slug),
        "interview": one.interview.isoformat() if one.interview else None,
        "days": one.days if one.interview else None,
        "cards": len(one.cards),
        "seen": one.seen,
        "unseen": one.unseen,
        "open": one.open,
        "suspended": one.suspended,
        "retired": one.retired,
        "deleted": one.deleted,
        "not_in_anki": one.missing,
        "expected": round(one.stopped[-1], 3),
        "expected_kept_up": round(one.kept_up[-1], 3),
        "new_per_day": one.new_per_day,
        "weakest": [_card_data(card) for card in one.cards if card.seen],
    }


def _card_data(card: Asked) -> dict[str, Any]:
    return {
        **data.of_card(card.location, card.question, card.guid),
        "number": card.number,
        "recall": round(card.recall, 4),
        "due": card.due.isoformat() if card.due else None,
        "lapses": card.lapses,
    }
