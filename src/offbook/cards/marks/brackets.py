"""`C: a sentence with [a part] to fill in`, as hashcards marks clozes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from offbook.cards.note.finding import Finding
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import LISTS
from offbook.markdown import Block
from offbook.markdown.blocks import cut_at, paragraph, texts, with_texts
from offbook.markdown.deletions import BRACKETS, Hidden, hide
from offbook.markdown.plain import CODE_SPAN
from offbook.model import Kind

NAME = "brackets"
_LABEL = re.compile(r"C:(?:[ \t]+|[ \t]*\n)(?=\S)")
_ANY_LABEL = re.compile(r"[CQA]:(?:\s|\Z)")
_ESCAPED = re.compile(r"\\(?=[\[\]])")


def find(page: Page) -> Iterator[Finding]:
    """Take paragraphs, or their lines, labelled `C:` that have parts in brackets; each is a gap of its own."""
    for block in page.paragraphs("heading"):
        if "C:" not in block.content or (block.type == "heading" and block.marker != "-") or not page.free(block):
            continue
        starts = [index for index, line in enumerate(block.lines) if _ANY_LABEL.match(line)]
        parts = cut_at(block, starts)
        for part in parts:
            label = _LABEL.match(part.content)
            if label is None:
                continue
            sentence = paragraph(part.content[label.end() :], part.line, part.end)
            blocks = [sentence, *(_going_on(page, block) if part is parts[-1] else ())]
            hidden = _hidden(page, blocks)
            if hidden.gaps:
                question = with_texts(blocks, map(_without_escapes, hidden.texts))
                reason = "labelled `C:`; what is in brackets is hidden"
                yield Finding(NAME, reason, question, blocks, Kind.CLOZE, gaps=hidden.gaps)


def _going_on(page: Page, block: Block) -> Iterator[Block]:
    """Yield the paragraphs and lists below a text that have such gaps, too, and the formulas above these.

    Such are the source of a quotation, and what the letters of a formula stand for. Anki's own gaps, `{{c1::…}}`, make
    a card by themselves.
    """
    formulas: list[Block] = []
    for following in page.after(block):
        if following.type == "math_block" and page.free(following):
            formulas.append(following)
            continue
        if following.type not in ("paragraph", *LISTS) or not page.free(following):
            return
        if _ANY_LABEL.match(following.content) or _hidden(page, [following]).marks != {BRACKETS}:
            return
        yield from formulas
        yield following
        formulas.clear()


def _without_escapes(text: str) -> str:
    r"""Return a text with plain brackets in its code, where Markdown knows no escape and hashcards wants `\[`."""
    return CODE_SPAN.sub(lambda code: _ESCAPED.sub("", code[0]), text) if "\\" in text else text


def _hidden(page: Page, blocks: Sequence[Block]) -> Hidden:
    return hide([text.content for text in texts(blocks)], {BRACKETS}, page.document.env)
