"""The stages that look at one note: read, find, render. What they make is memoised, and they do not know of that.

A note that is new or was changed goes through all of them before the next one is opened: its blocks, which take some
twenty times its size, are then let go. What stays are light values.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import structs

from offbook.companies import declared, place_of
from offbook.config import override
from offbook.days import lines_with_days
from offbook.errors import Location, OffbookError, Problem, Severity
from offbook.language import language_of
from offbook.likeness import question_key, sketch
from offbook.media import Media
from offbook.memo import Codec, Memo, Row
from offbook.model import Content, Found, Note, Passed, Progress, Reading, Rendered, RenderedNote, Source, Use
from offbook.settings import Settings
from offbook.sources.links import Library, Parsed, digest
from offbook.sources.note import parse_note
from offbook.sources.vault import Vault
from offbook.text import MARKED
from offbook.workers import spread

if TYPE_CHECKING:
    from offbook.cards.note.rules import Rules

READING = Codec("reading", Reading)
CONTENT = Codec("content", RenderedNote)
HTML = Codec("html", tuple[Rendered, ...])
_POINTS = "\0points"  # behind a note's path: its open questions with talking points
_WORTH_WORKERS = 800_000  # bytes of notes
_MOST_WORKERS = 8
_MANY = 100  # notes
_Cards = tuple[list[tuple[Rendered, Content]], tuple[Use, ...]]
_Value = TypeVar("_Value")


class Stages:
    """Takes the notes of one run through the stages."""

    def __init__(self, library: Library, settings: Settings, memo: Memo) -> None:
        self.library = library
        self._settings = settings
        self._memo = memo
        self._in_blocks: tuple[Parsed, Collection[str], Found] | None = None  # of the note that was looked at last
        self._rendered_note = ""  # the path of the one that was rendered last
        self._rendered: dict[int, tuple[Source, tuple[Rendered, ...]]] = {}  # its parts, by the place of a first card

    # -- read and find -------------------------------------------------------------------------

    def readings(
        self, paths: Sequence[str], *, rendered: bool, workers: bool = False, progress: Progress | None = None
    ) -> list[Reading]:
        """Read notes and find their cards.

        `rendered` says that `contents` will be asked for, which is cheaper while a note's blocks are at hand;
        `workers` lets other processes help, each of which imports the main module again.
        """
        if len(paths) >= _MANY:
            self._memo.fetch(READING)
            self._memo.fetch(CONTENT)
        if workers and _processors() > 1:
            new = [path for path in paths if not self._memo.has(READING, path)]
            if sum(map(self._size, new)) > _WORTH_WORKERS:
                self._spread(new, progress)
                progress = None
        steps = progress(paths, len(paths), "Reading") if progress else paths
        made = [self.reading(path, rendered=rendered) for path in steps]
        if rendered and self.library.let_go():
            self._in_blocks = None
        return made

    def reading(self, path: str, *, rendered: bool = False) -> Reading:
        """Read a note and find its cards; `rendered` says that its `contents` will be asked for."""
        reading = self._kept(path)
        if reading is None:
            reading = self._read(path)
            if reading.digest:
                self._memo.put(READING, path, reading.digest, reading)
            if rendered and reading.cards:
                self._contents(path, reading)
        return reading

    def _kept(self, path: str) -> Reading | None:
        state = self.library.digest(self._file(path))
        kept = self._memo.get(READING, path, state) if state else None
        return kept if kept is not None and self.library.holds(kept.uses) else None

    def keeping(self, reading: Reading, kept: Collection[str], *, rendered: bool) -> Reading:
        """Read a note anew, whose questions with these keys were cards, and stay some where they have a text."""
        again = self._read(reading.note.path, tuple(sorted({*reading.kept, *kept})))
        self._memo.put(READING, reading.note.path, again.digest, again)
        if rendered and again.cards:
            self._contents(reading.note.path, again)
        return again

    def _read(self, path: str, kept: tuple[str, ...] = ()) -> Reading:
        if place_of(path, self._settings).target is None:
            note, state = self.library.read(self._file(path), path)
            if declared(note) is None and not note.parts:  # it is nobody's, whatever it holds
                return Reading(note=structs.replace(note, body=""), digest=state, problems=tuple(_marked(note)))
        from offbook.talking_points import passages
        from offbook.transclusion import with_embeds

        parsed = self.library.document(self._file(path))
        note, links = parsed.note, self.library.links()
        found = with_embeds(self._found(parsed, kept), links)
        return Reading(
            note=structs.replace(note, body=""),
            digest=parsed.digest,
            cards=found.cards,
            sketches=tuple((question_key(card.question_text), sketch(card.answer_text)) for card in found.cards),
            to_ask=found.to_ask,
            passed=found.passed,
            passages=passages(found, path) if self._settings_of(note).suggestions else (),
            problems=found.problems,
            has_headings=found.has_headings,
            uses=links.uses,
            shows=found.shows,
            days=tuple((note.body_line + number, line) for number, line in lines_with_days(note.body)),
            kept=kept,
        )

    def _found(self, parsed: Parsed, kept: tuple[str, ...]) -> Found:
        """Return a note's cards in blocks; questions whose keys are `kept` stay cards."""
        if self._in_blocks is None or self._in_blocks[0] is not parsed or self._in_blocks[1] != kept:
            from offbook.cards.find import find_cards

            rules = replace(rules_of(self._settings_of(parsed.note)), kept=frozenset(kept))
            self._in_blocks = parsed, kept, find_cards(parsed.note, rules, parsed.document)
        return self._in_blocks[2]

    def asks(self, path: str) -> bool:
        """Whether a note, be it nobody's, has a question with its answer; nothing of it is memoised."""
        return any(not card.is_open for card in self._found(self.library.document(self._file(path)), ()).cards)

    def not_taken(self, path: str) -> list[Passed]:
        """Return what of a note looked like a card and is in none, with the reasons; nothing of it is memoised."""
        from offbook.cards.find import not_taken

        parsed = self.library.document(self._file(path))
        return not_taken(parsed.note, rules_of(self._settings_of(parsed.note)), parsed.document)

    def _file(self, path: str) -> Path:
        return self.library.vault.notes / path

    def _settings_of(self, note: Note) -> Settings:
        return override(self._settings, note.metadata)[0]

    # -- render --------------------------------------------------------------------------------

    def contents(self, source: Source) -> tuple[Content, ...]:
        """Return what each card of a note, or of a part of one, is in Anki, without its HTML."""
        written = self._own_contents(source)
        if not _has_points(source):
            return written
        key = _state_of_points(source)
        suggested = self._summarised(source.path + _POINTS, key, lambda: self._render_points(source))
        return _merged(source, written, suggested)

    def rendered(self, source: Source) -> tuple[Rendered, ...]:
        """Return the HTML of each card of a note, or of a part of one, that has any; ask for its `contents` first."""
        if self._rendered_note != source.path:
            self._rendered_note, self._rendered = source.path, {}
        place = source.reading.own_places[0]
        of, html = self._rendered.get(place, (None, ()))
        if of is not source:
            html = self._written(source)
            if _has_points(source):
                key = _state_of_points(source)
                points = self._html(source.path + _POINTS, key, lambda: self._render_points(source))
                html = _merged(source, html, points)
            self._rendered[place] = source, html
        return html

    def _written(self, source: Source) -> tuple[Rendered, ...]:
        """Return the HTML of what the writer wrote: open questions without talking points."""
        html = self._html(source.path, _state(source.reading), lambda: self._render(source.path, source.reading))
        return source.reading.own(html)

    def _own_contents(self, source: Source) -> tuple[Content, ...]:
        """Return what each card is that the writer wrote: open questions without talking points."""
        return source.reading.own(self._contents(source.path, source.reading))

    def _contents(self, path: str, reading: Reading) -> tuple[Content, ...]:
        return self._summarised(path, _state(reading), lambda: self._render(path, reading))

    def _summarised(self, name: str, key: bytes, render: Callable[[], _Cards]) -> tuple[Content, ...]:
        def make() -> RenderedNote:
            cards, uses = render()
            # The HTML is kept apart: it is wanted only where a package is written.
            self._memo.put(HTML, name, key, tuple(html for html, _ in cards))
            return RenderedNote(tuple(content for _, content in cards), uses)

        return self._memo(CONTENT, name, key, make, lambda note: self.library.holds(note.uses)).contents

    def _html(self, name: str, key: bytes, render: Callable[[], _Cards]) -> tuple[Rendered, ...]:
        return self._memo(HTML, name, key, lambda: tuple(html for html, _ in render()[0]))

    def _render(self, path: str, reading: Reading) -> _Cards:
        from offbook.render import Renderer
        from offbook.transclusion import with_linked_note

        parsed = self.library.document(self._file(path))
        if parsed.digest != reading.digest:
            raise OffbookError(f"{path} was changed while it was read; run the same command again")
        found, links = self._found(parsed, reading.kept), self.library.links()
        settings = self._settings_of(parsed.note)
        language = language_of(parsed.note.body)
        renderer = Renderer(links, strict_breaks=settings.strict_line_breaks, language=language)
        cards: list[tuple[Rendered, Content]] = []
        uses: tuple[Use, ...] = ()
        for card, body, read in zip(found.cards, found.bodies, reading.cards, strict=True):
            if read.is_open and body.answer:  # nothing that it embeds is there, for as long as the reading holds
                body, uses = replace(body, answer=()), reading.uses
            cards.append(renderer.card(card, with_linked_note(body, path, links), settings.hint))
        return cards, (*links.uses, *uses)

    def _render_points(self, source: Source) -> _Cards:
        from offbook.render import Renderer

        written, contents, links = self._written(source), self._own_contents(source), self.library.links()
        renderer = Renderer(links, strict_breaks=source.settings.strict_line_breaks)
        cards = [
            renderer.with_points(card, written[index], contents[index])
            for index, card in enumerate(source.cards)
            if card.suggested
        ]
        return cards, links.uses

    # -- workers -------------------------------------------------------------------------------

    def _size(self, path: str) -> int:
        try:
            return self._file(path).stat().st_size
        except OSError:
            return 0

    def _spread(self, paths: Sequence[str], progress: Progress | None) -> None:
        """Let other processes take notes through the stages; what they make is memoised as if it was made here."""
        processes = min(_processors(), _MOST_WORKERS)
        made = spread(_begin_worker, (self.library.vault.notes, self._settings), _work, paths, processes)
        for rows in progress(made, len(paths), "Reading") if progress else made:
            self._memo.add(rows)

    def work(self, path: str) -> list[Row]:
        """Take one note through the stages, and return what that adds to the memo."""
        self.reading(path, rendered=True)
        return self._memo.take()

    def forget_others(self, paths: Collection[str]) -> None:
        """Drop what is kept of notes that are gone; `paths` are all that are there."""
        for codec in (READING, CONTENT, HTML):
            self._memo.forget(codec, {*paths, *(path + _POINTS for path in paths)})


def _marked(note: Note) -> Iterator[Problem]:
    """Yield where `#card` first marks a text of a note that is nobody's."""
    if match := MARKED.search(note.body):
        line = note.body_line + note.body.count("\n", 0, match.start())
        yield Problem(Location(note.path, line), "left-out-card", "is marked, and left out", Severity.NOTE)


def _has_points(source: Source) -> bool:
    return any(card.suggested for card in source.cards)


def _state(reading: Reading) -> bytes:
    """Return what tells one state of a note's cards from another."""
    return digest(reading.digest + "\n".join(reading.kept).encode()) if reading.kept else reading.digest


def _state_of_points(source: Source) -> bytes:
    """Return what tells one state of the talking points of a note, or of a part of one, from another."""
    points = [[(point.source, point.references) for point in card.points] for card in source.cards]
    state = repr((source.reading.places, points))
    return digest(_state(source.reading) + state.encode("utf-8", "surrogatepass"))


def _merged(source: Source, written: Sequence[_Value], suggested: Sequence[_Value]) -> tuple[_Value, ...]:
    """Return the values of a note's cards, those `suggested` in the place of open questions with talking points."""
    rest = iter(suggested)
    return tuple(next(rest) if card.suggested else value for card, value in zip(source.cards, written, strict=True))


def find_in_text(text: str, path: str, settings: Settings | None = None) -> tuple[Note, Found]:
    """Take one note, given as text, through read and find. There is no vault, so what it embeds is not looked into.

    The note's `problems` include what is wrong with the settings in its front matter.
    """
    from offbook.cards.find import find_cards

    note = parse_note(text, path)
    settings, faults = override(settings or Settings(), note.metadata)
    problems = [Problem(note.place_of(key), "front-matter", message) for key, message in faults]
    note = structs.replace(note, problems=(*note.problems, *problems))
    return note, find_cards(note, rules_of(settings))


def rules_of(settings: Settings) -> Rules:
    """Return the rules of recognition that settings ask for."""
    from offbook.cards.note.rules import Rules, own_marks
    from offbook.cards.words.lexicon import lexicon

    marks = {"==": settings.cloze_highlights, "**": settings.cloze_bold, "{{": settings.cloze_curly}
    count = {"explicit": 1, "questions": 2, "all": 3}[settings.cards]
    return Rules(
        ("explicit", "shapes", "evidence")[:count],
        frozenset(settings.dialects_off),
        tuple(mark for mark, hides in marks.items() if hides),
        lexicon(settings.openings),
        own_marks(settings.marks, settings.flashcard_tags),
    )


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_HELD_BY_WORKERS = 50_000  # bytes: they are done with a note at once, and memory that is used again is warm
_worker: Stages  # of a worker process


def _begin_worker(notes: Path, settings: Settings) -> None:
    global _worker
    gc.set_threshold(200_000, 20, 20)
    vault = Vault(notes, settings)
    library = Library(vault, Media(vault.open), held=_HELD_BY_WORKERS)
    _worker = Stages(library, settings, Memo(None))


def _work(path: str) -> list[Row]:
    return _worker.work(path)
