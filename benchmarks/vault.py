"""Writes a vault of any size from a seed: interview notes in the ways in which people write them.

The same arguments give the same bytes. Each card holds words that no other one does, so that what is made of the
vault can be checked: `ask7` in the question, `begin7` and `end7` at both ends of the answer.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

COMPANIES = ("Northwind", "Harbor", "Lumen", "Quarry", "Tidewater", "Basalt", "Juniper", "Meridian")
TAGS = ("systems", "databases", "networking", "behavioural", "algorithms", "storage")
_NOUNS = (
    "service", "queue", "request", "worker", "cluster", "index", "record", "ledger", "window", "shard",
    "buffer", "client", "server", "token", "lease",
)  # fmt: skip
_VERBS = (
    "reads", "writes", "merges", "splits", "drops", "keeps", "moves", "copies", "locks", "frees", "sends",
    "stores", "rejects", "delays", "repeats",
)  # fmt: skip
_ADJECTIVES = (
    "stale", "fresh", "remote", "local", "durable", "ordered", "random", "sparse", "dense", "cold", "warm",
    "slow", "fast", "small", "large",
)  # fmt: skip
_LINKS = ("because", "while", "although", "before", "after", "unless", "until")
CARDS_IN_A_NOTE = 10


def write_vault(folder: Path, cards: int, seed: int = 1) -> None:
    """Write notes that hold so many cards into a folder."""
    writer = _Writer(random.Random(seed))
    for number, first in enumerate(range(0, cards, CARDS_IN_A_NOTE)):
        numbers = range(first, min(first + CARDS_IN_A_NOTE, cards))
        company = writer.choice(COMPANIES)
        file = folder / company.lower() / f"{number:05d} {writer.choice(_NOUNS)}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(writer.note(company, numbers), "utf-8", newline="\n")


class _Writer:
    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self.choice = rng.choice

    def note(self, company: str, numbers: range) -> str:
        tags = ", ".join(self._rng.sample(TAGS, 2))
        front = f"---\ncompany: {company}\ndate: 2025-{self._rng.randint(1, 12):02}-01\ntags: [{tags}]\n---\n"
        dialect: Callable[[int], Iterator[str]] = self._rng.choices(
            (self._headings, self._bold, self._callouts, self._labels), (6, 2, 1, 1)
        )[0]
        blocks = [block for number in numbers for block in dialect(number)]
        return "\n\n".join([front + f"\n# {company}", *blocks]) + "\n"

    # -- dialects ------------------------------------------------------------------------------

    def _headings(self, number: int) -> Iterator[str]:
        yield f"## {self._question(number)}"
        yield from self._answer(number)

    def _bold(self, number: int) -> Iterator[str]:
        yield f"**{self._question(number)}**"
        yield from self._answer(number)

    def _callouts(self, number: int) -> Iterator[str]:
        answer = "\n\n".join(self._answer(number))
        yield f"> [!question] {self._question(number)}\n" + "\n".join(
            f"> {line}".rstrip() for line in answer.split("\n")
        )

    def _labels(self, number: int) -> Iterator[str]:
        first, *rest = self._answer(number)
        yield f"Q: {self._question(number)}\nA: {first}"
        yield from rest

    # -- text ----------------------------------------------------------------------------------

    def _question(self, number: int) -> str:
        return f"What happens to ask{number} when the {self._thing()} {self.choice(_VERBS)} it?"

    def _answer(self, number: int) -> Iterator[str]:
        yield f"It begins with begin{number}. {self._sentences(2, 5)}"
        yield "\n".join(f"- {self._item()}" for _ in range(self._rng.randint(2, 4)))
        if number % 3 == 0:
            yield f"```python\ndef {self.choice(_VERBS)}(items):\n    return [item for item in items if item]\n```"
        if number % 7 == 0:
            yield "| Case | Cost |\n|---|---|\n| best | $O(1)$ |\n| worst | $O(n \\log n)$ |"
        yield f"{self._sentences(1, 3)} It ends with end{number}."

    def _thing(self) -> str:
        return f"{self.choice(_ADJECTIVES)} {self.choice(_NOUNS)}"

    def _clause(self) -> str:
        return f"the {self._thing()} {self.choice(_VERBS)} the {self._thing()}"

    def _sentences(self, fewest: int, most: int) -> str:
        return " ".join(self._sentence() for _ in range(self._rng.randint(fewest, most)))

    def _sentence(self) -> str:
        text = f"{self._clause()} {self.choice(_LINKS)} {self._clause()}."
        if self._rng.random() < 0.3:
            word = self.choice(_NOUNS)
            text = text.replace(word, f"**{word}**", 1)
        return text[0].upper() + text[1:]

    def _item(self) -> str:
        mark = self.choice(("", "**", "*", "`"))
        return f"the {mark}{self.choice(_NOUNS)}{mark} {self.choice(_VERBS)} the {self._thing()}"
