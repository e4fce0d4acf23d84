"""What makes a text look like a question or a stub: the words are in `words.toml`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from offbook.cards.words.bare import MARKS, REMARK, bare, ends_with_colon, ends_with_mark
from offbook.cards.words.phrases import Prefixes
from offbook.cards.words.telling import FIELD
from offbook.cards.words.titles import Titles
from offbook.text import UNSPACED, languages, words

_SENTENCE_END = re.compile(rf"(?<=[.!{MARKS}。！])[\"'”’)\]]*\s+(?=\S)")
_REMARK_BEHIND = re.compile(r"(?<!\s)\s++\([^()]*\)\Z")
USUAL_PROMPT = "is a usual prompt"
"""Why a title asks that every interviewer has."""
_SPACELESS = re.compile(f"[{UNSPACED}]")
_QUOTED = re.compile(r"([^\"“”„«»]*)[\"“„«]([^\"“”„«»]+)[\"”“»][.:]?")
_STUB_PADDING = " \t\n.…-–—*_:;!()[]{}<>\"'“”`~=+•/\\|,，！。：" + MARKS

_VERSUS = re.compile(
    r"\w\W{0,2}\s(?:[vV][sS]\.|[vV]s|[vV]ersus)\s\W{0,2}\w|(?<!\w)[^\W\da-z_]\w{0,30}\W{0,2}\sVS\s\W{0,2}[^\W\da-z_]"
)
_EDGES = re.compile(r"\A[\W_]+|[\W_]+\Z")
_ADDRESS = re.compile(r"\S+://\S+|www\.\S+", re.IGNORECASE)
_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|hallo|bonjour|hola|ciao|привет)\s(?:\S{1,12}\s){0,3}[^\s,]+,", re.IGNORECASE
)
_CONJUNCTION = re.compile(r"\A(?:or|and|then|also|und|oder|et|ou|y|o|e)\s+")

_LONGEST_QUESTION = 600  # characters, with a question mark
_LONGEST_UNMARKED = 240  # characters, without one
_LONGEST_UNMARKED_WORDS = 25
_MOST_OF_SCENE = 4  # sentences, with the question
_ASKED_BACK = re.compile(r"[(（][^\s()（）]++\s[^()（）]*+(?<=[?？])[)）]")  # "(which one?)"
_UNSURE = re.compile(r"[?？]{3,}\s+(?P<todo>.*)")
_LONGEST_STUB = 60  # characters
_MOST_BEFORE_QUOTED = 5  # words
_WORDS_BEFORE_BLANK = 4
_LONGEST_INSIDE = 100  # characters


def _remembered(say: Callable[[Lexicon, str], str]) -> Callable[[Lexicon, str], str]:
    """Remember what a method says of the latest texts: several recognisers ask of the same one."""
    return lru_cache(maxsize=4096)(say)


class Lexicon(Titles):
    """The words by which texts are told apart; `extra` are further openings of questions."""

    def __init__(self, extra: Iterable[str] = ()) -> None:
        super().__init__()
        self._asking = Prefixes(words("asking"))
        self._interrogative = Prefixes(words("asking"), words("questions"))
        openings = [*words("questions"), *words("addressing"), *_combined(), *(word.casefold() for word in extra)]
        self._openings = Prefixes([phrase for phrase in openings if "*" not in phrase])
        self._pattern = re.compile("|".join(_pattern(phrase) for phrase in openings if "*" in phrase))
        self._prefixes = tuple(words("prefixes"))
        self._endings = tuple(words("endings"))
        self._noun_endings = tuple(words("noun_endings"))
        self._noun_questions = [
            (Prefixes(table["noun_questions"]), Prefixes(table.get("subjects", ())))
            for table in languages().values()
            if "noun_questions" in table
        ]
        self._noun_openings = Prefixes(words("noun_questions"))
        self._addressing = Prefixes(words("addressing"))
        self._stubs = {_stub_key(stub) for stub in words("stubs") if "*" not in stub}
        self._open_stubs = re.compile("|".join(_pattern(stub) for stub in words("stubs") if "*" in stub))
        self.to_do = frozenset(words("to_do"))
        self._reminder = re.compile(rf"(?:{'|'.join(map(re.escape, words('reminders')))})\b(?:\W+\w+){{0,8}}\W*\Z")
        self._later = Prefixes(words("later"))
        self._letters = Prefixes(words("letters"))
        self._advice = frozenset(words("advice"))
        self.bare_prompts = frozenset(words("bare_prompts"))
        self._prompts = frozenset(words("prompts")) | self.bare_prompts
        self._about_code = tuple(words("about_code"))
        self.left_columns, self.right_columns = frozenset(words("left")), frozenset(words("right"))

    @_remembered
    def question(self, text: str) -> str:
        """Say why a reader would take `text` (plain, of one heading, item or line) for a question; "" if not."""
        text = bare(text)
        if _ADDRESS.fullmatch(text):
            return ""
        if ends_with_mark(text):
            return "ends in a question mark" if len(text) <= _LONGEST_QUESTION else ""
        if text.startswith("¿") and "?" not in text and len(text) <= _LONGEST_QUESTION:
            return "opens with a question mark"
        if _has_blank(text) and len(text) <= _LONGEST_UNMARKED:
            return "has a blank to fill"
        return self._question_and_more(text) or self.unmarked_question(text)

    def _question_and_more(self, text: str) -> str:
        """Take "What is SGD? Compare it with Adam.": every sentence asks, one of them with a mark."""
        sentences = _SENTENCE_END.split(text)
        if len(text) > _LONGEST_UNMARKED or len(sentences) < 2 or not ends_with_mark(sentences[0]):
            return ""
        asks = all(ends_with_mark(s) or self._openings.find(_CONJUNCTION.sub("", s.casefold())) for s in sentences)
        return "asks in each sentence" if asks else ""

    @_remembered
    def unmarked_question(self, text: str) -> str:
        """Say why a text without a question mark is a question; "" if it is none."""
        folded = bare(text).casefold()
        if not folded or len(folded) > _LONGEST_UNMARKED or len(folded.split()) > _LONGEST_UNMARKED_WORDS:
            return ""
        if self.section_name(folded):
            return ""
        opening = self._openings.find(folded) or self._opens_with_gap(folded)
        if opening and self._stays_a_question(folded):
            return f"opens with “{opening}”"
        if folded.startswith(self._prefixes) and not folded.endswith(("。", ".")):
            return "opens as a question does"
        ending = folded.rstrip("。.!！ ")
        asks = ending.endswith(self._endings) or folded.endswith(self._noun_endings)
        if asks and not _SENTENCE_END.search(folded) and len(folded) <= 80:
            return "ends as a question does"
        return ""

    def _opens_with_gap(self, folded: str) -> str:
        match = self._pattern.match(folded)
        return match[0] if match else ""

    def noun_question(self, text: str) -> str:
        """Say why a title such as "Why this team" asks; "" where it tells, as "Why it matters" does."""
        folded = bare(text).casefold().rstrip(" :")
        if folded.endswith(".") or not self._noun_openings.find(folded):
            return ""
        for openings, subjects in self._noun_questions:
            opening = openings.find(folded)
            rest = folded[len(opening) :].strip()
            if opening and rest and not subjects.find(rest):
                return f"opens with “{opening}”"
        return ""

    @_remembered
    def line_question(self, text: str) -> str:
        """Say why a line of its own among prose is a question; stricter than `question`."""
        text = bare(text)
        if _ADDRESS.fullmatch(text) or _GREETING.match(text):
            return ""
        if not ends_with_mark(text):
            # "Explain these topics:" opens a list; "Tell me about yourself:" is asked.
            if ends_with_colon(text) and not self.addresses(text):
                return ""
            return "has a blank to fill" if _has_blank(text) else self.unmarked_question(text.rstrip(" :："))
        if len(text) > _LONGEST_QUESTION:
            return ""
        sentences = _SENTENCE_END.split(REMARK.sub("", text))
        if ends_with_mark(sentences[0]) or self._interrogative.find(text.casefold()):
            return "is a question on a line of its own"
        # "A node is down. What do you do?" sets a scene; "Call Anna. Is the visa ready?" is a note to oneself.
        if (
            len(sentences) <= _MOST_OF_SCENE
            and len(text) <= _LONGEST_UNMARKED
            and self._openings.find(sentences[-1].casefold())
        ):
            return "sets a scene and asks"
        return ""

    def addresses(self, text: str) -> bool:
        """Whether `text` opens as only interviewers do: "Tell me", "Walk us through"."""
        return bool(self._addressing.find(bare(text).casefold()))

    def tells(self, text: str) -> bool:
        """Whether a title opens with a question's word and yet tells: "What I learned", "How it works"."""
        folded = bare(text).casefold()
        return bool(self._asking.find(folded)) and not self.question(text.rstrip(" .。"))

    def demands(self, text: str) -> bool:
        """Whether `text` opens with what may as well be an instruction: "Explain", "Define"."""
        folded = bare(text).casefold()
        return bool(self._openings.find(folded)) and not self._asking.find(folded) and not self.addresses(text)

    def goes_on(self, text: str) -> bool:
        """Whether a sentence behind a question goes on asking: "Compare it with Adam.", "Or state an example."."""
        folded = bare(text).casefold()
        return self.demands(_CONJUNCTION.sub("", folded)) or bool(_CONJUNCTION.match(folded))

    def asks_more(self, text: str) -> bool:
        """Whether what stands behind a question asks on, or says how to answer: "Be honest."."""
        first = text.partition("\n")[0]
        return self.goes_on(text) or ends_with_mark(first) or self._says_how(text)

    def is_about_code(self, text: str) -> bool:
        """Whether a question is about code that must be seen with it: "What does this print?"."""
        folded = text.casefold()
        return any(phrase in folded for phrase in self._about_code)

    def greets(self, text: str) -> bool:
        """Whether `text` opens as a letter does, with a name and a comma: "Hi Dana,"."""
        return bool(_GREETING.match(text))

    def is_letter(self, text: str) -> bool:
        """Whether `text` opens or ends a letter: "Dear Ada", "Best wishes"."""
        return bool(self._letters.find(bare(text).casefold()))

    def is_rubric(self, text: str) -> bool:
        """Whether what stands behind the parts of a story asks or demands: it says how to tell one."""
        found = [(line, match) for line in text.split("\n") if (match := FIELD.match(line))]
        fields = [line[match.end() :] for line, match in found if self.story_part(match[1])]
        asked = list(filter(self._says_how, fields))
        return len(asked) > 1 and len(asked) >= len(fields) / 2

    def _says_how(self, text: str) -> bool:
        """Whether a text asks, demands or says what to tell: "Describe the situation", "Set the scene"."""
        first = re.search(r"[^\W\d_]+", text.casefold())
        return bool(self.question(text)) or (first is not None and first[0] in self._advice)

    def quotes_question(self, text: str) -> str:
        """Say why a text asks that ends in a quoted question behind a few words: `Example: "Why us"`."""
        match = _QUOTED.fullmatch(text.strip())
        if match and len(match[1].split()) <= _MOST_BEFORE_QUOTED and self.opens_question(match[2]):
            return "quotes a question"
        return ""

    def prompt(self, text: str) -> str:
        """Say why a title asks that is one of those that every interviewer has: "My strengths", "About me"."""
        named = _REMARK_BEHIND.sub("", bare(text).casefold().strip(" :："))
        return USUAL_PROMPT if named in self._prompts else ""

    def compares(self, text: str) -> str:
        """Say why a title asks that sets two things against each other: "PUT vs PATCH"."""
        return "compares two things" if _VERSUS.search(text) else ""

    def asks_inside(self, text: str) -> str:
        """Say why a text in a script without spaces asks: its question word stands anywhere in it."""
        signs = len(_SPACELESS.findall(text))
        if len(text) > _LONGEST_INSIDE or signs < len(text) / 2:
            return ""
        asks = any(len(word) > 1 and not word.isascii() and word in text for word in self._prefixes)
        return "holds a question's word" if asks else ""

    def asks_twice(self, text: str) -> str:
        """Say why a heading asks that goes on behind its questions: "What is a TLB? Why purge it? Hint: chapter 3"."""
        asks = sum(map(ends_with_mark, _SENTENCE_END.split(text))) > 1 and len(text) <= _LONGEST_QUESTION
        return "asks in several sentences" if asks else ""

    def opens_question(self, text: str) -> bool:
        """Whether the first line of a wrapped text opens as a question does."""
        folded = bare(text).casefold()
        return bool(self._interrogative.find(folded)) or folded.startswith(("¿", *self._prefixes))

    def stub(self, text: str) -> bool:
        """Whether an answer says only that it is still to be written."""
        key = _stub_key(text)
        if len(text) > _LONGEST_STUB:
            return False
        said = key in self._stubs or self._open_stubs.fullmatch(key) or self._reminder.fullmatch(key)
        return bool(said) or not any(c.isalnum() for c in key)

    def asks_back(self, text: str) -> bool:
        """Whether an answer is still to be found out, as its writer says: `??? ask Renu`, `(which one?)`."""
        unsure = _UNSURE.fullmatch(text.strip())
        asked = _ASKED_BACK.fullmatch(text.strip()) or (unsure and self._later.find(unsure["todo"].casefold()))
        return bool(asked) and len(text) <= _LONGEST_STUB

    def _stays_a_question(self, folded: str) -> bool:
        """Tell "what is GIL" from "What makes it hard is the network." and "What is needed:"."""
        if not self._asking.find(folded):
            return True  # "Describe …" asks whatever it ends in
        return not folded.endswith((".", ":", "…", "!", ",", ";"))


def _has_blank(text: str) -> bool:
    """Whether a sentence has a blank to fill: "The agent on a node is called ____."."""
    before, blank, _ = text.partition(" ___")
    return bool(blank) and len(before.split()) >= _WORDS_BEFORE_BLANK


@lru_cache(maxsize=4)
def lexicon(extra: tuple[str, ...] = ()) -> Lexicon:
    """Return the lexicon with the settings' further openings."""
    return Lexicon(extra)


def _combined() -> list[str]:
    """Return the openings that a question's word and a verb make: "what is"."""
    tables = [table for table in languages().values() if "ask" in table]
    return [f"{word} {verb}" for table in tables for word in table["ask"] for verb in table["verbs"]]


def _pattern(phrase: str) -> str:
    words = r"\s+".join(r"\S+(?:\s+\S+){0,3}?" if word == "*" else re.escape(word) for word in phrase.split())
    return words + r"\b"


def _stub_key(text: str) -> str:
    return _EDGES.sub("", " ".join(text.casefold().split()).strip(_STUB_PADDING))
