"""Cards in Anki that an import leaves empty: of gaps that are gone, and of a question no longer asked in reverse.

Anki keeps such a card, with its reviews, until it is deleted. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from offbook.anki import CardInAnki, NoteInAnki
from offbook.field_text import gapped
from offbook.model import AnkiNote, Entry
from offbook.notetypes import CLOZE, QUESTION

_REVERSE = 2
_REVERSED = QUESTION.fields.index("Reversed")


def empty_cards(note: AnkiNote, seen: NoteInAnki, fields: Sequence[str]) -> list[CardInAnki]:
    """Return the cards of a note that show nothing once its fields in Anki are `fields`."""
    if note.notetype is CLOZE:
        live = {gap.number for gap in gapped(fields[0]).gaps}
        return [card for card in seen.cards if card.number not in live]
    return [card for card in seen.cards if card.number == _REVERSE and not fields[_REVERSED]]


def filled_cards(entry: Entry, seen: NoteInAnki, empty: Sequence[CardInAnki]) -> list[CardInAnki]:
    """Return the suspended cards that an import had suspended as empty, and that are not any more."""
    numbers = {card.number for card in empty}
    back = [card for card in seen.cards if card.number in entry.past_suspended and card.number not in numbers]
    return [card for card in back if card.suspended]
