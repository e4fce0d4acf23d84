"""Lists of questions that the writer wants to put to the interviewer: reported, never carded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from offbook.cards.marks.tagged import TAG
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import LISTS, link_only
from offbook.cards.note.to_whom import names_whom
from offbook.markdown import Block

_FOR_YOU = re.compile(r"(?i)\bfor you\b")


def to_ask_blocks(page: Page) -> Iterator[Block]:
    """Yield the blocks under a title that announces questions for the interviewer."""
    if page.lexicon.to_ask(page.note.stem):
        yield from page.flows[0]
        return
    titles = {id(heading): heading for heading in page.headings() if _is_title_to_ask(page, heading)}
    of_me = {key for key, heading in titles.items() if _FOR_YOU.search(page.text(heading.content))}
    # "Questions for you" are the interviewer's where others are "Questions for the company".
    titles = {key: heading for key, heading in titles.items() if key not in of_me or len(of_me) == len(titles)}
    for flow in page.flows:
        for block in flow:
            if id(block) in titles:
                yield block
                yield from page.section(block)
                continue
            items = block.children if block.type in LISTS else [block]
            for item in items:
                holds, is_last = bool(item.children[1:]) or _asks_on(page, item), item is items[-1]
                if not (holds or is_last) or not _opens_announcing(page, item):
                    continue
                if holds or item is block:
                    yield item
                if is_last and not holds and "\n" not in item.content:
                    yield from _announced(page, block)


def _announced(page: Page, block: Block) -> Iterator[Block]:
    """Yield what stands below a line or a list that announces it: lists, and below a line questions.

    A list like the one whose last item announces goes on with that.
    """
    for following in page.after(block):
        if block.type in LISTS and (following.type, following.marker) == (block.type, block.marker):
            return
        lead = following.lines[0] if (block.type, following.type) == ("paragraph", "paragraph") else ""
        if following.type not in LISTS and not page.lexicon.question(page.text(lead)):
            return
        yield following


def _opens_announcing(page: Page, block: Block) -> bool:
    first = block.children[0] if block.type == "list_item" and block.children else block
    if first.type != "paragraph" or TAG.search(first.content):
        return False
    if block is not first and " " not in first.content.strip():
        return False  # a word that ends a list is one of its items
    named = block is first and "\n" not in block.content and names_whom(page, block)
    return named or _announces(page, first.content.partition("\n")[0].strip())


def _asks_on(page: Page, item: Block) -> bool:
    """Whether all lines of an item but the first one ask."""
    lines = item.children[0].lines[1:] if item.type == "list_item" and item.children else []
    return bool(lines) and all(page.lexicon.question(page.text(line)) for line in lines)


def _is_title_to_ask(page: Page, heading: Block) -> bool:
    text = page.text(heading.content)
    announces = page.lexicon.to_ask(text, anywhere=True) and not page.lexicon.unmarked_question(text)
    return (announces or names_whom(page, heading)) and not TAG.search(heading.content)


def _announces(page: Page, source: str) -> bool:
    # What ends in a full stop announces nothing, and need not be parsed to know that. A link leads to another note.
    return not (source.endswith(".") or link_only(source)) and page.lexicon.to_ask(page.text(source))
