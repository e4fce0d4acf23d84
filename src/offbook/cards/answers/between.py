"""Titles between cards: lines that look alike, each right above a question; the answer above would end with them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from offbook.cards.note.counting import number_of
from offbook.cards.note.dress import signed
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import CAPITALISED, LISTS, only_bold
from offbook.cards.words.bare import MARKS, ends_with_colon
from offbook.markdown import Block
from offbook.text import WORD, in_capitals

LONGEST_TITLE = 80  # characters
_FEWEST = 2  # different titles that look alike
_FEWEST_IN_ANSWERS = 3  # of which none opens its section, each Capitalised Like a Title
_MOST, _MOST_PLAIN = 12, 4  # words
_SAYS_MORE = re.compile(r"[:：=<>|,，。(（]")
_KEYCAP = re.compile(r"(\d{1,2})\ufe0f?\u20e3[ ]?")
_PLAIN = ("plain", "capitalised")
_ENDS_SENTENCE = (".", "。", "!", "！", ",", ";")


def titles_between(page: Page) -> frozenset[int]:
    """Return the lines of paragraphs that are titles of the cards below them: several look alike and differ.

    At least one opens its section, where it is part of no answer: the last lines of answers may look alike, too. Titles
    that are capitalised as such, or count on, need no such witness, where there are some, nor does a line of several
    words in capitals over a list. A usual prompt such as "About me" may be a title.
    """
    found: dict[str, list[Block]] = defaultdict(list)
    for block in _above_cards(page):
        if look := _look(page, block):
            found[look].append(block)
    lines: set[int] = set()
    for look, blocks in found.items():
        texts = Counter(block.content for block in blocks)
        if len(texts) < _FEWEST:
            alone = (block for block in blocks if look == "capitals" and " " in block.content)
            lines.update(block.line for block in alone if _is_behind(page, block) and _is_over_list(page, block))
            continue
        told = _are_titles(texts) or _count_on(page, blocks)
        if any(_is_in_no_answer(page, block) for block in blocks) or (
            told and all(_is_behind(page, b) for b in blocks)
        ):
            usual = [block for block in blocks if texts[block.content] <= len(texts)]
            if look in _PLAIN:  # may be all of an answer
                usual = [block for block in usual if _is_in_no_answer(page, block) or _is_behind(page, block)]
            lines.update(block.line for block in usual)
    return frozenset(lines)


def _above_cards(page: Page) -> Iterator[Block]:
    for flow in page.flows:
        for block, following in pairwise(flow):
            owner = page.owner(following)
            begins = owner is not None and owner is not page.owner(block) and owner.line >= following.line
            if block.type == "paragraph" and begins and not _answers_itself(page, block):
                yield block


def _answers_itself(page: Page, block: Block) -> bool:
    """Whether a line is a card by itself: `**Mode** – the most frequent one`."""
    owner = page.owner(block)
    return owner is not None and owner.line == block.line and any(part.line == block.line for part in owner.answer)


def _are_titles(texts: Collection[str]) -> bool:
    longer = [text for text in texts if " " in text]
    is_told = len(texts) >= _FEWEST_IN_ANSWERS and len(longer) >= _FEWEST
    return is_told and all(CAPITALISED.fullmatch(text) and ":" not in text for text in texts)


def _is_behind(page: Page, block: Block) -> bool:
    """Whether something stands between a line and the question above it, which does not lead to the line."""
    owner, before = page.owner(block), page.before(block)
    if owner is None or before is None or page.owner(before) is not owner:
        return False
    if not any(part.line < block.line for part in owner.answer):
        return False
    return not ends_with_colon(page.plain(before))


def _is_over_list(page: Page, block: Block) -> bool:
    following = next(page.after(block), None)
    return following is not None and following.type in LISTS


def _count_on(page: Page, blocks: Sequence[Block]) -> bool:
    """Whether lines are counted one by one: `2️⃣ Email`, `3️⃣ Malware`, `4️⃣ Login`."""
    numbers = [number_of(page, _KEYCAP.sub(r"\1. ", page.text(block.content)))[0] for block in blocks]
    steps = [after - before for before, after in pairwise(numbers) if before is not None and after is not None]
    return len(blocks) >= _FEWEST_IN_ANSWERS and steps == [1] * (len(blocks) - 1)


def _is_in_no_answer(page: Page, block: Block) -> bool:
    owner = page.owner(block)
    return owner is None or owner.line == block.line


def _look(page: Page, block: Block) -> str:
    text = page.text(block.content).strip()
    words = len(WORD.findall(text))
    if (
        "\n" in block.content
        or len(text) > LONGEST_TITLE
        or not 0 < words <= _MOST
        or text.endswith((*_ENDS_SENTENCE, *MARKS))
    ):
        return ""
    if only_bold(block.content):
        return "bold"
    if _KEYCAP.match(text):
        return "keycap"
    if sign := signed(block.content):
        return f"sign {sign}"
    if in_capitals(text):
        return "capitals"
    if words <= _MOST_PLAIN and ends_with_colon(text):
        return "colon"
    says_less = words <= _MOST_PLAIN and not _SAYS_MORE.search(text)
    begins = text[0].isalpha() and not text[0].islower()
    if says_less and begins and text[-1].isalnum():
        return "plain"
    return "capitalised" if words > 1 and CAPITALISED.fullmatch(text) else ""
