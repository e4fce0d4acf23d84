"""What the links of a Logseq graph lead to: pages by name, title or alias, days, and the pages that hold blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from offbook.graph import day_named, page_name
from offbook.model import MARKDOWN, note_stem
from offbook.sources.logseq import BLOCK_ID, day_of, page_properties
from offbook.sources.logseq_text import REFERENCE
from offbook.text import fold


class Pages:
    """The pages of a graph; its files are read when a name is first asked for that no file has."""

    def __init__(self, files: Iterable[Path], read: Callable[[Path], bytes]) -> None:
        self._files = [file for file in files if file.suffix.lower() in MARKDOWN]
        self._read = read
        self._named: dict[str, Path] = {}
        self._blocks: dict[str, Path] | None = None
        for file in self._files:
            for name in _names(file):
                self._named.setdefault(fold(name), file)

    def find(self, target: str) -> Path | None:
        """Return the file of the page `target`, or of the page that holds the block `((id))`; None where none is."""
        block = REFERENCE.fullmatch(target)
        name = fold(day_of(target))
        if block is None and name in self._named:
            return self._named[name]
        blocks = self._blocks if self._blocks is not None else self._look_into()
        return blocks.get(block["id"].lower()) if block else self._named.get(name)

    def _look_into(self) -> dict[str, Path]:
        """Read all pages: take their titles and aliases to the names, and return the blocks that have ids."""
        self._blocks = {}
        for file in self._files:
            try:
                text = self._read(file).decode("utf-8-sig", errors="replace")
            except OSError:
                continue
            for match in BLOCK_ID.finditer(text) if "id:: " in text else ():
                self._blocks.setdefault(match["id"].lower(), file)
            if "::" in text:
                properties = page_properties(text)
                aliases = properties.get("alias")
                for name in (properties.get("title"), *(aliases if isinstance(aliases, list) else [aliases])):
                    if name:
                        self._named.setdefault(fold(str(name)), file)
        return self._blocks


def _names(file: Path) -> Iterable[str]:
    """Yield the names that a page has by its file; of a day also the day, as ISO 8601 writes it."""
    stem = note_stem(file.name)
    yield page_name(stem)
    if day := day_named(stem):
        yield day.isoformat()
