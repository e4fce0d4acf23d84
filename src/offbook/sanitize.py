"""What HTML may stand on a card: nothing that could run, load or reach out of its place."""

from __future__ import annotations

import re

import nh3

_TAGS = nh3.ALLOWED_TAGS | {"input", "section"}
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
# Of the look of text, and nothing that could place it elsewhere or load something.
_STYLES = {"text-align", "color", "background-color", "font-weight", "font-style", "text-decoration"}
_OF_IMAGES = "data:image/"
# What browsers leave out of an address before they read its scheme: `dat&Tab;a:` is `data:`.
_UNSEEN = re.compile(r"[\x00-\x20]")


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Keep the ids of footnotes only, lest one be Anki's own, and data: addresses for pictures only."""
    if name == "id":
        return value if value.startswith(("fn-", "fnref-")) else None
    if name in ("href", "src"):
        address = _UNSEEN.sub("", value).lower()
        if address.startswith("data:"):
            return value if tag == "img" and address.startswith(_OF_IMAGES) else None
    return value


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto", "obsidian", "data"},
    link_rel=None,
    clean_content_tags={"script", "style", "iframe", "object", "embed", "noscript", "template"},
    filter_style_properties=_STYLES,
    set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},
)


def sanitize(html: str) -> str:
    """Return the HTML without scripts, handlers, frames, forms and layout; the text in between stays."""
    return html if is_plain(html) else _CLEANER.clean(html)


def is_plain(html: str) -> bool:
    """Whether HTML is known to come out of the sanitiser as it went in, as most of what goes in does."""
    return not _CHANGED.search(html) and bool(_PLAIN.fullmatch(html))


# By a parser of HTML, wherever it stands. (In each part of the pattern below, it would take long to make that one.)
_CHANGED = re.compile("[\r\0\xa0\ud800-\udfff\ufeff]")


def _any_of(*parts: str) -> str:
    # No two parts begin alike, so nothing is tried twice; `*+` would say so, but Python 3.11.2 takes half a part then.
    return f"(?:{'|'.join(parts)})*"


def _plain() -> str:
    """Return a pattern for HTML that a parser of HTML leaves as it is, but for single characters.

    It holds no attribute but `class`, and no element that such a parser would close earlier or put elsewhere. What it
    leaves out (links, lists in lists, …) costs time only.
    """
    texts = ("[^<>&]++", "&(?:amp|lt|gt);")
    text = _any_of(*texts)
    span = rf'<span class="[\w -]+">{text}</span>'
    code = f"<code>{text}</code>"
    words = _any_of(*texts, "<br>", code)
    inline = (*texts, "<br>", code, f"<em>{words}</em>", f"<strong>{words}</strong>")
    block = f"<pre><code>{_any_of(*texts, span)}</code></pre>"
    flow = (*inline, f"<p>{_any_of(*inline)}</p>", block)
    end = r"\n"
    items = _any_of(end, f"<li>{_any_of(*flow)}</li>")
    head = f"<tr>{_any_of(end, f'<th>{words}</th>')}</tr>"
    rows = _any_of(end, f"<tr>{_any_of(end, f'<td>{words}</td>')}</tr>")
    table = f"<table>{end}<thead>{end}{head}{end}</thead>{end}(?:<tbody>{rows}</tbody>{end})?</table>"
    box = rf'<div class="[\w -]+">{_any_of(*flow, table)}</div>'
    return _any_of(*flow, f"<ul>{items}</ul>", f"<ol>{items}</ol>", box)


_PLAIN = re.compile(_plain())
