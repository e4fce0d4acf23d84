"""A vault that is nothing but cards: ten in each note, all answered, in the ways in which people mark them."""

from __future__ import annotations

from pathlib import Path

from words import Asked, Text

_COMPANIES = ("Northwind", "Harbor", "Lumen", "Quarry", "Tidewater", "Basalt", "Juniper", "Meridian")
_TAGS = ("systems", "databases", "networking", "behavioural", "algorithms", "storage")
_CARDS_IN_A_NOTE = 10


def write_generated(folder: Path, cards: int, seed: int = 1) -> Asked:
    """Write notes that hold so many cards into a folder; the same arguments give the same bytes."""
    text = Text(seed)
    for note, first in enumerate(range(0, cards, _CARDS_IN_A_NOTE)):
        numbers = range(first, min(first + _CARDS_IN_A_NOTE, cards))
        company = text.random.choice(_COMPANIES)
        file = folder / company.lower() / f"{note:05d} {text.phrase(1)}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_note(text, company, numbers), "utf-8", newline="\n")
    return Asked(tuple(range(cards)))


def _note(text: Text, company: str, numbers: range) -> str:
    tags = ", ".join(text.random.sample(_TAGS, 2))
    front = f"---\ncompany: {company}\ndate: 2025-{text.random.randint(1, 12):02}-01\ntags: [{tags}]\n---\n"
    write = text.random.choices((_heading, _bold, _callout, _labels), (6, 2, 1, 1))[0]
    return "\n\n".join([f"{front}\n# {company}", *(write(text, number) for number in numbers)]) + "\n"


def _heading(text: Text, number: int) -> str:
    return "\n\n".join([f"## {text.question(number)}?", *text.answer(number)])


def _bold(text: Text, number: int) -> str:
    return "\n\n".join([f"**{text.question(number)}?**", *text.answer(number)])


def _callout(text: Text, number: int) -> str:
    lines = "\n\n".join(text.answer(number)).split("\n")
    return "\n".join([f"> [!question] {text.question(number)}?", *(f"> {line}".rstrip() for line in lines)])


def _labels(text: Text, number: int) -> str:
    first, *rest = text.answer(number)
    return "\n\n".join([f"Q: {text.question(number)}?\nA: {first}", *rest])
