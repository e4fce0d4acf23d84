"""Questions below an answer that are no part of it, and the title of a list of them."""

from __future__ import annotations

from offbook.cards.note.text import Text
from offbook.cards.units.unit import Unit
from offbook.markdown import Block
from offbook.markdown.blocks import cut

FEWEST_ANSWERED = 2
"""Questions of a list that make it one of other cards."""


def titles_questions(page: Text, block: Block) -> bool:
    """Whether the last line of a paragraph is the title of questions below it: "Follow-ups:"."""
    return block.type == "paragraph" and page.lexicon.titles_questions(page.text(block.lines[-1]))


def above_title(page: Text, answer: list[Block]) -> list[Block]:
    """Return an answer without its last line, where that is the title of questions below it."""
    if not titles_questions(page, answer[-1]):
        return answer
    return [*answer[:-1], *([cut(answer[-1], 0, -1)] if len(answer[-1].lines) > 1 else [])]


def are_cards(items: list[Unit | None]) -> bool:
    """Whether half the items of a list, and two at least, are questions with their answers inside."""
    cards = sum(item is not None and bool(item.reason) and item.body == "inside" for item in items)
    return cards >= max(FEWEST_ANSWERED, len(items) / 2)
