"""The stages in order: read, find, suggest, identify, export. `build()` computes, `write()` writes."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from itertools import chain
from pathlib import Path

from offbook import company, files, identify, ledger
from offbook.cache import Cache, cache_for
from offbook.cards.card import Card, Kind
from offbook.company import ALL, Target, slug
from offbook.config import FILE_NAME, Settings, load_settings, override
from offbook.errors import Location, OffbookError, Problem, Severity, UsageError
from offbook.identify import Identity
from offbook.ledger import Entry, Sections
from offbook.lookups import digest
from offbook.note import Note
from offbook.reader import Progress, Reader, Reading, version
from offbook.tags import card_tags, note_tags
from offbook.talking_points import suggest
from offbook.vault import Vault

_SETTLED = "settled"
_FEWEST_OF_OTHERS = 3  # cards all gone at once that make it likelier that they are another vault's


class Status(StrEnum):
    """What an export does with a card."""

    NEW = "new"
    CHANGED = "changed"
    MOVED = "moved"
    RETIRED = "retired"
    UNCHANGED = "unchanged"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Source:
    """One note with all that was found in it."""

    reading: Reading
    target: Target
    deck: str
    settings: Settings
    answered: tuple[Card, ...] | None = None
    """The cards with the talking points that were suggested, where any were looked for."""

    @property
    def cards(self) -> tuple[Card, ...]:
        """The cards of the note."""
        return self.reading.found.cards if self.answered is None else self.answered

    @property
    def note(self) -> Note:
        """The note, without its body."""
        return self.reading.note


@dataclass(slots=True)
class IdentifiedCard:
    """A card, whose it is, and what Anki knows it by."""

    card: Card
    source: Source
    index: int
    """Of the card in its note."""
    identity: Identity
    """What the card is known by in the ledger."""
    guid: str
    tags: tuple[str, ...]

    @property
    def companies(self) -> tuple[str, ...]:
        """Slugs of the companies, or `all`."""
        return self.source.target.slugs

    def change(self, status: Status, before: Entry | None) -> Change:
        """Return what happens to the card."""
        card = self.card
        return Change(status, card.location, card.question_text, self.companies, self.source.deck, self.guid, before)


@dataclass(frozen=True, slots=True)
class Settled:
    """A note that is as an export left it, and so are its entries: there is nothing to do for its cards."""

    source: Source
    guids: tuple[str, ...]
    """Those of its cards."""
    made_of: bytes
    """A hash of what its cards are in a package."""
    lines: str
    """Its part of the ledger."""

    def cards(self) -> list[IdentifiedCard]:
        """Return its cards, in their order in the note."""
        places = [(self.source, index) for index in range(len(self.guids))]
        return _in_order(places, [_identity(*place) for place in places], self.guids)

    def identities(self) -> Iterator[Identity]:
        """Yield what its cards are known by, without their answers' texts: nothing of this is held."""
        reading = self.source.reading
        for card, known in zip(reading.look().cards, reading.known, strict=True):
            yield _known_by(self.source, card, known, answer="")

    def entries(self) -> dict[str, Entry]:
        """Return its entries by guid."""
        return {entry.guid: entry for entry in ledger.entries_of(self.lines.split("\n"))}

    def changes(self) -> list[Change]:
        """Return what happens to its cards, which is nothing."""
        entries = self.entries()
        return [card.change(Status.UNCHANGED, entries[card.guid]) for card in self.cards()]


@dataclass(slots=True)
class Change:
    """What happens to one card."""

    status: Status
    location: Location
    question: str
    companies: tuple[str, ...]
    deck: str
    guid: str
    before: Entry | None = None
    """What the ledger knew of the card."""


@dataclass(slots=True)
class Build:
    """All that an export would write, and what it has to tell."""

    names: dict[str, str]
    """The companies, from slug to name."""
    unsettled: list[Change]
    """What happens to cards of notes that are not settled, or gone."""
    problems: list[Problem]
    settled: list[Settled] = field(default_factory=list)
    packages: dict[str, bytes] = field(default_factory=dict)
    """From slug to the bytes of `<slug>.apkg`."""
    ledger: str = ""
    suggested: int = 0
    """How many of the cards hold talking points."""

    @property
    def faults(self) -> list[Problem]:
        """The problems for which something was left out."""
        return [problem for problem in self.problems if problem.severity is Severity.FAULT]

    @property
    def changes(self) -> list[Change]:
        """What happens to each card, in the order of the notes."""
        unchanged = chain.from_iterable(note.changes() for note in self.settled)
        return sorted([*unchanged, *self.unsettled], key=lambda change: change.location.path)

    def counts(self) -> dict[str, Counter[Status]]:
        """Return how many changes of each kind are in the package of each company, by slug."""
        counts: dict[str, Counter[Status]] = {key: Counter() for key in self.names}
        numbers = Counter((change.companies, change.status) for change in self.unsettled)
        for note in self.settled:
            numbers[note.source.target.slugs, Status.UNCHANGED] += len(note.guids)
        for (companies, status), number in numbers.items():
            for key in counts if ALL in companies else counts.keys() & companies:
                counts[key][status] += number
        return counts


class Project:
    """A notes folder, its vault and settings, and the decks folder.

    `progress` shows how far a step is: it takes the step's items, how many they are and a name, and yields the items.
    """

    def __init__(
        self,
        notes: Path,
        decks: Path,
        *,
        cached: bool = True,
        progress: Progress | None = None,
        workers: bool = False,
    ) -> None:
        """Look at the folders; `workers` lets other processes help, each of which imports the main module again."""
        if not notes.exists():
            raise UsageError(f"there is no notes folder {str(notes)!r}; name yours with --notes")
        if not notes.is_dir():
            raise UsageError(f"{str(notes)!r} is no folder; --notes takes the folder that holds your notes")
        if decks.exists() and not decks.is_dir():
            raise UsageError(f"{str(decks)!r} is no folder; --decks takes the folder for the packages")
        self.settings = load_settings(notes.absolute())
        place = Vault(notes, self.settings)
        known_by = version(self.settings, place.notes, place.root, place.name)
        self.cache = cache_for(place.notes, known_by) if cached else Cache(None)
        self.reader = Reader(place.notes, self.settings, self.cache, workers=workers)
        self.vault = self.reader.vault
        self.progress = progress
        self.decks = decks

    def ledger(self) -> list[Entry]:
        """Read the ledger."""
        return ledger.load(self.decks / ledger.FILE_NAME)

    def settled(self, sources: Sequence[Source], book: Sections) -> dict[str, Settled]:
        """Return, by path, the notes that are as an export left them."""
        found: dict[str, Settled] = {}
        self.cache.fetch(_SETTLED)
        for source in sources:
            path, lines = source.note.path, book.text(source.note.path)
            known = self.cache.get(_SETTLED, self._in_decks(path), self._state(source, lines))
            if known is not None:
                found[path] = Settled(source, known[0], known[1], lines)
        return found

    def settle(self, note: Settled) -> None:
        """Keep what an export found for a note, for as long as note and ledger stay as they are then."""
        key = self._state(note.source, note.lines)
        self.cache.put(_SETTLED, self._in_decks(note.source.note.path), key, (note.guids, note.made_of))

    def _in_decks(self, path: str) -> str:
        return f"{path}\0{self.decks.absolute()}"

    def _state(self, source: Source, lines: str) -> bytes:
        """Return a hash of all that an export does with a note depends on."""
        own = f"{source.target.names} {source.deck}\0{lines}".encode("utf-8", "surrogatepass")
        return digest(self.reader.state(source.reading) + own)

    def forget_others(self, paths: Sequence[str]) -> None:
        """Drop what is kept of notes that are gone; `paths` are all that are there."""
        self.reader.forget_others(paths)
        self.cache.forget(_SETTLED, set(paths))

    def package(self, key: str) -> Path:
        """Return the package file of the company with slug `key`."""
        return self.decks / f"{key}.apkg"


def build(project: Project, wanted: Sequence[str], now: int) -> Build:
    """Compute an export of the companies named (all if none is), at `now` seconds since the epoch.

    Raises UsageError for an unknown company or where there is nothing to export.
    """
    from offbook.export import export

    paths = project.vault.note_paths()
    if not paths and not project.vault.problems:
        raise UsageError(_no_notes(project))
    book = Sections(project.decks / ledger.FILE_NAME)
    sources, problems = read(project, paths, rendered=True)
    settled = project.settled(sources, book)
    others = [source for source in sources if source.note.path not in settled]
    entries = book.entries(others_than=settled)
    names = company_names(sources, entries)
    chosen = choose(wanted, names) if wanted else _with_cards(sources, entries, names)
    cards = identified(others, entries, book.guids, settled.values())
    unread = set(paths) - {source.note.path for source in sources}
    unread |= {problem.location.path for problem in project.vault.problems}
    if not unread and not settled:
        _refuse_other_notes(project, cards, entries)
    problems += [*_lost_ledger(project), *_ledger_copies(project, book.guids)]
    result = export(project, names, chosen, cards, entries, settled.values(), unread, problems, now)
    project.forget_others(paths)
    project.cache.save()
    return result


def _no_notes(project: Project) -> str:
    """Say why there are no notes."""
    notes, left_out = str(project.vault.notes), dict(project.vault.left_out)
    if not left_out:
        return f"there are no notes (*.md) in {notes!r}; name your folder with --notes"
    outside = left_out.pop("", 0)
    reasons = [
        f"{number} by the pattern {pattern!r} of `ignore` in {FILE_NAME}" for pattern, number in left_out.items()
    ]
    if outside:
        reasons.append(f"{outside} as they lie outside of the vault {str(project.vault.root)!r}")
    return f"{FILE_NAME} leaves out every note in {notes!r}: {', '.join(reasons)}"


def _refuse_other_notes(project: Project, cards: Sequence[IdentifiedCard], entries: Sequence[Entry]) -> None:
    """Stop before the cards of other notes are taken to be gone, because --decks names their folder."""
    live = {entry.guid for entry in entries if not entry.retired}
    if len(live) >= _FEWEST_OF_OTHERS and live.isdisjoint(card.guid for card in cards):
        raise UsageError(
            f"none of the {len(live)} cards in {str(project.decks / ledger.FILE_NAME)!r} is in these notes; is it the "
            "folder of other notes? Name another one with --decks. To start anew there, delete the ledger."
        )


def _lost_ledger(project: Project) -> list[Problem]:
    """Warn where packages are there and the ledger by which their cards are known is not."""
    if (project.decks / ledger.FILE_NAME).exists() or not files.with_ending(project.decks, ".apkg"):
        return []
    message = (
        f"is missing in {str(project.decks)!r}, though packages are there; restore it if you can. Without it cards "
        "whose questions were reworded are new ones, and edits made in Anki are overwritten"
    )
    return [Problem(Location(ledger.FILE_NAME), "lost-ledger", message, Severity.WARNING)]


def _ledger_copies(project: Project, known: Collection[str]) -> list[Problem]:
    """Warn of copies of the ledger that a synchronised folder holds: what only they know is lost to this run."""
    return [
        Problem(Location(file.name), "ledger-copy", _what_to_do(file, known), Severity.WARNING)
        for file in ledger.copies(project.decks)
    ]


def _what_to_do(file: Path, known: Collection[str]) -> str:
    where = f"in {str(file.parent)!r} looks like a copy of the ledger that a sync program made"
    try:
        unknown = [entry for entry in ledger.load(file) if entry.guid not in known]
    except OffbookError:
        return f"{where}; it cannot be read as one. Move it out of the folder"
    if not unknown:
        return f"{where}; every card in it is in {ledger.FILE_NAME}, too. Delete it"
    found = f"{len(unknown)} of its cards {'is' if len(unknown) == 1 else 'are'} not in {ledger.FILE_NAME}"
    first = f"such as “{' '.join(unknown[0].question.split())}”"
    return (
        f"{where}; {found}, {first}. Append their lines to {ledger.FILE_NAME} (or keep the whole copy under that name, "
        "if it is the newer one), then delete the copy"
    )


def write(project: Project, result: Build) -> list[Path]:
    """Write what differs from what is there; return the packages written.

    The ledger goes first: should the run be cut off behind it, the next one makes the very packages that
    this one would have made.
    """
    files.make_folder(project.decks)
    files.write(project.decks / ledger.FILE_NAME, result.ledger.encode())
    packages = [(project.package(key), data) for key, data in sorted(result.packages.items())]
    return [file for file, data in packages if files.write(file, data)]


# -- read and find ---------------------------------------------------------------------------------


def read(project: Project, paths: Sequence[str], *, rendered: bool = False) -> tuple[list[Source], list[Problem]]:
    """Read notes and find their cards; notes with faults are left out, and their faults returned.

    `rendered` says that what the cards are in Anki will be asked for.
    """
    readings = project.reader.read_all(paths, rendered=rendered, progress=project.progress)
    problems = list(project.vault.problems)
    sources: list[Source] = []
    targets = {reading.note.path: company.declared(reading.note) for reading in readings}
    known = _known_companies(targets.values(), paths)
    for reading in readings:
        note = reading.note
        target = targets[note.path]
        faults = [*note.problems, *([target] if isinstance(target, Problem) else [])]
        settings, wrong = override(project.settings, note.metadata)
        faults += [Problem(note.place_of(key), "front-matter", words) for key, words in wrong]
        problems += map(_with_consequence, faults)
        if isinstance(target, Problem) or any(fault.severity is Severity.FAULT for fault in faults):
            continue
        target = target or company.from_place(note.path, known)
        problems += reading.problems
        sources.append(Source(reading, target, "", settings))
    project.cache.save()
    completed = _completed(project, sources)
    return suggest(completed), [*problems, *_clashes(project.settings, completed)]


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


def _with_consequence(problem: Problem) -> Problem:
    if problem.severity is not Severity.FAULT:
        return problem
    consequence = "Until then the note is left out, and its cards of earlier exports stay as they are"
    return replace(problem, message=f"{problem.message}. {consequence}")


def _known_companies(targets: Iterable[Target | Problem | None], paths: Sequence[str]) -> list[str]:
    names = {name for target in targets if isinstance(target, Target) for name in target.names}
    places = (path.partition("/")[0] if "/" in path else path.removesuffix(".md") for path in paths)
    return sorted(names | {company.tidy(place) for place in places})


def _completed(project: Project, sources: list[Source]) -> list[Source]:
    """Add what takes a look at all notes: one spelling a company, and with it the decks."""
    spelling = _spellings(sources)
    completed: list[Source] = []
    for source in sources:
        target = Target(tuple(spelling[slug(name)] for name in source.target.names))
        completed.append(replace(source, target=target, deck=_deck(project.settings, source.note, target)))
    return completed


def _spellings(sources: list[Source]) -> dict[str, str]:
    """Choose one name for a company that is written in several ways (`ACME`, `acme`); front matter's first."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for source in sources:
        for name in source.target.names:
            votes[slug(name)][name] += len(sources) if "company" in source.note.metadata else 1
    return {key: max(sorted(names), key=lambda name: names[name]) for key, names in votes.items()}


def _deck(settings: Settings, note: Note, target: Target) -> str:
    own = note.metadata.get("deck")
    general = settings.common_deck if target.shared else settings.deck.replace("{company}", target.names[0])
    return (_tidy_deck(own) if isinstance(own, str) else "") or _tidy_deck(general)


def _tidy_deck(name: str) -> str:
    """Return a deck's name as Anki would store it, so that it is found again there."""
    parts = unicodedata.normalize("NFC", name).split("::")
    return "::".join(part.strip() for part in parts if part.strip())


# -- identify --------------------------------------------------------------------------------------


def identified(
    sources: Sequence[Source],
    entries: Sequence[Entry],
    guids: Collection[str] = (),
    settled: Iterable[Settled] = (),
) -> list[IdentifiedCard]:
    """Give each card its guid, in the order of the notes; open questions get the one that they would have.

    `settled` are the notes beside these, and `guids` those that are taken.
    """
    places = [(source, index) for source in sources for index in range(source.reading.cards)]
    # Open questions are not in the ledger, and must not take an entry from a card that is.
    places.sort(key=lambda place: place[0].cards[place[1]].is_open)
    identities = [_identity(*place) for place in places]

    others = identify.Settled(
        lambda: (key for note in settled for key, _ in note.source.reading.known),
        cache(lambda: [identity for note in settled for identity in note.identities()]),
    )
    return _in_order(places, identities, identify.identify(identities, entries, guids, others))


def _in_order(
    places: Sequence[tuple[Source, int]], identities: Sequence[Identity], guids: Sequence[str]
) -> list[IdentifiedCard]:
    sources = {source.note.path: source for source, _ in places}
    tags = {path: note_tags(source.note, source.target) for path, source in sources.items()}
    cards = [
        IdentifiedCard(card, source, index, identity, guid, card_tags(tags[source.note.path], card))
        for (source, index), identity, guid in zip(places, identities, guids, strict=True)
        for card in [source.cards[index]]
    ]
    return sorted(cards, key=lambda c: (c.card.location.path, c.card.location.line, c.card.end, c.guid))


def _identity(source: Source, index: int) -> Identity:
    card = source.cards[index]
    return _known_by(source, card, None if card.suggested else source.reading.known[index], card.answer_text)


def _known_by(source: Source, card: Card, known: tuple[str, str] | None, answer: str) -> Identity:
    return Identity(
        card.location.path,
        " › ".join(card.headings),
        card.question_text,
        answer,
        source.target.slugs,
        card.block_id or card.note_id,
        card.kind is Kind.CLOZE,
        known,
    )


# -- companies -------------------------------------------------------------------------------------


def company_names(sources: Iterable[Source], entries: Iterable[Entry] = ()) -> dict[str, str]:
    """Return the companies of the notes and of the ledger, from slug to name."""
    known = {(key, entry.deck) for entry in entries for key in entry.companies if key != ALL}
    names = {key: _name_in(deck, key) for key, deck in sorted(known)}
    names |= {slug(name): name for source in sources for name in source.target.names}
    return dict(sorted(names.items())) or {"common": "Common"}


def _name_in(deck: str, key: str) -> str:
    """Return the name with slug `key` that a deck's name holds, for a company that is gone from the notes."""
    return next((part for part in deck.split("::") if slug(part) == key), key)


def _with_cards(sources: Iterable[Source], entries: Iterable[Entry], names: dict[str, str]) -> list[str]:
    """Return the companies that have cards of their own; where all cards are shared, all companies."""
    own = {key for source in sources if source.reading.cards for key in source.target.slugs}
    own |= {key for entry in entries for key in entry.companies}
    return [key for key in names if key in own] or list(names)


def choose(wanted: Sequence[str], names: dict[str, str]) -> list[str]:
    """Return the slugs of the companies named; case, spaces and hyphens do not matter."""
    by_letters = {_letters(name): key for key, name in names.items()} | {_letters(key): key for key in names}
    unknown = [name for name in wanted if _letters(name) not in by_letters]
    if unknown:
        raise UsageError(_unknown_company(unknown[0], by_letters, names))
    return list(dict.fromkeys(by_letters[_letters(name)] for name in wanted))


def _unknown_company(name: str, by_letters: dict[str, str], names: dict[str, str]) -> str:
    from difflib import get_close_matches

    wanted = _letters(name)
    close = [letters for letters in by_letters if min(len(wanted), len(letters)) > 1 and _is_part(wanted, letters)]
    close += get_close_matches(wanted, by_letters, 1, 0.5)
    hint = f"; did you mean {names[by_letters[close[0]]]!r}?" if close else ""
    return f"there is no company {name!r}{hint}\nknown companies: {', '.join(names.values())}"


def _is_part(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one) or one in other


def _letters(name: str) -> str:
    return slug(name).replace("-", "")
