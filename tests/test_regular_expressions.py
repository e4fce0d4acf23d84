"""No regular expression of the program takes a time that grows with more than the square of what it is given.

The strings are those that a checker of regular expressions (recheck) made to break ours, each with its repeated part.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import offbook

ATTACKS = [
    "[!", "<details\0a", "<details\r", "\t", "<i>\t", "#-\t", " ", "[](\0", "\0", "↑[\0", "↑](#", "*<u>", "r<</s", "`",
    "``a", ">", "\t-", "A\t", "{{c", "<{{}", "\t-=", "![](\t", "]\"\t", "<img\tsrc=d", "\td", "--><!--t", "\\(<!--",
    "\\(x", '"<img"c', '\tsrc="""c', "[sound:", "}{{{", "/[", "\x80\x80", "[[#→", "<!--", "$", "$x", "::a", "a::", "| ",
    "- ", "**a", "==a", "?", "? ", "。？", "a.", "a b ", "1", "_", "(", "a(", "[a", "&#", "<br>", "<p>", "\n", "\n ",
    "a\n", "<b>", "</b>",
]  # fmt: skip
LENGTH = 3_000
"""A cube of this is a minute and more; a square is some milliseconds."""


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in pkgutil.walk_packages(offbook.__path__, "offbook."):
        if "__main__" not in module.name:
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                    yield f"{module.name}.{name}", value


def test_no_pattern_is_cubic() -> None:
    found = dict(patterns())
    assert len(found) > 100
    for pattern in {pattern.pattern: pattern for pattern in found.values()}.values():
        for attack in ATTACKS:
            text = attack * (LENGTH // len(attack))
            pattern.fullmatch(text + "\0")
            pattern.match("a" + text)
