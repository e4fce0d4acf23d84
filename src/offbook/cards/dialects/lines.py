"""A bold line or a plain line that asks; the blocks below it answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from offbook.cards.card import Finding
from offbook.cards.leads import Lead, is_marked, leading_question, starts_question
from offbook.cards.page import Page
from offbook.cards.predicates import LISTS, link_only, undecorated
from offbook.markdown import Block
from offbook.markdown.blocks import cut, paragraph

NAME = "line"
_BOLD_LINE = re.compile(r"(?P<sign>[^\w\s*_]*)\s*(?:\*\*|__)(?P<text>(?:(?!\*\*|__).)+)(?:\*\*|__)\s*(?P<tail>\W*)")
_QUESTION_FIRST = re.compile(r"[^.!?？؟\n]{3,200}[?？؟]+(?=\s+\S)")
_SIGN = re.compile(r"\s*([^\w\s\x00-\x7f“”„«»‘’¿¡…–—])")
_FEWEST_ALIKE = 2
_FEWEST_AROUND = 3  # plain questions in a section, for a short line there to be a prompt
_LONGEST_PROMPT = 12  # words


def find(page: Page) -> Iterator[Finding]:
    """Take paragraphs that open with a question; bold ones first, as they structure a note more than plain ones."""
    leads = {
        id(block): lead
        for flow in page.flows
        for block in flow
        if block.type == "paragraph" and page.free(block) and not link_only(block.content)
        if (lead := leading_question(page, block, strict=True))
    }
    _add_dressed_alike(page, leads)
    _add_prompts_between(page, leads)
    _add_signed_alike(page, leads)
    for emphasised in (True, False):
        for flow in page.flows:
            mixed = _is_mixed(flow, leads)
            for block in flow:
                lead = leads.get(id(block))
                if lead is not None and lead.emphasised is emphasised and page.free(block):
                    yield _card(page, block, lead, leads, mixed=mixed)


def _card(page: Page, block: Block, lead: Lead, leads: dict[int, Lead], *, mixed: bool) -> Finding:
    answer = _answer(page, block, lead, leads, mixed=mixed)
    return Finding("bold-line" if lead.emphasised else NAME, lead.reason, [lead.question], answer)


def _answer(page: Page, block: Block, lead: Lead, leads: dict[int, Lead], *, mixed: bool) -> list[Block]:
    """Return what answers a question: a stub alone, or all up to the next question, heading or rule."""
    answer = list(lead.rest)
    if answer and page.is_stub(answer):
        return answer
    for following in page.after(block):
        if following.type in ("heading", "hr") or not page.free(following):
            break
        next_lead = leads.get(id(following))
        # Within the answer to a bold question a plain one is the writer's own.
        if next_lead is not None and _begins_next(page, lead, next_lead, answer, mixed=mixed):
            break
        if not answer and not lead.emphasised and _asks_and_tells(page, following):
            break
        if not answer and page.is_stub([following]):
            return [following]
        if following.type in LISTS and _is_list_of_questions(page, following, answer):
            break
        answer.append(following)
    return answer


def _is_mixed(flow: list[Block], leads: dict[int, Lead]) -> bool:
    """Whether plain questions stand before the first bold one: then they are no part of a bold one's answer."""
    found = [leads[id(block)].emphasised for block in flow if id(block) in leads]
    return True in found and found.index(True) >= _FEWEST_ALIKE


def _asks_and_tells(page: Page, block: Block) -> bool:
    """Whether a paragraph opens with a question and answers it itself."""
    match = _QUESTION_FIRST.match(block.content) if block.type == "paragraph" else None
    return match is not None and page.lexicon.opens_question(page.asked(match[0]))


def _begins_next(page: Page, lead: Lead, following: Lead, answer: list[Block], *, mixed: bool) -> bool:
    """Whether a question ends the answer to the one before.

    A plain one is part of a bold one's answer, and "Explain …" right below a question is its answer.
    """
    if following.emphasised or (lead.emphasised and not mixed):
        return following.emphasised
    return bool(answer) or is_marked(page, following) or not page.lexicon.demands(following.question.content)


def _is_list_of_questions(page: Page, listing: Block, answer: list[Block]) -> bool:
    if not starts_question(page, listing):
        return False
    return not answer or any(len(item.children) > 1 for item in listing.children) or len(listing.children) == 1


def _add_dressed_alike(page: Page, leads: dict[int, Lead]) -> None:
    """Take bold lines without a question's shape that carry the number or the sign that the bold questions carry."""
    bold = [
        (block, match)
        for flow in page.flows
        for block in flow
        if block.type == "paragraph" and page.free(block) and (match := _BOLD_LINE.fullmatch(block.lines[0]))
    ]
    dresses = Counter(_dress(match) for block, match in bold if id(block) in leads)
    for block, match in bold:
        dress = _dress(match)
        if id(block) not in leads and any(dress) and dresses[dress] >= _FEWEST_ALIKE:
            rest = [cut(block, 1)] if len(block.lines) > 1 else []
            question = paragraph(match["text"].strip(), block.line)
            leads[id(block)] = Lead(question, rest, True, "is bold and dressed like the questions around it")


def _add_signed_alike(page: Page, leads: dict[int, Lead]) -> None:
    """Take lines that open with the sign (■, ◆, 🔹) with which plain questions open."""
    paragraphs = [b for flow in page.flows for b in flow if b.type == "paragraph" and page.free(b)]
    signs = {sign[1] for b in paragraphs if id(b) in leads and (sign := _SIGN.match(b.content))}
    for block in paragraphs:
        sign = _SIGN.match(block.content)
        if sign is None or sign[1] not in signs or id(block) in leads or link_only(block.content):
            continue
        first = undecorated(block.lines[0])
        if len(block.lines) > 1 and first and not page.lexicon.to_ask(page.text(first)):
            question = paragraph(first, block.line)
            leads[id(block)] = Lead(question, [cut(block, 1)], False, "opens with the sign of the questions around it")


def _dress(match: re.Match[str]) -> tuple[bool, bool, bool]:
    """Return whether a bold line has a number, an emoji at either end, and quotation marks."""
    text = (match["text"] + match["tail"]).strip()
    emoji = re.search(r"[^\w\s\x00-\x7f“”„«»‘’?？。…]\W*\Z", text)
    return bool(re.match(r"\d+[.)]\s", text)), bool(match["sign"] or emoji), text[:1] in '"“„«'


def _add_prompts_between(page: Page, leads: dict[int, Lead]) -> None:
    """Take short lines without a full stop, each over a paragraph, where plain questions stand around them."""
    for flow in page.flows:
        for section in _sections(flow):
            plain = [block for block in section if (lead := leads.get(id(block))) and not lead.emphasised]
            if len(plain) < _FEWEST_AROUND:
                continue
            first = section.index(plain[0])
            for block, following in zip(section[first:], section[first + 1 :], strict=False):
                if _is_prompt(page, block, following, leads) and _same_case(block, plain[0]):
                    question = paragraph(block.content, block.line)
                    leads[id(block)] = Lead(question, [], False, "a short line among questions")


def _same_case(one: Block, other: Block) -> bool:
    return one.content[:1].isupper() == other.content[:1].isupper()


def _sections(flow: list[Block]) -> Iterator[list[Block]]:
    """Part a flow at its headings and rules."""
    section: list[Block] = []
    for block in flow:
        if block.type in ("heading", "hr"):
            yield section
            section = []
        else:
            section.append(block)
    yield section


def _is_prompt(page: Page, block: Block, following: Block, leads: dict[int, Lead]) -> bool:
    if block.type != "paragraph" or following.type != "paragraph" or id(block) in leads or id(following) in leads:
        return False
    if "\n" in block.content or not page.free(block) or not page.free(following) or link_only(block.content):
        return False
    text = page.text(block.content).strip()
    short = 0 < len(text.split()) <= _LONGEST_PROMPT and not _BOLD_LINE.fullmatch(block.content)
    return short and text[-1].isalnum() and not page.is_stub([block]) and not page.is_stub([following])
