"""Texts that were edited in Anki and changed in the notes, too: shows both, and asks which is to stay."""

from __future__ import annotations

import html
import re
import shutil
import textwrap
from collections.abc import Iterator
from itertools import zip_longest

import click

from offbook.anki.merge import Merge
from offbook.commands import common
from offbook.notetypes import Notetype

_BESIDE = 80  # columns of a terminal from which on two texts stand side by side
_END_OF_BLOCK = re.compile(r"</(?:p|div|li|tr|pre|blockquote|h[1-6]|dt|dd|summary)>|<br ?/?>|<hr ?/?>", re.IGNORECASE)
_ITEM = re.compile(r"<li\b[^<>]*>", re.IGNORECASE)


def differences(merge: Merge, notetype: Notetype) -> Iterator[tuple[str, str, str]]:
    """Yield the fields in conflict: name, plain text in Anki, plain text in the notes."""
    for index in merge.conflicts:
        yield notetype.fields[index], plain(merge.theirs[index]), plain(merge.ours[index])


def show(merge: Merge, notetype: Notetype) -> None:
    """Show both texts of each field in conflict on standard error, side by side where the terminal is wide enough."""
    for name, in_anki, in_notes in differences(merge, notetype):
        for line in _both(name, in_anki, in_notes, shutil.get_terminal_size().columns):
            common.say(f"  {line}".rstrip())


_CHOICES = ("keep", "replace", "all")


def ask() -> str:
    """Ask whose text is to stay, and return `keep`, `replace` or `all`, which keeps this one and all that follow.

    The first letter is enough. Raises click.Abort where the question is left.
    """
    answer: str = click.prompt(
        "Keep your text, replace it with the notes', or keep yours here and in all that follow (keep, replace, all)",
        value_proc=_chosen,
        default="keep",
        err=True,
    )
    return answer


def _chosen(typed: str) -> str:
    found = [choice for choice in _CHOICES if typed.strip() and choice.startswith(typed.strip().lower())]
    if not found:
        raise click.UsageError(f"{typed!r} is none of {', '.join(_CHOICES)}")
    return found[0]


def plain(field: str) -> str:
    """Return the plain text of a field's HTML: a line for each paragraph, item, row and line of code."""
    import nh3

    marked = _ITEM.sub(lambda match: f"{match[0]}- ", _END_OF_BLOCK.sub(lambda match: f"{match[0]}\n", field))
    lines = html.unescape(nh3.clean(marked, tags=set())).split("\n")
    return "\n".join(line.rstrip() for line in lines if line.strip())


def _both(name: str, in_anki: str, in_notes: str, width: int) -> Iterator[str]:
    """Yield the lines that show two texts in a terminal of `width` columns."""
    titles = f"{name} in Anki (yours)", f"{name} in the notes"
    if width < _BESIDE:
        for title, text in zip(titles, (in_anki, in_notes), strict=True):
            yield f"{title}:"
            yield from (f"  {line}" for line in _wrapped(text, width - 6))
        return
    column = (width - 6) // 2
    left, right = ([title, *_wrapped(text, column)] for title, text in zip(titles, (in_anki, in_notes), strict=True))
    for one, other in zip_longest(left, right, fillvalue=""):
        yield f"{one:<{column}} │ {other}"


def _wrapped(text: str, width: int) -> list[str]:
    lines = [textwrap.wrap(line, width, drop_whitespace=False) for line in text.split("\n")]
    return [part.rstrip() for parts in lines for part in (parts or [""])] or ["(empty)"]
