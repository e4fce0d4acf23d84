"""AnkiConnect's protocol (version 6 of its README), out of a real collection; and what can go wrong with it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from anki.collection import (
    Collection,
    DeckIdLimit,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)
from anki.errors import NotFoundError
from anki.notes import Note

READS = {
    "areSuspended", "cardsInfo", "deckNames", "findCards", "findNotes", "getDeckConfig", "getDecks", "getMediaDirPath",
    "getReviewsOfCards", "modelNamesAndIds", "notesInfo", "version",
}  # fmt: skip


class AnkiConnectServer:
    """A server on a free port; `url` is its address, `asked` the names of the actions asked so far."""

    def __init__(self, collection: Collection | None, key: str | None = None, *, tells_times: bool = True) -> None:
        self.collection, self.key, self.tells_times = collection, key, tells_times
        self.asked: list[str] = []
        self.breaks_at: str | None = None
        """The action at which the connection breaks, before it is done."""
        self.breaks_after: str | None = None
        """The action after which the connection breaks: it is done, and nobody hears of it."""
        self.hangs_at: str | None = None
        self.stale = False
        """Whether Anki's windows show an old state: a package's import redraws them beforehand, all else behind."""
        self.editor: list[str] = []
        """What an open editor does each time that Anki redraws it after an import: "save" the notes of before the
        import, or a word that is typed into their answers."""
        self._shown: list[Note] = []
        self.on_screen: list[str] = []
        """The sides of cards that the reviewer shows, one for each time that offbook asks; then the review is over."""
        self.only_reads = False
        """Whether each action is refused that changes something."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def running(self) -> Iterator[AnkiConnectServer]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()

    def _handler(server) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                action = request["action"]
                server.asked.append(action)
                if action == server.hangs_at:
                    time.sleep(2)
                if action == server.breaks_at:
                    self.connection.close()
                    return
                answer = json.dumps(server.answer(request)).encode()
                if action == server.breaks_after:
                    self.connection.close()
                    return
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: Any) -> None: ...

        return Handler

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        if request.get("key") != self.key:
            return {"result": None, "error": "valid api key must be provided"}
        if self.only_reads and request["action"] not in READS:
            return {"result": None, "error": f"{request['action']} writes, and nothing is to be written"}
        action = getattr(self, f"do_{request['action']}", None)
        if action is None:
            return {"result": None, "error": "unsupported action"}
        try:
            return {"result": action(**request.get("params", {})), "error": None}
        except Exception as error:
            return {"result": None, "error": str(error)}

    @property
    def col(self) -> Collection:
        if self.collection is None:
            raise RuntimeError("collection is not available")
        return self.collection

    def do_version(self) -> int:
        return 6

    def do_findNotes(self, query: str) -> list[int]:  # noqa: N802
        return list(self.col.find_notes(query))

    def do_notesInfo(self, notes: list[int]) -> list[dict[str, Any]]:  # noqa: N802
        return [self._info(id) for id in notes]

    def _info(self, id: int) -> dict[str, Any]:
        try:
            note = self.col.get_note(id)  # type: ignore[arg-type]
        except NotFoundError:
            return {}
        return {
            "noteId": note.id,
            "tags": note.tags,
            "fields": {name: {"value": value, "order": order} for order, (name, value) in enumerate(note.items())},
            "modelName": note.note_type()["name"],  # type: ignore[index]
            "cards": list(note.card_ids()),
        } | ({"mod": note.mod} if self.tells_times else {})

    def do_findCards(self, query: str) -> list[int]:  # noqa: N802
        return list(self.col.find_cards(query))

    def do_deckNames(self) -> list[str]:  # noqa: N802
        return [deck.name for deck in self.col.decks.all_names_and_ids()]

    def do_modelNamesAndIds(self) -> dict[str, int]:  # noqa: N802
        return {notetype.name: notetype.id for notetype in self.col.models.all_names_and_ids()}

    def do_modelTemplates(self, modelName: str) -> dict[str, dict[str, str]]:  # noqa: N802, N803
        templates = self._notetype(modelName)["tmpls"]
        return {template["name"]: {"Front": template["qfmt"], "Back": template["afmt"]} for template in templates}

    def do_modelStyling(self, modelName: str) -> dict[str, str]:  # noqa: N802, N803
        return {"css": self._notetype(modelName)["css"]}

    def _notetype(self, name: str) -> dict[str, Any]:
        notetype = self.col.models.by_name(name)
        assert notetype
        return notetype

    def do_getDecks(self, cards: list[int]) -> dict[str, list[int]]:  # noqa: N802
        decks: dict[str, list[int]] = {}
        for card in cards:
            decks.setdefault(self.col.decks.name(self.col.get_card(card).did), []).append(card)  # type: ignore[arg-type]
        return decks

    def do_cardsInfo(self, cards: list[int]) -> list[dict[str, Any]]:  # noqa: N802
        return [self._card_info(card) for card in cards]

    def _card_info(self, id: int) -> dict[str, Any]:
        card = self.col.get_card(id)  # type: ignore[arg-type]
        return {
            "cardId": card.id,
            "note": card.nid,
            "ord": card.ord,
            "deckName": self.col.decks.name(card.did),
            "type": card.type,
            "queue": card.queue,
            "due": card.due,
            "interval": card.ivl,
            "factor": card.factor,
            "reps": card.reps,
            "lapses": card.lapses,
            "left": card.left,
        }

    def do_getReviewsOfCards(self, cards: list[int]) -> dict[str, list[dict[str, int]]]:  # noqa: N802
        columns = ("id", "usn", "ease", "ivl", "lastIvl", "factor", "time", "type")
        assert self.col.db is not None
        query = f"select {', '.join(columns)} from revlog where cid = ?"
        return {
            str(card): [dict(zip(columns, row, strict=True)) for row in self.col.db.execute(query, card)]
            for card in cards
        }

    def do_getDeckConfig(self, deck: str) -> Any:  # noqa: N802
        if deck not in self.do_deckNames():
            return False
        id = self.col.decks.id(deck)
        assert id is not None
        return self.col.decks.config_dict_for_deck_id(id)

    def do_getMediaDirPath(self) -> str:  # noqa: N802
        return self.col.media.dir()

    def do_areSuspended(self, cards: list[int]) -> list[bool]:  # noqa: N802
        return [self.col.get_card(card).queue == -1 for card in cards]  # type: ignore[arg-type]

    def do_importPackage(self, path: str) -> bool:  # noqa: N802
        options = ImportAnkiPackageOptions()
        self.stale = True
        self._shown = [self.col.get_note(id) for id in self.col.find_notes("deck:*")]
        self.col.import_anki_package(ImportAnkiPackageRequest(package_path=path, options=options))
        return True

    def do_exportPackage(self, deck: str, path: str) -> bool:  # noqa: N802
        found = self.col.decks.by_name(deck)
        if found is None:
            return False
        self.col.export_anki_package(
            out_path=path,
            options=ExportAnkiPackageOptions(with_media=True, legacy=True),
            limit=DeckIdLimit(found["id"]),
        )
        return True

    def do_changeDeck(self, cards: list[int], deck: str) -> None:  # noqa: N802
        self.col.set_deck(cards, self.col.decks.id(deck))  # type: ignore[arg-type]

    def do_suspend(self, cards: list[int]) -> bool:
        self.col.sched.suspend_cards(cards)  # type: ignore[arg-type]
        return True

    def do_unsuspend(self, cards: list[int]) -> None:
        self.col.sched.unsuspend_cards(cards)  # type: ignore[arg-type]

    def do_guiReviewActive(self) -> bool:  # noqa: N802
        return bool(self.on_screen)

    def do_guiAnswerCard(self, ease: int) -> bool:  # noqa: N802
        return self.on_screen.pop(0) == "answer" and 0 < ease <= 4

    def do_addTags(self, notes: list[int], tags: str) -> None:  # noqa: N802
        self.stale = False
        self.col.tags.bulk_add(notes, tags)  # type: ignore[arg-type]

    def do_removeTags(self, notes: list[int], tags: str) -> None:  # noqa: N802
        if self.stale and self.editor:
            done = self.editor.pop(0)
            for note in self._shown:
                if done != "save":
                    note["Answer"] = done
                self.col.update_note(note)
        self.stale = False
        self.col.tags.bulk_remove(notes, tags)  # type: ignore[arg-type]

    def do_deleteNotes(self, notes: list[int]) -> None:  # noqa: N802
        self.col.remove_notes(notes)  # type: ignore[arg-type]
