"""The house stands as ARCHITECTURE.md draws it: who may import whom, and who may print.

Each test lists everything that is wrong, a line each. To give a new module its place, name it in `STAGES`, `VALUES` or
`BESIDE`, and in ARCHITECTURE.md.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator

from modules import ROOT, SOURCE, Import, Module, circles, modules, none_of

# By stage the modules right below src/offbook that are it.
STAGES = {
    "sources": {"sources"},
    "cards": {"cards"},
    "companies": {"companies"},
    "talking points": {"talking_points"},
    "identify": {"identify"},
    "render": {"render", "transclusion"},
    "export": {"export"},
    "package": {"package"},
}
# What every stage may import: values, and tools that know nothing of stages.
VALUES = {
    "model", "errors", "settings", "text", "language", "markdown", "notetypes", "likeness", "media", "opening", "tags",
    "field_text", "graph", "naming", "days", "retiring",
}  # fmt: skip
# What a stage may import besides.
MAY_IMPORT: dict[str, set[str]] = {
    "sources": set(),
    "cards": set(),
    "companies": {"config"},
    "talking points": set(),
    "identify": set(),
    "render": {"sources"},  # it is handed the note's links, which say what they lead to
    "export": {"ledger"},
    "package": set(),
}
# The folders of recognition in their order: each knows those before it.
RECOGNITION = ("words", "note", "marks", "units", "styles", "answers", "readings", "doubts", "find")
# They alone know in which order the stages come: `stages` those that look at one note, `survey` all that find cards,
# `pipeline` all. Who asks a stage and `companies`, for a name, knows no order.
PIPELINE = {"pipeline", "stages", "survey"}
# What is no stage: what a run works with, and what stands before and behind the pipeline.
BESIDE = {
    "__main__", "anki", "api", "check", "cli", "clock", "commands", "config", "conflicts", "descriptions", "files",
    "interview", "layout", "ledger", "looks", "lost_cards", "memo", "offbook", "preview", "project", "readiness",
    "starting", "watch", "workers", *PIPELINE,
}  # fmt: skip
# Those that talk to the user.
SPEAKERS = {"cli", "commands", "__main__"}

MODULES = {module.name: module for module in modules()}
STAGE_OF = {name: stage for stage, names in STAGES.items() for name in names}


def _said(each: Import) -> str:
    return f"{MODULES[each.by].at(each.line)} imports {each.name}"


def _stage(name: str) -> str:
    """Return the stage of a module of offbook, if it is in one."""
    return STAGE_OF.get(MODULES[name].top, "") if name in MODULES else ""


# -- who imports whom ------------------------------------------------------------------------------


def test_no_import_is_part_of_a_circle() -> None:
    found = circles([each for module in modules() for each in module.imports if each.name in MODULES])
    none_of("circle: " + ", ".join(map(_said, circle)) for circle in found)


def test_every_module_has_a_place_in_the_house() -> None:
    known = {*STAGE_OF, *VALUES, *BESIDE}
    none_of(f"{module} has no place" for module in modules() if module.top not in known)


def test_values_know_nothing_of_stages() -> None:
    none_of(
        _said(each)
        for module in modules()
        if module.top in VALUES
        for each in module.imports
        if each.name in MODULES and MODULES[each.name].top not in VALUES
    )


def test_stages_know_nothing_of_their_neighbours() -> None:
    none_of(f"{stage}: {_said(each)}" for stage in STAGES for each in _too_much(stage))


def _too_much(stage: str) -> Iterator[Import]:
    allowed = STAGES[stage] | VALUES | MAY_IMPORT[stage]
    for module in modules():
        if module.top in STAGES[stage]:
            for each in module.imports:
                if each.name in MODULES and MODULES[each.name].top not in allowed:
                    yield each


def test_recognition_goes_one_way() -> None:
    def place(name: str) -> int:
        part = f"{name}..".split(".")[2]
        return RECOGNITION.index(part) if part in RECOGNITION else -1

    inner = [module for module in modules() if module.top == "cards" and place(module.name) >= 0]
    found = [each for module in inner for each in module.imports if each.name.startswith("offbook.cards.")]
    none_of(_said(each) for each in found if place(each.by) < place(each.name))


def test_the_pipeline_alone_knows_the_order_of_the_stages() -> None:
    faults = []
    for module in modules():
        stages = defaultdict(set)
        for each in module.imports:
            if (stage := _stage(each.name)) and stage != "companies":
                stages[stage].add(each.name.removeprefix("offbook."))
        if module.top not in PIPELINE and not _stage(module.name) and len(stages) > 1:
            told = "; ".join(f"{stage} ({', '.join(sorted(names))})" for stage, names in sorted(stages.items()))
            faults.append(f"{module} knows {len(stages)} stages: {told}")
    none_of(faults)


def test_only_the_package_writer_imports_genanki() -> None:
    none_of(_users_of("genanki", {"package"}))


def test_only_the_part_that_talks_to_anki_imports_it() -> None:
    none_of(_users_of("anki", {"anki"}))


def test_only_the_command_line_imports_what_draws_it() -> None:
    for library in ("click", "rich"):
        none_of(_users_of(library, SPEAKERS))


def test_recognition_knows_neither_files_nor_programs() -> None:
    for library in ("os", "pathlib", "sqlite3", "click"):
        none_of(_users_of(library, {module.top for module in modules()} - {"cards"}))


def _users_of(library: str, allowed: set[str]) -> Iterator[str]:
    for module in modules():
        if module.top not in allowed:
            yield from (_said(each) for each in module.imports if each.root == library)


# -- who does what ---------------------------------------------------------------------------------

_SPEAKS = re.compile(r"(click\.)?(echo|secho|print|exit|quit|input|prompt|confirm|pause)|(sys|os)\._?exit|SystemExit")
_STREAMS = {"sys.stdout", "sys.stderr", "sys.stdin"}


def test_only_the_command_line_prints_and_exits() -> None:
    none_of(
        f"{module.at(node.lineno)}: {name}"
        for module in modules()
        if module.top not in SPEAKERS
        for node, name in _names(module)
        if _SPEAKS.fullmatch(name) or name in _STREAMS
    )


def _names(module: Module) -> Iterator[tuple[ast.expr, str]]:
    """Yield what is called and raised by its whole name, and each attribute of a module."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield node, ast.unparse(node.func)
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name):
            yield node.exc, node.exc.id
        elif isinstance(node, ast.Attribute):
            yield node, ast.unparse(node)


# -- private parts ---------------------------------------------------------------------------------

_PRIVATE = re.compile(r"_(?!_)\w*")
# Public, in spite of the name: of named tuples.
_OF_NAMED_TUPLES = {"_asdict", "_fields", "_make", "_replace"}


def test_nothing_reaches_into_private_parts() -> None:
    none_of(fault for module in modules() for fault in _reaches(module))


def _reaches(module: Module) -> Iterator[str]:
    own = _own_names(module.tree)
    imported = _imported_names(module.tree)
    for node in ast.walk(module.tree):
        match node:
            case ast.ImportFrom(module=source, names=names):
                for alias in names:
                    if _PRIVATE.fullmatch(alias.name):
                        yield f"{module.at(node.lineno)} imports {alias.name} from {source}"
            case ast.Attribute(value=value, attr=name) if _PRIVATE.fullmatch(name) and name not in _OF_NAMED_TUPLES:
                of_another = isinstance(value, ast.Name) and value.id in imported
                if of_another or name not in own:
                    yield f"{module.at(node.lineno)} reaches for {ast.unparse(node)}"
            case ast.Call(func=ast.Name(id="getattr" | "setattr"), args=[_, ast.Constant(value=str(name)), *_]):
                if _PRIVATE.fullmatch(name) and name not in own:
                    yield f"{module.at(node.lineno)} reaches for {name}"


def _own_names(tree: ast.AST) -> set[str]:
    """Return the names that a module gives to something itself: functions, classes, variables and attributes."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name, ctx=ast.Store()):
                found.add(name)
    return found


def _imported_names(tree: ast.AST) -> set[str]:
    aliases = [
        alias for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names
    ]
    return {alias.asname or alias.name.partition(".")[0] for alias in aliases}


# -- the map ---------------------------------------------------------------------------------------

_MAP = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
_ON_THE_MAP = {name for name in re.split(r"[\s`,;:()|]+", _MAP) if re.fullmatch(r"[\w./]*\w(\.py|/)", name)}


def test_the_map_names_every_module() -> None:
    tops = {
        path.name + "/" * path.is_dir() for path in SOURCE.iterdir() if path.suffix == ".py" or _is_package(path.name)
    }
    none_of(
        f"ARCHITECTURE.md does not name {name}" for name in sorted(tops - {"__init__.py", "__main__.py"} - _ON_THE_MAP)
    )


def test_the_map_names_nothing_that_is_not_there() -> None:
    none_of(f"ARCHITECTURE.md names {name}" for name in sorted(_ON_THE_MAP) if not _is_there(name))


def _is_package(name: str) -> bool:
    return f"offbook.{name}" in MODULES


def _is_there(name: str) -> bool:
    """Whether a path leads somewhere from src/offbook, from a package in it, or from the root."""
    return any((folder / name).exists() for folder in (SOURCE, ROOT, *SOURCE.glob("*/"), *SOURCE.glob("cards/*/")))
