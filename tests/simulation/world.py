"""The vault, and what may be in it.

Every edit asks here whether a reader could still tell all cards apart behind it. What nobody could tell apart is not
made: there the oracle would have nothing to say.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

from simulation.program import Program
from simulation.values import Card, Note, Section, Stand, key, keys
from simulation.vocabulary import COMPANIES, PROJECTS
from simulation.writing import Writer


class World:
    """A vault, what was deleted from it, and what the program knows of it."""

    def __init__(self, seed: int, program: Program, owners: Mapping[str, Card]) -> None:
        self.random = random.Random(seed)
        self.writer = Writer(self.random)
        self.program = program
        self.notes: list[Note] = []
        self.gone: list[tuple[Card, Stand]] = []
        """Cards that were deleted, and how they stood at the end of the step before."""
        self._owners = owners
        self._count = 0
        self._said: set[tuple[str, str]] = set()
        """The keys of all questions and answers that ever stood together."""

    def cards(self, only: Note | None = None) -> Iterator[tuple[Note, Section, Card]]:
        """Yield the cards of all notes, or of one, with their places."""
        for note in [only] if only else self.notes:
            for section in note.sections:
                for card in section.cards:
                    yield note, section, card

    # -- what a reader can tell apart --------------------------------------------------------------

    def fits(self, question: str, note: Note, section: Section, *, topic: bool, new: bool = False) -> bool:
        """Whether a reader could tell a card with this question, at this place, from all others.

        Nobody can tell two equal questions in one section apart once their answers change, nor a rewritten card
        from another one of the same question that was put in its place.
        """
        asked = key(question)
        if asked in keys(section.cards):
            return False
        for guid, known in self.program.known.items():
            before = key(known.question)
            if before == asked and known.section == section.title:
                return False
            same = asked in (before, key(self._owners[guid].origin))
            if new and topic and same and known.company == note.company:
                return False
        return True

    def is_asked(self, question: str) -> bool:
        """Whether any card asks this."""
        return any(key(card.question) == key(question) for _, _, card in self.cards())

    def say(self, question: str, answer: str) -> bool:
        """Note that an answer stands below a question; False where it did before."""
        said = key(question), key(answer)
        if said in self._said:
            return False
        self._said.add(said)
        return True

    # -- what is new -------------------------------------------------------------------------------

    def new_note(self) -> Note:
        company = self.random.choice(COMPANIES)
        note = Note(self.new_path(company), company)
        for _ in range(self.random.randint(1, 4)):
            note.sections.append(self.new_section(note))
        return note

    def new_path(self, company: str) -> str:
        self._count += 1
        return f"{company}/{self.random.choice(['Prep', 'Round', 'Questions', 'Log'])} {self._count}.md"

    def new_section(self, note: Note) -> Section:
        section = Section(self.new_title(note))
        for _ in range(self.random.randint(1, 6)):
            self.add(note, section)
        return section

    def new_title(self, note: Note) -> str:
        """Return a title that no section of the note has."""
        taken = {section.title for section in note.sections}
        while True:
            word = self.random.choice(PROJECTS)
            title = self.random.choice(
                [f"Projects › {word}", f"{self.random.randint(1, 9)}. {word}", f"{word}, looking back", "Basics", ""]
            )
            if title not in taken:
                return title

    def add(self, note: Note, section: Section) -> None:
        """Add a new card to a section, if one can be thought of that is no twin of another."""
        for _ in range(20):
            question, topic = self.writer.question()
            card = Card(question, "", topic, origin=question)
            if self.fits(card.question, note, section, topic=topic, new=True):
                self.answer(card)
                section.cards.insert(self.random.randint(0, len(section.cards)), card)
                if self.random.random() < 0.05:
                    card.block = self.new_block(note)
                return

    def answer(self, card: Card) -> None:
        """Give a card a new answer, one that no card with the same question ever had."""
        card.answer = self.writer.answer(card.question)
        while not self.say(card.question, card.answer):
            card.answer = self.writer.answer(card.question)

    def new_block(self, note: Note) -> str:
        """Return an id that is free in the note; as in Obsidian, another note may have it, too."""
        deleted = [was for card, was in self.gone if card.guid not in self.program.retired]
        before = [card.was for _, _, card in self.cards() if card.was]
        taken = {card.block for _, _, card in self.cards(note)}
        taken |= {was.block for was in [*deleted, *before] if was.note == note.path}
        self._count += 1
        generic = f"q{self.random.randint(1, 9)}"
        return generic if self.random.random() < 0.3 and generic not in taken else f"id-{self._count}"
