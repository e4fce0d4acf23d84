"""Keeps what the stages made, from one run to the next: a value by stage, name and key.

A value is kept for as long as its key stays the same. Nothing here is needed: where the file is gone, damaged, locked
or cannot be written, values are made anew. Values are stored as MessagePack, by `msgspec`, which checks their types
and runs nothing.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import weakref
import zlib
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

FOLDER_VARIABLE = "OFFBOOK_CACHE"
"""Environment variable that names another folder; empty: nothing is kept."""
LARGEST = 1_000_000_000
"""Bytes of all files in the folder; the ones not used for longest go first."""
_ENDING = ".sqlite"
_MANY = 8_000_000  # bytes of values that wait to be written
_LOCK_SECONDS = 0.5
_CHECKSUM = 4  # bytes in front of a stored value
# What SQLite and Python raise for a file that is damaged, locked or cannot be written, and for what stands in it.
_TROUBLE = (sqlite3.Error, sqlite3.Warning, OSError, ValueError, TypeError, OverflowError, MemoryError)
_NOT_OPEN = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR)
_MAY_PASS = {
    sqlite3.SQLITE_BUSY: "another run is writing to it", sqlite3.SQLITE_LOCKED: "another run is writing to it",
    sqlite3.SQLITE_FULL: "the disk is full",
} | dict.fromkeys(_NOT_OPEN, "it cannot be read, or not written to")  # fmt: skip
_PRIMARY = 0xFF  # the bits of SQLite's error codes that say what kind of error it is
_TABLES = (
    "create table if not exists about (version blob)",
    "create table if not exists kept (stage text, name text, key blob, value blob, primary key (stage, name))",
)
Value = TypeVar("Value")


class Codec(Generic[Value]):
    """How the values of one stage are stored."""

    def __init__(self, stage: str, type_: type[Value]) -> None:
        """Store the values of `stage`, which are of `type_`, as MessagePack has it."""
        self.stage = stage
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(type_)

    def encode(self, value: Value, name: str, key: bytes) -> bytes:
        """Return a value as bytes, in front a checksum of it and of the name and the key under which it is kept."""
        data = self._encoder.encode(value)
        return _checksum(data, name, key) + data

    def decode(self, stored: object, name: str, key: bytes) -> Value | None:
        """Return the value; None where the bytes are damaged, another value's, or of a value of another type."""
        if not isinstance(stored, bytes):
            return None
        data = memoryview(stored)[_CHECKSUM:]
        if _checksum(data, name, key) != stored[:_CHECKSUM]:
            return None
        try:
            return self._decoder.decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return None


def _checksum(data: bytes | memoryview, name: str, key: bytes) -> bytes:
    place = zlib.crc32(key, zlib.crc32(name.encode(errors="surrogateescape")))
    return zlib.crc32(data, place).to_bytes(_CHECKSUM, "big")


class Row(NamedTuple):
    """A value as it is stored."""

    stage: str
    name: str
    key: bytes
    value: bytes


class Memo:
    """What is kept for one notes folder; `file` is None where nothing is to outlast the run.

    What another `version` kept is forgotten.
    """

    def __init__(self, file: Path | None, version: bytes = b"") -> None:
        self._file = file
        self._new: dict[tuple[str, str], Row] = {}
        self._ahead: dict[tuple[str, str], Row] = {}
        self._size = 0
        self.trouble = ""
        """Why what was kept is of no use, or nothing can be kept; empty where all is well."""
        database = None
        if file is not None:
            try:
                database = _opened(file, version)
            except _TROUBLE as error:
                self._pass_over(error)
        if database is None:
            self._file = None
        self._use(database or _temporary())

    def _use(self, database: sqlite3.Connection) -> None:
        self._database = database
        weakref.finalize(self, database.close)

    def _pass_over(self, error: Exception) -> None:
        """Go on without the file: it is deleted, for the next run to make anew, unless another run uses it."""
        if self._file is None:
            return
        self.trouble = self.trouble or f"the cache {str(self._file)!r} is not used in this run: {_why(error)}"
        if not isinstance(error, OSError) and _is_damaged(self._file, error):
            with suppress(OSError):
                self._file.unlink()
        self._file = None
        self._use(_temporary())

    @property
    def lasting(self) -> bool:
        """Whether anything is kept beyond this run."""
        return self._file is not None

    def __call__(
        self,
        codec: Codec[Value],
        name: str,
        key: bytes,
        make: Callable[[], Value],
        holds: Callable[[Value], bool] = lambda value: True,
    ) -> Value:
        """Return the value that is kept under a stage's name and key, if it `holds`; else make it and keep it."""
        value = self.get(codec, name, key)
        if value is None or not holds(value):
            value = make()
            self.put(codec, name, key, value)
        return value

    def get(self, codec: Codec[Value], name: str, key: bytes) -> Value | None:
        """Return the value that was put; None where there is none with that key."""
        place = codec.stage, name
        row = self._new.get(place) or self._ahead.get(place) or self._stored(*place)
        return codec.decode(row.value, name, key) if row is not None and row.key == key else None

    def has(self, codec: Codec[Any], name: str) -> bool:
        """Whether there is a value under a name, which may be of another key."""
        place = codec.stage, name
        return place in self._new or place in self._ahead or self._stored(*place) is not None

    def put(self, codec: Codec[Value], name: str, key: bytes, value: Value) -> None:
        """Keep a value under a name, in place of an older one. A value that cannot be stored is not kept."""
        with suppress(TypeError, ValueError, OverflowError):
            self.add([Row(codec.stage, name, key, codec.encode(value, name, key))])

    def _stored(self, stage: str, name: str) -> Row | None:
        try:
            query = "select stage, name, key, value from kept where stage = ? and name = ?"
            row = self._database.execute(query, (stage, name)).fetchone()
        except _TROUBLE as error:
            self._pass_over(error)
            return None
        return Row(*row) if row else None

    def fetch(self, codec: Codec[Any]) -> None:
        """Fetch all values of a stage: that is quicker than one by one where most of them will be asked for."""
        try:
            rows = self._database.execute("select stage, name, key, value from kept where stage = ?", (codec.stage,))
            self._ahead |= {(row[0], row[1]): Row(*row) for row in rows}
        except _TROUBLE as error:
            self._pass_over(error)

    def add(self, rows: Iterable[Row]) -> None:
        """Keep the rows that another memo's `take` returned."""
        for row in rows:
            self._new[row.stage, row.name] = row
            self._ahead.pop((row.stage, row.name), None)
            self._size += len(row.value)
        if self._size > _MANY:
            self._write()

    def take(self) -> list[Row]:
        """Return what was put since the last time; this memo keeps it no longer."""
        rows = list(self._new.values())
        self._new, self._size = {}, 0
        return rows

    def forget(self, codec: Codec[Any], others_than: Collection[str]) -> None:
        """Drop the values of a stage whose names are none of those."""
        try:
            rows = self._database.execute("select name from kept where stage = ?", (codec.stage,))
            gone = [(codec.stage, name) for (name,) in rows if name not in others_than]
            if gone:
                with self._database:
                    self._database.executemany("delete from kept where stage = ? and name = ?", gone)
        except _TROUBLE as error:
            self._pass_over(error)

    def _write(self) -> None:
        rows = self.take()
        try:
            self._insert(rows)
        except _TROUBLE as error:
            # Somebody else writes, or the disk is full: the rest of this run has a place of its own.
            self._pass_over(error)
            with suppress(*_TROUBLE):  # where there is no room for that either, values are made again
                self._insert(rows)

    def _insert(self, rows: Iterable[Row]) -> None:
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


def _is_damaged(file: Path, error: Exception) -> bool:
    """Whether a file is of no use to any run; SQLite takes some damaged ones for such as cannot be written to."""
    code = _code(error)
    may_be_used = file.is_file() and os.access(file, os.R_OK | os.W_OK)
    return code not in _MAY_PASS or (code in _NOT_OPEN and may_be_used)


def _why(error: Exception) -> str:
    """Return in words what is wrong with the file: what SQLite says of it is for programmers."""
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return _MAY_PASS.get(_code(error), "it is damaged, and is made anew")


def _code(error: Exception) -> int:
    """Return SQLite's code of the kind of error, 0 for one that is not SQLite's."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & _PRIMARY


def memo_for(notes: Path, version: bytes, *, folder: Path | None = None) -> Memo:
    """Return the memo of a notes folder, in the user's cache folder if no other one is given."""
    if folder is None:
        folder = memo_folder()
    if folder is None:
        return Memo(None)
    name = hashlib.blake2b(str(notes).encode(errors="surrogateescape"), digest_size=10).hexdigest()
    return Memo(folder / (name + _ENDING), version)


def memo_folder() -> Path | None:
    """Return the folder of all memos; None where the user wants none."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named is not None:
        return Path(named) if named else None
    from platformdirs import user_cache_path

    return user_cache_path("offbook", appauthor=False)


def _opened(file: Path, version: bytes) -> sqlite3.Connection:
    """Open a file, make it where there is none, and anew where another version made it; raise one of `_TROUBLE`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    database = _connected(file)
    try:
        if _version_of(database) == version:
            return database
        database.close()
        file.unlink(missing_ok=True)
        database = _connected(file)
        with database:
            for table in _TABLES:
                database.execute(table)
            database.execute("insert into about values (?)", (version,))
    except BaseException:
        database.close()
        raise
    return database


def _version_of(database: sqlite3.Connection) -> object:
    """Return the version that made a database; None for one that is empty, or another program's."""
    tables = {name for (name,) in database.execute("select name from sqlite_master")}
    rows = database.execute("select version from about").fetchall() if {"about", "kept"} <= tables else []
    return rows[0][0] if len(rows) == 1 else None


def _connected(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, timeout=_LOCK_SECONDS)
    # A lost or half-written memo costs a second; waiting for the disk costs it every time.
    database.execute("pragma synchronous = off")
    return database


def _temporary() -> sqlite3.Connection:
    """Open a database that SQLite keeps in memory and, where it grows, in a file that nobody else sees."""
    database = sqlite3.connect("")
    for table in _TABLES:
        database.execute(table)
    return database


def _prune(newest: Path) -> None:
    files = [(file, file.stat()) for file in newest.parent.glob("*" + _ENDING)]
    total = sum(stat.st_size for _, stat in files)
    for file, stat in sorted(files, key=lambda pair: pair[1].st_mtime):
        if total > LARGEST:
            total -= stat.st_size
            with suppress(OSError):
                file.unlink()
