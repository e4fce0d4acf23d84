"""Invented words and sentences, of which both vaults are made.

Each question holds a word that no other one does (`ask7`), and so do both ends of its answer (`begin7` and `end7`):
what was made of the vault can be checked.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import accumulate, product

_FIRST = ("bar", "cel", "dor", "fen", "gal", "hun", "jor", "lum", "mar", "nel", "pol", "tor")
_MIDDLE = ("an", "e", "i", "o", "u", "ar", "en", "il", "os", "um")
_LAST = ("dale", "mer", "nick", "rick", "son", "tal", "ven", "wick", "zor", "der", "land", "mont")
_WORDS = sorted("".join(parts) for parts in product(_FIRST, _MIDDLE, _LAST))
_LITTLE = ("the", "a", "of", "and", "to", "in", "is", "with", "for", "by", "that", "on")


@dataclass(frozen=True)
class Asked:
    """The numbers of the questions in a vault."""

    answered: tuple[int, ...]
    open: tuple[int, ...] = ()


class Text:
    """Sentences, from a seed: as in any language, few words are used often and most are rare."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._words = self.random.sample(_WORDS, len(_WORDS))
        self._often = list(accumulate(1 / (rank + 20) for rank in range(len(_WORDS))))

    def words(self, number: int) -> list[str]:
        """Return so many words, every third of them a little one."""
        chosen = self.random.choices(self._words, cum_weights=self._often, k=number)
        return [self.random.choice(_LITTLE) if index % 3 == 2 else word for index, word in enumerate(chosen)]

    def phrase(self, number: int) -> str:
        """Return so many words in a row."""
        return " ".join(self.words(number))

    def sentence(self, fewest: int = 6, most: int = 16) -> str:
        """Return a sentence of so many words."""
        return self.phrase(self.random.randint(fewest, most)).capitalize() + "."

    def paragraph(self, fewest: int, most: int) -> str:
        """Return so many sentences, one of them with a part in bold or in code."""
        sentences = [self.sentence() for _ in range(self.random.randint(fewest, most))]
        mark = self.random.choice(("", "**", "*", "`"))
        return " ".join([*sentences[:-1], f"{mark}{self.phrase(2)}{mark}", sentences[-1]])

    def items(self, fewest: int, most: int) -> str:
        """Return a list of so many items."""
        return "\n".join(f"- {self.phrase(7)}" for _ in range(self.random.randint(fewest, most)))

    def question(self, number: int) -> str:
        """Return a question, without a mark at its end."""
        opening = self.random.choice(("What is", "How do you explain", "When do you use", "Why is there"))
        return f"{opening} {self.phrase(self.random.randint(3, 5))} ask{number}"

    def answer(self, number: int) -> list[str]:
        """Return the blocks of an answer: prose, often a list, now and then code or a table."""
        blocks = [f"It begins with begin{number}. {self.paragraph(1, 4)}"]
        if number % 2 == 0:
            blocks.append(self.items(2, 4))
        if number % 3 == 0:
            blocks.append(f"```python\ndef {self.phrase(1)}(items):\n    return [item for item in items if item]\n```")
        if number % 7 == 0:
            blocks.append("| Case | Cost |\n|---|---|\n| best | $O(1)$ |\n| worst | $O(n \\log n)$ |")
        return [*blocks, f"{self.sentence()} It ends with end{number}."]
