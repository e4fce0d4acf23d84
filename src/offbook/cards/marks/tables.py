"""A table of questions: its header says Question and Answer, Front and Back, Term and Definition, or a column asks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from offbook.cards.marks.tagged import TAG
from offbook.cards.note.finding import Finding
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import is_navigation, only_bold
from offbook.cards.note.stories import PARTS_OF_STORY
from offbook.cards.words.bare import ends_with_mark
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph
from offbook.markdown.html_table import html_rows
from offbook.naming import naming

NAME = "table"
_NAME_WORDS = re.compile(r"\w+")
_REMARK = re.compile(r"\([^()]*\)")
_MOST_WORDS = 2  # of a column's name, without a remark in brackets
_FEWEST_COLUMNS = 2
_MOST_COLUMNS = 3  # of a table whose header names but the meaning
_FEWEST_ASKING = 2
_EACH = -1  # instead of a column that answers: each further one does, with its name
_FEW_WORDS = 3  # of a cell that sorts
_NEAR = 3  # paragraphs above a table
_SHARE_ASKING = 0.6  # of the rows
_SHARE_IN_INTERVIEWS = 0.25  # in a note whose name, title or tags speak of interviews


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of Markdown or of HTML: its rows are cells, each a paragraph or what stands in an HTML cell."""

    names: tuple[str, ...]
    """Its header, in small letters."""
    titles: list[str]
    """The same as it is written, without marks."""
    header: list[Block]
    rows: list[list[Block]]
    is_marked: bool
    """Whether `#card` stands alone below it: then the first column asks."""


class _Answering(NamedTuple):
    """The columns of a table that answer."""

    right: int
    """The one that is called so; `_EACH` where all are alike."""
    further: list[int]
    """Others that tell something, too."""
    titles: list[str]
    """The names of all columns, as they are written."""
    all_tell: bool
    """Whether the others answer alone where that one says nothing."""


def find(page: Page) -> Iterator[Finding]:
    """Take a card from each row of a table that asks; tables with the same header are one to their writer."""
    alike: dict[tuple[tuple[str, ...], bool], list[_Table]] = defaultdict(list)
    for table in _tables(page):
        alike[table.names, table.is_marked].append(table)
    for (names, is_marked), tables in alike.items():
        rows = [row for table in tables for row in table.rows]
        columns = _columns(page, names, rows) or (_marked(page, names, rows) if is_marked else None)
        if columns is not None:
            left, _ = columns
            answering = _answering(page, tables[0].titles, rows, *columns)
            yield from (card for row in rows for card in _card(page, row, left, answering))
        else:
            yield from _asking(page, names, rows, tables[0].header)


def _tables(page: Page) -> Iterator[_Table]:
    for block in page.blocks:
        if block.type not in ("table", "html_block") or not page.free(block) or block.within("blockquote"):
            continue
        rows = html_rows(block) if block.type == "html_block" else _rows(block)
        if rows:
            titles = [page.plain(cell).strip(" *_:") for cell in rows[0]]
            yield _Table(tuple(map(str.casefold, titles)), titles, rows[0], rows[1:], _is_marked(page, block))


def _is_marked(page: Page, table: Block) -> bool:
    """Whether `#card` stands alone below a table that answers no question above it."""
    above, below = page.before(table), next(page.after(table), None)
    answers = above is not None and bool(page.question(above.content))
    tag = TAG.fullmatch(below.content.strip()) if below is not None and below.type == "paragraph" else None
    return tag is not None and not (tag["both"] or answers)


def _rows(table: Block) -> list[list[Block]]:
    """Return the cells of a table of Markdown, row by row, each a paragraph."""
    rows = [row for part in table.children for row in part.children]
    return [
        [paragraph(cell.content.strip().replace("<br>", "\n"), cell.line, cell.end) for cell in row.children]
        for row in rows
    ]


def _columns(page: Page, names: tuple[str, ...], rows: list[list[Block]]) -> tuple[int, int] | None:
    """Return the columns that ask and that answer, by their names.

    What stands before a meaning is its term, and what stands before the parts of a story is which one it is.
    """
    parts = [i for i, name in enumerate(names) if page.lexicon.story_part(name)]
    if len(parts) >= PARTS_OF_STORY and parts[0]:
        return 0, parts[0]
    few = list(map(_few_words, names))
    left = next((i for i, name in enumerate(names) if _says_left(page, name)), None)
    right = next((i for i, words in enumerate(few) if words & page.lexicon.right_columns and i != left), None)
    if left is None and right is not None and len(names) <= _MOST_COLUMNS:  # "Metric | Meaning"
        left = next((i for i in range(right) if len(names) == _FEWEST_COLUMNS or _tells(page, rows, i)), None)
    return None if left is None or right is None else (left, right)


def _marked(page: Page, names: tuple[str, ...], rows: list[list[Block]]) -> tuple[int, int] | None:
    """Return the columns of a table that is marked: its first asks, all others answer with their names, one without."""
    telling = [i for i in range(1, len(names)) if any(len(row) > i and _says(page, row[i]) for row in rows)]
    if len(names) < _FEWEST_COLUMNS:
        return None
    return 0, 1 if not telling else telling[0] if len(telling) == 1 else _EACH


def _says_left(page: Page, name: str) -> bool:
    return bool(_few_words(name) & page.lexicon.left_columns)


def _few_words(name: str) -> set[str]:
    """Return the words of a column's name, none if they are many."""
    words = _NAME_WORDS.findall(_REMARK.sub("", name))
    return set(words) if len(words) <= _MOST_WORDS else set()


def _tells(page: Page, rows: list[list[Block]], column: int) -> bool:
    """Whether most cells of a column say something, as of "Example"; a number or an empty cell says nothing."""
    return sum(_letters(page, rows, column)) > len(rows) / 2


def _says_much(page: Page, rows: list[list[Block]], column: int) -> bool:
    """Whether most cells of a column are of several words, as of "Notes", and not of "Topic"."""
    return 2 * sum(len(page.plain(row[column]).split()) > _FEW_WORDS for row in rows if len(row) > column) > len(rows)


def _letters(page: Page, rows: list[list[Block]], column: int) -> Iterator[bool]:
    """Yield of each cell of a column whether there is a letter in it."""
    return (any(map(str.isalpha, page.plain(row[column]))) for row in rows if len(row) > column)


def _answering(page: Page, titles: list[str], rows: list[list[Block]], left: int, right: int) -> _Answering:
    """Return which columns answer what the one at `left` asks; that at `right` is called so.

    Between the two stands what only sorts: "Question | Topic | Answer"; but a story may have its points beside it.
    """
    names = [title.casefold() for title in titles]
    is_story = right != _EACH and page.lexicon.is_of_stories(names[right])
    first = right + 1 if _says_left(page, names[left]) and not is_story else left + 1
    rest = (i for i in range(first, len(names)) if i not in (left, right))
    further = [i for i in rest if right == _EACH or any(_letters(page, rows, i))]
    if is_story:
        further = [i for i in further if names[i] not in naming("properties") or _says_much(page, rows, i)]
    in_front = bool(further) and further[0] < right
    return _Answering(right, further, titles, right == _EACH or is_story or in_front)


def _card(page: Page, row: list[Block], left: int, columns: _Answering) -> Iterator[Finding]:
    """Take the answer from its column, and what the further ones that tell add to it, each behind its title."""
    if len(row) > left and row[left].content:
        answers = 0 <= columns.right < len(row) and _says(page, row[columns.right])
        answer = [_told(page, row[columns.right])] if answers else []
        if answers or columns.all_tell:
            answer += [
                _titled(columns.titles[i], row[i]) for i in columns.further if len(row) > i and _says(page, row[i])
            ]
        yield _finding(page, row, left, answer, "a row of a table of questions")


def _says(page: Page, cell: Block) -> bool:
    """Whether a cell holds more than a dash."""
    return bool(cell.content) and not page.is_stub([cell])


def _told(page: Page, cell: Block) -> Block:
    """Return a cell that answers; what it links to in the same note is named: "The outage", of one's stories."""
    return paragraph(page.plain(cell), cell.line, cell.end) if is_navigation(cell) else cell


def _titled(title: str, cell: Block) -> Block:
    if not title or cell.type != "paragraph":
        return cell
    return paragraph(f"{title}: {cell.content}", cell.line, cell.end)


def _asking(page: Page, names: tuple[str, ...], rows: list[list[Block]], header: list[Block]) -> Iterator[Finding]:
    """Take the rows of tables one of whose columns asks; what stands to its right answers.

    A header that asks there, too, is a row: Markdown has no tables without one.
    """
    above = _asked_above(page, rows)
    share = _SHARE_IN_INTERVIEWS if page.speaks_of_interviews else _SHARE_ASKING
    for column in range(max((len(row) for row in rows), default=1) - 1):
        is_named = column < len(names) and _says_left(page, names[column])
        if above and column and not is_named and any(_tells(page, rows, before) for before in range(column)):
            return  # the table answers, and says what is asked at each of its points
        asked = [row for row in rows if len(row) > column and row[column].content]
        asking = sum(_asks(page, row[column]) for row in asked)
        if asking < _FEWEST_ASKING or asking < share * len(rows):
            continue
        if asking < _SHARE_ASKING * len(rows) and not _tells_more(page, asked, column):
            continue
        asked[:0] = [header] if _is_row(page, header, column, rows) else []
        for row in asked:
            answer = [cell for cell in row[column + 1 :] if cell.content]
            reason = f"a row of a table whose column {column + 1} asks ({asking} of {len(rows)})"
            yield _finding(page, row, column, answer, reason)
        return


def _is_row(page: Page, header: list[Block], column: int, rows: list[list[Block]]) -> bool:
    """Whether a header is one more row: on its own line it asks in the column that does, and in none behind."""
    asking = [_asks(page, cell) for cell in header[column:]]
    return asking[:1] == [True] and not any(asking[1:]) and all(row[0].line > header[0].line for row in rows if row)


def _asked_above(page: Page, rows: list[list[Block]]) -> bool:
    """Whether the heading above a table, or a bold line below that, asks."""
    line = rows[0][0].line if rows and rows[0] else 0
    heading = [page.text(heading.content) for heading in page.path_to(line)[-1:]]
    start = page.path_to(line)[-1].end if heading else 0
    lines = [block for block in page.flows[0] if start <= block.line < line and block.type == "paragraph"]
    asked = [page.text(block.content) for block in lines[-_NEAR:] if only_bold(block.content)]
    return any(map(ends_with_mark, heading + asked))


def _tells_more(page: Page, rows: list[list[Block]], column: int) -> bool:
    """Whether what stands to the right of a column is, all in all, the longer text."""
    left = sum(len(page.plain(row[column])) for row in rows)
    return sum(len(page.plain(cell)) for row in rows for cell in row[column + 1 :]) > 2 * left


def _finding(page: Page, row: list[Block], left: int, answer: list[Block], reason: str) -> Finding:
    cell, line = row[left], row[0].line
    question = cell if cell.type == "paragraph" else paragraph(" ".join(page.plain(cell).split()), cell.line)
    return Finding(NAME, reason, [question], answer, claims=[(line, max(line + 1, *(part.end for part in row)))])


def _asks(page: Page, cell: Block) -> bool:
    text = page.asked(cell.content) if cell.type == "paragraph" else page.plain(cell)
    return bool(page.lexicon.question(text) or page.lexicon.noun_question(text))
