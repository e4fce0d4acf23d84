"""What is a card: one case for each rule, trap and near miss, in `golden/cards`."""

from __future__ import annotations

import pytest
from golden import Case, cases, check

from offbook.cards.find import find_cards
from offbook.model import NO_CARDS, Card
from offbook.sources.note import parse_note


@pytest.mark.parametrize("case", cases("cards"), ids=lambda case: case.id)
def test_cards(case: Case) -> None:
    check(case, listed)


def listed(case: Case) -> str:
    name = case.label.partition(" in ")[2] or "note.md"
    found = find_cards(parse_note(case.note, name, of_graph=name.startswith("pages/")))
    lines = [line for card in found.cards for line in _card(card)]
    lines += [f"to-ask:{card.location.line} {card.question_text}" for card in found.to_ask]
    lines += [f"! {problem.location.line} {problem.code}" for problem in found.problems]
    lines += [f"~ {passed.location.line} {passed.code}" for passed in found.passed if passed.code not in ("", NO_CARDS)]
    return "\n".join(lines) or "(none)"


def _card(card: Card) -> list[str]:
    kind = "" if card.kind == "question" else f" ({card.kind})"
    question = card.question_text.replace("\n", "⏎")
    answer = ["(open)"] if card.is_open else card.answer_text.split("\n")
    return [f"{card.dialect}:{card.location.line}{kind} {question}", *(f"    {line}".rstrip() for line in answer)]
