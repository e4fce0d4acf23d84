"""What `--json` prints of a card, a company, a problem: the same names in every command, listed in docs/scripts.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from offbook.companies import name_in
from offbook.errors import Location, Problem
from offbook.model import ALL


def of_card(place: Location, question: str, guid: str) -> dict[str, Any]:
    """Return what is printed of every card: where it is or was, what it asks, and what Anki knows it by."""
    return {"path": place.path, "line": place.line, "question": question, "guid": guid}


def of_company(name: str, slug: str) -> dict[str, Any]:
    """Return what is printed of every company: its name, and the one that commands and packages have for it."""
    return {"name": name, "slug": slug}


def of_problems(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Return what is printed of problems, each once, in the order of the notes."""
    return [
        {
            "path": problem.location.path,
            "line": problem.location.line,
            "code": problem.code,
            "severity": problem.severity,
            "message": problem.told(),
        }
        for problem in sorted(set(problems))
    ]


def names_of(slugs: Sequence[str], deck: str, names: Mapping[str, str]) -> list[str]:
    """Return whose a card is: the companies' names, or `all`. `names` need not have those that are gone."""
    return [slug if slug == ALL else names.get(slug) or name_in(deck, slug) for slug in slugs]
