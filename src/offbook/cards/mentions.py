"""What a card leads to and shows besides its text, for `check`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from offbook.markdown import Block
from offbook.markdown.parser import LONGEST_TEXT
from offbook.markdown.plain import CODE_SPAN
from offbook.model import How, Mention

_WIKILINK = re.compile(r"(!?)\[\[([^\[\]\n|]+)(?:\|[^\[\]\n]*)?\]\]")
# An address ends where another image begins, so that images that are never closed are looked at once each.
_IMAGE = re.compile(r"!\[[^\[\]\n]*+\]\(<?((?:[^)\n>\"\[]|(?<!!)\[)++)>?\s*+(?:\"[^\"\n]*+\")?\)")
_PATH = re.compile(
    r"(?<![!\]])\[[^\[\]\n]*+\]\(<?(?!\w{2,}:|#|/)([^()\n<>\"]{1,400}?\.(?:md|markdown|pdf)(?:#[^()\n<>]*)?)>?\)",
    re.IGNORECASE,
)
_WITH_TEXT = frozenset({"paragraph", "heading", "td", "th", "dt"})


def mentions(blocks: Iterable[Block]) -> Iterator[Mention]:
    """Yield what blocks mention; code mentions nothing, nor does a text that is too long to be parsed."""
    for block in blocks:
        for inner in block.walk():
            if inner.type == "fence":
                yield from (Mention(inner.line, How.CODE, word.lower()) for word in inner.marker.split()[:1])
            elif "[" in inner.content and inner.type in _WITH_TEXT and len(inner.content) <= LONGEST_TEXT:
                for line, text in enumerate(inner.lines, inner.line):
                    yield from _in_line(line, CODE_SPAN.sub("", text))


def _in_line(line: int, text: str) -> Iterator[Mention]:
    for embed, target in _WIKILINK.findall(text):
        yield Mention(line, How.EMBED if embed else How.LINK, target)
    for target in _PATH.findall(text):
        yield Mention(line, How.PATH, unquote(target))
    for target in _IMAGE.findall(text):
        yield Mention(line, How.IMAGE, target.partition(" =")[0].strip())
