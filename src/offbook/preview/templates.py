"""Renders Anki's card templates, as far as offbook's notetypes use their syntax.

A test compares the result with that of a real collection. Text that Anki reads aloud (`[anki:tts]`) is left out;
`[sound:]` stays as it is, for `offbook.preview.media`.

Source: https://docs.ankiweb.net/templates/intro.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape

from offbook.notetypes import Notetype, template

_SPEECH = re.compile(r"(?s)\[anki:tts [^\]]*\].*?\[/anki:tts\]")
_TAG = re.compile(r"\{\{([#^/]?)([^{}]*+)\}\}")
_EMPTY = re.compile(r"(?i)(?:\s|</?(?:br|div) ?/?>)*")
_MARKUP = re.compile(r"(?is)<!--.*?-->|<style.*?>.*?</style>|<script.*?>.*?</script>|<.*?>")
_CLOZE_MARK = re.compile(r"(\{\{c\d[\d,]*::|\}\})")
# What Anki escapes where it puts hidden text into an attribute: all of Latin-1 but ASCII letters and digits.
_NOT_PLAIN = re.compile(r"[\x00-\xff](?<![0-9A-Za-z])")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_MATHJAX = re.compile(r"(\\[(\[])(.*?)(\\[])])", re.DOTALL)
_DEEPEST_CLOZE = 10


@dataclass(frozen=True, slots=True)
class Face:
    """One card of an Anki note, as HTML."""

    name: str
    """The template's name; for a cloze, the number of the deletion, such as `c2`."""
    ordinal: int
    """Anki's number of the card, from 0."""
    front: str
    back: str


def faces(notetype: Notetype, values: tuple[str, ...], tags: Iterable[str] = ()) -> Iterator[Face]:
    """Yield the cards that Anki makes of a note; `values` are its fields, in the notetype's order."""
    fields = dict(zip(notetype.fields, values, strict=True)) | {"Tags": " ".join(tags)}
    if notetype.cloze:
        ((_, stem),) = notetype.templates
        front, back = template(stem)
        for number in cloze_numbers(values[0]):
            name, ordinal = f"c{number}", number - 1
            yield Face(name, ordinal, render(front, fields, ordinal), render(back, fields, ordinal, back=True))
        return
    for ordinal, (name, stem) in enumerate(notetype.templates):
        front, back = template(stem)
        # Anki makes no card with an empty front, so there is a reverse only where the field Reversed is set.
        if rendered := render(front, fields, ordinal).strip():
            yield Face(name, ordinal, rendered, render(back, fields, ordinal, back=True))


def render(source: str, fields: Mapping[str, str], ordinal: int, *, back: bool = False) -> str:
    """Return one side of a card as HTML; raise KeyError for a field that the notetype lacks, or an unknown filter."""
    parts: list[str] = []
    shown = [True]  # for each condition that is open, whether the text inside it is shown
    pieces = iter(_TAG.split(source))
    for text in pieces:
        parts.append(text if shown[-1] else "")
        mark, name = next(pieces, ""), next(pieces, "").strip()
        if mark == "/":
            shown.pop()
        elif mark:
            shown.append(shown[-1] and _is_empty(fields[name]) == (mark == "^"))
        elif name and shown[-1]:
            parts.append(_value(name, fields, ordinal, back))
    return _SPEECH.sub("", "".join(parts))


def _is_empty(value: str) -> bool:
    return _EMPTY.fullmatch(value) is not None


def _value(tag: str, fields: Mapping[str, str], ordinal: int, back: bool) -> str:
    """Return a field's value after its filters, such as `text:Question`. The filter next to the name comes first."""
    *filters, name = tag.split(":")
    value = fields[name]
    for filter_ in reversed(filters):
        if filter_ == "text":
            value = plain(value)
        elif filter_ == "cloze":
            value = cloze(value, ordinal + 1, back=back)
        else:
            raise KeyError(f"the filter {filter_!r}")
    return value


def plain(html: str) -> str:
    """Return the text of some HTML, as Anki's filter `text` does."""
    return unescape(_MARKUP.sub("", html)).replace("\xa0", " ")


# -- cloze -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Deletion:
    """A cloze deletion, `{{c1::text::hint}}`."""

    numbers: str
    """The numbers of the cards on which it is a gap: `1`, or several as in `1,2`."""
    nodes: list[str | _Deletion] = field(default_factory=list)
    """Its text, and the deletions nested in it."""
    hint: str = "..."

    def is_gap(self, number: int) -> bool:
        return str(number) in self.numbers.split(",")


def cloze_numbers(text: str) -> list[int]:
    """Return the numbers of the deletions in a text, sorted; Anki makes one card of each."""
    return sorted(number for number in set(_numbers(_deletions(text))) if number)


def _numbers(nodes: list[str | _Deletion]) -> Iterator[int]:
    for node in nodes:
        if isinstance(node, _Deletion):
            yield from (int(number) for number in node.numbers.split(",") if number)
            yield from _numbers(node.nodes)


def cloze(text: str, number: int, *, back: bool) -> str:
    """Return the text with the deletions of one number as gaps; on the back, with their text."""
    html = "".join(_reveal(node, number, back) for node in _deletions(text))
    # MathJax allows no elements inside a formula.
    return _MATHJAX.sub(lambda match: match[1] + _MARKUP.sub("", match[2]) + match[3], html)


def _deletions(text: str) -> list[str | _Deletion]:
    """Return the text as a tree of deletions, read as Anki does: one that is never closed is dropped with its text."""
    nodes: list[str | _Deletion] = []
    opened: list[_Deletion] = []
    for index, piece in enumerate(_CLOZE_MARK.split(text)):
        is_mark = index % 2 == 1
        inside = opened[-1].nodes if opened else nodes
        if is_mark and piece != "}}":
            if len(opened) < _DEEPEST_CLOZE:
                opened.append(_Deletion(piece[3:-2]))
        elif is_mark and opened:
            done = opened.pop()
            (opened[-1].nodes if opened else nodes).append(done)
        elif opened:
            shown, separator, hint = piece.partition("::")
            inside.append(shown)
            opened[-1].hint = hint if separator else opened[-1].hint
        else:
            inside.append(piece)
    return nodes


def _reveal(node: str | _Deletion, number: int, back: bool) -> str:
    if isinstance(node, str):
        return node
    inner = "".join(_reveal(child, number, back) for child in node.nodes)
    if not node.is_gap(number):
        return f'<span class="cloze-inactive" data-ordinal="{node.numbers}">{inner}</span>'
    if back:
        return f'<span class="cloze" data-ordinal="{node.numbers}">{inner}</span>'
    hidden = _NOT_PLAIN.sub(lambda match: _NAMED.get(match[0], f"&#x{ord(match[0]):02X};"), inner)
    return f'<span class="cloze" data-cloze="{hidden}" data-ordinal="{node.numbers}">[{node.hint}]</span>'
