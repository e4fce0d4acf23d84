"""The gate: what it lets through, in which order, and that nothing changes a field behind it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from conftest import Anki, Workspace
from harmless import assert_harmless
from injections import PAYLOADS

from offbook.render import gate as module
from offbook.render.gate import gate, last_word, normal, text_field

NOTE = r"""---
hint: "A *hint* \x01 [sound:x.mp3]"
---
# A part [sound:b.mp3] <T>

## What is <T>? #tag

Some `code` [sound:x.mp3], $x^2$, [[a]], <b>bold</b> and <path>. \\(x\\)

> [!hint]
> Think of *it*.

A {{c1::gap [sound:y.mp3]}} hides {{c2::more::a "hint"}}. $\{ {{c3::x}} \}$

## Is it open?
"""


@pytest.mark.parametrize("number", [*range(1, 9), 11, 12, *range(14, 32), 127, 0xFDD0, 0xFDD7, 0xFDEF, 0xFFFE, 0xFFFF])
def test_control_and_reserved_characters_go_first(number: int) -> None:
    decimal, hexadecimal = f"&#{number}", f"&#x{number:x}"
    for written in (chr(number), f"{decimal};", f"{hexadecimal};", f"&#x000{number:X};", f"&#000{number};", decimal):
        address = gate(f'<a href="jav{written}ascript:hack()">x</a> <img src="java{written}script:hack()">')
        assert "script" not in address, written
        assert chr(number) not in gate(f"[{written}sound:x] {written}")
        assert "[sound" not in gate(f"[{written}sound:x]")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_field_is_as_nh3_leaves_it(payload: str) -> None:
    field = gate(payload)
    assert_harmless(field)
    assert last_word(field) == field
    assert normal(field) == field


@pytest.mark.parametrize("text", ['<b> & "x"', "[sound:x] \\(y\\)", "a\x07\ufdd7b", "it's"])
def test_plain_text_is_what_nh3_would_leave_of_it(text: str) -> None:
    """But for quotation marks, which are entities there as the ledgers of offbook 1.0.0 know them."""
    assert unescape(last_word(text_field(text))) == unescape(text_field(text))


def test_nothing_changes_a_string_behind_the_gate(
    workspace: Workspace, anki: Anki, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed: set[str] = {""}
    write, plain = module.last_word, module.text_field

    def noted(html: str) -> str:
        passed.add(write(html))
        return write(html)

    def noted_text(text: str) -> str:
        passed.add(plain(text))
        return plain(text)

    monkeypatch.setattr(module, "last_word", noted)
    monkeypatch.setattr("offbook.render.card.text_field", noted_text)
    monkeypatch.setattr("offbook.render.gate.text_field", noted_text)
    workspace.write("acme/a.md", NOTE)
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    notes = anki.notes()
    assert len(notes) >= 2
    for note in notes:
        for name in ("Question", "Answer", "Hint", "Context", "Source", "Company", "Text"):
            if name in note:
                # The numbers of gaps are the ledger's.
                assert re.sub(r"\{\{c\d+::", "{{c::", note[name]) in {re.sub(r"\{\{c\d+::", "{{c::", t) for t in passed}
