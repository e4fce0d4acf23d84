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
# The look of text only: none of these moves text elsewhere or loads a file.
_STYLES = {"text-align", "color", "background-color", "font-weight", "font-style", "text-decoration"}
_OF_IMAGES = "data:image/"
# Browsers drop these from an address before they read its scheme: `dat&Tab;a:` is `data:`.
_UNSEEN = re.compile(r"[\x00-\x20]")


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Return an attribute's value, or None to drop it: ids but those of footnotes (Anki has its own), data: addresses
    but those of pictures.
    """
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
    """Return the HTML without scripts, handlers, frames, forms and layout; the text in other elements stays."""
    return _CLEANER.clean(html)
