"""Reading a note: front matter in all its conditions, encodings, line ends, and where the body begins."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import library_of

from offbook.errors import Severity
from offbook.sources.note import decode_note, parse_note


def test_the_body_begins_behind_the_front_matter() -> None:
    note = parse_note("---\ntitle: x\n---\n\n# Title\n", "a.md")
    assert note.metadata == {"title": "x"}
    assert note.body.split("\n")[5 - note.body_line] == "# Title"  # line 5 of the file


@pytest.mark.parametrize(
    "text",
    [
        "# Title\n",
        "---\ntext between two rules\n---\n",
        "---\n\n**Hulls**\n\n### What is a keel?\n\nThere are two ways:\n\n- *one*\n\n---\n\n**Rigs**\n",
        "---\nno closing line\n",
        "",
    ],
)
def test_a_text_without_front_matter_is_all_body(text: str) -> None:
    note = parse_note(text, "a.md")
    assert (note.body, note.body_line, note.metadata, note.problems) == (text, 1, {}, ())


@pytest.mark.parametrize("front", ["---\n---\n", "---\n\n---\n", "---\ntitle:\ntags:\n---\n"])
def test_empty_front_matter_and_empty_values_say_nothing(front: str) -> None:
    note = parse_note(front + "body\n", "a.md")
    assert not note.problems
    assert not any(note.metadata.values())
    assert note.body.endswith("body\n")
    assert note.title == "a"


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    plain, windows = tmp_path / "plain.md", tmp_path / "windows.md"
    plain.write_bytes("---\ncompany: Ärzte\n---\n## Why?\n".encode())
    windows.write_bytes("\ufeff---\r\ncompany: A\u0308rzte\r\n---\r\n## Why?\r\n".encode())
    one, other = decode_note(plain.read_bytes(), "a.md"), decode_note(windows.read_bytes(), "a.md")
    assert one == other


@pytest.mark.parametrize("order", ["le", "be"])
def test_a_note_in_utf_16_is_told_by_its_byte_order_mark(order: str) -> None:
    text = "---\ncompany: Ärzte\n---\n## Why?\n"
    assert decode_note(f"\ufeff{text}".encode(f"utf-16-{order}"), "a.md") == decode_note(text.encode(), "a.md")


@pytest.mark.parametrize(
    ("source", "line", "told"),
    [
        ('title: "open\ncompany: x', 2, "a quotation mark is not closed"),
        ("\n\nkey: [1, 2\nother: }", 4, "a list is not closed, or lacks a comma"),
        ("company: {a: b", 2, "a `{` is not closed"),
        ("company: [X, {]", 2, "a value is missing within brackets"),
        ("tags: &", 2, "`&` opens a name"),
        ("tags: *jobs", 2, "put quotes around a value that opens with `*`"),
        ("title: *bold* text", 2, "put quotes around a value that opens with `*`"),
        ("tags: [!jobs]", 2, "`!` opens a type"),
        ("tags: [@jobs]", 2, "a value opens with `@`"),
        ('title: "a\\qb"', 2, "single quotes take it as it is"),
        ('title: "C:\\Users"', 2, "single quotes take it as it is"),
        ("company: X\ntitle: > foo", 3, "a text that begins on the next line"),
        ("title: |x", 2, "a text that begins on the next line"),
        ("title: |\n\ttext", 3, "a tab indents this line"),
        ("- a\nb\n- c", 3, "this line has no colon behind a key"),
        ("[a]: b", 2, "a list or a mapping is no key"),
        ("<<: x", 2, "`<<` is no key"),
        ("a: b\n--- c", 3, "this line opens with `---`"),
        ("a: b\nc: [\x07]", 3, "a control character"),
        ("%x", 2, "this is no `key: value`"),
        ("company:\n\t- X", 3, "a tab indents this line"),
        ("company: X\n   tags: a\n b: c", 3, "this line is indented, or has two colons"),
        ("title: 'it's", 2, "put quotes around a whole value"),
        ("- a\nb: c", 3, "this is no item of the list above"),
    ],
)
def test_broken_yaml_is_told_in_plain_words_where_it_begins(source: str, line: int, told: str) -> None:
    note = parse_note(f"---\n{source}\n---\nbody\n", "dir/a.md")
    (problem,) = note.problems
    assert str(problem.location) == f"dir/a.md:{line}"
    assert told in problem.message
    assert note.body == ""


def test_front_matter_between_plus_signs_is_toml() -> None:
    note = parse_note('+++\ncompany = "Acme"\nday = 2026-12-04\n[more]\nx = 1\n+++\n\n## Why?\n', "a.md")
    assert note.metadata == {"company": "Acme", "day": "2026-12-04", "more": {"x": 1}}
    assert (note.body_line, note.key_lines["company"]) == (7, 2)


def test_toml_that_is_not_valid_is_a_fault_on_its_line() -> None:
    (problem,) = parse_note("+++\nx = 1\ncompany = Acme\n+++\n\n## Why?\n", "a.md").problems
    assert (problem.location.line, problem.code) == (3, "front-matter")
    assert "not valid TOML" in problem.message


def test_a_list_as_front_matter_is_a_fault() -> None:
    (problem,) = parse_note("---\n- a\n- b\n---\nbody\n", "a.md").problems
    assert "list" in problem.message
    assert "company: Name" in problem.message


def test_aliases_that_could_grow_without_bounds_are_refused() -> None:
    note = parse_note("---\na: &a [x, x]\nb: [*a, *a]\n---\n", "a.md")
    assert "aliases" in note.problems[0].message


def test_a_note_that_is_not_utf8_is_a_fault_with_its_line() -> None:
    (problem,) = decode_note(b"# Title\n\ncaf\x81\n", "latin.md").problems
    assert str(problem.location) == "latin.md:3"
    assert "“caf�”" in problem.message
    assert "UTF-8" in problem.message


def test_a_note_of_older_windows_is_read_and_told() -> None:
    text = "## Why us?\n£60k – “fine”, près du café\n"
    note = decode_note(text.encode("cp1252"), "old.md")
    assert note.body == text
    assert [(problem.code, problem.severity) for problem in note.problems] == [("encoding", Severity.NOTE)]


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "shift_jis", "gbk", "euc-kr", "iso8859-7"])
def test_words_in_another_encoding_are_not_guessed(encoding: str) -> None:
    words = {"shift_jis": "面接の質問", "gbk": "面试问题", "euc-kr": "면접 질문", "iso8859-7": "Γιατί εμάς"}
    note = decode_note(f"## {words.get(encoding, 'Почему мы')}?\nA\n".encode(encoding), "a.md")
    assert note.is_faulty


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# Prep\n\n<<<<<<< HEAD\n## What is X?\na\n=======\n## What is X?\nb\n>>>>>>> main\n", 3),
        ("---\n<<<<<<< HEAD\ncompany: A\n=======\ncompany: B\n>>>>>>> main\n---\n\n## What is X?\na\n", 2),
    ],
)
def test_a_conflict_of_gits_is_a_fault(text: str, line: int) -> None:
    note = parse_note(text, "a.md")
    assert [(problem.code, problem.location.line) for problem in note.problems] == [("conflict", line)]
    assert note.is_faulty


def test_a_missing_note_is_a_fault(tmp_path: Path) -> None:
    library = library_of(tmp_path)
    note, digest = library.read(tmp_path / "no.md", "no.md")
    assert "cannot be read" in note.problems[0].message
    assert digest == b""


def test_an_empty_title_is_no_title() -> None:
    assert parse_note("---\ntitle: ''\n---\n", "folder/My note.md").title == "My note"
    assert parse_note("---\ntitle: Given\n---\n", "folder/My note.md").title == "Given"


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        ("company: On", "company", "On"),
        ("company: No", "company", "No"),
        ("company: 7:30", "company", "7:30"),
        ("Company: Acme", "company", "Acme"),
        ("TAGS: [yes, off]", "tags", ["yes", "off"]),
        ("date: 2026-3-9", "date", "2026-3-9"),
        ("speak: true", "speak", True),
        ("longest: 12", "longest", 12),
        ("ratio: 1.5", "ratio", 1.5),
        ("nothing:", "nothing", None),
        ("x: ~", "x", None),
        ("x: 0b1", "x", "0b1"),
    ],
)
def test_scalars_are_those_of_yaml_1_2_and_keys_in_any_case(line: str, key: str, value: object) -> None:
    assert parse_note(f"---\n{line}\n---\nx", "a.md").metadata == {key: value}


def test_a_value_with_a_colon_and_a_line_without_one_are_told_of_and_the_rest_is_read() -> None:
    note = parse_note("---\ntitle: Part 2: Acme\ncompany: Acme\ncat HR\ntags: [a, b]\n---\n## Why?\n", "a.md")
    assert note.metadata == {"title": "Part 2: Acme", "company": "Acme", "tags": ["a", "b"]}
    assert [(problem.location.line, problem.severity) for problem in note.problems] == [
        (2, Severity.WARNING),
        (4, Severity.WARNING),
    ]
    assert not note.is_faulty


@pytest.mark.parametrize(
    "source", ["tags: [a, b", 'title: "Part 2', "a: 1\nProse without a key\nand more of it\nwith two: colons: in it"]
)
def test_what_cannot_be_mended_for_sure_is_a_fault(source: str) -> None:
    assert parse_note(f"---\n{source}\n---\n## Why?\n", "a.md").is_faulty


def test_a_broken_letter_in_a_note_of_utf8_is_no_sign_of_windows() -> None:
    note = decode_note("## Où étudié ?\nÀ Nîmes.\n".encode() + b"D\xe9but.\n", "a.md")
    assert note.is_faulty


def test_a_conflict_that_code_shows_is_none() -> None:
    text = "## How do they look?\n```\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> main\n```\n"
    assert not parse_note(text, "a.md").problems
