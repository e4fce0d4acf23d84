"""A heading, list item or paragraph tagged `#card` or `#flashcard`; a heading also in the line below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from offbook.cards.marks.label_words import Labels, Role
from offbook.cards.note.finding import Finding
from offbook.cards.note.leads import leading_question
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import CODE, LISTS, only_tags
from offbook.markdown import Block
from offbook.markdown.blocks import cut, paragraph, with_children
from offbook.markdown.opaque import masked
from offbook.model import Kind
from offbook.text import BEFORE_MARKING

NAME = "tagged"
TAG = re.compile(
    rf"(?:^|(?<=[{BEFORE_MARKING}]))#(?:flash)?card(?P<both>-reverse|/reverse|-spaced)?(?![\w/-])", re.IGNORECASE
)
_TAG_NAME = "card"
# What parts a tagged line that has its answer on it.
_PARTED = re.compile(r"(?P<q>[^\n:：→]{1,80}?)\s*(?:(?::|->|\s[-–—])\s|：|→)\s*(?P<a>\S.*)")

_ANSWERED = re.compile(r"(?P<q>[^\n?？؟]+[?？؟][*_]{0,3})[ \t]+(?P<a>[^\n?？؟(\[（【][^\n?？؟]*)")


def find(page: Page) -> Iterator[Finding]:
    """Take the tagged text and what belongs to it: section, children, or the next block.

    Headings come last: what is tagged in their sections is a card of its own.
    """
    if _TAG_NAME not in page.note.body.casefold():
        return
    words = Labels(page)
    tagged_below = {id(heading): below for heading in page.headings() if (below := _tag_below(page, heading))}
    tags = set(map(id, tagged_below.values()))
    for block in sorted(page.paragraphs("heading"), key=_is_heading):
        if below := tagged_below.get(id(block)):
            yield _tagged_below(page, block, below, words)
            continue
        match = next(filter(None, map(TAG.search, block.lines)), None)
        if match is None or id(block) in tags or not page.free(block) or words.role(match.string)[0] is Role.ANSWER:
            continue  # of an answer the label makes the card
        if not TAG.sub("", block.content).strip():
            continue  # a tag of the whole note
        if parted := list(_parted(page, block)):
            yield from (_card(line, question, answer) for line, question, answer in parted)
            continue
        question, answer = _parts(page, block, words)
        own = _own_parts(page, block, question, answer)
        item = block.parent
        if not answer and item is not None and item.type == "list_item" and len(item.children) > 1:
            continue  # the title of tagged items
        yield _card(match, question, answer[len(own) :], own)


def _is_heading(block: Block) -> bool:
    return block.type == "heading"


def _own_parts(page: Page, block: Block, question: Block, answer: list[Block]) -> list[Block]:
    """Return what a marked block of an outline asks with beside its question, over the blocks nested below it.

    It is what the block holds itself, which Logseq indents by two spaces, and nested blocks by a tab. Where the
    question asks by itself, a paragraph answers it; code, a table or a list of choices asks with it.
    """
    if not page.note.is_outline or block.parent is None or block.parent.type != "list_item":
        return []
    asks = bool(page.question(question.content))

    def asks_too(part: Block) -> bool:
        is_own = part.type in CODE or page.line(part.line).lstrip("\t").startswith("  ")
        return is_own and not (asks and part.type == "paragraph")

    own = list(takewhile(asks_too, answer))
    return own if len(own) < len(answer) else []


def _card(tag: re.Match[str], question: Block, answer: list[Block], shown: Sequence[Block] = ()) -> Finding:
    kind = Kind.REVERSED if tag["both"] and "reverse" in tag["both"] else Kind.QUESTION
    return Finding(NAME, f"tagged {tag[0]}", [question, *shown], answer, kind)


def _parted(page: Page, block: Block) -> Iterator[tuple[re.Match[str], Block, list[Block]]]:
    """Yield the tagged lines of a paragraph or an item whose every line has a term and what it means."""
    if block.type == "heading" or page.question(block.content):
        return
    item = block.parent
    alone = len(block.lines) == 1
    if alone and (item is None or item.type != "list_item" or len(item.children) > 1):
        return  # what is below it answers
    matches = [_PARTED.fullmatch(TAG.sub("", line).strip()) for line in block.lines]
    for index, (line, parted) in enumerate(zip(block.lines, matches, strict=True) if all(matches) else ()):
        tag = TAG.search(line)
        if tag and parted:
            at = block.line + index
            yield tag, paragraph(parted["q"], at), [paragraph(parted["a"], at)]


def _tag_below(page: Page, heading: Block) -> Block | None:
    """Return the paragraph right below a section's heading that begins with a line of tags, `#card` among them."""
    if heading.type != "heading" or heading.level == 1 or not page.free(heading):
        return None  # below the title it is a tag of the whole note
    below = next(page.after(heading), None)
    if below is None or below.type != "paragraph" or below.line != heading.end or not page.free(below):
        return None
    line = below.lines[0]
    return below if TAG.search(line) and only_tags(line) else None


def _tagged_below(page: Page, heading: Block, below: Block, words: Labels) -> Finding:
    tags = below.lines[0]
    match = TAG.search(tags)
    assert match is not None
    question = paragraph(f"{heading.content} {tags}", heading.line, below.line + 1)
    first = [cut(below, 1)] if len(below.lines) > 1 else []
    return _card(match, question, first + _section(page, heading, words)[1:])


def _section(page: Page, heading: Block, words: Labels) -> list[Block]:
    """Return what is below a heading, down to the next card: a tagged heading or a labelled question."""

    def ends(block: Block) -> bool:
        if block.type == "heading":
            return bool(TAG.search(block.content) or _tag_below(page, block))
        return block.type == "paragraph" and words.role(block.lines[0])[0] is Role.QUESTION

    inside = takewhile(lambda block: not ends(block), page.section(heading))
    return [part for block in inside if (part := page.free_part(block)) is not None]


def _parts(page: Page, block: Block, words: Labels) -> tuple[Block, list[Block]]:
    if block.type == "heading":
        return paragraph(block.content, block.line), _section(page, block, words)
    tagged = next(index for index, line in enumerate(block.lines) if TAG.search(line))
    lead = leading_question(page, block, strict=True) if tagged else None
    if lead is not None and lead.question.end <= block.line + tagged:
        return lead.question, lead.rest  # the tag ends the answer
    item = block.parent
    if (parted := _answered_at_once(page, block)) is not None:
        return parted
    question = cut(block, 0, tagged + 1)
    answer = [cut(block, tagged + 1)] if tagged + 1 < len(block.lines) else []
    if item is not None and item.type == "list_item" and item.children[0] is block:
        return question, answer + [part for child in item.children[1:] if (part := _untagged(child)) is not None]
    if not answer:
        following = next(page.after(block), None)
        untagged = following is not None and not TAG.search(following.content)
        if following is not None and untagged and following.type not in ("heading", "hr") and page.free(following):
            answer = [following]
            if following.type == "paragraph":
                second = next(page.after(following), None)
                answer += (
                    [second] if second is not None and second.type in LISTS and second.line == following.end else []
                )
    return question, answer


def _answered_at_once(page: Page, block: Block) -> tuple[Block, list[Block]] | None:
    """Return a question and the answer behind it on its only line; None where what stands below it answers."""
    text = TAG.sub("", block.content).strip()
    asked = _ANSWERED.fullmatch(masked(text))
    if (
        asked is None
        or only_tags(text[asked.start("a") :])
        or page.lexicon.demands(page.text(text[asked.start("a") :]))
    ):
        return None
    item = block.parent
    following = next(page.after(block), None)
    if item is not None and item.type == "list_item":
        following = item.children[1] if len(item.children) > 1 else None
    answers = following is not None and following.type not in ("heading", "hr") and page.free(following)
    if answers and following is not None and not TAG.search(following.content):
        return None
    question, answer = text[: asked.end("q")], text[asked.start("a") :]
    return paragraph(question, block.line), [paragraph(answer, block.line)]


def _untagged(block: Block) -> Block | None:
    """Return a block without the items that are tagged themselves."""
    if block.type not in LISTS or not any(TAG.search(inner.content) for inner in block.walk() if "#" in inner.content):
        return block
    items = [item for item in block.children if not (item.children and TAG.search(item.children[0].content))]
    return with_children(block, items) if items else None
