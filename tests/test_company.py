"""Whose deck a note belongs to."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offbook.companies import Place, declared, like_named, meant, place_of, slug, target, tidy
from offbook.errors import Problem
from offbook.model import Note
from offbook.settings import Settings


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Acme", ("Acme",)),
        ("  Acme   Robotics ", ("Acme Robotics",)),
        (["Zeta", "Acme"], ("Acme", "Zeta")),
        (["Acme", "ACME"], ("Acme",)),
        ("[[Companies/Acme|the company]]", ("Acme",)),
        (1984, ("1984",)),
        ("all", ()),
        (["Acme", "All"], ()),
    ],
)
def test_front_matter_names_the_companies(value: object, names: tuple[str, ...]) -> None:
    assert declared(Note("a.md", "", metadata={"company": value})) == target(names)


@pytest.mark.parametrize("value", [None, "", [], [None, ""]])
def test_an_empty_company_is_none(value: object) -> None:
    assert declared(Note("a.md", "", metadata={"company": value})) is None


@pytest.mark.parametrize("value", [True, {"name": "Acme"}, [["Acme"]]])
def test_anything_else_is_a_fault(value: object) -> None:
    problem = declared(Note("a.md", "", metadata={"company": value}))
    assert isinstance(problem, Problem)
    assert "company" in problem.message


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("acme-robotics/round 1.md", "Acme Robotics"),
        ("Acme Robotics/deep/folder/x.md", "Acme Robotics"),
        ("airwallex.md", "Airwallex"),
        ("airwallex-r4-interview.md", "Airwallex"),
        ("airwallexperts.md", "Airwallexperts"),
        ("Why this team.md", "Why this team"),
    ],
)
def test_else_the_folder_or_the_file_name_does(path: str, name: str) -> None:
    assert place_of(path, Settings(), {"airwallex": "Airwallex", "air": "Air"}).target == target((name,))


@pytest.mark.parametrize(
    "name",
    [
        "Untitled", "Untitled 2", "common", "notes", "General", "questions", "2026-11-03", "2026-11-03 notes",
        "Debrief", "retros", "Feedback", "Glossary", "Frameworks notes", "Case study prep", "JD", "Job ad 2",
        "Nachbesprechung", "Stellenanzeige", "Étude de cas", "Vacature", "Вакансия", "用語集",
        "Phone screen", "behavioral-questions", "Allgemeine Fragen", "Unbenannt", "Sans titre", "Préparation",
        "Preguntas", "Sin título 1", "質問", "My answers", "Tips and tricks", "ChatGPT mock interview",
        "interview questions data analyst", "Historias STAR", "STAR stories", "Récits STAR",
        "Story bank", "Competencias", "Typische Fragen", "Klausurfragen", "Fachfragen 2", "Stärken und Schwächen",
        "To-Do", "Motivation", "Selbstpräsentation", "Small talk", "Exam questions", "Fortalezas y debilidades",
        "自己紹介",
    ],
)  # fmt: skip
def test_a_file_or_folder_whose_name_is_no_companys_serves_all(name: str) -> None:
    assert place_of(f"{name}.md", Settings()) == Place(target(()), nobody=f"{name}.md")
    assert place_of(f"{name}/deep/x.md", Settings()) == Place(target(()), nobody=name)
    nobody = f"Firms/{name}"
    assert place_of(f"{nobody}/x.md", Settings(companies=("Firms/*",))) == Place(target(()), nobody=nobody)
    named = Settings(companies=("Firms/*", nobody))
    assert place_of(f"{nobody}/x.md", named).target == target((tidy(name),))


@pytest.mark.parametrize(
    "name",
    [
        "General Electric",
        "Common Room",
        "Notion",
        "Loop",
        "Bank",
        "Two",
        "Star",
        "Acme notes",
        "Umfragen AG",
        "Exam",
        "C and A",
    ],
)
def test_a_company_may_have_such_words_in_its_name(name: str) -> None:
    assert place_of(f"{name}.md", Settings()).target == target((tidy(name),))


def test_such_a_name_is_a_companys_where_another_note_says_so() -> None:
    for path in ("General.md", "General/x.md"):
        assert place_of(path, Settings(), {"general": "General"}).target == target(("General",))


def test_names_that_differ_in_case_spaces_and_hyphens_are_one_company() -> None:
    assert slug("Acme Robotics") == slug("acme-robotics") == slug("ACME_Robotics") == "acme-robotics"


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("Mueller & Soehne", "Müller & Söhne GmbH"),
        ("Müller und Söhne", "Müller & Söhne GmbH"),
        ("MÜLLER SÖHNE", "Müller & Söhne GmbH"),
        ("Wuerth IT", "Würth IT"),
        ("datev", "DATEV eG"),
        ("Gross und Klein", "Groß & Klein GmbH & Co. KG"),
        ("Ferrero", "Ferrero S.p.A."),
        ("Ferrero SpA", "Ferrero"),
        ("Societe Generale", "Société Générale SA"),
        ("Maersk A/S", "Mærsk"),
        ("CD Projekt", "CD Projekt Sp. z o.o."),
        ("Smith et Fils", "Smith y Fils, Inc."),
    ],
)
def test_a_name_is_known_in_likely_spellings(wanted: str, name: str) -> None:
    assert meant(wanted, {slug(name): name, "zeta": "Zeta"}) == slug(name)


@pytest.mark.parametrize(
    ("wanted", "name"),
    [("Plan B", "Plan A"), ("Plan", "Plan A AG"), ("Muller", "Miller"), ("AG", "SE"), ("Blue", "Blu"), ("", "Acme")],
)
def test_other_names_stay_others(wanted: str, name: str) -> None:
    assert meant(wanted, {slug(name): name}) == ""


def test_an_exact_name_goes_first_and_of_several_likely_ones_none_is_meant() -> None:
    names = {"acme": "Acme", "acme-inc": "Acme Inc"}
    assert meant("acme inc", names) == "acme-inc"
    assert meant("ACME", names) == "acme"
    assert meant("Acme Ltd", names) == ""


@pytest.mark.parametrize(
    "name", ["", "../../x", "a/b", "CON", "nul", "all", "🦊", "...", "x" * 300, "日本語" * 100, " "]
)
def test_a_slug_is_safe_as_a_file_name(name: str) -> None:
    text = slug(name)
    assert text
    assert text not in ("all", "con", "nul")
    assert "/" not in text
    assert ".." not in text
    assert len(text.encode()) < 120


@given(st.text(max_size=40), st.text(max_size=40))
def test_slugs_are_stable_and_never_empty(one: str, other: str) -> None:
    assert slug(slug(one)) == slug(one)
    if one.casefold() == other.casefold():
        assert slug(one) == slug(other)


def test_tidy_leaves_what_a_person_wrote() -> None:
    assert tidy("IBM notes") == "IBM notes"
    assert tidy("iRobot") == "IRobot"
    assert tidy("acme_robotics-lab") == "Acme Robotics Lab"
    assert tidy("Mail from Nina (Figma onsite)") == "Mail from Nina (Figma)"
    assert tidy("First Round") == "First Round"
    assert tidy("Bäckerei-IT Süd") == "Bäckerei-IT Süd"
    assert tidy("Schmitz-Cargobull") == "Schmitz-Cargobull"
    assert tidy("schmitz-cargobull") == "Schmitz Cargobull"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("airwallex-r4-interview", "Airwallex"),
        ("acme_robotics-round-2", "Acme Robotics"),
        ("Blue Heron - 2nd round", "Blue Heron"),
        ("Blue Heron Phone Screen", "Blue Heron"),
        ("numbra onsite", "Numbra"),
        ("Numbra (final round)", "Numbra"),
        ("Numbra technical interview 2025-03-01", "Numbra"),
        ("Interview with Numbra", "Numbra"),
        ("Numbra interview prep", "Numbra"),
        ("Numbra 1a2b3c4d5e6f7890abcdef1234567890", "Numbra"),
        ("Interview Zeiss", "Zeiss"),
        ("Phone screen Initech", "Initech"),
        ("Siemens Vorstellungsgespräch", "Siemens"),
        ("Vorstellungsgespräch Siemens 10.12.2026", "Siemens"),
        ("Siemens-Vorstellungsgespräch am 10.12.", "Siemens"),
        ("Siemens 3. Dezember", "Siemens"),
        ("Bupa 2nd Dec", "Bupa"),
        ("Dec 2, 2026 Bupa onsite", "Bupa"),
        ("Telefónica 2 de diciembre 2026", "Telefónica"),
        ("March Networks", "March Networks"),
        ("Acme mock interview", "Acme"),
        ("2026 12 10 Siemens", "Siemens"),
        ("Bosch Telefoninterview", "Bosch"),
        ("Festo Assessment Center", "Festo"),
        ("Trumpf 2. Runde", "Trumpf"),
        ("Trumpf (zweite Runde)", "Trumpf"),
        ("Gespräch mit Groß & Klein (Köln)", "Groß & Klein (Köln)"),
        ("Entretien technique chez Dassault Systèmes", "Dassault Systèmes"),
        ("Entrevista con Telefónica", "Telefónica"),
        ("Ferrero colloquio conoscitivo", "Ferrero"),
        ("ASML 2e ronde", "ASML"),
        ("Rozmowa kwalifikacyjna Allegro", "Allegro"),
        ("Spotify intervju 2", "Spotify"),
        ("Собеседование в Яндекс", "Яндекс"),
        ("トヨタ一次面接", "トヨタ"),
        ("삼성 1차 면접", "삼성"),
        ("Phone Screen", "Phone Screen"),
        ("Interview", "Interview"),
        ("Interview Questions", "Interview Questions"),
        ("Vorstellungsgespräch Fragen", "Vorstellungsgespräch Fragen"),
        ("Two Sigma", "Two Sigma"),
        ("2026-12-10", "2026-12-10"),
    ],
)
def test_words_of_a_round_days_and_ids_of_notion_are_no_part_of_a_name(written: str, name: str) -> None:
    assert tidy(written) == name


@pytest.mark.parametrize("name", ["x" * 300, "One thread never gets its turn. " * 9, "é" * 90, "a-" * 60, "树" * 40])
def test_the_slug_of_a_slug_is_itself_however_long_the_name(name: str) -> None:
    assert slug(slug(name)) == slug(name)
    assert len(slug(name).encode()) <= 80


@pytest.mark.parametrize("word", ["interview ", "technical interview 2 ", "2 ", "x interview ", "2.1.2026 ", "面接"])
def test_a_name_of_many_rounds_takes_no_time(word: str) -> None:
    start = time.process_time()
    tidy(word * 200)
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("companies", "shared", "path", "names"),
    [
        (("Job/Acme",), ("Job",), "Job/Acme/pitch.md", ("Acme",)),
        (("Job/Acme",), ("Job",), "Job/SQL.md", ()),
        (("Companies/*",), ("*",), "Companies/Monzo/a.md", ("Monzo",)),
        (("Companies/*",), ("*",), "Stories/b.md", ()),
        (("Job/*",), ("Job/SQL.md",), "Job/SQL.md", ()),
        (("*",), ("Stories",), "Stories/b.md", ()),
        (("Job/*",), ("Job/*",), "Job/Acme/pitch.md", ()),
    ],
)
def test_the_setting_that_says_more_of_a_path_decides(
    companies: tuple[str, ...], shared: tuple[str, ...], path: str, names: tuple[str, ...]
) -> None:
    assert place_of(path, Settings(companies=companies, shared=shared)).target == target(names)


def test_the_ids_of_an_export_of_notion_do_not_matter() -> None:
    one, two = "61067edbb75a87dc16eacca224e1b263", "edefbda3b75a87dc16eacca224e1b263"
    settings = Settings(companies=("Prep/Companies/*",), shared=(f"Prep {two}/Tech",))
    assert place_of(f"Prep {one}/Companies {two}/Monzo {one}.md", settings).target == target(("Monzo",))
    assert place_of(f"Prep {one}/Tech {one}/SQL {two}.md", settings).target == target(())
    assert place_of(f"🎯 Interview Prep 2026 {one}/Metrics {two}.md", Settings()).target == target(())


@pytest.mark.parametrize("name", ["🎯 Interview Prep", "2026 Onsite"])
def test_a_name_keeps_something_that_can_be_read(name: str) -> None:
    assert any(map(str.isalpha, tidy(name)))


@pytest.mark.parametrize(
    ("name", "like"),
    [("Linear", ""), ("Olive", ""), ("Delivero", "Deliveroo"), ("Monso", "Monzo"), ("Acme", "Acme Robotics")],
)
def test_a_company_that_another_name_may_mean(name: str, like: str) -> None:
    names = {slug(known): known for known in ("Deliveroo", "Monzo", "Acme Robotics")}
    assert like_named(name, names) == like
