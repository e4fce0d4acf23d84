"""What a script can use of offbook."""

from __future__ import annotations

import datetime
import pydoc
import subprocess
import sys
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, get_args, get_type_hints

import pytest
from conftest import Anki, Workspace

import offbook
from offbook import api
from offbook.errors import UsageError


def test_cards_of_a_text() -> None:
    note = "---\ntags: x\n---\n## What is Raft? #db\nConsensus.\n\n## Why us?\n\n## More\n\nA {{c1::gap}}.\n"
    raft, why, gap = offbook.find_cards(note)
    assert raft == offbook.FoundCard("What is Raft?", "Consensus.", "question", "heading", 4, ("db",), "note.md")
    assert (why.question, why.answer, why.line) == ("Why us?", None, 7)
    assert (gap.question, gap.answer, gap.kind) == ("A […].", "gap", "cloze")


def test_front_matter_counts_and_may_be_wrong() -> None:
    assert offbook.find_cards("---\ncards: explicit\n---\n## What is Raft?\nConsensus.\n") == []
    with pytest.raises(ValueError, match=r"note\.md:2: `cards` must be"):
        offbook.find_cards("---\ncards: some\n---\n## What is Raft?\nConsensus.\n")


def test_the_name_may_be_the_question() -> None:
    (card,) = offbook.find_cards("Because of the ships.\n", "acme/Why Acme?.md")
    assert card.question == "Why Acme?"


def test_a_path_is_a_file_or_a_folder_of_a_vault(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    (workspace.root / "offbook.toml").write_text('notes = "notes"\nshared = ["Stories"]\n', "utf-8")
    workspace.write("Acme/a.md", "## What is Raft? #db\nConsensus.\n\n## Why us?\n")
    workspace.write("Stories/s.md", "## Tell me a story.\nOnce.\n")
    exported = {change.question: change.guid for change in offbook.build(workspace.notes, workspace.decks).changes}
    raft, why = offbook.find_cards(workspace.notes / "Acme" / "a.md")
    assert (raft.path, raft.company, raft.deck, raft.guid) == (
        "Acme/a.md", ("Acme",), "Interviews::Acme", exported["What is Raft?"]
    )  # fmt: skip
    assert why.answer is None
    assert [card.path for card in offbook.find_cards(workspace.notes)] == ["Acme/a.md"] * 2 + ["Stories/s.md"]
    assert offbook.find_cards(workspace.notes / "Stories")[0].company == ("all",)
    assert not workspace.decks.exists()
    with pytest.raises(UsageError, match="there is no"):
        offbook.find_cards(workspace.notes / "b.md")
    with pytest.raises(UsageError, match="is not a note"):
        offbook.find_cards(workspace.root / "offbook.toml")


@pytest.mark.parametrize("text", ["notes/acme/a.md", "nowhere/A.MD", "other.markdown", "notes"])
def test_a_path_that_is_given_as_a_text_is_an_error(here: Workspace, text: str) -> None:
    here.write("acme/a.md", "## What is Raft?\nConsensus.\n")
    with pytest.raises(offbook.UsageError, match=r"is a path, and a str is the text of a note: use find_cards\(Path\("):
        offbook.find_cards(text)


@pytest.mark.parametrize(
    "text", ["", "x" * 10_000, "a\0b", "Raft :: Consensus", "See notes/a.md.", "## Why?\n\nnotes/a.md"]
)
def test_a_text_is_no_path(text: str) -> None:
    assert [card.question for card in offbook.find_cards(text)] in ([], ["Raft"], ["Why?"])


def test_a_folder_with_a_faulty_note_names_it_and_has_the_cards_of_the_others(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "---\ncards: some\n---\n## What is Raft?\nConsensus.\n")
    workspace.write("acme/b.md", "## What is Paxos?\nConsensus.\n")
    with pytest.raises(offbook.NoteError, match=r"acme/a\.md:2") as caught:
        offbook.find_cards(workspace.notes)
    assert [problem.location.line for problem in caught.value.problems] == [2]
    assert "What is Paxos?" in [card.question for card in caught.value.cards]


def test_a_build_takes_the_folders_that_the_settings_name(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workspace.root / "offbook.toml").write_text('notes = "vault"\ndecks = "out"\n', "utf-8")
    (workspace.root / "vault" / "acme").mkdir(parents=True)
    (workspace.root / "vault" / "acme" / "a.md").write_text("## What is Raft?\nConsensus.\n", "utf-8")
    monkeypatch.chdir(workspace.root)
    assert [change.question for change in offbook.export_decks().changes] == ["What is Raft?"]
    assert (workspace.root / "out" / "acme.apkg").exists()


def test_a_build_writes_nothing_and_an_export_does(
    workspace: Workspace, anki: Anki, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("offbook.api.time.time", lambda: 1_800_000_000.0)
    workspace.write("acme/a.md", "## What is Raft?\nConsensus.\n")
    result = offbook.build(workspace.notes, str(workspace.decks))
    assert [(change.status, change.question) for change in result.changes] == [("new", "What is Raft?")]
    assert not workspace.decks.exists()
    assert offbook.export_decks(workspace.notes, workspace.decks, ["Acme"]).packages == result.packages
    assert anki.import_package(workspace.decks / "acme.apkg")["new"] == 1
    with pytest.raises(UsageError, match="there is no company 'Zeta'"):
        offbook.build(workspace.notes, workspace.decks, ["Zeta"])


def test_a_change_says_what_the_card_was(workspace: Workspace) -> None:
    file = workspace.write("acme/a.md", "## How is a billing ledger sharded here?\nBy its tenants, with a directory.\n")
    (change,) = offbook.export_decks(workspace.notes, workspace.decks).changes
    assert (change.status, change.before) == (offbook.Status.NEW, None)
    file.write_text(file.read_text("utf-8").replace(" here", ""), "utf-8")
    (change,) = offbook.build(workspace.notes, workspace.decks).changes
    before = offbook.Former("How is a billing ledger sharded here?", "acme/a.md", "Interviews::Acme")
    assert (change.status, change.before) == (offbook.Status.CHANGED, before)


def test_a_build_names_the_interviews(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "---\ninterview: 2026-12-03\n---\n## Why?\nSo.\n")
    workspace.write("zeta/a.md", "---\ninterview: soon\n---\n## Why now?\nSo.\n")
    result = offbook.build(workspace.notes, workspace.decks)
    assert result.interviews == (offbook.Interview(("acme",), datetime.date(2026, 12, 3)),)
    assert [str(problem.location) for problem in result.problems] == ["zeta/a.md:2"]


def test_what_public_types_hold_is_public_too() -> None:
    types = [each for name in api.__all__ if isinstance(each := getattr(offbook, name), type)]
    assert offbook.Change in types
    for each in types:
        for name, hint in get_type_hints(each).items():
            for part in parts_of(hint):
                assert part.__module__.partition(".")[0] != "offbook" or part in types, f"{each.__name__}.{name}"


def parts_of(hint: Any) -> Iterator[Any]:
    """Yield the types that a type is put together of."""
    inner = [part for part in get_args(hint) if part is not Ellipsis]
    if not inner:
        yield hint
    for part in inner:
        yield from parts_of(part)


def test_a_script_needs_no_guard(workspace: Workspace) -> None:
    """Worker processes would run it again."""
    for number in range(120):
        workspace.write(f"acme/{number}.md", "".join(f"## What is {number}-{n}?\n{'So. ' * 400}\n" for n in range(6)))
    script = workspace.root / "script.py"
    folders = f"{str(workspace.notes)!r}, {str(workspace.decks)!r}"
    script.write_text(f"import offbook\nprint(len(offbook.build({folders}).changes))\n", "utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("720\n", "")


def test_what_is_public_is_documented_and_the_rest_is_not_offered() -> None:
    assert dir(offbook) == sorted(offbook.__all__) == sorted([*api.__all__, "__version__"])
    shown = pydoc.plain(pydoc.render_doc(offbook))
    for name in api.__all__:
        assert getattr(offbook, name).__doc__
        assert name in shown
    with pytest.raises(AttributeError):
        _ = offbook.Project


def test_counts_are_of_the_companies_asked_for(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## Why us?\nRobots.\n")
    workspace.write("globex/b.md", "## Why them?\nPay.\n")
    workspace.write("general.md", "## Why now?\nReorg.\n")
    built = offbook.build(workspace.notes, workspace.decks, companies=["Acme"])
    assert set(built.counts()) == {"acme"} == set(built.packages)
    assert set(offbook.build(workspace.notes, workspace.decks).counts()) == {"acme", "globex"}


def test_the_name_of_a_text_may_be_a_path() -> None:
    assert [card.path for card in offbook.find_cards("## Why us?\nRobots.\n", PurePath("pitch.md"))] == ["pitch.md"]
