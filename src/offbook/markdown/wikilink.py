"""Inline rule: Obsidian's `[[target|alias]]` and `![[target|size]]`."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_WIKILINK = re.compile(r"(!?)\[\[([^\[\]\n]{1,1000})\]\]")


def wikilink_plugin(md: MarkdownIt) -> None:
    """Make tokens `wikilink` and `embed`; `content` is the target with its `#part`, `meta["alias"]` the rest."""
    md.inline.ruler.before("link", "wikilink", _wikilink)


def _wikilink(state: StateInline, silent: bool) -> bool:
    match = _WIKILINK.match(state.src, state.pos, state.posMax)
    if match is None or not match[2].strip(" \t|#^"):
        return False
    target, _, alias = match[2].partition("|")
    if not silent:
        token = state.push("embed" if match[1] else "wikilink", "", 0)
        token.content = target.strip()
        token.meta = {"alias": alias.strip("| ")}
    state.pos = match.end()
    return True
