"""What helps most before an interview, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from offbook.interview import spoken
from offbook.readiness import NewCards, Readiness

OFTEN = 4
"""How many times a card was forgotten for its answer to be worth writing anew."""


def advice(ready: Readiness) -> list[str]:
    """Return what helps most, the best first, in words that begin small; nothing where nothing is left to do."""
    return list(_advice(ready))


def _advice(ready: Readiness) -> Iterator[str]:
    if ready.missing:
        yield f"bring into Anki what it lacks ({_counted(ready.missing, 'card')}): offbook import"
    if ready.open:
        yield "write the open answer" if ready.open == 1 else f"write the {ready.open} open answers"
    for new in ready.late:
        yield f"set new cards a day{_of_deck(new, ready)} to at least {new.needed} (now {new.a_day}: {_last(new)})"
    unseen = sum(not card.seen for card in ready.cards)
    if unseen and not ready.late:
        yield f"study what is not seen yet ({_counted(unseen, 'card')})"
    due = [card for card in ready.cards if card.seen and card.due is not None and card.due <= ready.today]
    if due:
        yield f"review what is due today ({_counted(len(due), 'card')})"
    hard = [card for card in ready.cards if card.lapses >= OFTEN]
    if hard:
        yield f"rewrite what was forgotten again and again ({_counted(len(hard), 'card')})"


def _of_deck(new: NewCards, ready: Readiness) -> str:
    return f" of {new.deck}" if len(ready.new) > 1 else ""


def _last(new: NewCards) -> str:
    return f"the last card would come on {spoken(new.last)}" if new.last else "none would come"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
