"""Paragraphs of several questions: where each begins, and whether a paragraph is a run of lines that all ask."""

from __future__ import annotations

from offbook.cards.bare import MARKS
from offbook.cards.leads import asks_anew
from offbook.cards.text import Text
from offbook.markdown import Block

_LONGEST = 200  # lines
_FEWEST = 4  # lines
_SHARE = 0.7  # of them, that ask
_NOT_TEXT = ("heading", "hr")


def parted(page: Text, block: Block, following: Block | None) -> tuple[list[int], bool]:
    """Return the lines of a block at which its questions begin, from 0, and whether each line asks by itself.

    A question begins at each line that asks anew, once something stands below the question before. Where nearly all
    lines ask, and no answer follows, each is a question of its own.
    """
    lines = block.lines if block.type == "paragraph" and "\n" in block.content else []
    if not 1 < len(lines) <= _LONGEST:
        return [0], False
    if _is_run(page, block) and (following is None or following.type in _NOT_TEXT or _is_run(page, following)):
        return [0, *(i for i in range(1, len(lines)) if _begins(page, lines[i - 1], lines[i]))], True
    starts = [0]
    asked = [asks_anew(page, line) for line in lines]
    for index in range(2, len(asked)):
        if asked[index] and not asked[index - 1] and asked[starts[-1]]:
            starts.append(index)
    return starts, False


def _is_run(page: Text, block: Block) -> bool:
    """Whether a paragraph is of lines nearly all of which ask."""
    lines = block.lines if block.type == "paragraph" else []
    if not _FEWEST <= len(lines) <= _LONGEST:
        return False
    return sum(bool(page.lexicon.line_question(page.asked(line))) for line in lines) >= _SHARE * len(lines)


def _begins(page: Text, above: str, line: str) -> bool:
    """Whether a line of a run begins a question: it asks, is counted, or the one above it ends a sentence."""
    text = page.asked(line)
    ends = above.rstrip("\"'”’)*_ ").endswith((".", "!", *MARKS))
    return ends or text[:1].isdigit() or bool(page.lexicon.line_question(text))
