"""markdown-it's list of block rules, which asks at each line only the rules that can begin there.

The stock one asks all of them at every line, and again whether one of them ends a paragraph. The result is the same: a
rule of another name is asked everywhere, and at indented lines all of them are.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock

_BEGINNINGS = {
    "fence": "`~",
    "comment": "%",
    "math_block": "$",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*+-0123456789",
    "footnote_def": "[",
    "reference": "[",
    "details": "<",
    "html_block": "<",
    "tagged_heading": "#",
    "heading": "#",
    "code": "",
}
"""By a rule's name the characters at which it may match, in a line that is not indented as code is."""
EVERYWHERE = ("table", "deflist", "lheading", "paragraph")
"""What begins with any character."""
_CODE_INDENT = 4


def quick_block_plugin(md: MarkdownIt) -> None:
    """Put these rules in the place of the stock ones; to be used when all rules are there."""
    md.block.ruler = _Ruler(md.block.ruler)


class _Ruler(Ruler[RuleFuncBlockType]):
    """Rules in chains of one rule each, which asks those that can match."""

    def __init__(self, stock: Ruler[RuleFuncBlockType]) -> None:
        super().__init__()
        self.__rules__ = stock.__rules__

    def __compile__(self) -> None:
        super().__compile__()
        chains = {name for rule in self.__rules__ for name in ("", *rule.alt)}
        enabled = [rule for rule in self.__rules__ if rule.enabled]
        self.__cache__ = {
            chain: [_one([(rule.name, rule.fn) for rule in enabled if not chain or chain in rule.alt])]
            for chain in chains
        }


def _one(rules: list[tuple[str, RuleFuncBlockType]]) -> RuleFuncBlockType:
    """Make one rule of many."""
    all_rules = [rule for _, rule in rules]
    elsewhere = [rule for name, rule in rules if name not in _BEGINNINGS]
    rules_at = {
        character: [rule for name, rule in rules if character in _BEGINNINGS.get(name, character)]
        for character in "".join(_BEGINNINGS.values())
    }

    def ask(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
        start = state.bMarks[start_line] + state.tShift[start_line]
        if state.sCount[start_line] - state.blkIndent >= _CODE_INDENT:
            candidates = all_rules
        else:
            candidates = rules_at.get(state.src[start : start + 1], elsewhere)
        for rule in candidates:  # noqa: SIM110 - any() takes half as long again
            if rule(state, start_line, end_line, silent):
                return True
        return False

    return ask
