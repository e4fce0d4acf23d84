"""Starts the desktop Anki on a screen of its own, with AnkiConnect, and looks into it.

Two variables say where things are: OFFBOOK_ANKI the program `anki`, as `pip install 'aqt[qt6]'` makes it, and
OFFBOOK_ANKI_CONNECT the folder `plugin` of AnkiConnect. Xvfb and openbox come from the system.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

PROGRAM, PLUGIN = "OFFBOOK_ANKI", "OFFBOOK_ANKI_CONNECT"
ANKI_CONNECT = "2055492159"
PROFILE = "User 1"
WIDTH, HEIGHT = 1280, 900
_SECONDS = 60.0
_WITHOUT_GPU = {
    "QTWEBENGINE_DISABLE_SANDBOX": "1",
    "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu",
    "LIBGL_ALWAYS_SOFTWARE": "1",
    "QT_QPA_PLATFORM": "xcb",
}
# Without it Anki asks for a language before it loads an add-on.
_NEW_PROFILE = """
import sys
from pathlib import Path
from aqt.profiles import ProfileManager
manager = ProfileManager(Path(sys.argv[1]))
manager.setupMeta()
manager.meta.update(firstRun=False, defaultLang="en_US", check_for_updates=False)
manager.create(sys.argv[2])
manager.load(sys.argv[2])
manager.save()
"""
_Value = TypeVar("_Value")


def missing() -> list[str]:
    """Return what the test needs and this computer lacks."""
    programs = [name for name in ("Xvfb", "openbox") if shutil.which(name) is None]
    return [*programs, *(name for name in (PROGRAM, PLUGIN) if not Path(os.environ.get(name, "-")).exists())]


def wait_for(what: str, look: Callable[[], _Value], seconds: float = _SECONDS) -> _Value:
    """Return the first value of `look` that is true; it may raise OSError until then."""
    end = time.monotonic() + seconds
    value = None
    while time.monotonic() < end:
        with suppress(OSError):
            if value := look():
                return value
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {seconds} s; the last look saw {value!r}")


class Desktop:
    """An Anki that is open."""

    def __init__(self, base: Path, connect_port: int, test_port: int) -> None:
        self.base = base
        self.url = f"http://127.0.0.1:{connect_port}"
        self._test_url = f"http://127.0.0.1:{test_port}"

    # -- what it does -----------------------------------------------------------------------------

    def connect(self, action: str, **params: Any) -> Any:
        """Ask AnkiConnect."""
        answer = _post(self.url, {"action": action, "version": 6, "params": params})
        assert answer["error"] is None, answer["error"]
        return answer["result"]

    def python(self, source: str) -> Any:
        """Run Python in Anki's main thread, with `mw` and `aqt`: an expression, or statements that set `result`."""
        return _result(_post(self._test_url, source))

    def javascript(self, script: str, web: str = "mw.web") -> Any:
        """Return the value of an expression in JavaScript, in the web view that the expression `web` gives."""
        return _result(_post(f"{self._test_url}/js", {"web": web, "script": script}))

    def empty(self) -> None:
        """Close all windows but the main one, and delete all notes, tags, decks and notetypes but Anki's own."""
        self._rest()
        self.python(_CLOSE)
        wait_for("the closing of the windows", lambda: self.python("aqt.dialogs.allClosed()"))
        self._rest()
        self.python(_DELETE)
        self.night(False)
        self._load("deckBrowser", "!!document.querySelector('tr.deck')")

    def _rest(self) -> None:
        """Wait for Anki's work in the background, which ends in an error when its window or its notes go meanwhile."""
        wait_for("a rest", lambda: self.python("not working"))

    # -- windows ----------------------------------------------------------------------------------

    def night(self, on: bool) -> None:
        """Choose the theme."""
        theme = "DARK" if on else "LIGHT"
        self.python(f"from aqt.theme import Theme\nmw.set_theme(Theme.{theme})\nresult = True")
        wait_for("the theme", lambda: self.python("aqt.theme.theme_manager.night_mode") is on)

    def size(self, width: int, height: int = 700) -> None:
        """Make the main window so large that its web page is of this size now."""
        self.python(_SIZE.format(width=width, height=height))
        wait_for("the size", lambda: self.javascript("innerWidth") == width)

    def review(self, query: str) -> None:
        """Show in the reviewer the first card that `query` finds, as the only one that is due."""
        card = self.connect("findCards", query=query)[0]
        deck = self.connect("cardsInfo", cards=[card])[0]["deckName"]
        self.python(_REVIEW.format(card=card, deck=deck))
        self._load("review", "!!document.querySelector('.offbook')")

    def _load(self, state: str, is_there: str) -> None:
        """Show one of the main window's pages; a page that is loaded while another one is stays empty at times."""
        for _ in range(5):
            with suppress(AssertionError):  # of a page that never ends there is another one
                wait_for("the page", lambda: self.python("mw.web._domDone"), 4)
            self.python(f"mw.moveToState({state!r})")
            with suppress(AssertionError):
                wait_for(state, lambda: self.python("mw.state") == state and self.javascript(is_there), 4)
                return
        raise AssertionError(f"Anki does not show {state}, but {self.messages()}")

    def messages(self) -> list[str]:
        """Return the texts of the message boxes that are open, whose buttons Anki waits for."""
        texts: list[str] = self.python(_MESSAGES)
        return texts

    def log(self) -> str:
        """Return the end of what Anki printed, which has the traceback of an error that it shows."""
        return (self.base / "anki.log").read_text(errors="replace")[-4000:]

    def shows(self, side: str) -> bool:
        """Whether the reviewer shows this side, `question` or `answer`."""
        return bool(self.python(f"mw.state == 'review' and mw.reviewer.state == {side!r}"))

    def undo(self) -> None:
        """Take back one step, as *Edit > Undo* does."""
        step = self.undo_step()
        self.python("mw.undo()")
        wait_for("the undo", lambda: self.python("mw.col.undo_status().redo") == step)

    def undo_step(self) -> str:
        """Return the name of the step that Undo would take back; empty without one."""
        return str(self.python("mw.col.undo_status().undo"))

    def turn(self) -> None:
        """Show the answer."""
        self.python("mw.reviewer._showAnswer()")
        wait_for("the answer", lambda: self.shows("answer") and self.javascript("!!document.querySelector('#answer')"))

    def browse(self, query: str) -> None:
        """Open the browser with the editor on the first note that `query` finds."""
        self.connect("guiBrowse", query=query)
        first = self.connect("findCards", query=query)[0]
        wait_for("the browser", lambda: self.python(f"{BROWSER} is not None"))
        self.python(f"{BROWSER}.table.select_single_card({first})")
        wait_for("the editor", lambda: self.python(f"{BROWSER}.editor.note is not None"))
        wait_for("its fields", lambda: self.javascript("document.querySelectorAll('.editor-field').length > 5", EDITOR))

    def type_into(self, field: int, text: str) -> None:
        """Type at the end of a field of the browser's editor, as the keyboard does; fields count from 0."""
        self.javascript(_TYPE.format(field=field, text=json.dumps(text)), EDITOR)

    def close_browser(self) -> None:
        """Close the browser."""
        self.python(f"{BROWSER}.close()")

    def picture(self, file: Path, web: str = "mw.web") -> Path:
        """Write a picture of a web view as the screen shows it, in PNG."""
        time.sleep(0.5)  # painted
        self.python(f"result = {web}.grab().save({str(file)!r})")
        assert file.stat().st_size > 0
        return file

    def window(self, file: Path, window: str = "mw") -> Path:
        """Write a picture of the whole screen."""
        time.sleep(0.5)
        self.python(f"result = mw.screen().grabWindow(0).save({str(file)!r})")
        return file

    def colours(self, web: str = "mw.web") -> dict[str, int]:
        """Return how many of the pixels of a web view have each colour, `#rrggbb`, the most frequent first."""
        time.sleep(0.5)
        counted: dict[str, int] = self.python(_COLOURS.format(web=web))
        return counted


BROWSER = "aqt.dialogs._dialogs['Browser'][1]"
EDITOR = f"{BROWSER}.editor.web"
_MESSAGES = """
from aqt.qt import QMessageBox
boxes = [widget for widget in mw.app.topLevelWidgets() if isinstance(widget, QMessageBox) and widget.isVisible()]
result = [f"{box.text()} {box.informativeText()} {box.detailedText()}" for box in boxes]
"""
_CLOSE = """
from aqt.qt import QMessageBox
for widget in mw.app.topLevelWidgets():
    if isinstance(widget, QMessageBox):
        widget.close()
aqt.dialogs.closeAll(lambda: None)
result = True
"""
_DELETE = """
mw.col.remove_notes(mw.col.find_notes(''))
mw.col.tags.clear_unused_tags()
mw.col.decks.remove([deck.id for deck in mw.col.decks.all_names_and_ids() if deck.id != 1])
for notetype in mw.col.models.all_names_and_ids():
    if notetype.name.startswith('Offbook'):
        mw.col.models.remove(notetype.id)
result = True
"""
_SIZE = """
mw.setMinimumSize(100, 100)
mw.resize(mw.width() - mw.web.width() + {width}, mw.height() - mw.web.height() + {height})
result = True
"""
_REVIEW = """
card = mw.col.get_card({card})
mw.col.sched.unbury_deck(card.did)
mw.col.sched.bury_cards([other for other in mw.col.find_cards('') if other != card.id])
mw.col.decks.select(mw.col.decks.id({deck!r}))
result = True
"""
_TYPE = """(() => {{
  const field = document.querySelectorAll('.field-container')[{field}];
  const text = field.querySelector('.rich-text-editable').shadowRoot.querySelector('anki-editable');
  text.focus();
  getSelection().selectAllChildren(text);
  getSelection().collapseToEnd();
  return document.execCommand('insertText', false, {text});
}})()"""
_COLOURS = """
from collections import Counter
image = {web}.grab().toImage()
counts = Counter(image.pixel(x, y) & 0xffffff for x in range(0, image.width(), 2) for y in range(0, image.height(), 2))
result = {{f"#{{colour:06x}}": number for colour, number in counts.most_common(40)}}
"""


@contextmanager
def screen(log: Path) -> Iterator[str]:
    """Yield the name of an X display with a window manager."""
    read, write = os.pipe()
    with log.open("wb") as output:
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp"],
            pass_fds=[write], stdout=output, stderr=output,
        )  # fmt: skip
        os.close(write)
        with os.fdopen(read) as pipe:
            display = f":{pipe.readline().strip()}"
        manager = subprocess.Popen(["openbox"], env=os.environ | {"DISPLAY": display}, stdout=output, stderr=output)
        try:
            yield display
        finally:
            for process in (manager, server):
                process.terminate()
                process.wait()


@contextmanager
def desktop(base: Path, display: str) -> Iterator[Desktop]:
    """Start Anki on a new folder, and end it in the end. Its output goes to `anki.log` there."""
    connect_port, test_port = _free_port(), _free_port()
    addons = base / "addons21"
    addons.mkdir(parents=True)
    shutil.copytree(os.environ[PLUGIN], addons / ANKI_CONNECT)
    (addons / ANKI_CONNECT / "meta.json").write_text(json.dumps({"config": {"webBindPort": connect_port}}))
    (addons / "offbook_test").mkdir()
    shutil.copy(Path(__file__).parent / "addon.py", addons / "offbook_test/__init__.py")
    python = Path(os.environ[PROGRAM]).with_name("python")
    subprocess.run([python, "-c", _NEW_PROFILE, base, PROFILE], check=True)
    environment = os.environ | _WITHOUT_GPU | {"DISPLAY": display, "OFFBOOK_TEST_PORT": str(test_port)}
    with (base / "anki.log").open("wb") as log:
        process = subprocess.Popen(
            [os.environ[PROGRAM], "-b", str(base), "-p", PROFILE, "-l", "en"],
            env=environment, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        try:
            anki = Desktop(base, connect_port, test_port)
            wait_for("Anki's start", lambda: anki.connect("version"))
            wait_for("the profile", lambda: anki.python("mw.col is not None and mw.state == 'deckBrowser'"))
            yield anki
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def png(data: bytes) -> str:
    """Return a picture's bytes as an address."""
    return "data:image/png;base64," + base64.b64encode(data).decode()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _post(url: str, body: object) -> Any:
    data = (body if isinstance(body, str) else json.dumps(body)).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data), timeout=_SECONDS) as answer:
        return json.load(answer)


def _result(answer: dict[str, Any]) -> Any:
    assert "error" not in answer, answer["error"]
    return answer.get("result")
