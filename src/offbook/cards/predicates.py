"""What blocks are by their looks alone: links, contents lists, decoration."""

from __future__ import annotations

import re

from offbook.markdown import Block
from offbook.markdown.blocks import paragraph

_TASK = re.compile(r"\A\[[ xX/-]\]\s+")
LISTS = ("bullet_list", "ordered_list")
_LINK_ONLY = re.compile(
    r"\s*+(?:\[[ xX]\]\s++)?!?"
    r"(?:\[[^\[\]]*+(?:\[[^\[\]]*+\][^\[\]]*+)*+\]\([^()\s]*+(?:\([^()]*+\))?[^()]*+\)|\[\[[^\[\]]++\]\])"
    r"[\s.,;)*_]*+"
)
_ANCHOR = re.compile(r"\]\(#|\[\[#|\[↑|⬆")
_PROPERTY = re.compile(r"\s*(?:collapsed|id|card-[\w-]+|heading|background-color|logseq\.[\w.-]+|query-[\w-]+)::\s.*")


def link_only(content: str) -> bool:
    """Whether inline source is nothing but one link or embed."""
    return bool(_LINK_ONLY.fullmatch(content))


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


def without_properties(block: Block) -> Block:
    """Return a paragraph without Logseq's properties of the block, lines such as `collapsed:: true`."""
    lines = block.lines
    if not any(map(_PROPERTY.fullmatch, lines)):
        return block
    kept = "\n".join("" if _PROPERTY.fullmatch(line) else line for line in lines).rstrip("\n")
    return paragraph(kept, block.line, block.end)


def is_list_of_links(block: Block) -> bool:
    """Whether a block is a list whose items are nothing but links."""
    return block.type in LISTS and all(link_only(item.children[0].content) for item in block.children if item.children)


def _unbold(line: str) -> str:
    return line.strip().strip("*_ ")
