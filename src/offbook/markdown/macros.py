"""Macros of TeX that a note defines: they are expanded in its own formulas, so that none is defined in Anki."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = r"[A-Za-z]+"
_DEFINITION = re.compile(
    rf"""
    \\(?:(?:re)?new|provide)command\*?\s*(?:\{{\s*\\(?P<braced>{_NAME})\s*\}}|\\(?P<bare>{_NAME}))
        \s*(?:\[(?P<count>[1-9])\])?\s*(?:\[(?P<default>[^\[\]]*)\])?\s*(?=\{{)
    | \\[gex]?def\s*\\(?P<plain>{_NAME})\s*(?P<places>(?:\#[1-9])*)\s*(?=\{{)
    | \\DeclareMathOperator(?P<limits>\*?)\s*\{{?\s*\\(?P<operator>{_NAME})\s*\}}?\s*(?=\{{)
    | \\let\s*\\(?P<same>{_NAME})\s*=?\s*(?P<other>\\{_NAME})
    """,
    re.VERBOSE,
)
_DEFINES = re.compile(r"command|def\b|\\DeclareMathOperator|\\let\b|def\\")
_PIECE = re.compile(rf"\\(?P<name>{_NAME})|\\.|[{{}}]", re.DOTALL)
_PLACE = re.compile(r"#([1-9])")
_GIVEN = re.compile(r"\s*\[([^\[\]]*)\]")
_MOST = 500  # macros that are expanded in one formula
_LONGEST = 10_000  # characters of a formula


@dataclass(frozen=True, slots=True)
class Macro:
    """A command that a note defines."""

    body: str
    arguments: int = 0
    default: str | None = None
    """The first argument where none is given in brackets; None where it has none."""


def definitions(text: str) -> dict[str, Macro]:
    """Return the macros that a text defines, by name."""
    return _taken(text)[0] if "\\" in text and _DEFINES.search(text) else {}


def expanded(formula: str, macros: dict[str, Macro]) -> str | None:
    """Return a formula without definitions and macros; None where expanding has no end."""
    if _DEFINES.search(formula):
        formula = _taken(formula)[1]
    position = 0
    for _ in range(_MOST):
        found = next((piece for piece in _PIECE.finditer(formula, position) if piece["name"] in macros), None)
        if found is None:
            return formula.strip()
        body, end = _filled(macros[found["name"]], formula, found.end())
        before = formula[: found.start()]
        # What is one argument as a macro is one in braces.
        if re.search(rf"[\^_]\s*\Z|\\{_NAME}\Z", before):
            body = f"{{{body}}}"
        elif re.search(rf"\\{_NAME}\Z", body) and formula[end : end + 1].isalpha():
            body += " "
        formula, position = before + body + formula[end:], len(before)
        if len(formula) > _LONGEST:
            return None
    return None


def _taken(text: str) -> tuple[dict[str, Macro], str]:
    """Return the macros, and the text without their definitions."""
    macros: dict[str, Macro] = {}
    parts: list[str] = []
    position = 0
    for match in _DEFINITION.finditer(text):
        if match.start() < position:
            continue
        parts.append(text[position : match.start()])
        if match["same"]:
            position = match.end()
            macros[match["same"]] = Macro(match["other"])
            continue
        body, position = _argument(text, match.end())
        name = match["braced"] or match["bare"] or match["plain"] or match["operator"]
        if match["operator"]:
            body = f"\\operatorname{match['limits']}{{{body}}}"
        count = int(match["count"] or 0) or len(match["places"] or "") // len("#1")
        macros[name] = Macro(body, count, match["default"])
    return macros, "".join([*parts, text[position:]])


def _filled(macro: Macro, formula: str, position: int) -> tuple[str, int]:
    """Return a macro's body with its arguments, and where they end."""
    arguments: list[str] = []
    if macro.default is not None:
        given = _GIVEN.match(formula, position)
        arguments.append(given[1] if given else macro.default)
        position = given.end() if given else position
    while len(arguments) < macro.arguments:
        argument, position = _argument(formula, position)
        arguments.append(argument)
    body = _PLACE.sub(lambda place: arguments[int(place[1]) - 1] if int(place[1]) <= len(arguments) else "", macro.body)
    return body, position


def _argument(text: str, position: int) -> tuple[str, int]:
    """Return the text in braces, or the one sign, that stands at `position`, and where it ends."""
    while text[position : position + 1].isspace():
        position += 1
    if text[position : position + 1] != "{":
        sign = _PIECE.match(text, position)
        end = min(sign.end() if sign else position + 1, len(text))
        return text[position:end], end
    depth = 0
    for match in _PIECE.finditer(text, position, position + _LONGEST):
        depth += (match[0] == "{") - (match[0] == "}")
        if not depth:
            return text[position + 1 : match.start()], match.end()
    return text[position + 1 :], len(text)
