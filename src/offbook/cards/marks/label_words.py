"""The words that are labels of questions and answers in a note: known ones, and those that its writer uses so."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from difflib import get_close_matches
from enum import Enum
from functools import lru_cache
from itertools import pairwise

from offbook.cards.note.page import Page
from offbook.cards.note.predicates import ARROW, untasked
from offbook.cards.words.bare import ends_with_mark
from offbook.markdown import Block
from offbook.text import words

_TITLES = r"(?:(?:Prof|Dr|Dra|Mr|Mrs|Ms|Hr|Fr|Sr|Sra|Mme|Ing)\.\s){0,2}"
"""What stands in front of a name: "Prof. Dr. Babic"."""
LABEL = re.compile(
    r"(?P<open>[\s>●•▪◦·*_#-]*+)(?:(?<=[*_])[\u2600-\u27bf\U0001f300-\U0001faff\u200d\ufe0f]++\s?)?(?:\(\d{1,3}\)\s?)?"
    rf"(?P<word>{_TITLES}[^\W\d_]++(?:-[^\W\d_]++)?(?:\s[^\W\d_]++){{0,3}})(?:\.(?=[\d:]))?\s?#?(?P<number>\d{{0,3}})(?:\s?[(\[（【][^()\[\]（）【】\n]{{1,60}}[)\]）】])?\s?"
    r"(?P<shut>(?:\*{1,3}|_{1,3})?)\s?(?P<sep>::(?=\s|\Z|\*|_)|[:：>]|(?<=\d)[.．]?\)|(?<=\b[QA])\)|(?<=\b[Aa]ns)[)–-]|(?<=\bQ\.\d)(?=\s)|(?<=\bQ\.\d\d)(?=\s)|[.．](?=\s|\Z|\*|_|<)|(?<=\b[QA]\s)[-–—](?=\s|\Z)|(?<=\d)(?=(?:\*\*|__)?\s*\Z))(?!:|//)"
    r"(?P<after>(?:\*{1,3}|_{1,3})?)\s*(?P<text>.*)"
)
_IN_BRACKETS = re.compile(r"\A([\s*_]*+)[【［〔]([^\W_]{1,12})[】］〕]\s*+[:：]?")
_LABEL_IN_BRACKETS = re.compile(
    r"[\[【［〔]\s*(?P<word>[^\W\d_][^\[\]【】\d]{0,20}?)\s*\d{0,3}\s*[\]】］〕][:：]?\s+(?P<text>.+)"
)
_NUMBERED_LABEL = re.compile(r"[\s*_]*([^\W\d_]{3,12})\s?\d{0,2}[*_]*\s?[-–—).>]+[*_]*\s+(?=\S)")
_WITHOUT_COLON = re.compile(r"[*_]*+([^\W\d_]{2,12})[*_\\]*+\s*+(?:\Z|\d{0,2}\s?[-–—=.]++[*_]*+\s*+(?=\S))")
# Letters for question and answer. All but Q count only where a note uses both of a pair.
_MAY_LABEL = re.compile(r"[:.：．>)】］〕]|\A\W*[QA] [-–—]|[^\W\d_]\s?#?\d{1,3}\W{0,3}\Z")
_PAIRS = ("qa", "qr", "pr", "fa", "во", "dr", "va", "po", "sc", "fs", "vr", "問答", "问答", "문답", "سج")
_FEWEST_WITHOUT_COLON = 2  # lines
_FEWEST_DOTTED = 2  # `Q.` without an `A.` in the note
_FEWEST_LEARNED = 3
_FEWEST_TURNS = 2  # of one who asks each time
_FEW_WORDS = 2
_SHARE_LEARNED = 0.7
_SHARE_ASKING = 0.4  # of what one says in a dialogue, who asks
_SHARE_ASKING_OF_FEW = 0.6
_MARK = re.compile(r"[?？؟][\"”“»*_]*\s+(?=(?P<arrow>" + ARROW + r")?)")
_WITHIN = re.compile(r"(?<=\S)[ \t]+[*_]*([^\W\d_]+)[*_]*[ \t]?[:：][*_]*[ \t]+(?=\S)")
_SENTENCES = re.compile(r"(?<=[.!?？。！])\s+")
_TYPO = 0.75  # how alike a misspelt label must be
_SHORTEST_TYPO = 5  # letters
_TITLE = "#"
LETTER = len("Q:")
"""The length of a label of one letter, with what ends it."""


class Role(Enum):
    """What a line says of itself."""

    QUESTION = "question"
    ANSWER = "answer"
    TURN = "turn"
    """One speaks who asks elsewhere in the note, and does not ask."""
    NONE = ""


class Labels:
    """Which words are labels in this note: known ones, and those that the writer uses as labels."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._lexicon = page.lexicon
        blocks = [b for b in page.blocks if b.type in ("paragraph", "heading")]
        lines = [line for block in blocks for line in block.lines if not line.startswith(("    ", "\t"))]
        labelled = [(_word(match), match) for line in lines if (match := _labelled(line))]
        counts = Counter(word for word, _ in labelled)
        words = set(counts)
        self.questions = {word for word in words if word[:-1] in self._lexicon.labels and word[-1] == ":"}
        self.answers = {
            word for word in words if word[-1:] == ":" and (word[:-1] in self._lexicon.answers or self._misspelt(word))
        }
        self._add_named(counts, labelled)
        self.answers |= {_as_word(label.strip()) for label in page.rules.own.answers}
        without = Counter(match[1].casefold() for line in lines if (match := _WITHOUT_COLON.match(line)))
        self._without_colon = {
            word for word, count in without.items() if count >= _FEWEST_WITHOUT_COLON and word in self._lexicon.answers
        }
        """Labels of answers that stand on lines of their own, or in front of another sign."""
        self.answers |= {f"{word}:" for word in self._without_colon}
        counted = {word for word, match in labelled if match["number"]}
        for separator in ":.-":
            self._add_letters({word[:-1] for word in words if word[-1:] == separator}, separator, counted)
        self.questions |= self._counted(blocks) - self.answers
        self.questions |= self._asks_alone(labelled)
        if counts["q."] >= _FEWEST_DOTTED:
            self.questions.add("q.")
        self.ask_in_turn: set[str] = set()
        """The labels of those who ask in a dialogue, and say other things, too."""
        self.myself: set[str] = set()
        """The labels of the writer in a dialogue, who tells; what he asks is for the interviewer."""
        is_labelled = bool(self.questions or self.answers)
        said = [said for block in blocks for said in _said(block)]
        if not self.answers and any(n >= _FEWEST_TURNS for n in counts.values()):
            self._listen(said)
            self._learn(page, blocks, counts)
        if not is_labelled:
            self._hear_myself(said)

    def _add_named(self, counts: Counter[str], labelled: list[tuple[str, re.Match[str]]]) -> None:
        """Add labels of several words of which one is a known label: `Scenario answer:`, and then `Scenario:`."""
        named = {word: word[:-1].rpartition(" ")[2] for word in counts if word.endswith(":") and " " in word}
        about = {
            word for word in named if word.split(" ")[0] in self._lexicon.labels and not self._lexicon.to_ask(word)
        }
        tells = {word for word, match in labelled if word in about and not self._asks(match["text"])}
        self.questions |= {word for word, last in named.items() if last in self._lexicon.labels} | (about - tells)
        self.answers |= {word for word, last in named.items() if last in self._lexicon.answers}
        self.answers |= {word for word in named if counts[word] > 1 and self._speaks_of_answers(word[:-1].split(" "))}
        without_last = {f"{name}:" for word in self.answers if (name := word.rpartition(" ")[0])}
        self.questions |= without_last & counts.keys() - self.answers  # of "Scenario answer:" the "Scenario:"

    def _learn(self, page: Page, blocks: list[Block], counts: Counter[str]) -> None:
        """Learn a word that stands below most questions as the label of answers, one before questions as theirs."""
        asks: Counter[str] = Counter()
        below: Counter[str] = Counter()
        found: list[str] = []
        above, over = "", None
        for block in blocks:
            for line in block.lines:
                match = _labelled(line) if ":" in line or "：" in line else None
                word = _word(match) if match else ""
                text = page.text(match["text"] if match else line)
                if match and self._lexicon.line_question(text):
                    asks[word] += 1
                if (
                    match
                    and match["text"].strip()
                    and block.type != "heading"
                    and (over is block or block.lines[0] is line or line == block.lines[0])
                ):
                    below[word] += bool(self._lexicon.question(above) or self._lexicon.noun_question(above))
                above, over = text, block
        for word, count in counts.items():
            known = word in self.questions or not word.endswith(":") or self._lexicon.story_part(word)
            if known or len(word.split()) > _FEW_WORDS:
                continue
            if not asks[word] and count >= _FEWEST_LEARNED and below[word] >= _SHARE_LEARNED * count:
                found.append(word)
        recurring = [word for word in counts if word.endswith(":") and word not in self.questions and not asks[word]]
        for word in found:
            if sum(counts[other] >= _SHARE_LEARNED * counts[word] for other in recurring) == 1:
                self.answers.add(word)  # with other labels beside it, it names one of an answer's parts
        for word, count in counts.items() if self.answers else ():
            learned = asks[word] >= _FEWEST_LEARNED and asks[word] >= _SHARE_LEARNED * count
            if learned and word not in self.ask_in_turn:
                self.questions.add(word)

    def _speaks_of_answers(self, words: list[str]) -> bool:
        """Whether a label of three words or four has that of an answer in its midst, as "A sample answer here" does."""
        spans = ((first, last) for last in range(1, len(words)) for first in range(last))
        return len(words) > _FEW_WORDS and any(" ".join(words[a:b]) in self._lexicon.answers for a, b in spans)

    def _counted(self, blocks: list[Block]) -> set[str]:
        """Return the letters that count questions in a note, `S1:`, `S2:`, `S3:`; A counts answers, and choices."""
        numbers: dict[str, list[str]] = defaultdict(list)
        for block in blocks:
            match = LABEL.match(block.content) if block.type == "paragraph" else None
            if match and len(match["word"]) == 1 and match["number"] and match["text"].strip():
                numbers[_word(match)].append(match["number"])
        return {
            word
            for word, found in numbers.items()
            if word[0] not in "ar" and len(set(found)) >= max(_FEWEST_LEARNED, _SHARE_LEARNED * len(found))
        }

    def _asks_alone(self, labelled: list[tuple[str, re.Match[str]]]) -> set[str]:
        """Return the letter in front of several texts that ask, where no other letter is a label: `S: Neden?`."""
        asks: dict[str, list[bool]] = defaultdict(list)
        for word, match in labelled:
            if len(word) == LETTER and word.endswith(":") and not match["number"]:
                asks[word].append(self._asks(match["text"]))
        return set(asks) if len(asks) == 1 and sum(*asks.values()) >= _FEWEST_LEARNED else set()

    def _hear_myself(self, said: list[tuple[str, str]]) -> None:
        """Learn the labels of the writer, `Me:`, and of those who ask right above what he says: `Tom: Why us?`.

        Who answers what he asks speaks with him, too.
        """
        found = {label for label, _ in said if label[:-1] in self._lexicon.myself and label.endswith(":")}
        others: set[str] = set()
        told = False
        for (first, text), (then, _) in pairwise(said) if found else ():
            other = then if first in found else first
            speaks = (first in found) is not (then in found) and other.endswith(":") and _may_speak(other)
            is_part = len(other) > LETTER and self._lexicon.story_part(other)
            if speaks and ends_with_mark(self._page.text(text)) and not is_part:
                others.add(other)
                told = told or then in found
        if told:
            self.myself = found
            self.answers |= found
            self.ask_in_turn |= others - self.questions - self.answers

    def _listen(self, said: list[tuple[str, str]]) -> None:
        """Learn the labels of two who speak, one of whom asks; `said` are all lines, each with its label or none.

        What stands right below most headings is no turn, but a part of what a heading asks for.
        """
        turns = [(word, text) for word, text in said if _may_speak(word) and text]
        at_once = Counter((first, then) for (first, _), (then, _) in pairwise(said))
        pairs = Counter((first, then) for (first, _), (then, _) in pairwise(turns) if first != then)
        if not pairs:
            return
        (first, then), count = pairs.most_common(1)[0]
        back = min(count, _FEWEST_LEARNED) - 1
        if self._lexicon.story_part(first) or count < _FEWEST_TURNS or pairs[then, first] < back:
            return
        asks: dict[str, list[bool]] = {first: [], then: []}
        for word, text in turns:
            if word in asks:
                asks[word].append(self._asks(text))
        share = {word: sum(found) / len(found) for word, found in asks.items()}
        asking, telling = sorted(share, key=lambda word: -share[word])
        if asking[:-1] in self._lexicon.myself:
            return  # he asks the interviewer
        below_titles = sum(pair == (_TITLE, asking) for pair in pairwise(word for word, _ in said))
        if below_titles >= max(_FEWEST_TURNS, _SHARE_LEARNED * len(asks[asking])):
            return
        behind_text = 2 * at_once[asking, telling] < pairs[asking, telling]  # as a part of an answer stands
        if behind_text or (telling == "a." and any(word == "b." for word, _ in turns)):
            return
        few = count < _FEWEST_LEARNED
        if few and count <= len(asks[asking]) / 2:
            return  # a term opens two of the answers
        sure = _SHARE_ASKING_OF_FEW if few else _SHARE_ASKING
        if share[asking] >= sure and share[telling] < share[asking] / 2:
            self.ask_in_turn.add(asking)
            self.answers.add(telling)

    def _asks(self, text: str) -> bool:
        sentences = _SENTENCES.split(self._page.text(text))
        return any(self._lexicon.question(sentence) for sentence in sentences[-2:])

    def _add_letters(self, words: set[str], separator: str, counted: set[str]) -> None:
        """Add the letters that label here; `S: T: A: R:` tells, `A: C: I: D:` spells, `A: B: C:` gives a choice.

        Any pair does before a colon, or where both are `counted`: `Q1.` and `R1.`.
        """
        others = sum(len(word) == 1 for word in words - {"a", "q"})
        a_is_other = "b" in words or (others > 1 and (separator == "-" or "q" not in words))
        for index, (question, answer) in enumerate(map(tuple, _PAIRS)):
            if separator != ":" and index and not {question + separator, answer + separator} <= counted:
                continue
            if {question, answer} <= words and not (answer == "r" and "s" in words):
                if not (answer == "a" and a_is_other):
                    self.answers.add(answer + separator)
                self.questions.add(question + separator)
        if separator == "." and "q" in words:
            self.answers |= {f"{word}." for word in words if word in self._lexicon.answers and len(word) > 1}
        if separator == ":" and "q" in words:
            self.questions.add("q:")
        if separator == ":" and "a" in words and not a_is_other:
            self.answers.add("a:")

    def _misspelt(self, word: str) -> bool:
        word = word[:-1]
        if len(word) < _SHORTEST_TYPO or word in self._lexicon.labels:
            return False
        return bool(get_close_matches(word, ("answer",), 1, _TYPO)) and word not in ("answered", "answering", "another")

    def role(self, line: str) -> tuple[Role, str]:
        """Return a line's role and what stands behind its label."""
        match = _labelled(line)
        word = _word(match) if match else ""
        text = unwrapped(match["open"], match["after"] or match["shut"], match["text"]) if match else ""
        if word in self.questions and (text or not word.endswith("questions:")):
            return Role.QUESTION, text
        if word in self.answers:
            return Role.ANSWER, text
        if word in self.ask_in_turn:
            return (Role.QUESTION if self._asks(text) and not self._lexicon.to_ask(text) else Role.TURN), text
        match = _WITHOUT_COLON.match(line) if self._without_colon else None
        if match and match[1].casefold() in self._without_colon:
            return Role.ANSWER, line[match.end() :]
        return Role.NONE, line

    def both(self, text: str) -> tuple[str, str] | None:
        """Return question and answer of a text that holds both, an arrow or an answer's label between them."""
        for mark in _MARK.finditer(text):
            rest = text[mark.end() :]
            match = LABEL.match(rest)
            if match and (_word(match) in self.answers or match["word"].casefold() in ("a", *self._lexicon.answers)):
                return text[: mark.end()].strip(), unwrapped(
                    match["open"], match["after"] or match["shut"], match["text"]
                )
            if mark["arrow"]:
                return text[: mark.end()].strip(), rest
        within = next(
            (m for m in _WITHIN.finditer(text) if m[1] == "A" or m[1].casefold() in self._lexicon.answers), None
        )
        return (text[: within.start()].strip(), text[within.end() :]) if within else None


def _said(block: Block) -> Iterator[tuple[str, str]]:
    """Yield the label and the text of each line of a block; a heading has the label of titles, if none with a colon."""
    for line in block.lines:
        match = None if line[:1].isspace() else _labelled(line)
        if match and block.type != "heading":
            yield _word(match), match["text"]
        elif not line[:1].isspace():
            word = _word(match) if match else ""
            yield (word if word.endswith(":") else _TITLE if block.type == "heading" else ""), line


def _as_word(label: str) -> str:
    """Return a label of the writer's own, `Antw:` or `A.`, as `word_of` has it; without a sign a colon ends it."""
    match = LABEL.match(f"{label} x") if label[-1:] in ".)-–—" else None
    return _word(match) if match else f"{label.casefold().strip(' :')}:"


def _may_speak(word: str) -> bool:
    """Whether a label may be that of one who speaks: a name, with titles in front or without, a role, a letter."""
    names = [part for part in word.split() if not part.endswith(".")]
    return len(word) == LETTER or (word.endswith(":") and len(names) <= _FEW_WORDS)


def word_of(line: str) -> str:
    """Return the label that a line may open with, in small letters, with `:` or `.` for what follows it."""
    match = _labelled(line)
    return _word(match) if match else ""


def label_number(line: str) -> int:
    """Return the number in the label that a line opens with, `Answer 2:`, or 0."""
    match = _labelled(line)
    return int(match["number"] or 0) if match else 0


def _labelled(line: str) -> re.Match[str] | None:
    if not _MAY_LABEL.search(line):
        return None
    match = LABEL.match(untasked(_IN_BRACKETS.sub(r"\1\2: ", line, count=1)))
    return None if match and match["sep"] == "::" and match["word"].casefold() not in _known() else match


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """The words that are labels before two colons, too; any other one there names a field: `Source:: …`."""
    return frozenset(("q", "a", *words("labels"), *words("answers")))


def _word(match: re.Match[str]) -> str:
    sep = match["sep"][:1]
    return match["word"].casefold() + (":" if sep in ":：>" else "-" if sep in "-–—" else ".")


def unwrapped(opening: str, closed: str, text: str) -> str:
    """Drop the closing mark of emphasis that opened before the label: `**Q: Why?**`."""
    mark = opening.strip(" \t>●•▪◦·-")
    if mark and not closed and mark in text:
        head, _, tail = text.partition(mark)
        return (head + tail).strip()
    return text.strip()


def heading_label(page: Page, heading: Block) -> str:
    """Return what stands behind the label of a question in a heading, also in brackets; nothing where it has none."""
    inner = _LABEL_IN_BRACKETS.match(heading.content)
    if inner and inner["word"].casefold() in page.lexicon.question_labels:
        return inner["text"].strip()
    match = LABEL.match(heading.content) if ":" in heading.content or "：" in heading.content else None
    if match and match["sep"][:1] in ":：" and match["word"].casefold() in page.lexicon.question_labels:
        return match["text"].strip()
    return ""


def label_of_answer(page: Page, content: str) -> str | None:
    """Return a text without the label of an answer in front of it, `Answer:` or `A1)`; None where it has none."""
    line, _, below = content.partition("\n")
    match = LABEL.match(line)
    if match and len(match["word"]) > 1 and page.lexicon.answer_label(match["word"]):
        text = unwrapped(match["open"], match["after"] or match["shut"], match["text"])
        return f"{text}\n{below}".strip()
    match = _NUMBERED_LABEL.match(content)
    return content[match.end() :] if match and page.lexicon.answer_label(match[1]) else None
