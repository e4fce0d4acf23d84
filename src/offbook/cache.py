"""Keeps what was worked out, from one run to the next: a table of values by stage, name and key.

A value is kept for as long as its key stays the same. Nothing here is needed: where the file is gone, damaged, locked
or cannot be written, values are worked out anew. Values are plain data (numbers, texts, bytes, tuples, lists, dicts)
and are stored by `marshal`, which builds them and runs nothing.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sqlite3
import weakref
import zlib
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

FOLDER_VARIABLE = "OFFBOOK_CACHE"
"""Environment variable that names another folder; empty: nothing is kept."""
LARGEST = 1_000_000_000
"""Bytes of all files in the folder; the ones not used for longest go first."""
_ENDING = ".sqlite"
_MANY = 8_000_000  # bytes of values that wait to be written
_LOCK_SECONDS = 0.5
_TABLES = (
    "create table if not exists about (version blob)",
    "create table if not exists kept (stage text, name text, key blob, value blob, primary key (stage, name))",
)


class Row(NamedTuple):
    """A value as it is stored."""

    stage: str
    name: str
    key: bytes
    value: bytes


class Cache:
    """What is kept for one notes folder; `file` is None where nothing is to outlast the run.

    What `version` was another one for is forgotten.
    """

    def __init__(self, file: Path | None, version: bytes = b"") -> None:
        self._file = file
        self._new: dict[tuple[str, str], Row] = {}
        self._ahead: dict[tuple[str, str], Row] = {}
        self._size = 0
        database = _opened(file, version) if file is not None else None
        self._is_empty = database is None
        """Whether nothing was written to the database, which need not be asked then."""
        if database is None:
            self._file = None
        self._use(database or _temporary())

    def _use(self, database: sqlite3.Connection) -> None:
        self._database = database
        weakref.finalize(self, database.close)

    @property
    def lasting(self) -> bool:
        """Whether anything is kept beyond this run."""
        return self._file is not None

    def get(self, stage: str, name: str, key: bytes) -> Any:
        """Return what was put; None where there is nothing with that key."""
        row = self._new.get((stage, name)) or self._ahead.pop((stage, name), None) or self._stored(stage, name)
        return _loaded(row.value) if row is not None and row.key == key else None

    def has(self, stage: str, name: str) -> bool:
        """Whether there is a value, which may be of another key."""
        known = (stage, name) in self._new or (stage, name) in self._ahead
        return known or self._stored(stage, name) is not None

    def _stored(self, stage: str, name: str) -> Row | None:
        if self._is_empty:
            return None
        try:
            query = "select stage, name, key, value from kept where stage = ? and name = ?"
            found = self._database.execute(query, (stage, name)).fetchone()
        except sqlite3.Error:
            return None
        return Row(*found) if found else None

    def fetch(self, stage: str) -> None:
        """Fetch all values of a stage: that is quicker than one by one where most of them will be asked for."""
        with suppress(sqlite3.Error):
            rows = self._database.execute("select stage, name, key, value from kept where stage = ?", (stage,))
            self._ahead |= {(row[0], row[1]): Row(*row) for row in rows}

    def put(self, stage: str, name: str, key: bytes, value: Any) -> None:
        """Keep a value under a name, in the place of an older one."""
        self.add([Row(stage, name, key, _dumped(value))])

    def add(self, rows: Iterable[Row]) -> None:
        """Keep the rows that another cache's `take` returned."""
        for row in rows:
            self._new[row.stage, row.name] = row
            self._ahead.pop((row.stage, row.name), None)
            self._size += len(row.value)
        if self._size > _MANY:
            self._write()

    def take(self) -> list[Row]:
        """Return what was put since the last time; this cache keeps it no longer."""
        rows = list(self._new.values())
        self._new, self._size = {}, 0
        return rows

    def forget(self, stage: str, others_than: Collection[str]) -> None:
        """Drop the values of a stage whose names, up to a NUL, are none of those."""
        with suppress(sqlite3.Error):
            names = [name for (name,) in self._database.execute("select name from kept where stage = ?", (stage,))]
            gone = [(stage, name) for name in names if name.partition("\0")[0] not in others_than]
            if gone:
                with self._database:
                    self._database.executemany("delete from kept where stage = ? and name = ?", gone)

    def _write(self) -> None:
        rows = self.take()
        try:
            self._insert(rows)
        except sqlite3.Error:
            # Somebody else writes, or the disk is full: the rest of this run has a place of its own.
            self._file = None
            self._use(_temporary())
            self._insert(rows)

    def _insert(self, rows: Iterable[Row]) -> None:
        self._is_empty = False
        with self._database:
            self._database.executemany("insert or replace into kept values (?, ?, ?, ?)", rows)

    def save(self) -> None:
        """Write what is new, and delete the files of other notes folders that were not used for long."""
        if self._new and self.lasting:
            self._write()
        if self._file is not None:
            with suppress(OSError):
                os.utime(self._file)
                _prune(self._file)


def cache_for(notes: Path, version: bytes, *, folder: Path | None = None) -> Cache:
    """Return the cache of a notes folder, in the user's cache folder if no other one is given."""
    if folder is None:
        folder = cache_folder()
    if folder is None:
        return Cache(None)
    name = hashlib.blake2b(str(notes).encode(errors="surrogateescape"), digest_size=10).hexdigest()
    return Cache(folder / (name + _ENDING), version)


def cache_folder() -> Path | None:
    """Return the folder of all caches; None where the user wants none."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named is not None:
        return Path(named) if named else None
    from platformdirs import user_cache_path

    return user_cache_path("offbook", appauthor=False)


def _opened(file: Path, version: bytes) -> sqlite3.Connection | None:
    """Open a file, make it where there is none, and anew where it is of no use."""
    for _ in range(2):
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            database = _connected(file)
        except (OSError, sqlite3.Error):
            return None
        found: list[Any] | None = None
        try:
            found = database.execute("select version from about").fetchall()
        except sqlite3.OperationalError as error:
            found = [] if "no such table" in str(error) else None
        except sqlite3.Error:
            pass  # no database
        try:
            if found == []:
                with database:
                    for table in _TABLES:
                        database.execute(table)
                    database.execute("insert into about values (?)", (version,))
                return database
            if found == [(version,)]:
                return database
        except sqlite3.Error:
            database.close()
            return None
        database.close()
        with suppress(OSError):
            file.unlink()
    return None


def _connected(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, timeout=_LOCK_SECONDS)
    # A lost or half-written cache costs a second; waiting for the disk costs it every time.
    database.execute("pragma synchronous = off")
    return database


def _temporary() -> sqlite3.Connection:
    """Open a database that SQLite keeps in memory and, where it grows, in a file that nobody else sees."""
    database = sqlite3.connect("")
    for table in _TABLES:
        database.execute(table)
    return database


def _prune(own: Path) -> None:
    files = [(file, file.stat()) for file in own.parent.glob("*" + _ENDING)]
    total = sum(stat.st_size for _, stat in files)
    for file, stat in sorted(files, key=lambda pair: pair[1].st_mtime):
        if total > LARGEST:
            total -= stat.st_size
            with suppress(OSError):
                file.unlink()


def packed(value: Any) -> bytes:
    """Return plain data as bytes: a part of a value that is unpacked only where it is asked for."""
    return marshal.dumps(value)


def unpacked(data: bytes) -> Any:
    """Return the plain data that was packed."""
    return marshal.loads(data)


def _dumped(value: Any) -> bytes:
    data = marshal.dumps(value)
    return zlib.crc32(data).to_bytes(4, "big") + data


def _loaded(stored: bytes) -> Any:
    if not isinstance(stored, bytes):
        return None
    if zlib.crc32(memoryview(stored)[4:]) != int.from_bytes(stored[:4], "big"):
        return None
    try:
        return marshal.loads(memoryview(stored)[4:])
    except (ValueError, EOFError, TypeError):
        return None
