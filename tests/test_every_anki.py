"""Packages import into the releases of Anki that people use, for the first time and as an update, with history kept.

Each release gets an environment of its own below `.anki/`, made once: `make test-anki`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Workspace

from offbook import notetypes

pytestmark = pytest.mark.long

HERE = Path(__file__).parent
ENVIRONMENTS = HERE.parent / ".anki"
# What pip has to be told of old releases: their generated code wants an old protobuf.
RELEASES = {
    "2.1.49": ["protobuf<3.21"],
    "2.1.54": ["protobuf<3.21"],
    "2.1.66": [],
    "23.12.1": [],
    "24.11": [],
    "25.2.5": [],
    "25.9.2": [],
    "newest": [],
}
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364f80f00010501012718e366"
    "0000000049454e44ae426082"
)


@pytest.fixture(scope="module", params=RELEASES)
def python(request: pytest.FixtureRequest) -> Path:
    """Return the interpreter of an environment with one release of Anki."""
    release = request.param
    folder = ENVIRONMENTS / release
    interpreter = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    ready = folder / "ready"
    if not ready.exists() or release == "newest":
        if not interpreter.exists():
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        wanted = ["--upgrade", "anki"] if release == "newest" else [f"anki=={release}"]
        install = [interpreter, "-m", "pip", "install", "--quiet", "--only-binary", "anki,orjson,protobuf", *wanted]
        done = subprocess.run([*install, *RELEASES[release]], capture_output=True, text=True)
        if done.returncode:
            shutil.rmtree(folder)
            reason = done.stderr.strip().splitlines()[-1]
            pytest.skip(f"anki {release} cannot be installed for Python {sys.version_info[:2]}: {reason}")
        ready.touch()
    return interpreter


class Imported:
    """What a release of Anki made of two packages, and the notes' own record of them."""

    def __init__(self, python: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        self._workspace, self._monkeypatch = workspace, monkeypatch
        workspace.write("pic.png", PIXEL)
        workspace.write(
            "acme/a.md",
            "# Part\n## What is a **mutex**?\nA lock with an owner. ![[pic.png]]\n\n"
            "## What stays?\nThis, with `code` and $x^2$.\n\nRaft ::: a consensus algorithm\n\n"
            "The quorum of N is {{c1::more than half}}, says {{c2::Lamport}}.\n\n## What goes?\nThis one.\n",
        )
        self.cards = {card["question"]: card for card in workspace.cards()}
        first = self._exported(1_700_000_000, "first")
        workspace.write("pic.png", PIXEL + b"\0")
        workspace.write(
            "acme/a.md",
            "# Part\n## What is a mutex, really?\nA lock with an owner. ![[pic.png]]\n\n"
            "## What stays?\nThis, with `code` and $x^2$.\n\nRaft ::: a consensus algorithm, and a boat\n\n"
            "The quorum of N is {{c1::more than half}}, says {{c2::Lamport}} himself.\n\n## What is new?\nThis.\n",
        )
        update = self._exported(1_700_100_000, "update")
        collection = workspace.root / "anki"
        collection.mkdir()
        run = subprocess.run(
            [python, HERE / "anki_import.py", collection, first, update], capture_output=True, text=True
        )
        assert run.returncode == 0, run.stderr
        data = json.loads(run.stdout.splitlines()[-1])
        self.before, self.studied, self.after = (data[name] for name in ("before", "studied", "after"))

    def _exported(self, now: int, name: str) -> Path:
        self._monkeypatch.setattr("time.time", lambda: float(now))
        self._workspace.run("export")
        return shutil.copy(self._workspace.decks / "acme.apkg", self._workspace.root / f"{name}.apkg")

    def guid(self, question: str) -> str:
        return str(self.cards[question]["guid"])

    def note(self, when: dict[str, Any], question: str) -> dict[str, Any]:
        return dict(when["notes"][self.guid(question)])


def test_packages_import_and_update_with_history_kept(
    python: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Imported(python, workspace, monkeypatch)
    mutex, quorum = "What is a mutex?", "The quorum of N is […], says […]."

    first = found.note(found.before, mutex)
    assert set(found.before["notes"]) == {card["guid"] for card in found.cards.values()}
    assert list(first["fields"]) == list(notetypes.QUESTION.fields)
    assert first["fields"]["Question"] == "What is a <strong>mutex</strong>?"
    assert first["notetype"] == "Offbook"
    assert first["tags"] == ["company::acme"]
    assert first["decks"] == ["Interviews::Acme"]
    assert "mutex" in first["fronts"][0]
    assert found.note(found.before, quorum)["notetype"] == "Offbook Cloze"
    assert len(found.note(found.before, quorum)["decks"]) == 2
    assert len(found.note(found.before, "Raft")["decks"]) == 2
    assert found.note(found.before, "What stays?")["fields"]["Answer"] == (
        "<p>This, with <code>code</code> and \\(x^2\\).</p>"
    )
    assert len(found.before["media"]) == 1
    assert found.before["media"][0] in first["fields"]["Answer"]

    updated = found.note(found.after, mutex)
    assert updated["fields"]["Question"] == "What is a mutex, really?"
    assert len(found.after["media"]) == 2
    (picture,) = set(found.after["media"]) - set(found.before["media"])
    assert picture in updated["fields"]["Answer"]
    assert "and a boat" in found.note(found.after, "Raft")["fields"]["Answer"]
    assert "himself" in found.note(found.after, quorum)["fields"]["Text"]
    assert found.note(found.after, "What stays?")["fields"] == found.note(found.before, "What stays?")["fields"]
    assert found.note(found.after, "What goes?")["tags"] == ["company::acme", "offbook::retired"]
    assert found.note(found.after, "What goes?")["fields"]["Answer"] == "<p>This one.</p>"

    new = set(found.after["notes"]) - set(found.before["notes"])
    assert [found.after["notes"][guid]["fields"]["Question"] for guid in new] == ["What is new?"]
    for guid, note in found.studied["notes"].items():
        now = found.after["notes"][guid]
        assert note["history"] == now["history"]
        assert all(history[1:3] == [2, 20] for history in now["history"])
        assert now["reviews"] == [1] * len(now["reviews"])
        assert now["decks"] == note["decks"]
