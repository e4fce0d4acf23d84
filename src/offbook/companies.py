"""Whose a note is: the companies, their names and slugs, the decks of their cards, and which are chosen."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from offbook.config import override
from offbook.errors import Problem, Severity, UsageError
from offbook.model import ALL, Entry, Note, Reading, Source, Target, note_stem
from offbook.settings import Settings
from offbook.text import did_you_mean

_MOST_NAMES = 50  # of one note: each name has a package, and each package all cards of the note
_LONGEST_SLUG = 80  # characters; file names end at 255 bytes
_SIGNS = {"+": "plus", "#": "sharp"}  # C, C++ and C# are three
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


@lru_cache(maxsize=1 << 14)
def target(names: tuple[str, ...]) -> Target:
    """Return the target of a note for the companies named; one for all of them if there are no names."""
    return Target(names, tuple(slug(name) for name in names) or (ALL,))


@lru_cache(maxsize=1 << 14)
def slug(name: str) -> str:
    """Return a company's name as it stands in file names, tags and on the command line.

    Letters and digits of any script, lower case, joined by `-`; never empty, never a name that Windows keeps.
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    for sign, word in _SIGNS.items():
        text = text.replace(sign, f" {word} ")
    text = "-".join(re.findall(r"[^\W_]+", text))
    if len(text.encode()) > _LONGEST_SLUG:
        import hashlib

        digest = hashlib.blake2b(text.encode(), digest_size=4).hexdigest()
        room = _LONGEST_SLUG - len(digest) - 1
        text = text.encode()[:room].decode(errors="ignore").rstrip("-") + "-" + digest
    if not text or text == ALL or _DEVICES.fullmatch(text):
        text = f"{text or 'company'}-"
        text += "notes" if name.strip() else "unnamed"
        if not re.search(r"\w", name):
            text = "company-" + "-".join(f"{ord(c):x}" for c in name[:8]) if name.strip() else "unnamed"
    return text


def declared(note: Note) -> Target | Problem | None:
    """Return what the note's front matter says of its company: nothing, a target, or what is wrong."""
    value = note.metadata.get("company")
    names = _names(value)
    if names is None:
        message = f"`company` must be a name, a list of names, or `all`; found {value!r}"
        return Problem(note.place_of("company"), "front-matter", message)
    if not names:
        return None
    if any(name.casefold() == ALL for name in names):
        return target(())
    unique = {slug(name): name for name in reversed(names)}
    if len(unique) > _MOST_NAMES:
        message = (
            f"`company` names {len(unique)} companies, and one note serves {_MOST_NAMES} at most; write `company: all` "
            "for cards that serve every company"
        )
        return Problem(note.place_of("company"), "front-matter", message)
    return target(tuple(sorted(unique.values(), key=slug)))


def _names(value: Any) -> list[str] | None:
    if value is None:
        return []
    if isinstance(value, bool | dict):
        return None
    items = value if isinstance(value, list) else [value]
    names: list[str] = []
    for item in items:
        if isinstance(item, bool | dict | list):
            return None
        text = str(item).strip() if item is not None else ""
        if text.startswith("[[") and text.endswith("]]"):
            text = text[2:-2].partition("|")[0].rpartition("/")[2]
        if text:
            names.append(" ".join(text.split()))
    return names


def from_place(path: str, names: Iterable[str] = ()) -> Target:
    """Return the company of a note without one in its front matter: its folder, else its file name.

    `names` are those of companies: a file `airwallex-r4-interview` belongs to Airwallex where that is one.
    """
    folder, separator, _ = path.partition("/")
    if separator:
        return target((tidy(folder),))
    stem = note_stem(path)
    matches = [name for name in names if slug(stem).startswith(slug(name) + "-")]
    return target((max(matches, key=lambda name: (len(name), name)) if matches else tidy(stem),))


def tidy(name: str) -> str:
    """Return a file or folder name as a person writes it: `acme-robotics` is Acme Robotics."""
    text = " ".join(re.sub(r"[-_]+", " ", name).split()) or name
    return text.title() if text.islower() and text.isascii() else text[:1].upper() + text[1:]


# -- all notes together ----------------------------------------------------------------------------


def assign(
    readings: Sequence[Reading], paths: Sequence[str], settings: Settings
) -> tuple[tuple[Source, ...], list[Problem]]:
    """Say of each note whose it is, where its cards go, and which settings it overrides; `paths` are all notes'.

    Notes with faults are left out, and their faults returned.
    """
    problems: list[Problem] = []
    sources: list[Source] = []
    targets = {reading.note.path: declared(reading.note) for reading in readings}
    names = _names_of(targets.values(), paths)
    for reading in readings:
        note, whose = reading.note, targets[reading.note.path]
        faults = [*note.problems, *([whose] if isinstance(whose, Problem) else [])]
        settings_here, wrong = override(settings, note.metadata)
        faults += [Problem(note.place_of(key), "front-matter", words) for key, words in wrong]
        problems += map(_with_consequence, faults)
        if isinstance(whose, Problem) or any(fault.severity is Severity.FAULT for fault in faults):
            continue
        problems += reading.problems
        whose = whose or from_place(note.path, names)
        sources.append(Source(reading, whose, "", settings_here, reading.cards, reading.sketches))
    spelling = _spellings(sources)
    placed = tuple(_placed(source, spelling, settings) for source in sources)
    return placed, [*problems, *_clashes(settings, placed)]


def _with_consequence(problem: Problem) -> Problem:
    if problem.severity is not Severity.FAULT:
        return problem
    consequence = "Until then the note is left out, and its cards of earlier exports stay as they are"
    return Problem(problem.location, problem.code, f"{problem.message}. {consequence}")


def _names_of(targets: Iterable[Target | Problem | None], paths: Sequence[str]) -> list[str]:
    names = {name for target in targets if isinstance(target, Target) for name in target.names}
    places = (path.partition("/")[0] if "/" in path else note_stem(path) for path in paths)
    return sorted(names | {tidy(place) for place in places})


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
    general = settings.common_deck if whose.shared else settings.deck.replace("{company}", whose.names[0])
    deck = (_tidy_deck(named) if isinstance(named, str) else "") or _tidy_deck(general)
    return replace(source, target=whose, deck=deck)


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


# -- which companies -------------------------------------------------------------------------------


def company_names(sources: Iterable[Source], entries: Iterable[Entry] = ()) -> dict[str, str]:
    """Return the companies of the notes and of the ledger, from slug to name."""
    listed = {(key, entry.deck) for entry in entries for key in entry.companies if key != ALL}
    names = {key: _name_in(deck, key) for key, deck in sorted(listed)}
    names |= {slug(name): name for source in sources for name in source.target.names}
    return dict(sorted(names.items())) or {"common": "Common"}


def _name_in(deck: str, key: str) -> str:
    """Return the name with slug `key` that a deck's name holds, for a company that is gone from the notes."""
    return next((part for part in deck.split("::") if slug(part) == key), key)


def choose(
    wanted: Sequence[str], names: Mapping[str, str], sources: Iterable[Source] = (), entries: Iterable[Entry] = ()
) -> list[str]:
    """Return the slugs of the companies `wanted`; case, spaces and hyphens do not matter.

    If none is wanted these are the companies that have cards of their own; where all cards are shared, all companies.
    Raises UsageError for an unknown company.
    """
    if wanted:
        by_letters = {_letters(name): key for key, name in names.items()} | {_letters(key): key for key in names}
        unknown = [name for name in wanted if _letters(name) not in by_letters]
        if unknown:
            raise UsageError(_unknown_company(unknown[0], by_letters, names))
        return list(dict.fromkeys(by_letters[_letters(name)] for name in wanted))
    having = {key for source in sources if source.cards for key in source.target.slugs}
    having |= {key for entry in entries for key in entry.companies}
    return [key for key in names if key in having] or list(names)


def _unknown_company(name: str, by_letters: Mapping[str, str], names: Mapping[str, str]) -> str:
    letters = _letters(name)
    parts = [
        other for other in by_letters if min(len(letters), len(other)) > 1 and (letters in other or other in letters)
    ]
    close = parts[0] if parts else did_you_mean(letters, by_letters)
    hint = f"; did you mean {names[by_letters[close]]!r}?" if close else ""
    return f"there is no company {name!r}{hint}\nknown companies: {', '.join(names.values())}"


def _letters(name: str) -> str:
    return slug(name).replace("-", "")
