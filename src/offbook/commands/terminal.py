"""What fits into a terminal: its columns, the width of texts, where lines break, colours, what would steer it."""

from __future__ import annotations

import os
import re
import shutil
import sys
from typing import TextIO
from unicodedata import combining, east_asian_width

from offbook.text import in_one_line

# Control characters steer a terminal, bidirectional ones reorder the text behind them, line separators end a line
# unseen. Lone surrogates come from file names that are not UTF-8.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]")
_COLUMNS = 100  # of a terminal that does not say
_FEWEST = 40  # columns, into which texts are still fitted
_INDENT = 4
_LONG_QUOTE = re.compile("(?<=“)[^“”]{71,}(?=”)")
_ROOM_OF_QUOTE = 70  # columns


def colours() -> bool | None:
    """Return whether to print in colour, as the environment says; None where the kind of the output decides.

    https://no-color.org and https://force-color.org: a variable counts unless it is empty, NO_COLOR first.
    """
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return True if os.environ.get("FORCE_COLOR") else None


def columns(stream: TextIO) -> int | None:
    """Return how many columns the terminal has that `stream` is; None for a file or a pipe, where nothing is cut."""
    if not stream.isatty():
        return None
    return max(shutil.get_terminal_size((_COLUMNS, 24)).columns, _FEWEST)


def width(text: str) -> int:
    """Return the columns that a text takes: two for a Chinese or Japanese letter, none for a combining accent."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(letter) else 1 + (east_asian_width(letter) in "WF") for letter in text)


def safe(text: str) -> str:
    """Return text that cannot steer a terminal or show in another order than it is written in."""
    return CONTROL.sub("�", text)


def one_line(text: str, room: int = _COLUMNS) -> str:
    """Return text on one line, safe to print.

    Where standard output is a terminal it takes at most `room` columns, and is cut between words where that is near.
    """
    text = safe(in_one_line(text))
    return text if columns(sys.stdout) is None else _cut(text, room)


def with_short_quotes(text: str, stream: TextIO) -> str:
    """Return a message in which long quotes of the notes are cut where `stream` is a terminal."""
    if columns(stream) is None:
        return text
    return _LONG_QUOTE.sub(lambda match: _cut(match[0], _ROOM_OF_QUOTE), text)


def _cut(text: str, room: int) -> str:
    """Return a text of at most `room` columns, cut between words where that is near."""
    if width(text) <= room:
        return text
    end = room - 1
    while width(text[:end]) > room - 1:
        end -= 1
    space = text.rfind(" ", end * 3 // 4, end + 1)
    return text[: space if space > 0 else end].rstrip(" ,;:") + "…"


def rest_of_line(text: str, used: int) -> str:
    """Return text on what is left of a line, `used` columns of which are taken; whole where no terminal is."""
    return one_line(text, max((columns(sys.stdout) or _COLUMNS) - used, _FEWEST // 2))


def wrapped(text: str, stream: TextIO) -> str:
    """Return text whose lines are broken between words where `stream` is a terminal and they are too long for it."""
    room = columns(stream)
    if room is None:
        return text
    return "\n".join(line if width(line) <= room else _broken(line, room) for line in text.split("\n"))


def _broken(line: str, room: int) -> str:
    words = line.lstrip(" ").split(" ")
    indent = " " * (len(line) - len(line.lstrip(" ")))
    lines = [indent + words[0]]
    for word in words[1:]:
        if width(lines[-1]) + 1 + width(word) > room:
            lines.append(indent + " " * _INDENT + word)
        else:
            lines[-1] += f" {word}"
    return "\n".join(lines)
