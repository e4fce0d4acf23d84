"""A real process at the other end of a pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

STYLE = re.compile(r"\x1b\[\d*m")
LONGEST_WAIT = 30  # seconds


class Terminal:
    """A process with a terminal of its own, and what stands on that."""

    def __init__(self, folder: Path, *args: str, columns: int = 80, environment: dict[str, str] | None = None) -> None:
        self._master, slave = pty.openpty()
        termios.tcsetwinsize(slave, (24, columns))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "offbook", *args],
            cwd=folder,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=_take_terminal,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "", "NO_COLOR": "", **(environment or {})},
        )
        os.close(slave)
        self.shown = ""
        """The text, without styles."""
        self.raw = b""

    def until(self, words: str) -> None:
        """Wait until the words stand on the terminal, or everything does where they are empty."""
        end = time.monotonic() + LONGEST_WAIT
        while not words or words not in self.shown:
            assert time.monotonic() < end, self.shown
            ended = self._process.poll() is not None
            if not select.select([self._master], [], [], 0 if ended else 0.1)[0]:
                if ended:
                    assert not words, self.shown
                    return
                continue
            try:
                read = os.read(self._master, 4096)
            except OSError:  # what Linux says once nobody is at the other end
                read = b""
            if not read:
                assert not words, self.shown
                return
            self.raw += read
            self.shown = STYLE.sub("", self.raw.decode("utf-8", "ignore")).replace("\r\n", "\n")

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def leave(self, key: str) -> int:
        """Type a key until the process ends, and return its exit status.

        Python's readline loses a Ctrl-C that comes in the moment before it waits for keys; a person types it again.
        """
        for _ in range(LONGEST_WAIT):
            self.type(key)
            try:
                self._process.wait(1)
                break
            except subprocess.TimeoutExpired:
                continue
        return self.end()

    def end(self) -> int:
        """Wait for the process's end, and return its exit status."""
        self.until("")
        return self._process.wait(LONGEST_WAIT)

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
        os.close(self._master)


def _take_terminal() -> None:
    """Make the terminal of a new session that from which Ctrl-C interrupts it."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # where the tests run in the background it is ignored
