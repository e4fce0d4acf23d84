"""The rows of a table that is written in HTML."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import accumulate

from offbook.markdown.blocks import Block


def html_rows(table: Block) -> list[list[Block]]:
    """Return the cells of an HTML block that is one table, row by row; none of another one.

    A cell is an HTML block of what stands in it, at its line. Tables in cells stay whole.
    """
    if table.content.lstrip()[:6].casefold() != "<table":
        return []
    reader = _Reader(table)
    reader.feed(table.content)
    reader.close()
    return [row for row in reader.rows if row]


class _Reader(HTMLParser):
    """Notes where cells begin and end."""

    def __init__(self, table: Block) -> None:
        super().__init__()
        self.rows: list[list[Block]] = []
        self._table = table
        self._starts = [0, *accumulate(len(line) + 1 for line in table.content.split("\n"))]
        self._depth = 0
        self._cell: tuple[int, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._depth += tag == "table"
        if self._depth != 1 or tag not in ("tr", "td", "th"):
            return
        self._end()
        if tag == "tr":
            self.rows.append([])
        elif self.rows:
            line, column = self.getpos()
            self._cell = line, self._starts[line - 1] + column + len(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if self._depth == 1 and tag in ("tr", "td", "th", "table", "tbody", "thead"):
            self._end()
        self._depth -= tag == "table"

    def _end(self) -> None:
        if self._cell is None:
            return
        first, start = self._cell
        last, column = self.getpos()
        source = self._table.content[start : self._starts[last - 1] + column]
        line = self._table.line - 1
        self.rows[-1].append(Block("html_block", line + first, line + last + 1, self._table.form, source))
        self._cell = None
