"""What the program says when something is wrong: what was found, where, what to do; and the exit status for scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Workspace, run

NOTE = "## What is X?\nY.\n"


def settings(text: str) -> Callable[[Workspace], None]:
    def prepare(workspace: Workspace) -> None:
        workspace.write("acme/a.md", NOTE)
        (workspace.root / "offbook.toml").write_text(text, "utf-8")

    return prepare


def note(text: str | bytes, path: str = "acme/a.md") -> Callable[[Workspace], None]:
    def prepare(workspace: Workspace) -> None:
        workspace.write("acme/good.md", NOTE)
        workspace.write(path, text)

    return prepare


def ledger(text: str) -> Callable[[Workspace], None]:
    def prepare(workspace: Workspace) -> None:
        workspace.write("acme/a.md", NOTE)
        workspace.run("export")
        file = workspace.decks / "ledger.jsonl"
        file.write_text(text.replace("LEDGER", file.read_text("utf-8")), "utf-8")

    return prepare


def folder_for_settings(workspace: Workspace) -> None:
    workspace.write("acme/a.md", NOTE)
    (workspace.root / "offbook.toml").mkdir()


def dangling_settings(workspace: Workspace) -> None:
    workspace.write("acme/a.md", NOTE)
    (workspace.root / "offbook.toml").symlink_to("nowhere")


def dangling_note(workspace: Workspace) -> None:
    workspace.write("acme/a.md", NOTE)
    (workspace.notes / "acme" / "link.md").symlink_to("nowhere.md")


def huge_picture(workspace: Workspace) -> None:
    workspace.write("acme/a.md", NOTE + "\n![[huge.png]]\n")
    with workspace.write("acme/huge.png", b"").open("r+b") as file:
        file.truncate(3_200_000_000)


LEFT_OUT = "Until that is mended, the note is left out, and its cards of earlier exports stay as they are"
CASES = [
    # settings
    (settings("cards = 'sum'\n"), 2, "`cards` must be one of all, questions, explicit, found 'sum'\n"),
    (settings("cards = 'question'\n"), 2, "found 'question'; did you mean `questions`?"),
    (settings("deck = 'A::{company!r}'\n"), 2, "`deck` may use {company}, {folder} and no other braces"),
    (
        settings("deck = 'A::{firma}'\n"),
        2,
        "`deck` may use {company}, {folder} and no other braces, found 'A::{firma}'",
    ),
    (settings("deck = ' '\n"), 2, "`deck` is empty; name a deck"),
    (settings("common_deck = 'A::{company}'\n"), 2, "`common_deck` holds the cards of several companies"),
    (settings("[css]\nacent = 'red'\n"), 2, "`css` has no property `acent`; did you mean `accent`?"),
    (settings("[css]\n'--offbook-sice' = '1px'\n"), 2, "no property `--offbook-sice`; did you mean `size`?"),
    (settings("[css.night]\npeper = 'red'\n"), 2, "`css` has no property `peper`; did you mean `paper`?"),
    (settings("[css]\naccent = 'red'\n'--my-own' = '1px'\n"), 0, ""),
    (settings(f"time = '{'x' * 999}'\n"), 2, "xxx…\n"),
    (settings("x\n"), 2, "is not valid TOML"),
    (settings("ignore = ['acme', '*.txt']\n"), 2, "every note in "),
    (settings("ignore = ['acme', '*.txt']\n"), 2, "1 by the pattern 'acme' of `ignore`"),
    (settings("vault = 'decks'\n"), 2, "the vault 'decks'"),
    (folder_for_settings, 2, "offbook.toml: is a folder; the settings are a text file of that name"),
    (dangling_settings, 2, "offbook.toml: cannot be read (No such file or directory)"),
    # front matter
    (note("---\ntitle: x\nspeak: maybe\n---\n" + NOTE), 1, "acme/a.md:3: `speak` must be true or false, found 'maybe'"),
    (note("---\ntitle: x\nspeak: maybe\n---\n" + NOTE), 1, LEFT_OUT),
    (note("---\n\n\ncompany: {a: b}\n---\n" + NOTE), 1, "acme/a.md:4: `company` must be a name, a list of names"),
    (note("---\ntitle: [\n---\n" + NOTE), 1, "the lines between `---` are not valid YAML"),
    (
        note("---\na: &a b\nc: *a\n---\n"),
        1,
        "acme/a.md:3: the lines between `---` are not valid YAML: aliases (`*name`) are not",
    ),
    (note("---\na: " + "[" * 600 + "]" * 600 + "\n---\n"), 1, "are nested more than 50 levels deep"),
    (
        note("---\ncompany: Acme\n\n" + NOTE),
        0,
        "acme/a.md:1: the front matter that `---` begins here has no end, so it is read as text; put a line `---`",
    ),
    (note("---\n" + NOTE), 0, ""),
    # notes
    (note(b"a\ncaf\x81\n"), 1, "acme/a.md:2: a letter cannot be read, � in “caf�”: the note is not in UTF-8"),
    (note("## What?\nz\n".encode("utf-16")[:-1]), 1, "acme/a.md:2: a letter cannot be read, � in “z�”"),
    (
        note("<<<<<<< HEAD\n## Why?\n=======\n## Why not?\n>>>>>>> laptop\n\nSo.\n"),
        1,
        f"acme/a.md:1: git left both sides of a conflict here; keep one, and delete the lines around them. {LEFT_OUT}",
    ),
    (dangling_note, 1, "acme/link.md: is a symbolic link that leads nowhere; fix or remove it"),
    (huge_picture, 0, "“huge.png” has 3,200 MB, and Anki takes no file of more than 100; the card shows its name"),
    (note("## What is Z?\n![[gone.png]]\n"), 0, "acme/a.md:2: there is no file “gone.png” in the vault"),
    (
        note("---\ncompany: Common\n---\n## What is Z?\nz\n", "c.md"),
        0,
        "c.md:2: the deck of Common is Interviews::Common",
    ),
    # the ledger
    (ledger("LEDGERbroken"), 3, "ledger.jsonl:3: the last line is cut off"),
    (ledger("LEDGERbroken\n"), 3, "ledger.jsonl:3: the line was damaged or edited: its checksum differs"),
    (ledger("text\n"), 3, "ledger.jsonl:1: this is not an offbook ledger"),
    (ledger("LEDGER<<<<<<< HEAD\n"), 3, "ledger.jsonl:3: an unresolved merge conflict; keep the lines of both sides"),
]


@pytest.mark.parametrize(
    ("prepare", "status", "words"), CASES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_message_says_what_is_wrong_and_where(
    workspace: Workspace, prepare: Callable[[Workspace], None], status: int, words: str
) -> None:
    prepare(workspace)
    stderr = workspace.run("export", status=status).stderr
    assert words in stderr
    assert bool(stderr) == bool(words)
    assert "Traceback" not in stderr


@pytest.mark.parametrize("command", ["", "status", "status --json", "cards", "check", "export", "preview"])
def test_each_command_ends_with_1_where_a_note_is_faulty(here: Workspace, command: str) -> None:
    note("---\ntags: [\n---\n## Bad?\n\nYes.\n")(here)
    run(*command.split(), status=1)


def test_a_line_that_is_cut_off_is_told_once(workspace: Workspace) -> None:
    ledger("LEDGERbroken")(workspace)
    assert workspace.run("export", status=3).stderr.count("ledger.jsonl:") == 1


@pytest.mark.parametrize(
    ("typed", "found"),
    [("Acme Robotics", "Acme"), ("harbour", "Harbourlight"), ("light", "Harbourlight"), ("zetta", "Zeta")],
)
def test_the_nearest_company_is_suggested(workspace: Workspace, typed: str, found: str) -> None:
    for name in ("acme", "harbourlight", "zeta"):
        workspace.write(f"{name}/a.md", f"## What is {name}?\nY.\n")
    assert f"did you mean {found!r}?" in workspace.run("export", typed, status=2).stderr


def test_no_company_is_suggested_where_none_is_near(workspace: Workspace) -> None:
    workspace.write("acme/a.md", NOTE)
    stderr = workspace.run("export", "🦊", status=2).stderr
    assert "did you mean" not in stderr
    assert "known companies: Acme" in stderr


def test_a_file_that_is_no_note_is_wrong_usage(workspace: Workspace) -> None:
    text, page = workspace.write("acme/a.txt", "x"), workspace.write("acme/a.html", "x")
    for command in ("cards", "check"):
        assert "is not a note; notes end in .md or .markdown\n" in workspace.run(command, str(page), status=2).stderr
        told = workspace.run(command, str(text), status=2).stderr
        assert "notes end in .md or .markdown; `text_files = true` in offbook.toml takes text files, too" in told


def test_a_vault_without_the_notes_is_named(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    settings("vault = 'other'\n")(workspace)
    assert "1 by lying outside of the vault" in workspace.run("export", status=2).stderr
