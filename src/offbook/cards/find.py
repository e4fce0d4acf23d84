"""Finds the cards of one note: the dialects claim its lines in turn, then each finding becomes a card."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from offbook.cards import readings
from offbook.cards.bare import uncounted
from offbook.cards.between import titles_between
from offbook.cards.card import Finding
from offbook.cards.counting import without_numbers
from offbook.cards.dress import pictograph
from offbook.cards.marks import MARKS, own
from offbook.cards.marks.labels import ANSWER_ALONE
from offbook.cards.mentions import mentions
from offbook.cards.near_misses import near_misses
from offbook.cards.outline import Outline
from offbook.cards.page import Own, Page
from offbook.cards.parted import Parted
from offbook.cards.predicates import CODE, is_navigation, link_only, only_to_do, untasked
from offbook.cards.shape import USUAL_PROMPT, Lexicon, lexicon
from offbook.cards.to_ask import to_ask_blocks
from offbook.cards.trimming import trimmed
from offbook.cards.units import Unit
from offbook.errors import Location, Problem
from offbook.likeness import words
from offbook.markdown import Block, Document, parse
from offbook.markdown.blocks import paragraph, texts, with_texts
from offbook.markdown.deletions import fronts, with_blanks, with_fillings
from offbook.markdown.parser import parse_inline
from offbook.markdown.plain import plain
from offbook.markdown.tag import BLOCK_ID
from offbook.media import is_media
from offbook.model import DRAWING, Body, Card, Found, How, Kind, Mention, Note, Passed

_PART_ONLY = re.compile(r"(?i)(?:see:?\s+|→\s*|->\s*)?!?\[\[([^\[\]|\n#]*+#[^\[\]|\n]++)(?:\|[^\[\]\n]*)?\]\]\.?")
_REFERENCE_ONLY = re.compile(r"!\[\[(\(\([0-9a-f-]{36}\)\))\]\]")  # to a block of Logseq's
_PLACEHOLDER = re.compile(r"\s*[\[<{]\s*[^\W\d_]+(?: [^\W\d_]+)+[.…]*\s*[\]>}]\s*")
_BLOCK_ID = re.compile(rf"(?<!\S){BLOCK_ID.pattern}")
_CODE = (*CODE, "math_block")
_LONGEST_TITLE = 80  # characters of a list item over questions
_LONE_ID = re.compile(rf"\s*{BLOCK_ID.pattern}")


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say of recognition."""

    stages: tuple[str, ...] = ("explicit", "shapes", "evidence")
    off: frozenset[str] = frozenset()
    """Names of dialects that are switched off."""
    hides: tuple[str, ...] = ()
    """The marks of gaps that make a cloze of every paragraph: `==`, `**`, `{{`."""
    lexicon: Lexicon = field(default_factory=lexicon, repr=False)
    """The words by which questions are known."""
    own: Own = field(default_factory=Own)
    """Marks of the writer's own."""


def own_marks(marks: Iterable[tuple[tuple[str, str], ...]]) -> Own:
    """Return the marks that the setting `marks` names."""
    tables = [dict(mark) for mark in marks]

    def named(key: str) -> tuple[str, ...]:
        return tuple(table[key] for table in tables if key in table)

    brackets = tuple((table["begin"].strip(), table["end"].strip()) for table in tables if "begin" in table)
    separators = tuple(text.strip() for text in named("separator"))
    return Own(named("question"), named("answer"), separators, brackets)


DIALECT_NAMES = (*(mark.NAME for mark in MARKS), *readings.NAMES)
"""What settings may switch off."""


def find_cards(note: Note, rules: Rules | None = None, document: Document | None = None) -> Found:
    """Return the cards of a note; pure: the same note and rules give the same cards.

    `document` are the note's blocks, where it was parsed before. Notes with faults, drawings and boards have no cards.
    """
    if note.is_faulty or note.is_drawing:
        return Found((), (), (), (), (), ())
    page, outline = _read(note, rules or Rules(), document)
    titles = titles_between(page)
    findings = [finding for finding in page.findings if finding.line not in titles or finding.reason != USUAL_PROMPT]
    _uncount(page, findings)
    _with_pictographs(page, findings)
    cards = [pair for pair in (_card(page, finding, titles) for finding in findings) if pair[0].question_text]
    return Found(
        tuple(card for card, _ in cards),
        tuple(body for _, body in cards),
        tuple(_to_ask(page)),
        tuple(near_misses(page, outline)),
        tuple(_loose(page)),
        tuple(problem for problem in page.problems if not _is_settled(page, problem)),
        any(True for _ in page.headings()),
        page.document.env,
        tuple(_shown(page)),
    )


def _is_settled(page: Page, problem: Problem) -> bool:
    """Whether a label of an answer that no question has is in an answer: `**Solution:** we moved it`."""
    return problem.code == ANSWER_ALONE and page.is_claimed(problem.location.line)


def not_taken(note: Note, rules: Rules | None = None, document: Document | None = None) -> list[Passed]:
    """Return each heading, list item and question-like line of a note that is in no card, with the reason."""
    if note.is_faulty or note.is_drawing:
        return []
    page, outline = _read(note, rules or Rules(), document)
    blocks = (b for b in page.blocks if b.type in ("heading", "paragraph") and page.owner(b) is None)
    reasons = ((block, _why_not(page, block, outline)) for block in blocks)
    return [Passed(Location(note.path, b.line), page.text(b.lines[0]), reason) for b, reason in reasons if reason]


def _read(note: Note, rules: Rules, document: Document | None) -> tuple[Page, Outline | None]:
    """Let the marks and the reading claim a note's lines; the outline is None where only marks make cards."""
    page = marked(note, rules, document)
    outline: Outline | None = None
    if "shapes" in rules.stages and not _asks_its_readers(page):
        parted = Parted(page)
        _claim(page, rules, parted.asking())
        outline = Outline(page)
        _claim(page, rules, readings.read(page, parted, outline, by_style="evidence" in rules.stages))
    page.findings.sort(key=lambda finding: (finding.line, finding.question[0].end))
    return page, outline


def marked(note: Note, rules: Rules, document: Document | None = None) -> Page:
    """Return a note of which the marks have claimed what they mark."""
    page = Page(
        note, document or parse(note.body, note.body_line), rules.lexicon, rules.own, hides=rules.hides, off=rules.off
    )
    page.set_aside(to_ask_blocks(page))
    for mark in MARKS:
        if mark.NAME not in rules.off:
            _claim(page, rules, mark.find(page))
    own.answer(page)
    return page


def _claim(page: Page, rules: Rules, findings: Iterable[Finding]) -> None:
    for finding in findings:
        if finding.dialect not in rules.off:
            page.claim(finding)


def _asks_its_readers(page: Page) -> bool:
    """Whether the note is a page from the web or an advertisement of a job: only explicit marks make cards there."""
    data = page.note.metadata
    source = str(data.get("source") or data.get("url") or "")
    tags = data.get("tags")
    words = tags if isinstance(tags, list) else str(tags or "").split()
    is_clipped = any("clip" in str(word).casefold() for word in (*words, *data))
    return (is_clipped and source.startswith(("http://", "https://"))) or page.is_advert


def _card(page: Page, finding: Finding, titles: Collection[int] = ()) -> tuple[Card, Body]:
    """Return the card with what it is made of."""
    finding.question = _without_box(finding.question)
    whole = ""
    if finding.kind is Kind.CLOZE:
        answer = finding.answer
        question_text, answer_text, whole = _gaps(page, finding)
    else:
        told = [] if _is_stub(page, finding.answer) else finding.answer
        answer = [_transcluded(block) for block in trimmed(page, told, titles)]
        answer = [] if _is_stub(page, answer) else answer
        question_text = plain(finding.question, page.document.env) or _pictured(page, finding.question)
        answer_text = plain(answer, page.document.env) or _pictured(page, answer)
    heading = page.heading_at(finding.line)
    sections = list(_sections(page, finding))
    card = Card(
        finding.kind,
        finding.dialect,
        finding.reason,
        Location(page.note.path, finding.line),
        max(block.end for block in (*finding.question, *finding.answer)),
        question_text,
        answer_text,
        tuple(title for title, _ in sections),
        tuple(dict.fromkeys([*finding.tags, *_tags(page, (*finding.question, *answer))])),
        _block_id(page, finding, of_heading=heading is not None),
        _note_id(page, finding),
        not answer,
        tuple(mentions((*finding.question, *answer), page.document.env)),
        context=(*(title for title, asks in sections if not asks), *_items(page, finding)),
        is_term=finding.kind is Kind.REVERSED and not _asks(page, question_text),
        heading=heading.content if heading else "",
        whole=whole,
    )
    body = Body(tuple(finding.question), tuple(answer), page.document.env, page.document.footnotes, finding.gaps)
    return card, body


def _uncount(page: Page, findings: list[Finding]) -> None:
    """Take the numbers off the questions that are counted by them, as they change when others come and go."""
    asked = [finding for finding in findings if finding.kind is not Kind.CLOZE]
    for finding, content in zip(
        asked, without_numbers(page, [each.question[0].content for each in asked]), strict=True
    ):
        first = finding.question[0]
        if content != first.content:
            finding.question = [paragraph(content, first.line, first.end), *finding.question[1:]]


def _with_pictographs(page: Page, findings: list[Finding]) -> None:
    """Put the pictographs back in front of headings, off which they were taken to see what is asked."""
    for finding in findings:
        heading = page.heading_at(finding.line) if finding.dialect == "heading" else None
        first, sign = finding.question[0], pictograph(heading.content) if heading else ""
        if not first.content.startswith(sign):
            finding.question = [paragraph(f"{sign} {first.content}", first.line, first.end), *finding.question[1:]]


def _without_box(question: list[Block]) -> list[Block]:
    """Return a question that was a task without the task's box, in which nothing is to be ticked on a card."""
    first = question[0]
    content = untasked(first.content) if first.type == "paragraph" else first.content
    return question if content == first.content else [paragraph(content, first.line, first.end), *question[1:]]


def _block_id(page: Page, finding: Finding, *, of_heading: bool) -> str:
    """Return the id of the block that asks: it ends one of its lines, or stands alone on the line below.

    Where the answer is in that block, or the next, it stands after that; a heading is a block of its own.
    """
    asked = [block for block in finding.question if block.type not in _CODE]
    written = [page.line(number) for block in asked for number in range(block.line, block.end)]
    end = finding.question[-1].end
    below = page.line(end) if page.line(end).strip() else page.line(end + 1)
    alone = [below] if _LONE_ID.fullmatch(below) else []
    answer = [] if of_heading else [block for block in finding.answer[:1] if block.type == "paragraph"]
    near = [block.lines[-1] for block in answer if block.line <= end + 1]
    found = _BLOCK_ID.search("\n".join([*(block.content for block in asked), *written, *alone, *near]))
    return found[1] if found else ""


def _pictured(page: Page, blocks: list[Block]) -> str:
    """Return the names of the pictures and sounds, or of the blocks of Logseq's, that are all of a text."""
    every = mentions(blocks, page.document.env)
    shown = (mention.target for mention in every if mention.how in (How.EMBED, How.IMAGE))
    names = (target.partition("#")[0].rpartition("/")[2] for target in shown)
    return ", ".join(name for name in names if is_media(name) or name.startswith("((") or name.endswith(DRAWING))


def _tags(page: Page, blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the tags that are taken off the ends of texts."""
    for block in blocks:
        for inner in block.walk():
            if "#" in inner.content and inner.type in ("paragraph", "heading", "th", "td", "dt"):
                tokens = parse_inline(inner.content, page.document.env)
                yield from (token.content for token in tokens if token.type == "tag")


def _asks(page: Page, text: str) -> bool:
    return bool(page.lexicon.question(text) or page.lexicon.noun_question(text) or page.lexicon.prompt(text))


def _note_id(page: Page, finding: Finding) -> str:
    """Return the id in a comment on the question, in the answer, or on the line behind it."""
    ends = [block.end for block in (*finding.question, *finding.answer)] + [end for _, end in finding.claims]
    lines = range(finding.line, max(ends) + 1)
    if len(lines) > len(page.note_ids):
        return next((id for line, id in page.note_ids.items() if line in lines), "")
    return next((page.note_ids[line] for line in lines if line in page.note_ids), "")


def _sections(page: Page, finding: Finding) -> Iterator[tuple[str, bool]]:
    """Yield the titles of the sections around a card, and whether each is another card's question.

    "Question" over a question is no title, and no answer on a heading is part of one.
    """
    for heading in page.path_to(finding.line):
        owner = page.owner(heading)
        asks = owner is not None and owner is not finding and owner.line == heading.line
        title = page.text(owner.question[0].content if owner is not None and asks else heading.content)
        if title and uncounted(title) not in page.lexicon.labels:
            yield title, asks


def _items(page: Page, finding: Finding) -> Iterator[str]:
    """Yield the list items around a card that are short and in no card: they are titles, too.

    A text with gaps says little without the question that it stands right below.
    """
    around = page.items_around(finding.line)
    for item in around:
        first = item.children[0]
        title = page.text(first.content).rstrip(":： ") if first.type == "paragraph" else ""
        is_short = "\n" not in title and 0 < len(title) <= _LONGEST_TITLE
        names = page.owner(first) is None or (finding.kind is Kind.CLOZE and item is around[-1])
        if is_short and names and uncounted(title) not in page.lexicon.labels:
            yield title


def _transcluded(answer: Block) -> Block:
    """Turn a link to a part of a note, alone in its block, into an embed of that part; in Logseq, of a block."""
    block = answer
    while len(block.children) == 1 and block.type != "blockquote":
        block = block.children[0]
    content = block.content if block.type == "paragraph" else ""
    match = _PART_ONLY.fullmatch(content)
    shown = match[1] if match else ""
    if reference := _REFERENCE_ONLY.fullmatch(content):
        shown = f"{reference[1]}#^{reference[1].strip('()')}"
    return paragraph(f"![[{shown}]]", block.line, block.end) if shown else answer


def _is_stub(page: Page, answer: list[Block]) -> bool:
    """Whether an answer is still to be written: it says so, or is nothing but tasks to do."""
    if page.is_stub(answer) and not any(map(_shows_something, answer)):
        return True
    return only_to_do(answer)


def _shows_something(block: Block) -> bool:
    """Whether a block without text still answers: a picture, an embed, code; not `[your answer here]` as code."""
    return any(
        (inner.type in _CODE and not _PLACEHOLDER.fullmatch(inner.content))
        or "![" in inner.content
        or "[[" in inner.content
        or "<img" in inner.content
        for inner in block.walk()
    )


def _gaps(page: Page, finding: Finding) -> tuple[str, str, str]:
    """Return a text with its gaps, what fills them, and all words of both."""
    found = [fronts(text.content) for text in texts(finding.question)]
    front = plain(with_texts(finding.question, iter([source for source, _ in found])), page.document.env)
    fillings = [page.text(filling) for _, fillings in found for filling in fillings]
    whole = " ".join(words(with_fillings(front, fillings)))
    return with_blanks(front, finding.gaps), ", ".join(fillings), whole


def _to_ask(page: Page) -> Iterator[Card]:
    for block in page.to_ask:
        for inner in block.walk():
            lines = inner.lines if inner.type == "paragraph" else ()
            for number, line in enumerate(lines, inner.line):
                if page.lexicon.question(page.text(line)):
                    asked = paragraph(line, number)
                    finding = Finding("to-ask", "is among the questions for the interviewer", [asked], [])
                    yield _card(page, finding)[0]


def _why_not(page: Page, block: Block, outline: Outline | None) -> str:
    item = block.parent if block.parent is not None and block.parent.type == "list_item" else None
    first_of_item = item is not None and item.children[0] is block
    asks = any(page.lexicon.question(page.text(line)) for line in block.lines)
    if not (block.type == "heading" or first_of_item or asks):
        return ""
    if page.is_refused(block):
        return "is marked card:: false" if page.note.is_outline else "is marked %%no card%%"
    if page.is_to_ask(block):
        return "is among the questions for the interviewer"
    if is_navigation(block):
        return "leads to another place in the note"
    if link_only(block.content):
        return "is only a link"
    if block.within("blockquote"):
        return "is quoted"
    if block.within("callout"):
        return "is inside a callout that is not a question"
    unit = outline.known(item if first_of_item and item is not None else block) if outline is not None else None
    if unit is not None and unit.reason:
        return _why_not_asked(page, unit)
    if unit is not None and (unit.passed or unit.why):
        return unit.passed or unit.why
    if asks and not first_of_item and block.type == "paragraph":
        return "asks within running text"
    if asks and outline is None:
        return "asks, but only marks make cards of this note"
    if asks:
        return "asks, but is in the answer to another question"
    if unit is not None and not unit.body:
        return "does not read as a question, and has no text below it"
    return "does not read as a question, nor does anything that looks like it in this note"


def _why_not_asked(page: Page, unit: Unit) -> str:
    """Return why a text that asks is in no card."""
    if readings.name_of(unit) in page.off:
        return f"asks, but `dialects_off` names {readings.name_of(unit)}"
    if any(map(page.owner, unit.below[:1])):
        return "asks, but the text below it is a card"
    return "asks, but the settings leave it out, or nothing answers it"


def _shown(page: Page) -> Iterator[Mention]:
    texts = (block for block in page.blocks if "![" in block.content and page.owner(block) is None)
    return (mention for mention in mentions(texts, page.document.env) if mention.how in (How.EMBED, How.IMAGE))


def _loose(page: Page) -> Iterable[Block]:
    for flow in page.flows:
        for block in flow:
            if block.type == "paragraph" and page.free(block) and not link_only(block.content):
                yield block
