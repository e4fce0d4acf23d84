"""The markdown-it-py parser for notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from functools import lru_cache
from textwrap import dedent
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from offbook.markdown.addresses import addresses_plugin
from offbook.markdown.block_parser import top_level
from offbook.markdown.blocks import Block, Tree
from offbook.markdown.callout import callout_plugin
from offbook.markdown.comment import comment_plugin
from offbook.markdown.details import details_plugin
from offbook.markdown.highlight import highlight_plugin
from offbook.markdown.html_names import html_names_plugin
from offbook.markdown.image_size import image_size_plugin
from offbook.markdown.inline import InlineParser
from offbook.markdown.layout import layout_plugin
from offbook.markdown.lazy import lazy_plugin
from offbook.markdown.links import file_links_plugin
from offbook.markdown.macros import definitions as macros_of
from offbook.markdown.math import math_plugin
from offbook.markdown.numbering import numbering_plugin
from offbook.markdown.setext import setext_plugin
from offbook.markdown.tag import tag_plugin
from offbook.markdown.tagged_heading import tagged_heading_plugin
from offbook.markdown.tasks import tasks_plugin
from offbook.markdown.wikilink import wikilink_plugin

MAX_NESTING = 60
"""Levels of nested blocks. markdown-it drops what is nested deeper, which bounds its recursion."""
LONGEST_TEXT = 10_000
"""Characters of inline source. A longer one was not written by hand and stays plain text: some of markdown-it's inline
rules take time that grows with the square of its length."""
# The defaults, spelled out: markdown-it asks for both at every list and text, and pays an exception for a missing one.
_DEFAULTS = {"tasklists": False, "strikethrough_single_tilde": False}
_INDENTS = ("    ", "\t")
_FEW_BRACKETS = 50
_MOST_STEPS = 100_000  # characters that markdown-it reads to find where brackets close
_BRACKET = re.compile(r"[\[\]]")
# Every inline rule begins with one of these; inline source without them is one text token.
_SPECIAL = re.compile(r"[\n!#$%&*:<=@\[\\\]^_`~]|www\.")


@dataclass(frozen=True, slots=True)
class Document:
    """The block structure of a note."""

    root: Block
    """A block of type `root`."""
    env: dict[str, Any]
    """markdown-it's environment: link references and footnote labels."""
    footnotes: dict[str, Block]
    """The definitions of footnotes by label, which `root` does not hold."""


@lru_cache(maxsize=2)
def parser(strict_breaks: bool = False) -> MarkdownIt:
    """Return the parser; with `strict_breaks` a single line break is a space, as in CommonMark, else a `<br>`."""
    options = {"breaks": not strict_breaks, "xhtmlOut": False, "maxNesting": MAX_NESTING, **_DEFAULTS}
    md = MarkdownIt()
    md.inline = InlineParser()
    md.configure("commonmark", options)
    md.enable(["table", "strikethrough"])
    md.use(deflist_plugin)
    md.use(footnote_plugin, inline=True, move_to_end=True)
    md.use(addresses_plugin)
    md.core.ruler.at("inline", _inline)
    for plugin in (
        math_plugin,
        wikilink_plugin,
        tag_plugin,
        highlight_plugin,
        comment_plugin,
        callout_plugin,
        details_plugin,
        setext_plugin,
        tagged_heading_plugin,
        html_names_plugin,
        layout_plugin,
        file_links_plugin,
        image_size_plugin,
        numbering_plugin,
        lazy_plugin,
        tasks_plugin,
    ):
        md.use(plugin)
    return md


def parse(text: str, first_line: int = 1) -> Document:
    """Parse the block structure of `text`, whose first line is line `first_line` of its file.

    A text that is indented as a whole is read without its indent: it would be one block of code.
    """
    md = parser()
    if text.lstrip("\n").startswith(_INDENTS):
        text = dedent(text) if all(line.startswith(_INDENTS) for line in text.split("\n") if line.strip()) else text
    macros = macros_of(text)
    env: dict[str, Any] = {MACROS: macros} if macros else {}
    state = StateCore(text, md, env)
    tree = Tree(first_line, text.count("\n") + 1)
    rules = dict(zip(md.core.ruler.get_active_rules(), md.core.ruler.getRules(""), strict=True))
    for name in ("normalize", "layout", "numbers"):
        rules[name](state)
    for tokens in top_level(state):
        part = StateCore("", md, env, tokens)
        for name in ("callout", "task_days"):
            rules[name](part)
        tree.add(part.tokens)
    root = tree.root
    definitions = [block for block in root.children if block.type == "footnote_reference"]
    footnotes = {str(block.form.meta["label"]): block for block in definitions}
    root.children = [block for block in root.children if block.type != "footnote_reference"]
    return Document(root, env, footnotes)


def parse_inline(content: str, env: dict[str, Any]) -> list[Token]:
    """Return the tokens of inline source, which must not be changed: `env`, the document's, keeps them."""
    kept: dict[str, list[Token]] = env.setdefault(_TOKENS, {})
    tokens = kept.get(content)
    if tokens is None:
        # A footnote reference takes a number in the environment; a copy keeps that for `take_inline`.
        tokens = _bounded(parser(), content, dict(env))
        if "[^" not in content and "^[" not in content:
            kept[content] = tokens
    return tokens


def take_inline(content: str, env: MutableMapping[str, Any], md: MarkdownIt | None = None) -> list[Token]:
    """Return the tokens of inline source, to be changed; those that `parse_inline` kept are handed over."""
    tokens: list[Token] | None = env.get(_TOKENS, {}).pop(content, None)
    return _bounded(md or parser(), content, env) if tokens is None else tokens


MACROS = "offbook macros"
"""A key of the environment: the macros of TeX that the note defines, by name."""
_TOKENS = "offbook inline"  # a key of the environment: tokens by inline source


def environment(env: dict[str, Any], footnotes: Iterable[str], **more: Any) -> dict[str, Any]:
    """Return an environment in which to render a part of the document whose environment is `env`.

    The `footnotes` with these labels are numbered anew in it; `more` are further entries.
    """
    defined = env.get("footnotes", {}).get("refs", {})
    refs = {key: -1 for key in (f":{label}" for label in footnotes) if key in defined}
    return {
        "references": env.get("references", {}),
        MACROS: env.get(MACROS, {}),
        **({"footnotes": {"refs": refs}} if refs else {}),
        _TOKENS: env.setdefault(_TOKENS, {}),
        **more,
    }


def _inline(state: StateCore) -> None:
    """Core rule in place of markdown-it's own: an inline token that is plain text gets no children."""
    for token in state.tokens:
        if token.type == "inline" and not _is_text(token.content):
            token.children = take_inline(token.content, state.env, state.md)


def _tangled(content: str) -> bool:
    """Whether so many brackets are open at once that looking for a link at each would take minutes."""
    if content.count("[") < _FEW_BRACKETS:
        return False
    opened: list[int] = []
    steps = 0
    for match in _BRACKET.finditer(content):
        if match[0] == "[":
            opened.append(match.start())
        elif opened:
            steps += match.end() - opened.pop()
    return steps + sum(len(content) - start for start in opened) > _MOST_STEPS


def _is_text(content: str) -> bool:
    """Whether inline source stays plain text: nothing in it is special, or it would take too long to parse."""
    return not _SPECIAL.search(content) or len(content) > LONGEST_TEXT or _tangled(content)


def _bounded(md: MarkdownIt, content: str, env: Any) -> list[Token]:
    if _is_text(content):
        return [Token("text", "", 0, content=content)] if content else []
    tokens: list[Token] = []
    md.inline.parse(content, md, env, tokens)
    return tokens
