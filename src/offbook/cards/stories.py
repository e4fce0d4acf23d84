"""What the text below a heading is: a story, or advice on how to tell one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from offbook.cards.page import Page
from offbook.cards.units import Unit
from offbook.markdown import Block

PARTS_OF_STORY = 3
_ALL_PARTS = 4  # situation, task, action, result
_LONGEST_STORY = 4000  # characters


def tells_story(page: Page, blocks: Iterable[Block]) -> bool:
    """Whether the parts of a story stand in the blocks below a heading, and tell one."""
    text = _text(page, blocks)
    return len(set(page.lexicon.parts_of_story(text))) >= PARTS_OF_STORY and not page.lexicon.is_rubric(text)


def tells_one_story(page: Page, blocks: Sequence[Block]) -> bool:
    """Whether the writer tells all parts of a story below a title, each once: of himself, or where stories are told.

    That is a folder, or below a title, that is called so.
    """
    text = _text(page, blocks)
    parts = page.lexicon.parts_of_story(text)
    if not len(set(parts)) == len(parts) >= _ALL_PARTS or page.lexicon.is_rubric(text):
        return False
    above = [page.text(heading.content) for heading in page.path_to(blocks[0].line)]
    called = (page.note.path.rpartition("/")[0], *above)
    return page.lexicon.first_person(text) or any(map(page.lexicon.is_of_stories, called))


def is_rubric(page: Page, unit: Unit) -> bool:
    """Whether what stands below a heading says how to tell a story, and tells none."""
    return unit.kind == "heading" and page.lexicon.is_rubric(_text(page, unit.below))


def _text(page: Page, blocks: Iterable[Block]) -> str:
    """Return the beginning of a text, of as many blocks as it takes: a section may be the whole note."""
    parts: list[str] = []
    room = _LONGEST_STORY
    for block in blocks:
        parts.append(page.plain(block))
        room -= len(parts[-1]) + 1
        if room <= 0:
            break
    return "\n".join(parts)[:_LONGEST_STORY]
