"""`C: a sentence with [a part] to fill in`, as hashcards marks clozes."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from offbook.cards.card import Finding
from offbook.cards.page import Page
from offbook.markdown import Block
from offbook.markdown.blocks import cut, paragraph
from offbook.model import Kind

NAME = "brackets"
_LABEL = re.compile(r"C:(?:[ \t]+|[ \t]*\n)(?=\S)")
_ANY_LABEL = re.compile(r"[CQA]:(?:\s|\Z)")
# What may hold brackets of its own: code, escaped ones, formulas.
_OPAQUE = re.compile(r"(?<!`)(`++).*?(?<!`)\1(?!`)|\\[\[\]]|\$\$.+?\$\$|\$[^\s$](?:[^$\n]*[^\s$])?\$", re.DOTALL)
# Neither a link or its label, nor a footnote, a task, a wikilink or a picture.
_PART = re.compile(r"(?<![\\!\[\]])\[(?![\^\[\]])(?P<part>[^\w\[\]]*+\w[^\[\]]*+)\](?![\[\](:])")


def find(page: Page) -> Iterator[Finding]:
    """Take paragraphs, or their lines, labelled `C:` that have parts in brackets; each is a gap of its own."""
    for block in page.paragraphs("heading"):
        if "C:" not in block.content or (block.type == "heading" and block.marker != "-") or not page.free(block):
            continue
        starts = [index for index, line in enumerate(block.lines) if _ANY_LABEL.match(line)]
        for start, end in zip(starts, [*starts[1:], None], strict=False):
            part = cut(block, start, end)
            label = _LABEL.match(part.content)
            if label and end is None:
                part = _going_on(page, block, part)
            hidden = _hidden(part.content[label.end() :], page.document.env.get("references", {})) if label else ""
            if hidden:
                text = paragraph(hidden, part.line, part.end)
                yield Finding(NAME, "labelled `C:`, hides what is in brackets", [text], [text], Kind.CLOZE)


def _going_on(page: Page, block: Block, part: Block) -> Block:
    """Return a text with the paragraphs below it that have gaps, too, such as the source of a quotation."""
    for following in page.after(block):
        if following.type != "paragraph" or _ANY_LABEL.match(following.content) or not page.free(following):
            break
        if not _hidden(following.content, page.document.env.get("references", {})):
            break
        blank = "\n" * (following.line - part.line - part.content.count("\n"))
        part = paragraph(part.content + blank + following.content, part.line, following.end)
    return part


def _hidden(content: str, links: Container[str]) -> str:
    """Return the sentence with `{{c1::…}}` for each part in brackets; nothing where there is none."""
    masked = _OPAQUE.sub(lambda match: "x" * len(match[0]), content)
    parts: list[str] = []
    position, count = 0, 0
    for match in _PART.finditer(masked):
        text = content[match.start("part") : match.end("part")]
        if text.strip().upper() not in links:
            count += 1
            parts += [content[position : match.start()], f"{{{{c{count}::{text}}}}}"]
            position = match.end()
    return "".join([*parts, content[position:]]) if count else ""
