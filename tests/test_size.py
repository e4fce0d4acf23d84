"""No file of the program, no function and no list of parameters is longer than a reader can take in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from modules import Module, modules, none_of

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
MOST_PARAMETERS = 6


def test_no_file_is_too_long() -> None:
    lengths = {module: len(module.file.read_text("utf-8").splitlines()) for module in modules()}
    none_of(f"src/offbook/{module} has {length} lines" for module, length in lengths.items() if length > LONGEST_FILE)


def test_no_function_is_too_long() -> None:
    none_of(
        f"{module.at(node.lineno)} {node.name} has {length} lines"
        for module in modules()
        for node in _functions(module)
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    )


def test_no_function_takes_too_much() -> None:
    none_of(
        f"{module.at(node.lineno)} {node.name} takes {number} parameters"
        for module in modules()
        for node in _functions(module)
        if (number := _parameters(node)) > MOST_PARAMETERS and not _is_command(node)
    )


def _functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many parameters there are; the object itself is none."""
    named = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    more = [each for each in (node.args.vararg, node.args.kwarg) if each]
    return len([each for each in named if each.arg not in ("self", "cls")]) + len(more)


def _is_command(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it is Click that calls this: each option is a parameter."""
    names = {ast.unparse(each.func if isinstance(each, ast.Call) else each) for each in node.decorator_list}
    return any(re.search(r"^click\.|\.(command|group)$|_(option|argument)$", name) for name in names)
