"""The reader of imports, on which the tests of the architecture stand, overlooks none."""

from __future__ import annotations

from pathlib import Path

import pytest
from modules import Import, Module, circles


@pytest.mark.parametrize(
    ("text", "imported"),
    [
        ("import genanki.deck", ["genanki.deck"]),
        ("from offbook import errors, __version__", ["offbook", "offbook.errors"]),
        ("from offbook.sources.note import Note", ["offbook.sources.note"]),
        ("from .plain import plain", ["offbook.markdown.plain"]),
        ("from . import plain", ["offbook.markdown.plain"]),
        ("from ..sources.note import Note", ["offbook.sources.note"]),
        ("def f():\n    from offbook.sources.note import Note", ["offbook.sources.note"]),
        ("if TYPE_CHECKING:\n    import offbook.sources.note", ["offbook.sources.note"]),
        ("import_module('offbook.sources.note')", ["offbook.sources.note"]),
        ("importlib.import_module('.plain', __package__)", ["offbook.markdown.plain"]),
        ("import_module(f'offbook.pre{end}')", ["offbook.preview"]),
        ("import_module(f'{__name__}.pla{end}')", ["offbook.markdown.plain"]),
        ("__import__('genanki')", ["genanki"]),
        ("_LAZY = {'parse': 'offbook.markdown.parser'}", ["offbook.markdown.parser"]),
        ("'see offbook.markdown.parser'", []),
    ],
)
def test_each_kind_of_import_counts(tmp_path: Path, text: str, imported: list[str]) -> None:
    file = tmp_path / "__init__.py"
    file.write_text(text, "utf-8")
    names = [each.name for each in Module("offbook.markdown", file).imports]
    assert [name for name in sorted(names) if not name.startswith("offbook.preview.")] == imported


def test_circles_are_found_with_the_shortest_first() -> None:
    imports = [Import(by, 1, name) for by, name in ("ab", "bc", "ca", "cd", "dc", "de", "ae")]
    assert [[each.by for each in circle] for circle in circles(imports)] == [["c", "d"], ["a", "b", "c"]]
