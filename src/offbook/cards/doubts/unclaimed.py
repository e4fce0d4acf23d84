"""What stands in no card though it looks as if its writer wanted one: marks, gaps, terms, tables, code that asks."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from offbook.cards.marks.labels import NAME as LABEL
from offbook.cards.marks.source import with_code
from offbook.cards.note.left_behind import was_card
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import ARROW, CODE
from offbook.cards.note.refused import NO_CARD
from offbook.cards.words.bare import bare, ends_with_colon, ends_with_mark
from offbook.language import ENGLISH, language_of
from offbook.markdown import Block
from offbook.markdown.deletions import NUMBERED, OPENING
from offbook.markdown.opaque import masked, opaque
from offbook.markdown.tag import BLOCK_ID
from offbook.model import NO_CARDS, Kind, Passed
from offbook.text import in_one_line, languages

_LONE_MARKS = (
    (re.compile(r"\s*(?:Back|Extra):.*"), "`Back:` ends no question here; such a card starts with `START`"),
    (re.compile(r"\s*(?:START|STARTI\b.*)"), "`START` has no `END` below it"),
    (re.compile(r"\s*<!--\s*ID:\s*\d+\s*-->\s*"), "an id of another program is in no card"),
    (re.compile(r"\s*\?\??\s*"), "a line with only `?` splits a question from its answer, but no card takes it"),
    (
        re.compile(
            r"(?!\s*<!--|\s*%%)(?=\W*+\w.*#|(?:(?!# ).)*+# .*\w)(?!\s*#(?:flash)?card\s*\Z)"
            r".*(?<!\S)#(?:flash)?card(?![\w/-]).*"
        ),
        "`#card` marks nothing that can be a card",
    ),
)
_MAY_BE_MARK = re.compile(r"Back:|Extra:|START|<!--|#|\A\s*\?")
_HTML_ASKS = re.compile(r"[?？؟]\s*</(?:h[1-6]|td|th|dt|li|p|b|strong|summary)\b", re.IGNORECASE)
_STATING = ("definition", "def", "theorem", "thm", "lemma", "corollary", "proposition", "satz", "formula", "concept")
_MAY_BE_TERM = re.compile(
    rf"(?!\W{{0,6}}\[)\W{{0,4}}(?P<term>[^\W\d_][^:=\n]{{1,50}}?)\W{{0,3}}(?:\s[-–—=]\s|:\s|\s{ARROW})\s*\S"
)
_FEWEST_TERMS = 3
_TELLS_LANGUAGE = 2_000  # characters of a note
_REFUSING_TAG = re.compile(r"(?<!\S)#no-?card(?![\w/-])", re.IGNORECASE)
_REFUSE = "%%no card%% after the question does"
_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})")
_ID_AT_END = re.compile(rf"(?<!\S){BLOCK_ID.pattern}\s*\Z")
_CLOSED = 2  # lines of a fence that is closed, at least


def unclaimed(page: Page) -> Iterator[Passed]:
    """Yield what no card claims, each kind with how it becomes one."""
    yield from _marks(page)
    yield from _gaps(page)
    yield from _indented(page)
    yield from _below_answer(page)
    yield from _terms(page)
    yield from _tables(page)
    yield from _callouts(page)
    yield from _refusals(page)
    yield from _unclosed(page)
    yield from _ids(page)


def _marks(page: Page) -> Iterator[Passed]:
    """Yield marks that no card claims, and HTML that asks and was skipped."""
    first = page.document.root.line
    code = {line for block in page.blocks if block.type == "code_block" for line in range(block.line, block.end)}
    for index, (line, fence) in enumerate(with_code(page.lines)):
        if (
            not _MAY_BE_MARK.search(line)
            or fence
            or first + index in code
            or "`" in line
            or page.is_claimed(first + index)
            or (page.is_claimed(first + index - 1) and was_card(page, first + index - 1))
        ):
            continue
        message = next((message for pattern, message in _LONE_MARKS if pattern.fullmatch(line)), "")
        if message and not page.warned(first + index):
            yield page.missed(first + index, "mark-alone", message)
    for block in page.blocks:
        if block.type == "html_block" and page.free(block) and _HTML_ASKS.search(block.content):
            yield page.missed(block.line, "html-skipped", "this HTML asks, but no card is made of it")


def _gaps(page: Page) -> Iterator[Passed]:
    """Yield gaps that hide nothing because of where they stand."""
    if NUMBERED not in page.note.body:
        return
    footnotes = [inner for note in page.document.footnotes.values() for inner in note.walk()]
    for block in [*page.blocks, *footnotes]:
        if NUMBERED in block.title and OPENING.search(block.title):
            yield page.missed(block.line, "gap-elsewhere", "gaps in the title of a callout hide nothing")
        if NUMBERED not in block.content or not OPENING.search(block.content):
            continue
        if block.type in CODE and block.marker != "anki":
            yield page.missed(block.line, "gap-in-code", "gaps in code hide nothing")
        elif block.type == "html_block" and OPENING.search(masked(block.content)):
            yield page.missed(block.line, "gap-in-html", "gaps in HTML hide nothing")
        elif block.type != "html_block" and not block.children and not page.warned(block.line):
            yield from _gaps_of_text(page, block)


def _gaps_of_text(page: Page, block: Block) -> Iterator[Passed]:
    owner = page.owner(block)
    code = [span for *span, kind in opaque(block.content) if kind == "code"]
    if any(OPENING.search(block.content, *span) for span in code):
        yield page.missed(block.line, "gap-in-code", "gaps in code hide nothing")
    elif (owner is None or owner.kind is not Kind.CLOZE) and OPENING.search(masked(block.content, formulas=False)):
        where = "a footnote" if owner is None else "the card of another mark"
        yield page.missed(block.line, "gap-elsewhere", f"gaps in {where} hide nothing")


def _indented(page: Page) -> Iterator[Passed]:
    """Yield questions that are indented so far that Markdown takes them for code."""
    for block in page.blocks:
        if block.type == "code_block" and page.owner(block) is None:
            lines = (line for line in block.content.split("\n") if page.lexicon.line_question(line.strip()))
            asked = next((line for line in lines if ends_with_mark(bare(line)) and line.strip()[0].isalnum()), "")
            if asked:
                message = (
                    f"“{in_one_line(asked)}” is indented by four spaces or a tab, so Markdown takes it for code; "
                    "indent it by two spaces at most"
                )
                yield page.missed(block.line, "indented", message)


def _below_answer(page: Page) -> Iterator[Passed]:
    """Yield the first paragraph in no card that stands right below a labelled answer."""
    for above, block in pairwise(page.flows[0]):
        owner = page.owner(above)
        if owner is not None and owner.dialect == LABEL and block.type == "paragraph" and _tells(page, block):
            message = (
                f"“{in_one_line(page.text(block.lines[0]))}” stands below a labelled answer, and is in no card; "
                "without a blank line between them it belongs to the answer"
            )
            yield page.missed(block.line, "below-answer", message)
            return


def _tells(page: Page, block: Block) -> bool:
    return page.free(block) and not ends_with_colon(page.text(block.content))


def _terms(page: Page) -> Iterator[Passed]:
    """Yield lines in no card, some of them one below the other, that may be terms and their meanings."""
    if page.is_advert or page.is_letter or page.is_glossary:
        return
    runs: list[dict[str, int]] = [{}]
    for block in page.blocks:
        if block.type == "heading":
            runs.append({})
        for number, line in enumerate(block.lines if block.type == "paragraph" else (), block.line):
            term = "" if page.is_claimed(number) else _term(page, line)
            if not term or term in runs[-1]:  # one that comes again is a field, or who speaks
                runs.append({})
            if term:
                runs[-1][term] = number
    found = [pair for run in runs if len(run) >= _FEWEST_TERMS for pair in run.items()]
    if found:
        term, first = found[0]
        before = "" if page.findings else "nothing in this note is read as a question, but "
        message = (
            f"{before}“{term}” and {len(found) - 1} more lines may be terms and their meanings; the title "
            f"“{_title_of_terms(page)}” above them makes them cards"
        )
        code = "maybe-terms" if page.findings else NO_CARDS
        yield page.missed(first, code, message)


def _title_of_terms(page: Page) -> str:
    """Return a title of lists of terms in the language of the note."""
    tables = languages()
    of_note = tables.get(language_of(page.note.body[:_TELLS_LANGUAGE]), {}).get("glossary")
    return (of_note or tables[ENGLISH]["glossary"])[0].capitalize()


def _term(page: Page, line: str) -> str:
    """Return what a line may be the meaning of; nothing where it holds none, or is a part of a story."""
    match = _MAY_BE_TERM.match(line) and _MAY_BE_TERM.match(page.text(line))
    return match["term"] if match and not page.lexicon.story_part(match["term"]) else ""


def _tables(page: Page) -> Iterator[Passed]:
    """Yield the first table in no card whose first column names things of which the others tell, and how many are."""
    found: list[tuple[int, str]] = []
    for table in page.blocks:
        if table.type != "table" or page.owner(table) is not None or page.is_claimed(table.end - 1):
            continue
        head, *rows = [row for part in table.children for row in part.children]
        firsts = {page.plain(row.children[0]) for row in rows}
        if len(head.children) > 1 and len(rows) > 1 and len(firsts - {""}) == len(rows):
            named = next(row for row in (head, *rows) if page.plain(row))
            names = ", ".join(filter(None, (page.plain(cell) for cell in named.children)))
            found.append((table.line, names))
    if found:
        line, names = found[0]
        others = len(found) - 1
        more = f" and {others} more are" if others else " is"
        message = (
            f"the table “{names}”{more} in no card; if its rows are to be asked, put #card below it, behind a blank "
            "line, or call its columns Question and Answer, or Term and Meaning"
        )
        yield page.missed(line, "maybe-table", message)


def _callouts(page: Page) -> Iterator[Passed]:
    """Yield callouts in no card that define or state something, as their types say."""
    found = [block for block in page.blocks if block.marker in _STATING and block.type == "callout" and block.title]
    free = [block for block in found if page.owner(block) is None]
    if free:
        title = in_one_line(page.text(free[0].title))
        named = f"the callout “{title}” is" if len(free) == 1 else f"the callout “{title}” and {len(free) - 1} more are"
        yield page.missed(free[0].line, "maybe-callout", f"{named} in no card; #card after its title makes one")


def _refusals(page: Page) -> Iterator[Passed]:
    """Yield what looks as if it kept a question from being a card, and does not."""
    for number, line in enumerate(page.lines, page.note.body_line):
        if _REFUSING_TAG.search(line) and page.is_claimed(number):
            yield page.missed(number, "mark-alone", f"a tag keeps nothing from being a card; {_REFUSE}")
    marked = [number for number, line in enumerate(page.lines, page.note.body_line) if NO_CARD.search(line)]
    for finding in page.findings if marked else ():
        first, last = finding.question[-1].end, max((block.end for block in finding.answer), default=0)
        for number in marked[bisect_right(marked, first) : bisect_left(marked, last)]:
            asked = in_one_line(page.text(finding.question[0].content))
            message = f"%%no card%% stands within the answer to “{asked}”, and leaves nothing out; {_REFUSE}"
            yield page.missed(number, "mark-alone", message)


def _unclosed(page: Page) -> Iterator[Passed]:
    """Yield the code that ends the note where no fence closes it."""
    block = page.document.root.children[-1] if page.document.root.children else None
    if block is None or block.type != "fence" or not _FENCE.match(page.line(block.line)):
        return
    first, last = page.line(block.line).strip(), page.line(block.end - 1).strip()
    if block.end - block.line < _CLOSED or not (_FENCE.fullmatch(last) and first.startswith(last[:3])):
        message = "the code that begins here is not closed, so all below is code; put ``` below its last line"
        yield page.missed(block.line, "open-fence", message)


def _ids(page: Page) -> Iterator[Passed]:
    """Yield ids of the writer's own that stand behind the questions of several cards, so that they tell none."""
    found: dict[str, list[int]] = defaultdict(list)
    for finding in page.findings:
        last = finding.question[-1].end - 1
        if match := _ID_AT_END.search(page.line(last)):
            found[match[1]].append(last)
    for name, (first, *others) in found.items():
        if others:
            message = f"`^{name}` stands on line {first}, too; an id is for one card, so give this one another word"
            yield page.missed(others[0], "id-twice", message)
