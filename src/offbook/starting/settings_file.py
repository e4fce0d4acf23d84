"""Makes the settings file of `offbook init`: every key with what it does and its default, commented out."""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from pathlib import Path
from typing import Any

from offbook.graph import is_graph
from offbook.settings import KEYS, Settings


def documented() -> dict[str, str]:
    """Return what each key of the settings does, by key, from the docstrings of `Settings`."""
    body = ast.parse(textwrap.dedent(inspect.getsource(Settings))).body[0]
    assert isinstance(body, ast.ClassDef)
    texts: dict[str, str] = {}
    for statement, following in zip(body.body, body.body[1:], strict=False):
        if isinstance(statement, ast.AnnAssign) and isinstance(following, ast.Expr):
            name, text = ast.unparse(statement.target), ast.literal_eval(following.value)
            texts[name] = " ".join(text.split())
    return {key: texts[key] for key in KEYS}


def settings_text(**values: str | list[str] | bool) -> str:
    """Return the text of an `offbook.toml` that sets the keys in `values`; the others are comments."""
    lines = ["# Settings of offbook. Everything is optional; a line without # in front counts."]
    for key, text in documented().items():
        lines += ["", *textwrap.wrap(text, 110, initial_indent="# ", subsequent_indent="# ")]
        default = getattr(Settings(), key)
        value = values.get(key, default)
        lines.append(f"{'' if value != default else '# '}{key} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    """Return a value in TOML, which writes strings, numbers, booleans and lists of strings as JSON does."""
    return json.dumps(value, ensure_ascii=False)


def find_vault(folder: Path) -> Path | None:
    """Return the nearest vault of Obsidian or graph of Logseq: `folder`, one above it, or up to two levels below it."""
    for above in (folder, *folder.parents):
        if is_vault(above):
            return above
    return next(iter(vaults_below(folder)), None)


def vaults_below(folder: Path) -> list[Path]:
    """Return the vaults and graphs up to two levels below `folder`, the nearest first."""
    found = filter(is_vault, (*folder.glob("*/"), *folder.glob("*/*/")))
    return sorted(found, key=lambda path: (len(path.parts), path))


def is_vault(folder: Path) -> bool:
    """Whether a folder is a vault of Obsidian or a graph of Logseq."""
    return (folder / ".obsidian").is_dir() or is_graph(folder)
