"""The one package that an import sends: of the packages of all companies, just what Anki is to get.

It is one since Anki imports each package as a step of its own in Undo. Pure.
"""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from offbook.field_text import gapped
from offbook.notetypes import CLOZE
from offbook.package import DATABASE, add, opened

_EXPORTED = "collection.anki21"  # where a package that Anki exports has its collection


@dataclass(frozen=True, slots=True)
class Changes:
    """How what is sent differs from what the packages hold."""

    updates: Mapping[str, tuple[Sequence[str], int, Sequence[str]]]
    """The tags, the time of modification, in seconds since the epoch, and the fields of a note, by its guid."""
    decks: Mapping[str, str]
    """New names of decks, by their names in the packages."""
    descriptions: Mapping[str, str]
    """New descriptions, as HTML, of decks, by their names in the packages; all others in Anki stay as they are."""
    looks: Mapping[int, int]
    """When looks changed, in seconds since the epoch, by a notetype's id."""


def parcel(packages: Sequence[bytes], wanted: Collection[str], changes: Changes) -> bytes:
    """Return one package of the `wanted` notes, by guid, in packages that offbook wrote, at least one.

    A card whose gap the fields lack is left out, as are decks that are left without a card, in them or below. A note
    that is in several packages is taken from the first one.
    """
    buffer = io.BytesIO()
    with ExitStack() as stack, zipfile.ZipFile(buffer, "w") as result:
        archives = [stack.enter_context(zipfile.ZipFile(io.BytesIO(package))) for package in packages]
        first, *others = [stack.enter_context(opened(archive)) for archive in archives]
        _keep(first, wanted)
        for other in others:
            taken = {guid for (guid,) in first.execute("select guid from notes")}
            _keep(other, set(wanted) - taken)
            _append(first, other)
        _update(first, changes.updates)
        _leave_out_empty(first)
        _name_decks(first, changes)
        _date_looks(first, changes.looks)
        first.commit()
        add(result, DATABASE, first.serialize())
        _copy_media(archives, result)
    return buffer.getvalue()


def read_descriptions(package: bytes) -> dict[str, str]:
    """Return the descriptions of the decks in a package, as HTML, by their names; of one that Anki exported, too."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        name = _EXPORTED if _EXPORTED in archive.namelist() else DATABASE
        with opened(archive, name) as database:
            return {str(deck["name"]): str(deck.get("desc", "")) for deck in _json(database, "decks").values()}


def _keep(database: sqlite3.Connection, guids: Collection[str]) -> None:
    """Delete all notes but those of the `guids`."""
    gone = [(id,) for id, guid in database.execute("select id, guid from notes").fetchall() if guid not in guids]
    database.executemany("delete from notes where id = ?", gone)
    database.execute("delete from cards where nid not in (select id from notes)")


def _append(database: sqlite3.Connection, other: sqlite3.Connection) -> None:
    """Add the notes, decks and notetypes of another package; ids, which Anki does not go by, stay unique."""
    notes, cards = (other.execute(f"select * from {table} order by id").fetchall() for table in ("notes", "cards"))
    note_ids = _free_ids(database, "notes", [note[0] for note in notes])
    card_ids = _free_ids(database, "cards", [card[0] for card in cards])
    _insert(database, "notes", [(note_ids[id], *rest) for id, *rest in notes])
    _insert(database, "cards", [(card_ids[id], note_ids[note], *rest) for id, note, *rest in cards])
    for column in ("decks", "models"):
        _write_json(database, column, _json(other, column) | _json(database, column))


def _free_ids(database: sqlite3.Connection, table: str, ids: Sequence[int]) -> dict[int, int]:
    """Return an id for each of the `ids`, itself or a greater one, that the table does not have."""
    used = {id for (id,) in database.execute(f"select id from {table}")}
    result: dict[int, int] = {}
    free = 0
    for id in ids:
        free = max(id, free)
        while free in used:
            free += 1
        result[id] = free
        free += 1
    return result


def _insert(database: sqlite3.Connection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        database.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)


def _update(database: sqlite3.Connection, updates: Mapping[str, tuple[Sequence[str], int, Sequence[str]]]) -> None:
    for guid, (tags, time, fields) in updates.items():
        row = (f" {' '.join(tags)} ", time, "\x1f".join(fields), fields[0], guid)
        database.execute("update notes set tags = ?, mod = ?, flds = ?, sfld = ? where guid = ?", row)


def _name_decks(database: sqlite3.Connection, changes: Changes) -> None:
    """Rename decks, and drop those that no card needs, as Anki would make each deck of the package.

    Anki leaves the description of a deck as it is where the package has none.
    """
    filled = {str(id) for (id,) in database.execute("select distinct did from cards")}
    decks = _json(database, "decks")
    for deck in decks.values():
        deck["desc"] = changes.descriptions.get(deck["name"], "")
        deck["name"] = changes.decks.get(deck["name"], deck["name"])
    needed = tuple(f"{decks[id]['name']}::" for id in filled)
    kept = {id: deck for id, deck in decks.items() if any(name.startswith(f"{deck['name']}::") for name in needed)}
    _write_json(database, "decks", kept)


def _date_looks(database: sqlite3.Connection, times: Mapping[int, int]) -> None:
    notetypes = _json(database, "models")
    for id in notetypes.keys() & set(map(str, times)):
        notetypes[id]["mod"] = times[int(id)]
    _write_json(database, "models", notetypes)


def _leave_out_empty(database: sqlite3.Connection) -> None:
    """Delete the cards of clozes that ask for a gap that their text has not."""
    clozes = database.execute("select id, flds from notes where mid = ?", (CLOZE.id,)).fetchall()
    for id, fields in clozes:
        numbers = sorted({gap.number - 1 for gap in gapped(fields.split("\x1f")[0]).gaps})
        marks = ", ".join("?" * len(numbers))
        database.execute(f"delete from cards where nid = ? and ord not in ({marks})", (id, *numbers))


def _copy_media(archives: Sequence[zipfile.ZipFile], result: zipfile.ZipFile) -> None:
    """Copy the pictures and sounds of packages; those of one name are the same."""
    media: dict[str, str] = {}
    for archive in archives:
        for number, name in json.loads(archive.read("media")).items():
            if name not in media:
                media[name] = str(len(media))
                add(result, media[name], archive.read(number), stored=True)
    add(result, "media", json.dumps({number: name for name, number in media.items()}).encode())


def _json(database: sqlite3.Connection, column: str) -> dict[str, dict[str, Any]]:
    (text,) = database.execute(f"select {column} from col").fetchone()
    found: dict[str, dict[str, Any]] = json.loads(text)
    return found


def _write_json(database: sqlite3.Connection, column: str, value: object) -> None:
    database.execute(f"update col set {column} = ?", (json.dumps(value),))
