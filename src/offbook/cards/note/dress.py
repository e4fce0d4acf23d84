"""How a writer dresses a text that asks: a sign or a bracket in front of it, capitals, quotation marks around it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple
from unicodedata import category

from offbook.text import in_capitals

_DECORATION = re.compile(r"^(?:[^\w\s\"'“„«‘(\[{<¿§`$#*_~=!&\\+-]+|\+{2,}|!{2,})\s*")
_SIGN = re.compile(r"\A\s*(([=+@%>!:/^|§])\2+|[^\w\s\x00-\x7f“”„«»‘’¿¡…–—（【「『]+)\s*(?=\S)")
_BRACKET = re.compile(
    r"\A\s*(?:\[[^\[\]\n]{0,12}\](?![(\[:])|\([^()\n]{1,12}\)|【[^【】\n]{1,12}】|⟨[^⟨⟩\n]{1,12}⟩)\s*(?=\S)"
)
_QUOTED = re.compile(
    r"\A[ \t]*[«»„“\"「『](?P<text>[^«»„“”\"「」『』\n]+)[»«“”\"」』](?P<mark>[ \t]*[?:]?)[ \t]*(?=\n|\Z)"
)
_FIRST_PICTOGRAPH = "\u2600"  # arrows, boxes and dots come before
_TITLE = re.compile(r"\s*([-=*~#_+])\1{2,}\s+(?=\S)[^\n]*\S\s+\1{3,}\s*")
_FEWEST_BRACKETS = 3
_EMPHASISED = re.compile(
    r"(?P<sign>\*{1,3}|_{1,3}|==)(?=\S)(?P<text>(?:(?!(?P=sign)).)+)(?<=\S)(?P=sign)(?P<mark>\s*[?？]?)"
)
_ITALIC = re.compile(r"([*_])(?!\1)[^*_]+\1[.:?？]?\s*")
_FEWEST_CAPITALS = 2  # words, one of them of more than three letters


class Dress(NamedTuple):
    """What a text wears, and what it is without."""

    sign: str
    """The writer's own sign in front of it, or the bracket that opens it."""
    emphasis: str
    """`quoted`, `capitals`, `italic`, or nothing."""
    text: str
    """Its inline source without its sign and without quotation marks."""


def dressed(content: str, brackets: frozenset[str]) -> Dress:
    """Take off what a text wears; `brackets` are those that open texts in this note."""
    sign, text = signed(content), content
    if sign:
        text = unsigned(content)
    elif (match := _BRACKET.match(content)) and match[0].strip()[0] in brackets:
        sign, text = match[0].strip()[0], content[match.end() :]
    if quoted := _QUOTED.match(text):
        return Dress(sign, "quoted", quoted["text"] + quoted["mark"].strip(" :") + text[quoted.end() :])
    first = text.partition("\n")[0]
    return Dress(sign, "capitals" if _shouts(first) else "italic" if _ITALIC.fullmatch(first) else "", text)


def usual_brackets(texts: Iterable[str]) -> frozenset[str]:
    """Return the brackets with which several texts open: `[4/5]`, `(easy)`."""
    counts = Counter(match[0].strip()[0] for text in texts if (match := _BRACKET.match(text)))
    return frozenset(bracket for bracket, count in counts.items() if count >= _FEWEST_BRACKETS)


def is_title(content: str) -> bool:
    """Whether a line is a title between two rules of signs: `--- databases ---`."""
    return bool(_TITLE.fullmatch(content))


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


def unemphasised(content: str) -> str:
    """Return the inline source of a question without the emphasis around all of it, which only says that it is one."""
    match = _EMPHASISED.fullmatch(content)
    return match["text"] + match["mark"].strip() if match else content


def pictograph(content: str) -> str:
    """Return the pictograph in front of a text, such as `⚠️`; most arrows, boxes and dots are none."""
    sign = signed(content)
    return sign if sign[:1] >= _FIRST_PICTOGRAPH and category(sign[0]).startswith("S") else ""


def _closes(content: str, sign: re.Match[str]) -> bool:
    """Whether a doubled mark is one of a pair around a text, as of `==highlight==`."""
    return bool(sign[2]) and sign[1] in content[sign.end() :].partition("\n")[0]


def _shouts(line: str) -> bool:
    """Whether a line is in capitals; an abbreviation or two do not shout."""
    words = re.findall(r"[^\W\d_]+", line) if in_capitals(line) else []
    return len(words) >= _FEWEST_CAPITALS and any(len(word) > 3 for word in words)
