"""Block rule: a question right below a list, a quotation or a table is a paragraph of its own.

CommonMark reads a line that is flush left below an item, without a blank line, as lazily going on with the item's text.
Nobody who writes the next question there means it so: `Why us?`, `- the crew`, `Why now?`, `- it is spring`.
"""

from __future__ import annotations

import re
from itertools import islice

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from offbook.markdown.drawn import OUTDENTED
from offbook.text import BROKEN

_LOOKS = {
    "bold": re.compile(r"(\*\*|__)(?=\S)(?:(?!\1).)+\1\s*[:：.]?\s*(?:[(（][^()（）]*[)）])?\s*"),
    "italic": re.compile(r"([*_])(?![*_\s])[^*_]+\1\s*"),
    "signed": re.compile(r"[^\x00-\x7f\w\s\"“«„‘¿¡].*"),
    "asking": re.compile(r"(?!\*\*\s)\S.*[?？؟][\"”’»)*_]*\s*"),
}
_IN_LIST = re.compile(r"\s|>|[-+*]\s|\d{1,9}[.)]\s")
_ITEM = re.compile(r"(?:[-+*]|1[.)])\s")
_DEFINITION = re.compile(r"[:~]\s+\S")
_BETWEEN_ITEMS = re.compile(
    rf"(?m)^(?:[ \t]+\S.*|(?:[-+*]|\d{{1,9}}[.)])\s.*)\n[^\W\d_a-z][^\n]{{0,{BROKEN - 3}}}[^\W_][ \t]*\n(?=[-+*]\s)"
)
_TITLES = "offbook titles over lists"  # a key of the environment: how many lines look like that
_FEWEST_TITLES = 2
_ENDS = (".", "!", "?", "。", "！", "？")
_LONGEST = 100  # lines of an answer
_FEW = 4  # lines of an answer that stand outside of lists


def lazy_plugin(md: MarkdownIt) -> None:
    """End lists, quotations and tables above a line that looks like the one above them and asks, or stands out."""
    md.block.ruler.before("list", "lazy", _ends, {"alt": ["paragraph", "blockquote"]})


def _ends(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    in_item = state.parentType == "paragraph" and state.sCount[start_line] < state.blkIndent
    if not silent or not (in_item or state.parentType in ("blockquote", "table")):
        return False
    line, above = _text(state, start_line), _text(state, start_line - 1)
    if in_item and (_stands_out(state, start_line) or _is_term(state, start_line, end_line)):
        return True
    look = _look(line)
    if look == "plain":
        whole = len(above) < BROKEN or above.rstrip().endswith(_ENDS)
        return in_item and whole and _is_over_list(state, start_line, end_line)
    if look == "asking" and (len(above) >= BROKEN or _look(above) == "asking"):
        return False
    over = range(start_line - 1, max(start_line - _LONGEST, -1), -1)
    written = (state.src[state.src.rfind("\n", 0, state.bMarks[n]) + 1 : state.eMarks[n]] for n in over)
    outside = (text for text in written if text.strip() and not _IN_LIST.match(text))
    if look != "asking":
        return any(_look(text) == look for text in islice(outside, _FEW))
    question = next(outside, "")
    return _look(question) == look and line[0].islower() <= question[0].islower()


def _stands_out(state: StateBlock, number: int) -> bool:
    """Whether a line is flush left below a list that is indented below a line of text, and begins as no text does."""
    first = state.src[state.bMarks[number]]
    if state.sCount[number] or not first.isalnum() or first.islower():
        return False
    begin = state.src.rfind("\n", 0, state.bMarks[number - 1]) + 1
    if not state.src.startswith(OUTDENTED, begin):
        return False
    for _ in range(_LONGEST):
        end = state.src.find("\n", begin)
        line = state.src[begin:end]
        if not line.startswith(OUTDENTED):
            return bool(line.strip()) and not line[0].isspace() and not _IN_LIST.match(line)
        if not begin:
            return False
        begin = state.src.rfind("\n", 0, begin - 1) + 1
    return False


def _is_term(state: StateBlock, number: int, end_line: int) -> bool:
    """Whether a line below the text of a definition is the next term: a definition stands right below it, too."""
    defined = state.ddIndent >= 0 and number + 1 < end_line and len(_text(state, number - 1)) < BROKEN
    return defined and bool(_DEFINITION.match(_text(state, number + 1)))


def _is_over_list(state: StateBlock, number: int, end_line: int) -> bool:
    """Whether a line is the title of the list that begins right below it: short, with a capital, ending no sentence.

    Bullets say less than a number that begins anew: of lines over them there are several.
    """
    line, following = _text(state, number), _text(state, number + 1) if number + 1 < end_line else ""
    is_title = len(line) < BROKEN and line[:1].isalpha() and not line[0].islower() and line[-1].isalnum()
    if not is_title or state.sCount[number] != state.sCount[number + 1] or not _ITEM.match(following):
        return False
    if _TITLES not in state.env:
        state.env[_TITLES] = len(_BETWEEN_ITEMS.findall(state.src))
    return following[0] == "1" or state.env[_TITLES] >= _FEWEST_TITLES


def _look(line: str) -> str:
    return next((name for name, pattern in _LOOKS.items() if pattern.fullmatch(line)), "plain")


def _text(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]
