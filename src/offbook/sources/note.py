"""Reads one note: its text, its front matter, and where its body begins."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import structs

from offbook.days import INTERVIEW, read_day
from offbook.errors import Location, Problem, Severity
from offbook.graph import day_named, page_name
from offbook.model import TEXT, Note, Part
from offbook.opening import RefusedError, TooLargeError
from offbook.settings import CARD_CHOICES
from offbook.sources.front_matter import KEY, PROSE, YAMLError, front_matter, loaded, simple
from offbook.sources.logseq import is_outline, translated
from offbook.sources.notion import OWN, properties
from offbook.sources.plain_text import as_markdown, keys
from offbook.text import composed

_PLACE = re.compile(r"\{\{ ?(?:title|date|time|company)(?::[^}\n]*)? ?\}\}")
_TEMPLATER = re.compile(r"<%[-_~]?(?:\*|[+~]?\s*(?:await\s+)?tp\.)")
_HEADING = re.compile(r"(?m)^#{1,6} .*$")
_CODE = re.compile(r"(?ms)^ {0,3}(?P<fence>```+|~~~+).*?(?:^ {0,3}(?P=fence)|\Z)|`[^`\n]+`")
# Blocks take some two kilobytes each. These many take no more than 60 MB and forty times the note's size.
_MOST_BLOCKS = 25_000
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_UTF8, _WESTERN = "utf-8-sig", "cp1252"
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
_SIGN_IN_WORD = re.compile(r"[^\W\d_][¡-©«-´¶-¹»-¿][^\W\d_]")  # as letters of other languages look
_MOST_ODD, _LONGEST_ODD = 0.25, 2  # the share of bytes, and how many in a row
_AROUND = 20  # characters shown on either side of what cannot be read
_HEAD, _MOSTLY = 2_000, 0.3  # bytes that tell an encoding, the share of them that is 0
_UNCLEAR_DAY = re.compile(r"\d{1,2}/\d{1,2}(?!\d)")  # which is told, as it may be another
_HOUR = re.compile(r"\d{1,2}:\d\d(?: ?[ap]m)?", re.IGNORECASE)
_BLOCK = 50  # characters a block, beyond that
_NESTED = re.compile(r"(?m)^[ \t]*(?:(?:[-+*>]|\d{1,9}[.)])[ \t]*){2,}")
_DEEPEST_BLOCK = 60  # levels; what is nested deeper makes none
_SHORTEST_NESTED = 2  # characters of a list or a quotation that opens on the line of another one
# Invisible characters that editors and web pages leave behind, which would make equal texts differ, and those that
# Unicode reserves for programs' own use.
_INVISIBLE = dict.fromkeys([0x200B, 0xFEFF, 0x2060, *range(0xFDD0, 0xFDF0)])


def unreadable_note(path: str, error: OSError) -> Note:
    """Return a note without text, and with what kept it from being read."""
    if isinstance(error, FileNotFoundError) and error.filename and Path(error.filename).is_symlink():
        return _unreadable(path, 0, "unreadable", "is a symbolic link that leads nowhere; fix or remove it")
    if isinstance(error, TooLargeError):
        hint = "split the note, name it in the setting `ignore`, or raise `largest_note`"
        return _unreadable(path, 0, "unreadable", f"{error}; {hint}")
    if isinstance(error, RefusedError):
        return _unreadable(path, 0, "unreadable", f"{error}; move it away, or name it in the setting `ignore`")
    reason = error.strerror or str(error)
    return _unreadable(path, 0, "unreadable", f"cannot be read ({reason}); check the file's permissions")


def decode_note(data: bytes, path: str, *, of_graph: bool = False) -> Note:
    """Read a note's bytes: UTF-8, UTF-16, or what older Windows wrote in the languages of the West, which is told.

    `of_graph` says that it is a page of a Logseq graph.
    """
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == _UTF8 and _is_western(data):
            note = decode_note(data.decode(_WESTERN).encode(), path, of_graph=of_graph)
            found = "is not in UTF-8, and is read as older Windows wrote it; if a letter is wrong, save it as UTF-8"
            told = Problem(Location(path), "encoding", found, Severity.NOTE)
            return structs.replace(note, problems=(*note.problems, told))
        before = data[: error.start].decode(encoding, "ignore")
        place = slice(max(len(before) - _AROUND, 0), len(before) + _AROUND)
        around = data.decode(encoding, "replace")[place].splitlines()
        shown = next((line.strip() for line in around if _UNKNOWN in line), _UNKNOWN)
        found = f"a letter cannot be read, {_UNKNOWN} in “{shown}”: the note is not in UTF-8"
        hint = "open it in an editor in which its letters are right, and save it as UTF-8 (Save As, Encoding)"
        return _unreadable(path, before.count("\n") + 1, "encoding", f"{found}; {hint}")
    blocks, most = _blocks(text), _MOST_BLOCKS + len(text) // _BLOCK
    if blocks > most:
        found = f"has some {blocks:,} lines and cells, and a note as long as this one may have {most:,}"
        hint = "split the note, or name it in the setting `ignore`"
        return _unreadable(path, 0, "unreadable", f"{found}; {hint}")
    return parse_note(text, path, of_graph=of_graph)


def _encoding(data: bytes) -> str:
    """Return the encoding of a note: UTF-16 where its mark says so, or where every other byte is mostly 0."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = data[:_HEAD]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if head and head[first::2].count(0) > _MOSTLY * len(head) and not head[1 - first :: 2].count(0):
            return encoding
    return _UTF8


def _is_western(data: bytes) -> bool:
    """Whether bytes that are no UTF-8 are likely Windows-1252: a letter or a sign here and there, never whole words."""
    odd = _BEYOND_ASCII.findall(data)
    few = sum(map(len, odd)) <= max(_MOST_ODD * len(data), 1)
    if not few or max(map(len, odd), default=0) > _LONGEST_ODD or any(map(_is_utf8, odd)):
        return False
    try:
        return not _SIGN_IN_WORD.search(data.decode(_WESTERN))
    except UnicodeDecodeError:
        return False


def _is_utf8(data: bytes) -> bool:
    try:
        return bool(data.decode())
    except UnicodeDecodeError:
        return False


def _conflict(text: str) -> int:
    """Return the line at which git left both sides of a conflict, from 1; 0 where there is none. Code may show one."""
    if not all(f"\n{mark}" in f"\n{text}" for mark in ("<<<<<<< ", "=======\n", ">>>>>>> ")):
        return 0
    from offbook.markdown.fences import in_code

    lines = text.split("\n")
    code = in_code(lines)
    return next((n for n, line in enumerate(lines, 1) if line.startswith("<<<<<<< ") and not code[n - 1]), 0)


def _blocks(text: str) -> int:
    """Return how many blocks a text has at most: lines that are not blank, cells, and what opens behind their marks."""
    if len(text) < _MOST_BLOCKS:
        return 0
    lines = sum(not line.isspace() for line in text.splitlines() if line)
    marks = ((match.end() - match.start()) // _SHORTEST_NESTED for match in _NESTED.finditer(text))
    nested = sum(min(count, _DEEPEST_BLOCK) for count in marks)
    return lines + nested + text.count("|")


def parse_note(text: str, path: str, *, of_graph: bool = False) -> Note:
    """Split `text` into front matter and body. What Logseq has written is turned into Markdown, properties into keys.

    That is a note with marks that Logseq alone writes, and every one `of_graph`.
    """
    note = _split(text, path)
    if path.lower().endswith(TEXT):
        return _of_text_file(note)
    if not (of_graph or is_outline(note.body)):
        return _of_notion(note) if note.is_of_notion else note
    outline = translated(note.body, of_day=of_graph and day_named(note.stem) is not None)
    key_lines = note.key_lines | {key: note.body_line + line for key, line in outline.lines.items()}
    metadata = note.metadata | {key: value for key, value in outline.properties.items() if not _is_others(key, value)}
    page = str(outline.properties.get("title") or page_name(note.stem)).rpartition("/")[2] if of_graph else ""
    first = note.body_line
    parts = tuple(Part(first + part.first, first + part.end, part.companies) for part in outline.parts)
    return structs.replace(
        note, body=outline.text, metadata=metadata, key_lines=key_lines, is_outline=True, page=page, parts=parts
    )


def _is_others(key: str, value: object) -> bool:
    """Whether a property of a page is the writer's own, and no setting of offbook's that is called so."""
    return (key == "cards" and value not in CARD_CHOICES) or (key == "time" and bool(_HOUR.fullmatch(str(value))))


def _of_text_file(note: Note) -> Note:
    """Return a text file's note: its marks are text, and keys in its first lines are those of front matter."""
    lines = note.body.split("\n")
    metadata, key_lines = dict(note.metadata), dict(note.key_lines)
    for key, line, value in keys(note.body):
        if key not in metadata and _is_told(key, value):
            metadata[key], key_lines[key], lines[line] = value, note.body_line + line, ""
    return structs.replace(note, body=as_markdown("\n".join(lines)), metadata=metadata, key_lines=key_lines)


def _of_notion(note: Note) -> Note:
    """Return the note of a page that Notion exported: its properties are keys of front matter, and no text."""
    lines = note.body.split("\n")
    metadata, key_lines = dict(note.metadata), dict(note.key_lines)
    found = list(properties(lines))
    for each in found:
        lines[each.line : each.end] = [""] * (each.end - each.line)
        if each.key in OWN and each.value and each.key not in metadata and _is_told(each.key, each.value):
            metadata[each.key], key_lines[each.key] = each.value, note.body_line + each.line
    body, is_record = "\n".join(lines), bool(found)
    return structs.replace(note, body=body, metadata=metadata, key_lines=key_lines, is_record=is_record)


def _is_told(key: str, value: Any) -> bool:
    """Whether a key that stands in the text says what offbook reads: a day, perhaps an unclear one, of an interview."""
    return key != INTERVIEW or _is_day(value) or bool(_UNCLEAR_DAY.match(value))


def _is_day(text: str) -> bool:
    try:
        read_day(text)
    except ValueError:
        return False
    return True


def _split(text: str, path: str) -> Note:
    text = re.sub(r"\r\n?", "\n", text).translate(_INVISIBLE)
    text = composed(text)
    if _is_template(text):
        return Note(path, "", is_template=True)
    if line := _conflict(text):
        found = "git left both sides of a conflict here; keep one, and delete the lines around them"
        return _unreadable(path, line, "conflict", found)
    front = front_matter(text)
    if front is None:
        return Note(path, text, problems=tuple(_never_closed(text, path)))
    source, body = front
    body_line = text.count("\n", 0, len(text) - len(body)) + 1
    first, is_toml = text.count("\n", 0, text.index(source)) + 1, text.startswith("+")
    try:
        metadata, mended = loaded(source, is_toml=is_toml)
    except YAMLError as error:
        if PROSE.match(source.lstrip()) and not KEY.match(source.lstrip()):
            return Note(path, text)  # text between two rules
        kind = "`+++` are not valid TOML" if is_toml else "`---` are not valid YAML"
        message = f"the lines between {kind}: {error}"
        return _unreadable(path, first + error.line, "front-matter", message)
    problems = tuple(
        Problem(Location(path, first + line), "front-matter", how, Severity.WARNING) for line, how in mended
    )
    if not isinstance(metadata, dict):
        # A rule at the top and another below are no front matter, unless what they enclose is a list.
        if isinstance(metadata, list):
            found = "the lines between `---` are a list; write `key: value` lines, such as `company: Name`"
            return _unreadable(path, 1, "front-matter", found)
        return Note(path, text)
    return Note(path, body, body_line, simple(metadata), key_lines=_key_lines(text, body_line), problems=problems)


def _is_template(text: str) -> bool:
    """Whether Obsidian's templates or Templater have places to fill in here; in code they are what is written about."""
    if "<%" not in text and "{{" not in text:
        return False
    front = front_matter(text)
    if front is not None and (_PLACE.search(front[0]) or _TEMPLATER.search(front[0])):
        return True
    prose = _CODE.sub("", text)
    return bool(_TEMPLATER.search(prose)) or any(_PLACE.search(line) for line in _HEADING.findall(prose))


def _key_lines(text: str, body_line: int) -> dict[str, int]:
    lines = text.split("\n", body_line)[:body_line]
    keys = ((number, KEY.match(line)) for number, line in enumerate(lines, 1))
    return {key[1].lower(): number for number, key in keys if key}


def _never_closed(text: str, path: str) -> Iterator[Problem]:
    """Warn of what begins as front matter and has no end, so that it is read as text."""
    opening, _, rest = text.partition("\n")
    if opening.rstrip() == "---" and KEY.match(rest.lstrip("\n")):
        message = (
            "the front matter that `---` begins here has no end, so it is read as text; put a line `---` below "
            "its last key"
        )
        yield Problem(Location(path, 1), "front-matter", message, Severity.WARNING)


def _unreadable(path: str, line: int, code: str, message: str) -> Note:
    return Note(path, "", problems=(Problem(Location(path, line), code, message),))
