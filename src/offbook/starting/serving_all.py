"""What else in a vault or a graph serves every company: what interviews link to, what its name or `#card` says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote

from offbook.companies.rounds import names_nobody
from offbook.graph import Graph
from offbook.model import note_stem
from offbook.naming import naming
from offbook.sources.vault import Vault
from offbook.starting.folders import read
from offbook.text import MARKED, fold

_LINK = re.compile(r"\[\[([^\[\]\n|#^]{1,200})|\]\((?!\w+:)([^()\s#]{1,200}\.md)(?:#[^()\s]*)?\)")


def serving_all(vault: Vault, interviews: Sequence[str], graph: Graph | None = None) -> list[str]:
    """Return the folders and notes beside `interviews`, paths in the vault, that likely serve every company.

    The notes of `vault` are all of it. Paths are relative to them, those with most links first. In a `graph`,
    `interviews` and what is returned are namespaces and pages.
    """
    around = [[*map(fold, PurePosixPath(place).parts)] for place in interviews]
    inside: list[str] = []
    places: dict[str, str] = {}
    by_name: dict[str, str] = {}
    for path in vault.note_paths():
        names = graph.names(path.removesuffix(".md")) if graph else PurePosixPath(path).parts
        if any([*map(fold, names[: len(place)])] == place for place in around):
            inside.append(path)
        elif not graph or not graph.why_no_company(path):
            places[path] = by_name[fold(note_stem(names[-1]))] = _beside(names, around)
    links: dict[str, int] = {}
    for target in _targets(vault, inside):
        place = by_name.get(fold(target), "")
        if not _is_day(target) and fold(target) not in naming("whole_folder"):
            links[place] = links.get(place, 0) + 1
    named = {place for place in places.values() if fold(PurePosixPath(place).stem) in naming("shared")}
    marked = {place for path, place in places.items() if place not in named and MARKED.search(read(vault, path).body)}
    return sorted((links.keys() | named | marked) - {""}, key=lambda place: (-links.get(place, 0), place))


def _beside(names: tuple[str, ...], around: list[list[str]]) -> str:
    """Return the outermost of the places `names` that is not among those around the interviews; else nothing."""
    for count in range(1, len(names) + 1):
        if all([*map(fold, names[:count])] != place[:count] for place in around):
            return "/".join(names[:count])
    return ""


def _targets(vault: Vault, paths: list[str]) -> Iterator[str]:
    """Yield the names of the notes that the notes at `paths` link to."""
    for path in paths:
        for match in _LINK.finditer(read(vault, path).body):
            yield note_stem((match[1] or unquote(match[2])).strip().rpartition("/")[2])


def _is_day(name: str) -> bool:
    return names_nobody(name) and any(map(str.isdigit, name))
