"""The notetypes are frozen: Anki takes any change of fields or templates for a new notetype."""

from __future__ import annotations

import hashlib

from conftest import Anki, Workspace

from offbook.notetypes import CHANGED, CLOZE, QUESTION, css, template


def test_ids_fields_and_template_names_are_those_of_the_first_release() -> None:
    assert (QUESTION.id, QUESTION.name) == (1763800001, "Offbook")
    assert QUESTION.fields == (
        "Question", "Answer", "Hint", "Context", "Source", "Company", "Speak", "Timer", "Reversed", "Key",
        "Extra 1", "Extra 2",
    )  # fmt: skip
    assert [name for name, _ in QUESTION.templates] == ["Rehearse", "Reverse"]
    assert (CLOZE.id, CLOZE.name) == (1763800002, "Offbook Cloze")
    assert CLOZE.fields == (
        "Text", "Extra", "Hint", "Context", "Source", "Company", "Speak", "Timer", "Key", "Extra 1", "Extra 2",
    )  # fmt: skip
    assert [name for name, _ in CLOZE.templates] == ["Rehearse"]


def test_changed_looks_come_with_a_new_time() -> None:
    """Anki takes over looks that are newer than its own. Set CHANGED to now when this fails, then the hash."""
    looks = _looks()
    assert (CHANGED, hashlib.sha256("\0".join(looks).encode()).hexdigest()[:16]) == (1795845295, "e155a779015fec0d")


def test_what_nobody_edits_is_collapsed_in_the_editor(workspace: Workspace, anki: Anki) -> None:
    workspace.write("acme/a.md", "## What is X?\nY.\n\nA {{c1::gap}} here.\n")
    workspace.run("export")
    anki.import_package(workspace.decks / "acme.apkg")
    for notetype, shown in ((QUESTION, ["Question", "Answer", "Hint"]), (CLOZE, ["Text", "Extra", "Hint"])):
        model = anki.collection.models.by_name(notetype.name)
        assert model is not None
        assert [field["name"] for field in model["flds"] if not field["collapsed"]] == shown
        assert {field["font"] for field in model["flds"]} == {"sans-serif"}


def test_templates_load_nothing_from_elsewhere() -> None:
    looks = _looks()
    for look in looks:
        assert "http" not in look
        assert "@import" not in look


def _looks() -> list[str]:
    stems = [stem for notetype in (QUESTION, CLOZE) for _, stem in notetype.templates]
    return [css(), *(part for stem in stems for part in template(stem))]
