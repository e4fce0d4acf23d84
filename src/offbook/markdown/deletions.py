"""The gaps of a text: `{{c1::hidden::hint}}`, and other marks where the writer or the settings say that they hide.

Gaps stay out of code, comments, links and tags, and all but `{{c1::…}}` out of formulas. An element of offbook's own
marks where each begins and ends, which no note can write: Markdown is rendered around and inside of it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from offbook.markdown.html_names import GAP_MARK, OWN
from offbook.markdown.opaque import masked, opaque
from offbook.markdown.parser import parse_inline

NUMBERED, HIGHLIGHT, BOLD, CURLY, BRACKETS = "{{c", "==", "**", "{{", "["
"""The marks of gaps; those of the first kind count wherever they stand."""
OPENING = re.compile(r"\{\{c(\d{1,9})::")
_WORD = f"{OWN}w"
_A_WORD = re.compile(rf"{_WORD}(\d+)z")
_MOST = 500  # the highest number of a gap of which Anki makes a card
_BETWEEN = "\0"  # stands between the texts of a card, and in none: CommonMark replaces it
_BRACE = re.compile(rf"\{{\{{c(\d{{1,9}})::|::|[{{}}{_BETWEEN}]")
_BLANK = _BETWEEN + " \t\n"
_LINE_BREAKS = re.compile(r"\A[^\S\n]*+\n\s*+|(?<!\s)[^\S\n]*+\n\s*+\Z")
_COUNTED = {
    HIGHLIGHT: re.compile(r"==(?=[^\s=])(?P<inner>.{1,500}?)(?<=\S)==(?!=)", re.DOTALL),
    BOLD: re.compile(r"\*\*(?=[^\s*])(?P<inner>[^\n]{1,500}?)(?<=[^\s*:：?？])\*\*(?![*:：])"),
    CURLY: re.compile(r"\{\{(?!c\d+::)(?=\S)(?P<inner>[^{}\n]+?)(?<=\S)\}\}"),
    # Neither a link or its label, nor a footnote, a task or a picture. `[6]:[9]` are two.
    BRACKETS: re.compile(r"(?<![\\!\[\]])\[(?![\^\[\]])(?P<inner>[^\w\[\]]*+\w[^\[\]]*+)\](?![\[\](]|:(?!\[))"),
}
_HIDE_ALL = {HIGHLIGHT, BRACKETS}  # these may be all of a text
_CAN_HOLD = {"text", "html_inline", "code_inline", "math_inline", "math_inline_double"}


@dataclass(frozen=True, slots=True)
class Deletion:
    """What Anki is told of one gap."""

    number: int
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """A gap that hides nothing."""

    text: int
    """The index of the text."""
    at: int
    """Where it begins in the text's source."""
    why: str


@dataclass(frozen=True, slots=True)
class Hidden:
    """Texts with their gaps."""

    texts: tuple[str, ...]
    """Inline source with the elements that mark gaps."""
    gaps: tuple[Deletion, ...] = ()
    """By the index that the elements have."""
    lost: tuple[Lost, ...] = ()
    marks: frozenset[str] = frozenset()
    """The marks of the gaps."""

    @property
    def is_closed(self) -> bool:
        """Whether each gap that opens is closed, too."""
        return not any(each.why == _UNCLOSED for each in self.lost)


_UNCLOSED = "is not closed; write `}}` after what it hides, in the same text or in a list or text below it"


@dataclass(frozen=True, slots=True)
class _Span:
    """One gap, or the part of it that stands in one text; positions are those of the source."""

    text: int
    start: int
    end: int
    """Behind the mark."""
    inner: tuple[int, int]
    """What is hidden."""
    deletion: Deletion
    mark: str = NUMBERED


def hide(texts: Sequence[str], marks: Collection[str], env: Mapping[str, Any]) -> Hidden:
    """Return texts of one card with their gaps; `marks` hide where none has `{{c1::…}}`.

    `env` is the document's. A gap may begin in one text and end in a later one; it is one in each of them then.
    """
    spans, lost = _numbered(texts) if any(NUMBERED in text for text in texts) else ([], [])
    if not spans and marks:
        spans = _counted(texts, marks, env.get("references", {}))
    spans.sort(key=lambda span: (span.text, span.start, -span.end))
    hidden = _marked(texts, spans)
    seen = _visible(hidden, env)
    unseen = [s for index, s in enumerate(spans) if index not in seen and texts[s.text][slice(*s.inner)].strip()]
    if unseen:
        lost += [
            Lost(span.text, span.start, "is where nothing can be hidden, such as in a picture's words")
            for span in unseen
            if span.mark == NUMBERED
        ]
        spans = [span for span in spans if span not in unseen]
        hidden = _marked(texts, spans)
    gaps = tuple(span.deletion for span in spans) if seen else ()
    return Hidden(tuple(hidden), gaps, tuple(lost), frozenset(span.mark for span in spans))


# -- {{c1::…}} -------------------------------------------------------------------------------------


def _numbered(texts: Sequence[str]) -> tuple[list[_Span], list[Lost]]:
    source = _BETWEEN.join(texts)
    pairs, left = _pairs(texts, count_braces=True)
    if left:
        # A single brace in the text takes one of those that close a gap.
        others, fewer = _pairs(texts, count_braces=False)
        pairs, left = (others, fewer) if len(fewer) < len(left) else (pairs, left)
    starts = list(accumulate((len(text) + 1 for text in texts[:-1]), initial=0))

    def lost(at: int, why: str) -> Lost:
        index = bisect_right(starts, at) - 1
        return Lost(index, at - starts[index], why)

    spans: list[_Span] = []
    without = [*_in_links(texts), *(lost(gap.start, _UNCLOSED) for gap in left)]
    hint_ends = -1
    for gap in sorted(pairs, key=lambda gap: gap.start):
        if gap.start < hint_ends and any(other.hint < gap.start < other.end for other in pairs if other.hint >= 0):
            continue
        last = gap.end - 2 if gap.hint < 0 else gap.hint
        if not 1 <= gap.number <= _MOST:
            without.append(lost(gap.start, f"has a number that Anki does not know; use 1 to {_MOST}"))
        elif not source[gap.first : last].strip(_BLANK):
            without.append(lost(gap.start, "hides nothing; write the words between `::` and `}}`"))
        else:
            hint_ends = max(hint_ends, gap.end if gap.hint >= 0 else -1)
            deletion = Deletion(gap.number, source[last + 2 : gap.end - 2].strip(_BLANK) if gap.hint >= 0 else "")
            spans += _parts(texts, starts, (gap.start, gap.first, last, gap.end), deletion)
    return spans, without


@dataclass(slots=True)
class _Pair:
    """Where a gap begins and ends in the texts of a card."""

    number: int
    start: int
    first: int
    """Where what it hides begins."""
    hint: int = -1
    """Where `::` parts that from its hint."""
    end: int = -1
    braces: int = 0
    """How many plain braces are open in it."""


def _pairs(texts: Sequence[str], *, count_braces: bool) -> tuple[list[_Pair], list[_Pair]]:
    """Return the gaps, and those that are left open; a single pass.

    Counted braces end no gap early: `{{c1::\\frac{1}{2}}}`. `::` in a formula opens no hint of a gap around it.
    """
    source = _BETWEEN.join(masked(text, formulas=False) for text in texts)
    without_formulas = _BETWEEN.join(map(masked, texts)) if "$" in source else source
    closed: list[_Pair] = []
    opened: list[_Pair] = []
    position = 0
    for mark in _BRACE.finditer(source):
        at = mark.start()
        if at < position:
            continue
        if mark[1]:
            opened.append(_Pair(int(mark[1]), at, mark.end()))
        elif mark[0] == _BETWEEN:
            for gap in opened:
                gap.braces = 0
        elif not opened:
            continue
        elif mark[0] == "::":
            shown = without_formulas[at] == ":" or without_formulas[opened[-1].start] != "{"
            opened[-1].hint = at if shown and opened[-1].hint < 0 else opened[-1].hint
        elif mark[0] == "{" or opened[-1].braces:
            opened[-1].braces += (mark[0] == "{" and count_braces) - (mark[0] == "}")
        elif source.startswith("}}", at):
            position = opened[-1].end = at + 2
            closed.append(opened.pop())
    return closed, opened


def _in_links(texts: Sequence[str]) -> Iterator[Lost]:
    for index, text in enumerate(texts):
        for start, end, kind in opaque(text) if NUMBERED in text else ():
            found = OPENING.search(text, start, end) if kind in ("link", "tag") else None
            if found:
                yield Lost(
                    index, found.start(), "is in a link, where nothing can be hidden; put the whole link into it"
                )


def _parts(
    texts: Sequence[str], starts: Sequence[int], places: tuple[int, int, int, int], deletion: Deletion
) -> Iterator[_Span]:
    """Yield the part of a gap in each text; `places` are where it begins, what it hides begins and ends, it ends."""
    for index in range(bisect_right(starts, places[0]) - 1, bisect_right(starts, places[3] - 1)):
        start, first, last, end = (min(max(at - starts[index], 0), len(texts[index])) for at in places)
        yield _Span(index, start, end, (first, last), deletion)


# -- other marks -----------------------------------------------------------------------------------


def _counted(texts: Sequence[str], marks: Collection[str], references: Collection[str]) -> list[_Span]:
    """Return the gaps that number themselves."""
    spans: list[_Span] = []
    shown: list[str] = []
    for index, text in enumerate(texts):
        looked_at = masked(text)
        found = [(match, mark) for mark in marks for match in _COUNTED[mark].finditer(looked_at)]
        position = 0
        for match, mark in sorted(found, key=lambda each: each[0].start()):
            inner = match.span("inner")
            is_label = mark == BRACKETS and text[slice(*inner)].strip().upper() in references
            if match.start() >= position and not is_label:
                shown.append(text[position : match.start()])
                spans.append(_Span(index, *match.span(), inner, Deletion(len(spans) + 1), mark))
                position = match.end()
        shown.append(text[position:])
    if any(span.mark in _HIDE_ALL for span in spans) or re.search(r"\w", "".join(shown)):
        return spans
    return []


# -- elements --------------------------------------------------------------------------------------


def _marked(texts: Sequence[str], spans: Sequence[_Span]) -> list[str]:
    """Return the texts with elements in place of the marks."""
    cuts: list[list[tuple[int, int, int, str]]] = [[] for _ in texts]
    for index, span in enumerate(spans):
        first, last = span.inner
        shown = _LINE_BREAKS.sub("", texts[span.text][first:last])
        first += texts[span.text][first:last].find(shown)
        cut = cuts[span.text]
        if shown.strip():
            cut.append((span.start, index, first, f"<{OWN}-{index}>"))
            cut.append((first + len(shown), -index, span.end, f"<{OWN}-ends>"))
        else:
            cut.append((span.start, index, span.end, ""))
    return [_cut(text, places) for text, places in zip(texts, cuts, strict=True)]


def _cut(text: str, places: list[tuple[int, int, int, str]]) -> str:
    parts: list[str] = []
    position = 0
    for start, _, end, element in sorted(places):
        parts += [text[position:start], element]
        position = end
    return "".join([*parts, text[position:]])


def _visible(texts: Sequence[str], env: Mapping[str, Any]) -> set[int]:
    """Return the indices of the gaps that stand on the card: not those in a picture's text or an address."""
    tokens = [token for text in texts if OWN in text for token in parse_inline(text, dict(env))]
    found = [mark for token in tokens if token.type in _CAN_HOLD for mark in GAP_MARK.findall(token.content)]
    return {int(mark) for mark in found if mark != "ends"}


# -- plain text ------------------------------------------------------------------------------------


def fronts(source: str) -> tuple[str, list[str]]:
    """Return marked source with a word in place of each outermost gap, and what stands in these.

    `with_blanks` turns the words into what the reader sees.
    """
    parts: list[str] = []
    fillings: list[str] = []
    position, begins, depth = 0, 0, 0
    for mark in GAP_MARK.finditer(source):
        if mark[1] != "ends":
            if not depth:
                parts += [source[position : mark.start()], f"{_WORD}{mark[1]}z"]
                begins = mark.end()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                fillings.append(GAP_MARK.sub("", source[begins : mark.start()]))
                position = mark.end()
    return "".join([*parts, source[position:]]), fillings


def with_blanks(text: str, gaps: Sequence[Deletion]) -> str:
    """Return plain text of `fronts` with `[…]`, or the hint in brackets, for each gap."""
    return _A_WORD.sub(lambda word: f"[{gaps[int(word[1])].hint or '…'}]", text)


def with_fillings(text: str, fillings: Sequence[str]) -> str:
    """Return plain text of `fronts` with what fills its gaps, one after the other."""
    rest = iter(fillings)
    return _A_WORD.sub(lambda _: next(rest, ""), text)
