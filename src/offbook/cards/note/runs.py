"""Paragraphs of several questions: where each begins, and whether a paragraph is a run of lines that all ask."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice, pairwise
from operator import and_

from offbook.cards.note.counting import number_of
from offbook.cards.note.leads import asks_anew
from offbook.cards.note.predicates import CAPITALISED, only_bold
from offbook.cards.note.text import Text
from offbook.cards.words.bare import MARKS
from offbook.markdown import Block
from offbook.text import BROKEN

_ASKED_AND_TOLD = re.compile(r"\W{0,4}(\*\*|__)[^*_\n]+[?？؟][ \t]*\1:?[ \t]+\w")
_LED = re.compile(r"(\*\*|__)(?=\S)[^*_\n]+\1\W*+\S")
_MARK = re.compile(rf"\w\s?[{MARKS}](?!\S)")
_LONGEST = 200  # lines
_FEWEST = 3  # lines
_FEWEST_COUNTED = 2  # lines that ask, for others of their count to begin questions, too
_SHARE = 0.7  # of them, that ask
_LONGEST_TITLE = 4  # words
_LONGEST_TITLES = 2  # lines above several questions, each with its answer in the same paragraph
_MARKS = ("?", "？")
_STOPS = (".", "。", "!", "！")
_NOT_TEXT = ("heading", "hr")


def parted(page: Text, block: Block, following: Block | None, *, within: bool) -> tuple[list[int], int]:
    """Return the lines of a block at which its questions begin, from 0, and how many of the last ask by themselves.

    A question begins at each line that asks anew, once something stands below the question before. Where nearly all
    lines ask, but for a title above them, and no answer follows, each is a question of its own.
    """
    lines = block.lines if block.type == "paragraph" and "\n" in block.content else []
    if not 1 < len(lines) <= _LONGEST:
        return [0], 0
    if _is_run(page, block) and (following is None or following.type in _NOT_TEXT or _is_run(page, following)):
        starts = [0, *(i for i in range(1, len(lines)) if _begins(page, lines[i - 1], lines[i]))]
        return starts, len(starts) - _is_titled(page, lines)
    if len(lines) >= _FEWEST and all(map(_LED.match, lines)):
        return list(range(len(lines))), 0
    asked = [asks_anew(page, line) for line in lines]
    asked = [asks or counted for asks, counted in zip(asked, _counted_on(page, lines, asked), strict=True)]
    asked = _over_indented(lines, _in_turn(page, lines, asked))
    first = int(not asked[0] and _is_title(lines[0]))  # of the lines that is no title
    asked[first] = asked[first] or bool(page.lexicon.line_question(page.asked(lines[first])))
    titled = first and asked[1] and (lines[0].isupper() or sum(asked) > 1)
    titled = titled or (len(lines) == _LONGEST_TITLES and _is_over_question(*lines) and following is not None)
    starts = [0, 1] if titled else [0]
    if not asked[0] and not titled and _FEWEST <= sum(asked) <= len(asked) / 2 and asked.index(True) <= _LONGEST_TITLES:
        starts = [0, asked.index(True)]
    for index in range(starts[-1] + 1, len(asked)):
        told = index > starts[-1] + 1 and not asked[index - 1]
        bold = only_bold(lines[index]) and not only_bold(lines[index - 1])
        follows = asked[starts[-1]] and (told or _ASKED_AND_TOLD.match(lines[index - 1]))
        follows = follows or (within and _asks_within(page, lines, index))
        if asked[index] and (bold or follows or _ASKED_AND_TOLD.match(lines[index])):
            starts.append(index)
    last = len(asked) - asked[::-1].index(False) if False in asked else 0
    if following is None or following.type in _NOT_TEXT:
        starts += [index for index in range(last + 1, len(asked)) if last in starts and len(starts) > 1]
    return starts, 0


def ask_within(page: Text, blocks: Iterable[Block]) -> bool:
    """Whether lines within several paragraphs of a note ask, over lines that answer: no blank lines part them."""
    texts = (block.lines for block in blocks if block.type == "paragraph" and "\n" in block.content)
    found = (_asks_within(page, lines, index) for lines in texts for index in range(1, len(lines) - 1))
    return sum(islice(filter(None, found), _FEWEST)) == _FEWEST


def _asks_within(page: Text, lines: list[str], index: int) -> bool:
    """Whether a line ends in a question mark, behind a sentence or a title, over a line that does not."""
    if not 0 < index < len(lines) - 1:
        return False
    above, line, below = (text.rstrip(" *_") for text in lines[index - 1 : index + 2])
    ends = above.endswith(_STOPS) or (len(above) < BROKEN and not above.endswith((":", ",", *_MARKS)))
    return line.endswith(_MARKS) and ends and not below.endswith(_MARKS) and asks_anew(page, line)


def _in_turn(page: Text, lines: list[str], asked: list[bool]) -> list[bool]:
    """Return which lines ask: each second one, where these ask or demand ("Describe …"), and none of those between."""
    asks = [bool(page.lexicon.line_question(page.asked(line))) for line in lines] if any(asked) else []
    in_turn = len(lines) >= 2 * _FEWEST and asks == [True, False] * (len(lines) // 2)
    return asks if in_turn else asked


def _over_indented(lines: list[str], asked: list[bool]) -> list[bool]:
    """Return which lines ask where answers are indented: all that are over an indented line, as those that ask are."""
    over = [not line[:1].isspace() and below[:1].isspace() for line, below in pairwise([*lines, ""])]
    asking = [over[index] for index, asks in enumerate(asked) if asks]
    if len(asking) < _FEWEST_COUNTED or not all(asking):
        return asked
    return [asks or is_over for asks, is_over in zip(asked, over, strict=True)]


def _counted_on(page: Text, lines: list[str], asked: list[bool]) -> list[bool]:
    """Return which lines are counted as those that ask are, one by one, where most lines of the count ask."""
    numbers = [number_of(page, line) for line in lines]
    asking = [numbers[index] for index, asks in enumerate(asked) if asks and numbers[index][0] is not None]
    if len(asking) < _FEWEST_COUNTED:
        return asked
    count, counted = 0, [False] * len(lines)
    for index, (number, form) in enumerate(numbers):
        if form == asking[0][1] and (number == count + 1 or (asked[index] and not count)):
            count, counted[index] = number or 0, True
    return counted if sum(counted) < 2 * len(asking) else asked


def _is_title(line: str) -> bool:
    """Whether a line may be the title of the questions right below it: a few words that end no sentence, no label."""
    text = line.rstrip(" :：")
    is_label = text != line.rstrip() and " " not in text
    return len(line.split()) <= _LONGEST_TITLE and text[-1:].isalnum() and line[:1].isalpha() and not is_label


def _is_over_question(title: str, line: str) -> bool:
    """Whether a line that is capitalised as titles are stands over one that ends in a question mark."""
    return " " in title.strip() and bool(CAPITALISED.fullmatch(title.strip())) and line.rstrip("*_ ").endswith(_MARKS)


def _is_run(page: Text, block: Block) -> bool:
    """Whether a paragraph is of lines nearly all of which ask."""
    lines = block.lines if block.type == "paragraph" else []
    if not _FEWEST <= len(lines) <= _LONGEST:
        return False
    below = lines[_is_titled(page, lines) :]
    asks = [bool(_MARK.search(line) or page.lexicon.line_question(page.asked(line))) for line in below]
    behind = zip(asks, asks[1:], below[1:], asks[2:], strict=False)
    told = (
        line.rstrip().endswith(_STOPS) and above and not here and next_ and not page.lexicon.demands(page.asked(line))
        for above, here, line, next_ in behind
    )
    bold = list(map(only_bold, below))
    in_turn = bold[0] and not all(bold) and not any(map(and_, bold, bold[1:]))  # each over a plain line
    answered = any(told) or in_turn
    return sum(asks) >= _SHARE * len(below) and not answered


def _is_titled(page: Text, lines: list[str]) -> bool:
    """Whether the first of some lines is the title of the others."""
    return _is_title(lines[0].lstrip("0123456789.) ")) and not page.lexicon.line_question(page.asked(lines[0]))


def _begins(page: Text, above: str, line: str) -> bool:
    """Whether a line of a run begins a question: it asks, is counted, or the one above it ends a sentence."""
    text = page.asked(line)
    ends = above.rstrip("\"'”’)*_ ").endswith((".", "!", *MARKS))
    return ends or text[:1].isdigit() or bool(page.lexicon.line_question(text))
