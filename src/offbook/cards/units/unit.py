"""Units: the pieces of a note that could ask, what they look like, and how much they ask by themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum

from offbook.cards.note.counting import number_of
from offbook.cards.note.dress import dressed, undecorated
from offbook.cards.note.leads import broken_on, is_marked, leading_question
from offbook.cards.note.page import Page
from offbook.cards.words.bare import bare, ends_with_colon, ends_with_mark, with_mark
from offbook.cards.words.lexicon import USUAL_PROMPT
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph
from offbook.markdown.tag import BLOCK_ID

_BOLD = re.compile(
    r"\A(?:\*\*\*|\*\*|__|==|<u>)(?=\S)(?P<text>[^\n]+?)(?<=\S)(?:\*\*\*|\*\*|__|==|</u>)"
    r"(?P<mark>[ \t]*(?:[?？](?![?？])|[:：.])?)(?P<rest>.*)",
    re.DOTALL,
)
_ID_BEHIND = re.compile(rf"(\A[^\n]*\S)(?:[ \t]+{BLOCK_ID.pattern}|\s*\n[ \t]*{BLOCK_ID.pattern}\Z)")
_CODE = re.compile(r".*(?:[{};]|\w\(|\) ?=>)\s*|@[A-Z]\w*(?:\(.*\))?")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_FIELDS = (re.compile(r"[^:：\d\n]{1,30}[:：]\s+\S"), re.compile(r"[^\d\n]{1,30}?\s[=–—-]\s+\S"))
_ONLY_SIGNS = re.compile(r"(?:[^\w\s\x00-\x7f…–—]|\s)*")
_ONLY_NUMBER = re.compile(r"\W*\d{1,3}\W*")
_REMARK = re.compile(r"(?<!\s)\s*+([*_]{0,3}[(（\[][^()（）\[\]\n]{1,60}[)）\]][*_]{0,3})[:：]?[\s\\]*\Z")
ASKS_AND_TELLS = re.compile(r"([^.!?？؟\n]{3,200}[?？؟]+)[ \t]+(?=[^\W_])(.+)", re.DOTALL)
"""A text that asks, and goes on behind that."""
_ENDS_PROSE = (".", ",", ";", "!", "。", "，", "；", "…", "-", "—")
_ENDS_SENTENCE = ("。", "？", "！", ":", "：", "?")
_LONGEST_WRAP = 4  # lines
_LONGEST_ASKED = 300  # characters of a question without a plain one's shape
_LONGEST_TOPIC = 110  # characters
_LONGEST_TITLE = 6  # words
MOST_WORDS = {"line": 12, "list-item": 15, "heading": 45}
_SENTENCE = re.compile(r"[^.!?？。]*+[.!?？。]?")
_MOST_WORDS_OF_FIELD = 6
PROSE = "is prose"
NAMES_SECTION = "is a usual title of a section"
NAMES_PART = "names a part, as others of its name do"
TITLE_OF_QUESTIONS = "is the title of questions"
PART_OF_STORY = "names a part of a story"
TELLS_STORY = "is told in the parts of a story"
_FOR_INTERVIEWER = "is for the interviewer"


class Cue(IntEnum):
    """How much a unit asks by itself."""

    TELLS = -1
    """It names a section, tells, or is prose."""
    TOPIC = 0
    """It may be what the writer asks about: short, without a question's shape."""
    DEMANDS = 1
    """It opens as an instruction does: "Explain"."""
    ASKS = 2


@dataclass(slots=True, eq=False)
class Unit:
    """A piece of text that could ask."""

    block: Block
    """The heading, list item or paragraph that it opens."""
    kind: str
    """`heading`, `list-item` or `line`."""
    question: list[Block]
    rest: list[Block] = field(default_factory=list)
    """What stands behind the question in its own paragraph."""
    below: list[Block] = field(default_factory=list)
    """A heading's section, an item's children."""
    depth: int = 0
    """A heading's level, an item's nesting."""
    home: object = None
    """What holds its siblings: the section, the list."""
    emphasis: str = "plain"
    """`bold` as a whole, `led` by a bold run, `number` in bold, `quoted`, `capitals`, `link`, `quote`, or `plain`."""
    sign: str = ""
    form: str = ""
    """How its number is written, `:` where a colon ends it."""
    number: int | None = None
    body: str = ""
    """How its answer follows: `inside`, `tight`, `quote`, `loose`, `behind`, or not at all."""
    cue: Cue = Cue.TOPIC
    why: str = ""
    """Of its cue."""
    reason: str = ""
    """Why it asks in this note; empty where it does not."""
    doubt: bool = False
    """Whether it was a close decision."""
    passed: str = ""
    """Why it does not, where its neighbours do."""
    is_open: bool = False
    """Whether it is an open question where nothing answers it, though it asks nothing by itself."""
    is_kept: bool = False
    """Whether it was a card before, and stays one."""
    ends: bool = False
    """Whether it ends the answer above it, though it asks nothing."""

    @property
    def looks(self) -> tuple[str, object, str]:
        """What a reader's eye tells it by."""
        return self.emphasis, bool(self.sign) if self.emphasis == "bold" else self.sign, self.form

    @property
    def is_dressed(self) -> bool:
        """Whether it looks like more than plain text."""
        return self.emphasis in ("bold", "led", "quoted", "capitals", "italic") or bool(self.sign or self.form)

    @property
    def source(self) -> str:
        """The inline source of its question's first block."""
        return self.question[0].content


def is_next(unit: Unit, other: Unit) -> bool:
    """Whether another unit is the next of the same rank: its number goes on, or it is the title of questions."""
    counts_on = unit.number is not None and other.number == unit.number + 1
    if counts_on and (other.form == unit.form or other.cue is Cue.ASKS):
        return True
    short = other.is_dressed and len(other.source.split()) <= _LONGEST_TITLE
    titles = short and other.kind == "line" and other.why == TITLE_OF_QUESTIONS
    return titles or other.why == _FOR_INTERVIEWER


def opened(page: Page, block: Block, kind: str, text: Block) -> Unit:
    """Read what a paragraph or an item opens with: a question that runs over lines, a bold run, a first line."""
    sign, emphasis, content = dressed(_ID_BEHIND.sub(r"\1", text.content, count=1), page.brackets)
    bold = _BOLD.match(undecorated(content))
    first = page.text(text.lines[0])
    unit = Unit(block, kind, [], sign=sign, emphasis=emphasis or _emphasis(bold))
    unit.number, unit.form = number_of(page, first)
    if bold and unit.emphasis == "number":
        content, bold = (bold["mark"].lstrip(" .:") + bold["rest"]).lstrip(), None
    lead = leading_question(page, paragraph(content, text.line, text.end), strict=kind == "line")
    if lead is not None:
        unit.question, unit.rest, unit.why = [lead.question], lead.rest, lead.reason
        asked = page.asked(lead.question.content)
        sure = lead.emphasised or is_marked(page, lead) or not page.lexicon.demands(asked)
        unit.cue = Cue.ASKS if sure else Cue.DEMANDS
        if page.lexicon.to_ask(asked):
            unit.cue, unit.why = Cue.TELLS, _FOR_INTERVIEWER
        elif page.lexicon.story_part(re.split("[:：]", asked)[0]):
            unit.cue, unit.why = Cue.TELLS, PART_OF_STORY
        if ends_with_mark(asked):
            unit.form = unit.form or _colon(bold)
        return unit
    if not bold and "\n" in content and _is_wrapped(page, content):
        unit.question, unit.cue, unit.why = [paragraph(content, text.line, text.end)], Cue.ASKS, "is a question"
        return unit
    if (
        not bold
        and unit.emphasis != "quoted"
        and (told := ASKS_AND_TELLS.match(content))
        and (kind == "line" or "\n" in told[2])
    ):
        goes_on = unit.form or page.lexicon.goes_on(told[2]) or ends_with_mark(told[2])
        asked = page.asked(told[1])
        if (page.lexicon.opens_question(asked) or page.lexicon.compares(asked)) and not goes_on:
            unit.question = [paragraph(undecorated(told[1]), text.line)]
            unit.rest = [paragraph(told[2].strip(), text.line, text.end)]
            unit.why = "asks and answers on one line"
            return unit
    return _headed(page, unit, paragraph(content, text.line, text.end), bold)


def _headed(page: Page, unit: Unit, text: Block, bold: re.Match[str] | None) -> Unit:
    """Read a unit without a plain question's shape: its bold run or its first line is its head."""
    head, body, at = _first_line(text.content, bold)
    if not bold and (more := broken_on(text.lines, 1)) and text.lines[1][:1].islower():
        head, body, at = "\n".join(text.lines[: more + 1]), "\n".join(text.lines[more + 1 :]), more + 1
    asked = page.asked(head)
    unit.cue, unit.why = cue_of(page, asked.rstrip(" \\"), unit.kind)
    if unit.emphasis == "quoted" and _asks_first(page, asked):
        unit.cue, unit.why = Cue.ASKS, "quotes a question"
    colon = ends_with_colon(head) and bool(body)
    if unit.emphasis == "led" or (
        unit.kind == "line" and not bold and not unit.sign and not _asks_anyway(unit, colon=colon)
    ):
        unit.cue = min(unit.cue, Cue.TOPIC)
    unit.form = unit.form or _colon(bold)
    unit.question = [paragraph(head if head.startswith(".") else undecorated(head), text.line)]
    unit.rest = [paragraph(body, text.line + at, text.end)] if body else []
    if unit.kind == "line" and unit.cue is Cue.TOPIC and any(way.match(head) and way.match(body) for way in _FIELDS):
        unit.cue, unit.why = Cue.TELLS, "is one of several fields or terms"
    if unit.kind == "line" and not bold and colon and not unit.form:
        unit.form = ":"
    return unit


def _asks_first(page: Page, text: str) -> bool:
    sentence = _SENTENCE.match(text)
    return bool(sentence and page.lexicon.question(sentence[0]))


def _is_wrapped(page: Page, content: str) -> bool:
    """Whether a paragraph of a script without spaces is one question over a few lines."""
    lines = content.split("\n")
    if len(lines) > _LONGEST_WRAP or page.text(lines[0]).endswith(_ENDS_SENTENCE):
        return False
    return bool(page.lexicon.asks_inside(page.text("".join(lines))))


def _asks_anyway(unit: Unit, *, colon: bool) -> bool:
    """Whether a plain line asks though it has no question's shape: it ends in a colon, or quotes a question."""
    return unit.cue is Cue.ASKS and (colon or unit.why in ("quotes a question", USUAL_PROMPT) or _asks_inside(unit))


def _asks_inside(unit: Unit) -> bool:
    return unit.why.startswith("holds") and (bool(unit.form) or not unit.block.content.rstrip().endswith("。"))


def cue_of(page: Page, text: str, kind: str) -> tuple[Cue, str]:
    """Return how much a text without a plain question's shape asks, and why."""
    lexicon = page.lexicon
    if text.startswith("{") and text.rstrip().endswith("}"):
        return Cue.TELLS, "is a placeholder"
    if _ADDRESS.fullmatch(text):
        return Cue.TELLS, "is an address"
    if kind != "heading" and _CODE.fullmatch(text):
        return Cue.TELLS, "is code or a formula"
    if lexicon.story_part(re.split("[:：]", text)[0]) and not (kind != "line" and lexicon.names_story(text)):
        return Cue.TELLS, PART_OF_STORY
    if len(text) > _LONGEST_ASKED and kind != "heading":
        return Cue.TELLS, PROSE
    if not any(map(str.isalpha, text)):
        return Cue.TELLS, "has no words"
    if lexicon.section_name(text) or lexicon.answer_label(text):
        return Cue.TELLS, NAMES_SECTION
    step = kind == "list-item" and " " not in text  # "ask" may be one of several
    if not step and lexicon.to_ask(text, anywhere=kind == "heading") and not lexicon.unmarked_question(text):
        return Cue.TELLS, _FOR_INTERVIEWER
    core = text.rstrip(" .。:：")
    reason = lexicon.question(core) or lexicon.noun_question(core) or lexicon.asks_inside(core)
    reason = reason or lexicon.quotes_question(core) or lexicon.prompt(core)
    reason = reason or (lexicon.asks_twice(core) if kind == "heading" else "")
    compares = "" if reason or len(text.split()) > MOST_WORDS[kind] else lexicon.compares(core)
    reason = reason or compares
    if reason:
        demands = lexicon.demands(text) and not ends_with_mark(bare(text))
        demands = demands or (bool(compares) and kind == "list-item")
        return (Cue.DEMANDS if demands and kind != "heading" else Cue.ASKS), reason
    if lexicon.titles_questions(text):
        return Cue.TELLS, TITLE_OF_QUESTIONS
    if kind == "heading" and lexicon.names_interviews(text) and len(text.split()) <= _MOST_WORDS_OF_FIELD:
        return Cue.TELLS, "names interviews"
    if kind == "heading" and lexicon.titles_advice(text):
        return Cue.TELLS, "is the title of advice"
    short = len(text.split()) <= MOST_WORDS[kind] and (len(text) <= _LONGEST_TOPIC or kind == "heading")
    if short and (kind == "heading" or not text.rstrip().endswith(_ENDS_PROSE)):
        return Cue.TOPIC, ""
    return Cue.TELLS, PROSE


def _emphasis(bold: re.Match[str] | None) -> str:
    if bold is None:
        return "plain"
    if _ONLY_NUMBER.fullmatch(bold["text"] + bold["mark"]):
        return "number"
    behind = _REMARK.sub("", bold["rest"].partition("\n")[0]).strip(" \\")
    behind = "" if _ONLY_SIGNS.fullmatch(behind) else behind
    return "led" if behind else "bold"


def _colon(bold: re.Match[str] | None) -> str:
    """Return the colon that ends a bold run, as the form of a unit."""
    return ":" if bold and ends_with_colon(bold["text"] + bold["mark"]) else ""


def _first_line(content: str, bold: re.Match[str] | None) -> tuple[str, str, int]:
    """Part a text into its head and its body, which begins so many lines below."""
    if bold is None:
        head, _, body = content.partition("\n")
        return head.rstrip(" \\"), body.strip("\n"), 1
    line, _, below = bold["rest"].partition("\n")
    head = with_mark(bold["text"], bold["mark"])
    remark = _REMARK.fullmatch(line)
    if remark:
        return f"{head} {remark[1]}", below.strip("\n"), 1
    line = "" if _ONLY_SIGNS.fullmatch(line) else re.sub(r"\A= ", "", line.strip(" -–—:\\"))
    return head, f"{line}\n{below}".strip(), 0 if line else 1
