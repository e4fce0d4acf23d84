"""Points: how much each piece of evidence says for or against a text that does not ask by itself.

The table `points.toml` was learned from notes of strangers that a reader had labelled: a logistic regression with few
terms, in which every point is a tenth of the logarithm of the odds. `tests/weigh.py` learns it anew.
"""

from __future__ import annotations

import pkgutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from offbook.cards.units.unit import NAMES_PART, TITLE_OF_QUESTIONS

_HALF = 0.5
_ASK = "is one of {all} {like} alike, {asks} of which {ask}"
_ALIKE = "is one of {topics} {like} alike, each over its text"
_MOST = "is one of {topics} {like} that are most of this note"
_ALONE = "is over most of this note"
_TITLED = "is under a title that says questions"
_IN_INTERVIEWS = "reads as what is asked in a note for interviews"
_OVER_TEXT = "stands over text, as what is asked does"
_COUNTED = "is counted, as other {like} are"
_FOR = {
    ": asking": _ASK,
    ": answered": _ASK,
    ": share asking": _ASK,
    ": topics": _ALIKE,
    ": with a body": _ALIKE,
    ": cover": _MOST,
    ": counted": _COUNTED,
    "title of questions": _TITLED,
    "term of a glossary": "is a term of a note that its name or title calls a glossary",
}
"""What the evidence for a text says to its writer."""
_TOO_FEW = "too few {like} like it ask by themselves, {asks} of {all}"
_NOT_ANSWERED = "asks nothing by itself, and most {like} like it that ask have no answer ({open} of {asks})"
_ELSEWHERE = "asks nothing by itself, and other texts of this note do"
_AGAINST = {
    "share asking below": TITLE_OF_QUESTIONS,
    "title of cards": TITLE_OF_QUESTIONS,
    "headings below": TITLE_OF_QUESTIONS,
    "below what asks": "belongs to the answer of the heading above it",
    "alone at the top": "stands alone above all others, as a title does",
    "asking elsewhere": _ELSEWHERE,
    "answered elsewhere": _ELSEWHERE,
    "cards elsewhere": "asks nothing by itself, and other lines make the cards of this note",
    "prose": "is prose",
    "plain line": "is a plain line, and too few such lines ask",
    "plan": "is over a list of a few words",
    ": repeated": NAMES_PART,
    ": sections": "stands among titles of sections",
    ": dated": "stands among days and numbers",
}


@dataclass(frozen=True, slots=True)
class Points:
    """Points by the names of evidence."""

    base: int
    """Those of a text of which nothing is known; below 0, since most texts ask nothing."""
    steps: Mapping[str, tuple[tuple[float, int], ...]]
    """For each piece of evidence the values from which on it has further points."""

    def of(self, seen: Mapping[str, float]) -> int:
        """Return the sum of points, from 0 on of what asks."""
        return self.base + sum(self._of(name, seen) for name in self.steps)

    def _of(self, name: str, seen: Mapping[str, float]) -> int:
        value = seen.get(name, 0)  # evidence that is new or gone has no points until they are learned anew
        total = 0
        for limit, points in self.steps[name]:
            if value < limit:
                break
            total += points
        return total

    def reason(self, seen: Mapping[str, float], like: str) -> str:
        """Return the weightiest evidence for a text, in words; `like` is what its like are called: "bold lines"."""
        otherwise = _IN_INTERVIEWS if seen.get("in a folder for interviews") else _OVER_TEXT
        return self._say(seen, like, _FOR, 1) or otherwise

    def objection(self, seen: Mapping[str, float], like: str) -> str:
        """Return the weightiest evidence against a text, in words."""
        counts = _counts(seen, like)
        if 0 < seen["like: asking"] < seen["like: topics"]:
            return _TOO_FEW.format_map(counts)
        if 2 * seen.get("like: answered", 0) < seen["like: asking"] > 1:
            return _NOT_ANSWERED.format_map(counts)
        said = self._say(seen, like, _AGAINST, -1)
        return said or "asks nothing by itself, and nothing that looks like it asks in this note"

    def _say(self, seen: Mapping[str, float], like: str, words: Mapping[str, str], sign: int) -> str:
        found = {name: sign * self._of(name, seen) for name in self.steps}
        true = (name for name, points in found.items() if points > 0 and not _is_little(name, seen))
        weighty = sorted(true, key=lambda name: -found[name])
        said = (words.get(name) or words.get(name.removeprefix("siblings").removeprefix("like")) for name in weighty)
        if seen["like: topics"] == 1:
            said = (_ALONE if text is _MOST else text for text in said if text is not _ALIKE)
        many_ask = seen["like: asking"] >= max(seen["like: topics"], 1)
        fits = (text for text in said if text and (text is not _ASK or many_ask))
        return next(fits, "").format_map(_counts(seen, like))


def _is_little(name: str, seen: Mapping[str, float]) -> bool:
    """Whether evidence is too little to be said: a part of the note is not most of it, nor one text a series."""
    if name.endswith(": counted"):
        return seen[name] <= _HALF or seen["like: asking"] + seen["like: topics"] == 1
    return name.endswith(": cover") and seen[name] < _HALF


def _counts(seen: Mapping[str, float], like: str) -> dict[str, str | int]:
    asks, topics, answered = (int(seen.get(f"like: {what}", 0)) for what in ("asking", "topics", "answered"))
    ask = "asks by itself" if asks == 1 else "ask by themselves"
    return {"like": like, "asks": asks, "ask": ask, "open": asks - answered, "topics": topics, "all": asks + topics}


@lru_cache(maxsize=1)
def points() -> Points:
    """Return the points that were learned."""
    table = tomllib.loads((pkgutil.get_data("offbook.cards.styles", "points.toml") or b"").decode())
    steps = {
        name: tuple((float(limit), int(count)) for limit, count in found) for name, found in table["steps"].items()
    }
    return Points(table["base"], steps)
