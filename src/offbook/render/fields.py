"""The last step to a field: Anki must not take anything in the text for one of its own marks.

A mark that offbook means comes here as a noncharacter of Unicode, which no text holds, and becomes the mark. A mark
that the writer wrote is split: in text by an element, which Anki's editor keeps (it turns an entity into its character
at the first edit) and MathJax does not read across; in an attribute by an entity.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

GAP, GAP_NUMBER_ENDS, GAP_ENDS = "\ufdd0", "\ufdd1", "\ufdd2"
"""A deletion: `GAP`, its index, `GAP_NUMBER_ENDS`, what it hides, `GAP_ENDS`."""
MATH, MATH_ENDS, DISPLAY, DISPLAY_ENDS = "\ufdd3", "\ufdd4", "\ufdd5", "\ufdd6"
SOUND, SOUND_ENDS = "\ufdd7", "\ufdd8"
RESERVED = re.compile("[\ufdd0-\ufdd8]")
_MEANT = {MATH: r"\(", MATH_ENDS: r"\)", DISPLAY: r"\[", DISPLAY_ENDS: r"\]", SOUND: "[sound:", SOUND_ENDS: "]"}

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Blanks and line breaks at the start or the end of a text, left beside a tag or a block id that is not shown.
_EDGE = re.compile(r"(?P<begins><p>)?(?: |<br>\n?)++(?P<ends>(?=</(?:p|li|h[1-6]|td|th|dt|dd)>))?")
_BLANK_BEHIND = re.compile(r" </(?:p|li|h[1-6]|td|th|dt|dd)>")
_EMPTY = re.compile(r"<p>\s*</p>\n?")
_TAG = r'<(?:[^<>"]|"[^"]*")*>'
_OF_ANKI = r"\[(?=(?i:sound:|latex\]|/?anki:)|\$\$?\])|\\(?=[(\[])"
_IN_A_GAP = rf"\}}(?=\}}|{GAP_ENDS})|:(?=:|{GAP_ENDS})"
_PIECE = re.compile(
    rf"(?P<gap>{GAP}\d+{GAP_NUMBER_ENDS})|(?P<gap_ends>{GAP_ENDS})|(?P<meant>[{''.join(_MEANT)}])|(?P<tag>{_TAG})"
    rf"|(?P<of_anki>{_OF_ANKI})|(?P<deletion>\{{(?=\{{c\d+::))|(?P<in_a_gap>{_IN_A_GAP})",
    re.IGNORECASE,
)
_MARK_OF_ANKI = re.compile(_OF_ANKI)
_IN_TAG = re.compile(rf"{_OF_ANKI}|\{{(?=\{{c\d+::)|{_IN_A_GAP}", re.IGNORECASE)

_IN_HINT = re.compile(rf"{_OF_ANKI}|\}}(?=\}}|\Z)|:(?=:)|\{{(?=\{{c\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Gap:
    """A deletion of a cloze."""

    number: int
    hint: str = ""


def field(html: str, gaps: Sequence[Gap] = ()) -> str:
    """Return sanitised HTML as a field; `gaps` are the deletions of a cloze, by index."""
    html = _CONTROL.sub("", html)
    if _has_edges(html):
        html = _EDGE.sub(_trimmed, html)
    html = _EMPTY.sub("", html)
    if not gaps and not (("[" in html or "\\" in html) and _MARK_OF_ANKI.search(html)):
        for character, mark in _MEANT.items():
            html = html.replace(character, mark)
        return html.strip()
    writer = _Writer(gaps)
    return (_PIECE.sub(writer, html) + writer.rest()).strip()


def _has_edges(html: str) -> bool:
    """Whether there may be blanks to trim. `_EDGE` tries every blank, which takes ten times as long as this."""
    if "<p> " in html or "<p><br>" in html or "<br></" in html or "<br>\n</" in html:
        return True
    return " </" in html and bool(_BLANK_BEHIND.search(html))


def _trimmed(match: re.Match[str]) -> str:
    begins: str | None = match["begins"]
    return match[0] if begins is None and match["ends"] is None else begins or ""


@lru_cache(maxsize=1000)
def text_field(text: str) -> str:
    """Return plain text as a field; kept, since the cards of a note share their headings."""
    return field(escape(RESERVED.sub("", text)))


class _Writer:
    """Replaces the pieces in their order: what becomes of one depends on the deletion or formula that is open."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        self._gaps = gaps
        self._open: list[Gap] = []
        self._math = False

    def __call__(self, match: re.Match[str]) -> str:
        piece = match[0]
        match match.lastgroup:
            case "gap":
                return self._gap(int(piece[1:-1]))
            case "gap_ends":
                return self._end_of_gap() if self._open else ""
            case "meant":
                self._math = piece in (MATH, DISPLAY)
                return _MEANT[piece]
            case "tag":
                return _IN_TAG.sub(self._entity, piece)
            case "deletion" if not self._gaps:
                return piece
            case "in_a_gap" if not self._open:
                return piece
        return self._apart(piece)

    def rest(self) -> str:
        """Return the ends of deletions that are still open, because Markdown swallowed theirs."""
        return "}}" * len(self._open)

    def _gap(self, index: int) -> str:
        if index >= len(self._gaps):
            return ""
        self._open.append(self._gaps[index])
        return f"{{{{c{self._open[-1].number}::"

    def _end_of_gap(self) -> str:
        hint = self._open.pop().hint
        if not hint:
            return "}}"
        hint = escape(RESERVED.sub("", _CONTROL.sub("", hint)))
        protected = _IN_HINT.sub(lambda mark: f"&#{ord(mark[0])};", hint)
        return f"::{protected}}}}}"

    def _apart(self, character: str) -> str:
        """Return a mark's first character, split from the next by an element; in a formula, which an element would end,
        by a blank, which means nothing there.
        """
        if not self._math:
            return f"<span>{character}</span>"
        return character if character == "\\" else f"{character} "

    def _entity(self, match: re.Match[str]) -> str:
        if (match[0] == "{" and not self._gaps) or (match[0] in "}:" and not self._open):
            return match[0]
        return f"&#{ord(match[0])};"
