"""Lists of questions that the writer wants to put to the interviewer: reported, never carded."""

from __future__ import annotations

from collections.abc import Iterator

from offbook.cards.page import Page
from offbook.cards.predicates import LISTS
from offbook.cards.to_whom import names_whom
from offbook.markdown import Block


def to_ask_blocks(page: Page) -> Iterator[Block]:
    """Yield the blocks under a title that announces questions for the interviewer."""
    if page.lexicon.to_ask(page.note.stem):
        yield from page.flows[0]
        return
    for flow in page.flows:
        for block in flow:
            if block.type == "heading" and _is_title_to_ask(page, block):
                yield block
                yield from page.section(block)
            elif block.type == "paragraph" and _announces(page, block.content.partition("\n")[0].strip()):
                yield block
                if "\n" in block.content:
                    continue  # the questions stand in the lines below
                for following in page.after(block):
                    asks = following.type == "paragraph" and page.lexicon.question(page.text(following.lines[0]))
                    if following.type not in LISTS and not asks:
                        break
                    yield following
            elif block.type in LISTS:
                for item in block.children:
                    first = item.children[0] if item.children else None
                    if first is None or first.type != "paragraph" or len(item.children) == 1:
                        continue
                    if _announces(page, first.content):
                        yield item


def _is_title_to_ask(page: Page, heading: Block) -> bool:
    text = page.text(heading.content)
    announces = page.lexicon.to_ask(text, anywhere=True) and not page.lexicon.unmarked_question(text)
    return announces or names_whom(page, heading)


def _announces(page: Page, source: str) -> bool:
    # What ends in a full stop announces nothing, and need not be parsed to know that.
    return not source.endswith(".") and page.lexicon.to_ask(page.text(source))
