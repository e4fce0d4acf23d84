"""New cards that may be old ones in other words: retired by an earlier run, or without a review so far."""

from __future__ import annotations

import pytest
from anki.collection import Collection
from anki.notes import Note
from conftest import Workspace
from test_import import WAYS, Desk, answer, note_of

from offbook import ledger
from offbook.anki import connect

MARKET = """\
Some four hundred million pounds a year are spent on rostering in hospitals, warehouses and shops, of which two thirds
go to spreadsheets and to people who telephone; the three largest vendors share a fifth of what is left.
"""
SIZE = "What is the UK market for rostering software?"
BIG = "How big is UK rostering?"
MUTEX = "How would you explain a mutex in Go to somebody?"
LOCK = "A lock with an owner."
REWORDED = "How would you explain a lock in Go to a friend?"
SHIPS = "## Why ships?\nThey float.\n"
ASKED = "Is the new one the old one in other words, and to keep its reviews? [y/N]"


@pytest.fixture(params=WAYS)
def desk(workspace: Workspace, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk with a card that was rehearsed, and that an earlier run retired."""
    monkeypatch.delenv(connect.KEY_VARIABLE, raising=False)
    desk = Desk(workspace, request.param)
    desk.workspace.write("acme/a.md", SHIPS)
    ask(desk, SIZE)
    desk.run()
    desk.study()
    (workspace.notes / "acme/b.md").unlink()
    workspace.run("export")
    return desk


def ask(desk: Desk, question: str, text: str = MARKET) -> None:
    desk.workspace.write("acme/b.md", f"## {question}\n{text}")


def typed(desk: Desk, monkeypatch: pytest.MonkeyPatch, answers: str, *args: str) -> tuple[str, str]:
    """Import in a terminal in which somebody types answers; return what was said, and the report."""
    with monkeypatch.context() as terminal:
        terminal.setattr("offbook.commands.common.is_terminal", lambda: True)
        if desk.way == "collection":
            result = desk.workspace.run("import", "--collection", str(desk.file), *args, typed=answers)
        else:
            with desk.served() as server:
                result = desk.workspace.run("import", "--url", server.url, *args, typed=answers)
    return result.stderr, result.stdout


# -- retired by an earlier run ---------------------------------------------------------------------


def test_it_is_asked_whether_a_new_card_is_one_that_an_earlier_run_retired(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    guid, history = desk.guid(SIZE), desk.history()
    ask(desk, BIG)
    said, report = typed(desk, monkeypatch, "y\n")
    assert f"acme/b.md no longer has the card  “{SIZE}”" in said
    assert f"acme/b.md:1 has a new one:  “{BIG}”\n{ASKED}" in said
    assert "Acme: 1 updated, 1 unchanged\n" in report
    assert desk.guid(BIG) == guid
    assert desk.history() == history
    assert desk.report() == "Acme: 2 unchanged\n"


def test_one_retired_and_suspended_by_an_import_is_rehearsed_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "1 retired, 1 suspended" in desk.report()
    ask(desk, BIG)
    _, report = typed(desk, monkeypatch, "y\n")
    assert "1 no longer suspended" in report
    assert desk.seen(BIG)["tags"] == ["company::acme"]


def test_one_that_the_user_declined_is_not_asked_about_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(desk, BIG)
    said, report = typed(desk, monkeypatch, "n\ny\n")
    assert ASKED in said
    assert "is retired with its reviews" not in said
    assert "1 added" in report
    desk.workspace.write("acme/b.md", f"## {BIG}\n{MARKET}\n## How much is spent on rostering?\n{MARKET}")
    said, report = typed(desk, monkeypatch, "")
    assert ASKED not in said
    assert "1 added, 2 unchanged" in report


def test_who_declines_is_told_how_to_say_yes_afterwards(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    guid, history = desk.guid(SIZE), desk.history()
    ask(desk, BIG)
    said, _ = typed(desk, monkeypatch, "n\ny\n")
    command = said.partition("To say yes afterwards: offbook ")[2].split("\n")[0].split()
    desk.workspace.run(command[0], *command[1:])
    desk.report()
    with desk.anki() as collection:
        assert collection.get_note(collection.find_notes(f"Key:{guid}")[0]).fields[0] == BIG
    assert desk.history()[guid] == history[guid]


def test_an_export_names_it(desk: Desk) -> None:
    ask(desk, BIG)
    told = desk.workspace.run("export").stderr
    assert f"acme/b.md:1: “{BIG}” is a new card, and “{SIZE}” is retired with its reviews." in told
    assert "retired" not in desk.workspace.run("export").stderr


def test_of_two_that_are_as_much_alike_it_is_the_one_retired_last(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(desk, BIG)
    desk.run()
    desk.study()
    (desk.workspace.notes / "acme/b.md").unlink()
    ledgered = desk.workspace.decks / ledger.FILE_NAME
    before = {entry.guid: entry.retired for entry in ledger.load(ledgered)}
    monkeypatch.setattr("time.time", lambda: max(before.values()) + 60.0)
    desk.workspace.run("export")
    monkeypatch.undo()
    ask(desk, "How much is spent on rostering?")
    told = desk.workspace.run("export").stderr
    assert f"“{BIG}” is retired with its reviews" in told
    assert f"“{SIZE}” is retired" not in told


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What is a lease?", "A lock that ends by itself.\n"),
        ("What is the best of them all?", "Yes.\n"),
        ("How do you learn?", "I teach a person, and then they teach me.\n"),
    ],
)
def test_it_is_not_asked_of_one_that_has_little_in_common(desk: Desk, question: str, text: str) -> None:
    ask(desk, question, text)
    assert "is a new card" not in desk.workspace.run("export").stderr


def test_it_is_not_asked_of_one_whose_question_is_back(desk: Desk) -> None:
    ask(desk, SIZE)
    desk.workspace.run("export")
    desk.workspace.write("acme/b.md", f"## {SIZE}\n{MARKET}\n## {BIG}\n{MARKET}")
    assert "is a new card" not in desk.workspace.run("export").stderr


def test_it_is_not_asked_of_one_whose_question_still_stands_in_the_note(workspace: Workspace) -> None:
    topic = "The UK market for rostering"
    workspace.write("acme/b.md", f"# Prep\n\n## {topic} #card\n3 vendors.\n")
    workspace.run("export")
    workspace.write("acme/b.md", f"# Prep\n\n## {topic}\n3 vendors.\n\nQ: {BIG}\nA: Vast, and it grows.\n")
    told = workspace.run("export").stderr
    assert f"“{topic}” is no longer read as a question here" in told
    assert "is a new card" not in told


# -- without a review so far -----------------------------------------------------------------------


@pytest.fixture(params=WAYS)
def fresh(workspace: Workspace, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk with two cards of which none was rehearsed."""
    monkeypatch.delenv(connect.KEY_VARIABLE, raising=False)
    desk = Desk(workspace, request.param)
    desk.workspace.write("acme/a.md", f"## {MUTEX}\n{LOCK}\n\n{SHIPS}")
    desk.run()
    return desk


def reworded(desk: Desk) -> None:
    desk.edit(f"## {MUTEX}\n{LOCK}", f"## {REWORDED}\nA lock that has an owner.")


def replaced(desk: Desk) -> None:
    desk.edit(
        f"## {MUTEX}\n{LOCK}", "## How would you explain a closure in Go to somebody?\nA function, and what it saw."
    )


def test_a_card_without_reviews_is_the_new_one_and_nobody_is_asked(
    fresh: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    guid = fresh.guid(MUTEX)
    reworded(fresh)
    said, report = typed(fresh, monkeypatch, "")
    assert ASKED not in said
    assert "Acme: 1 updated, 1 unchanged\n" in report
    assert fresh.guid(REWORDED) == guid


def test_so_it_is_where_nobody_could_be_asked(fresh: Desk) -> None:
    reworded(fresh)
    assert fresh.report("--dry-run").startswith("Acme: 1 updated, 1 unchanged\n")
    result = fresh.run()
    assert "is retired with its reviews" not in result.stderr
    assert "Acme: 1 updated, 1 unchanged\n" in result.stdout


def test_it_is_asked_of_a_card_whose_text_was_edited_in_anki(fresh: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh.change(MUTEX, answer("my own words"))
    reworded(fresh)
    said, report = typed(fresh, monkeypatch, "n\n\n")
    assert ASKED in said
    assert "1 added, 1 unchanged, 1 retired, 1 suspended" in report
    with fresh.anki() as collection:
        assert note_of(collection, MUTEX)["Answer"] == "my own words"


def test_a_card_of_which_only_the_question_is_alike_is_left_alone(fresh: Desk) -> None:
    fresh.change(MUTEX, flagged)
    replaced(fresh)
    result = fresh.run()
    assert "1 added, 1 unchanged, 1 retired, 1 suspended" in result.stdout
    assert f"“{MUTEX}” is retired" in result.stderr
    with fresh.anki() as collection:
        (flag,) = collection.find_cards("flag:1")
        assert collection.get_card(flag).note()["Question"].startswith("How would you explain a mutex")


def test_of_such_a_card_it_is_asked_in_a_terminal(fresh: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    guid = fresh.guid(MUTEX)
    replaced(fresh)
    said, report = typed(fresh, monkeypatch, "y\n")
    assert ASKED in said
    assert "Acme: 1 updated, 1 unchanged\n" in report
    assert fresh.guid("How would you explain a closure in Go to somebody?") == guid


def flagged(collection: Collection, note: Note) -> None:
    collection.set_user_flag_for_cards(1, note.card_ids())


# -- in another note ---------------------------------------------------------------------------------

LED = "Tell me about a time you led a team"
OPENING = "A new branch in 2019, with 25 people hired in six weeks."
GROWN = (
    f"{OPENING} First I asked the owner for a budget, then I drew a plan of each week, and trained cooks in pairs "
    "before the doors opened."
)


def test_of_one_that_went_to_another_note_and_grew_it_is_asked(fresh: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh.workspace.write("acme/led.md", f"{SHIPS}\n## {LED}\n{OPENING}\n")
    fresh.run()
    fresh.study()
    guid, history = fresh.guid(LED), fresh.history()
    fresh.workspace.write("acme/led.md", SHIPS)
    fresh.workspace.write("acme/stories.md", f"# Branch\n\n## {LED}\n{GROWN}\n")
    said, _ = typed(fresh, monkeypatch, "y\n")
    assert ASKED in said
    assert (fresh.guid(LED), fresh.history()) == (guid, history)


def test_one_for_another_company_is_not_asked_about(workspace: Workspace) -> None:
    workspace.write("acme/led.md", f"{SHIPS}\n## {LED}\n{OPENING}\n")
    workspace.run("export")
    workspace.write("acme/led.md", SHIPS)
    workspace.write("zeta/stories.md", f"# Branch\n\n## {LED}\n{GROWN}\n")
    assert "--reworded" not in workspace.run("export").stderr
