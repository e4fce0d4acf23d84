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
    return _CLEANER.clean(html)
