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
_EMPHASISED = re.compile(
    r"(\*\*\*|___|\*\*|__|\*|_|<b>|<strong>|<u>)(?=\S)(.+?)(?<=\S)(\*\*\*|___|\*\*|__|\*|_|</b>|</strong>|</u>)",
    re.DOTALL,
)
_DECORATION = re.compile(r"^(?:[^\w\s\"'“„«‘(\[{<¿`$#*_~=!&\\+-]+|\+{2,}|!{2,})\s*")
_SIGN = re.compile(r"\A\s*(([=+@%>!:/^|§])\2+|[^\w\s\x00-\x7f“”„«»‘’¿¡…–—]+)\s*(?=\S)")
_PROPERTY = re.compile(r"\s*(?:collapsed|id|card-[\w-]+|heading|background-color|logseq\.[\w.-]+|query-[\w-]+)::\s.*")


def undecorated(content: str) -> str:
    """Return inline source without the signs in front of it: bullets, `+++`, emoji."""
    return _DECORATION.sub("", content)


def signed(content: str) -> str:
    """Return the writer's own sign in front of a text: a doubled mark such as `==`, or one that no keyboard has."""
    match = _SIGN.match(content)
    return match[1] if match and not _closes(content, match) else ""


def unsigned(content: str) -> str:
    """Return inline source without its sign or decoration; the dot of `.NET` stays."""
    match = _SIGN.match(content)
    if match and match[2] and not _closes(content, match):
        return content[match.end() :]
    return content if content.lstrip().startswith(".") else undecorated(content)


def _closes(content: str, sign: re.Match[str]) -> bool:
    """Whether a doubled mark is one of a pair around a text, as of `==highlight==`."""
    return bool(sign[2]) and sign[1] in content[sign.end() :].partition("\n")[0]


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
