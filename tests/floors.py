"""Prints the lowest release of each dependency that pyproject.toml allows, as requirements for pip.

`make test-floors` installs them. A bound is written once, there; what it says is true as long as that passes.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

PROJECT = Path(__file__).parent.parent / "pyproject.toml"


def floors(bounds: list[str]) -> list[str]:
    """Return `name==version` for each `name>=version`; raise ValueError for a bound of another form."""
    requirements: list[str] = []
    for bound in bounds:
        name, _, version = bound.partition(">=")
        if not version or "," in version:
            raise ValueError(f"{bound!r} is no bound of the form name>=version")
        requirements.append(f"{name}=={version}")
    return requirements


if __name__ == "__main__":
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    print("\n".join(floors([*project["dependencies"], *extras["anki"]])))
