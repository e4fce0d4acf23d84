"""Merges a note in three ways, field by field: what was exported last, what is in Anki, what the notes say. Pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from offbook.anki import NoteInAnki
from offbook.field_text import SOURCE, digests, is_link_to_source, seal_of, text_digests
from offbook.model import AnkiNote, Entry

_LAYOUT = re.compile(r"</?(?:p|div|br)\b[^<>]*>|&nbsp;")


@dataclass(frozen=True, slots=True)
class Merge:
    """A note on both sides, and the fields that the user edited in Anki, by their index."""

    ours: tuple[str, ...]
    """The fields as the notes have them."""
    theirs: tuple[str, ...]
    """The fields as Anki has them."""
    edited: tuple[int, ...]
    """What was edited in Anki and did not change in the notes."""
    conflicts: tuple[int, ...]
    """What was edited in Anki and changed in the notes, too."""

    def fields(self, *, replace: bool) -> tuple[str, ...]:
        """Return the fields that Anki is to have; `replace` gives conflicts the notes' text, not the user's."""
        kept = self.edited if replace else (*self.edited, *self.conflicts)
        return tuple(self.theirs[index] if index in kept else text for index, text in enumerate(self.ours))

    @property
    def digest(self) -> str:
        """A digest of the edits, empty where there are none: the ledger knows by it of which the user was told."""
        texts = [(index, self.theirs[index]) for index in self.edited]
        texts += [(index, f"{self.theirs[index]}\x1f{self.ours[index]}") for index in self.conflicts]
        return hashlib.blake2b(repr(texts).encode("utf-8", "surrogatepass"), digest_size=5).hexdigest() if texts else ""

    def brought(self, entry: Entry, *, replace: bool) -> tuple[str, ...]:
        """Return what the ledger keeps as `Entry.brought`. A conflict that the user's text won stays one."""
        before = entry.brought or ("",) * len(self.ours)
        unsettled = () if replace else self.conflicts
        return tuple(before[index] if index in unsettled else text for index, text in enumerate(digests(self.ours)))


def merge(note: AnkiNote, entry: Entry, seen: NoteInAnki) -> Merge:
    """Compare a package's note with the one in Anki; `entry` knows what was exported.

    A text that was exported once is nobody's edit, however old it is: a backup may have brought it back. Nor is one
    that the seal tells: an export that this ledger does not know, such as one of another git branch, wrote it.
    """
    theirs = text_of(note, seen)
    seal = seal_of(theirs)
    edited = [SOURCE] if "<" in theirs[SOURCE] and not is_link_to_source(theirs[SOURCE]) else []
    changed: list[int] = []
    if text_digests(theirs).isdisjoint(entry.texts):
        key = note.notetype.fields.index("Key")
        sides = zip(digests(note.fields), digests(theirs), strict=True)
        for index, (in_notes, in_anki) in enumerate(sides):
            written = seal[index : index + 1]
            if index in (SOURCE, key) or in_anki in (in_notes, *written) or _was_exported(index, in_anki, entry):
                continue
            also_in_notes = written not in ((), (in_notes,)) or _changed(index, in_notes, note, entry)
            if also_in_notes and _laid_out(theirs[index]) == _laid_out(note.fields[index]):
                continue  # the user made the same edit on both sides
            (changed if also_in_notes else edited).append(index)
    return Merge(note.fields, theirs, tuple(sorted(edited)), tuple(changed))


def _laid_out(html: str) -> str:
    """Return a field's HTML without what only parts it into paragraphs and lines: each editor does that in its way.

    In code all of that tells.
    """
    if "<pre" in html:
        return html
    return " ".join(_LAYOUT.sub(" ", html).split())


def text_of(note: AnkiNote, seen: NoteInAnki) -> tuple[str, ...]:
    """Return the fields of a package's note as they are in Anki, in the package's order; what is not there is empty."""
    return tuple(seen.fields.get(name, "") for name in note.notetype.fields)


def is_as_written(seen: NoteInAnki) -> bool:
    """Whether the fields of a note in Anki are as offbook wrote them, by their seal."""
    return seal_of(seen.texts) == digests(seen.texts)


def _was_exported(index: int, digest: str, entry: Entry) -> bool:
    return (index, digest) in entry.former or entry.brought[index : index + 1] == (digest,)


def _changed(index: int, digest: str, note: AnkiNote, entry: Entry) -> bool:
    """Whether the notes have another text for a field than the one that Anki got last, as far as `entry` knows."""
    if entry.brought:
        return entry.brought[index] != digest
    if entry.in_anki:  # by offbook 1.0.0, which knew of whole notes only
        return entry.in_anki not in text_digests(note.fields)
    return any(index == other for other, _ in entry.former) if entry.former else len(entry.texts) > 1
