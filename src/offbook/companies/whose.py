"""Whose a note is: what its front matter says, else its place among the notes."""

from __future__ import annotations

import fnmatch
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from offbook.companies.names import slug, target, tidy
from offbook.companies.rounds import names_nobody
from offbook.errors import Location, Problem, Severity
from offbook.graph import Graph
from offbook.model import ALL, READABLE, Entry, Note, Target, note_stem
from offbook.naming import naming
from offbook.settings import ALL_ELSE, FILE_NAME, Settings
from offbook.text import did_you_mean, fold, without_id, without_order

_NONE: Mapping[str, str] = MappingProxyType({})
_LIKE_ENOUGH = 0.7  # the share of letters in common, 0 to 1, for a note to be meant
_ARCHIVE = "Archive"  # a folder for what is over, where the settings name none
_MOST_NAMES = 50  # of one note: each name has a package, and each package all cards of the note


def declared(note: Note) -> Target | Problem | None:
    """Return what the note's front matter says of its company: nothing, a target, or what is wrong."""
    value = note.metadata.get("company")
    names = _names(value)
    if names is None:
        message = f"`company` must be a name, a list of names, or `all`; found {value!r}"
        return Problem(note.place_of("company"), "front-matter", message)
    if not names:
        return None
    if any(name.casefold() == ALL for name in names):
        return target(())
    unique = {slug(name): name for name in reversed(names)}
    if len(unique) > _MOST_NAMES:
        message = (
            f"`company` names {len(unique)} companies, and one note serves {_MOST_NAMES} at most; write `company: all` "
            "for cards that serve every company"
        )
        return Problem(note.place_of("company"), "front-matter", message)
    return target(tuple(sorted(unique.values(), key=slug)))


def _names(value: Any) -> list[str] | None:
    if value is None:
        return []
    if isinstance(value, bool | dict):
        return None
    items = value if isinstance(value, list) else [value]
    names: list[str] = []
    for item in items:
        if isinstance(item, bool | dict | list):
            return None
        text = str(item).strip() if item is not None else ""
        if text.startswith("[[") and text.endswith("]]"):
            text = text[2:-2].partition("|")[0].rpartition("/")[2]
        if text:
            names.append(" ".join(text.split()))
    return names


# -- by place --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A note's place among the notes, as the settings read it."""

    target: Target | None
    """Whose the place is; None where it is nobody's."""
    rule: str = ""
    """Why it is nobody's."""
    folders: tuple[str, ...] = ()
    """The folders of the note below its company's, outermost first."""
    depth: int = 0
    """How many folders lead to the company's, that one counted; 0 where the note's own name is the company's."""
    nobody: str = ""
    """The path of the note, or of the folder, that makes it everybody's as its name is no company's."""


def place_of(path: str, settings: Settings, names: Mapping[str, str] = _NONE) -> Place:
    """Return what a note's place says of its company: its folder, else its file name.

    `names` are those of companies by slug: a file `airwallex-r4-interview` belongs to Airwallex where that is one.
    A file or folder whose name is no company's, such as `common questions` or `2026-11-03`, serves all of them; but a
    folder that `companies` in the settings names in full is one. Without that setting the companies are at the top. Of
    `companies` and `shared` the one decides that says more of the path.
    """
    (parts,) = _all_parts([path], settings)
    made = Place(None, why) if settings.graph and (why := settings.graph.why_no_company(path)) else None
    shared = _said(settings.shared, parts, settings)
    if shared > (0, False) and shared >= _said(settings.companies, parts, settings):
        named = _said([pattern for pattern in settings.shared if pattern != ALL_ELSE], parts, settings) > (0, False)
        about = (made or _about_folder(parts)) if ALL_ELSE in settings.shared and not named else None
        return about or Place(target(()))
    if made:
        return made
    depths = [depth for pattern in settings.companies if (depth := _depth(pattern, parts, settings))]
    if not depths and settings.companies:
        patterns = ", ".join(settings.companies)
        return Place(None, f"neither `companies` ({patterns}) nor `shared` matches it, and no `company:` names one")
    depth = min(depths, default=1)
    if depth == len(parts):
        return _place_by_name(path, parts, names)
    folder = parts[depth - 1]
    if names_nobody(without_id(folder)) and slug(tidy(folder)) not in names and not _is_named_in_full(folder, settings):
        return Place(target(()), nobody=path if settings.graph else "/".join(parts[:depth]))
    return Place(target((tidy(folder),)), folders=tuple(parts[depth:-1]), depth=depth)


def _place_by_name(path: str, parts: Sequence[str], names: Mapping[str, str]) -> Place:
    """Return the place of a note that is a company by its name, or none's by that."""
    stem = note_stem(parts[-1])
    if _named("whole_folder", "[._-][a-z]{2}").fullmatch(stem.casefold()):
        return Place(target(()), nobody=path)
    if about := _about_folder(parts):
        return about
    if len(parts) > 1 and fold(stem) == fold(parts[-2]):
        return Place(None, "it is about its folder, whose name it has")
    name = _opening(slug(stem), names) or tidy(stem)
    if names_nobody(stem) and slug(name) not in names:
        return Place(target(()), nobody=path)
    return Place(target((name,)))


def _about_folder(parts: Sequence[str]) -> Place | None:
    """Return the place of a file such as `CHANGELOG`, which says something about its folder."""
    is_about = _named("about_folder", "[ ._-].*").fullmatch(note_stem(parts[-1]).casefold())
    return Place(None, "it is about its folder, as its name says") if is_about else None


def holds_companies(folder: str) -> bool:
    """Whether a folder is called as one of companies is: "Companies", "Firmen", "02 Companies"."""
    return fold(tidy(without_order(folder))) in naming("companies")


def matching_nothing(settings: Settings, paths: Collection[str], before: Collection[str] = ()) -> Iterator[Problem]:
    """Warn of patterns in the settings that match none of all notes' paths: a folder was renamed, or is misspelt.

    `before` are the paths that notes had, as the ledger knows them.
    """
    parts = _all_parts(paths, settings)
    for key, patterns in (("companies", settings.companies), ("shared", settings.shared)):
        for pattern in _matching_none(patterns, parts, settings):
            gone = _all_parts(before, settings)
            message = f"{_leading_nowhere(key, pattern)}; {_mended(key, pattern, parts, gone, settings)}"
            yield Problem(Location(FILE_NAME), "settings", message, Severity.WARNING)


def losing_companies(settings: Settings, paths: Collection[str], entries: Sequence[Entry]) -> str:
    """Say which pattern of `companies` matches no note any more, though notes that it matched are in another folder.

    Empty where there is none. `paths` are the notes outside the archive, `entries` the ledger's live ones. Since a
    folder was renamed, the cards of all companies in it would be retired, or become everybody's.
    """
    parts = _all_parts(paths, settings)
    for pattern in _matching_none(settings.companies, parts, settings):
        gone = _all_parts((entry.note for entry in entries), settings)
        of_no_company = [names for names in parts if _said(settings.companies, names, settings) == (0, False)]
        of_pattern = [entry for entry, was in zip(entries, gone, strict=True) if _depth(pattern, was, settings)]
        lost = {key for entry in of_pattern for key in entry.companies} - {ALL}
        if lost and _moved(pattern, of_no_company, gone, settings):
            number = "a company" if len(lost) == 1 else f"{len(lost)} companies"
            archive = next(iter(settings.archive), _ARCHIVE)
            return (
                f"{_leading_nowhere('companies', pattern)} any more. Nothing was written, as {number} would go. "
                f"If that is meant, move the notes to a folder {archive!r}; else mend it in {FILE_NAME}: "
                f"{_mended('companies', pattern, parts, gone, settings)}"
            )
    return ""


def _all_parts(paths: Iterable[str], settings: Settings) -> list[list[str]]:
    """Return the names that notes' paths are made of, from the outermost."""
    return [[*settings.graph.names(path)] if settings.graph else path.split("/") for path in paths]


def _matching_none(patterns: Iterable[str], parts: Collection[list[str]], settings: Settings) -> Iterator[str]:
    return (pattern for pattern in patterns if not any(_depth(pattern, names, settings) for names in parts))


def _leading_nowhere(key: str, pattern: str) -> str:
    return f"`{key}` names {pattern!r}, and no note is there"


def _mended(
    key: str, pattern: str, parts: Collection[list[str]], gone: Collection[list[str]], settings: Settings
) -> str:
    """Say how to mend a pattern that matches none of the paths, in `parts`; `gone` are those of before.

    Notion's ids do not matter in a pattern.
    """
    named = pattern.removesuffix("/*")
    meant = _only_folder(_moved(pattern, parts, gone, settings), named) or _meant(named, parts, settings, key)
    suggested = without_id(meant) + pattern[len(named) :]
    return f"did you mean {suggested!r}?" if meant else "name the folder as it is called now, or leave it out"


def _moved(
    pattern: str, parts: Iterable[Sequence[str]], gone: Collection[list[str]], settings: Settings
) -> Counter[str]:
    """Return how many notes that a pattern took before, as `gone` says, are now in which folder; none if few are.

    A note is known by its path below the folder that the pattern names, at a path that is new: others have its name.
    """
    inside = {below for names in gone if (below := _below(pattern, names, settings))}
    before = {_without_ids(names) for names in gone}
    found = [
        ("/".join(names[:count]), names[count:])
        for names in map(_without_ids, parts)
        if names not in before
        for count in range(len(names))
        if names[count:] in inside
    ]
    is_most = 2 * len({below for _, below in found}) > len(inside)
    return Counter(folder for folder, _ in found) if is_most else Counter()


def _below(pattern: str, names: list[str], settings: Settings) -> tuple[str, ...]:
    """Return a path below the folder that a pattern names; empty where the pattern does not match, or names a note."""
    depth = _depth(pattern, names, settings)
    is_any = "*" in _parts(pattern, settings.graph)[-1]  # what is in the folder before it
    return _without_ids(names[depth - is_any :]) if depth else ()


def _without_ids(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(without_id, names))


def _only_folder(moved: Counter[str], named: str) -> str:
    """Return the folder to which most notes moved that were in the folder `named`; empty where none is the only one."""
    folder, most = next(iter(moved.most_common(1)), ("", 0))
    return folder if [*moved.values()].count(most) == 1 and "*" not in named else ""


def _meant(named: str, parts: Collection[list[str]], settings: Settings, key: str) -> str:
    """Return what the name of a folder or note that is none of the paths, in `parts`, may mean; empty for nothing.

    That is the only note or folder of its last name; else the folder that is called most like it, or the note if it is
    a note's; else, where `key` asks for the companies, the only folder with several others in it.
    """
    paths = {"/".join(names[:count]) for names in parts for count in range(1, len(names) + 1)}
    last = fold(without_id(named.rpartition("/")[2]))
    moved = [path for path in paths if fold(without_id(path.rpartition("/")[2])) == last]
    if len(moved) == 1:
        return moved[0]
    if named.lower().endswith(READABLE):
        return did_you_mean(named, sorted(path for path in paths if path.lower().endswith(READABLE)), _LIKE_ENOUGH)
    of_companies = key == "companies"
    taken = settings.shared if of_companies else settings.companies
    own = [names for names in parts if not any(_depth(pattern, names, settings) for pattern in taken)]
    inside: dict[str, set[str]] = defaultdict(set)
    for names in own:
        for count in range(1, len(names)):
            inside["/".join(names[:count])].add(names[count])
    full = [folder for folder, held in inside.items() if of_companies and len(held) > 1]
    return did_you_mean(named, sorted(inside)) or (full[0] if len(full) == 1 else "")


@lru_cache(maxsize=2)
def _named(key: str, behind: str) -> re.Pattern[str]:
    """Return a pattern of the names under a key of `naming.toml`, with what may stand behind them."""
    names = "|".join(re.escape(name).replace(r"\ ", "[ _-]") for name in naming(key))
    return re.compile(f"(?:{names})(?:{behind})?")


def _opening(text: str, names: Mapping[str, str]) -> str:
    """Return the longest of the names by slug with which a slug opens, other words behind it; or nothing."""
    while names and "-" in text:
        text = text.rpartition("-")[0]
        if text in names:
            return names[text]
    return ""


def _is_named_in_full(folder: str, settings: Settings) -> bool:
    """Whether a pattern of `companies` ends with the name of a folder, and not with a wildcard."""
    return any(_parts(pattern, settings.graph)[-1:] == (fold(without_id(folder)),) for pattern in settings.companies)


def _said(patterns: Iterable[str], parts: list[str], settings: Settings) -> tuple[int, bool]:
    """Return how many parts of a path the patterns take at most, and whether one names the last of these in full."""
    found = ((_depth(pattern, parts, settings), pattern) for pattern in patterns)
    return max(((depth, depth > 0 and "*" not in pattern) for depth, pattern in found), default=(0, False))


def _depth(pattern: str, parts: list[str], settings: Settings) -> int:
    """Return how many parts of a path a pattern takes, 0 where it does not match."""
    wanted = _parts(pattern, settings.graph)
    names = [without_id(name) for name in (*parts[:-1], note_stem(parts[-1]))]
    if not wanted or len(wanted) > len(names):
        return 0
    if pattern.lower().endswith(READABLE) and len(wanted) < len(names) and not settings.graph:
        return 0  # it names a note, and not the folder of that name
    return len(wanted) if all(map(fnmatch.fnmatchcase, map(fold, names), wanted)) else 0


@lru_cache(maxsize=64)
def _parts(pattern: str, graph: Graph | None) -> tuple[str, ...]:
    """Return the folded parts of a pattern, which may name files (`Companies/*.md`, `pages/Interviews___*.md`)."""
    *folders, last = [part for part in pattern.split("/") if part not in ("", ".")] or [""]
    parts = [*folders, note_stem(last)]
    names = graph.names("/".join(parts)) if graph else parts
    return tuple(fold(without_id(part)) for part in names if part)
