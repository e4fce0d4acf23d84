"""What fuzzing starts from: the golden cases, what was found before, and the marks of the formats."""

from __future__ import annotations

import re
import sys
from pathlib import Path

TESTS = Path(__file__).parent.parent
sys.path.insert(0, str(TESTS))

from hostile import SHAPES  # noqa: E402

FINDINGS = Path(__file__).parent / "findings"

MARKS = [
    mark.encode()
    for mark in (
        "[[", "]]", "![[", "|", "#", "^", "::", ":::", "==", "%%", "$", "$$", "**", "*", "_", "~~", "`", "```",
        "~~~", "> ", "> [!question]- ", "> [!hint]", "- [ ] ", "1. ", "---", "===", "?", "？", "؟", "Q: ",
        "A: ", "{{c1::", "}}", "{{", "<details>", "</details>", "<summary>", "</summary>", "<!--", "-->",
        "<br>", "<img src=", "<script>", "<svg/onload=", "<math>", "<style>", "javascript:", "data:", "[^1]",
        "[^1]: ", "^[", "![](", "](", "[", "]", "(", ")", "\\", "\\(", "\\)", "\\[", "\\]", "&lt;", "&#x",
        "http://", "www.", "#card", "#cloze", "| --- | --- |", "\n: ", "other#Part", "other#^block", "note",
        "pic.png|100x100", "sound.mp3", "[sound:", "\t", "    ", "\r\n", "\0", "\x1f", "\x1b[31m", "\u200b",
        "\u202e", "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3", "\ufdd4", "\u2028", "\x85", "e\u0301", "ﬁ", "İ", "ß",
        "¿", "…", "→", "↩", "—", "\\frac{", "\\begin{align}", "\\end{align}", "\\text{", "&", "---\ncompany: ",
        "hint: ", "cards: ", "tags: [", "time: ", "dialects_off: ", "openings: ", "key: *a", "&a ", "!!",
    )
]  # fmt: skip
_SETTINGS = [
    b'vault = "."\nignore = ["a*", "[!", "**"]\ndeck = "X::{company}"\ncommon_deck = "C"\ncards = "questions"\n',
    b'openings = ["Kerro"]\nlongest_answer = 4\ntime = "1m30s"\n\n[css]\naccent = "red"\n[css.night]\nx = 1\n',
    b'dialects_off = ["heading", "inline"]\ncss = ".card { color: red }"\nstrict_line_breaks = true\nhint = "x"\n',
]
_LEDGER = (
    b'{"offbook-ledger": 1, "looks": "abc", "changed": 5}\n'
    b'{"guid": "a", "note": "a.md", "question": "Why?", "companies": ["a"], "deck": "D", "modified": 5, "retired": 6, '
    b'"kept": ["x", "y"], "cloze": true}\n'
)
_COMPANIES = ["Acme Robotics", "../../x", "CON", "C++", "日本語", "İstanbul", "ﬁ", "a/b", "all", "common"]


def seeds(target: str) -> list[bytes]:
    """Return where to begin."""
    found = [file.read_bytes() for file in sorted((FINDINGS / target).glob("*"))]
    if target == "notes":
        for file in sorted(TESTS.glob("golden/*/*.md")):
            cases = re.split(r"(?m)^===== .*\n", file.read_text("utf-8"))[1:]
            found += [case.partition("\n----- ")[0].encode() for case in cases]
    elif target == "shapes":
        found += [f"{shape.begin}\0{shape.unit}".encode() for shape in SHAPES.values()]
        found += [begin + b"\0" + unit for begin in (b"", b"## Why?\n") for unit in MARKS]
    elif target == "front_matter":
        notes = [note.removeprefix(b"---\n") for note in seeds("notes") if note.startswith(b"---\n")]
        found += [*notes, b"company: [a, b]\ncards: explicit\ntime: 1:30\nhint: |\n  x\ntags: [a, '#b']\n---\nx"]
    elif target == "settings":
        found += _SETTINGS
    elif target == "ledgers":
        found += [_LEDGER, _LEDGER + _LEDGER, b"<<<<<<< HEAD\n"]
    else:
        found += [name.encode() for name in _COMPANIES]
    return found
