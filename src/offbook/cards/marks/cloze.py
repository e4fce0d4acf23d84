"""`{{c1::hidden}}`, and `==hidden==` in a text, or a section, tagged `#cloze` or where the settings say so.

`**hidden**` and `{{hidden}}` hide only where the settings say so. A list of gaps and the line that leads to it are one
card, and so is what a gap spans.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from offbook.cards.marks.tagged import TAG as CARD
from offbook.cards.note.finding import Finding
from offbook.cards.note.left_behind import was_card
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import LISTS
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph, texts, with_texts
from offbook.markdown.deletions import HIGHLIGHT, NUMBERED, Hidden, hide
from offbook.markdown.html_names import GAP_MARK
from offbook.markdown.parser import LONGEST_TEXT
from offbook.markdown.tag import BLOCK_ID
from offbook.model import Kind

NAME = "cloze"
_TAG = re.compile(r"(?:^|\s)#cloze(?![\w/-])")
_LEADS = re.compile(r"[:：][\s*_]*(?:#\S+\s*)*\Z")
_MOST_SPANNED = 20  # blocks
_LONGEST_LIST = 100  # texts


def find(page: Page) -> Iterator[Finding]:
    """Take texts that hide a part of themselves, and say of gaps that hide nothing why."""
    body = page.note.body
    if (
        NUMBERED not in body
        and not page.rules.hides
        and (HIGHLIGHT not in body or not (page.is_flashcards or "#cloze" in body or "<!--SR:" in body))
    ):
        return
    for block in page.paragraphs("heading", "table", quoted=True):
        if not page.free(block) or not _may_hide(page, block):
            continue
        blocks = _group(page, block)
        hidden = _hidden(page, blocks)
        found = texts(blocks)
        for lost in hidden.lost:
            source = found[lost.text].content
            line = found[lost.text].line + source.count("\n", 0, lost.at)
            page.warn(line, "gap", f"the gap “{_beginning(source[lost.at :])}” {lost.why}")
        if hidden.gaps:
            question = with_texts(blocks, iter(hidden.texts))
            yield Finding(NAME, _reason(page, hidden), question, blocks, Kind.CLOZE, gaps=hidden.gaps)


def _may_hide(page: Page, block: Block) -> bool:
    """Whether a text has gaps, or leads to a list that may have; a quick look."""
    if len(block.content) > LONGEST_TEXT:
        return False
    if block.type == "table":
        return any(NUMBERED in text.content or HIGHLIGHT in text.content for text in texts([block]))
    if NUMBERED in block.content or HIGHLIGHT in block.content or page.rules.hides:
        return True
    below = next(page.after(block), None) if block.type == "paragraph" else None
    return below is not None and below.type in LISTS


def _hidden(page: Page, blocks: Sequence[Block]) -> Hidden:
    found = [text.content for text in texts(blocks)]
    tagged = any(map(_TAG.search, found)) or _is_below_tag(page, blocks[0])
    marks = set(page.rules.hides)
    if page.is_flashcards or tagged or was_card(page, blocks[-1].end - 1):
        marks.add(HIGHLIGHT)
    return hide(found, marks, page.document.env)


def _is_below_tag(page: Page, block: Block) -> bool:
    """Whether a title above a text is tagged `#cloze`, and none from there on asks or is `#card`, which it answers."""
    for heading in reversed(page.path_to(block.line)):
        if CARD.search(heading.content) or page.question(heading.content):
            return False
        if _TAG.search(heading.content):
            return True
    return False


def _beginning(source: str) -> str:
    """Return a gap as far as its first line goes."""
    gap, end, _ = source.partition("\n")[0].partition("}}")
    return gap + end


def _reason(page: Page, hidden: Hidden) -> str:
    if NUMBERED in hidden.marks:
        return "hides a part with `{{c1::…}}`"
    if hidden.marks != {HIGHLIGHT}:
        return "hides parts, as the settings say"
    if HIGHLIGHT in page.rules.hides:
        return "hides its highlights, as the settings say"
    if page.is_flashcards:
        return "hides its highlights, as the note's tag #flashcards says"
    return "hides its highlights, as its tag #cloze or another program's schedule says"


# -- what is one card ------------------------------------------------------------------------------


def _group(page: Page, block: Block) -> list[Block]:
    """Return the blocks that make one card with a text: the list below it or around it, and what its gap spans."""
    if block.type == "heading":
        return [paragraph(block.content, block.line, block.end)]
    if block.type != "paragraph":
        return [block]
    below = next(page.after(block), None)
    if below is not None and below.type in LISTS and _is_list_of_gaps(page, below, block):
        return [block, below]
    item = block.parent
    if item is not None and item.type == "list_item" and item.children[0] is block:
        around = item.parent
        if around is not None and around.children[0] is item and _is_list_of_gaps(page, around, None):
            return [around]
    return _spanned(page, block)


def _is_list_of_gaps(page: Page, block: Block, intro: Block | None) -> bool:
    """Whether a list is one card: a line with a colon leads to it, or its gaps are numbered through all items."""
    found = texts([block])
    if not page.free(block) or len(found) > _LONGEST_LIST:
        return False
    if intro is None and not any(NUMBERED in text.content for text in found):
        return False
    if intro is None and any(BLOCK_ID.search(text.content) for text in found):
        return False  # what the writer names one by one is one by one
    leads = intro is not None and _LEADS.search(intro.content) is not None
    hidden = _hidden(page, [*([intro] if intro is not None else []), block])
    if not hidden.gaps:
        return False
    by_item = _numbers(block, hidden, 0 if intro is None else 1)
    with_gaps = [numbers for numbers in by_item if numbers]
    if 2 * len(with_gaps) < len(by_item):
        return False
    if leads:
        return True
    touches = intro is None or intro.end == block.line
    through = len(with_gaps) > 1 and len(set().union(*with_gaps)) == sum(map(len, with_gaps))
    return touches and through and NUMBERED in hidden.marks


def _numbers(block: Block, hidden: Hidden, first: int) -> list[set[int]]:
    """Return for each item of a list the numbers of its gaps; the list's texts begin at index `first`."""
    result: list[set[int]] = []
    for item in block.children:
        last = first + len(texts([item]))
        marks = [mark for text in hidden.texts[first:last] for mark in GAP_MARK.findall(text) if mark != "ends"]
        result.append({hidden.gaps[int(mark)].number for mark in marks})
        first = last
    return result


def _spanned(page: Page, block: Block) -> list[Block]:
    """Return a text and what stands below it down to where the last of its gaps is closed, if one is."""
    if NUMBERED not in block.content or _hidden(page, [block]).is_closed:
        return [block]
    blocks, still_open = [block], _still_open(block)
    for following in page.after(block):
        leaves = [inner for inner in following.walk() if not inner.children]
        if following.type == "heading" or not page.free(following) or len(blocks) == _MOST_SPANNED:
            break
        if {id(leaf) for leaf in leaves} != {id(text) for text in texts([following])}:
            break  # code and the like stand on the card as they are
        opened = _still_open(following)
        if opened > 0:
            break  # another one that is not closed: they do not stand in each other
        blocks.append(following)
        still_open += opened
        if still_open <= 0:
            return blocks if _hidden(page, blocks).is_closed else [block]
    return [block]


def _still_open(block: Block) -> int:
    """Return how many more gaps a block opens than it closes, at a quick look."""
    found = [text.content for text in texts([block])]
    return sum(text.count(NUMBERED) - text.count("}}") for text in found)
