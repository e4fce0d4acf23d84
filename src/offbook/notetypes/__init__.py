"""The two Anki notetypes. Ids, fields and template names are frozen: Anki would take a change for a new notetype.

The looks are the files beside this one, and may change at any time, together with `CHANGED`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CHANGED = 1795845295
"""Seconds since the epoch when templates, CSS or fields' options last changed: Anki takes only newer ones."""


@dataclass(frozen=True, slots=True)
class Notetype:
    """A notetype as Anki stores it."""

    id: int
    name: str
    fields: tuple[str, ...]
    templates: tuple[tuple[str, str], ...]
    """Each template's name in Anki, and the stem of the files that hold its front and back."""
    cloze: bool = False


QUESTION = Notetype(
    1763800001,
    "Offbook",
    (
        "Question", "Answer", "Hint", "Context", "Source", "Company",
        "Speak", "Timer", "Reversed", "Key", "Extra 1", "Extra 2",
    ),
    (("Rehearse", "question"), ("Reverse", "reverse")),
)  # fmt: skip
CLOZE = Notetype(
    1763800002,
    "Offbook Cloze",
    ("Text", "Extra", "Hint", "Context", "Source", "Company", "Speak", "Timer", "Key", "Extra 1", "Extra 2"),
    (("Rehearse", "cloze"),),
    cloze=True,
)
OUR_IDS = frozenset((QUESTION.id, CLOZE.id))

COLLAPSED = {"Context", "Source", "Company", "Speak", "Timer", "Reversed", "Key", "Extra 1", "Extra 2"}
"""The fields that are collapsed in Anki's editor: nobody edits them."""
FONT = "sans-serif"
"""Of Anki's editor, which takes the name as CSS does: each system has one of this kind, and may lack any other."""


@cache
def template(stem: str) -> tuple[str, str]:
    """Return the front and the back of a template: `<stem>.front.html`, `<stem>.back.html`, `always.html` in each."""
    script = _read("always.html")
    front, back = _read(f"{stem}.front.html"), _read(f"{stem}.back.html")
    return front.replace("</article>", script + "</article>"), back.replace("</article>", script + "</article>")


@cache
def css() -> str:
    """Return the style sheet that both notetypes share."""
    return _read("style.css") + "\n" + _read("code.css")


def styled(own_css: str) -> str:
    """Return the style sheet with the user's CSS behind it, where it wins."""
    return f"{css()}\n{own_css}\n" if own_css else css()


def looks(own_css: str = "") -> str:
    """Return the digest of the templates and the style sheet, the user's CSS included."""
    stems = [stem for notetype in (QUESTION, CLOZE) for _, stem in notetype.templates]
    parts = [styled(own_css), *(side for stem in stems for side in template(stem))]
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()


def look(css: str, sides: Iterable[str]) -> str:
    """Return the digest of one notetype's looks: its style sheet, and the front and back of each template in turn."""
    return hashlib.blake2b("\0".join((css, *sides)).encode(), digest_size=8).hexdigest()


def our_looks(own_css: str = "") -> tuple[str, ...]:
    """Return the digest of each of the notetypes as offbook brings it, with the user's CSS."""
    css = styled(own_css)
    return tuple(
        look(css, (side for _, stem in notetype.templates for side in template(stem))) for notetype in (QUESTION, CLOZE)
    )


def _read(name: str) -> str:
    return (Path(__file__).parent / name).read_text("utf-8")
