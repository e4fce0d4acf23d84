"""What a card looks like and does in the desktop Anki, by day and by night, in a wide window and at 400 px."""

from __future__ import annotations

import shutil
import struct
import zlib
from pathlib import Path

import pytest
from pictures import opened, turn
from playwright.sync_api import ViewportSize, sync_playwright

from desktop.anki import EDITOR, Desktop
from desktop.conftest import Brought
from offbook.preview import preview
from offbook.project import Project

PAPER = {False: "#fcfbf8", True: "#1d1d1f"}
SURFACE = {False: "#f4f2ec", True: "#28272a"}
INK = {False: "rgb(34, 33, 31)", True: "rgb(230, 228, 223)"}
ACCENT = {False: "rgb(31, 95, 168)", True: "rgb(138, 184, 240)"}
ACME = "deck:Interviews::Acme"
CODE = "## What does it print?\n\nA number:\n\n```python\nprint(" + "1 + " * 40 + "1)\n```\n"
LONG = "Verkehrsinfrastrukturfinanzierungsgesellschaft"

day_and_night = pytest.mark.parametrize("night", [False, True], ids=["day", "night"])


@pytest.mark.parametrize("width", [400, 1000])
@day_and_night
def test_paper_ink_and_code_boxes_are_ours(
    anki: Desktop, brought: Brought, pictures: Path, night: bool, width: int
) -> None:
    brought("acme/a.md", CODE)
    anki.night(night)
    anki.size(width)
    anki.review(ACME)
    anki.turn()
    anki.picture(pictures / f"code-{'night' if night else 'day'}-{width}.png")
    colours = anki.colours()
    assert next(iter(colours)) == PAPER[night]
    assert colours.get(SURFACE[night], 0) > 1000
    assert anki.javascript("getComputedStyle(document.querySelector('.question')).color") == INK[night]
    assert anki.javascript("document.documentElement.scrollWidth <= innerWidth")


@day_and_night
def test_the_settings_change_the_colours(anki: Desktop, brought: Brought, night: bool) -> None:
    (brought.workspace.root / "offbook.toml").write_text('[css]\npaper = "#ffeedd"\n[css.night]\npaper = "#112233"\n')
    brought("acme/a.md", CODE)
    anki.night(night)
    anki.review(ACME)
    assert next(iter(anki.colours())) == ("#112233" if night else "#ffeedd")


@day_and_night
def test_links_look_like_links(anki: Desktop, brought: Brought, night: bool) -> None:
    (brought.workspace.notes / ".obsidian").mkdir()
    brought("acme/a.md", "## What is X?\n\nSee [there](https://example.org).\n")
    anki.night(night)
    anki.review(ACME)
    anki.turn()
    style = "getComputedStyle(link).color + ' ' + getComputedStyle(link).textDecorationLine"
    looks = anki.javascript(f"[...document.querySelectorAll('.offbook a')].map(link => {style})")
    assert looks == [f"{ACCENT[night]} underline"] * 2
    address = anki.javascript("document.querySelector('.source a').getAttribute('href')")
    assert address == "obsidian://open?vault=notes&file=acme%2Fa%23What%20is%20X%3F"


@pytest.mark.parametrize(
    ("note", "place"), [("## What is X? ^x\n\nY.\n", "x"), ("# Terms\n\nWhat is X? :: Y. ^x\n", "x")]
)
def test_the_source_opens_the_block(anki: Desktop, brought: Brought, note: str, place: str) -> None:
    (brought.workspace.notes / ".obsidian").mkdir()
    brought("acme/a.md", note)
    anki.review(ACME)
    anki.turn()
    address = anki.javascript("document.querySelector('.source a').getAttribute('href')")
    assert address == f"obsidian://open?vault=notes&file=acme%2Fa%23%5E{place}"


def test_without_a_vault_the_source_is_path_and_line(anki: Desktop, brought: Brought) -> None:
    brought("acme/a.md", "# Terms\n\n## What is X?\n\nY.\n")
    anki.review(ACME)
    anki.turn()
    assert anki.javascript("document.querySelector('.source').textContent.trim()") == "acme/a.md:3"


# The least contrast of any text with what is painted behind it, and that text.
CONTRAST = """(() => {
    const rgba = (text) => { const n = text.match(/[\\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
    const over = (above, below) => [0, 1, 2].map(i => above[i] * above[3] + below[i] * (1 - above[3])).concat(1);
    const linear = (value) => value <= 10 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4;
    const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    const behind = (element) => {
        const own = rgba(getComputedStyle(element).backgroundColor);
        return own[3] === 1 || !element.parentElement ? own : over(own, behind(element.parentElement));
    };
    const texts = document.createTreeWalker(document.querySelector('.offbook'), NodeFilter.SHOW_TEXT);
    const found = [];
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement, text = texts.currentNode.data.trim();
        if (!text || !element.checkVisibility() || !element.getClientRects().length) continue;
        const paper = behind(element), ink = over(rgba(getComputedStyle(element).color), paper);
        const [low, high] = [light(paper), light(ink)].sort((a, b) => a - b);
        found.push([(high + 0.05) / (low + 0.05), text]);
    }
    return found.sort((a, b) => a[0] - b[0]);
})()"""
RICH = """---
tags: [graphs]
time: 2m
---
# Chapter

## What does ==everything== look like, with `code` and **bold**?

> [!hint] Think
> of all of it

See [there](https://example.org), ~~not~~ here, ==this== and `that`, <kbd>Ctrl</kbd>, $x^2$.[^1]

> [!warning] Careful
> A callout with a [link](https://example.org) and `code`.

> Quoted.

```python
@cached
def answer(of: int) -> str:  # a comment
    return f"{of + 1}" if of else None
```

- [ ] to do
- [x] done

| Name | Value |
|---|---|
| one | `1` |

[^1]: A footnote.
"""


@pytest.mark.parametrize("width", [400, 1000])
@day_and_night
def test_every_text_is_legible(anki: Desktop, brought: Brought, pictures: Path, night: bool, width: int) -> None:
    brought("acme/a.md", RICH)
    anki.night(night)
    anki.size(width)
    anki.review(ACME)
    name = f"{'night' if night else 'day'}-{width}.png"
    anki.picture(pictures / f"question-{name}")
    on_question = anki.javascript(CONTRAST)
    anki.turn()
    anki.picture(pictures / f"answer-{name}")
    on_answer = anki.javascript(CONTRAST)
    assert len(on_question) >= 3
    assert len(on_answer) >= 30
    assert [(round(ratio, 1), text) for ratio, text in [*on_question, *on_answer] if ratio < 4.5] == []


STYLES = """selectors.map(selector => {
    const style = getComputedStyle(document.querySelector(selector));
    return [selector, ...properties.map(name => style[name])];
})"""
OF_EVERYTHING = """# What is X?

See [there](https://example.org).

## Part

```
code
```

- item

| a |
|---|
| b |
"""
SELECTORS = ["body", ".question", ".answer p", ".answer a", ".answer h2", "hr", "pre", "td", ".answer li"]
PROPERTIES = [
    "color", "backgroundColor", "textDecorationLine", "fontSize", "lineHeight", "marginTop", "marginLeft", "paddingTop",
    "height", "boxSizing",
]  # fmt: skip


@day_and_night
def test_the_preview_looks_as_anki_does(anki: Desktop, brought: Brought, night: bool) -> None:
    brought("acme/a.md", OF_EVERYTHING)
    anki.night(night)
    anki.review(ACME)
    anki.turn()
    script = f"((selectors, properties) => {STYLES})({SELECTORS}, {PROPERTIES})"
    anki.size(1000)
    in_anki = anki.javascript(script)
    size = ViewportSize(width=anki.javascript("innerWidth"), height=anki.javascript("innerHeight"))
    file = brought.workspace.root / "preview.html"
    file.write_text(preview(Project(brought.workspace.notes, brought.workspace.decks), ()).html, "utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = opened(browser, file, size, dark=night)
        turn(page)
        in_preview = page.frames[1].evaluate(script)
        browser.close()
    assert in_preview == in_anki


def test_a_wide_table_scrolls_in_its_box(anki: Desktop, brought: Brought, pictures: Path) -> None:
    row = "| " + " | ".join([LONG] * 4) + " |\n"
    cells = f"<td>{LONG}</td>" * 4
    brought("acme/a.md", f"## What is X?\n\n{row}|{'---|' * 4}\n{row}\n<table><tr>{cells}</tr></table>\n")
    anki.size(400)
    anki.review(ACME)
    anki.turn()
    anki.picture(pictures / "table-400.png")
    assert anki.javascript("document.documentElement.scrollWidth <= innerWidth")
    boxes = "[document.querySelector('.table'), document.querySelector('.answer > table')]"
    assert anki.javascript(f"{boxes}.map(box => box.scrollWidth > box.clientWidth)") == [True, True]


@pytest.mark.parametrize("width", [400, 1000])
def test_german_breaks_with_hyphens(anki: Desktop, brought: Brought, pictures: Path, width: int) -> None:
    brought("acme/a.md", f"## Was ist eine {LONG}?\n\nDie `{LONG}` ist eine {LONG} und noch eine {LONG}.\n")
    anki.size(width)
    anki.review(ACME)
    anki.turn()
    anki.picture(pictures / f"german-{width}.png")
    question, answer, code = (
        anki.javascript(f"document.querySelector('{part}').textContent") for part in (".question", ".answer", "code")
    )
    assert code == LONG
    for text in (question, answer.replace(code, "")):
        assert "gesell\u00adschaft" in text
        assert text.replace("\u00ad", "").count(LONG) == text.count("gesell\u00adschaft")
    # What is stored has none of it: the search finds the word.
    assert anki.connect("findNotes", query=f"Question:*{LONG}*")


def test_english_has_no_hyphens(anki: Desktop, brought: Brought) -> None:
    brought("acme/a.md", "## What is internationalisation?\n\nIncomprehensibilities of internationalisation.\n")
    anki.review(ACME)
    anki.turn()
    assert "\u00ad" not in anki.javascript("document.querySelector('.offbook').textContent")


def test_a_click_enlarges_a_picture_and_another_closes_it(anki: Desktop, brought: Brought, pictures: Path) -> None:
    file = brought.workspace.notes / "acme/wide.png"
    file.parent.mkdir()
    file.write_bytes(_picture(900, 300))
    brought("acme/a.md", "## What is X?\n\n![](wide.png)\n")
    anki.size(400)
    anki.review(ACME)
    anki.turn()
    assert anki.javascript("document.querySelector('.answer img').width <= innerWidth")
    anki.javascript("document.querySelector('.answer img').click()")
    anki.picture(pictures / "enlarged-400.png")
    assert anki.javascript("document.querySelector('.enlarged img').width") == 900
    assert anki.javascript("document.querySelector('.enlarged').scrollWidth") == 900
    anki.javascript("document.querySelector('.enlarged img').click()")
    assert anki.javascript("document.querySelector('.enlarged') === null")


@pytest.mark.parametrize(
    ("tag", "chip"), [("offbook::retired", '"retired"'), ("offbook::suggested", '"talking points"'), ("", "none")]
)
def test_a_quiet_chip_says_what_a_card_is(anki: Desktop, brought: Brought, pictures: Path, tag: str, chip: str) -> None:
    brought("acme/a.md", "## What is X?\n\nY.\n")
    if tag:
        anki.connect("addTags", notes=anki.connect("findNotes", query=ACME), tags=tag)
    anki.review(ACME)
    anki.picture(pictures / f"chip-{tag.partition('::')[2] or 'none'}.png")
    assert anki.javascript("getComputedStyle(document.querySelector('.state'), '::after').content") == chip
    # The browser's columns show the text of the front alone.
    assert anki.javascript("document.querySelector('.tools').textContent") == ""


def test_the_question_is_read_in_its_language(anki: Desktop, brought: Brought) -> None:
    (brought.workspace.root / "offbook.toml").write_text("speak = true\n")
    brought("acme/a.md", "## Was ist ein Index?\n\nEine Struktur.\n")
    anki.review(ACME)
    assert anki.python("[(t.lang, t.field_text) for t in mw.reviewer.card.question_av_tags()]") == [
        ["de_DE", "Was ist ein Index?"]
    ]
    assert anki.javascript("document.querySelector('.speech .replay-button') !== null")
    assert anki.javascript("document.querySelector('.speech').textContent.trim()") == ""


def test_without_speech_there_is_nothing_to_see(anki: Desktop, brought: Brought) -> None:
    brought("acme/a.md", "## Was ist ein Index?\n\nEine Struktur.\n")
    anki.review(ACME)
    assert anki.python("mw.reviewer.card.question_av_tags()") == []
    assert anki.javascript("document.querySelector('.speech, .replay-button') === null")


def test_the_editor_shows_what_a_user_edits(anki: Desktop, brought: Brought, pictures: Path) -> None:
    brought("acme/a.md", "## What is X?\n\nY.\n")
    anki.browse(ACME)
    anki.picture(pictures / "editor.png", EDITOR)
    fields = "[...document.querySelectorAll('.field-container')]"
    shown = f"{fields}.filter(field => field.querySelector('.collapsible').offsetHeight)"
    names = f"{shown}.map(field => field.querySelector('.label-name').textContent)"
    assert anki.javascript(names, EDITOR) == ["Question", "Answer", "Hint"]
    text = "document.querySelector('.rich-text-editable').shadowRoot.querySelector('anki-editable')"
    assert anki.javascript(f"getComputedStyle({text}).fontFamily", EDITOR) == "sans-serif"


def _picture(width: int, height: int) -> bytes:
    """Return a grey PNG."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\x80" * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
