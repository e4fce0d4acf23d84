"""Reads notes one by one: finds their cards, renders them, and keeps what it worked out.

The values that come out are light: a note's blocks are let go before the next one is read. They are the same whether
they come from the cache or not, and hold all that later stages want of a note.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from offbook.cache import Cache, packed, unpacked
from offbook.cards.card import Body, Card, Found, How, Kind, Mention, Passed
from offbook.config import Settings, override
from offbook.errors import Location, Problem, Severity
from offbook.likeness import question_key, sketch
from offbook.lookups import Answers, Lookups, digest
from offbook.note import Note, decode_note, read_note, unreadable_note
from offbook.talking_points import Passage, passages

if TYPE_CHECKING:
    from offbook.cards import Rules
    from offbook.markdown import Block
    from offbook.render import Rendered, Renderer

_CARDS, _FIELDS, _HTML, _POINTS, _CODE = "cards", "fields", "html", "points", "code"
_WORTH_WORKERS = 800_000  # bytes of notes
_MOST_WORKERS = 8
_MANY = 100  # notes
_MOST_IN_BLOCKS = 20  # notes that are held in blocks at once
Progress = Callable[[Iterable[Any], int, str], Iterable[Any]]


@dataclass(slots=True)
class Fields:
    """A rendered card, without the HTML."""

    digest: bytes
    """A hash of the HTML."""
    media: tuple[tuple[str, Path], ...] = ()
    """What it shows: names in Anki, and the files."""
    problems: tuple[Problem, ...] = ()


class Reading:
    """A note with all that was found in it, which is made of plain data where it is asked for."""

    cards: int
    """How many cards there are."""
    asks: bool
    """Whether one of them has no answer."""
    state: bytes
    """A hash of what was found, which depends on more than the note's bytes."""

    def __init__(self, path: str, key: bytes, plain: Any) -> None:
        self.digest = key
        """A hash of the note's bytes; empty where it could not be read."""
        body_line, metadata, faults, key_lines, problems, self.cards, self.asks, *packs, self.state = plain
        self._packed_known, self._packed_passages, self._packed = packs
        self.note = Note(path, "", body_line, metadata, tuple(map(_problem_from_plain, faults)), key_lines)
        """Without its body."""
        self.problems: tuple[Problem, ...] = tuple(map(_problem_from_plain, problems))
        """What was noticed while cards were looked for."""

    @cached_property
    def found(self) -> Found:
        """What was found. Its cards have no bodies, and nothing is `loose`."""
        found = self.look()
        self._packed = b""  # most of the memory that a note takes
        return found

    def look(self) -> Found:
        """Return what was found, which is not held unless it was asked for before."""
        if not self._packed:
            return self.found
        cards, to_ask, passed, has_headings = unpacked(self._packed)
        path = self.note.path
        return Found(
            tuple(_card_from_plain(path, card) for card in cards),
            tuple(_card_from_plain(path, card) for card in to_ask),
            tuple(Passed(Location(path, line), text, reason) for line, text, reason in passed),
            (),
            self.problems,
            has_headings,
        )

    @property
    def passages(self) -> tuple[Passage, ...]:
        """What is loose, as text."""
        return tuple(Passage(*passage) for passage in unpacked(self._packed_passages))

    @cached_property
    def known(self) -> list[tuple[str, str]]:
        """Of each card the question's key and the answer's sketch, see `offbook.likeness`."""
        return list(unpacked(self._packed_known))


class Reader:
    """Reads the notes of a vault."""

    def __init__(self, notes: Path, settings: Settings, cache: Cache, *, workers: bool = False) -> None:
        self._workers = workers
        self._lookups = Lookups(notes, settings, cache)
        self.vault = self._lookups.vault
        self._settings = settings
        self._cache = cache
        self._in_blocks: dict[tuple[str, bytes], Found] = {}
        self._html: tuple[str, bytes, list[tuple[str, ...]]] | None = None
        self._fields_of: dict[tuple[str, bytes], bytes] = {}
        self._unpacked: tuple[bytes, list[Fields]] = b"", []  # those of the note that was asked for last
        self._renderers: dict[bool, Renderer] = {}
        self._coloured_before: dict[bytes, str] = {}
        self._coloured: dict[bytes, str] = {}
        """By a hash of its code and language each fence of the note that was rendered last."""

    # -- reading -------------------------------------------------------------------------------

    def read_all(self, paths: Sequence[str], *, rendered: bool, progress: Progress | None = None) -> list[Reading]:
        """Read notes; `rendered` says that `fields` will be asked for, which is cheaper while a note is at hand."""
        self._fetch(paths)
        # Where nothing is kept, a note has not to be read to know that: others may be about to do it.
        known = {path: self._kept(path, rendered=rendered) if self._cache.has(_CARDS, path) else None for path in paths}
        missing = [path for path, reading in known.items() if reading is None]
        if self._is_worth_workers(missing):
            self._work_together(missing, rendered, progress)
            self._fetch(missing)
            known |= {path: self._stored(path, rendered=rendered) for path in missing}
            progress = None
        steps: Iterable[str] = paths if progress is None or not missing else progress(paths, len(paths), "Reading")
        return [known[path] or self._read_anew(path, rendered=rendered) for path in steps]

    def _fetch(self, paths: Sequence[str]) -> None:
        if len(paths) >= _MANY:
            self._cache.fetch(_CARDS)
            self._cache.fetch(_FIELDS)

    def forget_others(self, paths: Sequence[str]) -> None:
        """Drop what is kept of notes that are gone; `paths` are all that are there."""
        for stage in (_CARDS, _FIELDS, _HTML, _POINTS, _CODE):
            self._cache.forget(stage, set(paths))

    def read(self, path: str, *, rendered: bool = False) -> Reading:
        """Read one note."""
        return self._kept(path, rendered=rendered) or self._read_anew(path, rendered=rendered)

    def _read_anew(self, path: str, *, rendered: bool) -> Reading:
        reading = self._read(path)
        if rendered and reading.digest:
            self._render(reading)
        return reading

    def _kept(self, path: str, *, rendered: bool) -> Reading | None:
        """Return what is known of a note as it is now."""
        try:
            self._lookups.read(self.vault.notes / path)
        except OSError as error:
            return _unread(path, error)
        return self._stored(path, rendered=rendered)

    def _stored(self, path: str, *, rendered: bool) -> Reading | None:
        """Return what is known of a note as it was last read, if it still holds."""
        key = self._lookups.digest(self.vault.notes / path)
        value = self._kept_value(_CARDS, path, key)
        fields = self._kept_value(_FIELDS, path, key) if rendered and value is not None else None
        if value is None or (rendered and fields is None):
            return None
        if fields is not None:
            self._fields_of[path, key] = fields
        return Reading(path, key, value)

    def _kept_value(self, stage: str, name: str, key: bytes) -> Any:
        kept = self._cache.get(stage, name, key) if key else None
        return kept[1] if kept is not None and self._lookups.hold(kept[0]) else None

    def _read(self, path: str) -> Reading:
        try:
            data = self._lookups.read(self.vault.notes / path)
        except OSError as error:
            return _unread(path, error)
        note, key = decode_note(data, path), digest(data)
        with self._lookups.noted() as answers:
            found = self._find(note)
            loose = passages(found.loose, found.env) if self._settings_of(note).suggestions else ()
        plain = _plain(note, found, loose)
        self._hold(path, key, found)
        self._cache.put(_CARDS, path, key, (dict(answers), plain))
        return Reading(path, key, plain)

    def _find(self, note: Note) -> Found:
        """Find a note's cards, with the text of what they embed."""
        from offbook.cards import find_cards
        from offbook.transclusion import with_embeds

        if any(problem.severity is Severity.FAULT for problem in note.problems):
            return Found((), (), (), (), ())
        found = find_cards(note, rules_of(self._settings_of(note)))
        if "[[" not in note.body:
            return found
        return replace(found, cards=tuple(with_embeds(card, self.vault) for card in found.cards))

    def _settings_of(self, note: Note) -> Settings:
        return override(self._settings, note.metadata)[0]

    def _blocks(self, path: str) -> Found:
        """Return what is in a note, in blocks."""
        key = self._lookups.digest(self.vault.notes / path)
        found = self._in_blocks.pop((path, key), None)
        return self._hold(path, key, found or self._find(read_note(self.vault.notes / path, path)))

    def _hold(self, path: str, key: bytes, found: Found) -> Found:
        for oldest in list(self._in_blocks)[: len(self._in_blocks) + 1 - _MOST_IN_BLOCKS]:
            del self._in_blocks[oldest]
        self._in_blocks[path, key] = found
        return found

    # -- rendering -----------------------------------------------------------------------------

    def fields(self, reading: Reading, index: int) -> Fields:
        """Return what one card of a note is in Anki."""
        data = self._fields(reading)
        if self._unpacked[0] is not data:
            self._unpacked = data, [_fields_from_plain(plain) for plain in unpacked(data)]
        return self._unpacked[1][index]

    def state(self, reading: Reading) -> bytes:
        """Return a hash of a note's cards and of what they are in Anki."""
        return digest(reading.digest + reading.state + self._fields(reading))

    def _fields(self, reading: Reading) -> bytes:
        key = reading.note.path, reading.digest
        if key not in self._fields_of:
            self._render(reading)
        return self._fields_of[key]

    def html(self, reading: Reading, index: int) -> tuple[str, ...]:
        """Return the HTML of one card: question, answer, hint, context, source."""
        path, key = reading.note.path, reading.digest
        if self._html is None or self._html[:2] != (path, key):
            value = self._cache.get(_HTML, path, key)
            if value is None:
                self._render(reading)
                value = self._cache.get(_HTML, path, key)
            self._html = path, key, value
        return self._html[2][index]

    def _render(self, reading: Reading) -> None:
        path = reading.note.path
        settings = self._settings_of(reading.note)
        self._coloured_before, self._coloured = self._cache.get(_CODE, path, b"") or {}, {}
        with self._lookups.noted() as answers:
            rendered = [self._rendered(card, settings) for card in self._blocks(path).cards]
        if self._coloured.keys() != self._coloured_before.keys():
            self._cache.put(_CODE, path, b"", self._coloured)
        fields = packed([self._plain_fields(card) for card in rendered])
        self._cache.put(_HTML, path, reading.digest, [_html(card) for card in rendered])
        self._cache.put(_FIELDS, path, reading.digest, (dict(answers), fields))
        self._fields_of[path, reading.digest] = fields

    def with_points(self, reading: Reading, card: Card) -> tuple[Fields, tuple[str, ...]]:
        """Return what an open question with talking points is in Anki, and its HTML."""
        paths = [point.path for point in card.points]
        digests = [reading.digest, *(self._lookups.digest(self.vault.notes / path) for path in paths)]
        key = digest(repr((digests, card.points, card.end)).encode())
        name = f"{card.location.path}\0{card.location.line}"
        value = self._kept_value(_POINTS, name, key)
        if value is None:
            with self._lookups.noted() as answers:
                rendered = self._rendered(self._pointed(card), self._settings_of(reading.note))
            value = self._plain_fields(rendered), _html(rendered)
            self._cache.put(_POINTS, name, key, (dict(answers), value))
        return _fields_from_plain(value[0]), tuple(value[1])

    def _pointed(self, card: Card) -> Card:
        """Return an open question in blocks, with its talking points as the answer."""
        own = next(
            other.blocks
            for other in self._blocks(card.location.path).cards
            if (other.location, other.end, other.question_text) == (card.location, card.end, card.question_text)
        )
        blocks: list[Block] = []
        for point in card.points:
            blocks += [block for block in self._blocks(point.path).loose if block.line == point.line][:1]
        return replace(card, body=Body(own.question, tuple(blocks), own.env, own.footnotes))

    def _rendered(self, card: Card, settings: Settings) -> Rendered:
        from offbook.render import Renderer

        strict = settings.strict_line_breaks
        if strict not in self._renderers:
            self._renderers[strict] = Renderer(
                self.vault, self._lookups.media, strict_breaks=strict, highlight=self._highlighted
            )
        return self._renderers[strict].card(card, settings.hint)

    def _highlighted(self, code: str, info: str) -> str:
        """Return code in colours; for a note with a line changed, making Pygments' lexers takes most of the time."""
        from offbook.render.code import highlight

        key = digest(f"{info}\0{code}".encode("utf-8", "surrogatepass"))
        html = self._coloured[key] = self._coloured_before.get(key) or highlight(code, info)
        return html

    def _plain_fields(self, card: Rendered) -> Any:
        """Return what `Fields` hold of a card, as plain data."""
        media = [(self._lookups.media.names[file], str(file)) for file in card.media]
        html = hashlib.blake2b(repr(_html(card)).encode(), digest_size=12).digest()
        return html, media, [_problem(problem) for problem in card.problems]

    # -- workers -------------------------------------------------------------------------------

    def _is_worth_workers(self, paths: Sequence[str]) -> bool:
        return self._workers and _processors() > 1 and sum(map(self._size, paths)) > _WORTH_WORKERS

    def _size(self, path: str) -> int:
        try:
            return (self.vault.notes / path).stat().st_size
        except OSError:
            return 0

    def _work_together(self, paths: Sequence[str], rendered: bool, progress: Progress | None) -> None:
        """Let other processes read notes; what they find goes into the cache, as if it had been there."""
        from offbook.workers import rows_of

        workers = min(_processors(), _MOST_WORKERS)
        results: Iterator[list[Any]] = rows_of(self.vault.notes, self._settings, paths, rendered, workers)
        for rows in progress(results, len(paths), "Reading") if progress else results:
            self._cache.add(rows)
            for row in rows:
                if row.stage == _CARDS:
                    self._lookups.was_read(self.vault.notes / row.name, row.key)

    def work_rows(self, path: str, *, rendered: bool) -> list[Any]:
        """Read one note and return what that adds to the cache."""
        self._read_anew(path, rendered=rendered)
        self._in_blocks.clear()  # nobody asks for them, and memory that is used again is at hand
        return self._cache.take()


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def rules_of(settings: Settings) -> Rules:
    """Return the rules of recognition that settings ask for."""
    from offbook.cards import Rules
    from offbook.cards.shape import lexicon

    stages = {"explicit": 1, "questions": 2, "all": 3}[settings.cards]
    return Rules(
        ("explicit", "shapes", "evidence")[:stages],
        frozenset(settings.dialects_off),
        settings.cloze_highlights,
        lexicon(settings.openings),
    )


def version(settings: Settings, *more: object) -> bytes:
    """Return what tells this program, with the libraries that it stands on and these settings, from any other."""
    own = Path(__file__).parent
    files = sorted((str(file), *_state(file)) for file in own.rglob("*") if file.suffix != ".pyc" and file.is_file())
    found = importlib.util.find_spec("markdown_it")
    libraries = Path(found.origin).parent.parent if found and found.origin else own.parent
    installed = sorted(name for name in os.listdir(libraries) if name.endswith(".dist-info"))  # noqa: PTH208
    return digest(repr((sys.version, files, installed, settings, more)).encode())


def _state(file: Path) -> tuple[int, int]:
    state = file.stat()
    return state.st_size, state.st_mtime_ns


# -- plain data ------------------------------------------------------------------------------------


def _unread(path: str, error: OSError) -> Reading:
    return Reading(path, b"", _plain(unreadable_note(path, error), Found((), (), (), (), ()), ()))


def _plain(note: Note, found: Found, loose: tuple[Passage, ...]) -> Any:
    """Return a note and what was found in it as plain data; what is seldom asked for is packed."""
    known = [(question_key(card.question_text), sketch(card.answer_text)) for card in found.cards]
    rest = packed(
        (
            [_card(card) for card in found.cards],
            [_card(card) for card in found.to_ask],
            [(passed.location.line, passed.text, passed.reason) for passed in found.passed],
            found.has_headings,
        )
    )
    return (
        note.body_line,
        note.metadata,
        [_problem(problem) for problem in note.problems],
        note.key_lines,
        [_problem(problem) for problem in found.problems],
        len(found.cards),
        any(card.is_open for card in found.cards),
        packed(known),
        packed([tuple(passage) for passage in loose]),
        rest,
        digest(rest),
    )


def _card(card: Card) -> Any:
    return (
        str(card.kind),
        card.dialect,
        card.reason,
        card.location.line,
        card.end,
        card.question_text,
        card.answer_text,
        card.headings,
        card.tags,
        card.block_id,
        card.note_id,
        card.is_open,
        [(line, str(how), target) for line, how, target in card.mentions],
    )


_KINDS = {str(kind): kind for kind in Kind}


def _card_from_plain(path: str, plain: Any) -> Card:
    kind, dialect, reason, line, end, question, answer, headings, tags, block_id, note_id, is_open, mentions = plain
    return Card(
        _KINDS[kind],
        dialect,
        reason,
        Location(path, line),
        end,
        question,
        answer,
        headings,
        tags,
        block_id,
        note_id,
        is_open,
        tuple([Mention(line, How(how), target) for line, how, target in mentions]) if mentions else (),
    )


def _html(card: Rendered) -> tuple[str, ...]:
    return card.question, card.answer, card.hint, card.context, card.source


def _fields_from_plain(plain: Any) -> Fields:
    found, media, problems = plain
    return Fields(found, tuple((name, Path(file)) for name, file in media), tuple(map(_problem_from_plain, problems)))


def _problem(problem: Problem) -> Any:
    return problem.location.path, problem.location.line, problem.code, problem.message, str(problem.severity)


def _problem_from_plain(plain: Any) -> Problem:
    path, line, code, message, severity = plain
    return Problem(Location(path, line), code, message, Severity(severity))


__all__ = ["Answers", "Fields", "Reader", "Reading", "rules_of", "version"]
