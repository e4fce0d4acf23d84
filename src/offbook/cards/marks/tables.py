"""A table whose header says Question and Answer, Front and Back, Term and Definition."""

from __future__ import annotations

from collections.abc import Iterator

from offbook.cards.card import Finding
from offbook.cards.page import Page
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph

NAME = "table"
_FEWEST_ASKING = 2
_SHARE_ASKING = 0.6  # of the rows


def find(page: Page) -> Iterator[Finding]:
    """Take a card from each row."""
    for table in page.blocks:
        if table.type != "table" or not page.free(table) or table.within("blockquote"):
            continue
        columns = _columns(page, table)
        rows = [row for body in table.children[1:] for row in body.children]
        if columns is None:
            yield from _asking(page, rows)
            continue
        for row in rows:
            yield from _card(row, *columns)


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


def _asking(page: Page, rows: list[Block]) -> Iterator[Finding]:
    """Take the rows of a table one of whose columns asks; what stands to its right answers."""
    for column in range(max((len(row.children) for row in rows), default=1) - 1):
        cells = [row.children[column] for row in rows if len(row.children) > column]
        asking = sum(_asks(page, cell) for cell in cells)
        if asking < _FEWEST_ASKING or asking < _SHARE_ASKING * len(rows):
            continue
        for row in rows:
            if len(row.children) > column and row.children[column].content.strip():
                question = paragraph(row.children[column].content, row.line)
                answer = [
                    paragraph(cell.content, cell.line) for cell in row.children[column + 1 :] if cell.content.strip()
                ]
                reason = f"a row of a table whose column {column + 1} asks ({asking} of {len(rows)})"
                yield Finding(NAME, reason, [question], answer, claims=[(row.line, row.line + 1)])
        return


def _asks(page: Page, cell: Block) -> bool:
    text = page.asked(cell.content)
    return bool(page.lexicon.question(text) or page.lexicon.noun_question(text))
