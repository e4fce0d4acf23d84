"""What cards take from the vault, and the fields that the settings fill; through the command line and a real Anki."""

from __future__ import annotations

import json
import re
import unicodedata
import zipfile
from pathlib import Path

import pytest
from anki.sound import SoundOrVideoTag, TTSTag
from conftest import Anki, Workspace

QUESTION = "## What is X?\n"


def answer(workspace: Workspace, anki: Anki, text: str, field: str = "Answer") -> str:
    """Export one card with this answer, and return a field of it in Anki."""
    workspace.write("acme/a.md", QUESTION + text)
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    return anki.note("What is X?")[field]


def problems(workspace: Workspace, text: str) -> list[str]:
    workspace.write("acme/a.md", QUESTION + text)
    told = workspace.run("export").stderr.splitlines()
    return [line.removeprefix(f"{workspace.notes}/") for line in told]


def media(workspace: Workspace) -> str:
    with zipfile.ZipFile(workspace.decks / "acme.apkg") as package:
        return package.read("media").decode()


# -- media -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("acme/img/pic.png", "![[img/pic.png]]"),
        ("deep/down/pic.png", "![[pic.png]]"),
        ("deep/down/pic.png", "![[down/pic.png]]"),
        ("deep/pic.png", "![](../deep/pic.png)"),
        ("deep/pic.png", "![](deep/pic.png)"),
        ("deep/my pic.png", "![](deep/my%20pic.png)"),
        ("deep/my pic.png", "![[my pic.png]]"),
        ("deep/my pic.png", '<img src="../deep/my pic.png">'),
        (unicodedata.normalize("NFD", "deep/Zürich.png"), "![[Zürich.png]]"),
        (unicodedata.normalize("NFC", "deep/Zürich.png"), unicodedata.normalize("NFD", "![[Zürich.png]]")),
    ],
)
def test_pictures_are_found_as_obsidian_finds_them(workspace: Workspace, file: str, text: str) -> None:
    workspace.write(file, b"\x89PNG")
    assert problems(workspace, text) == []
    assert media(workspace).count(".png") == 1


def test_other_letter_case_is_found_with_a_warning(workspace: Workspace) -> None:
    workspace.write("deep/Pic.PNG", b"\x89PNG")
    assert problems(workspace, "text\n![[pic.png]]") == [
        "acme/a.md:3: “pic.png” is “Pic.PNG” in the vault; other programs may not find it"
    ]
    assert '.png"' in media(workspace)
    assert "media-case" in workspace.run("check", status=1).stdout


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("![[p.png|400]]", 'alt="" width="400">'),
        ("![[p.png|300x200]]", 'alt="" width="300" height="200">'),
        ("![[p.png|words|300]]", 'alt="words" width="300">'),
        ("![400](p.png)", 'alt="" width="400">'),
        ("![alt|400](p.png)", 'alt="alt" width="400">'),
        ('![alt](p.png "title")', 'alt="alt" title="title">'),
        ('<img src="p.png" width="50" onerror="x()">', 'width="50">'),
    ],
)
def test_sizes_and_words_of_pictures(workspace: Workspace, anki: Anki, text: str, expected: str) -> None:
    workspace.write("acme/p.png", b"\x89PNG")
    html = answer(workspace, anki, text)
    assert html.startswith(('<p><img src="p-', '<img src="p-'))
    assert html.removesuffix("</p>").endswith(expected)


def test_sounds_and_films_are_played_by_anki(workspace: Workspace, anki: Anki) -> None:
    workspace.write("acme/a b.mp3", b"ID3")
    workspace.write("acme/v.mp4", b"mp4")
    answer(workspace, anki, '![[a b.mp3]] ![](v.mp4) <audio controls src="a b.mp3"></audio>')
    (card,) = anki.note("What is X?").cards()
    played = [tag.filename for tag in card.render_output().answer_av_tags if isinstance(tag, SoundOrVideoTag)]
    assert [name.partition("-")[0] for name in played] == ["a", "v", "a"]
    assert all(Path(anki.collection.media.dir(), name).is_file() for name in played)


def test_a_long_name_is_not_cut_by_anki(workspace: Workspace, anki: Anki) -> None:
    workspace.write(f"acme/{'図' * 70}.png", b"\x89PNG")
    html = answer(workspace, anki, f"![[{'図' * 70}.png]]")
    (stored,) = Path(anki.collection.media.dir()).iterdir()
    assert f'src="{stored.name}"' in html


def test_only_what_cards_show_is_packed(workspace: Workspace) -> None:
    workspace.write("acme/used.png", b"\x89PNG")
    workspace.write("acme/unused.png", b"\x89PNG 2")
    problems(workspace, "![[used.png]]\n\n# Notes\n![[unused.png]]\n")
    assert "unused" not in media(workspace)


@pytest.mark.parametrize(
    "target",
    [
        "../../secret.png",
        "{root}/secret.png",
        "file://{root}/secret.png",
        "C:\\secret.png",
        "C:/secret.png",
        "~/secret.png",
        "link.png",
        "folder/secret.png",
        "..%2F..%2Fsecret.png",
    ],
)
def test_nothing_outside_of_the_vault_is_read(workspace: Workspace, target: str) -> None:
    secret = workspace.root / "secret.png"
    secret.write_bytes(b"\x89PNG")
    (workspace.notes / "acme").mkdir()
    (workspace.notes / "acme" / "link.png").symlink_to(secret)
    (workspace.notes / "acme" / "folder").symlink_to(workspace.root)
    target = target.format(root=workspace.root)
    problems(workspace, f'![[{target}]] ![](<{target}>) <img src="{target}">')
    assert media(workspace) == "{}"


# -- links and embedded notes ----------------------------------------------------------------------


def test_links_open_notes_in_obsidian(workspace: Workspace, anki: Anki) -> None:
    (workspace.notes / ".obsidian").mkdir()
    workspace.write("other/Note.md", "# A: part\nText ^here\n")
    workspace.write("other/f.pdf", b"%PDF")
    html = answer(
        workspace,
        anki,
        "[[Note|x]] [[Note#A: part]] [[Note#^here]] [[Gone]] [[Note#Gone]] [t](Note.md) ![[f.pdf]] ![doc](f.pdf)\n",
    )
    start = '<a href="obsidian://open?vault=notes&amp;file=other%2F'
    assert html == (
        f'<p>{start}Note">x</a> {start}Note%23A%3A%20part">Note &gt; A: part</a> '
        f'{start}Note%23%5Ehere">Note &gt; here</a> <span class="wikilink">Gone</span> '
        f'<span class="wikilink">Note &gt; Gone</span> {start}Note">t</a> {start}f.pdf">f.pdf</a> '
        f'{start}f.pdf">doc</a></p>'
    )
    assert anki.note("What is X?")["Source"] == (
        '<a href="obsidian://open?vault=notes&amp;file=acme%2Fa%23What%20is%20X%3F">a</a>'
    )


@pytest.mark.parametrize(
    ("note", "place"),
    [
        ("## What is [[X]]: `a|b`?\nY.\n", "%23What%20is%20X%20%3A%20%60a%20b%60%3F"),
        ("## What is X? ^x\nY.\n", "%23%5Ex"),
        ("# Terms\n\nWhat is X? :: Y. ^x\n", "%23%5Ex"),
        ("# Terms\n\n- What is X? :: Y. ^x\n- Another item. ^z\n", "%23%5Ex"),
        ("# Terms\n\nWhat is X?\n?\nY,\nand more. ^x\n", "%23%5Ex"),
        ("# Terms\n\nWhat is X? :: 2^10\n", "%23Terms"),
        ("## What is X?\nY. ^y\n", "%23What%20is%20X%3F"),
        ("# Basics\n\nWhat is X? :: Y.\n", "%23Basics"),
        ("What is X? :: Y.\n", ""),
    ],
)
def test_the_source_opens_at_the_question(workspace: Workspace, anki: Anki, note: str, place: str) -> None:
    (workspace.notes / ".obsidian").mkdir()
    workspace.write("acme/a.md", note)
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    (made,) = anki.notes()
    assert made["Source"] == f'<a href="obsidian://open?vault=notes&amp;file=acme%2Fa{place}">a</a>'


def test_without_a_vault_the_source_is_path_and_line(workspace: Workspace, anki: Anki) -> None:
    answer(workspace, anki, "Y.\n")
    assert anki.note("What is X?")["Source"] == "acme/a.md:1"


def test_embedded_notes_are_blocks_wherever_they_stand(workspace: Workspace, anki: Anki) -> None:
    workspace.write("n.md", "# Part\nInner *text*.\n\n# Other\n- item ^id\n")
    box = '<div class="transclusion"><p>Inner <em>text</em>.</p>\n</div>'
    html = answer(workspace, anki, "![[n#Part]]\n\nbefore\n![[n#Part]] after\n\n- item ![[n#Part]]\n\n![[n#^id]]\n")
    assert html == (
        f"{box}<p>before</p>\n{box}<p>after</p>\n<ul>\n<li>item {box}</li>\n</ul>\n"
        '<div class="transclusion"><ul>\n<li>item</li>\n</ul>\n</div>'
    )


def test_an_answer_that_is_only_a_link_shows_a_short_note(workspace: Workspace, anki: Anki) -> None:
    workspace.write(
        "acme/a.md", "## What was hard?\n-> [[Angry parent]]\n\n## And long?\n[[Long]]\n\n## Gone?\n[[Gone]]\n"
    )
    workspace.write("acme/Angry parent.md", "A father shouted, and I asked him in.\n")
    workspace.write("acme/Long.md", "word " * 700)
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    backs = {note["Question"]: note["Answer"] for note in anki.notes()}
    assert "A father shouted" in backs["What was hard?"]
    assert "word word" not in backs["And long?"]
    assert "Long" in backs["And long?"]
    assert "Gone" in backs["Gone?"]


def test_so_does_a_markdown_link(workspace: Workspace, anki: Anki) -> None:
    named = "Angry parent 0123456789abcdef0123456789abcdef"
    links = {
        "What was hard?": f"[Angry parent](Stories/{named.replace(' ', '%20')}.md)",
        "And then?": "See: [him](Stories/He%20(again).md).",
        "And long?": "[Long](Stories/Long.md)",
        "And gone?": "[Gone](Stories/Gone.md)",
        "And more?": "[him](Stories/He%20(again).md), twice",
    }
    workspace.write("acme/a.md", "\n\n".join(f"## {question}\n{link}" for question, link in links.items()))
    workspace.write(f"acme/Stories/{named}.md", "# Angry parent\n\nTags: Calm\n\nA father shouted.\n")
    workspace.write("acme/Stories/He (again).md", "He came back.\n")
    workspace.write("acme/Stories/Long.md", "word " * 700)
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    backs = {note["Question"]: re.sub("<[^>]*>|\n", "", note["Answer"]) for note in anki.notes()}
    assert backs == {
        "What was hard?": "Angry parentA father shouted.",
        "And then?": "He came back.",
        "And long?": "Long",
        "And gone?": "Gone",
        "And more?": "him, twice",
    }
    answers = {card["question"]: card["answer"] for card in workspace.cards()}
    assert answers["What was hard?"] == "Angry parent\nA father shouted."
    assert "Stories/Gone.md" in workspace.run("check").stdout


def test_embeds_in_embeds(workspace: Workspace, anki: Anki) -> None:
    workspace.write("sub/one.md", "One ![[two]]\n")
    workspace.write("sub/two.md", "Two ![[p.png]]\n")
    workspace.write("sub/p.png", b"\x89PNG")
    html = answer(workspace, anki, "![[one]]")
    assert html.count('class="transclusion"') == 2
    assert "<img" in html


def test_a_cycle_is_cut_and_told_once_with_its_line(workspace: Workspace) -> None:
    workspace.write("one.md", "Text.\n\n![[two]]\n")
    workspace.write("two.md", "Text.\n\n\n![[one]]\n")
    found = problems(workspace, "![[one]]\n\n## What is Y?\n![[one]]\n")
    assert found == ["two.md:4: the embed ![[one]] comes back to itself; the card shows its name"]


def test_a_note_that_embeds_itself(workspace: Workspace) -> None:
    assert problems(workspace, "text\n![[a]]\n") == [
        "acme/a.md:3: the embed ![[a]] comes back to itself; the card shows its name"
    ]


def test_what_is_missing_in_an_embedded_note_is_told_with_its_place(workspace: Workspace) -> None:
    workspace.write("n.md", "---\ntags: x\n---\nText\n\n> one\n> ![[gone.png]]\n")
    assert problems(workspace, "![[n]]") == [
        "n.md:7: there is no file “gone.png” in the vault; the card shows its name"
    ]


def test_footnotes_of_front_back_and_embedded_notes_have_names_of_their_own(workspace: Workspace, anki: Anki) -> None:
    workspace.write("n.md", "Text[^1]\n\n[^1]: Theirs.\n")
    html = answer(workspace, anki, "Text[^1] ![[n]]\n\n[^1]: Ours.\n")
    ids = [part.partition('"')[0] for part in html.split('id="')[1:]]
    assert len(ids) == 4
    assert len(set(ids)) == 4


# -- Anki's marks in the other fields --------------------------------------------------------------


def test_marks_in_headings_companies_and_hints(workspace: Workspace, anki: Anki) -> None:
    workspace.write(
        "a.md",
        '---\ncompany: "Acme [sound:a.mp3] {{Front}} \\x1f"\nhint: "[latex]h[/latex] {{Hint}}"\nspeak: true\n---\n'
        "# Part [sound:b.mp3] {{x}} \\\\(y\\\\)\n## What is [sound:c.mp3] {{Back}} [/anki:tts]?\nX\n\n"
        "A {{c1::gap}} here.\n",
    )
    workspace.run("export")
    (package,) = workspace.decks.glob("*.apkg")
    assert anki.import_package(package)["new"] == 2
    for note in anki.notes():
        assert "\x1f" not in note["Company"]
        (card,) = note.cards()
        output = card.render_output()
        assert [type(tag).__name__ for tag in output.question_av_tags] == ["TTSTag"]
        assert "class=latex" not in output.answer_text
        for text in ("{{Front}}", "{{Hint}}", "</span>sound:a.mp3]", "</span>sound:b.mp3]", "</span>(y"):
            assert text in output.answer_text
    (note,) = anki.notes('"note:Offbook"')
    (tag,) = note.cards()[0].render_output().question_av_tags
    assert isinstance(tag, TTSTag)
    assert tag.field_text == "What is [sound:c.mp3] {{Back}} [/anki:tts]?"
    assert [found.id for found in anki.notes("Question:*{{Back}}*")] == [note.id]


# -- hint, voice, clock, style ---------------------------------------------------------------------


def test_a_hint_callout_leaves_the_answer(workspace: Workspace, anki: Anki) -> None:
    assert answer(workspace, anki, "Y.\n\n> [!hint] Think\n> of *queues*.\n\nZ.\n") == "<p>Y.</p>\n<p>Z.</p>"
    assert anki.note("What is X?")["Hint"] == "<p>Think</p>\n<p>of <em>queues</em>.</p>"


def test_an_answer_of_nothing_but_a_hint_keeps_it(workspace: Workspace, anki: Anki) -> None:
    assert "callout-hint" in answer(workspace, anki, "> [!hint]\n> Y.\n")


def test_a_hint_for_all_cards_of_a_note(workspace: Workspace, anki: Anki) -> None:
    workspace.write(
        "acme/a.md", f"---\nhint: Think *twice*\n---\n{QUESTION}Y.\n\n## What is Z?\nW.\n\n> [!hint]\n> own\n"
    )
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    assert anki.note("What is X?")["Hint"] == "Think <em>twice</em>"
    assert anki.note("What is Z?")["Hint"] == "own"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("2m", "120"), ("90s", "90"), ("120", "120"), ("1:30", "90"), ("0:45", "45"), ("1m30s", "90"), ("0", "")],
)
def test_time_in_front_matter(workspace: Workspace, anki: Anki, value: str, seconds: str) -> None:
    workspace.write("acme/a.md", f"---\ntime: {value}\nspeak: true\n---\n{QUESTION}Y.\n")
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    note = anki.note("What is X?")
    assert (note["Timer"], note["Speak"]) == (seconds, "[anki:tts lang=en_US]What is X?[/anki:tts]")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("time: soon", "`time` must be a time such as `2m`"),
        ("time: -5", "`time` must be a time such as `2m`"),
        ("time: 1:75", "`time` must be a time such as `2m`"),
        ("time: [1]", "`time` must be a time such as `2m`"),
        ("time: true", "`time` must be a time such as `2m`"),
        ("speak: de_DE", "`speak` must be true or false"),
        ("hint: [a]", "`hint` must be a text"),
    ],
)
def test_wrong_values_are_told_with_the_note(workspace: Workspace, line: str, words: str) -> None:
    workspace.write("acme/a.md", f"---\n{line}\n---\n{QUESTION}Y.\n")
    assert f"acme/a.md:2: {words}" in workspace.run("export", status=1).stderr


def test_own_css_reaches_anki_and_so_does_its_change(workspace: Workspace, anki: Anki) -> None:
    workspace.write("acme/a.md", QUESTION + "Y.\n")

    def css(text: str) -> str:
        workspace.write("offbook.toml", text)
        workspace.run("export")
        assert anki.import_package(workspace.decks / "acme.apkg")["conflicting"] == 0
        return anki.notes()[0].cards()[0].render_output().css

    plain = css("")
    assert css('[css]\naccent = "#b02a20"\nsize = "20px"\n[css.night]\n"--offbook-accent" = "#ffaaaa"\n') == (
        plain + "\n.card { --offbook-accent: #b02a20; --offbook-size: 20px; }\n"
        ".card.nightMode, .card.night_mode, .nightMode .card, .night_mode .card { --offbook-accent: #ffaaaa; }\n"
    )
    assert css('css = ".card { color: teal }"\n') == plain + "\n.card { color: teal }\n"
    before = (workspace.decks / "acme.apkg").read_bytes()
    css('css = ".card { color: teal }"\n')
    assert (workspace.decks / "acme.apkg").read_bytes() == before
    assert css("") == plain


def test_without_own_css_the_ledger_says_nothing_of_looks(workspace: Workspace) -> None:
    workspace.write("acme/a.md", QUESTION + "Y.\n")
    workspace.run("export")
    assert json.loads((workspace.decks / "ledger.jsonl").read_text().splitlines()[0]).keys() == {
        "offbook-ledger",
        "sum",
    }


@pytest.mark.parametrize(
    "text",
    [
        "css = 5\n",
        'css = "</style><script>"\n',
        'css = ".card {"\n',
        '[css]\naccent = "red; }"\n',
        '[css]\n"a b" = "x"\n',
    ],
)
def test_wrong_css_is_wrong_usage(workspace: Workspace, text: str) -> None:
    workspace.write("acme/a.md", QUESTION + "Y.\n")
    workspace.write("offbook.toml", text)
    assert "`css` must be CSS" in workspace.run("export", status=2).stderr


def test_diagrams_are_pointed_out(workspace: Workspace) -> None:
    workspace.write("acme/a.md", QUESTION + "text\n\n```mermaid\ngraph TD\n```\n")
    assert "acme/a.md:4: diagram the mermaid diagram" in workspace.run("check").stdout
