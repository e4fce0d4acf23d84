"""Makes a card of a finding: its texts and titles, its ids and tags, and the blocks that are rendered."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from offbook.cards.answers.trimming import trimmed
from offbook.cards.mentions import mentions
from offbook.cards.note.finding import BY_LOOKS, Finding
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import CODE, only_to_do, untasked
from offbook.cards.words.bare import bare_label
from offbook.errors import Location
from offbook.likeness import words
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph, texts, with_texts
from offbook.markdown.deletions import fronts, with_blanks, with_fillings
from offbook.markdown.parser import parse_inline
from offbook.markdown.plain import plain
from offbook.markdown.tag import BLOCK_ID, TAG
from offbook.media import is_media
from offbook.model import DRAWING, Body, Card, How, Kind

_PART_ONLY = re.compile(r"(?i)(?:see:?\s+|→\s*|->\s*)?!?\[\[([^\[\]|\n#]*+#[^\[\]|\n]++)(?:\|[^\[\]\n]*)?\]\]\.?")
_REFERENCE_ONLY = re.compile(r"!\[\[(\(\([0-9a-f-]{36}\)\))\]\]")  # to a block of Logseq's
_PLACEHOLDER = re.compile(r"\s*[\[<{]\s*[^\W\d_]+(?: [^\W\d_]+)+[.…]*\s*[\]>}]\s*")
_BLOCK_ID = re.compile(rf"(?<!\S){BLOCK_ID.pattern}")
_CODE = (*CODE, "math_block")
_LONGEST_TITLE = 80  # characters of a list item over questions
_LONE_ID = re.compile(rf"\s*{BLOCK_ID.pattern}")


def card_of(page: Page, finding: Finding, titles: Collection[int] = ()) -> tuple[Card, Body]:
    """Return the card with what it is made of."""
    finding.question = _without_box(finding.question)
    in_front = _take_tags_in_front(page, finding)
    whole, leading = "", list[str]()
    if finding.kind is Kind.CLOZE:
        answer = finding.answer
        question_text, answer_text, whole = _gaps(page, finding)
    else:
        told = [] if _is_stub(page, finding.answer) else finding.answer
        shown, leading = trimmed(page, told, titles)
        answer = [_transcluded(block) for block in shown]
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
        tuple(dict.fromkeys([*in_front, *finding.tags, *leading, *_tags(page, (*finding.question, *answer))])),
        _block_id(page, finding, of_heading=heading is not None),
        _note_id(page, finding),
        not answer,
        tuple(mentions((*finding.question, *answer), page.document.env)),
        context=(*(title for title, asks in sections if not asks), *_items(page, finding)),
        is_term=finding.kind is Kind.REVERSED and not _asks(page, question_text),
        heading=heading.content if heading else "",
        whole=whole,
        by_looks=finding.dialect in BY_LOOKS,
    )
    body = Body(tuple(finding.question), tuple(answer), page.document.env, page.document.footnotes, finding.gaps)
    return card, body


def _without_box(question: list[Block]) -> list[Block]:
    """Return a question that was a task without the task's box, in which nothing is to be ticked on a card."""
    first = question[0]
    content = untasked(first.content) if first.type == "paragraph" else first.content
    return question if content == first.content else [paragraph(content, first.line, first.end), *question[1:]]


def _take_tags_in_front(page: Page, finding: Finding) -> list[str]:
    """Take the tags in front of a question off it, and return them."""
    first = finding.question[0]
    at = page.question_at(first.content) if first.type == "paragraph" and finding.kind is not Kind.CLOZE else 0
    if at:
        finding.question = [paragraph(first.content[at:], first.line, first.end), *finding.question[1:]]
    return TAG.findall(first.content[:at])


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
        if title and bare_label(title) not in page.lexicon.labels:
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
        if is_short and names and bare_label(title) not in page.lexicon.labels:
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
