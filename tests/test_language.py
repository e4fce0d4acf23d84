"""In which language a card is read aloud, and where its long words may break."""

from __future__ import annotations

import re

import pytest
from anki.sound import TTSTag
from conftest import Anki, Workspace

from offbook.language import language_of, normal, voice_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What is the GIL?", "en"),
        ("Was ist Polymorphismus?", "de"),
        ("Wie funktioniert Garbage Collection?", "de"),
        ("Qu'est-ce que le GIL ?", "fr"),
        ("¿Qué es el GIL?", "es"),
        ("O que é Docker?", "pt"),
        ("Cos'è Docker?", "it"),
        ("Wat is een proces?", "nl"),
        ("Vad är en process?", "sv"),
        ("Co to jest proces?", "pl"),
        ("什么是 Kubernetes Deployment?", "zh"),
        ("GILとは何ですか", "ja"),
        ("Kubernetes와 Docker의 차이점은?", "ko"),
        ("Что такое Kubernetes Deployment?", "ru"),
        ("Що таке індекс?", "uk"),
        # A word in another script does not change the language of the question about it.
        ("What does 分布式 mean?", "en"),
        ("How do you say Привет?", "en"),
        # Names and terms tell nothing.
        ("Polymorphismus", "en"),
        ("Process", "en"),
        # A letter of a short form is no word, and one letter alone tells nothing.
        ("Experience w/ regulated products", "en"),
        ("see a16z article", "en"),
        ("Option Z", "en"),
        # Nor does one word that two languages have.
        ("Design system war", "en"),
        ("gross retention (no upsell)", "en"),
        ("PM o Google", "en"),
        ("Praca w banku i co dalej", "pl"),
        # A word with a letter that a language has not is a name there, or the language is another one.
        ("gedachte Hülle um das System", "de"),
        ("Why Zürich?", "en"),
        ("O que é o Müller?", "pt"),
        ("", "en"),
    ],
)
def test_script_and_words_tell_the_language(text: str, language: str) -> None:
    assert language_of(text) == language


def test_where_a_question_does_not_tell_its_answer_does() -> None:
    assert language_of("Polymorphismus", "Die Fähigkeit, sich in einer von mehreren Formen zu zeigen.") == "de"
    assert language_of("Was ist das?", "The answer is in English, and it is longer than the question.") == "de"


def test_where_neither_tells_the_note_does(workspace: Workspace, anki: Anki) -> None:
    workspace.write("acme/a.md", "Das ist, was ich weiß.\n\n## Process #card\nRecruiter call, HM w/ Marek\n")
    workspace.write(
        "acme/b.md", "This is what I know of the firm.\n\n## What is it?\nThis.\n\n## Multi-tenanting #card\nSee a16z\n"
    )
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    told = {note["Question"]: note["Extra 1"] for note in anki.notes()}
    assert told == {"Process": "de", "What is it?": "", "Multi-tenanting": ""}


def test_where_it_is_a_close_thing_the_note_tells() -> None:
    assert [language_of("Was bedeutet TCP?", otherwise=note) for note in ("en", "de", "nl")] == ["en", "de", "nl"]
    assert language_of("Garantiert 2PL Serialisierbarkeit?", "Ja, konfliktserialisierbar", otherwise="de") == "de"


def test_a_german_note_s_short_cards_are_read_in_german(workspace: Workspace, anki: Anki) -> None:
    workspace.write(
        "acme/a.md",
        "Systemgrenze :: gedachte Hülle um das System\n\nWärmekapazität :: Energie um 1 kg um 1 K zu erwärmen\n\n"
        "Die Area :: Fläche\n",
    )
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    assert {note["Extra 1"] for note in anki.notes()} == {"de"}


def test_a_language_has_a_voice() -> None:
    assert [voice_of(normal(code)) for code in ("de", "en", "pt", "ZH", "de_at", "pt-PT", "xx")] == [
        "de_DE", "en_US", "pt_BR", "zh_CN", "de_AT", "pt_PT", "xx_XX",
    ]  # fmt: skip
    assert normal("german") == normal("d") == ""


@pytest.mark.parametrize(
    ("front_matter", "settings", "voice", "language"),
    [
        ("", "", "de_DE", "de"),
        ("lang: fr_CA\n", "", "fr_CA", "fr-CA"),
        ("", 'lang = "nl"\n', "nl_NL", "nl"),
        ("lang: en\n", 'lang = "nl"\n', "en_US", ""),
    ],
)
def test_front_matter_then_settings_then_the_text(
    workspace: Workspace, anki: Anki, front_matter: str, settings: str, voice: str, language: str
) -> None:
    (workspace.root / "offbook.toml").write_text(f"speak = true\n{settings}")
    workspace.write("acme/a.md", f"---\n{front_matter}---\n## Was ist ein Index?\nEine Struktur.\n")
    workspace.write("acme/b.md", f"---\n{front_matter}---\nEin {{{{c1::Index}}}} ist eine Struktur.\n")
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    for note in anki.notes():
        assert note["Extra 1"] == language
        (tag,) = note.cards()[0].render_output().question_av_tags
        assert isinstance(tag, TTSTag)
        assert tag.lang == voice
        is_cloze = "Text" in note
        assert tag.field_text.strip() == ("Ein blank ist eine Struktur." if is_cloze else "Was ist ein Index?")


def test_without_speech_nothing_is_there_to_be_read_or_seen(workspace: Workspace, anki: Anki) -> None:
    workspace.write("acme/a.md", "## Was ist ein Index?\nEine Struktur.\n\nEin {{c1::Index}} ist schnell.\n")
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    for note in anki.notes():
        output = note.cards()[0].render_output()
        assert (note["Speak"], output.question_av_tags, "speech" in output.question_text) == ("", [], False)


@pytest.mark.parametrize("tag", ["[sound:a.mp3]", '"><script>x</script>', "[anki:tts", "[latex]"])
def test_no_tag_acts_on_the_card_that_tells_it_to_its_looks(workspace: Workspace, anki: Anki, tag: str) -> None:
    workspace.write("acme/a.md", f"---\ntags: ['{tag}']\n---\n## What is X?\nY.\n")
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    (note,) = anki.notes()
    assert len(note.tags) == 2
    output = note.cards()[0].render_output()
    assert output.question_av_tags == output.answer_av_tags == []
    assert re.search('data-tags="([^"]*)">\n', output.question_text)[1] == " ".join(note.tags)  # type: ignore[index]
