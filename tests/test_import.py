"""`offbook import` brings notes into a real collection, closed or served by AnkiConnect's protocol."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anki_import
import pytest
from anki.collection import Collection
from anki.notes import Note
from ankiconnect import READS, AnkiConnectServer
from click.testing import Result
from conftest import Workspace, empty_collection
from msgspec import structs

from offbook import ledger
from offbook.anki import connect
from offbook.anki.collection import ClosedCollection
from offbook.commands import into_anki

NOTE = """\
## What is a mutex?
A lock with an owner. #locks

## How would you shard the ledger table?
By account.

## What happens when two services retry at once?
They meet again and again.
"""
MUTEX, SHARD, RETRY = (line[3:] for line in NOTE.splitlines() if line.startswith("##"))
WAYS = ["collection", "connect"]
QUESTIONS = {
    "version", "getMediaDirPath", "findNotes", "notesInfo", "getDecks", "areSuspended", "deckNames", "findCards",
    "modelNamesAndIds",
}  # fmt: skip
"""What is asked of AnkiConnect, and changes nothing."""


class Desk:
    """A workspace, a profile of Anki, and the way from one to the other."""

    def __init__(self, workspace: Workspace, way: str) -> None:
        self.workspace, self.way = workspace, way
        self.file = workspace.root / "Anki2" / "User 1" / "collection.anki2"
        self.file.parent.mkdir(parents=True)
        self.lost: set[str] = set()
        """Guids whose history is not to be there afterwards."""
        empty_collection(self.file)
        workspace.write("acme/a.md", NOTE)

    @contextmanager
    def anki(self) -> Iterator[Collection]:
        collection = Collection(str(self.file))
        try:
            yield collection
        finally:
            collection.close()

    @contextmanager
    def served(self, **options: Any) -> Iterator[AnkiConnectServer]:
        with self.anki() as collection, AnkiConnectServer(collection, **options).running() as server:
            yield server

    def run(self, *args: str, status: int = 0) -> Result:
        if self.way == "collection":
            return self.workspace.run("import", "--collection", str(self.file), *args, status=status)
        with self.served() as server:
            return self.workspace.run("import", "--url", server.url, *args, status=status)

    def said(self, *args: str) -> list[str]:
        """Import, and return what was said of it besides the report."""
        return self.run(*args).stderr.splitlines()

    def report(self, *args: str) -> str:
        """Import, and return the report below the line that says into what."""
        return below_first_line(self.run(*args).stdout)

    def data(self, *args: str, status: int = 0) -> dict[str, Any]:
        result: dict[str, Any] = json.loads(self.run("--json", *args, status=status).stdout)
        return result

    def outcomes(self, *args: str) -> dict[str, str]:
        return {card["question"]: card["outcome"] for card in self.data(*args)["changes"]}

    def edit(self, old: str, new: str, path: str = "acme/a.md") -> None:
        file = self.workspace.notes / path
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")

    def change(self, question: str, act: Callable[[Collection, Note], object]) -> None:
        """Let the user do something in Anki."""
        with self.anki() as collection:
            act(collection, note_of(collection, question))

    def seen(self, question: str) -> dict[str, Any]:
        with self.anki() as collection:
            note = note_of(collection, question)
            cards = note.cards()
            return {
                "answer": note["Answer"],
                "tags": sorted(note.tags),
                "decks": {collection.decks.name(card.did) for card in cards},
                "suspended": {card.queue == -1 for card in cards},
            }

    def guid(self, question: str) -> str:
        with self.anki() as collection:
            return note_of(collection, question).guid

    def study(self) -> None:
        with self.anki() as collection:
            for number, id in enumerate(collection.find_cards("")):
                card = collection.get_card(id)
                card.type, card.queue, card.ivl, card.due, card.reps = 2, 2, 20 + number, 90 + number, 7  # type: ignore[assignment]
                collection.update_card(card)
                row = (1_700_000_000_000 + number + id % 1000 * 1000, id)
                collection.db.execute("insert into revlog values (?, ?, -1, 3, 20, 10, 2300, 5000, 1)", *row)  # type: ignore[union-attr]

    def history(self) -> dict[str, Any]:
        """Return the schedule and the log of reviews of each note, by guid."""
        with self.anki() as collection:
            db = collection.db
            assert db
            return {
                guid: [
                    (*state, db.all("select * from revlog where cid = ? order by id", id))
                    for id, *state in db.all("select id, ord, type, ivl, due, reps from cards where nid = ?", note)
                ]
                for note, guid in db.all("select id, guid from notes")
            }


def below_first_line(report: str) -> str:
    """Return an import's report without the line that says into what."""
    first, _, rest = report.partition("\n")
    assert first.startswith(("Imported into ", "Looked at "))
    return rest


def note_of(collection: Collection, question: str) -> Note:
    (found,) = [note for note in map(collection.get_note, collection.find_notes("")) if note.fields[0] == question]
    return found


def answer(text: str) -> Callable[[Collection, Note], object]:
    def act(collection: Collection, note: Note) -> None:
        note["Answer"] = text
        collection.update_note(note)

    return act


def delete(desk: Desk) -> None:
    def act(collection: Collection, note: Note) -> None:
        desk.lost.add(note.guid)
        collection.remove_notes([note.id])

    desk.change(MUTEX, act)


@pytest.fixture(params=WAYS)
def desk(workspace: Workspace, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk whose cards are in Anki, each with a history."""
    monkeypatch.delenv(connect.KEY_VARIABLE, raising=False)
    desk = Desk(workspace, request.param)
    assert set(desk.outcomes().values()) == {"added"}
    desk.study()
    history = desk.history()
    yield desk
    after = desk.history()
    for guid in desk.lost:
        history.pop(guid, None), after.pop(guid, None)
    assert {guid: after[guid] for guid in history} == history


# -- what an import brings -------------------------------------------------------------------------


def test_nothing_changed(desk: Desk) -> None:
    assert set(desk.outcomes().values()) == {"unchanged"}
    assert desk.report() == "Acme: 3 unchanged\n"


def test_a_ledger_that_was_lost_is_told(desk: Desk) -> None:
    desk.edit(MUTEX, "Define mutual exclusion")
    for file in desk.workspace.decks.iterdir():
        file.unlink()
    assert "Anki has 1 note of offbook's that" in desk.run().stderr
    assert "of offbook's that" not in desk.run().stderr


def test_cards_of_a_lost_ledger_are_known_again_by_their_questions(desk: Desk) -> None:
    """Their guids come from company and question, and the company was renamed since."""
    (desk.workspace.notes / "acme").rename(desk.workspace.notes / "initech")
    desk.run()
    for file in desk.workspace.decks.iterdir():
        file.unlink()
    desk.edit("By account.", "By account, and then by month.", "initech/a.md")
    result = desk.run()
    assert "3 cards that Anki has are known again by the question, with all reviews" in result.stderr
    assert below_first_line(result.stdout) == "Initech: 1 updated, 2 unchanged\n"
    assert desk.report() == "Initech: 3 unchanged\n"


def test_cards_of_a_lost_ledger_are_known_again_company_by_company(desk: Desk) -> None:
    desk.workspace.write("initech/b.md", "".join(f"## What is layer {n}?\nOne of seven.\n\n" for n in range(1, 8)))
    desk.run()
    (desk.workspace.notes / "acme").rename(desk.workspace.notes / "hooli")
    desk.run("hooli")
    for file in desk.workspace.decks.iterdir():
        file.unlink()
    (desk.workspace.notes / "hooli").rename(desk.workspace.notes / "acme corp")
    assert "added" not in desk.report("acme corp")
    assert desk.report("initech") == "Initech: 7 unchanged\n"


def test_cards_of_a_lost_ledger_are_known_again_though_another_company_was_imported_since(desk: Desk) -> None:
    desk.workspace.write("initech/b.md", "".join(f"## What is layer {n}?\nOne of seven.\n\n" for n in range(1, 8)))
    desk.run()
    desk.edit("What is layer 1?", "Which one is layer 1?", "initech/b.md")
    desk.run()
    for file in desk.workspace.decks.iterdir():
        file.unlink()
    assert desk.report("acme") == "Acme: 3 unchanged\n"
    assert "added" not in desk.report()


def test_cards_of_another_vault_are_not_taken_for_those_of_a_lost_ledger(workspace: Workspace) -> None:
    desk = Desk(workspace, "collection")
    desk.run()
    for file in workspace.decks.iterdir():
        file.unlink()
    (workspace.notes / "acme/a.md").unlink()
    workspace.write("initech/b.md", "## What is a mutex?\nA lock.\n\n## Why us?\nThe team.\n")
    assert desk.report() == "Initech: 2 added\n"


def test_a_changed_and_a_new_card(desk: Desk) -> None:
    desk.edit("By account.", "By account, and then by month.\n\n## What is Raft?\nConsensus.")
    assert desk.report() == "Acme: 1 added, 1 updated, 2 unchanged\n"
    assert "by month" in desk.seen(SHARD)["answer"]
    assert desk.report() == "Acme: 4 unchanged\n"


def test_tags_given_in_anki_stay_and_those_of_the_note_follow_it(desk: Desk) -> None:
    def tag(collection: Collection, note: Note) -> None:
        collection.tags.bulk_add([note.id], "leech marked mine::own")

    desk.change(MUTEX, tag)
    desk.edit("A lock with an owner. #locks", "A lock with one owner.")
    desk.edit("## What is a mutex?", "## What is a mutex? #threads")
    assert desk.outcomes()[MUTEX] == "updated"
    assert desk.seen(MUTEX)["tags"] == ["company::acme", "leech", "marked", "mine::own", "threads"]
    assert "one owner" in desk.seen(MUTEX)["answer"]


def test_a_change_that_was_exported_before_anki_tagged_the_note_arrives_all_the_same(desk: Desk) -> None:
    desk.edit("By account.", "By tenant.")
    desk.workspace.run("export")

    def tag(collection: Collection, note: Note) -> None:
        note.tags.append("leech")
        collection.update_note(note)
        collection.db.execute("update notes set mod = mod + 1000 where id = ?", note.id)  # type: ignore[union-attr]

    desk.change(SHARD, tag)
    assert desk.outcomes()[SHARD] == "updated"
    assert "tenant" in desk.seen(SHARD)["answer"]
    assert "leech" in desk.seen(SHARD)["tags"]


# -- decks -----------------------------------------------------------------------------------------


def test_cards_follow_their_deck(desk: Desk) -> None:
    desk.workspace.write("acme/a.md", "---\ndeck: Jobs::Acme\n---\n" + NOTE)
    assert desk.report() == "Acme: 3 unchanged, 3 put in another deck\n"
    assert desk.seen(MUTEX)["decks"] == {"Jobs::Acme"}
    assert desk.report() == "Acme: 3 unchanged\n"


def test_a_deck_changed_by_an_earlier_export_is_followed_too(desk: Desk) -> None:
    for deck in ("Jobs::Acme", "Work::Acme"):
        desk.workspace.write("acme/a.md", f"---\ndeck: {deck}\n---\n" + NOTE)
        desk.workspace.run("export")
    assert "3 put in another deck" in desk.run().stdout
    assert desk.seen(MUTEX)["decks"] == {"Work::Acme"}


def test_cards_of_a_note_whose_name_is_no_companys_were_a_companys_and_are_everybodys(desk: Desk) -> None:
    """As after a release that took `questions.md` for the notes of a company Questions."""
    question = "## What is a lease?\nA lock that ends.\n"
    desk.workspace.write("questions.md", f"---\ncompany: Questions\n---\n{question}")
    desk.run()
    assert desk.seen("What is a lease?")["decks"] == {"Interviews::Questions"}
    desk.change("What is a lease?", lambda col, note: col.sched.set_due_date(note.card_ids(), "9"))
    before = desk.history()
    desk.workspace.write("questions.md", question)
    exported = desk.workspace.run("export").stdout
    assert "Acme: 1 moved, 3 unchanged" in exported
    assert "questions.apkg removed" in exported
    assert "retired" not in exported.partition("Questions: no card of its own left")[0]
    assert "1 put in another deck" in desk.run().stdout
    after = desk.seen("What is a lease?")
    assert after["decks"] == {"Interviews::Common"}
    assert after["suspended"] == {False}
    assert desk.history() == before


def test_a_card_that_the_user_put_elsewhere_stays_there(desk: Desk) -> None:
    desk.change(MUTEX, lambda col, note: col.set_deck(note.card_ids(), col.decks.id("Hard ones")))  # type: ignore[arg-type]
    desk.workspace.write("acme/a.md", "---\ndeck: Jobs::Acme\n---\n" + NOTE)
    assert "2 put in another deck" in desk.run().stdout
    assert desk.seen(MUTEX)["decks"] == {"Hard ones"}
    assert desk.seen(SHARD)["decks"] == {"Jobs::Acme"}


def test_a_move_comes_last_and_is_said_where_it_cannot_be_undone(desk: Desk) -> None:
    desk.workspace.write("acme/a.md", "---\ndeck: Jobs::Acme\n---\n" + NOTE.replace("an owner", "one owner"))
    if desk.way == "connect":
        with desk.served() as server:
            result = desk.workspace.run("import", "--url", server.url)
            changes = [action for action in server.asked if action in ("importPackage", "changeDeck", "removeTags")]
            assert changes == ["importPackage", "changeDeck", "removeTags"]
        assert "Cards were put in another deck. Anki cannot undo that" in result.stderr
    else:
        assert "undo" not in desk.run().stderr


def test_all_that_a_package_brings_is_one_step_of_undo_and_takes_no_tags_in_place_of_others(desk: Desk) -> None:
    if desk.way == "connect":
        desk.change(MUTEX, lambda col, note: col.tags.bulk_add([note.id], "leech marked mine"))
        before = desk.seen(MUTEX)
        desk.edit("with an owner", "with one owner")
        desk.edit("## How would you shard the ledger table?\nBy account.\n", "")
        with desk.served() as server:
            desk.workspace.run("import", "--url", server.url, "--retired", "keep")
            assert not {"addTags", "changeDeck"} & set(server.asked)
            assert {"leech", "marked", "mine"} <= set(note_of(server.col, MUTEX).tags)
            assert "offbook::retired" in note_of(server.col, SHARD).tags
            # It makes Anki redraw, and is no step.
            assert [action for action in server.asked if action not in READS][-1] == "removeTags"
            assert server.asked.count("removeTags") == 1
            server.col.undo()
            assert "offbook::retired" not in note_of(server.col, SHARD).tags
        assert desk.seen(MUTEX) == before


# -- retired cards ---------------------------------------------------------------------------------


def retire(desk: Desk) -> None:
    desk.edit("## What is a mutex?\nA lock with an owner. #locks\n", "")


def test_a_retired_card_is_suspended(desk: Desk) -> None:
    retire(desk)
    assert desk.report() == "Acme: 2 unchanged, 1 retired, 1 suspended\n"
    seen = desk.seen(MUTEX)
    assert seen["suspended"] == {True}
    assert "offbook::retired" in seen["tags"]
    assert "lock with an owner" in seen["answer"]


def test_one_taken_up_again_in_anki_is_not_suspended_once_more(desk: Desk) -> None:
    retire(desk)
    desk.run()
    desk.change(MUTEX, lambda col, note: col.sched.unsuspend_cards(note.card_ids()))
    assert desk.report() == "Acme: 2 unchanged\n"
    assert desk.seen(MUTEX)["suspended"] == {False}


def test_one_that_was_retired_by_a_package_imported_by_hand_is_suspended(desk: Desk) -> None:
    retire(desk)
    desk.workspace.run("export")
    desk.change(MUTEX, lambda col, note: col.tags.bulk_add([note.id], "offbook::retired"))
    assert "1 suspended" in desk.run().stdout


def test_one_that_comes_back_is_taken_out_of_suspension(desk: Desk) -> None:
    retire(desk)
    desk.run()
    desk.workspace.write("acme/a.md", NOTE)
    assert "1 no longer suspended" in desk.run().stdout
    seen = desk.seen(MUTEX)
    assert seen["suspended"] == {False}
    assert "offbook::retired" not in seen["tags"]


def test_one_that_comes_back_with_another_text_is_updated_at_once(desk: Desk) -> None:
    retire(desk)
    desk.run()
    desk.workspace.write("acme/a.md", NOTE.replace("an owner", "one owner"))
    assert "Acme: 1 updated, 2 unchanged" in desk.run().stdout
    seen = desk.seen(MUTEX)
    assert "one owner" in seen["answer"]
    assert "offbook::retired" not in seen["tags"]


def test_one_that_the_user_suspended_stays_suspended_when_it_comes_back(desk: Desk) -> None:
    desk.change(MUTEX, lambda col, note: col.sched.suspend_cards(note.card_ids()))
    retire(desk)
    desk.run()
    desk.workspace.write("acme/a.md", NOTE)
    desk.run()
    assert desk.seen(MUTEX)["suspended"] == {True}


def test_a_card_is_retired_though_no_package_has_it_any_more(desk: Desk) -> None:
    """As on a computer that got notes and ledger from git, and packages from nowhere."""
    (desk.workspace.decks / "acme.apkg").unlink()
    retire(desk)
    assert "1 retired, 1 suspended" in desk.report()
    assert desk.seen(MUTEX)["suspended"] == {True}
    with desk.anki() as collection:
        assert "offbook::retired" in note_of(collection, MUTEX).tags
    assert "retired" not in desk.report()


def test_a_card_that_was_deleted_as_retired_comes_back_though_no_package_had_it(desk: Desk) -> None:
    text = (desk.workspace.notes / "acme/a.md").read_text("utf-8")
    (desk.workspace.decks / "acme.apkg").unlink()
    desk.lost.add(desk.guid(MUTEX))
    retire(desk)
    assert "1 deleted as retired" in desk.report("--retired", "delete", "--yes")
    desk.workspace.write("acme/a.md", text)
    assert "1 added, 2 unchanged" in desk.report()


def test_retired_cards_can_be_kept(desk: Desk) -> None:
    retire(desk)
    assert desk.report("--retired", "keep") == "Acme: 2 unchanged, 1 retired\n"
    assert desk.seen(MUTEX)["suspended"] == {False}


def test_retired_cards_are_deleted_on_demand_and_can_come_back_to_the_notes(desk: Desk) -> None:
    retire(desk)
    refused = desk.run("--retired", "delete", status=2)
    assert "--yes" in refused.stderr
    desk.lost.add(desk.guid(MUTEX))
    assert "1 deleted as retired" in desk.run("--retired", "delete", "--yes").stdout
    assert desk.report() == "Acme: 2 unchanged\n"
    desk.workspace.write("acme/a.md", NOTE)
    assert desk.report() == "Acme: 1 added, 2 unchanged\n"


def test_a_retired_card_that_anki_never_had_is_not_brought_in(workspace: Workspace) -> None:
    desk = Desk(workspace, "collection")
    desk.workspace.run("export")
    retire(desk)
    desk.workspace.run("export")
    assert desk.report() == "Acme: 2 added\n"


# -- what the user did in Anki ---------------------------------------------------------------------


def test_an_edit_stays_until_its_source_changes(desk: Desk) -> None:
    desk.change(MUTEX, answer("<b>my</b> own words"))
    result = desk.run()
    assert "Acme: 2 unchanged, 1 kept as edited in Anki" in result.stdout
    assert "acme/a.md:1: “What is a mutex?” was edited in Anki, and that text stays" in result.stdout
    assert desk.seen(MUTEX)["answer"] == "<b>my</b> own words"


def older(desk: Desk) -> None:
    """Let a day go by since the edit in Anki."""
    with desk.anki() as collection:
        collection.db.execute("update notes set mod = mod - 86400")  # type: ignore[union-attr]


def test_each_field_is_merged_by_itself(desk: Desk) -> None:
    """A new heading changes the field Context, and leaves alone what was typed into the answer."""
    desk.change(MUTEX, answer("A lock with an owner. MINE"))
    context = in_anki(desk, MUTEX)["Context"]
    desk.workspace.write("acme/a.md", "# Round 2\n" + NOTE)
    result = desk.run()
    assert below_first_line(result.stdout).startswith("Acme: 3 updated (1 except for an edit made in Anki)\n")
    assert "acme/a.md:2: “What is a mutex?” was edited in Anki, and that text stays" in result.stdout
    assert in_anki(desk, MUTEX)["Answer"] == "A lock with an owner. MINE"
    assert in_anki(desk, MUTEX)["Context"] != context
    assert desk.report() == "Acme: 2 unchanged, 1 kept as edited in Anki\n"


def in_anki(desk: Desk, question: str) -> dict[str, str]:
    with desk.anki() as collection:
        return dict(note_of(collection, question).items())


def test_what_changed_on_both_sides_stays_as_it_is_in_anki_and_both_texts_are_shown_once(desk: Desk) -> None:
    desk.change(MUTEX, answer("<p><b>my</b> own words</p><p>in two paragraphs</p>"))
    older(desk)
    desk.edit("with an owner", "with one owner")
    result = desk.run()
    assert "acme/a.md:1: “What is a mutex?” was edited in Anki, and changed in the notes since; your" in result.stderr
    left, right = zip(*[line.split(" │") for line in result.stderr.splitlines() if " │" in line], strict=True)
    assert [part.strip() for part in left] == ["Answer in Anki (yours)", "my own words", "in two paragraphs"]
    assert [part.strip() for part in right] == ["Answer in the notes", "A lock with one owner.", ""]
    assert below_first_line(result.stdout) == "Acme: 2 unchanged, 1 kept as edited in Anki\n"
    assert "own words" in desk.seen(MUTEX)["answer"]
    again = desk.run()
    assert ("own words" in again.stderr, again.stdout) == (False, result.stdout)
    assert "own words" in desk.run("-v").stderr


def test_the_notes_text_replaces_an_edit_on_demand_whenever_that_is(desk: Desk) -> None:
    desk.change(MUTEX, answer("my own words"))
    desk.edit("with an owner", "with one owner")
    desk.run()
    result = desk.run("--edits", "replace")
    assert "the notes' text replaces yours" in result.stderr
    assert below_first_line(result.stdout) == "Acme: 1 updated, 2 unchanged\n"
    assert "one owner" in desk.seen(MUTEX)["answer"]
    assert desk.report() == "Acme: 3 unchanged\n"


def test_an_edit_that_was_made_in_the_notes_too_is_no_conflict(desk: Desk) -> None:
    desk.change(MUTEX, answer("A lock with one owner."))
    older(desk)
    desk.edit("an owner", "one owner")
    assert desk.report() == "Acme: 1 updated, 2 unchanged\n"
    assert desk.report() == "Acme: 3 unchanged\n"


def test_an_edit_of_code_that_differs_only_in_its_indentation_is_a_conflict(desk: Desk) -> None:
    code = "Like this:\n\n```python\nif x:\n    y()\n    z()\n```\n"
    desk.workspace.write("acme/b.md", f"## How is it called?\n{code}")
    desk.run()
    before = in_anki(desk, "How is it called?")["Answer"]
    assert "<pre" in before
    desk.change("How is it called?", answer(before.replace("    ", "        ", 1)))
    older(desk)
    desk.edit("    z()", "z()", "acme/b.md")
    assert "1 kept as edited in Anki" in desk.report()


def test_the_notes_text_replaces_an_edit_though_the_card_was_retired_between(desk: Desk) -> None:
    desk.change(MUTEX, answer("my own words"))
    older(desk)
    desk.edit("an owner", "one owner")
    assert "1 kept as edited in Anki" in desk.report()
    (desk.workspace.notes / "Archive").mkdir()
    for source, target in (("acme", "Archive/acme"), ("Archive/acme", "acme")):
        (desk.workspace.notes / source).rename(desk.workspace.notes / target)
        desk.run()
    desk.edit("## What is a mutex", "# Round 2\n\n## What is a mutex")
    desk.run()
    assert "1 updated" in desk.report("--edits", "replace")
    assert "one owner" in desk.seen(MUTEX)["answer"]


def test_an_edit_whose_source_did_not_change_stays_whatever_is_asked_for(desk: Desk) -> None:
    desk.change(MUTEX, answer("my own words"))
    assert "1 kept as edited in Anki" in desk.run("--edits", "replace").stdout
    assert desk.seen(MUTEX)["answer"] == "my own words"


def test_a_text_that_was_exported_once_is_no_edit(desk: Desk) -> None:
    """A backup of Anki, or its Undo, brings an old text back."""
    old = desk.seen(MUTEX)["answer"]
    desk.edit("with an owner", "with one owner")
    desk.run()
    desk.change(MUTEX, answer(old))
    assert desk.report() == "Acme: 1 updated, 2 unchanged\n"
    assert "one owner" in desk.seen(MUTEX)["answer"]


def test_a_text_edited_before_a_package_was_imported_by_hand(desk: Desk) -> None:
    """offbook then knows of what was exported, not of what Anki got."""
    file = desk.workspace.decks / "ledger.jsonl"
    entries = [structs.replace(entry, brought=(), in_anki="", told="") for entry in ledger.load(file)]
    file.write_text(ledger.dump(entries), "utf-8")
    desk.change(MUTEX, answer("my own words"))
    desk.change(SHARD, answer("my own words, too"))
    desk.edit("By account.", "By tenant.")
    desk.edit("They meet", "They will meet")
    assert "Acme: 1 updated, 2 kept as edited in Anki" in desk.run().stdout
    data = desk.data("--edits", "replace", "--dry-run")
    assert [[field["field"] for field in conflict["fields"]] for conflict in data["conflicts"]] == [["Answer"]]
    assert "will meet" in desk.seen(RETRY)["answer"]


def test_a_gap_that_the_users_text_lacks_gets_no_card(desk: Desk) -> None:
    desk.workspace.write("acme/b.md", "The quorum of N is {{c1::more than half}} of it.\n")
    desk.run()

    def shorten(collection: Collection) -> None:
        (id,) = collection.find_notes('"note:Offbook Cloze"')
        note = collection.get_note(id)
        note["Text"] = "A quorum is {{c1::more than half}}."
        note["Extra"] = ""
        collection.update_note(note)

    with desk.anki() as collection:
        shorten(collection)
    desk.workspace.write("acme/b.md", "# Quorums\n\nThe quorum of N is {{c1::more than half}} of {{c2::it}}.\n")
    desk.run()
    with desk.anki() as collection:
        (id,) = collection.find_notes('"note:Offbook Cloze"')
        assert len(collection.get_note(id).cards()) == 1
        assert "Quorums" in collection.get_note(id)["Context"]
        assert collection.get_note(id)["Text"] == "A quorum is {{c1::more than half}}."


def test_a_card_deleted_in_anki_stays_deleted_unless_it_is_asked_for(desk: Desk) -> None:
    delete(desk)
    desk.edit("with an owner", "with one owner")
    result = desk.run()
    assert "Acme: 2 unchanged, 1 missing in Anki" in result.stdout
    said = "“What is a mutex?” is not in this collection: it was deleted there, or is not synced yet. It is not added;"
    assert f"{said} --bring-back adds it again" in result.stdout
    assert desk.report() == "Acme: 2 unchanged, 1 missing in Anki\n"
    assert "--bring-back adds it again" in desk.run("-v").stdout
    assert desk.report("--bring-back") == "Acme: 1 added, 2 unchanged\n"
    assert desk.report() == "Acme: 3 unchanged\n"


def go_to_another_collection(desk: Desk) -> Path:
    """Use a collection that was made anew, as on a computer that does not sync; return the one before."""
    before = desk.file
    desk.lost |= desk.history().keys()
    desk.file = desk.workspace.root / "other.anki2"
    Collection(str(desk.file)).close()
    return before


def test_another_collection_gets_all_cards(desk: Desk) -> None:
    go_to_another_collection(desk)
    assert desk.report() == "Acme: 3 added\n"


def test_another_collection_gets_all_cards_though_it_comes_to_one_company_after_the_other(desk: Desk) -> None:
    desk.workspace.write("_shared/b.md", "---\ncompany: [Acme, Initech]\n---\n\n## What is a latch?\nA lock.\n")
    desk.workspace.write("initech/c.md", "## What is a lease?\nA lock that ends by itself.\n")
    desk.run()
    go_to_another_collection(desk)
    assert desk.report("acme") == "Acme: 4 added\n"
    assert desk.report("initech") == "Initech: 1 added, 1 unchanged\n"


def test_a_collection_is_none_with_the_same_shared_deck(desk: Desk) -> None:
    """A notetype that a shared deck brought has the same id in both, and is older than either."""
    (desk.workspace.decks / ledger.FILE_NAME).unlink()

    def share() -> None:
        with desk.anki() as collection:
            for number in range(4):
                notetype = collection.models.copy(collection.models.by_name("Basic") or {})
                now = 1_500_000_000_000 + 60_000 * number
                collection.db.execute("update notetypes set id = ? where id = ?", now, notetype["id"])  # type: ignore[union-attr]
                for table in ("fields", "templates"):
                    collection.db.execute(f"update {table} set ntid = ? where ntid = ?", now, notetype["id"])  # type: ignore[union-attr]

    share()
    desk.run()
    go_to_another_collection(desk)
    share()
    assert desk.report() == "Acme: 3 added\n"
    desk.edit("## What is a mutex", "## What is a latch?\nA lock.\n\n## What is a mutex")
    first, desk.file = desk.file, desk.workspace.root / "Anki2" / "User 1" / "collection.anki2"
    assert "1 added" in desk.report()
    desk.file = first
    assert "1 added, 3 unchanged" in desk.report()


def test_another_collection_gets_all_cards_though_it_has_some_by_hand(desk: Desk) -> None:
    go_to_another_collection(desk)
    with desk.anki() as collection:
        anki_import.import_package(collection, str(desk.workspace.decks / "acme.apkg"))
    desk.workspace.write("initech/c.md", "## What is a lease?\nA lock that ends by itself.\n")
    desk.edit("## What is a mutex", "## What is a latch?\nA lock.\n\n## What is a mutex")
    assert desk.report() == "Acme: 1 added, 3 unchanged\nInitech: 1 added\nIn all: 2 added, 3 unchanged\n"


def test_what_was_deleted_in_one_collection_stays_so_there_and_not_in_another(desk: Desk) -> None:
    delete(desk)
    first = go_to_another_collection(desk)
    assert desk.report() == "Acme: 3 added\n"
    desk.file = first
    assert "Acme: 2 unchanged, 1 missing in Anki" in desk.report()


def test_a_card_that_comes_back_is_taken_out_of_suspension_in_each_collection(desk: Desk) -> None:
    first = go_to_another_collection(desk)
    second = desk.file
    desk.run()
    text = (desk.workspace.notes / "acme/a.md").read_text("utf-8")
    desk.workspace.write("acme/a.md", "## How would" + text.partition("## How would")[2])
    for desk.file in (first, second):
        assert "1 retired, 1 suspended" in desk.report()
    desk.workspace.write("acme/a.md", text)
    for desk.file in (first, second):
        assert "1 no longer suspended" in desk.report()
        assert desk.seen(MUTEX)["suspended"] == {False}


def test_a_company_that_is_gone_is_retired_in_each_collection(desk: Desk) -> None:
    desk.workspace.write("initech/b.md", "## What is a lease?\nA lock that ends by itself.\n")
    desk.run()
    first = go_to_another_collection(desk)
    second = desk.file
    desk.run()
    (desk.workspace.notes / "initech/b.md").unlink()
    for desk.file in (first, second):
        desk.run()
        assert desk.seen("What is a lease?")["suspended"] == {True}


def test_a_card_that_one_collection_only_tagged_is_suspended_there_though_another_suspended_it(desk: Desk) -> None:
    first = go_to_another_collection(desk)
    second = desk.file
    desk.run()
    retire(desk)
    desk.run("--retired", "keep")
    for desk.file in (first, second):
        desk.run()
        assert desk.seen(MUTEX)["suspended"] == {True}


def test_a_card_that_the_user_deleted_stays_so_though_it_was_out_of_the_notes(desk: Desk) -> None:
    delete(desk)
    text = (desk.workspace.notes / "acme/a.md").read_text("utf-8")
    desk.workspace.write("acme/a.md", "## How would" + text.partition("## How would")[2])
    desk.run()
    desk.workspace.write("acme/a.md", text)
    assert "Acme: 2 unchanged, 1 missing in Anki" in desk.report()


def test_a_collection_is_known_again_though_a_notetype_was_deleted_and_another_one_came(desk: Desk) -> None:
    delete(desk)
    with desk.anki() as collection:
        basic = collection.models.by_name("Basic")
        assert basic
        collection.models.copy(basic)
        collection.models.remove(basic["id"])
    assert "Acme: 2 unchanged, 1 missing in Anki" in desk.report()


def test_of_what_1_0_0_imported_any_card_that_is_there_tells_the_collection(desk: Desk) -> None:
    delete(desk)
    file = desk.workspace.decks / ledger.FILE_NAME
    entries = [structs.replace(entry, collections=()) for entry in ledger.load(file)]
    file.write_text(ledger.dump(entries), "utf-8")
    assert "Acme: 2 unchanged, 1 missing in Anki" in desk.report()


def test_a_copy_made_in_anki_is_not_ours(desk: Desk) -> None:
    def copy(collection: Collection, note: Note) -> None:
        twin = collection.new_note(note.note_type())  # type: ignore[arg-type]
        twin.fields = [*note.fields]
        twin.fields[1] = "a copy"
        collection.add_note(twin, note.cards()[0].did)

    desk.change(MUTEX, copy)
    assert desk.report() == "Acme: 3 unchanged\n"
    with desk.anki() as collection:
        assert collection.note_count() == 4


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("days", [-400, 1])
def test_of_two_notes_of_one_card_the_one_with_reviews_counts(workspace: Workspace, way: str, days: int) -> None:
    """Whatever its age, and though its id is none that a package gives it."""
    desk = Desk(workspace, way)
    desk.run()
    with desk.anki() as collection:
        note = note_of(collection, MUTEX)
        twin = collection.new_note(note.note_type())  # type: ignore[arg-type]
        twin.fields = [*note.fields]
        collection.add_note(twin, note.cards()[0].did)
        (card,) = twin.cards()
        card.type, card.queue, card.ivl, card.due, card.reps = 2, 2, 20, 90, 7  # type: ignore[assignment]
        collection.update_card(card)
        with_reviews, database = note.id + days * 86_400_000 + 1, collection.db
        assert database
        database.execute("update notes set id = ?, guid = ? where id = ?", with_reviews, note.guid, twin.id)
        database.execute("update cards set nid = ? where id = ?", with_reviews, card.id)
    if desk.way == "collection":
        with ClosedCollection(desk.file) as anki:
            assert anki.notes()[note.guid].id == with_reviews
    else:
        with desk.served() as server:
            assert connect.AnkiConnect(server.url).notes()[note.guid].id == with_reviews


def test_a_notetype_that_the_user_changed(desk: Desk) -> None:
    """Anki then takes offbook's for another notetype, and updates no note of this one."""

    def add_field(collection: Collection, note: Note) -> None:
        notetype = note.note_type()
        assert notetype
        collection.models.add_field(notetype, collection.models.new_field("Mine"))
        collection.models.update_dict(notetype)

    desk.change(MUTEX, add_field)
    desk.edit("with an owner", "with one owner")
    result = desk.run(status=3)
    assert (
        "“What is a mutex?” was not imported; run this again. If that does not help: fields or card types"
        in result.stdout
    )
    assert "1 refused" in result.stdout


def test_a_field_that_the_user_added_is_never_emptied(desk: Desk) -> None:
    def add_field(collection: Collection, note: Note) -> None:
        notetype = note.note_type()
        assert notetype
        collection.models.add_field(notetype, collection.models.new_field("Mine"))
        collection.models.update_dict(notetype)
        again = collection.get_note(note.id)
        again["Mine"] = "my words"
        collection.update_note(again)

    desk.change(MUTEX, add_field)
    desk.edit("with an owner", "with one owner")
    assert "2 unchanged, 1 refused" in desk.run(status=3).stdout
    with desk.anki() as collection:
        assert note_of(collection, MUTEX)["Mine"] == "my words"


def test_new_looks_arrive_though_no_note_changed(desk: Desk) -> None:
    (desk.workspace.notes / "offbook.toml").write_text("css = '.card { color: teal }'\n")
    assert desk.report() == "Acme: 3 unchanged\n"
    with desk.anki() as collection:
        assert "teal" in note_of(collection, MUTEX).note_type()["css"]  # type: ignore[index]


def test_nothing_to_do_does_not_disturb_anki(desk: Desk) -> None:
    if desk.way == "connect":
        with desk.served() as server:
            desk.workspace.run("import", "--url", server.url)
            assert set(server.asked) == QUESTIONS


def test_every_run_ends_with_a_call_that_makes_anki_redraw(desk: Desk) -> None:
    desk.edit("with an owner", "with one owner")
    with desk.served() as server:
        desk.workspace.run("import", "--url", server.url)
        assert "importPackage" in server.asked
        assert not server.stale


@pytest.mark.parametrize(("saves", "stands"), [(1, True), (2, True), (3, False)])
def test_an_old_note_that_an_open_editor_saves_over_the_import_is_replaced_again(
    desk: Desk, saves: int, stands: bool
) -> None:
    desk.edit("with an owner", "with one owner")
    with desk.served() as server:
        server.editor = ["save"] * saves
        result = desk.workspace.run("import", "--url", server.url, status=0 if stands else 3)
    assert ("1 updated" if stands else "1 refused") in result.stdout
    with desk.anki() as collection:
        assert ("with one owner" in note_of(collection, MUTEX)["Answer"]) is stands
    assert ("1 updated" in desk.run().stdout) is not stands


def test_what_is_typed_while_an_import_runs_is_kept(desk: Desk) -> None:
    desk.edit("with an owner", "with one owner")
    with desk.served() as server:
        server.editor = ["typed"]
        assert "1 refused" in desk.workspace.run("import", "--url", server.url, status=3).stdout
    with desk.anki() as collection:
        assert note_of(collection, MUTEX)["Answer"] == "typed"
    desk.run()
    with desk.anki() as collection:
        assert note_of(collection, MUTEX)["Answer"] == "typed"


def test_nothing_is_sent_for_a_company_in_which_nothing_changed(desk: Desk) -> None:
    desk.workspace.write("zeta/z.md", "## Why Zeta?\nShips.\n")
    desk.run()
    desk.edit("with an owner", "with one owner")
    with desk.served() as server:
        desk.workspace.run("import", "--url", server.url)
        assert server.asked.count("importPackage") == 1


def test_an_answer_on_the_screen_is_waited_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(into_anki, "_POLL", 0.01)
    desk.edit("with an owner", "with one owner")
    with desk.served() as server:
        server.on_screen = ["answer", "answer", "answer", "question", "question"]
        result = desk.workspace.run("import", "--url", server.url)
        assert server.on_screen == ["question"]
    assert "Anki is showing an answer, which an import would close. Waiting, a minute at most" in result.stderr


def test_a_question_on_the_screen_is_not_waited_for(desk: Desk) -> None:
    desk.edit("with an owner", "with one owner")
    with desk.served() as server:
        server.on_screen = ["question"] * 5
        assert "Waiting" not in desk.workspace.run("import", "--url", server.url).stderr
        assert "importPackage" in server.asked


def test_it_is_waited_for_no_longer_than_a_minute(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(into_anki, "PATIENCE", 0.05)
    monkeypatch.setattr(into_anki, "_POLL", 0.02)
    desk.edit("with an owner", "with one owner")
    with desk.served() as server:
        server.on_screen = ["answer"] * 1000
        desk.workspace.run("import", "--url", server.url)
    assert "one owner" in desk.seen(MUTEX)["answer"]


def test_each_report_says_where_it_wrote_to(desk: Desk) -> None:
    connected = desk.way == "connect"
    place = "the profile 'User 1' of the Anki that is open" if connected else f"the file {str(desk.file)!r}"
    assert desk.run().stdout.startswith(f"Imported into {place}.\n")
    assert desk.run("--dry-run").stdout.startswith(f"Looked at {place}.\n")
    assert desk.data()["anki"] == place


def test_a_renamed_notetype_is_still_found(desk: Desk) -> None:
    def rename(collection: Collection, note: Note) -> None:
        notetype = note.note_type()
        assert notetype
        notetype["name"] = "Interview"
        collection.models.update_dict(notetype)

    desk.change(MUTEX, rename)
    assert desk.report() == "Acme: 3 unchanged\n"


def test_a_part_is_counted_behind_what_it_is_a_part_of(desk: Desk) -> None:
    """Of cards kept as edited in Anki, too, the link may be new; retired ones are another count."""
    desk.change(MUTEX, answer("<b>my</b> own words"))
    desk.edit("## What happens when two services retry at once?\nThey meet again and again.\n", "")
    (desk.workspace.notes / "acme/a.md").rename(desk.workspace.notes / "acme/b.md")
    counts = desk.report().splitlines()[0]
    told = "1 unchanged (1 with a new link to the note), 1 kept as edited in Anki (1 with a new link to the note)"
    assert counts == f"Acme: {told}, 1 retired, 1 suspended"


def test_a_file_that_was_renamed_is_named_on_its_cards(desk: Desk) -> None:
    (desk.workspace.notes / "acme/a.md").rename(desk.workspace.notes / "acme/b.md")
    assert desk.report() == "Acme: 3 unchanged (3 with a new link to the note)\n"
    with desk.anki() as collection:
        assert note_of(collection, MUTEX)["Source"] == "acme/b.md:1"
    desk.edit("## What is a mutex", "\n## What is a mutex", "acme/b.md")
    assert desk.report() == "Acme: 3 unchanged\n"


def test_so_is_a_text_file(desk: Desk) -> None:
    (desk.workspace.root / "offbook.toml").write_text("text_files = true\n")
    desk.workspace.write("acme/t.txt", "What is a lease?\nA lock that ends.\n")
    desk.run()
    (desk.workspace.notes / "acme/t.txt").rename(desk.workspace.notes / "acme/u.txt")
    assert "(1 with a new link to the note)" in desk.report()
    with desk.anki() as collection:
        assert note_of(collection, "What is a lease?")["Source"] == "acme/u.txt:1"


def test_no_tag_is_listed_that_no_note_has(desk: Desk) -> None:
    desk.edit("with an owner", "with one owner")
    desk.run()
    with desk.anki() as collection:
        assert set(collection.tags.all()) == {
            tag for note in collection.find_notes("") for tag in collection.get_note(note).tags
        }


# -- dry runs --------------------------------------------------------------------------------------


def test_a_dry_run_says_what_would_happen_and_touches_nothing(desk: Desk) -> None:
    desk.edit("with an owner", "with one owner")
    desk.edit("## How would you shard the ledger table?\nBy account.\n", "")
    with desk.anki() as collection:
        before = [(note.guid, note.fields, note.tags) for note in map(collection.get_note, collection.find_notes(""))]
    files = {file: file.read_bytes() for file in desk.workspace.decks.iterdir()}
    assert "Acme: 1 updated, 1 unchanged, 1 retired, 1 suspended" in desk.run("--dry-run").stdout
    assert {file: file.read_bytes() for file in desk.workspace.decks.iterdir()} == files
    with desk.anki() as collection:
        after = [(note.guid, note.fields, note.tags) for note in map(collection.get_note, collection.find_notes(""))]
    assert before == after


# -- ten rounds ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 10))])
def test_ten_rounds_of_edits_end_with_what_the_notes_say_and_all_history(
    workspace: Workspace, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(connect.KEY_VARIABLE, raising=False)
    chance, desk = random.Random(seed), Desk(workspace, WAYS[seed % 2])
    cards = {f"What is item {n}?": f"It is thing {n}." for n in range(8)}
    log: set[Any] = set()
    for round in range(10):
        for question in chance.sample(sorted(cards), 3):
            cards[question] = f"It is thing {chance.random()}."
        if round % 3 == 0:
            cards[f"Why does part {seed}{round} matter?"] = "Because."
        if round % 4 == 1:
            cards.pop(chance.choice(sorted(cards)))
        shuffled = chance.sample(sorted(cards.items()), len(cards))
        folder = chance.choice(["acme", "acme/rounds"])
        desk.workspace.notes.joinpath("acme/a.md").unlink(missing_ok=True)
        desk.workspace.notes.joinpath("acme/rounds/a.md").unlink(missing_ok=True)
        desk.workspace.write(f"{folder}/a.md", "".join(f"## {q}\n{a}\n\n" for q, a in shuffled))
        desk.run()
        with desk.anki() as collection:
            ours = [collection.get_note(id) for id in collection.find_notes("-tag:offbook::retired")]
            found = {note["Question"]: note["Answer"] for note in ours}
            assert found == {q: f"<p>{a}</p>" for q, a in cards.items()}
            ids = [id for note in ours for id in note.card_ids()]
            assert all(collection.get_card(id).queue != -1 for id in ids)
            for id in chance.sample(ids, 3):
                stamp = 1_700_000_000_000 + round * 1000 + len(log)
                collection.db.execute("insert into revlog values (?, ?, -1, 3, 20, 10, 2300, 5000, 1)", stamp, id)  # type: ignore[union-attr]
                log.add((stamp, id))
            assert set(map(tuple, collection.db.all("select id, cid from revlog"))) == log  # type: ignore[union-attr]
            assert collection.db.scalar("select count() from revlog where cid not in (select id from cards)") == 0  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "name", ["' Jobs ::  Acme '", "'Jobs::::Acme'", "'Jobs::\"Acme\"'", "'e\u0301te\u0301::ACME'", "'50%_*::Acme'"]
)
def test_a_deck_has_the_same_name_in_anki_however_it_is_written(workspace: Workspace, name: str) -> None:
    desk = Desk(workspace, "collection")
    for deck in (name, "Elsewhere", name):
        desk.workspace.write("acme/a.md", f"---\ndeck: {deck}\n---\n" + NOTE)
        desk.run()
    assert desk.report() == "Acme: 3 unchanged\n"
    with desk.anki() as collection:
        assert {collection.decks.name(collection.get_card(id).did) for id in collection.find_cards("")} == {
            card["deck"] for card in desk.workspace.cards()
        }
