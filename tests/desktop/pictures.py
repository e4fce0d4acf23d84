"""Makes docs/card.png: a card in the desktop Anki, by day and by night. Run by `make desktop-picture`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from conftest import Workspace
from pictures import LATE, side_by_side
from playwright.sync_api import ViewportSize, sync_playwright

from desktop.anki import desktop, missing, screen

ROOT = Path(__file__).parent.parent.parent
SIZE = ViewportSize(width=685, height=760)


def main() -> None:
    """Bring the example notes into an Anki, and write the picture."""
    if lacks := missing():
        sys.exit(f"this computer lacks {', '.join(lacks)}; see CONTRIBUTING.md")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        shutil.copytree(ROOT / "notes", folder / "notes")
        workspace = Workspace(folder)
        pictures: list[bytes] = []
        with screen(folder / "screen.log") as display, desktop(folder / "Anki2", display) as anki:
            workspace.run("import", "--url", anki.url)
            for night in (False, True):
                anki.night(night)
                anki.review(f'"{LATE}"')
                anki.turn()
                anki.size(SIZE["width"], SIZE["height"])
                pictures.append(anki.picture(folder / f"{night}.png").read_bytes())
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        (ROOT / "docs/card.png").write_bytes(side_by_side(browser, pictures, SIZE))
        browser.close()


if __name__ == "__main__":
    main()
