"""Finds the cards of one note: the dialects claim its lines in turn, then each finding becomes a card."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from offbook.cards import readings
from offbook.cards.answers.between import titles_between
from offbook.cards.doubts.near_misses import near_misses
from offbook.cards.doubts.why_not import why_not
from offbook.cards.making import card_of
from offbook.cards.marks import MARKS, own
from offbook.cards.marks.labels import ANSWER_ALONE
from offbook.cards.mentions import mentions
from offbook.cards.note.counting import without_numbers
from offbook.cards.note.dress import pictograph
from offbook.cards.note.finding import Finding
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import CODE, link_only
from offbook.cards.note.rules import Rules
from offbook.cards.to_ask import to_ask_blocks
from offbook.cards.units.outline import Outline
from offbook.cards.units.parted import Parted
from offbook.cards.words.lexicon import USUAL_PROMPT
from offbook.errors import Location, Problem
from offbook.markdown import Block, Document, parse
from offbook.markdown.blocks import paragraph
from offbook.model import Card, Found, How, Kind, Mention, Note, Passed

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
    cards = [pair for pair in (card_of(page, finding, titles) for finding in findings) if pair[0].question_text]
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
    reasons = ((block, why_not(page, block, outline)) for block in blocks)
    return [Passed(Location(note.path, b.line), page.text(b.lines[0]), reason) for b, reason in reasons if reason]


def _read(note: Note, rules: Rules, document: Document | None) -> tuple[Page, Outline | None]:
    """Let the marks and the reading claim a note's lines; the outline is None where only marks make cards."""
    page = marked(note, rules, document)
    outline: Outline | None = None
    if "shapes" in rules.stages and not _asks_its_readers(page):
        parted = Parted(page)
        _claim(page, rules, parted.asking())
        outline = Outline(page)
        by_style = "evidence" in rules.stages
        _claim(page, rules, readings.read(page, parted, outline, by_style=by_style))
    page.findings.sort(key=lambda finding: (finding.line, finding.question[0].end))
    return page, outline


def marked(note: Note, rules: Rules, document: Document | None = None) -> Page:
    """Return a note of which the marks have claimed what they mark."""
    page = Page(note, document or parse(note.body, note.body_line), rules)
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


def _uncount(page: Page, findings: list[Finding]) -> None:
    """Take the numbers off the questions that are counted by them, as they change when others come and go."""
    asked = [f for f in findings if f.kind is not Kind.CLOZE and f.question[0].type not in CODE]
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
        if first.type not in CODE and not first.content.startswith(sign):
            finding.question = [paragraph(f"{sign} {first.content}", first.line, first.end), *finding.question[1:]]


def _to_ask(page: Page) -> Iterator[Card]:
    for block in page.to_ask:
        for inner in block.walk():
            lines = inner.lines if inner.type == "paragraph" else ()
            for number, line in enumerate(lines, inner.line):
                if page.lexicon.question(page.text(line)):
                    asked = paragraph(line, number)
                    finding = Finding("to-ask", "is among the questions for the interviewer", [asked], [])
                    yield card_of(page, finding)[0]


def _shown(page: Page) -> Iterator[Mention]:
    texts = (block for block in page.blocks if "![" in block.content and page.owner(block) is None)
    return (mention for mention in mentions(texts, page.document.env) if mention.how in (How.EMBED, How.IMAGE))


def _loose(page: Page) -> Iterable[Block]:
    for flow in page.flows:
        for block in flow:
            if block.type == "paragraph" and page.free(block) and not link_only(block.content):
                yield block
