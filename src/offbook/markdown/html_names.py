"""Rules that take for HTML only what may stand on a card and closes: `<path>`, `set<int>` and a lone `<b>` are text."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, html_block
from markdown_it.rules_inline import StateInline, html_inline
from markdown_it.token import Token

OWN = f"offbook{secrets.token_hex(6)}"
"""With this begin the names of offbook's own elements, which no note can write: it is drawn anew in each run."""
GAP_MARK = re.compile(rf"<{OWN}-(\d+|ends)>")
"""The element at the start (by the gap's index) or the end of a gap, see `offbook.markdown.deletions`."""
_BLOCKS = """article aside blockquote caption center col colgroup dd details div dl dt figcaption figure footer h1 h2 h3
h4 h5 h6 header hgroup hr li nav ol p pre section summary table tbody td tfoot th thead tr ul"""
_INLINES = """a abbr acronym b bdi bdo br cite code data del dfn em i img input ins kbd mark q rp rt rtc ruby s samp
small span strike strong sub sup time tt u var wbr"""
MAY_STAND = frozenset((_BLOCKS + " " + _INLINES).split())
"""The names of elements that a card may hold."""
_OF_BLOCKS = frozenset(_BLOCKS.split())
# Of the look and the layout of pages: they are left out, and what they hold stays.
_LEFT_OUT = frozenset({"address", "big", "font", "main", "picture"})
_VOID = frozenset({"br", "col", "hr", "img", "input", "wbr"})
_OPEN = "p li dt dd td th tr thead tbody tfoot colgroup caption rt rp"
_MAY_STAY_OPEN = frozenset(_OPEN.split())
# These take in files of the vault, whose pictures and sounds stand in their place.
_MEDIA = frozenset({"audio", "video", "source"})
_HTML = MAY_STAND | _LEFT_OUT | _MEDIA
_NAME = re.compile(r"</?([A-Za-z][\w-]*)")
_TAG = re.compile(
    r"""<!--.*?(?:-->|\Z)
    | <(?P<closes>/?)(?P<name>[A-Za-z][\w-]*+)
    (?P<attributes>(?:\s++[^\s"'<>/=`]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'=<>`]++))?+)*+)\s*+/?>""",
    re.DOTALL | re.VERBOSE,
)
# What other programs leave in notes: Obsidian_to_Anki an id, obsidian-spaced-repetition a schedule.
_ID = re.compile(r"<!--[ \t]*(?:ID:[ \t]*\d+|SR:[^<>\n]*)[ \t]*-->[ \t]*\Z")
_ONLY_ADDRESS = re.compile(r"\s*+(?:href\s*+=\s*+\S++\s*+)?", re.IGNORECASE)
_CHECKBOX = re.compile(r"""type\s*=\s*["']?checkbox""", re.IGNORECASE)


def html_names_plugin(md: MarkdownIt) -> None:
    """Leave `<` before any other name, and tags that nothing closes, to be text."""
    md.inline.ruler.at("html_inline", _inline)
    md.block.ruler.at("html_block", _block, {"alt": ["paragraph", "reference", "blockquote"]})
    md.inline.ruler2.push("unclosed_html", _unclosed)


def _inline(state: StateInline, silent: bool) -> bool:
    return _may_stand(state.src, state.pos) and html_inline(state, silent)


def _block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    start = state.bMarks[start_line] + state.tShift[start_line]
    if _ID.match(state.src, start, state.eMarks[start_line]):
        return False  # it belongs to the text around it, which it must not part
    return _may_stand(state.src, start) and html_block(state, start_line, end_line, silent)


def _may_stand(source: str, position: int) -> bool:
    match = _NAME.match(source, position)
    if match is None:
        return source.startswith("<!--", position)
    name = match[1].lower()
    return name in _HTML or name.startswith(OWN)


def _unclosed(state: StateInline) -> None:
    """Turn tags that nothing in the text closes into text, and pairs that hold nothing: `<a href="…"></a>`.

    A lone closing tag of a block may belong to one before it: its `meta` says `lone`, and `settle` decides.
    """
    if not any(token.type == "html_inline" for token in state.tokens):
        return
    lone = _Lone(may_stay_open=frozenset())
    for index, token in enumerate(state.tokens):
        if token.type == "html_inline":
            match = _TAG.fullmatch(token.content)
            if match is not None and match["name"]:
                lone.take(match, index)
    for index in {*lone.found(), *_hollow(state.tokens)}:
        token = state.tokens[index]
        if token.content.startswith("</") and _name_of(token.content) in _OF_BLOCKS:
            token.meta = {**token.meta, "lone": True}
        else:
            token.type = "text"


def _hollow(tokens: Sequence[Token]) -> Iterator[int]:
    """Yield the places of pairs of tags that show nothing; those with a class, an id or a style are for the look."""
    opened: list[tuple[str, int]] = []  # with nothing behind them yet
    for index, token in enumerate(tokens):
        match = _TAG.fullmatch(token.content) if token.type == "html_inline" else None
        name = (match["name"] or "").lower() if match else ""
        if match and name and match["closes"]:
            above, at = opened.pop() if opened else ("", 0)
            if name == above:
                yield from (at, index)
            else:
                opened.clear()
        elif match and name not in _VOID and _ONLY_ADDRESS.fullmatch(match["attributes"] or ""):
            opened.append((name, index))
        elif match or token.type not in ("text", "softbreak") or token.content.strip():
            opened.clear()


class _Lone:
    """Finds tags that are not one of a pair."""

    def __init__(self, *, may_stay_open: frozenset[str]) -> None:
        self._may_stay_open = may_stay_open
        self._open: list[tuple[str, int]] = []
        self._names: Counter[str] = Counter()  # of those that are open
        self._lone: list[int] = []

    def take(self, tag: re.Match[str], place: int) -> None:
        """Look at the next tag, which stands at `place`."""
        name = tag["name"].lower()
        if name in _VOID or name in _MEDIA or name.startswith(OWN):
            if not _is_whole(name, tag):
                self._lone.append(place)
        elif not tag["closes"]:
            self._open.append((name, place))
            self._names[name] += 1
        elif self._names[name]:
            while self._open[-1][0] != name:
                self._leave_open()
            self._open.pop()
            self._names[name] -= 1
        else:
            self._lone.append(place)

    def _leave_open(self) -> None:
        name, place = self._open.pop()
        self._names[name] -= 1
        if name not in self._may_stay_open:
            self._lone.append(place)

    def found(self) -> list[int]:
        """Return the places of the tags that are text."""
        while self._open:
            self._leave_open()
        return self._lone


def _is_whole(name: str, tag: re.Match[str]) -> bool:
    """Whether a tag that needs no closing one says something."""
    if name in ("img", "source"):
        return "src" in tag["attributes"].lower()
    if name == "input":
        return _CHECKBOX.search(tag["attributes"]) is not None
    return name not in _VOID or not tag["closes"]


def is_tag(text: str) -> bool:
    """Whether a text is one tag of HTML."""
    match = _TAG.fullmatch(text)
    return match is not None and match["name"] is not None and match["name"].lower() in _HTML


def settle(tokens: Sequence[Token]) -> None:
    """Turn what is no HTML in blocks of HTML into text: what is no tag, and tags that no later block closes.

    Of closing tags in texts those that close such a block are no longer `lone`.
    """
    lone = _Lone(may_stay_open=_MAY_STAY_OPEN)
    pieces: list[tuple[Token, re.Match[str]]] = []
    for token in _with_html(tokens):
        for match in _TAG.finditer(token.content):
            if match["name"]:
                pieces.append((token, match))
                lone.take(match, len(pieces) - 1)
    texts: dict[int, set[int]] = {}
    for place in lone.found():
        token, match = pieces[place]
        texts.setdefault(id(token), set()).add(match.start())
    for token in _with_html(tokens):
        found = texts.get(id(token), set())
        if token.type == "html_block":
            token.content = _parts(token.content, found)
        elif not found:
            del token.meta["lone"]


def _with_html(tokens: Sequence[Token]) -> list[Token]:
    """Return the blocks of HTML, and the closing tags in texts that none there opens."""
    result: list[Token] = []
    for token in tokens:
        if token.type == "html_block":
            result.append(token)
        result += [child for child in token.children or () if child.type == "html_inline" and "lone" in child.meta]
    return result


def _name_of(tag: str) -> str:
    match = _NAME.match(tag)
    return match[1].lower() if match else ""


def _parts(html: str, texts: set[int]) -> str:
    """Return HTML with all that is no tag escaped, and the tags that begin at one of `texts`."""
    parts: list[str] = []
    position = 0
    for match in _TAG.finditer(html):
        parts.append(_angles_escaped(html[position : match.start()]))
        position = match.end()
        if not match["name"]:
            continue
        name = match["name"].lower()
        is_text = match.start() in texts or name not in _HTML
        parts.append(escape(match[0], quote=False) if is_text else match[0])
    return "".join([*parts, _angles_escaped(html[position:])])


def _angles_escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")


def without_tags(html: str) -> str:
    """Return HTML without its tags and comments."""

    def replaced(match: re.Match[str]) -> str:
        name = (match["name"] or "").lower()
        if not name or name.startswith(OWN):
            return ""
        return "" if name in _HTML else match[0]

    return _TAG.sub(replaced, html)
