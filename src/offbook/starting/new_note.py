"""Writes the note for a new company, from the user's template or offbook's own."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path, PurePosixPath

import yaml
from pathvalidate import sanitize_filename

from offbook.companies import slug
from offbook.days import INTERVIEW
from offbook.errors import OffbookError, UsageError
from offbook.graph import Graph
from offbook.likeness import COMMON, Weights, question_key, question_likeness
from offbook.model import Note
from offbook.settings import Settings
from offbook.text import without_id

FILE_NAME = "Interview.md"
_ALIKE = 0.7  # of two questions, that are one in other words
_BEGINS = 4  # letters of a word
_STEMMERS = {"de": "german", "es": "spanish", "fr": "french"}  # for all else English, as the questions are
_PLACEHOLDER = re.compile(r"\{\{\s*(company|title|date)\s*\}\}", re.IGNORECASE)
_EMPTY_KEY = re.compile(rf"(?m)^({INTERVIEW}::?)[ \t]*$")


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note for a company, as it is to be written."""

    text: str
    left_out: int
    """How many of the usual questions are not in it, as they stand elsewhere."""


def filled(
    settings: Settings, language: str, company: str, date: datetime.date | None, asked: Collection[str] = ()
) -> NewNote:
    """Return the note that the template makes for a company: the user's, else offbook's own in that language.

    `{{company}}`, `{{title}}` and `{{date}}` are replaced; within front matter, by text quoted as YAML needs it. `date`
    is that of the interview, if it is known; where the user's template does not say where it goes, it goes to the key
    `interview`. Of offbook's own, questions are left out that those with the keys `asked` ask, too, and the note is an
    outline in a graph. Raises UsageError where the user's template cannot be read.
    """
    day = date.isoformat() if date else ""
    front, body = _split(_template(settings, language))
    written = _replaced(body, company, day)
    if settings.template:
        return NewNote(_with_day(_replaced(front, _scalar(company), day), written, day), 0)
    rest = _without(written, asked, language)
    left_out = written.count("\n## ") - rest.count("\n## ")
    if settings.graph is not None:
        return NewNote(_as_properties(_replaced(front, company, day)) + _as_outline(rest), left_out)
    return NewNote(_replaced(front, _scalar(company), day) + rest, left_out)


def write_new(notes: Path, place: str, text: str) -> Path:
    """Write the note `place`, a path below the folder `notes` as `place_for` gives it, and return its path.

    Raises UsageError where the note exists already, OffbookError where it cannot be written.
    """
    file = notes / place
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise UsageError(f"{str(file)!r} already exists; nothing was written") from None
    except OSError as error:
        raise OffbookError(f"cannot write {str(file)!r}: {error.strerror}") from error
    return file


def place_for(
    company: str, known: Sequence[tuple[str, int]], settings: Settings, usual: str = "*", *, flat: bool = False
) -> str:
    """Return where a note for a company goes, relative to the notes folder.

    `known` has the paths of its notes that are known by their place, each with how many folders of it lead to the
    company's, 0 for a note that is the company by its name. `usual` is the pattern of companies where the settings have
    none. `flat` says that companies are notes here, and no folders. Raises UsageError for what is no name.
    """
    name = sanitize_filename(company, replacement_text="-", platform="universal").strip(". ")
    if not name:
        raise UsageError(f"{company!r} is not a name for a company")
    if settings.graph:
        return _page_for(name, known, settings, settings.graph)
    written = next((path for path, _ in known if path.rpartition("/")[2] in (FILE_NAME, f"{name} {FILE_NAME}")), "")
    if written:
        return written
    for path, depth in known:
        if depth:
            return "/".join((*path.split("/")[:depth], FILE_NAME))
    if known:
        folder, separator, _ = known[0][0].rpartition("/")
        return f"{folder}{separator}{name} {FILE_NAME}"
    return "/".join(filter(None, (_above(settings, usual), *([f"{name}.md"] if flat else [name, FILE_NAME]))))


def folder_of_export(place: str, notes: Iterable[Note]) -> str | None:
    """Return the folder of pages of Notion that a new note at `place` would lie in; None where it lies in none.

    That is the nearest folder around it with notes, without ids, and empty where it is that of all notes: where most of
    these are pages of Notion, the next export takes the place of what is in it.
    """
    pages = [(without_id(note.path), note.is_of_notion) for note in notes]
    folders = PurePosixPath(without_id(place)).parents
    for folder in ("" if folder == PurePosixPath() else f"{folder}" for folder in folders):
        inside = [is_page for path, is_page in pages if path.startswith(f"{folder}/" if folder else "")]
        if inside:
            return folder if 2 * sum(inside) > len(inside) else None
    return None


def _above(settings: Settings, usual: str) -> str:
    """Return the folder, or the namespace, of the companies: that of a pattern, or that of the first one named."""
    patterns = [pattern.rstrip("/") for pattern in settings.companies]
    pattern = next((pattern for pattern in patterns if pattern.endswith("/*")), "")
    above = (pattern or next(iter(settings.companies), usual)).rpartition("/")[0].strip("/")
    return "" if "*" in above else above


def _page_for(name: str, known: Sequence[tuple[str, int]], settings: Settings, graph: Graph) -> str:
    """Return the file of a page for a company in a graph of Logseq, below the company's own."""
    stem = FILE_NAME.removesuffix(".md")
    for path, depth in known:
        names = graph.names(path.removesuffix(".md"))[: depth or None]
        if slug(names[-1]) == slug(name):
            return graph.file_of((*names, stem))
    return graph.file_of(tuple(filter(None, (*_above(settings, "*").split("/"), name, stem))))


def _template(settings: Settings, language: str) -> str:
    if not settings.template:
        own = package_files(__package__)
        translated = own / f"interview.{language}.md"
        return (translated if translated.is_file() else own / "interview.md").read_text("utf-8")
    file = settings.folder / settings.template
    try:
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"the template {str(file)!r}, which `template` in offbook.toml names, cannot be read ({error})"
        ) from error


def _split(template: str) -> tuple[str, str]:
    """Split a template into its front matter, which may be empty, and the rest."""
    if not template.startswith("---\n") or "\n---\n" not in template:
        return "", template
    end = template.index("\n---\n") + len("\n---\n")
    return template[:end], template[end:]


def _with_day(front: str, body: str, day: str) -> str:
    """Return a note with the day of the interview in its key, a new one where its front matter does not say the day."""
    if not day:
        return front + body
    text, filled_in = _EMPTY_KEY.subn(rf"\1 {day}", front or body, count=1)
    if filled_in or day in front:
        return text + body if front else text
    added = f"{INTERVIEW}: {day}\n---\n"
    return (front.removesuffix("---\n") if front else "---\n") + added + body


def _as_properties(front: str) -> str:
    """Return front matter of `key: value` lines as the properties of a page of Logseq."""
    pairs = (line.partition(": ") for line in front.splitlines() if line != "---")
    return "".join(f"{key}:: {value}\n" for key, _, value in pairs if value) + "\n"


def _as_outline(body: str) -> str:
    """Return Markdown as blocks of Logseq: what is below a heading of the first level is nested in it."""
    lines = (line.removeprefix("## ").removeprefix("- ") for line in body.splitlines() if line)
    return "".join(f"- {line}\n" if line.startswith("# ") else f"\t- {line}\n" for line in lines)


def _without(body: str, asked: Collection[str], language: str) -> str:
    """Return Markdown without the questions, headings of the second level, that those with keys `asked` ask, too."""
    lines = body.split("\n\n")
    keys = [question_key(line.removeprefix("## ")) for line in lines if line.startswith("## ")]
    told = _asked_alike(keys, asked, language)
    rest = [line for line in lines if question_key(line.removeprefix("## ")) not in told]
    below = [*rest[1:], "# "]
    kept = (line for line, then in zip(rest, below, strict=True) if not _is_title(line) or not _is_title(then))
    return "\n\n".join(kept).rstrip("\n") + "\n"


def _asked_alike(keys: Sequence[str], others: Collection[str], language: str) -> set[str]:
    """Return the keys of questions that others ask, too, in other words; each of these asks the one most like it.

    Words are compared as they are, "failed" with "failure", and by their stems, "leave" with "leaving". Alike are only
    questions that share a word that says what they are about, or that have none: "What do you know about us?".
    """
    weights = Weights[str]((), COMMON)
    forms = {key: (key, _stemmed(key, language)) for key in (*keys, *others)}
    begins = {key: _begins(key) for key in forms}
    found: set[str] = set()
    for other in others:
        telling = begins[other]
        likely = [key for key in keys if telling & begins[key] or not telling | begins[key]]
        alike = [
            (question_likeness(one, two, weights)[0], key)
            for key in likely
            for one, two in zip(forms[key], forms[other], strict=True)
        ]
        likeness, key = max(alike, default=(0.0, ""))
        found |= {key} if likeness >= _ALIKE else set()
    return found


def _stemmed(key: str, language: str) -> str:
    """Return a question's key with stems in place of the words that say what it is about."""
    import snowballstemmer

    stemmer = snowballstemmer.stemmer(_STEMMERS.get(language, "english"))
    return " ".join(word if word in COMMON else stemmer.stemWord(word) for word in key.split())


def _begins(key: str) -> set[str]:
    """Return how the words of a question begin that say what it is about: "fail" of "failed" and "failure"."""
    return {word[:_BEGINS] for word in key.split() if word not in COMMON}


def _is_title(line: str) -> bool:
    return line.lstrip("\n").startswith("# ")


def _replaced(text: str, company: str, day: str) -> str:
    values = {"company": company, "title": company, "date": day}
    return _PLACEHOLDER.sub(lambda match: values[match[1].lower()], text)


def _scalar(text: str) -> str:
    """Return a text as a YAML scalar on one line, in quotes where YAML needs them."""
    dumped: str = yaml.safe_dump(text, allow_unicode=True, width=10_000, default_flow_style=True)
    return dumped.removesuffix("\n").removesuffix("\n...").strip()
