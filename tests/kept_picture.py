"""Makes docs/kept.png: a question is reworded, the deck exported again, and the card keeps its reviews.

Run by `make pictures`. The reviews are those of a real collection, before and after.
"""

from __future__ import annotations

import html
import shutil
import tempfile
from contextlib import chdir
from pathlib import Path

from anki.collection import Collection
from pages import printed
from pictures import LATE, ROOT, TRIMMED, image, opened, turn
from playwright.sync_api import Browser, ViewportSize, sync_playwright
from rehearsing import rehearse

from offbook.preview import preview
from offbook.project import Project

NOTE = "notes/Harbourlight/System design round.md"
REWORDED = "A position report arrives an hour late. What happens?"
COLLECTION = "collection.anki2"
EXPORT = "offbook export harbourlight --verbose"
SIZE = ViewportSize(width=436, height=349)

FRAMES = """<!doctype html>
<style>
  body { display: flex; gap: 22px; margin: 0; padding: 26px 28px; background: #e9e7e1; font: 17px sans-serif; }
  figure { flex: 1; margin: 0; color: #4b4944; }
  figcaption { margin: 0 0 10px 2px; }
  figcaption b { color: #1f5fa8; }
  pre { box-sizing: border-box; height: 320px; margin: 0; padding: 18px 20px; border-radius: 6px; background: #fff; }
  pre { font: 13.5px/1.6 "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow: hidden; }
  pre.terminal { background: #22262b; color: #d7dbe0; }
  pre.terminal b { color: #8ec5ff; }
  del { background: #fbe3dd; color: #9f3a12; text-decoration: none; }
  ins { background: #dff1e0; color: #1c6b2c; text-decoration: none; }
  img { display: block; width: 100%; border-radius: 6px; }
  pre.note, img { mask-image: linear-gradient(#000 85%, transparent); }
  p { margin: 14px 2px 0; color: #1c6b2c; font-weight: bold; }
</style>
"""


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder), sync_playwright() as playwright:
        shutil.copytree(ROOT / "notes", "notes")
        Collection(COLLECTION).close()
        printed(f"offbook import harbourlight --collection {COLLECTION}")
        rehearse(Path(COLLECTION), "Interviews::Harbourlight", 24)
        before = reviews(LATE)
        note = Path(NOTE)
        note.write_text(note.read_text("utf-8").replace(f"## {LATE}\n", f"## {REWORDED}\n"), "utf-8")
        session = printed(EXPORT)
        printed(f"offbook import harbourlight --collection {COLLECTION}")
        assert reviews(REWORDED) == before
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        (ROOT / "docs/kept.png").write_bytes(frames(browser, session, before))
        browser.close()


def reviews(question: str) -> tuple[int, int, int]:
    """Return how often a card was reviewed, its interval in days, and in how many days it is due."""
    collection = Collection(COLLECTION)
    (number,) = collection.find_cards(f'"{question}"')
    card, today = collection.get_card(number), collection.sched.today
    collection.close()
    return card.reps, card.ivl, card.due - today


def frames(browser: Browser, session: str, kept: tuple[int, int, int]) -> bytes:
    """Return the three frames beside each other."""
    lines = [html.escape(line) for line in Path(NOTE).read_text("utf-8").splitlines()]
    place = lines.index(f"## {REWORDED}")
    edited = [f"<del>## {LATE}</del>", f"<ins>{lines[place]}</ins>", *lines[place + 1 : place + 7]]
    count, _, due = kept
    page = browser.new_page(viewport={"width": 1300, "height": 100}, device_scale_factor=2)
    page.set_content(
        f"{FRAMES}<figure><figcaption><b>1</b> Edit the note</figcaption>"
        f'<pre class="note">{chr(10).join(edited)}</pre></figure>'
        f"<figure><figcaption><b>2</b> Export, and import it again</figcaption>"
        f'<pre class="terminal"><b>$ {EXPORT}</b>\n{html.escape(session)}</pre></figure>'
        f"<figure><figcaption><b>3</b> The same card, with its reviews</figcaption>{image(card(browser))}"
        f"<p>{count} reviews, next in {due} days: as before</p></figure>"
    )
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    return page.screenshot(full_page=True)


def card(browser: Browser) -> bytes:
    """Return a picture of the upper part of the card."""
    file = Path("preview.html").absolute()
    file.write_text(preview(Project(Path("notes"), Path("decks")), ()).html, "utf-8")
    page = opened(browser, file, SIZE, dark=False, scale=2)
    page.locator(".row", has_text=REWORDED).first.click()
    turn(page)
    page.frames[1].add_style_tag(content=TRIMMED)
    page.wait_for_timeout(300)  # for Anki's own look at the answer, which scrolls
    page.frames[1].evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(100)
    return page.screenshot()


if __name__ == "__main__":
    main()
