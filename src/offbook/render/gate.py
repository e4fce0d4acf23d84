"""The gate: the last step before a field of Anki, and the only way into one.

Its order is fixed. Control and reserved characters go first, however they are written, so that nothing is put together
again behind a look at it. Then HTML is cut down to what may stand on a card, Anki's own marks are split, and nh3 has
the last word. No code changes a string behind the gate.

nh3 is asked twice, because it is the parser, too. What a page shows side by side need not stand so in the source: a
parser resolves `&#91;`, drops tags and comments, and moves text out of tables, so that `<table>[<tr>…</tr>sound:x]`
shows `[sound:x]`. Marks can only be split in what it has put together; and as that changes the HTML, it judges it
once more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape

import nh3

from offbook.markdown.deletions import Deletion
from offbook.markdown.html_names import MAY_STAND
from offbook.render.marks import with_marks

_ATTRIBUTES = {
    "*": {"class", "dir", "lang", "title", "align", "style"},
    "a": {"href", "id"},
    "img": {"src", "alt", "width", "height"},
    "input": {"type", "checked", "disabled"},
    "details": {"open", "data-callout"},
    "div": {"data-callout"},
    "li": {"id"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "time": {"datetime"},
}
# The look of text, and the size of pictures: none of these moves anything elsewhere or loads a file.
_STYLES = {"text-align", "color", "background-color", "font-weight", "font-style", "text-decoration"}
_SIZES = {"zoom", "width", "height", "max-width", "max-height"}
_SIZE = re.compile(r"\s*[\w-]+\s*:\s*\d{1,4}(?:\.\d{1,3})?(?:px|%|em|rem)?\s*")
_OF_IMAGES = "data:image/"
# Browsers drop these from an address before they read its scheme: `dat&Tab;a:` is `data:`.
_UNSEEN = re.compile(r"[\x00-\x20]")
# Control characters, and those that Unicode keeps out of texts.
_OUT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:[xX]0*+([0-9a-fA-F]{1,6})(?![0-9a-fA-F])|0*+([0-9]{1,7})(?![0-9]));?")
# Blanks and line breaks at the start or the end of a text, left beside a tag or a block id that is not shown.
_EDGE = re.compile(r"(?P<begins><p>)?(?: |<br>\n?)++(?P<ends>(?=</(?:p|li|h[1-6]|td|th|dt|dd)>))?")
_BLANK_BEHIND = re.compile(r" </(?:p|li|h[1-6]|td|th|dt|dd)>")
_EMPTY = re.compile(r"<p>\s*</p>\n?")


def gate(html: str, gaps: Sequence[Deletion] = (), *, one_line: bool = False) -> str:
    """Return HTML as a field; `gaps` are the deletions of a cloze, by index.

    With `one_line` a text of a single paragraph stands without its `<p>`: it needs no margins.
    """
    clean = normal(sanitize(normal(html)))
    if _has_edges(clean):
        clean = _EDGE.sub(_trimmed, clean)
    marked = with_marks(_EMPTY.sub("", clean), gaps).strip()
    return last_word(_single_paragraph(marked) if one_line else marked)


def last_word(html: str) -> str:
    """Return what nh3 leaves of a field. It is changed by nothing after this."""
    return _CLEANER.clean(html)


@lru_cache(maxsize=1000)
def text_field(text: str, voice: str = "") -> str:
    """Return plain text as a field; kept, since the cards of a note share their headings.

    It holds no HTML that nh3 could judge but the elements that split marks. With a `voice`, such as `de_DE`, Anki
    reads it aloud and shows a play button in its place.
    """
    field = with_marks(escape(_OUT.sub("", text))).strip()
    return f"[anki:tts lang={voice}]{field}[/anki:tts]" if voice else field


# -- characters ------------------------------------------------------------------------------------


def normal(html: str) -> str:
    """Return HTML without control and reserved characters, whether they stand there or are written as references."""
    return _OUT.sub("", _REFERENCE.sub(_resolved, html) if "&#" in html else html)


def _resolved(reference: re.Match[str]) -> str:
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    # References to U+0080 to U+009F are read as the letters of Windows-1252.
    if number in range(0x80, 0xA0) or number > _LAST_CHARACTER:
        return reference[0]
    return "" if _OUT.match(chr(number)) else reference[0]


_LAST_CHARACTER = 0x10FFFF


# -- HTML ------------------------------------------------------------------------------------------


def sanitize(html: str) -> str:
    """Return the HTML without scripts, handlers, frames, forms and layout; the text in other elements stays."""
    return _CLEANER.clean(html)


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Return an attribute's value, or None to drop it: ids but those of footnotes (Anki has its own), data: addresses
    but those of pictures, and of styles the sizes of what is no picture.
    """
    if name == "style":
        kept = (part for part in value.split(";") if _is_allowed(tag, part))
        return ";".join(kept) or None
    if name == "id":
        return value if value.startswith(("fn-", "fnref-")) else None
    if name in ("href", "src"):
        address = _UNSEEN.sub("", value).lower()
        if address.startswith("data:"):
            return value if tag == "img" and address.startswith(_OF_IMAGES) else None
    return value


def _is_allowed(tag: str, declaration: str) -> bool:
    """Whether a declaration of a style may stand on a card: a look, or on a picture a size in numbers."""
    name = declaration.partition(":")[0].strip().lower()
    return name in _STYLES or (name in _SIZES and tag == "img" and bool(_SIZE.fullmatch(declaration)))


_CLEANER = nh3.Cleaner(
    tags=set(MAY_STAND),
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto", "obsidian", "logseq", "data"},
    link_rel=None,
    clean_content_tags={"script", "style", "iframe", "object", "embed", "noscript", "template"},
    filter_style_properties=_STYLES | _SIZES,
    set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},
)


# -- blanks ----------------------------------------------------------------------------------------


def _has_edges(html: str) -> bool:
    """Whether there may be blanks to trim. `_EDGE` tries every blank, which takes ten times as long as this."""
    if "<p> " in html or "<p><br>" in html or "<br></" in html or "<br>\n</" in html:
        return True
    return " </" in html and bool(_BLANK_BEHIND.search(html))


def _trimmed(match: re.Match[str]) -> str:
    begins: str | None = match["begins"]
    return match[0] if begins is None and match["ends"] is None else begins or ""


def _single_paragraph(html: str) -> str:
    text = html[len("<p>") : -len("</p>")]
    whole = html == f"<p>{text}</p>" and "<p>" not in text and "</p>" not in text
    return text if whole else html
