"""What is read and found: notes, and the cards in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

from offbook.errors import Location, Problem, Severity
from offbook.text import without_id

if TYPE_CHECKING:
    from offbook.markdown import Block
    from offbook.markdown.deletions import Deletion

_Value = TypeVar("_Value")
MARKDOWN = (".md", ".markdown")
"""The endings of notes, in lower case."""
TEXT = (".txt",)
"""The endings of text files, which the setting `text_files` makes notes."""
READABLE = (*MARKDOWN, *TEXT)
"""The endings of all files that can be notes."""
DRAWING = ".excalidraw"
"""The ending of a drawing's name before that of a note, and of its name in an embed."""
_PLUGINS = ("excalidraw-plugin", "kanban-plugin")
"""Keys of the front matter by which plugins of Obsidian know their files."""


def note_stem(path: str) -> str:
    """Return a note's file name without its folders and without its ending, in any letter case."""
    name = path.rpartition("/")[2]
    ending = next((ending for ending in READABLE if name.lower().endswith(ending)), "")
    return name[: len(name) - len(ending)]


# -- read ------------------------------------------------------------------------------------------


class Part(Struct, frozen=True, array_like=True, gc=False):
    """Lines of a note that are the business of other companies than the rest of it."""

    first: int
    """The first line."""
    end: int
    """The line behind the last."""
    companies: tuple[str, ...]
    """As front matter names them."""


class Note(Struct, frozen=True, array_like=True):
    """A Markdown file as read, or a text file read as one."""

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
    is_template: bool = False
    """Whether it holds places for a program to fill in (`{{title}}`, `<% … %>`); its body is not looked at."""

    is_outline: bool = False
    """Whether Logseq wrote it: what is nested below a block belongs to it, and nothing else does."""
    page: str = ""
    """The name of the page of Logseq that it is, without its namespaces; empty where it is none."""
    is_record: bool = False
    """Whether it is read as a row of a database of Notion: properties stand below its title."""
    parts: tuple[Part, ...] = ()
    """The blocks of a day's page of Logseq that name their companies, in order."""

    def place_of(self, key: str) -> Location:
        """Return where a key of the front matter stands."""
        return Location(self.path, self.key_lines.get(key, 1))

    @property
    def stem(self) -> str:
        """What the note is called: its file's name without folder, ending and Notion's id, or the page that it is."""
        return self.page or without_id(note_stem(self.path))

    @property
    def is_of_notion(self) -> bool:
        """Whether it is a page that Notion exported: its file's name ends in an id."""
        name = note_stem(self.path)
        return without_id(name) != name

    @property
    def title(self) -> str:
        """The front matter's title, or the file's name."""
        title = self.metadata.get("title")
        return str(title).strip() if title is not None and str(title).strip() else self.stem

    @property
    def is_faulty(self) -> bool:
        """Whether something in the note keeps its cards from being found."""
        return any(problem.severity is Severity.FAULT for problem in self.problems)

    @property
    def is_drawing(self) -> bool:
        """Whether it is a drawing of Excalidraw or a board of Kanban, which plugins keep in Markdown files."""
        return not self.metadata.keys().isdisjoint(_PLUGINS) or self.path.lower().endswith(f"{DRAWING}.md")


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
    PATH = "path"
    """`[…](target)`, a file's path"""
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
    footnotes: Mapping[str, Block] = field(default_factory=dict)
    """The note's definitions of footnotes, by label."""
    gaps: tuple[Deletion, ...] = ()
    """Of a text with gaps: what Anki is told of them, by the index that they have in the question's source."""


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
    context: tuple[str, ...] = ()
    """Those of the headings that the card shows: one that is another card's question would give that away."""
    is_term: bool = False
    """Whether a card for both directions asks for a term, not for a question, on its reverse."""
    whole: str = ""
    """Of a card with gaps: all its words as they are compared, those in gaps among them."""
    heading: str = ""
    """The heading that is the question, as it is written, if one is."""
    by_looks: bool = False
    """Whether no mark makes it a card, but what it says, how it looks, and what stands around it."""

    @property
    def suggested(self) -> bool:
        """Whether the answer is talking points, not the writer's answer."""
        return bool(self.points)


MISSING_FILE = "missing-file"
"""The code of a problem with a picture or sound that Anki cannot get."""
NO_CARDS = "no-cards"
"""The code of a near miss that is a whole note in which nothing was found."""


class Passed(Struct, frozen=True, array_like=True, gc=False):
    """Something that looked like a card and was not taken: a near miss, or what `--explain` alone tells."""

    location: Location
    text: str
    reason: str
    code: str = ""
    """Of a near miss, which `check` tells: what was probably meant, in `reason`. Else nothing."""


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
    """The near misses."""
    loose: tuple[Block, ...]
    """Paragraphs that no card has taken: where talking points are looked for."""
    problems: tuple[Problem, ...]
    has_headings: bool = False
    """Whether headings structure the note; one without is loose notes."""
    env: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """markdown-it's environment of the note."""
    shows: tuple[Mention, ...] = ()
    """Pictures and embeds in texts that no card has taken."""


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
    shows: tuple[Mention, ...] = ()
    """Pictures and embeds in texts that no card has taken."""
    days: tuple[tuple[int, str], ...] = ()
    """The lines of the file that may name the day of an interview, without their markup, by number."""
    kept: tuple[str, ...] = ()
    """The keys of questions that stay cards, since they were when all around them was otherwise."""
    places: tuple[int, ...] | None = None
    """Of what is a part of a note: which of the cards are its own, by index; None where all are."""

    @property
    def own_places(self) -> Sequence[int]:
        """Which of the note's cards are its own, by index."""
        return range(len(self.cards)) if self.places is None else self.places

    def own(self, of_cards: Sequence[_Value]) -> tuple[_Value, ...]:
        """Return those of the values, one for each of the note's cards, that are of its own cards."""
        return tuple(of_cards[place] for place in self.own_places)
