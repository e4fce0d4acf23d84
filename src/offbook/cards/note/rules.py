"""What the settings say of recognition."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from offbook.cards.words.lexicon import Lexicon, lexicon


@dataclass(frozen=True, slots=True)
class Own:
    """Marks of the writer's own, which the settings name."""

    questions: tuple[str, ...] = ()
    """Lines that ask, such as `● {question}`."""
    answers: tuple[str, ...] = ()
    """Labels of answers."""
    separators: tuple[str, ...] = ()
    """Lines of their own between question and answer."""
    brackets: tuple[tuple[str, str], ...] = ()
    """Lines that begin and end a card."""
    flashcards: tuple[str, ...] = ()
    """Tags of notes of flashcards, in small letters, without `#`."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say of recognition."""

    stages: tuple[str, ...] = ("explicit", "shapes", "evidence")
    off: frozenset[str] = frozenset()
    """Names of dialects that are switched off."""
    hides: tuple[str, ...] = ()
    """The marks of gaps that make a cloze of every paragraph: `==`, `**`, `{{`."""
    lexicon: Lexicon = field(default_factory=lexicon, repr=False)
    """The words by which questions are known."""
    own: Own = field(default_factory=Own)
    """Marks of the writer's own."""
    kept: frozenset[str] = frozenset()
    """The keys of questions that were cards before, and stay some where they still have a text."""


def own_marks(marks: Iterable[tuple[tuple[str, str], ...]], tags: Sequence[str] = ()) -> Own:
    """Return the marks that the setting `marks` names, with the `tags` of notes of flashcards."""
    tables = [dict(mark) for mark in marks]

    def named(key: str) -> tuple[str, ...]:
        return tuple(table[key] for table in tables if key in table)

    brackets = tuple((table["begin"].strip(), table["end"].strip()) for table in tables if "begin" in table)
    separators = tuple(text.strip() for text in named("separator"))
    flashcards = tuple(tag.strip().lstrip("#").casefold() for tag in tags)
    return Own(named("question"), named("answer"), separators, brackets, flashcards)
