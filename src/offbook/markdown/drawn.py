"""What people draw in plain text, as Markdown: rules, titles, lists, boxes and labels that CommonMark does not know.

Each reading has a test of the whole text, and changes its lines in place; `code` tells of each line whether it is code.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from offbook.markdown.fences import fences, in_code
from offbook.text import in_capitals

_HAS_HEADINGS = re.compile(r"(?m)^ {0,3}#{1,6}\s|^(?=[^\n]*[a-z])[^\n]*\n {0,3}(?:={3,}|-{3,})[ \t]*$|<h[1-6]\b")
"""Headings but for lines in capitals that are underlined."""
_MAY_TITLE = re.compile(r"(?m)^[^\W\d_a-z]{2}")
_TITLE = re.compile(r"[^\W\d_]++(?:[ &/'’(),–—-]++[^\W_]++){0,9}\)?[ ]*+(?:[:?][ ]*+)?")
_FEWEST_TITLES = 2
_BULLET = re.compile(r"^([ \t]*+)(?:•[ \t]*+(?=\S)|(?=\[[ xX]\] \S))")
_BOX = re.compile(r"\[[ xX]\] \S")
_OF_LIST = re.compile(r"[ \t]+\S|(?:[-+*•]|\d{1,9}[.)])[ \t]")
_PASTED = re.compile(r"\[\]\{#[^{}\n]*\}|^[ \t]*+</?aside>[ \t]*+$|^\d\ufe0f?\u20e3[ \t]*+(?=Q\d*[:.)])")
"""Anchors that pandoc writes, the boxes of Notion's callouts, and keycaps that count labels: `1️⃣ Q: …`."""
_MAY_BE_PASTED = re.compile(r"•|\[\]\{#|<aside>|\u20e3|(?m:^\[[ xX]\] )")
_MAY_NEST = re.compile(r"(?m)[?？؟][*_]*[ \t]*\n [-+*][ \t]")
_FLUSH_ITEM = re.compile(r"(?:[-+*]|\d{1,9}[.)])[ \t]+\S")
_ONE_SPACE = re.compile(r" [-+*](?:[ \t]|$)")
_MAY_FALL_SHORT = re.compile(r"(?m)^\d{1,9}[.)] [^\n]*\n(?:[ \t]*\n)*+ {2,3}[-+*•][ \t]")
_NUMBERED = re.compile(r"\d{1,9}[.)] {1,4}(?=\S)")
_FLUSH_BULLET = re.compile(r"[-+*•][ \t]")
_INDENTED_BULLET = re.compile(r"( {2,3})[-+*•][ \t]")
_ENDS_ASKING = re.compile(r"[?？؟][*_]*[ \t]*\Z")
_BACKTICKS = "```"
_OPENS_FENCE = re.compile(r"```[\w+#-]*[ \t]*")
_CLOSED_BEHIND = re.compile(r"(?m)^(?!```)[^`\n]*[^`\s][ \t]*```[ \t]*$")
_ATX = re.compile(r"#{1,6}\s")
_SECTION = re.compile(r"#{2,6}\s")  # with one sign a comment of Python's
_BUTTONS = re.compile(
    r"(?m)^(?:python|java|javascript|js|jsx|typescript|ts|tsx|c|cpp|c\+\+|csharp|c#|go|rust|kotlin|swift|ruby|php|r|sql|bash"
    r"|sh|shell|powershell|html|css|scss|json|yaml|yml|xml|dart|scala|perl|matlab|text|plaintext|dockerfile)"
    r"\nCopy(?: code)?\n(?:Edit\n)?"
)
_ENDS_COPIED = re.compile(r"[A-Z][\w ]{2,30}:\s*|\d{1,3}[.)]\s+\S.*")
"""A label, or a number: what follows code that is pasted from a chat without a blank line."""
_STANDS_OFF = re.compile(r"(?P<indent>(?: {4}|\t)[ \t]*+)(?P<mark>[-+*•]|\d{1,9}[.)])[ \t]+\S")
_MAY_STAND_OFF = re.compile(r"(?m)^[^\s>][^\n]*\n(?:[ \t]*\n)?(?: {4}|\t)[ \t]*+(?:[-+*•]|\d{1,9}[.)])[ \t]+\S")
_OF_OTHERS = re.compile(r">|(?:[-+*•]|\d{1,9}[.)])\s")
OUTDENTED = " " * 3
_DASHES = re.compile(r"(?m)^[ \t]*[—–─━═]{3,}[ \t]*$")
"""A rule of signs that CommonMark does not know."""
_MAY_BE_RULES = re.compile(
    r"(?m)^(?:~{5,}|={3,})[ \t]*$|^([-=*~])\1{2,} \S[^\n]* \1{3,}[ \t]*$|^[ \t]*[—–─━═]{3,}[ \t]*$"
)
_TILDES = re.compile(r"~{5,}\s*")
_EQUALS = re.compile(r"={3,}\s*")
_FRAMED = re.compile(r"([-=*~])\1{2,} (?P<text>[^\W_].*\S) \1{3,}\s*")
_THEMATIC = re.compile(r"-{3,}[ \t]*")
_UNDERLINED = re.compile(r"[?？][*_]*[ \t]*\n[ \t]*\n-{3,}[ \t]*$", re.MULTILINE)
_FEWEST_UNDERLINED, _MOST_UNDERLINED = 3, 0.8
_NEAR = 3  # lines above a rule
_RULE, _UNDERLINE = "***", "---"
"""A thematic break, and one that may be the underline of the line above it."""
_LEADS_ON = (":", "?", "？")
_BARE_QUESTION = re.compile(r"(Q\d*)[ \t]+[^\s=:.–—-]")
_BARE_ANSWER = re.compile(r"(A\d*)[ \t]+[^\s=:.–—-]")
_MAY_LABEL = re.compile(r"(?m)^Q\d*[ \t]")
_FEWEST_BARE = 2
_LABELLED = re.compile(r"(?m)^\W{0,3}Q\d*[:.]\s.*\n\s*\W{0,3}A\d*[:.]\s")
_FEWEST_LABELLED = 2


# -- labels ----------------------------------------------------------------------------------------


def may_label(text: str) -> bool:
    """Whether lines may open with the letter Q alone."""
    return _MAY_LABEL.search(text) is not None


def read_labels(lines: list[str], code: list[bool]) -> None:
    """Write `Q: Why?` and `A: So.` for `Q Why?` above `A So.`, with or without a blank line, where several are so.

    The letter opens a paragraph or stands below such an answer, and both have the same number.
    """
    found: list[tuple[int, int]] = []
    for at, line in enumerate(lines):
        question = None if code[at] else _BARE_QUESTION.match(line)
        opens = at == 0 or not lines[at - 1].strip() or bool(found and found[-1][1] == at - 1)
        below = next((n for n in (at + 1, at + 2) if n < len(lines) and lines[n].strip()), at)
        answer = _BARE_ANSWER.match(lines[below])
        if question and opens and answer and answer[1][1:] == question[1][1:]:
            found.append((at, below))
    for pair in found if len(found) >= _FEWEST_BARE else ():
        for at in pair:
            label, text = lines[at].split(maxsplit=1)
            lines[at] = f"{label}: {text}"


def may_close_behind(text: str) -> bool:
    """Whether a fence may be closed at the end of a line of code."""
    return _CLOSED_BEHIND.search(text) is not None


def close_fences(lines: list[str], code: list[bool]) -> None:
    """Read code whose fence is closed behind its last line as indented code, where only then no heading is code.

    CommonMark reads on to the next fence, and takes the headings between for code.
    """
    mended = [block for block in _fenced(lines) if lines[block[1]].strip() != _BACKTICKS]
    if not mended:
        return
    for first, last in mended:
        lines[first] = ""
        lines[last] = lines[last].rstrip().removesuffix(_BACKTICKS)
        for index in range(first + 1, last + 1):
            lines[index] = f"    {lines[index]}"
    code[:] = in_code(lines)
    for first, last in mended:
        code[first : last + 1] = [True] * (last + 1 - first)


def _fenced(lines: list[str]) -> list[tuple[int, int]]:
    """Return where fences open and close, some behind a line; none where headings are no code, or still are."""
    found: list[tuple[int, int]] = []
    first = None
    for index, line in enumerate(lines):
        if line.lstrip().startswith(("~~~", "````")):
            return []
        if first is None:
            first = index if _OPENS_FENCE.fullmatch(line) else None
        elif line.strip() == _BACKTICKS or _CLOSED_BEHIND.fullmatch(line):
            found.append((first, index))
            first = None
    hides = any(_SECTION.match(line) for start, end in fences(lines) for line in lines[start:end])
    still = any(_SECTION.match(line) for start, end in found for line in lines[start:end])
    return found if hides and not still and first is None else []


def holds_labels_in_code(text: str) -> bool:
    """Whether a text has fences, and questions and answers with labels."""
    return "```" in text and _LABELLED.search(text) is not None


def open_fences(lines: list[str], code: list[bool]) -> None:
    """Read what a fence without a language holds as text where it is of questions and answers with labels."""
    bare = [(first, last) for first, last in fences(lines) if lines[first].strip() == lines[last].strip()]
    labelled = {at: len(_LABELLED.findall("\n".join(lines[at[0] : at[1]]))) for at in bare}
    for first, last in labelled if sum(labelled.values()) >= _FEWEST_LABELLED else ():
        if labelled[first, last]:
            lines[first] = lines[last] = ""
            code[first : last + 1] = [False] * (last + 1 - first)


# -- rules and titles ------------------------------------------------------------------------------


def may_be_rules(text: str) -> bool:
    """Whether a text may have rules that CommonMark does not know."""
    return _MAY_BE_RULES.search(text) is not None


def read_tildes(lines: list[str], code: list[bool]) -> None:
    """Read tildes right below a line, which would open code, as the underline of a title.

    They do open code below a line that leads on, or where what would close it is below a line of that code.
    """
    for first, last in list(fences(lines)):
        if not first or not _is_alone(lines, first) or not _TILDES.fullmatch(lines[first]):
            continue
        closed = last > first and _TILDES.fullmatch(lines[last]) and not _is_alone(lines, last)
        if not closed and not lines[first - 1].rstrip().endswith(_LEADS_ON):
            for index in range(first, len(lines)):
                if _TILDES.fullmatch(lines[index]) and _is_alone(lines, index):
                    lines[index], code[index] = _UNDERLINE, False
            code[:] = in_code(lines)
            return


def read_rules(lines: list[str], code: list[bool]) -> None:
    """Read `———` as a rule, `====` as one below a text of several lines, and `=== Title ===` as a heading.

    Equals signs would make one heading of all these lines; of a question they may.
    """
    _read_framed(lines, code)
    for index, line in enumerate(lines):
        above = lines[index - 1].rstrip() if index else ""
        if code[index]:
            continue
        if _DASHES.fullmatch(line) or (index and not above and _EQUALS.fullmatch(line)):
            lines[index] = _RULE
        elif index and _EQUALS.fullmatch(line) and not _is_alone(lines, index) and not above.endswith(_LEADS_ON[1:]):
            lines[index] = _UNDERLINE


def _is_alone(lines: list[str], index: int) -> bool:
    """Whether the line above is a paragraph of one line."""
    return bool(lines[index - 1].strip()) and (index < 2 or not lines[index - 2].strip())


def _read_framed(lines: list[str], code: list[bool]) -> None:
    """Read titles between two rules, each below a blank line; but one of `--- begin ---` and `--- end ---` is none.

    Of other signs than `=` there are several so, or the title has a blank line below it.
    """
    apart = (at for at, line in enumerate(lines) if not code[at] and (not at or not lines[at - 1].strip()))
    found = {at: match for at in apart if (match := _FRAMED.fullmatch(lines[at]))}
    signs = Counter(match[1] for match in found.values())
    for at, match in found.items():
        if match[1] == "=" or signs[match[1]] > 1 or at + 1 == len(lines) or not lines[at + 1].strip():
            lines[at] = f"## {match['text']}"


def may_underline(text: str) -> bool:
    """Whether rules stand behind lines that ask."""
    return len(_UNDERLINED.findall(text)) >= _FEWEST_UNDERLINED


def drop_underlines(lines: list[str], code: list[bool]) -> None:
    """Drop the rules that a writer draws below each question, with a blank line above, where nearly all are so."""
    rules = [at for at, line in enumerate(lines) if not code[at] and _THEMATIC.fullmatch(line)]
    below = [at for at in rules if _last_text(lines, at).rstrip(" *_").endswith(("?", "？"))]
    if len(below) >= max(_FEWEST_UNDERLINED, _MOST_UNDERLINED * len(rules)):
        for at in below:
            lines[at] = ""


def _last_text(lines: list[str], before: int) -> str:
    return next((line for line in reversed(lines[max(before - _NEAR, 0) : before]) if line.strip()), "")


def may_be_titles(text: str) -> bool:
    """Whether a text has no headings, and a line that may be in capitals."""
    return _MAY_TITLE.search(text) is not None and _HAS_HEADINGS.search(text) is None


def read_titles(lines: list[str], code: list[bool]) -> None:
    """Read lines in capitals as headings in a text that has no others, as people title parts of plain text.

    The first of them is the note's own title where it alone has a blank line below it.
    Where some are longer or of another shape, the writer puts more than titles in capitals, such as questions.
    """
    shouted = [i for i, line in enumerate(lines) if not code[i] and line[:1].isalpha() and in_capitals(line)]
    titles = [i for i in shouted if _TITLE.fullmatch(lines[i])]
    apart = sum(not i or not lines[i - 1].strip() for i in titles)
    if apart < _FEWEST_TITLES or len({lines[i] for i in titles}) < len(shouted):
        return
    spaced = [i for i in titles if i + 1 < len(lines) and not lines[i + 1].strip()]
    of_note = spaced == titles[:1] and not any(line.strip() for line in lines[: titles[0]])
    for index in titles:
        lines[index] = f"{'#' if of_note and index == titles[0] else '##'} {lines[index]}"
        if index + 1 < len(lines) and (_EQUALS.fullmatch(lines[index + 1]) or lines[index + 1] == _UNDERLINE):
            lines[index + 1] = ""


# -- lists -----------------------------------------------------------------------------------------


def may_stand_off(text: str) -> bool:
    """Whether a list may be indented like code below a line of text."""
    return _MAY_STAND_OFF.search(text) is not None


def outdent(lines: list[str], code: list[bool]) -> None:
    """Read a list that is indented like code, right below a line of text or behind a fence, as a list.

    CommonMark takes it for the text's own lines, and below a heading or a fence that ends a list for code.
    """
    in_other, indent = False, ""
    for index, line in enumerate(lines):
        if indent and (line.startswith(indent) or not line.strip()):
            lines[index] = OUTDENTED + line.removeprefix(indent) if line.strip() else line
            continue
        indent = ""
        above = lines[index - 1] if index else ""
        if line[:1].strip():
            in_other = bool(_OF_OTHERS.match(line)) or (in_other and bool(above.strip()))
        elif in_other or code[index] or not (match := _STANDS_OFF.match(line)):
            continue
        elif above[:1].strip() or _ends_list(_last_text(lines, index), match["mark"]):
            indent = match["indent"]
            lines[index] = OUTDENTED + line.removeprefix(indent)


def _ends_list(above: str, mark: str) -> bool:
    """Whether a list may be indented like code below this text and a blank line: below a fence, or a heading.

    Below a heading only one with numbers: `- name: web` may be code.
    """
    return above.startswith(("```", "~~~")) or (mark[0].isdigit() and _ATX.match(above) is not None)


def may_nest(text: str) -> bool:
    """Whether an item may stand one space to the right of another one that asks."""
    return _MAY_NEST.search(text) is not None


def nest(lines: list[str], code: list[bool]) -> None:
    """Read items that are indented by one space below those that ask as nested in them, if they tell.

    CommonMark takes them for items of the same list.
    """
    above = ""
    nested: list[int] = []
    for index, line in enumerate(lines):
        if code[index] or not line.strip():
            continue
        if line[:1].strip():
            above = line if _FLUSH_ITEM.match(line) else ""
        elif above and _ONE_SPACE.match(line):
            if not _ENDS_ASKING.search(above) or _ENDS_ASKING.search(line):
                return
            nested.append(index)
    for first in nested:
        for index in range(first, len(lines)):
            if lines[index][:1].strip() or (index > first and _ONE_SPACE.match(lines[index])):
                break
            lines[index] = f"   {lines[index]}" if lines[index].strip() else lines[index]


def may_fall_short(text: str) -> bool:
    """Whether bullets below a numbered item may be indented less than its text is."""
    return _MAY_FALL_SHORT.search(text) is not None


def deepen(lines: list[str], code: list[bool]) -> None:
    """Read bullets that are indented below a numbered item, but less than its text, as nested in it.

    CommonMark takes them for a list of their own, which ends the numbered one. A bullet flush left behind them is of
    the same list, though, and then none is nested.
    """
    flush = [index for index, line in enumerate(lines) if line[:1].strip()]
    for item, end in pairwise([*flush, len(lines)]):
        number = None if code[item] else _NUMBERED.match(lines[item])
        if number is None or (end < len(lines) and _FLUSH_BULLET.match(lines[end])):
            continue
        below = range(item + 1, end)
        bullets = ((at, match) for at in below if not code[at] and (match := _INDENTED_BULLET.match(lines[at])))
        first, bullet = next(bullets, (end, None))
        shift = number.end() - len(bullet[1]) if bullet else 0
        for index in range(first, end) if shift > 0 else ():
            lines[index] = " " * shift + lines[index] if lines[index].strip() else ""


def may_be_copied(text: str) -> bool:
    """Whether code may be pasted from a chat, the chat's buttons and all."""
    return _BUTTONS.search(text) is not None


def read_copied(lines: list[str], code: list[bool]) -> None:
    """Read code below the buttons of a chat, `python`, `Copy`, `Edit`, as code, down to a blank line or a label."""
    inside = False
    for index, line in enumerate(lines):
        if code[index]:
            inside = False
        elif match := _BUTTONS.match("\n".join(lines[index : index + 3]) + "\n"):
            lines[index : index + match[0].count("\n")] = [""] * match[0].count("\n")
            inside = True
        elif inside and line.strip():
            inside = not _ENDS_COPIED.fullmatch(line)
            lines[index] = f"    {line}" if inside else line
        elif inside and lines[index - 1].strip():
            inside = False


def may_be_pasted(text: str) -> bool:
    """Whether a text has bullets, boxes or marks of other programs."""
    return _MAY_BE_PASTED.search(text) is not None


def read_pasted(lines: list[str], code: list[bool]) -> None:
    """Read `•` as a bullet and a box as a task, and drop marks of other programs.

    A box flush left below an item is the item's own text.
    """
    in_list = False
    for index, line in enumerate(lines):
        if code[index]:
            continue
        boxed = _BOX.match(line) is not None
        in_list = in_list if boxed and in_list else bool(_OF_LIST.match(line))
        if not (boxed and in_list):
            lines[index] = _BULLET.sub(r"\1- ", _PASTED.sub("", line))
