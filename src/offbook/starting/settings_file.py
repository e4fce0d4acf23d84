"""Makes the settings file of `offbook init`: every key with what it does and its default, commented out."""

from __future__ import annotations

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from offbook.graph import is_graph
from offbook.settings import KEYS, Settings
from offbook.sources.vault import notes_below


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


def settings_text(**values: str) -> str:
    """Return the text of an `offbook.toml` that sets the keys in `values`; the others are comments."""
    lines = ["# Settings of offbook. Everything is optional; a line without # in front counts."]
    for key, text in documented().items():
        lines += ["", *textwrap.wrap(text, 110, initial_indent="# ", subsequent_indent="# ")]
        default = f"# {key} = {_toml(getattr(Settings(), key))}"
        lines.append(f"{key} = {_toml(values[key])}" if key in values else default)
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


def looks_like_interviews(vault: Path) -> Path | None:
    """Return the folder of a vault, up to two levels below it, whose name speaks of interviews or of finding work."""
    folders = [folder for folder in (*vault.glob("*/"), *vault.glob("*/*/")) if not folder.name.startswith(".")]
    for words in WORDS_OF_FOLDERS:
        for folder in sorted(folders, key=lambda folder: (len(folder.parts), folder)):
            if re.search(words, folder.name, re.IGNORECASE) and any(notes_below(folder)):
                return folder
    return None


def namespace_of_interviews(names: Iterable[tuple[str, ...]]) -> str:
    """Return the namespace of a graph's pages whose name speaks of interviews or of finding work, or nothing."""
    spaces = sorted({name[0] for name in names if len(name) > 1})
    found = (space for words in WORDS_OF_FOLDERS for space in spaces if re.search(words, space, re.IGNORECASE))
    return next(found, "")


WORDS_OF_FOLDERS = (r"interview", r"\b(?:job|career)", r"^(?:companies|company|firms|employers)$")
"""What the names of folders with interviews hold, the surest first."""
