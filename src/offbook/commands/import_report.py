"""What `offbook import` tells: by company, and of every note that Anki did not take."""

from __future__ import annotations

import html
import time
from collections import Counter
from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from offbook.anki import NoteInAnki
from offbook.anki.bring import Import
from offbook.anki.plan import Outcome, Plan, text_of
from offbook.commands import common
from offbook.errors import Location
from offbook.model import AnkiNote, Build, served

_NO_NEWS = ("unchanged", "kept as edited in Anki", "deleted in Anki")
_AROUND = 60  # characters of what two long texts have in common, shown on both sides of the difference
_REASONS = {
    Outcome.KEPT: "was edited in Anki, and that text stays",
    Outcome.DELETED: "was deleted in Anki, and stays so; --bring-back adds it again",
    Outcome.REFUSED: "was not brought in: fields or card types were added in Anki to its notetype, Offbook or Offbook "
    "Cloze, and an update would empty or lose them. Remove them (Tools > Manage Note Types), and run this again",
}


class Report:
    """The report of one import."""

    def __init__(self, result: Build, run: Import, planned: Plan) -> None:
        self.result, self.run, self.planned = result, run, planned
        self._places = {change.guid: change.location for change in result.changes}

    def show_overwritten(self) -> None:
        """Show both texts of what was edited in Anki and is replaced, on standard error."""
        for seen, note in self.planned.overwritten:
            common.say(f"{self._location(note.guid)}: edited in Anki, and changed in the notes since", fg="yellow")
            for name, in_anki, in_notes in _differences(seen, note):
                anki, notes = _without_what_is_the_same(in_anki, in_notes)
                common.say(f"  {name} in Anki:  {anki}")
                common.say(f"  {name} in notes: {notes}")

    def print(self, *, dry_run: bool, as_json: bool, verbose: bool) -> None:
        """Print the report on standard output; `verbose` names every card that something happens to."""
        if as_json:
            common.print_json(self._data(dry_run))
            return
        for key in self.result.packages:
            common.show(f"{common.one_line(self.result.names[key])}: {_told(self._counts(key))}")
        if len(self.result.packages) > 1:
            common.show(f"In all: {_told(self._counts(None))}")
        if verbose:
            self._print_cards()
        self._print_reasons(*_REASONS)
        if dry_run:
            common.show("Nothing was written: this is what an import would do.")

    def _print_cards(self) -> None:
        planned = self.planned
        for guid, outcome in planned.outcomes.items():
            also = [what for what, guids in (("moved", planned.moved), ("suspended", planned.suspend)) if guid in guids]
            if guid in planned.changed or also:
                question = common.one_line(self.run.ledger[guid].question)
                common.show(f"{', '.join([outcome, *also]):>9}  {self._location(guid)}: {question}")

    def print_changes(self) -> None:
        """Print only what is worth a line on every save."""
        for key in self.result.packages:
            counts = {what: number for what, number in self._counts(key).items() if what not in _NO_NEWS}
            if any(counts.values()):
                common.show(f"{time.strftime('%H:%M:%S')} {common.one_line(self.result.names[key])}: {_told(counts)}")
        self._print_reasons(Outcome.REFUSED)

    def _print_reasons(self, *outcomes: Outcome) -> None:
        for guid, outcome in self.planned.outcomes.items():
            if outcome in outcomes:
                question = common.one_line(self.run.ledger[guid].question)
                common.show(f"{self._location(guid)}: “{question}” {_REASONS[outcome]}")

    def _counts(self, key: str | None) -> dict[str, int]:
        """Return what happened to the notes of one company, or of all, each counted once.

        A note may be moved, suspended and the like besides being unchanged or updated.
        """
        notes = self.run.notes if key is None else [g for g in self.run.notes if self._serves(g, key)]
        guids, planned = set(notes), self.planned
        outcomes = Counter(outcome for guid, outcome in planned.outcomes.items() if guid in guids)
        return {
            "added": outcomes[Outcome.ADDED],
            "updated": outcomes[Outcome.UPDATED],
            "unchanged": outcomes[Outcome.UNCHANGED],
            "kept as edited in Anki": outcomes[Outcome.KEPT],
            "deleted in Anki": outcomes[Outcome.DELETED],
            "refused": outcomes[Outcome.REFUSED],
            "moved": len(guids & planned.moved),
            "retired": len(guids & planned.tag_retired.keys()),
            "suspended": len(guids & planned.suspend.keys()),
            "brought back from suspension": len(guids & planned.unsuspend.keys()),
            "deleted as retired": len(guids & planned.delete.keys()),
        }

    def _serves(self, guid: str, key: str) -> bool:
        return bool(served(self.run.ledger[guid].companies, (key,)))

    def _location(self, guid: str) -> Location:
        return self._places.get(guid) or Location(self.run.ledger[guid].note)

    def _data(self, dry_run: bool) -> dict[str, Any]:
        planned = self.planned
        return {
            "dry_run": dry_run,
            "companies": [
                {"company": self.result.names[key], "package": f"{key}.apkg", **_keys(self._counts(key))}
                for key in self.result.packages
            ],
            "cards": [
                {
                    "guid": guid,
                    "outcome": outcome,
                    "reason": _REASONS.get(outcome),
                    "path": self._location(guid).path,
                    "line": self._location(guid).line,
                    "question": self.run.ledger[guid].question,
                    "deck": self.run.ledger[guid].deck,
                    "moved": guid in planned.moved,
                    "suspended": guid in planned.suspend,
                }
                for guid, outcome in planned.outcomes.items()
            ],
            "overwritten": [
                {"guid": note.guid, "fields": {name: [old, new] for name, old, new in _differences(seen, note)}}
                for seen, note in planned.overwritten
            ],
            "problems": [common.problem_data(problem) for problem in sorted(set(self.result.problems))],
        }


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {what}" for what, number in counts.items() if number) or "no change"


def _keys(counts: dict[str, int]) -> dict[str, int]:
    """Return counts by names that JSON can do with."""
    return {what.replace(" ", "_").lower(): number for what, number in counts.items()}


def _differences(seen: NoteInAnki, note: AnkiNote) -> list[tuple[str, str, str]]:
    """Return name, text in Anki and text in the notes of the fields that differ."""
    named = zip(note.notetype.fields, text_of(note, seen), note.fields, strict=True)
    return [(name, _plain(old), _plain(new)) for name, old, new in named if old != new]


def _plain(field: str) -> str:
    """Return a field's text without its HTML."""
    import nh3

    return " ".join(html.unescape(nh3.clean(field, tags=set())).split())


def _without_what_is_the_same(one: str, other: str) -> tuple[str, str]:
    """Cut what two texts have in common at the beginning and the end, but for a little."""
    start = _common(one, other)
    end = _common(reversed(one[start:]), reversed(other[start:]))
    return _cut(one, start, end), _cut(other, start, end)


def _common(one: Iterable[str], other: Iterable[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _cut(text: str, start: int, end: int) -> str:
    first, last = max(0, start - _AROUND), len(text) - max(0, end - _AROUND)
    return f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"
