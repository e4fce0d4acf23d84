"""`> [!question] Title`: the title asks, the body answers."""

from __future__ import annotations

from collections.abc import Iterator

from offbook.cards.marks.label_words import Labels, Role
from offbook.cards.marks.labels import among
from offbook.cards.marks.tagged import TAG
from offbook.cards.note.counting import is_counted
from offbook.cards.note.finding import Finding
from offbook.cards.note.leads import is_marked, item_question, leading_question, starts_question
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import LISTS
from offbook.cards.note.stories import tells_one_story
from offbook.cards.words.bare import ends_with_mark
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph

NAME = "callout"
TYPES = ("question", "faq", "help", "card", "flashcard")
_FEWEST = 2  # titles that ask


def find(page: Page) -> Iterator[Finding]:
    """Take callouts of the types that ask, or tagged `#card`, and others whose titles ask, or that tell a story."""
    asking = _asking(page)
    labels = Labels(page) if any(block.type == "callout" for block in page.blocks) else None
    for block in page.blocks:
        if block.type == "callout" and page.free(block) and labels is not None:
            yield from (
                _of_asking_type(page, block, labels)
                if block.marker in TYPES or TAG.search(block.title)
                else _of_another(page, block, asking)
            )


def _of_asking_type(page: Page, callout: Block, labels: Labels) -> Iterator[Finding]:
    question, answer = _parts(page, callout)
    if question is None:
        page.warn(callout.line, "empty-callout", f"the callout [!{callout.marker}] asks nothing; give it a title")
        return
    text = page.text(question.content)
    asks = page.lexicon.question(text) or page.lexicon.prompt(text)
    if answer and not asks and all(part.type in LISTS and starts_question(page, part) for part in answer):
        yield from _only_questions(page, callout, answer)
        return
    reason = f"a callout of type {callout.marker}"
    first = answer[0] if answer and answer[0].type == "paragraph" else None
    lead = leading_question(page, first, strict=True) if first is not None and not asks else None
    if first is not None and not asks and labels.role(first.lines[0])[0] is Role.QUESTION:
        yield from among(page, answer, labels)
    elif lead is not None and is_marked(page, lead):
        asked = [question, lead.question]  # below a title such as "Exam 2023"
        yield Finding(NAME, reason, asked, [*lead.rest, *answer[1:]], claims=[(callout.line, callout.end)])
    else:
        yield _of_all(callout, reason, question, answer)


def _of_another(page: Page, callout: Block, asking: set[int]) -> Iterator[Finding]:
    reason = f"the title of a callout asks, as {len(asking)} do" if id(callout) in asking else ""
    reason = reason or ("a callout that tells a story" if _tells(page, callout) else "")
    if reason:
        yield _of_all(callout, reason, paragraph(callout.title, callout.line), list(callout.children))


def _of_all(callout: Block, reason: str, question: Block, answer: list[Block]) -> Finding:
    return Finding(NAME, reason, [question], answer, claims=[(callout.line, callout.end)])


def _asking(page: Page) -> set[int]:
    """Return the callouts of other types whose titles ask, where at least two and half of those with a title do.

    Where most that ask are counted, "1.2 What is tiling?", every counted one does: "1.3 Arrays or structs".
    """
    titled = [block for block in page.blocks if block.type == "callout" and block.marker not in TYPES and block.title]
    asking = {id(block) for block in titled if ends_with_mark(page.text(block.title))}
    if len(asking) < _FEWEST or len(asking) < len(titled) / 2:
        return set()
    counted = {id(block) for block in titled if is_counted(page, block.title)}
    return asking | counted if len(asking & counted) > len(asking) / 2 else asking


def _tells(page: Page, callout: Block) -> bool:
    """Whether a callout with a title of its own holds a story in all its parts."""
    named = bool(callout.title) and callout.title.strip().casefold() != callout.marker
    return named and not page.lexicon.story_part(page.text(callout.title)) and tells_one_story(page, callout.children)


def _only_questions(page: Page, callout: Block, lists: list[Block]) -> Iterator[Finding]:
    """Take the questions that a callout lists; its title, "Sample questions", asks nothing."""
    for item in (item for listing in lists for item in listing.children):
        lead = item_question(page, item)
        if lead is not None:
            answer = [*lead.rest, *item.children[1:]]
            yield Finding(NAME, f"listed in a callout of type {callout.marker}", [lead.question], answer)


def _parts(page: Page, callout: Block) -> tuple[Block | None, list[Block]]:
    body = list(callout.children)
    if callout.title:
        question = paragraph(callout.title.lstrip(": "), callout.line)  # `[!card] : Why us?`
    elif body and body[0].type in ("paragraph", "heading"):
        first = body.pop(0)
        lead = leading_question(page, first, strict=False) if first.type == "paragraph" else None
        question = lead.question if lead else paragraph(first.content, first.line, first.end)
        body[:0] = lead.rest if lead else []
    else:
        return None, []
    if len(body) == 1 and body[0].type == "callout" and _says_answer(page, body[0]):
        body = list(body[0].children)
    return question, body


def _says_answer(page: Page, callout: Block) -> bool:
    return not callout.title or page.lexicon.answer_label(page.text(callout.title))
