"""The settings: the keys of `offbook.toml`, what each does, and their defaults."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path

from offbook.graph import Graph

FILE_NAME = "offbook.toml"
ALL_ELSE = "*"
"""The pattern in `shared` of all that `companies` does not match."""
EACH = "*"
"""The pattern in `companies` of each folder and note at the top."""
CARD_CHOICES = ("all", "questions", "explicit")


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's settings. Each attribute but the last two is a key of `offbook.toml`, its docstring the manual."""

    notes: str = ""
    """The notes folder, relative to the settings file, for commands run beside that file or below; empty: `notes`."""
    decks: str = ""
    """The folder for packages and ledger, relative to the settings file, too; empty: `decks`. A command that names
    these notes with `--notes` takes it as well, unless it is run where there are other settings or a ledger."""
    vault: str = ""
    """The vault's folder, relative to the settings file; empty: the nearest folder with `.obsidian`, or
    the Logseq graph."""
    ignore: tuple[str, ...] = ()
    """Patterns of notes and folders to leave out, relative to the notes folder, such as `templates/*`."""
    companies: tuple[str, ...] = ()
    """Which folders and notes are companies: a pattern, relative to the notes folder, such as `Companies/*`, or a list.
    Notes that neither this nor `shared` matches, and that name no `company`, are left out. Empty: what is in a folder
    that is called `Companies`, and all else serves every company; without such a folder, what is at the top."""
    shared: tuple[str, ...] = ()
    """Folders, and notes, that serve every company, such as `["Stories", "Tech", "Salary.md"]`."""
    archive: tuple[str, ...] = ()
    """The names of folders, anywhere among the notes, for what is over: cards of notes in them are retired. Empty:
    `Archive`, and what it is called in other languages, such as `Archiv` and `Архив`, also `_archive`."""
    closed: tuple[str, ...] = ()
    """Companies that are over: their own cards are retired, and come back once the name is taken out here."""
    text_files: bool = False
    """Whether text files (`.txt`) are notes, too. What would be a mark in Markdown is text in them."""
    largest_note: int = 10
    """The largest note that is read, in megabytes."""
    deck: str = "Interviews::{company}"
    """A company's deck. `{folder}` becomes the folders between the company's and the note, as decks in decks."""
    common_deck: str = "Interviews::Common"
    """The deck of cards that serve several companies. `{folder}` becomes the folders of the note, as decks in decks."""
    cards: str = "all"
    """What becomes a card. `explicit`: only what you marked; `questions`: what asks by itself, too; `all`: what looks
    like it, too."""
    dialects_off: tuple[str, ...] = ()
    """Ways to write a card that are switched off, by the names that `offbook cards --explain` shows."""
    flashcard_tags: tuple[str, ...] = ()
    """Further tags that say of a note what `#flashcards` does: in it `::` needs no spaces, and `==highlights==` hide.
    Empty: those that Obsidian's plugin Spaced Repetition has in its settings."""
    cloze_highlights: bool = False
    """Whether `==highlight==` hides in every paragraph, not just in those tagged `#cloze`."""
    cloze_bold: bool = False
    """Whether `**bold**` within a paragraph hides."""
    cloze_curly: bool = False
    """Whether `{{curly}}` brackets hide without a number, too."""
    suggestions: bool = True
    """Whether open questions get talking points from the notes of the same company."""
    openings: tuple[str, ...] = ()
    """Further openings of questions, for languages or habits that offbook does not know."""
    marks: tuple[tuple[tuple[str, str], ...], ...] = ()
    """Marks of your own, each a table `[[marks]]`: `question = "● {question}"` for lines that ask, `answer` for a label
    of answers, `separator` for a line between question and answer, `begin` and `end` for lines around a card."""
    longest_answer: int = 400
    """The longest answer, in words, that `check` does not call too long to rehearse; 0: any."""
    strict_line_breaks: bool = False
    """Whether a single line break is a space, as in strict Markdown, and not a line break."""
    hint: str = ""
    """Markdown behind the Hint button of cards whose answer holds no `> [!hint]`."""
    speak: bool = False
    """Whether Anki reads the question aloud, as an interviewer would."""
    lang: str = ""
    """The language of questions, such as `de` or `pt_BR`: in it they are read aloud, and their long words break. Empty:
    the language that each card's letters and words tell."""
    time: int = 0
    """Seconds that an answer should take, written `2m`, `90s`, `1m30s`, `1:30` or `120`; 0: no clock."""
    css: str = ""
    """Your own CSS, at the end of the style sheet: a text, or a table of custom properties, `[css.night]` for
    those of the night."""
    anki_url: str = ""
    """Where AnkiConnect listens; empty: `http://127.0.0.1:8765`."""
    profile: str = ""
    """The profile of Anki that cards are for, open or closed: another one that is open is not touched. Empty: the one
    that is open."""
    template: str = ""
    """The template for notes of `offbook new`, a file relative to the settings file, in which `{{company}}` or
    `{{title}}` stands for the name, `{{date}}` for the interview's day. Empty: offbook's own."""
    folder: Path = field(default_factory=Path, metadata={"key": False})
    """The folder of the settings file."""
    graph: Graph | None = field(default=None, metadata={"key": False})
    """The Logseq graph that the notes are pages of, or None."""


NOTE_KEYS = (
    "cards", "dialects_off", "cloze_highlights", "cloze_bold", "cloze_curly", "suggestions", "openings", "marks",
    "longest_answer", "strict_line_breaks", "hint", "speak", "lang", "time",
)  # fmt: skip
"""The settings that a note's front matter may override."""
KEYS = tuple(f.name for f in fields(Settings) if f.metadata.get("key", True))
