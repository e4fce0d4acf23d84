"""Markdown in, HTML out: one case for each construct, in `golden/html`, and all of them through a real Anki."""

from __future__ import annotations

import re
from copy import copy
from functools import partial
from pathlib import Path

import pytest
from conftest import Anki, library_of
from golden import Case, cases, check

from offbook.errors import Location
from offbook.markdown import parse
from offbook.markdown.blocks import texts, with_texts
from offbook.markdown.deletions import HIGHLIGHT, hide
from offbook.model import AnkiNote, Body, Card, Kind
from offbook.notetypes import CLOZE, QUESTION
from offbook.package import Planned, package_bytes
from offbook.render import Renderer
from offbook.sources.note import parse_note

CASES = cases("html")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_html(case: Case, tmp_path: Path) -> None:
    check(case, lambda case: _html(case, tmp_path))


def test_every_case_comes_out_of_anki_as_it_went_in(tmp_path: Path, anki: Anki) -> None:
    notes = [_anki_note(case, _html(case, tmp_path), guid=str(number)) for number, case in enumerate(CASES)]
    package = tmp_path / "all.apkg"
    planned = [Planned(note.deck, note.notetype, partial(copy, note)) for note in notes]
    package.write_bytes(package_bytes(planned, []))
    assert anki.import_package(package)["new"] == len(CASES)
    by_guid = {note.guid: note for note in anki.notes()}
    for number, case in enumerate(CASES):
        note = by_guid[str(number)]
        assert note.fields[0 if _is_cloze(case) else 1] == notes[number].fields[0 if _is_cloze(case) else 1]
        for card in note.cards():
            output = card.render_output()
            assert not output.question_av_tags, case.id
            assert not output.answer_av_tags, case.id
            assert "class=latex" not in output.answer_text, case.id
            if _is_cloze(case):
                _check_cloze(output.answer_text, case)
            else:
                assert note["Answer"] in output.answer_text, case.id


def _is_cloze(case: Case) -> bool:
    return case.file.stem == "cloze"


def _check_cloze(html: str, case: Case) -> None:
    """Nothing of a deletion's own marks may be left, and none may have ended early."""
    assert 'class="cloze' in html, case.id
    text = re.sub(r"<[^>]*>|\\[(\[].*?\\[)\]]", "", html)
    for braces in ("{{c3::code}}", "int, {{}}"):  # the writer's own, in code
        text = text.replace(braces, "")
    assert "{{" not in text, case.id
    assert "}}" not in text, case.id


def _html(case: Case, folder: Path) -> str:
    document = parse(parse_note(case.note, "note.md").body)
    blocks = tuple(document.root.children)
    hidden = hide([text.content for text in texts(blocks)] if _is_cloze(case) else [], {HIGHLIGHT}, document.env)
    question = tuple(with_texts(blocks, iter(hidden.texts))) if _is_cloze(case) else ()
    card = Card(
        Kind.CLOZE if _is_cloze(case) else Kind.QUESTION,
        "golden",
        "",
        Location("note.md", 1),
        blocks[-1].end,
        "",
        "",
        (),
        (),
    )
    answer = () if _is_cloze(case) else blocks
    body = Body(question, answer, document.env, document.footnotes, hidden.gaps)
    if case.file.stem == "pictures":
        for name in ("p.png", "plan.excalidraw.md", "plan.excalidraw.svg", "scan.heic"):
            (folder / name).write_text(name, "utf-8")
    library = library_of(folder)
    rendered, _ = Renderer(library.links()).card(card, body)
    return rendered.question if _is_cloze(case) else rendered.answer


def _anki_note(case: Case, html: str, guid: str) -> AnkiNote:
    notetype = CLOZE if _is_cloze(case) else QUESTION
    fields = [""] * len(notetype.fields)
    fields[:2] = [html, ""] if _is_cloze(case) else [case.title, html]
    return AnkiNote(guid, notetype, tuple(fields), (), "Golden", 1_700_000_000, 1_700_000_000)
