"""The report of an import: counts for each company, and why a card in Anki is not as it is in the notes."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from offbook.anki import CardInAnki
from offbook.anki.bring import Import
from offbook.anki.plan import Outcome, Plan
from offbook.commands import common, data, edits
from offbook.commands.paths import located
from offbook.commands.terminal import one_line
from offbook.errors import Location
from offbook.model import Build, served
from offbook.sources.vault import Vault

_EMPTY = {
    "suspended without a gap": ("empty card", "suspended"),
    "deleted without a gap": ("empty card", "deleted"),
    "no longer suspended with a gap": ("card", "no longer empty, nor suspended"),
}
"""What is printed for labels that count cards in Anki whose gap, or reverse, is gone from its note, or is back."""
_SAID = {"deleted in Anki": "missing in Anki"}
"""What is printed for a label that is a key of `--json`, and says more than is known."""
_PARTIAL, _LINKED = "updated except for an edit made in Anki", "with links renewed"
"""Labels that count parts of others."""
_NO_NEWS = ("unchanged", "kept as edited in Anki", "deleted in Anki")  # not printed on every save
_NEW_LINK = "with a new link to the note"
_NO_CHANGE = "no change"
_ELSEWHERE = "put in another deck"
_EDITED = "was edited in Anki, and that text stays"
_TWICE = (
    "is in Anki more than once, since two computers added it before they synced; in Anki's browser, delete all but the "
    "one with most reviews"
)
_STAYS = "; your text stays, and --edits replace takes the notes'"
_REPLACED = "; the notes' text replaces yours"
_REASONS = {
    Outcome.KEPT: _EDITED,
    Outcome.DELETED: "is not in this collection: it was deleted there, or is not synced yet. It is not added; "
    "--bring-back adds it again",
    Outcome.REFUSED: "was not imported; run this again. If that does not help: fields or card types were added in Anki "
    "to its notetype, Offbook or Offbook Cloze, and an update would empty or lose them. Remove them (Tools > Manage "
    "Note Types), and run this again",
}


class Report:
    """The report of one import: the export it began with, the import itself, and what was planned."""

    def __init__(self, result: Build, run: Import, plan: Plan, vault: Vault) -> None:
        self._result, self._run, self._plan, self._vault = result, run, plan, vault
        self._locations = {change.guid: change.location for change in result.changes}

    def show_conflicts(self, *, verbose: bool) -> None:
        """Show on standard error both texts of what was edited in Anki and changed in the notes, and which one stays.

        What was shown once, and stays as it is, is shown only if `verbose`.
        """
        for guid in self._plan.conflicts:
            replaced = guid in self._plan.replaced
            if verbose or replaced or guid in self._plan.news:
                self._show_conflict(guid, _REPLACED if replaced else _STAYS)

    def ask(self) -> set[str]:
        """Show each conflict that is new, and ask whose text is to stay; return the guids where it is the notes'."""
        replaced: set[str] = set()
        new = [guid for guid in self._plan.conflicts if guid in self._plan.news]
        for number, guid in enumerate(new, 1):
            self._show_conflict(guid, f" ({number} of {len(new)})" if len(new) > 1 else "")
            answer = edits.ask()
            if answer == "all":
                break
            if answer == "replace":
                replaced.add(guid)
        return replaced

    def _show_conflict(self, guid: str, more: str) -> None:
        question = one_line(self._run.ledger[guid].question)
        what = f"“{question}” was edited in Anki, and changed in the notes since{more}"
        common.say(f"{self._place(guid)}: {what}", fg="yellow")
        edits.show(self._plan.merges[guid], self._run.notes[guid].notetype)

    def print(self, *, dry_run: bool, as_json: bool, verbose: bool) -> None:
        """Print the report on standard output; `verbose` adds a line for each card that changes in Anki."""
        if as_json:
            common.print_json(self._data(dry_run))
            return
        for key in self._result.packages:
            common.show(f"{one_line(self._result.names[key])}: {self._listed(key) or _NO_CHANGE}")
        if len(self._result.packages) > 1:
            every = self._counts(None)
            shared = sum(self._counts(key)["added"] for key in self._result.packages) > every["added"]
            once = " (a card of several companies counts once)" if shared else ""
            common.show(f"In all: {self._listed(None) or _NO_CHANGE}{once}")
        if verbose:
            self._print_cards()
        self._print_reasons(told=verbose)
        if dry_run:
            common.show("Nothing was written: this is what an import would do.")

    def _print_cards(self) -> None:
        plan = self._plan
        changed = plan.changed
        for guid, outcome in plan.outcomes.items():
            also = self._also(guid)
            if guid in changed or also:
                question = one_line(self._run.ledger[guid].question)
                common.show(f"{', '.join([outcome, *also]):>9}  {self._place(guid)}: {question}")

    def print_changes(self) -> None:
        """Print what is worth a line on every save: what changed, and what Anki refused."""
        for key in self._result.packages:
            if news := self._listed(key, left_out=_NO_NEWS):
                common.show(f"{time.strftime('%H:%M:%S')} {one_line(self._result.names[key])}: {news}")
        self._print_reasons(told=False)

    def _print_reasons(self, *, told: bool) -> None:
        """Say why cards are not as in the notes, of those that the user knows of only if `told`.

        Conflicts are left to `show_conflicts`.
        """
        plan = self._plan
        for guid, outcome in plan.outcomes.items():
            edited = guid in plan.edited and not plan.merges[guid].conflicts
            reason = _REASONS.get(outcome, _EDITED if edited else "")
            known = guid not in plan.news and outcome is not Outcome.REFUSED
            if reason and (edited or outcome is not Outcome.KEPT) and (told or not known):
                question = one_line(self._run.ledger[guid].question)
                common.show(f"{self._place(guid)}: “{question}” {reason}")
        for guid in self._run.twins:
            common.show(f"{self._place(guid)}: “{one_line(self._run.ledger[guid].question)}” {_TWICE}")

    def _counts(self, key: str | None) -> dict[str, int]:
        """Return how many cards of a company, or of all where `key` is None, met with what; by label.

        The first six labels are outcomes, of which each card has one. The others may come on top, so that a card is
        counted as unchanged and as put in another deck, too.
        """
        plan, guids = self._plan, self._guids(key)
        outcomes = Counter(outcome for guid, outcome in plan.outcomes.items() if guid in guids)
        return {
            "added": outcomes[Outcome.ADDED],
            "updated": outcomes[Outcome.UPDATED],
            "unchanged": outcomes[Outcome.UNCHANGED],
            "kept as edited in Anki": outcomes[Outcome.KEPT],
            "deleted in Anki": outcomes[Outcome.DELETED],
            "refused": outcomes[Outcome.REFUSED],
            _PARTIAL: len(guids & plan.changed & plan.edited),
            _ELSEWHERE: len(guids & plan.in_other_deck),
            "retired": len(guids & plan.tag_retired.keys()),
            "suspended": len(guids & plan.suspend.keys()),
            "no longer suspended": len(guids & plan.unsuspend.keys()),
            "deleted as retired": len(guids & plan.delete.keys()),
            "suspended without a gap": _cards(guids, plan.suspend_empty),
            "deleted without a gap": _cards(guids, plan.delete_empty),
            "no longer suspended with a gap": _cards(guids, plan.filled),
            _LINKED: len(guids & plan.links),
        }

    def _guids(self, key: str | None) -> set[str]:
        """Return the guids of the cards of a company, or of all where `key` is None."""
        run = self._run
        every = run.notes.keys() | self._plan.outcomes.keys()
        return {guid for guid in every if key is None or served(run.ledger[guid].companies, (key,))}

    def _listed(self, key: str | None, *, left_out: Collection[str] = ()) -> str:
        """Return the counts of a company, or of all, in words, each part in brackets behind what it is a part of.

        Of the labels `left_out` just the parts are told.
        """
        counts = self._counts(key)
        parts = self._parts(key, counts[_PARTIAL])
        told: list[str] = []
        for label, number in counts.items():
            part = parts.get(label, "")
            if label in left_out:
                told += [part] if part else []
            elif number and label in _EMPTY:
                card, what = _EMPTY[label]
                told.append(f"{common.counted(number, card)} {what}")
            elif number and label not in (_PARTIAL, _LINKED):
                told.append(f"{number} {_SAID.get(label, label)}{f' ({part})' if part else ''}")
        return ", ".join(told)

    def _parts(self, key: str | None, edited: int) -> dict[str, str]:
        """Return, by label, what is to be said of a part of the cards with it; `edited` are updated but for an edit."""
        linked = Counter(self._plan.outcomes[guid] for guid in self._guids(key) & self._plan.links)
        told = {
            "updated": (edited, "except for an edit made in Anki"),
            "unchanged": (linked[Outcome.UNCHANGED], _NEW_LINK),
            "kept as edited in Anki": (linked[Outcome.KEPT], _NEW_LINK),
        }
        return {label: f"{number} {what}" for label, (number, what) in told.items() if number}

    def _place(self, guid: str) -> str:
        return located(self._location(guid), self._vault)

    def _location(self, guid: str) -> Location:
        return self._locations.get(guid) or Location(self._run.ledger[guid].note)

    def _data(self, dry_run: bool) -> dict[str, Any]:
        return {
            "dry_run": dry_run,
            "anki": self._run.place,
            **_as_keys(self._counts(None)),
            "companies": [
                {
                    **data.of_company(self._result.names[key], key),
                    "package": f"{key}.apkg",
                    "handed_over": False,
                    **_as_keys(self._counts(key)),
                }
                for key in self._result.packages
            ],
            "changes": [
                {**self._of_card(guid), "outcome": outcome, "also": self._also(guid), "reason": _REASONS.get(outcome)}
                for guid, outcome in self._plan.outcomes.items()
            ],
            "conflicts": [
                {**self._of_card(guid), "replaced": guid in self._plan.replaced, "fields": self._fields(guid)}
                for guid in self._plan.conflicts
            ],
            "left_to_do": [],
            "problems": data.of_problems(self._result.problems),
        }

    def _of_card(self, guid: str) -> dict[str, Any]:
        entry = self._run.ledger[guid]
        return {
            **data.of_card(self._location(guid), entry.question, guid),
            "company": data.names_of(entry.companies, entry.deck, self._result.names),
            "deck": entry.deck,
        }

    def _also(self, guid: str) -> list[str]:
        """Return what else happens to a card in Anki."""
        return [_ELSEWHERE] * (guid in self._plan.in_other_deck) + ["suspended"] * (guid in self._plan.suspend)

    def _fields(self, guid: str) -> list[dict[str, str]]:
        """Return the fields in conflict, as plain text."""
        differences = edits.differences(self._plan.merges[guid], self._run.notes[guid].notetype)
        return [{"field": name, "in_anki": anki, "in_notes": notes} for name, anki, notes in differences]


def _cards(guids: Iterable[str], of_notes: Mapping[str, Sequence[CardInAnki]]) -> int:
    return sum(len(of_notes.get(guid, ())) for guid in guids)


def _as_keys(counts: dict[str, int]) -> dict[str, int]:
    """Return counts with labels such as `kept_as_edited_in_anki`, as `--json` has them."""
    return {label.replace(" ", "_").lower(): number for label, number in counts.items()}
