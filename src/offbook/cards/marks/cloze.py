"""`{{c1::hidden}}`, and `==hidden==` in a paragraph tagged `#cloze` or where the settings say so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from offbook.cards.card import Finding
from offbook.cards.page import Page
from offbook.markdown.blocks import paragraph
from offbook.markdown.parser import LONGEST_TEXT
from offbook.markdown.plain import CODE_SPAN
from offbook.model import Kind

NAME = "cloze"
DELETION = re.compile(r"\{\{c(\d{1,3})::")
_TAG = re.compile(r"(?:^|\s)#cloze(?![\w/-])")
_HIGHLIGHT = re.compile(r"==(?=\S).+?(?<=\S)==")


def find(page: Page) -> Iterator[Finding]:
    """Take paragraphs that hide a part of themselves."""
    for block in page.paragraphs("heading"):
        content = block.content
        if len(content) > LONGEST_TEXT:
            continue
        if "{{c" in content and DELETION.search(CODE_SPAN.sub("", content)):
            reason = "hides a part with `{{c1::…}}`"
        elif "==" not in content:
            continue
        elif _TAG.search(content) and _HIGHLIGHT.search(content):
            reason = "is tagged #cloze and hides its highlights"
        elif (page.highlights_hide or page.is_flashcards) and _HIGHLIGHT.search(content):
            reason = "hides its highlights, as the settings or the tag #flashcards say"
        else:
            continue
        if page.free(block):
            text = paragraph(content, block.line, block.end)
            yield Finding(NAME, reason, [text], [text], Kind.CLOZE)
