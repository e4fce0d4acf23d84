"""Runs the command line again and again, and lets a chosen operation on the decks folder fail, or kills the run there.

Run as a program it reads a line of JSON for each run and answers with one: see `Request` and `Outcome`. Each run is a
fork of this process, which has everything imported, so that hundreds of runs take seconds.
"""

from __future__ import annotations

import builtins
import errno
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

KILL = "kill"
_OPERATIONS = ("open", "mkdir", "unlink", "remove", "replace", "rename", "fsync", "chmod", "scandir", "listdir")


@dataclass
class Request:
    """One run."""

    args: list[str]
    """The command line."""
    folder: str
    """The folder whose operations count."""
    at: int = 0
    """The operation to fail at, from 1; 0 for none."""
    fault: str = KILL
    """`kill`, or the name of an error such as `ENOSPC`."""
    after: float = 0
    """Seconds after which to kill the run, wherever it is; 0 for never."""
    now: float = 1_700_000_000.0
    """What the run takes for the time."""


@dataclass
class Outcome:
    """What became of a run."""

    status: int
    """The exit status; minus the signal that killed it."""
    output: str
    """Standard output and standard error."""
    operations: list[str]
    """The operations made on the folder, each with the file's name."""


class Server:
    """The other process, as a test holds it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def run(self, request: Request) -> Outcome:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(asdict(request)), file=self._process.stdin, flush=True)
        return Outcome(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        self._process.communicate()


# -- in the other process --------------------------------------------------------------------------


class Faults:
    """Stands before the operating system: counts what is done to files of the folder, and fails at one of them."""

    def __init__(self, request: Request, log: int) -> None:
        self._request = request
        self._log = log
        self._folder = os.path.realpath(request.folder)
        self._count = 0
        self._handles: dict[int, str] = {}
        self._closed = os.close

    def install(self) -> None:
        for name in _OPERATIONS:
            setattr(os, name, self._watched(name, getattr(os, name)))
        setattr(os, "close", self._close)  # noqa: B010
        opened = io.open

        def open_file(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            if isinstance(file, int) or not self._concerns(file):
                return opened(file, mode, *args, **kwargs)
            self._meet("open", file)
            stream = opened(file, mode, *args, **kwargs)
            self._handles[stream.fileno()] = os.fspath(file)
            return _Stream(stream, self, os.fspath(file)) if set(mode) & set("wx") else stream

        io.open = builtins.open = open_file

    def _watched(self, name: str, operation: Callable[..., Any]) -> Callable[..., Any]:
        def run(target: Any, *args: Any, **kwargs: Any) -> Any:
            path = self._handles.get(target, "") if isinstance(target, int) else target
            if not self._concerns(path):
                return operation(target, *args, **kwargs)
            self._meet(name, path)
            result = operation(target, *args, **kwargs)
            if name == "open":
                self._handles[result] = path
            return result

        return run

    def _close(self, handle: int) -> None:
        self._handles.pop(handle, None)
        self._closed(handle)

    def _concerns(self, path: Any) -> bool:
        place = os.path.realpath(os.fspath(path)) if path else ""
        return place == self._folder or place.startswith(self._folder + os.sep)

    def _meet(self, name: str, path: Any, before_death: Callable[[], None] = lambda: None) -> None:
        """Count an operation, and let it fail where the request says so."""
        self._count += 1
        os.write(self._log, f"{name} {Path(path).name}\n".encode())
        if self._count == self._request.at:
            before_death()
            if self._request.fault == KILL:
                os.kill(os.getpid(), signal.SIGKILL)
            number = getattr(errno, self._request.fault)
            raise OSError(number, os.strerror(number), os.fspath(path))


class _Stream:
    """A file that is written; where writing fails, half of it is there."""

    def __init__(self, stream: Any, faults: Faults, path: str) -> None:
        self._stream, self._faults, self._path = stream, faults, path

    def write(self, data: Any) -> int:
        def half() -> None:
            self._stream.write(data[: len(data) // 2])
            self._stream.flush()

        self._faults._meet("write", self._path, half)
        return int(self._stream.write(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __enter__(self) -> _Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()


def _run(request: Request) -> Outcome:
    with _temporary() as output, _temporary() as log:
        child = os.fork()
        if child == 0:
            _become(request, output, log)
        if request.after:
            time.sleep(request.after)
            os.kill(child, signal.SIGKILL)
        _, waited = os.waitpid(child, 0)
        operations = _read(log).splitlines()
        return Outcome(os.waitstatus_to_exitcode(waited), _read(output), operations)


def _become(request: Request, output: int, log: int) -> None:
    """Be the command line; does not return."""
    status = 99
    try:
        os.dup2(output, 1)
        os.dup2(output, 2)
        sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), "utf-8", write_through=True)
        sys.stderr = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), "utf-8", write_through=True)
        time.time = lambda: request.now
        sys.argv = ["offbook", *request.args]
        from offbook.__main__ import main

        Faults(request, log).install()
        main()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else bool(end.code)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


@contextmanager
def _temporary() -> Iterator[int]:
    with tempfile.TemporaryFile() as file:
        yield file.fileno()


def _read(handle: int) -> str:
    size = os.lseek(handle, 0, os.SEEK_END)
    return os.pread(handle, size, 0).decode("utf-8", "replace")


def _warm(folder: str) -> None:
    """Import all that an export uses."""
    notes = Path(folder, "notes", "acme")
    notes.mkdir(parents=True)
    (notes / "a.md").write_text("## What is X?\nY is `code`.\n\n- Open question?\n\n$x$\n", "utf-8")
    from click.testing import CliRunner

    from offbook.cli import cli

    for command in ("export", "preview"):
        CliRunner().invoke(cli, [command, "--notes", f"{folder}/notes", "--decks", f"{folder}/decks"])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        _warm(scratch)
    for line in sys.stdin:
        print(json.dumps(asdict(_run(Request(**json.loads(line))))), flush=True)
