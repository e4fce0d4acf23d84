"""What links lead to: files, notes, parts of notes, pictures and sounds. Each answer is accounted for as a `Use`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from offbook.errors import Problem, Severity
from offbook.media import Media
from offbook.model import Asked, Note, Use
from offbook.sources.logseq_text import REFERENCE
from offbook.sources.note import decode_note, unreadable_note
from offbook.sources.vault import Vault
from offbook.text import fold

if TYPE_CHECKING:
    from offbook.markdown import Block, Document

_HELD = 2_000_000  # bytes of notes; their blocks take some twenty times as much
_LONG = 100_000  # characters of a note
_COUNTED = re.compile(r"-\d+$")  # what tells places of one name in a web page apart


def digest(data: bytes) -> bytes:
    """Return the digest by which texts are known again."""
    return hashlib.blake2b(data, digest_size=16).digest()


class Parsed:
    """A note, its blocks, and where the parts of it are."""

    def __init__(self, note: Note, document: Document, digest: bytes) -> None:
        self.note = note
        self.document = document
        self.digest = digest
        """Of the note's bytes; empty where it could not be read."""

    @cached_property
    def outline(self) -> Outline:
        """The parts that links can lead to."""
        return Outline(self.document)


class Linked(NamedTuple):
    """What `[[note]]`, `[[note#section]]` or `[[note#^block]]` leads to."""

    note: Note
    document: Document
    blocks: Sequence[Block]
    place: str = ""
    """The section or block of the note that it is; empty where it is all of it."""

    @property
    def is_text(self) -> bool:
        """Whether it is one text that stands in a line of another one, as what a reference to a block shows."""
        return all(block.form.hidden and block.type == "paragraph" for block in self.blocks)


class Library:
    """The notes and media of one run: each file is read once, and each note is parsed once.

    Blocks are held of notes of `held` bytes at most, those used last; the latest note's always.
    """

    def __init__(self, vault: Vault, media: Media, *, held: int = _HELD) -> None:
        self.vault = vault
        self.media = media
        self._digests: dict[Path, bytes] = {}
        self._documents: dict[Path, Parsed] = {}
        self._most_held = held
        self._held = 0
        self._last_read: tuple[Path, bytes | OSError] | None = None

    def links(self) -> Links:
        """Return the links of one note, with no use so far."""
        return Links(self)

    def holds(self, uses: tuple[Use, ...]) -> bool:
        """Whether the vault gives the same answers still."""
        return all(self.answer(use.asked, use.of, use.source) == use.answer for use in uses)

    def answer(self, asked: Asked, of: str, source: str = "") -> str:
        """Answer a question to the vault, see `Asked`."""
        match asked:
            case Asked.FILE:
                return str(self.vault.find(of, source) or "")
            case Asked.TEXT:
                return self.digest(Path(of)).hex()
            case Asked.MEDIA:
                return self.media.add(Path(of)) or ""

    def read(self, file: Path, path: str) -> tuple[Note, bytes]:
        """Read a note known to the user as `path`; return it with the digest of its bytes.

        A file that cannot be read gives a note without text, with the problem, and no digest.
        """
        data = self._bytes(file)
        if isinstance(data, OSError):
            return unreadable_note(path, data), b""
        return decode_note(data, path, of_graph=self.vault.graph is not None), self._digests[file]

    def digest(self, file: Path) -> bytes:
        """Return the digest of a file's bytes as they were when first asked for; nothing where it cannot be read."""
        if file not in self._digests:
            self._bytes(file)
        return self._digests[file]

    def _bytes(self, file: Path) -> bytes | OSError:
        """Return a file's bytes, or why it cannot be read; a note is parsed right after its digest was asked for."""
        if self._last_read is None or self._last_read[0] != file:
            try:
                data: bytes | OSError = self.vault.read_note(file)
            except OSError as error:
                data = error
            self._last_read = file, data
            self._digests[file] = b"" if isinstance(data, OSError) else digest(data)
        return self._last_read[1]

    def document(self, file: Path) -> Parsed:
        """Read and parse a note."""
        held = self._documents.pop(file, None)
        if held is None:
            from offbook.markdown import parse

            note, state = self.read(file, self.vault.display(file))
            held = Parsed(note, parse(note.body, note.body_line), state)
            self._held += len(note.body)
        self._documents[file] = held  # the one used last is let go last
        while self._held > self._most_held and len(self._documents) > 1:
            self._held -= len(self._documents.pop(next(iter(self._documents))).note.body)
        return held

    def let_go(self) -> bool:
        """Let go the blocks of long notes, now that all are read; return whether there were any."""
        long = [file for file, parsed in self._documents.items() if len(parsed.note.body) > _LONG]
        for file in long:
            self._held -= len(self._documents.pop(file).note.body)
        return bool(long)


class Links:
    """Follows the links of one note, and keeps account of what they led to."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._vault = library.vault
        self._uses: dict[tuple[Asked, str, str], str] = {}

    @property
    def uses(self) -> tuple[Use, ...]:
        """What was asked of the vault so far, and its answers."""
        return tuple(Use(*question, answer) for question, answer in self._uses.items())

    @property
    def vault_name(self) -> str:
        """The vault's name in Obsidian's addresses, or nothing where there is no vault."""
        return self._vault.name

    @property
    def graph_name(self) -> str:
        """The name of the Logseq graph in Logseq's addresses, or nothing where there is none."""
        return self._vault.graph.root.name if self._vault.graph else ""

    def page(self, file: Path) -> str | None:
        """Return the name of the page that a file of a graph is, nothing for that of a day; None where it is none."""
        graph = self._vault.graph
        return graph.page(file) if graph else None

    def file(self, path: str) -> Path:
        """Return the note that is shown to the user as `path`."""
        return self._vault.file(path)

    def inside(self, file: Path) -> str:
        """Return a file's path from the vault's root, with `/`, or nothing where it lies elsewhere."""
        return file.relative_to(self._vault.root).as_posix() if file.is_relative_to(self._vault.root) else ""

    def find(self, target: str, source: str) -> Path | None:
        """Return the file that a link in note `source` leads to."""
        found = self._vault.find(target, source)
        self._uses[Asked.FILE, target, source] = str(found or "")
        return found

    def differs_in_case(self, target: str, file: Path) -> bool:
        """Whether a link leads to `file` only because letter case is looked over."""
        return self._vault.differs_in_case(target, file)

    def stored(self, file: Path) -> str | None:
        """Return the name under which Anki stores a picture or sound; None where it cannot."""
        name = self._library.media.add(file)
        self._uses[Asked.MEDIA, str(file), ""] = name or ""
        return name

    def why_not_stored(self, file: Path) -> str:
        """Return why Anki cannot store a file, as the end of a sentence about it."""
        return self._library.media.why_not(file)

    def part(self, target: str, source: str) -> Linked | None:
        """Return what `[[target]]` in note `source` leads to: a note, a section (`#`), a block (`#^`).

        Of the block `((id))` of a Logseq graph that is its own text, without what is nested in it.
        """
        name, _, place = target.partition("#")
        reference = REFERENCE.fullmatch(name)
        if reference and not place:
            place = f"^{reference['id']}"
        file = self.find(name, source) if name.strip() else self._vault.file(source)
        if file is None or file.suffix.lower() not in self._vault.endings or not self._vault.holds(file):
            return None
        parsed = self._document(file)
        blocks: Sequence[Block] | None = parsed.document.root.children
        if place.startswith("^"):
            blocks = parsed.outline.block(place[1:].strip())
        elif place:
            blocks = parsed.outline.section(place.split("#")[-1])
        if reference and target == name:
            blocks = _own_text(blocks)
        return Linked(parsed.note, parsed.document, blocks, place) if blocks is not None else None

    def fault(self, file: Path) -> Problem | None:
        """Return what keeps a note from being read."""
        problems = self._document(file).note.problems
        return next((problem for problem in problems if problem.severity is Severity.FAULT), None)

    def _document(self, file: Path) -> Parsed:
        parsed = self._library.document(file)
        self._uses[Asked.TEXT, str(file), ""] = parsed.digest.hex()
        return parsed

    def leads_somewhere(self, target: str, source: str, *, as_page: bool = False) -> bool:
        """Whether a link in the note at `source` leads to a file in the vault; with `#`, to a part that a note has.

        `as_page` says that the part may have the name that it has in a web page made of the note.
        """
        name, _, place = target.partition("#")
        file = self.find(name, source) if name.strip() else self._vault.file(source)
        if file is None or not place or file.suffix.lower() not in self._vault.endings:
            return file is not None
        is_part = self.part(target, source) is not None
        return is_part or (as_page and self._library.document(file).outline.has_anchor(place))


class Outline:
    """Where the sections and the named blocks of a document are."""

    def __init__(self, document: Document) -> None:
        from offbook.markdown.plain import plain_inline

        self._root = document.root
        self._flow = document.root.children
        self._headings: dict[str, int] = {}
        self._named: dict[str, list[Block]] = {}
        self._sections: dict[int, list[Block]] = {}  # by the place of their heading
        for index, block in enumerate(self._flow):
            if block.type == "heading":
                for title in (plain_inline(block.content, document.env), block.content):
                    self._headings.setdefault(_fold_title(title), index)
        self._name_blocks(document.root)

    def _name_blocks(self, root: Block) -> None:
        previous: Block | None = None
        for block in root.walk():
            if "^" in block.content and block.type in ("paragraph", "heading"):
                alone = block.content.strip()
                if alone.startswith("^") and previous is not None:
                    self._named.setdefault(alone[1:], [previous])
                for line in block.lines:
                    _, mark, name = line.rstrip().rpartition(" ^")
                    if mark:
                        in_item = block.parent is not None and block.parent.type == "list_item"
                        named = _with_its_list(block.parent) if block.parent and in_item else block
                        self._named.setdefault(name, [named])
            if block.parent is root:
                previous = block

    def block(self, name: str) -> list[Block] | None:
        """Return the block named `^name`; None where there is none."""
        return self._named.get(name)

    def section(self, title: str) -> list[Block] | None:
        """Return the blocks below a heading, down to the next of its level or above; None where no heading is so."""
        start = self._headings.get(_fold_title(title))
        if start is None:
            return None
        if start not in self._sections:
            self._sections[start] = self._below(start)
        return self._sections[start]

    def has_anchor(self, name: str) -> bool:
        """Whether a web page made of the note has a place of that name: a heading's, or one by HTML or `{#…}`."""
        wanted = {_letters(name), _letters(_COUNTED.sub("", name))}
        if name == "top" or any(_letters(title) in wanted for title in self._headings):
            return True
        named = re.compile(rf"(?:\b(?:id|name)=[\"']?|\{{#){re.escape(name)}[\"'\s>}}]")
        return any(named.search(text) for block in self._root.walk() for text in (block.title, block.content) if text)

    def _below(self, start: int) -> list[Block]:
        level, end = self._flow[start].level, start + 1
        while end < len(self._flow) and not (self._flow[end].type == "heading" and self._flow[end].level <= level):
            end += 1
        return list(self._flow[start + 1 : end])


def _letters(title: str) -> str:
    """Return the letters of a title or of its place in a web page: programs leave signs out in several ways."""
    return "".join(c for c in fold(title) if c.isalnum())


def _with_its_list(item: Block) -> Block:
    from offbook.markdown.blocks import with_children

    return with_children(item.parent, [item]) if item.parent else item


def _own_text(blocks: Sequence[Block] | None) -> Sequence[Block] | None:
    """Return a named block's own text, which can stand in a line, without what is nested in it."""
    from offbook.markdown.blocks import paragraph

    inner = blocks
    while inner and inner[0].type in ("bullet_list", "ordered_list", "list_item"):
        inner = inner[0].children
    if not inner or inner[0].type not in ("paragraph", "heading"):
        return inner[:1] if inner else blocks
    text = paragraph(inner[0].content, inner[0].line, inner[0].end)
    text.form = text.form._replace(hidden=True)
    return [text]


def _fold_title(title: str) -> str:
    """Return a heading's title as links to it are compared: Obsidian leaves marks out of them."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(title)).split())
