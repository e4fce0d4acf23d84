"""Code in colours: Pygments' short classes, to which `code.css` gives colours by day and by night."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import Any

_LONGEST = 20_000  # characters
_LONGEST_LINE = 1_000  # characters; some lexers take time that grows with the square of a line


def highlight(code: str, info: str) -> str:
    """Return code as HTML, in colours where the fence's `info` names a language that Pygments has a lexer for.

    Code of more than 20,000 characters, or with a line of more than 1,000, stays plain: nobody wrote it by hand.
    """
    words = info.split()
    lexer = _lexer(words[0].lower().strip("{}.")) if words else None
    if lexer is None or len(code) > _LONGEST or max(map(len, code.split("\n"))) > _LONGEST_LINE:
        return escape(code)
    from pygments import highlight as coloured

    return str(coloured(code, lexer, _formatter()))


@cache
def _formatter() -> Any:
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter(nowrap=True)


@cache
def _lexer(language: str) -> Any:
    if not language:
        return None
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None
