"""Cuts from an answer what is none: its label, a fold around it, an arrow in front, layout at both ends."""

from __future__ import annotations

import operator
import re
import textwrap
from collections.abc import Collection

from offbook.cards.answers.between import LONGEST_TITLE
from offbook.cards.marks.label_words import label_of_answer
from offbook.cards.note.dress import undecorated
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import ARROW, LISTS, is_navigation, only_bold, only_pictures, only_tags
from offbook.cards.words.bare import ends_with_colon
from offbook.markdown import Block, parse
from offbook.markdown.blocks import cut, paragraph, with_children
from offbook.markdown.tag import TAG

_HTML_LAYOUT = re.compile(
    r"(?:\s|<!--(?:(?!-->).)*+-->|</?(?:br|hr|p|div|span|center|details|a)\b[^>]*+>|&nbsp;)*+",
    re.DOTALL | re.IGNORECASE,
)
_QUERIES = frozenset({"dataview", "dataviewjs", "tasks", "query", "button"})
"""The languages of fences that plugins of Obsidian replace by what they find."""
_SCHEDULES = "sr"  # the callout in which obsidian-spaced-repetition may keep them
_COLOUR = re.compile(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?")
_ARROW_FIRST = re.compile(rf"\A\s*{ARROW}\s*(?=\S)")


def trimmed(page: Page, answer: list[Block], titles: Collection[int]) -> tuple[list[Block], list[str]]:
    """Return an answer without what shows nothing or only names it, and the tags that were a line above its text.

    So are those that are a paragraph of their own, above it or below it, but at the end of the note, whose they are.
    What titles the next card is none of it either: `titles` are the lines of titles between cards.
    """
    blocks = list(answer)
    blocks = _unfolded(page, blocks)
    padding: list[Block] = []
    while blocks and _is_padding(page, blocks[0]):
        padding.append(blocks.pop(0))
    if blocks and blocks[0].type in ("paragraph", "heading") and page.lexicon.answer_label(page.plain(blocks[0])):
        alone = all(_is_padding(page, block) for block in blocks[1:])
        says_more = alone and blocks[0].type == "paragraph" and ":" not in page.plain(blocks[0])
        blocks[:1] = blocks[:1] if says_more else []
    while blocks and (
        _is_padding(page, blocks[-1])
        or _is_title(page, blocks[-1])
        or blocks[-1].line in titles
        or _leads_on(page, blocks)
    ):
        padding.append(blocks.pop())
    if blocks and blocks[0].type == "code_block" and label_of_answer(page, blocks[0].content.lstrip()) is not None:
        text = textwrap.dedent(blocks[0].content).strip()  # a labelled answer that is indented is no code
        blocks[:1] = parse(text, blocks[0].line).root.children
    tags = [tag for block in blocks[:1] for tag in _leading_tags(block)]
    if tags:
        blocks[0] = cut(blocks[0], 1)
    tags += [tag for block in padding if _is_tagging(page, block) for tag in _tags(block.content)]
    blocks[:1] = [part for block in blocks[:1] for part in _unlabelled(page, block)]
    return [filled for block in blocks if (filled := _without_empty_items(block)) is not None], tags


def _leading_tags(block: Block) -> list[str]:
    """Return the tags that are all of a paragraph's first line, above others."""
    first, *others = block.lines if block.type == "paragraph" else [""]
    return _tags(first) if others else []


def _tags(text: str) -> list[str]:
    """Return the tags that are all of a text, without their `#`; none of any other text, or of one with a colour."""
    tags = [TAG.fullmatch(word) for word in text.split()]
    colours = any(map(_COLOUR.fullmatch, text.split()))
    return [tag[1] for tag in tags if tag] if all(tags) and not colours else []


def _is_tagging(page: Page, block: Block) -> bool:
    """Whether a paragraph is tags of the text beside it, and does not end the note, whose they are then."""
    return block.type == "paragraph" and only_tags(block.content) and block.end <= page.last_line


def _unlabelled(page: Page, block: Block) -> list[Block]:
    """Return an answer's first block without a label or an arrow in front; of a list only without a label."""
    if block.type in LISTS and block.children and block.children[0].children:
        item, *others = block.children
        first = item.children[0]
        if first.type != "paragraph" or label_of_answer(page, undecorated(first.content)) is None:
            return [block]
        children = [*_unlabelled(page, first), *item.children[1:]]
        return [with_children(block, [with_children(item, children), *others])] if children else [block]
    if block.type not in ("paragraph", "heading"):
        return [block]
    content = label_of_answer(page, undecorated(block.content))
    content = _ARROW_FIRST.sub("", block.content if content is None else content)
    if content == block.content:
        return [block]
    return [paragraph(content, block.line, block.end)] if content.strip() else []


def _without_empty_items(block: Block) -> Block | None:
    """Return a list without the items that hold nothing, as Logseq leaves them; None where nothing is left."""
    if block.type not in LISTS:
        return block
    items: list[Block] = []
    for item in block.children:
        children = [filled for child in item.children if (filled := _without_empty_items(child)) is not None]
        if any(child.type != "paragraph" or child.content.strip() not in ("", "%%%%") for child in children):
            items.append(item if len(children) == len(item.children) else with_children(item, children))
    if len(items) == len(block.children) and all(map(operator.is_, items, block.children)):
        return block
    return with_children(block, items) if items else None


def _is_title(page: Page, block: Block) -> bool:
    """Whether a block is a heading, and no text in large type: a title is short, and ends no sentence."""
    text = page.text(block.content).rstrip() if block.type == "heading" else ""
    return block.type == "heading" and len(text) <= LONGEST_TITLE and not text.endswith((".", "。"))


def _leads_on(page: Page, blocks: list[Block]) -> bool:
    """Whether the last block is no part of the text above it.

    It is a picture right above a heading, a question to the reader, a line with a colon over nothing, a reminder, or a
    title in bold right above the next card.
    """
    block = blocks[-1]
    if block.type != "paragraph":
        return False
    text = page.text(block.content).strip()
    if len(blocks) > 1 and text and (ends_with_colon(text) or page.lexicon.stub(text)):
        return True
    if len(blocks) > 1 and only_bold(block.content) and len(text) <= LONGEST_TITLE and page.begins_card(block.end):
        return True
    return page.closes(block) or (page.heading_at(block.end) is not None and only_pictures(block.content))


def holds_answer(page: Page, block: Block) -> bool:
    """Whether a block is a fold whose summary only names what it hides, or a callout that is called "Answer"."""
    title = page.text(block.title) if block.type in ("details", "callout") else ""
    if block.type == "callout":
        return page.lexicon.answer_label(title)
    return block.type == "details" and page.names_answer(title)


def _unfolded(page: Page, blocks: list[Block]) -> list[Block]:
    """Open a fold with which an answer begins where its summary only names what it hides."""
    for index, block in enumerate(blocks):
        if holds_answer(page, block):
            return [*block.children, *blocks[index + 1 :]]
        if not _is_padding(page, block):
            break
    return blocks


def _is_padding(page: Page, block: Block) -> bool:
    if block.type == "details":
        return not block.children
    if block.type == "callout" and block.marker == _SCHEDULES:
        return True
    if block.type == "html_block":
        return bool(_HTML_LAYOUT.fullmatch(block.content))
    if block.type == "fence" and block.marker.split(" ")[0].lower() in _QUERIES:
        return True
    if block.type == "paragraph" and only_tags(block.content):
        return True
    if block.type == "paragraph" and _HTML_LAYOUT.fullmatch(block.content) and not page.plain(block):
        return True
    return block.type == "hr" or is_navigation(block)
