"""Block rule: `<details><summary>…</summary>…</details>` with Markdown inside."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

_OPENING = re.compile(r"<details\b[^>\n]*>", re.IGNORECASE)
_MARK = re.compile(r"(?m)^[ \t>]*(`{3,}|~{3,})|<(/?)details\b[^>\n]*>", re.IGNORECASE)
_SUMMARY = re.compile(r"\s*<summary\b[^>]*>(.*?)</summary\s*>", re.IGNORECASE | re.DOTALL)
_LONGEST_SUMMARY = 5000  # characters
# Tags that people put around the body to set it off. Half of a pair may stand outside of the body: both are cut.
_PADDING = r"(?:\s|</?(?:br|b|p|i|strong|em|div)\s*/?>)*"
_LEADING = re.compile(_PADDING, re.IGNORECASE)
_TRAILING = re.compile(_PADDING + r"\Z", re.IGNORECASE)
_SPACE = re.compile(r"\s*")
_PARAGRAPHS = re.compile(r"\s*<(?P<tag>p|div)\b[^<>]*>.{0,5000}?</(?P=tag)>\s*<(?P=tag)\b", re.IGNORECASE | re.DOTALL)
_LONGEST_TRAILING = 80  # characters
_CODE_INDENT = 4


def details_plugin(md: MarkdownIt) -> None:
    """Add the rule, whose tokens are `details_open`, those of the body's blocks, `details_close`.

    The opening token's `meta` holds `summary` (inline source, line breaks folded) and `open`.
    """
    alt = ["paragraph", "reference", "blockquote", "list"]
    md.block.ruler.before("html_block", "details", _details, {"alt": alt})


def _details(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    start = state.bMarks[start_line] + state.tShift[start_line]
    if not _OPENING.match(state.src, start) or state.is_code_block(start_line):
        return False
    closing = _closing(state, start, state.eMarks[end_line - 1])
    if closing is None:
        return False
    if not silent:
        _push(state, start_line, start, *closing)
    return True


def _closing(state: StateBlock, start: int, limit: int) -> tuple[int, int] | None:
    """Return where the matching `</details>` begins and ends, fenced code passed over; None where there is none."""
    unclosed: set[int] = state.env.setdefault("unclosed_details", set())
    if start in unclosed:
        return None
    opened: list[int] = []
    fence = ""
    for mark in _MARK.finditer(state.src, start, limit):
        if mark[1]:
            if not fence:
                fence = mark[1]
            elif mark[1].startswith(fence):
                fence = ""
        elif not fence and not mark[2]:
            opened.append(mark.start())
        elif not fence:
            opened.pop()
            if not opened:
                return mark.span()
    # No `<details>` in here is closed either: one search answers for all, or many would take their square.
    unclosed.update(opened)
    return None


def _push(state: StateBlock, start_line: int, start: int, closing: int, after: int) -> None:
    opening = _OPENING.match(state.src, start, closing)
    assert opening is not None
    begin = opening.end()
    summary = _SUMMARY.match(state.src, begin, min(closing, begin + _LONGEST_SUMMARY))
    if summary:
        begin = summary.end()
    is_html = _PARAGRAPHS.match(state.src, begin, closing)  # of several paragraphs: they are left alone
    padding = (_SPACE if is_html else _LEADING).match(state.src, begin, closing)
    assert padding is not None
    begin = padding.end()
    last = _line_of(state, closing, start_line)
    token = state.push("details_open", "details", 1)
    token.map = [start_line, last + 1]
    token.meta = {
        "summary": " ".join(summary[1].split()) if summary else "",
        "open": " open" in opening[0].lower(),
    }
    trailing = None if is_html else _TRAILING.search(state.src, max(begin, closing - _LONGEST_TRAILING), closing)
    end = trailing.start() if trailing else closing
    if begin < end:
        _tokenize_part(state, _line_of(state, begin, start_line), begin, _line_of(state, end, start_line), end)
    state.push("details_close", "details", -1)
    state.line = _line_of(state, after, last) + 1


def _line_of(state: StateBlock, position: int, line: int) -> int:
    """Return the line that holds `position`, looking from `line` on."""
    while line < state.lineMax - 1 and state.eMarks[line] < position:
        line += 1
    return line


def _tokenize_part(state: StateBlock, first: int, begin: int, last: int, end: int) -> None:
    """Tokenize the blocks from `begin`, on line `first`, to `end`, on line `last`, and nothing else on those lines."""
    saved = state.bMarks[first], state.tShift[first], state.sCount[first]
    saved_last = state.eMarks[last], state.lineMax, state.parentType
    on_its_own = not state.src[state.bMarks[first] : begin].strip(" \t>")
    if not on_its_own or state.sCount[first] - state.blkIndent >= _CODE_INDENT:
        # What is indented behind a tag is laid out so, and no code.
        state.bMarks[first], state.tShift[first], state.sCount[first] = begin, 0, state.blkIndent
    state.eMarks[last] = end
    state.lineMax = last + 1
    state.parentType = "details"
    state.level += 1
    state.md.block.tokenize(state, first, last + 1)
    state.level -= 1
    state.bMarks[first], state.tShift[first], state.sCount[first] = saved
    state.eMarks[last], state.lineMax, state.parentType = saved_last
