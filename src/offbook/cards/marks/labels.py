"""`Q:` … `A:` and their like: `Question:`, `Q1:`, `Answer:`, bold, in a list, in other languages, with typos."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from itertools import islice, takewhile

from offbook.cards.bare import bare
from offbook.cards.card import Finding
from offbook.cards.dress import signed
from offbook.cards.leads import asks_plainly, leading_question
from offbook.cards.marks.label_units import Unit, in_order, outline_of, parted_by_labels
from offbook.cards.marks.label_words import LABEL, Labels, Role, unwrapped
from offbook.cards.page import Page
from offbook.cards.predicates import LISTS
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph

NAME = "label"
_FEWEST_QUOTED = 3
_SHARE_QUOTED = 0.6  # of the questions
_NUMBERED_LABEL = re.compile(r"[\s*_]*([^\W\d_]{3,12})\s?\d{0,2}[*_]*\s?[-–—).>]+[*_]*\s+(?=\S)")


def find(page: Page) -> Iterator[Finding]:
    """Take what the writer labelled."""
    words = Labels(page)
    if not words.answers and not words.questions:
        return
    if words.answers:
        yield from _numbered_sections(page, words)
    for flow in page.flows:
        units = list(in_order(page, [unit for block in flow for unit in parted_by_labels(block, words)]))
        if any(unit.role is not Role.NONE for unit in units):
            yield from _cards(page, units)


def heading_label(page: Page, heading: Block) -> str:
    """Return what stands behind the label of a question in a heading; nothing where it has none."""
    match = LABEL.match(heading.content) if ":" in heading.content or "：" in heading.content else None
    if match and match["sep"] in ":：" and match["word"].casefold() in {"q", *page.lexicon.labels}:
        return match["text"].strip()
    return ""


def label_of_answer(page: Page, content: str) -> str | None:
    """Return a text without the label of an answer in front of it, `Answer:` or `A1)`; None where it has none."""
    line, _, below = content.partition("\n")
    match = LABEL.match(line)
    if match and len(match["word"]) > 1 and page.lexicon.answer_label(match["word"]):
        text = unwrapped(match["open"], match["after"] or match["shut"], match["text"])
        return f"{text}\n{below}".strip()
    match = _NUMBERED_LABEL.match(content)
    return content[match.end() :] if match and page.lexicon.answer_label(match[1]) else None


def _numbered_sections(page: Page, words: Labels) -> Iterator[Finding]:
    """Take sections whose heading is but a number: what stands below asks, down to the answer's label."""
    for heading in page.headings():
        if not page.lexicon.only_number(page.text(heading.content)) or not page.free(heading):
            continue
        units = [
            unit for block in page.section(heading) if block.type != "hr" for unit in parted_by_labels(block, words)
        ]
        at = next((index for index, unit in enumerate(units) if unit.role is not Role.NONE), 0)
        if at and units[at].role is Role.ANSWER and not any(unit.block.level for unit in units):
            claims = [(heading.line, heading.end), *_span(units)]
            reason = "is under a number, above an answer's label"
            yield Finding(NAME, reason, _glue(units[:at]), _glue(units[at:]), claims=claims)


def _cards(page: Page, units: list[Unit]) -> Iterator[Finding]:
    index, quoted = 0, _quotes_answer(units)
    while index < len(units):
        unit = units[index]
        if unit.role is Role.QUESTION and page.free(unit.block):
            index = yield from _labelled(page, units, index, quoted=quoted)
        elif unit.role is Role.ANSWER and page.free(unit.block):
            index = yield from _answer_alone(page, units, index)
        elif unit.role is Role.TURN:
            index = _answer_end(page, units, index, 0, labelled=True)
        else:
            index += 1


def _labelled(page: Page, units: list[Unit], start: int, *, quoted: bool) -> Generator[Finding, None, int]:
    """Take the card whose question's label is at `start`; return where to go on.

    `quoted` says that quotations answer the questions of this writer.
    """
    level = units[start].block.level
    at = start + 1
    item = units[start].item
    while at < len(units) and units[at].role is Role.NONE and not _ends(units[at], level):
        apart = item is not None and units[at].item is not item
        if apart and (units[at].item is not None or units[at].block.type == "list_item" or at > start + 2):
            break  # the next item of the list
        at += 1
    if at < len(units) and units[at].role is Role.ANSWER:
        between = units[start + 1 : at]
        if item is not None and all(u.item is not item and u.block.type == "paragraph" for u in between):
            units[start + 1 : at] = []  # remarks between an item and its answer's label
            at = start + 1
        question, stop = units[start:at], _answer_end(page, units, at, level, labelled=True)
        answer = units[at:stop]
    elif level:
        return at  # a heading labelled `Q:` is a heading that asks
    else:
        stop = at = _before_next(page, units, start, at)
        quote = next((i for i in range(start + 1, at) if units[i].block.type == "blockquote"), None)
        split = quote if quote and quoted else _end_of_question(page, units, start, at)
        question, answer = units[start:split], units[split:at]
    yield Finding(NAME, "labelled as a question", _glue(question), _glue(answer), claims=_span(units[start:stop]))
    return stop


def _before_next(page: Page, units: list[Unit], start: int, stop: int) -> int:
    """Return where an answer without a label ends at the latest: before a paragraph in bold that asks at once."""
    first = _end_of_question(page, units, start, stop)
    if first < stop and units[first].source is not units[first - 1].source and _is_bold_question(page, units[first]):
        return first
    return stop


def _is_bold_question(page: Page, unit: Unit) -> bool:
    lead = leading_question(page, unit.block, strict=True) if unit.block.type == "paragraph" else None
    return lead is not None and lead.emphasised and not lead.rest


def _end_of_question(page: Page, units: list[Unit], start: int, stop: int) -> int:
    """Return where a question ends whose answer has no label: where it asks, else with its line."""
    end = start + 1
    while end <= stop and (end == start + 1 or units[end - 1].source is units[start].source):
        if _asks(page, units[start:end]):
            return end
        end += 1
    return start + 1


def _quotes_answer(units: list[Unit]) -> bool:
    """Whether quotations answer what is labelled: most questions have one behind them, and all before it asks."""
    asked = [index for index, unit in enumerate(units) if unit.role is Role.QUESTION]
    if len(asked) < _FEWEST_QUOTED:
        return False
    spans = [units[first:then] for first, then in zip(asked, [*asked[1:], None], strict=True)]
    quoted = sum(any(unit.block.type == "blockquote" for unit in span) for span in spans)
    return quoted >= max(_FEWEST_QUOTED, _SHARE_QUOTED * len(spans))


def _answer_alone(page: Page, units: list[Unit], at: int) -> Generator[Finding, None, int]:
    """Take an answer's label without a question's if what stands above it is a question."""
    start = _question_above(page, units, at)
    if start is None:
        page.warn(units[at].block.line, "answer-alone", "an answer is labelled here, but there is no question above it")
        return at + 1
    level = units[start].block.level
    stop = _answer_end(page, units, at, level, labelled=bool(level))
    reason = "has an answer labelled as one below it"
    yield Finding(NAME, reason, _glue(units[start:at]), _glue(units[at:stop]), claims=_span(units[start:stop]))
    return stop


def _question_above(page: Page, units: list[Unit], at: int) -> int | None:
    """Return where the question begins that the label of an answer follows.

    In the label's own paragraph it is what asks, or else all lines above the label, unless the heading above them
    asks. Where the label opens its paragraph, it is what asks, a heading, an item or a counted line above it.
    """
    own = at
    while own and units[own - 1].role is Role.NONE and units[own - 1].source is units[at].source:
        own -= 1
    for start in range(at - 1, own - 1, -1):
        if _asks(page, units[start:at]) or units[start].item is not None:
            return start
    if own < at:
        over = units[own - 1] if own else None
        return own - 1 if over is not None and _is_free_text(page, over) and _is_asking_heading(page, over) else own
    for start in range(at - 1, max(at - 4, -1), -1):
        unit = units[start]
        if not _is_free_text(page, unit):
            return None
        if _asks(page, units[start:at]) or unit.block.level or unit.item is not None:
            return start
        if start == 0 or units[start - 1].source is not unit.source:
            return start if _is_counted(page, unit) else None
    return None


def _is_free_text(page: Page, unit: Unit) -> bool:
    return unit.role is Role.NONE and unit.block.type == "paragraph" and page.free(unit.block)


def _is_counted(page: Page, unit: Unit) -> bool:
    text = page.text(unit.block.content)
    return text[:1].isdigit() and bare(text) != text


def _is_asking_heading(page: Page, unit: Unit) -> bool:
    return bool(unit.block.level) and _asks(page, [unit])


def _answer_end(page: Page, units: list[Unit], at: int, level: int, *, labelled: bool) -> int:
    """Return where the answer whose label is at `at` ends: at the next question, heading or rule."""
    level = level or units[at].block.level  # of the label, where it is a heading and the question none
    stop = at + 1
    item = units[at - 1].item
    listing = item.parent if item is not None else None
    nested = item is not None and units[at].is_in(item)
    while stop < len(units):
        unit = units[stop]
        if unit.role in (Role.QUESTION, Role.TURN) or _ends(unit, level) or not page.free(unit.block):
            break
        if listing is not None and unit.item is not None and unit.item.parent is listing:
            break  # the next item of the question's list
        if nested and item is not None and unit.is_in(outline_of(item)) and not unit.is_in(item):
            break  # an outline's answer is its question's own children
        if _opens_next(page, units, stop, labelled) or _follows_stub(page, units, at, stop):
            break
        stop += 1
    return stop - _is_title_of_next(units, at, stop)


def _is_title_of_next(units: list[Unit], at: int, stop: int) -> bool:
    """Whether a line of its own with a sign, right above a question, is the title of what follows, as others are."""
    if stop >= len(units) or units[stop].role is not Role.QUESTION or not _is_signed_title(units, stop - 1):
        return False
    titles = (i for i in range(len(units) - 1) if units[i + 1].role is Role.QUESTION and _is_signed_title(units, i))
    return stop - 1 > at and len(list(islice(titles, 2))) > 1


def _is_signed_title(units: list[Unit], at: int) -> bool:
    unit = units[at]
    alone = at == 0 or units[at - 1].source is not unit.source
    return unit.role is Role.NONE and unit.block.type == "paragraph" and alone and bool(signed(unit.block.content))


def _opens_next(page: Page, units: list[Unit], at: int, labelled: bool) -> bool:
    """Whether an unlabelled question begins at `at`.

    Where the writer labels questions, an unlabelled one is part of the answer unless an answer's label follows.
    """
    unit = units[at]
    if unit.block.type in LISTS:
        return _is_answered_list(page, unit.block)
    if unit.role is not Role.NONE or unit.block.type != "paragraph":
        return False
    first_of_paragraph = units[at - 1].source is not unit.source
    if first_of_paragraph and not unit.block.level and _holds_label(units, at):
        return True
    answered = at + 1 < len(units) and units[at + 1].role is Role.ANSWER
    if not _asks(page, [unit]):
        return answered and first_of_paragraph and _is_counted(page, unit)
    return answered or (not labelled and first_of_paragraph)


def _follows_stub(page: Page, units: list[Unit], at: int, stop: int) -> bool:
    """Whether a paragraph at `stop` asks, and the answer from `at` to it is empty or still to be written."""
    unit = units[stop]
    if unit.block.type != "paragraph" or units[stop - 1].source is unit.source or not _asks(page, [unit]):
        return False
    if page.text(unit.block.content).rstrip().endswith(":"):
        return False  # it leads to what follows
    answer = [other.block for other in units[at:stop]]
    return page.is_stub(answer) or not any(page.text(block.content).strip() for block in answer)


def _holds_label(units: list[Unit], at: int) -> bool:
    """Whether the next label in the paragraph that begins at `at` is that of an answer."""
    own = takewhile(lambda unit: unit.source is units[at].source, (units[i] for i in range(at, len(units))))
    return next((unit.role for unit in own if unit.role is not Role.NONE), Role.NONE) is Role.ANSWER


def _is_answered_list(page: Page, listing: Block) -> bool:
    return any(len(item.children) > 1 and asks_plainly(page, item) for item in listing.children)


def _asks(page: Page, units: list[Unit]) -> bool:
    text = page.text(" ".join(unit.block.content for unit in units))
    return bool(page.lexicon.line_question(text) or page.lexicon.noun_question(text))


def _ends(unit: Unit, level: int) -> bool:
    """Whether a unit is a rule or a heading that is not below the question's own."""
    if unit.block.type == "hr":
        return True
    return bool(unit.block.level) and (not level or unit.block.level <= level)


def _glue(units: list[Unit]) -> list[Block]:
    """Put the lines of one paragraph together again."""
    blocks: list[Block] = []
    source: Block | None = None
    for unit in units:
        if unit.source is not None and unit.source is source:
            last = blocks[-1]
            blocks[-1] = paragraph(f"{last.content}\n{unit.block.content}".strip("\n"), last.line, unit.block.end)
        else:
            blocks.append(unit.source if unit.source and unit.source.type == "heading" and blocks else unit.block)
        source = unit.source
    return [block for block in blocks if block.content or block.children or block.type != "paragraph"]


def _span(units: list[Unit]) -> list[tuple[int, int]]:
    return [(unit.block.line, unit.block.end) for unit in units]
