"""What else in a vault or a graph serves every company: what interviews link to, what its name or `#card` says.

In a folder that is neither, and so was made for interviews, all else does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath
from urllib.parse import unquote

from offbook.companies import place_of
from offbook.companies.rounds import names_nobody
from offbook.graph import Graph
from offbook.model import note_stem
from offbook.naming import naming
from offbook.settings import Settings
from offbook.sources.note import decode_note
from offbook.sources.vault import Vault
from offbook.text import MARKED, fold

_LINK = re.compile(r"\[\[([^\[\]\n|#^]{1,200})|\]\((?!\w+:)([^()\s#]{1,200}\.md)(?:#[^()\s]*)?\)")


def serving_all(vault: Vault, interviews: str, graph: Graph | None = None, *, everything: bool = False) -> list[str]:
    """Return the folders and notes beside `interviews`, itself a path in the vault, that likely serve every company.

    The notes of `vault` are all of it. Paths are relative to them, those with most links first. In a `graph`,
    `interviews` is a namespace, and what is returned are namespaces and pages. `everything` says that all else does.
    """
    around = [*map(fold, PurePosixPath(interviews).parts)]
    inside: list[str] = []
    places: dict[str, str] = {}
    by_name: dict[str, str] = {}
    for path in vault.note_paths():
        names = graph.names(path.removesuffix(".md")) if graph else PurePosixPath(path).parts
        if [*map(fold, names[: len(around)])] == around:
            inside.append(path)
        elif not graph or not (graph.is_journal(path) or graph.is_contents(path)):
            places[path] = by_name[fold(note_stem(names[-1]))] = _beside(names, around)
    links: dict[str, int] = {}
    for target in _targets(vault, inside):
        place = by_name.get(fold(target), "")
        if not _is_day(target) and fold(target) not in naming("whole_folder"):
            links[place] = links.get(place, 0) + 1
    named = {
        place
        for path, place in places.items()
        if fold(PurePosixPath(place).stem) in naming("shared") or (everything and place_of(path, Settings()).target)
    }
    marked = {place for path, place in places.items() if place not in named and MARKED.search(_text(vault, path))}
    return sorted((links.keys() | named | marked) - {""}, key=lambda place: (-links.get(place, 0), place))


def _beside(names: tuple[str, ...], around: list[str]) -> str:
    """Return the outermost of the places `names` that is not among those around the interviews; else nothing."""
    for count in range(1, len(names) + 1):
        if [*map(fold, names[:count])] != around[:count]:
            return "/".join(names[:count])
    return ""


def _text(vault: Vault, path: str) -> str:
    """Return what a note says, without its front matter and the templates in it."""
    with suppress(OSError):
        return decode_note(vault.read_note(vault.notes / path), path, of_graph=vault.graph is not None).body
    return ""


def _targets(vault: Vault, paths: list[str]) -> Iterator[str]:
    """Yield the names of the notes that the notes at `paths` link to."""
    for path in paths:
        for match in _LINK.finditer(_text(vault, path)):
            yield note_stem((match[1] or unquote(match[2])).strip().rpartition("/")[2])


def _is_day(name: str) -> bool:
    return names_nobody(name) and any(map(str.isdigit, name))
