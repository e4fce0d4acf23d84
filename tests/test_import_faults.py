"""What goes wrong between offbook and Anki: messages say what to do, and another run finishes the job."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import platformdirs
import pytest
from anki.collection import Collection
from ankiconnect import AnkiConnectServer
from conftest import Workspace, empty_collection
from test_import import MUTEX, NOTE, RETRY, SHARD, Desk, answer, below_first_line, note_of, older

from offbook import ledger
from offbook.anki import connect
from offbook.anki.bring import Import
from offbook.anki.collection import ClosedCollection
from offbook.anki.own_looks import Looks
from offbook.anki.plan import Options
from offbook.commands import by_hand

MOVED = "---\ndeck: Jobs::Acme\n---\n"


@pytest.fixture
def desk(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.delenv(connect.KEY_VARIABLE, raising=False)
    return Desk(workspace, "connect")


# -- AnkiConnect -----------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_nothing_listens_at_the_address_named(desk: Desk) -> None:
    result = desk.workspace.run("import", "--url", f"http://127.0.0.1:{free_port()}", status=3)
    assert "nothing answers at" in result.stderr
    assert "AnkiConnect (2055492159)" in result.stderr


@pytest.mark.parametrize("url", ["127.0.0.1:8765", "file:///etc/passwd", "ftp://localhost"])
def test_an_address_that_is_none(desk: Desk, url: str) -> None:
    assert "--url takes an address such as http://" in desk.workspace.run("import", "--url", url, status=2).stderr


@pytest.mark.parametrize("key", [None, "wrong"])
def test_a_key_that_is_missing_or_wrong(desk: Desk, key: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if key:
        monkeypatch.setenv(connect.KEY_VARIABLE, key)
    with desk.served(key="secret") as server:
        result = desk.workspace.run("import", "--url", server.url, status=3)
    assert "ANKICONNECT_API_KEY does not hold it; put the `apiKey`" in result.stderr


def test_the_key_comes_from_the_environment(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(connect.KEY_VARIABLE, "secret")
    with desk.served(key="secret") as server:
        assert below_first_line(desk.workspace.run("import", "--url", server.url).stdout) == "Acme: 3 added\n"


def test_a_profile_that_is_not_open_yet(desk: Desk) -> None:
    with AnkiConnectServer(None).running() as server:
        result = desk.workspace.run("import", "--url", server.url, status=3)
    assert "Anki is open, but no profile is; choose one in Anki's window, then run this again" in result.stderr


@pytest.mark.parametrize("body", [b"<html>It works!</html>", b"[]", b'{"result": 1}', b"\xff\xfe", b""])
def test_another_server_on_that_port(desk: Desk, body: bytes) -> None:
    class Other(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None: ...

    with listening(Other) as url:
        assert "is not AnkiConnect" in desk.workspace.run("import", "--url", url, status=3).stderr


def test_a_server_that_refuses(desk: Desk) -> None:
    class Other(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_error(403)

        def log_message(self, *args: object) -> None: ...

    with listening(Other) as url:
        assert "is not AnkiConnect (HTTP status 403)" in desk.workspace.run("import", "--url", url, status=3).stderr


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_anki_does_not_answer_in_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "SECONDS", 0.3)
    with desk.served() as server:
        server.hangs_at = "findNotes"
        result = desk.workspace.run("import", "--url", server.url, status=3)
    assert "Anki did not answer 'findNotes' within 0.3 seconds" in result.stderr


ACTIONS = [
    "version", "findNotes", "notesInfo", "getDecks", "areSuspended", "changeDeck", "removeTags", "suspend", "unsuspend",
    "importPackage",
]  # fmt: skip


@pytest.fixture(scope="module")
def before_all_of_it(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk's folder whose next import does everything that an import does."""
    workspace = Workspace(tmp_path_factory.mktemp("before"))
    desk = Desk(workspace, "connect")
    workspace.write("acme/b.md", "## Why Acme?\nRobots.\n\n## Why now?\nBecause.\n")
    desk.run()
    desk.study()
    desk.edit("## Why Acme?\nRobots.\n", "", "acme/b.md")
    desk.run()  # retired, so that it can come back below
    desk.change(MUTEX, lambda col, note: col.tags.bulk_add([note.id], "leech mine"))
    older(desk)
    workspace.write("acme/a.md", MOVED + NOTE.replace("an owner", "one owner") + "## Raft?\nYes.")
    workspace.write("acme/b.md", "## Why Acme?\nRobots.\n")
    return workspace.root


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("action", ACTIONS)
def test_a_connection_that_breaks_and_the_next_run(desk: Desk, before_all_of_it: Path, action: str, done: bool) -> None:
    """Everything that an import does is under way when the connection breaks, at each action in turn."""
    shutil.copytree(before_all_of_it, desk.workspace.root, dirs_exist_ok=True)
    history = desk.history()
    with desk.served() as server:
        if done:
            server.breaks_after = action
        else:
            server.breaks_at = action
        broken = desk.workspace.run("import", "--url", server.url, status=3)
        assert re.search(f"the connection to Anki broke at '{action}'.*run this again", broken.stderr)
    with desk.served() as server:
        desk.workspace.run("import", "--url", server.url)
        settled = desk.workspace.run("import", "--url", server.url).stdout
        assert below_first_line(settled) == "Acme: 5 unchanged\n"
    assert {guid: desk.history()[guid] for guid in history} == history
    assert desk.seen(MUTEX)["tags"] == ["company::acme", "leech", "locks", "mine"]
    assert "one owner" in desk.seen(MUTEX)["answer"]
    assert desk.seen(SHARD)["decks"] == {"Jobs::Acme"}
    assert desk.seen("Why Acme?")["suspended"] == {False}
    assert desk.seen("Why now?")["suspended"] == {True}


def test_an_ankiconnect_that_does_not_tell_when_a_note_was_edited(desk: Desk) -> None:
    with desk.served() as server:
        desk.workspace.run("import", "--url", server.url)
    desk.change(MUTEX, answer("my own words"))
    desk.edit("By account.", "By tenant.")
    with desk.served(tells_times=False) as server:
        result = desk.workspace.run("import", "--url", server.url)
    assert "Acme: 1 updated, 1 unchanged, 1 kept as edited in Anki" in result.stdout
    assert desk.seen(MUTEX)["answer"] == "my own words"


# -- a closed collection ---------------------------------------------------------------------------


def test_a_collection_that_is_open_elsewhere(desk: Desk) -> None:
    with desk.anki():
        result = desk.workspace.run("import", "--collection", str(desk.file), status=3)
    assert "is open in Anki; close Anki, or leave out --collection and --profile" in result.stderr


def test_a_collection_that_is_not_there_is_not_made(desk: Desk) -> None:
    missing = desk.file.with_name("other.anki2")
    assert "there is no collection" in desk.workspace.run("import", "--collection", str(missing), status=2).stderr
    assert not missing.exists()


def test_a_file_that_is_no_collection(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "x.anki2"
    file.write_bytes(b"junk")
    assert (
        "is not a collection of Anki, or is damaged"
        in desk.workspace.run("import", "--collection", str(file), status=3).stderr
    )


def test_without_the_anki_package(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anki.collection", None)
    result = desk.workspace.run("import", "--collection", str(desk.file), status=2)
    assert "pip install 'offbook[anki]'" in result.stderr


def test_a_backup_is_made_and_all_is_one_step(desk: Desk) -> None:
    desk.way = "collection"
    desk.run()
    assert list((desk.file.parent / "backups").glob("*.colpkg"))


def test_a_failure_in_the_middle_leaves_the_collection_as_it_was(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.way = "collection"
    desk.run()
    desk.workspace.write("acme/a.md", MOVED + NOTE.replace("an owner", "one owner"))
    monkeypatch.setattr(Collection, "import_anki_package", refuse)
    result = desk.run(status=3)
    assert "Anki could not import the package: no space left; nothing of this run was kept" in result.stderr
    assert desk.seen(MUTEX)["decks"] == {"Interviews::Acme"}
    monkeypatch.undo()
    assert desk.report() == "Acme: 1 updated, 2 unchanged, 3 put in another deck\n"


def refuse(*args: object) -> None:
    raise OSError("no space left")


@pytest.mark.parametrize("way", ["base", "usual", "flatpak"])
def test_profiles_are_found_where_anki_keeps_them(desk: Desk, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    base, home = desk.file.parent.parent, desk.workspace.root
    monkeypatch.delenv("ANKI_BASE", raising=False)
    monkeypatch.setattr(Path, "home", lambda: home)
    usual = base if way == "usual" else home / "nothing"
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *args, **kwargs: usual)
    if way == "base":
        monkeypatch.setenv("ANKI_BASE", str(base))
    if way == "flatpak":
        folder = home / ".var/app/net.ankiweb.Anki/data"
        folder.mkdir(parents=True)
        (folder / "Anki2").symlink_to(base)
    assert below_first_line(desk.workspace.run("import", "--profile", "User 1").stdout) == "Acme: 3 added\n"
    result = desk.workspace.run("import", "--profile", "user", status=2)
    assert "Anki has no profile 'user'; there are 'User 1'" in result.stderr


def test_a_profile_that_is_open_is_written_into_through_ankiconnect(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.served() as server:
        monkeypatch.setattr(connect, "URL", server.url)
        result = desk.workspace.run("import", "--profile", "User 1")
    assert below_first_line(result.stdout) == "Acme: 3 added\n"
    assert "Imported into the profile 'User 1' of the Anki that is open." in result.stdout


@pytest.mark.parametrize("by", ["option", "setting"])
def test_where_another_profile_is_open_nothing_is_touched(desk: Desk, by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANKI_BASE", str(desk.file.parent.parent))
    other = desk.file.parent.parent / "Work"
    other.mkdir()
    empty_collection(other / "collection.anki2")
    with desk.served() as server:
        desk.workspace.write("offbook.toml", f"anki_url = '{server.url}'\n" + "profile = 'Work'\n" * (by == "setting"))
        args = ["--profile", "Work"] if by == "option" else []
        result = desk.workspace.run("import", *args, status=3)
        assert not set(server.asked) & set(ACTIONS) - {"version"}
    assert "Anki is open with the profile 'User 1', not 'Work'; nothing was touched" in result.stderr
    for file in (desk.file, other / "collection.anki2"):
        collection = Collection(str(file))
        assert collection.note_count() == 0
        collection.close()
    assert "Acme: 3 added" in desk.workspace.run("import", "--profile", "Work").stdout


def test_one_anki_at_a_time(desk: Desk) -> None:
    result = desk.workspace.run("import", "--profile", "x", "--collection", str(desk.file), status=2)
    assert "give one of them" in result.stderr


# -- neither ---------------------------------------------------------------------------------------


@pytest.fixture
def closed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(connect, "URL", f"http://127.0.0.1:{free_port()}")
    return desk


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    files: list[Path] = []
    monkeypatch.setattr(by_hand, "open_with_system", lambda file: not files.append(file))  # type: ignore[func-returns-value]
    return files


def test_without_anki_the_package_is_handed_to_the_system(closed: Desk, opened: list[Path]) -> None:
    result = closed.workspace.run("import")
    package = closed.workspace.decks / "acme.apkg"
    assert opened == [package]
    assert result.stdout == f"{package}: handed to the system\nClick Import in Anki's window.\n"
    assert "Anki is not open, or has no AnkiConnect" in result.stderr
    data = json.loads(closed.workspace.run("import", "--json").stdout)
    assert data["anki"] is None
    assert data["companies"] == [{"name": "Acme", "slug": "acme", "package": "acme.apkg", "handed_over": True}]


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="other systems have other openers")
@pytest.mark.parametrize(("status", "known"), [(0, True), (3, False)])
def test_the_system_says_whether_it_has_a_program(
    tmp_path: Path, status: int, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    opener = tmp_path / "xdg-open"
    opener.write_text(f"#!/bin/sh\necho noise; echo noise >&2\nexit {status}\n")
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert by_hand.open_with_system(tmp_path / "x.apkg") is known
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    assert not by_hand.open_with_system(tmp_path / "x.apkg")


def test_it_says_which_searches_finish_the_job(closed: Desk, opened: list[Path]) -> None:
    closed.workspace.run("import")
    closed.workspace.write("acme/a.md", MOVED + NOTE.split("## What happens")[0])
    stdout = closed.workspace.run("import").stdout
    searches = [line.strip() for line in stdout.splitlines() if line.startswith("  ")]
    closed.workspace.run("export")
    with closed.anki() as collection:
        for search in searches:
            collection.find_cards(search)
    assert '"deck:Interviews::Acme" -"deck:Jobs::Acme"' in searches[0]
    assert searches[1] == "tag:offbook::retired"


def test_without_a_program_for_packages(closed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_hand, "open_with_system", lambda file: False)
    result = closed.workspace.run("import", status=3)
    assert "acme.apkg: to be opened with File > Import" in result.stdout
    assert "no program for .apkg files; open Anki, or name --profile" in result.stderr


def test_a_dry_run_without_anki(closed: Desk) -> None:
    assert "Anki does not answer" in closed.workspace.run("import", "--dry-run", status=3).stderr
    assert not closed.workspace.decks.exists()


# -- questions -------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["replace", "r", "keep", "", "all"])
def test_in_a_terminal_each_conflict_is_asked_about_once(
    desk: Desk, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.run()
    for question in (MUTEX, SHARD):
        desk.change(question, answer(f"my own words on {question}"))
    desk.edit("an owner", "one owner")
    desk.edit("By account.", "By tenant.")
    monkeypatch.setattr("offbook.commands.common.is_terminal", lambda: True)
    with desk.served() as server:
        result = desk.workspace.run("import", "--url", server.url, typed=f"{typed}\n{typed}\n")
    assert result.stderr.count("keep, replace, all") == (1 if typed == "all" else 2)
    assert "Answer in Anki (yours)" in result.stderr
    assert "A lock with one owner." in result.stderr
    assert "(2 of 2)" in result.stderr or typed == "all"
    assert ("2 updated" if typed[:1] == "r" else "2 kept as edited in Anki") in result.stdout
    with desk.anki() as collection:
        assert ("my own words" in note_of(collection, MUTEX)["Answer"]) is (typed[:1] != "r")
    assert "yours" not in desk.run().stderr


@pytest.mark.parametrize("typed", ["y", "n", "--yes"])
def test_in_a_terminal_it_is_asked_whether_a_new_card_is_one_that_is_gone(
    desk: Desk, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is answered, and where nobody is asked, they can be joined afterwards."""
    desk.way = "collection"
    desk.run()
    desk.study()
    guid = desk.guid(MUTEX)
    desk.edit(
        "## What is a mutex?\nA lock with an owner.", "## What does a mutex do?\nIt locks, and one thread owns it."
    )
    monkeypatch.setattr("offbook.commands.common.is_terminal", lambda: True)
    options = ["--yes"] if typed == "--yes" else []
    said = desk.workspace.run("import", "--collection", str(desk.file), *options, typed=f"{typed}\n").stderr
    asked = "Is the new one the old one in other words, and to keep its reviews? [y/N]"
    assert (asked in said) is (typed != "--yes")
    assert ("“What is a mutex?” is retired with its reviews" in said) is (typed == "--yes")
    if typed != "y":
        assert desk.seen(MUTEX)["suspended"] == {True}
        desk.lost.add(desk.guid("What does a mutex do?"))  # it is retired in its turn
        desk.workspace.run("retired", "--reworded", "What is a mutex?", "What does a mutex do?")
        desk.run("--yes")
    with desk.anki() as collection:
        note = collection.get_note(collection.find_notes(f"Key:{guid}")[0])
        assert (note["Question"], note.tags) == ("What does a mutex do?", ["company::acme", "locks"])
        assert not any(card.queue == -1 for card in note.cards())
    assert "3 unchanged" in desk.report("--yes")
    assert desk.workspace.run("retired").stdout == "No card is retired.\n"


@pytest.mark.parametrize("text", [f"---\ndialects_off: [heading]\n---\n{NOTE}", "", "---\ntitle: A\n---\n\n"])
@pytest.mark.parametrize("typed", ["y", "n"])
def test_in_a_terminal_it_is_asked_before_cards_that_are_perhaps_gone_by_mistake_are_retired(
    desk: Desk, typed: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.way = "collection"
    desk.run()
    exported = (desk.workspace.decks / ledger.FILE_NAME).read_bytes()
    desk.workspace.write("acme/a.md", text)
    monkeypatch.setattr("offbook.commands.common.is_terminal", lambda: True)
    status = 3 if typed == "n" else 0
    said = desk.workspace.run("import", "--collection", str(desk.file), typed=f"{typed}\n", status=status).stderr
    assert "  “What is a mutex?”\n" in said
    assert "Retire 3 cards in Anki all the same? [y/N]" in said
    assert ("error: nothing was exported or imported" in said) is (typed == "n")
    assert ((desk.workspace.decks / ledger.FILE_NAME).read_bytes() == exported) is (typed == "n")
    assert desk.seen(MUTEX)["suspended"] == {typed == "y"}


def test_a_card_that_was_joined_comes_back_like_any_other(desk: Desk) -> None:
    desk.run()
    desk.study()
    guid = desk.guid(MUTEX)
    desk.edit(
        "## What is a mutex?\nA lock with an owner.", "## What does a mutex do?\nIt locks, and one thread owns it."
    )
    desk.run()
    desk.lost.add(desk.guid("What does a mutex do?"))
    desk.workspace.run("retired", "--reworded", "What is a mutex?", "What does a mutex do?")
    desk.run()
    text = (desk.workspace.notes / "acme/a.md").read_text("utf-8")
    desk.workspace.write("acme/a.md", "## How would" + text.partition("## How would")[2])
    assert "1 retired" in desk.report()
    desk.workspace.write("acme/a.md", text)
    assert "1 no longer suspended" in desk.report()
    with desk.anki() as collection:
        note = collection.get_note(collection.find_notes(f"Key:{guid}")[0])
        assert note["Question"] == "What does a mutex do?"
        assert not any(card.queue == -1 for card in note.cards())


def test_an_error_that_anki_answers(desk: Desk) -> None:
    with desk.served() as server:
        server.do_importPackage = refuse  # type: ignore[method-assign,assignment]
        result = desk.workspace.run("import", "--url", server.url, status=3)
    assert "Anki could not do 'importPackage'" in result.stderr
    assert not list(desk.workspace.decks.glob(".*.tmp"))


def test_all_that_an_import_did_can_be_undone_in_one_step(desk: Desk) -> None:
    desk.way = "collection"
    desk.run()
    before = [desk.seen(question) for question in (MUTEX, SHARD, RETRY)]
    desk.workspace.write("acme/a.md", MOVED + NOTE.replace("an owner", "one owner").split("## What happens")[0])
    desk.workspace.run("export")
    decks = desk.workspace.decks
    with ClosedCollection(desk.file) as anki:
        run = Import(
            anki,
            [(decks / "acme.apkg").read_bytes()],
            ledger.load(decks / ledger.FILE_NAME),
            Looks(new=False, brought=()),
            described={},
            collections={},
        )
        run.carry_out(run.plan(Options(), int(time.time())), decks)
        assert anki.collection.undo_status().undo == "offbook import"
        anki.collection.undo()
    assert [desk.seen(question) for question in (MUTEX, SHARD, RETRY)] == before


@pytest.mark.parametrize(("edited", "status"), [(False, 0), (True, 3)])
def test_another_run_may_export_while_somebody_is_asked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, edited: bool, status: int
) -> None:
    """What it exported is not overwritten: where that is something else, the import ends and changes nothing."""
    desk.run()
    desk.change(MUTEX, answer("my own words"))
    older(desk)
    desk.edit("an owner", "one owner")
    folders = ["--notes", str(desk.workspace.notes), "--decks", str(desk.workspace.decks)]

    def answered() -> str:
        if edited:
            desk.edit("By account.", "By tenant.")
        subprocess.run([sys.executable, "-m", "offbook", "export", *folders], check=True, timeout=120)
        return "replace"

    monkeypatch.setattr("offbook.commands.edits.ask", answered)
    said = desk.run("--edits", "ask", status=status).stderr
    assert ("another run of offbook exported meanwhile, so nothing was imported" in said) is edited
    assert ("my own words" in desk.seen(MUTEX)["answer"]) is edited
    monkeypatch.undo()
    desk.run("--edits", "replace")
    assert "one owner" in desk.seen(MUTEX)["answer"]
    assert ("By tenant." in desk.seen(SHARD)["answer"]) is edited


def test_exports_and_imports_at_once_take_turns(desk: Desk) -> None:
    desk.workspace.write("zeta/z.md", "## Why Zeta?\nShips.\n")
    desk.run()
    desk.study()
    history = desk.history()
    desk.edit("an owner", "one owner")
    common = ["--notes", str(desk.workspace.notes), "--decks", str(desk.workspace.decks)]
    with desk.served() as server:
        commands = [["export"], ["import", "--url", server.url]] * 3
        running = [
            subprocess.Popen([sys.executable, "-m", "offbook", *command, *common], stdout=subprocess.DEVNULL)
            for command in commands
        ]
        assert [process.wait() for process in running] == [0] * len(commands)
    assert desk.report() == "Acme: 3 unchanged\nZeta: 1 unchanged\nIn all: 4 unchanged\n"
    assert "one owner" in desk.seen(MUTEX)["answer"]
    assert desk.history() == history
    assert not list(desk.workspace.decks.glob(".*.tmp"))
