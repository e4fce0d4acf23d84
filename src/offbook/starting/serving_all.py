"""What else in a vault or a graph serves every company: what interviews link to, what its name or `#card` says."""

from __future__ import annotations

import re
from collections import Counter
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
    beside: dict[str, tuple[str, ...]] = {}
    for path in vault.note_paths():
        names = graph.names(path.removesuffix(".md")) if graph else PurePosixPath(path).parts
        if any([*map(fold, names[: len(place)])] == place for place in around):
            inside.append(path)
        elif not graph or not graph.why_no_company(path):
            beside[path] = names
    places = {path: _beside(names, around) for path, names in beside.items()}
    if graph:
        pages = Counter(places.values())
        places |= {path: "/".join(beside[path]) for path, place in places.items() if pages[place] == 1}
    links = Counter(places[path] for path in _targets(vault, inside) if path in places and not _is_nobodys(path))
    named = {place for place in places.values() if fold(PurePosixPath(place).stem) in naming("shared")}
    marked = {place for path, place in places.items() if place not in named and MARKED.search(read(vault, path).body)}
    return sorted((links.keys() | named | marked) - {""}, key=lambda place: (-links[place], place))


def _beside(names: tuple[str, ...], around: list[list[str]]) -> str:
    """Return the outermost of the places `names` that is not among those around the interviews; else nothing."""
    for count in range(1, len(names) + 1):
        if all([*map(fold, names[:count])] != place[:count] for place in around):
            return "/".join(names[:count])
    return ""


def _targets(vault: Vault, paths: list[str]) -> Iterator[str]:
    """Yield the paths of the files that the notes at `paths` link to, or embed."""
    for path in paths:
        for match in _LINK.finditer(read(vault, path).body):
            if file := vault.find(match[1] or unquote(match[2]), path):
                yield vault.display(file)


def _is_nobodys(path: str) -> bool:
    """Whether a note is called as a day is, or as what is about its folder: it is linked to for other reasons."""
    name = note_stem(path)
    return (names_nobody(name) and any(map(str.isdigit, name))) or fold(name) in naming("whole_folder")
