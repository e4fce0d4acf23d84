"""Writes the .apkg that Anki imports. Alone imports genanki."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import genanki

from offbook import notetypes
from offbook.errors import OffbookError
from offbook.field_text import gapped
from offbook.model import AnkiNote
from offbook.notetypes import CLOZE, QUESTION, Notetype

_LEVEL = 1  # of compression; level 3 takes twice as long and saves a fifteenth
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
DATABASE = "collection.anki2"
"""The file in a package that is a collection."""
_NO_DESCRIPTIONS: Mapping[str, str] = {}
_FIRST_DECK_ID = 1 << 31
_DECK_IDS = 1 << 40
_DAY, _HOUR = 86_400_000, 3_600_000  # milliseconds
_FIRST_HOUR, _HOURS = 9, 6  # of ids: around noon in UTC, when most of the world has one date
_LONG_BEFORE = 10**9  # seconds, thirty years
# Formats that are compressed already.
_STORED = {
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".webp",
    ".avif",
    ".mp3",
    ".ogg",
    ".m4a",
    ".opus",
    ".mp4",
    ".webm",
}


class Planned(NamedTuple):
    """An Anki note that is made when its row is written: the fields of all at once would take much memory."""

    deck: str
    notetype: Notetype
    make: Callable[[], AnkiNote]


def package_bytes(
    notes: Sequence[Planned],
    media: Sequence[tuple[str, Callable[[], bytes]]],
    own_css: str = "",
    changed: int = notetypes.CHANGED,
    descriptions: Mapping[str, str] = _NO_DESCRIPTIONS,
) -> bytes:
    """Return the bytes of a package; the same input gives the same bytes.

    `notes` stand in the order in which Anki shows new cards. `media` are pairs of a name in Anki and what
    reads the file.
    `own_css` is the user's; `changed` is when the looks, `own_css` included, last changed, in seconds since the epoch.
    `descriptions` are those of decks, as HTML, by the deck's name.
    """
    connection = sqlite3.connect(":memory:")
    try:
        genanki.Package(_decks(notes, own_css, descriptions)).write_to_db(
            connection.cursor(), changed, itertools.count(1)
        )
        (newest,) = connection.execute("select max(mod) from notes").fetchone()
        connection.commit()
        database = connection.serialize()
    finally:
        connection.close()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.comment = b"%010d" % (newest or 0)  # read by `conflicts.py`
        add(archive, DATABASE, database)
        add(archive, "media", json.dumps({str(i): name for i, (name, _) in enumerate(media)}).encode())
        for index, (name, read) in enumerate(media):
            add(archive, str(index), read(), stored=Path(name).suffix in _STORED)
    return buffer.getvalue()


def add(archive: zipfile.ZipFile, name: str, data: bytes, *, stored: bool = False) -> None:
    """Add a file to a package, `stored` without compressing it; the same files give the same bytes."""
    info = zipfile.ZipInfo(name, _ZIP_TIME)
    info.create_system = 3
    info.external_attr = 0o644 << 16
    info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    archive.writestr(info, data, compresslevel=None if stored else _LEVEL)


def _decks(notes: Sequence[Planned], own_css: str, descriptions: Mapping[str, str]) -> list[genanki.Deck]:
    """Return the notes in their decks, and the decks above these: those that Anki would make itself arrive folded."""
    css = notetypes.styled(own_css)
    models = {notetype.id: _model(notetype, css) for notetype in (QUESTION, CLOZE)}
    decks: dict[str, genanki.Deck] = {}
    note_ids, card_ids = _Ids(), _Ids()
    for position, note in enumerate(notes):
        if note.deck not in decks:
            decks[note.deck] = genanki.Deck(deck_id(note.deck), note.deck, descriptions.get(note.deck, ""))
        decks[note.deck].add_note(_Row(note.make, models[note.notetype.id], position, note_ids, card_ids))
    names = [name.split("::") for name in decks]
    for name in {"::".join(parts[:depth]) for parts in names for depth in range(1, len(parts))} - decks.keys():
        decks[name] = genanki.Deck(deck_id(name), name)
    return [decks[name] for name in sorted(decks)]


def deck_id(name: str) -> int:
    """Return a deck's id, made from its name: on import Anki goes by the name."""
    return _FIRST_DECK_ID + _number_of(name) % _DECK_IDS


def _number_of(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


class _Ids:
    """Makes the ids of Anki notes or cards, none twice in a package: milliseconds since the epoch.

    Two computers that share a collection may each add a card before their ledgers meet. When they sync, Anki takes two
    notes for one if their ids are the same, and never looks at guids. So the guid makes the time of day of an id; the
    day, which Anki shows, is that on which the card was added.
    """

    def __init__(self) -> None:
        self._used: set[int] = set()

    def of(self, made: AnkiNote, number: int = 0) -> int:
        """Return the id of a note, or of its card of a number."""
        id = made.added * 1000 // _DAY * _DAY + _time_of_day(made.guid) + number
        while id in self._used:
            id += 1
        self._used.add(id)
        return id


def _time_of_day(guid: str) -> int:
    """Return the time of day, in milliseconds, of the id of a note with that guid."""
    return _FIRST_HOUR * _HOUR + _number_of(guid) % (_HOURS * _HOUR)


def may_be_id(id: int, guid: str) -> bool:
    """Whether an Anki note's id is one that a package gives to a note with that guid, on whatever day."""
    return id % _DAY == _time_of_day(guid)


class _Row:
    """What genanki asks of a note: its notetype, and to write itself. It has a time and ids of its own.

    genanki stamps all notes of a package with one time, and its check of the fields is for those that nobody sanitised:
    it takes the square of a field's length, and warns of a valid tag with a line break in it.
    """

    __slots__ = ("_card_ids", "_make", "_note_ids", "_position", "model")

    def __init__(
        self, make: Callable[[], AnkiNote], model: genanki.Model, position: int, note_ids: _Ids, card_ids: _Ids
    ) -> None:
        self._make, self.model, self._position = make, model, position
        self._note_ids, self._card_ids = note_ids, card_ids

    def write_to_db(self, cursor: Any, timestamp: float, deck_id: int, id_gen: Any) -> None:
        """Write the rows of an Anki note and of its cards, as genanki does.

        The cards are much older than the note: so one that was reviewed on another computer is newer when both sync.
        """
        made = self._make()
        note = genanki.Note(self.model, list(made.fields), guid=made.guid, tags=list(made.tags), due=self._position)
        id_ = self._note_ids.of(made)
        tags, fields = f" {' '.join(note.tags)} ", "\x1f".join(note.fields)
        row = (id_, note.guid, self.model.model_id, made.modified, -1, tags, fields, note.sort_field, 0, 0, "")
        cursor.execute(f"insert into notes values ({', '.join('?' * len(row))})", row)
        is_cloze = self.model.model_type == genanki.Model.CLOZE
        # genanki sees no gap inside of another one.
        numbers = {gap.number for gap in gapped(note.fields[0]).gaps} if is_cloze else set()
        card_time = max(made.modified - _LONG_BEFORE, 0)
        for card in [genanki.Card(number - 1) for number in sorted(numbers)] if is_cloze else note.cards:
            card_id = self._card_ids.of(made, card.ord)
            card.write_to_db(cursor, card_time, deck_id, id_, iter([card_id]), self._position)


@lru_cache(maxsize=4)
def _model(notetype: Notetype, css: str) -> genanki.Model:
    """Return genanki's form of a notetype, one for all packages: it renders each template to see what it needs."""
    templates = [(name, *notetypes.template(stem)) for name, stem in notetype.templates]
    return genanki.Model(
        notetype.id,
        notetype.name,
        fields=[
            {"name": name, "font": notetypes.FONT, "collapsed": name in notetypes.COLLAPSED} for name in notetype.fields
        ],
        templates=[{"name": name, "qfmt": front, "afmt": back} for name, front, back in templates],
        css=css,
        model_type=genanki.Model.CLOZE if notetype.cloze else genanki.Model.FRONT_BACK,
    )


def read_notes(package: bytes) -> list[AnkiNote]:
    """Return the Anki notes in a package that offbook wrote, in the order in which Anki shows new cards.

    There are none where it is damaged, or no such package.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive, opened(archive) as database:
            (decks,) = database.execute("select decks from col").fetchone()
            rows = database.execute(
                "select guid, n.mid, flds, tags, min(c.did), n.id, n.mod from notes n join cards c on c.nid = n.id"
                " group by n.id order by min(c.due), n.id"
            ).fetchall()
        names = {int(key): str(deck["name"]) for key, deck in json.loads(decks).items()}
    except NO_PACKAGE:
        return []
    by_id = {notetype.id: notetype for notetype in (QUESTION, CLOZE)}
    return [
        AnkiNote(guid, by_id[mid], tuple(fields.split("\x1f")), tuple(tags.split()), names[did], id // 1000, mod)
        for guid, mid, fields, tags, did, id, mod in rows
        if mid in by_id and [type(value) for value in (guid, fields, tags, mod)] == [str, str, str, int]
    ]


NO_PACKAGE = (
    KeyError, ValueError, TypeError, AttributeError, EOFError, MemoryError, OverflowError, NotImplementedError,
    RuntimeError, OSError, zipfile.BadZipFile, zlib.error, sqlite3.Error,
)  # fmt: skip
"""What the zip and SQLite modules raise for a file that is damaged, or none of theirs."""


def stored_fields(files: Iterable[Path]) -> dict[str, tuple[str, ...]]:
    """Return the fields of each Anki note in packages that offbook wrote, by guid; the newest where they differ.

    A damaged package counts as empty. Raises OffbookError where a file cannot be read, which may pass.
    """
    notes: list[AnkiNote] = []
    for file in files:
        try:
            notes += read_notes(file.read_bytes())
        except OSError as error:
            raise OffbookError(
                f"cannot read {str(file)!r}: {error.strerror};"
                " the text of cards that are gone from the notes is kept there"
            ) from error
    return {note.guid: note.fields for note in sorted(notes, key=lambda note: note.modified)}


@contextmanager
def opened(archive: zipfile.ZipFile, name: str = DATABASE) -> Iterator[sqlite3.Connection]:
    """Open the collection in a package, the file `name`, as a copy in memory."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(archive.read(name))
        yield connection
    finally:
        connection.close()
