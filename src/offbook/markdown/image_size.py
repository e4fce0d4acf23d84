"""Inline rule: a picture's size as other programs write it, `![alt](p.png =300x200)`, `![alt](p.png){width=300}`."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, image

_SIZED = re.compile(
    r"!\[(?P<alt>[^\[\]\n]*+)\]\(\s*+(?P<src>[^\s()<>]++)(?:\s++\"[^\"\n]*+\")?\s++=(?P<width>\d{1,4}%?)?x?(?P<height>\d{1,4})?\s*\)"
)
_ATTRIBUTES = re.compile(r"[ ]?\{:?(?P<all>[^{}\n]{1,100})\}")
_ATTRIBUTE = re.compile(r"\b(?P<name>width|height)\s*=\s*[\"']?(?P<value>\d{1,4}%?)(?:px)?[\"']?")


def image_size_plugin(md: MarkdownIt) -> None:
    """Give a picture's token the attributes `width` and `height`, in pixels or `%`."""
    md.inline.ruler.at("image", _image)


def _image(state: StateInline, silent: bool) -> bool:
    sized = _SIZED.match(state.src, state.pos, state.posMax)
    if sized is not None and (sized["width"] or sized["height"]):
        if not silent:
            token = state.push("image", "img", 0)
            token.content = sized["alt"]
            token.attrs = {"src": state.md.normalizeLink(sized["src"]), "alt": ""}
            token.children = state.md.parseInline(sized["alt"], state.env)[0].children
            token.attrs |= {name: sized[name] for name in ("width", "height") if sized[name]}
        state.pos = sized.end()
        return True
    if not image(state, silent):
        return False
    behind = _ATTRIBUTES.match(state.src, state.pos, state.posMax)
    found = {match["name"]: match["value"] for match in _ATTRIBUTE.finditer(behind["all"])} if behind else {}
    if behind is not None and found:
        if not silent:
            state.tokens[-1].attrs |= found
        state.pos = behind.end()
    return True
