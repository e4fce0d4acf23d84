"""Choices: lines or items that letters count, of which one is right."""

from __future__ import annotations

import re
from string import ascii_uppercase

from offbook.cards.note.predicates import LISTS
from offbook.markdown import Block

_CHOICE = re.compile(r"\s*(?:\[ \]\s+)?([a-zA-Z])[.):]\s")
_ONE_OF_THEM = re.compile(r"[\W_]*(?:\d{1,2}|[A-Ha-h])[\W_]*")
_TICKED = re.compile(r"\[(?P<box>[ xX])\]\s+[A-Ha-h][.)]\s")


def are_choices(blocks: list[Block]) -> bool:
    """Whether blocks are nothing but lines or items, two at least, that letters count from A on."""
    lines = [line for block in blocks for line in _lines(block)]
    found = [match[1].upper() if (match := _CHOICE.match(line)) else "" for line in lines]
    return len(lines) > 1 and "".join(found) == ascii_uppercase[: len(lines)]


def opens_choice(line: str) -> bool:
    """Whether a letter that counts choices opens a line: `a) …`, `B. …`."""
    return bool(_CHOICE.match(line))


def _lines(block: Block) -> list[str]:
    """Return the lines of a paragraph, the first ones of a list's items; of what is neither one that says nothing."""
    if block.type in LISTS:
        return [item.children[0].content for item in block.children if item.children]
    return block.lines if block.type == "paragraph" else [""]


def names_choice(text: str) -> bool:
    """Whether a text is nothing but the number or the letter of a choice: `3.`, `(b)`."""
    return bool(_ONE_OF_THEM.fullmatch(text.strip()))


def are_ticked(block: Block | None) -> bool:
    """Whether the items of a list are choices with boxes, some of them ticked and some not."""
    items = block.children if block is not None and block.type in LISTS else ()
    found = [_TICKED.match(item.children[0].content) for item in items if item.children]
    boxes = {match["box"].strip().casefold() for match in found if match}
    return len(found) > 1 and all(found) and boxes == {"", "x"}
