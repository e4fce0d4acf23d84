"""Inline rules: `#tag/nested` at the end of a text, and the block id `^name` at the end of a line."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from offbook.text import BEFORE_MARKING, MARKINGS

# Obsidian's letters of tags: all but white space and punctuation, so that emoji and all scripts are in.
LETTER = r"[^\u2000-\u200c\u200e-\u206f\u2e00-\u2e7f'!\"#$%&()*+,.:;<=>?@^`{|}~\[\]\\\s]"
TAG = re.compile(rf"#(?!\d+(?!{LETTER}))({LETTER}+)")
TAGS_IN_FRONT = re.compile(rf"\s*(?:{TAG.pattern}\s+)+")
BLOCK_ID = re.compile(r"\^([A-Za-z0-9-]+)[ \t]*(?=\n|\Z)")

_BEFORE_MARKING = re.compile(f"[{BEFORE_MARKING}]")


def tag_plugin(md: MarkdownIt) -> None:
    """Make tokens `tag` (`content` without the `#`) and `block_id`."""
    md.inline.ruler.before("link", "tag", _tag)
    md.inline.ruler.before("link", "block_id", _block_id)
    md.inline.ruler2.push("tags_in_text", _tags_in_text)


def _tag(state: StateInline, silent: bool) -> bool:
    return _word(state, silent, "tag", TAG)


def _block_id(state: StateInline, silent: bool) -> bool:
    return _word(state, silent, "block_id", BLOCK_ID)


def _word(state: StateInline, silent: bool, type_: str, pattern: re.Pattern[str]) -> bool:
    """Match `pattern` where a word begins; the token's content is the pattern's group.

    Offbook's own `#card` may stand right behind the mark that ends a sentence, and behind scripts without spaces.
    """
    match = pattern.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    before = state.src[state.pos - 1] if state.pos else " "
    if not before.isspace() and not (_BEFORE_MARKING.match(before) and MARKINGS.fullmatch(match[1])):
        return False
    if not silent:
        state.push(type_, "", 0).content = match[1]
    state.pos = match.end()
    return True


def _tags_in_text(state: StateInline) -> None:
    """Turn tags into text again, but those in a run at the end of a text that is more than tags."""
    tags = [index for index, token in enumerate(state.tokens) if token.type == "tag"]
    if not tags:
        return
    run = len(state.tokens)
    while run and _may_end(state.tokens[run - 1]):
        run -= 1
    for index in tags:
        token = state.tokens[index]
        if not MARKINGS.fullmatch(token.content) and (index < run or not run):
            token.type, token.content = "text", f"#{token.content}"


def _may_end(token: Token) -> bool:
    """Whether a token may stand in the run of tags at the end of a text."""
    if token.type == "text":
        return not token.content.strip()
    return token.type in ("tag", "block_id", "softbreak", "hardbreak")
