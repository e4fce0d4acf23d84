"""Inline rules: `#tag/nested` and the block id `^name` at the end of a line."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

TAG = re.compile(r"#(?!\d+(?![\w/-]))([\w/-]+)")
BLOCK_ID = re.compile(r"\^([A-Za-z0-9-]+)[ \t]*(?=\n|\Z)")


def tag_plugin(md: MarkdownIt) -> None:
    """Make tokens `tag` (`content` without the `#`) and `block_id`."""
    md.inline.ruler.before("link", "tag", _tag)
    md.inline.ruler.before("link", "block_id", _block_id)


def _tag(state: StateInline, silent: bool) -> bool:
    return _word(state, silent, "tag", TAG)


def _block_id(state: StateInline, silent: bool) -> bool:
    return _word(state, silent, "block_id", BLOCK_ID)


def _word(state: StateInline, silent: bool, type_: str, pattern: re.Pattern[str]) -> bool:
    """Match `pattern` where a word begins; the token's content is the pattern's group."""
    if state.pos and not state.src[state.pos - 1].isspace():
        return False
    match = pattern.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push(type_, "", 0).content = match[1]
    state.pos = match.end()
    return True
