"""The examples of the CommonMark specification as answers: all that a reader sees of them stands on the card."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from visible import letters, rendered, shown

LINES = (Path(__file__).parent / "commonmark" / "examples.jsonl").read_text("utf-8").splitlines()[1:]
EXAMPLES: list[dict[str, Any]] = [
    example for example in map(json.loads, LINES) if not re.search(r"<h[1-6]", example["html"])
]
WIKILINK = "`[[…]]` is a link of Obsidian's, and `![[…]]` shows a note"
HTML = "what only looks like HTML is text, so that Markdown in it is read"
STUB = "an answer that is only dashes, or a word in brackets, is still to be written"
TO_HEADING = "a link to another place in the note, at the edge of an answer, leads nowhere on a card"
RULE = "a line of equals signs alone is a rule, as people draw it"
LIST = "a numbered list below a heading is a list, however far it is indented"
TAGS = "tags on a line of their own are no answer"
DIFFERENT = {
    46: STUB, 56: STUB, 199: STUB, 563: STUB, 592: STUB,
    163: HTML, 171: HTML, 178: HTML, 524: HTML, 536: HTML,
    501: TO_HEADING, 289: LIST, 64: TAGS, 45: RULE, 93: RULE, 97: RULE,
    548: WIKILINK, 559: WIKILINK, 590: WIKILINK,
}  # fmt: skip


def keeps(expected: str, found: str, *, more: bool) -> bool:
    """Whether all letters are there, in order; `more` says that there may be others between them."""
    rest = iter(found)
    return all(letter in rest for letter in expected) if more else expected == found


def loses(example: dict[str, Any], folder: Path) -> bool:
    """Whether something that is seen of an example is not seen on its card, or not told by `cards`."""
    _, answer, _, plain = rendered(f"## What is it?\n\n{example['markdown']}\n", folder)
    # HTML that may not stand on a card is text, and pictures that are missing are named.
    more = "<" in example["markdown"] or "![" in example["markdown"]
    expected = letters(shown(example["html"]))
    return not all(keeps(expected, letters(text), more=more) for text in (shown(answer), plain))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example["example"]))
def test_an_example_keeps_its_text(example: dict[str, Any], tmp_path: Path) -> None:
    assert loses(example, tmp_path) == (example["example"] in DIFFERENT), DIFFERENT.get(example["example"])


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 600
