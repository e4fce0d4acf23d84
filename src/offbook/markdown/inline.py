"""markdown-it's inline parser, which asks at each character only those rules that can begin there.

markdown-it asks all of its two dozen rules at each mark: that is nearly all of the time that a note takes.
"""

from __future__ import annotations

from collections.abc import Callable

from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline

_Rule = Callable[[StateInline, bool], bool]
# The characters with which a rule's text begins. A rule that is not named here is asked at each character.
_BEGINS = {
    "newline": "\n",
    "tex": "\\",
    "escape": "\\",
    "latex_mark": "[",
    "math_inline": "$",
    "backticks": "`",
    "strikethrough": "~",
    "highlight": "=",
    "comment": "%",
    "emphasis": "*_",
    "tag": "#",
    "block_id": "^",
    "wikilink": "[!",
    "link": "[",
    "image": "!",
    "footnote_inline": "^",
    "footnote_ref": "[",
    "autolink": "<",
    "html_inline": "<",
    "entity": "&",
    "gfm_autolink_www": "w",
    "gfm_autolink_protocol": ":",
    "gfm_autolink_email": "@",
}
_TEXT = "text"  # the rule that takes all up to the next character at which another one can begin


class InlineParser(ParserInline):
    """An inline parser whose rules are all there before it parses."""

    def __init__(self) -> None:
        super().__init__()
        self._rules_at: dict[str, list[_Rule]] = {}

    def _begun_by(self, char: str) -> list[_Rule]:
        """Return the rules that can begin with a character, in their order."""
        found = self._rules_at.get(char)
        if found is None:
            ends_text = self.terminator_re.match(char)
            rules = zip(self.ruler.get_active_rules(), self.ruler.getRules(""), strict=True)
            found = [
                rule for name, rule in rules if (not ends_text if name == _TEXT else char in _BEGINS.get(name, char))
            ]
            self._rules_at[char] = found
        return found

    def skipToken(self, state: StateInline) -> None:  # noqa: N802 - markdown-it's name
        """Move behind the next token without making it."""
        start = state.pos
        if start in state.cache:
            state.pos = state.cache[start]
            return
        if state.level >= state.md.options["maxNesting"]:
            state.pos = state.posMax
        else:
            state.level += 1
            taken = any(rule(state, True) for rule in self._begun_by(state.src[start]))
            state.level -= 1
            if not taken:
                state.pos += 1
        state.cache[start] = state.pos

    def tokenize(self, state: StateInline) -> None:
        """Make tokens of the text from `pos` to `posMax`."""
        end, most = state.posMax, state.md.options["maxNesting"]
        while state.pos < end:
            char = state.src[state.pos]
            for rule in self._begun_by(char) if state.level < most else ():
                if rule(state, False):
                    break
            else:
                state.pending += char
                state.pos += 1
        if state.pending:
            state.pushPending()
