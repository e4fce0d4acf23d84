"""What is seen of a card."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from conftest import library_of

from offbook.cards.find import find_cards
from offbook.model import Kind
from offbook.render import Renderer
from offbook.sources.note import parse_note


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def letters(text: str) -> str:
    """Return what is seen of a text, without white space and the joiner that splits marks."""
    return re.sub(r"[\s\u2060]+", "", text)


def shown(html: str) -> str:
    parser = _Text()
    parser.feed(html)
    parser.close()
    return "".join(parser.parts)


def rendered(note: str, folder: Path) -> tuple[str, str, str, str]:
    """Return the field of the question and of the answer of a note's only card, and both as plain text."""
    read = parse_note(note, "a.md")
    found = find_cards(read)
    (card,), (body,) = found.cards, found.bodies
    renderer = Renderer(library_of(folder).links())
    html, _ = renderer.card(card, body)
    assert card.kind is Kind.QUESTION
    return html.question, html.answer, card.question_text, card.answer_text
