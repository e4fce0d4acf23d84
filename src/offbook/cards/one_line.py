"""A question and its answer on one line of a list: `Why us? Because …`, `why us [Acme] - because …`, `why us → …`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from offbook.cards.leads import item_question
from offbook.cards.page import Page
from offbook.cards.predicates import first_paragraphs, link_only, untasked
from offbook.cards.shape import ends_with_mark
from offbook.markdown import Block

ARROW = re.compile(r"(?P<question>[^\n]*?\S)\s*+(?:→|->|=>|⇒)\s*+(?P<answer>[^\n]*)")
_DASH = re.compile(
    r"(?P<question>[^\n]*?\S)(?P<remark>\s*(?:\[[^\[\]\n]*\]|\([^()\n]*\)))?\s+(?:-{1,2}|[–—])\s+(?P<answer>\S.*)",
    re.DOTALL,
)
_SENTENCES = re.compile(r"(?P<question>[^.!?？؟\n]+[?？؟]+)[ \t]+(?P<answer>[^\s?？].*)", re.DOTALL)
_FEWEST_ALIKE = 2
_LONGEST_PROMPT = 8  # words
_SHORTEST_ANSWER = 4  # words


@dataclass(frozen=True, slots=True)
class Split:
    """The two parts, inline source."""

    question: str
    answer: str
    how: str
    sure: bool
    """Whether the line says so by itself; else its neighbours must be written alike."""
    asks: bool


def splits(page: Page, listing: Block) -> dict[int, Split]:
    """Return the lines of a list that hold question and answer, by the id of their paragraph."""
    filled = [item for item in listing.children if item.children]
    firsts = first_paragraphs(listing)
    found = {id(block): split for block in firsts if (split := _split(page, untasked(block.content))) is not None}
    asking = [split.how for split in found.values() if split.asks]
    leads = sum(id(item.children[0]) not in found and item_question(page, item) is not None for item in filled)
    among_questions = leads + len(asking) > len(firsts) / 2

    def accepted(split: Split) -> bool:
        alike = sum(other.how == split.how for other in found.values()) >= _FEWEST_ALIKE
        return (split.sure and split.asks) or (alike and among_questions)

    return {key: split for key, split in found.items() if accepted(split)}


def _split(page: Page, content: str) -> Split | None:
    if link_only(content) or page.lexicon.question(page.asked(content)).startswith(("ends", "asks")):
        return None
    match = ARROW.fullmatch(content)
    if match and match["answer"] and asks(page, match["question"]):
        return Split(match["question"], match["answer"], "arrow", _says_enough(match["answer"]), True)
    match = _DASH.fullmatch(content)
    if match is not None and match["question"].count("(") == match["question"].count(")"):
        asking, remark = asks(page, match["question"]), match["remark"]
        sure = (ends_with_mark(page.asked(match["question"])) or bool(remark)) and _says_enough(match["answer"])
        if asking or (remark and len(match["question"].split()) <= _LONGEST_PROMPT):
            return Split(match["question"], match["answer"], "dash", sure, asking)
    match = _SENTENCES.fullmatch(content)
    demands = match is not None and page.lexicon.demands(match["answer"])  # "What is SGD? Discuss its limits."
    if match is not None and not demands and page.lexicon.opens_question(page.asked(match["question"])):
        return Split(match["question"], match["answer"], "sentence", False, True)
    return None


def _says_enough(answer: str) -> bool:
    """Whether what stands behind a question is more than a remark ("overheard", "ticket 44")."""
    return len(answer.split()) >= _SHORTEST_ANSWER


def asks(page: Page, source: str) -> bool:
    """Whether inline source asks by its shape, as a line or as a title does."""
    text = page.asked(source)
    return bool(page.lexicon.line_question(text) or page.lexicon.noun_question(text))
