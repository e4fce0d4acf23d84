"""The plain values that go from stage to stage. They know nothing of the stages.

A value is a `msgspec.Struct` where it is kept in the memo or the ledger, else a dataclass. `notes.py` has what is read
and found, `cards.py` the cards on their way, `exports.py` what becomes of them.
"""

from offbook.model.cards import (
    ALL,
    BETWEEN_TITLES,
    DECLINED,
    DELETED,
    Content,
    Entry,
    Gap,
    Gapped,
    IdentifiedCard,
    Numbered,
    Rendered,
    RenderedNote,
    Source,
    Target,
    section,
    served,
)
from offbook.model.exports import AnkiNote, Build, Change, Draft, Former, Interview, Progress, Status
from offbook.model.notes import (
    DRAWING,
    MARKDOWN,
    MISSING_FILE,
    NO_CARDS,
    READABLE,
    TEXT,
    Asked,
    Body,
    Card,
    Found,
    How,
    Kind,
    Mention,
    Note,
    Part,
    Passage,
    Passed,
    Reading,
    Use,
    note_stem,
)

__all__ = [
    "ALL", "BETWEEN_TITLES", "DECLINED", "DELETED", "DRAWING", "MARKDOWN", "MISSING_FILE", "NO_CARDS", "READABLE",
    "TEXT", "AnkiNote", "Asked", "Body", "Build", "Card", "Change", "Content", "Draft", "Entry", "Former", "Found",
    "Gap", "Gapped", "How", "IdentifiedCard", "Interview", "Kind", "Mention", "Note", "Numbered", "Part", "Passage",
    "Passed", "Progress", "Reading", "Rendered", "RenderedNote", "Source", "Status", "Target", "Use", "note_stem",
    "section", "served",
]  # fmt: skip
