"""markdown-it's block parser, which hands over the tokens of each block before it reads the next one.

markdown-it makes all tokens of a text first: of a note of short lines they take five hundred times its size.
"""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token


def top_level(core: StateCore) -> Iterator[list[Token]]:
    """Yield the tokens of each block of a text that stands in no other one."""
    rules = core.md.block.ruler.getRules("")
    state = StateBlock(core.src, core.md, core.env, [])
    end = state.lineMax
    while (line := state.skipEmptyLines(state.line)) < end:
        state.line = line
        if not any(rule(state, line, end, False) for rule in rules):
            raise RuntimeError("no rule of markdown-it reads a line")  # a paragraph's reads each
        made, state.tokens = state.tokens, []
        if made:
            yield made
