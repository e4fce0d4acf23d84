"""`offbook import` follows decks that the user renamed or nested elsewhere in Anki."""

from __future__ import annotations

import pytest
from conftest import Workspace
from msgspec import structs
from test_import import MUTEX, NOTE, WAYS, Desk, below_first_line

from offbook import ledger

NEW = "## What is a lease?\nA lock that ends by itself.\n"
OTHER = "## What is a quorum?\nMore than half.\n"


@pytest.fixture(params=WAYS)
def desk(workspace: Workspace, request: pytest.FixtureRequest) -> Desk:
    desk = Desk(workspace, request.param)
    desk.run()
    return desk


def rename(desk: Desk, old: str, new: str) -> None:
    with desk.anki() as collection:
        deck = collection.decks.id_for_name(old)
        assert deck
        collection.decks.rename(deck, new)


def decks(desk: Desk) -> set[str]:
    with desk.anki() as collection:
        return {deck.name for deck in collection.decks.all_names_and_ids()} - {"Default"}


def counts(desk: Desk) -> dict[str, int]:
    with desk.anki() as collection:
        names = [collection.decks.name(collection.get_card(card).did) for card in collection.find_cards("")]
        return {name: names.count(name) for name in names}


def test_new_cards_go_where_the_user_nested_the_deck(desk: Desk) -> None:
    rename(desk, "Interviews::Acme", "Work::Jobs::Acme Inc")
    desk.workspace.write("acme/b.md", NEW)
    desk.edit("with an owner", "with one owner")
    result = desk.run()
    assert below_first_line(result.stdout) == "Acme: 1 added, 1 updated, 2 unchanged\n"
    assert "'Interviews::Acme' is called 'Work::Jobs::Acme Inc' in Anki: its cards go there\n" in result.stderr
    assert counts(desk) == {"Work::Jobs::Acme Inc": 4}
    assert decks(desk) == {"Interviews", "Work", "Work::Jobs", "Work::Jobs::Acme Inc"}


def test_it_is_said_once(desk: Desk) -> None:
    rename(desk, "Interviews::Acme", "Acme")
    assert "is called 'Acme' in Anki" in desk.run().stderr
    assert desk.said() == []
    rename(desk, "Acme", "Acme Inc")
    assert "is called 'Acme Inc' in Anki" in desk.run().stderr


def test_a_new_company_goes_where_the_decks_beside_it_went(desk: Desk) -> None:
    rename(desk, "Interviews", "Preparation")
    desk.workspace.write("zenith/a.md", OTHER)
    desk.run()
    assert decks(desk) == {"Preparation", "Preparation::Acme", "Preparation::Zenith"}


def test_a_parent_that_only_lost_a_deck_stays_the_parent_of_new_ones(desk: Desk) -> None:
    desk.workspace.write("zenith/a.md", OTHER)
    desk.run()
    rename(desk, "Interviews::Acme", "Preparation::Acme")
    desk.workspace.write("borealis/a.md", NEW)
    desk.run()
    assert decks(desk) == {
        "Interviews", "Interviews::Borealis", "Interviews::Zenith", "Preparation", "Preparation::Acme",
    }  # fmt: skip


def test_a_card_moved_by_itself_takes_no_other_with_it(desk: Desk) -> None:
    move(desk, MUTEX, "Hard ones")
    desk.workspace.write("acme/b.md", NEW)
    assert desk.said() == []
    assert counts(desk) == {"Hard ones": 1, "Interviews::Acme": 3}


def test_cards_in_a_filtered_deck_are_still_at_home(desk: Desk) -> None:
    with desk.anki() as collection:
        filtered = collection.decks.new_filtered("Cram")
        collection.sched.rebuild_filtered_deck(filtered)
    desk.workspace.write("acme/b.md", NEW)
    assert desk.said() == []
    assert counts(desk)["Interviews::Acme"] == 1


def test_the_notes_can_still_rename_a_deck(desk: Desk) -> None:
    desk.workspace.write("acme/a.md", f"---\ndeck: Jobs::Acme\n---\n{NOTE}")
    assert [line for line in desk.said() if "put in another deck" not in line] == []
    assert counts(desk) == {"Jobs::Acme": 3}


def test_a_deck_that_nothing_goes_to_is_not_made_again(desk: Desk) -> None:
    desk.workspace.write("acme/b.md", f"---\ndeck: Interviews::Empty\n---\n{OTHER}")
    desk.run()
    with desk.anki() as collection:
        deck = collection.decks.id_for_name("Interviews::Empty")
        assert deck
        collection.decks.remove([deck])
    desk.edit("with an owner", "with one owner")
    desk.run()
    assert decks(desk) == {"Interviews", "Interviews::Acme"}


def move(desk: Desk, question: str, deck: str) -> None:
    desk.change(question, lambda col, note: col.set_deck(note.card_ids(), col.decks.id(deck)))  # type: ignore[arg-type]


def test_decks_arrive_unfolded(desk: Desk) -> None:
    desk.workspace.write("acme/b.md", f"---\ndeck: Work::Jobs::Acme\n---\n{OTHER}")
    desk.run()
    with desk.anki() as collection:
        for name in ("Interviews", "Interviews::Acme", "Work", "Work::Jobs", "Work::Jobs::Acme"):
            deck = collection.decks.by_name(name)
            assert deck
            assert not deck["collapsed"]


def test_a_deck_is_described(desk: Desk) -> None:
    assert description(desk) == "3 cards"
    desk.workspace.write("acme/b.md", f"---\ninterview: 2026-12-03\n---\n{NEW}\n## Why Acme?\n\n## Why now?\n")
    desk.run()
    assert description(desk) == "Interview: 2026-12-03 · 4 cards · 2 open questions"


def test_the_deck_of_a_company_without_cards_says_so(desk: Desk) -> None:
    desk.workspace.write("zenith/a.md", OTHER)
    desk.run()
    (desk.workspace.notes / "acme/a.md").unlink()
    desk.run()
    assert counts(desk) == {"Interviews::Acme": 3, "Interviews::Zenith": 1}
    assert description(desk) == "0 cards"


def test_a_card_that_was_deleted_when_its_company_was_renamed_goes_with_the_others(desk: Desk) -> None:
    desk.workspace.write("acme/more.md", OTHER)
    desk.run()
    (desk.workspace.notes / "acme").rename(desk.workspace.notes / "acme health")
    (desk.workspace.notes / "acme health/more.md").unlink()
    desk.run()
    assert counts(desk) == {"Interviews::Acme Health": 4}
    with desk.anki() as collection:
        (retired,) = collection.find_cards("is:suspended tag:offbook::retired")
        assert "quorum" in collection.get_card(retired).note()["Question"]
    assert not (desk.workspace.decks / "acme.apkg").exists()


def test_a_deck_that_the_user_renamed_keeps_its_own_description(desk: Desk) -> None:
    rename(desk, "Interviews::Acme", "Work")
    with desk.anki() as collection:
        deck = collection.decks.by_name("Work")
        assert deck
        deck["desc"] = "my own words"
        collection.decks.save(deck)
    desk.edit("with an owner", "with one owner")
    desk.run()
    assert description(desk, "Work") == "my own words"


def description(desk: Desk, name: str = "Interviews::Acme") -> str:
    with desk.anki() as collection:
        deck = collection.decks.by_name(name)
        assert deck
        return str(deck["desc"])


def describe(desk: Desk, text: str) -> None:
    """Type a description in Anki."""
    with desk.anki() as collection:
        deck = collection.decks.by_name("Interviews::Acme")
        assert deck
        deck["desc"] = text
        collection.decks.save(deck)


@pytest.mark.parametrize("words", ["my own words", "<b>5 cards</b> a day", ""])
def test_a_description_that_the_user_typed_stays(desk: Desk, words: str) -> None:
    describe(desk, words)
    desk.workspace.write("acme/b.md", NEW)
    assert desk.report() == "Acme: 1 added, 3 unchanged\n"
    assert description(desk) == words
    desk.edit("with an owner", "with one owner")
    desk.run()
    assert description(desk) == words


def test_a_description_of_ours_follows_the_notes_though_another_computer_or_a_package_brought_it(desk: Desk) -> None:
    describe(desk, "Interview: 2026-12-03, 2026-12-09 · 1 card · 7 open questions")
    desk.workspace.write("acme/b.md", NEW)
    desk.run()
    assert description(desk) == "4 cards"


def test_a_deck_that_was_never_described_is_described(desk: Desk) -> None:
    describe(desk, "")
    file = desk.workspace.decks / "ledger.jsonl"
    before = ledger.read(file)
    assert before.header.descriptions == {"Interviews::Acme": "3 cards"}
    file.write_text(ledger.dump(before.entries, structs.replace(before.header, descriptions={})), "utf-8")
    desk.edit("with an owner", "with one owner")
    desk.run()
    assert description(desk) == "3 cards"


def test_anki_is_asked_for_descriptions_only_where_there_is_a_new_one(desk: Desk) -> None:
    desk.workspace.write("acme/b.md", "## What is a latch?\nA lock.\n")
    desk.run()
    for text, asked in (("Another lock.", False), (f"A lock.\n\n{NEW}", True)):
        desk.workspace.write("acme/b.md", f"## What is a latch?\n{text}\n")
        with desk.served() as server:
            desk.workspace.run("import", "--url", server.url)
            assert ("exportPackage" in server.asked) is asked
        assert [file for file in desk.workspace.decks.iterdir() if "export" in file.name] == []


def test_a_deck_that_was_deleted_in_anki_is_described_as_it_is_made_again(desk: Desk) -> None:
    with desk.anki() as collection:
        deck = collection.decks.id_for_name("Interviews::Acme")
        assert deck
        collection.decks.remove([deck])
    desk.run("--bring-back")
    assert description(desk) == "3 cards"


def test_a_name_in_other_letters_is_the_same_deck(desk: Desk) -> None:
    rename(desk, "Interviews::Acme", "Interviews::ACME")
    with desk.anki() as collection:
        deck = collection.decks.by_name("Interviews::ACME")
        assert deck
        deck["desc"] = "my own words"
        collection.decks.save(deck)
    desk.workspace.write("acme/b.md", NEW)
    desk.run()
    assert description(desk, "Interviews::ACME") == "my own words"
