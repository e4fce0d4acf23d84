"""A real browser, Debian's chromium, and a page in it that is watched."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
"""The browser's file: Debian's, or the one that the variable names."""
ColorScheme = Literal["light", "dark"]
_TIMEOUT = 30_000  # milliseconds, which is what playwright takes if it is told nothing
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium: the page is looked at in a real browser")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser for the time of the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page, with all that it asks for and complains of from now on."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._asks)
        self.page.on("pageerror", self._fails)
        self.page.on("console", self._says)

    def leave(self) -> None:
        """Watch no longer."""
        self.page.remove_listener("request", self._asks)
        self.page.remove_listener("pageerror", self._fails)
        self.page.remove_listener("console", self._says)

    def _asks(self, request: Request) -> None:
        self.requests.append(request.url)

    def _fails(self, error: Error) -> None:
        self.complaints.append(str(error))

    def _says(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self.complaints.append(said.text)


class Tabs:
    """Gives each test pages as they are in a new browser.

    The first is the page of the test before, left and emptied: a new one, and its end, take three times as long.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._kept = browser.new_page()
        self._pages: list[Page] = []

    def open(self, width: int, height: int, color_scheme: ColorScheme = "light") -> Page:
        page = self._browser.new_page() if self._pages else self._kept
        self._pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=color_scheme)
        return page

    def leave(self) -> None:
        """Close the pages of a test, and empty the first one."""
        for page in self._pages[1:]:
            page.close()
        if self._pages:
            self._kept.evaluate("localStorage.clear(), sessionStorage.clear()")
            self._kept.mouse.move(0, 0)
            self._kept.set_default_timeout(_TIMEOUT)
            self._kept.goto("about:blank")
        self._pages.clear()
