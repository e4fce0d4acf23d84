"""What in inline source is read letter by letter, or leads elsewhere: code, formulas, comments, tags, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from offbook.markdown.html_names import is_tag
from offbook.text import COMMENT

FORMULA = r"\$\$.+?\$\$|(?<![\d$])\$(?![\s$])(?:[^$\\`]|\\.)*+(?<!\s)\$(?!\d)"
"""A formula, which must not be looked for behind a backslash."""
TEX = re.compile(r"(?<!\w)\\(?:\((?P<inline>(?:(?!\\[()]).)+)\\\)|\[(?P<display>(?:(?!\\[\[\]]).)+)\\\])", re.DOTALL)
"""What may be a formula as LaTeX has it, `\\(…\\)` or `\\[…\\]`; in Markdown these are brackets, too."""
_OF_TEX = re.compile(r"\\[A-Za-z]|(?<!\\)[_^]")
_APART = re.compile(r"\s(?:[A-Za-z]|[^\n=<>]*+[=<>][^\n]*)\s")  # as chats write `\( n \)`
_OPAQUE = re.compile(
    rf"""(?P<code>(?<!`)(?P<ticks>`++).*?(?<!`)(?P=ticks)(?!`))
    | (?P<tex>{TEX.pattern})
    | (?P<escape>\\.)
    | (?P<comment>{COMMENT})
    | (?P<formula>{FORMULA})
    | (?P<link>!?\[\[[^\[\]\n]++\]\]
        | (?<=\]\()(?:<[^<>\n]*+>|[^\s()<>]*+(?:\([^\s()<>]*+\)[^\s()<>]*+)*+)(?:\s++(?:"[^"]*+"|'[^']*+'))?+(?=\s*+\))
        | (?<![\w/])(?:https?://|www\.)[^\s<>{{}}\[\]]*[^\s<>{{}}\[\]=*])
    | (?P<tag><[/A-Za-z][^<>]*+>)""",
    re.DOTALL | re.VERBOSE,
)
_ESCAPE_LENGTH = 2
_ESCAPE = re.compile(r"\\.", re.DOTALL)


def is_tex(text: str) -> bool:
    """Whether what stands between LaTeX's brackets is a formula, and no text in brackets that are escaped."""
    return bool(_OF_TEX.search(text, 2, len(text) - 2) or _APART.fullmatch(text, 2, len(text) - 2))


def opaque(source: str) -> Iterator[tuple[int, int, str]]:
    """Yield where opaque pieces begin and end, and what each is.

    That is `code`, `escape`, `comment`, `formula`, `link` (a wikilink or an address), or `tag`.
    """
    position = 0
    while match := _OPAQUE.search(source, position):
        kind = str(match.lastgroup)
        if kind == "tex":
            kind = "formula" if is_tex(match[0]) else "escape"
            position = match.end() if kind == "formula" else match.start() + _ESCAPE_LENGTH
            yield match.start(), position, kind
            continue
        if kind == "tag" and not is_tag(match[0]):
            position = match.start() + 1
            continue
        position = max(match.end(), match.start() + 1)
        if match[0]:
            yield match.start(), match.end(), kind


def masked(source: str, *, formulas: bool = True) -> str:
    """Return the source with letters in place of what is opaque, so that no mark is found there.

    Without `formulas` those stay but for their escaped signs.
    """
    parts: list[str] = []
    position = 0
    for start, end, kind in opaque(source):
        piece = source[start:end]
        kept = kind == "formula" and not formulas
        parts += [source[position:start], _ESCAPE.sub("xx", piece) if kept else "x" * len(piece)]
        position = end
    return "".join([*parts, source[position:]])


def without_comments(source: str) -> str:
    """Return inline source without the comments that share a line with text; one on lines of its own keeps them."""
    if "%%" not in source and "<!--" not in source:
        return source
    for start, end in reversed([(start, end) for start, end, kind in opaque(source) if kind == "comment"]):
        before, behind = source[:start].rpartition("\n")[2], source[end:].partition("\n")[0]
        if "\n" not in source[start:end] and (before + behind).strip():
            rest = source[end:] if before.strip() else source[end:].lstrip(" \t")
            source = (source[:start] if behind.strip() else source[:start].rstrip(" \t")) + rest
    return source
