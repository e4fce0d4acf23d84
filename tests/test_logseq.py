"""A Logseq graph: which pages are companies, what links lead to, what becomes of blocks and properties."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Anki, Workspace, run
from hypothesis import given
from hypothesis.strategies import lists, sampled_from
from test_import import Desk

from offbook.graph import Graph, graph_around
from offbook.sources.logseq import translated
from offbook.sources.note import parse_note

ID = "6356e902-3b7b-4cb2-8c3e-6a904c813c40"
OTHER = "6356e902-3b7b-4cb2-8c3e-6a904c813c41"
NONE = "6356e902-3b7b-4cb2-8c3e-6a904c813c42"
CARD = "- Why {0}?\n\t- Because of {0}.\n"


@pytest.fixture
def graph(here: Workspace) -> Workspace:
    """A graph, whose root is the notes folder."""
    here.write("logseq/config.edn", '{:meta/version 1\n ;; :pages-directory "other"\n :preferred-format "Markdown"}\n')
    here.write("pages/contents.md", "- [[Interviews/Acme]]\n")
    return here


def answer(here: Workspace, question: str) -> str:
    (card,) = (card for card in here.cards() if card["question"] == question)
    return str(card["answer"])


def test_the_pages_of_days_are_shared_where_the_settings_name_them(graph: Workspace) -> None:
    graph.write("pages/Raft.md", CARD.format("Raft"))
    graph.write("journals/2026_11_26.md", CARD.format("today"))
    (graph.root / "offbook.toml").write_text('companies = "Interviews/*"\nshared = ["*", "journals"]\n')
    assert {card["path"] for card in graph.cards()} == {"pages/Raft.md", "journals/2026_11_26.md"}


def test_a_card_that_the_writer_takes_out_is_not_told_as_lost(graph: Workspace) -> None:
    graph.write("pages/Acme.md", CARD.format("Acme") + CARD.format("now"))
    run("export", "--notes", "notes")
    graph.write("pages/Acme.md", CARD.format("Acme").replace("?\n", "?\n  card:: false\n") + CARD.format("now"))
    result = run("export", "--notes", "notes")
    assert "1 retired, 1 unchanged" in result.stdout
    assert "no longer read as a question" not in result.stderr
    graph.write("pages/Acme.md", CARD.format("Acme").replace("?\n", "?\n  card:: false\n"))
    assert "nothing in this note" not in run("check", "--notes", "notes").stdout


# -- companies -------------------------------------------------------------------------------------


def test_a_company_is_a_page_or_a_namespace(graph: Workspace) -> None:
    graph.write("pages/Interviews___Acme.md", CARD.format("Acme"))
    graph.write("pages/Interviews___Globex___Round 2.md", CARD.format("Globex"))
    graph.write("pages/interviews%2FInitech.md", CARD.format("Initech"))
    graph.write("pages/Raft.md", CARD.format("Raft"))
    graph.write("journals/2026_11_26.md", CARD.format("today"))
    graph.write("journals/2026_11_27.md", "company:: Acme\n\n" + CARD.format("tomorrow"))
    graph.write("logseq/bak/pages/Interviews___Acme/1.md", CARD.format("a copy"))
    (graph.root / "offbook.toml").write_text('companies = "Interviews/*"\n')
    found = {card["path"]: card["company"] for card in graph.cards()}
    assert found == {
        "pages/Interviews___Acme.md": ["Acme"],
        "pages/Interviews___Globex___Round 2.md": ["Globex"],
        "pages/interviews%2FInitech.md": ["Initech"],
        "journals/2026_11_27.md": ["Acme"],
    }
    told = run("status", "-v", "--notes", "notes").stdout
    assert "notes/journals/2026_11_26.md: left out: it is the page of a day: no `company::` names a company" in told
    assert "logseq/bak" not in told


def test_without_a_setting_each_page_with_cards_is_one(graph: Workspace) -> None:
    graph.write("pages/Acme.md", CARD.format("Acme"))
    graph.write("pages/Reading list.md", "- A book\n")
    assert {tuple(card["company"]) for card in graph.cards()} == {("Acme",)}
    assert "Reading" not in run("status", "--notes", "notes").stdout


@pytest.mark.parametrize(
    "pattern", ["Interviews/*", "Interviews/*.md", "pages/Interviews___*.md", "pages/Interviews/*"]
)
def test_patterns_name_pages_or_their_files(graph: Workspace, pattern: str) -> None:
    graph.write("pages/Interviews___Acme.md", CARD.format("Acme"))
    graph.write("pages/Raft.md", CARD.format("Raft"))
    (graph.root / "offbook.toml").write_text(f'companies = "{pattern}"\n')
    assert [card["company"] for card in graph.cards()] == [["Acme"]]


def test_a_namespace_that_is_called_companies_says_where_they_are(
    graph: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All other pages serve them, but for those that Logseq makes."""
    graph.write("pages/Companies___Acme.md", CARD.format("Acme"))
    graph.write("pages/Interviews___Log.md", CARD.format("the log"))
    graph.write("pages/Raft.md", CARD.format("Raft"))
    graph.write("journals/2026_11_26.md", CARD.format("a day"))
    whose = {
        "pages/Companies___Acme.md": ["Acme"], "pages/Interviews___Log.md": ["all"], "pages/Raft.md": ["all"]
    }  # fmt: skip
    assert {card["path"]: card["company"] for card in graph.cards()} == whose
    monkeypatch.chdir(graph.notes)
    told = run("init").stdout
    assert "  companies: Companies/*\n  shared by every company: all else\n" in told
    assert "  in every company's package: the cards of pages/Interviews___Log, pages/Raft\n" in told
    assert {
        card["path"]: card["company"] for card in map(json.loads, run("cards", "--json").stdout.splitlines())
    } == whose


def test_a_reference_that_is_all_of_an_answer_brings_what_is_nested_in_its_block(graph: Workspace, anki: Anki) -> None:
    block = "6567a1b2-0003-4000-8000-000000000003"
    graph.write("pages/Stories.md", f"- ## The double payout\n  id:: {block}\n\t- S: paid twice\n\t- R: none since\n")
    graph.write("pages/Acme.md", f"- Tell me about a failure\n\t- (({block}))\n- What broke?\n\t- see (({block}))\n")
    assert graph.run("export", "--notes", str(graph.notes)).exit_code == 0
    anki.import_package(graph.decks / "acme.apkg")
    answers = {note["Question"]: note["Answer"] for note in anki.notes("deck:Interviews::Acme")}
    whole = next(answer for question, answer in answers.items() if "failure" in question)
    named = next(answer for question, answer in answers.items() if "broke" in question)
    assert "paid twice" in whole and "none since" in whole
    assert "The double payout" in named and "paid twice" not in named


def test_a_pattern_may_end_as_files_do(here: Workspace) -> None:
    here.write("Companies/Acme.md", "## Why Acme?\nRobots.\n")
    here.write("Other/Raft.md", "## Why Raft?\nVotes.\n")
    (here.root / "offbook.toml").write_text('companies = "Companies/*.md"\n')
    assert [card["company"] for card in here.cards()] == [["Acme"]]


def test_the_folder_of_pages_may_be_the_notes_folder(graph: Workspace) -> None:
    graph.write("pages/Interviews___Acme.md", f"- Why us?\n\t- See (({ID})).\n")
    graph.write("journals/2026_11_26.md", f"- The team.\n  id:: {ID}\n")
    (graph.root / "offbook.toml").write_text('notes = "notes/pages"\ncompanies = "Interviews/*"\n')
    (line,) = run("cards", "--json").stdout.splitlines()
    card = json.loads(line)
    assert (card["company"], card["answer"]) == (["Acme"], "See The team..")


def test_folders_may_have_other_names(tmp_path: Path) -> None:
    (tmp_path / "logseq").mkdir()
    (tmp_path / "logseq/config.edn").write_text('{:pages-directory "notes"\n :journals-directory "days"}')
    found = graph_around(tmp_path)
    assert found == Graph(tmp_path, "", "notes", "days")
    assert found.names("notes/A___B%3A C.md") == ("A", "B: C.md")
    assert found.file_of(("A", "B: C")) == "notes/A___B%3A C.md"
    assert found.is_journal("days/2026_11_26.md")


def test_init_takes_a_namespace_that_speaks_of_interviews(graph: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    graph.write("pages/Interviews___Acme.md", CARD.format("Acme"))
    graph.write("pages/Interviews___Globex.md", CARD.format("Globex"))
    graph.write("pages/Raft.md", CARD.format("Raft"))
    monkeypatch.chdir(graph.notes)
    told = run("init").stdout
    assert "vault: . (a Logseq graph)" in told
    assert "Acme: 1 card\n  Globex: 1 card\n" in told
    assert 'companies = "Interviews/*"' in Path("offbook.toml").read_text()
    assert "Wrote pages/Interviews___Initech___Interview.md" in run("new", "Initech").stdout
    assert "Wrote pages/Interviews___Acme___Interview.md" in run("new", "acme").stdout
    assert {"Acme", "Globex", "Initech"} == {line.split()[0] for line in run("status").stdout.splitlines()[1:4]}


def test_init_takes_the_pages_that_say_they_are_companies(graph: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    graph.write("pages/Acme.md", "interview:: [[Dec 3rd, 2026]]\n\n" + CARD.format("Acme"))
    graph.write("pages/Globex.md", "type:: [[company]]\n\n- Why [[Raft]]?\n\t- for them\n")
    graph.write("pages/Raft.md", CARD.format("Raft"))
    graph.write("pages/Recipes.md", "- What should I cook?\n\t- soup\n")
    monkeypatch.chdir(graph.notes)
    told = run("init").stdout
    assert "Acme: 1 card\n  Globex: 1 card\n" in told
    assert 'write into offbook.toml:\n  shared = ["Raft"]\n' in told
    assert 'companies = ["Acme", "Globex"]' in Path("offbook.toml").read_text()


def test_init_takes_such_pages_beside_a_namespace(graph: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    graph.write("pages/Interviews___Acme.md", CARD.format("Acme"))
    graph.write("pages/Globex.md", "interview:: [[Dec 3rd, 2026]]\n\n" + CARD.format("Globex"))
    graph.write("pages/Notes.md", "company:: [[Acme]]\n\n" + CARD.format("them"))
    monkeypatch.chdir(graph.notes)
    run("init")
    assert 'companies = ["Interviews/*", "Globex"]' in Path("offbook.toml").read_text()


def test_init_proposes_neither_logseqs_copies_nor_templates(graph: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    graph.write("pages/Interviews___Acme.md", CARD.format("Acme"))
    graph.write("pages/templates.md", "- screen\n  template:: screen\n\t- What is a term? #card\n\t\t- A reign.\n")
    graph.write("logseq/bak/pages/Interviews___Acme/1.md", "- Why? #card\n\t- So.\n")
    monkeypatch.chdir(graph.notes)
    assert "shared =" not in run("init").stdout


def test_a_new_page_is_an_outline_and_is_written_once(graph: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    (graph.notes / "offbook.toml").write_text('notes = "."\ncompanies = "Interviews/*"\n')
    monkeypatch.chdir(graph.notes)
    written = "Wrote pages/Interviews___Corvid Labs___Interview.md: 18 questions to answer; the interview is "
    assert written in run("new", "Corvid Labs", "--date", "2030-12-03").stdout
    text = (graph.notes / "pages/Interviews___Corvid Labs___Interview.md").read_text()
    first = "company:: Corvid Labs\ninterview:: 2030-12-03\n\n- # About you\n\t- Tell me about yourself\n"
    assert text.startswith(first)
    assert "already exists" in run("new", "Corvid Labs", status=2).stderr


def test_a_new_page_stands_below_the_companys_own(graph: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    graph.write("pages/Interviews___Figma.md", CARD.format("Figma"))
    graph.write("pages/Amara Obi.md", "company:: [[Figma]]\n\n" + CARD.format("them"))
    (graph.notes / "offbook.toml").write_text('notes = "."\ncompanies = "Interviews/*"\n')
    monkeypatch.chdir(graph.notes)
    assert "Wrote pages/Interviews___Figma___Interview.md" in run("new", "Figma").stdout


def test_what_was_marked_in_a_pdf_and_dragged_into_a_page_is_no_note(graph: Workspace) -> None:
    graph.write("pages/hls__craft.md", "file:: [craft](../assets/craft.pdf)\n\n- Is craft dead?\n- No.\n")
    graph.write("assets/transcript.txt", "Why?\nSo.\n")
    graph.write("pages/Acme.md", CARD.format("us"))
    assert {card["path"] for card in graph.cards()} == {"pages/Acme.md"}
    told = run("status", "-v", "--notes", "notes").stdout
    assert "hls__craft.md: left out: it holds what was marked in a PDF" in told
    assert "transcript" not in told


def test_a_page_in_a_namespace_for_what_is_over_is_archived(graph: Workspace) -> None:
    graph.write("pages/Interviews___Figma.md", CARD.format("us"))
    (graph.root / "offbook.toml").write_text('companies = "Interviews/*"\n')
    run("export", "--notes", "notes")
    (graph.notes / "pages/Interviews___Figma.md").rename(graph.notes / "pages/Interviews___Archive___Figma.md")
    assert "Figma: 1 retired" in run("export", "--notes", "notes").stdout


def test_a_block_of_a_journal_may_name_its_company(graph: Workspace) -> None:
    graph.write("pages/Interviews___Acme.md", CARD.format("us"))
    graph.write(
        "journals/2026_11_26.md",
        "- What should I cook?\n\t- soup\n- phone screen with Aino\n  company:: [[Interviews/Acme]]\n"
        "\t- What is MVCC?\n\t\t- versions\n- Why does it leak?\n\t- the hose\n",
    )
    (graph.root / "offbook.toml").write_text('companies = "Interviews/*"\n')
    assert {card["question"]: card["company"] for card in graph.cards()} == {
        "Why us?": ["Acme"], "What is MVCC?": ["Acme"],
    }  # fmt: skip


def test_what_names_no_company_in_a_day_stays_what_the_settings_say(graph: Workspace) -> None:
    """The day was shared before one of its blocks named a company, and its other cards are no others for that."""
    desk = Desk(graph, "collection")
    day = "- [[Interviews/Acme]] call\n\t- Why us?\n\t\t- Shops.\n- What is a semi-join?\n\t- EXISTS\n- And now?\n"
    settings = desk.workspace.root / "offbook.toml"
    settings.write_text('companies = "Interviews/*"\nshared = ["*", "journals"]\n')
    for company in ("Acme", "Bolt"):
        desk.workspace.write(f"pages/Interviews___{company}.md", CARD.format(company))
    desk.workspace.write("journals/2026_11_18.md", day)
    (graph.notes / "acme/a.md").unlink()
    desk.run()
    bolt = "\n- a talk\n  company:: Bolt\n\t- Why now?\n\t\t- It is spring.\n"
    named = day.replace("call\n", "call\n  company:: [[Interviews/Acme]]\n")
    desk.workspace.write("journals/2026_11_18.md", named + bolt)
    result = desk.run()
    assert result.stderr == ""
    assert "In all: 1 added, 1 updated, 3 unchanged, 1 put in another deck" in result.stdout
    found = {card["question"]: card["company"] for card in desk.workspace.cards()}
    del found["Why Acme?"], found["Why Bolt?"]
    assert found == {"Why us?": ["Acme"], "What is a semi-join?": ["all"], "And now?": ["all"], "Why now?": ["Bolt"]}
    settings.write_text('companies = "Interviews/*"\n')
    result = desk.run()
    rule = "it is the page of a day: no `company::` names a company, and `shared` does not name"
    told = f"this note is left out, and so 1 card is retired: all but its blocks with `company::`: {rule}"
    assert told in result.stderr
    assert "1 retired, 1 suspended" in result.stdout
    assert "is no longer read" not in result.stderr
    explained = desk.workspace.run("cards", "--explain").stdout
    assert f"journals/2026_11_18.md:5: no card: What is a semi-join? (is left out: {rule}" in explained
    status = desk.workspace.run("status", "-v").stdout
    assert f"journals/2026_11_18.md: left out: all but its blocks with `company::`: {rule}" in status
    assert "3 notes in" in status


def test_talking_points_of_a_day_are_those_of_its_part(graph: Workspace) -> None:
    (graph.root / "offbook.toml").write_text('companies = "Interviews/*"\nshared = ["journals"]\n')
    graph.write(
        "journals/2026_11_18.md",
        "Our lighthouse keepers rotate every fortnight, and so nobody of them sleeps less than seven hours.\n\n"
        "- call\n  company:: Acme\n\t- How do lighthouse keepers rotate?\n- Why do lighthouse keepers rotate?\n",
    )
    found = {card["question"]: (card["company"], card["suggested"]) for card in graph.cards()}
    assert found == {
        "How do lighthouse keepers rotate?": (["Acme"], False),
        "Why do lighthouse keepers rotate?": (["all"], True),
    }
    assert "Acme: 1 new, 1 open" in run("export", "--notes", "notes").stdout


@pytest.mark.parametrize("answered", ["", "- What is a lease?\n\t- A lock that ends.\n"])
@pytest.mark.parametrize(("first", "second"), [("all", ""), ("[[Acme]]", "- more\n  company:: acme\n")])
def test_talking_points_go_to_their_question_alone_where_parts_of_a_day_serve_the_same(
    graph: Workspace, anki: Anki, first: str, second: str, answered: str
) -> None:
    (graph.root / "offbook.toml").write_text('companies = "Interviews/*"\nshared = ["journals"]\n')
    keepers = "Our lighthouse keepers rotate every fortnight, and so nobody of them sleeps less than seven hours."
    asking = (answered + "- Why do lighthouse keepers rotate?\n").splitlines(keepends=True)
    rest = second + "".join(f"\t{line}" if second else line for line in asking)
    raft = f"- call\n  company:: {first}\n\t- What is Raft?\n\t\t- An algorithm that I know well.\n"
    graph.write("pages/Interviews___Acme.md", CARD.format("us") + (f"\n{keepers}\n" if second else ""))
    graph.write("journals/2026_11_18.md", ("" if second else f"{keepers}\n\n") + raft + rest)
    for _ in range(2):  # anew, and from the memo
        found = {card["question"]: (card["answer"], card["suggested"]) for card in graph.cards()}
        assert found["What is Raft?"] == ("An algorithm that I know well.", False)
        assert found["Why do lighthouse keepers rotate?"] == (keepers, True)
    run("export", "--notes", "notes")
    anki.import_package(graph.decks / "acme.apkg")
    shown = {note["Question"]: note["Answer"] for note in anki.notes()}
    assert "An algorithm that I know well." in shown["What is Raft?"]
    assert [question for question, text in shown.items() if keepers in text] == ["Why do lighthouse keepers rotate?"]


def test_a_closed_company_takes_its_blocks_of_a_day_alone(graph: Workspace) -> None:
    settings = graph.root / "offbook.toml"
    graph.write("pages/Interviews___Acme.md", CARD.format("us"))
    bolt = "- a talk\n  company:: Bolt\n\t- What is a lease?\n\t\t- a lock\n"
    acme = "- call\n  company:: Acme\n\t- What is Raft?\n\t\t- votes\n"
    rest = "- What is a semi-join?\n\t- EXISTS\n"
    rule = "its company is closed: `closed` in offbook.toml names it"
    page = "journals/2026_11_18.md"
    graph.write(page, bolt + acme + rest)
    settings.write_text('companies = "Interviews/*"\nshared = ["journals"]\n')
    run("export", "--notes", "notes")
    settings.write_text('companies = "Interviews/*"\nshared = ["journals"]\nclosed = ["Bolt"]\n')
    assert "no longer read" not in run("export", "--notes", "notes").stderr
    assert {card["question"] for card in graph.cards()} == {"Why us?", "What is Raft?", "What is a semi-join?"}
    assert page not in run("status", "-v", "--notes", "notes").stdout
    explained = run("cards", "--explain", "--notes", "notes").stdout
    assert f"{page}:3: no card: What is a lease? (is left out: {rule}" in explained
    settings.write_text('companies = "Interviews/*"\nclosed = ["Bolt"]\n')
    status = run("status", "-v", "--notes", "notes").stdout
    assert f"{page}: left out: all but its blocks with `company::`: it is the page of a day" in status
    graph.write(page, bolt)
    assert f"{page}: left out: {rule}" in run("status", "-v", "--notes", "notes").stdout


def test_a_marked_block_beside_those_of_a_company_is_pointed_out(graph: Workspace) -> None:
    graph.write(
        "journals/2026_11_26.md",
        "- screen\n  company:: Acme\n\t- Why us? #card\n\t\t- robots\n"
        "- What is MVCC? #card\n\t- versions\n- What is WAL? #card\n\t- a log\n",
    )
    assert [card["question"] for card in graph.cards()] == ["Why us?"]
    told = run("check", "--notes", "notes").stdout
    assert "2026_11_26.md:5: left-out-card #card makes no card here, as the note is left out; offbook status -v" in told
    assert "1 left-out-card" in told


def test_a_new_page_is_named_as_the_other_files_are(graph: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    graph.write("pages/Interviews%2FAcme.md", CARD.format("us"))
    (graph.notes / "offbook.toml").write_text('notes = "."\ncompanies = "Interviews/*"\n')
    monkeypatch.chdir(graph.notes)
    assert "Wrote pages/Interviews%2FInitech%2FInterview.md" in run("new", "Initech").stdout


def test_a_page_of_an_older_graph_is_called_by_its_title(graph: Workspace, anki: Anki) -> None:
    graph.write("pages/Interviews.Bolt.md", "title:: Interviews/Bolt\n\n- Why us?\n\t- for [[Fermi Fragen]] there\n")
    graph.write("pages/corp.md", "alias:: Corporation\ntitle:: Interviews/Corp\n\n- Why them?\n\t- x\n")
    graph.write("pages/Tricks.md", "title:: Fermi Fragen\n\n- text\n")
    (graph.root / "offbook.toml").write_text('companies = "Interviews/*"\n')
    assert {card["question"]: card["company"] for card in graph.cards()} == {"Why us?": ["Bolt"], "Why them?": ["Corp"]}
    run("export", "--notes", "notes")
    anki.import_package(graph.decks / "bolt.apkg")
    note = anki.note("Why us?")
    assert "logseq://graph/notes?page=Fermi%20Fragen" in note["Answer"]
    assert "page=Interviews%2FBolt" in note["Source"]


@pytest.mark.parametrize(
    ("value", "companies"),
    [
        ("[[Interviews/Acme]]", ["Acme"]),
        ("[[Interviews/Acme]], [[Bolt]]", ["Acme", "Bolt"]),
        ("Acme, Bolt", ["Acme", "Bolt"]),
        ("Acme, Inc.", ["Acme, Inc."]),
    ],
)
def test_a_property_names_companies(graph: Workspace, value: str, companies: list[str]) -> None:
    graph.write("journals/2026_11_26.md", f"company:: {value}\n\n" + CARD.format("us"))
    assert [card["company"] for card in graph.cards()] == [companies]


def test_init_proposes_the_pages_that_serve_every_company(graph: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A namespace is named where several of its pages are meant; a page is found by its alias and blocks, too."""
    shown = f"{{{{embed [[Story/Cron job]]}}}} [[A/B testing]] [[Sums]] (({ID}))"
    graph.write("pages/Interviews___Acme.md", f"- Tell me about a failure\n\t- {shown} [[Story/Lost mail]]\n")
    graph.write("pages/Story___Cron job.md", "- It ran twice.\n")
    graph.write("pages/Story___Lost mail.md", "- It came late.\n")
    graph.write("pages/A___B testing.md", "- Two groups.\n")
    graph.write("pages/Figures.md", "alias:: Sums\n\n- 86,400\n")
    graph.write("pages/Team.md", f"- Five people.\n  id:: {ID}\n")
    graph.write("pages/Raft.md", "- What is a term? #card\n\t- A reign.\n")
    graph.write("pages/Garden.md", "- Why do roses need #cardboard?\n")
    monkeypatch.chdir(graph.notes)
    shared = 'shared = ["Story", "A/B testing", "Figures", "Team", "Raft"]'
    assert f"every company's package, write into offbook.toml:\n  {shared}\n" in run("init").stdout
    (graph.notes / "offbook.toml").write_text(f'notes = "."\ncompanies = "Interviews/*"\n{shared}\n', "utf-8")
    left_out = [line for line in run("status", "-v").stdout.splitlines() if "`shared` matches" in line]
    assert [line.partition(":")[0] for line in left_out] == ["pages/Garden.md"]


@pytest.mark.parametrize(
    ("page", "shared"), [("Interviews", '["journals"]'), ("Companies", '["*", "journals"]'), ("", '["journals"]')]
)
def test_init_proposes_the_days_that_ask(
    graph: Workspace, monkeypatch: pytest.MonkeyPatch, page: str, shared: str
) -> None:
    for company in ("Acme", "Bolt") if page else ():
        graph.write(f"pages/{page}___{company}.md", CARD.format(company))
    graph.write("journals/2026_11_25.md", "- dinner\n- Where is the key?\n")
    monkeypatch.chdir(graph.notes)
    assert "Questions stand" not in run("init").stdout
    (graph.notes / "offbook.toml").unlink()
    graph.write("journals/2026_11_26.md", "- What is a vote?\n\t- A voice.\n")
    told = run("init").stdout
    assert f"\n  shared = {shared}\nNext: " in told
    assert "Questions stand on the pages of days, in journals. To have the cards in every company's package" in told
    assert 'no `company::` names a company, and `shared` does not name "journals"' in told
    settings = (graph.notes / "offbook.toml").read_text().replace('shared = ["*"]', "")
    (graph.notes / "offbook.toml").write_text(f"shared = {shared}\n{settings}".replace("# shared", "# "), "utf-8")
    assert "What is a vote?" in run("cards").stdout


def test_a_pages_name_is_that_of_its_file_unescaped(graph: Workspace) -> None:
    graph.write("pages/Interviews___What is Raft%3F.md", "- A consensus algorithm.\n- It has a leader.\n")
    graph.write("pages/old name.md", "title:: What is Paxos?\n\n- Another one.\n- It has none.\n")
    assert [card["question"] for card in graph.cards()] == ["What is Raft?", "What is Paxos?"]


# -- properties ------------------------------------------------------------------------------------


def test_the_properties_of_a_page_serve_as_front_matter_does(graph: Workspace) -> None:
    text = "company:: [[Acme]]\ninterview:: [[Dec 3rd, 2026]]\ntags:: backend, [[on site]]\ntime:: 2m\n\n"
    graph.write("pages/whatever.md", text + CARD.format("us"))
    (card,) = graph.cards()
    assert card["company"] == ["Acme"]
    assert set(card["tags"]) >= {"backend", "on-site"}
    assert "2026-12-03" in run("status", "--notes", "notes").stdout


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("Acme", "Acme"),
        ("[[Acme]]", "Acme"),
        ("[[Acme]], [[Globex]]", ["Acme", "Globex"]),
        ("true", True),
        ("12", 12),
        ('"[[Acme]]"', "[[Acme]]"),
        ("[[Feb 30th, 2026]]", "Feb 30th, 2026"),
        ("[[Mar 1st, 2026]]", "2026-03-01"),
        ("[[Acme]] and others", "[[Acme]] and others"),
        ("", None),
    ],
)
def test_the_value_of_a_property(written: str, value: object) -> None:
    assert parse_note(f"company:: {written}\n\n- text\n", "a.md", of_graph=True).metadata == {"company": value}


def test_a_wrong_value_is_told_with_its_line(graph: Workspace) -> None:
    graph.write("pages/Acme.md", "type:: [[Company]]\ninterview:: soon\n\n" + CARD.format("us"))
    told = run("check", "--notes", "notes", status=1).stdout
    assert "notes/pages/Acme.md:2: interview-date `interview` must be a day such as 2026-12-03" in told


@pytest.mark.parametrize("text", ["- text\n", "Raft:: an algorithm\nand more text\n", "- Raft:: an algorithm\n", ""])
def test_what_opens_a_page_and_is_no_property(text: str) -> None:
    note = parse_note(text, "a.md", of_graph=True)
    assert (note.metadata, note.body.replace("%%%%", "").split()) == ({}, text.split())


def test_lines_keep_their_numbers() -> None:
    text = f"- One\n  id:: {ID}\n  more\n\t- Two\n\t  collapsed:: true\n\n- #+BEGIN_NOTE\n  x\n  #+END_NOTE\n- Three\n"
    lines = translated(text).text.split("\n")
    assert len(lines) == text.count("\n") + 1
    assert [lines.index(line) for line in (f"- One ^{ID}", "\t- Two", "- > [!note]", "- Three")] == [0, 3, 6, 9]


@pytest.mark.parametrize("mark", ["#+BEGIN_QUERY", "#+BEGIN_NOTE", "#+BEGIN_SRC", "```", ":LOGBOOK:"])
def test_what_is_never_closed_hides_nothing_that_follows(mark: str) -> None:
    text = translated(f"- One\n\t- Two\n\t  {mark}\n\t  text\n\t- Three [[card]]\n- Four [[card]]\n").text
    assert [word in text for word in ("text", "- Three #card", "- Four #card")] == [True] * 3


def test_a_bullet_in_code_is_code() -> None:
    text = "- One\n  ```\n  - [[card]]\n  ```\n- Two [[card]]\n"
    assert translated(text).text == text.replace("Two [[card]]", "Two #card")


_PIECES = (
    "- ", "\t", "  ", "\n", "text", "?", f"id:: {ID}", "tags:: a, b", "collapsed:: true", "key:: value", "TODO ", "```",
    "#+BEGIN_NOTE", "#+END_NOTE", "#+BEGIN_SRC", "#+END_SRC", "#+BEGIN_QUERY", ":LOGBOOK:", ":END:", f"(({ID}))",
    "{{embed [[a]]}}", "{{cloze a}}", "#card", "SCHEDULED: <2026-11-30>", "template:: a", "# ", "> ", "|", "%%",
)  # fmt: skip


@given(lists(sampled_from(_PIECES), max_size=30))
def test_any_text_keeps_its_lines(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert translated(text).text.count("\n") == text.count("\n")


# -- a block's id ----------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["- {0}\n  id:: {1}\n", "- {0} #card\n  card-repeats:: 4\n  id:: {1}\n",
                                      "- Q: {0}\n  id:: {1}\n"])  # fmt: skip
def test_a_reworded_block_keeps_its_history_by_its_id(here: Workspace, anki: Anki, question: str) -> None:
    label = "A: " if "Q:" in question else ""
    here.write("Acme.md", question.format("Why us?", ID) + f"\t- {label}The team, and what it builds.\n")
    assert here.changes() == {"Why us?": "new"}
    assert anki.import_package(here.decks / "acme.apkg")["new"] == 1
    (card,) = anki.collection.find_cards("")
    here.write("Acme.md", question.format("What drew you to robots?", ID) + f"\t- {label}My first job.\n")
    assert here.changes() == {"What drew you to robots?": "changed"}
    assert anki.import_package(here.decks / "acme.apkg")["updated"] == 1
    (note,) = anki.notes()
    assert [card.id for card in note.cards()] == [card]
    assert note["Question"] == "What drew you to robots?"
    assert ID not in "".join(note.fields[:2])


# -- links, references and embeds ------------------------------------------------------------------


def test_links_lead_to_pages_by_name_title_alias_and_day(graph: Workspace, anki: Anki) -> None:
    graph.write("pages/Interviews___Acme.md", "alias:: Acme Corp, ACM\n\n- text\n")
    graph.write("pages/old.md", "title:: New: name\n\n- text\n")
    graph.write("journals/2026_11_22.md", "- what was said that day\n")
    links = ["interviews/acme", "acme corp", "ACM", "new: name", "Nobody"]
    text = " ".join(f"[[{link}]]" for link in links)
    graph.write("pages/Globex.md", f"- Why?\n\t- {text}\n\t- {{{{embed [[Nov 22nd, 2026]]}}}}\n")
    run("export", "--notes", "notes")
    anki.import_package(graph.decks / "globex.apkg")
    answer = anki.note("Why?")["Answer"]
    assert answer.count('<a href="logseq://graph/notes?page=') == len(links) - 1
    assert '<span class="wikilink">Nobody</span>' in answer
    assert "what was said that day" in answer


@pytest.mark.parametrize(
    "day",
    [
        "Nov 22nd, 2026", "November 22nd, 2026", "Sun, 22.11.2026", "Sunday, 22-11-2026", "22.11.2026", "22-11-2026",
        "11/22/2026", "Sun, 11/22/2026", "2026-11-22", "2026-11-22 Sunday", "2026/11/22", "2026_11_22",
        "2026年11月22日",
    ],
)  # fmt: skip
def test_days_in_all_of_logseqs_formats(graph: Workspace, day: str) -> None:
    graph.write("journals/2026_11_22.md", "- what was said that day\n")
    graph.write("pages/Acme.md", f"interview:: [[{day}]]\n\n- Why?\n\t- {{{{embed [[{day}]]}}}}\n")
    assert answer(graph, "Why?") == "what was said that day"
    (row,) = map(json.loads, run("status", "--json", "--notes", "notes").stdout.splitlines())
    assert row["interview"] == "2026-11-22"


@pytest.mark.parametrize(
    ("form", "page"),
    [
        ("", "Nov%2022nd%2C%202026"),
        ("do MMMM yyyy", "22nd%20November%202026"), ("E, dd.MM.yyyy", "Sun%2C%2022.11.2026"),
        ("yyyy-MM-dd EEEE", "2026-11-22%20Sunday"), ("yyyy年MM月dd日", "2026%E5%B9%B411%E6%9C%8822%E6%97%A5"),
    ],
)  # fmt: skip
def test_a_link_to_a_day_opens_its_journal(graph: Workspace, anki: Anki, form: str, page: str) -> None:
    if form:
        (graph.notes / "logseq/config.edn").write_text(f'{{:journal/page-title-format "{form}"}}')
    graph.write("journals/2026_11_22.md", "company:: Acme\n\n- Why?\n\t- see [[2026-11-22]]\n")
    run("export", "--notes", "notes")
    anki.import_package(graph.decks / "acme.apkg")
    note = anki.note("Why?")
    assert f"logseq://graph/notes?page={page}" in note["Answer"]
    assert f"logseq://graph/notes?page={page}" in note["Source"]


def test_a_reference_shows_a_blocks_text_and_an_embed_what_is_below_it_as_well(graph: Workspace, anki: Anki) -> None:
    graph.write(
        "pages/Stories.md", f"- The *outage* of May\n  id:: {ID}\n\t- Two hours.\n- # Heading\n  id:: {OTHER}\n"
    )
    graph.write(
        "pages/Acme.md",
        f"- Tell me about a failure\n\t- In short (({ID})), see (({OTHER})) and [it]((({ID}))).\n"
        f"\t- {{{{embed (({ID}))}}}}\n"
        f"- (({ID})) #card\n\t- By hand.\n",
    )
    told = run("export", "--notes", "notes")
    assert not told.stderr
    anki.import_package(graph.decks / "acme.apkg")
    first, second = sorted(anki.notes(), key=lambda note: "failure" not in note["Question"])
    assert "In short The <em>outage</em> of May, see Heading and <a" in first["Answer"]
    assert first["Answer"].count("Two hours.") == 1
    assert second["Question"] == "The <em>outage</em> of May"
    assert {card["question"] for card in graph.cards()} == {"Tell me about a failure", "The outage of May"}


def test_a_card_follows_the_block_that_it_refers_to(graph: Workspace) -> None:
    graph.write("pages/Stories.md", f"- The outage\n  id:: {ID}\n")
    graph.write("pages/Acme.md", f"- Tell me about a failure\n\t- It was (({ID})).\n")
    assert answer(graph, "Tell me about a failure") == "It was The outage."
    graph.write("pages/Stories.md", "- Nothing\n")
    graph.write("pages/Moved.md", f"- The fire\n  id:: {ID}\n")
    assert answer(graph, "Tell me about a failure") == "It was The fire."


def test_a_link_to_a_page_without_a_file_is_a_tag(graph: Workspace) -> None:
    graph.write("pages/Acme.md", "- Why? [[growth]]\n\t- [[small team]], [[Nov 20th, 2026]]\n")
    assert "dead-link" not in run("check", "--notes", "notes").stdout


def test_check_names_a_marked_card_of_a_note_that_is_left_out(graph: Workspace) -> None:
    graph.write("pages/Acme.md", CARD.format("us"))
    graph.write("journals/2026_11_26.md", "- [[Acme]] phone screen\n\t- What is MVCC? #card\n\t\t- Versions.\n")
    told = (
        "2026_11_26.md:2: left-out-card #card makes no card here, as the note is left out; offbook status -v says why"
    )
    assert told in run("check", "--notes", "notes").stdout


def test_a_block_keeps_its_history_when_it_goes_to_another_company_and_is_reworded(graph: Workspace) -> None:
    graph.write("pages/Bolt.md", f"- Why Bolt?\n  id:: {ID}\n\t- money\n- Why now?\n\t- spring\n")
    graph.changes()
    graph.write("pages/Bolt.md", "- Why now?\n\t- spring\n")
    graph.write("pages/Acme.md", f"- What draws you to this?\n  id:: {ID}\n\t- people\n")
    assert graph.changes() == {"What draws you to this?": "moved", "Why now?": "unchanged"}


def test_a_reference_that_leads_nowhere_is_told_once_as_a_dead_embed_is(graph: Workspace) -> None:
    graph.write("pages/Acme.md", f"- Why?\n\t- (({NONE}))\n\t- So.\n")
    message = f"notes/pages/Acme.md:2: the block reference (({NONE})) leads nowhere; the card shows its name"
    assert run("export", "--notes", "notes").stderr.splitlines() == [message]
    assert (
        f"dead-link the block reference (({NONE})) leads nowhere" in run("check", "--notes", "notes", status=1).stdout
    )


def test_blocks_that_refer_to_each_other_end(graph: Workspace) -> None:
    graph.write(
        "pages/Acme.md", f"- Why (({OTHER}))?\n  id:: {ID}\n\t- So (({ID})).\n- That (({ID}))\n  id:: {OTHER}\n"
    )
    assert "comes back to itself" in run("export", "--notes", "notes").stderr


# -- what stands on a card -------------------------------------------------------------------------


def test_nothing_of_logseqs_own_is_printed(graph: Workspace, anki: Anki) -> None:
    graph.write("assets/a picture.png", b"\x89PNG")
    graph.write(
        "pages/Acme.md",
        "- TODO What does MVCC mean? #[[card]]\n  SCHEDULED: <2026-11-30 Mon>\n  card-last-interval:: 28.3\n"
        f"  id:: {ID}\n  heading:: true\n  :LOGBOOK:\n  CLOCK: [2026-11-20 Fri]\n  :END:\n"
        "\t- LATER Versions, ^^many^^.\n\t  collapsed:: true\n\t  #+BEGIN_QUOTE\n\t  A reader waits for none.\n"
        "\t  #+END_QUOTE\n\t- #+BEGIN_IMPORTANT\n\t  Vacuum.\n\t  #+END_IMPORTANT\n"
        "\t- ![p](../assets/a picture.png){:height 20, :width 30}\n\t- {{query (todo later)}}\n",
    )
    run("export", "--notes", "notes")
    anki.import_package(graph.decks / "acme.apkg")
    (note,) = anki.notes()
    assert note["Question"] == "What does MVCC mean?"
    html = note["Answer"]
    assert "<mark>many</mark>" in html
    assert "<blockquote>\n<p>A reader waits for none.</p>\n</blockquote>" in html
    assert 'class="callout callout-important"' in html
    assert 'width="30"' in html
    for mark in ("::", "LATER", "TODO", "#+", ":END:", "{{", "^^", "%%", ID, "{:"):
        assert mark not in note["Question"] + html


def test_gaps_are_anki_s(graph: Workspace, anki: Anki) -> None:
    graph.write("pages/Acme.md", "- A {{cloze quorum\\\\more than half}} elects a {{cloze leader}}. #card\n")
    run("export", "--notes", "notes")
    anki.import_package(graph.decks / "acme.apkg")
    (note,) = anki.notes()
    assert note["Text"] == "A {{c1::quorum::more than half}} elects a {{c2::leader}}."
    assert len(note.cards()) == 2


def test_links_open_logseq_and_make_no_change_of_their_own(graph: Workspace, anki: Anki, tmp_path: Path) -> None:
    graph.write("pages/Onward___Globex Inc.md", f"- text\n  id:: {OTHER}\n")
    text = f"- Why?\n  id:: {ID}\n\t- [[onward/globex inc]], [so]((({OTHER}))), [[Nobody]]\n- What?\n\t- That.\n"
    graph.write("pages/Onward___Acme.md", text)
    run("export", "--notes", "notes")
    anki.import_package(graph.decks / "onward.apkg")
    first, second = anki.note("Why?"), anki.note("What?")
    assert first["Source"] == f'<a href="logseq://graph/notes?block-id={ID}">Onward/Acme</a>'
    assert second["Source"] == '<a href="logseq://graph/notes?page=Onward%2FAcme">Onward/Acme</a>'
    assert '<a href="logseq://graph/notes?page=Onward%2FGlobex%20Inc">onward/globex inc</a>' in first["Answer"]
    assert f'<a href="logseq://graph/notes?block-id={OTHER}">so</a>' in first["Answer"]
    assert '<span class="wikilink">Nobody</span>' in first["Answer"]
    graph.notes.rename(tmp_path / "renamed")
    assert "Onward: 2 unchanged" in run("export", "--notes", "renamed").stdout


def test_properties_of_the_writers_own_are_no_settings(graph: Workspace) -> None:
    graph.write("pages/Acme.md", "cards:: 12\ntime:: 14:00\n\n- Why us? #card\n\t- the tide\n")
    (card,) = graph.cards()
    assert card["question"] == "Why us?"
    assert not [line for line in graph.run("check").stdout.splitlines() if "must be" in line]


def test_several_days_of_interviews(graph: Workspace) -> None:
    graph.write("pages/Acme.md", "interview:: [[Dec 2nd, 2126]], [[Dec 8th, 2126]]\n\n- Why us? #card\n\t- the tide\n")
    assert "2126-12-02" in graph.run("status").stdout


def test_what_logseq_hides_makes_no_cards(graph: Workspace) -> None:
    (graph.notes / "logseq/config.edn").write_text('{:hidden ["/pages/Private.md" "/old"]\n :x 1}\n')
    graph.write("pages/Acme.md", "- Why us? #card\n\t- the tide\n")
    graph.write("pages/Private.md", "- Why not? #card\n\t- no\n")
    graph.write("old/x.md", "- Q: hidden?\n\t- A: yes\n")
    assert [card["question"] for card in graph.cards()] == ["Why us?"]
    assert "`:hidden` in logseq/config.edn" in graph.run("status", "-v").stdout
