"""Questions in a numbered list, and below it their answers by the same numbers.

The answers stand under "Answers", or are counted anew behind the questions, which may be in a quotation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import takewhile

from offbook.cards.note.choices import are_choices
from offbook.cards.note.counting import number_of
from offbook.cards.note.finding import Finding
from offbook.cards.note.page import Page
from offbook.markdown import Block

NAME = "answers-below"
_Numbered = dict[int, list[Block]]
_FEWEST = 3  # questions
_QUOTED_AND_TOLD = 2  # lists
_SHARE_ANSWERED = 0.6


def find(page: Page) -> Iterator[Finding]:
    """Take the questions of a list with the answers of the same numbers."""
    for flow in page.flows:
        for index, block in enumerate(flow):
            if _is_title(page, block):
                asked = _questions(page, flow[:index])
                section = takewhile(partial(_is_in, block), flow[index + 1 :])
                texts = [blocks[0] for blocks in asked.values()]
                if block.level or _most_ask(page, texts):  # anything may be counted above a line
                    yield from _cards(page, block, asked, _answers(page, list(section)))
            elif block.type == "ordered_list" and page.free(block):
                yield from _twice_counted(page, block)
            elif block.type == "blockquote" and page.free(block):
                yield from _below_quotation(page, block, flow[index + 1 : index + 2])


def _is_title(page: Page, block: Block) -> bool:
    """Whether a block, a heading or a line such as `**Solution:**`, says that answers follow."""
    titles = block.type == "heading" or (block.type == "paragraph" and len(block.lines) == 1)
    return titles and page.free(block) and page.lexicon.answer_label(page.text(block.content))


def _twice_counted(page: Page, listing: Block) -> Iterator[Finding]:
    """Take a list whose items ask, and that is counted from 1 once more, as far, by items that do not."""
    numbers = [_number(item) for item in listing.children]
    half = len(numbers) // 2
    if half < _FEWEST or numbers != [*range(1, half + 1)] * 2:
        return
    questions, answers = listing.children[:half], listing.children[half:]
    if _most_ask(page, questions) and not any(_asks(page, item) for item in answers):
        for asked, answer in zip(questions, answers, strict=True):
            reason = "is in a list that is counted twice, its questions and then their answers"
            yield Finding(NAME, reason, list(asked.children[:1]), [*asked.children[1:], *answer.children])


def _below_quotation(page: Page, quote: Block, following: list[Block]) -> Iterator[Finding]:
    """Take the items of a list that is all of a quotation, most of which ask, with those of the list behind it."""
    lists = [block.children for block in (*quote.children, *following) if block.type == "ordered_list"]
    if len(quote.children) != 1 or len(lists) != _QUOTED_AND_TOLD:
        return
    questions, answers = lists
    counted = [*map(_number, questions)] == [*map(_number, answers)] and len(questions) > 1
    if counted and _most_ask(page, questions) and not any(_asks(page, item) for item in answers):
        for asked, answer in zip(questions, answers, strict=True):
            reason = "is counted in a quotation, and its answer behind it"
            yield Finding(NAME, reason, list(asked.children[:1]), [*asked.children[1:], *answer.children])


def _asks(page: Page, item: Block) -> bool:
    return bool(page.lexicon.question(page.plain(item)))


def _most_ask(page: Page, items: Sequence[Block]) -> bool:
    return sum(_asks(page, item) for item in items) >= _SHARE_ANSWERED * len(items)


def _cards(
    page: Page, title: Block, asked: dict[int, list[Block]], answers: dict[int, list[Block]]
) -> Iterator[Finding]:
    two = len(asked) > 1 and asked.keys() == answers.keys() and all(_asks(page, blocks[0]) for blocks in asked.values())
    if not (two or len(asked) >= _FEWEST) or len(asked.keys() & answers) < _SHARE_ANSWERED * len(asked):
        return
    firsts = [blocks[0].lines[0] for blocks in answers.values() if blocks and blocks[0].type == "paragraph"]
    asking = sum(bool(page.question(line)) for line in firsts)
    if asking >= _SHARE_ANSWERED * len(answers):
        return  # it is a list of other questions
    for number, question in asked.items():
        answer = answers.get(number, [])
        reason = f"is number {number} of a list, and so is its answer below “{page.text(title.content)}”"
        titles = [title, *(block for block in answer[:1] if block.type == "heading")]
        claims = [(block.line, block.end) for block in titles]
        yield Finding(NAME, reason, question, answer[len(titles) - 1 :], claims=claims)


def _is_in(title: Block, block: Block) -> bool:
    """Whether a block below a title may be of its section; that of a line ends with the next text."""
    return block.type not in ("heading", "paragraph") or bool(title.level and not 0 < block.level <= title.level)


def _questions(page: Page, above: list[Block]) -> _Numbered:
    """Return what is counted last above, from 1 on, by its numbers: each a single text, or one with its choices."""
    found: _Numbered = {}
    for block in above:
        for item in block.children if block.type == "ordered_list" and page.free(block) else ():
            number = _number(item)
            found = {} if number == 1 else found
            if number == len(found) + 1 and item.children:
                found[number] = list(item.children)
        if found and block.type == "bullet_list" and are_choices([block]):
            found[len(found)].append(block)
    return found if all(map(_is_question, found.values())) else {}


def _is_question(blocks: list[Block]) -> bool:
    """Whether what is counted is a single text, or one with its choices."""
    return bool(blocks) and blocks[0].type == "paragraph" and (len(blocks) == 1 or are_choices(blocks[1:]))


def _answers(page: Page, section: list[Block]) -> _Numbered:
    """Return the parts of a section that are counted from 1 on, by their numbers: items, or what headings title."""
    listing = next((block for block in section if block.type != "hr"), None)
    if listing is not None and listing.type == "ordered_list":
        items = [item for block in section if block.type == "ordered_list" for item in block.children]
        return {_number(item): list(item.children) for item in items}
    found: _Numbered = {}
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
