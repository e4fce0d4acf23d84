"""`C: a sentence with [a part] to fill in`, as hashcards marks clozes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Container, Iterator

from offbook.cards.card import Finding
from offbook.cards.page import Page
from offbook.markdown.blocks import paragraph
from offbook.markdown.plain import CODE_SPAN
from offbook.model import Kind

NAME = "brackets"
_LABEL = re.compile(r"C:(?:[ \t]+|[ \t]*\n)(?=\S)")
# Neither a link or its label, nor a footnote, a task, a wikilink or a picture.
_PART = re.compile(r"(?<![\\!\[\]])\[(?![\^\[\]])(?P<part>[^\[\]]*\w[^\[\]]*)\](?![\[\](:])")


def find(page: Page) -> Iterator[Finding]:
    """Take paragraphs labelled `C:` that have parts in brackets; each is a gap of its own."""
    for block in page.paragraphs():
        label = _LABEL.match(block.content)
        if label is None or not page.free(block):
            continue
        hidden = _hidden(block.content[label.end() :], page.document.env.get("references", {}))
        if hidden:
            text = paragraph(hidden, block.line, block.end)
            yield Finding(NAME, "labelled `C:`, hides what is in brackets", [text], [text], Kind.CLOZE)


def _hidden(content: str, links: Container[str]) -> str:
    """Return the sentence with `{{c1::…}}` for each part in brackets; nothing where there is none."""
    code = [match.span() for match in CODE_SPAN.finditer(content)]
    numbers = itertools.count(1)

    def gap(match: re.Match[str]) -> str:
        inside_code = any(start <= match.start() < end for start, end in code)
        if inside_code or match["part"].strip().upper() in links:
            return match[0]
        return f"{{{{c{next(numbers)}::{match['part']}}}}}"

    result = _PART.sub(gap, content)
    return result if result != content else ""
