"""What titles say: that questions follow, terms, advice, an advertisement, or that the note is for interviews."""

from __future__ import annotations

import re

from offbook.cards.words.bare import bare, bare_label, ends_with_mark
from offbook.cards.words.phrases import Prefixes, any_of, with_unaccented, without_accents
from offbook.cards.words.telling import Telling
from offbook.text import words

_Q_AND_A = re.compile(r"\bQ\s?(?:&|and|\+)\s?A\b|\bFAQ\b")
_WORDS = re.compile(r"[^\W\d_]+")
_TIPS = re.compile(r"[\w']+")
_PARTS = re.compile("[/&]")
_BEHIND_NAME = re.compile(r"\s[-–—|:]\s|:\s")
_REMARK_BEHIND = re.compile(r"(?<!\s)\s++(?:\([^()]*\)|\d{1,4})\Z")
_MOST_OF_NAME = 3  # words of a company's name
_SHORTEST_BEFORE_NAME = 6  # letters of "advert" in front of a company's name
_SENTENCE = 2  # spaces: "What went well?" names a section, "Links?" asks
_LONGEST_TITLE = 80  # characters
_LONGEST_LABEL = 40  # characters
_ONLY_NUMBER = re.compile(
    r"\W*(?:(?P<word>[^\W\d_]+)\W*)?\d{1,3}(?:\.\d{1,3})?\W{0,2}(?:(?<=\W)[a-z](?=\)))?\W*"
    r"|\W*\d{1,3}\W{0,2}(?P<behind>[^\W\d_]+)\W*"
    r"|\W*(?P<lettered>[^\W\d_]{3,})\W+[A-Z]\W*"
)


def _is_with_name(text: str, phrase: str) -> bool:
    """Whether a text is a phrase behind a name or, if it is of several words or a long one, in front of it."""
    behind = text.casefold().endswith(f" {phrase}")
    before = text.casefold().startswith(f"{phrase} ") and len(phrase) >= _SHORTEST_BEFORE_NAME
    name = text[: -len(phrase)] if behind else text[len(phrase) :]
    words = name.split()
    return (behind or before) and len(words) <= _MOST_OF_NAME and all(not word[0].islower() for word in words)


class Titles(Telling):
    """The words by which titles are known."""

    def __init__(self) -> None:
        super().__init__()
        to_ask = words("to_ask")
        self._to_ask_prefixes = Prefixes(to_ask)
        self._to_ask_titles = frozenset(words("to_ask_titles"))
        self._to_ask_questions = Prefixes(words("to_ask_questions"))
        # A phrase of three words tells wherever it stands, and so does one in a script without spaces.
        self._to_ask_anywhere = any_of(phrase for phrase in to_ask if phrase.count(" ") > 1 or not phrase.isascii())
        self.answers = with_unaccented(words("answers"))
        self.labels = with_unaccented(words("labels"))
        self.question_labels = frozenset({"q", *self.labels})
        self._long_labels = tuple(label for label in self.labels if len(label) > 1)
        self.myself = frozenset(words("myself"))
        self._folds = Prefixes(words("folds"))
        self._tips = frozenset(words("tips"))
        self._kinds = frozenset(words("kinds"))
        self._asked = tuple(words("asked"))
        self._adverts = frozenset(words("adverts"))
        self._exams = frozenset(map(without_accents, words("exams")))
        self._interviews = tuple(map(without_accents, words("interviews")))
        self._glossaries = frozenset(words("glossary"))
        self._sections = frozenset(words("sections")) | self._glossaries | self.answers

    def mentions_questions(self, text: str) -> bool:
        """Whether `text` is a title such as "Behavioural questions"."""
        return len(text) <= _LONGEST_TITLE and any(w.startswith(self._long_labels) for w in text.casefold().split())

    def titles_questions(self, text: str) -> bool:
        """Whether `text` is the title of questions: "Behavioural questions", "Q&A", "FAQ", "What they asked me"."""
        named = self.mentions_questions(text) or bool(_Q_AND_A.search(text)) or self.says_asked(text)
        named = named or bare(text).casefold().strip(" :") in self._kinds
        return named and not self.to_ask(text, anywhere=True) and not self.titles_advice(text)

    def says_asked(self, text: str) -> bool:
        """Whether `text` is the title of what an interviewer asked: "What they asked me (2024)", "She asked:"."""
        said = _REMARK_BEHIND.sub("", bare(text).casefold().strip(" :"))
        asked = next((phrase for phrase in self._asked if said.endswith(phrase)), "")
        before = said.removesuffix(asked).split() if asked else []
        told = len(before) == 1 or "what" in before or not asked.isascii() or not asked.startswith("asked")
        return bool(before) and told and len(text) <= _LONGEST_TITLE

    def speaks_of_interviews(self, text: str) -> bool:
        """Whether a name, a folder, a title or a tag speaks of interviews, exams or questions."""
        folded = without_accents(text.casefold())
        named = self.names_interviews(text) or any(label in folded for label in self._long_labels)
        named = named or not self._exams.isdisjoint(_WORDS.findall(folded))
        return named or bool(_Q_AND_A.search(text))

    def names_interviews(self, text: str) -> bool:
        """Whether a text that asks nothing names interviews: "Interview loop", "Preparing for the interview"."""
        folded = without_accents(text.casefold())
        return any(word in folded for word in self._interviews)

    def only_number(self, text: str) -> bool:
        """Whether a title only counts: "3", "Question 3", "Exercise B"."""
        match = _ONLY_NUMBER.fullmatch(text)
        word = next(filter(None, match.groups()), "").casefold() if match else ""
        return match is not None and (not word or word in self.counted or word in self.question_labels)

    def counts_questions(self, text: str) -> bool:
        """Whether a title only counts, and says that it counts questions: "Question 3"."""
        return self.only_number(text) and bare_label(text) in self.labels

    def opens_fold(self, text: str) -> bool:
        """Whether the summary of a fold only says to open it, or what kind of thing it hides."""
        return bool(self._folds.find(bare(text).casefold()))

    def to_ask(self, text: str, *, anywhere: bool = False) -> bool:
        """Whether `text` announces questions that the writer wants to put to the interviewer.

        `anywhere` is for titles: "Part 3: questions to the interviewer".
        """
        if text.rstrip().endswith((".", "。")):
            return False
        folded = bare(text).casefold().lstrip("¿")
        if len(folded) > _LONGEST_TITLE:
            return False
        if folded.rstrip(" :") in self._to_ask_titles:
            return True
        if ends_with_mark(folded):
            return bool(self._to_ask_questions.find(folded))
        return bool(self._to_ask_prefixes.find(folded) or (anywhere and self._to_ask_anywhere.search(folded)))

    def section_name(self, text: str) -> bool:
        """Whether `text` names a section as notes on anything have it ("References")."""
        name = bare(text).casefold().rstrip(" :：")
        return (name.rstrip("?？") if name.count(" ") >= _SENTENCE else name) in self._sections

    def titles_advice(self, text: str) -> bool:
        """Whether `text` is the title of advice: "Tips for answering"."""
        if len(text) > _LONGEST_TITLE:
            return False
        return not self._tips.isdisjoint(_TIPS.findall(bare(text).casefold().replace("’", "'")))

    def is_advert(self, text: str) -> bool:
        """Whether `text` names an advertisement of a job, whole or beside a name: "JD", "Northwind job ad (old)"."""
        text = _REMARK_BEHIND.sub("", bare(text))
        folded = text.casefold()
        if folded in self._adverts or _BEHIND_NAME.split(folded)[-1] in self._adverts:
            return True
        return any(_is_with_name(text, phrase) for phrase in self._adverts if phrase in folded)

    def glossary(self, text: str) -> bool:
        """Whether `text` is the title of a list of terms."""
        return any(word in self._glossaries for word in re.findall(r"\w+", bare(text).casefold()))

    def answer_label(self, text: str) -> bool:
        """Whether `text` is a title such as "Answer"."""
        if len(text) > _LONGEST_LABEL:
            return False
        return any(part.strip() in self.answers for part in _PARTS.split(bare_label(bare(text))))
