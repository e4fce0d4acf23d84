"""The HTML of what leads to other files of the vault: pictures, sounds, links, embedded notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from markdown_it.token import Token

from offbook.errors import Location, Problem, Severity
from offbook.markdown import Block
from offbook.markdown.plain import link_text
from offbook.media import is_media
from offbook.render.marks import SOUND, SOUND_ENDS
from offbook.sources.links import Linked, Links
from offbook.sources.logseq_text import REFERENCE
from offbook.sources.targets import UNREADABLE, Shows, Target, embedded, medium
from offbook.transclusion import DEEPEST, LARGEST_OF_NOTE, MOST

_SHORT = 60  # characters of a formula that are told
_LARGEST = 200_000  # characters of HTML from embedded notes; a card with more embeds no further one
_OUTERMOST = 2  # notes that are open in an embed which no other one holds: the card's and the embedded one
# Obsidian leaves these out of a link to a heading.
_NOT_IN_HEADINGS = re.compile(r"[#^|\[\]\\]+")


@dataclass(frozen=True, slots=True)
class Origin:
    """The note that a rendered text comes from, and the embeds that lead to it."""

    location: Location
    env: dict[str, Any]
    """markdown-it's environment of the note."""
    footnotes: Mapping[str, Block] = field(default_factory=dict)
    """The note's definitions of footnotes, by label."""
    open_embeds: tuple[str, ...] = ()
    """The keys (`note_key`) of the notes that are being rendered around this text, outermost first."""

    def at(self, token: Token) -> Origin:
        """Return the origin with the token's line, where the token has one."""
        line = token.meta.get("line")
        return replace(self, location=Location(self.location.path, line)) if line else self


class Shown(NamedTuple):
    """An embedded part of a note as it was rendered, and what came with it."""

    html: str
    media: list[tuple[str, str]]
    problems: list[Problem]
    targets: list[str]
    documents: int
    size: int


@dataclass(slots=True)
class OfNote:
    """What the cards of one note embed: a part that many of them show is rendered once."""

    parts: dict[tuple[object, ...], Shown] = field(default_factory=dict)
    left: int = LARGEST_OF_NOTE
    """How many more characters of HTML from embedded notes its cards may show."""


@dataclass(slots=True)
class Embeds:
    """Renders what a card shows of other files, and collects its media and problems."""

    links: Links
    render: Callable[[Sequence[Block], Origin, Embeds], str]
    of_note: OfNote = field(default_factory=OfNote)
    media: list[tuple[str, str]] = field(default_factory=list)
    """The pictures and sounds that the card shows: names in Anki, and the files' paths."""
    problems: list[Problem] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    """The links into the vault, as they are written."""
    documents: int = 0
    """How many notes and fields were rendered so far: each has footnotes of its own."""
    _size: int = 0  # characters of HTML from embedded notes

    # -- links ---------------------------------------------------------------------------------

    def link(self, target: str, text: str, origin: Origin) -> str:
        """Return the HTML of a link to a note or file, which opens it in Obsidian or Logseq where it is in a vault."""
        address = self.address(target, origin)
        if address:
            return f'<a href="{escape(address)}">{escape(text)}</a>'
        return f'<span class="wikilink">{escape(text)}</span>'

    def address(self, target: str, origin: Origin) -> str:
        """Return the address in the vault that a link leads to; empty where it leads nowhere, or there is no vault."""
        self.targets.append(target)
        name, _, part = target.partition("#")
        if not self.links.vault_name and not self.links.graph_name:
            return ""
        file = self.links.find(name, origin.location.path) if name.strip() else self.links.file(origin.location.path)
        if file is None or (part and self.links.part(target, origin.location.path) is None):
            return ""
        block = REFERENCE.fullmatch(name)
        return address_of(self.links, file, *([f"^{block['id']}"] if block else part.split("#")))

    # -- files ---------------------------------------------------------------------------------

    def embed(self, target: str, alt: str, size: str, origin: Origin) -> str:
        """Return the HTML of `![[target]]` or `![](target)`; `size` are an image's attributes that set its size."""
        found = embedded(self.links, target, origin.location.path)
        self._note(found, origin)
        match found.shows:
            case Shows.SOUND:
                return f"{SOUND}{found.name}{SOUND_ENDS}"
            case Shows.PICTURE:
                return f'<img src="{escape(found.name)}" alt="{escape(alt)}"{size}>'
            case Shows.NOTE if found.part is not None:
                return self._transcluded(found.part, target, alt, origin)
            case Shows.LINK:
                return self.link(target, alt or link_text(target), origin)
        name = target.partition("#")[0]
        return self.missing(name if is_media(name) else alt or link_text(target))

    def stored(self, name: str, origin: Origin) -> str | None:
        """Return the name under which Anki stores a picture or sound; None where it cannot, which is a problem."""
        found = medium(self.links, name, origin.location.path)
        self._note(found, origin)
        return found.name or None

    def _note(self, found: Target, origin: Origin) -> None:
        """Keep a picture or sound, and what is wrong with what an embed leads to."""
        if found.name:
            self.media.append((found.name, str(found.file)))
        if found.code:
            shows = "; the card shows its name" if found.shows is Shows.NAME and found.code != UNREADABLE else ""
            self._problem(origin, found.code, found.message + shows, found.severity)

    def missing(self, name: str) -> str:
        """Return the HTML of the name of a file that is missing."""
        return f'<span class="missing">{escape(name)}</span>'

    # -- notes ---------------------------------------------------------------------------------

    def is_note(self, target: str, origin: Origin) -> bool:
        """Whether an embed shows blocks of a note, which cannot stand inside a paragraph."""
        found = embedded(self.links, target, origin.location.path)
        return found.shows is Shows.NOTE and not (found.part and found.part.is_text)

    def _transcluded(self, part: Linked, target: str, alias: str, origin: Origin) -> str:
        note, document, blocks = part.note, part.document, part.blocks
        if not blocks:
            return ""  # a heading without text below it
        key = note_key(note.path, part.place)
        why = (
            "comes back to itself"
            if key in origin.open_embeds
            else f"is nested in more than {DEEPEST} others"
            if len(origin.open_embeds) > DEEPEST
            else "is one too many for one card"
            if self._size > _LARGEST or self.documents > MOST
            else "is one too many for the cards of one note"
            if self.of_note.left < 0
            else ""
        )
        if why:
            self._problem(origin, "embed-cycle", f"the embed ![[{target}]] {why}; the card shows its name")
            return self.link(target, alias or link_text(target), origin)
        location = Location(note.path, blocks[0].line)
        inner = Origin(location, document.env, document.footnotes, (*origin.open_embeds, key))
        html = self._part(blocks, inner, is_text=part.is_text)
        if len(inner.open_embeds) == _OUTERMOST:
            self.of_note.left -= len(html)
        return html.strip() if part.is_text else f'<div class="transclusion">{html}</div>'

    def _part(self, blocks: Sequence[Block], inner: Origin, *, is_text: bool) -> str:
        """Return the HTML of a part of a note. What it is depends on what stands around it and on what came before.

        `is_text` says that of a block only its text is shown, and not what is nested in it.
        """
        key = (*inner.open_embeds, is_text, self.documents, self._size)
        shown = self.of_note.parts.get(key)
        if shown is None:
            apart = replace(self, media=[], problems=[], targets=[])
            html = self.render(blocks, inner, apart)
            size = apart._size + len(html)
            shown = Shown(html, apart.media, apart.problems, apart.targets, apart.documents, size)
            self.of_note.parts[key] = shown
        self.media += shown.media
        self.problems += shown.problems
        self.targets += shown.targets
        self.documents, self._size = shown.documents, shown.size
        return shown.html

    def formula(self, origin: Origin, source: str, why: str) -> None:
        """Report a formula that stands on the card as code."""
        short = source if len(source) <= _SHORT else source[: _SHORT - 1] + "…"
        self._problem(origin, "formula", f"the formula “{' '.join(short.split())}” is shown as code on the card: {why}")

    def _problem(self, origin: Origin, code: str, message: str, severity: Severity = Severity.WARNING) -> None:
        self.problems.append(Problem(origin.location, code, message, severity))


def note_key(path: str, part: str = "") -> str:
    """Return the key of a note, or of a part of it, in `Origin.open_embeds`."""
    return f"{path}#{part.strip().casefold()}"


def address_of(links: Links, file: Path, *parts: str) -> str:
    """Return the address that opens a file of the vault in Obsidian, at a heading below headings, or at a block.

    Without Obsidian's vault that is the page or block of a Logseq graph, else nothing.
    """
    inside = links.inside(file)
    if not links.vault_name or not inside:
        return _logseq_address(links, file, parts[-1] if parts else "")
    names = [part if part.startswith("^") else " ".join(_NOT_IN_HEADINGS.sub(" ", part).split()) for part in parts]
    target = "#".join([inside.removesuffix(".md"), *filter(None, names)])
    return f"obsidian://open?vault={_quoted(links.vault_name)}&file={_quoted(target)}"


def _logseq_address(links: Links, file: Path, part: str) -> str:
    page = links.page(file)
    if part.startswith("^") and page is not None:
        return f"logseq://graph/{_quoted(links.graph_name)}?block-id={_quoted(part[1:])}"
    return f"logseq://graph/{_quoted(links.graph_name)}?page={_quoted(page)}" if page else ""


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="replace")
