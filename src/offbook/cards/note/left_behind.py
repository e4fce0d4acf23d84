"""What other programs write on a card's last line or below it: an id, a schedule."""

from __future__ import annotations

import re

from offbook.cards.note.page import Page

_LEFT = re.compile(r"<!--[ \t]*(?:ID:[ \t]*\d|SR:)|^> \[!sr\||\^(?:\d{13}|q-[a-z0-9]{4,8})[ \t]*$")


def was_card(page: Page, line: int) -> bool:
    """Whether another program left an id or a schedule on a line or right below it, and so had a card there.

    Obsidian_to_Anki and obsidian-spaced-repetition write comments, flashcards-obsidian block ids.
    """
    return any(_LEFT.search(page.line(number)) for number in (line, line + 1))
