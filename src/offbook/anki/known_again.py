"""Knows notes in Anki again whose ledger was lost, by their questions. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from offbook.anki import NoteInAnki
from offbook.field_text import portable
from offbook.model import AnkiNote
from offbook.notetypes import CLOZE, QUESTION
from offbook.tags import RETIRED, companies_of, may_serve

_ENOUGH = 0.5

_Fields: TypeAlias = Mapping[str, str]
"""The HTML of a note's fields, by name."""


def known_again(notes: Iterable[AnkiNote], in_anki: Mapping[str, NoteInAnki]) -> dict[str, str]:
    """Return which guids in Anki the packages' `notes` have, by those that they were given anew.

    A question with the very same words is the same card; of several, one of the same company. It is empty unless most
    of the packages' notes are in Anki, and half of what Anki has of their companies, but for retired notes, is in the
    packages: else those are another vault's.
    """
    notes = list(notes)
    companies = {slug for note in notes for slug in companies_of(note.tags)}
    ours = {note.guid: dict(zip(note.notetype.fields, note.fields, strict=True)) for note in notes}
    theirs = {guid: seen.fields for guid, seen in in_anki.items() if RETIRED not in seen.tags}
    both = ours.keys() & theirs.keys()
    result: dict[str, str] = {}
    for key in (_question, _question_and_company):
        here = _by(key, {guid: ours[guid] for guid in ours.keys() - in_anki.keys() - result.keys()})
        there = _by(key, {guid: theirs[guid] for guid in theirs.keys() - ours.keys() - set(result.values())})
        result |= {
            guids[0]: there[said][0] for said, guids in here.items() if len(guids) == len(there.get(said, ())) == 1
        }
    of_ours = sum(may_serve(in_anki[guid].tags, companies) for guid in theirs)
    known = len(result) + len(both)
    return result if known > _ENOUGH * len(ours) and known >= _ENOUGH * of_ours else {}


def _by(key: Callable[[_Fields], tuple[str, ...]], notes: Mapping[str, _Fields]) -> dict[tuple[str, ...], list[str]]:
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for guid, fields in notes.items():
        found[key(fields)].append(guid)
    return found


def _question(fields: _Fields) -> tuple[str, ...]:
    name = next((name for name in (CLOZE.fields[0], QUESTION.fields[0]) if name in fields), "")
    return name, portable(fields.get(name, ""))


def _question_and_company(fields: _Fields) -> tuple[str, ...]:
    return *_question(fields), fields.get("Company", "")
