"""`START … END` and `STARTI [Basic] … ENDI`, as Obsidian_to_Anki marks cards."""

from __future__ import annotations

import re
from collections.abc import Iterator

from offbook.cards.card import Finding, Kind
from offbook.cards.page import Page
from offbook.markdown import Block
from offbook.markdown.blocks import cut, paragraph, with_children

NAME = "start-end"
_BACK = re.compile(r"(?:Back|Extra):[ \t]*")
_FRONT = re.compile(r"(?:Front|Text):[ \t]*")
_TAGS = re.compile(r"Tags:[ \t]*(.*)")
_INLINE = re.compile(
    r"STARTI[ \t]+\[(?P<notetype>[^\]\n]+)\][ \t]+(?P<front>.+?)(?:[ \t]+Back:[ \t]+(?P<back>.+?))?[ \t]+ENDI"
)
_NOTHING = ("", "DELETE")


def find(page: Page) -> Iterator[Finding]:
    """Take what stands between the marks: a line with the notetype, the front, and the back behind `Back:`."""
    if "START" not in page.note.body:
        return
    for flow in page.flows:
        for index, block in enumerate(flow):
            if block.type == "paragraph" and block.lines[0].strip() == "START" and page.free(block):
                parts = list(_until_end(flow, index))
                if parts:
                    yield from _finding(parts, (block.line, parts[-1].end + 1))
    for block in page.paragraphs():
        for match in _INLINE.finditer(block.content) if page.free(block) else ():
            yield from _inline(match, block)


def _until_end(flow: list[Block], index: int) -> Iterator[Block]:
    """Yield the blocks between `START` and `END`; none where nothing ends them."""
    first = cut(flow[index], 1)
    parts: list[Block] = []
    for block in (first, *flow[index + 1 :]):
        inside = _before_end(block)
        parts.append(inside or block)
        if inside:
            yield from parts
            return


def _before_end(block: Block) -> Block | None:
    """Return a block without the line `END` that ends it; in Markdown that line may go on with a list's last item."""
    if block.type == "paragraph":
        return cut(block, 0, len(block.lines) - 1) if block.lines[-1].strip() == "END" else None
    last = _before_end(block.children[-1]) if block.children else None
    return with_children(block, [*block.children[:-1], last]) if last else None


def _finding(parts: list[Block], lines: tuple[int, int]) -> Iterator[Finding]:
    notetype, first = parts[0].lines[0], cut(parts[0], 1)
    front: list[Block] = []
    back: list[Block] = []
    tags: tuple[str, ...] = ()
    behind = False
    for block in [first, *parts[1:]]:
        if block.type != "paragraph":
            (back if behind else front).append(block)
            continue
        for start, end in _fields(block):
            text = cut(block, start, end)
            if match := _TAGS.match(text.content):
                tags = tuple(match[1].split())
                continue
            behind = behind or bool(_BACK.match(text.content))
            content = _FRONT.sub("", _BACK.sub("", text.content, count=1), count=1)
            if content not in _NOTHING:
                (back if behind else front).append(paragraph(content, text.line, text.end))
    yield from _card(notetype, front, back, tags, lines)


def _fields(block: Block) -> Iterator[tuple[int, int]]:
    """Yield first and last line of each field of a paragraph."""
    starts = [0] + [i for i, line in enumerate(block.lines) if i and (_BACK.match(line) or _TAGS.match(line))]
    yield from zip(starts, [*starts[1:], len(block.lines)], strict=True)


def _inline(match: re.Match[str], block: Block) -> Iterator[Finding]:
    line = block.line + block.content.count("\n", 0, match.start())
    back = [paragraph(match["back"], line)] if match["back"] else []
    yield from _card(match["notetype"], [paragraph(match["front"], line)], back, (), (line, line + 1))


def _card(
    notetype: str, front: list[Block], back: list[Block], tags: tuple[str, ...], lines: tuple[int, int]
) -> Iterator[Finding]:
    if not front:
        return
    kind = Kind.REVERSED if "reversed" in notetype.casefold() else Kind.QUESTION
    if "cloze" in notetype.casefold() and "{{c" in front[0].content:
        yield Finding(NAME, f"marked START, {notetype.strip()}", [front[0]], [front[0]], Kind.CLOZE, [lines], tags)
    else:
        yield Finding(NAME, f"marked START, {notetype.strip()}", front, back, kind, [lines], tags)
