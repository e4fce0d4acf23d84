"""What was probably meant as a card and is none: said by `check`, so that nothing is lost in silence."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from offbook.cards.doubts.unclaimed import unclaimed
from offbook.cards.marks.labels import ANSWER_ALONE
from offbook.cards.marks.separator import repeated
from offbook.cards.note.finding import Finding
from offbook.cards.note.leads import is_marked, leading_question
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import CODE, LISTS, link_only, only_to_do
from offbook.cards.note.stories import tells_story
from offbook.cards.readings import KEPT
from offbook.cards.units.outline import Outline
from offbook.cards.units.unit import ASKS_AND_TELLS, Unit
from offbook.cards.words.bare import ends_with_mark
from offbook.markdown import Block
from offbook.model import NO_CARDS, Kind, Passed
from offbook.text import in_one_line

_FEWEST_PASSED = 2
_LONG_NOTE = 1500  # characters from which on a note is expected to be of cards for the most part
_MOST_UNREAD = 0.6  # of the note's text, in no card
_LARGEST_ANSWER = 0.5  # of the note's text, in one card
_FEWEST_WITHIN = 3
_FEWEST_TOPICS = 4
_HIGHLIGHT = re.compile(r"(?<![\w=])==(?=\S)[^=\n]+(?<=\S)==(?![\w=])")
_FEWEST_HIGHLIGHTED = 2  # texts
_TEXTS = ("paragraph", "td", "dd", "code_block", "html_block")


def near_misses(page: Page, outline: Outline | None) -> Iterator[Passed]:
    """Yield what the writer may want to look at."""
    seen = (miss for miss in page.noticed if miss.code != ANSWER_ALONE or not page.is_claimed(miss.location.line))
    found = [*seen, *_misses(page, outline)]
    yield from found
    only_marks = page.rules.stages[1:] == ()  # the writer wants no others
    if not (only_marks or found or page.findings or page.to_ask or page.problems or page.is_advert or page.refuses):
        yield from _nothing(page)


def _nothing(page: Page) -> Iterator[Passed]:
    """Yield a note with text, and not just links, in which nothing is read as a question."""
    texts = [b for b in page.blocks if b.content.strip() and b.type in _TEXTS and not link_only(b.content)]
    if page.lexicon.blank_template("\n".join(page.text(block.content) for block in texts)):
        message = "this note is a template that is not filled in yet; write what belongs there, and it is read anew"
    elif (
        len(marked := [b for b in texts if b.type not in CODE and _HIGHLIGHT.search(b.content)]) >= _FEWEST_HIGHLIGHTED
    ):
        message = (
            f"nothing in this note is read as a question, but {len(marked)} texts have highlights; #cloze after such a "
            "text hides them, and cloze_highlights = true in the settings does everywhere"
        )
    else:
        message = "nothing in this note is read as a question; put #card after a text to make it one"
    if texts:
        yield page.missed(page.document.root.line, NO_CARDS, message)


def _misses(page: Page, outline: Outline | None) -> Iterator[Passed]:
    yield from unclaimed(page)
    yield from _swallowed(page, outline)
    yield from _story(page)
    yield from _unfinished(page)
    yield from _to_do(page)
    if outline is not None:
        yield from _kept(page, outline)
        yield from _doubts(page, outline)
        yield from _balance(page, outline)
        yield from _topics(page, outline)
    for line, mark, count in repeated(page):
        message = (
            f"the line `{mark}` comes {count} times between texts; if it splits questions from answers, "
            f"say so in the settings: [[marks]] separator = '{mark}'"
        )
        yield page.missed(line, "maybe-separator", message)


def _swallowed(page: Page, outline: Outline | None) -> Iterator[Passed]:
    """Yield what looks like a question and stands in another card's answer: its looks say so, or its own paragraph."""
    found: dict[int, tuple[Finding, str]] = {}
    for unit in outline.units if outline is not None else ():
        owner = page.owner(unit.block)
        holds = unit.kind == "list-item" and bool(unit.block.children[1:])
        looks_so = unit.is_dressed or (holds and ends_with_mark(page.asked(unit.source)))
        if owner is None or not (looks_so and unit.reason and unit.body) or unit.block.line <= owner.line:
            continue
        if not any(block.line == unit.question[0].line for block in owner.question):
            found[unit.block.line] = owner, _text(page, unit)
    for finding in page.findings:
        for line, text in _asks_within(page, finding):
            found.setdefault(line, (finding, text))
    for line, (finding, text) in sorted(found.items()):
        message = f"the answer to “{_short(page, finding)}” holds “{text}”, which looks like a question"
        yield page.missed(line, "question-in-answer", message)


def _asks_within(page: Page, finding: Finding) -> Iterator[tuple[int, str]]:
    """Yield what asks within an answer, callouts and paragraphs, with its line; of texts with gaps callouts alone."""
    below = finding.answer[1:]
    for block in below:
        if block.type == "callout" and page.lexicon.question(title := page.text(block.title)):
            yield block.line, in_one_line(title)
    if finding.kind is Kind.CLOZE:
        return
    for block in (block for block in below[:-1] if finding.dialect == "heading" and block.type == "paragraph"):
        text = page.text(block.content)
        if len(block.lines) == 1 and ends_with_mark(text) and page.lexicon.opens_question(text):
            yield block.line, text
    for block in (block for block in below if finding.question[0].type != "heading" and block.type == "paragraph"):
        lead = leading_question(page, block, strict=True)
        if lead is not None and lead.rest and (lead.emphasised or is_marked(page, lead)):
            yield block.line, in_one_line(page.text(lead.question.content))
        yield from _asks_and_tells(page, block)
    for listing in (block for block in finding.answer if block.type in LISTS):
        asking = [
            told for item in listing.children for first in item.children[:1] for told in _asks_and_tells(page, first)
        ]
        yield from asking if len(asking) == 1 else ()  # several are steps


def _asks_and_tells(page: Page, block: Block) -> Iterator[tuple[int, str]]:
    """Yield what asks in a text that answers it, too, with its line: "What is negative caching? It keeps …"."""
    match = ASKS_AND_TELLS.match(page.text(block.content)) if block.type == "paragraph" else None
    if match and page.lexicon.opens_question(match[1]) and not page.lexicon.asks_more(match[2]):
        yield block.line, in_one_line(match[1])


def _doubts(page: Page, outline: Outline) -> Iterator[Passed]:
    """Yield, once for each reason, units that look like some that ask: not taken, or taken by a close decision.

    Of a close decision both readings are told, and what decides for the other one.
    """
    passed: dict[str, list[Unit]] = defaultdict(list)
    taken: dict[str, list[Unit]] = defaultdict(list)
    for unit in outline.units:
        if unit.kind == "line" and not unit.is_dressed:
            continue
        owner = page.owner(unit.block)
        if unit.passed.startswith("too few") and (owner is None or (unit.doubt and owner.line < unit.block.line)):
            passed[unit.passed].append(unit)
        elif unit.doubt and unit.reason and owner is not None and owner.reason == unit.reason:
            taken[unit.reason].append(unit)
    for reason, units in passed.items():
        if len(units) >= _FEWEST_PASSED or units[0].doubt:
            owner = page.owner(units[0].block)
            where = f"part of the answer to “{_short(page, owner)}”" if owner is not None else "no card"
            message = f"{_named(page, units)} {where}: {reason}; if it asks, tag it #card"
            yield page.missed(units[0].block.line, "maybe-question", message)
    for reason, units in taken.items():
        owner = page.owner(units[0].block)
        name = owner.dialect if owner is not None else ""
        message = f"{_named(page, units)} read as a question, since it {reason}; if it is none, put {_out(page)}"
        if len(units) > 1:
            message += f', or dialects_off: ["{name}"] in the front matter to leave out all of them'
        yield page.missed(units[0].block.line, "maybe-text", message)


def _kept(page: Page, outline: Outline) -> Iterator[Passed]:
    """Yield what is a card only since it was one."""
    units = [unit for unit in outline.units if unit.reason == KEPT and page.owner(unit.block) is not None]
    if units:
        message = (
            f"{_named(page, units)} a card only because it was one before: the note does not read so any more; if it "
            f"is to go, put {_out(page)}"
        )
        yield page.missed(units[0].block.line, "kept", message)


def _out(page: Page) -> str:
    """Return what takes a question out of the cards."""
    return "card:: false below it" if page.note.is_outline else "%%no card%% after it"


def _named(page: Page, units: list[Unit]) -> str:
    first = f"“{_text(page, units[0])}”"
    return f"{first} is" if len(units) == 1 else f"{first} (and {len(units) - 1} more like it) is"


def _balance(page: Page, outline: Outline) -> Iterator[Passed]:
    """Yield a note that is in no card for the most part, and a card with half of the note as its answer."""
    blocks = [block for flow in page.flows[:1] for block in flow]
    sizes = {block.line: sum(len(inner.content) for inner in block.walk()) for block in blocks}
    total = sum(sizes.values())
    if total < _LONG_NOTE:
        return
    taken: Counter[int] = Counter()
    for block in blocks:
        owner = page.owner(block)
        if owner is not None:
            taken[id(owner)] += sizes[block.line]
    asked = any(unit.reason for unit in outline.units)
    if asked and page.findings and sum(taken.values()) < (1 - _MOST_UNREAD) * total:
        share = round(100 * (1 - sum(taken.values()) / total))
        message = f"{share} % of this note is in no card; `offbook cards --explain` says why"
        yield page.missed(page.document.root.line, "much-in-no-card", message)
    for finding in (finding for finding in page.findings if taken[id(finding)] > _LARGEST_ANSWER * total):
        within = [u for u in outline.units if page.owner(u.block) is finding and u.body and u.is_dressed]
        if len(within) > _FEWEST_WITHIN and len(page.findings) > 1:
            message = f"the answer to “{_short(page, finding)}” is half of the note, with {len(within)} prompts in it"
            yield page.missed(finding.line, "large-answer", message)


def _story(page: Page) -> Iterator[Passed]:
    """Yield the last title over a text in no card that is told in the parts of a story."""
    told: Block | None = None
    for title in page.headings():
        if page.owner(title) is None and not page.lexicon.story_part(page.text(title.content)):
            free = [block for block in page.section(title) if page.free(block)]
            told = title if tells_story(page, free) else told
    if told is not None and not page.to_ask:
        words = in_one_line(page.text(told.content))
        message = f"“{words}” tells a story, and no card holds it; put #card after the title to make one"
        yield page.missed(told.line, "maybe-story", message)


def _unfinished(page: Page) -> Iterator[Passed]:
    """Yield answers told in the parts of a story of which one has no text yet."""
    for finding in page.findings:
        shows = finding.kind is Kind.CLOZE or any("![" in inner.content for b in finding.answer for inner in b.walk())
        text = "" if shows else "\n".join(map(page.plain, finding.answer))
        if len(set(page.lexicon.parts_of_story(text))) > 1 and (part := page.lexicon.empty_part(text)):
            message = f"“{_short(page, finding)}” is a story with nothing behind “{part}” yet"
            yield page.missed(finding.line, "unfinished-story", message)


def _to_do(page: Page) -> Iterator[Passed]:
    """Yield questions with nothing but tasks to do below, which may be what the writer wants to say."""
    for finding in page.findings:
        if finding.kind is not Kind.CLOZE and finding.answer and only_to_do(finding.answer):
            message = (
                f"“{_short(page, finding)}” has nothing but tasks to do below it, so it is open; without their boxes "
                "they are its answer"
            )
            yield page.missed(finding.answer[0].line, "only-tasks", message)


def _topics(page: Page, outline: Outline) -> Iterator[Passed]:
    """Yield headings that stand over texts in a note for interviews in which nothing asks."""
    if page.findings or not page.speaks_of_interviews:
        return
    levels: dict[int, list[Unit]] = defaultdict(list)
    for unit in outline.units:
        if unit.kind == "heading" and unit.body and not any(block.type == "heading" for block in unit.below):
            levels[unit.depth].append(unit)
    depth, units = max(levels.items(), key=lambda item: len(item[1]), default=(0, []))
    if len(units) >= _FEWEST_TOPICS:
        message = (
            f"nothing asks in this note, but {len(units)} headings such as “{_text(page, units[0])}” have text below; "
            f"if they are your prompts, put in its front matter: marks: [{{question: '{'#' * depth} {{question}}'}}]"
        )
        yield page.missed(units[0].block.line, "maybe-topics", message)


def _short(page: Page, finding: Finding) -> str:
    return in_one_line(page.text(finding.question[0].content))


def _text(page: Page, unit: Unit) -> str:
    return in_one_line(page.text(unit.source))
