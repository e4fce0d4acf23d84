"""Questions in a numbered list, and below it their answers by the same numbers: under "Answers", or counted anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from offbook.cards.card import Finding
from offbook.cards.page import Page
from offbook.cards.units import number_of
from offbook.markdown import Block

NAME = "answers-below"
_FEWEST = 3  # questions
_SHARE_ANSWERED = 0.6


def find(page: Page) -> Iterator[Finding]:
    """Take the questions of a list with the answers of the same numbers."""
    for flow in page.flows:
        for index, block in enumerate(flow):
            if block.type == "heading" and page.free(block) and page.lexicon.answer_label(page.text(block.content)):
                asked = _questions(page, flow[:index])
                section = takewhile(lambda below, level=block.level: _is_in(below, level), flow[index + 1 :])  # type: ignore[misc]
                yield from _cards(block, asked, _answers(page, list(section)))
            elif block.type == "ordered_list" and page.free(block):
                yield from _twice_counted(page, block)


def _twice_counted(page: Page, listing: Block) -> Iterator[Finding]:
    """Take a list whose items ask, and that is counted from 1 once more, as far, by items that do not."""
    numbers = [_number(item) for item in listing.children]
    half = len(numbers) // 2
    if half < _FEWEST or numbers != [*range(1, half + 1)] * 2:
        return
    asks = [bool(page.lexicon.question(page.plain(item))) for item in listing.children]
    if sum(asks[:half]) >= _SHARE_ANSWERED * half and not any(asks[half:]):
        for asked, answer in zip(listing.children[:half], listing.children[half:], strict=True):
            reason = "is in a list that is counted twice, its questions and then their answers"
            yield Finding(NAME, reason, list(asked.children[:1]), [*asked.children[1:], *answer.children])


def _cards(heading: Block, asked: dict[int, Block], answers: dict[int, list[Block]]) -> Iterator[Finding]:
    if len(asked) < _FEWEST or len(asked.keys() & answers) < _SHARE_ANSWERED * len(asked):
        return
    for number, item in asked.items():
        answer = answers.get(number, [])
        reason = f"is number {number} of a list, and so is its answer below “{heading.content}”"
        titles = [heading, *(block for block in answer[:1] if block.type == "heading")]
        claims = [(title.line, title.end) for title in titles]
        yield Finding(NAME, reason, [item.children[0]], answer[len(titles) - 1 :], claims=claims)


def _is_in(block: Block, level: int) -> bool:
    return block.type != "heading" or block.level > level


def _questions(page: Page, above: list[Block]) -> dict[int, Block]:
    """Return the items of the last numbered list above, each a single text, by their numbers."""
    listing = next((block for block in reversed(above) if block.type == "ordered_list"), None)
    items = listing.children if listing is not None and page.free(listing) else []
    single = all(len(item.children) == 1 and item.children[0].type == "paragraph" for item in items)
    return {_number(item): item for item in items} if single else {}


def _answers(page: Page, section: list[Block]) -> dict[int, list[Block]]:
    """Return the parts of a section that are counted from 1 on, by their numbers: items, or what headings title."""
    listing = next((block for block in section if block.type != "hr"), None)
    if listing is not None and listing.type == "ordered_list":
        items = [item for block in section if block.type == "ordered_list" for item in block.children]
        return {_number(item): list(item.children) for item in items}
    found: dict[int, list[Block]] = {}
    within, depth = 0, 0  # the last number, and the level, of headings that are counted within one of them
    for block in section:
        number = number_of(page, page.text(block.content))[0] if block.type == "heading" else None
        if (number == 1 and found) or (within and block.level == depth and number == within + 1):
            within, depth = number or 0, block.level
        elif number is not None and number == len(found) + 1:
            found[number], within = [block], 0
            continue
        if found:
            found[len(found)].append(block)
    return found


def _number(item: Block) -> int:
    match = re.match(r"\d+", item.form.info)
    return int(match[0]) if match else 0
