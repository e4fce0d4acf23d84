"""markdown-it's inline parser, which asks at each character only the rules that can begin there.

The stock one asks all of them wherever a text might end, which takes most of the time of parsing. The result is the
same: a rule of another name is asked everywhere. Text with no more in it than code and plain emphasis, as most is, is
taken apart by one pattern.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline, RuleFuncInlineType
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

_BEGINNINGS = {
    "newline": "\n",
    "math_inline": "$",
    "latex_mark": "[",
    "escape": "\\",
    "backticks": "`",
    "strikethrough": "~",
    "highlight": "=",
    "comment": "%",
    "emphasis": "*_",
    "wikilink": "[!",
    "tag": "#",
    "block_id": "^",
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
"""By a rule's name the characters at which it may match."""
# The rules for plain text stop here: `]` ends a link's text, and of all `w` few begin an address (what is one set of
# characters is looked for three times as quickly as what are two).
_ENDS_TEXT = re.compile(r"[\n!#$%&*:<=@\[\\\]^_`~w](?<!w(?!ww\.))")

_NO_MARK = r"[^\n!#$%&*:<=@\[\\\]^_`~]"
# Pieces that stand for themselves whatever is around them; where none matches, the rules have to be asked.
_PIECE = re.compile(
    rf"""
    (?P<text> (?: {_NO_MARK}+ | [!%&:=](?=[ \n]) | ~(?!~) | <(?=[ \n=0-9]) | (?<=\w)(?:_(?=\w)|\#(?=[ \n.,;?)])) )+ )
    | `(?P<code> [^`\n ] (?: [^`\n]* [^`\n ] )? )`(?!`)
    | (?<![^ \n(])(?P<mark> \*\*?|__?) (?P<marked> [^\W_]{_NO_MARK}* :? )
      (?: (?<=\S)(?P=mark)(?=[ \n]|\Z) | (?<=\w)(?P=mark)(?=[!),.:;?]) )
    | (?<![ ])\n(?![ \t])
    """,
    re.VERBOSE,
)


def quick_inline_plugin(md: MarkdownIt) -> None:
    """Put this parser in the place of the stock one; to be used when all rules are there."""
    inline = _Inline()
    inline.ruler, inline.ruler2 = md.inline.ruler, md.inline.ruler2
    if set(inline.ruler.get_active_rules()) <= {"text", *_BEGINNINGS}:
        inline.terminator_re = _ENDS_TEXT
    md.inline = inline


class _Inline(ParserInline):
    @cached_property
    def _rules_at(self) -> dict[str, list[RuleFuncInlineType]]:
        """By character the rules to ask there."""
        rules: dict[str, list[RuleFuncInlineType]] = defaultdict(list)
        named = dict(zip(self.ruler.get_active_rules(), self.ruler.getRules(""), strict=True))
        for character in "".join(_BEGINNINGS.values()):
            rules[character] = [rule for name, rule in named.items() if character in _BEGINNINGS.get(name, character)]
        rules[""] = [rule for name, rule in named.items() if name not in _BEGINNINGS]
        return dict(rules)

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Add the tokens of inline source."""
        simple = _simple(src) if self.terminator_re is _ENDS_TEXT else None
        if simple is None:
            return super().parse(src, md, env, tokens)
        tokens += simple
        return tokens

    def tokenize(self, state: StateInline) -> None:
        """Push the tokens of the text between `state.pos` and `state.posMax`."""
        rules_at = self._rules_at
        elsewhere = rules_at[""]
        source, end = state.src, state.posMax
        deepest = state.md.options["maxNesting"]
        while state.pos < end:
            position = state.pos
            matched = False
            if state.level < deepest:
                for rule in rules_at.get(source[position], elsewhere):
                    matched = rule(state, False)
                    if matched:
                        if state.pos <= position:
                            raise RuntimeError("inline rule didn't increment state.pos")
                        break
            if not matched:
                state.append_pending(source[position])
                state.pos = position + 1
        if state.pending:
            state.pushPending()


def _simple(source: str) -> list[Token] | None:
    """Return the tokens of text that is made of the simple pieces alone."""
    if "www." in source:
        return None
    tokens: list[Token] = []
    position = 0
    while position < len(source):
        piece = _PIECE.match(source, position)
        if piece is None:
            return None
        position = piece.end()
        match piece.lastgroup:
            case "text":
                if tokens and tokens[-1].type == "text":
                    tokens[-1].content += piece[0]
                else:
                    tokens.append(Token("text", "", 0, content=piece[0]))
            case "code":
                tokens.append(Token("code_inline", "code", 0, content=piece["code"], markup="`"))
            case "marked":
                tokens += _emphasised(piece["mark"], piece["marked"], bool(tokens) and tokens[-1].type == "text")
            case _:
                tokens.append(Token("softbreak", "br", 0))
    return tokens


def _emphasised(mark: str, text: str, follows_text: bool) -> list[Token]:
    """Return tokens as markdown-it leaves them: it turns the inner marks into tags, and the outer ones into nothing."""
    if len(mark) == 1:
        tag, before, behind = "em", [], []
    else:
        tag = "strong"
        before = [] if follows_text else [Token("text", "", 0)]
        behind = [Token("text", "", 0)]
    return [
        *before,
        Token(f"{tag}_open", tag, 1, markup=mark),
        Token("text", "", 0, content=text, level=1),
        Token(f"{tag}_close", tag, -1, markup=mark),
        *behind,
    ]
