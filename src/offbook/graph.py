"""A Logseq graph: where it is, and which pages its files are."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

from offbook.text import MONTHS, WEEKDAYS

OWN_FOLDER = "logseq"
"""The folder of a graph that holds Logseq's settings and its copies of notes."""
ASSETS = "assets"
"""The folder of a graph with what was dragged into its pages."""
_SETTINGS = f"{OWN_FOLDER}/config.edn"
_NAMED = re.compile(r'(?m)^(?:[^;"\n]|"[^"\n]*")*:(?P<key>pages|journals)-directory\s+"(?P<name>[^"\n]+)"')
_HIDDEN = re.compile(r'(?m)^(?:[^;"\n]|"[^"\n]*")*:hidden\s+\[(?P<paths>[^\[\]]*)\]')
_DAYS = re.compile(r'(?m)^(?:[^;"\n]|"[^"\n]*")*:journal/page-title-format\s+"(?P<form>[^"\n]+)"')
_FORM = re.compile(r"yyyy|MMMM|MMM|MM|do|dd|d|EEEE|EEE|E")
_DAY = re.compile(r"(\d{4})[_-](\d\d)[_-](\d\d)")  # the name of a journal's file
_USUAL_FORM = "MMM do, yyyy"
_LARGEST = 1_000_000  # characters of Logseq's settings
_NAMESPACE = "___"
_ESCAPED = "%2F"  # in graphs from before Logseq had the other
_TRIPLE = ":file/name-format :triple-lowbar"
_TITLE = re.compile(r"(?:[\w.-]{1,60}:: [^\n]{0,200}\n){0,8}title:: (?P<title>[^\n]{1,200})")
_FIRST = 2_000  # characters of a page, in which its properties stand
_UNSAFE = re.compile(r'[%<>:"\\|?*#^\x00-\x1f]')


def where_to_write(*values: str, graph: Graph | None, of_notion: bool = False) -> str:
    """Return in words where values such as `company: Name` go: into a note's front matter, or a page's properties.

    `of_notion` says that the note is a page that Notion exported.
    """
    written = (f"`{value.replace(': ', ':: ', 1) if graph else value}`" for value in values)
    place = "at the top of its page" if graph else "as a property in Notion" if of_notion else "into its front matter"
    return f"{' or '.join(written)} {place}"


@dataclass(frozen=True, slots=True)
class Graph:
    """The graph that a notes folder is, or lies in."""

    root: Path
    inside: str = ""
    """The notes folder from the root, with `/`; empty where it is the root."""
    pages: str = "pages"
    journals: str = "journals"
    namespace: str = _NAMESPACE
    """What stands for `/` in the names of files."""
    days: str = _USUAL_FORM
    """How the pages of days are called, in Logseq's letters."""
    hidden: tuple[str, ...] = ()
    """The files and folders that Logseq does not show, by path from the root."""
    titles: Mapping[str, str] = field(default_factory=dict, compare=False)
    """The names of pages that say so in their files, as those of older graphs do, by path from the root, no ending."""

    def names(self, path: str) -> tuple[str, ...]:
        """Return the names of a page, its namespaces first; `path` is its file's from the notes folder.

        `pages/Interviews___Acme.md` is the page `Interviews/Acme`, `pages/A%3AB.md` the page `A:B`.
        """
        full = self._from_root(path)
        if title := self.titles.get(full.removesuffix(".md")):
            return tuple(f"{title}{full[len(full.removesuffix('.md')) :]}".split("/"))
        place = full.removeprefix(f"{self.pages}/") if full.startswith(f"{self.pages}/") else path
        folders = [part for part in place.split("/") if part]
        return (*folders[:-1], *page_name("".join(folders[-1:])).split("/"))

    def page(self, file: Path) -> str | None:
        """Return the name of the page that a file is; None where it is no page of the graph."""
        whole = replace(self, inside="")
        if not file.is_relative_to(self.root) or file.suffix.lower() != ".md":
            return None
        path = file.relative_to(self.root).as_posix()
        day = day_named(file.stem) if whole.is_journal(path) else None
        return _called(day, self.days) if day else "/".join(whole.names(path[: -len(".md")]))

    def is_journal(self, path: str) -> bool:
        """Whether a note is the page of a day."""
        return self._from_root(path).startswith(f"{self.journals}/")

    def is_hidden(self, path: str) -> bool:
        """Whether Logseq's settings hide a note, or a folder around it."""
        full = self._from_root(path)
        return any(full == hidden or full.startswith(f"{hidden}/") for hidden in self.hidden)

    def is_asset(self, path: str) -> bool:
        """Whether a file was dragged into a page: Logseq keeps those in a folder of their own."""
        return self._from_root(path).startswith(f"{ASSETS}/")

    def why_no_company(self, path: str) -> str:
        """Return why a note is no company's by its place, as Logseq made its page by itself; empty for any other."""
        if self.is_journal(path):
            return (
                f'it is the page of a day: no `company::` names a company, and `shared` does not name "{self.journals}"'
            )
        if self.names(path) == ("contents.md",):
            return "it is the page of contents that Logseq makes"
        return "it holds what was marked in a PDF" if path.rpartition("/")[2].startswith("hls__") else ""

    def _from_root(self, path: str) -> str:
        """Return the path of a file from the graph's root; `path` is its path from the notes folder."""
        return f"{self.inside}/{path}" if self.inside else path

    def file_of(self, names: tuple[str, ...]) -> str:
        """Return the path of a page's file from the notes folder."""
        folder = "" if self.inside else f"{self.pages}/"
        escaped = (_UNSAFE.sub(lambda match: f"%{ord(match[0]):02X}", name) for name in names)
        return f"{folder}{self.namespace.join(escaped)}.md"


def page_name(stem: str) -> str:
    """Return the name of a page whose file is called so, `/` between its namespaces."""
    return unquote(stem.replace(_NAMESPACE, "/"))


def day_named(stem: str) -> datetime.date | None:
    """Return the day whose journal has a file of that name, or None."""
    match = _DAY.fullmatch(stem)
    try:
        return datetime.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _called(day: datetime.date, form: str) -> str:
    """Return a day as Logseq calls its page, `form` in the letters of its settings: `E, dd.MM.yyyy`."""
    month, weekday = MONTHS[day.month - 1], WEEKDAYS[day.weekday()]
    nth = "th" if day.day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    written = {
        "yyyy": f"{day.year:04}", "MMMM": month, "MMM": month[:3], "MM": f"{day.month:02}", "dd": f"{day.day:02}",
        "d": str(day.day), "do": f"{day.day}{nth}", "EEEE": weekday, "EEE": weekday[:3], "E": weekday[:3],
    }  # fmt: skip
    return _FORM.sub(lambda letters: written[letters[0]], form)


def is_graph(folder: Path) -> bool:
    """Whether a folder is the root of a graph."""
    return (folder / _SETTINGS).is_file()


def graph_around(notes: Path) -> Graph | None:
    """Return the nearest graph at or above a folder, or None."""
    root = next((folder for folder in (notes, *notes.parents) if is_graph(folder)), None)
    if root is None:
        return None
    try:
        text = (root / _SETTINGS).read_text("utf-8", errors="replace")[:_LARGEST]
    except OSError:
        text = ""
    named = {match["key"]: match["name"].strip("/") for match in _NAMED.finditer(text)}
    inside = "" if notes == root else notes.relative_to(root).as_posix().replace(os.sep, "/")
    pages = named.get("pages") or "pages"
    journals = named.get("journals") or "journals"
    titles = {} if _TRIPLE in text else dict(_titles(root, pages))
    listed = _HIDDEN.search(text)
    hidden = tuple(path.strip("/") for path in re.findall(r'"([^"\n]+)"', listed["paths"])) if listed else ()
    form = _DAYS.search(text)
    days = form["form"] if form else _USUAL_FORM
    return Graph(root, inside, pages, journals, _namespace(root / pages, text), days, hidden, titles)


def _titles(root: Path, pages: str) -> Iterator[tuple[str, str]]:
    """Yield the pages whose first lines say what they are called, each by its path from the root."""
    for file in sorted((root / pages).glob("*.md")):
        try:
            with file.open(encoding="utf-8", errors="replace") as stream:
                head = stream.read(_FIRST)
        except OSError:
            continue
        if match := _TITLE.match(head):
            yield f"{pages}/{file.name.removesuffix('.md')}", match["title"].strip()


def _namespace(pages: Path, settings: str) -> str:
    """Return what stands for `/` in the names of a graph's files, as its settings say, or the files that are there."""
    if _TRIPLE in settings or any(pages.glob(f"*{_NAMESPACE}*.md")):
        return _NAMESPACE
    return _ESCAPED if any(pages.glob(f"*{_ESCAPED}*.md")) else _NAMESPACE
