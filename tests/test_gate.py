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
from offbook.render.marks import with_marks

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

BOXES = [
    "`[[type:Answer]]`",
    "[[type:Answer]]",
    "\\[[type:Answer]]",
    "[&#91;type:Answer]]",
    "[x](a '[[type:Answer]]')",
    "```\n[[type:Answer]]\n```",
    "<b title='[[type:Answer]]'>x</b>",
    "[<b></b>[type:Answer]]",
    "$[[type:Answer]]$",
]


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


@pytest.mark.parametrize(
    "html",
    [
        "<table>[<tr><td>x</td></tr>sound:a.mp3]</table>",
        "<table>\\<tr><td>x</td></tr>(y\\)</table>",
        "<p>[so<font>und:a.mp3]</font></p>",
        "<p>&#91;sound:a.mp3] &bsol;(x&bsol;)</p>",
        "<p>[<!-- -->sound:a.mp3] \\<!-- -->(</p>",
        "<p>\\<script></script>(x\\)</p>",
        "<p>[anki<object></object>:tts]x[/anki:tts]</p>",
    ],
)
def test_marks_are_split_in_what_the_parser_has_put_together(html: str) -> None:
    """If marks were split first and nh3 was asked only once, it would put these together behind the split."""
    whole = re.compile(r"\[sound:|\[anki:|\\\(")
    assert whole.search(last_word(with_marks(normal(html))))
    assert not whole.search(gate(html))
    assert last_word(gate(html)) == gate(html)


def test_no_card_has_a_box_to_type_in(workspace: Workspace, anki: Anki) -> None:
    """Anki's reviewer looks for `[[type:…]]` in the HTML of a card, in code and attributes as well."""
    note = (
        "## What is [[type:Answer]] and `[[type:Answer]]`?\n\n" + "\n\n".join(BOXES) + "\n\nA {{c1::`[[type:x]]`}}.\n"
    )
    workspace.write("acme/a.md", note)
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    for each in anki.notes():
        output = each.cards()[0].render_output()
        assert not re.search(r"\[\[type:.+?\]\]", output.question_text + output.answer_text)


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
