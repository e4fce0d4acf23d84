"""A table whose header says Question and Answer, Front and Back, Term and Definition."""

from __future__ import annotations

from collections.abc import Iterator

from offbook.cards.card import Finding
from offbook.cards.page import Page
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph

NAME = "table"


def find(page: Page) -> Iterator[Finding]:
    """Take a card from each row."""
    for table in page.blocks:
        if table.type != "table" or not page.free(table) or table.within("blockquote"):
            continue
        columns = _columns(page, table)
        if columns is None:
            continue
        left, right = columns
        for body in table.children[1:]:
            for row in body.children:
                yield from _card(row, left, right)


def _columns(page: Page, table: Block) -> tuple[int, int] | None:
    names = [page.text(cell.content).casefold().strip(" *_:") for cell in table.children[0].children[0].children]
    lexicon = page.lexicon
    left = next((i for i, name in enumerate(names) if name in lexicon.left_columns), None)
    right = next((i for i, name in enumerate(names) if name in lexicon.right_columns and i != left), None)
    return None if left is None or right is None else (left, right)


def _card(row: Block, left: int, right: int) -> Iterator[Finding]:
    cells = [cell.content.strip() for cell in row.children]
    if not cells[left]:
        return
    answer = [paragraph(cells[right].replace("<br>", "\n"), row.line, row.end)] if cells[right] else []
    yield Finding(NAME, "a row of a table of questions", [paragraph(cells[left], row.line)], answer)
