"""The first ten minutes: `offbook`, `offbook init`, `offbook new`."""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from pathlib import Path

import pytest
from conftest import Workspace, run

from offbook.config import load_settings
from offbook.days import read_day
from offbook.interview import days_until
from offbook.settings import KEYS, Settings
from offbook.starting.settings_file import documented, settings_text

TODAY = datetime.date.today()


# -- offbook ---------------------------------------------------------------------------------------


def test_alone_it_shows_how_things_stand(here: Workspace) -> None:
    soon = TODAY + datetime.timedelta(days=9)
    here.write("zeta/z.md", "## Why Zeta?\nShips.\n\n## Why now?\n")
    here.write("acme/a.md", f"---\ninterview: {soon}\n---\n## Why Acme?\nRobots.\n")
    assert run().stdout == (
        "Company  Cards  Open  Interview              An export would\n"
        f"Acme         1     0  {soon}, in 9 days  add 1\n"
        "Zeta         1     1                         add 1\n"
        "In all: 2 cards, 1 open question.\n"
        "2 notes in notes. Next: offbook export, or offbook import to bring it into Anki.\n"
    )
    assert not here.decks.exists()
    run("export")
    here.write("acme/a.md", "## Why Acme?\nMany robots.\n\n## Why else?\nMore.\n")
    assert "add 1, change 1" in run().stdout
    assert "change nothing" in run().stdout


def test_alone_it_shows_the_same_as_status_where_the_settings_are_among_the_notes(here: Workspace) -> None:
    here.write("Acme/a.md", "## Why Acme?\nRobots.\n")
    (here.notes / "offbook.toml").write_text("notes = '.'\ndecks = 'decks'\n")
    run("export")
    assert (here.notes / "decks/acme.apkg").exists()
    assert run().stdout == run("status").stdout
    assert "change nothing" in run().stdout


def test_what_is_shared_is_told_and_counted_once(here: Workspace) -> None:
    (here.root / "offbook.toml").write_text('shared = ["Stories"]\n')
    here.write("Stories/s.md", "## What did you ship?\nAll.\n\n## What broke?\n\n## What else?\nSome.\n")
    here.write("Zeta/z.md", "## Why Zeta?\nShips.\n\n## Why now?\n")
    run("new", "Acme")
    run("export")
    told = run().stdout
    own = len(re.findall("(?m)^## ", (here.notes / "Acme/Interview.md").read_text()))
    assert "change nothing: the cards are shared\n" in told.splitlines(keepends=True)[1]
    assert told.splitlines()[2].endswith("change nothing")
    assert f"In all: 3 cards, {own + 2} open questions. Shared by every company, and so in each row: 2 cards" in told
    assert "And 1 open question in notes that serve every company" in run("check", "zeta").stdout
    assert "serve every company: offbook" not in run("check").stdout + run("check", "zeta", "notes/Stories").stdout


def test_the_next_interview_counts_and_the_nearest_comes_first(here: Workspace) -> None:
    for name, days in {"past": [-3], "far": [30], "near": [-10, 2, 5]}.items():
        for number, day in enumerate(days):
            date = TODAY + datetime.timedelta(days=day)
            here.write(f"{name}/{number}.md", f"---\ninterview: '{date}'\n---\n## Why {number}?\nBecause.\n")
    lines = run("status").stdout.splitlines()[1:4]
    assert [line.split()[0] for line in lines] == ["Near", "Far", "Past"]
    assert "in 2 days" in lines[0]
    assert "3 days ago" in lines[2]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("**Interview:** {day:%d.%m.%Y} 09:30, bring ID!", True),
        ("Vorstellungsgespräch am {day:%d.%m.}", True),
        ("- Phone screen: {day:%a} {day.day} {day:%b}, 10:00", True),
        ("Date: {day}", True),
        ("Call them before {day}", False),
        ("The product is there since {day}", False),
    ],
)
def test_a_day_in_the_text_of_a_companys_note_is_told(here: Workspace, line: str, told: bool) -> None:
    """It is not taken over, and told with what makes it known; what is past is not the interview to come."""
    day, past = TODAY + datetime.timedelta(days=7), TODAY - datetime.timedelta(days=40)
    here.write("Acme/a.md", f"# Acme\n\n{line.format(day=day)}\n\n## Why Acme?\nRobots.\n")
    words = (
        "notes/Acme/a.md:3: a day stands here, and no note of Acme names its interview; if this is the day, write "
        f"`interview: {day}` into its front matter"
    )
    assert (words in run("status").stderr.splitlines()) == told
    assert ("a.md:3: interview-in-text" in run("check").stdout) == told
    assert "days" not in run("status").stdout
    here.write("Acme/b.md", f"---\ninterview: {day}\n---\n")
    assert "a day stands here" not in run("status").stderr
    (here.notes / "Acme/b.md").unlink()
    here.write("Acme/a.md", f"{line.format(day=past)}\n\n## Why Acme?\nRobots.\n")
    assert "a day stands here" not in run("status").stderr


def test_a_day_of_which_the_front_matter_has_the_year_is_past(here: Workspace) -> None:
    day = TODAY.replace(year=TODAY.year - 2, day=min(TODAY.day, 28))
    here.write("Acme/a.md", f"---\ndate: {day}\n---\n# Phone screen {day.day} {day:%B}\n\n## Why Acme?\nRobots.\n")
    assert "a day stands here" not in run("status").stderr


def test_a_day_in_a_note_for_all_is_no_interview(here: Workspace) -> None:
    here.write("General/a.md", f"Interview: {TODAY}\n\n## Why?\nSo.\n")
    here.write("Acme/a.md", "## Why Acme?\nRobots.\n")
    assert run("status").stderr == ""


def test_a_day_that_is_none_is_told(here: Workspace) -> None:
    here.write("acme.md", "---\ninterview: next week\n---\n## Why?\nSo.\n")
    told = "acme.md:2: `interview` must be a day such as 2026-12-03 or 3 December 2026, found 'next week'"
    assert told in run("status").stderr
    assert "acme.md:2: interview-date" in run("check", status=1).stdout


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-03",
        "2026-12-03 14:00",
        "3.12.2026",
        "03.12.2026",
        "3. 12. 2026",
        "[[2026-12-03]]",
        "3 December 2026, 10am",
        "3. Dezember 2026",
        "December 3rd, 2026",
        "Dec 3 2026",
        "3 de diciembre de 2026",
        "3 déc. 2026",
        "2026/12/03",
        "2026/12/3 10:00 AM",
    ],
)
def test_days_as_people_write_them(text: str) -> None:
    assert read_day(text) == datetime.date(2026, 12, 3)


@pytest.mark.parametrize(
    "text", ["13/12/2026", "12/13/2026", "13/12/26 at 10am", "Sun 13/12/2026", "13.12.26", "So, 13.12.26, 14 Uhr"]
)
def test_a_day_with_slashes_is_read_where_it_is_the_only_one(text: str) -> None:
    assert read_day(text) == datetime.date(2026, 12, 13)


@pytest.mark.parametrize(
    "text",
    [
        "3/12/2026",
        "31.11.2026",
        "3.12. 10:00",
        "3.12. 20 Uhr",
        "26/12/03",
        "tomorrow",
        "3 Dec",
        "3 Xmas 2026",
        "31 November 2026",
        "",
    ],
)
def test_what_names_no_day_for_certain(text: str) -> None:
    with pytest.raises(ValueError):
        read_day(text)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (2, "in 2 days"),
        (-1, "yesterday"),
        (-40, "40 days ago"),
        (-61, "2 months ago"),
        (-693, "22 months ago"),
        (-800, "2 years ago"),
    ],
)
def test_days_in_words(days: int, words: str) -> None:
    assert days_until(TODAY + datetime.timedelta(days=days), TODAY) == words


def test_without_notes_it_shows_the_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run().stdout.startswith("Usage:")


def test_notes_without_cards(here: Workspace) -> None:
    here.write("acme.md", "Just words.\n")
    assert "No card was found" in run("status").stdout


# -- offbook init ----------------------------------------------------------------------------------


def test_init_explains_every_setting_and_finds_the_vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Vault" / ".obsidian").mkdir(parents=True)
    (tmp_path / "Vault" / "Interviews").mkdir()
    (tmp_path / "Vault" / "Interviews" / "acme.md").write_text("## Why Acme?\nRobots.\n")
    monkeypatch.chdir(tmp_path)
    result = run("init", "--notes", "Vault/Interviews", "--decks", "Decks")
    assert "vault: Vault" in result.stdout
    assert "notes: Vault/Interviews (1 note)" in result.stdout
    assert "Acme: 1 new\n  Decks/acme.apkg written" in run("export").stdout
    monkeypatch.chdir(tmp_path / "Vault")
    assert "Acme: 1 unchanged\n  ../Decks/acme.apkg unchanged" in run("export").stdout


def test_init_counts_notes_of_every_ending_and_no_hidden_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = tmp_path / ".home" / "notes"
    (notes / ".trash").mkdir(parents=True)
    for name in ("a.md", "b.markdown", "C.MD", "d.txt", ".trash/e.md"):
        (notes / name).write_text("## Why Acme?\nRobots.\n")
    monkeypatch.chdir(notes.parent)
    assert "notes: notes (3 notes)" in run("init").stdout


def test_init_takes_text_files_for_notes_where_they_are_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Acme").mkdir()
    (tmp_path / "Acme/screen.txt").write_text("Why us?\nBecause.\n")
    monkeypatch.chdir(tmp_path)
    assert run().stdout == "1 note here: run `offbook init`, which writes the settings for them.\n"
    told = run("init").stdout
    assert "notes: . (1 note)\n  decks: decks\n  text files (.txt) are notes, too\n  Acme: 1 card\n" in told
    assert "\ntext_files = true\n" in Path("offbook.toml").read_text()
    assert "Acme: 1 new" in run("export").stdout
    assert json.loads(run("cards", "--json", "Acme/screen.txt").stdout)["answer"] == "Because."


def test_init_asks_for_text_files_beside_notes(here: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.md", "b.txt", "c.txt"):
        here.write(f"Acme/{name}", f"Why {name}?\nBecause.\n")
    rule = "being a text file; `text_files = true` in offbook.toml makes it a note"
    monkeypatch.setattr("offbook.commands.common.is_terminal", lambda: True)
    told = run("init", typed="n\n")
    assert "Are the text files here notes, too (2 .txt, beside 1 note)?" in told.stderr
    assert f"  Acme: 1 card\n  left out: 2 notes: {rule}\n" in told.stdout
    told = run("status", "-v")
    assert "1 note in notes, 2 left out" in told.stdout
    assert f"notes/Acme/b.txt: left out: {rule}" in told.stdout
    (here.root / "offbook.toml").unlink()
    assert "Acme: 3 cards" in run("init", typed="y\n").stdout


def test_init_touches_no_existing_file(here: Workspace) -> None:
    (here.root / "offbook.toml").write_text("# mine\n")
    assert "already exists; nothing was written" in run("init", status=2).stderr
    assert (here.root / "offbook.toml").read_text() == "# mine\n"


def test_what_init_writes_is_read_again_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "offbook.toml").write_text(settings_text(), "utf-8")
    assert load_settings(tmp_path) == Settings(folder=tmp_path)
    shown = "\n".join(re.findall(r"(?m)^(?:# )?(\w+ = .*)$", settings_text()))
    assert set(tomllib.loads(shown)) == set(KEYS) == set(documented())


def test_wrong_settings_are_told_and_not_passed_over(here: Workspace) -> None:
    here.write("acme.md", "## Why?\nSo.\n")
    (here.root / "offbook.toml").write_text("notes = 3\n")
    assert "`notes` must be a text" in run("export", status=2).stderr


# -- offbook new -----------------------------------------------------------------------------------


def test_a_company_that_is_called_like_another_is_told_of(here: Workspace) -> None:
    here.write("Northway Housing/a.md", "## Why?\nSo.\n")
    told = " ".join(run("new", "The Northway Housing").stderr.split())
    assert "note: you have notes on 'Northway Housing'; if you mean that company, delete notes/The Northway" in told
    assert "offbook new 'Northway Housing'" in told
    assert run("new", "Corvid Labs").stderr == ""


def test_the_first_words_of_a_company_are_enough(here: Workspace) -> None:
    here.write("Northway Housing/a.md", "## Why?\nSo.\n")
    result = run("new", "northway")
    assert "Wrote notes/Northway Housing/Interview.md" in result.stdout
    assert "took 'northway' for 'Northway Housing'" in result.stderr


def test_a_new_note_goes_to_the_notes_that_name_the_company(here: Workspace) -> None:
    here.write("Bluefin (fintech).md", "---\ncompany: Bluefin\n---\n## Why us?\nFish.\n")
    told = run("new", "bluefin")
    assert "Bluefin Interview.md" in told.stdout
    assert told.stderr == ""
    assert {name for card in here.cards() for name in card["company"]} == {"Bluefin"}


def test_a_new_company_goes_to_the_folder_of_the_others(here: Workspace) -> None:
    (here.root / "offbook.toml").write_text('companies = ["Job/Acme", "Job/Bluefin.md"]\n')
    here.write("Job/Acme/a.md", "## Why us?\nVans.\n")
    assert "Job/Zalando/Interview.md" in run("new", "Zalando").stdout
    assert "Zalando" in {name for card in here.cards() for name in card["company"]}


def test_where_companies_are_notes_a_new_one_is(here: Workspace) -> None:
    (here.root / "offbook.toml").write_text('companies = "Applications/*"\n')
    for name in ("Acme", "Bluefin"):
        here.write(f"Applications/{name}.md", "## Why us?\nVans.\n")
    assert "Applications/Zalando.md" in run("new", "Zalando").stdout


def test_a_new_note_that_would_be_left_out_is_not_written(here: Workspace) -> None:
    here.write("Acme/a.md", "## Why us?\nVans.\n")
    assert (
        "a note of 'Archive' would be left out: the archive, a folder 'Archive'"
        in run("new", "Archive", status=2).stderr
    )
    assert not (here.notes / "Archive").exists()


def test_a_new_note_holds_open_questions_only(here: Workspace) -> None:
    result = run("new", "Blue Heron", "--date", str(TODAY + datetime.timedelta(days=1)))
    assert "Wrote notes/Blue Heron/Interview.md: " in result.stdout
    assert "; the interview is tomorrow." in result.stdout
    cards = here.cards()
    assert len(cards) > 12
    assert all(card["answer"] is None and card["company"] == ["Blue Heron"] for card in cards)
    assert f"{len(cards)} questions to answer" in result.stdout
    assert "Blue Heron" in run("status").stdout
    assert "3 to-ask" in run("check").stdout


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Die Firma ist für ihre Maschinen bekannt, und wir haben sie auch.", "## Warum diese Stelle?"),
        ("Les clients sont dans la région, et nous avons une équipe pour eux.", "## Pourquoi ce poste ?"),
        ("La empresa es una de las más grandes, y los clientes están en el sur.", "## ¿Por qué este puesto?"),
        ("The company is known for its engines, and we have one of them.", "## Why this role?"),
        ("Firma jest znana z maszyn, a klienci są w całym kraju, ale nie za granicą.", "## Why this role?"),
    ],
)
def test_a_new_note_is_in_the_language_of_most_notes(here: Workspace, text: str, question: str) -> None:
    for number in range(3):
        here.write(f"Acme/{number}.md", f"{text}\n")
    here.write("Acme/english.md", "The questions that they ask are in this list, and here is what I say.\n")
    assert "18 questions to answer" in run("new", "Zeta").stdout
    assert question in (here.notes / "Zeta/Interview.md").read_text("utf-8")
    cards = here.cards("Zeta")
    assert len(cards) == 18
    assert all(card["answer"] is None for card in cards)
    assert "3 to-ask" in run("check", "Zeta").stdout


def test_a_new_note_leaves_out_what_the_notes_hold(here: Workspace) -> None:
    """For that company or for all of them, open or answered; what is another company's, is asked."""
    here.write("General/me.md", "# Me\n\n## Tell me about yourself.\nA nurse.\n\n## What are your strengths?\n\n")
    here.write("Zeta/z.md", "**Why Zeta?** Ships.\n\n**Why this role?** Data.\n")
    here.write("Acme/a.md", "## What are your salary expectations?\nMore.\n")
    told = run("new", "Zeta").stdout
    assert "14 questions to answer.\nLeft out 4 usual questions, which your notes hold already.\n" in told
    written = (here.notes / "Zeta/Interview.md").read_text()
    assert "Tell me about yourself" not in written
    assert "\n# About you\n\n## What is the work" in written
    assert "\n# About Zeta\n\n## What do you know" in written
    assert "## What are your strengths?" not in written
    assert "## What are your salary expectations?" in written
    assert "duplicate" not in run("check").stdout


def test_a_new_note_leaves_out_what_the_notes_ask_in_other_words(here: Workspace) -> None:
    said = (
        "Tell me about yourself (2 min)", "Why do you want to leave your current job?", "Strengths?",
        "Biggest weakness?", "Salary expectations?", "Tell me about a failure", "Why this company?",
        "What do you know about us?",
    )  # fmt: skip
    here.write("General/me.md", "".join(f"**{question}**\nSo.\n\n" for question in said))
    assert "Left out 7 usual questions" in run("new", "Zeta").stdout
    written = (here.notes / "Zeta/Interview.md").read_text()
    kept = ("Why Zeta?", "Why this role?", "What would you change about what we do", "Tell me about a conflict")
    assert all(f"## {question}" in written for question in kept)


def test_a_new_note_has_no_title_without_questions(here: Workspace) -> None:
    asked = ("What are your salary expectations", "When could you start", "Where do you want to be in three years")
    here.write("General/end.md", "".join(f"## {question}?\nSo.\n" for question in asked))
    run("new", "Zeta")
    assert (here.notes / "Zeta/Interview.md").read_text().endswith("- What did the last person who left say?\n")


def test_the_usual_questions_are_for_any_trade(here: Workspace) -> None:
    run("new", "Acme")
    asked = (here.notes / "Acme/Interview.md").read_text()
    assert not any(word in asked for word in ("bug", "system", "ship", "product"))


def test_the_language_of_a_new_note_can_be_set(here: Workspace) -> None:
    here.write("Acme/a.md", "The company is known for its engines, and we have one of them.\n")
    (here.root / "offbook.toml").write_text('lang = "de_AT"\n')
    run("new", "Zeta")
    assert "## Warum diese Stelle?" in (here.notes / "Zeta/Interview.md").read_text("utf-8")


def test_an_existing_note_is_never_touched(here: Workspace) -> None:
    file = here.write("Acme/Interview.md", "mine")
    assert "already exists" in run("new", "Acme", status=2).stderr
    assert file.read_text() == "mine"


def test_a_second_note_of_the_same_name_is_not_written(here: Workspace) -> None:
    (here.root / "offbook.toml").write_text('companies = "*"\n')
    run("new", "Corvid Labs")
    assert "already exists" in run("new", "Corvid Labs", status=2).stderr
    assert len(list(here.notes.rglob("*.md"))) == 1


@pytest.mark.parametrize("name", ["a/b", "../../x", "Acme: Robots #1", "CON", "yes", "# x", "é", "2026-12-03", "null"])
def test_any_name_makes_a_note_below_the_notes_folder(here: Workspace, name: str) -> None:
    run("new", name)
    (file,) = here.root.rglob("*.md")
    assert file.parent.parent == here.notes
    (companies,) = {tuple(card["company"]) for card in here.cards()}
    assert companies == (name,)


@pytest.mark.parametrize("name", ["", "  ", "..", "/"])
def test_a_name_that_is_none(here: Workspace, name: str) -> None:
    if name == "/":
        run("new", name)
    else:
        assert "is not a name for a company" in run("new", name, status=2).stderr
        assert list(here.notes.iterdir()) == []


def test_a_template_of_ones_own(here: Workspace) -> None:
    (here.root / "mine.md").write_text(
        "---\ncompany: {{company}}\n---\n# {{title}} on {{date}}\n\n## Why {{ Company }}?\n"
    )
    (here.root / "offbook.toml").write_text("template = 'mine.md'\n")
    run("new", "A: b", "--date", "2026-12-03")
    (file,) = here.notes.rglob("*.md")
    front = "---\ncompany: 'A: b'\ninterview: 2026-12-03\n---\n"
    assert file.read_text() == f"{front}# A: b on 2026-12-03\n\n## Why A: b?\n"


@pytest.mark.parametrize(
    ("template", "note"),
    [
        ("---\ninterview: \ntags: [job]\n---\n# Prep\n", "---\ninterview: 2030-12-03\ntags: [job]\n---\n# Prep\n"),
        ("---\ntags: [job]\n---\n# Prep\n", "---\ntags: [job]\ninterview: 2030-12-03\n---\n# Prep\n"),
        ("# Prep\n", "---\ninterview: 2030-12-03\n---\n# Prep\n"),
        ("---\nday: {{date}}\n---\n# Prep\n", "---\nday: 2030-12-03\n---\n# Prep\n"),
    ],
)
def test_the_day_of_the_interview_goes_into_a_note_of_ones_own_template(
    here: Workspace, template: str, note: str
) -> None:
    (here.root / "mine.md").write_text(template)
    (here.root / "offbook.toml").write_text("template = 'mine.md'\n")
    assert "the interview is in" in run("new", "Acme", "--date", "2030-12-03").stdout
    assert (here.notes / "Acme/Interview.md").read_text() == note


def test_a_template_that_is_not_there(here: Workspace) -> None:
    (here.root / "offbook.toml").write_text("template = 'mine.md'\n")
    assert "the template" in run("new", "Acme", status=2).stderr
    assert list(here.notes.iterdir()) == []


def test_a_date_that_is_none(here: Workspace) -> None:
    assert "2026-13-01" in run("new", "Acme", "--date", "2026-13-01", status=2).stderr


def test_a_question_at_the_end_of_a_new_note_is_a_card(workspace: Workspace) -> None:
    workspace.run("new", "Acme")
    (file,) = workspace.notes.rglob("*.md")
    file.write_text(file.read_text() + "\n## How would you design a cart?\nRedis, and a queue.\n")
    answered = [card["question"] for card in workspace.cards() if card["answer"]]
    assert answered == ["How would you design a cart?"]
