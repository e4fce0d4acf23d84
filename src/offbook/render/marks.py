"""Anki's marks: those that offbook means, and how those are split that only stand in a text.

A mark that offbook means is a word on its way to the gate, drawn anew in each run, so that no note can write it. A
mark that the writer wrote is split: in text by an element, which Anki's editor keeps (it turns an entity into its
character at the first edit) and MathJax does not read across; in an attribute by a word joiner, which nobody sees; in
an address by its code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from offbook.markdown.deletions import Deletion
from offbook.markdown.html_names import OWN

GAP, GAP_NUMBER_ENDS, GAP_ENDS = f"{OWN}g", "z", f"{OWN}e"
"""A deletion: `GAP`, its index, `GAP_NUMBER_ENDS`, what it hides, `GAP_ENDS`."""
MATH, MATH_ENDS, DISPLAY, DISPLAY_ENDS = (f"{OWN}m{number}" for number in range(4))
SOUND, SOUND_ENDS = f"{OWN}s0", f"{OWN}s1"
_MEANT = {MATH: r"\(", MATH_ENDS: r"\)", DISPLAY: r"\[", DISPLAY_ENDS: r"\]", SOUND: "[sound:", SOUND_ENDS: "]"}

_JOINER = "\u2060"
_TAG = r'<(?:[^<>"]|"[^"]*")*>'
# MathJax reads across `<wbr>`.
_OF_ANKI = r"\[(?=(?i:sound:|latex\]|/?anki:|\[type:)|\$\$?\])|\\(?=(?:<wbr\b[^<>]*>)*[(\[])"
_IN_A_GAP = rf"\}}(?=\}}|{GAP_ENDS})|:(?=:|{GAP_ENDS})"
_PIECE = re.compile(
    rf"(?P<gap>{GAP}\d+{GAP_NUMBER_ENDS})|(?P<gap_ends>{GAP_ENDS})|(?P<meant>{'|'.join(_MEANT)})|(?P<tag>{_TAG})"
    rf"|(?P<of_anki>{_OF_ANKI})|(?P<deletion>\{{(?=\{{c\d+(?:::|{GAP_ENDS})))|(?P<in_a_gap>{_IN_A_GAP})",
    re.IGNORECASE,
)
_MARK_OF_ANKI = re.compile(_OF_ANKI)
_IN_TAG = re.compile(rf"{_OF_ANKI}|\{{(?=\{{c\d+::)|{_IN_A_GAP}", re.IGNORECASE)
_ATTRIBUTE = re.compile(r'(?<![\w-])(?P<name>[\w-]++)="(?P<value>[^"]*+)"')
_ADDRESSES = {"href", "src"}
_IN_HINT = re.compile(rf"{_OF_ANKI}|\}}(?=\}}|\Z)|:(?=:)|\{{(?=\{{c\d)", re.IGNORECASE)


def with_marks(html: str, gaps: Sequence[Deletion] = ()) -> str:
    """Return sanitised HTML with the marks that are meant, and no other; `gaps` are a cloze's deletions, by index."""
    if not gaps and not (("[" in html or "\\" in html) and _MARK_OF_ANKI.search(html)):
        for word, mark in _MEANT.items() if OWN in html else ():
            html = html.replace(word, mark)
        return html
    writer = _Writer(gaps)
    return _PIECE.sub(writer, html) + writer.rest()


class _Writer:
    """Replaces the pieces in their order: what becomes of one depends on the deletion or formula that is open."""

    def __init__(self, gaps: Sequence[Deletion]) -> None:
        self._gaps = gaps
        self._open: list[Deletion] = []
        self._math = False

    def __call__(self, match: re.Match[str]) -> str:
        piece = match[0]
        match match.lastgroup:
            case "gap":
                return self._gap(int(piece[len(GAP) : -len(GAP_NUMBER_ENDS)]))
            case "gap_ends":
                return self._end_of_gap() if self._open else ""
            case "meant":
                self._math = piece in (MATH, DISPLAY)
                return _MEANT[piece]
            case "tag":
                return _ATTRIBUTE.sub(self._attribute, piece)
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
        return f"::{_IN_HINT.sub(lambda mark: mark[0] + _JOINER, escape(hint))}}}}}"

    def _apart(self, character: str) -> str:
        """Return a mark's first character, split from the next by an element; in a formula, which an element would end,
        by a blank, which means nothing there.
        """
        if not self._math:
            return f"<span>{character}</span>"
        return character if character == "\\" else f"{character} "

    def _attribute(self, attribute: re.Match[str]) -> str:
        address = attribute["name"] in _ADDRESSES

        def split(match: re.Match[str]) -> str:
            if (match[0] == "{" and not self._gaps) or (match[0] in "}:" and not self._open):
                return match[0]
            return quote(match[0], safe="") if address else match[0] + _JOINER

        return f'{attribute["name"]}="{_IN_TAG.sub(split, attribute["value"])}"'
