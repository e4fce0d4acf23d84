"""Rules that take for HTML only what has a name of HTML: `<C-r>`, `<Nop>` and `vector<T>` are text."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, html_block
from markdown_it.rules_inline import StateInline, html_inline

_NAME = re.compile(r"</?([A-Za-z][\w-]*)")
_LISTED = """a abbr acronym address area article aside audio b base basefont bdi bdo big blockquote body br button
canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset
figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd
label legend li link main map mark math menu meta meter nav noscript object ol optgroup option output p param picture
pre progress q rp rt ruby s samp script search section select slot small source span strike strong style sub summary
sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr"""
_NAMES = frozenset(_LISTED.split())


def html_names_plugin(md: MarkdownIt) -> None:
    """Leave `<` before any other name to be text."""
    md.inline.ruler.at("html_inline", _inline)
    md.block.ruler.at("html_block", _block, {"alt": ["paragraph", "reference", "blockquote"]})


def _inline(state: StateInline, silent: bool) -> bool:
    return _is_html(state.src, state.pos) and html_inline(state, silent)


def _block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    start = state.bMarks[start_line] + state.tShift[start_line]
    return _is_html(state.src, start) and html_block(state, start_line, end_line, silent)


def _is_html(source: str, position: int) -> bool:
    match = _NAME.match(source, position)
    return match is None or match[1].lower() in _NAMES
