"""Notes change, packages are imported again, and Anki keeps every card's history. All against a real collection."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Anki, Workspace

from offbook import ledger, notetypes

NOTE = """\
# Technical

## What is a mutex?
A lock with an owner, for one thread at a time.

## How would you shard the ledger table?
By account, because transfers touch two accounts at most.

## What happens when two services retry at once?
They meet again and again, until each waits a random time.

# Stories

- Tell me about a conflict with a colleague
\t- We disagreed about the planner and let a benchmark decide.
"""
QUESTIONS = [
    "What is a mutex?",
    "How would you shard the ledger table?",
    "What happens when two services retry at once?",
    "Tell me about a conflict with a colleague",
]


class Rehearsed:
    """A workspace whose cards are in Anki, each with a history."""

    def __init__(self, workspace: Workspace, anki: Anki, monkeypatch: pytest.MonkeyPatch) -> None:
        self.workspace, self.anki = workspace, anki
        self.clock = 1_700_000_000.0
        monkeypatch.setattr(time, "time", lambda: self.clock)
        workspace.write("acme/a.md", NOTE)
        self.export()
        assert self.imported()["new"] == len(QUESTIONS)
        self.study()
        self.history = self.schedule()

    def edit(self, change: Callable[[str], str], path: str = "acme/a.md") -> None:
        file = self.workspace.notes / path
        file.write_text(change(file.read_text("utf-8")), "utf-8")

    def export(self, *args: str) -> str:
        self.clock += 100
        return self.workspace.run("export", *args).stdout

    def imported(self, company: str = "acme") -> dict[str, int]:
        return self.anki.import_package(self.workspace.decks / f"{company}.apkg")

    def study(self) -> None:
        """Give every card an interval, a due date, reviews, lapses, and entries in the review log."""
        collection = self.anki.collection
        for number, card_id in enumerate(collection.find_cards("")):
            card = collection.get_card(card_id)
            card.type = card.queue = 2  # type: ignore[assignment]
            card.ivl, card.due, card.factor, card.reps, card.lapses = 20 + number, 90 + number, 2300, 7 + number, number
            collection.update_card(card)
            collection.db.execute(  # type: ignore[union-attr]
                "insert into revlog values (?, ?, -1, 3, 20, 10, 2300, 5000, 1)", 1_700_000_000_000 + number, card_id
            )

    def schedule(self) -> dict[str, tuple[object, ...]]:
        """Return all that Anki knows of each note's history, by guid."""
        result: dict[str, tuple[object, ...]] = {}
        for note in self.anki.notes():
            for card in note.cards():
                log = self.anki.collection.db.all("select id, ease, ivl from revlog where cid = ?", card.id)  # type: ignore[union-attr]
                state = (card.type, card.queue, card.ivl, card.due, card.factor, card.reps, card.lapses)
                result[note.guid] = (*state, str(log))
        return result

    def check(self, *, updated: int, new: int = 0) -> None:
        """Import, and assert what Anki took, and that every history is as it was."""
        counts = self.imported()
        assert (counts["updated"], counts["new"], counts["conflicting"]) == (updated, new, 0)
        now = self.schedule()
        assert {guid: now[guid] for guid in self.history} == self.history


@pytest.fixture
def rehearsed(workspace: Workspace, anki: Anki, monkeypatch: pytest.MonkeyPatch) -> Rehearsed:
    return Rehearsed(workspace, anki, monkeypatch)


EDITS: dict[str, tuple[Callable[[str], str], int]] = {
    "nothing": (lambda text: text, 0),
    "an answer rewritten wholly": (
        lambda text: text.replace("A lock with an owner, for one thread at a time.", "Mutual exclusion, in short."),
        1,
    ),
    "a question reworded": (
        lambda text: text.replace("How would you shard the ledger table?", "How would you partition the ledger table?"),
        1,
    ),
    "a question set in bold": (
        lambda text: text.replace("## What is a mutex?", "## **What is a mutex?**"),
        1,
    ),
    "a heading that becomes a label": (
        lambda text: text.replace("## What is a mutex?\nA lock", "Q: What is a mutex?\nA: A lock"),
        0,
    ),
    "the order of two cards": (
        lambda text: "# Technical\n\n## How" + text.split("## How")[1].split("## What happens")[0]
        + "## What is" + text.split("## What is")[1].split("## How")[0]
        + "## What happens" + text.split("## What happens")[1],
        0,
    ),
    "a section retitled": (lambda text: text.replace("# Technical", "# 2. Technical round"), 3),
    "text around the cards": (lambda text: "Some words before.\n\n" + text + "\nSome behind.\n", 0),
    "windows line ends": (lambda text: text.replace("\n", "\r\n"), 0),
    "a new card": (lambda text: text + "\n## What is a semaphore?\nA counter.\n", 0),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_updates_what_it_changed_and_no_history(rehearsed: Rehearsed, name: str) -> None:
    edit, updated = EDITS[name]
    rehearsed.edit(edit)
    rehearsed.export()
    rehearsed.check(updated=updated, new=1 if name == "a new card" else 0)


def test_a_renamed_and_moved_note_keeps_its_cards(rehearsed: Rehearsed) -> None:
    old = rehearsed.workspace.notes / "acme" / "a.md"
    new = rehearsed.workspace.notes / "acme" / "rounds" / "first.md"
    new.parent.mkdir()
    old.rename(new)
    assert "4 moved" in rehearsed.export()
    rehearsed.check(updated=4)  # the source shown on the card is another one


def test_a_card_moved_to_another_note(rehearsed: Rehearsed) -> None:
    card = "## What is a mutex?\nA lock with an owner, for one thread at a time.\n"
    rehearsed.edit(lambda text: text.replace(card, ""))
    rehearsed.workspace.write("acme/b.md", card)
    assert "1 moved, 3 unchanged" in rehearsed.export()
    rehearsed.check(updated=1)


def test_a_copy_of_a_note_has_the_reviews_once_the_original_is_deleted(rehearsed: Rehearsed) -> None:
    """A program that syncs notes makes a copy, and the user keeps that."""
    folder = rehearsed.workspace.notes / "acme"
    shutil.copy(folder / "a.md", folder / "a 1.md")
    assert "4 new, 4 unchanged" in rehearsed.export()
    rehearsed.check(updated=0, new=4)
    (folder / "a.md").unlink()
    assert "4 moved, 4 retired" in rehearsed.export()
    rehearsed.check(updated=8)
    live = {note["Question"]: note.guid for note in rehearsed.anki.notes() if not note.has_tag("offbook::retired")}
    assert set(live.values()) == set(rehearsed.history)
    assert rehearsed.workspace.run("retired").stdout == "No card is retired.\n"


def test_a_copy_that_is_deleted_changes_nothing_for_the_original(rehearsed: Rehearsed) -> None:
    folder = rehearsed.workspace.notes / "acme"
    shutil.copy(folder / "a.md", folder / "a 1.md")
    rehearsed.export()
    (folder / "a 1.md").unlink()
    assert "4 retired, 4 unchanged" in rehearsed.export()


def test_an_edit_made_in_anki_survives_until_its_source_changes(rehearsed: Rehearsed) -> None:
    note = rehearsed.anki.note("What is a mutex?")
    note["Answer"] = "my own words"
    rehearsed.anki.collection.update_note(note)
    rehearsed.edit(lambda text: text.replace("By account", "By the account"))
    rehearsed.export()
    rehearsed.check(updated=1)
    assert rehearsed.anki.note("What is a mutex?")["Answer"] == "my own words"
    rehearsed.edit(lambda text: text.replace("one thread at a time", "one thread"))
    rehearsed.clock = rehearsed.anki.note("What is a mutex?").mod + 10.0
    rehearsed.export()
    rehearsed.check(updated=1)
    assert "for one thread" in rehearsed.anki.note("What is a mutex?")["Answer"]


def test_changed_looks_arrive_and_touch_no_note(rehearsed: Rehearsed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notetypes, "css", lambda: ".card { color: teal }")
    monkeypatch.setattr(notetypes, "CHANGED", notetypes.CHANGED + 1_000_000)
    rehearsed.export()
    rehearsed.check(updated=0)
    assert "teal" in rehearsed.anki.notes()[0].cards()[0].render_output().css


def test_a_replaced_picture_arrives(rehearsed: Rehearsed) -> None:
    picture = rehearsed.workspace.write("acme/p.png", b"\x89PNG one")
    rehearsed.edit(lambda text: text.replace("A lock with", "![[p.png]] A lock with"))
    rehearsed.export()
    rehearsed.check(updated=1)
    picture.write_bytes(b"\x89PNG two")
    rehearsed.export()
    rehearsed.check(updated=1)
    name = rehearsed.anki.note("What is a mutex?")["Answer"].split('src="')[1].split('"')[0]
    assert Path(rehearsed.anki.collection.media.dir(), name).read_bytes() == b"\x89PNG two"


def test_two_exports_within_one_second_both_reach_anki(rehearsed: Rehearsed) -> None:
    for word in ("first", "second"):
        rehearsed.edit(lambda text, word=word: text.replace(" lock with", f" {word} lock with"))  # type: ignore[misc]
        rehearsed.clock -= 100
        rehearsed.export()
        rehearsed.check(updated=1)


def test_a_clock_that_went_backwards(rehearsed: Rehearsed) -> None:
    rehearsed.clock -= 1_000_000
    rehearsed.edit(lambda text: text.replace("A lock", "The lock"))
    rehearsed.export()
    rehearsed.check(updated=1)


def test_a_ledger_restored_from_an_older_commit(rehearsed: Rehearsed) -> None:
    file = rehearsed.workspace.decks / ledger.FILE_NAME
    old = file.read_bytes()
    rehearsed.edit(lambda text: text.replace("A lock", "The lock"))
    rehearsed.export()
    rehearsed.check(updated=1)
    file.write_bytes(old)
    rehearsed.edit(lambda text: text.replace("The lock", "One lock"))
    rehearsed.export()
    rehearsed.check(updated=1)


def test_a_lost_ledger_costs_nothing_for_cards_that_were_not_reworded(rehearsed: Rehearsed) -> None:
    (rehearsed.workspace.decks / ledger.FILE_NAME).unlink()
    result = rehearsed.workspace.run("export")
    assert "ledger.jsonl: is missing" in result.stderr
    rehearsed.imported()
    assert rehearsed.schedule() == rehearsed.history


def test_an_id_that_another_program_left_in_a_comment_names_the_card(rehearsed: Rehearsed) -> None:
    rehearsed.edit(
        lambda text: text.replace("one thread at a time.", "one thread at a time.\n<!--ID: 1643712345678-->")
    )
    rehearsed.export()
    rehearsed.edit(
        lambda text: text.replace("## What is a mutex?", "## How do threads stay apart?").replace("A lock with", "They")
    )
    assert "1 changed, 3 unchanged" in rehearsed.export()
    rehearsed.check(updated=1)


def test_a_heading_that_becomes_a_cloze_is_another_card(rehearsed: Rehearsed) -> None:
    """Anki refuses a note that changes its notetype: it would never be updated again."""
    question = "## What is a mutex?\nA lock with an owner, for one thread at a time.\n"
    rehearsed.edit(lambda text: text.replace(question, "A mutex is {{c1::a lock with an owner}} for one thread.\n"))
    assert "1 new, 1 retired" in rehearsed.export()
    rehearsed.check(updated=1, new=1)


ANEW = (
    "## What is a mutex?\nA lock with an owner, for one thread at a time.",
    "## Explain locks\nOne owns a lock, and waits.",
)


def test_a_question_reworded_with_its_answer_is_the_same_card_if_the_user_says_so(
    rehearsed: Rehearsed, monkeypatch: pytest.MonkeyPatch
) -> None:
    rehearsed.edit(lambda text: text.replace(*ANEW))
    monkeypatch.setattr("offbook.commands.common.is_terminal", lambda: True)
    rehearsed.clock += 100
    result = rehearsed.workspace.run("export", typed="y\n")
    assert "acme/a.md no longer has the card  “What is a mutex?”\n" in result.stderr
    assert "acme/a.md:3 has a new one:  “Explain locks”\nIs the new one the old one in other words" in result.stderr
    assert "1 changed, 3 unchanged" in result.stdout
    rehearsed.imported()
    assert rehearsed.schedule() == rehearsed.history
    assert "waits" in rehearsed.anki.note("Explain locks")["Answer"]


def test_a_question_reworded_with_its_answer_can_be_joined_to_its_card_afterwards(rehearsed: Rehearsed) -> None:
    rehearsed.edit(lambda text: text.replace(*ANEW))
    assert "1 new, 1 retired, 3 unchanged" in rehearsed.export()
    joined = rehearsed.workspace.run("retired", "--reworded", "What is a mutex?", "Explain locks").stdout
    assert (
        "“Explain locks” is “What is a mutex?” in other words, and has its reviews from the next export on." in joined
    )
    assert "If you imported the new one by hand already, delete it in Anki, which finds it by Key:" in joined
    assert "1 changed, 3 unchanged" in rehearsed.export()
    rehearsed.imported()
    assert rehearsed.schedule() == rehearsed.history
    assert "waits" in rehearsed.anki.note("Explain locks")["Answer"]
    for old, new in (("What is a mutex?", "Explain locks"), ("Explain locks", "What?")):
        said = rehearsed.workspace.run("retired", "--reworded", old, new, status=2).stderr
        assert f"no retired card asks {old!r}, nor has that guid" in said


# -- retired ---------------------------------------------------------------------------------------


def without(question: str) -> Callable[[str], str]:
    def edit(text: str) -> str:
        before, _, after = text.partition(f"## {question}")
        return before + after[after.index("\n#") + 1 :]

    return edit


def test_a_deleted_card_is_tagged_as_retired_and_keeps_its_text_and_history(rehearsed: Rehearsed) -> None:
    rehearsed.edit(without("What is a mutex?"))
    stdout = rehearsed.export()
    assert "1 retired, 3 unchanged" in stdout
    assert "tag:offbook::retired" in stdout
    rehearsed.check(updated=1)
    (note,) = rehearsed.anki.notes("tag:offbook::retired")
    assert note["Question"] == "What is a mutex?"
    assert "A lock with an owner" in note["Answer"]


def test_it_stays_in_the_packages_and_is_told_only_once(rehearsed: Rehearsed) -> None:
    rehearsed.edit(without("What is a mutex?"))
    rehearsed.export()
    assert "retired" not in rehearsed.export()
    rehearsed.check(updated=1)  # whichever of the packages is imported


def test_a_card_that_comes_back_gets_its_history_back(rehearsed: Rehearsed) -> None:
    rehearsed.edit(without("What is a mutex?"))
    rehearsed.export()
    rehearsed.check(updated=1)
    rehearsed.edit(lambda text: NOTE)
    rehearsed.export()
    rehearsed.check(updated=1)
    assert rehearsed.anki.notes("tag:offbook::retired") == []


@pytest.mark.parametrize("question", QUESTIONS[:3])
def test_an_answer_that_is_deleted_saved_and_written_anew_keeps_its_history(
    rehearsed: Rehearsed, question: str
) -> None:
    answer = NOTE.split(f"## {question}\n")[1].split("\n")[0]
    rehearsed.edit(lambda text: text.replace(answer, ""))
    assert "1 retired" in rehearsed.export()
    rehearsed.check(updated=1)
    rehearsed.edit(lambda text: text.replace(f"## {question}\n", f"## {question}\nOther words altogether.\n"))
    assert "1 changed" in rehearsed.export()
    rehearsed.check(updated=1)
    assert rehearsed.anki.notes("tag:offbook::retired") == []


def test_a_card_keeps_its_language_while_its_text_is_the_same(workspace: Workspace, anki: Anki) -> None:
    """A few words tell none, so the note does; by hand, a changed card would replace what was edited in Anki."""
    terms = "## Definitionen\n\n**Relation**: Teilmenge\n**Tupel**: Zeile\n**Attribut**: Spalte\n"
    workspace.write("acme/a.md", terms)
    workspace.run("export")
    workspace.write("acme/a.md", terms.replace("Zeile", "Element der Relation, und das ist eine Zeile der Tabelle"))
    assert "Acme: 1 changed, 2 unchanged" in workspace.run("export").stdout
    anki.import_package(workspace.decks / "acme.apkg")
    assert {note["Question"]: note["Extra 1"] for note in anki.notes()} == {
        "Relation": "",
        "Tupel": "de",
        "Attribut": "",
    }


def test_a_retired_card_comes_back_though_its_company_was_renamed(rehearsed: Rehearsed) -> None:
    notes = rehearsed.workspace.notes
    gone, rest = NOTE.partition("## How would")[0], "## How would" + NOTE.partition("## How would")[2]
    rehearsed.edit(lambda _: rest)
    rehearsed.export()
    (notes / "acme").rename(notes / "initech")
    assert "acme.apkg removed" in rehearsed.export()
    rehearsed.workspace.write("initech/b.md", gone.replace("Technical", "Others"))
    assert "1 changed, 3 unchanged" in rehearsed.export()
    rehearsed.anki.import_package(rehearsed.workspace.decks / "initech.apkg")
    assert rehearsed.schedule() == rehearsed.history


def test_a_card_that_only_resembles_a_retired_one_is_new(rehearsed: Rehearsed) -> None:
    rehearsed.edit(without("What is a mutex?"))
    rehearsed.export()
    rehearsed.edit(
        lambda text: text.replace("# Technical\n", "# Technical\n\n## What is a muted thread?\nA quiet one.\n")
    )
    rehearsed.export()
    rehearsed.check(updated=1, new=1)


def test_retired_lists_when_and_from_where_and_forgets_on_demand(rehearsed: Rehearsed) -> None:
    workspace = rehearsed.workspace
    assert _retired(workspace) == "No card is retired.\n"
    rehearsed.edit(without("What is a mutex?"))
    rehearsed.export()
    assert _retired(workspace) == "2023-11-14  notes/acme/a.md: What is a mutex?\n"
    (item,) = [json.loads(line) for line in _retired(workspace, "--json").splitlines()]
    assert (item["path"], item["question"], item["company"]) == ("acme/a.md", "What is a mutex?", ["Acme"])
    assert "1 card forgotten" in _retired(workspace, "--forget")
    assert _retired(workspace) == "No card is retired.\n"


@pytest.mark.parametrize("typed", ["y", "n"])
def test_in_a_terminal_it_is_asked_before_cards_are_forgotten(
    rehearsed: Rehearsed, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rehearsed.edit(lambda text: text.partition("## How would")[1] + text.partition("## How would")[2])
    rehearsed.export()
    monkeypatch.setattr("offbook.commands.common.is_terminal", lambda: True)
    result = rehearsed.workspace.run("retired", "--forget", typed=f"{typed}\n", status=0 if typed == "y" else 3)
    assert "Forget 1 card? [y/N]" in result.stderr
    assert ("What is a mutex?" in _retired(rehearsed.workspace)) is (typed == "n")


def test_retired_names_the_cards_of_a_company_and_counts_those_that_all_share(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## Why Acme?\nRobots.\n\n## Who are they?\nTwo.\n")
    workspace.write("General/me.md", "## Who am I?\nA nurse.\n\n## Why now?\nI can.\n")
    workspace.run("export")
    workspace.write("acme/a.md", "## Why Acme?\nRobots.\n")
    workspace.write("General/me.md", "## Why now?\nI can.\n")
    workspace.run("export")
    told = _retired(workspace, "acme")
    assert "Who are they?" in told
    assert "Who am I?" not in told
    assert "1 card that every company shares is retired, too: offbook retired lists all.\n" in told
    assert "1 card forgotten" in _retired(workspace, "acme", "--forget")
    told = "No card of Acme alone is retired; 1 card that every company shares is: offbook retired lists all.\n"
    assert workspace.run("retired", "acme").stdout == told
    assert "Who am I?" in _retired(workspace)


def test_a_question_in_bold_is_the_same_card_whatever_stands_beside_it(workspace: Workspace, anki: Anki) -> None:
    answered = "**Where do you see yourself?** Senior analyst.\n\n"
    alone = f"# HR\n\n**What are your strengths?**\nI stay calm.\n\n{answered}**Gap in the CV?** → maternity leave\n"
    workspace.write("acme/a.md", f"{alone}\n**How many languages do you speak?** Polish, English\n")
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    assert not [note["Question"] for note in anki.notes() if "<" in note["Question"]]
    workspace.write("acme/a.md", alone)
    assert "Acme: 1 retired, 3 unchanged\n" in workspace.run("export").stdout


def _retired(workspace: Workspace, *args: str) -> str:
    from click.testing import CliRunner

    from offbook.cli import cli

    return CliRunner().invoke(cli, ["retired", "--decks", str(workspace.decks), *args]).output


def test_a_note_that_cannot_be_read_retires_nothing(rehearsed: Rehearsed) -> None:
    rehearsed.workspace.write("acme/a.md", "---\ntitle: [\n---\n" + NOTE)
    result = rehearsed.workspace.run("export", status=1)
    assert "retired" not in result.stdout


def test_exporting_one_company_leaves_the_others_alone(rehearsed: Rehearsed) -> None:
    rehearsed.workspace.write("zeta/z.md", "## Why Zeta?\nShips.\n")
    rehearsed.export()
    before = (rehearsed.workspace.decks / "acme.apkg").read_bytes()
    rehearsed.edit(without("What is a mutex?"))
    rehearsed.edit(lambda text: text.replace("Ships.", "Ships and trains."), "zeta/z.md")
    assert "Acme" not in rehearsed.export("zeta")
    assert (rehearsed.workspace.decks / "acme.apkg").read_bytes() == before
    assert "1 retired" in rehearsed.export()


# -- what is told ----------------------------------------------------------------------------------


def test_a_dry_run_tells_each_change_with_its_place_and_writes_nothing(
    rehearsed: Rehearsed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(rehearsed.workspace.notes)
    before = {file.name: file.read_bytes() for file in rehearsed.workspace.decks.iterdir()}
    rehearsed.edit(without("What is a mutex?"))
    rehearsed.edit(lambda text: text.replace("shard the ledger table", "partition the ledger table"))
    rehearsed.edit(lambda text: text + "\n## What is a semaphore?\nA counter.\n")
    stdout = rehearsed.export("--dry-run")
    assert "      new  acme/a.md:14: What is a semaphore?\n" in stdout
    assert "  changed  acme/a.md:3: How would you partition the ledger table?\n" in stdout
    assert "           was: How would you shard the ledger table?\n" in stdout
    assert "  retired  acme/a.md: What is a mutex?\n" in stdout
    assert "would be written" in stdout
    assert {file.name: file.read_bytes() for file in rehearsed.workspace.decks.iterdir()} == before


def test_a_card_with_a_new_deck_is_told_with_the_search_that_finds_it(rehearsed: Rehearsed) -> None:
    rehearsed.edit(lambda text: "---\ndeck: Interviews::Acme::2nd_round\n---\n" + text)
    stdout = rehearsed.export()
    assert "4 cards in the deck Interviews::Acme belong to Interviews::Acme::2nd_round now." in stdout
    search = stdout.splitlines()[-1].strip()
    rehearsed.imported()
    assert len(rehearsed.anki.notes(search)) == 4
    card_ids = rehearsed.anki.collection.find_cards(search)
    rehearsed.anki.collection.set_deck(card_ids, rehearsed.anki.collection.decks.id("Interviews::Acme::2nd_round"))  # type: ignore[arg-type]
    assert rehearsed.anki.notes(search) == []


def test_the_decks_of_other_notes_are_not_taken_for_ones_own(rehearsed: Rehearsed, tmp_path: Path) -> None:
    other = Workspace(tmp_path / "other")
    other.write("zeta/z.md", "## Why Zeta?\nShips.\n")
    (other.root / "decks").symlink_to(rehearsed.workspace.decks)
    assert "is it the folder of other notes?" in other.run("export", status=2).stderr


def test_a_folder_within_that_of_the_notes_is_told_from_one_of_other_notes(workspace: Workspace) -> None:
    (workspace.root / "offbook.toml").write_text("companies = ['jobs/*']\n", "utf-8")
    workspace.write("jobs/acme/prep.md", "## Why us?\nShips.\n\n## Why now?\nSpring.\n\n## Why you?\nRopes.\n")
    workspace.run("export")
    told = workspace.run("export", "--notes", str(workspace.notes / "jobs"), status=2).stderr
    assert f"they are of notes in '{workspace.notes.absolute()}', around this folder; name that with --notes" in told
    assert "delete the ledger" not in told


def test_json_gives_the_same_as_data(rehearsed: Rehearsed) -> None:
    rehearsed.edit(lambda text: text.replace("shard the ledger table", "partition the ledger table"))
    data = json.loads(rehearsed.export("--json"))
    assert (data["changed"], data["unchanged"]) == (1, 3)
    assert data["companies"] == [
        {
            "name": "Acme",
            "slug": "acme",
            "package": "acme.apkg",
            "written": True,
            "new": 0,
            "changed": 1,
            "moved": 0,
            "retired": 0,
            "unchanged": 3,
            "open": 0,
        }
    ]
    (change,) = [change for change in data["changes"] if change["status"] == "changed"]
    assert change["was"] == "How would you shard the ledger table?"
    assert (change["path"], change["line"]) == ("acme/a.md", 6)


def test_what_no_import_by_hand_does_is_said_once_a_run(workspace: Workspace) -> None:
    for name in ("acme", "zeta"):
        workspace.write(f"{name}/a.md", f"## Why {name}?\nRobots.\n\n## Why now, {name}?\nShips.\n")
    workspace.run("export")
    for name in ("acme", "zeta"):
        workspace.write(
            f"{name}/a.md", f"---\ndeck: D::{name}\n---\n## Why {name}?\nRobots.\n\n## Why now, {name}?\nShips.\n"
        )
    stdout = workspace.run("export").stdout
    assert stdout.count("An import by hand puts no card in another deck") == 1
    assert stdout.index("2 cards in the deck Interviews::Zeta belong to D::zeta now.") < stdout.index(
        "These searches find"
    )
    assert '"deck:Interviews::Zeta" -"deck:D::zeta" (Key:' in stdout.partition("These searches find them:")[2]


def test_a_picture_that_is_missing_is_told_where_it_matters(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## Why Acme?\n![[gone.png]] Robots.\n")
    told = "there is no file “gone.png” in the vault"
    assert told in workspace.run("export").stderr
    assert told in workspace.run("check", status=1).stdout
    for command in ("status", "preview"):
        assert told not in workspace.run(command).stderr


def test_a_question_stays_a_card_whatever_changes_around_it(workspace: Workspace) -> None:
    """Its neighbours asked, and moved to another note: what looked like them is still a card, as it was one."""
    asking = "## Why them\nDashboards.\n\n## Why am I leaving\nLists.\n\n## Tell me about yourself\nNurse.\n"
    workspace.write("acme/prep.md", f"# Prep\n\n## Who they are\n3 hospitals.\n\n{asking}")
    workspace.run("export")
    workspace.write("acme/prep.md", "# Prep\n\n## Who they are\n3 hospitals.\n")
    workspace.write("acme/me.md", asking)
    for options in ([], [], ["--no-cache"]):
        assert workspace.changes(*options)["Who they are"] == "unchanged"
    assert "kept “Who they are” is a card only because it was one before" in workspace.run("check").stdout
    assert "was a card before, and still has its text" in workspace.run("cards", "--explain").stdout
    workspace.write("acme/prep.md", "# Prep\n\n## Who they are %%no card%%\n3 hospitals.\n")
    assert workspace.changes()["Who they are"] == "retired"


def test_one_that_stayed_a_card_stays_one_when_it_is_reworded(workspace: Workspace) -> None:
    asking = "## Why them\nDashboards.\n\n## Why am I leaving\nLists.\n\n## Tell me about yourself\nNurse.\n"
    workspace.write("acme/prep.md", f"# Prep\n\n## Who they are this year\n3 hospitals in Leeds.\n\n{asking}")
    workspace.run("export")
    guid = next(card["guid"] for card in workspace.cards() if card["question"] == "Who they are this year")
    workspace.write("acme/me.md", asking)
    workspace.write("acme/prep.md", "# Prep\n\n## Who they are this spring\n3 hospitals in Leeds.\n")
    assert workspace.changes()["Who they are this spring"] == "changed"
    assert guid in {card["guid"] for card in workspace.cards() if card["question"] == "Who they are this spring"}


def test_one_that_another_answer_would_swallow_stays_too(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## Why us?\nShips.\n\n## Prices\n\nA ticket is 5 euros?\n\nYes.\n")
    before = workspace.changes()
    assert set(before.values()) == {"new"}
    workspace.write("acme/a.md", "## Why us?\nShips.\n\n## What do we pay?\n\nA ticket is 5 euros?\n\nYes.\n")
    after = workspace.changes()
    assert "retired" not in {after.get(question) for question in before if question != "Prices"}


def test_one_that_a_labelled_answer_above_it_would_swallow_stays_too(workspace: Workspace) -> None:
    drop = "You have a big table, and drop the oldest month. What do you do?"
    pruning = "What is partition pruning?\n\nThe optimizer leaves out partitions.\n"
    workspace.write("acme/a.md", f"{drop}\n\nRange partitions.\n\n{pruning}")
    guids = {card["question"]: card["guid"] for card in workspace.cards()}
    workspace.run("export")
    workspace.write("acme/a.md", f"Q. {drop}\n\nA. Range partitions.\n\n{pruning}")
    assert {card["question"]: card["guid"] for card in workspace.cards()} == guids
    assert "retired" not in workspace.run("export").stdout


def test_a_question_that_only_a_mark_made_a_card_is_gone_with_it(workspace: Workspace) -> None:
    """What looked like it is told, as it stands there still."""
    workspace.write("acme/prep.md", "# Prep\n\n## Who they are #card\n3 hospitals.\n")
    workspace.run("export")
    workspace.write("acme/prep.md", "# Prep\n\n## Who they are\n3 hospitals.\n")
    told = workspace.run("export").stderr
    assert "acme/prep.md:3: “Who they are” is no longer read as a question here, so its card is retired" in told
    assert told.count("no longer read") == 1
    workspace.write("acme/prep.md", "# Prep\n\n## Who they are #card\n3 hospitals.\n")
    assert "no longer read" not in workspace.run("export").stderr


def test_a_question_that_another_note_has_and_that_is_not_read_as_one_there_is_told(workspace: Workspace) -> None:
    workspace.write("acme/prep.md", "## Who they are\n3 hospitals.\n\n## Why them?\nDashboards.\n" + OTHER)
    workspace.run("export")
    workspace.write("acme/prep.md", OTHER)
    workspace.write("acme/me.md", "# Me\n\nSome words of mine.\n\n- **Who they are**\n\nA nurse.\n")
    told = workspace.run("export").stderr
    assert "acme/me.md:5: “Who they are” is not read as a question here, so its card is retired" in told
    assert "Why them" not in told
    assert "read as a question" not in workspace.run("export").stderr


def test_a_question_of_signs_alone_is_not_looked_for_in_blank_lines(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "Q: ::\nA: A mark.\n\n" + OTHER)
    assert "2 new" in workspace.run("export").stdout
    workspace.write("acme/a.md", OTHER)
    result = workspace.run("export")
    assert "1 retired" in result.stdout
    assert "read as a question" not in result.stderr


@pytest.mark.parametrize(
    "note",
    [
        "%%no card%%\n## Why them?\nDashboards.\n",
        "## Why them? %%no card%%\nDashboards.\n",
        "## Why them?\n\n%%no card%%\nDashboards.\n",
        "---\ncards: explicit\n---\n## Why them?\nDashboards.\n",
        "<!--\n## Why them?\nDashboards.\n-->\n",
        "%%\n## Why them?\n%%\nDashboards.\n",
        "```\n## Why them?\nDashboards.\n```\n",
    ],
)
def test_where_the_writer_says_no_card_nothing_is_told(workspace: Workspace, note: str) -> None:
    workspace.write("acme/a.md", "## Why them?\nDashboards.\n" + OTHER)
    workspace.run("export")
    workspace.write("acme/a.md", note + OTHER.replace("ships?", "ships? #card"))
    result = workspace.run("export")
    assert "1 retired" in result.stdout
    assert "read as a question" not in result.stderr


def test_a_question_in_other_words_whose_answer_has_grown_is_the_same_card(workspace: Workspace) -> None:
    one = "## Why them?\nHealth for all.\n\n## {}\n{}\n\n## What do they earn?\n350 million a year.\n"
    workspace.write("acme/a.md", one.format("Who are their competitors?", "Jameda (DE), Zocdoc (US), Maiia (FR)"))
    workspace.run("export")
    before = guids(workspace)
    grown = "Jameda (DE), Zocdoc (US), Maiia (FR), Teleclinic (DE)"
    workspace.write("acme/a.md", one.format("Who competes with them?", grown))
    workspace.run("export")
    assert sorted(guids(workspace).values()) == sorted(before.values())


def test_a_note_that_moves_to_where_it_is_left_out_is_told(workspace: Workspace) -> None:
    (workspace.root / "offbook.toml").write_text('companies = "Firms/*"\nshared = ["Product"]\n', "utf-8")
    workspace.write("Firms/acme.md", "## Why them?\nDashboards.\n")
    workspace.write("Product/guesses.md", "## How many buses?\nNine thousand.\n")
    workspace.run("export")
    (workspace.notes / "Product/guesses.md").rename(workspace.notes / "guesses.md")
    told = "guesses.md: this note is left out, and so 1 card of Product/guesses.md is retired: neither `companies`"
    assert told in workspace.run("export").stderr


def test_notes_that_one_rule_leaves_out_are_told_at_once(workspace: Workspace) -> None:
    for name in ("one", "two"):
        workspace.write(f"acme/{name}.md", f"## Why {name}?\nDashboards.\n")
    workspace.write("acme/three.md", "## Why three?\nDashboards.\n")
    workspace.run("export")
    (workspace.notes / "Archive").mkdir()
    for name in ("one", "two"):
        (workspace.notes / f"acme/{name}.md").rename(workspace.notes / f"Archive/{name}.md")
    (told,) = workspace.run("export").stderr.splitlines()
    assert "Archive/one.md: this note and two.md are left out, and so 2 cards of theirs are retired: the arch" in told


def test_a_folder_of_notes_that_is_renamed_whole_is_not_taken_for_other_notes(workspace: Workspace) -> None:
    (workspace.root / "offbook.toml").write_text('companies = "Firms/*"\nshared = ["Old/*"]\n', "utf-8")
    for number in range(4):
        workspace.write(f"Old/acme/{number}.md", f"## Why {number}?\nDashboards.\n")
    workspace.write("Old.md", "---\ncompany: Acme\n---\n## What else?\nNothing.\n")
    workspace.run("export")
    for name in ("Old", "Old.md"):
        (workspace.notes / name).rename(workspace.notes / name.replace("Old", "New"))
    told = workspace.run("export", "--dry-run").stderr
    assert told.count("left out, and so") == 1  # of four notes; the fifth has a company of its own
    assert (
        "this note, 1.md, 2.md and 1 more are left out, and so 4 cards of theirs are retired: neither `companies`"
        in told
    )


def test_cards_that_retire_with_a_note_that_is_left_out_now_say_so(workspace: Workspace) -> None:
    """A folder that the settings name was renamed, and they were not."""
    (workspace.root / "offbook.toml").write_text('companies = "Firms/*"\nshared = ["js"]\n', "utf-8")
    workspace.write("Firms/acme.md", "## Why them?\nDashboards.\n")
    workspace.write(
        "js/async.md",
        "## 1. What is a promise?\nA value to come.\n\n## 2. What is a thunk?\nA delayed call of no arguments.\n",
    )
    workspace.run("export")
    before = guids(workspace)
    (workspace.notes / "js").rename(workspace.notes / "frontend")
    told = "frontend/async.md: this note is left out, and so 2 cards of js/async.md are retired: neither `companies`"
    assert told in workspace.run("export").stderr
    assert told not in workspace.run("export").stderr
    (workspace.root / "offbook.toml").write_text('companies = "Firms/*"\nshared = ["frontend"]\n', "utf-8")
    workspace.write(
        "frontend/async.md",
        "## 1. What is a thunk?\nA delayed call of no arguments.\n\n## 2. What is a promise?\nA value to come.\n",
    )
    workspace.run("export")
    assert guids(workspace)["What is a promise?"] == before["What is a promise?"]
    assert guids(workspace)["What is a thunk?"] == before["What is a thunk?"]


def guids(workspace: Workspace) -> dict[str, str]:
    return {entry.question: entry.guid for entry in ledger.load(workspace.decks / ledger.FILE_NAME)}


OLD = "## Why leave Foodly?\nAcquired in spring, the roadmap is frozen.\n"
NEW = "## Why are you leaving Foodly now?\nI want to build from nought to one.\n"
OTHER = "\n## Why ships?\nThey float.\n"


def test_a_card_that_may_be_the_same_in_other_words_is_told_once(workspace: Workspace) -> None:
    workspace.write("acme/a.md", OLD + OTHER)
    workspace.run("export")
    workspace.write("acme/a.md", NEW + OTHER)
    told = workspace.run("export").stderr
    assert "acme/a.md:1: “Why are you leaving Foodly now?” is a new card, and “Why leave Foodly?” is retired" in told
    assert "retired" not in workspace.run("export").stderr


def test_it_is_told_of_a_note_that_was_renamed(workspace: Workspace) -> None:
    file = workspace.write("acme/hiring manager.md", OLD + OTHER)
    workspace.run("export")
    file.unlink()
    workspace.write("acme/Marek.md", NEW + OTHER)
    assert "acme/Marek.md:1: “Why are you leaving Foodly now?” is a new card" in workspace.run("export").stderr


def test_it_is_not_told_of_cards_with_nothing_in_common(workspace: Workspace) -> None:
    workspace.write("acme/a.md", OLD + OTHER)
    workspace.run("export")
    workspace.write("acme/a.md", "## What is RICE?\nReach, impact, confidence, effort.\n" + OTHER)
    assert "is a new card" not in workspace.run("export").stderr


@pytest.mark.parametrize("renamed", [False, True])
def test_what_is_told_then_brings_the_reviews_back(rehearsed: Rehearsed, renamed: bool) -> None:
    old = "## How would you shard the ledger table?\nBy account, because transfers touch two accounts at most.\n"
    new = "## Where do you cut the ledger table in two?\nEach customer lives on one machine.\n"
    if renamed:
        (rehearsed.workspace.notes / "acme/a.md").rename(rehearsed.workspace.notes / "acme/b.md")
    path = "acme/b.md" if renamed else "acme/a.md"
    rehearsed.edit(lambda text: text.replace(old, new), path)
    rehearsed.export()
    rehearsed.imported()
    guid = rehearsed.anki.note("How would you shard the ledger table?").guid
    with_id = [text.replace("?\n", "? ^ledger\n") for text in (old, new)]
    rehearsed.edit(lambda text: text.replace(new, with_id[0]), path)
    assert "1 changed, 1 retired, 3 unchanged" in rehearsed.export()
    rehearsed.imported()
    rehearsed.edit(lambda text: text.replace(with_id[0], with_id[1]), path)
    rehearsed.export()
    rehearsed.check(updated=1)
    (back,) = [note for note in rehearsed.anki.notes() if note.guid == guid]
    assert "cut the ledger table" in back["Question"]
    assert "Each customer" in back["Answer"]


@pytest.mark.parametrize("target", ["y", "y#What is POST?"])
@pytest.mark.parametrize("own", ["", "By hand.\n\n"])
def test_a_card_that_embeds_a_note_with_a_fault_stays_as_it_was_exported(
    workspace: Workspace, anki: Anki, target: str, own: str
) -> None:
    workspace.write("acme/x.md", f"## How do I boot?\n{own}![[{target}]]\n\n## What is a BMC?\nA small computer.\n")
    whole = workspace.write("acme/y.md", "# Y\n\n## What is POST?\nA power-on self-test.\n")
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    text = whole.read_text("utf-8")
    whole.write_text(f"<<<<<<< HEAD\n# Y\n=======\n# Z\n>>>>>>> theirs\n{text}", "utf-8")
    told = workspace.run("export", status=1)
    place = 1 + 1 + own.count("\n")
    assert f"acme/x.md:{place}: [[{target}]] cannot be shown before acme/y.md:1 is mended" in told.stderr
    assert "1 unchanged" in told.stdout
    assert not anki.import_package(workspace.decks / "acme.apkg")["updated"]
    assert "self-test" in anki.note("How do I boot?")["Answer"]
    whole.write_text(text, "utf-8")
    assert set(workspace.changes().values()) == {"unchanged"}


def test_a_card_that_embeds_a_note_with_a_fault_is_not_retired_where_it_is_reworded(workspace: Workspace) -> None:
    card = workspace.write("acme/x.md", "## What is Raft?\n![[y]]\n")
    story = workspace.write("acme/y.md", "It elects a leader, which orders what all write.\n")
    workspace.run("export")
    story.write_text("---\ntags: [\n---\nIt elects a leader, which orders what all write.\n", "utf-8")
    card.write_text("## What is the Raft?\n![[y]]\n", "utf-8")
    assert "retired" not in workspace.run("export", status=1).stdout
    story.write_text("It elects a leader, which orders what all write.\n", "utf-8")
    assert workspace.changes() == {"What is the Raft?": "changed"}
