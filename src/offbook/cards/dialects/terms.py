"""`term = definition`, `**term** - definition`, `term -- explanation` in a list of terms or among questions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from offbook.cards.card import Finding
from offbook.cards.page import Page
from offbook.cards.predicates import first_paragraphs, link_only
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph

NAME = "term"
_BOLD = re.compile(
    r"(?P<mark>\*\*|__)(?P<term>[^*_\n]{1,80}?)(?P=mark)\s*(?P<sep>=|:|[-–—]{1,3}(?=\s))\s*(?P<text>\S.*)",
    re.DOTALL,
)
_BOLD_COLON = re.compile(r"(?P<mark>\*\*|__)(?P<term>[^*_\n]{1,80}?):(?P=mark)(?P<sep>)\s*(?P<text>\S.*)", re.DOTALL)
_PLAIN = re.compile(r"(?P<term>[^=\n`]{1,60}?)\s(?P<sep>=|--)\s(?P<text>\S.*)", re.DOTALL)
_IN_GLOSSARY = re.compile(
    r"(?P<term>[^=:：\n`]{1,60}?)(?:\s(?P<sep>=|-{1,2}|[–—]|:)\s|(?P<colon>:\s|：))(?P<text>\S.*)", re.DOTALL
)
_TASK = re.compile(r"\s*\[[ xX/-]\]\s")
_LONGEST_TERM = 8  # words
_FEWEST_TERMS = 3
_FEWEST_IN_GLOSSARY = 2
_LONGEST_TITLE = 60  # characters
_SHORTEST_DEFINITION = 2  # words


def find(page: Page) -> Iterator[Finding]:
    """Take the terms of a list that is one of terms, or that has questions in it."""
    for listing in page.lists():
        firsts = first_paragraphs(listing)
        free = [block for block in firsts if page.free(block)]
        if not free:
            continue
        glossary = _under_glossary(page, listing)
        shaped = [(block, match) for block in free if (match := _shape(page, block, glossary))]
        terms = [(block, match) for block, match in shaped if glossary or not _is_formula(page.text(match["text"]))]
        asked = any(_is_question(page, block) for block in firsts)
        if len(terms) >= _FEWEST_TERMS and _is_list_of_terms(shaped, len(firsts), glossary):
            terms = shaped  # "burst 9" is a definition where the others are
        elif not terms or not (asked or _is_list_of_terms(terms, len(firsts), glossary)):
            continue
        for block, match in terms:
            if match["sep"] in (":", "") and not (asked or glossary):
                continue  # `**Role:** text` labels a field more often than it defines a term
            item = block.parent
            assert item is not None
            answer = [paragraph(match["text"].strip(), block.line, block.end), *item.children[1:]]
            reason = "a term among questions" if asked else "a list of terms"
            yield Finding(NAME, reason, [paragraph(match["term"].strip(), block.line)], answer)
    yield from _paragraphs(page)


def _is_question(page: Page, block: Block) -> bool:
    owner = page.owner(block)
    return owner is not None and owner.line == block.line and page.answered(owner)


def _is_list_of_terms(terms: list[tuple[Block, re.Match[str]]], items: int, glossary: bool) -> bool:
    if glossary:
        return len(terms) >= _FEWEST_IN_GLOSSARY and len(terms) > items / 2
    return len(terms) >= _FEWEST_TERMS and len(terms) == items and _same_mark(terms)


def _paragraphs(page: Page) -> Iterator[Finding]:
    """Take paragraphs, or the lines of one, that form a list of terms without bullets."""
    for flow in page.flows:
        run: list[tuple[Block, re.Match[str]]] = []
        glossary = False
        for block in [*flow, None]:
            loose = block is not None and block.type == "paragraph" and page.free(block)
            in_glossary = loose and block is not None and _under_glossary(page, block)
            lines = _term_lines(page, block, in_glossary) if loose and block is not None else []
            if lines:
                run.extend(lines)
                glossary = in_glossary
                continue
            fewest = _FEWEST_IN_GLOSSARY if glossary else _FEWEST_TERMS
            if len(run) >= fewest and (glossary or _same_mark(run)):
                for line, match in run:
                    answer = [paragraph(match["text"].strip(), line.line)]
                    yield Finding(NAME, "a list of terms", [paragraph(match["term"].strip(), line.line)], answer)
            run = []


def _term_lines(page: Page, block: Block, glossary: bool) -> list[tuple[Block, re.Match[str]]]:
    found = []
    for index, line in enumerate(block.lines):
        part = paragraph(line, block.line + index)
        match = _match(page, part, glossary)
        if match is None or (match["sep"] in (":", "") and not glossary):
            return []
        found.append((part, match))
    return found


def _match(page: Page, block: Block, glossary: bool = False) -> re.Match[str] | None:
    match = _shape(page, block, glossary)
    return None if match is None or (not glossary and _is_formula(page.text(match["text"]))) else match


def _shape(page: Page, block: Block, glossary: bool) -> re.Match[str] | None:
    """Return term and definition, whatever the definition says."""
    content = block.content
    match = _BOLD.match(content) or _BOLD_COLON.match(content) or _PLAIN.match(content)
    if match is None and glossary:
        match = _IN_GLOSSARY.match(content)
    if match is None or link_only(match["term"]) or _TASK.match(content):
        return None
    term = page.text(match["term"]).strip()
    if not term or len(term.split()) > _LONGEST_TERM:
        return None
    bold = match.re is not _PLAIN
    return match if bold or (len(term) > 1 and not term[0].isdigit()) else None


def _is_formula(text: str) -> bool:
    """Whether a definition has too few words to be one, or is an equation's right side."""
    words = re.findall(r"[^\W\d_]{2,}", text)
    return len(words) < _SHORTEST_DEFINITION and len(re.findall(r"[\u3040-\u9fff\uac00-\ud7af]", text)) < 4


def _under_glossary(page: Page, block: Block) -> bool:
    """Whether the title above a block, a heading or a short line, says that terms follow."""
    before = page.before(block)
    if before is not None and before.type == "paragraph" and len(before.content) <= _LONGEST_TITLE:
        return page.lexicon.glossary(page.text(before.content))
    path = page.path_to(block.line)
    return bool(path) and page.lexicon.glossary(page.text(path[-1].content))


def _same_mark(terms: list[tuple[Block, re.Match[str]]]) -> bool:
    return len({match["sep"] for _, match in terms}) == 1


def is_term(page: Page, block: Block) -> bool:
    """Whether a paragraph reads `term = definition`."""
    return _match(page, block) is not None
