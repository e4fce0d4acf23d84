"""Gaps and reverse sides come and go, and every card in Anki keeps its reviews. All against a real collection."""

from __future__ import annotations

import random
from typing import Any

import pytest
from conftest import Anki, Workspace
from test_import import WAYS, Desk

from offbook import ledger
from offbook.anki import connect

RAFT = "Raft has a ==leader==, ==followers== and ==terms==. #cloze\n"


@pytest.fixture(params=WAYS)
def desk(workspace: Workspace, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.delenv(connect.KEY_VARIABLE, raising=False)
    desk = Desk(workspace, request.param)
    write(desk, RAFT)
    desk.run()
    desk.study()
    return desk


def write(desk: Desk, text: str) -> None:
    desk.workspace.write("acme/a.md", text)


def cards(desk: Desk) -> dict[int, tuple[str, bool, int]]:
    """Return by number what each card of the only note hides, whether it is suspended, and its interval."""
    with desk.anki() as collection:
        (note,) = [collection.get_note(id) for id in collection.find_notes("")]
        result = {}
        for card in note.cards():
            answer = card.answer()
            hidden = (
                answer.split('class="cloze"')[1].split(">", 1)[1].split("<")[0] if 'class="cloze"' in answer else ""
            )
            result[card.ord + 1] = hidden, card.queue == -1, card.ivl
        return result


def test_a_gap_that_goes_and_comes_back(desk: Desk) -> None:
    assert cards(desk) == {1: ("leader", False, 20), 2: ("followers", False, 21), 3: ("terms", False, 22)}
    write(desk, RAFT.replace("==leader==", "leader"))
    assert desk.report() == "Acme: 1 updated, 1 empty card suspended\n"
    assert cards(desk) == {1: ("", True, 20), 2: ("followers", False, 21), 3: ("terms", False, 22)}
    assert desk.report() == "Acme: 1 unchanged\n"
    write(desk, RAFT)
    assert desk.report() == "Acme: 1 updated, 1 card no longer empty, nor suspended\n"
    assert cards(desk) == {1: ("leader", False, 20), 2: ("followers", False, 21), 3: ("terms", False, 22)}


@pytest.mark.parametrize(
    "text",
    [
        "==Raft== has a ==leader==, ==followers== and ==terms==. #cloze\n",
        "Raft has ==terms==, ==followers== and a ==leader==, says ==Ongaro==. #cloze\n",
        "C: Raft has a [leader], [followers], [terms] and a [log].\n",
        "Raft has a {{c4::log}}, a {{c3::leader}}, {{c1::followers}} and {{c2::terms}}.\n",
    ],
)
def test_gaps_keep_their_reviews(desk: Desk, text: str) -> None:
    write(desk, text)
    assert desk.report() == "Acme: 1 updated\n"
    now = cards(desk)
    assert {number: now.pop(number) for number in (1, 2, 3)} == {
        1: ("leader", False, 20), 2: ("followers", False, 21), 3: ("terms", False, 22),
    }  # fmt: skip
    assert [ivl for _, _, ivl in now.values()] == [0]


def test_the_card_of_a_gap_that_is_gone_is_deleted_on_demand(desk: Desk) -> None:
    write(desk, RAFT.replace("==leader==", "leader"))
    assert "--yes" in desk.run("--retired", "delete", status=2).stderr
    desk.run("--retired", "delete", "--yes")
    # AnkiConnect deletes no single cards.
    assert set(cards(desk)) == ({2, 3} if desk.way == "collection" else {1, 2, 3})
    assert desk.report() == "Acme: 1 unchanged\n"


def test_a_reverse_that_is_taken_back(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(connect.KEY_VARIABLE, raising=False)
    desk = Desk(workspace, "collection")
    write(desk, "Mutex ::: a lock with an owner\n")
    desk.run()
    write(desk, "Mutex :: a lock with an owner\n")
    assert "card:2 (Key:" in desk.workspace.run("export").stdout
    assert "empty" not in desk.workspace.run("export").stdout
    assert desk.report() == "Acme: 1 updated, 1 empty card suspended\n"
    write(desk, "Mutex ::: a lock with an owner\n")
    assert "1 card no longer empty, nor suspended" in desk.run().stdout


def test_by_package_the_cards_of_gaps_that_are_gone_are_told_with_a_search(workspace: Workspace, anki: Anki) -> None:
    workspace.write("acme/a.md", RAFT)
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    workspace.write("acme/a.md", RAFT.replace("==leader==", "leader"))
    result = workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    search = result.stdout.splitlines()[-1].strip()
    (card,) = anki.collection.find_cards(search)
    assert anki.collection.get_card(card).ord == 0
    assert workspace.run("export").stdout.count("gap") == 0


def test_a_gap_edited_in_anki_stays(desk: Desk) -> None:
    def add(collection: Any, note: Any) -> None:
        note.fields[0] += " {{c9::mine}}"
        collection.update_note(note)

    with desk.anki() as collection:
        (id,) = collection.find_notes("")
        add(collection, collection.get_note(id))
    assert "kept as edited" in desk.run().stdout
    assert cards(desk)[9] == ("mine", False, 0)


# -- ten rounds on two computers -------------------------------------------------------------------


class Computers:
    """Two clones of the same notes, in vaults of two names, and one collection that both import into."""

    def __init__(self, workspace: Workspace) -> None:
        self.desk = Desk(workspace, "collection")
        self.clones = [Workspace(workspace.root / name) for name in ("one", "two")]
        for clone in self.clones:
            (clone.notes / ".obsidian").mkdir(parents=True)
            clone.decks.mkdir()

    def write(self, number: int, gaps: list[list[str]]) -> None:
        for card, marked in enumerate(gaps):
            text = " and ".join(f"the{gap} is =={gap}==" for gap in marked)
            self.clones[number].write(f"acme/{card}.md", f"Sentence {card} holds {text} here. #cloze\n")

    def bring(self, number: int) -> str:
        """Import on one computer, and let all cards be reviewed."""
        self.desk.workspace = self.clones[number]
        report = self.desk.report()
        with self.desk.anki() as collection:
            collection.db.execute("update cards set reps = reps + 1")  # type: ignore[union-attr]
        return report

    def merge(self) -> None:
        """Merge the ledgers as git does by union, on both computers."""
        files = [clone.decks / ledger.FILE_NAME for clone in self.clones]
        lines = [file.read_text("utf-8").splitlines(keepends=True) if file.exists() else [] for file in files]
        merged = "".join([*lines[0], *(line for line in lines[1] if line not in lines[0])])
        for file in files:
            file.write_text(merged, "utf-8")


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 10))])
def test_ten_rounds_on_two_computers_leave_every_gap_its_reviews(workspace: Workspace, seed: int) -> None:
    chance, both = random.Random(seed), Computers(workspace)
    gaps = [[f"gap{card}{number}" for number in range(3)] for card in range(4)]
    owner: dict[int, str] = {}
    for round in range(10):
        for card in chance.sample(range(4), 2):
            gaps[card].insert(chance.randint(0, len(gaps[card])), f"new{card}{round}")
            gaps[card].remove(chance.choice(gaps[card]))
            chance.shuffle(gaps[card])
        for number in (0, 1):
            both.write(number, gaps)
        both.bring(round % 2)
        both.merge()
        both.bring(1 - round % 2)
        assert "updated" not in both.bring(1 - round % 2)
        both.merge()
        with both.desk.anki() as collection:
            shown: set[str] = set()
            for id in collection.find_cards("-is:suspended"):
                answer = collection.get_card(id).answer()
                hidden = answer.split('class="cloze"')[1].split(">", 1)[1].split("<")[0]
                assert owner.setdefault(id, hidden) == hidden, "a card hides what another gap hid"
                shown.add(hidden)
            assert shown == {gap for card in gaps for gap in card}
