"""What the text below a heading is: a story, or advice on how to tell one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from offbook.cards.note.page import Page
from offbook.markdown import Block

_BOLD = re.compile(r"\A(\*\*|__)([^*_\n]{1,30})\1[ \t]+(?=\w)")
PARTS_OF_STORY = 3
_ALL_PARTS = 4  # situation, task, action, result
_LONGEST_STORY = 4000  # characters


def tells_story(page: Page, blocks: Iterable[Block]) -> bool:
    """Whether the parts of a story stand in the blocks below a heading, and tell one."""
    text = _text(page, blocks)
    return len(set(page.lexicon.parts_of_story(text))) >= PARTS_OF_STORY and not page.lexicon.is_rubric(text)


def tells_one_story(page: Page, blocks: Sequence[Block]) -> bool:
    """Whether the writer tells all parts of a story below a title, each once: of himself, or where stories are told.

    That is a folder, or below a title or an item of a list, that is called so.
    """
    text = _text(page, blocks)
    parts = page.lexicon.parts_of_story(text)
    if not len(set(parts)) == len(parts) >= _ALL_PARTS or page.lexicon.is_rubric(text):
        return False
    line = blocks[0].line
    titles = [*page.path_to(line), *(item.children[0] for item in page.items_around(line))]
    above = [page.text(title.content) for title in titles]
    called = (page.note.path.rpartition("/")[0], *above)
    return page.lexicon.first_person(text) or any(map(page.lexicon.is_of_stories, called))


def is_rubric(page: Page, blocks: Iterable[Block]) -> bool:
    """Whether blocks say how to tell a story, and tell none."""
    return page.lexicon.is_rubric(_text(page, blocks))


def _fields(block: Block) -> Iterator[str]:
    """Yield the lines of a paragraph, a colon behind what opens one in bold: `**Situation** We had …`."""
    for line in block.lines:
        yield _BOLD.sub(r"\2: ", line, count=1)


def _text(page: Page, blocks: Iterable[Block]) -> str:
    """Return the beginning of a text, of as many blocks as it takes: a section may be the whole note."""
    parts: list[str] = []
    room = _LONGEST_STORY
    for block in blocks:
        parts.append("\n".join(map(page.text, _fields(block))) if block.type == "paragraph" else page.plain(block))
        room -= len(parts[-1]) + 1
        if room <= 0:
            break
    return "\n".join(parts)[:_LONGEST_STORY]
