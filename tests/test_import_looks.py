"""`offbook import` leaves the looks alone that the user gave offbook's notetypes in Anki."""

from __future__ import annotations

from typing import Any

import pytest
from anki.collection import Collection
from anki.notes import Note
from conftest import Workspace
from test_import import MUTEX, WAYS, Desk, note_of

OWN = "The look of Offbook is your own in Anki, and stays; offbook's changed. offbook import --take-looks"


@pytest.fixture(params=WAYS)
def desk(workspace: Workspace, request: pytest.FixtureRequest) -> Desk:
    desk = Desk(workspace, request.param)
    desk.run()
    return desk


def notetype(collection: Collection, note: Note) -> dict[str, Any]:
    found = note.note_type()
    assert found
    return found


def change_looks(desk: Desk, part: str = "css") -> None:
    def change(collection: Collection, note: Note) -> None:
        changed = notetype(collection, note)
        if part == "css":
            changed["css"] += ".card { font-size: 30px }"
        else:
            changed["tmpls"][0]["afmt"] += "<footer>mine</footer>"
        collection.models.update_dict(changed)

    desk.change(MUTEX, change)
    some_time_goes_by(desk)


def some_time_goes_by(desk: Desk) -> None:
    """Make the looks in Anki older than the package's: Anki itself keeps those that are younger."""
    with desk.anki() as collection:
        collection.db.execute("update notetypes set mtime_secs = 1")  # type: ignore[union-attr]


def css(desk: Desk) -> str:
    with desk.anki() as collection:
        return str(notetype(collection, note_of(collection, MUTEX))["css"])


def back(desk: Desk) -> str:
    with desk.anki() as collection:
        return str(notetype(collection, note_of(collection, MUTEX))["tmpls"][0]["afmt"])


def new_looks(desk: Desk, color: str = "teal") -> None:
    (desk.workspace.notes / "offbook.toml").write_text(f"css = '.card {{ color: {color} }}'\n")


def test_own_css_stays_when_offbooks_looks_change(desk: Desk) -> None:
    change_looks(desk)
    new_looks(desk)
    result = desk.run()
    assert OWN in result.stderr
    assert "30px" in css(desk)
    assert "teal" not in css(desk)
    assert desk.said() == []


def test_own_templates_stay_too(desk: Desk) -> None:
    change_looks(desk, "back")
    new_looks(desk)
    assert OWN in desk.run().stderr
    assert "mine" in back(desk)
    assert "teal" not in css(desk)


def test_they_stay_when_a_card_changes_later(desk: Desk) -> None:
    change_looks(desk)
    new_looks(desk)
    desk.run()
    desk.edit("with an owner", "with one owner")
    assert desk.report() == "Acme: 1 updated, 2 unchanged\n"
    assert "30px" in css(desk)
    assert "one owner" in desk.seen(MUTEX)["answer"]


def test_take_looks_replaces_them(desk: Desk) -> None:
    change_looks(desk)
    new_looks(desk)
    desk.run()
    assert desk.said("--take-looks") == []
    assert "30px" not in css(desk)
    assert "teal" in css(desk)
    some_time_goes_by(desk)
    new_looks(desk, "navy")
    assert desk.said() == []
    assert "navy" in css(desk)


def test_looks_that_an_older_import_brought_are_not_the_users(desk: Desk) -> None:
    for color in ("teal", "navy", "olive"):
        new_looks(desk, color)
        some_time_goes_by(desk)
        assert desk.said() == []
        assert color in css(desk)
