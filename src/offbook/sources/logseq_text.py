"""Writes a line of Logseq's text as Obsidian would: references, gaps, tags, tasks, macros, pictures."""

from __future__ import annotations

import re

from offbook.text import MARKED, MARKINGS

ID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
REFERENCE = re.compile(rf"\(\((?P<id>{ID})\)\)")
"""A reference to a block; as the name of a note it is the page that holds the block."""
_MARKER = re.compile(
    r"(?P<head>[ \t]*(?:- )?(?:\#{1,6}[ ]+)?)"
    r"(?:(?P<word>TODO|DOING|DONE|NOW|LATER|WAIT|WAITING|IN-PROGRESS|CANCELED|CANCELLED)[ ]+)?"
    r"(?:\[\#[ABC]\][ ]+)?(?=\S)"
)
_BOXES = {"DONE": "[x] ", "CANCELED": "[-] ", "CANCELLED": "[-] "}
_PAGES_BEHIND_TAGS = re.compile(
    r"(?<=\S)(?P<tags>(?:[ \t]+#[\w/-]{1,60}){1,10})(?P<pages>(?:[ \t]+\[\[[^\[\]\n]{1,200}\]\]){1,10})[ \t]*\Z"
)
_PAGES_AT_END = re.compile(r"(?:[ \t]++\[\[[^\[\]\n]{1,200}\]\]){1,10}\Z")
_PAGE = re.compile(r"\[\[([^\[\]\n]+)\]\]")
_MAY_BE_TAG = re.compile(r"[\w/ -]+")
_ENDS_SENTENCE = tuple(".?!:…。？！：")
_TAGS_BEHIND = re.compile(
    r"(?P<word>(?<!\S)[^\s#]\S{0,200}(?<![.?!:…。？！：]))(?P<tags>(?: #[^\s#\[\]]{1,60}){1,10})[ \t]*\Z"
)
_TAGS_AT_END = re.compile(r"(?<!\s)(?:[ \t]++#(?:\[\[[^\[\]\n]{1,200}\]\]|[^\s#\[\]]{1,60})){1,20}[ \t]*\Z")
_GLUED = re.compile(r"(?<!\S)(?P<word>(?!\w{1,12}://)[^\s#]{1,200})(?=#(?:flash)?card[ \t]*\Z)", re.IGNORECASE)
"""A word right behind which the mark of a card stands, as Logseq allows."""
_NO_TAG = re.compile(r"(?<!\S)[^\s#]")
_CODE = re.compile("\ufdd0(\\d+)\ufdd1")  # signs that no text has, see `sources.note`
TAG = re.compile(r"#\[\[(?P<tag>[^\[\]\n]+)\]\]|\[\[(?P<card>(?:flash)?card)\]\]", re.IGNORECASE)
_CLOZE = re.compile(r"\{\{cloze (?P<text>(?:[^{}\\]|\\(?!\\)|\{(?!\{)|\}(?!\}))++)(?:\\\\(?P<hint>[^{}]*+))?+\}\}")
_MACRO = re.compile(r"\{\{\{?(?P<name>[a-z][\w-]*)(?:[ :]+(?P<value>(?:[^{}\n]|\{[^{}\n]*\})*))?\}?\}\}")
_SHOW_ADDRESS = ("video", "youtube", "vimeo", "bilibili", "tweet", "twitter", "pdf", "img")
_SHOW_NOTHING = ("query", "cards", "renderer", "function", "youtube-timestamp", "namespace", "zotero-linked-file")
_LABELLED = re.compile(rf"\[(?P<label>[^\[\]\n]+)\]\((?:\(\((?P<id>{ID})\)\)|\[\[(?P<page>[^\[\]\n]+)\]\])\)")
_ASSET = re.compile(r"(?<=\]\()(?P<path>(?:\.\./|/)?assets/[^()\n]*)(?=\))")
_SIZE = re.compile(r"(?<=\))\{:(?P<all>[^{}\n]*)\}")
_MARKED = re.compile(r"\^\^(?P<text>[^\s^](?:[^\n^]*[^\s^])?)\^\^")
_LONGEST = 10_000  # characters of a line


class Writer:
    """Writes the lines of one block; gaps are counted in it, and are gaps only where it `is_card`."""

    def __init__(self, *, is_card: bool) -> None:
        self._is_card = is_card
        self._gaps = 0

    def line(self, number: int, line: str) -> str:
        """Return a line of text with what Logseq writes in it as Obsidian does."""
        if number == 0 and (marker := _MARKER.match(line)):
            box = _BOXES.get(marker["word"], "[ ] ") if marker["word"] else ""
            is_heading = "#" in marker["head"] or "-" not in marker["head"]
            line = marker["head"] + ("" if is_heading else box) + line[marker.end() :]
        if len(line) > _LONGEST:
            return line  # no one wrote it by hand
        if not any(mark in line for mark in ("((", "{", "[[", "^^", "](", "#")):
            return line
        from offbook.markdown.opaque import opaque

        code = [(start, end) for start, end, kind in opaque(line) if kind == "code"]
        text = line
        for number, (start, end) in reversed([*enumerate(code)]):
            text = f"{text[:start]}\ufdd0{number}\ufdd1{text[end:]}"
        text = _GLUED.sub(r"\g<word> ", text)
        text = _PAGES_BEHIND_TAGS.sub(_pages_in_front, self._inline(text))
        text = _TAGS_BEHIND.sub(_tags_as_words, text)
        return _CODE.sub(lambda match: line[slice(*code[int(match[1])])], text)

    def _inline(self, text: str) -> str:
        """Return inline source as Obsidian writes it; something else stands for its code."""
        text = _LABELLED.sub(_labelled, text)
        text = _MACRO.sub(_macro, _CLOZE.sub(self._gap, text))
        text = REFERENCE.sub(_reference, text)
        text = TAG.sub(
            lambda match: as_tag(match["tag"] or match["card"]) if _ends(match) else f"[[{match['tag']}]]", text
        )
        text = _SIZE.sub(_size, _ASSET.sub(lambda match: match["path"].replace(" ", "%20"), text))
        return _MARKED.sub(r"==\g<text>==", text)

    def _gap(self, match: re.Match[str]) -> str:
        text, hint = match["text"].strip(), (match["hint"] or "").strip()
        if not self._is_card:
            return text
        self._gaps += 1
        return f"{{{{c{self._gaps}::{text}{'::' if hint else ''}{hint}}}}}"


def _ends(match: re.Match[str]) -> bool:
    """Whether a tag in brackets marks a card, or is at the end: behind such a mark, or behind an ended sentence."""
    before, behind = match.string[: match.start()], match.string[match.end() :]
    if MARKINGS.fullmatch(match["tag"] or match["card"]):
        return True
    if _NO_TAG.search(behind):
        return False
    tags = _TAGS_AT_END.search(before)
    text = (before[: tags.start()] if tags else before).rstrip()
    return text.endswith(_ENDS_SENTENCE) or (tags is not None and MARKED.search(tags[0]) is not None)


def _pages_in_front(match: re.Match[str]) -> str:
    """Return pages in front of the tags that they stand behind; behind one that marks a card, they are tags, too."""
    pages = _PAGE.findall(match["pages"])
    if MARKED.search(match["tags"]) and all(map(_MAY_BE_TAG.fullmatch, pages)):
        return " ".join([match["tags"], *map(as_tag, pages)])
    return match["pages"] + match["tags"]


def _tags_as_words(match: re.Match[str]) -> str:
    """Return the tags at the end of a line as words of its sentence, down to the first that marks a card.

    In Logseq a tag is a word like any other; behind a mark that ends a sentence, and behind pages there, it is none.
    """
    before = match.string[: match.end("word")]
    pages = _PAGES_AT_END.search(before)
    if pages and before[: pages.start()].endswith(_ENDS_SENTENCE):
        return match[0]
    tags = match["tags"].split(" ")
    first = next((index for index, tag in enumerate(tags) if MARKINGS.fullmatch(tag[1:])), len(tags))
    return match["word"] + " ".join(f"\\{tag}" if tag and index < first else tag for index, tag in enumerate(tags))


def as_tag(page: str) -> str:
    """Return the tag that names a page."""
    return f"#{'-'.join(page.split())}"


def _labelled(match: re.Match[str]) -> str:
    target = match["page"] or f"(({match['id'].lower()}))"
    return f"[[{target}|{match['label']}]]"


def _size(match: re.Match[str]) -> str:
    """Return the attributes of a picture as Pandoc writes them."""
    pairs = re.findall(r":(width|height)\s+(\d+)", match["all"])
    return f"{{{' '.join(f'{name}={value}' for name, value in pairs)}}}" if pairs else match[0]


def _macro(match: re.Match[str]) -> str:
    """Return what a macro shows: an embed, an address, nothing; one of the writer's own stays."""
    name, value = match["name"], (match["value"] or "").strip()
    if name == "embed":
        if block := REFERENCE.fullmatch(value):
            return f"![[(({block['id'].lower()}))#^{block['id'].lower()}]]"
        return f"!{value}" if value.startswith("[[") else value
    if name in _SHOW_ADDRESS:
        return f"https://youtu.be/{value}" if name == "youtube" and "/" not in value else value
    return "" if name in _SHOW_NOTHING else match[0]


def _reference(match: re.Match[str]) -> str:
    """Return a reference as an embed, unless it is the target of a link or an embed already."""
    before = match.string[max(match.start() - 2, 0) : match.start()]
    return match[0] if before == "[[" else f"![[(({match['id'].lower()}))]]"
