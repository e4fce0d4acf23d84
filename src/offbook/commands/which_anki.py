"""Which Anki a command works with: options, settings, and what is open."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from offbook.anki import Anki, AnkiError
from offbook.settings import Settings
from offbook.text import composed

if TYPE_CHECKING:
    from offbook.anki.connect import AnkiConnect

url_option = click.option(
    "--url",
    metavar="URL",
    help="Where AnkiConnect listens.  [default: http://127.0.0.1:8765, or as offbook.toml says]",
)
profile_option = click.option(
    "--profile", metavar="NAME", help="Write into this profile of Anki, open or closed, and into no other."
)
collection_option = click.option(
    "--collection", type=click.Path(path_type=Path), metavar="FILE", help="Write into this collection of a closed Anki."
)


@dataclass(frozen=True, slots=True)
class WhichAnki:
    """The Anki that the user names; the one that is open where all are None."""

    url: str | None = None
    """Where AnkiConnect listens."""
    profile: str | None = None
    """The profile that is to be written into."""
    collection: Path | None = None
    """The file `collection.anki2` of an Anki that is closed."""


@contextmanager
def reached(which: WhichAnki, settings: Settings) -> Iterator[Anki | None]:
    """Reach the Anki that is meant; None where none is open and no profile is named.

    Raises AnkiError where another profile is open than the one that is meant, and as `open_anki` does.
    """
    profile = which.profile or settings.profile
    anki = None if which.collection else open_anki(which, settings)
    if anki is not None:
        yield anki
    elif which.collection or profile:
        from offbook.anki.collection import ClosedCollection
        from offbook.anki.profiles import collection_of

        with ClosedCollection(which.collection or collection_of(profile)) as closed:
            yield closed
    else:
        yield None


def open_anki(which: WhichAnki, settings: Settings) -> AnkiConnect | None:
    """Return the Anki that is open, reached through AnkiConnect; None where nothing listens there.

    Where the user gave the address and nothing listens there, Anki is expected to be open: that raises AnkiError, as
    any other failure does. So does another profile than the one that is meant.
    """
    from offbook.anki import connect

    url = which.url or settings.anki_url or connect.URL
    try:
        anki = connect.AnkiConnect(url, os.environ.get(connect.KEY_VARIABLE))
    except connect.NotRunning:
        if which.url:
            raise
        return None
    profile = which.profile or settings.profile
    if profile and composed(anki.profile) != composed(profile):
        raise AnkiError(
            f"Anki is open with the profile {anki.profile!r}, not {profile!r}; nothing was touched. Choose the other "
            "one in Anki (File > Switch Profile), or close Anki"
        )
    return anki
