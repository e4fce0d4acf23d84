"""What a card leads to and shows besides its text, for `check`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from markdown_it.token import Token

from offbook.markdown import Block
from offbook.markdown.parser import parse_inline
from offbook.model import How, Mention

_PATH = re.compile(r"(?!\w{2,}:|/)[^#]*\.(?:md|markdown|pdf)(?:#.*)?|#.+", re.IGNORECASE)
_ELSEWHERE = re.compile(r"(?:https?|data):", re.IGNORECASE)
_WITH_TEXT = frozenset({"paragraph", "heading", "td", "th", "dt"})
_BREAKS = ("softbreak", "hardbreak")


def mentions(blocks: Iterable[Block], env: dict[str, Any]) -> Iterator[Mention]:
    """Yield what blocks of the document whose environment is `env` mention; code mentions nothing."""
    for block in blocks:
        for inner in block.walk():
            if inner.type == "fence":
                yield from (Mention(inner.line, How.CODE, word.lower()) for word in inner.marker.split()[:1])
            elif "[" in inner.content and inner.type in _WITH_TEXT:
                yield from _in_text(parse_inline(inner.content, env), inner.line)


def _in_text(tokens: Iterable[Token], line: int) -> Iterator[Mention]:
    """Yield what inline tokens mention that begin on a `line`."""
    for token in tokens:
        line += token.type in _BREAKS
        match token.type:
            case "wikilink":
                yield Mention(line, How.LINK, token.content)
            case "embed":
                yield Mention(line, How.EMBED, token.content)
            case "image":
                yield Mention(line, How.IMAGE, _address(token, "src"))
            case "link_open" if _PATH.fullmatch(target := _address(token, "href")):
                yield Mention(line, How.PATH, target)


def _address(token: Token, name: str) -> str:
    """Return an address as the writer wrote it, but for one on the web."""
    address = str(token.attrGet(name) or "")
    return address if _ELSEWHERE.match(address) else unquote(address)
