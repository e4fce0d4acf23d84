"""The picture in ARCHITECTURE.md is true: modules import in its direction only."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "offbook"

# From the left end of the picture to the right: a module may import those before it, not those behind it.
STAGES = [
    {"errors"},
    {"markdown"},
    {"note", "config", "files", "cache"},
    {"company", "cards"},
    {"vault", "ledger", "likeness", "media", "notetypes", "sanitize"},
    {"lookups", "transclusion", "talking_points", "identify", "tags", "interview", "starting"},
    {"render", "package"},
    {"reader"},
    {"workers", "pipeline"},
    {"export", "check", "preview", "anki", "watch", "api"},
    {"commands"},
    {"cli"},
]
RANK = {module: rank for rank, stage in enumerate(STAGES) for module in stage}
FILES = sorted(file for file in SOURCE.rglob("*.py") if not file.name.startswith("__main__"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_modules_import_in_the_direction_of_the_picture(file: Path) -> None:
    own = file.relative_to(SOURCE).parts[0].removesuffix(".py")
    if own == "__init__":
        return
    assert own in RANK, f"{own} has no place in the picture"
    for imported in _imports(ast.parse(file.read_text("utf-8"))):
        assert imported == own or RANK[imported] <= RANK[own], f"{own} imports {imported}"


def _imports(tree: ast.Module) -> set[str]:
    """Return the modules of offbook imported at the top: those needed to load the module."""
    names = {node.module for node in tree.body if isinstance(node, ast.ImportFrom) and node.module}
    names |= {
        f"offbook.{alias.name}"
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "offbook"
        for alias in node.names
        if (SOURCE / alias.name).exists() or (SOURCE / f"{alias.name}.py").exists()
    }
    return {name.split(".")[1] for name in names if name.startswith("offbook.")}


def test_only_the_package_writer_imports_genanki() -> None:
    users = [file.name for file in FILES if "genanki" in _roots(file)]
    assert users == ["package.py"]


def test_recognition_knows_neither_files_nor_anki() -> None:
    for file in (SOURCE / "cards").rglob("*.py"):
        assert _roots(file).isdisjoint({"os", "pathlib", "sqlite3", "genanki", "click"}), file.name


def _roots(file: Path) -> set[str]:
    tree = ast.parse(file.read_text("utf-8"))
    found = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    found |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in found}
