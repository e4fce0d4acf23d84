"""A vault as people keep it: much prose and many open questions, and among them a few notes with cards.

For each company there are long study notes with hundreds of questions that nobody has answered yet, a list of answered
ones, some small notes in various ways to write, prose, and a note a day. Of nine questions seven are open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from words import Asked, Text

_QUESTIONS_OF_A_COMPANY = 450
_QUESTIONS_OF_A_DAY = 11  # so many questions for each daily note
_OPEN_IN_NINE = 7


def write_people(folder: Path, questions: int, seed: int = 1) -> Asked:
    """Write notes with so many questions into a folder; the same arguments give the same bytes."""
    text = Text(seed)
    answered: list[int] = []
    unanswered: list[int] = []
    for first in range(0, questions, _QUESTIONS_OF_A_COMPANY):
        numbers = range(first, min(first + _QUESTIONS_OF_A_COMPANY, questions))
        cut = len(numbers) * _OPEN_IN_NINE // 9
        unanswered += numbers[:cut]
        answered += numbers[cut:]
        company = folder / f"Company {first // _QUESTIONS_OF_A_COMPANY}"
        company.mkdir(parents=True, exist_ok=True)
        for name, note in _notes(text, numbers[:cut], numbers[cut:]):
            (company / f"{name}.md").write_text(note, "utf-8", newline="\n")
    return Asked(tuple(answered), tuple(unanswered))


def _notes(text: Text, unanswered: range, answered: range) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of one company's notes."""
    study = len(unanswered) * 4 // 5
    yield "study", _lists(text, unanswered[:study], "*")
    yield "more to study", _lists(text, unanswered[study:], "1.")
    ways = (_theory, _theory, _prep, _labels, _stories)
    for index, write in enumerate(ways):
        own = answered[index * len(answered) // len(ways) : (index + 1) * len(answered) // len(ways)]
        yield f"{write.__name__.strip('_')} {index}", write(text, own)
    yield "pitch", _prose(text)
    yield "reading", _reading(text)
    for day in range((len(unanswered) + len(answered)) // _QUESTIONS_OF_A_DAY):
        yield f"2026-{1 + day // 28 % 12:02}-{1 + day % 28:02} {text.phrase(1)}", _daily(text)


# -- questions without answers ---------------------------------------------------------------------


def _lists(text: Text, numbers: range, mark: str) -> str:
    """Lists of questions, below headings that say what they are about."""
    blocks = [f"Parent: [[reading]]\nSee also: [[pitch]], [[stories 4]]\n\n# {text.phrase(2).capitalize()}"]
    for first in range(0, len(numbers), 40):
        part = numbers[first : first + 40]
        blocks += [f"## {text.phrase(1).capitalize()}", text.paragraph(2, 4)]
        blocks.append("\n".join(f"{mark} {text.question(number)}?" for number in part))
    return "\n\n".join(blocks) + "\n"


# -- questions with answers ------------------------------------------------------------------------


def _note(blocks: Iterator[str] | list[str], front: str = "") -> str:
    return "\n\n".join([front, *blocks] if front else blocks) + "\n"


def _theory(text: Text, numbers: range) -> str:
    asked = [block for number in numbers for block in (f"**{text.question(number)}?**", *text.answer(number), "<br/>")]
    return _note(["# Theory", text.paragraph(2, 3), *asked])


def _prep(text: Text, numbers: range) -> str:
    front = f'---\ntitle: {text.phrase(2)}\ntags: [interview, "#real"]\ndate: 2026-02-11\n---'
    asked = [_with_bullets(text, number) for number in numbers]
    return _note(["[[reading]] | [[People I know there]]", "# About", text.items(2, 4), "# Behavioural", *asked], front)


def _with_bullets(text: Text, number: int) -> str:
    inner = f"- {text.phrase(4)}\n\t- then =={text.phrase(2)}=={'' if number % 2 else ' and more'}"
    return f"### {text.question(number)} ?\n- begin{number} {text.phrase(5)}\n{inner}\n- {text.phrase(3)} end{number}"


def _labels(text: Text, numbers: range) -> str:
    ways: tuple[Callable[[str, str], str], ...] = (
        lambda question, answer: f"> [!question] {question}?\n> {answer}",
        lambda question, answer: f"Q: {question}?\nA: {answer}",
        lambda question, answer: f"{question} :: {answer}",
    )
    asked = [
        ways[number % len(ways)](text.question(number), f"begin{number} {text.sentence()} end{number}")
        for number in numbers
    ]
    return _note(asked)


def _stories(text: Text, numbers: range) -> str:
    asked = [block for number in numbers for block in (f"## {text.question(number)}?", _story(text, number))]
    return _note(["# Stories", *asked], "---\ntags: [story]\n---")


def _story(text: Text, number: int) -> str:
    return (
        f"**Situation** begin{number} {text.sentence()}\n**Task** {text.sentence()}\n"
        f"**Action** {text.paragraph(1, 2)}\n**Result** {text.sentence()} It came to end{number}."
    )


# -- no questions ----------------------------------------------------------------------------------


def _prose(text: Text) -> str:
    parts = [block for _ in range(3) for block in (f"### {text.phrase(2).capitalize()}", text.paragraph(2, 4))]
    return _note([text.paragraph(2, 3), *parts, "See [[stories 4]] for the long version."])


def _reading(text: Text) -> str:
    links = "\n".join(f"- [{text.phrase(3)}](https://example.com/{text.phrase(1)})" for _ in range(8))
    return _note(["# Reading list", links, f"%% {text.sentence()} %%"])


def _daily(text: Text) -> str:
    paragraphs = [" ".join(text.sentence(8, 14) for _ in range(5)) for _ in range(6)]
    return _note(["# Day", *paragraphs, f"- [ ] call {text.phrase(1)}\n- {text.phrase(2)}"])
