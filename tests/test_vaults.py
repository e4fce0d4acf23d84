"""Vaults as people keep them: whose notes are in which folder, and what is left out."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import Anki, Workspace, empty_collection, run

from offbook.cli import cli

CARD = "## Why {0}?\nBecause of {0}.\n"


def settings(here: Workspace, text: str) -> None:
    (here.root / "offbook.toml").write_text(text)


def owners(here: Workspace) -> dict[str, list[str]]:
    return {card["path"]: card["company"] for card in here.cards()}


# -- companies -------------------------------------------------------------------------------------


def test_a_pattern_says_which_folders_and_notes_are_companies(here: Workspace) -> None:
    for path in (
        "Companies/numbra/technical/rust.md",
        "Companies/Tallowby.md",
        "Stories/outage.md",
        "Daily/2026-01-02.md",
        "Recipes/bread.md",
    ):
        here.write(path, CARD.format(path))
    here.write("Daily/2026-01-03.md", "---\ncompany: Numbra\n---\n" + CARD.format("today"))
    settings(here, 'companies = "Companies/*"\nshared = ["Stories"]\n')
    assert owners(here) == {
        "Companies/numbra/technical/rust.md": ["Numbra"],
        "Companies/Tallowby.md": ["Tallowby"],
        "Stories/outage.md": ["all"],
        "Daily/2026-01-03.md": ["Numbra"],
    }
    told = run("status", "-v").stdout
    assert "4 notes in notes, 2 left out. " in told
    rule = "neither `companies` (Companies/*) nor `shared` matches it, and no `company:` names one"
    assert f"notes/Recipes/bread.md: left out: {rule}\n" in told


def test_several_patterns(here: Workspace) -> None:
    for path in ("Now/Acme/a.md", "Maybe/2026/Zeta/z.md", "Now.md"):
        here.write(path, CARD.format(path))
    settings(here, 'companies = ["Now/*", "Maybe/*/*"]\n')
    assert owners(here) == {"Now/Acme/a.md": ["Acme"], "Maybe/2026/Zeta/z.md": ["Zeta"]}


def test_a_folder_that_was_renamed_is_known_by_its_notes(here: Workspace) -> None:
    """Of `shared`, the folder of the companies is never meant."""
    here.write("Interviews/Acme/a.md", CARD.format("acme"))
    here.write("Interviews/Zeta/a.md", CARD.format("zeta"))
    for name in ("outage", "merge"):
        here.write(f"Stories/{name}.md", CARD.format(name))
    settings(here, 'companies = "Interviews/*"\nshared = ["Stories"]\n')
    assert here.run("export").stderr == ""
    (here.notes / "Stories").rename(here.notes / "Behavioural")
    told = here.run("export").stderr
    assert "`shared` names 'Stories', and no note is there; did you mean 'Behavioural'?\n" in told
    shutil.rmtree(here.notes / "Behavioural")
    told = here.run("export").stderr
    assert "`shared` names 'Stories', and no note is there; name the folder as it is called now" in told
    (here.notes / "Interviews").rename(here.notes / "Talks")
    told = here.run("check", status=1).stdout
    assert "`companies` names 'Interviews/*', and no note is there; did you mean 'Talks/*'?" in told


@pytest.mark.parametrize(
    ("companies", "note", "others", "to"),
    [
        (["Interviews/*"], "Interviews/Acme/Questions.md", ["General/Questions.md"], "Interviews/Archive/Acme"),
        (["Interviews/*"], "Interviews/Acme/Questions.md", ["General/Questions.md"], ""),
        (["Interviews/*", "Old/*"], "Old/Zeta/Interview.md", ["Interviews/Acme/Interview.md"], ""),
        (["Interviews/*", "Old/*"], "Old/Zeta/Interview.md", ["Interviews/Acme/Interview.md"], "Interviews/Zeta"),
    ],
)
def test_the_last_company_of_a_folder_may_go(
    here: Workspace, companies: list[str], note: str, others: list[str], to: str
) -> None:
    """Notes of others may have the file name of its notes."""
    for path in (note, *others):
        here.write(path, CARD.format(path))
    settings(here, f'companies = {companies}\nshared = ["General"]\n')
    here.run("export")
    folder = (here.notes / note).parent
    if to:
        (here.notes / to).parent.mkdir(exist_ok=True)
        folder.rename(here.notes / to)
    else:
        shutil.rmtree(folder)
    here.run("export")
    assert note not in owners(here)


@pytest.mark.parametrize(
    ("pattern", "before", "now"),
    [
        ("Work/*", "Work/Acme/a.md", "Jobs/Acme/a.md"),
        ("Work/*", "Work/Acme/a.md", "Acme/a.md"),
        ("Work/*.md", "Work/Acme.md", "Jobs/Acme.md"),
        ("*/Companies/*", "Work/Companies/Acme/a.md", "Work/Firms/Acme/a.md"),
        ("Work/Acme", "Work/Acme/a.md", "Jobs/Acme/a.md"),
    ],
)
def test_companies_whose_folder_was_renamed_do_not_go_unless_that_is_meant(
    here: Workspace, pattern: str, before: str, now: str
) -> None:
    here.write(before, CARD.format("acme"))
    here.write("General/a.md", CARD.format("general"))
    settings(here, f'companies = "{pattern}"\nshared = ["General"]\n')
    here.run("export")
    here.write(now, (here.notes / before).read_bytes())
    (here.notes / before).unlink()
    told = here.run("export", status=2).stderr
    assert "as a company would go. If that is meant, move the notes to a folder 'Archive'; else mend it" in told
    (here.notes / "Archive").mkdir()
    (here.notes / now).rename(here.notes / "Archive/a.md")
    assert "1 retired" in here.run("export").stdout


def test_a_setting_that_matches_nothing_is_told_of(here: Workspace) -> None:
    here.write("Companies/Acme/a.md", CARD.format("acme"))
    here.write("My stories/b.md", CARD.format("a failure"))
    settings(here, 'companies = "Companies/*"\nshared = ["Stories", "Other"]\n')
    told = (
        "offbook.toml: `shared` names 'Stories', and no note is there; did you mean 'My stories'?\n"
        "offbook.toml: `shared` names 'Other', and no note is there; name the folder as it is called now, or leave it "
        "out\n"
    )
    assert sorted(here.run("export").stderr.splitlines()) == sorted(told.splitlines())
    assert here.run("check", status=1).stdout.endswith("To mend: 2 settings.\n")
    settings(here, 'companies = "Companies/*"\nshared = ["My stories"]\nignore = ["Old", "*.draft.md", "b"]\n')
    assert here.run("export").stderr == (
        "offbook.toml: `ignore` names 'Old', and nothing is there; name it as it is called now, or leave it out\n"
    )
    settings(here, 'companies = "Companies/*"\nshared = ["My stories"]\n')
    assert here.run("check").stdout == "Nothing to fix.\n"


@pytest.mark.parametrize("name", ["CHANGELOG.md", "contributing.de.md", "License.md"])
def test_a_file_about_its_folder_is_no_note(here: Workspace, name: str) -> None:
    here.write(name, CARD.format("about"))
    here.write("Acme/README.md", CARD.format("acme"))
    assert owners(here) == {"Acme/README.md": ["Acme"]}


@pytest.mark.parametrize("name", ["README.md", "readme.de.md", "Index.md", "_index.md"])
def test_a_readme_serves_every_company(here: Workspace, name: str) -> None:
    here.write(name, CARD.format("readme"))
    here.write("Acme/README.md", CARD.format("acme"))
    assert owners(here) == {"Acme/README.md": ["Acme"], name: ["all"]}


def test_a_note_with_its_folders_name_is_about_the_folder(here: Workspace) -> None:
    here.write("Companies/Companies.md", CARD.format("all of them"))
    here.write("Companies/Acme.md", CARD.format("acme"))
    settings(here, 'companies = "Companies/*"\n')
    assert owners(here) == {"Companies/Acme.md": ["Acme"]}


def test_empty_notes_and_attachments_make_no_company(here: Workspace) -> None:
    here.write("Acme/a.md", CARD.format("acme"))
    here.write("Empty.md", "")
    here.write("Words.md", "Only words.\n")
    here.write("attachments/x.png", b"\x89PNG")
    assert [line.split()[0] for line in run("status").stdout.splitlines()[1:-1]] == ["Acme"]
    assert "known companies: Acme\n" in run("export", "words", status=2).stderr


@pytest.mark.parametrize(
    "text",
    [
        "---\ndate: {{date}}\n---\n## What is asked?\nThis.\n",
        "# {{title}}\n\n## What is asked?\nThis.\n",
        "# <% tp.file.title %>\n\n## What is asked?\nThis.\n",
        "---\ncreated: <% tp.date.now() %>\n---\n## What is asked?\nThis.\n",
        "<%* const name = await tp.system.prompt() -%>\n## What is asked?\nThis.\n",
    ],
)
def test_a_note_with_places_to_fill_in_is_a_template(here: Workspace, text: str) -> None:
    here.write("Acme/a.md", CARD.format("acme"))
    here.write("Company note.md", text)
    assert owners(here) == {"Acme/a.md": ["Acme"]}
    assert "Company note.md: left out: it is a template" in run("status", "-v").stdout
    run("check")


@pytest.mark.parametrize(
    "text", ["## What does `<%* x %>` do?\nRuns.\n", "## Vue?\n```\n# {{title}}\n<% tp.x %>\n```\n"]
)
def test_code_about_templates_is_none(here: Workspace, text: str) -> None:
    here.write("Acme/a.md", text)
    assert len(here.cards()) == 1


@pytest.mark.parametrize(
    ("file", "key"), [("templates.json", "folder"), ("plugins/templater-obsidian/data.json", "templates_folder")]
)
def test_the_folders_of_templates_are_left_out(here: Workspace, file: str, key: str) -> None:
    here.write("Acme/a.md", CARD.format("acme"))
    here.write("Extras/Forms/company.md", CARD.format("company"))
    here.write(f".obsidian/{file}", json.dumps({key: "Extras/Forms"}))
    assert owners(here) == {"Acme/a.md": ["Acme"]}


@pytest.mark.parametrize("nested", [True, False])
def test_the_tags_of_the_plugin_spaced_repetition_say_what_notes_are_of_flashcards(
    here: Workspace, nested: bool
) -> None:
    here.write("Acme/a.md", "#karteikarten/os\n\nMutex::A lock with an owner.\n\nA ==thread== runs.\n")
    assert here.cards() == []
    tags = {"flashcardTags": ["#karteikarten"]}
    data = here.notes / ".obsidian/plugins/obsidian-spaced-repetition/data.json"
    here.write(data.relative_to(here.notes).as_posix(), json.dumps({"settings": tags} if nested else tags))
    assert [(card["dialect"], card["line"]) for card in here.cards()] == [("inline", 3), ("cloze", 5)]
    data.write_text('["no settings"]')
    assert here.cards() == []
    settings(here, 'flashcard_tags = ["#karteikarten"]\n')
    assert len(here.cards()) == 2


def test_folders_can_be_decks_in_decks(here: Workspace) -> None:
    for path in ("C/Acme/a.md", "C/Acme/Tech/Rust/b.md"):
        here.write(path, CARD.format(path))
    settings(here, 'companies = "C/*"\ndeck = "Interviews::{company}::{folder}"\n')
    decks = {card["path"]: card["deck"] for card in here.cards()}
    assert decks == {"C/Acme/a.md": "Interviews::Acme", "C/Acme/Tech/Rust/b.md": "Interviews::Acme::Tech::Rust"}


# -- the end of a company --------------------------------------------------------------------------


def _archive(here: Workspace) -> None:
    (here.notes / "Archive").mkdir()
    (here.notes / "Acme").rename(here.notes / "Archive/Acme")


def _reopen(here: Workspace) -> None:
    (here.notes / "Archive/Acme").rename(here.notes / "Acme")


ENDS = {
    "archive": (_archive, _reopen),
    "setting": (lambda here: settings(here, 'closed = ["acme"]\n'), lambda here: settings(here, "")),
    "front matter": (
        lambda here: here.write("Acme/over.md", "---\nclosed: true\n---\n"),
        lambda here: (here.notes / "Acme/over.md").unlink(),
    ),
}


@pytest.mark.parametrize(
    ("name", "meant"), [("Acme", "Acme (declined)"), ("Zetta", "Zeta"), ("Zeta", ""), ("Long gone", "")]
)
def test_a_closed_company_of_another_name_is_told(here: Workspace, name: str, meant: str) -> None:
    here.write("Acme (declined).md", CARD.format("Acme"))
    here.write("Zeta.md", CARD.format("Zeta"))
    settings(here, f'closed = ["{name}"]\n')
    told = run("status").stderr
    assert (f"`closed` names {name!r}, and no company is called so; did you mean {meant!r}?" in told) == bool(meant)


@pytest.mark.parametrize("how", ENDS)
def test_a_company_ends_and_comes_back_with_its_reviews(here: Workspace, anki: Anki, how: str) -> None:
    end, reopen = ENDS[how]
    for name in ("Acme", "Zeta"):
        here.write(f"{name}/a.md", "".join(CARD.format(f"{name} {number}") for number in range(4)))
    here.write("both.md", "---\ncompany: [Acme, Zeta]\n---\n" + CARD.format("both"))
    guids = {card["question"]: card["guid"] for card in here.cards()}
    collection = str(Path(anki.collection.path))
    anki.collection.close()

    def bring() -> None:
        run("import", "--collection", collection)

    def suspended() -> set[str]:
        anki.collection.reopen()
        found = {note.fields[0] for note in anki.notes("is:suspended")}
        anki.collection.close()
        return found

    bring()
    end(here)
    assert "retire 4" in run("status").stdout
    assert "Acme: 4 retired" in run("export").stdout
    assert "Acme" not in run("status").stdout
    bring()
    assert suspended() == {f"Why Acme {number}?" for number in range(4)}
    run("export")
    assert not (here.decks / "acme.apkg").exists()
    assert (here.decks / "zeta.apkg").exists()
    told = run("export", "Acme", status=2).stderr
    assert "'Acme' is gone: " in told
    assert "its 4 cards were retired on " in told
    assert run("retired", "acme").stdout.count("Why Acme") == 4
    reopen(here)
    assert {card["question"]: card["guid"] for card in here.cards()} == guids
    bring()
    assert suspended() == set()
    anki.collection.reopen()


def test_of_a_company_that_is_gone_the_one_is_named_whose_name_begins_so(here: Workspace) -> None:
    here.write("Acme/a.md", CARD.format("us"))
    run("export")
    here.write("Acme (Ghent)/b.md", CARD.format("them"))
    (here.notes / "Acme/a.md").unlink()
    run("export")
    assert "Did you mean 'Acme (Ghent)'?" in run("export", "acme", status=2).stderr


def test_the_only_company_can_end(here: Workspace) -> None:
    here.write("Acme/a.md", "".join(CARD.format(number) for number in range(5)))
    run("export")
    _import(here)
    _archive(here)
    assert "Acme: 5 retired" in run("export").stdout
    run("export")
    assert (here.decks / "acme.apkg").exists()
    _import(here)
    run("export")
    assert not (here.decks / "acme.apkg").exists()
    assert "its notes are in the archive, such as notes/Archive/Acme/a.md" in run("export", "acme", status=2).stderr


def _import(here: Workspace) -> None:
    """Import into a collection, which suspends retired cards."""
    collection = here.root / "collection.anki2"
    if not collection.exists():
        empty_collection(collection)
    run("import", "--collection", str(collection))


@pytest.mark.parametrize(
    "name",
    ["Archive", "archives", "Archiv", "Archivo", "Archivio", "Archief", "Архив", "_archive", "99 Archive", "z_Archive"],
)
def test_the_archive_has_its_usual_names(here: Workspace, name: str) -> None:
    here.write("Acme/a.md", CARD.format("acme"))
    here.write(f"{name}/Zeta/b.md", CARD.format("zeta"))
    assert owners(here) == {"Acme/a.md": ["Acme"]}
    assert f"left out: the archive, a folder '{name}'" in here.run("status", "-v").stdout


def test_a_symbolic_link_to_a_note_is_that_note(here: Workspace) -> None:
    note = here.write("Acme/a.md", CARD.format("acme"))
    for link in ("Acme/latest.md", "Blue/story.md", "Latest.md"):
        (here.notes / link).parent.mkdir(exist_ok=True)
        (here.notes / link).symlink_to(note)
    assert owners(here) == {"Acme/a.md": ["Acme"]}
    assert "Latest.md: left out: it is a symbolic link to 'Acme/a.md', which is read" in run("status", "-v").stdout
    run("check")


def test_a_symbolic_link_to_a_note_that_is_not_read_is_one(here: Workspace) -> None:
    (here.root / ".obsidian").mkdir()
    shared = here.root / "stories.md"
    shared.write_text(CARD.format("acme"), "utf-8")
    (here.notes / "Acme").mkdir()
    for link in ("Acme/a.md", "Acme/b.md"):
        (here.notes / link).symlink_to(shared)
    assert owners(here) == {"Acme/a.md": ["Acme"]}


def test_a_note_that_becomes_a_symbolic_link_is_told(here: Workspace) -> None:
    for path in ("Acme.md", "Latest.md"):
        here.write(path, CARD.format(path))
    run("export")
    (here.notes / "Latest.md").unlink()
    (here.notes / "Latest.md").symlink_to("Acme.md")
    told = run("export").stderr
    assert "Latest.md: this note is left out, and so 1 card is retired: it is a symbolic link" in told


def test_the_name_of_the_archive_is_a_setting(here: Workspace) -> None:
    here.write("Acme/a.md", CARD.format("acme"))
    here.write("Acme/Old/b.md", CARD.format("old"))
    here.write("Archive/c.md", CARD.format("archive"))
    settings(here, 'archive = "Old"\n')
    assert owners(here) == {"Acme/a.md": ["Acme"], "Archive/c.md": ["Archive"]}


@pytest.mark.parametrize("renamed", ["notes/Neu", "notes/Archive/Alt", "elsewhere"])
def test_the_package_of_a_company_without_cards_goes_and_that_is_said(here: Workspace, renamed: str) -> None:
    here.write("Alt/a.md", CARD.format("alt"))
    here.write("Zeta/b.md", CARD.format("zeta"))
    here.write("All/c.md", CARD.format("all"))
    settings(here, 'shared = ["All"]\n')
    run("export")
    (here.root / renamed).parent.mkdir(exist_ok=True)
    (here.notes / "Alt").rename(here.root / renamed)
    if renamed != "notes/Neu":  # the cards are retired, and not another company's: the package tells Anki
        assert "Alt: 1 retired" in run("export").stdout
        assert "Alt: " not in run("export").stdout
        _import(here)
    told = "Alt: no card of its own left\n  decks/alt.apkg "
    assert f"{told}would be removed\n" in run("export", "--dry-run").stdout
    assert (here.decks / "alt.apkg").exists()
    assert "Alt  " not in run("status").stdout
    assert f"{told}removed\n" in run("export").stdout
    assert not (here.decks / "alt.apkg").exists()
    assert "alt" not in run("export").stdout.lower()


def test_the_package_of_notes_for_all_goes_once_there_is_a_company(here: Workspace) -> None:
    here.write("questions.md", CARD.format("all"))
    assert "decks/common.apkg written" in run("export").stdout
    here.write("Acme.md", CARD.format("acme"))
    told = run("export")
    assert told.stdout == (
        "Acme: 1 new, 1 unchanged\n  decks/acme.apkg written\n"
        "Common: no card of its own left\n  decks/common.apkg removed\n"
    )
    assert not (here.decks / "common.apkg").exists()


def test_a_company_is_gone_at_once_though_a_note_was_deleted_when_it_was_renamed(here: Workspace) -> None:
    """Its deleted card is retired as one of the company's new name, in whose deck the other cards are."""
    here.write("Alt/a.md", CARD.format("alt"))
    here.write("Alt/more.md", CARD.format("this"))
    run("export")
    (here.notes / "Alt").rename(here.notes / "Neu")
    (here.notes / "Neu/more.md").unlink()
    told = run("export").stdout
    assert told.startswith(
        "Neu: 1 moved, 1 retired\n  decks/neu.apkg written\nAlt: no card of its own left\n  decks/alt.apkg removed\n"
    )
    assert "Alt" not in run("export").stdout
    assert "Neu: 1 unchanged" in run("export").stdout


def test_cards_that_went_to_a_company_that_was_there_rename_none(here: Workspace) -> None:
    here.write("Alt/a.md", CARD.format("alt"))
    here.write("Alt/more.md", CARD.format("this"))
    here.write("Neu/b.md", CARD.format("new"))
    run("export")
    (here.notes / "Alt/a.md").rename(here.notes / "Neu/a.md")
    (here.notes / "Alt/more.md").unlink()
    assert "Alt: 1 retired\n" in run("export").stdout


def test_a_package_of_nobody_is_told_and_stays(here: Workspace) -> None:
    """As on another computer, which has the packages of before and gets the ledger of a company that was renamed."""
    here.write("Alt/a.md", CARD.format("alt"))
    run("export")
    package = (here.decks / "alt.apkg").read_bytes()
    (here.notes / "Alt").rename(here.notes / "Neu")
    run("export")
    (here.decks / "alt.apkg").write_bytes(package)
    told = "alt.apkg: this package in 'decks' belongs to no company any more"
    for command in ("export", "status"):
        assert told in run(command).stderr
    checked = run("check").stdout
    assert "alt.apkg: stray-package this package in 'decks' belongs" in checked
    assert "stray-package" not in run("check", "Neu").stdout
    assert (here.decks / "alt.apkg").read_bytes() == package
    (here.decks / "alt.apkg").unlink()
    assert "alt.apkg" not in run("export").stderr + run("check").stdout


# -- beginning -------------------------------------------------------------------------------------


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vault with interviews among other notes."""
    root = tmp_path / "Vault"
    files = {
        ".obsidian/templates.json": '{"folder": "Templates"}',
        "Templates/Company.md": "# {{title}}\n\n## Why?\n",
        "Daily/2026-01-02.md": CARD.format("daily"),
        "Interviews/CONTRIBUTING.md": "How I keep these.\n",
        "Interviews/Numbra/rust.md": CARD.format("rust"),
        "Interviews/tallowby-r2-interview.md": CARD.format("tallowby") + "\n## Why else?\n",
        "Interviews/empty.md": "",
    }
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    monkeypatch.chdir(root)
    return root


def test_init_stays_where_it_is_run(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(vault / "Interviews")
    told = run("init").stdout
    assert told == (
        "Wrote offbook.toml.\n"
        "  vault: ..\n"
        "  notes: . (4 notes)\n"
        "  decks: decks\n"
        "  Numbra: 1 card\n"
        "  Tallowby: 1 card, 1 open question\n"
        "  In all: 2 cards, 1 open question.\n"
        "  left out: 1 note: it is about its folder, as its name says\n"
        "  offbook status -v lists the notes that are left out\n"
        "Next: offbook cards shows what becomes a card, offbook export writes the packages.\n"
    )
    assert "Numbra: 1 new\n  decks/numbra.apkg written\n" in run("export").stdout
    monkeypatch.chdir(vault / "Interviews/Numbra")
    assert "Numbra: 1 unchanged\n  ../decks/numbra.apkg unchanged\n" in run("export").stdout


def test_in_a_vaults_root_init_takes_the_folder_that_looks_like_interviews(vault: Path) -> None:
    told = run("init").stdout
    assert told.startswith(
        "Took Interviews, which looks like interviews; 2 notes elsewhere in the vault are left out.\n"
        "Wrote offbook.toml.\n"
    )
    assert (
        "For the whole vault, write into offbook.toml, in place of its line `notes = …`:\n"
        '  notes = "."\n'
        '  companies = "Interviews/*"\n'
    ) in told
    assert "3 notes in Interviews, 1 left out" in run("status").stdout


def test_init_proposes_to_share_the_folders_that_interviews_link_to(vault: Path) -> None:
    """A folder that is named so is proposed without a link; a day that is linked to is nobody's story."""
    links = "[[Tom and the cart|Tom]], [[Kit/Scales#Kilos]], [[2026-01-02]], [[rust]]"
    for path, text in {
        "Interviews/Numbra/links.md": f"## Why you?\n{links}\n",
        "Stories/Tom and the cart.md": CARD.format("Tom"),
        "Stories/Other.md": CARD.format("other"),
        "Kit/Scales.md": CARD.format("scales"),
        "Prep/glossary.md": CARD.format("glossary"),
        "Meetings/monday.md": CARD.format("monday"),
    }.items():
        (vault / path).parent.mkdir(parents=True, exist_ok=True)
        (vault / path).write_text(text)
    told = run("init").stdout
    assert "; 7 notes elsewhere in the vault are left out.\n" in told
    assert "Kit, Stories and Prep seem to serve every company: your interviews link there" in told
    settings = 'notes = "."\n  companies = "Interviews/*"\n  shared = ["Kit", "Stories", "Prep"]\n'
    assert f"write into offbook.toml, in place of its line `notes = …`:\n  {settings}" in told
    (vault / "offbook.toml").write_text(settings)
    assert "Numbra: 6 new" in run("export").stdout
    (vault / "offbook.toml").unlink()
    whole = run("init", "--notes", ".").stdout
    assert f"every company's package, write into offbook.toml:\n  {settings.partition('  ')[2]}" in whole


def test_a_folder_that_is_called_companies_says_where_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else is there serves them, and settings that name the notes alone give the same as those of `init`."""
    monkeypatch.chdir(tmp_path)
    for path in (
        "README.md", "LICENSE.md", "kubernetes/README.md", "kubernetes/pods.md", "companies/README.md",
        "companies/Acme/README.md", "companies/Zeta.md", "my stories.md", "Acme/values.md",
    ):  # fmt: skip
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(CARD.format(path))
    told = run("init").stdout
    assert "  companies: companies/*\n  shared by every company: all else\n  Acme: 7 cards\n  Zeta: 7 cards\n" in told
    assert "  In all: 8 cards. Shared by every company, and so in each row: 6 cards.\n" in told
    assert told.endswith("\nNext: offbook cards shows what becomes a card, offbook export writes the packages.\n")
    whose = {
        "README.md": ["all"], "kubernetes/README.md": ["all"], "kubernetes/pods.md": ["all"], "my stories.md": ["all"],
        "companies/README.md": ["all"], "companies/Acme/README.md": ["Acme"], "companies/Zeta.md": ["Zeta"],
        "Acme/values.md": ["all"],
    }  # fmt: skip
    for text in ((tmp_path / "offbook.toml").read_text(), 'notes = "."\n'):
        (tmp_path / "offbook.toml").write_text(text)
        cards = map(json.loads, run("cards", "--json").stdout.splitlines())
        assert {card["path"]: card["company"] for card in cards} == whose
        assert "maybe-no-company" not in run("check").stdout


def test_it_decides_before_a_folder_that_looks_like_interviews(vault: Path) -> None:
    """As in a vault with the pitch in one folder, and a note for each company in another."""
    files = {"Companies/Numbra.md": CARD.format("a bank"), "Stats/p-values.md": CARD.format("p")}
    for path, text in files.items():
        (vault / path).parent.mkdir(parents=True, exist_ok=True)
        (vault / path).write_text(text)
    told = run("init").stdout
    assert told.startswith("Wrote offbook.toml.\n")
    assert "  companies: Companies/*\n" in told
    assert "  Numbra: 5 cards, 1 open question\n" in told
    assert "Tallowby" not in told
    assert "maybe-no-company" not in run("check").stdout


@pytest.mark.parametrize("folder", ["Firmen", "Empresas", "公司", "Entreprises", "02 Companies"])
def test_such_a_folder_is_called_so_in_any_language(here: Workspace, folder: str) -> None:
    here.write(f"{folder}/Acme.md", CARD.format("acme"))
    here.write("Testing/a.md", CARD.format("test"))
    assert owners(here) == {f"{folder}/Acme.md": ["Acme"], "Testing/a.md": ["all"]}


def test_settings_that_name_companies_say_where_they_are(here: Workspace) -> None:
    here.write("Companies/Zeta/a.md", CARD.format("zeta"))
    here.write("Interviews/Acme/a.md", CARD.format("acme"))
    settings(here, 'companies = "Interviews/*"\n')
    assert owners(here) == {"Interviews/Acme/a.md": ["Acme"]}


def test_the_companies_of_an_export_of_notion_are_in_the_folder_that_is_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    one, two, three = ("0123456789abcdef" * 2, "1123456789abcdef" * 2, "2123456789abcdef" * 2)
    top = f"PM Interview Prep {one}"
    for path in (f"{top}/Companies {two}/Acme {three}.md", f"{top}/Product sense {three}.md", f"{top}.md"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(CARD.format(path))
    assert "  companies: PM Interview Prep/Companies/*\n  shared by every company: all else\n" in run("init").stdout
    assert "Acme: 3 new" in run("export").stdout


def test_a_folder_about_the_company_is_in_the_companys(here: Workspace) -> None:
    here.write("Companies/Zeta/Company/values.md", CARD.format("zeta"))
    assert owners(here) == {"Companies/Zeta/Company/values.md": ["Zeta"]}
    (here.notes / "Companies/Zeta").rename(here.notes / "Zeta")
    assert owners(here) == {"Zeta/Company/values.md": ["Zeta"]}


# -- notes without companies -----------------------------------------------------------------------

TOPICS = ("networking", "storage", "Databases", "Testing", "System design", "Golang")


def test_without_companies_each_folder_is_a_deck(here: Workspace) -> None:
    """Be its name a usual one or not; what serves all of any notes is in none."""
    for topic in TOPICS:
        here.write(f"{topic}/a.md", CARD.format(topic))
    here.write("General/a.md", CARD.format("all"))
    decks = {card["path"]: card["company"] for card in here.cards()}
    names = ["Networking", "Storage", "Databases", "Testing", "System design", "Golang"]
    assert decks == {f"{topic}/a.md": [name] for topic, name in zip(TOPICS, names, strict=True)} | {
        "General/a.md": ["all"]
    }
    assert {tuple(card["company"]) for card in here.cards("notes/Databases")} == {("Databases",)}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Acme/pitch.md", "---\ninterview: 2026-12-03\n---\n"),
        ("Acme/pitch.md", "---\ncompany: Acme\n---\n"),
        ("Acme/Phone screen.md", ""),
        ("acme-r4-interview.md", ""),
    ],
)
def test_subjects_serve_the_companies_that_the_notes_speak_of(here: Workspace, path: str, text: str) -> None:
    here.write(path, text + CARD.format("us"))
    here.write("Databases/a.md", CARD.format("data"))
    here.write("SQL.md", CARD.format("SQL"))
    assert owners(here) == {path: ["Acme"], "Databases/a.md": ["all"], "SQL.md": ["all"]}
    assert {tuple(card["company"]) for card in here.cards("notes/Databases/a.md")} == {("all",)}


def test_the_day_of_an_exam_makes_no_company_of_a_subject(here: Workspace) -> None:
    here.write("Databases/a.md", "---\ninterview: 2027-02-11\n---\n" + CARD.format("data"))
    here.write("SQL.md", CARD.format("SQL"))
    assert owners(here) == {"Databases/a.md": ["Databases"], "SQL.md": ["SQL"]}


def test_where_the_settings_say_that_each_folder_is_one_a_subject_is(here: Workspace) -> None:
    settings(here, 'companies = "*"\n')
    here.write("Databases/a.md", CARD.format("data"))
    here.write("Thermodynamics/a.md", "---\ninterview: 2027-02-11\n---\n" + CARD.format("heat"))
    assert owners(here) == {"Databases/a.md": ["Databases"], "Thermodynamics/a.md": ["Thermodynamics"]}


def test_init_says_how_subjects_serve_companies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None of the notes says which folders are companies; the rows and what is below them add up."""
    monkeypatch.chdir(tmp_path)
    for path in ("Acme/a.md", "SQL/a.md", "Databases/a.md", "General/a.md"):
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_text(CARD.format(path))
    told = run("init").stdout
    rows = "  Acme: 2 cards\n  Databases: 2 cards\n  SQL: 2 cards\n"
    assert f"{rows}  In all: 4 cards. Shared by every company, and so in each row: 1 card.\n" in told
    assert "No note says which company it is for, so Databases and SQL are decks as all others are.\n" in told
    assert told.count("shared = ") == 1
    assert 'package, write into offbook.toml:\n  shared = ["Databases", "SQL"]\n' in told
    (tmp_path / "offbook.toml").write_text('notes = "."\nshared = ["Databases", "SQL"]\n')
    assert "Acme         4 " in run("status").stdout


def test_in_a_flat_folder_init_says_what_to_do_with_notes_that_are_no_companies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("Acme", "Zeta", "Globex", "Tom and the cart", "Debrief"):
        (tmp_path / f"{name}.md").write_text(CARD.format(name))
    told = run("init").stdout
    assert "  Debrief: " not in told
    assert (
        "4 companies have the name of a note. If that is wrong for one, move the note to its company's, or write "
        "`company: Name` or `company: all` into its front matter" in told
    )
    (tmp_path / "offbook.toml").unlink()
    (tmp_path / "Zeta.md").unlink()
    assert "have the name of a note" not in run("init").stdout


def test_the_whole_vault_can_be_meant(vault: Path) -> None:
    told = run("init", "--notes", ".").stdout
    assert "  Common: 3 cards, 1 open question\n" in told


def test_init_takes_no_folder_of_companies_for_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("Acme", "Zeta"):
        (tmp_path / "Companies" / name).mkdir(parents=True)
        (tmp_path / "Companies" / name / "a.md").write_text(CARD.format(name))
    assert "  companies: Companies/*\n" in run("init").stdout


@pytest.mark.parametrize(
    "folder",
    ["Interviews", "Bewerbungen", "Vorstellungsgespräche", "Candidatures", "Entretiens", "Entrevistas",
     "Colloqui", "Sollicitaties", "Rozmowy", "Собеседования", "面接", "면접", "Job applications"],
)  # fmt: skip
def test_init_proposes_the_folder_that_speaks_of_interviews(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for path in (f"{folder}/Acme/a.md", "Garten/b.md", "Garten/c.md"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(CARD.format(path))
    result = run("init")
    assert f'companies = "{folder}/*"' in result.stdout + result.stderr
    (tmp_path / "offbook.toml").unlink()
    monkeypatch.setattr("offbook.commands.common.is_terminal", lambda: True)
    asked = CliRunner().invoke(cli, ["init"], input="\n")
    assert f"Is each folder in '{folder}' a company (Acme)?" in asked.stderr
    assert f'companies = "{folder}/*"' in (tmp_path / "offbook.toml").read_text()


def _init_in(folder: Path, *paths: str) -> str:
    """Return what `init` says of notes at these paths; the settings that it writes go."""
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(CARD.format(path))
    told = run("init").stderr
    (folder / "offbook.toml").unlink()
    return told


def test_init_hints_at_a_folder_that_looks_like_one_of_companies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    hint = "Are the notes and folders in 2026 the companies?"
    assert hint in _init_in(tmp_path, "2026/Acme/a.md", "2026/Zeta/a.md", "Other/b.md")
    assert hint not in _init_in(tmp_path, "2026/about.md")
    assert "Are the folders" not in _init_in(tmp_path, "Kim/one/a.md", "Kim/two/a.md", "Lee/one/a.md", "Lee/two/a.md")


def test_init_doubts_many_companies_and_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "words.md").write_text("Only words.\n")
    assert "No card was found in these notes" in run("init").stderr
    (tmp_path / "offbook.toml").unlink()
    for number in range(30):
        (tmp_path / f"thing {number}.md").write_text(CARD.format(number))
    assert "Are all of these 30 companies?" in run("init").stderr


def test_init_stops_where_no_interviews_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "there are no notes (*.md, *.txt) in this folder" in run("init", status=2).stderr
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.md").write_text(CARD.format("a"))
    assert "this is your home folder" in run("init", status=2).stderr
    monkeypatch.chdir("/")
    assert "this is the root of all files" in run("init", status=2).stderr
    assert not (tmp_path / "offbook.toml").exists()


def test_alone_it_says_how_to_begin(vault: Path) -> None:
    assert run().stdout == "6 notes here: run `offbook init`, which writes the settings for them.\n"


@pytest.mark.parametrize("command", ["status", "export", "cards", "check", "preview", "retired", "new", ""])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# mine\ndecks = Decks here\n", 'offbook.toml:2: text needs quotes: decks = "Decks here"'),
        ("decks = “Decks”\n", 'offbook.toml:1: text needs straight quotes, not curly ones: decks = "Decks"'),
        ("[css]\naccent = '#123'\n[other]\n", "offbook.toml:3: unknown key `other`"),
        ("\n\ntime = 'soon'\n", "offbook.toml:3: `time` must be a time"),
    ],
)
def test_settings_errors_come_first(here: Workspace, command: str, text: str, words: str) -> None:
    here.write("Acme/a.md", CARD.format("acme"))
    settings(here, text)
    told = run(*filter(None, (command, "Acme" if command == "new" else "")), status=2).stderr
    assert told.startswith(f"error: {words}")


# -- offbook new -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Blue Heron", "blue-heron", "BLUE HERON", "blueheron"])
def test_new_writes_where_the_companys_notes_are(here: Workspace, name: str) -> None:
    here.write("Companies/Blue Heron/Tech/a.md", CARD.format("heron"))
    settings(here, 'companies = "Companies/*"\n')
    assert "Wrote notes/Companies/Blue Heron/Interview.md: " in run("new", name).stdout
    assert {tuple(card["company"]) for card in here.cards()} == {("Blue Heron",)}
    assert "Wrote notes/Companies/Zeta/Interview.md: " in run("new", "Zeta").stdout


@pytest.mark.parametrize("name", ["Mueller & Soehne", "müller und söhne", "Müller & Söhne GmbH"])
def test_new_knows_a_company_in_another_spelling(here: Workspace, name: str) -> None:
    here.write("Müller & Söhne GmbH/a.md", CARD.format("söhne"))
    assert "Wrote notes/Müller & Söhne GmbH/Interview.md: " in run("new", name).stdout
    assert {tuple(card["company"]) for card in here.cards()} == {("Müller & Söhne GmbH",)}


def test_new_writes_beside_a_companys_only_note(here: Workspace) -> None:
    here.write("numbra-r4.md", CARD.format("numbra"))
    assert "Wrote 'notes/Numbra Interview.md'" in run("new", "NUMBRA").stdout.replace(
        "notes/Numbra Interview.md", "'notes/Numbra Interview.md'", 1
    )
    assert {tuple(card["company"]) for card in here.cards()} == {("Numbra",)}


def test_new_before_init_writes_among_the_notes_that_are_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Acme").mkdir()
    (tmp_path / "Acme/a.md").write_text(CARD.format("acme"))
    assert "Wrote Acme/Interview.md: " in run("new", "acme").stdout
    (tmp_path / "Firmen").mkdir()
    assert "Wrote Firmen/Zeta/Interview.md: " in run("new", "Zeta").stdout


def test_hints_repeat_no_folder_that_the_settings_name(vault: Path) -> None:
    run("init")
    told = run("new", "Numbra").stdout
    assert told.endswith("  offbook cards Interviews/Numbra/Interview.md\n  offbook export numbra\n")


# -- paths -----------------------------------------------------------------------------------------


@pytest.fixture
def companies(here: Workspace) -> Workspace:
    here.write("Companies/Numbra/rust.md", CARD.format("rust"))
    here.write("Companies/Numbra/more.md", "---\ncompany: Numbra Labs\n---\n" + CARD.format("labs"))
    here.write("Companies/Zeta.md", CARD.format("zeta"))
    settings(here, 'companies = "Companies/*"\n')
    return here


@pytest.mark.parametrize(
    ("arg", "questions"),
    [
        ("notes/Companies/Numbra/rust.md", ["rust"]),
        ("Companies/Numbra/rust.md", ["rust"]),
        ("notes/Companies/Numbra/rust.md:2", ["rust"]),
        ("notes/Companies/Numbra", ["labs", "rust"]),
        ("numbra", ["rust"]),
        ("Numbra Labs", ["labs"]),
    ],
)
def test_cards_and_check_take_paths_with_lines_and_companies(
    companies: Workspace, arg: str, questions: list[str]
) -> None:
    found = [json.loads(line)["question"] for line in run("cards", "--json", arg).stdout.splitlines()]
    assert found == [f"Why {question}?" for question in questions]
    run("check", arg)


@pytest.mark.parametrize(
    ("arg", "package"),
    [
        ("notes/Companies/Numbra/rust.md", "numbra"),
        ("notes/Companies/Numbra/more.md", "numbra-labs"),
        ("notes/Companies/Numbra/", "numbra"),
        ("notes/Companies/Zeta.md", "zeta"),
    ],
)
def test_export_takes_a_note_for_its_company(companies: Workspace, arg: str, package: str) -> None:
    run("export", arg)
    assert [file.stem for file in companies.decks.glob("*.apkg")] == [package]


@pytest.mark.parametrize("command", ["export", "import", "preview", "ready", "retired", "watch"])
def test_a_command_that_takes_companies_says_what_to_write_for_a_line(companies: Workspace, command: str) -> None:
    said = run(command, "notes/Companies/Numbra/more.md:4", status=2).stderr
    assert f"'notes/Companies/Numbra/more.md:4' is a line of a note, and offbook {command} takes companies" in said
    assert f"write: offbook {command} numbra-labs\n" in said
    assert not companies.decks.exists()


@pytest.mark.parametrize(
    ("arg", "told"),
    [
        ("notes/Companies:3", "'notes/Companies' is a folder, which has no line 3; name a note, or leave out :3"),
        ("notes/Companies/Zeta.md:9999", "there is no line 9999 in 'notes/Companies/Zeta.md'; its last one is 2"),
        ("notes/Companies/Zeta.md:0", "there is no line 0 in 'notes/Companies/Zeta.md'; its last one is 2"),
        ("notes/Companies/empty.md:1", "there is no line 1 in 'notes/Companies/empty.md'; it is empty"),
    ],
)
@pytest.mark.parametrize("command", ["cards", "check", "export", "preview"])
def test_a_line_that_is_not_there_is_wrong_usage(companies: Workspace, command: str, arg: str, told: str) -> None:
    companies.write("Companies/empty.md", "")
    assert told in run(command, arg, status=2).stderr


def test_what_is_printed_is_relative_to_the_current_folder(
    companies: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    companies.write("Companies/Numbra/open.md", "## Why open?\n\n## Why else?\n")
    settings(companies, 'notes = "notes"\ncompanies = "Companies/*"\n')
    assert "notes/Companies/Numbra/open.md:1: open-question" in run("check").stdout
    assert run("cards").stdout.startswith("notes/Companies/Numbra/more.md\n")
    monkeypatch.chdir(companies.notes / "Companies")
    assert "\nNumbra/open.md:1: open-question" in "\n" + run("check").stdout
    assert "new  Zeta.md:1: Why zeta?" in run("export", "-v").stdout


def test_a_command_finds_the_same_ledger_in_each_folder_below_the_settings(
    companies: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(companies, 'notes = "notes"\ncompanies = "Companies/*"\n')
    run("export")
    monkeypatch.chdir(companies.notes / "Companies/Numbra")
    assert "unchanged" in run("export").stdout
    assert not Path("decks").exists()


LINES = "# Rust\n\nWords.\n\n## Why rust?\nSafety.\n\nAnd speed.\n\n## Who owns a value?\n\n# Later\n"


@pytest.mark.parametrize(
    ("line", "question"),
    [(5, "Why rust?"), (6, "Why rust?"), (7, "Why rust?"), (8, "Why rust?"), (10, "Who owns a value?")],
)
def test_cards_shows_the_card_that_holds_a_line(companies: Workspace, line: int, question: str) -> None:
    companies.write("Companies/Numbra/rust.md", LINES)
    done = run("cards", "--json", f"notes/Companies/Numbra/rust.md:{line}")
    assert [json.loads(card)["question"] for card in done.stdout.splitlines()] == [question]
    assert done.stderr == ""


@pytest.mark.parametrize(("line", "nearest"), [(1, "“Why rust?” at {}:5"), (12, "“Who owns a value?” at {}:10")])
@pytest.mark.parametrize("command", ["cards", "check"])
def test_the_nearest_card_is_named_where_none_holds_a_line(
    companies: Workspace, command: str, line: int, nearest: str
) -> None:
    companies.write("Companies/Numbra/rust.md", LINES)
    path = "notes/Companies/Numbra/rust.md"
    done = run(command, f"{path}:{line}", status=2)
    assert done.stdout == ""
    assert done.stderr == f"error: {path}:{line}: no card holds this line; the nearest is {nearest.format(path)}\n"
    companies.write("Companies/Numbra/rust.md", "Words.\n")
    none = run(command, f"{path}:1", status=2).stderr
    assert none == f"error: {path}:1: no card holds this line, and the note has none\n"


def test_explain_says_why_the_text_at_a_line_is_no_card(companies: Workspace) -> None:
    companies.write("Companies/Numbra/rust.md", LINES)
    told = run("cards", "--explain", "notes/Companies/Numbra/rust.md:12").stdout
    assert "notes/Companies/Numbra/rust.md:12: no card: Later (" in told
    assert "rust.md:1:" not in told


def test_check_looks_at_the_card_that_holds_a_line(companies: Workspace) -> None:
    companies.write("Companies/Numbra/rust.md", LINES.replace("speed", "![[speed.png]]"))
    path = "notes/Companies/Numbra/rust.md"
    assert f"{path}:8: missing-file" in run("check", f"{path}:6", status=1).stdout
    assert run("check", f"{path}:10").stdout.startswith(f"{path}:10: open-question")
    companies.write("Companies/Numbra/rust.md", "---\ninterview: soon\n---\n" + LINES)
    assert run("check", f"{path}:2", status=1).stdout.startswith(f"{path}:2: interview-date")
    companies.write("Companies/Numbra/rust.md", "---\ntags: [\n---\n" + LINES)
    assert f"{path}:3: front-matter" in run("check", f"{path}:9", status=1).stdout


def test_a_file_whose_name_ends_like_a_line_is_that_file(companies: Workspace) -> None:
    companies.write("Companies/Numbra/at 12:30.md", CARD.format("half past") + LINES)
    assert len(run("cards", "--json", "Companies/Numbra/at 12:30.md").stdout.splitlines()) == 3
    assert "Why half past?" in run("cards", "Companies/Numbra/at 12:30.md:2").stdout


PLACE = re.compile(
    r"(?m)(?:^(?: *(?:new|retired|Wrote|offbook cards|\d{4}-\d\d-\d\d) +)?|at )((?! )[^:\n]+?\.md(?::\d+)?)"
)


@pytest.mark.parametrize("folder", ["", "notes", "notes/Companies", "notes/Companies/Blue Heron", "decks"])
@pytest.mark.parametrize("command", ["check", "cards", "export -v --dry-run", "status -v", "retired", "new Zeta"])
def test_a_printed_path_leads_to_the_note_and_is_taken_back(
    here: Workspace, monkeypatch: pytest.MonkeyPatch, command: str, folder: str
) -> None:
    """From every folder, for notes with spaces in their names, and of places within messages, too."""
    settings(here, 'notes = "notes"\ndecks = "decks"\ncompanies = "Companies/*"\n')
    here.write("Companies/Blue Heron/my notes.md", CARD.format("heron") + CARD.format("gone"))
    here.write("Companies/Blue Heron/other notes.md", CARD.format("heron") + "\n## Why open?\n\n![[gone.png]]\n")
    here.write("Companies/Blue Heron/wrong notes.md", "---\ninterview: soon\nspeak: maybe\n---\n")
    here.write("Recipes/my bread.md", CARD.format("bread"))
    run("export", status=1)
    here.write("Companies/Blue Heron/my notes.md", CARD.format("heron"))
    run("export", status=1)
    monkeypatch.chdir(here.root / folder)
    done = CliRunner().invoke(cli, command.split())
    places = set(PLACE.findall(done.stdout + done.stderr))
    assert places
    for place in places:
        assert Path(re.sub(r":\d+$", "", place)).is_file(), place
        taken = CliRunner().invoke(cli, ["cards", place])
        assert "there is no" not in taken.stderr


@pytest.mark.parametrize("command", ["check", "cards", "retired"])
def test_paths_are_printed_from_here_for_notes_of_elsewhere(
    here: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    here.write("Blue Heron/my notes.md", "## Why open?\n\n" + CARD.format("gone"))
    here.run("export")
    here.write("Blue Heron/my notes.md", "## Why open?\n")
    here.run("export")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert "../notes/Blue Heron/my notes.md" in run(command, "--notes", "../notes", "--decks", "../decks").stdout


def test_a_path_that_leads_nowhere(companies: Workspace) -> None:
    assert "there is no 'Companies/None.md'" in run("cards", "Companies/None.md", status=2).stderr
    assert "there is no company 'None'" in run("cards", "None", status=2).stderr


# -- a large vault ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault of 1,500 notes of which fifty matter."""
    root = tmp_path_factory.mktemp("large")
    (root / ".obsidian").mkdir()
    for number in range(1450):
        folder = root / ("Daily", "Zettel/2025", "Projects/House", "Books")[number % 4]
        folder.mkdir(parents=True, exist_ok=True)
        asked = f"## What did I do on day {number}?\nWalked, and read chapter {number}.\n"
        (folder / f"note {number}.md").write_text(f"# Note {number}\n\n{asked}\n- [[Note {number + 1}]]\n")
    for number in range(50):
        folder = root / f"Work/Companies/Company {number % 10}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"round-{number}.md").write_text(CARD.format(f"company {number % 10}, {number}"))
    (root / "offbook.toml").write_text('notes = "."\ncompanies = "Work/Companies/*"\n')
    return root


@pytest.mark.parametrize(
    "command",
    [
        ("export",),
        ("status",),
        ("cards",),
        ("check",),
        ("preview",),
        ("retired",),
        ("export", "company-3"),
        ("new", "Company 3"),
        (),
    ],
)
def test_each_command_in_a_vault_of_which_a_part_matters(
    large: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(large)
    told = run(*command).output
    assert "note 7" not in told
    if command[:1] in ((), ("status",)):
        assert " notes here, 1450 left out (-v lists them). " in told
        assert "Company 4      5     0" in told


def test_init_finds_the_companies_of_a_large_vault(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(large / "Work")
    settings = (large / "offbook.toml").rename(large / "aside")
    try:
        told = run("init")
        assert "  companies: Companies/*\n" in told.stdout
        assert "notes: . (5" in told.stdout
    finally:
        (large / "Work/offbook.toml").unlink()
        settings.rename(large / "offbook.toml")


def test_a_note_that_names_its_folders_company_in_other_words_is_told(
    workspace: Workspace,
) -> None:
    workspace.write("Nimbus Weather/a.md", "---\ncompany: Nimbus\n---\n## Why us?\nWind.\n")
    workspace.write("Nimbus Weather/b.md", "---\ncompany: Halvorsen\n---\n## Why you?\nRain.\n")
    said = workspace.run("check").stdout
    assert "Nimbus Weather/a.md:2: other-company this note is Nimbus's by its front matter" in said
    assert said.count("other-company this") == 1
    workspace.write("Nimbus/c.md", "## Why now?\nSnow.\n")
    assert "other-company" not in workspace.run("check").stdout
