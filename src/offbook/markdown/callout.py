"""Core rule: Obsidian's callouts, `> [!type]- Title`."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_HEAD = re.compile(r"\[!([^\]\n]+)\]([+-]?)[ \t]*([^\n]*)(?:\n|\Z)")


def callout_plugin(md: MarkdownIt) -> None:
    """Turn block quotes that open with `[!type]` into tokens `callout_open` and `callout_close`.

    `meta` holds `fold` (`+`, `-` or nothing), and on the opening token `type` (lower case) and `title` (inline source,
    may be empty).
    """
    md.core.ruler.after("block", "callout", _callouts)


def _callouts(state: StateCore) -> None:
    quotes: list[re.Match[str] | None] = []  # the heads of the open quotes, innermost last; None: not a callout
    tokens = state.tokens
    for index, token in enumerate(tokens):
        if token.type == "blockquote_open":
            match = _HEAD.match(tokens[index + 2].content) if tokens[index + 1].type == "paragraph_open" else None
            quotes.append(match)
            if match is not None:
                token.type, token.tag = "callout_open", "div"
                token.meta = {
                    "type": match[1].strip().lower().partition("|")[0],
                    "fold": match[2],
                    "title": match[3].strip(),
                }
                _take_head(tokens, index, match.end())
        elif token.type == "blockquote_close" and (match := quotes.pop()):
            token.type, token.tag = "callout_close", "div"
            token.meta = {"fold": match[2]}
    if any(token.type == "" for token in tokens):
        state.tokens = [token for token in tokens if token.type]


def _take_head(tokens: list[Token], index: int, end: int) -> None:
    """Cut the head out of the callout's first paragraph; empty the types of its tokens where nothing is left of it."""
    opening, inline, closing = tokens[index + 1 : index + 4]
    inline.content = inline.content[end:]
    if not inline.content.strip():
        for token in (opening, inline, closing):
            token.type = ""
        return
    for token in (opening, inline):
        assert token.map is not None
        token.map = [token.map[0] + 1, token.map[1]]
