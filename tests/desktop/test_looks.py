"""What a card looks like in the desktop Anki, by day and by night, on a wide window and at 400 px."""

from __future__ import annotations

from pathlib import Path

import pytest
from desktop.anki import Desktop
from desktop.conftest import Brought

PAPER = {False: "#fcfbf8", True: "#1d1d1f"}
SURFACE = {False: "#f4f2ec", True: "#28272a"}
INK = {False: "rgb(34, 33, 31)", True: "rgb(230, 228, 223)"}
CODE = "## What does it print?\n\nA number:\n\n```python\nprint(" + "1 + " * 40 + "1)\n```\n"


@pytest.mark.parametrize("width", [400, 1000])
@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
def test_paper_ink_and_code_boxes_are_ours(
    anki: Desktop, brought: Brought, pictures: Path, night: bool, width: int
) -> None:
    brought("acme/a.md", CODE)
    anki.night(night)
    anki.size(width)
    anki.review("deck:Interviews::Acme")
    anki.turn()
    anki.picture(pictures / f"code-{'night' if night else 'day'}-{width}.png")
    colours = anki.colours()
    assert next(iter(colours)) == PAPER[night]
    assert colours.get(SURFACE[night], 0) > 1000
    assert anki.javascript("getComputedStyle(document.querySelector('.question')).color") == INK[night]
    assert anki.javascript("document.documentElement.scrollWidth <= innerWidth")
