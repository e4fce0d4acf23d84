"""The ledger: what was exported, and under which guid. One JSON line a card, sorted, made for git."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from functools import lru_cache
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path
from sys import intern
from typing import Any, TypeVar

from offbook import files
from offbook.errors import OffbookError

FILE_NAME = "ledger.jsonl"
FORMAT = 1
_HEADER = "offbook-ledger"
_CONFLICT = re.compile(r"(<{7}|={7}|>{7}|\|{7})")


class LedgerError(OffbookError):
    """The ledger cannot be used as it is."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Header:
    """What the first line tells of how cards look. Everything is empty where it is not known."""

    looks: str = ""
    """A hash of the looks where they are not offbook's own doing alone."""
    changed: int = 0
    """Since when, in seconds since the epoch; Anki takes over newer looks only."""
    imported: str = ""
    """A hash of the looks that the last import brought into Anki."""


@dataclass(slots=True)
class Entry:
    """What the ledger knows of one card.

    Like all values that are made by the ten thousand it is not frozen, as making it would take several times as long;
    yet nobody changes one: `dataclasses.replace` makes another.
    """

    guid: str
    note: str
    """The note's path."""
    question: str
    """Plain text."""
    companies: tuple[str, ...]
    """Slugs of the companies, or `all`."""
    deck: str
    section: str = ""
    """The titles of the sections around the card, outermost first, joined by ` › `."""
    block: str = ""
    """The writer's own block id, if there is one."""
    answer: str = ""
    """A sketch of the answer's words, see `offbook.likeness`."""
    content: str = ""
    """A hash of all that was exported: fields, tags, notetype."""
    added: int = 0
    """When the card was first exported; seconds since the epoch, like the next two."""
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
    """The digest of the fields at the last import that saw the card in Anki; if it is gone there, it was deleted."""
    suspended: bool = False
    """Whether an import suspended the card because it was retired."""
    line: str = field(default="", init=False, compare=False, repr=False)
    """The line that it was read from; what `replace` makes has none."""


def text_digest(fields: Iterable[str]) -> str:
    """Return what the ledger knows a note's fields by; Anki stores texts in Unicode's form NFC."""
    text = unicodedata.normalize("NFC", "\x1f".join(fields))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def remembering(entry: Entry, before: Entry) -> Entry:
    """Return the entry with what the one `before` was exported as, too: digests of fields, tags, decks.

    What an import did in Anki is carried over.
    """
    decks = before.decks
    if before.deck != entry.deck:
        decks = tuple(deck for deck in (*decks, before.deck) if deck != entry.deck)
    return replace(
        entry,
        texts=(*(known for known in before.texts if known not in entry.texts), *entry.texts)[-_MOST_TEXTS:],
        tags=tuple(sorted({*entry.tags, *before.tags})),
        decks=tuple(dict.fromkeys(decks)),
        in_anki=before.in_anki,
        suspended=before.suspended,
    )


def load_header(file: Path) -> Header:
    """Return what a ledger's first line tells, if there is one and it does."""
    try:
        with file.open(encoding="utf-8") as lines:
            values = json.loads(lines.readline())
        return Header(str(values.get("looks", "")), int(values.get("changed", 0)), str(values.get("imported", "")))
    except (FileNotFoundError, ValueError, AttributeError, TypeError):
        return Header()
    except OSError as error:
        raise _unreadable(file, error) from error


_REQUIRED = ("guid", "note", "question", "companies", "deck")
_DEFAULTS = {own.name: own.default for own in fields(Entry) if own.init}
_NAMES = tuple(_DEFAULTS)
_TYPES: dict[str, type] = dict.fromkeys(_NAMES, str) | {
    "added": int,
    "modified": int,
    "retired": int,
    "companies": list,
    "kept": list,
    "cloze": bool,
    "texts": list,
    "tags": list,
    "decks": list,
    "suspended": bool,
}
_REPEATED = ("note", "deck", "section")
_ONLY_TEXTS = {str}
_PORTION = 1000  # entries
Item = TypeVar("Item")
_LISTS = tuple(key for key, wanted in _TYPES.items() if wanted is list)
_MOST_TEXTS = 30  # Anki is never further behind than that, and a line stays readable


def load(file: Path) -> list[Entry]:
    """Read a ledger; an absent one is empty.

    Raises LedgerError, with every bad line, where it holds anything else than what `dump` writes.
    """
    return parse(_read(file), str(file))


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise LedgerError(f"{file}: is not UTF-8; restore it from a backup or from git") from error
    except OSError as error:
        raise _unreadable(file, error) from error


def _unreadable(file: Path, error: OSError) -> OffbookError:
    return OffbookError(f"{file}: cannot be read ({error.strerror}); nothing was changed")


def parse(text: str, name: str) -> list[Entry]:
    """Read a ledger's text; `name` is for messages."""
    entries: list[Entry] = []
    faults: list[str] = []
    seen: dict[str, int] = {}
    if not text:
        return []
    # Not splitlines(): JSON leaves other line ends of Unicode in texts as they are.
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    faults += _check_header(lines[0], name)
    if not text.endswith("\n"):
        faults.append(f"{name}:{len(lines)}: the last line is cut off; restore the file from a backup or from git")
        lines.pop()
    for number, entry in enumerate(_parse_lines(lines[1:]), 2):
        if isinstance(entry, str):
            faults.append(f"{name}:{number}: {entry}")
        elif entry.guid in seen:
            faults.append(
                f"{name}:{number}: guid {entry.guid} stands on line {seen[entry.guid]}, too; "
                "keep the line with the higher `modified` and delete the other"
            )
        else:
            seen[entry.guid] = number
            entries.append(entry)
    if faults:
        raise LedgerError("\n".join([*faults, _WAY_OUT]))
    return entries


class Sections:
    """A ledger by notes: the entries of a note are made where they are asked for."""

    def __init__(self, file: Path) -> None:
        """Read a ledger; raise LedgerError like `load`, but for lines that are not asked for."""
        self._file = file
        text = _read(file)
        head, *lines = text.split("\n")
        begun: list[tuple[str, str]] = _BEGINNING.findall(text)
        self.guids = {guid for guid, _ in begun}
        """Those of all entries."""
        if (lines and lines.pop()) or not len(lines) == len(begun) == len(self.guids) or _check_header(head, ""):
            # Something is wrong, or written in another way.
            entries = parse(text, str(file))
            self.guids = {entry.guid for entry in entries}
            begun = [(entry.guid, json.dumps(entry.note)[1:-1]) for entry in entries]
            lines = [entry.line for entry in entries]
        self._lines: dict[str, list[str]] = defaultdict(list)
        self._retired: list[str] = []
        for (_, note), line in zip(begun, lines, strict=True):
            if _RETIRED in line:
                self._retired.append(line)
            else:
                self._lines[json.loads(f'"{note}"') if "\\" in note else note].append(line)

    def text(self, note: str) -> str:
        """Return the lines of a note's cards that are not retired, as they stand in the ledger."""
        return "\n".join(self._lines.get(note, ()))

    def entries(self, others_than: Collection[str] = ()) -> list[Entry]:
        """Return the entries of all notes but some, and all that are retired."""
        lines = [line for note, lines in self._lines.items() if note not in others_than for line in lines]
        lines += self._retired
        entries = entries_of(lines)
        if len(entries) < len(lines):
            load(self._file)  # says what is wrong
            raise LedgerError(f"{self._file}: was changed while it was read; run the same command again")
        return entries


_RETIRED = ', "retired": '  # stands in no text: there quotation marks are escaped
# How `dump` begins a line behind another one: with a guid, and a note's path as JSON has it. (`^` would take ten times
# as long.)
_BEGINNING = re.compile(r'\n\{"guid": "([^"\\\n]+)", "note": "([^"\\\n]*(?:\\.[^"\\\n]*)*)", ')


def entries_of(lines: Sequence[str]) -> list[Entry]:
    """Return the entries that lines of a ledger hold."""
    return [entry for entry in _parse_lines(lines) if isinstance(entry, Entry)]


def copies(folder: Path) -> list[Path]:
    """Return what programs that keep folders alike on several computers make of a ledger that changed on two.

    `ledger (conflicted copy).jsonl`, `ledger.sync-conflict-20240131-101500-ABC.jsonl`, `ledger 2.jsonl`, and the like.
    """
    stem, ending = FILE_NAME.split(".")
    found = files.with_ending(folder, ending)
    return [file for file in found if file.name.startswith(stem) and file.name != FILE_NAME]


_WAY_OUT = (
    "Nothing was changed. A ledger deleted on purpose starts anew: cards keep their history as long as their "
    "questions are not reworded."
)


def _check_header(line: str, name: str) -> list[str]:
    try:
        header = json.loads(line)
        version = header[_HEADER]
    except (ValueError, KeyError, TypeError):
        if _CONFLICT.match(line):
            return []  # said with the line itself
        return [f'{name}:1: this is no offbook ledger; its first line must be {{"{_HEADER}": {FORMAT}}}']
    if version != FORMAT:
        return [f"{name}:1: format {version!r} is not known to this version of offbook; upgrade offbook"]
    return []


@lru_cache(maxsize=10_000)
def _shared(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the same tuple for equal ones: a hundred thousand cards have few tags and companies."""
    return texts


def _parse_lines(lines: Sequence[str]) -> Iterator[Entry | str]:
    """Yield the entries, or what is wrong with a line."""
    for portion in _portions(lines):
        try:
            # At once, which is quicker; no line can end inside of a JSON text.
            parsed = json.loads(f"[{','.join(portion)}]")
        except ValueError:
            parsed = []
        if len(parsed) == len(portion) and all(line.startswith("{") and line.endswith("}") for line in portion):
            yield from map(_entry, parsed, portion)
        else:
            yield from map(_parse_line, portion)


def _parse_line(line: str) -> Entry | str:
    try:
        return _entry(json.loads(line), line)
    except ValueError:
        if _CONFLICT.match(line):
            return "an unresolved merge conflict; keep the lines of both sides, delete the markers"
        return "is no JSON; the line is cut off or was edited"


def _entry(values: Any, line: str) -> Entry | str:
    """Return the entry with these values, or what is wrong with them."""
    if not isinstance(values, dict) or _lacks(tuple(values)):
        return f"is no ledger line; it must hold {', '.join(_REQUIRED)}"
    wrong = _wrong(tuple(values), tuple(map(type, values.values())))
    if wrong is not None and wrong not in _TYPES:
        return f"unknown key {wrong!r}; was it written by a newer offbook?"
    if wrong is not None:
        return f"{wrong!r} has an unexpected value {values[wrong]!r}"
    for key in _LISTS:
        if key in values:
            if not _ONLY_TEXTS.issuperset(map(type, values[key])):
                return f"{key!r} must be a list of texts"
            values[key] = _shared(tuple(values[key]))
    for key in _REPEATED:
        if key in values:
            values[key] = intern(values[key])
    if not values["guid"]:
        return "the guid is empty"
    entry = Entry(*map(values.get, _NAMES, _DEFAULTS.values()))
    entry.line = line
    return entry


@lru_cache(maxsize=1000)
def _lacks(keys: tuple[str, ...]) -> bool:
    return any(key not in keys for key in _REQUIRED)


@lru_cache(maxsize=1000)
def _wrong(keys: tuple[str, ...], types: tuple[type, ...]) -> str | None:
    """Return the first key that is unknown or whose value is of another type. Few kinds of lines make a ledger."""
    return next((key for key, found in zip(keys, types, strict=True) if found is not _TYPES.get(key)), None)


_values = attrgetter(*_NAMES)


def dump(entries: Iterable[Entry], head: Header | None = None) -> str:
    """Return the ledger's text: the same entries give the same text, whatever their order."""
    return dump_sections(sections(entries), head)


def sections(entries: Iterable[Entry]) -> dict[Section, str]:
    """Return the lines of each section. An entry that was read keeps its line."""
    ordered = sorted(entries, key=lambda entry: (*_section(entry), entry.section, entry.question, entry.guid))
    lines = zip(ordered, chain.from_iterable(map(_lines, _portions(ordered))), strict=True)
    by_section = groupby(lines, key=lambda pair: _section(pair[0]))
    return {section: "\n".join(line for _, line in pairs) for section, pairs in by_section}


Section = tuple[str, bool]
"""The cards of a note; whether they are the retired ones, whose lines stand behind the others."""


def _section(entry: Entry) -> Section:
    return entry.note, bool(entry.retired)


def dump_sections(texts: Mapping[Section, str], head: Header | None = None) -> str:
    """Return the ledger's text from the lines of each section."""
    header: dict[str, Any] = {_HEADER: FORMAT}
    header |= {key: value for key, value in asdict(head or Header()).items() if value}
    return "\n".join([json.dumps(header), *(texts[section] for section in sorted(texts))]) + "\n"


def _lines(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield the lines of entries. Making them all at once is quicker than one by one."""
    values = [
        {key: value for key, value in zip(_NAMES, _values(entry), strict=True) if value or key in _REQUIRED}
        for entry in entries
        if not entry.line
    ]
    # What parts two entries stands in no text: there a quotation mark is escaped.
    made = iter(json.dumps(values, ensure_ascii=False)[1:-1].replace('}, {"', '}\n{"').split("\n"))
    return (entry.line or next(made) for entry in entries)


def _portions(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Yield the items in portions, lest what is made of them in between fills the memory."""
    return (items[start : start + _PORTION] for start in range(0, len(items), _PORTION))
