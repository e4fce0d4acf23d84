"""Plain text of blocks and inline source: without marks and list bullets, with the code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from markdown_it.token import Token

from offbook.markdown.blocks import Block
from offbook.markdown.html_names import without_tags
from offbook.markdown.parser import parse_inline

CODE_SPAN = re.compile(r"(?<!`)(`++).*?(?<!`)\1(?!`)", re.DOTALL)
"""A code span in inline source, for those that look past code without parsing."""
_SIZE = re.compile(r"(?:\A|\|)\d{1,4}(?:x\d{1,4})?\Z")  # of a picture, behind its words
_ASKS = re.compile(r"[?？؟]")
_MARK_AT_END = re.compile(r"[?？؟]\s*\Z")
_BREAK = re.compile(r"<(?:br|/p|/li|/tr|/div)\b[^<>]*>", re.IGNORECASE)
_TEXTS = "offbook plain"  # a key of the environment: plain text by inline source, which is asked for several times
_TYPES_WITH_CODE = {"fence", "code_block", "math_block", "math_block_eqno", "math_block_label"}
# Inline source without these is its own plain text.
_SPECIAL = re.compile(r"[\\`*_~=<&\[\]!#^%${}]|https?:|www\.")


def plain(blocks: Iterable[Block], env: dict[str, Any], resolve: Callable[[str], str] | None = None) -> str:
    """Return the text of blocks, a line for each line or list item, the cells of a table's row parted by tabs.

    `env` is their document's. `resolve` gets each inline source first, and returns it with text in place of embeds.
    """
    parts = (_block(block, env, resolve) for block in blocks)
    return "\n".join(part for part in parts if part).strip()


def plain_inline(content: str, env: dict[str, Any]) -> str:
    """Return the text of inline source."""
    texts: dict[str, str] = env.setdefault(_TEXTS, {})
    if content not in texts:
        special = _SPECIAL.search(content)
        texts[content] = "".join(map(_inline, parse_inline(content, env))).strip() if special else content
    return texts[content]


def asked_inline(content: str, env: dict[str, Any]) -> str:
    """Return the text of inline source by which a question is judged: `code` for code, links without question marks.

    A link to a page behind the question's mark says what it is about, as a tag does, and is left out.
    """
    if not _SPECIAL.search(content):
        return content
    parts: list[str] = []
    links = 0
    tokens = parse_inline(content, env)
    end = len(tokens)
    while end and (_leads_to_page(tokens[end - 1]) or not _inline(tokens[end - 1]).strip()):
        end -= 1
    if not (end and _MARK_AT_END.search(_inline(tokens[end - 1]))):
        end = len(tokens)
    for token in tokens[:end]:
        links += (token.type == "link_open") - (token.type == "link_close")
        text = "code" if token.type == "code_inline" else _inline(token)
        parts.append(_ASKS.sub("", text) if links or token.type == "wikilink" else text)
    return "".join(parts).strip()


def _leads_to_page(token: Token) -> bool:
    return token.type == "wikilink" and "#" not in token.content


def _block(block: Block, env: dict[str, Any], resolve: Callable[[str], str] | None) -> str:
    if block.type == "paragraph":
        return plain_inline(resolve(block.content) if resolve else block.content, env)
    if block.type in _TYPES_WITH_CODE:
        return block.content.strip("\n")
    if block.type == "html_block":
        return _without_tags(block.content).strip()
    sources = [text for text in (block.title, block.content) if text]
    parts = [plain_inline(resolve(text) if resolve else text, env) for text in sources]
    inner = [_block(child, env, resolve) for child in block.children]
    if block.type == "tr":
        return "\t".join(inner)
    return "\n".join(part for part in parts + inner if part)


def _inline(token: Token) -> str:
    match token.type:
        case "softbreak" | "hardbreak":
            return "\n"
        case "html_inline":
            return token.content if "lone" in token.meta else _without_tags(token.content)
        case "image":
            return _SIZE.sub("", "".join(map(_inline, token.children or ())))
        case "wikilink":
            return token.meta["alias"] or link_text(token.content)
        case "embed" | "tag" | "block_id" | "footnote_ref":
            return ""
        case _:
            return token.content


def link_text(target: str) -> str:
    """Return what Obsidian shows for `[[target]]`: `note > heading`."""
    return " > ".join(part.lstrip("^") for part in target.split("#") if part)


def _without_tags(html: str) -> str:
    return without_tags(_BREAK.sub("\n", html))
