"""What Obsidian's own settings, and those of its plugins, say of a vault: they are read, and never written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = ".obsidian"
_TEMPLATES = (("templates.json", "folder"), ("plugins/templater-obsidian/data.json", "templates_folder"))
_REPETITION = "plugins/obsidian-spaced-repetition/data.json"


def template_folders(root: Path) -> Iterator[Path]:
    """Yield the folders of a vault that Obsidian and its plugin Templater take templates from."""
    for name, key in _TEMPLATES:
        folder = _settings(root, name).get(key)
        if isinstance(folder, str) and folder.strip("/ "):
            yield root / folder.strip("/ ")


def flashcard_tags(root: Path) -> tuple[str, ...]:
    """Return the tags by which the plugin Spaced Repetition knows notes with cards, without `#`; none without it."""
    values = _settings(root, _REPETITION)
    inner = values.get("settings")
    tags = (inner if isinstance(inner, dict) else values).get("flashcardTags")
    found = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    return tuple(tag.strip(" #") for tag in found if tag.strip(" #"))


def _settings(root: Path, name: str) -> dict[str, Any]:
    """Return what a file of Obsidian's settings holds; nothing of one that is not there or not as it should be."""
    try:
        values = json.loads((root / FOLDER / name).read_bytes())
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}
