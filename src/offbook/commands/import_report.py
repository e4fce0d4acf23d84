"""What `offbook import` tells: by company, and of every note that Anki did not take."""

from __future__ import annotations

import html
from collections import Counter
from typing import Any

from offbook.anki import NoteInAnki
from offbook.anki.bring import Import
from offbook.anki.plan import Outcome, Plan, text_of
from offbook.commands import common
from offbook.errors import Location
from offbook.export import serves
from offbook.package import AnkiNote
from offbook.pipeline import Build

_REASONS = {
    Outcome.KEPT: "was edited in Anki, and that text stays",
    Outcome.DELETED: "was deleted in Anki, and stays so; --bring-back adds it again",
    Outcome.REFUSED: "was not taken by Anki; were fields or card types added to its notetype Offbook or Offbook Cloze? "
    "Remove them in Anki (Tools > Manage Note Types), and run this again",
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
                common.say(f"  {name} in Anki:  {in_anki}")
                common.say(f"  {name} in notes: {in_notes}")

    def print(self, *, dry_run: bool, as_json: bool) -> None:
        """Print the report on standard output."""
        if as_json:
            common.print_json(self._data(dry_run))
            return
        for key in self.result.packages:
            counts = self._counts(key)
            told = ", ".join(f"{number} {what}" for what, number in counts.items() if number) or "no change"
            common.show(f"{common.one_line(self.result.names[key])}: {told}")
        for guid, outcome in self.planned.outcomes.items():
            if outcome in _REASONS:
                question = common.one_line(self.run.ledger[guid].question)
                common.show(f"{self._location(guid)}: “{question}” {_REASONS[outcome]}")
        if dry_run:
            common.show("Nothing was written: this is what an import would do.")

    def _counts(self, key: str) -> dict[str, int]:
        """Return what happened to the notes of one company; moved, suspended and the like happen besides."""
        guids = {guid for guid, entry in self.run.ledger.items() if serves(entry.companies, (key,))}
        outcomes = Counter(outcome for guid, outcome in self.planned.outcomes.items() if guid in guids)
        planned = self.planned
        return {outcome.value: outcomes[outcome] for outcome in Outcome} | {
            "moved": len(guids & planned.moved),
            "suspended": len(guids & planned.suspend.keys()),
            "brought back from suspension": len(guids & planned.unsuspend.keys()),
            "deleted as retired": len(guids & planned.delete.keys()),
        }

    def _location(self, guid: str) -> Location:
        return self._places.get(guid) or Location(self.run.ledger[guid].note)

    def _data(self, dry_run: bool) -> dict[str, Any]:
        planned = self.planned
        return {
            "dry_run": dry_run,
            "companies": [
                {"company": self.result.names[key], "package": f"{key}.apkg", **self._counts(key)}
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


def _differences(seen: NoteInAnki, note: AnkiNote) -> list[tuple[str, str, str]]:
    """Return name, text in Anki and text in the notes of the fields that differ."""
    named = zip(note.notetype.fields, text_of(note, seen), note.fields, strict=True)
    return [(name, _plain(old), _plain(new)) for name, old, new in named if old != new]


def _plain(field: str) -> str:
    """Return a field's text without its HTML."""
    import nh3

    return " ".join(html.unescape(nh3.clean(field, tags=set())).split())
