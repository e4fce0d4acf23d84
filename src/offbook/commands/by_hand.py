"""The import where no Anki can be reached: hands the packages to the system's program, and says what to click."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from offbook import ledger
from offbook.commands import common, data
from offbook.commands.left_to_do import left_to_do
from offbook.errors import OffbookError
from offbook.model import Build
from offbook.project import Project

_OPENER_SECONDS = 3.0  # a system without a program for a file says so within this time


def hand_over(project: Project, result: Build, *, as_json: bool) -> None:
    """Open the packages with the system's program for them, and say what is left to do.

    Raises OffbookError where the system has no program for packages.
    """
    packages = {key: project.package(key) for key in sorted(result.packages)}
    opened = [file for file in packages.values() if open_with_system(file)]
    entries = ledger.parse(result.ledger.encode(), ledger.FILE_NAME)
    # A card that an earlier import saw in Anki was put in its deck by that import.
    other_decks = [
        (old_deck, entry.deck, entry.guid)
        for entry in entries
        for old_deck in entry.decks
        if not entry.retired and not entry.in_anki
    ]
    emptied = [
        (entry.guid, gap.number)
        for entry in entries
        for gap in entry.past
        if not entry.retired and gap.number not in entry.past_suspended
    ]
    steps = list(left_to_do(other_decks, emptied, retired=any(entry.retired for entry in entries)))
    if as_json:
        common.print_json(_as_data(result, {key: file in opened for key, file in packages.items()}, steps))
    else:
        common.say("Anki is not open, or has no AnkiConnect (Tools > Add-ons > Get Add-ons: 2055492159).")
        for file in packages.values():
            common.show(f"{file}: {'handed to the system' if file in opened else 'to be opened with File > Import'}")
        if opened:
            window = "window" if len(opened) == 1 else f"window, once for each of the {len(opened)} packages"
            common.show(f"Click Import in Anki's {window}.")
        for line in steps:
            common.show(line)
    if len(opened) < len(packages):
        raise OffbookError("this system has no program for .apkg files; open Anki, or name --profile")


def _as_data(result: Build, opened: Mapping[str, bool], steps: list[str]) -> dict[str, Any]:
    """Return what an import that brought nothing in itself has to say; `opened` are the packages, by slug."""
    return {
        "dry_run": False,
        "anki": None,
        "companies": [
            {**data.of_company(result.names[key], key), "package": f"{key}.apkg", "handed_over": handed_over}
            for key, handed_over in opened.items()
        ],
        "changes": [],
        "conflicts": [],
        "left_to_do": steps,
        "problems": data.of_problems(result.problems),
    }


def open_with_system(file: Path) -> bool:
    """Open a file with the program that the system has for it; return whether it has one.

    The program gets a session of its own, so that it outlives offbook, and none of offbook's outputs, so that a
    reader of those does not wait for it.
    """
    if sys.platform == "win32":
        try:
            os.startfile(file)
        except OSError:
            return False
        return True
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    null = subprocess.DEVNULL
    try:
        process = subprocess.Popen([opener, file], stdin=null, stdout=null, stderr=null, start_new_session=True)
        return process.wait(_OPENER_SECONDS) == 0
    except subprocess.TimeoutExpired:
        return True  # the opener is still running: it has become the program itself
    except OSError:
        return False
