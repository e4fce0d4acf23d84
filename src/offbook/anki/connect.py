"""Reaches an Anki that is open, through its add-on AnkiConnect: JSON over HTTP, version 6 of its interface.

Source: https://git.sr.ht/~foosoft/anki-connect
"""

from __future__ import annotations

import http.client
import json
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from offbook.anki import OURS, REHEARSED, AnkiError, CardInAnki, NoteInAnki
from offbook.anki.parcel import read_descriptions
from offbook.anki.twins import best_first
from offbook.errors import UsageError
from offbook.notetypes import CLOZE, OUR_IDS, look
from offbook.package import NO_PACKAGE
from offbook.tags import RETIRED

URL = "http://127.0.0.1:8765"
KEY_VARIABLE = "ANKICONNECT_API_KEY"
SECONDS = 20.0
"""The time limit of a request, but for those that import a package."""
_IMPORT_SECONDS = 600.0
_VERSION = 6
# Notes or cards in one question: AnkiConnect reads a request by the kilobyte, and Anki is frozen while it answers. What
# changes something is one request all the same, as each is a step of Anki's Undo.
_CHUNK = 200
# What AnkiConnect says, in part, and what the user can do about it.
_ADVICE = {
    "valid api key": f"AnkiConnect wants its key, and {KEY_VARIABLE} does not hold it; put the `apiKey` of its "
    "configuration (Tools > Add-ons > AnkiConnect > Config) there",
    "collection is not available": "Anki is open, but no profile is; choose one in Anki's window, then run this again",
    "unsupported action": "this AnkiConnect is too old; update it in Anki (Tools > Add-ons > Check for Updates)",
}


class NotRunning(AnkiError):  # noqa: N818 - a state, not a fault
    """Nothing listens at the address: Anki is closed, or it has no AnkiConnect."""


class _RefusalError(AnkiError):
    """AnkiConnect answered that it could not do something."""


class AnkiConnect:
    """The interface `Anki` for an Anki with AnkiConnect."""

    def __init__(self, url: str = URL, key: str | None = None, seconds: float | None = None) -> None:
        """Reach AnkiConnect at `url`, with its API key if it has one.

        `seconds` is the time limit of each request but the import's, SECONDS if it is None. Raises UsageError where
        `url` is no address, NotRunning where nothing listens there, AnkiError where it is not AnkiConnect or too old.
        """
        if not url.startswith(("http://", "https://")):
            raise UsageError(f"--url takes an address such as {URL}, not {url!r}")
        self._url, self._key, self._seconds = url, key, seconds or SECONDS
        # Without a proxy, whatever http_proxy says, since Anki is on this machine.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        version = self._ask("version")
        if not isinstance(version, int) or version < _VERSION:
            raise AnkiError(f"{_ADVICE['unsupported action']} (it speaks version {version}, not {_VERSION})")

    @cached_property
    def profile(self) -> str:
        """The name of the profile that is open; nothing tells it but the folder of its media."""
        folder = str(self._ask("getMediaDirPath")).rstrip("/\\")
        return re.split(r"[/\\]", folder)[-2:][0]

    @property
    def place(self) -> str:
        """The profile that is open, in words."""
        return f"the profile {self.profile!r} of the Anki that is open"

    @property
    def is_open(self) -> bool:
        """True. AnkiConnect writes decks into Anki's tables, past its Undo."""
        return True

    def shows_answer(self) -> bool:
        """Whether the user is reviewing, and an answer is on the screen.

        No action tells, but one that grades a card looks at the grade only where an answer is shown: one that is no
        grade is an error then, and grades nothing.
        """
        if not self._ask("guiReviewActive"):
            return False
        try:
            self._ask("guiAnswerCard", ease=None)
        except _RefusalError:
            return True
        return False

    def notes(self) -> dict[str, NoteInAnki]:
        """Return the notes that offbook made, by guid.

        AnkiConnect does not tell guids, so the field Key does. Of notes with one key, all but the best are left out:
        they may be copies made in Anki.
        """
        ids = sorted(self._ask("findNotes", query=OURS))
        infos = [info for chunk in _chunks(ids) for info in self._ask("notesInfo", notes=chunk) if info]
        cards = [card for info in infos for card in info["cards"]]
        decks = self._decks(cards)
        answers = [answer for chunk in _chunks(cards) for answer in self._ask("areSuspended", cards=chunk)]
        numbers = self._numbers(infos)
        suspended = {card for card, answer in zip(cards, answers, strict=True) if answer}
        notes: list[tuple[str, NoteInAnki]] = []
        for info in infos:
            note_cards = tuple(
                CardInAnki(card, decks.get(card, ""), card in suspended, numbers.get(card, 1)) for card in info["cards"]
            )
            fields = {name: field["value"] for name, field in info["fields"].items()}
            note = NoteInAnki(info["noteId"], fields, tuple(info["tags"]), note_cards, info.get("mod"))
            notes.append((fields["Key"].strip(), note))
        return {guid: best for guid, (best, *_) in best_first(notes, self.rehearsed).items()}

    def _numbers(self, notes: Iterable[Mapping[str, Any]]) -> dict[int, int]:
        """Return the number of each card of the notes where it may be another one than 1: AnkiConnect draws them."""
        several = (note for note in notes if len(note["cards"]) > 1 or CLOZE.fields[0] in note["fields"])
        cards = [card for note in several for card in note["cards"]]
        answers = (info for chunk in _chunks(cards) for info in self._ask("cardsInfo", cards=chunk))
        return {info["cardId"]: info["ord"] + 1 for info in answers if info}

    def _decks(self, cards: Sequence[int]) -> dict[int, str]:
        """Return the name of the deck that each card is in."""
        answers = [self._ask("getDecks", cards=chunk) for chunk in _chunks(cards)]
        return {card: deck for answer in answers for deck, in_deck in answer.items() for card in in_deck}

    def rehearsed(self) -> set[int]:
        """Return the ids of the notes that offbook made and that have a card with reviews."""
        return set(self._ask("findNotes", query=REHEARSED))

    def decks(self) -> set[str]:
        """Return the names of all decks but filtered ones that hold a card."""
        filtered = self._ask("findCards", query="deck:filtered")
        return set(self._ask("deckNames")) - set(self._decks(filtered).values())

    def descriptions(self, decks: Collection[str], folder: Path) -> dict[str, str]:
        """Return the descriptions of decks, as HTML, by name; those that Anki does not tell are left out.

        No action tells but the export of a deck, into a temporary file in `folder`; it has the decks below, too.
        """
        result: dict[str, str] = {}
        file = folder / f".export.apkg.{os.getpid()}.tmp"
        for deck in sorted(decks, key=len):
            if deck not in result:
                with suppress(_RefusalError, *NO_PACKAGE):
                    try:
                        self._ask("exportPackage", seconds=_IMPORT_SECONDS, deck=deck, path=str(file.absolute()))
                        result |= read_descriptions(file.read_bytes())
                    finally:
                        file.unlink(missing_ok=True)
        return {deck: result[deck] for deck in decks if deck in result}

    def notetypes(self) -> set[int]:
        """Return the ids of all notetypes but offbook's."""
        return set(self._ask("modelNamesAndIds").values()) - OUR_IDS

    def looks(self) -> dict[int, str]:
        """Return the digest of the looks of those of offbook's notetypes that Anki has, by the notetype's id."""
        names = {id: name for name, id in self._ask("modelNamesAndIds").items() if id in OUR_IDS}
        result: dict[int, str] = {}
        for id, name in names.items():
            templates = self._ask("modelTemplates", modelName=name).values()
            sides = [template[side] for template in templates for side in ("Front", "Back")]
            result[id] = look(self._ask("modelStyling", modelName=name)["css"], sides)
        return result

    def import_package(self, file: Path) -> None:
        """Import a package. Anki reads the file itself, so it has to run on this machine."""
        if not self._ask("importPackage", seconds=_IMPORT_SECONDS, path=str(file.absolute())):
            raise AnkiError(_ADVICE["collection is not available"])

    def move(self, cards: Sequence[int], deck: str) -> None:
        """Move cards to a deck, which is made if Anki has none of that name."""
        self._ask("changeDeck", cards=list(cards), deck=deck)

    def suspend(self, cards: Sequence[int]) -> None:
        """Suspend cards."""
        self._ask("suspend", cards=list(cards))

    def delete_cards(self, cards: Sequence[int]) -> bool:
        """Return False: AnkiConnect deletes notes only."""
        return False

    def unsuspend(self, cards: Sequence[int]) -> None:
        """Take cards out of suspension."""
        self._ask("unsuspend", cards=list(cards))

    def add_tag(self, notes: Sequence[int], tag: str) -> None:
        """Add a tag to notes."""
        self._ask("addTags", notes=list(notes), tags=tag)

    def remove_tag(self, notes: Sequence[int], tag: str) -> None:
        """Remove a tag from notes."""
        self._ask("removeTags", notes=list(notes), tags=tag)

    def delete(self, notes: Sequence[int]) -> None:
        """Delete notes with their cards."""
        self._ask("deleteNotes", notes=list(notes))

    @contextmanager
    def one_step(self, name: str) -> Iterator[None]:
        """Make Anki redraw its windows at the end; AnkiConnect cannot join actions to one step of Undo.

        Anki redraws them before it imports a package: an editor would save its old note over the import, and a
        reviewer answer a card that is gone. An action that changes nothing makes it redraw once more: to take a tag off
        no note (to give one to no note would list the tag).
        """
        try:
            yield
        except BaseException:
            with suppress(AnkiError):
                self._redraw()
            raise
        self._redraw()

    def _redraw(self) -> None:
        self._ask("removeTags", notes=[], tags=RETIRED)

    def ask(self, action: str, **params: Any) -> Any:
        """Send one request, and return its result; raise AnkiError where AnkiConnect reports an error."""
        return self._ask(action, **params)

    def _ask(self, action: str, *, seconds: float | None = None, **params: Any) -> Any:
        """Send one request, and return its result; raise AnkiError where AnkiConnect reports an error."""
        request = {"action": action, "version": _VERSION, "params": params}
        if self._key:
            request["key"] = self._key
        answer = self._send(json.dumps(request).encode(), seconds or self._seconds, action)
        try:
            values = json.loads(answer)
            result, error = values["result"], values["error"]
        except (ValueError, TypeError, KeyError):
            raise AnkiError(
                f"what answers at {self._url} is not AnkiConnect; close it, or name the right address with --url"
            ) from None
        if error is not None:
            advice = next((advice for part, advice in _ADVICE.items() if part in str(error)), None)
            raise _RefusalError(advice or f"Anki could not do {action!r}: {error}")
        return result

    def _send(self, body: bytes, seconds: float, action: str) -> bytes:
        """Send the body of a request, and return that of the answer, which has to be complete within `seconds`."""
        request = urllib.request.Request(self._url, body, {"Content-Type": "application/json"})
        end = time.monotonic() + seconds
        parts: list[bytes] = []
        try:
            with self._opener.open(request, timeout=seconds) as response:
                while part := response.read1(1 << 16):
                    parts.append(part)
                    if time.monotonic() > end:
                        raise TimeoutError
        except urllib.error.HTTPError as error:
            raise AnkiError(f"what answers at {self._url} is not AnkiConnect (HTTP status {error.code})") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise self._broken(error, seconds, action) from None
        return b"".join(parts)

    def _broken(self, error: Exception, seconds: float, action: str) -> AnkiError:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(reason, ConnectionRefusedError):
            return NotRunning(f"nothing answers at {self._url}; open Anki with the add-on AnkiConnect (2055492159)")
        if isinstance(reason, TimeoutError):
            return AnkiError(
                f"Anki did not answer {action!r} within {seconds:g} seconds; is a window of Anki waiting for you? "
                "Run this again: it goes on where it stopped"
            )
        return AnkiError(
            f"the connection to Anki broke at {action!r} ({reason or type(reason).__name__}); "
            "run this again: it goes on where it stopped"
        )


def _chunks(items: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(items), _CHUNK):
        yield list(items[start : start + _CHUNK])
