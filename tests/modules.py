"""Reads the modules of offbook as text: what each imports, and where. Nothing is loaded.

All imports count: those at the top, within functions and below `TYPE_CHECKING`, and those by name: `import_module` and
`__import__`, and any string that is the full name of a module, as in the table of a lazy `__getattr__`.
"""

from __future__ import annotations

import ast
import gc
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "offbook"


@dataclass(frozen=True, order=True)
class Import:
    """One module names another."""

    by: str
    line: int
    name: str
    """What is imported: a module of offbook, or the whole dotted name of something else."""

    @property
    def root(self) -> str:
        """The first part of the name, which for a library is the library."""
        return self.name.partition(".")[0]


@dataclass(frozen=True)
class Module:
    """One file of the program."""

    name: str
    """Dotted: `offbook.cards.find`; a package's `__init__.py` has the name of the package."""
    file: Path

    def __str__(self) -> str:
        return str(self.file.relative_to(SOURCE))

    def at(self, line: int) -> str:
        """Return where something stands, as other tools write it."""
        return f"src/offbook/{self}:{line}"

    @property
    def top(self) -> str:
        """The module or package right below offbook: `cards` of `offbook.cards.find`; `offbook` of offbook itself."""
        return self.name.split(".")[min(1, self.name.count("."))]

    @property
    def package(self) -> str:
        """What a relative import starts from."""
        return self.name if self.file.name == "__init__.py" else self.name.rpartition(".")[0]

    @cached_property
    def tree(self) -> ast.Module:
        text = self.file.read_text("utf-8")
        gc.disable()  # a collection inside ast.parse ends in a SystemError up to Python 3.11.7 (CPython issue 106905)
        try:
            return ast.parse(text)
        finally:
            gc.enable()

    @cached_property
    def imports(self) -> list[Import]:
        """All imports, by line; a module does not import itself."""
        found = {
            Import(self.name, node.lineno, name)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.stmt | ast.expr)
            for name in self._names(node)
        }
        return sorted(each for each in found if each.name != self.name)

    def _names(self, node: ast.AST) -> Iterator[str]:
        match node:
            case ast.Import(names=names):
                yield from (_module(alias.name) for alias in names)
            case ast.ImportFrom(names=names):
                source = self._absolute("." * node.level + (node.module or ""))
                yield from (_module(f"{source}.{alias.name}") for alias in names)
            case ast.Constant(value=str(text)) if text in _names() and text != "offbook":
                yield text
            case ast.Call(args=[argument, *_]) if _called(node) in ("import_module", "__import__"):
                pattern = self._absolute(self._pattern(argument))
                known = [name for name in _names() if fnmatchcase(name, pattern)]
                yield from known or [pattern]

    def _absolute(self, name: str) -> str:
        """Return a name without dots in front."""
        level = len(name) - len(name.lstrip("."))
        if not level:
            return name
        parents = self.package.split(".")
        return ".".join([*parents[: len(parents) - level + 1], name[level:]]).rstrip(".")

    def _pattern(self, argument: ast.expr) -> str:
        """Return the names that an expression can have as a pattern: `offbook.commands.*`."""
        match argument:
            case ast.Constant(value=str(text)):
                return text
            case ast.JoinedStr(values=parts):
                return "".join(self._pattern(part) for part in parts)
            case ast.FormattedValue(value=value):
                return self._pattern(value)
            case ast.Name(id="__name__"):
                return self.name
            case ast.Name(id="__package__"):
                return self.package
        return "*" if isinstance(argument, ast.Name | ast.Attribute | ast.Subscript | ast.Call) else ""


@cache
def modules() -> tuple[Module, ...]:
    """Return all modules of offbook."""
    return tuple(Module(_dotted(file), file) for file in sorted(SOURCE.rglob("*.py")))


def _dotted(file: Path) -> str:
    return ".".join(["offbook", *file.relative_to(SOURCE).with_suffix("").parts]).removesuffix(".__init__")


@cache
def _names() -> frozenset[str]:
    return frozenset(_dotted(file) for file in SOURCE.rglob("*.py"))


def _module(name: str) -> str:
    """Return the module of offbook that something is imported from; of other things the whole name."""
    module = name
    while module and module not in _names():
        module = module.rpartition(".")[0]
    return module or name


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def none_of(faults: Iterable[str]) -> None:
    """Fail with all faults, a line each."""
    found = list(dict.fromkeys(faults))
    if found:
        pytest.fail("\n".join([f"{len(found)} found:", *found]), pytrace=False)


# -- circles ---------------------------------------------------------------------------------------


def circles(imports: Sequence[Import]) -> list[list[Import]]:
    """Return circles of imports, the shortest first; no import is in two of them, and without them there is none."""
    left: dict[str, list[Import]] = {}
    for each in imports:
        left.setdefault(each.by, []).append(each)
    found = []
    while circle := min(filter(None, (_circle(name, left) for name in left)), key=len, default=[]):
        found.append(circle)
        left = {name: [each for each in own if each not in circle] for name, own in left.items()}
    return found


def _circle(start: str, imports: Mapping[str, Sequence[Import]]) -> list[Import]:
    """Return the shortest way from a module back to itself, if there is one."""
    ways: dict[str, list[Import]] = {}
    waiting: deque[tuple[str, list[Import]]] = deque([(start, [])])
    while waiting and start not in ways:
        here, way = waiting.popleft()
        for each in imports.get(here, ()):
            if each.name not in ways:
                ways[each.name] = [*way, each]
                waiting.append((each.name, ways[each.name]))
    return ways.get(start, [])
