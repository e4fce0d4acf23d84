"""Core rule: Obsidian's callouts, `> [!type]- Title`."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_HEAD = re.compile(r"\[!([^\]\n]+)\]([+-]?)[ \t]*([^\n]*)(?:\n|\Z)")


def callout_plugin(md: MarkdownIt) -> None:
    """Turn block quotes that open with `[!type]` into tokens `callout_open` and `callout_close`.

    `meta` holds `type` (lower case), `fold` (`+`, `-` or nothing) and `title` (inline source, may be empty).
    """
    md.core.ruler.after("block", "callout", _callouts)


def _callouts(state: StateCore) -> None:
    # The quotes that are open, innermost last: the index of the opening token and whether it is a callout.
    quotes: list[bool] = []
    tokens = state.tokens
    for index, token in enumerate(tokens):
        if token.type == "blockquote_open":
            match = _head(tokens, index)
            quotes.append(match is not None)
            if match is not None:
                token.type, token.tag = "callout_open", "div"
                token.meta = {
                    "type": match[1].strip().lower().partition("|")[0],
                    "fold": match[2],
                    "title": match[3].strip(),
                }
                _take_head(tokens, index, match.end())
        elif token.type == "blockquote_close" and quotes.pop():
            token.type, token.tag = "callout_close", "div"
    if any(token.type == "" for token in tokens):
        state.tokens = [token for token in tokens if token.type]


def _head(tokens: list[Token], index: int) -> re.Match[str] | None:
    if tokens[index + 1].type != "paragraph_open":
        return None
    return _HEAD.match(tokens[index + 2].content)


def _take_head(tokens: list[Token], index: int, end: int) -> None:
    """Cut the head line out of the callout's first paragraph, and the paragraph out where nothing is left."""
    opening, inline, closing = tokens[index + 1 : index + 4]
    inline.content = inline.content[end:]
    if not inline.content.strip():
        for token in (opening, inline, closing):
            token.type = ""
        return
    for token in (opening, inline):
        assert token.map is not None
        token.map = [token.map[0] + 1, token.map[1]]
