"""Turns Logseq's outlines into the Markdown that the rest of offbook reads, line by line.

Logseq keeps more in a block than its text: properties, times, marks of tasks. They go, or become what Obsidian writes
in their place: a block's id `^id`, a task `[ ]`, `#+BEGIN_NOTE` a callout, `{{cloze …}}` a numbered gap, and
`card:: false` `%%no card%%`. Lines keep their numbers: what goes leaves an empty comment, at the end of its block so
that it parts no text.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from msgspec import structs

from offbook.model import Part
from offbook.naming import naming
from offbook.sources.logseq_text import ID, REFERENCE, TAG, Writer, as_tag
from offbook.text import MONTHS

BLOCK_ID = re.compile(rf"(?m)^[ \t]*(?:- )?id:: *(?P<id>{ID})[ \t]*$")
_KEPT = r"collapsed|heading|background-color|card-[\w-]+|logseq\.[\w.-]+|query-[\w-]+|template(?:-including-parent)?"
_TELLING = r"(?:collapsed|heading)::[ ](?:true|false|\d)|(?:background-color|card-[a-z-]+|logseq\.[\w.-]+)::[ ]\S.*"
_OWN = rf"id|{_KEPT}|(?:created|updated)[-_]at|exclude-from-graph-view|public|filters"
_HIDDEN = re.compile(rf"[ \t]*(?:- )?(?:{_OWN})::(?:[ \t].*)?")
_PROPERTY = re.compile(r"[ \t]*(?:- )?(?P<key>[A-Za-z_.*+!?$%&=<>-][\w.*+!?$%&=<>/-]*)::(?:[ \t]+(?P<value>.*))?")
_SIGNS = re.compile(
    rf"""(?mx)^[ \t]*(?:-[ ])?(?:id::[ ]*{ID}|{_TELLING})[ \t]*$
    | \{{\{{(?:embed[ ]+(?:\(\(|\[\[)|cloze[ ])
    | {REFERENCE.pattern.replace("?P<id>", "")}
    | ^[ \t]+:LOGBOOK:[ \t]*$"""
)
_BLOCK = re.compile(r"(?P<indent>[ \t]*)(?:(?P<bullet>-)(?:[ \t]|$)|(?=\#{1,6}[ ]))")
_FENCE = re.compile(r"[ \t]*(?:- )?(?P<mark>`{3,}|~{3,})")
_DRAWER = re.compile(r"[ \t]*:(?:LOGBOOK|PROPERTIES):[ \t]*", re.IGNORECASE)
_DRAWER_ENDS = re.compile(r"[ \t]*:END:[ \t]*", re.IGNORECASE)
_TEMPLATE = re.compile(r"[ \t]*(?:- )?template::[ \t]+\S.*")
_TIME = re.compile(r"[ \t]*(?:SCHEDULED|DEADLINE|CLOSED):[ \t]*[<\[].*")
_BEGIN = re.compile(r"(?P<indent>[ \t]*)(?P<bullet>- )?#\+BEGIN_(?P<name>[A-Z]+)[ \t]*(?P<more>.*)", re.IGNORECASE)
_END = re.compile(r"(?<![ \t])[ \t]*+#\+END_(?P<name>[A-Z]+)[ \t]*", re.IGNORECASE)
_CARD = re.compile(r"#card\b|#?\[\[(?:flash)?card\]\]", re.IGNORECASE)
_ONLY_TAGS = re.compile(r"[ \t]*(?:(?:#\[\[[^\[\]\n]+\]\]|#[^\s#\[\]]+|\[\[(?:flash)?card\]\])[ \t]*)+", re.IGNORECASE)
_COUNTED = re.compile(r"[ \t]*logseq\.order-list-type::[ \t]+number[ \t]*")
_PAGES = re.compile(r"#?\[\[([^\[\]\n]+)\]\]|#([^\s,#]+)")
_YEAR, _MONTH, _OF_MONTH = r"(?P<year>\d{4})", r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})"
_DAYS = [
    re.compile(rf"(?:[^\W\d_]{{1,12}},? )?{form}(?: [^\W\d_]{{1,12}})?")
    for form in (
        rf"(?P<month>[A-Z][a-z]{{2,8}}) {_OF_MONTH}(?:st|nd|rd|th)?, {_YEAR}",
        rf"{_OF_MONTH}[-.]{_MONTH}[-.]{_YEAR}",
        rf"{_MONTH}/{_OF_MONTH}/{_YEAR}",
        rf"{_YEAR}[-_/年]{_MONTH}[-_/月]{_OF_MONTH}日?",
    )
]
"""The formats of days among which Logseq's settings choose, weekdays in front or behind."""
SHORT_MONTHS = tuple(month[:3] for month in MONTHS)
"""As Logseq writes them in the names of journals."""
_MOST_PROPERTIES = 100  # lines
_NO_CARD = re.compile(r"[ \t]*(?:- )?card::[ \t]+false[ \t]*")  # of its block, or of the one that it is nested in
_REFUSES = "%%no card%%"
_NOTHING = "%%%%"  # an empty comment
_NUMBER = re.compile(r"\A([ \t]*+(?:- )?)(\d{1,9})([.)])(?=\s)")
_COMPANY = "company"
_LISTS = ("tags", "alias")  # their values are parted by commas


@dataclass(frozen=True, slots=True)
class Outline:
    """A page of Logseq, turned into Markdown."""

    text: str
    """As many lines as there were."""
    properties: dict[str, Any] = field(default_factory=dict)
    """Those of the page, by key in small letters: text, true or false, or a list."""
    lines: dict[str, int] = field(default_factory=dict)
    """The line on which each of them stands, from 0."""
    parts: tuple[Part, ...] = ()
    """The blocks of a day's page with `company::`, with what is nested in them; lines from 0."""


def is_outline(text: str) -> bool:
    """Whether a text has marks that Logseq alone writes."""
    return bool(_SIGNS.search(text))


def translated(text: str, *, of_day: bool = False) -> Outline:
    """Return a page of Logseq as Markdown; of that `of_day`, a journal, the blocks with `company::` are parts."""
    lines = text.split("\n")
    properties, places = _of_page(lines)
    for line in places.values():
        lines[line] = ""
    result: list[str] = []
    parts: list[Part] = []
    around: list[tuple[int, int]] = []  # the parts that are open, by their indents
    may_name = of_day and _COMPANY not in properties
    template = -1  # the indent of one that is open
    for block in _blocks(lines):
        depth = len(block[0]) - len(block[0].lstrip())
        template = template if depth > template >= 0 else depth if any(map(_TEMPLATE.fullmatch, block)) else -1
        around = [(indent, number) for indent, number in around if depth > indent]
        if names := _company_of(block) if may_name else []:
            around.append((depth, len(parts)))
            parts.append(Part(len(result), 0, tuple(dict.fromkeys(names))))
        result += [_NOTHING] * len(block) if template >= 0 else _translated(block)
        for _, number in around:
            parts[number] = structs.replace(parts[number], end=len(result))
    return Outline("\n".join(result), properties, places, tuple(parts))


def _company_of(block: list[str]) -> list[str]:
    """Return the companies that a property of a block names."""
    found = (match for line in block[1:] if (match := _PROPERTY.fullmatch(line)) and match["key"] == _COMPANY)
    value = next((_value(_COMPANY, (match["value"] or "").strip()) for match in found), None)
    return value if isinstance(value, list) else [str(value)] if value else []


def page_properties(text: str) -> dict[str, Any]:
    """Return the properties of a page alone, see `Outline.properties`."""
    return _of_page(text.replace("\r", "").split("\n", _MOST_PROPERTIES))[0]


# -- properties ------------------------------------------------------------------------------------


def _of_page(lines: list[str]) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the page's properties, which are all that its first block holds, and their lines."""
    values: dict[str, Any] = {}
    places: dict[str, int] = {}
    for number, line in enumerate(lines):
        match = _PROPERTY.fullmatch(line)
        opens = line.startswith("- ")
        if match is None or (opens and (values or not match["key"].islower())):
            if values and (line.strip() not in ("", "-") and not _BLOCK.match(line)):
                return {}, {}  # text stands in that block
            if values or line.strip() not in ("", "-"):
                break
            continue
        key = match["key"].lower()
        values[key], places[key] = _value(key, (match["value"] or "").strip()), number
    return values, places


def _value(key: str, text: str) -> Any:
    """Return a property's value as front matter has it."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1]
    if text in ("true", "false"):
        return text == "true"
    pages = [match[1] or match[2] for match in _PAGES.finditer(text)]
    if key == _COMPANY:
        pages = [page.rpartition("/")[2] for page in pages]  # a company's page may stand below another one
    if pages and not _PAGES.sub("", text).strip(" ,"):
        days = [day_of(page) for page in pages]
        return days if len(days) > 1 or key in _LISTS else days[0]
    if key in _LISTS or (key == _COMPANY and not _names_one(text)):
        return [part.strip().removeprefix("#").removeprefix("[[").removesuffix("]]") for part in text.split(",")]
    return int(text) if text.isdecimal() and len(text) < len(str(1 << 62)) else text or None


def _names_one(text: str) -> bool:
    """Whether the commas in a company's name are its own: "Acme, Inc."."""
    words = (part.casefold().replace(".", "").strip() for part in text.split(",")[1:])
    return any(word in naming("legal") for word in words) or "," not in text


def day_of(page: str) -> str:
    """Return the day whose journal a page is, in any of Logseq's formats, as ISO 8601 writes it; any other as it is."""
    match = next(filter(None, (form.fullmatch(page.strip()) for form in _DAYS)), None)
    if match is None:
        return page
    name = match["month"]
    month = int(name) if name.isdecimal() else SHORT_MONTHS.index(name[:3]) + 1 if name[:3] in SHORT_MONTHS else 0
    try:
        return datetime.date(int(match["year"]), month, int(match["day"])).isoformat()
    except ValueError:
        return page


# -- blocks ----------------------------------------------------------------------------------------


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """Yield the lines of each block: a bullet's or heading's, down to the next one's.

    What opens in code is none, unless its bullet stands no deeper than that of the block, which has ended then.
    """
    block: list[str] = []
    ends: Callable[[str], bool] | None = None
    for line in lines:
        opening = _BLOCK.match(line) if block else None
        if opening and (ends is None or _is_outside(opening, block[0])):
            yield block
            block, ends = [], None
        block.append(line)
        ends = _opened(line) if ends is None else None if ends(line) else ends
    if block:
        yield block


def _is_outside(opening: re.Match[str], first: str) -> bool:
    """Whether a bullet stands no deeper than that of the block whose first line is given, if that has one."""
    own = _BLOCK.match(first)
    if own is None or not own["bullet"] or not opening["bullet"]:
        return False
    return len(opening["indent"]) <= len(own["indent"])


def _opened(line: str) -> Callable[[str], bool] | None:
    """Return what tells the end of the code that a line opens, or None."""
    if fence := _FENCE.match(line):
        mark = fence["mark"]
        return lambda other: other.strip().startswith(mark) and not other.strip().strip(mark[0])
    if (begin := _BEGIN.fullmatch(line)) and begin["name"].upper() in ("SRC", "EXAMPLE", "QUERY", "EXPORT", "COMMENT"):
        end = f"#+end_{begin['name'].lower()}"
        return lambda other: other.strip().lower().startswith(end)
    return None


def _translated(block: list[str]) -> list[str]:
    """Return the lines of a block as Markdown, as many as there were."""
    opening = _BLOCK.match(block[0])
    counted = opening is not None and bool(opening["bullet"]) and any(map(_COUNTED.fullmatch, block))
    indent = (opening["indent"] + ("  " if opening["bullet"] else "") + " " * counted) if opening else ""
    writer = _Writer(block)
    for number, line in enumerate(block):
        writer.take(number, line)
    kept, hidden = writer.lines, len(block) - len(writer.lines)
    if writer.behind and kept:
        kept[0] = _with_behind(kept[0], " ".join(writer.behind))
    if kept and kept[0].strip() == "-":
        kept[0] = f"{kept[0].rstrip()} {_NOTHING}"  # an empty item would underline the text above it
    if kept and not any(map(_NUMBER.match, kept[1:])):
        kept[0] = _NUMBER.sub(r"\1\2\\\3", kept[0])  # of a block with a number; several lines are a list in it
    if counted:
        kept[:] = [line.replace("-", "1.", 1) if not number else f" {line}" for number, line in enumerate(kept)]
    blank = next((count for count, line in enumerate(reversed(kept)) if line.strip()), 0)
    end = len(kept) - blank
    return [*kept[:end], *[f"{indent}{_NOTHING}"] * hidden, *kept[end:]]


def _with_behind(line: str, behind: str) -> str:
    """Return a block's first line with its tags and its id behind it, where it is a text."""
    text = line.strip().removeprefix("-").strip()
    opens_no_text = not text or text.startswith(("```", "~~~", "|", ">", "$$", "%%"))
    return line if opens_no_text else f"{line.rstrip()} {behind}"


class _Writer:
    """Takes the lines of one block; what it keeps of them is Markdown."""

    def __init__(self, block: list[str]) -> None:
        self.lines: list[str] = []
        self.behind: list[str] = []
        """What goes behind the block's first line: tags, and its id."""
        self._text = Writer(is_card=any(map(_CARD.search, block)))
        self._last_ends = {_ended(line): number for number, line in enumerate(block)}
        """The last lines that end what has the name; what has no end is text."""
        self._head = True  # whether properties may stand here
        self._ends: Callable[[str], bool] | None = None  # tells where code ends
        self._skips: Callable[[str], bool] | None = None  # tells where what is hidden ends
        self._quotes = False

    def take(self, number: int, line: str) -> None:
        """Take the next line of the block."""
        if self._skips is not None:
            self._skips = None if self._skips(line) else self._skips
        elif self._ends is not None:
            self._code(line)
        elif _DRAWER.fullmatch(line) and self._last_ends.get("", 0) > number:
            self._skips = lambda other: bool(_DRAWER_ENDS.fullmatch(other))
        elif number and _TIME.fullmatch(line):
            pass
        elif property_ := self._property(number, line):
            self._take_property(line, property_)
        elif number and _ONLY_TAGS.fullmatch(line) and _CARD.search(line):
            self.behind[:0] = [TAG.sub(lambda match: as_tag(match["tag"] or match["card"]), line.strip())]
        elif (begin := _BEGIN.fullmatch(line)) and self._last_ends.get(begin["name"].upper(), 0) > number:
            self._begin(line, begin)
        elif self._quotes and _END.fullmatch(line):
            self._quotes = False
            self.lines.append(f"{line[: len(line) - len(line.lstrip())]}{_NOTHING}")  # what follows is not quoted
        else:
            self._ends = None if begin else _opened(line)
            text = line if self._ends else self._text.line(number, line)
            self.lines.append(_quoted(text) if self._quotes else text)
            self._head = number == 0

    def _code(self, line: str) -> None:
        assert self._ends is not None
        if self._ends(line):
            self._ends = None
            line = _END.sub(lambda match: line[: len(line) - len(line.lstrip())] + "```", line, count=1)
        self.lines.append(_quoted(line) if self._quotes else line)

    # -- properties --------------------------------------------------------------------------------

    def _property(self, number: int, line: str) -> re.Match[str] | None:
        """Return the property that a line is: one of Logseq's own, else right below the block's first line."""
        match = _PROPERTY.fullmatch(line)
        own = bool(_HIDDEN.fullmatch(line) or _NO_CARD.fullmatch(line))
        if match is None or not (own or (number and self._head and match["key"].islower())):
            return None
        return match

    def _take_property(self, line: str, found: re.Match[str]) -> None:
        key, value = found["key"], (found["value"] or "").strip()
        if key == "id" and re.fullmatch(ID, value):
            self.behind.append(f"^{value.lower()}")
        elif key == "tags":
            tags = _value(key, value) or []
            self.behind[:0] = [as_tag(tag) for tag in tags if tag]
        elif _NO_CARD.fullmatch(line) and line.lstrip().startswith("-"):
            self.lines.append(f"{line[: line.index('-') + 1]} {_REFUSES}")
            return
        elif _NO_CARD.fullmatch(line):
            self.behind.append(_REFUSES)
        if line.lstrip().startswith("- "):
            self.lines.append(line[: line.index("-") + 1])

    # -- environments ------------------------------------------------------------------------------

    def _begin(self, line: str, begin: re.Match[str]) -> None:
        """Take a line such as `#+BEGIN_NOTE`."""
        front, name = begin["indent"] + (begin["bullet"] or ""), begin["name"].upper()
        self._head = False
        if name in ("QUERY", "COMMENT", "EXPORT"):
            self._skips = _opened(line)
            if begin["bullet"]:
                self.lines.append(front)
        elif name in ("SRC", "EXAMPLE"):
            self._ends = _opened(line)
            self.lines.append(f"{front}```{begin['more'].strip()}")
        else:
            self._quotes = True
            self.lines.append(f"{front}>" if name in ("QUOTE", "VERSE", "CENTER") else f"{front}> [!{name.lower()}]")


def _ended(line: str) -> str | None:
    """Return the name of what a line ends, such as `NOTE`; nothing for a drawer, None for any other line."""
    end = _END.fullmatch(line)
    return end["name"].upper() if end else "" if _DRAWER_ENDS.fullmatch(line) else None


def _quoted(line: str) -> str:
    stripped = line.lstrip()
    return f"{line[: len(line) - len(stripped)]}> {stripped}"
