"""A vault that remembers what was looked up in it while a note was worked on.

What was worked out holds for as long as the same lookups give the same answers: a note that is embedded may have
changed, a picture may have been replaced, a new file may be what a link leads to now.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from offbook.cache import Cache
from offbook.config import Settings
from offbook.media import Media
from offbook.note import Note, decode_note, unreadable_note
from offbook.vault import Vault

if TYPE_CHECKING:
    from offbook.markdown import Block, Document

Answers = dict[tuple[str, str, str], Any]
"""By what was looked up: what for, and of what."""
_MOST_DOCUMENTS = 50  # parsed notes that are held at once
_SETTLED = 2.0  # seconds after which a file's times tell of any change


class Lookups:
    """The vault and the media of one run, and what was asked of them."""

    def __init__(self, notes: Path, settings: Settings, cache: Cache) -> None:
        self.vault = _Vault(notes, settings, self)
        self.media = _Media(self)
        self._cache = cache
        self._answers: Answers | None = None
        self._digests: dict[Path, bytes] = {}

    @contextmanager
    def noted(self) -> Iterator[Answers]:
        """Note what is looked up from here on."""
        before, self._answers = self._answers, {}
        try:
            yield self._answers
        finally:
            self._answers = before

    def note(self, what: str, of: str, seen_from: str, answer: Any) -> None:
        """Note an answer."""
        if self._answers is not None:
            self._answers[what, of, seen_from] = answer

    def hold(self, answers: Answers) -> bool:
        """Whether all lookups give these answers still."""
        return all(self._ask(what, of, seen_from) == answer for (what, of, seen_from), answer in answers.items())

    def _ask(self, what: str, of: str, seen_from: str) -> Any:
        if what == "find":
            return _text(self.vault.find(of, seen_from))
        if what == "text":
            return self.digest(Path(of))
        return self.media.add(Path(of))

    def read(self, file: Path) -> bytes:
        """Return a note's bytes; raise OSError where it cannot be read."""
        data = file.read_bytes()
        self._digests[file] = digest(data)
        return data

    def was_read(self, file: Path, digest: bytes) -> None:
        """Take over the hash of a note's bytes from another process that read it."""
        self._digests[file] = digest

    def digest(self, file: Path) -> bytes:
        """Return a hash of a note's bytes, as they were when last read; nothing where it cannot be read."""
        if file not in self._digests:
            self._digests[file] = b""
            with suppress(OSError):
                self.read(file)
        return self._digests[file]

    def digest_of_media(self, file: Path) -> str:
        """Return the hash by which a picture or sound is named; it is read only if it may have changed."""
        state = file.stat()
        signature = repr((state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)).encode()
        known = self._cache.get("media", str(file), signature)
        if isinstance(known, str):
            return known
        found = Media.digest(self.media, file)
        # What was written a moment ago may be written again without a change of its times.
        if max(state.st_mtime, state.st_ctime) < time.time() - _SETTLED:
            self._cache.put("media", str(file), signature, found)
        return found


def digest(data: bytes) -> bytes:
    """Return the hash by which texts are known again."""
    return hashlib.blake2b(data, digest_size=16).digest()


def _text(file: Path | None) -> str:
    return "" if file is None else str(file)


class _Vault(Vault):
    def __init__(self, notes: Path, settings: Settings, lookups: Lookups) -> None:
        super().__init__(notes, settings)
        self._lookups = lookups
        self._asked_for: dict[tuple[str, str], Answers] = {}

    def find(self, target: str, source: str) -> Path | None:
        found = super().find(target, source)
        self._lookups.note("find", target, source, _text(found))
        return found

    def part(self, target: str, source: str) -> tuple[Note, Document, list[Block]] | None:
        # What was found before is not looked for again, and yet depends on all that was looked up then.
        with self._lookups.noted() as answers:
            part = super().part(target, source)
        known = self._asked_for.setdefault((target, source), answers)
        for (what, of, seen_from), answer in known.items():
            self._lookups.note(what, of, seen_from, answer)
        return part

    def document(self, file: Path) -> tuple[Note, Document]:
        known = self._documents.pop(file, None)
        if known is None:
            known = self._read(file)
            for oldest in list(self._documents)[: len(self._documents) + 1 - _MOST_DOCUMENTS]:
                del self._documents[oldest]
                self._parts.clear()  # which hold documents, too
        self._documents[file] = known  # the last one used is the last to go
        self._lookups.note("text", str(file), "", self._lookups.digest(file))
        return known

    def _read(self, file: Path) -> tuple[Note, Document]:
        from offbook.markdown import parse

        try:
            note = decode_note(self._lookups.read(file), self.display(file))
        except OSError as error:
            note = unreadable_note(self.display(file), error)
        return note, parse(note.body, note.body_line)


class _Media(Media):
    def __init__(self, lookups: Lookups) -> None:
        super().__init__()
        self._lookups = lookups

    def add(self, file: Path) -> str | None:
        name = super().add(file)
        self._lookups.note("media", str(file), "", name)
        return name

    def digest(self, file: Path) -> str:
        return self._lookups.digest_of_media(file)
