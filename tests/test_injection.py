"""Nothing that a note says runs: not in Anki, whose own rendering a browser shows here, and not in the preview."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import needs_browser
from conftest import Anki, Workspace
from harmless import assert_harmless, harms
from injections import PAYLOADS
from playwright.sync_api import Browser, Page

from offbook.render.gate import sanitize

browser_test = needs_browser


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_sanitiser_leaves_nothing_that_runs(payload: str) -> None:
    clean = sanitize(payload)
    assert_harmless(clean)
    assert sanitize(clean) == clean


def test_the_check_itself_sees_harm() -> None:
    """What says that all is well must be able to say that it is not."""
    begins = ("<img src=x onerror", "<script>", "<a href=java", "<p onclick", "<style>", "<form")
    harmful = [payload for payload in PAYLOADS if payload.startswith(begins) and payload.endswith(">")]
    assert len(harmful) > 4
    assert all(map(harms, harmful))


def batched(faces: list[str], size: int) -> Iterator[list[str]]:
    """Yield the faces in groups, for each call of the browser takes longer than what it does there."""
    for begin in range(0, len(faces), size):
        yield faces[begin : begin + size]


def note(payload: str) -> str:
    """Put a string wherever a note can hold one."""
    line = payload.replace("\n", " ")
    return (
        f"---\ntitle: {line!r}\nhint: {line!r}\ntags: [{line!r}]\n---\n"
        f"# {line}\n\n## What is in the body?\n\n{payload}\n\n## What is {line}?\n\nA question.\n\n"
        f"Q: {line}?\nA: {line}\n\n{line} :: {line}\n\n"
        f"> [!question] {line}?\n> {line}\n\n<details><summary>{line}?</summary>\n\n{payload}\n</details>\n\n"
        f"| Question | Answer |\n|---|---|\n| {line}? | {line} |\n\n"
        f"A gap {{{{c1::{line}::{line}}}}} hides. {line} #cloze\n\nIt ==hides {line}== #cloze\n\n"
        f'- Why [[a|{line}]]?\n  - ![{line}](http://a.example/{line} "{line}") [x]({line}) $ {line} $ `{line}`\n'
        f"  - ```{line}\n    {line}\n    ```\n\nterm {line}\n: {line}\n"
    )


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in which `hack()` leaves a trace, whoever calls it, and from which nothing is fetched."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.add_init_script("window.hacked = []; window.hack = () => window.hacked.push(new Error().stack)")
    blank = "<!doctype html><body class=card><div id=qa></div></body>"
    page.route("http://anki.test/", lambda route: route.fulfill(content_type="text/html", body=blank))
    yield page
    context.close()


# As Anki's reviewer does it: scripts that were put in as HTML are made anew, so that they run.
SHOW_AND_TOUCH = """faces => faces.map(html => {
    const qa = document.getElementById("qa");
    qa.innerHTML = html;
    for (const old of qa.querySelectorAll("script")) {
        const script = document.createElement("script");
        for (const { name, value } of old.attributes) script.setAttribute(name, value);
        script.append(old.textContent);
        old.replaceWith(script);
    }
    const names = ["click", "mouseover", "mouseenter", "pointerenter", "focus", "toggle", "error", "load",
        "animationstart", "begin", "beforeinput", "keydown"];
    for (const element of document.querySelectorAll("*")) {
        for (const name of names) element.dispatchEvent(new Event(name, { bubbles: name !== "click" }));
        if (element.open === false) element.open = true;
    }
    return [...document.querySelectorAll("[href], [src], [action]")].map(element =>
        [element.tagName, String(element.href || element.src || element.action)]);
})"""


a_part = pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.long) for part in (1, 2, 3))])


@browser_test
@a_part
def test_nothing_runs_in_anki(workspace: Workspace, anki: Anki, page: Page, part: int) -> None:
    payloads = PAYLOADS[part::4]
    for number, payload in enumerate(payloads):
        workspace.write(f"acme/{number}.md", note(payload))
    workspace.run("export", "--json")
    anki.import_package(workspace.decks / "acme.apkg")
    page.goto("http://anki.test/")
    rendered = [card.render_output() for note in anki.notes() for card in note.cards()]
    assert len(rendered) > 5 * len(payloads)
    faces = [face for output in rendered for face in (output.question_text, output.answer_text)]
    for shown in batched(faces, 60):
        for html, addresses in zip(shown, page.evaluate(SHOW_AND_TOUCH, shown), strict=True):
            for tag, address in addresses:
                scheme = address.partition(":")[0].lower()
                allowed = scheme in ("http", "https", "mailto", "obsidian") or address.startswith("data:image/")
                assert allowed, (tag, address, html)
        assert page.evaluate("window.hacked") == [], shown
    assert page.url == "http://anki.test/"


@browser_test
@a_part
def test_nothing_runs_in_the_preview(workspace: Workspace, page: Page, part: int) -> None:
    payloads = PAYLOADS[part::4]
    for number, payload in enumerate(payloads):
        workspace.write(f"acme/{number}.md", note(payload))
    workspace.run("preview")
    file: Path = workspace.decks / "preview.html"
    page.goto(file.as_uri())
    page.wait_for_selector("iframe")
    assert page.locator(".row").count() > 5 * len(payloads)
    for step in range(60):
        page.keyboard.press("Space" if step % 2 else "ArrowRight")
    page.wait_for_timeout(300)
    for frame in page.frames:
        assert frame.evaluate("window.hacked || []") == []
    assert page.url.startswith(file.as_uri())
