"""Makes the pictures in docs/: example cards in the preview, by day and by night. Run by `make pictures`."""

from __future__ import annotations

import base64
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from offbook.pipeline import Project
from offbook.preview import preview

ROOT = Path(__file__).parent.parent
LATE = "Walk me through what happens when a report arrives late"
REPORTS = "How would you take in position reports"
GAPS = "Find the gaps in a series"
PICTURES = {
    "card.png": ([LATE], ViewportSize(width=685, height=760)),
    "wide.png": ([REPORTS], ViewportSize(width=900, height=820)),
    "phone.png": ([REPORTS, GAPS], ViewportSize(width=360, height=740)),
}
"""By file in docs/: the cards, each shown in light and in dark, and how large."""
# The card alone, as large as the window.
ALONE = """
.side, .bar-top, .about { display: none !important; }
body.card, .stage { display: block !important; height: 100vh; }
.table-top { height: 100vh; border: 0; }
"""


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
        browser.close()


def picture(browser: Browser, file: Path, card: str, size: ViewportSize, dark: bool) -> bytes:
    """Return a picture of the back of a card."""
    page = browser.new_page(viewport=size, color_scheme="dark" if dark else "light")
    page.goto(file.as_uri())
    page.wait_for_selector(".frame.is-ready", state="attached")
    page.locator(".row", has_text=card).first.click()
    page.locator(".flip").click()
    page.frames[1].wait_for_selector("#answer")
    page.add_style_tag(content=ALONE)
    page.frames[1].add_style_tag(content="html { scrollbar-width: none; }")
    page.wait_for_timeout(300)  # for the frame to be laid out anew and painted
    return page.screenshot()


def side_by_side(browser: Browser, pictures: list[bytes], size: ViewportSize) -> bytes:
    """Return one picture of several."""
    page = browser.new_page(viewport={"width": size["width"] * len(pictures), "height": size["height"]})
    images = (f'<img src="data:image/png;base64,{base64.b64encode(data).decode()}">' for data in pictures)
    page.set_content(f'<body style="display: flex; margin: 0">{"".join(images)}</body>')
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    return page.screenshot()


if __name__ == "__main__":
    main()
