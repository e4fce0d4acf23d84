"""Series: things that are counted, or stand at equal places, each with text below it, are one thing to their writer."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from itertools import islice, pairwise, takewhile
from math import inf

from offbook.cards.note.choices import are_ticked
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import ARROW, LISTS
from offbook.cards.note.stories import tells_one_story, tells_story
from offbook.cards.styles.circles import circles
from offbook.cards.units.unit import NAMES_PART, PART_OF_STORY, PROSE, TELLS_STORY, TITLE_OF_QUESTIONS, Cue, Unit
from offbook.cards.words.bare import ends_with_mark
from offbook.cards.words.lexicon import USUAL_PROMPT
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph
from offbook.text import WORD

FEWEST_ASKING = 2
_ELLIPSES = ("...", "…")
_LABEL = re.compile(r"(?:\*\*|__)([^\W\d_]+(?: [^\W\d_]+)?):(?:\*\*|__)\s+\S")
_FIELD = re.compile(r"[^\W\d_]+:\s+\S")  # "Tags: ownership" below the title of a story
_ARROW = re.compile(rf"\s{ARROW}\s")
_STEP = re.compile(r"(?P<word>[^\W\d_]+) \d{1,2}(?=: )")
_COUNTED = re.compile(r"\A([^\W\d_]+) \d{1,3}\Z")
_FEWEST_COUNTED = 3
_LABEL_IN_FRONT = re.compile(r"\W*(?P<word>[^\W\d_]{3,20})(?:[ ]?\d{1,3})?[ ]?[:：–—][ ]")
_SHARE_LABELLED = 0.4
_FEWEST_BELOW_RULES, _MOST_BELOW_RULES = 5, 0.8
_ENDS_TEXT = (".", ":", "：", "。", ",")
_FEW_WORDS = 4
_FEW_OF_DOUBT = 2  # words
_SHORT = 3  # words of "Why this harbour"
_FEWEST_PARTS = 3
_MOST_PARTS = 4
_FEWEST_OVER_BLOCKS, _MOST_OVER_BLOCKS = 4, 0.75
_MOST_LINES = 12  # that a story takes, each a paragraph


def read_titles(page: Page, units: list[Unit]) -> None:
    """Let a title that several headings have name a part, as "Result" and "Lesson 3" do.

    Many such titles are what is asked of each of several things. Headings that end in arrows ask.
    """
    topics = [unit for unit in units if unit.kind == "heading" and unit.cue is Cue.TOPIC]
    texts = (page.text(unit.source).casefold() for unit in topics)
    titles = [text if page.lexicon.only_number(text) else _COUNTED.sub(r"\1", text) for text in texts]
    parts = {title for title, count in Counter(titles).items() if count >= _FEWEST_PARTS}
    for unit, title in zip(topics, titles, strict=True) if len(parts) <= _MOST_PARTS else ():
        if title in parts:
            unit.cue, unit.why = Cue.TELLS, "names a part, as other headings of that title do"
    _read_steps(page, units)
    _read_top(page, units)
    _read_bare_prompts(page, units)
    _read_labelled(units)
    _read_recurring(page, units)
    _read_holders(page, units)
    _read_doubts(page, units)
    _read_items_over_questions(units)
    _read_fields(units)
    arrows = [unit for unit in topics if unit.form == "→" and unit.body]
    for unit in arrows if len(arrows) >= _FEWEST_PARTS else ():
        unit.cue, unit.why = Cue.ASKS, "leads to what is below it, as the arrow says"


def _read_steps(page: Page, units: list[Unit]) -> None:
    """Let lines name parts that one word counts, "Step 1: the phone", unless it counts questions or stories."""
    found: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        step = _STEP.match(unit.source) if unit.kind == "line" and unit.cue is Cue.TOPIC else None
        if step and not page.lexicon.only_number(step[0]):
            found[step["word"].casefold()].append(unit)
    for unit in (unit for steps in found.values() if len(steps) >= _FEWEST_PARTS for unit in steps):
        unit.cue, unit.why = Cue.TELLS, NAMES_PART


def _read_top(page: Page, units: list[Unit]) -> None:
    """Let the one title of a note name it, though it demands something, where a heading below it asks."""
    headings = [unit for unit in units if unit.kind == "heading"]
    top = min((unit.depth for unit in headings), default=0)
    tops = [unit for unit in headings if unit.depth == top]
    below = [unit for unit in headings if unit.depth > top]
    asking = len(below) > 1 and any(unit.cue is Cue.ASKS for unit in below)
    for unit in tops if len(tops) == 1 and asking else ():
        text = page.asked(unit.source)
        if page.lexicon.demands(text) and not ends_with_mark(text):
            unit.cue, unit.why = Cue.TELLS, "is the title of the note"


def _read_bare_prompts(page: Page, units: list[Unit]) -> None:
    """Let "Strengths" ask where it has a text, stands once, and is no part of what a heading or another line asks.

    Beside "Opportunities" it is a part of an analysis.
    """
    named = [(unit, page.text(unit.source).casefold().strip(" :")) for unit in units]
    counts = Counter(name for _, name in named)
    asking = {unit.block.line for unit in units if unit.cue is Cue.ASKS and unit.kind == "heading"}
    for unit, name in named:
        if name not in page.lexicon.bare_prompts or unit.why != USUAL_PROMPT:
            continue
        below = any(heading.line in asking for heading in page.path_to(unit.block.line))
        other = unit.kind == "list-item" or "opportunities" in counts or "threats" in counts
        if below or other or counts[name] > 1 or not unit.body:
            unit.cue, unit.why = Cue.TELLS, "names a part"


def _read_labelled(units: list[Unit]) -> None:
    """Let headings with one label in front, `Case: churn is up`, ask where several of them do."""
    alike: dict[tuple[int, str], list[Unit]] = defaultdict(list)
    for unit in units:
        label = _LABEL_IN_FRONT.match(unit.source) if unit.kind == "heading" else None
        if label:
            alike[unit.depth, label["word"].casefold()].append(unit)
    for found in alike.values():
        asking = sum(unit.cue is Cue.ASKS for unit in found)
        for unit in found if asking >= max(FEWEST_ASKING, _SHARE_LABELLED * len(found)) else ():
            if unit.cue is Cue.TOPIC and unit.body:
                unit.cue, unit.why = Cue.ASKS, f"has the label of {asking} headings that ask"


def _read_recurring(page: Page, units: list[Unit]) -> None:
    """Let titles below several questions name a part though they open as questions do: "Why this works"."""
    found: dict[str, list[Unit]] = defaultdict(list)
    path: list[Unit] = []
    for unit in (unit for unit in units if unit.kind == "heading"):
        path = [*(above for above in path if above.depth < unit.depth), unit]
        text = page.text(unit.source)
        if unit.cue is Cue.ASKS and not ends_with_mark(text) and any(above.cue is Cue.ASKS for above in path[:-1]):
            found[text.casefold()].append(unit)
    for text, alike in found.items():
        # "Why us" may be asked twice.
        may_be_asked = len(text.split()) <= _SHORT or page.lexicon.addresses(text)
        fewest = _FEWEST_PARTS if may_be_asked else FEWEST_ASKING
        for unit in alike if len(alike) >= fewest else ():
            unit.cue, unit.why = Cue.TELLS, NAMES_PART


def _read_holders(page: Page, units: list[Unit]) -> None:
    """Let a usual prompt such as "About me" name a section where questions with answers stand below it."""
    for unit in (unit for unit in units if unit.why == USUAL_PROMPT):
        within = _within(unit.below, units) if unit.below else []
        answered = any(other.cue is Cue.ASKS and other.body for other in within)
        if answered or any(page.begins_card(block.line) for block in unit.below):
            unit.cue, unit.why = Cue.TELLS, TITLE_OF_QUESTIONS


def _read_doubts(page: Page, units: list[Unit]) -> None:
    """Let a word or two with a question mark ask nothing among items that do not: "empty input", "duplicates?"."""
    lists: dict[int, list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.kind == "list-item":
            lists[id(unit.block.parent)].append(unit)
    for items in lists.values():
        if any(unit.cue <= Cue.TOPIC and not unit.body for unit in items):
            for unit in (unit for unit in items if unit.cue is Cue.ASKS and not unit.body):
                text = page.text(unit.source)
                few = text.isascii() and len(WORD.findall(text)) <= _FEW_OF_DOUBT
                if few and not page.lexicon.opens_question(text):
                    unit.cue, unit.why = Cue.TELLS, "is a doubt, among items that do not ask"


def _read_items_over_questions(units: list[Unit]) -> None:
    """Let an item name a section below which several questions with answers are nested."""
    for unit in units:
        if unit.kind != "list-item" or unit.cue is not Cue.TOPIC or unit.rest or not unit.below:
            continue
        asking = [other for other in _within(unit.below, units) if other.cue is Cue.ASKS and other.body == "inside"]
        if len(asking) >= FEWEST_ASKING:
            unit.cue, unit.why = Cue.TELLS, TITLE_OF_QUESTIONS


def _read_fields(units: list[Unit]) -> None:
    """Let texts name parts that ask behind labels in bold which recur: `**Clarify:** for each user?`."""
    led = [unit for unit in units if unit.emphasis == "led" and unit.cue is Cue.ASKS]
    labels = [(unit, match[1].casefold()) for unit in led if (match := _LABEL.match(unit.block.content))]
    recurring = Counter(label for _, label in labels)
    for unit, label in labels:
        if recurring[label] >= FEWEST_ASKING:
            unit.cue, unit.why = Cue.TELLS, NAMES_PART


def read_lines_that_lead(page: Page, units: list[Unit]) -> None:
    """Let plain lines ask that open as questions do, without a mark, where several lead to text or lists by a colon.

    A line right above a list needs no colon.
    """
    found = [unit for unit in units if _opens_as_question(unit) and _leads(page, unit)]
    for unit in found if len(found) >= FEWEST_ASKING else ():
        unit.cue = Cue.ASKS


def read_lines_over_blocks(page: Page, units: list[Unit]) -> None:
    """Let short lines right over lists ask where nearly all such lines are questions; so with quotations."""
    for types, name in ((LISTS, "a list"), (("blockquote",), "a quotation")):
        over = [unit for unit in units if _is_right_over(page, unit, types)]
        asking = sum(unit.cue is Cue.ASKS for unit in over)
        for unit in over if asking >= max(_FEWEST_OVER_BLOCKS, _MOST_OVER_BLOCKS * len(over)) else ():
            if unit.cue is Cue.TOPIC:
                unit.cue, unit.why = Cue.ASKS, f"stands right over {name}, as {asking} questions do"


def _is_right_over(page: Page, unit: Unit, types: Sequence[str]) -> bool:
    plain = unit.kind == "line" and unit.emphasis == "plain" and not unit.rest
    below = next(page.after(unit.block), None) if plain else None
    return below is not None and below.type in types and below.line == unit.block.end


def read_lines_below_rules(page: Page, units: list[Unit]) -> None:
    """Let bold lines ask that open nearly all parts of a note between its rules, each over its text."""
    by_line = {unit.block.line: unit for unit in units if unit.kind == "line"}
    firsts = [*page.flows[0][:1]]
    firsts += [after for block, after in pairwise(page.flows[0]) if block.type == "hr" and after.type != "hr"]
    opening = [unit for block in firsts if (unit := by_line.get(block.line)) and unit.emphasis == "bold"]
    opening = [unit for unit in opening if _says_much(page, unit) and not unit.source.rstrip().endswith(_ENDS_TEXT)]
    if len(opening) >= max(_FEWEST_BELOW_RULES, _MOST_BELOW_RULES * len(firsts)):
        for unit in opening:
            if unit.cue is Cue.TOPIC:
                unit.cue, unit.why = Cue.ASKS, f"opens a part of the note, as {len(opening)} bold lines do"


def _says_much(page: Page, unit: Unit) -> bool:
    """Whether more than a word or two stands below a line, down to the next rule."""
    below = takewhile(lambda block: block.type != "hr", islice(page.after(unit.block), _MOST_LINES))
    return bool(unit.body) and sum(len(page.plain(block).split()) for block in (*unit.rest, *below)) > _FEW_WORDS


def read_unfinished(page: Page, units: list[Unit]) -> None:
    """Let the items of a list ask that end the question above them: "Tell me about a time when …", "you failed"."""
    by_list: dict[int, list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.kind == "list-item" and unit.block.parent is not None:
            by_list[id(unit.block.parent)].append(unit)
    for unit in units:
        asked = unit.source.rstrip(" :*_")
        below = _below(page, unit)
        items = by_list[id(below)] if below is not None and below.type in LISTS else []
        if unit.cue <= Cue.TOPIC or not asked.endswith(_ELLIPSES) or len(items) < FEWEST_ASKING:
            continue
        if all(item.cue <= Cue.TOPIC and not item.source.rstrip().endswith(".") for item in items):
            unit.cue, unit.why = Cue.TELLS, TITLE_OF_QUESTIONS
            for item in items:
                ends, told = _at_arrow(item.source)
                item.question = [paragraph(f"{asked.rstrip('.… ')} {ends}", item.block.line)]
                item.rest = [*([paragraph(told, item.block.line)] if told else []), *item.rest]
                item.cue, item.why = Cue.ASKS, "ends the question above its list"
                item.body = "inside" if item.rest or item.below else ""


def _at_arrow(text: str) -> tuple[str, str]:
    """Return what stands in front of an arrow, and behind it."""
    asked, *told = _ARROW.split(text, maxsplit=1)
    return asked.strip(), "".join(told).strip()


def _opens_as_question(unit: Unit) -> bool:
    plain = unit.kind == "line" and unit.emphasis == "plain" and not unit.sign and unit.form in ("", ":")
    return plain and unit.cue is Cue.TOPIC and unit.why.startswith("opens with")


def _leads(page: Page, unit: Unit) -> bool:
    below = next(page.after(unit.block), None)
    return bool(unit.body and unit.source.rstrip().endswith(":")) or (below is not None and below.type in LISTS)


def read_choices(page: Page, units: list[Unit]) -> None:
    """Let a line or heading ask that stands over choices counted by letters, some of them ticked and some not."""
    for unit in units:
        may_ask = unit.cue in (Cue.TOPIC, Cue.DEMANDS) or (unit.why == PROSE and not unit.rest)
        if unit.kind != "list-item" and may_ask and are_ticked(_below(page, unit)):
            unit.cue, unit.why = Cue.ASKS, "is over choices, of which some are ticked"


def _below(page: Page, unit: Unit) -> Block | None:
    return next(iter(unit.below or page.after(unit.block)), None)


def read_stories(page: Page, units: list[Unit]) -> None:
    """Let headings, items and lines ask over a story told in all its parts, or in some, where several of a section are.

    What stands below the first line that asks, or card, is no part of the story.
    """
    telling: list[tuple[Unit, list[Block]]] = []
    for unit in units:
        if unit.cue < Cue.TOPIC or not unit.body or (unit.kind == "line" and _FIELD.match(unit.source)):
            continue
        told = _told(page, unit, units) if unit.kind != "line" else _told_below_line(page, unit, units)
        if told and tells_story(page, told):
            telling.append((unit, told))
    sections = _over_others(
        [unit for unit, _ in telling if unit.kind == "heading" and not _names_form(page, page.asked(unit.source))]
    )
    alike: dict[Hashable, list[tuple[Unit, list[Block]]]] = defaultdict(list)
    for unit, told in telling:
        if unit.kind != "heading" or unit.block.line not in sections:
            alike[unit.depth if unit.home in sections else circles(unit)[0]].append((unit, told))
    around = {id(block) for stories in alike.values() for unit, _ in stories for block in unit.block.ancestors()}
    for stories in alike.values():
        for unit, told in stories:
            several = len(stories) >= FEWEST_ASKING
            innermost = unit.cue is Cue.TOPIC and id(unit.block) not in around
            if innermost and (several or (tells_one_story(page, told) and not _hold_titles(told, units))):
                unit.cue, unit.why = Cue.ASKS, TELLS_STORY


def _names_form(page: Page, title: str) -> bool:
    """Whether a title says that a story is told, not which: "STAR format"; "Story 2: the late ferry" says it."""
    says_which = page.lexicon.names_story(title) or page.lexicon.counts(title)[0] is not None
    return page.lexicon.is_of_stories(title) and not says_which


def _over_others(headings: list[Unit]) -> set[int]:
    """Return the lines of headings whose sections hold another one, "Leadership" over "A late release"."""
    return {unit.block.line for unit, below in pairwise(headings) if below.block.line < unit.below[-1].end}


def _told(page: Page, unit: Unit, units: list[Unit]) -> list[Block]:
    """Return a heading's or an item's blocks down to the first line, heading or card that asks, without its title."""
    if not unit.below:
        return []
    asking = (other for other in _within(unit.below, units) if other.kind != "list-item" and other.cue > Cue.TOPIC)
    first = next((other.block.line for other in asking), unit.below[-1].end)
    told = list(takewhile(lambda block: block.end <= first and page.free(block), unit.below))
    while told and len(told) < len(unit.below) and _hold_titles(told[-1:], units):
        told.pop()
    return told


def _told_below_line(page: Page, unit: Unit, units: list[Unit]) -> list[Block]:
    """Return what stands right behind a line, down to the next one that names no part of a story."""
    if unit.rest:
        return unit.rest
    first = bisect_left(units, unit.block.end, key=_line)
    others = (other for other in islice(units, first, first + _MOST_LINES) if other.kind != "list-item")
    end = next((other.block.line for other in others if other.why != PART_OF_STORY), inf)
    below = islice(page.after(unit.block), _MOST_LINES)
    return list(takewhile(lambda block: block.type == "paragraph" and block.line < end, below))


def _hold_titles(blocks: list[Block], units: list[Unit]) -> bool:
    """Whether something in the blocks looks like a title, and names no part of a story."""
    within = _within(blocks, units)
    return any((other.kind == "heading" or other.is_dressed) and other.why != PART_OF_STORY for other in within)


def _within(blocks: list[Block], units: list[Unit]) -> list[Unit]:
    """Return the units in blocks that stand one below the other."""
    first = bisect_left(units, blocks[0].line, key=_line)
    return units[first : bisect_left(units, blocks[-1].end, lo=first, key=_line)]


def _line(unit: Unit) -> int:
    return unit.block.line


def lists_topics(page: Page, unit: Unit) -> bool:
    """Whether nothing but a few words each is listed below a heading."""
    items = [item for block in unit.below if block.type in LISTS for item in block.children]
    words = [len(page.plain(item).split()) for item in items]
    alone = len(unit.below) == sum(block.type in (*LISTS, "heading") for block in unit.below)
    return unit.kind == "heading" and alone and (not words or sorted(words)[len(words) // 2] <= _FEW_WORDS)


def goes_on(units: list[Unit]) -> float:
    """Return the share of units with which the numbering of those before them goes on."""
    found = sum(after.number == before.number + 1 for before, after in pairwise(units) if before.number)
    return (found + 1) / len(units)


def are_counted(units: list[Unit]) -> bool:
    """Whether several units are counted upwards (marks may have claimed some), and no other asks by itself."""
    numbers = [unit.number for unit in units if unit.number is not None]
    rising = all(before < after for before, after in pairwise(numbers))
    asking = [unit for unit in units if unit.cue is Cue.ASKS]
    return len(numbers) > _FEWEST_COUNTED and rising and all(unit.number is not None for unit in asking)
