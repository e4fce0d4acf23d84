"""`question :: answer` on one line, and `:::` for both directions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from offbook.cards.note.finding import Finding
from offbook.cards.note.left_behind import was_card
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import link_only
from offbook.cards.words.bare import bare_label
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph
from offbook.model import Kind
from offbook.text import in_one_line

NAME = "inline"
_MARK = re.compile(r"(?<!:)(:{2,3})(?!:)")
_SPACED = re.compile(rf"(?<=\s)(?:{_MARK.pattern})(?=\s)")
# What may hold colons of its own: code, maths, links, Dataview's inline fields, HTML.
_OPAQUE = re.compile(
    r"(?<!`)(`++).*?(?<!`)\1(?!`)|\$[^$\n]+\$|\[\[[^\[\]]*+\]\]|\[(?:(?!::)[^\[\]\n])*+::[^\[\]\n]*+\]"
    r"|\((?:(?!\w::[ \w])[^()\n])*+\w::[ \w][^()\n]*+\)|<[^<>\n]*+>|\{\{.{0,500}?\}\}"
)
_FIELD = re.compile(r"\W*[\w /-]{0,39}[\w/-][*_]*::(?:\s.*|)\Z")
_LABELLED = re.compile(r"[*_]{0,3}([^\W\d_]+\s?\d{0,3}[*_]{0,3})::(?=\s|\Z|[*_])")
_QUOTED = re.compile(r"\A[ \t]*(?:>[ ]?)+")
_ONE_NAME = re.compile(r"[\w.<>*&]+")
_FEWEST_TIGHT = 2  # lines
_MAY_BE_MEANT = re.compile(r"[^\W\d_a-z]")  # opens with a capital, or in a script without them


def find(page: Page) -> Iterator[Finding]:
    """Take lines of paragraphs and list items that a `::` parts."""
    if "::" not in page.note.body:
        return
    fields = _settings_fields(page)
    blocks = [b for b in page.paragraphs("heading") if "::" in b.content and b.line not in fields and page.free(b)]
    spaced = any(split(line, tight=False) for block in blocks for line in block.lines)
    tight = page.is_flashcards or sum(_is_tight(line) for block in blocks for line in block.lines) >= _FEWEST_TIGHT
    labels = _labels(page, [line for block in blocks for line in block.lines])
    for block in blocks:
        for index, line in enumerate(block.lines):
            if line in labels:
                continue
            at = block.line + index
            marked = page.is_flashcards or was_card(page, at)
            parts = split(line, tight=tight or marked, marked=marked)
            if parts is None:
                if spaced and _MAY_BE_MEANT.match(line) and split(line, tight=True, marked=True) is not None:
                    message = (
                        "`::` without spaces is read as a field or a name; write ` :: ` to make a card of this line"
                    )
                    page.notice(at, "tight-mark", message)
                continue
            left, mark, right = parts
            kind = Kind.REVERSED if mark == ":::" else Kind.QUESTION
            more = _wrapped(page, block, index)
            answer = [paragraph("\n".join([right, *more]), at)]
            below = _below(page, block, index + len(more))
            _tell_what_is_below(page, block, index + len(more) + 1)
            yield Finding(NAME, f"split by `{mark}`", [paragraph(left, at)], [*answer, *below], kind)


def _labels(page: Page, lines: list[str]) -> set[str]:
    """Return the lines that `Q::` and `A::` open, which part nothing, where a note has both, and no other letters."""
    named = {line: bare_label(match[1]) for line in lines if (match := _LABELLED.match(line))}
    asked = {line for line, name in named.items() if name in page.lexicon.question_labels}
    told = {line for line, name in named.items() if name == "a" or name in page.lexicon.answers}
    letters = any(len(name) == 1 for line, name in named.items() if line not in asked | told)
    return asked | told if asked and told and not letters else set()


def _is_tight(line: str) -> bool:
    """Whether colons without spaces around them part a line that is neither a field nor a name of C++."""
    parts = split(line, tight=True)
    if parts is None or line.count("::") > 1 or split(line, tight=False) is not None:
        return False
    return " " in parts[0] and " " in parts[2] and not parts[2][:1].islower()


def split(line: str, *, tight: bool, marked: bool = False) -> tuple[str, str, str] | None:
    """Part a line at its mark; None where the colons are code, a field (`key:: value`) or a C++ name.

    `marked` says that the note is one of flashcards, or the line was a card: then `lease::a lock` is no name.
    """
    masked = _OPAQUE.sub(lambda match: "x" * len(match[0]), line)
    match = (None if tight or marked else _SPACED.search(masked)) or _MARK.search(masked)
    if match is None:
        return None
    left, right = line[: match.start()], line[match.end() :]
    spaced_left, spaced_right = left[-1:].isspace(), not right or right[0].isspace()
    if not left.strip() or not right.strip():
        return None
    # `key:: value` is Dataview's and `std::sort` is C++, but `What is it?::That` is the writer's mark.
    if not (spaced_left and spaced_right) and not left.rstrip().endswith(("?", "？", "؟")):
        a_name = _ONE_NAME.fullmatch if marked else _ONE_NAME.match
        is_field = spaced_right and not marked
        is_name = bool(_ONE_NAME.fullmatch(left.strip())) and (is_field or (bool(a_name(right)) and not spaced_right))
        title = spaced_right and len(left.split()) > 1 and left[:1].isupper()  # "Rate limiting:: token bucket"
        if not title and (not tight or (is_name and left[:1].islower())):
            return None
    return left.strip(), match[1], right.strip()


def _wrapped(page: Page, block: Block, index: int) -> list[str]:
    """Return the lines right below one that is parted with which its answer goes on: they are indented further."""
    more: list[str] = []
    indent = _indent(page.line(block.line + index))
    for number, line in enumerate(block.lines[index + 1 :], block.line + index + 1):
        if _indent(page.line(number)) <= indent or split(line, tight=False) is not None:
            break
        more.append(line.strip())
    return more


def _tell_what_is_below(page: Page, block: Block, index: int) -> None:
    """Point out a line of prose right below one that is parted, which looks as if the answer were wrapped there."""
    line = block.lines[index] if index < len(block.lines) else ""
    if line[:1].islower() and "::" not in line:
        message = (
            f"“{in_one_line(page.text(line))}” stands right below a line with `::`, and is in no card; if the answer "
            "goes on with it, indent it by two spaces"
        )
        page.notice(block.line + index, "below-answer", message)


def _indent(line: str) -> int:
    line = _QUOTED.sub("", line)
    return len(line) - len(line.lstrip(" \t"))


def _below(page: Page, block: Block, last: int) -> Iterator[Block]:
    """Yield the children of a list item that is parted on its first line, and ends with the line at `last`."""
    item = block.parent
    if item is None or item.type != "list_item" or item.children[0] is not block or last + 1 < len(block.lines):
        return
    if "::" not in "\n".join(block.lines[1:]):
        yield from (child for child in item.children[1:] if page.free(child) and "::" not in page.plain(child))


def _settings_fields(page: Page) -> set[int]:
    """Return the lines of the paragraphs of `key:: value` fields with which the note begins."""
    lines: set[int] = set()
    for index, block in enumerate(page.flows[0]):
        is_title = block.type == "heading" and (block.level == 1 or (not index and link_only(block.content)))
        if is_title:
            continue
        if block.type != "paragraph" or not all(_FIELD.match(line) for line in block.lines):
            break
        lines.update(range(block.line, block.end))
    return lines
