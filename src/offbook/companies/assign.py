"""Says of all notes together whose they are, where their cards go, and which are left out."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from offbook.companies.names import letters, slug, target, tidy
from offbook.companies.rounds import names_a_subject, tells_a_round
from offbook.companies.whose import declared, place_of
from offbook.config import override
from offbook.days import INTERVIEW
from offbook.errors import Location, Problem, Severity
from offbook.model import Card, Note, Passed, Reading, Source, Target, note_stem
from offbook.settings import EACH, FILE_NAME, Settings
from offbook.text import did_you_mean, without_id

_CLOSED = "closed"  # the key of the front matter


@dataclass(slots=True)
class Assigned:
    """The notes with their companies."""

    sources: tuple[Source, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    """The paths of notes that could not be read: nothing in them is taken to be gone."""
    left_out: dict[str, str] = field(default_factory=dict)
    """The paths of notes that make no cards, and by which rule."""
    marked: list[Problem] = field(default_factory=list)
    """Where `#card` marks a text in a note, or a part of one, that is left out."""
    passed: list[Passed] = field(default_factory=list)
    """The questions in parts of notes that are left out beside others of theirs."""
    closed: dict[str, str] = field(default_factory=dict)
    """The slugs of companies that are closed, and what says so."""


def assign(
    readings: Sequence[Reading],
    paths: Sequence[str],
    settings: Settings,
    archived: Mapping[str, str],
    shown: Callable[[str], str] = str,
    others: Iterable[Note] = (),
) -> Assigned:
    """Say of each note whose it is, where its cards go, and which settings it overrides; `paths` are all notes'.

    Notes with faults are left out, and their faults returned. `archived` has the paths of notes in the archive, with
    those that they would have outside, `shown` makes one that can be opened, `others` are notes not among the readings.
    """
    result = Assigned()
    pairs = [(reading, declared(reading.note)) for reading in readings]
    names = _names_of((whose for _, whose in pairs), paths, settings)
    names |= _subjects(paths, settings, chain((reading.note for reading in readings), others))
    sources: list[Source] = []
    for reading, whose in pairs:
        note = reading.note
        place = place_of(note.path, settings, names)
        rule = _no_notes(note) or ("" if whose else place.rule)
        settings_here, faults = _overridden(settings, note, whose)
        if is_faulty := any(fault.severity is Severity.FAULT for fault in faults):
            result.unread.add(note.path)
        if rule:
            _leave_out(result, reading, rule)
            continue
        result.problems += map(_with_consequence, faults)
        target_here = whose or place.target
        if not (is_faulty or isinstance(target_here, Problem) or target_here is None):
            result.problems += reading.problems
            cards, sketches = reading.own(reading.cards), reading.own(reading.sketches)
            sources.append(Source(reading, target_here, "", settings_here, cards, sketches))
    spelling = _spellings(sources)
    result.closed = _closed(sources, settings, archived, shown)
    live = _leave_out_closed(result, sources)
    result.sources = tuple(_placed(source, spelling, settings) for source in live)
    result.problems += _odd_names(settings, names, result.sources)
    return result


def _leave_out(result: Assigned, reading: Reading, rule: str) -> None:
    """Leave out a note by a rule, or what of it names no company beside its parts that do, if that asks anything."""
    note, cards = reading.note, reading.own(reading.cards)
    if not note.parts:
        result.left_out[note.path] = rule
        result.marked += reading.problems
        return
    result.passed += _passed(cards, rule)
    if cards:
        result.left_out[note.path] = f"all but its blocks with `company::`: {rule}"
    marked = [card.location for card in cards if not card.by_looks]
    result.marked += (Problem(at, "left-out-card", "is marked, and left out", Severity.NOTE) for at in marked[:1])


def _leave_out_closed(result: Assigned, sources: Iterable[Source]) -> list[Source]:
    """Leave out what is of companies that are all closed, and its note where nothing else is in it; return the rest."""
    live: list[Source] = []
    over: list[Source] = []
    for source in sources:
        (over if _is_over(source, result.closed) else live).append(source)
    in_use = {source.path for source in live}
    for source in over:
        rule = f"its company is closed: {result.closed[source.target.slugs[0]]}"
        if source.note.parts:
            result.passed += _passed(source.cards, rule)
        if source.path not in in_use:
            result.left_out.setdefault(source.path, rule)
    return live


def _passed(cards: Iterable[Card], rule: str) -> Iterator[Passed]:
    """Yield the questions of a part of a note that a rule leaves out."""
    return (Passed(card.location, card.question_text, f"is left out: {rule}") for card in cards)


def _overridden(settings: Settings, note: Note, whose: Target | Problem | None) -> tuple[Settings, list[Problem]]:
    """Return the settings with what a note's front matter overrides, and what is wrong with the note."""
    overridden, wrong = override(settings, note.metadata)
    faults = [*note.problems, *([whose] if isinstance(whose, Problem) else [])]
    return overridden, faults + [Problem(note.place_of(key), "front-matter", words) for key, words in wrong]


def _no_notes(note: Note) -> str:
    """Return why a file is no note of its writer's, or an empty text."""
    if note.is_template:
        return "it is a template"
    return "it is a drawing or board of a plugin" if note.is_drawing else ""


def _closed(
    sources: Iterable[Source], settings: Settings, archived: Mapping[str, str], shown: Callable[[str], str]
) -> dict[str, str]:
    closed = {slug(name): f"`closed` in {FILE_NAME} names it" for name in settings.closed}
    open_ones: set[str] = set()
    for source in sources:
        if not source.target.shared:
            open_ones.update(source.target.slugs)
            if source.note.metadata.get(_CLOSED) is True:
                closed |= dict.fromkeys(source.target.slugs, f"`closed: true` is in {shown(source.path)}")
    for path, outside in archived.items():
        place = place_of(outside, settings).target
        for key in place.slugs if place and not place.shared else ():
            if key not in open_ones:
                closed.setdefault(key, f"its notes are in the archive, such as {shown(path)}")
    return closed


def _odd_names(settings: Settings, names: Mapping[str, str], sources: Sequence[Source]) -> Iterator[Problem]:
    """Point out names of companies that may be mistaken."""
    yield from _misnamed(settings, names)
    yield from _clashes(settings, sources)
    yield from _unlike_their_folders(sources, settings)


def _misnamed(settings: Settings, names: Mapping[str, str]) -> Iterator[Problem]:
    """Warn of names in the setting `closed` that are no company's, but like one; `names` are those of all, by slug."""
    for name in settings.closed:
        longer = next((other for other in names.values() if letters(other).startswith(letters(name))), "")
        meant = "" if slug(name) in names else longer or did_you_mean(name, names.values())
        if meant:
            message = f"`closed` names {name!r}, and no company is called so; did you mean {meant!r}?"
            yield Problem(Location(FILE_NAME), "settings", message, Severity.WARNING)


def _unlike_their_folders(sources: Sequence[Source], settings: Settings) -> Iterator[Problem]:
    """Point out notes that name another company than their folder does, where one name begins as the other: as renamed.

    Where a folder has the name, too, they are two companies.
    """
    places = {source.path: place_of(source.path, settings).target for source in sources}
    folders = {slug for place in places.values() if place for slug in place.slugs}
    for source in sources:
        place, own = places[source.path], source.target
        if "company" not in source.note.metadata or place is None or not len(place.names) == len(own.names) == 1:
            continue
        short, long = sorted((place.slugs[0], own.slugs[0]), key=len)
        if short != long and long.startswith(f"{short}-") and own.slugs[0] not in folders:
            message = (
                f"this note is {own.names[0]}'s by its front matter, and {place.names[0]}'s by its place; its cards go "
                f"to {own.names[0]}. If they are one company, change `company`"
            )
            yield Problem(source.note.place_of("company"), "other-company", message, Severity.NOTE)


def _is_over(source: Source, closed: Mapping[str, str]) -> bool:
    """Whether all companies of a note are closed."""
    return closed.keys() >= set(source.target.slugs)


def _with_consequence(problem: Problem) -> Problem:
    if problem.severity is not Severity.FAULT:
        return problem
    consequence = "Until that is mended, the note is left out, and its cards of earlier exports stay as they are"
    return Problem(problem.location, problem.code, f"{problem.message}. {consequence}")


def _names_of(targets: Iterable[Target | Problem | None], paths: Sequence[str], settings: Settings) -> dict[str, str]:
    """Return the names of companies by slug; of several that have one slug the last in order."""
    names = {name for target in targets if isinstance(target, Target) for name in target.names}
    places = (place_of(path, settings).target for path in paths)
    return {slug(name): name for name in sorted(names.union(*(place.names for place in places if place)))}


def _subjects(paths: Sequence[str], settings: Settings, notes: Iterable[Note]) -> dict[str, str]:
    """Return the subjects at the top that are decks as all others there, by slug.

    They are where no note speaks of a company, and where the settings say that each folder is one.
    """
    tops = {(settings.graph.names(path) if settings.graph else tuple(path.split("/")))[0] for path in paths}
    names = (note_stem(without_id(top)) for top in sorted(tops))
    subjects = {slug(tidy(name)): tidy(name) for name in names if names_a_subject(name)}
    if not subjects or settings.companies == (EACH,):
        return subjects
    are_told = settings.companies or settings.shared or any(_tells_a_company(note, settings) for note in notes)
    return {} if are_told else subjects


def _tells_a_company(note: Note, settings: Settings) -> bool:
    """Whether a note is a company's by its front matter, or by its place with a day there, or a round in a name.

    A subject has a day, too: that of its exam.
    """
    whose, place = declared(note), place_of(note.path, settings).target
    if isinstance(whose, Target) and whose.names:
        return True
    parts = (*note.path.split("/")[:-1], note_stem(note.path))
    return bool(place and place.names) and (INTERVIEW in note.metadata or any(map(tells_a_round, parts)))


def _spellings(sources: Sequence[Source]) -> dict[str, str]:
    """Choose one name for a company that is written in several ways (`ACME`, `acme`); front matter's first."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for source in sources:
        for name in source.target.names:
            votes[slug(name)][name] += len(sources) if "company" in source.note.metadata else 1
    return {key: max(sorted(names), key=lambda name: names[name]) for key, names in votes.items()}


def _placed(source: Source, spelling: Mapping[str, str], settings: Settings) -> Source:
    whose = target(tuple(spelling[slug(name)] for name in source.target.names))
    named = source.note.metadata.get("deck")
    general = _common_deck(source.path, settings) if whose.shared else _deck(whose.names[0], source.path, settings)
    deck = (_tidy_deck(named) if isinstance(named, str) else "") or _tidy_deck(general)
    return replace(source, target=whose, deck=deck)


def _deck(company: str, path: str, settings: Settings) -> str:
    folders = "::".join(place_of(path, settings).folders) if "{folder}" in settings.deck else ""
    return settings.deck.replace("{folder}", folders).replace("{company}", company)


def _common_deck(path: str, settings: Settings) -> str:
    folders = settings.graph.names(path)[:-1] if settings.graph else path.split("/")[:-1]
    return settings.common_deck.replace("{folder}", "::".join(map(without_id, folders)))


def _tidy_deck(name: str) -> str:
    """Return a deck's name as Anki would store it, so that it is found again there."""
    parts = unicodedata.normalize("NFC", name).split("::")
    return "::".join(part.strip() for part in parts if part.strip())


def _clashes(settings: Settings, sources: Iterable[Source]) -> Iterator[Problem]:
    """Warn, once a company, where its deck is that of the cards of several."""
    told: set[str] = set()
    for source in sources:
        name = "".join(source.target.names[:1])
        if not source.target.shared and source.deck.casefold() == settings.common_deck.casefold() and name not in told:
            told.add(name)
            message = (
                f"the deck of {name} is {source.deck}, where cards of several companies are, too; "
                "set `deck` in this note's front matter, or `common_deck` in the settings"
            )
            yield Problem(source.note.place_of("company"), "deck", message, Severity.WARNING)
