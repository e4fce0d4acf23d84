"""Notes that mean harm: the program ends, reads nothing outside of the vault, writes nothing outside of the decks."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from conftest import Anki, Workspace
from hostile import SHAPES

from offbook.companies import slug
from offbook.transclusion import MOST

QUESTION = "## What is X?\n"
BESIDE_PACKAGES = (".gitattributes", ".gitignore", "ledger.jsonl", ".offbook.lock")
posix_names = pytest.mark.skipif(sys.platform == "win32", reason="such names are POSIX's")


# -- shapes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", range(20))
def test_a_note_of_any_shape_is_exported(workspace: Workspace, part: int) -> None:
    for shape in list(SHAPES)[part::20]:
        workspace.write(f"{shape}/note.md", SHAPES[shape].text(1_000))
    export_and_check(workspace)


@pytest.mark.long
@pytest.mark.parametrize("shape", SHAPES)
def test_a_large_note_of_any_shape_is_exported(workspace: Workspace, shape: str) -> None:
    """As a process, whose memory and time are bounded: far above what is needed, far below what a bomb takes."""
    workspace.write("acme/note.md", SHAPES[shape].text(500_000))
    limits = "import resource; resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30)); "
    code = limits + "resource.setrlimit(resource.RLIMIT_CPU, (300, 300)); from offbook.__main__ import main; main()"
    run = subprocess.run([sys.executable, "-c", code, "export"], cwd=workspace.root, capture_output=True, text=True)
    assert run.returncode in (0, 1), run.stderr[-500:]


def export_and_check(workspace: Workspace) -> None:
    from click.testing import CliRunner

    from offbook.cli import cli

    where = ["--notes", str(workspace.notes), "--decks", str(workspace.decks)]
    for command in ("export", "check", "cards"):
        result = CliRunner().invoke(cli, [command, *where])
        assert result.exit_code in (0, 1), result.output[-500:]


DEEP = ["> ", "- ", "1. ", "[", "![", "*", "_[", "<details>", "> [!note] ", "^[", "(", "$", "{{c1::"]


@pytest.mark.parametrize("levels", [1_000, 100_000])
@pytest.mark.parametrize("mark", DEEP)
def test_depth_does_not_end_the_program(workspace: Workspace, mark: str, levels: int) -> None:
    workspace.write("acme/a.md", QUESTION + mark * (levels // len(mark)) + "x\n")
    workspace.run("export")


@pytest.mark.parametrize("front", ["[" * 100_000, "{a: " * 50_000, "- " * 100_000, "? " * 100_000, "!!" * 50_000])
def test_deep_front_matter_is_a_fault(workspace: Workspace, front: str) -> None:
    """As a process: it would end by overflowing the stack."""
    workspace.write("acme/a.md", f"---\n{front}\n---\n{QUESTION}x\n")
    run = subprocess.run([sys.executable, "-m", "offbook", "cards"], cwd=workspace.root, capture_output=True, text=True)
    assert run.returncode == 1, run.stderr[-300:]
    assert "are not valid YAML" in run.stderr


def test_a_bomb_of_aliases_is_a_fault(workspace: Workspace) -> None:
    pairs = zip("abcdefghij", "bcdefghijk", strict=True)
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in pairs)
    workspace.write("acme/a.md", f"---\n{bomb}---\n{QUESTION}x\n")
    assert "aliases (`*name`) are not supported" in workspace.run("export", status=1).stderr


# -- embeds ----------------------------------------------------------------------------------------


def test_notes_that_embed_each_other_ten_times_are_cut(workspace: Workspace, anki: Anki) -> None:
    embeds = "\n\n".join(f"![[n{number}]]" for number in range(10))
    for number in range(10):
        workspace.write(f"acme/n{number}.md", f"Text {number}.\n\n{embeds}\n")
    workspace.write("acme/a.md", f"{QUESTION}\n{embeds}\n")
    stderr = workspace.run("export").stderr
    assert "is one too many for one card" in stderr
    anki.import_package(workspace.decks / "acme.apkg")
    (note,) = anki.notes()
    assert 100 < note["Answer"].count('class="transclusion"') <= MOST
    assert len(note["Answer"]) < 2_000_000


def test_thousands_of_embeds_ask_the_disk_once(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.write("acme/other.md", "A line.\n")
    workspace.write("acme/a.md", QUESTION + "\n![[other]]\n" * 3_000)
    asked: list[object] = []
    realpath = os.path.realpath

    def counting(path: str) -> str:
        asked.append(path)
        return realpath(path)

    monkeypatch.setattr(os.path, "realpath", counting)
    workspace.run("export")
    assert len(asked) < 200


# -- files -----------------------------------------------------------------------------------------

ESCAPES = [
    "../../secret", "../../secret.md", "../../secret.png", "..\\..\\secret.png", "/etc/passwd", "{root}/secret.png",
    "file://{root}/secret.png", "file:///etc/passwd", "FILE:{root}/secret.png", "//{root}/secret.png", "~/secret.png",
    "\\\\server\\share\\x.png", "//server/share/x.png", "C:\\secret.png", "C:/secret.png", "C:secret.png",
    "CON", "NUL.md", "nul.png", "COM1", "aux.md", "CONIN$", "../../secret.png\0.png", "%2e%2e/%2e%2e/secret.png",
    "..%2f..%2fsecret.png", "....//....//secret.png", "link.png", "link/secret.png", "link.md", "acme/../../secret.png",
    "./../../secret.md#Part", "../../secret.md#^x", "../../.ssh/id", ".hidden/secret.png", "secret.png?x", "x:y.png",
]  # fmt: skip
_WATCH = """
import sys
def watch(event, args):
    if event in ("open", "os.listdir", "os.scandir") and args[0] is not None and not isinstance(args[0], int):
        opened.append(str(args[0]))
opened = []
sys.addaudithook(watch)
from offbook.__main__ import main
try:
    main()
finally:
    print(*opened, sep="\\n", file=open(sys.argv[-1].removeprefix("--decks=") + "/../opened", "w"))
"""


def outside(workspace: Workspace) -> None:
    """Put secrets around the notes."""
    for name in ("secret.md", "secret.png", ".ssh/id"):
        file = workspace.root / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("# Part\nsecret words ^x\n", "utf-8")
    (workspace.notes / "acme").mkdir()
    (workspace.notes / "acme" / "link.png").symlink_to(workspace.root / "secret.png")
    (workspace.notes / "acme" / "link.md").symlink_to(workspace.root / "secret.md")
    (workspace.notes / "acme" / "link").symlink_to(workspace.root)


@posix_names
@pytest.mark.parametrize("command", ["export", "check", "preview"])
def test_nothing_outside_of_the_vault_is_opened(workspace: Workspace, command: str) -> None:
    outside(workspace)
    lines = [
        f"![[{path}]] [[{path}]] ![]({path}) ![](<{path}>) [x]({path}) <img src=\"{path}\"> <video src='{path}'>"
        for path in (escape.format(root=workspace.root) for escape in ESCAPES)
    ]
    workspace.write("acme/a.md", QUESTION + "\n\n".join(lines) + "\n")
    workspace.decks.mkdir()
    args = [command, f"--notes={workspace.notes}", f"--decks={workspace.decks}"]
    run = subprocess.run([sys.executable, "-c", _WATCH, *args], capture_output=True, text=True)
    assert run.returncode in (0, 1), run.stderr
    opened = (workspace.root / "opened").read_text("utf-8").splitlines()
    ours = [Path(path) for path in opened if path.startswith(str(workspace.root))]
    allowed = (workspace.notes, workspace.decks)
    secrets = [path for path in ours if not path.is_relative_to(allowed[0]) and not path.is_relative_to(allowed[1])]
    secrets += [path for path in ours if "link" in path.name]
    assert [path for path in secrets if path.name not in ("offbook.toml", "opened")] == []
    assert not any(path.startswith(("/etc/passwd", str(Path.home() / "secret"))) for path in opened)
    in_folders = [path for path in opened if "/" not in path]  # names that were opened in a folder
    assert "a.md" in in_folders
    assert not [name for name in in_folders if re.search("secret|link|passwd|^id$", name)]
    for file in workspace.decks.iterdir():
        assert b"secret words" not in file.read_bytes()


NAMES = [
    "../../x", "CON", "con", "NUL", "a/b", "a\\b", "x" * 300, "日本" * 200, "🦊", "x.", "x ", "..", ".", "~", "-rf",
    "$HOME", "a:b", "a*?<>|b", "\x1b[31mred", "\u202egnp", "all!", "com1", "a\nb", "%00", "Ærø", "A\u030arhus",
]  # fmt: skip


def around(workspace: Workspace) -> set[Path]:
    return {path for path in workspace.root.rglob("*") if workspace.decks not in path.parents}


def test_nothing_outside_of_the_decks_folder_is_written(workspace: Workspace) -> None:
    for number, name in enumerate(NAMES):
        text = f"---\ncompany: {json.dumps(name, ensure_ascii=False)}\n---\n## What is {number}?\nx\n"
        workspace.write(f"n{number}/a.md", text)
    before = around(workspace)
    workspace.run("export")
    assert around(workspace) - before == {workspace.decks}
    packages = {path.name for path in workspace.decks.iterdir()} - {*BESIDE_PACKAGES}
    assert packages == {f"{slug(name)}.apkg" for name in NAMES}
    assert len({name.casefold() for name in packages}) == len(packages)
    for name in packages:
        assert re.fullmatch(r"[^\W_]+(-[^\W_]+)*\.apkg", name), name
        assert len(name.encode()) < 120


@pytest.mark.parametrize("size", [100_000_001, 5_000_000_000])
def test_a_huge_picture_is_named_and_never_read(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    with workspace.write("acme/huge.png", b"").open("r+b") as file:
        file.truncate(size)
    workspace.write("acme/a.md", QUESTION + "![[huge.png]] ![](huge.png) <img src='huge.png'>\n")
    opened = Path.open

    def refuse(self: Path, *args: object, **kwargs: object) -> object:
        assert self.name != "huge.png"
        return opened(self, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    workspace.run("preview")
    assert "Anki takes no file of more than 100" in workspace.run("export").stderr


# -- the terminal ----------------------------------------------------------------------------------

STEERING = "\x1b[31m\x1b]0;title\x07\x9b2J\u202e\u2066\x08\x7f"
_STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


@posix_names
def test_nothing_steers_the_terminal(workspace: Workspace) -> None:
    """Not from text, file names, front matter, settings, arguments or the ledger."""
    name = STEERING.replace("/", "")
    front = json.dumps({"company": f"A{STEERING}", "tags": [STEERING], "deck": f"D{STEERING}"})
    text = f"# {STEERING}\n## What{STEERING}?\n{STEERING}\n![[{name}x.png]]\n"
    workspace.write(f"{name}/{name}.md", f"---\n{front}\n---\n{text}")
    workspace.write("b/bad.md", f"---\nspeak: {json.dumps(STEERING)}\n---\n")
    workspace.write(f"b/new\nline: error{name}.md", b"\xff")
    workspace.write("b/open.md", f"- Why {STEERING}?\n- [[{STEERING}]]?\n")
    outputs = []
    for command in ("export --dry-run", "export", "export --json", "cards", "cards --explain", "cards --json", "check",
                    "check --json", "preview"):  # fmt: skip
        result = workspace.run(*command.split(), status=1)
        outputs += [result.stdout, result.stderr]
    workspace.write(f"{name}/{name}.md", "nothing\n")
    outputs += [workspace.run("export", "--dry-run", status=1).output, workspace.run("export", status=1).output]
    outputs.append(workspace.run("export", f"zz{STEERING}", status=2).stderr)
    words = json.dumps(STEERING)
    (workspace.root / "offbook.toml").write_text(f"cards = {words}\n{words} = 1\n", "utf-8")
    outputs.append(workspace.run("export", status=2).stderr)
    for output in outputs:
        assert not _STEERS.search(output), output
        assert "\nline: error" not in output


# -- names and encodings ---------------------------------------------------------------------------


@posix_names
def test_names_that_are_no_text_are_faults(workspace: Workspace) -> None:
    folder = workspace.write("acme/good.md", QUESTION + "Y.\n").parent
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.md")).write_text(QUESTION, "utf-8")
    result = workspace.run("export", status=1)
    assert "acme/caf?.md: the name is not UTF-8; rename the file" in result.stderr
    assert "Acme: 1 new" in result.stdout


@posix_names
def test_names_that_differ_in_case_or_unicode_form_are_found_and_are_one_company(workspace: Workspace) -> None:
    for index, name in enumerate(("ÅRHUS", "århus", unicodedata.normalize("NFD", "Århus"))):
        workspace.write(f"{name}/{index}.md", f"## What is {index}?\n![[Bild Ä.png]]\n")
    workspace.write(unicodedata.normalize("NFD", "bild ä.PNG"), b"\x89PNG")
    result = workspace.run("export")
    assert len(list(workspace.decks.glob("*.apkg"))) == 1
    assert "there is no file" not in result.stderr


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks_change_no_card(workspace: Workspace, end: str, mark: str) -> None:
    text = mark + "---\ncompany: Zeta\n---\n## What is X?\nOne line.\nAnother.\n".replace("\n", end)
    workspace.write("a.md", text.encode())
    (card,) = workspace.cards()
    assert (card["question"], card["answer"], card["line"]) == ("What is X?", "One line.\nAnother.", 4)


def test_nul_bytes_reach_no_card(workspace: Workspace, anki: Anki) -> None:
    workspace.write("acme/a.md", b"## What\x00 is X?\nY\x00Z \x1f.\n")
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    (note,) = anki.notes()
    assert not any(character in field for field in note.fields for character in "\0\x1f")


def test_a_package_with_the_ledger_as_a_symbolic_link_writes_beside_it(workspace: Workspace) -> None:
    """What a link in the decks folder leads to is not the program's to write."""
    victim = workspace.root / "victim"
    victim.write_bytes(b"untouched")
    workspace.write("acme/a.md", QUESTION + "Y.\n")
    workspace.decks.mkdir()
    (workspace.decks / "acme.apkg").symlink_to(victim)
    workspace.run("export")
    assert victim.read_bytes() == b"untouched"
    assert not (workspace.decks / "acme.apkg").is_symlink()


@pytest.mark.parametrize("link", ["![[{}]]", "[[{}]]", "![x]({}.png)", "[[{}#part]]", "![[a/{}/b]]"])
def test_a_link_longer_than_a_file_name_may_be_leads_nowhere(workspace: Workspace, link: str) -> None:
    workspace.write("acme/a.md", f"## What is it?\nThat {link.format('x' * 900)}\n\n## Why?\nSo.\n")
    assert workspace.changes() == {"What is it?": "new", "Why?": "new"}
    status = 1 if link.startswith("!") else 0  # a plain link that leads nowhere is worth a note only
    assert re.search("acme/a.md:2: (dead-link|missing-file)", workspace.run("check", status=status).stdout)
