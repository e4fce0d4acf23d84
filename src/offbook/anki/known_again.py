"""Knows notes in Anki again whose ledger was lost, by their questions. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cached_property

from msgspec import structs

from offbook.anki import NoteInAnki
from offbook.field_text import digests, gapped, portable, seal_of
from offbook.identify.guids import another_guid
from offbook.model import AnkiNote, Entry, Gap
from offbook.notetypes import Notetype
from offbook.tags import RETIRED, companies_of, may_serve

_ENOUGH = 0.5
_QUESTION, _ANSWER = 0, 1  # fields of both notetypes


@dataclass(frozen=True, slots=True)
class _Text:
    """What a note says, in the packages or in Anki."""

    guid: str
    notetype: str
    question: str
    """Its words, whatever of them is hidden, and under which number."""
    rest: tuple[str, ...]
    """What its gaps hide, in the order of the text, and the answer."""
    company: str


class KnownAgain:
    """Which notes in Anki the packages' notes are, where the ledger does not tell.

    The same question is the same card; of several that ask it, the one with the same answer or of the same company. Of
    two in Anki it is the one that is not retired, else the one with reviews. A guid that is made anew proves nothing:
    the card that was first exported with a question may have another one by now.
    """

    def __init__(
        self,
        notes: Iterable[AnkiNote],
        entries: Iterable[Entry],
        in_anki: Mapping[str, NoteInAnki],
        rehearsed: Collection[int],
    ) -> None:
        """Compare the packages' `notes` with those `in_anki`, by guid; the ids of those with reviews are `rehearsed`.

        `entries` are the ledger's: what they say was exported under a guid is that card's.
        """
        self._notes = {note.guid: note for note in notes}
        self._entries = {entry.guid: entry for entry in entries}
        others = self._entries.keys() - self._notes.keys()
        self._in_anki = {guid: seen for guid, seen in in_anki.items() if guid not in others}
        self._used = self._entries.keys() | in_anki.keys()
        self._rehearsed = rehearsed
        self._ours = {guid: _text(guid, note.notetype, note.fields) for guid, note in self._notes.items()}
        self._theirs = {guid: _text(guid, seen.notetype, seen.texts) for guid, seen in self._in_anki.items()}
        self._found = {guid: guid for guid in self._ours.keys() & self._theirs.keys() if self._was_exported(guid)}
        retired = {guid for guid, seen in self._in_anki.items() if RETIRED in seen.tags}
        self._live = self._in_anki.keys() - retired
        for guids in (self._live, retired):
            for key in (_everything, _question_and_company, _question_and_guid, _question):
                self._pair(guids, key)
        self._found |= {guid: guid for guid in self._left(self._ours) & self._free() if self._may_be(guid)}

    def entries(self) -> list[Entry]:
        """Return the ledger's entries with the guids, and the numbers of gaps, that Anki has.

        A card whose new guid is another card's in Anki gets one of its own.
        """
        return [self._as_in_anki(entry) for entry in self._entries.values()]

    @cached_property
    def guids(self) -> dict[str, str]:
        """The guids in Anki of the notes that are known again, by those in the packages.

        Only notes with the same guid are unless most of the packages' notes are, and most of what Anki has of their
        companies, but for retired notes: else those are another vault's.
        """
        companies = {slug for note in self._notes.values() for slug in companies_of(note.tags)}
        of_ours = sum(may_serve(self._in_anki[guid].tags, companies) for guid in self._live)
        known = self._live.intersection(self._found.values())
        if len(self._found) > _ENOUGH * len(self._notes) and len(known) >= _ENOUGH * of_ours:
            return self._found
        return {ours: theirs for ours, theirs in self._found.items() if ours == theirs}

    def _was_exported(self, guid: str) -> bool:
        """Whether the ledger says that the question in Anki was exported under a guid, in words that it had before."""
        return (_QUESTION, digests(self._in_anki[guid].texts)[_QUESTION]) in self._entries[guid].former

    def _may_be(self, guid: str) -> bool:
        """Whether a note may be the one with the same guid in Anki, whose question is another one.

        It was edited there, or reworded by a ledger that this one does not know, such as that of another git branch.
        It is not if offbook wrote that question before it first exported this one.
        """
        seen = self._in_anki[guid]
        is_older = seen.modified is not None and seen.modified < self._entries[guid].added
        is_ours = seal_of(seen.texts)[:1] == digests(seen.texts)[:1]
        return seen.notetype is self._notes[guid].notetype and not (is_older and is_ours)

    def _left(self, guids: Iterable[str]) -> set[str]:
        """Return those of the packages' notes that are not known yet."""
        return {guid for guid in guids if guid not in self._found}

    def _free(self) -> set[str]:
        """Return the notes in Anki that no note of the packages is yet."""
        return self._in_anki.keys() - set(self._found.values())

    def _pair(self, guids: Set[str], key: Callable[[_Text], Hashable]) -> None:
        """Pair notes with those of the `guids` in Anki where one of each side has a key, or one is the likeliest."""
        here = _by(key, (self._ours[guid] for guid in self._left(self._ours)))
        there = _by(key, (self._theirs[guid] for guid in self._free() & guids))
        for said, ours in here.items():
            theirs = there.get(said, [])
            if key is not _question:  # of other companies' each may be the card, reviewed or not
                theirs = [guid for guid in theirs if self._in_anki[guid].id in self._rehearsed] or theirs
            if len(ours) == len(theirs) == 1:
                self._found[ours[0]] = theirs[0]

    def _as_in_anki(self, entry: Entry) -> Entry:
        guid = self.guids.get(entry.guid)
        if guid is not None:
            return _numbered(structs.replace(entry, guid=guid), self._in_anki[guid])
        if entry.guid in self._in_anki:
            return structs.replace(entry, guid=another_guid(entry.guid, self._used))
        return entry


def _numbered(entry: Entry, seen: NoteInAnki) -> Entry:
    """Return an entry with the numbers that its gaps have in Anki, unless it was exported with these."""
    if not entry.cloze:
        return entry
    digest = digests(seen.texts)[_QUESTION]
    if digest in entry.fields[:1] or (_QUESTION, digest) in entry.former:
        return entry
    found = gapped(seen.texts[_QUESTION])
    live = {gap.number for gap in found.gaps}
    known = {gap.number for gap in entry.past} | live
    empty = tuple(Gap(card.number) for card in seen.cards if card.number not in known)
    past = (*(gap for gap in entry.past if gap.number not in live), *empty)
    return structs.replace(entry, words=found.words, gaps=found.gaps, past=past)


def _text(guid: str, notetype: Notetype, fields: tuple[str, ...]) -> _Text:
    question = gapped(portable(fields[_QUESTION]))
    hidden = tuple(gap.text for gap in question.gaps)
    company = fields[notetype.fields.index("Company")]
    words = question.words or fields[_QUESTION]
    return _Text(guid, notetype.name, words, (*hidden, portable(fields[_ANSWER])), company)


def _by(key: Callable[[_Text], Hashable], texts: Iterable[_Text]) -> dict[Hashable, list[str]]:
    found: dict[Hashable, list[str]] = defaultdict(list)
    for text in texts:
        found[key(text)].append(text.guid)
    return found


def _everything(text: _Text) -> Hashable:
    return text.notetype, text.question, text.rest, text.company


def _question_and_company(text: _Text) -> Hashable:
    return text.notetype, text.question, text.company


def _question_and_guid(text: _Text) -> Hashable:
    return text.notetype, text.question, text.guid


def _question(text: _Text) -> Hashable:
    return text.notetype, text.question
