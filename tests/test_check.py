"""What `offbook check` points out, and with which exit status."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Workspace, run


def found(workspace: Workspace, *args: str, status: int = 0) -> list[dict[str, Any]]:
    return [json.loads(line) for line in workspace.run("check", "--json", *args, status=status).stdout.splitlines()]


def codes(workspace: Workspace, status: int = 0) -> list[tuple[str, int]]:
    return [(item["code"], item["line"]) for item in found(workspace, status=status)]


def test_notes_without_faults(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    assert workspace.run("check").stdout == "Nothing to fix.\n"


def test_open_questions_are_listed_and_only_strict_counts_them(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## What is X?\n\n## What is Y?\nTODO\n")
    assert codes(workspace) == [("open-question", 1), ("open-question", 3)]
    workspace.run("check", "--strict", status=1)


def test_an_open_question_names_the_best_talking_point(workspace: Workspace) -> None:
    passage = "The replication I built moved forty terabytes without a minute of downtime for anyone."
    workspace.write("acme/a.md", f"- What did you do about replication?\n\n---\n\n{passage}\n")
    (item,) = found(workspace)
    assert "the best talking point is at acme/a.md:5" in item["message"]


def test_a_question_with_nothing_but_dead_embeds_below_is_open(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## Why?\n![[missing]]\n\n- ![[gone#Part]]\n\n## How?\nSo: ![[missing]]\n")
    told = "[[missing]] leads nowhere, and nothing else answers the question"
    exported = workspace.run("export")
    assert "1 new, 1 open" in exported.stdout
    assert f"a.md:2: {told}" in exported.stderr
    found_ = [(item["code"], item["line"], item["message"]) for item in found(workspace, status=1)]
    assert found_ == [
        ("open-question", 1, "“Why?” has no answer"),
        ("dead-link", 2, told),
        ("dead-link", 4, told.replace("missing", "gone#Part")),
        ("dead-link", 7, "[[missing]] leads nowhere"),
    ]
    workspace.write("missing.md", "---\ncompany: all\n---\nBecause we can.\n")
    assert "1 new" in workspace.run("export").stdout
    assert "2 unchanged" in workspace.run("export").stdout


def test_talking_points_stand_in_for_an_embed_that_leads_nowhere(workspace: Workspace) -> None:
    passage = "The replication I built moved forty terabytes without a minute of downtime for anyone."
    workspace.write("acme/a.md", f"- What did you do about replication?\n\t- ![[missing]]\n\n---\n\n{passage}\n")
    exported = workspace.run("export")
    assert "1 new" in exported.stdout
    assert exported.stderr.count("leads nowhere") == 1


def test_a_note_that_serves_all_because_of_its_name_is_pointed_out(workspace: Workspace) -> None:
    workspace.write("questions.md", "## What is X?\nY.\n")
    workspace.write("common.md", "---\ncompany: all\n---\n## What is Z?\nY.\n")
    (item,) = found(workspace)
    assert (item["path"], item["code"], item["severity"]) == ("questions.md", "no-company", "note")
    assert item["message"].startswith(
        "its name is no company's, so its cards serve all companies; move it to a company's"
    )


def test_a_folder_that_serves_all_because_of_its_name_is_pointed_out_once(workspace: Workspace) -> None:
    workspace.write("Behavioral/conflict.md", "## What is X?\nY.\n")
    workspace.write("Behavioral/deep/failure.md", "## What is Z?\nY.\n")
    (item,) = found(workspace)
    assert (item["path"], item["code"], item["severity"]) == ("Behavioral", "no-company", "note")
    assert item["message"].startswith("its name is no company's, so its cards serve all companies; in offbook.toml")


def test_notes_without_a_card_are_named(workspace: Workspace) -> None:
    told = "Founded in 1950, three hundred people, bridges and halls all over the country, and a canteen."
    workspace.write("acme/questions.md", "## What is X?\nY.\n")
    workspace.write("acme/empty.md", "")
    for number in range(7):
        workspace.write(f"acme/firm {number}.md", f"---\nround: {number}\n---\n{told}\n")
    assert [code for code, _ in codes(workspace)] == ["no-cards"] * 7
    lines = workspace.run("check").stdout.splitlines()
    for number in range(7):
        assert f"acme/firm {number}.md:3: no-cards nothing in this note is read as a question" in lines[number]
    assert lines[-1] == "Worth knowing: 7 no-cards."


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("Firma: Siemens", [("`firma` is not read; offbook reads `company` in the front matter", 2)]),
        (
            "tags: x\nentreprise: Renault",
            [("`entreprise` is not read; offbook reads `company` in the front matter", 3)],
        ),
        ("termin: 3.12.2026", [("`termin` is not read; offbook reads `interview` in the front matter", 2)]),
        (
            "datum: 1.1.2026\ntermin: 2.1.2026",
            [("`termin` is not read; offbook reads `interview` in the front matter", 3)],
        ),
        ("company: Siemens\nfirma: Siemens\ninterview: 2026-12-03\ntermin: 3.12.2026", []),
    ],
)
def test_a_key_in_another_language_is_named_where_the_note_lacks_the_right_one(
    workspace: Workspace, keys: str, told: list[tuple[str, int]]
) -> None:
    workspace.write("acme/a.md", f"---\n{keys}\n---\n## What is X?\nY.\n")
    assert [(item["message"], item["line"]) for item in found(workspace)] == told


def test_a_question_that_is_answered_in_another_note_is_told_with_the_place(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## How do you work with clinicians?\nIn one room.\n")
    workspace.write("acme/mail.md", "1. How do you work with clinicians?\n2. Why us?\n")
    workspace.write("bolt/mail.md", "1. How do you work with clinicians?\n2. Why us?\n")
    told = [(item["code"], item["path"], item["line"]) for item in found(workspace)]
    assert told == [
        ("answered-elsewhere", "acme/mail.md", 1), ("open-question", "acme/mail.md", 2),
        ("open-question", "bolt/mail.md", 1), ("open-question", "bolt/mail.md", 2),
    ]  # fmt: skip
    told_in_words = workspace.run("check", "--strict", status=1).stdout
    assert "“How do you work with clinicians?” has no answer here; it has one at " in told_in_words
    assert f"{workspace.notes}/acme/a.md:1\n" in told_in_words


def test_files_among_notes_that_are_not_read_are_named_by_their_endings(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    for name in ("more.txt", "some.docx", "other.docx", "picture.png"):
        workspace.write(f"acme/{name}", "What is Y?\nZ.\n")
    text, document = found(workspace)
    assert (document["code"], document["path"]) == ("not-read", "acme/other.docx")
    assert document["message"] == ".docx files are not read (1 more); save what you rehearse as .md"
    assert (text["code"], text["path"]) == ("not-read", "acme/more.txt")
    assert "write `text_files = true` into offbook.toml" in text["message"]
    (workspace.root / "offbook.toml").write_text("text_files = true\n")
    assert [item["path"] for item in found(workspace)] == ["acme/other.docx"]


def test_offbooks_own_files_are_none_wherever_it_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "offbook.toml").write_text('notes = "."\n')
    (tmp_path / "acme/a.md").write_text("## What is X?\nY.\n")
    for folder in (tmp_path, tmp_path / "acme"):
        monkeypatch.chdir(folder)
        run("preview")
        assert run("check").output == "Nothing to fix.\n"


def test_of_notes_outside_of_the_notes_folder_it_does_not_say_whose_they_are(here: Workspace) -> None:
    here.write("acme/a.md", "## What is X?\nY.\n")
    (here.root / "diary").mkdir()
    (here.root / "diary/2026-11-03.md").write_text("## What was today?\nMuch.\n")
    assert run("check", "diary").stdout == "Nothing to fix.\n"
    (here.root / "diary/2026-11-03.md").rename(here.notes / "2026-11-03.md")
    assert "no-company" in run("check", "notes").stdout


def test_a_note_in_which_only_marks_count_is_not_told_to_have_no_cards(workspace: Workspace) -> None:
    diary = "# Diary\n\n- Met Ria\n- Called Tom\n"
    workspace.write("acme/a.md", diary)
    assert [code for code, _ in codes(workspace)] == ["no-cards"]
    workspace.write("acme/a.md", f"---\ncards: explicit\n---\n{diary}")
    assert codes(workspace) == []


@pytest.mark.parametrize(
    ("terms", "title"),
    [
        (
            "**Interrupt**: Eine Unterbrechung\n- **DMA**: Ein Zugriff auf den Speicher\n- **Takt**: Der Puls",
            "Glossar",
        ),
        ("**Interrupt**: a break of the program\n- **DMA**: an access to memory\n- **Clock**: the pulse", "Glossary"),
    ],
)
def test_a_list_of_terms_is_told_which_title_makes_them_cards(workspace: Workspace, terms: str, title: str) -> None:
    workspace.write("acme/Board.md", f"# Boards\n\n- {terms}\n")
    assert f"the title “{title}” above them makes them cards" in workspace.run("check").stdout
    workspace.write("acme/Board.md", f"# {title}\n\n- {terms}\n")
    assert len(workspace.cards()) == 3


def test_colons_without_spaces_are_told_by_check_alone(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "A limit theorem :: means are about normal\nPrecision::TP / (TP+FP)\n")
    assert codes(workspace) == [("tight-mark", 2)]
    for command in ("cards", "export", "status", "preview"):
        assert "without spaces" not in workspace.run(command).stderr


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("Some text.\n\nA: an answer alone.\n", "answer-alone", 3),
        ("> [!question]\n", "empty-callout", 1),
        ("?\nan answer\n", "separator", 1),
        ("---\ncompnay: Acme\n---\n## What is X?\nY.\n", "front-matter-key", 2),
        ("---\nsugestions: false\n---\n## What is X?\nY.\n", "front-matter-key", 2),
        ("# A\n## What is X?\nY.\n# B\n## What is X?\nZ.\n", "duplicate", 5),
        ("## What is X?\n" + "word " * 401 + "\n", "long-answer", 1),
        ("## What is X?\ntext\n![[gone.png]]\n", "missing-file", 3),
        ("## What is X?\n![](img/gone.png)\n", "missing-file", 2),
        ("Loose text.\n\n![[gone.png|400]]\n", "missing-file", 3),
        ("- loose ![](img/gone.png)\n", "missing-file", 1),
        ("## What is X?\nsee ![[gone note#part]] there\n", "dead-link", 2),
        ("## What is X?\nIt is\n$\\href{http://a.b}{x}$ there.\n", "formula", 3),
        ("## What is X?\nIt is\n\n$$\n{x\n$$\n", "formula", 4),
        ("## What is $\\require{html}\\class{a}{x}$?\nIt.\n", "formula", 1),
        ("> [!note] $\\bbox{x}$\n> The {{c1::$\\style{x}{y}$}} is it.\n", "formula", 2),
        ("## What is X?\n\n| a |\n|---|\n| $\\def$ |\n", "formula", 5),
        ("## What is X?\n\n- one\n- $\\gdef$\n", "formula", 4),
    ],
)
def test_what_is_probably_wrong_exits_with_1(workspace: Workspace, text: str, code: str, line: int) -> None:
    workspace.write("acme/a.md", text)
    assert (code, line) in codes(workspace, status=1)


@pytest.mark.parametrize(
    "text",
    [
        "## What is X?\n`![[gone.png]]` and `[[gone]]`\n",  # code
        "---\ncompanion: x\naliases: [a]\ncountry: NL\n---\n## What is X?\nY.\n",  # other programs' keys
        "## What is X?\n[[a#What is X?]]\n",
        "## What is X?\n![](https://example.com/a.png)\n",  # pointed out, but not wrong
        "## What is X?\n[[a note that is still to be written]]\n",
    ],
)
def test_near_misses_of_check_itself(workspace: Workspace, text: str) -> None:
    workspace.write("acme/a.md", text)
    workspace.run("check")


def test_what_a_link_may_be_called(workspace: Workspace) -> None:
    """A name with dots, and a heading with nothing below it, are no dead links; what no browser shows is named."""
    workspace.write("acme/a.md", "## What is X?\n[[Node.js]], [[v1.2 notes#A.B]] and ![[scan.heic]]\n")
    workspace.write("acme/Node.js.md", "")
    workspace.write("acme/v1.2 notes.md", "# A.B\n")
    workspace.write("acme/scan.heic", "x")
    assert codes(workspace, status=1) == [("not-shown", 2)]
    workspace.write("acme/a.md", "## What is X?\n![[map.canvas]] and ![[cv.pdf]]\n")
    workspace.write("acme/map.canvas", "{}")
    workspace.write("acme/cv.pdf", "%PDF")
    assert codes(workspace) == [("not-shown", 2), ("not-shown", 2)]  # notes, as no card can show them


def test_drawings_and_boards_are_no_notes(workspace: Workspace) -> None:
    workspace.write("acme/plan.excalidraw.md", "# Text Elements\nWhat is this? ^a1\n\n## Is it a plan?\nYes.\n")
    workspace.write("acme/board.md", "---\nkanban-plugin: basic\n---\n## To do\n- [ ] What is X?\n  - Y\n")
    workspace.write("acme/a.md", "## What is drawn?\n![[plan.excalidraw]]\n")
    assert codes(workspace, status=1) == [("not-shown", 2)]
    workspace.write("acme/plan.excalidraw.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert codes(workspace) == []


def test_questions_to_ask_are_reported(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## Questions to ask them\n- Who is on call?\n")
    assert codes(workspace) == [("to-ask", 2)]


def test_broken_front_matter_is_reported_with_its_line(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "---\ntitle: x\ntags: [\n---\n")
    assert codes(workspace, status=1) == [("front-matter", 4)]


def test_the_same_question_of_two_companies_is_no_duplicate(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## Why us?\nRobots.\n")
    workspace.write("zeta/z.md", "## Why us?\nShips.\n")
    assert codes(workspace) == []


def test_lines_are_grouped_by_code_and_counted(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace.notes)
    workspace.write("acme/a.md", "## What is X?\n\n## Questions to ask them\n- Who?\n\n## What is Y?\n")
    assert workspace.run("check").stdout == (
        "acme/a.md:1: open-question “What is X?” has no answer\n"
        "acme/a.md:6: open-question “What is Y?” has no answer\n"
        "\n"
        "acme/a.md:4: to-ask “Who?” is for the interviewer, and not a card\n"
        "\n"
        "Worth knowing: 2 open-question, 1 to-ask.\n"
    )


def test_what_the_exit_status_is_for_comes_first_and_is_counted_apart(workspace: Workspace) -> None:
    workspace.write(
        "acme/a.md", "## What is X?\n\n## What is Y?\nSee\n![[gone.png]]\n\n## Questions to ask them\n- Who?\n"
    )
    told = workspace.run("check", status=1).stdout.splitlines()
    assert "missing-file" in told[0]
    assert told[-1] == "To mend: 1 missing-file. Worth knowing: 1 open-question, 1 to-ask."
    told = workspace.run("check", "--strict", status=1).stdout.splitlines()
    assert told[-1] == "To mend: 1 missing-file, 1 open-question. Worth knowing: 1 to-ask."


def test_one_note_or_folder_alone(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## What is X?\n")
    workspace.write("zeta/z.md", "## What is Z?\n")
    assert [item["path"] for item in found(workspace, str(workspace.notes / "zeta"))] == ["zeta/z.md"]
    assert [item["path"] for item in found(workspace, str(workspace.notes / "acme" / "a.md"))] == ["acme/a.md"]


def test_a_path_that_does_not_exist_is_wrong_usage(workspace: Workspace) -> None:
    assert "there is no" in workspace.run("check", "nowhere.md", status=2).stderr


def test_what_an_export_says_of_cards_check_says_too(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "## What is X?\n\nSee $\\href{a}{b}$.\n\n![[a]]\n")
    exported = {
        (p["code"], p["path"], p["line"]) for p in json.loads(workspace.run("export", "--json").stdout)["problems"]
    }
    told = {(item["code"], item["path"], item["line"]) for item in found(workspace, status=1)}
    assert {code for code, _, _ in exported} == {"formula", "embed-cycle"}
    assert exported <= told


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("date: {later}", True),
        ("Date: {later}", True),
        ("date: {later}\ninterview: 2026-12-03", False),
        ("date: {before}", False),
        ("date: ", False),
        ("date: soon", False),
        ("date: {later}\ncompany: all", False),
    ],
)
def test_a_date_to_come_may_be_the_interviews(workspace: Workspace, keys: str, told: bool) -> None:
    later, before = (datetime.date.today() + datetime.timedelta(days=days) for days in (9, -9))
    workspace.write("acme/a.md", f"---\n{keys.format(later=later, before=before)}\n---\n## Why?\nSo.\n")
    message = "is not read; if it is the day of the interview, call it `interview`"
    assert any(message in item["message"] for item in found(workspace)) == told


@pytest.mark.parametrize("key", ["date-entretien", "date d’entretien", "termin", "colloquio"])
def test_a_key_with_an_interview_in_its_name_and_a_day_is_told_once(workspace: Workspace, key: str) -> None:
    workspace.write("acme/a.md", f"---\n{key}: 08/12/2026\n---\n## Why?\nSo.\n")
    (told,) = [item["message"] for item in found(workspace) if item["code"] == "front-matter-key"]
    assert f"`{key}`" in told and "`interview`" in told


@pytest.mark.parametrize("keys", ["interviewer: Ann", "interview_rounds: 3", "date_of_interviews_end: soon"])
def test_a_key_that_only_speaks_of_interviews_is_not(workspace: Workspace, keys: str) -> None:
    workspace.write("acme/a.md", f"---\n{keys}\n---\n## Why?\nSo.\n")
    assert not any("is not read" in item["message"] for item in found(workspace))


def test_an_advertisement_of_a_job_is_not_missed(workspace: Workspace) -> None:
    workspace.write("acme/Job ad.md", "## Who are you?\nYou have four years of practice.\n")
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    assert "no-cards" not in workspace.run("check").stdout


def test_a_note_of_links_alone_is_not_missed(workspace: Workspace) -> None:
    workspace.write("acme/Map.md", "# Map\n- [[a]]\n- [A book](https://example.com)\n")
    workspace.write("acme/a.md", "## What is X?\nY.\n")
    assert "no-cards" not in workspace.run("check").stdout


def test_a_note_that_only_its_name_makes_a_company_is_told(workspace: Workspace) -> None:
    workspace.write("Acme/pitch.md", "## Why us?\nVans.\n")
    workspace.write("Bluefin.md", "## Why Bluefin?\nFish.\n")
    workspace.write("Window functions.md", "# Window functions\n\n## What is a window function?\nA view.\n")
    told = [item["path"] for item in found(workspace) if item["code"] == "maybe-no-company"]
    assert told == ["Window functions.md"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("see [[Helixa]] / [[Nordbank]]", True),
        ("See: [[Helixa|them]], and [[Nordbank]].", True),
        ("siehe [[Helixa]] und [[Nordbank]]", True),
        ("see [[Nordbank]]", True),
        ("see [[Helixa]]", False),
        ("[[Helixa]] and [[Nordbank]]", False),
        ("see [[Helixa]], which I know", False),
    ],
)
def test_an_answer_of_links_alone_is_told(workspace: Workspace, answer: str, told: bool) -> None:
    """Not where the card shows the note, as it is short, nor where the links may be what is asked for."""
    workspace.write("Helixa.md", "Clinics.\n")
    workspace.write("Nordbank.md", f"{'Long. ' * 600}\n")
    workspace.write("acme/a.md", f"**Who else?** {answer}\n\n**Why us?** Because.\n")
    message = (
        "the answer to “Who else?” only says where to look; write it here, or link to one short note or to a part of "
        "one, which the card then shows"
    )
    assert any(item["message"].startswith(message) for item in found(workspace)) == told


def test_links_to_files_are_looked_up(workspace: Workspace) -> None:
    workspace.write("acme/The check.md", "Words.\n")
    workspace.write(
        "acme/a.md",
        "## Why us?\n[check](The%20check.md), [gone](The%20gone.md), [deck](no.pdf), [web](https://example.com/a.md)\n",
    )
    dead = [item["message"] for item in found(workspace) if item["code"] == "dead-link"]
    assert dead == ["the link to 'The gone.md' leads nowhere", "the link to 'no.pdf' leads nowhere"]


def test_links_to_parts_of_notes_are_looked_up_however_they_are_written(workspace: Workspace) -> None:
    workspace.write(
        "acme/b.md",
        "# What's new?\n\nWords.\n\n## Load/store\n\n## Long {#ls}\n\nA paragraph. ^block\n\n<a id='end'></a>\n",
    )
    good = "(b.md#whats-new), (b.md#What's%20new), (b.md#loadstore-1), (b.md#^block), (b.md#ls), (b.md#end), (#why-us)"
    links = ", ".join(f"[x]{each}" for each in good.split(", "))
    workspace.write("acme/a.md", f"## Why us?\n{links}, [web](https://example.com/#nope), [there][gone]\n"
                    "[a](#nope), [b](b.md#nope), [[b#nope]]\n\n[gone]: <b.md#gone too>\n")  # fmt: skip
    told = [(item["line"], item["message"]) for item in found(workspace) if item["code"] == "dead-link"]
    assert told == [
        (2, "the link to 'b.md#gone too' leads nowhere"),
        (3, "[[b#nope]] leads nowhere in the vault"),
        (3, "the link to '#nope' leads nowhere"),
        (3, "the link to 'b.md#nope' leads nowhere"),
    ]


@pytest.mark.parametrize(
    "link",
    [
        "![a](<img/fan out (1).png>)",
        "![a](img/fan_out(1).png)",
        "![a](img/fan%20out%20(1).png 'Out')",
        "`![a](no.png)`",
    ],
)
def test_a_picture_is_found_by_check_as_it_is_by_the_card(workspace: Workspace, link: str) -> None:
    for name in ("fan out (1).png", "fan_out(1).png"):
        workspace.write(f"acme/img/{name}", "picture")
    workspace.write("acme/a.md", f"## What is fan-out?\nThis: {link}\n\nloose {link}\n")
    assert found(workspace) == []


def test_a_question_that_all_companies_share_may_be_asked_for_one_too(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "---\ncompany: Acme\n---\n## WHY ACME?\nSmall teams.\n\n## Tell me about yourself\n")
    workspace.write(
        "shared/b.md", "---\ncompany: all\n---\n## Why Acme?\nEnglish.\n\n## Tell me about yourself\nI build.\n"
    )
    told = {(item["code"], item["path"], item["line"]) for item in found(workspace)}
    assert told == {("asked-for-all", "acme/a.md", 4), ("answered-elsewhere", "acme/a.md", 7)}
    workspace.run("check")
