"""All that an import brings is in one package, whatever the number of companies: Anki makes a step of Undo of each."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from conftest import Workspace, empty_collection
from test_import import Desk, note_of

from offbook.anki.parcel import Changes, parcel, read_descriptions
from offbook.package import read_notes

FORTY = "".join(f"## What is thing {number}?\nNumber {number}.\n\n" for number in range(40))
PNG = b"\x89PNG\r\n\x1a\nnot a whole picture"
AS_IT_IS = Changes({}, {}, {}, {})


@pytest.fixture
def packages(workspace: Workspace) -> list[Path]:
    workspace.write("acme/a.md", f"The ==leader== decides. #cloze\n\n{FORTY}\n## What does it look like?\n![](p.png)\n")
    workspace.write("acme/p.png", PNG)
    workspace.write("zeta/z.md", f"{FORTY.replace('thing', 'part')}\n## Which picture?\n![](q.png) ![](p.png)\n")
    workspace.write("zeta/p.png", PNG)
    workspace.write("zeta/q.png", PNG + b"\0")
    workspace.write("common.md", "---\ncompany: all\n---\n## Why you?\nI finish things.\n")
    workspace.run("export")
    return [workspace.decks / f"{name}.apkg" for name in ("acme", "zeta")]


def content(folder: Path, files: list[Path]) -> dict[str, Any]:
    """Import packages into a new collection, and return what it holds then."""
    folder.mkdir()
    empty_collection(folder / "collection.anki2")
    collection = Collection(str(folder / "collection.anki2"))
    try:
        for file in files:
            request = ImportAnkiPackageRequest(package_path=str(file), options=ImportAnkiPackageOptions())
            collection.import_anki_package(request)
        notes = map(collection.get_note, collection.find_notes(""))
        return {
            "notes": {
                note.guid: (
                    note.mid,
                    note.fields,
                    sorted(note.tags),
                    note.mod,
                    [(card.ord, collection.decks.name(card.did), card.due) for card in note.cards()],
                )
                for note in notes
            },
            "media": {file.name: file.read_bytes() for file in Path(collection.media.dir()).iterdir()},
            "decks": {deck.name: collection.decks.by_name(deck.name)["desc"]  # type: ignore[index]
                      for deck in collection.decks.all_names_and_ids()},
        }  # fmt: skip
    finally:
        collection.close()


def test_it_brings_what_the_packages_bring_one_by_one(tmp_path: Path, packages: list[Path]) -> None:
    whole = [file.read_bytes() for file in packages]
    together = tmp_path / "together.apkg"
    described = read_descriptions(whole[1]) | read_descriptions(whole[0])
    changes = Changes({}, {}, described, {})
    together.write_bytes(parcel(whole, {note.guid for data in whole for note in read_notes(data)}, changes))
    assert len(read_notes(together.read_bytes())) == 84
    assert content(tmp_path / "one", [together]) == content(tmp_path / "two", packages)


def test_its_ids_are_unique_and_a_shared_card_is_in_it_once(packages: list[Path]) -> None:
    whole = [file.read_bytes() for file in packages]
    notes = read_notes(parcel(whole, {note.guid for data in whole for note in read_notes(data)}, AS_IT_IS))
    assert sum(note.fields[0] == "Why you?" for note in notes) == 1
    assert all("Why you?" in {note.fields[0] for note in read_notes(data)} for data in whole)


def test_only_what_is_wanted_is_in_it(packages: list[Path]) -> None:
    whole = [file.read_bytes() for file in packages]
    wanted = {note.guid for data in whole for note in read_notes(data) if note.fields[0] == "Which picture?"}
    data = parcel(whole, wanted, AS_IT_IS)
    assert {note.guid for note in read_notes(data)} == wanted
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        database = sqlite3.connect(":memory:")
        database.deserialize(archive.read("collection.anki2"))
        (decks,) = database.execute("select decks from col").fetchone()
        database.close()
    assert "Interviews::Zeta" in decks
    assert "Interviews::Acme" not in decks


def test_changes_of_several_companies_are_one_step_of_undo(workspace: Workspace) -> None:
    desk = Desk(workspace, "connect")
    workspace.write("zeta/z.md", "## Why Zeta?\nShips.\n")
    workspace.write("other/o.md", "## Why Other?\nTrains.\n")
    desk.run()
    desk.edit("with an owner", "with one owner")
    desk.edit("Ships.", "Boats.", "zeta/z.md")
    with desk.served() as server:
        workspace.run("import", "--url", server.url)
        assert server.asked.count("importPackage") == 1
        assert "Boats." in note_of(server.col, "Why Zeta?")["Answer"]
        server.col.undo()
        assert "Ships." in note_of(server.col, "Why Zeta?")["Answer"]
        assert "an owner" in note_of(server.col, "What is a mutex?")["Answer"]
