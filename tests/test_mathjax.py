"""What a note can do to Anki through MathJax, as Anki ships it: draw, and nothing else.

MathJax comes from the web files of `aqt`, which the Makefile installs without what it depends on.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import needs_browser
from conftest import Anki, Workspace
from playwright.sync_api import Browser, Page, Route

_SPEC = importlib.util.find_spec("_aqt")
WEB = Path(next(iter(_SPEC.submodule_search_locations or ())), "data", "web") if _SPEC else None
pytestmark = [
    needs_browser,
    pytest.mark.skipif(WEB is None, reason="needs the files of aqt"),
]

ATTACKS = [
    r"$\href{javascript:hack()}{x}$",
    r"$\text{\href{javascript:hack()}{x}}$",
    r"$\mmlToken{mi}[href=javascript:hack()]{x}$",
    r"$\style{position:fixed;inset:0;background:url(http://evil.test/a)}{\href{javascript:hack()}{x}}$",
    r"$\bbox[background:url(http://evil.test/b)]{x}$",
    r"$\class{hack}{x} \cssId{qa}{y} \unicode[url(http://evil.test/c)]{x}$",
    r"$\require{html}\href{javascript:hack()}{x}$",
    r"$\newcommand{\x}[1]{\href{javascript:hack()}{#1}} \x{y}$",
    r"$\def\x{\hr}\def\y{ef}$ $\x\y{javascript:hack()}{z}$",
    r"$x {$ \href{javascript:hack()}{x}} \) text",
    r"$$x\\{$$ \\href{javascript:hack()}{x}} \\] text",
    r"\\<wbr>(\\href{javascript:hack()}{x}\\<wbr>)",
    r"\\<b></b>(\\href{javascript:hack()}{x}\\)",
    r"\\&#1;(\\href{javascript:hack()}{x}\\&#1;)",
    r"&#92;(&#92;href{javascript:hack()}{x}&#92;)",
    r"&#xfdd3;&#92;href{javascript:hack()}{x}&#xfdd4;",
    r"<span title='\(\href{javascript:hack()}{x}\)'>x</span>",
    r'<a href="java&#1;script:hack()">x</a> <a href="java&#127;script:hack()">x</a>',
    r"$\gdef\alpha{HACKED} \let\beta\gamma \newcommand{\delta}{HACKED} \global\def\zeta{HACKED}$",
    r"$\renewcommand{\alpha}{HACKED} \DeclareMathOperator{\beta}{HACKED} \mathtoolsset{x}$",
]
GREEK = r"$\alpha \beta \delta \zeta$"
TYPESET = """async html => {
    const qa = document.getElementById("qa");
    qa.innerHTML = html;
    await MathJax.startup.promise;
    await MathJax.typesetPromise([qa]);
    return qa.innerText;
}"""
CLICK = """() => {
    for (const element of document.querySelectorAll("#qa *"))
        element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def fetched() -> list[str]:
    return []


@pytest.fixture(scope="module")
def page(browser: Browser, fetched: list[str]) -> Iterator[Page]:
    """One session of Anki's reviewer: MathJax is loaded once, and the cards come one after the other."""
    assert WEB is not None
    web = WEB

    def answer(route: Route) -> None:
        address = route.request.url
        if address == "http://anki.test/":
            scripts = "".join(f"<script src=/_anki/js/{name}></script>" for name in ("mathjax.js", _MATHJAX))
            route.fulfill(content_type="text/html", body=f"<!doctype html><body class=card><div id=qa></div>{scripts}")
        elif address.startswith("http://anki.test/_anki/"):
            route.fulfill(path=web / address.partition("/_anki/")[2].partition("?")[0])
        else:
            fetched.append(address)
            route.abort()

    page = browser.new_page()
    page.add_init_script("window.hacked = []; window.hack = () => window.hacked.push(new Error().stack)")
    page.route("**/*", answer)
    page.goto("http://anki.test/")
    page.wait_for_function("window.MathJax && MathJax.typesetPromise")
    yield page
    page.close()


_MATHJAX = "vendor/mathjax/tex-chtml-full.js"


def cards(workspace: Workspace, anki: Anki, notes: list[str]) -> list[str]:
    """Return the backs of cards with these answers, each of a note and a company of its own, as Anki renders them."""
    for number, note in enumerate(notes):
        workspace.write(f"company {number}/a.md", f"## What is number {number}?\n\n{note}\n")
    workspace.run("export")
    for package in workspace.decks.glob("*.apkg"):
        anki.import_package(package)
    found = [anki.note(f"What is number {number}?") for number in range(len(notes))]
    return [note.cards()[0].render_output().answer_text for note in found]


def test_formulas_draw_and_do_nothing_else(workspace: Workspace, anki: Anki, page: Page, fetched: list[str]) -> None:
    *attacks, greek = cards(workspace, anki, [*ATTACKS, GREEK])
    for attack, note in zip(attacks, ATTACKS, strict=True):
        for html in (attack, greek):  # what the first one defines must not be there for the second
            _look(page, html, note)
            assert fetched == [], note
        assert "HACKED" not in page.locator("#qa").inner_text(), note
        assert page.locator("#qa mjx-container mjx-mi").count() == 4, note


def _look(page: Page, html: str, note: str) -> None:
    """Show a card, click everything, and find no trace of it."""
    page.evaluate(TYPESET, html)
    page.evaluate(CLICK)
    assert page.evaluate("window.hacked") == [], note
    links = page.evaluate("[...document.querySelectorAll('#qa [href], #qa [style*=fixed]')].map(e => e.outerHTML)")
    assert not [link for link in links if "obsidian:" not in link], note
    assert page.url == "http://anki.test/", note


def test_the_look_itself_sees_harm(page: Page) -> None:
    r"""MathJax is there and runs what reaches it."""
    page.evaluate(TYPESET, r"\(\href{javascript:hack()}{x}\)")
    page.evaluate(CLICK)
    page.wait_for_timeout(100)
    assert page.evaluate("window.hacked.splice(0).length") > 0


def test_macros_of_a_note_draw(workspace: Workspace, anki: Anki, page: Page) -> None:
    (html, *_) = cards(workspace, anki, [r"$\newcommand{\R}{\mathbb R}$ Let $f:\R^n\to\R$.", "x"])
    page.evaluate(TYPESET, html)
    assert page.locator("#qa mjx-container").count() == 1
    assert page.locator("#qa mjx-merror").count() == 0
