"""Core rule: headings, list items, bold type and line breaks in HTML are Markdown's, and boxes around them nothing."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

_HEADING = re.compile(
    r"^[ \t]*(?:<(?:div|center|section)\b[^>]*>\s*)*<h([1-6])\b[^>]*>(.*?)</h\1\s*>.*$", re.IGNORECASE
)
_TO_TOP = re.compile(
    r"(?<!\s)(?<!&nbsp;)(?:&nbsp;|\s)*+<a\b(?=[^<>]*+>)[^<>]*?href=[\"']#[^<>]*+>(?:(?!<a\b).)*?</a>", re.IGNORECASE
)
_BOX = re.compile(r"</?(?:div|p|ul|ol|center|section|article|main)\b[^>]*>|</li>", re.IGNORECASE)
_ITEM = re.compile(r"^\s*<li\b[^>]*>", re.IGNORECASE)
_DRESSED = re.compile(r"(?P<open><(?P<tag>div|p|span|font)\s[^>]*>)(?P<text>.*)</(?P=tag)>\s*", re.IGNORECASE)
_FEWEST_DRESSED = 3
_ATX = re.compile(r"(?P<indent> {0,3})(?P<mark>#{1,6})\s")
_INDENTED = re.compile(r"(?m)^ {1,3}#{1,6}\s")
_HAS_HEADINGS = re.compile(r"(?m)^ {0,3}#{1,6}\s|^(?=[^\n]*[a-z])[^\n]*\n {0,3}(?:={3,}|-{3,})[ \t]*$|<h[1-6]\b")
"""Headings but for lines in capitals that are underlined."""
_MAY_TITLE = re.compile(r"(?m)^[^\W\d_a-z]{2}")
_TITLE = re.compile(r"[^\W\d_]++(?:[ &/'’–—-]++[^\W_]++){0,9}[ ]*+(?:[:?][ ]*+)?")
_FEWEST_LETTERS = 4
_FEWEST_TITLES = 2
_RULE = re.compile(r"\s*+(?:<br\s*+/?>)?\s*+(?:<hr\b[^>]*+>)?\s*+", re.IGNORECASE)
_MAY_BREAK = re.compile(r"<[bB][rR]|\\$", re.MULTILINE)
_BREAK = re.compile(r"(?<=[^\s>\\])(?:[ \t]*+(?:<br\s*+/?>[ \t]*+)+|\\)$", re.IGNORECASE | re.MULTILINE)
_BOLD = re.compile(
    r"^([ \t>]*+(?:(?:[-+]|\*(?!\*)|\d{1,9}[.)]|#{1,6})[ \t]+)?)<(b|strong)>[ \t]*+([^<>*\n]+?)[ \t]*</\2>(?=\W|$)",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^([ \t]*+)(?:•[ \t]*+(?=\S)|(?=\[[ xX]\] \S))")
_MAY_STAND_OFF = re.compile(r"(?m)^[^\s>][^\n]*\n(?: {4,}|\t)[ \t]*(?:[-+*•]|\d{1,9}[.)])[ \t]+\S")
_STANDS_OFF = re.compile(r"(?P<indent>(?: {4,}|\t)[ \t]*)(?:[-+*•]|\d{1,9}[.)])[ \t]+\S")
_OF_OTHERS = re.compile(r">|(?:[-+*•]|\d{1,9}[.)])\s")
_OUTDENTED = " " * 3
_NOTHING = re.compile(r"\[\]\{#[^{}\n]*\}|^[ \t]*+</?aside>[ \t]*+$|^\d\ufe0f?\u20e3[ \t]*+(?=Q\d*[:.)])")
"""Anchors that pandoc writes, the boxes of Notion's callouts, and keycaps that count labels: `1️⃣ Q: …`."""
_UNDERLINE = re.compile(r"(?m)^[ \t]*[—–─━═]{3,}[ \t]*$")
"""A rule of signs that CommonMark does not know."""
_MAY_PART = re.compile(r"(?m)^(?:~{5,}|={3,})[ \t]*$|^([-=*~])\1{2,} \S[^\n]* \1{3,}[ \t]*$")
_TILDES = re.compile(r"~{5,}\s*")
_EQUALS = re.compile(r"={3,}\s*")
_FRAMED = re.compile(r"([-=*~])\1{2,} (?P<text>[^\W_].*\S) \1{3,}\s*")
_BARE_LABELS = re.compile(r"(?m)^(Q\d*)([ \t]+[^\s=:.–—-].*\n(?:[ \t]*\n)?)(A\d*)(?=[ \t]+[^\s=:.–—-])")
_LABELLED = re.compile(r"(?m)^\W{0,3}Q\d*[:.]\s.*\n\W{0,3}A\d*[:.]\s")
_FEWEST_LABELLED = 2
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")


def layout_plugin(md: MarkdownIt) -> None:
    """Read `<h2>Why us?</h2>` as `## Why us?` in notes that write their headings so."""
    md.core.ruler.before("block", "layout", _layout)


def _layout(state: StateCore) -> None:
    if "Q" in state.src and len(_BARE_LABELS.findall(state.src)) >= _FEWEST_LABELLED:
        state.src = _BARE_LABELS.sub(r"\1:\2\3:", state.src)
    in_capitals = _MAY_TITLE.search(state.src) is not None and _HAS_HEADINGS.search(state.src) is None
    indented = _INDENTED.search(state.src) is not None
    broken = _MAY_BREAK.search(state.src) is not None and _BREAK.search(state.src) is not None
    pasted = (
        any(mark in state.src for mark in ("•", "[]{#", "<aside>", "\u20e3", "\n[ ] ", "\n[x] "))
        or _UNDERLINE.search(state.src) is not None
    )
    fenced = _LABELLED.search(state.src) is not None and "```" in state.src
    parted = _MAY_PART.search(state.src) is not None
    stands_off = _MAY_STAND_OFF.search(state.src) is not None
    if not (in_capitals or stands_off or parted or indented or broken or pasted or fenced or "</" in state.src):
        return
    lines = state.src.split("\n")
    if parted:
        _part(lines)
    if fenced:
        _open_fences(lines)
    code = _in_code(lines)
    if stands_off:
        _outdent(lines, code)
    if "</" in state.src:
        lines = [line if inside else _BOLD.sub(r"\1**\3**", line) for line, inside in zip(lines, code, strict=True)]
    if pasted:
        read = (_UNDERLINE.sub("---", _BULLET.sub(r"\1- ", _NOTHING.sub("", line))) for line in lines)
        lines = [line if inside else new for line, new, inside in zip(lines, read, code, strict=True)]
    if broken:
        _space(lines, code)
    if indented:
        _flush(lines, code)
    if in_capitals:
        _entitle(lines, code)
    _embolden(lines, code)
    if any(_HEADING.match(line) for line, inside in zip(lines, code, strict=True) if not inside):
        lines = [line if inside else _read(line) for line, inside in zip(lines, code, strict=True)]
    state.src = "\n".join(lines)


def _part(lines: list[str]) -> None:
    """Read the rules that people draw in plain text as CommonMark's: tildes below a title, `====` below an answer.

    Tildes would open code, and equals signs make one heading of all lines above them. `=== Title ===` is a title.
    """
    over_title = [bool(line.strip()) and not above.strip() for above, line in pairwise(["", *lines])]
    for index, line in enumerate(lines[1:], 1):
        if over_title[index - 1] and _TILDES.fullmatch(line):
            lines[index] = "---"
    for index, (line, inside) in enumerate(zip(lines, _in_code(lines), strict=True)):
        if inside:
            continue
        if index and not over_title[index - 1] and _EQUALS.fullmatch(line):
            lines[index] = "---"
        elif framed := _FRAMED.fullmatch(line):
            lines[index] = f"## {framed['text']}"


def _outdent(lines: list[str], code: list[bool]) -> None:
    """Read a list that is indented like code, right below a line of text, as a list.

    CommonMark takes it for the text's own lines, and below a heading for code.
    """
    in_other, indent = False, ""
    for index, line in enumerate(lines):
        if indent and (line.startswith(indent) or not line.strip()):
            lines[index] = _OUTDENTED + line.removeprefix(indent) if line.strip() else line
            continue
        indent = ""
        above = lines[index - 1] if index else ""
        if line[:1].strip():
            in_other = bool(_OF_OTHERS.match(line)) or (in_other and bool(above.strip()))
        elif above[:1].strip() and not (in_other or code[index]) and (match := _STANDS_OFF.match(line)):
            indent = match["indent"]
            lines[index] = _OUTDENTED + line.removeprefix(indent)


def _space(lines: list[str], code: list[bool]) -> None:
    """Write each hard line break as two spaces, however its writer does; a backslash that breaks no line is text."""
    for index, (line, below) in enumerate(pairwise([*lines, ""])):
        breaks = not code[index] and not _ATX.match(line) and line.count("`") % 2 == 0
        if breaks and (below.strip() or not line.endswith("\\")):
            lines[index] = _BREAK.sub("  ", line)


def _entitle(lines: list[str], code: list[bool]) -> None:
    """Read lines in capitals as headings in a text that has no others, as people title parts of plain text.

    The first of them is the note's own title where it alone has a blank line below it.
    Where some are longer or of another shape, the writer puts more than titles in capitals, such as questions.
    """
    shouted = [i for i, line in enumerate(lines) if not code[i] and _is_in_capitals(line)]
    titles = [i for i in shouted if _TITLE.fullmatch(lines[i])]
    apart = sum(not i or not lines[i - 1].strip() for i in titles)
    if apart < _FEWEST_TITLES or len({lines[i] for i in titles}) < len(shouted):
        return
    spaced = [i for i in titles if i + 1 < len(lines) and not lines[i + 1].strip()]
    of_note = spaced == titles[:1] and not any(line.strip() for line in lines[: titles[0]])
    for index in titles:
        lines[index] = f"{'#' if of_note and index == titles[0] else '##'} {lines[index]}"


def _flush(lines: list[str], code: list[bool]) -> None:
    """Read a heading that is indented a little, and so in a list, as one outside, where others of its level are flush.

    Editors indent what is pasted below a list. A heading of a level of its own is a part of the item.
    """
    found = [(i, match) for i, line in enumerate(lines) if not code[i] and (match := _ATX.match(line))]
    levels = Counter(len(match["mark"]) for _, match in found if not match["indent"])
    for index, match in found:
        if match["indent"] and levels[len(match["mark"])]:
            lines[index] = lines[index].lstrip()


def _is_in_capitals(line: str) -> bool:
    letters = [sign for sign in line if sign.isalpha()]
    return line[:1].isalpha() and len(letters) >= _FEWEST_LETTERS and all(map(str.isupper, letters))


def _embolden(lines: list[str], code: list[bool]) -> None:
    """Read lines dressed by a class or a style of the writer's own (`<div class="q">Why us</div>`) as bold ones."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for index, line in enumerate(lines):
        match = _DRESSED.fullmatch(line) if not code[index] and line.startswith("<") else None
        if match and match["text"].strip() and "<" not in match["text"]:
            found[match["open"]].append((index, match["text"].strip()))
    for places in found.values():
        for index, text in places if len(places) >= _FEWEST_DRESSED else ():
            lines[index] = f"**{text}**"


def _open_fences(lines: list[str]) -> None:
    """Read what a fence without a language holds as text where it is of questions and answers with labels."""
    for first, last in _fences(lines):
        labelled = len(_LABELLED.findall("\n".join(lines[first:last]))) >= _FEWEST_LABELLED
        if labelled and lines[first].strip() == lines[last].strip():
            lines[first] = lines[last] = ""


def _in_code(lines: list[str]) -> list[bool]:
    inside = [False] * len(lines)
    for first, last in _fences(lines):
        inside[first : last + 1] = [True] * (last + 1 - first)
    return inside


def _fences(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last line of each fence; one that is not closed ends with the text."""
    first, fence = 0, ""
    for index, line in enumerate(lines):
        match = _FENCE.match(line)
        if match and not fence:
            first, fence = index, match[1]
        elif match and match[1].startswith(fence):
            yield first, index
            fence = ""
    if fence:
        yield first, len(lines) - 1


def _read(line: str) -> str:
    heading = _HEADING.match(line)
    if heading:
        return f"{'#' * int(heading[1])} {_TO_TOP.sub('', heading[2]).strip()}"
    if line.lstrip().startswith("<") and (_BOX.search(line) or _ITEM.match(line)):
        line = _ITEM.sub("- ", _BOX.sub("", line)).lstrip()
    return "" if _RULE.fullmatch(line) else line
