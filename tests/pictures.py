"""Makes pictures in docs/: cards by day and by night, a note beside its cards, the page of `offbook ready`.

Run by `make pictures`. docs/card.png is made in the desktop Anki, by desktop/pictures.py.
"""

from __future__ import annotations

import base64
import html
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from ready_example import example

from offbook.cards.find import find_cards
from offbook.model import Card
from offbook.preview import preview
from offbook.project import Project
from offbook.readiness.page import page as ready_page
from offbook.sources.note import parse_note

ROOT = Path(__file__).parent.parent
LATE = "Walk me through what happens when a report arrives late"
REPORTS = "How would you take in position reports"
GAPS = "Find the gaps in a series"
PICTURES = {
    "wide.png": ([REPORTS], ViewportSize(width=900, height=870)),
    "phone.png": ([REPORTS, GAPS], ViewportSize(width=360, height=740)),
}
"""By file in docs/: the cards, each shown in light and in dark, and how large."""
# The card alone, as large as the window.
ALONE = """
.side, .bar-top, .about { display: none !important; }
body.card, .stage { display: block !important; height: 100vh; }
.table-top { height: 100vh; border: 0; }
"""

# A note as an editor shows it, its questions numbered, and beside it their cards.
BESIDE = """<!doctype html>
<style>
  body { display: flex; gap: 24px; margin: 0; padding: 26px 28px 30px; background: #e9e7e1; font: 17px sans-serif; }
  figure { margin: 0; color: #4b4944; }
  figure.note { flex: 0 0 536px; }
  figure.cards { flex: 0 0 330px; }
  figcaption { margin: 0 0 10px 2px; }
  pre { margin: 0; padding: 18px 20px; background: #fff; border-radius: 6px; }
  pre { font: 15.5px/1.66 "DejaVu Sans Mono", monospace; }
  pre b { color: #1f5fa8; }
  pre i { color: #9f3a12; font-style: normal; font-weight: bold; }
  p { margin: 12px 0 0 22px; color: #9f3a12; }
  .number { display: inline-block; width: 20px; height: 20px; border-radius: 10px; background: #1f5fa8; color: #fff; }
  .number { font: bold 13px/20px sans-serif; text-align: center; }
  pre .number { margin-right: 8px; vertical-align: 2px; }
  pre .none { display: inline-block; width: 28px; }
  .card { position: relative; margin-bottom: 14px; }
  .card .number { position: absolute; top: 10px; right: 10px; }
  img { display: block; width: 100%; border-radius: 6px; }
</style>
"""
# Less room around a card that stands among others.
TRIMMED = ".offbook { padding: 0.25em 0.5em 0.2em; } .offbook .source { margin-top: 1.5em; }"
CARD_WIDTH = 436


def main() -> None:
    """Write all pictures."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page = Path(folder) / "preview.html"
        page.write_text(preview(Project(ROOT / "notes", Path(folder)), ()).html, "utf-8")
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, (cards, size) in PICTURES.items():
            pictures = [picture(browser, page, card, size, dark) for card in cards for dark in (False, True)]
            (ROOT / "docs" / name).write_bytes(side_by_side(browser, pictures, size))
        (ROOT / "docs/preview.png").write_bytes(whole_preview(browser, page))
        (ROOT / "docs/note-and-cards.png").write_bytes(note_and_cards(browser, Path(folder)))
        (ROOT / "docs/ready.png").write_bytes(ready(browser, Path(folder)))
        browser.close()


def ready(browser: Browser, folder: Path) -> bytes:
    """Return a picture of the page of `offbook ready`, in light and in dark."""
    file, size = folder / "ready.html", ViewportSize(width=760, height=900)
    file.write_text(ready_page([example()]), "utf-8")
    pictures = []
    for scheme in ("light", "dark"):
        page = browser.new_page(viewport=size, color_scheme=scheme)
        page.goto(file.as_uri())
        pictures.append(page.screenshot())
    return side_by_side(browser, pictures, size)


def whole_preview(browser: Browser, file: Path) -> bytes:
    """Return a picture of the page of `offbook preview`, with a card turned."""
    page = opened(browser, file, ViewportSize(width=1200, height=720), dark=False)
    page.locator(".row", has_text=LATE).first.click()
    page.locator(".flip").click()
    page.frames[1].wait_for_selector("#answer")
    page.wait_for_timeout(300)
    return page.screenshot()


def picture(browser: Browser, file: Path, card: str, size: ViewportSize, dark: bool) -> bytes:
    """Return a picture of the back of a card."""
    page = opened(browser, file, size, dark=dark)
    page.locator(".row", has_text=card).first.click()
    turn(page)
    return page.screenshot()


def opened(browser: Browser, file: Path, size: ViewportSize, *, dark: bool, scale: int = 1) -> Page:
    """Return the page of a preview; `scale` is how many pixels of the picture one of the page is wide."""
    page = browser.new_page(viewport=size, color_scheme="dark" if dark else "light", device_scale_factor=scale)
    page.goto(file.as_uri())
    page.wait_for_selector(".frame.is-ready", state="attached")
    return page


def turn(page: Page) -> None:
    """Show the back of the chosen card, and nothing else."""
    page.locator(".flip").click()
    page.frames[1].wait_for_selector("#answer")
    page.add_style_tag(content=ALONE)
    page.frames[1].add_style_tag(content="html { scrollbar-width: none; }")
    page.wait_for_timeout(300)  # for the frame to be laid out anew and painted


def note_and_cards(browser: Browser, folder: Path) -> bytes:
    """Return a picture of the note with which docs/cards.md starts, and of its cards, half of them by night."""
    text = (ROOT / "docs/cards.md").read_text("utf-8")
    name, note = re.findall(r"(?ms)^```markdown notes/([^\n]+)\n(.*?)^```$", text)[0]
    file = folder / "notes" / name
    file.parent.mkdir(parents=True)
    file.write_text(note, "utf-8")
    made = folder / "note.html"
    made.write_text(preview(Project(folder / "notes", folder / "decks"), ()).html, "utf-8")
    found = find_cards(parse_note(note, name)).cards
    cards = sum(not card.is_open for card in found)
    columns = ["", ""]
    for index in range(cards):
        dark = index >= cards / 2
        columns[dark] += (
            f'<div class="card">{image(whole_card(browser, made, index, dark=dark))}{_number(index + 1)}</div>'
        )
    page = browser.new_page(viewport={"width": 1300, "height": 100}, device_scale_factor=2)
    page.set_content(
        f'{BESIDE}<figure class="note"><figcaption>{name}</figcaption><pre>{_numbered(note, found)}</pre>'
        f"<p>No answer yet: an open question.</p></figure>"
        f'<figure class="cards"><figcaption>Its cards, by day</figcaption>{columns[0]}</figure>'
        f'<figure class="cards"><figcaption>and by night</figcaption>{columns[1]}</figure>'
    )
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    return page.screenshot(full_page=True)


def _numbered(note: str, found: Sequence[Card]) -> str:
    """Return a note as HTML, with the number of its card in front of each question."""
    lines = [f'<span class="none"></span>{html.escape(line)}' for line in note.splitlines()]
    number = 0
    for card in found:
        place = card.location.line - 1
        question = html.escape(note.splitlines()[place])
        if card.is_open:
            lines[place] = f'<span class="none"></span><i>{question}</i>'
        else:
            number += 1
            lines[place] = f"{_number(number)}<b>{question}</b>"
    return "\n".join(lines)


def _number(number: int) -> str:
    return f'<span class="number">{number}</span>'


def whole_card(browser: Browser, file: Path, number: int, *, dark: bool) -> bytes:
    """Return a picture of a card's back that is no higher than the card."""
    page = opened(browser, file, ViewportSize(width=CARD_WIDTH, height=100), dark=dark, scale=2)
    page.locator(".row").nth(number).click()
    turn(page)
    page.frames[1].add_style_tag(content=TRIMMED)
    height = page.frames[1].evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": CARD_WIDTH, "height": height})
    page.wait_for_timeout(300)
    return page.screenshot()


def side_by_side(browser: Browser, pictures: list[bytes], size: ViewportSize) -> bytes:
    """Return one picture of several."""
    page = browser.new_page(viewport={"width": size["width"] * len(pictures), "height": size["height"]})
    page.set_content(f'<body style="display: flex; margin: 0">{"".join(map(image, pictures))}</body>')
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    return page.screenshot()


def image(picture: bytes) -> str:
    """Return HTML that shows a picture."""
    return f'<img src="data:image/png;base64,{base64.b64encode(picture).decode()}">'


if __name__ == "__main__":
    main()
