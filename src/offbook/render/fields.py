"""The last step to a field: nothing in the text may be taken for one of Anki's own marks.

What offbook itself means as a mark comes here as characters that Unicode keeps out of texts, and is turned into the
mark; what the writer wrote is taken apart. In text an element does that, since Anki's editor keeps it (an entity
becomes its character there at the first edit) and MathJax does not look across it; in an attribute it is an entity.
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
# What is left beside a tag or a block id that is hidden at the beginning or the end of a text.
_EDGE = re.compile(r"(?P<begins><p>)?(?: |<br>\n?)++(?P<ends>(?=</(?:p|li|h[1-6]|td|th|dt|dd)>))?")
_EMPTY = re.compile(r"<p>\s*</p>\n?")
_BLANK_BEHIND = re.compile(r" </(?:p|li|h[1-6]|td|th|dt|dd)>")
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
        return _meant(html).strip()
    writer = _Writer(gaps)
    return (_PIECE.sub(writer, html) + writer.rest()).strip()


def _has_edges(html: str) -> bool:
    """Whether there may be something to trim: the pattern that does it looks at every blank."""
    if "<p> " in html or "<p><br>" in html or "<br></" in html or "<br>\n</" in html:
        return True
    return " </" in html and bool(_BLANK_BEHIND.search(html))


def _meant(html: str) -> str:
    """Write the marks that are meant, in HTML that holds no other ones."""
    if not html.isascii():
        for character, mark in _MEANT.items():
            html = html.replace(character, mark)
    return html


def _trimmed(match: re.Match[str]) -> str:
    begins: str | None = match["begins"]
    return match[0] if begins is None and match["ends"] is None else begins or ""


@lru_cache(maxsize=1000)
def text_field(text: str) -> str:
    """Return plain text as a field. The cards of a note have many in common."""
    return field(escape(RESERVED.sub("", text)))


class _Writer:
    """Writes the pieces in their order: what a piece becomes depends on what is open around it."""

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
        """Return what closes the deletions whose end was lost in some Markdown."""
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
        """Part a mark's first character from the next; in a formula a blank means nothing, and an element an end."""
        if not self._math:
            return f"<span>{character}</span>"
        return character if character == "\\" else f"{character} "

    def _entity(self, match: re.Match[str]) -> str:
        if (match[0] == "{" and not self._gaps) or (match[0] in "}:" and not self._open):
            return match[0]
        return f"&#{ord(match[0])};"
