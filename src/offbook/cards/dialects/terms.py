"""`term = definition`, `**term** - definition`, `term -- explanation` in a list of terms or among questions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from offbook.cards.card import Finding
from offbook.cards.page import Page, link_only
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph

NAME = "term"
_BOLD = re.compile(
    r"(?P<mark>\*\*|__)(?P<term>[^*_\n]{1,80}?)(?P=mark)\s*(?P<sep>=|:|[-–—]{1,3}(?=\s))\s*(?P<text>\S.*)",
    re.DOTALL,
)
_BOLD_COLON = re.compile(r"(?P<mark>\*\*|__)(?P<term>[^*_\n]{1,80}?):(?P=mark)(?P<sep>)\s*(?P<text>\S.*)", re.DOTALL)
_PLAIN = re.compile(r"(?P<term>[^=\n`]{1,60}?)\s(?P<sep>=|--)\s(?P<text>\S.*)", re.DOTALL)
_TASK = re.compile(r"\s*\[[ xX/-]\]\s")
_LONGEST_TERM = 8  # words
_FEWEST_TERMS = 3
_SHORTEST_DEFINITION = 2  # words


def find(page: Page) -> Iterator[Finding]:
    """Take the terms of a list that is one of terms, or that has questions in it."""
    for listing in page.lists():
        firsts = [
            item.children[0] for item in listing.children if item.children and item.children[0].type == "paragraph"
        ]
        free = [block for block in firsts if page.free(block)]
        terms = [(block, match) for block in free if (match := _match(page, block))]
        asked = [block for block in firsts if page.owner(block) is not None]
        is_glossary = len(terms) >= _FEWEST_TERMS and len(terms) == len(firsts)
        if not terms or not ((is_glossary and _same_mark(terms)) or asked):
            continue
        for block, match in terms:
            if match["sep"] in (":", "") and not (asked or _under_glossary(page, listing)):
                continue  # `**Role:** text` labels a field more often than it defines a term
            item = block.parent
            assert item is not None
            question = paragraph(match["term"].strip(), block.line)
            answer = [paragraph(match["text"].strip(), block.line, block.end), *item.children[1:]]
            reason = "a term among questions" if asked else "a list of terms"
            yield Finding(NAME, reason, [question], answer)
    yield from _paragraphs(page)


def _paragraphs(page: Page) -> Iterator[Finding]:
    """Take paragraphs, or the lines of one, that form a list of terms without bullets."""
    for flow in page.flows:
        run: list[tuple[Block, re.Match[str]]] = []
        for block in [*flow, None]:
            lines = _term_lines(page, block) if block is not None else []
            if lines:
                run.extend(lines)
                continue
            if len(run) >= _FEWEST_TERMS and _same_mark(run):
                for line, match in run:
                    answer = [paragraph(match["text"].strip(), line.line)]
                    yield Finding(NAME, "a list of terms", [paragraph(match["term"].strip(), line.line)], answer)
            run = []


def _term_lines(page: Page, block: Block) -> list[tuple[Block, re.Match[str]]]:
    if block.type != "paragraph" or not page.free(block):
        return []
    found = []
    for index, line in enumerate(block.lines):
        part = paragraph(line, block.line + index)
        match = _match(page, part)
        if match is None or match["sep"] in (":", ""):
            return []
        found.append((part, match))
    return found


def _match(page: Page, block: Block) -> re.Match[str] | None:
    content = block.content
    match = _BOLD.match(content) or _BOLD_COLON.match(content) or _PLAIN.match(content)
    if match is None or link_only(match["term"]) or _TASK.match(content):
        return None
    term, text = page.text(match["term"]).strip(), page.text(match["text"])
    if not term or len(term.split()) > _LONGEST_TERM or _is_formula(text):
        return None
    bold = match.re is not _PLAIN
    return match if bold or (len(term) > 1 and not term[0].isdigit()) else None


def _is_formula(text: str) -> bool:
    """Whether a definition has too few words to be one, or is an equation's right side."""
    words = re.findall(r"[^\W\d_]{2,}", text)
    return len(words) < _SHORTEST_DEFINITION and len(re.findall(r"[\u3040-\u9fff\uac00-\ud7af]", text)) < 4


def _under_glossary(page: Page, listing: Block) -> bool:
    path = page.path_to(listing.line)
    return bool(path) and page.lexicon.glossary(page.text(path[-1].content))


def _same_mark(terms: list[tuple[Block, re.Match[str]]]) -> bool:
    return len({match["sep"] for _, match in terms}) == 1


def is_term(page: Page, block: Block) -> bool:
    """Whether a paragraph reads `term = definition`."""
    return _match(page, block) is not None
