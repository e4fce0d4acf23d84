"""`{{c1::hidden}}`, and `==hidden==` in a paragraph tagged `#cloze` or where the settings say so.

`**hidden**` and `{{hidden}}` hide only where the settings say so; they become numbered gaps.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

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

_OTHERS = {
    "**": re.compile(r"\*\*(?=[^\s*])([^\n]+?)(?<=[^\s*:：?？])\*\*(?![*:：])"),
    "{{": re.compile(r"\{\{(?!c\d+::)(?=\S)([^{}\n]+?)(?<=\S)\}\}"),
}
_OPAQUE = re.compile(rf"(?:{CODE_SPAN.pattern})|\$[^$\n]+\$", re.DOTALL)


def find(page: Page) -> Iterator[Finding]:
    """Take paragraphs that hide a part of themselves."""
    for block in page.paragraphs("heading"):
        content = block.content
        if len(content) > LONGEST_TEXT:
            continue
        content = _numbered(content, page.hides)
        if "{{c" in content and DELETION.search(CODE_SPAN.sub("", content)):
            reason = "hides a part with `{{c1::…}}`" if content == block.content else "hides parts, as the settings say"
        elif "==" not in content:
            continue
        elif _TAG.search(content) and _HIGHLIGHT.search(content):
            reason = "is tagged #cloze and hides its highlights"
        elif ("==" in page.hides or page.is_flashcards) and _HIGHLIGHT.search(content):
            reason = "hides its highlights, as the settings or the tag #flashcards say"
        else:
            continue
        if page.free(block):
            text = paragraph(content, block.line, block.end)
            yield Finding(NAME, reason, [text], [text], Kind.CLOZE)


def _numbered(content: str, marks: Collection[str]) -> str:
    """Return a text with `{{c1::…}}` for its bold parts or those in curly brackets, unless they are all of it."""
    if DELETION.search(content):
        return content
    masked = _OPAQUE.sub(lambda match: "x" * len(match[0]), content)
    found = [match for mark, pattern in _OTHERS.items() if mark in marks for match in pattern.finditer(masked)]
    parts: list[str] = []
    position = 0
    for match in sorted(found, key=lambda match: match.start()):
        if match.start() >= position:
            hidden = content[match.start(1) : match.end(1)]
            parts += [content[position : match.start()], f"{{{{c{len(parts) // 2 + 1}::{hidden}}}}}"]
            position = match.end()
    shown = [*parts[::2], content[position:]]
    return "".join([*parts, content[position:]]) if re.search(r"\w", "".join(shown)) else content
