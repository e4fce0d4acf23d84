"""The question that a paragraph or a list item opens with: bold, or by its first lines."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

from offbook.cards.note.dress import undecorated
from offbook.cards.note.predicates import LISTS, link_only, only_tags, untasked
from offbook.cards.note.text import Text
from offbook.cards.words.bare import bare, ends_with_mark, with_mark
from offbook.markdown import Block, parse
from offbook.markdown.blocks import cut, paragraph
from offbook.text import BROKEN

_FOLLOW_UP = re.compile(r"\W*follow[- ]?ups?\b[^:：]{0,30}[:：]", re.IGNORECASE)
_CLOSERS = {"<u>": "</u>"}
_REMARK = re.compile(r"\s*([(（\[][^()（）\[\]\n]{1,60}[)）\]])\s*[:：]?\s*")
_REMARK_BEHIND = re.compile(r"(?<=[?？؟])\s*[(（\[][^()（）\[\]\n]{1,60}[)）\]]\s*\Z")
_QUESTION_AND_LINK = re.compile(
    r"(?P<question>[^\n]*[?？؟])\s*(?P<link>!\[\[[^\[\]\n]+\]\]|\[\[[^\[\]\n#]*#[^\[\]\n]+\]\])\s*"
)
_UNDERLINE = re.compile(r"([.=~_·*^-])\1{3,}")
_EMPHASISED = re.compile(
    r"(\*\*\*|___|\*\*|__|\*|_|==|<u>)(?=\S)(.+?)(?<=\S)(\*\*\*|___|\*\*|__|\*|_|==|</u>)",
    re.DOTALL,
)
_BEHIND = re.compile(r"(?P<mark>[ \t]*[?？:：.]?)(?P<line>[^\n]*)(?P<below>.*)", re.DOTALL)
_BULLET = re.compile(r"[-*+]\s")
_LONGEST_WRAP = 3  # lines of one question
_SENTENCE_ENDS = re.compile(r"[.!?](?=\s|\Z)")
_FEW_WORDS = 4  # of a demand behind a question: "Give an example"
_LONGEST_BROKEN = 5  # lines of one sentence


@dataclass(frozen=True, slots=True)
class Lead:
    """A question at the beginning of a paragraph."""

    question: Block
    rest: list[Block]
    """What of the paragraph stands behind the question."""
    emphasised: bool
    """Bold or italic as a whole."""
    reason: str


def leading_question(page: Text, block: Block, *, strict: bool) -> Lead | None:
    """Return the question that opens a paragraph: a bold run, or its first lines.

    `strict` is for paragraphs among prose, where a question mark alone does not make a card.
    """
    return _emphasised(page, block) or _plain(page, block, strict=strict)


def _emphasised(page: Text, block: Block) -> Lead | None:
    content = undecorated(block.content)
    match = _EMPHASISED.match(content)
    if match is None or match[3] != _CLOSERS.get(match[1], match[1]):
        return None
    behind = _BEHIND.fullmatch(content, match.end())
    assert behind is not None
    is_sentence = (match[2] + behind["mark"]).rstrip().endswith((".", "!", ":", "。", "："))
    if not (is_sentence or ends_with_mark(match[2] + behind["mark"])) and ends_with_mark(page.asked(behind["line"])):
        return None  # the line asks as a whole: "**What is** a heap?"
    asked = with_mark(match[2], behind["mark"])
    text = page.asked(asked)
    alone = not (behind["line"] + behind["below"]).strip()
    reason = page.lexicon.question(text) or (page.lexicon.noun_question(text) if alone else "")
    remark, answer = _same_line(page, behind["line"])
    if not reason or (answer and not (is_sentence or ends_with_mark(page.asked(match[2])))):
        return None  # emphasised words may open a sentence
    more, below = _more_questions(page, behind["below"].lstrip("\n"))
    line = block.line + block.content.count("\n", 0, len(block.content) - len(content))
    question = paragraph("\n".join([asked + remark, *more]), line)
    text = f"{answer}\n{below}".strip()
    rest = [paragraph(text, question.end - 1 if answer else question.end, block.end)] if text else []
    return Lead(question, rest, True, reason + ", emphasised")


def _same_line(page: Text, source: str) -> tuple[str, str]:
    """Tell a remark on a bold question, or its tags, from an answer behind it on the same line; an emoji is neither."""
    remark = _REMARK.fullmatch(source)
    if remark or only_tags(source):
        return " " + (remark[1] if remark else source.strip()), ""
    return "", source.strip(" -–—:") if any(c.isalnum() for c in bare(page.text(source))) else ""


def _more_questions(page: Text, source: str) -> tuple[list[str], str]:
    """Part follow-ups and further bold questions from the lines below a bold question."""
    lines = source.split("\n")
    more: list[str] = []
    while lines and lines[0].strip():
        second = _EMPHASISED.fullmatch(lines[0].strip())
        if second and page.question(second[2]):
            more.append(second[2])
        elif _FOLLOW_UP.match(lines[0]):
            more.append(lines[0])
        else:
            break
        lines.pop(0)
    return more, "\n".join(lines)


def _plain(page: Text, block: Block, *, strict: bool) -> Lead | None:
    lines = block.lines
    lexicon = page.lexicon
    linked = _QUESTION_AND_LINK.fullmatch(block.content) if "[[" in block.content else None
    if linked and lexicon.line_question(page.asked(linked["question"])):
        question = paragraph(linked["question"].strip(), block.line)
        return Lead(
            question, [paragraph(linked["link"], block.line)], False, "asks, and a link to a part of a note answers"
        )
    for count in range(1, min(_LONGEST_WRAP, len(lines)) + 1):
        text = page.asked(" ".join(lines[:count]))
        if count > 1 and not (ends_with_mark(bare(text)) and lexicon.opens_question(text)):
            continue
        reason = lexicon.line_question(text) if strict else lexicon.question(text)
        if (
            strict
            and count < len(lines)
            and _is_broken(lines[count - 1 : count + 1])
            and not lexicon.opens_question(text)
        ):
            return None  # a sentence that is wrapped behind its question mark
        if reason:
            count += _wrapped(lines, count)
            while count < len(lines) and (_FOLLOW_UP.match(lines[count]) or _asks_on(page, lines[count])):
                count += 1
            question = cut(block, 0, count)
            question = paragraph(undecorated(question.content), question.line, question.end)
            return Lead(question, _below(block, count), False, reason)
    return None


def _is_broken(lines: list[str]) -> bool:
    """Whether the second of two lines goes on in small letters, and the first one is too long for a title."""
    return lines[1][:1].islower() and len(lines[0].split()) > _FEW_WORDS


def _wrapped(lines: list[str], count: int) -> int:
    """Return over how many lines more a sentence goes on, to its end or to where an indent ends it."""
    more = broken_on(lines, count)
    ends = lines[count + more : count + more + 1]
    whole = (ends and ends[0][:1].isspace()) or _SENTENCE_ENDS.search("\n".join(lines[count : count + more]))
    return more if whole else 0


def broken_on(lines: list[str], count: int) -> int:
    """Return how many lines below the first `count` go on with a sentence that was broken where the page ended.

    Where a broken line would end in a mark it is no sentence's middle, and a short one was not broken for its length.
    """
    more = 0
    while count + more < min(len(lines), _LONGEST_BROKEN):
        line = _REMARK_BEHIND.sub("", lines[count + more - 1]).rstrip(" \"'”“»*_)")
        following = lines[count + more]
        goes_on = following[:1].islower() or (len(line) >= BROKEN + 10 and following[:1].isalnum())
        if len(line) < BROKEN or not goes_on or line.endswith((".", "?", "!", ":", "\\", "？", "。")):
            break
        more += 1
    return more


def _below(block: Block, first: int) -> list[Block]:
    """Return the lines of a paragraph from `first` on; indented ones may be a list, which they cannot open."""
    if first < len(block.lines) and _UNDERLINE.fullmatch(block.lines[first].strip()):
        first += 1
    lines = block.lines[first:]
    if not lines:
        return []
    if all(line[:1].isspace() for line in lines) and _BULLET.match(lines[0].strip()):
        text = textwrap.dedent("\n".join(line.expandtabs(4) for line in lines))
        return list(parse(text, block.line + first).root.children)
    return [cut(block, first)]


def _asks_on(page: Text, line: str) -> bool:
    """Whether a line below a question is a second one, or demands a little more: both have one answer."""
    text = page.asked(line)
    if ends_with_mark(bare(text)):
        return bool(page.lexicon.line_question(text))
    return len(text.split()) <= _FEW_WORDS and page.lexicon.demands(text)


def item_question(page: Text, item: Block) -> Lead | None:
    """Return the question that a list item opens with."""
    first = item.children[0] if item.children else None
    if first is None or first.type != "paragraph" or link_only(first.content):
        return None
    return leading_question(page, paragraph(untasked(first.content), first.line, first.end), strict=False)


def starts_question(page: Text, block: Block) -> bool:
    """Whether a block is a question by its shape, or a list of nothing but questions.

    Steps that open with "Define" or "Explain" are no questions where they stand below one: only a mark, bold
    type or an answer of its own makes an item one.
    """
    if block.type == "paragraph":
        if link_only(block.content) or _FOLLOW_UP.match(block.content):
            return False
        lead = leading_question(page, block, strict=True)
        return lead is not None and (lead.emphasised or is_marked(page, lead))
    if block.type in LISTS:
        return bool(block.children) and all(asks_plainly(page, item) for item in block.children)
    return False


def is_follow_up(block: Block) -> bool:
    """Whether a paragraph is a further question to the one above: "Follow-up: …"."""
    return block.type == "paragraph" and bool(_FOLLOW_UP.match(block.content)) and "\n" not in block.content


def is_marked(page: Text, lead: Lead) -> bool:
    """Whether a question has a question mark."""
    return ends_with_mark(bare(page.asked(lead.question.lines[0]))) or ends_with_mark(
        bare(page.asked(lead.question.content))
    )


def asks_plainly(page: Text, item: Block) -> bool:
    """Whether a list item asks, and does not only demand, which an instruction does as well."""
    lead = item_question(page, item)
    if lead is None:
        return False
    return lead.emphasised or is_marked(page, lead) or not page.lexicon.demands(page.asked(lead.question.content))


def asks_anew(page: Text, line: str) -> bool:
    """Whether a line within a paragraph is a question of its own."""
    if line[:1].isspace() or _BULLET.match(line):
        return False
    bold = _EMPHASISED.match(undecorated(line))
    if bold is not None:
        return bool(page.question(bold[2]))
    text = page.asked(line)
    return _asks_on(page, line) or (page.lexicon.addresses(text) and bool(page.lexicon.line_question(text)))
