"""Says which packages go, because no card is left of their companies."""

from __future__ import annotations

from offbook.commands import common
from offbook.commands.terminal import one_line
from offbook.model import Build
from offbook.project import Project


def show_gone(project: Project, result: Build, *, dry_run: bool) -> None:
    """Say of each package that was removed, or would be, whose it was."""
    for key, name in result.over.items():
        common.show(f"{one_line(name)}: no card of its own left")
        common.show(f"  {project.package(key)} {'would be removed' if dry_run else 'removed'}")
