"""What blocks are by their looks alone: links, contents lists, decoration."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from offbook.cards.words.bare import ends_with_colon
from offbook.markdown import Block

_TASK = re.compile(r"\A\[[ xX/-]\]\s+")
LISTS = ("bullet_list", "ordered_list")
CODE = ("fence", "code_block")
CAPITALISED = re.compile(r"[A-Z][\w-]*+:?(?: (?:(?:&|/|and|of|in|a|an|the|for|to|with|on|vs) )*[A-Z][\w-]*+:?)*")
"""A text in the capitals of a title: "Search and Text Processing"."""
ARROW = r"(?:-{1,3}>|={1,2}>|[→⇒↳➜👉]|➡\ufe0f?)"
_LINK_ONLY = re.compile(
    r"\s*+(?:\[[ xX]\]\s++)?!?"
    r"(?:\[[^\[\]]*+(?:\[[^\[\]]*+\][^\[\]]*+)*+\]\([^()\s]*+(?:\([^()]*+\))?[^()]*+\)|\[\[[^\[\]]++\]\]|<?https?://[^\s<>]++>?)"
    r"[\s.,;)*_]*+"
)
_PICTURES = re.compile(r"[\s\[]*(?:!\[[^\[\]\n]*\]\([^()\n]*\)[\s\]]*|<img\b[^>]*>\s*)+(?:\([^()\n]*\))?\s*")
_BOLD = re.compile(r"(\*\*\*?|__|==)(?![\s*])[^*_\n]+\1\s*:?\s*")
_ONLY_TAGS = re.compile(r"\s*(?:#[^\s#]+\s*)+")
_ANCHOR = re.compile(r"\]\(#|\[\[#|\[↑|⬆")


def link_only(content: str) -> bool:
    """Whether inline source is nothing but one link or embed."""
    return bool(_LINK_ONLY.fullmatch(content))


def only_tags(content: str) -> bool:
    """Whether inline source is nothing but tags."""
    return bool(_ONLY_TAGS.fullmatch(content))


def only_pictures(content: str) -> bool:
    """Whether inline source is nothing but pictures, or links around them."""
    return bool(_PICTURES.fullmatch(content))


def only_bold(content: str) -> bool:
    """Whether inline source is nothing but one line in bold."""
    return bool(_BOLD.fullmatch(content))


def is_bold_topic(content: str) -> bool:
    """Whether inline source is one line in bold that leads to nothing: `**Hoisting**`, unlike `**Steps:**`."""
    return only_bold(content) and not ends_with_colon(content.rstrip("*_ "))


def is_navigation(block: Block) -> bool:
    """Whether a block only leads to another place of the same note: contents, "Back to top"."""
    if block.type in LISTS:
        return all(all(is_navigation(child) for child in item.children) for item in block.children)
    if block.type == "table":
        rows = [row for body in block.children[1:] for row in body.children]
        return (
            bool(rows)
            and sum(any(_ANCHOR.search(cell.content) for cell in row.children) for row in rows) > len(rows) / 2
        )
    if block.type != "paragraph":
        return False
    lines = [line for line in block.lines if line.strip()]
    return all(map(_leads_away, lines))


def _leads_away(line: str) -> bool:
    return ("[" in line or "⬆" in line) and bool(_ANCHOR.search(line)) and link_only(_unbold(line))


def untasked(content: str) -> str:
    """Return an item's text without the box of a task, `[ ]`."""
    return _TASK.sub("", content)


def lists_tasks(blocks: Sequence[Block]) -> bool:
    """Whether blocks are lists of nothing but tasks, to do or done: `- [ ] print the CV`."""
    lists = all(block.type in LISTS for block in blocks)
    items = [item for block in blocks for item in block.children] if lists else []
    return bool(items) and all(item.children and _TASK.match(item.children[0].content) for item in items)


def only_to_do(blocks: Iterable[Block]) -> bool:
    """Whether blocks are nothing but tasks to do; what stands below a task, and is none, is text."""
    return all(block.type in LISTS and all(map(_is_to_do, block.children)) for block in blocks)


def _is_to_do(item: Block) -> bool:
    return bool(item.children) and item.children[0].content.startswith("[ ] ") and only_to_do(item.children[1:])


def is_list_of_links(block: Block) -> bool:
    """Whether a block is a list whose items are nothing but links."""
    return block.type in LISTS and all(link_only(item.children[0].content) for item in block.children if item.children)


def _unbold(line: str) -> str:
    return line.strip().strip("*_ ")
