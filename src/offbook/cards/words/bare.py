"""A text without what stands in front of it, and whether it ends in a question mark of any script."""

from __future__ import annotations

import re
from functools import lru_cache

MARKS = "?？؟՞⁇⁈⁉⸮፧꘏﹖︖"
"""The question marks of all scripts."""
# NFC turns the Greek question mark into a semicolon.
_GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")
# A question may carry a remark in brackets behind its mark: "What is a diagonal matrix? (easy)".
REMARK = re.compile(rf"(?<=[{MARKS}])\s*[(（\[][^()（）\[\]]*(?:\([^()]*\)[^()]*)?[)）\]]\s*\Z")
_REMARK_BEHIND_WORDS = re.compile(r"\w\s+[(（][^()（）]*[)）]\Z")
_NUMBERING = re.compile(
    r"(?:(?:question|no|nr|№|q)\.?\s*)?\(?"
    r"(?:\d+(?:\.\d+)*(?:\s?[.)、．:]+\s*|\s*[-–—]\s+)(?=\D)|\d+(?:\.\d+)+\s+|(?:[a-z]\d{0,3}|[ivx]+)[.)]\s+)|q?\d{1,3}\s+(?=[^\W\d])",
    re.IGNORECASE,
)
_COUNT = re.compile(r"(?<=\d)[\W_]{0,2}\(?[a-z]\)?[\W_]*\Z")
_AROUND_LABEL = " :：*_0123456789.#()"
_DECORATION = re.compile(r"\A(?:[^\w¿¡§<({\[#.$`\"'“„«‘]|_)+")


@lru_cache(maxsize=4096)
def bare(text: str) -> str:
    """Return `text` on one line without numbering and decoration in front of its first letter."""
    text = _DECORATION.sub("", " ".join(text.split())).lstrip("\"'“„«‘ ")
    numbering = _NUMBERING.match(text)
    return text[numbering.end() :] if numbering else text


@lru_cache(maxsize=4096)
def ends_with_mark(text: str) -> bool:
    """Whether `text` ends in a question mark of any script, whatever decoration follows it."""
    text = text.rstrip()
    if text.endswith((")", "）", "]")):
        text = REMARK.sub("", text).rstrip()
        if _REMARK_BEHIND_WORDS.search(text):
            return False  # what asks is the remark alone
    end = len(text)
    while end and not (text[end - 1].isalnum() or text[end - 1] in MARKS or text[end - 1] in ".:;,。…"):
        end -= 1
    says = any(map(str.isalnum, text[:end])) and not text.startswith("?>", end - 1)  # nor is PHP's `?>` a question
    return says and (text[end - 1] in MARKS or _asks_in_greek(text, end))


def ends_with_colon(text: str) -> bool:
    """Whether `text` leads to what follows it."""
    return text.rstrip().endswith((":", "："))


def with_mark(text: str, mark: str) -> str:
    """Return emphasised words with the mark behind them, unless that only leads on, or they end in a question mark."""
    return (text if ends_with_mark(text) else text + mark.strip(".:： ")).strip()


def _asks_in_greek(text: str, end: int) -> bool:
    """Whether a semicolon behind a Greek letter ends the text; Unicode's form NFC writes their question mark so."""
    return text[end - 1] == ";" and bool(_GREEK.match(text, max(end - 2, 0)))


def bare_label(label: str) -> str:
    """Return a label in small letters, without what counts it: "question" of "Question 1 (a):"."""
    return _COUNT.sub("", label.casefold()).strip(_AROUND_LABEL)
