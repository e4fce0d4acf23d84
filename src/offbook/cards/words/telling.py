"""What a person tells: of himself, in the parts of a story, or, in a template, not yet; words are in `words.toml`."""

from __future__ import annotations

import re
from itertools import zip_longest

from offbook.cards.words.bare import bare
from offbook.text import languages, words

FIELD = re.compile(
    r"(?m)^[^\w\n]*+([^\W\d_]++(?:[/+&][^\W\d_]++)?)(?:(?:\s[^:\n]{0,12})?\W{0,3}[:：]\W*+|(?<=\b[A-Z])(?:\s+|[-–—]\s*)|\s[-–—]\s+)\W{0,2}(?=\w)"
)
"""A line that opens with a word before a colon or a dash, or with a letter, as parts of a story do: S for situation."""
_PLACE = r"\[(?:\s*|(?=[^\[\]\n]*[^\W\d_]{3})[^\[\]\n\"'`=]*)\]"
"""Where something is to be filled in: `[your answer]`, and no list of numbers or of code."""
_EMPTY_FIELD = re.compile(
    r"[\W_]*(?:[^\W\d_][\w /&()-]{0,28}[\W_]*(?:[:：]|\s[-–—](?!-*>))[\W_]*)?"
    rf"(?:{_PLACE}[\W_]*)?"
)
_COUNTED = re.compile(r"\W{0,4}(?P<word>[^\W\d_]{3,20})\W{1,2}(?P<number>\d{1,3})(?!\w)")
_WORD = re.compile(r"[^\W\d_]+")
_NO_NAME = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|[^\w\s+/&]")
_BETWEEN = re.compile("[+/&]")
_PART = re.compile(r"\W*(?P<name>[^\W\d_]+)\W{0,3}(?:[:：]\s*(?P<rest>.*)|\Z)")
_NOT_TOLD = re.compile(r"\W*(?:\Z|\?{3}|(?:TODO|TBD)\b)")
_SHORT = 2  # letters
_LONGEST_PART = 30  # characters


class Telling:
    """The words by which what is told is known."""

    def __init__(self) -> None:
        self._story = frozenset(words("story"))
        self.truths = frozenset(words("truths"))
        self._yes_or_no = frozenset(words("yes_or_no"))
        self._stories = frozenset(words("stories"))
        self.counted = frozenset(words("counted"))
        self._first_person = [frozenset(table.get("first_person", ())) for table in languages().values()]

    def says_yes_or_no(self, text: str) -> bool:
        """Whether an answer begins with "Yes", "No" or their like."""
        word = _WORD.match(text)
        return word is not None and word[0].casefold() in self._yes_or_no

    def story_part(self, text: str) -> bool:
        """Whether `text` names a part of a story: "Situation", "Result:"."""
        parts = _parts(text)
        return bool(parts) and self._story.issuperset(parts)

    def parts_of_story(self, text: str) -> list[str]:
        """Return the parts of a story that lines of `text` open with, or are over a line that tells, in order."""
        lines = [line for line in text.split("\n") if line.strip()]
        found: list[str] = []
        for line, below in zip_longest(lines, lines[1:], fillvalue=""):
            match = FIELD.match(line)
            if match and self._story.issuperset(parts := _parts(match[1])):
                found += parts
            elif below and len(line) <= _LONGEST_PART and self.story_part(line) and not self.story_part(below):
                found += _parts(line)
        if not ({"s", "t"} <= {*found} or {"s", "a", "r"} <= {*found}):  # "A" alone is a word as well
            found = [part for part in found if len(part) > 1]
        return found

    def empty_part(self, text: str) -> str:
        """Return the first part of a story with nothing behind its name in `text`, or no more than a reminder."""
        lines = [line for line in text.split("\n") if line.strip()]
        parts = [match if (match := _PART.match(line)) and self.story_part(match["name"]) else None for line in lines]
        for part, below, line in zip_longest(parts, parts[1:], lines[1:], fillvalue=None):
            told = "" if part is None else part["rest"] or ("" if below else line or "")
            if part is not None and _NOT_TOLD.match(told):
                return part["name"]
        return ""

    def is_of_stories(self, name: str) -> bool:
        """Whether a folder, or a title, is called as one of stories is."""
        return not self._stories.isdisjoint(_WORD.findall(name.casefold()))

    def names_story(self, text: str) -> bool:
        """Whether a title says of what is told below it that it is a story, and which: "STAR: the late ferry"."""
        word, colon, name = text.replace("：", ":").partition(":")
        return bool(colon and name.strip()) and word.strip().casefold() in self._stories

    def counts(self, text: str) -> tuple[int | None, str]:
        """Return the number and the word of a title that counts what is told or asked: "Story 2: The outage"."""
        match = _COUNTED.match(text)
        word = match["word"].casefold() if match else ""
        return (int(match["number"]), word) if match and word in self.counted else (None, "")

    def blank_template(self, text: str) -> bool:
        """Whether `text` is nothing but labels with nothing behind them: a template that was not filled in."""
        lines = [line for line in text.split("\n") if line.strip()]
        return len(lines) > (0 if "[" in text else 1) and all(_EMPTY_FIELD.fullmatch(line) for line in lines)

    def first_person(self, text: str) -> bool:
        """Whether `text` is told by the writer: "I", "my" or "our" stands in it."""
        found = {word if word == "I" else word.casefold() for word in re.findall(r"[\w'’]+", text)}
        return any(_tells(words & found) for words in self._first_person)


def _parts(text: str) -> list[str]:
    """Return the words of a title that may name parts of a story: of "T [task] + A [action]", t and a."""
    plain = _NO_NAME.sub("", bare(text).casefold())
    return [part.strip() for part in _BETWEEN.split(plain) if part.strip()]


def _tells(said: frozenset[str]) -> bool:
    """Whether words of one language say that the writer tells; short ones are words of other languages, too."""
    return len(said) > 1 or any(len(word) > _SHORT or word in ("I", "я") for word in said)
