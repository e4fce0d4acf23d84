"""What may stand in a formula: commands of TeX that only draw. MathJax knows others, which make links, load pictures,
put an element over the page, or change what the formulas of later cards mean.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from offbook.markdown.html_names import OWN
from offbook.markdown.macros import Macro, expanded

# As MathJax looks for a formula's end, which it does not see in braces.
_PIECE = re.compile(
    rf"<{OWN}-(?P<gap>\d+|ends)>|\\(?:begin|end)\b(?:\s*\{{(?P<environment>[A-Za-z]+\*?)\}})?"
    r"|\\(?P<name>[A-Za-z]+)|\\(?P<sign>.?)|[{}]",
    re.DOTALL,
)
_NOT_DRAWN = re.compile(r"\\(?:label|require)\s*\{[\w:.\- ]*\}")
# `\ ` without its blank would take the first character of the mark behind it.
_BLANK_AT_END = re.compile(r"(?<!\\)(?:\\\\)*\\\Z")
_ENDS = frozenset("()[]")


def drawn(source: str, macros: dict[str, Macro]) -> tuple[str, str]:
    """Return a formula that only draws, with the note's macros expanded; or else nothing, and why."""
    tex = expanded(_NOT_DRAWN.sub("", source), macros)
    if tex is None:
        return "", "its macros have no end"
    if _BLANK_AT_END.search(tex):
        tex += " "
    why = _fault(tex)
    return ("", why) if why else (tex, "")


def _fault(tex: str) -> str:
    """Say why a formula may not be drawn: for a command, or for braces that hide its end from MathJax."""
    depth = 0
    gaps: list[int] = []  # how deep in braces each open gap began: what it hides must not hide one brace of a pair
    for piece in _PIECE.finditer(tex):
        if refused := _refused(piece):
            return refused
        if piece["gap"] == "ends":
            if gaps and gaps.pop() != depth:
                return "a gap in it splits braces"
        elif piece["gap"]:
            gaps.append(depth)
        depth += (piece[0] == "{") - (piece[0] == "}")
        if depth < (gaps[-1] if gaps else 0):
            return "a brace is closed that was not opened"
    return "a brace is not closed" if depth else ""


def _refused(piece: re.Match[str]) -> str:
    commands, environments = _allowed()
    command = piece[0]
    if command.startswith(("\\begin", "\\end")) and not piece["name"]:
        return "" if piece["environment"] in environments else f"{command} has no place on a card"
    if piece["name"]:
        return "" if piece["name"] in commands else f"{command} has no place on a card"
    if piece["sign"] is not None and (piece["sign"] in _ENDS or not piece["sign"]):
        return f"{command} ends it early"
    return ""


@cache
def _allowed() -> tuple[frozenset[str], frozenset[str]]:
    """Return the commands and the environments that only draw."""
    text = (files(__package__) / "drawing.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    commands, _, environments = "\n".join(lines).partition("[environments]")
    return frozenset(commands.split()), frozenset(environments.split())
