"""What README.md and ARCHITECTURE.md say of the repository; `test_docs.py` runs what the pages show of the program."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_two_commands_are_targets_of_the_makefile() -> None:
    readme, makefile = (ROOT / "README.md").read_text("utf-8"), (ROOT / "Makefile").read_text("utf-8")
    targets = re.findall(r"(?m)^    make (\w+)$", readme)
    assert targets == ["deck", "test"]
    assert all(f"\n{target}:" in makefile for target in targets)


def test_architecture_names_every_module() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    modules = [path.name for path in (ROOT / "src/offbook").iterdir() if path.suffix == ".py" and path.name[0] != "_"]
    folders = [f"{path.parent.name}/" for path in (ROOT / "src/offbook").glob("*/__init__.py")]
    assert [name for name in modules + folders if f"`{name}`" not in text] == []


def test_every_test_that_security_names_exists() -> None:
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    named = re.findall(r"`(tests/[^`]+)`", text)
    assert len(set(named)) > 10
    assert [path for path in named if not (ROOT / path).is_file()] == []
