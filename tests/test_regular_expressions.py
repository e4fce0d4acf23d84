"""What a regular expression of the program takes grows with the length of its text, not with its square.

Each is given texts made of its own pieces: literals, members of its classes, pairs of these, again and again; in the
ways in which its module uses it (`search`, `sub`, `match` …); and those for pages get what the gate lets through.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import offbook
from offbook.render.gate import gate

ATTACKS = [
    "[!", "<details\0a", "<details\r", "\t", "<i>\t", "#-\t", " ", "[](\0", "\0", "↑[\0", "↑](#", "*<u>", "r<</s", "`",
    "``a", ">", "\t-", "A\t", "{{c", "<{{}", "\t-=", "![](\t", "]\"\t", "<img\tsrc=d", "\td", "--><!--t", "\\(<!--",
    "\\(x", '"<img"c', '\tsrc="""c', "[sound:", "}{{{", "/[", "\x80\x80", "[[#→", "<!--", "$", "$x", "::a", "a::", "| ",
    "- ", "**a", "==a", "?", "? ", "。？", "a.", "a b ", "1", "_", "(", "a(", "[a", "&#", "<br>", "<p>", "\n", "\n ",
    "a\n", "<b>", "</b>",
]  # fmt: skip
"""What a checker of regular expressions (recheck) made to break ours."""
SHORT = 500  # characters
_WORTH_A_LOOK = 0.0012  # seconds: a line through such a text takes some millionths
_GROWTH = 2.7  # of the time, for twice as much
_TRIES = 5
# Given no more than so many characters, whatever the note.
BOUNDED = {"offbook.markdown.details._TRAILING": 80}
_METHODS = "search|sub|subn|match|fullmatch|findall|finditer|split"
_PIECE = re.compile(
    r"\\x(?P<byte>[0-9a-fA-F]{2})|\\u(?P<code>[0-9a-fA-F]{4})|\\(?P<class>[sSwWdDbBAZnt0-9])|\\(?P<escaped>.)"
    r"|\(\?P?[<=!:>\w-]*|[()|*+?^$.{}\[\]]|(?P<text>[A-Za-z]+|.)",
    re.DOTALL,
)
_MEMBERS = {"s": " ", "S": "x", "w": "a", "W": "-", "d": "1", "D": "a", "n": "\n", "t": "\t"}
_MOST_PIECES = 14


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield all patterns of the program, those in tuples and dictionaries too, each with its module and name."""
    for module in pkgutil.walk_packages(offbook.__path__, "offbook."):
        if "__main__" not in module.name:
            for name, value in vars(importlib.import_module(module.name)).items():
                yield from ((f"{module.name}.{name}", pattern) for pattern in _in(value))


def _in(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _in(inner)
    elif type(value) in (tuple, list):
        for inner in value:  # type: ignore[attr-defined]
            yield from _in(inner)


@cache
def ways(name: str) -> set[str]:
    """Return the methods by which a pattern is used in its module; `search` and `fullmatch` where none is seen."""
    module, _, own = name.rpartition(".")
    source = Path(str(importlib.import_module(module).__file__)).read_text("utf-8")
    return (
        set(re.findall(rf"\b{own}\.({_METHODS})\b", source))
        or set(
            re.findall(rf"\bpattern\.({_METHODS})\b", source)  # of those in a tuple or a dictionary
        )
        or {"search", "fullmatch"}
    )


def pieces(pattern: re.Pattern[str]) -> list[str]:
    """Return texts that a pattern is made of."""
    found, run = ["a", " ", "\n"], ""
    for match in _PIECE.finditer(pattern.pattern):
        code = match["byte"] or match["code"]
        text = chr(int(code, 16)) if code else _MEMBERS.get(match["class"] or "", "")
        text = text or match["escaped"] or match["text"] or ""
        run = run + text if text else ""
        found += [text, run]
    return [piece for piece in dict.fromkeys(found) if piece and len(piece) < 12][:_MOST_PIECES]


def attacks(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield beginnings, and what is repeated behind them."""
    yield from (("", attack) for attack in ATTACKS)
    own = pieces(pattern)
    yield from (("", piece) for piece in own)
    for one in own:
        for other in own:
            if one != other:
                yield "", one + other
                yield one, other


def text(begin: str, unit: str, size: int, name: str) -> str:
    repeated = begin + unit * (size // len(unit)) + "\0"
    return gate(repeated) if name.startswith("offbook.preview.") else repeated


def seconds(pattern: re.Pattern[str], how: set[str], given: str) -> float:
    best = 9.0
    for _ in range(2):
        begun = time.process_time()
        for method in how:
            if method in ("sub", "subn"):
                getattr(pattern, method)("", given)
            elif method == "finditer":
                list(pattern.finditer(given))
            else:
                getattr(pattern, method)(given)
        best = min(best, time.process_time() - begun)
    return best


def grows_with_the_square(name: str, pattern: re.Pattern[str], begin: str, unit: str) -> bool:
    how = ways(name)
    if seconds(pattern, how, text(begin, unit, SHORT, name)) < _WORTH_A_LOOK:
        return False
    for _ in range(_TRIES):
        once, twice, four = (seconds(pattern, how, text(begin, unit, SHORT * times, name)) for times in (1, 2, 4))
        if four < _GROWTH * twice or twice < _GROWTH * once:
            return False
    return True


ALL = {pattern.pattern: (name, pattern) for name, pattern in patterns() if name not in BOUNDED}


def test_all_patterns_are_found() -> None:
    assert len(ALL) > 100


@pytest.mark.parametrize(("name", "pattern"), ALL.values(), ids=[name for name, _ in ALL.values()])
def test_no_pattern_takes_the_square_of_its_text(name: str, pattern: re.Pattern[str]) -> None:
    slow = next((attack for attack in attacks(pattern) if grows_with_the_square(name, pattern, *attack)), None)
    assert slow is None, f"{pattern.pattern} takes the square of {slow}"
