"""A heading or list item without a question's shape among questions that are answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from offbook.cards.card import Finding
from offbook.cards.page import Page
from offbook.cards.predicates import first_paragraphs, is_list_of_links, is_navigation, link_only
from offbook.markdown import Block
from offbook.markdown.blocks import cut, paragraph

NAME = "sibling"
_FEWEST_OPEN = 3
_SHARE_OF_OPEN = 0.75
_LONGEST_PROMPT = 25  # words
_SHARE_OF_QUESTIONS = 0.4  # among the headings of a family that say anything


def find(page: Page) -> Iterator[Finding]:
    """Take prompts ("Greatest weakness") whose neighbours ask."""
    yield from _headings(page)
    yield from _items(page)


def _headings(page: Page) -> Iterator[Finding]:
    for family in _families(page):
        others = [heading for heading in family if page.free(heading)]
        others = [heading for heading in others if _may_prompt(page, page.text(heading.content))]
        if not others or not any(_answered(page, heading) for heading in family):
            continue
        full = [heading for heading in others if not page.is_stub(page.section(heading))]
        if len(_asking(page, family)) < _SHARE_OF_QUESTIONS * len([*_asking(page, family), *full]):
            continue
        for heading in others:
            section = list(page.section(heading))
            if not section or not all(page.free(block) for block in section) or _is_list_of_links(section):
                continue
            yield Finding(NAME, "a heading among questions", [paragraph(heading.content, heading.line)], section)


def _may_prompt(page: Page, title: str) -> bool:
    return not (page.lexicon.section_name(title) or page.lexicon.tells(title) or page.lexicon.to_ask(title))


def _families(page: Page) -> list[list[Block]]:
    """Return the headings of one level under one parent."""
    families: dict[tuple[int, int], list[Block]] = defaultdict(list)
    for flow in page.flows:
        path: list[Block] = []
        for block in flow:
            if not page.opens_section(block):
                continue
            path = [above for above in path if above.level < block.level]
            families[id(path[-1]) if path else id(flow), block.level].append(block)
            path.append(block)
    return list(families.values())


def _asking(page: Page, blocks: list[Block]) -> list[Block]:
    return [block for block in blocks if (owner := page.owner(block)) is not None and _asks(page, owner, block)]


def _asks(page: Page, owner: Finding, block: Block) -> bool:
    """Whether a card's question has a question's shape, and not just a marking, which says nothing of neighbours."""
    if owner.line != block.line:
        return False
    text = page.text(block.lines[0])
    shaped = page.lexicon.question(text) or page.lexicon.noun_question(text)
    return bool(shaped or owner.dialect == "term")


def _answered(page: Page, block: Block) -> bool:
    owner = page.owner(block)
    return owner is not None and _asks(page, owner, block) and page.answered(owner)


def _is_list_of_links(section: list[Block]) -> bool:
    return all(
        is_navigation(block) or is_list_of_links(block) or (block.type == "paragraph" and link_only(block.content))
        for block in section
    )


def _items(page: Page) -> Iterator[Finding]:
    for listing in page.lists():
        firsts = first_paragraphs(listing)
        free = [block for block in firsts if page.free(block)]
        if not free:
            continue
        asked = _asking(page, firsts)
        if _is_titled_questions(page, listing):
            yield from (_prompt(block) for block in free if _is_bare_prompt(page, block) or _has_children(block))
        elif len(asked) >= _FEWEST_OPEN and len(asked) >= _SHARE_OF_OPEN * len(firsts):
            yield from (_prompt(block) for block in free if _is_bare_prompt(page, block))
        if not any(_answered(page, block) for block in asked) or len(asked) < len(free):
            continue
        for block in free:
            item = block.parent
            assert item is not None
            rest = [cut(block, 1)] if len(block.lines) > 1 else []
            answer = [*rest, *item.children[1:]]
            if answer and all(page.free(child) for child in item.children[1:]) and not link_only(block.content):
                yield Finding(NAME, "a list item among questions", [cut(block, 0, 1)], answer)


def _is_bare_prompt(page: Page, block: Block) -> bool:
    """Whether an item without children prompts for an answer, as all its neighbours do."""
    item = block.parent
    text = page.text(block.content)
    short = 0 < len(text.split()) <= _LONGEST_PROMPT and len(block.lines) == 1
    return short and item is not None and len(item.children) == 1 and not link_only(block.content) and text[-1] != ":"


def _has_children(block: Block) -> bool:
    return block.parent is not None and len(block.parent.children) > 1 and not link_only(block.content)


def _is_titled_questions(page: Page, listing: Block) -> bool:
    """Whether a list stands right below a title such as "General questions"."""
    path = page.path_to(listing.line)
    above = page.before(listing)
    if listing.parent is None or listing.parent.type != "root" or not path or above is not path[-1]:
        return False
    return page.lexicon.mentions_questions(page.text(path[-1].content))


def _prompt(block: Block) -> Finding:
    children = block.parent.children[1:] if block.parent is not None else []
    return Finding(NAME, "a list item among questions", [cut(block, 0, 1)], children)
