"""Where no script runs, and nothing is fetched, a card shows all that it has to show."""

from __future__ import annotations

from pathlib import Path

from browsing import needs_browser
from conftest import Anki, Workspace
from playwright.sync_api import Browser

from offbook.notetypes import css

pytestmark = needs_browser
NOTE = """---
speak: true
time: 2m
---
## Was ist eine Datenbanktransaktion?

Eine Folge von Operationen.

> [!hint] Alles oder nichts
"""


def test_a_card_is_whole(workspace: Workspace, anki: Anki, browser: Browser, tmp_path: Path) -> None:
    workspace.write("acme/a.md", NOTE)
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    (note,) = anki.notes()
    note.tags = ["offbook::retired", 'x"><b>y']
    anki.collection.update_note(note)
    output = note.cards()[0].render_output()
    file = tmp_path / "card.html"
    asked: list[str] = []
    page = browser.new_page(java_script_enabled=False)
    page.on("request", lambda request: asked.append(request.url))
    for html in (output.question_text, output.answer_text):
        file.write_text(f'<meta charset="utf-8"><style>{css()}</style><body class="card">{html}', "utf-8")
        page.goto(file.as_uri())
        assert page.locator(".question").inner_text() == "Was ist eine Datenbanktransaktion?"
    assert page.locator(".answer").inner_text() == "Eine Folge von Operationen."
    assert page.locator(".hint").is_visible()
    assert page.locator(".can-enlarge, .enlarged").count() == 0
    page.close()
    assert set(asked) == {file.as_uri()}
