"""Where interviews and companies are, as the names of folders and what is in them say."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from offbook.companies import holds_companies, tidy
from offbook.days import INTERVIEW
from offbook.graph import Graph
from offbook.model import READABLE, Note, note_stem
from offbook.naming import naming
from offbook.sources.note import decode_note
from offbook.sources.vault import Vault, notes_below
from offbook.text import fold, without_id

_SEVERAL = 2  # companies at least, in a folder whose name does not speak of them
_MOSTLY = 0.8  # of what is in it: a note beside them is about all of them


@dataclass(frozen=True, slots=True)
class Companies:
    """A folder, or a namespace of a graph, in which each folder is likely a company."""

    folder: str = ""
    """Its name; empty where there is none."""
    names: Sequence[str] = ()
    """Those of the companies in it, sorted."""
    is_said: bool = True
    """Whether its name says so, or it is the only one; else what is in it just looks so."""
    pages: Sequence[str] = ()
    """The pages of a graph beside it that say that they are companies, sorted."""

    @property
    def is_called_so(self) -> bool:
        """Whether the folder is called "Companies" or the like: then all else serves the companies."""
        return holds_companies(self.folder.rpartition("/")[2])

    @property
    def places(self) -> list[str]:
        """Where the companies are: the folder, and the pages."""
        return [*filter(None, [self.folder]), *self.pages]

    @property
    def patterns(self) -> list[str]:
        """What to write for the setting `companies`; the ids of Notion's names do not matter there."""
        return [*(["/".join((*map(without_id, self.folder.split("/")), "*"))] if self.folder else []), *self.pages]


def looks_like_interviews(vault: Path) -> Path | None:
    """Return the folder of a vault, up to two levels below it, whose name speaks of interviews or of finding work."""
    folders = [folder for folder in (*vault.glob("*/"), *vault.glob("*/*/")) if not folder.name.startswith(".")]
    for speaks in SPEAKS:
        for folder in sorted(folders, key=lambda folder: (len(folder.parts), folder)):
            if speaks(folder.name) and any(notes_below(folder, READABLE)):
                return folder
    return None


def of_companies(notes: Path, endings: Collection[str]) -> Companies:
    """Return the folder that likely holds the companies: one at the top, or one that is called so, with all else."""
    paths = [file.relative_to(notes).parts for file in notes_below(notes, endings)]
    inside: dict[str, set[str]] = {}
    folders: dict[str, set[str]] = {}
    called: dict[tuple[str, ...], set[str]] = {}
    for path in paths:
        if depth := next((depth for depth, name in enumerate(path[:-1], 1) if holds_companies(name)), 0):
            called.setdefault(path[:depth], set()).add(note_stem(path[depth]))
        if len(path) > 1:
            inside.setdefault(path[0], set()).add(note_stem(path[1]))
            folders.setdefault(path[0], set()).update(path[1:-1][:1])
    with_all_else = (
        parts for parts in called if all(path[: len(parts) - 1] == parts[:-1] for path in paths if len(path) > 1)
    )
    if folder := min(with_all_else, key=len, default=()):
        names = (tidy(name) for name in called[folder] if fold(name) not in naming("whole_folder"))
        return Companies("/".join(folder), sorted(names))
    tops = sorted(inside)
    spoken = [name for speaks in SPEAKS for name in tops if speaks(name)]
    alone = tops if len(tops) == 1 and len(paths) > 1 and len(folders[tops[0]]) >= _SEVERAL else []
    # What is said goes first; then, of what merely looks so, only what is the only one.
    if sure := [*alone, *(name for name in spoken if folders[name])]:
        return Companies(sure[0], sorted(inside[sure[0]]))
    full = [name for name in tops if _SEVERAL <= len(folders[name]) >= _MOSTLY * len(inside[name])]
    holds = (_of_interviews, _of_applications)
    likely = [name for name in spoken if any(of(name) for of in holds) and len(inside[name]) >= _SEVERAL] or full
    return Companies(likely[0], sorted(inside[likely[0]]), is_said=False) if len(likely) == 1 else Companies()


def pages_of_companies(vault: Vault, graph: Graph) -> Companies:
    """Return the namespace whose name speaks of interviews or of finding work, and the pages that are companies."""
    pages = {path: graph.names(path.removesuffix(".md")) for path in vault.note_paths()}
    space = namespace_of_interviews(pages.values())
    inside = {names[1] for names in pages.values() if names[0] == space and len(names) > 1}
    beside = {path: "/".join(names) for path, names in pages.items() if names[0] != space}
    said = [
        name for path, name in beside.items() if not graph.why_no_company(path) and _is_a_company(read(vault, path))
    ]
    return Companies(space, sorted(inside), pages=sorted(said))


def read(vault: Vault, path: str) -> Note:
    """Return a note of a vault, and one without text where it cannot be read."""
    with suppress(OSError):
        return decode_note(vault.read_note(vault.notes / path), path, of_graph=vault.graph is not None)
    return Note(path, "")


def _is_a_company(page: Note) -> bool:
    """Whether a page says so: by the day of an interview, or by a property such as `type:: company`."""
    values = (each for value in page.metadata.values() for each in (value if isinstance(value, list) else [value]))
    kinds = {"company", *naming("company_keys")}
    return "company" not in page.metadata and (
        INTERVIEW in page.metadata or any(fold(str(value)) in kinds for value in values)
    )


def namespace_of_interviews(names: Iterable[tuple[str, ...]]) -> str:
    """Return the namespace of a graph's pages whose name speaks of companies, interviews or work, or nothing."""
    spaces = sorted({name[0] for name in names if len(name) > 1})
    return next((space for speaks in (holds_companies, *SPEAKS) for space in spaces if speaks(space)), "")


def _of_interviews(name: str) -> bool:
    return any(word in fold(name) for word in naming("interviews"))


def _of_applications(name: str) -> bool:
    return fold(name) in naming("applications")


def _of_work(name: str) -> bool:
    folded = fold(name)
    return any(re.search(rf"\b{re.escape(word)}", folded) for word in naming("work"))


SPEAKS: tuple[Callable[[str], bool], ...] = (_of_interviews, _of_work, holds_companies)
"""Whether the name of a folder speaks of interviews, of finding work, of companies; the surest first."""
