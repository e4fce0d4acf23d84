"""`offbook import` says where it wrote to, and writes into no other profile than the one that is meant."""

from __future__ import annotations

import json

import pytest
from conftest import Workspace
from test_import import Desk

OTHER = "Anki is open with the profile 'User 1', and the cards are for 'Work'; nothing was touched"


@pytest.fixture
def desk(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk(workspace, "collection")
    monkeypatch.setenv("ANKI_BASE", str(desk.file.parent.parent))
    return desk


def settings(desk: Desk, **values: str) -> None:
    lines = [f"{key} = {json.dumps(value)}\n" for key, value in values.items()]
    (desk.workspace.notes / "offbook.toml").write_text("".join(lines), "utf-8")


def test_the_report_names_the_profile_of_an_open_anki(desk: Desk) -> None:
    with desk.served() as server:
        result = desk.workspace.run("import", "--url", server.url)
        data = json.loads(desk.workspace.run("import", "--url", server.url, "--json").stdout)
    assert "Into profile 'User 1' of the Anki that is open:" in result.stderr
    assert data["anki"] == "profile 'User 1' of the Anki that is open"


def test_the_report_names_the_file_of_a_closed_collection(desk: Desk) -> None:
    assert f"Into {desk.file}:" in desk.run().stderr
    assert desk.data()["anki"] == str(desk.file)


def test_a_profile_that_is_not_the_open_one(desk: Desk) -> None:
    settings(desk, profile="Work")
    with desk.served() as server:
        result = desk.workspace.run("import", "--url", server.url, status=3)
        assert set(server.asked) == {"version", "getMediaDirPath"}
    assert OTHER in result.stderr
    with desk.anki() as collection:
        assert collection.note_count() == 0


def test_an_option_goes_before_the_settings(desk: Desk) -> None:
    with desk.served() as server:
        settings(desk, profile="User 1", anki_url=server.url)
        assert OTHER in desk.workspace.run("import", "--profile", "Work", status=3).stderr
        settings(desk, profile="Work", anki_url=server.url)
        assert desk.workspace.run("import", "--profile", "User 1").stdout == "Acme: 3 added\n"


def test_a_profile_in_the_settings_is_found_open_and_closed(desk: Desk) -> None:
    with desk.served() as server:
        settings(desk, profile="User 1", anki_url=server.url)
        assert desk.workspace.run("import").stdout == "Acme: 3 added\n"
    result = desk.workspace.run("import")
    assert result.stdout == "Acme: 3 unchanged\n"
    assert f"Into {desk.file}:" in result.stderr


def test_a_collection_is_written_into_whatever_the_settings_say(desk: Desk) -> None:
    settings(desk, profile="Work")
    assert desk.run().stdout == "Acme: 3 added\n"
