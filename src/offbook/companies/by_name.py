"""Companies that a note's name alone makes: where others have a folder or are declared, some of these are topics."""

from __future__ import annotations

import re
from collections.abc import Iterable

from offbook.companies.rounds import names_a_subject
from offbook.companies.whose import place_of
from offbook.days import INTERVIEW
from offbook.model import Source, note_stem
from offbook.text import without_id

_REMARK = re.compile(r"(?<!\s)\s{1,3}(?:[–—-]\s|[(\[])")  # behind a company's name


def perhaps_topics(sources: Iterable[Source]) -> list[Source]:
    """Return the notes with cards that are companies by their name, and nowhere speak of it as of a name.

    "Bluefin" says "Why Bluefin?" somewhere, and "Window functions" does not. There are none where all companies are
    notes, for then that is how the writer keeps them, and none in a graph, in which pages are folders, too. A note that
    names the day of an interview is a company's.
    """
    made = [source for source in sources if source.cards and not (source.target.shared or source.settings.graph)]
    by_name = [source for source in made if is_by_name(source)]
    return [source for source in by_name if not _says_its_name(source)] if len(by_name) < len(made) else []


def pattern_of(source: Source) -> str:
    """Return what names a note in the settings, and no folder beside it that is called so: its path, without ids."""
    return without_id(source.path)


def is_by_name(source: Source) -> bool:
    """Whether neither a note's front matter nor a folder nor the settings say whose it is, so that its name does."""
    declared = "company" in source.note.metadata or INTERVIEW in source.note.metadata
    told = declared or source.settings.companies
    return not (told or source.target.shared or place_of(source.path, source.settings).depth)


def subject_of(source: Source) -> str:
    """Return the folder, or the note, that has a deck as a subject, since no note speaks of companies; else nothing."""
    place = place_of(source.path, source.settings)
    name = note_stem(without_id(place.nobody))
    return name if name and names_a_subject(name) and not source.target.shared else ""


def _says_its_name(source: Source) -> bool:
    """Whether a card of a note has its company's name, as it is written, beside other words.

    Of `Linear – PM` and `Stripe (Billing)` that is what stands in front of the remark.
    """
    name = _REMARK.split(source.target.names[0])[0]
    said = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    texts = (text for card in source.cards for text in (card.question_text, card.answer_text))
    return any(said.search(text) and text.strip(" :") != name for text in texts)
