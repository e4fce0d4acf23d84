"""What parts a line into a question, or a term, and what answers it: punctuation, an arrow, bold type, a label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from offbook.cards.note.dress import unemphasised
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import ARROW, link_only
from offbook.cards.words.bare import ends_with_mark
from offbook.markdown import Block
from offbook.markdown.opaque import opaque
from offbook.text import WORD

ANSWER_IN_BRACKETS = re.compile(r"[(（]((?:[^\s()（）]+\s+){3,}[^()（）]+)[)）]\Z")
"""An answer of several words that stands in brackets behind its question."""
LINE_BREAK, TAB, ASKED, SAID = "a line break", "a tab", "a question mark", "a full stop"
_REMARK = r"(?P<remark>\s*(?:\[[^\[\]\n]*\]|\([^()\n]*\)))?"
_LONGEST_TERM = 8  # words
_INNER_DOT = r"\.(?=\w|\s(?:[^\W\d_]\.|[a-z]))"
"""A full stop within a name or behind an abbreviation: `data.csv`, `z. B. ein`."""
_MARKS = {
    TAB: re.compile(r"(?P<q>[^\t]*[^\s:]):?\t+(?P<a>[^\t]*\S)\s*"),
    LINE_BREAK: re.compile(
        r"(?P<q>(?:[^\s<]++|<(?!br)|[ \t]++(?!<br))++)[ \t]*+(?:<br\s*+/?>[ \t]*+)++(?P<a>\S.*)",
        re.DOTALL | re.IGNORECASE,
    ),
    "true or false": re.compile(
        r"(?P<q>[^\n]{8,400}?(?:[?？]|(?=:)))\s?:?\s+(?P<a>(?P<word>[^\W\d_]+)(?!\w).*)", re.DOTALL
    ),
    "an answer's label": re.compile(
        r"(?P<q>[^\n]{1,400}?[^\s,，。])[,，。]?(?:\s+[-–—]{1,2}(?=\s))?(?:\s+|(?<=[。？?，]))"
        r"(?P<in>[(（])?(?P<word>[^\W\d_]{1,12})\s?[:：]\s*(?P<a>\S(?(in).*(?=[)）][.。]?\Z)|.*))(?:[)）][.。]?)?",
        re.DOTALL,
    ),
    "dots or dashes": re.compile(
        r"(?P<q>[^\n]{1,80}?\w[^\w\s]?)[ \t]*(?:([._·…~=-])\2{3,}|…{2,}|\t+|(?<=\w)[ ]{3,})[ \t]*(?P<a>.*)", re.DOTALL
    ),
    "bold type": re.compile(
        r"(?P<m>\*\*|__|\*|_|==)(?P<q>[^*_=\n]{1,80}?)(?:(?P<colon>:)(?P=m)|(?P=m)\s*(?:=|:|[-–—]{1,3}(?=\s|\Z)|→|->|=>|⇒))\s*(?P<a>.*)",
        re.DOTALL,
    ),
    "an arrow": re.compile(rf"(?P<q>[^\n]*?[^\s=-])[ \t]*+{ARROW}\s*+(?P<a>.*)", re.DOTALL),
    "`=`": re.compile(r"(?P<q>[^=\n`]{1,60}?)\s=\s(?P<a>\S.*)", re.DOTALL),
    "`--`": re.compile(r"(?P<q>[^\n`]{1,60}?)\s--\s(?P<a>\S.*)", re.DOTALL),
    "a dash": re.compile(rf"(?P<q>[^\n]*?\S){_REMARK}\s+[-–—]\s+(?P<a>\S.*)", re.DOTALL),
    "a colon": re.compile(r"(?P<q>[^:：\n`]{1,60}?)\s?(?:::?\s|：)(?P<a>\S.*)", re.DOTALL),
    SAID: re.compile(r"(?P<q>[^.!?？؟\n]+)\.[ \t]+(?P<a>[\w\"“«(`\[].*)", re.DOTALL),
    ASKED: re.compile(
        rf"(?P<q>(?:[^.!?？؟\n]{{1,40}}\.\s)?(?:[^.!?？؟\n]|{_INNER_DOT})++[?？؟]+"
        r"(?P<more>(?:[ \t]+[^.!?？؟\n]{1,60}[?？؟]+)*+)[*_]{0,3})"
        r"[ \t]+(?P<sign>(?:[;؛|~]|//?)[ \t]+)?(?P<a>(?:\*\*|~~|==)?[\w\"“«(`\[$\\].*)",
        re.DOTALL,
    ),
}
_HINTS = {
    TAB: re.compile(r"\t"),
    LINE_BREAK: re.compile(r"<br", re.IGNORECASE),
    "true or false": re.compile(r"[:?？]\s+[^\W\d_]{2,12}(?!\w)"),
    "an answer's label": re.compile(r"[\s。？?，][(（]?[^\W\d_]{1,12}\s?[:：]"),
    "dots or dashes": re.compile(r"([._·…~=-])\1{3}|…{2}|\t|\S {3,}\S"),
    "an arrow": re.compile(r"[→>⇒]"),
    "bold type": re.compile(r"\A(?:[*_]|==)"),
    "`=`": re.compile(r"\s=\s"),
    "`--`": re.compile(r"\s--\s"),
    "a dash": re.compile(r"\s[-–—]\s"),
    "a colon": re.compile(r"\A[^:：\n`]{1,60}[:：]"),
    SAID: re.compile(r"\A[^.!?？؟\n]{3,120}\.[ \t]"),
    ASKED: re.compile(r"[?？؟][*_]{0,3}[ \t]"),
}
"""What to look for first: the patterns themselves try at every letter."""
_ONLY_ABOUT = re.compile(r"(?:(?:\[\[[^\[\]\n]+\]\]|#[^\s#]+)[\s,;]*)+")
"""Links to pages and tags, which say what a question is about."""
_OF_WORDS = ("true or false", "an answer's label", SAID, ASKED)
MAY_PART = re.compile(
    r"([._·…~=-])\1{3}|…{2}|\t|\S {3,}\S|[→>⇒]|\A(?:[*_]|==)|\s(?:=|-{1,2}|[–—])\s|:\s|：|[?？؟][*_]{0,3}[ \t]"
    r"|<[bB][rR]|\A[^.!?？؟\n]{3,120}\.[ \t]"
)
"""What stands in a group of lines in which a mark parts any."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that a mark parts."""

    block: Block
    below: list[Block]
    match: re.Match[str]
    asks: bool
    is_term: bool
    row: int = 0
    """Which of the lines that stand together it is."""

    @property
    def question(self) -> str:
        """What stands in front of the mark, with a remark in round brackets; one in square ones is the writer's."""
        remark = self.match.groupdict().get("remark") or ""
        return unemphasised(f"{self.match['q']}{remark if remark.rstrip().endswith(')') else ''}".strip())

    @property
    def sign(self) -> str:
        """What stands between the two."""
        return self.match[0][self.match.end("q") : self.match.start("a")]

    @property
    def answer(self) -> str:
        """What stands behind the mark, without brackets around all of it."""
        text = re.sub(r"\n[ \t]++", "\n", self.match["a"].strip())
        within = ANSWER_IN_BRACKETS.fullmatch(text)
        return within[1] if within else text

    @property
    def says(self) -> int:
        """How many words stand behind the mark; in scripts without spaces two letters are one."""
        return sum(len(word) > 1 for word in WORD.findall(self.match["a"]))


def parted_by(page: Page, block: Block, below: list[Block], text: str, *, tells: bool) -> tuple[str, Line] | None:
    """Return the mark that parts a line into what asks or is a term, and the rest; None where none does.

    It is the one behind a question mark, or else the first.
    `tells` says that the lines around it tell a story: its parts are no terms.
    """

    def order(way: tuple[str, Line]) -> tuple[bool, int]:
        match = way[1].match
        return not ends_with_mark(match["q"]), match.end("q")

    return min(_ways(page, block, below, text, tells=tells), key=order, default=None)


def _ways(page: Page, block: Block, below: list[Block], text: str, *, tells: bool) -> Iterator[tuple[str, Line]]:
    whole = [(start, end) for start, end, kind in opaque(text) if kind in ("code", "formula")]
    for mark, pattern in _MARKS.items():
        match = pattern.fullmatch(text) if _HINTS[mark].search(text) else None
        if match and any(start < match.start("a") and match.end("q") < end for start, end in whole):
            continue  # it stands in code, or in a formula
        if match is None or (tells and mark not in _OF_WORDS and page.lexicon.story_part(page.asked(match["q"]))):
            continue
        way = _by_words(page, mark, match) if mark in _OF_WORDS else _by_sign(page, mark, match)
        if way is not None:
            yield mark, Line(block, below, match, *way)


def _by_words(page: Page, mark: str, match: re.Match[str]) -> tuple[bool, bool] | None:
    """Return whether what is parted by its words asks, and whether it is a term; None where they do not part it."""
    lexicon, left = page.lexicon, page.asked(match["q"])
    if mark == SAID:
        addresses = lexicon.addresses(left)
        parts = (addresses or lexicon.demands(left)) and not lexicon.asks_more(match["a"])
        return (addresses, False) if parts else None
    if mark == ASKED:
        if match["sign"]:
            return True, False
        if _ONLY_ABOUT.fullmatch(match["a"]) or lexicon.asks_more(f"{match['more']} {match['a']}".strip()):
            return None
        if lexicon.opens_question(re.split(r"(?<=\.)\s", left)[-1]):
            return _by_sign(page, mark, match)
        return (False, False) if len(left.split()) <= _LONGEST_TERM else None
    word = match["word"].casefold()
    is_label = lexicon.answer_label(word) or (match["word"] == "A" and ends_with_mark(left))
    parts = word in lexicon.truths if mark == "true or false" else is_label
    return (True, False) if parts else None


def _by_sign(page: Page, mark: str, match: re.Match[str]) -> tuple[bool, bool] | None:
    """Return whether what stands in front of a mark asks, and whether it is a term; None where it is neither."""
    lexicon, left = page.lexicon, page.asked(match["q"])
    if mark == "a colon" and (lexicon.demands(left) or (ends_with_mark(left) and " " not in left.strip())):
        return None  # "Prove: …", or a field: `host: string`
    asks = bool(lexicon.line_question(left) or lexicon.noun_question(left))
    term = 0 < len(left.split()) <= _LONGEST_TERM and mark not in (ASKED, LINE_BREAK, TAB)
    says = (
        mark == "dots or dashes"
        or (mark == "bold type" and not match["a"])
        or bool(re.search(r"[^\W\d_]{2,}|\d", match["a"]))
    )
    term = term and says and not link_only(match["q"])
    return (asks, term) if (asks or term) and match["q"].count("(") == match["q"].count(")") else None
