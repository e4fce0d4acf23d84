"""An export of Notion: ids in names, properties below titles, toggles as lists."""

from __future__ import annotations

import re

import pytest
from conftest import Anki, Workspace, run

from offbook.sources.note import parse_note

ONE, TWO = "61067edbb75a87dc16eacca224e1b263", "edefbda3b75a87dc16eacca224e1b263"
HQ, COMPANIES = f"HQ {ONE}", f"HQ {ONE}/Companies {TWO}"
BANK = f"Prep {ONE}/Question bank {TWO}"


def test_properties_are_keys_and_no_part_of_an_answer(workspace: Workspace) -> None:
    workspace.write(
        f"{BANK}/Why us {ONE}.md",
        "# Why do you want to work here?\n\nCompany: Monzo (../Companies/Monzo%20" + TWO + ".md)\n"
        "Interview date: December 3, 2026\nTags: Fintech, on site\nStatus: Done\n\nTrust: they publish all.\n",
    )
    workspace.write(
        f"{BANK}/Lead {TWO}.md", "# Tell me about a time you led\n\nCompetency: Leadership\nConfidence: ⭐\n"
    )
    workspace.write(f"{BANK}/Prose {TWO}.md", "# Why banks?\n\nTrust: they publish all.\nAnd more.\n")
    cards = {card["question"]: card for card in workspace.cards()}
    why = cards["Why do you want to work here?"]
    assert why["answer"] == "Trust: they publish all."
    assert why["company"] == ["Monzo"]
    assert {"fintech", "on-site"} <= {tag.casefold() for tag in why["tags"]}
    assert cards["Tell me about a time you led"]["answer"] is None
    assert cards["Why banks?"]["answer"] == "Trust: they publish all.\nAnd more."
    assert "2026-12-03" in workspace.run("status").stdout


@pytest.mark.parametrize(
    "written",
    [
        "Category: Fit\nAsked by: ",
        "🔥 Difficulty: Hard",
        "#: 126",
        "Practised?: Yes",
        "Category: Fit\nConfidence (1-5): 3\nLast: x",
        "Category: Fit\nNotes:",
    ],
)
def test_whatever_properties_are_called(workspace: Workspace, written: str) -> None:
    workspace.write(f"Acme/Why {ONE}.md", f"# Why us?\n\n{written}\n\nBecause.\n")
    workspace.write(f"Acme/Where {ONE}.md", f"# Where else?\n\n{written}\n")
    assert {card["question"]: card["answer"] for card in workspace.cards()} == {
        "Why us?": "Because.",
        "Where else?": None,
    }


@pytest.mark.parametrize(
    "written",
    [
        "Notes: first line\nsecond line",
        "Category: Fit\nComment: first: line\nsecond: line",
        "Level: 2\nPanel: Ana, Ben\nPart: 2",
    ],
)
def test_above_a_text_most_names_and_remarks_may_be_any(workspace: Workspace, written: str) -> None:
    workspace.write(f"Acme/Why {ONE}.md", f"# Why us?\n\n{written}\n\nBecause.\n")
    assert workspace.cards()[0]["answer"] == "Because."


@pytest.mark.parametrize(
    "written",
    [
        "Jupiter: 95",
        "HTTP: 80\nHTTPS: 443",
        "Fees: none.\n\nTrust: they publish all.",
        "Jupiter: 95\n\nSaturn: 146",
        "Fees: none at all.\nTrust: they publish all.\n\nAnd more.",
        "Role: I was lead.\nThe others were new.",
        "Situation: outage\nResult: no loss\n\nI would do it again.",
        "Reads: see the last write\nRequests: get an answer\n\nYou have two.",
        "Client: says hello\nServer: sends certificate\nClient: verifies\n\nThen both derive keys.",
        "Notes: they publish all.\nTrust: none lost.\nFees: none.\n\nAnd more.",
    ],
)
def test_labels_in_an_answer_are_no_properties(workspace: Workspace, written: str) -> None:
    workspace.write(f"Acme/Why {ONE}.md", f"# What do you say?\n\n{written}\n")
    assert workspace.cards()[0]["answer"] == written.replace("\n\n", "\n")


@pytest.mark.parametrize("body", ["", "\nThen the details."])
def test_a_property_that_is_called_as_an_answer_is_one(workspace: Workspace, body: str) -> None:
    title = "# What is your approach to research?"
    workspace.write(
        f"Acme/Approach {ONE}.md",
        f"{title}\n\nCategory: Fit\nAnswer: Five users,\none ward.\nConfidence: 3\n{body}\n",
    )
    assert workspace.cards()[0]["answer"] == f"Five users,\none ward.{body}"


def test_a_colon_in_a_text_begins_no_property(workspace: Workspace) -> None:
    workspace.write(
        f"Acme/Why {ONE}.md",
        "# What is C?\n\nStatus: x\nAnswer: It is so\ngoes on: here\nand on\nReviewed: Yes\n\nbody\n",
    )
    assert workspace.cards()[0]["answer"] == "It is so\ngoes on: here\nand on\nbody"


def test_a_page_whose_text_begins_with_names_holds_cards(workspace: Workspace) -> None:
    workspace.write(
        f"Acme/TLS {ONE}.md",
        "# What is TLS?\n\nClient: says hello\nServer: sends certificate\n\n**Is it fast?** One trip.\n",
    )
    assert "Is it fast?" in {card["question"] for card in workspace.cards()}


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("Notes: I love it, and the people.", "Notes: I love it, and the people."),
        ("Category: Fit\nComment: I love it.\nThe people: too\nStatus: Done", "Comment: I love it.\nThe people: too"),
        ("Status: Fertig\nNotizen: Die Leute.", "Notizen: Die Leute."),
        ("Answer:\nNotes: I love it.", "Notes: I love it."),
        ("Answer: I love it.\nNotes: Ask Ana: when?", "I love it."),
        ("Notes: Ask Ana.\n\nI love it.", "I love it."),
    ],
)
def test_remarks_are_the_answer_where_nothing_else_is(workspace: Workspace, written: str, answer: str) -> None:
    workspace.write(f"Acme/Why {ONE}.md", f"# Why us?\n\n{written}\n")
    assert workspace.cards()[0]["answer"] == answer


@pytest.mark.parametrize(("written", "tags"), [("Tags:", []), ("Tags: Fit, , Ops", ["Fit", "Ops"])])
def test_an_empty_tag_is_none(written: str, tags: list[str]) -> None:
    note = parse_note(f"# Why us?\n\n{written}\n\nBecause.\n", f"Acme/Why {ONE}.md")
    assert note.metadata.get("tags", []) == tags


def test_parts_of_a_story_in_properties_are_its_text(workspace: Workspace) -> None:
    story = "Situation: An outage.\nAction: I rolled back.\nResult: No loss."
    written = f"Role: lead\nTags: Ops\nStatus: done\n{story}"
    workspace.write(f"Acme/Outage {ONE}.md", f"# Tell me about an outage\n\n{written}\n")
    assert workspace.cards()[0]["answer"] == story


def test_a_day_with_slashes_in_a_property(workspace: Workspace) -> None:
    workspace.write(f"Acme/Why {ONE}.md", "# Why us?\n\nInterview: 2026/12/09\n\nBecause.\n")
    assert "2026-12-09" in workspace.run("status").stdout
    workspace.write(f"Acme/Why {ONE}.md", "# Why us?\n\nInterview: 09/12/2026\n\nBecause.\n")
    assert (
        ":3: interview-date `interview` must be a day such as 2026-12-03 or 3 December 2026, found '09/12/2026'; with "
        "slashes, day and month cannot be told apart; in Notion, choose the format Year/Month/Day for it\n"
    ) in workspace.run("check", status=1).stdout
    workspace.write(f"Acme/Why {ONE}.md", "# Why us?\n\nInterview: Onsite\n\nBecause.\n")
    assert workspace.run("check").stdout == "Nothing to fix.\n"


def test_properties_are_text_in_other_notes(workspace: Workspace) -> None:
    workspace.write("Acme/lead.md", "# Tell me about a time you led\n\nWhere: Leeds\nWhen: May\n")
    assert workspace.cards()[0]["answer"] == "Where: Leeds\nWhen: May"


def test_a_card_shows_no_ids(workspace: Workspace, anki: Anki) -> None:
    workspace.write(f"Monzo {ONE}/Pitch {TWO}.md", "## Why us?\nTrust.\n")
    workspace.run("export")
    anki.import_package(workspace.decks / "monzo.apkg")
    assert anki.note("Why us?")["Source"] == "Monzo/Pitch.md:1"


# -- settings --------------------------------------------------------------------------------------


def set_up(here: Workspace, *pages: str, more: str = "") -> None:
    """Write pages that ask "Why <name>?", and settings for the companies in `HQ/Companies`."""
    for page in pages:
        here.write(f"{page} {TWO}.md", f"# Why {page.rpartition('/')[2]}?\n\nTrust.\n")
    (here.root / "offbook.toml").write_text(f'companies = "HQ/Companies/*"\nshared = ["*"]\n{more}', "utf-8")


def owners(here: Workspace) -> dict[str, list[str]]:
    return {card["question"]: card["company"] for card in here.cards()}


def test_a_page_in_an_archive_with_an_id_closes_its_company(here: Workspace) -> None:
    set_up(here, f"{COMPANIES}/Monzo", f"{HQ}/Archive {TWO}/Companies/Pillbox", f"{HQ}/Archive {TWO}/Wise")
    assert owners(here) == {"Why Monzo?": ["Monzo"]}
    here.run("cards", "pillbox", status=2)


@pytest.mark.parametrize("pattern", ["Lisbon", "HQ/Lisbon", "HQ/Lisbon.md", "HQ/L*", f"{HQ}/Lisbon {TWO}"])
def test_ignore_knows_no_ids(here: Workspace, pattern: str) -> None:
    set_up(here, f"{COMPANIES}/Monzo", f"{HQ}/Lisbon", more=f'ignore = ["{pattern}"]\n')
    assert owners(here) == {"Why Monzo?": ["Monzo"]}
    assert here.run("export").stderr == ""


@pytest.mark.parametrize("pattern", ["Lisbon", "HQ/Lisbon", "Trips/*", "HQ/T*"])
def test_a_pattern_that_ignores_nothing_is_told_of(here: Workspace, pattern: str) -> None:
    set_up(here, f"{COMPANIES}/Monzo", more=f'ignore = ["{pattern}", "*.draft", "Pictures/*.png"]\n')
    here.write("Pictures/map.png", b"")
    assert here.run("export").stderr == (
        f"offbook.toml: `ignore` names '{pattern}', and nothing is there; name it as it is called now, or leave it "
        "out\n"
    )


def test_the_note_that_init_offers_to_ignore_is_no_folder(here: Workspace) -> None:
    here.write(f"HQ {ONE}.md", "# HQ\n\n## What next?\nSleep.\n")
    here.write(f"{COMPANIES}/Monzo {TWO}.md", "# Why Monzo?\n\nTrust.\n")
    (hint,) = re.findall("ignore = .*", run("init").stdout)
    settings = here.root / "offbook.toml"
    settings.write_text(settings.read_text("utf-8").replace("# ignore = []", hint), "utf-8")
    assert owners(here) == {"Why Monzo?": ["Monzo"]}


def test_companies_are_not_lost_with_the_name_of_a_folder_above(here: Workspace) -> None:
    set_up(here, f"{COMPANIES}/Monzo", f"{COMPANIES}/Wise")
    here.run("export")
    before = sorted(here.decks.iterdir())
    (here.notes / HQ).rename(here.notes / f"Job hunt {ONE}")
    for command in ("export", "import"):
        assert here.run(command, status=2).stderr == (
            "error: `companies` names 'HQ/Companies/*', and no note is there any more. Nothing was written, as 2 "
            "companies would go. If that is meant, move the notes to a folder 'Archive'; else mend it in offbook.toml: "
            "did you mean 'Job hunt/Companies/*'?\n"
        )
    assert sorted(here.decks.iterdir()) == before
    settings = here.root / "offbook.toml"
    settings.write_text(settings.read_text("utf-8").replace("HQ", "Job hunt"), "utf-8")
    assert set(here.changes().values()) == {"moved"}


@pytest.mark.parametrize("to", ["", f"Archive {TWO}"])
def test_companies_that_are_over_may_go(here: Workspace, to: str) -> None:
    set_up(here, f"{COMPANIES}/Monzo", f"{HQ}/Rent")
    here.run("export")
    file = here.notes / f"{COMPANIES}/Monzo {TWO}.md"
    here.write(f"{to}/{file.name}", file.read_bytes()) if to else None
    file.unlink()
    assert here.changes() == {"Why Monzo?": "retired", "Why Rent?": "unchanged"}


# -- new companies ---------------------------------------------------------------------------------


def test_nothing_is_written_into_an_export(here: Workspace) -> None:
    set_up(here, f"{COMPANIES}/Monzo", f"{COMPANIES}/Wise", "Own/HQ")
    before = {path: path.stat().st_mtime_ns for path in here.notes.rglob("*")}
    for company in ("Corvid", "Monzo"):
        assert run("new", company, status=2).stderr == (
            "error: 'HQ/Companies' holds an export of Notion, and the next one takes its place, with all that is "
            f"written into it; make a page '{company}' there in Notion, and export again\n"
        )
    (here.root / "offbook.toml").write_text('companies = "*"\n', "utf-8")
    assert "error: 'notes' holds an export of Notion" in run("new", "Corvid", status=2).stderr
    assert before == {path: path.stat().st_mtime_ns for path in here.notes.rglob("*")}


def test_beside_an_export_a_company_is_begun_among_own_notes(here: Workspace) -> None:
    set_up(here, f"{COMPANIES}/Monzo")
    for name in ("Acme", "Globex"):
        here.write(f"Own/{name}/a.md", "---\ninterview: 2026-12-03\n---\n## Why us?\nVans.\n")
    settings = here.root / "offbook.toml"
    settings.write_text('companies = ["Own/*", "HQ/Companies/*"]\n', "utf-8")
    assert "Wrote notes/Own/Corvid/Interview.md" in run("new", "Corvid").stdout
