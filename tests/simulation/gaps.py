"""Gapped cards that people edit, where it is known which gap is which.

A gap is an object, as a card is. An edit changes the text and its gaps; then each gap has a number. None may ever have
had another gap's, and one that did not change, or that was reworded in its place, keeps its own.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from offbook.field_text import gapped, renumbered
from offbook.identify.gaps import numbered
from offbook.model import Gap, Gapped
from simulation.vocabulary import ADJECTIVES, LINKS, NOUNS, VERBS


@dataclass(eq=False)
class Piece:
    """A piece of a sentence, and the gap that it is if it is one."""

    text: str
    is_gap: bool = False
    was_gap: bool = False
    reworded: bool = False
    number: int = 0
    """In Anki; 0 for a gap that had none yet. It stays with a piece whose marks go."""


@dataclass
class GapScore:
    """What was counted."""

    edits: int = 0
    expected: int = 0
    kept: int = 0
    wrong: list[str] = field(default_factory=list)


class GappedCard:
    """One card, edited again and again; equal seeds give equal runs."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._pieces: list[Piece] = []
        self._owners: dict[int, Piece] = {}
        self._known, self._past = Gapped(), tuple[Gap, ...]()
        self._said: set[str] = set()
        self.score = GapScore()
        for _ in range(self._random.randint(6, 12)):
            self._pieces.append(Piece(self._word()))
        for piece in self._random.sample(self._pieces, 3):
            piece.is_gap = True
        self._export("")

    def run(self, edits: int) -> GapScore:
        """Edit the card so often, and return what that came to."""
        for _ in range(edits):
            for piece in self._pieces:
                piece.was_gap, piece.reworded = piece.is_gap, False
            edit = self._random.choice(
                [
                    self._mark,
                    self._mark,
                    self._unmark,
                    self._reword,
                    self._insert,
                    self._remove,
                    self._swap,
                    self._plain,
                ]
            )
            edit()
            self._export(edit.__name__)
            self.score.edits += 1
        return self.score

    # -- edits -------------------------------------------------------------------------------------

    def _mark(self) -> None:
        if plain := [piece for piece in self._pieces if not piece.is_gap]:
            self._random.choice(plain).is_gap = True

    def _unmark(self) -> None:
        if len(self._gaps()) > 1:
            self._random.choice(self._gaps()).is_gap = False

    def _reword(self) -> None:
        """Reword a gap, the words around it being the same."""
        piece = self._random.choice(self._gaps())
        piece.text, piece.reworded = self._word(), True

    def _insert(self) -> None:
        is_gap = self._random.random() < 0.5
        self._pieces.insert(self._random.randint(0, len(self._pieces)), Piece(self._word(), is_gap))

    def _remove(self) -> None:
        piece = self._random.choice(self._pieces)
        if len(self._pieces) > 5 and (not piece.is_gap or len(self._gaps()) > 1):
            self._pieces.remove(piece)

    def _swap(self) -> None:
        one, other = self._random.sample(range(len(self._pieces)), 2)
        self._pieces[one], self._pieces[other] = self._pieces[other], self._pieces[one]

    def _plain(self) -> None:
        if plain := [piece for piece in self._pieces if not piece.is_gap and not piece.number]:
            self._random.choice(plain).text = self._word()

    def _gaps(self) -> list[Piece]:
        return [piece for piece in self._pieces if piece.is_gap]

    def _word(self) -> str:
        """Return a word or two that this card never held."""
        pick = self._random.choice
        while True:
            text = pick(
                [pick(NOUNS), f"{pick(ADJECTIVES)} {pick(NOUNS)}", f"{pick(VERBS)} {pick(LINKS)}", f"{pick(NOUNS)}s"]
            )
            text += f" {self._random.randint(2, 99)}" * (text in self._said)
            if text not in self._said:
                self._said.add(text)
                return text

    # -- judgement ---------------------------------------------------------------------------------

    def _export(self, edit: str) -> None:
        gaps = self._gaps()
        numbers = {id(piece): number for number, piece in enumerate(gaps, 1)}
        text = " ".join(
            f"{{{{c{numbers[id(piece)]}::{piece.text}}}}}" if piece.is_gap else piece.text for piece in self._pieces
        )
        result = numbered(gapped(text), self._known, self._past)
        self._known, self._past = gapped(renumbered(text, result.numbers)), result.past
        for piece in gaps:
            number = result.numbers[numbers[id(piece)]]
            owner = self._owners.setdefault(number, piece)
            if owner is not piece:
                self.score.wrong.append(f"{edit}: {piece} has the number {number} of {owner} in {text}")
            if piece.number:
                self.score.expected += 1
                self.score.kept += number == piece.number
            piece.number = number
            self._owners[number] = piece
