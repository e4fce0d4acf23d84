"""The plain values that go from stage to stage. They know nothing of the stages.

A value is a `msgspec.Struct` where it is kept in the memo or the ledger, else a dataclass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from offbook.errors import Location, Problem, Severity
from offbook.settings import Settings

if TYPE_CHECKING:
    from offbook.markdown import Block

ALL = "all"
"""Stands in place of companies' slugs where a note is for all of them."""
MARKDOWN = (".md", ".markdown")
"""The endings of notes, in lower case."""


def note_stem(path: str) -> str:
    """Return a note's file name without its folders and without its ending, in any letter case."""
    name = path.rpartition("/")[2]
    ending = next((ending for ending in MARKDOWN if name.lower().endswith(ending)), "")
    return name[: len(name) - len(ending)]


# -- read ------------------------------------------------------------------------------------------


class Note(Struct, frozen=True, array_like=True):
    """A Markdown file as read."""

    path: str
    """Relative to the notes folder, with `/`."""
    body: str
    """The text behind the front matter: `\\n` line ends, Unicode NFC, no byte order mark."""
    body_line: int = 1
    """The line of the file on which the body begins."""
    metadata: dict[str, Any] = {}
    """The front matter; empty where there is none."""
    problems: tuple[Problem, ...] = ()
    key_lines: dict[str, int] = {}
    """The lines of the file on which the front matter's keys stand."""

    def place_of(self, key: str) -> Location:
        """Return where a key of the front matter stands."""
        return Location(self.path, self.key_lines.get(key, 1))

    @property
    def stem(self) -> str:
        """The file's name without folder and ending."""
        return note_stem(self.path)

    @property
    def title(self) -> str:
        """The front matter's title, or the file's name."""
        title = self.metadata.get("title")
        return str(title).strip() if title is not None and str(title).strip() else self.stem

    @property
    def is_faulty(self) -> bool:
        """Whether something in the note keeps its cards from being found."""
        return any(problem.severity is Severity.FAULT for problem in self.problems)


class Asked(StrEnum):
    """What can be asked of the vault."""

    FILE = "file"
    """Which file a link leads to: its path, or nothing."""
    TEXT = "text"
    """What a note holds: a digest of its bytes, or nothing where it cannot be read."""
    MEDIA = "media"
    """Under which name Anki stores a picture or sound, or nothing where it cannot."""


class Use(Struct, frozen=True, array_like=True, gc=False):
    """A question to the vault, and its answer, on which a value that was made from a note depends."""

    asked: Asked
    of: str
    """A link's target as written, else a file's path."""
    source: str
    """The path of the note in which a link stands; empty for the other questions."""
    answer: str


# -- find ------------------------------------------------------------------------------------------


class Kind(StrEnum):
    """What becomes of a card in Anki."""

    QUESTION = "question"
    REVERSED = "reversed"
    """Asked in both directions."""
    CLOZE = "cloze"


class How(StrEnum):
    """How something is mentioned."""

    LINK = "link"
    """`[[target]]`"""
    EMBED = "embed"
    """`![[target]]`"""
    IMAGE = "image"
    """`![…](target)`"""
    CODE = "code"
    """A fence; the target is its language."""


class Mention(Struct, frozen=True, array_like=True, gc=False):
    """Something that a card leads to or shows."""

    line: int
    how: How
    target: str


class Passage(Struct, frozen=True, array_like=True):
    """A loose paragraph of a note that may be a talking point."""

    location: Location
    source: str
    """Its inline Markdown."""
    text: str
    """Its plain text."""
    stems: str
    """The stems of its words, each once, separated by spaces."""
    references: dict[str, Any] = {}
    """The link references of the note that it uses, as markdown-it has them."""


@dataclass(frozen=True, slots=True)
class Body:
    """The blocks of a note that a card is made of."""

    question: tuple[Block, ...]
    answer: tuple[Block, ...]
    """Empty where the question is open."""
    env: dict[str, Any] = field(default_factory=dict)
    """markdown-it's environment of the note: link references and footnotes."""
    footnotes: tuple[Block, ...] = ()


class Card(Struct, frozen=True, array_like=True):
    """One question and its answer, as text."""

    kind: Kind
    dialect: str
    reason: str
    """Why this is a card, for `--explain`."""
    location: Location
    end: int
    """The line behind the card's last."""
    question_text: str
    """Plain text; of a cloze the sentence with its gaps."""
    answer_text: str
    """Plain text; of a cloze what fills the gaps. Empty where the question is open."""
    headings: tuple[str, ...]
    """The titles of the sections around the card, outermost first, plain text."""
    tags: tuple[str, ...]
    """Written on the question, without `#`."""
    block_id: str = ""
    """The writer's own name for the question (`^name`), or nothing."""
    note_id: str = ""
    """An id that another program left in a comment (`<!--ID: 1643712345678-->`), or nothing."""
    is_open: bool = False
    """Whether the question has no answer."""
    mentions: tuple[Mention, ...] = ()
    """What it leads to and shows."""
    points: tuple[Passage, ...] = ()
    """The talking points that offbook found for want of an answer, the best first."""

    @property
    def suggested(self) -> bool:
        """Whether the answer is talking points, not the writer's answer."""
        return bool(self.points)


class Passed(Struct, frozen=True, array_like=True, gc=False):
    """Something that looked like a card and was not taken, for `--explain` and `check`."""

    location: Location
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """All that was found in one note, blocks included."""

    cards: tuple[Card, ...]
    """In the order of the note; open questions among them."""
    bodies: tuple[Body, ...]
    """What each of the cards is made of."""
    to_ask: tuple[Card, ...]
    """Questions that the writer wants to ask the interviewer: reported, never carded."""
    passed: tuple[Passed, ...]
    loose: tuple[Block, ...]
    """Paragraphs that no card has taken: where talking points are looked for."""
    problems: tuple[Problem, ...]
    has_headings: bool = False
    """Whether headings structure the note; one without is loose notes."""
    env: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """markdown-it's environment of the note."""


class Reading(Struct, frozen=True, array_like=True):
    """A note and all that was found in it, without its body and blocks: what later stages want of a note."""

    note: Note
    """Without its body."""
    digest: bytes
    """Of the note's bytes; empty where it could not be read."""
    cards: tuple[Card, ...] = ()
    sketches: tuple[tuple[str, str], ...] = ()
    """Of each card the question's key and the answer's sketch, see `offbook.likeness`."""
    to_ask: tuple[Card, ...] = ()
    passed: tuple[Passed, ...] = ()
    passages: tuple[Passage, ...] = ()
    problems: tuple[Problem, ...] = ()
    """What was noticed while cards were looked for."""
    has_headings: bool = False
    uses: tuple[Use, ...] = ()


# -- assign ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Target:
    """The companies that a note is for."""

    names: tuple[str, ...]
    """As the user writes them, sorted; empty where the note is for all."""
    slugs: tuple[str, ...]
    """The names as file names and tags have them; `all` alone where the note is for all."""

    @property
    def shared(self) -> bool:
        """Whether the cards serve several companies and live in the common deck."""
        return len(self.names) != 1


@dataclass(frozen=True, slots=True)
class Source:
    """A note with its cards, whose it is, and where its cards go."""

    reading: Reading
    target: Target
    deck: str
    settings: Settings
    """The project's, with what the note's front matter overrides."""
    cards: tuple[Card, ...]
    """The reading's, open questions with the talking points that were suggested for them."""
    sketches: tuple[tuple[str, str], ...]
    """Of each card the question's key and the answer's sketch."""

    @property
    def note(self) -> Note:
        """The note, without its body."""
        return self.reading.note

    @property
    def path(self) -> str:
        """The note's path."""
        return self.reading.note.path


# -- identify --------------------------------------------------------------------------------------


class Entry(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """What the ledger knows of one card: one line of it. Times are seconds since the epoch."""

    guid: str
    note: str
    """The note's path."""
    question: str
    """Plain text."""
    companies: tuple[str, ...]
    """Slugs of the companies, or `all`."""
    deck: str
    section: str = ""
    """The titles of the sections around the card, outermost first, joined by ` › `."""
    block: str = ""
    """The writer's own block id, if there is one."""
    answer: str = ""
    """A sketch of the answer's words, see `offbook.likeness`."""
    content: str = ""
    """A digest of all that was exported: fields, tags, notetype."""
    added: int = 0
    """When the card was first exported."""
    modified: int = 0
    """When what is exported of it last changed; Anki takes over newer notes only."""
    retired: int = 0
    """When it was found gone from the notes; 0 while it is there."""
    kept: tuple[str, ...] = ()
    """The fields of a retired card, so that it can still be exported."""
    cloze: bool = False
    """Whether the card is of the cloze notetype."""
    texts: tuple[str, ...] = ()
    """Digests of the fields as they were exported, the newest last: any other text in Anki was edited there."""
    tags: tuple[str, ...] = ()
    """Every tag that was ever exported with the card: any other tag in Anki was added there."""
    decks: tuple[str, ...] = ()
    """The decks that were the card's home before: in any other one it was put in Anki."""
    in_anki: str = ""
    """The digest of the fields at the last import that saw the card in Anki; if it is gone there, it was deleted."""
    suspended: bool = False
    """Whether an import suspended the card because it was retired."""


@dataclass(frozen=True, slots=True)
class IdentifiedCard:
    """A card, whose it is, and what Anki knows it by."""

    card: Card
    source: Source
    index: int
    """Of the card in its note."""
    guid: str
    tags: tuple[str, ...]
    """As Anki has them, sorted."""

    @property
    def companies(self) -> tuple[str, ...]:
        """Slugs of the companies, or `all`."""
        return self.source.target.slugs

    @property
    def sketch(self) -> str:
        """The sketch of the answer's words."""
        return self.source.sketches[self.index][1]

    @property
    def section(self) -> str:
        """The titles of the sections around the card, as the ledger has them."""
        return section(self.card)


def section(card: Card) -> str:
    """Return the titles of the sections around a card, as the ledger has them."""
    return " › ".join(card.headings)


# -- render ----------------------------------------------------------------------------------------


class Rendered(Struct, frozen=True, array_like=True, gc=False):
    """The HTML that one card is made of in Anki."""

    question: str
    answer: str
    """For a cloze: what is shown below the text."""
    hint: str = ""
    context: str = ""
    source: str = ""

    @property
    def fields(self) -> tuple[str, str, str, str, str]:
        """In the order in which both notetypes begin."""
        return self.question, self.answer, self.hint, self.context, self.source


class Content(Struct, frozen=True, array_like=True, gc=False):
    """What an export wants of a rendered card without its HTML."""

    digest: bytes
    """Of the HTML."""
    media: tuple[tuple[str, str], ...] = ()
    """What it shows: names in Anki, and the files' paths."""
    problems: tuple[Problem, ...] = ()


class RenderedNote(Struct, frozen=True, array_like=True):
    """The contents of a note's cards, and what they depend on outside of it."""

    contents: tuple[Content, ...]
    uses: tuple[Use, ...] = ()


# -- export ----------------------------------------------------------------------------------------


class Status(StrEnum):
    """What an export does with a card."""

    NEW = "new"
    CHANGED = "changed"
    MOVED = "moved"
    RETIRED = "retired"
    UNCHANGED = "unchanged"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one card."""

    status: Status
    location: Location
    question: str
    companies: tuple[str, ...]
    """Slugs of the companies, or `all`."""
    deck: str
    guid: str
    before: Entry | None = None
    """What the ledger knew of the card."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A card on its way into a package: its entry in the ledger, and what its Anki note is made of."""

    entry: Entry
    digest: str
    """Of all that is exported of it, but for its deck and times."""
    card: IdentifiedCard | None = None
    """None where the card is retired."""
    media: tuple[tuple[str, str], ...] = ()
    """What it shows: names in Anki, and the files' paths."""


@dataclass(frozen=True, slots=True)
class Build:
    """All that an export would write, and what it has to tell."""

    names: Mapping[str, str]
    """The companies, from slug to name."""
    sources: tuple[Source, ...]
    """The notes that could be read."""
    changes: tuple[Change, ...]
    """What happens to each card, in the order of the notes."""
    problems: tuple[Problem, ...]
    packages: Mapping[str, bytes]
    """From slug to the bytes of `<slug>.apkg`."""
    ledger: str
    """The text of `ledger.jsonl`."""
    suggested: int = 0
    """How many of the cards hold talking points."""

    @property
    def faults(self) -> list[Problem]:
        """The problems for which something was left out."""
        return [problem for problem in self.problems if problem.severity is Severity.FAULT]

    def counts(self) -> dict[str, Counter[Status]]:
        """Return how many changes of each kind are in the package of each company, by slug."""
        counts: dict[str, Counter[Status]] = {slug: Counter() for slug in self.names}
        numbers = Counter((change.companies, change.status) for change in self.changes)
        for (companies, status), number in numbers.items():
            for slug in served(companies, counts):
                counts[slug][status] += number
        return counts


def served(companies: Iterable[str], slugs: Iterable[str]) -> list[str]:
    """Return those of the `slugs` whose packages hold the cards of `companies` (slugs, or `all`)."""
    wanted = set(companies)
    return list(slugs) if ALL in wanted else [slug for slug in slugs if slug in wanted]


Progress = Callable[[Iterable[Any], int, str], Iterable[Any]]
"""Shows how far a step is: takes the step's items, how many they are and a name, and yields the items."""
