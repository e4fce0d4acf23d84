"""A line of its own between question and answer: `?` (`??`, both directions), or one that the writer repeats."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from offbook.cards.marks.source import blocks, stanzas, with_code
from offbook.cards.note.finding import Finding
from offbook.cards.note.page import Page
from offbook.cards.words.bare import ends_with_colon
from offbook.model import Kind

NAME = "separator"
_KINDS = {"?": Kind.QUESTION, "??": Kind.REVERSED}
# What stands between texts for other reasons: rules, bullets, fences, comments, tables, tags of pages, brackets.
_COMMON = re.compile(
    r"[-*_=\s]{2,}|[-+*>|#.\\=<~^/]|`{3,}.*|~{3,}.*|\$\$|%%.*|.*\|.*|</.*|<!--.*|&nbsp;|[)\]}>;,({\[]+|\W?\[[ xX]?\]"
    r"|!?\[\[?.*|[-*+>]\s.*|<(?:br|hr|p|div|center|details|summary)\s*/?>"
    r"|<(?:!doctype|html|head|body|meta|link|style|script|table|thead|tbody|tr|t[dh]|[uo]l|li|img|picture|source)\b.*",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>\n]*>")
_LIST = re.compile(r"\s*(?:[-+*>]|\d+[.)]|`{3})")
_LONGEST = 40  # characters
_FEWEST = 3
_LONGEST_QUESTION = 8  # lines


def find(page: Page) -> Iterator[Finding]:
    """Take stanzas that a separator parts in two."""
    lines = list(with_code(page.lines))
    if not page.rules.own.separators and not any(_may_part(line.strip()) for line, fence in lines if not fence):
        return
    parts = list(stanzas(lines))
    first = page.document.root.line
    texts = [line for line, _ in lines]
    for mark, places in _separators(page, lines, parts).items():
        for number, at in places:
            start, end = parts[number]
            if at == start:
                if mark in _KINDS:
                    message = "a line with only `?` splits a question from its answer, but there is no text above it"
                    page.warn(first + at, "separator", message)
                continue
            end = _end(lines, parts, number) if mark not in _KINDS else end
            question, answer = blocks(texts[start:at], first + start), blocks(texts[at + 1 : end], first + at + 1)
            if question and not any(block.type in ("hr", "blockquote") for block in question):
                reason = f"a line `{mark}` below the question"
                kind = _KINDS.get(mark, Kind.QUESTION)
                yield Finding(NAME, reason, question, answer, kind, [(first + start, first + end)])


def _may_part(line: str) -> bool:
    return 0 < len(line) <= _LONGEST and not re.search(r"\w", _TAG.sub("", line)) and not _COMMON.fullmatch(line)


def _separators(
    page: Page, lines: list[tuple[str, str]], parts: list[tuple[int, int]]
) -> dict[str, list[tuple[int, int]]]:
    """Return by separator the stanzas that it parts, and on which line."""
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, (start, end) in enumerate(parts):
        seen: set[str] = set()
        for index in range(start, end):
            line, fence = lines[index]
            mark = line.strip()
            if not fence and (mark in page.rules.own.separators or _may_part(mark)):
                if mark not in seen:
                    places[mark].append((number, index))
                elif mark not in _KINDS:
                    places[mark].append((-1, index))  # twice in a stanza: it does not part in two
                seen.add(mark)
    return {
        mark: [place for place in found if place[0] >= 0]
        for mark, found in places.items()
        if mark in _KINDS or mark in page.rules.own.separators or _is_learned(found, parts)
    }


def _is_learned(found: list[tuple[int, int]], parts: list[tuple[int, int]]) -> bool:
    """Whether a line that the writer repeats always stands inside a stanza, once."""
    return len(found) >= _FEWEST and all(
        number >= 0 and parts[number][0] < at < min(parts[number][1] - 1, parts[number][0] + _LONGEST_QUESTION)
        for number, at in found
    )


def _end(lines: list[tuple[str, str]], parts: list[tuple[int, int]], number: int) -> int:
    """Return where the answer ends: a list or code below a colon belongs to it."""
    end = parts[number][1]
    while number + 1 < len(parts) and ends_with_colon(lines[end - 1][0]):
        start, after = parts[number + 1]
        if not _LIST.match(lines[start][0]):
            break
        number, end = number + 1, after
    return end


def repeated(page: Page) -> Iterator[tuple[int, str, int]]:
    """Yield lines that may part questions from answers, yet stand too seldom for it to be plain: line, mark, count."""
    lines = list(with_code(page.lines))
    places: dict[str, list[int]] = defaultdict(list)
    for start, end in stanzas(lines):
        for index in range(start + 1, end - 1):
            line, fence = lines[index]
            mark = line.strip()
            if not fence and mark not in _KINDS and mark not in page.rules.own.separators and _may_part(mark):
                places[mark].append(index)
    first = page.document.root.line
    for mark, found in places.items():
        if len(found) == _FEWEST - 1 and not any(page.is_claimed(first + index) for index in found):
            yield first + found[0], mark, len(found)
