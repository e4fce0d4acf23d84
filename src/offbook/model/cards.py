"""Cards on their way to Anki: whose they are, under which guid, and their HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from msgspec import Struct

from offbook.errors import Problem
from offbook.language import ENGLISH
from offbook.model.notes import Card, Note, Reading, Use
from offbook.settings import Settings

BETWEEN_TITLES = " › "
"""Stands between the titles of sections, from the outermost to the innermost."""
ALL = "all"
"""Stands in place of companies' slugs where a note is for all of them."""
DELETED = "deleted"
"""What the ledger's `told` says of a card of which the user was told that it is deleted in Anki."""
DECLINED = "declined"
"""What it says of a retired card of which the user said that it is not a certain new one in other words."""


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


class Gap(Struct, frozen=True, array_like=True, gc=False):
    """A gap of a card: a deletion in Anki, whose number is a card there with a history of its own."""

    number: int
    text: str = ""
    """What it hides, plain text."""
    at: int = 0
    """Its first word, counted in the words of the card's text."""
    end: int = 0
    """The word behind its last."""


class Gapped(Struct, frozen=True, array_like=True, gc=False):
    """The text of a card with gaps."""

    words: str = ""
    """All its words as they are compared, those in gaps among them, separated by spaces."""
    gaps: tuple[Gap, ...] = ()
    """In the order of the text."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """The numbers of a card's gaps."""

    numbers: Mapping[int, int]
    """From those that were written, or counted in the text, to those in Anki."""
    words: str
    """Of the card's text, see `Gapped`."""
    gaps: tuple[Gap, ...]
    """The gaps under their numbers in Anki."""
    past: tuple[Gap, ...]
    """Numbers that the card had, and whose gaps are gone."""


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
    """The titles of the sections around the card, outermost first, joined by `BETWEEN_TITLES`."""
    block: str = ""
    """The writer's own block id, if there is one."""
    answer: str = ""
    """A sketch of the answer's words, see `offbook.likeness`."""
    content: str = ""
    """A digest of all that the writer wrote and was exported: fields, tags, notetype, place."""
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
    """The digest of the fields at the last import that saw the card in Anki."""
    collections: tuple[str, ...] = ()
    """The collections in which imports saw the card, by their names in the ledger's header."""
    suspended: bool = False
    """Whether an import suspended the card because it was retired."""
    suspended_in: tuple[str, ...] = ()
    """The collections in which it did; offbook 1.0.0 wrote none."""
    fields: tuple[str, ...] = ()
    """A digest of each field as it was exported, see `offbook.field_text`; offbook 1.0.0 wrote none."""
    former: tuple[tuple[int, str], ...] = ()
    """Digests of fields as they were exported before, each behind the field's index, the newest last."""
    brought: tuple[str, ...] = ()
    """A digest of each field as the notes had it at the last import that saw the card in Anki; of a field that was
    edited there and changed in the notes since, as they had it before."""
    told: str = ""
    """What the user was told of the card: a digest of what was edited in Anki, `DELETED` or `DECLINED`."""
    words: str = ""
    """Of a card with gaps: the words of its text, what the gaps hide among them."""
    gaps: tuple[Gap, ...] = ()
    """Its gaps, with their numbers in Anki."""
    past: tuple[Gap, ...] = ()
    """The numbers of cards in Anki that stay empty: of gaps that are gone, and of a reverse that was taken back."""
    past_suspended: tuple[int, ...] = ()
    """Those of these numbers that an import suspended."""
    reversed: bool = False
    """Whether the card is asked in both directions."""
    by_looks: bool = False
    """Whether no mark makes it a card: then it stays one, whatever changes around it."""
    language: str = ""
    """What the card seemed to be written in when its text last changed, see `offbook.language`."""
    twin_of: str = ""
    """Of a retired card: the guid of the one that stands in its place, as the same or in other words. No card is known
    by it."""


class IdentifiedCard(Struct, frozen=True):
    """A card, whose it is, and what Anki knows it by."""

    card: Card
    source: Source
    index: int
    """Of the card in its note."""
    guid: str
    companies: tuple[str, ...]
    """Slugs of the companies, or `all`."""
    tags: tuple[str, ...]
    """As Anki has them, sorted."""
    section: str
    """The titles of the sections around the card, as the ledger has them."""
    sketch: str
    """Of the answer's words, see `offbook.likeness`."""


def section(card: Card) -> str:
    """Return the titles of the sections around a card, as the ledger has them."""
    return BETWEEN_TITLES.join(card.headings)


# -- render ----------------------------------------------------------------------------------------


class Rendered(Struct, frozen=True, array_like=True, gc=False):
    """The HTML that one card is made of in Anki."""

    question: str
    answer: str
    """For a cloze: what is shown below the text."""
    hint: str = ""
    context: str = ""
    source: str = ""
    language: str = ENGLISH
    """What the card seems to be written in, see `offbook.language`."""

    @property
    def fields(self) -> tuple[str, str, str, str, str]:
        """In the order in which both notetypes begin."""
        return self.question, self.answer, self.hint, self.context, self.source


class Content(Struct, frozen=True, array_like=True, gc=False):
    """What an export wants of a rendered card without its HTML."""

    digest: bytes
    """Of the HTML."""
    written: bytes
    """Of what the writer wrote of it: the HTML, whatever the vault's name and the folders above the notes."""
    media: tuple[tuple[str, str], ...] = ()
    """What it shows: names in Anki, and the files' paths."""
    problems: tuple[Problem, ...] = ()
    gapped: Gapped | None = None
    """The gaps of a cloze, with the numbers as they were written or counted."""
    language: str = ENGLISH
    """What the card seems to be written in, see `offbook.language`."""


class RenderedNote(Struct, frozen=True, array_like=True):
    """The contents of a note's cards, and what they depend on outside of it."""

    contents: tuple[Content, ...]
    uses: tuple[Use, ...] = ()


def served(companies: Sequence[str], slugs: Iterable[str]) -> list[str]:
    """Return those of the `slugs` whose packages hold the cards of `companies` (slugs, or `all`)."""
    return list(slugs) if ALL in companies else [slug for slug in slugs if slug in companies]
