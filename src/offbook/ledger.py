"""The ledger as a file: what was exported, and under which guid. One JSON line a card, sorted, made for git.

Each line ends with a checksum, so that a damaged one is found before it gives a card another's guid. Format 1, that of
offbook 1.0.0, had none.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from offbook.errors import OffbookError
from offbook.model import DECLINED, Entry, Gap

FILE_NAME = "ledger.jsonl"
FORMAT = 2
_WITHOUT_SUMS = 1  # a format
_HEADER = "offbook-ledger"
_CONFLICT = re.compile(rb"(<{7}|={7}|>{7}|\|{7})")
_GUID = re.compile(r"[0-9a-f]{16}")
_SUM = b', "sum": "%08x"}'
_SUM_SIZE = len(_SUM % 0)
_MOST_TEXTS = 30  # Anki is never further behind than that, and a line stays readable
_RESTORE = "restore it from git or a backup"
_WAY_OUT = (
    "Nothing was changed. If you delete the ledger on purpose, a new one starts: cards keep their history as long as "
    "their questions are not reworded."
)


class LedgerError(OffbookError):
    """The ledger cannot be used as it is."""


class Header(Struct, frozen=True, omit_defaults=True):
    """What the first line tells of how cards look. Everything is empty where it is not known."""

    format: int = msgspec.field(name=_HEADER, default=0)
    looks: str = ""
    """A digest of the looks where they are not offbook's own alone."""
    changed: int = 0
    """Since when, in seconds since the epoch; Anki takes over newer looks only."""
    imported: str = ""
    """A digest of the looks that the last import brought into Anki."""
    every_look: tuple[str, ...] = ()
    """The digest of each look of a notetype that an import brought into Anki, the newest last."""
    decks: dict[str, str] = {}
    """What decks that the user renamed in Anki were called at the last import, by the name that the notes give them."""
    descriptions: dict[str, str] = {}
    """How decks were described when an import last brought cards of theirs, by the name that the notes give them."""
    collections: dict[str, tuple[int, ...]] = {}
    """Each collection that imports went into, by the ids of its notetypes, see `offbook.anki.identity`."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger that was read."""

    header: Header
    entries: list[Entry]
    """One a guid."""
    merged: tuple[tuple[int, Entry], ...] = ()
    """Entries of which several lines say different things, as a merge leaves them, and the last of these lines."""


_header = msgspec.json.Decoder(Header)
_entry = msgspec.json.Decoder(Entry)
_encoder = msgspec.json.Encoder()


# -- reading ---------------------------------------------------------------------------------------


def load(file: Path) -> list[Entry]:
    """Read a ledger's entries; an absent one has none.

    Raises LedgerError, with every bad line, where it holds anything else than what `dump` writes.
    """
    return read(file).entries


def read(file: Path) -> Ledger:
    """Read a ledger; an absent one is empty. Raises LedgerError, with every bad line."""
    return _parsed(bytes_of(file), str(file))


def bytes_of(file: Path) -> bytes:
    """Return a ledger's bytes, none of an absent one. Raises OffbookError where it cannot be read."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise _unreadable(file, error) from error


def load_header(file: Path) -> Header:
    """Return what a ledger's first line tells, if there is one and it does."""
    try:
        with file.open("rb") as lines:
            return _header.decode(lines.readline())
    except (FileNotFoundError, msgspec.MsgspecError, UnicodeDecodeError):
        return Header()
    except OSError as error:
        raise _unreadable(file, error) from error


def _unreadable(file: Path, error: OSError) -> OffbookError:
    return OffbookError(f"{file}: cannot be read ({error.strerror}); nothing was changed")


def parse(data: bytes, name: str) -> list[Entry]:
    """Read the entries of a ledger's bytes; `name` is for messages. Raises LedgerError, with every bad line."""
    return _parsed(data, name).entries


def _parsed(data: bytes, name: str) -> Ledger:
    if not data:
        return Ledger(Header(), [])
    return _whole(data) or _parsed_by_line(data, name)


def _whole(data: bytes) -> Ledger | None:
    """Return a ledger that is as `dump` writes it, all lines at once; None for any other."""
    wholes = []
    for line in data.split(b"\n")[:-1]:
        whole = line[:-_SUM_SIZE] + b"}"
        if line[-_SUM_SIZE:] != _SUM % zlib.crc32(whole):
            return None
        wholes.append(whole)
    header = _header_of(wholes[0]) if wholes and data.endswith(b"\n") else None
    try:
        entries = _entry.decode_lines(b"\n".join(wholes[1:]))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    guids = {entry.guid for entry in entries}
    if header is None or header.format != FORMAT or not len(guids) == len(entries) == len(wholes) - 1:
        return None
    return Ledger(header, entries) if all(map(_GUID.fullmatch, guids)) else None


def _parsed_by_line(data: bytes, name: str) -> Ledger:
    """Read line by line, to say what is wrong with which, and to take ledgers of 1.0.0 and of merges."""
    lines = data.replace(b"\r\n", b"\n").split(b"\n")
    last = lines.pop()
    faults: list[str] = []
    headers = [line for line in lines if _is_header(line)]
    if not lines or not _is_header(lines[0]):
        faults.append(f"{name}:1: {_fault_of_first(lines[0] if lines else last)}")
    found = [header for header in map(_header_of, headers) if header]
    summed = all(header.format != _WITHOUT_SUMS for header in found)
    entries: list[tuple[int, Entry]] = []
    for number, line in enumerate(lines, 1):
        entry = _line(line, summed=summed)
        if isinstance(entry, Entry):
            entries.append((number, entry))
        elif entry and not (number == 1 and faults):
            faults.append(f"{name}:{number}: {entry}")
    if last:
        faults.append(f"{name}:{len(lines) + 1}: the last line is cut off; {_RESTORE}")
    if faults:
        raise LedgerError("\n".join([*faults, _WAY_OUT]))
    by_guid = {entry.guid: entry for _, entry in entries}
    header = max(found, key=lambda each: (each.changed, each.looks))
    collections = {name: ids for each in (*found, header) for name, ids in each.collections.items()}
    header = structs.replace(header, collections=collections)
    if len(by_guid) == len(entries):
        return Ledger(header, list(by_guid.values()))
    return Ledger(header, *_merged(entries))


def _is_header(line: bytes) -> bool:
    return line.startswith(b'{"%s":' % _HEADER.encode())


def _header_of(line: bytes) -> Header | None:
    try:
        return _header.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _fault_of_first(line: bytes) -> str:
    if _CONFLICT.match(line):
        return _what_is_wrong(line)
    return f'this is not an offbook ledger; its first line must begin with {{"{_HEADER}": {FORMAT}'


def _line(line: bytes, *, summed: bool) -> Entry | str:
    """Return a line's entry, or what is wrong with it; nothing for a header.

    `summed` says that each line has to end with its checksum.
    """
    whole = line[:-_SUM_SIZE] + b"}"
    has_sum = line[-_SUM_SIZE:] == _SUM % zlib.crc32(whole)
    if _is_header(line):
        return _fault_of_header(line, has_sum=has_sum)
    if not has_sum and summed:
        return _what_is_wrong(line)
    try:
        entry = _entry.decode(whole if has_sum else line)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return _what_is_wrong(line, error)
    if not _GUID.fullmatch(entry.guid):
        return f"the line was damaged: {entry.guid[:20]!r} is not a guid; {_RESTORE}"
    return entry


def _what_is_wrong(line: bytes, error: Exception | None = None) -> str:
    if _CONFLICT.match(line):
        return "an unresolved merge conflict; keep the lines of both sides, delete the markers"
    if isinstance(error, UnicodeDecodeError):
        return f"is not UTF-8; {_RESTORE}"
    if isinstance(error, msgspec.ValidationError):
        newer = "; was it written by a newer offbook?" if "unknown field" in str(error) else ""
        return f"is not a ledger line ({error}){newer}"
    if error is not None:
        return f"is not JSON; the line is cut off or was edited; {_RESTORE}"
    return f"the line was damaged or edited: its checksum differs; {_RESTORE}"


def _fault_of_header(line: bytes, *, has_sum: bool) -> str:
    header = _header_of(line)
    if header is None or (not has_sum and header.format != _WITHOUT_SUMS and b'"sum"' in line):
        return _what_is_wrong(line)
    if header.format not in (_WITHOUT_SUMS, FORMAT):
        return f"format {header.format} is not known to this version of offbook; upgrade offbook"
    return "" if has_sum or header.format == _WITHOUT_SUMS else _what_is_wrong(line)


# -- merging ---------------------------------------------------------------------------------------


def _merged(entries: Sequence[tuple[int, Entry]]) -> tuple[list[Entry], tuple[tuple[int, Entry], ...]]:
    """Return the entries with one a guid, and those whose lines say different things of the card, with the last line.

    Two computers that each import, or export, leave lines that differ in times alone, and in what Anki has.
    """
    result: dict[str, Entry] = {}
    merged: dict[str, int] = {}
    for number, entry in entries:
        before = result.get(entry.guid)
        result[entry.guid] = entry if before is None else later(before, entry)
        if before is not None and _said(before) != _said(entry):
            merged[entry.guid] = number
    return list(result.values()), tuple((number, result[guid]) for guid, number in merged.items())


def _said(entry: Entry) -> tuple[object, ...]:
    """Return what an entry says of its card, without times, and without what is known of it in Anki."""
    place = entry.note, entry.section, entry.block, entry.companies, entry.deck
    return *place, entry.question, entry.answer, entry.content, entry.gaps, entry.reversed, bool(entry.retired)


def later(one: Entry, other: Entry) -> Entry:
    """Return that of two entries of one guid that was modified later, with what else the other one knows.

    Their order does not matter.
    """
    less, more = sorted((one, other), key=lambda e: (e.modified, bool(e.fields), e.content, _encoder.encode(e)))
    numbers = {gap.number for gap in (*more.gaps, *more.past)}
    past = [Gap(gap.number, gap.text) for gap in (*less.gaps, *less.past) if gap.number not in numbers]
    return structs.replace(
        _with_what_was(more, less),
        added=min(less.added, more.added),
        in_anki=more.in_anki or less.in_anki,
        collections=tuple(sorted({*less.collections, *more.collections})),
        suspended=more.suspended or less.suspended,
        suspended_in=tuple(sorted({*less.suspended_in, *more.suspended_in})),
        past=tuple(sorted({*more.past, *past}, key=lambda gap: (gap.number, gap.text))),
        past_suspended=tuple(sorted({*less.past_suspended, *more.past_suspended})),
        brought=more.brought or less.brought,
        told=more.told or less.told,
    )


def _with_what_was(entry: Entry, before: Entry) -> Entry:
    """Return an entry with what the one `before` was exported as, too: digests of texts and fields, tags, decks."""
    fields = (was for was, now in zip(enumerate(before.fields), enumerate(entry.fields), strict=False) if was != now)
    former = (*before.former, *fields, *entry.former)
    return structs.replace(
        entry,
        texts=(*(text for text in before.texts if text not in entry.texts), *entry.texts)[-_MOST_TEXTS:],
        former=tuple(dict.fromkeys(former))[-_MOST_TEXTS:],
        tags=tuple(sorted({*before.tags, *entry.tags})),
        decks=tuple(deck for deck in dict.fromkeys((*before.decks, before.deck, *entry.decks)) if deck != entry.deck),
    )


# -- writing ---------------------------------------------------------------------------------------


def dump(entries: Iterable[Entry], header: Header | None = None) -> str:
    """Return the ledger's text: the same entries give the same text, whatever their order.

    The cards of a note stand together, those that are retired behind the others.
    """
    ordered = sorted(entries, key=attrgetter("note", "section", "question", "guid"))
    ordered.sort(key=lambda entry: bool(entry.retired))
    ordered.sort(key=attrgetter("note"))
    first = _spaced(structs.replace(header or Header(), format=FORMAT))
    # What separates two entries stands in no text: there a quotation mark is escaped.
    lines = _spaced(ordered)[1:-1].replace('}, {"guid": ', '}\n{"guid": ').split("\n") if ordered else []
    return "".join(_with_sums([first, *lines]))


def _with_sums(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield f"{line[:-1]}{(_SUM % zlib.crc32(line.encode())).decode()}\n"


def _spaced(value: object) -> str:
    """Return JSON with a space behind each comma and colon, as people write it."""
    return msgspec.json.format(_encoder.encode(value), indent=0).decode()


def remembering(entry: Entry, before: Entry) -> Entry:
    """Return a card's new entry with what its entry `before` knew: how it was exported, and what an import did."""
    return structs.replace(
        _with_what_was(entry, before),
        in_anki=before.in_anki,
        collections=before.collections,
        suspended=before.suspended,
        suspended_in=before.suspended_in,
        past_suspended=before.past_suspended,
        brought=before.brought,
        told="" if before.told == DECLINED else before.told,  # it is no retired card any more
    )
