"""Core rule: headings, list items, bold type and line breaks in HTML are Markdown's, and boxes around them nothing.

What people draw in plain text is read before that, by `drawn.py`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import partial
from itertools import groupby, pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from offbook.markdown import drawn
from offbook.markdown.fences import in_code
from offbook.text import BROKEN

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
_BROKEN = re.compile(r"(?m)^#{1,6} [^\n]+\n[ ]{2,3}[^\s#>*+|`~\d-]")
_GOES_ON = re.compile(r"[ ]{2,3}[^\s#>*+|`~\d-]")
_FEWEST_BROKEN, _MOST_BROKEN = 2, 0.8  # headings
_HARD_SPACE = re.compile(r"(?m)^([ ]{0,3}#{1,6})[ ]*[\u00a0\u3000]\s*")  # as some keyboards write it
_WITH_BULLET = re.compile(r"(?m)^( {0,3}#{1,6}[ \t]+)[-+*•][ \t]+(?=\S)")  # `## - 1. Why us?`
_PATH = re.compile(r"(!\[[^\[\]\n]{0,200}+\]\()([^()<>\n\"]{1,300}+)\)")
_SCHEME = re.compile(r"\w+:")
_MEDIA = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp", ".avif", ".mp3", ".m4a", ".wav", ".ogg")
_RULE = re.compile(r"\s*+(?:<br\s*+/?>)?\s*+(?:<hr\b[^>]*+>)?\s*+", re.IGNORECASE)
_MAY_BREAK = re.compile(r"<[bB][rR]|\\$", re.MULTILINE)
_BREAK = re.compile(r"(?<=[^\s>\\])(?:[ \t]*+(?:<br\s*+/?>[ \t]*+)+|\\)$", re.IGNORECASE | re.MULTILINE)
_ONLY_SPACE = re.compile(r"\s*(?:(?:<br\s*/?>|&nbsp;)\s*)+", re.IGNORECASE)
_BESIDE_SPACE = re.compile(r"\s*(?:<(?!br|/?b>)|\|)|[ \t]+\S", re.IGNORECASE)
"""HTML, a row of a table, or an indented line."""
_MAY_BE_SPACE = re.compile(r"<br|&nbsp;", re.IGNORECASE)
_BOLD = re.compile(
    r"^([ \t>]*+(?:(?:[-+]|\*(?!\*)|\d{1,9}[.)]|#{1,6})[ \t]+)?)<(b|strong)>[ \t]*+([^<>*\n]+?)[ \t]*</\2>(?=\W|$)",
    re.IGNORECASE,
)


def layout_plugin(md: MarkdownIt) -> None:
    """Read `<h2>Why us?</h2>` as `## Why us?` in notes that write their headings so."""
    md.core.ruler.before("block", "layout", _layout)


def _layout(state: StateCore) -> None:
    readings = [read for may_be, read in _READINGS if may_be(state.src)]
    if not readings:
        return
    lines = state.src.split("\n")
    code = in_code(lines)
    for read in readings:
        read(lines, code)
    state.src = "\n".join(lines)


def _has_html(text: str) -> bool:
    return "</" in text


def _is_broken(text: str) -> bool:
    return _MAY_BREAK.search(text) is not None and _BREAK.search(text) is not None


def _may_be_space(text: str) -> bool:
    return _MAY_BE_SPACE.search(text) is not None


def _empty(lines: list[str], code: list[bool]) -> None:
    """Read lines of nothing but `<br>` or `&nbsp;` as blank ones, between other lines that are flush left.

    HTML and tables would end there, formulas may hold such a line, and what is indented goes on with an item.
    """
    if any(line.strip() == "$$" for line in lines):
        return
    around = ["", *lines, ""]
    for is_space, group in groupby(range(len(lines)), lambda i: not code[i] and bool(_ONLY_SPACE.fullmatch(lines[i]))):
        first, *others = group
        stop = first + len(others) + 1
        if is_space and not any(map(_BESIDE_SPACE.match, (around[first], lines[first], around[stop + 1]))):
            lines[first:stop] = [""] * (stop - first)


def _has_indented(text: str) -> bool:
    return _INDENTED.search(text) is not None


def _has_pictures(text: str) -> bool:
    return "![" in text


def _close_paths(lines: list[str], code: list[bool]) -> None:
    """Read a picture's path with spaces as one, as the editors do that write it so."""
    for index, line in enumerate(lines):
        if not code[index] and "![" in line and "`" not in line:
            lines[index] = _PATH.sub(_closed, line)


def _closed(match: re.Match[str]) -> str:
    path = match[2].strip()
    spaced = " " in path and path.lower().endswith(_MEDIA) and not _SCHEME.match(path)
    return f"{match[1]}<{path}>)" if spaced else match[0]


def _has_hard_spaces(text: str) -> bool:
    return _HARD_SPACE.search(text) is not None


def _has_bullets(text: str) -> bool:
    return _WITH_BULLET.search(text) is not None


def _rewrite(pattern: re.Pattern[str], by: str, lines: list[str], code: list[bool]) -> None:
    """Replace what a pattern matches in each line outside of code."""
    for index, line in enumerate(lines):
        if not code[index]:
            lines[index] = pattern.sub(by, line)


def _space(lines: list[str], code: list[bool]) -> None:
    """Write each hard line break as two spaces, however its writer does; a backslash that breaks no line is text."""
    for index, (line, below) in enumerate(pairwise([*lines, ""])):
        breaks = not code[index] and not _ATX.match(line) and line.count("`") % 2 == 0
        if breaks and (below.strip() or not line.endswith("\\")):
            lines[index] = _BREAK.sub("  ", line)


def _flush(lines: list[str], code: list[bool]) -> None:
    """Read a heading that is indented a little, and so in a list, as one outside, where others of its level are flush.

    Editors indent what is pasted below a list. A heading of a level of its own is a part of the item.
    """
    found = [(i, match) for i, line in enumerate(lines) if not code[i] and (match := _ATX.match(line))]
    levels = Counter(len(match["mark"]) for _, match in found if not match["indent"])
    for index, match in found:
        if match["indent"] and levels[len(match["mark"])]:
            lines[index] = lines[index].lstrip()


def _has_broken(text: str) -> bool:
    return _BROKEN.search(text) is not None


def _join(lines: list[str], code: list[bool]) -> None:
    """Read a heading that is broken over several lines as one, where all text right below headings is indented.

    Most go on in small letters or are as long as a line gets, and what stands behind a blank line is the section: else
    the indented text may be that.
    """
    heads = [i for i, line in enumerate(lines[:-1]) if not code[i] and _ATX.match(line) and lines[i + 1].strip()]
    broken: list[tuple[int, int]] = []
    for head in heads:
        end = head + 1
        while end < len(lines) and _GOES_ON.match(lines[end]):
            end += 1
        below = next((i for i in range(end, len(lines)) if lines[i].strip()), end)
        if head + 1 < end < below and not _ATX.match(lines[below]):
            broken.append((head, end))
    going_on = sum(lines[head + 1].lstrip()[:1].islower() or len(lines[head]) >= BROKEN for head, _ in broken)
    many = len(broken) >= max(_FEWEST_BROKEN, _MOST_BROKEN * len(heads)) and 2 * going_on >= len(broken)
    for head, end in broken if many else ():
        lines[head] = " ".join(line.strip() for line in lines[head:end])
        lines[head + 1 : end] = [""] * (end - head - 1)


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


def _read_boxes(lines: list[str], code: list[bool]) -> None:
    """Read headings and items in HTML, without the boxes around them, in a text that has such a heading."""
    outside = [index for index, inside in enumerate(code) if not inside]
    if any(_HEADING.match(lines[index]) for index in outside):
        for index in outside:
            lines[index] = _read(lines[index])


def _read(line: str) -> str:
    heading = _HEADING.match(line)
    if heading:
        return f"{'#' * int(heading[1])} {_TO_TOP.sub('', heading[2]).strip()}"
    if line.lstrip().startswith("<") and (_BOX.search(line) or _ITEM.match(line)):
        line = _ITEM.sub("- ", _BOX.sub("", line)).lstrip()
    return "" if _RULE.fullmatch(line) else line


_READINGS: tuple[tuple[Callable[[str], bool], Callable[[list[str], list[bool]], None]], ...] = (
    (drawn.may_be_copied, drawn.read_copied),
    (drawn.may_close_behind, drawn.close_fences),
    (drawn.may_be_rules, drawn.read_tildes),
    (drawn.holds_labels_in_code, drawn.open_fences),
    (drawn.may_label, drawn.read_labels),
    (drawn.may_be_rules, drawn.read_rules),
    (drawn.may_underline, drawn.drop_underlines),
    (drawn.may_stand_off, drawn.outdent),
    (drawn.may_nest, drawn.nest),
    (drawn.may_fall_short, drawn.deepen),
    (_has_hard_spaces, partial(_rewrite, _HARD_SPACE, r"\1 ")),
    (_has_bullets, partial(_rewrite, _WITH_BULLET, r"\1")),
    (_has_pictures, _close_paths),
    (_has_html, partial(_rewrite, _BOLD, r"\1**\3**")),
    (drawn.may_be_pasted, drawn.read_pasted),
    (_may_be_space, _empty),
    (_is_broken, _space),
    (_has_indented, _flush),
    (_has_broken, _join),
    (drawn.may_be_titles, drawn.read_titles),
    (_has_html, _embolden),
    (_has_html, _read_boxes),
)
"""Each way to read lines, behind a test of the whole text whether there may be such; in their order."""
