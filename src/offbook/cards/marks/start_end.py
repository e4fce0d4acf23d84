"""`START … END`, `STARTI [Basic] … ENDI` and `%%ANKI … END%%`, as Obsidian_to_Anki marks cards."""

from __future__ import annotations

import re
from collections.abc import Iterator

from offbook.cards.marks.source import blocks, with_code
from offbook.cards.note.finding import Finding
from offbook.cards.note.page import Page
from offbook.markdown.blocks import texts, with_texts
from offbook.markdown.deletions import hide
from offbook.model import Kind

NAME = "start-end"
_BACK = re.compile(r"\A\s*(?:Back|Extra):[ \t]*")
_FRONT = re.compile(r"\A\s*(?:Front|Text):[ \t]*")
_TAGS = re.compile(r"\s*Tags:[ \t]*(.*)")
_OF_PLUGIN = re.compile(r"\s*(?:DELETE|ID:[ \t]*\d{6,})\s*")
_COMMENT = re.compile(r"%%\w+")
_INLINE = re.compile(
    r"STARTI[ \t]+\[(?P<notetype>[^\]\n]+)\][ \t]+(?P<front>.+?)(?:[ \t]+Back:[ \t]+(?P<back>.+?))?"
    r"(?:[ \t]+Tags:[ \t]+(?P<tags>[^<\n]+?))?(?:[ \t]*<!--[^<\n]*-->)?[ \t]+ENDI"
)
_CODE = "anki"  # the language of fences that hold marked cards


def find(page: Page) -> Iterator[Finding]:
    """Take what stands between the marks: a line with the notetype, the front, and the back behind `Back:`."""
    pairs = {"START": "END", **dict(page.rules.own.brackets)}
    if not any(mark in page.note.body for mark in (*pairs, "%%")):
        return
    first = page.document.root.line
    opened, end = -1, ""
    lines: list[str] = []
    for index, (line, fence) in enumerate(with_code(page.lines)):
        mark = line.strip()
        if fence and not fence.endswith(f" {_CODE}"):
            lines.append(line)
        elif mark in pairs or _COMMENT.fullmatch(mark):
            opened, end, lines = index, pairs.get(mark, "END%%"), []
        elif opened >= 0 and mark == end:
            if lines:
                yield from _card(lines, first + opened + 1, (first + opened, first + index + 1))
            opened = -1
        else:
            lines.append(line)
    for block in page.paragraphs() if "STARTI" in page.note.body else ():
        for match in _INLINE.finditer(block.content) if page.free(block) else ():
            at = block.line + block.content.count("\n", 0, match.start())
            named = {"Tags": match["tags"], "Back": match["back"]}
            inside = [match["notetype"], match["front"], *(f"{name}: {text}" for name, text in named.items() if text)]
            yield from _card(inside, at - 1, (at, at + 1))


def _card(lines: list[str], first: int, claims: tuple[int, int]) -> Iterator[Finding]:
    """Take the lines between two marks, the first of which, the notetype's, stands on `first`."""
    notetype = lines[0].strip()
    tags: tuple[str, ...] = ()
    back_at = next((index for index, line in enumerate(lines) if index and _BACK.match(line)), len(lines))
    for index, line in enumerate(lines):
        if match := _TAGS.match(line) if index else None:
            tags = tuple(match[1].split())
            lines[index] = ""
        elif index and _OF_PLUGIN.fullmatch(line):
            lines[index] = ""
    front = [_FRONT.sub("", line, count=1) for line in lines[1:back_at]]
    back = [_BACK.sub("", line, count=1) if index == 0 else line for index, line in enumerate(lines[back_at:])]
    question, answer = blocks(front, first + 1), blocks(back, min(first + back_at, claims[1] - 1))
    if not question:
        return
    reason = f"marked START, {notetype}"
    hidden = hide([text.content for text in texts(question)] if "cloze" in notetype.casefold() else [], (), {})
    if hidden.gaps:
        gapped = with_texts(question, iter(hidden.texts))
        yield Finding(NAME, reason, gapped, question, Kind.CLOZE, [claims], tags, hidden.gaps)
    else:
        kind = Kind.REVERSED if "reversed" in notetype.casefold() else Kind.QUESTION
        yield Finding(NAME, reason, question, answer, kind, [claims], tags)
