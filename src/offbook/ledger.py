"""The ledger as a file: what was exported, and under which guid. One JSON line a card, sorted, made for git."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from operator import attrgetter
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from offbook import files
from offbook.errors import Location, OffbookError, Problem, Severity
from offbook.model import Entry

FILE_NAME = "ledger.jsonl"
FORMAT = 1
_HEADER = "offbook-ledger"
_CONFLICT = re.compile(r"(<{7}|={7}|>{7}|\|{7})")
_MOST_TEXTS = 30  # Anki is never further behind than that, and a line stays readable
_WAY_OUT = (
    "Nothing was changed. A ledger deleted on purpose starts anew: cards keep their history as long as their "
    "questions are not reworded."
)


class LedgerError(OffbookError):
    """The ledger cannot be used as it is."""

    exit_code = 1


class Header(Struct, frozen=True, omit_defaults=True):
    """What the first line tells of how cards look. Everything is empty where it is not known."""

    format: int = msgspec.field(name=_HEADER, default=0)
    looks: str = ""
    """A digest of the looks where they are not offbook's own alone."""
    changed: int = 0
    """Since when, in seconds since the epoch; Anki takes over newer looks only."""
    imported: str = ""
    """A digest of the looks that the last import brought into Anki."""


_header = msgspec.json.Decoder(Header)
_entry = msgspec.json.Decoder(Entry)
_encoder = msgspec.json.Encoder()


# -- reading ---------------------------------------------------------------------------------------


def load(file: Path) -> list[Entry]:
    """Read a ledger; an absent one is empty.

    Raises LedgerError, with every bad line, where it holds anything else than what `dump` writes.
    """
    return parse(_read(file), str(file))


def load_header(file: Path) -> Header:
    """Return what a ledger's first line tells, if there is one and it does."""
    try:
        with file.open("rb") as lines:
            return _header.decode(lines.readline())
    except (FileNotFoundError, msgspec.MsgspecError, UnicodeDecodeError):
        return Header()
    except OSError as error:
        raise _unreadable(file, error) from error


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise _unreadable(file, error) from error


def _unreadable(file: Path, error: OSError) -> OffbookError:
    return OffbookError(f"{file}: cannot be read ({error.strerror}); nothing was changed")


def parse(data: bytes, name: str) -> list[Entry]:
    """Read a ledger's bytes; `name` is for messages. Raises LedgerError, with every bad line."""
    if not data:
        return []
    first, _, rest = data.partition(b"\n")
    faults = _faults_of_header(first, name)
    try:
        entries = _entry.decode_lines(rest)
        whole = not faults and data.endswith(b"\n") and rest.count(b"\n") == len(entries)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        whole = False
    if whole and all(entry.guid for entry in entries) and len({entry.guid for entry in entries}) == len(entries):
        return entries
    return _parse_lines(data, name, faults)


def _parse_lines(data: bytes, name: str, faults: list[str]) -> list[Entry]:
    """Read line by line, to say what is wrong with which."""
    entries: dict[str, Entry] = {}
    line_of: dict[str, int] = {}
    lines = data.split(b"\n")
    last = lines.pop()
    if last:
        faults.append(f"{name}:{len(lines) + 1}: the last line is cut off; restore the file from a backup or from git")
    for number, line in enumerate(lines[1:], 2):
        try:
            entry = _entry.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            faults.append(f"{name}:{number}: {_what_is_wrong(line, error)}")
            continue
        if not entry.guid:
            faults.append(f"{name}:{number}: the guid is empty")
        elif entry.guid in entries:
            faults.append(
                f"{name}:{number}: guid {entry.guid} stands on line {line_of[entry.guid]}, too; "
                "keep the line with the higher `modified` and delete the other"
            )
        else:
            entries[entry.guid], line_of[entry.guid] = entry, number
    if faults:
        raise LedgerError("\n".join([*faults, _WAY_OUT]))
    return list(entries.values())


def _what_is_wrong(line: bytes, error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "is not UTF-8; restore the file from a backup or from git"
    if isinstance(error, msgspec.ValidationError):
        newer = "; was it written by a newer offbook?" if "unknown field" in str(error) else ""
        return f"is no ledger line ({error}){newer}"
    if _CONFLICT.match(line.decode(errors="replace")):
        return "an unresolved merge conflict; keep the lines of both sides, delete the markers"
    return "is no JSON; the line is cut off or was edited"


def _faults_of_header(line: bytes, name: str) -> list[str]:
    try:
        version = _header.decode(line).format
    except (msgspec.MsgspecError, UnicodeDecodeError):
        if _CONFLICT.match(line.decode(errors="replace")):
            return [f"{name}:1: an unresolved merge conflict; keep the lines of both sides, delete the markers"]
        version = 0
    if not version:
        return [f'{name}:1: this is no offbook ledger; its first line must be {{"{_HEADER}": {FORMAT}}}']
    if version != FORMAT:
        return [f"{name}:1: format {version} is not known to this version of offbook; upgrade offbook"]
    return []


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
    lines = _spaced(ordered)[1:-1].replace('}, {"guid": ', '}\n{"guid": ')
    return "\n".join(filter(None, (first, lines))) + "\n"


def _spaced(value: object) -> str:
    """Return JSON with a space behind each comma and colon, as people write it."""
    return msgspec.json.format(_encoder.encode(value), indent=0).decode()


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
    return structs.replace(
        entry,
        texts=(*(text for text in before.texts if text not in entry.texts), *entry.texts)[-_MOST_TEXTS:],
        tags=tuple(sorted({*entry.tags, *before.tags})),
        decks=tuple(dict.fromkeys(decks)),
        in_anki=before.in_anki,
        suspended=before.suspended,
    )


# -- what is odd about a decks folder ----------------------------------------------------------------


def oddities(folder: Path, entries: Sequence[Entry]) -> list[Problem]:
    """Warn where packages are there and the ledger is not, and of copies of it that a synchronised folder holds."""
    problems = [_problem(copy.name, "ledger-copy", _what_to_do(copy, entries)) for copy in copies(folder)]
    if not (folder / FILE_NAME).exists() and files.with_ending(folder, ".apkg"):
        message = (
            f"is missing in {str(folder)!r}, though packages are there; restore it if you can. Without it cards "
            "whose questions were reworded are new ones, and edits made in Anki are overwritten"
        )
        problems.insert(0, _problem(FILE_NAME, "lost-ledger", message))
    return problems


def _problem(name: str, code: str, message: str) -> Problem:
    return Problem(Location(name), code, message, Severity.WARNING)


def copies(folder: Path) -> list[Path]:
    """Return what programs that keep folders alike on several computers make of a ledger that changed on two.

    `ledger (conflicted copy).jsonl`, `ledger.sync-conflict-20240131-101500-ABC.jsonl`, `ledger 2.jsonl`, and the like.
    """
    stem, ending = FILE_NAME.split(".")
    ledgers = files.with_ending(folder, ending)
    return [file for file in ledgers if file.name.startswith(stem) and file.name != FILE_NAME]


def _what_to_do(copy: Path, entries: Sequence[Entry]) -> str:
    where = f"in {str(copy.parent)!r} looks like a copy of the ledger that a sync program made"
    guids = {entry.guid for entry in entries}
    try:
        unknown = [entry for entry in load(copy) if entry.guid not in guids]
    except OffbookError:
        return f"{where}; it cannot be read as one. Move it out of the folder"
    if not unknown:
        return f"{where}; every card in it is in {FILE_NAME}, too. Delete it"
    count = f"{len(unknown)} of its cards {'is' if len(unknown) == 1 else 'are'} not in {FILE_NAME}"
    first = f"such as “{' '.join(unknown[0].question.split())}”"
    return (
        f"{where}; {count}, {first}. Append their lines to {FILE_NAME} (or keep the whole copy under that name, "
        "if it is the newer one), then delete the copy"
    )
