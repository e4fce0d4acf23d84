"""One step after the other: people edit the notes, the program identifies the cards, the oracle judges."""

from __future__ import annotations

from simulation.edits import edit_card
from simulation.note_edits import edit_notes
from simulation.oracle import Oracle, Score
from simulation.program import Program
from simulation.values import neighbours, stand
from simulation.world import World

NOTES = 12
FEWEST_NOTES = 6


class Simulation:
    """A vault, its ledger, and the edits; equal seeds give equal runs."""

    def __init__(self, seed: int) -> None:
        self._program = Program()
        self._oracle = Oracle()
        self._world = World(seed, self._program, self._oracle.owners)
        for _ in range(NOTES):
            self._world.notes.append(self._world.new_note())
        self._identify([])
        self._oracle.score = Score()

    def run(self, steps: int) -> Score:
        """Take steps, and return what all steps so far came to."""
        for _ in range(steps):
            for note, section, card in self._world.cards():
                card.begin_step(stand(note, section, card))
            edits = self._edit()
            self._look_around()
            self._tidy()
            self._identify(edits)
            self._oracle.score.steps += 1
        return self._oracle.score

    def _edit(self) -> list[str]:
        """Make the edits of one step, and return their names: one to a card, several in one note, or one to notes."""
        world, choice, number = self._world, self._world.random.choice, self._world.random.randint
        kind = world.random.random()
        if kind < 0.5:
            return edit_card(world, choice(world.notes))
        if kind < 0.8:
            note = choice(world.notes)
            return [name for _ in range(number(2, 5)) for name in edit_card(world, note)]
        names = edit_notes(world)
        if world.random.random() < 0.3:
            for _ in range(number(1, 3)):
                names += edit_card(world, choice(world.notes))
        return names

    def _look_around(self) -> None:
        """Forget what stood around a card where that does not stand there any more as it was."""
        for _, section, card in self._world.cards():
            if card.between is not None:
                around = neighbours(section, card)
                if around != card.between or any(each and (each.touched or each.was is None) for each in around):
                    card.between = None

    def _tidy(self) -> None:
        """Drop what is empty, and keep the vault's size about the same."""
        for note in self._world.notes:
            note.sections = [section for section in note.sections if section.cards]
        self._world.notes = [note for note in self._world.notes if note.sections]
        while len(self._world.notes) < FEWEST_NOTES:
            self._world.notes.append(self._world.new_note())

    def _identify(self, edits: list[str]) -> None:
        places = list(self._world.cards())
        now = [stand(*place) for place in places]
        guids = self._program.identify(now)
        self._oracle.judge([(card, at) for (_, _, card), at in zip(places, now, strict=True)], guids, edits)
        self._program.export(now, guids)
