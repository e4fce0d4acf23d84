"""Writes questions and answers, and rewrites them as people do."""

from __future__ import annotations

import random
import re

from simulation.values import key
from simulation.vocabulary import (
    ADJECTIVES,
    BOILERPLATE,
    DROPPABLE,
    FILLERS,
    GENERIC,
    LINKS,
    NOUNS,
    SERIES,
    SHORT,
    SIMILAR,
    STORIES,
    SYNONYMS,
    SYSTEMS,
    TOPICS,
    VERBS,
)


class Writer:
    """Makes text; all chance comes from the generator that it is given."""

    def __init__(self, rng: random.Random) -> None:
        self._random = rng

    # -- questions ---------------------------------------------------------------------------------

    def question(self) -> tuple[str, bool]:
        """Return a question, and whether it says by itself what it is about."""
        kind = self._random.random()
        if kind < 0.35:
            return self._random.choice(GENERIC), False
        if kind < 0.5:
            return self._random.choice(STORIES), True
        if kind < 0.65:
            return f"How would you design {self._random.choice(SYSTEMS)}?", True
        topic, other = self._random.sample(TOPICS, 2)
        return self._random.choice(SERIES).format(topic=topic, other=other), True

    def about_something_else(self, question: str) -> str:
        """Return the question with another topic in the place of its own."""
        for subjects in (TOPICS, SYSTEMS):
            for name in subjects:
                if re.search(rf" {name}\b", question):
                    others = [each for each in subjects if each.casefold() not in question.casefold()]
                    return re.sub(rf" {name}\b", f" {self._random.choice(others)}", question, count=1)
        return self._random.choice(STORIES)

    def reworded(self, question: str) -> str:
        """Change up to 40 % of the question's words, and never what it is about by more than a typing error."""
        words = question.split()
        budget = int(0.4 * len(words))
        for _ in range(self._random.randint(1, 3)):
            if budget > 0:
                words, cost = self._reworded_once(words, budget)
                budget -= cost
        return " ".join(words)

    def _reworded_once(self, words: list[str], budget: int) -> tuple[list[str], int]:
        """Return the words after one change, and how many of them it has changed."""
        kind = self._random.choice(["synonym", "synonym", "insert", "drop", "order", "typo"])
        at = self._random.randrange(len(words))
        plain = key(words[at])
        if kind == "synonym":
            places = [i for i, word in enumerate(words) if key(word) in SYNONYMS]
            if places:
                at = self._random.choice(places)
                return [*words[:at], *SYNONYMS[key(words[at])].split(), *words[at + 1 :]], 1
        if kind == "insert" and len(words) < 20:
            new = self._random.choice(FILLERS).split()[:budget]
            return [*words[:at], *new, *words[at:]], len(new)
        if kind == "drop" and len(words) > 3 and plain in DROPPABLE:
            return [*words[:at], *words[at + 1 :]], 1
        if kind == "order" and len(words) > 4 and budget > 1:
            cut = self._random.randint(1, len(words) - 1)
            if min(cut, len(words) - cut) <= budget:
                return [*words[cut:], *words[:cut]], min(cut, len(words) - cut)
        if kind == "typo" and len(plain) > 5 and not any(letter.isdigit() for letter in plain):
            return [*words[:at], self._with_typo(words[at]), *words[at + 1 :]], 1
        return words, 0

    def exchanged(self, question: str) -> str:
        """Put other words in the place of a quarter of the question's, but for its first and for what it is about."""
        words = question.split()
        subjects = {word for name in (*TOPICS, *SYSTEMS) for word in key(name).split()} - {"a"}
        places = [at for at in range(1, len(words)) if subjects.isdisjoint(key(words[at]).split())]
        for at in self._random.sample(places, min(len(places), max(1, len(words) // 4))):
            ending = "?" if words[at].endswith("?") else ""
            words[at] = self._random.choice(NOUNS) + ending
        return " ".join(words)

    def edited_by_a_fifth(self, answer: str) -> str:
        """Put other words in the place of a fifth of the answer's."""
        words = answer.split()
        for at in self._random.sample(range(len(words)), max(1, len(words) // 5)):
            words[at] = self._random.choice(NOUNS)
        return " ".join(words)

    def _with_typo(self, word: str) -> str:
        """Return the word with two letters in the wrong order."""
        at = self._random.randint(1, len(word) - 3)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    # -- answers -----------------------------------------------------------------------------------

    def answer(self, question: str) -> str:
        """Return an answer: a word or two, boilerplate, or some sentences."""
        kind = self._random.random()
        yes_or_no = question.split()[0] in ("Have", "Do", "Did", "Is", "How")
        if kind < (0.5 if yes_or_no else 0.04) and not question.startswith("How would"):
            return self._random.choice(SHORT)
        if kind < 0.3 and question.startswith("What is"):
            return self._random.choice(SIMILAR)
        sentences = [self.sentence() for _ in range(self._random.randint(1, 5))]
        if self._random.random() < 0.4:
            sentences.insert(0, self._random.choice(BOILERPLATE))
        if question.startswith("How would you design"):
            sentences = [*BOILERPLATE[:2], *sentences[:2]]
        return " ".join(sentences)

    def sentence(self) -> str:
        pick = self._random.choice
        clauses = [
            f"{pick(['we', 'I', 'they', 'the team', 'nobody'])} {pick(VERBS)} the {pick(ADJECTIVES)} {pick(NOUNS)}",
            f"the {pick(NOUNS)} {pick(VERBS)} {pick(['its', 'our', 'every', 'no'])} {pick(NOUNS)}",
            f"{self._random.randint(2, 900)} {pick(NOUNS)}s were {pick(VERBS)} by {pick(['us', 'me', 'accident'])}",
        ]
        self._random.shuffle(clauses)
        text = f"{clauses[0]} {pick(LINKS)} {clauses[1]}" if self._random.random() < 0.7 else clauses[0]
        return text[0].upper() + text[1:] + "."

    def edited(self, answer: str) -> str:
        """Add, drop or replace a part, at most a third; short answers keep all their words."""
        parts = answer.split(". ")
        if len(parts) > 2 and self._random.random() < 0.6:
            at = self._random.randrange(len(parts))
            parts[at : at + 1] = [] if self._random.random() < 0.4 else [self.sentence().rstrip(".")]
        elif len(answer.split()) > 8:
            words = answer.split()
            for _ in range(max(1, len(words) // 6)):
                words[self._random.randrange(len(words))] = self._random.choice(NOUNS)
            parts = [" ".join(words)]
        else:
            parts = [answer.rstrip("."), f"{self._random.choice(['Ask', 'Mostly', 'See'])} {parts[0].split()[0]}"]
        return ". ".join(parts)


def half_of(old: str, new: str) -> str:
    """Return an answer that shares text with another card's, or all of it where it says but little."""
    if old in SHORT or old in SIMILAR:
        return old
    parts = old.split(". ")
    return ". ".join([*parts[: max(1, 2 * len(parts) // 3)], new]) if len(parts) > 1 else new
