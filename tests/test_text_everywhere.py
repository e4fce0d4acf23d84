"""Wherever harmless text stands, all of it is seen, in Anki and by `cards`, and `check` finds no fault in it."""

from __future__ import annotations

import json
import re

import pytest
from conftest import Anki, Workspace
from test_all_of_the_text import CODE, TEXTS
from visible import letters, shown

PROSE = [
    *TEXTS,
    "Set x<-5; then <kbd> and <br and <b, <1> and <a @b> or <-> and </>.",
    "Run make -j$(nproc) && echo $PATH, then $HOME/bin, $1 and $x.",
    "Paths C:\\Users\\x, /etc/<name>, ~/.bashrc and D:\\x.",
    "Wiki marks [[ and [[ or ![[ and embeds, %d% and 100%.",
    "Braces {{ and }}, {{c, {{c1: and c1::x, {% raw %}, {#note} and ${{ matrix.os }}.",
    "Marks # and ## and #, a #, #!/bin/sh, #include <x.h> and &#x; &foo; &lt.",
    "Ranges 1 < 2 > 0, a<b>c, x <= y, i<n;i++ and A<B<C>>.",
    "Emoji 🔥 and ✅, letters é 漢 ש, marks ^ and ^^, = and ==, ~ and |> too.",
    "E-mail <me> at <https>, tags <title> and <body> and <html>, </p> and <hr",
]
NOTE = """\
---
speak: true
hint: {hint}
---
# Part {text}

## What of {text} holds?

{text}

> [!note] {text}
> {text}

- {text}
- one

| a | b |
|---|---|
| {cell} | x |

<details><summary>{text}</summary>

{text}

</details>

## And {text} where?

It does.

> [!hint] {text}
> {text}

## Gaps of {text}

Of {text} {{{{c1::the {text} gap}}}} hides.
"""


def note_of(text: str) -> str:
    return NOTE.format(
        text=text, cell=text.replace("|", "\\|"), hint=json.dumps(f"Think of {text} here", ensure_ascii=False)
    )


@pytest.mark.parametrize("text", PROSE)
def test_text(text: str, workspace: Workspace, anki: Anki) -> None:
    workspace.write("acme/a.md", note_of(text))
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    seen = letters(text)

    def times(html: str) -> int:
        return letters(shown(html)).count(seen)

    in_order = sorted(anki.notes("note:Offbook"), key=lambda note: note.cards()[0].due)
    first, second = (note for note in in_order if "gaps" not in note["Question"].casefold())
    (gaps,) = anki.notes('"note:Offbook Cloze"')
    assert times(first["Question"]) == times(first["Speak"]) == times(first["Context"]) == 1
    assert times(first["Answer"]) == 7
    assert times(first["Hint"]) == 1
    assert (times(second["Question"]), times(second["Hint"]), times(second["Speak"])) == (1, 2, 1)
    assert times(gaps["Text"]) == 2
    cards = workspace.cards()
    assert [letters(card["question"]).count(seen) for card in cards] == [1, 1, 1]
    assert letters(cards[0]["answer"]).count(seen) == 7
    workspace.run("check")
    for note in (first, second, gaps):
        output = note.cards()[0].render_output()
        assert times(output.question_text) >= 1 and times(output.answer_text) >= 1


def test_preview_package_and_cards_agree(workspace: Workspace, anki: Anki) -> None:
    answers = [*PROSE, *(f"```{language}\n{code}\n```" for language, code in CODE.items())]
    for number, answer in enumerate(answers):
        workspace.write(f"acme/note {number}.md", f"## What is number {number} of them?\n\n{answer}\n")
    workspace.run("export")
    workspace.run("preview")
    anki.import_package(workspace.decks / "acme.apkg")
    page = (workspace.decks / "preview.html").read_text("utf-8")
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    previewed = {card["title"]: card for card in json.loads(data[1])["cards"]}
    listed = {card["question"]: card["answer"] for card in workspace.cards()}
    for number, answer in enumerate([*PROSE, *CODE.values()]):
        question = f"What is number {number} of them?"
        seen = letters(shown(anki.note(question)["Answer"]))
        assert seen == letters(answer)
        assert seen in letters(shown(previewed[question]["back"]))
        assert seen == letters(previewed[question]["text"]) == letters(listed[question])
