"""Front matter: where it is in a note, and what it says, in YAML 1.2 or TOML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar

KEY = re.compile(r"""["']?([\w-][^:="'\n]{0,60}?)["']?\s*(?::(?:\s|\Z)|=\s)""")
"""A line that opens with a key of a mapping."""
_BOUNDARIES = {"---": r"^-{3,}\s*$", "+++": r"^\+{3,}\s*$"}
"""The lines around front matter: Obsidian's and Jekyll's, and Hugo's around TOML."""
PROSE = re.compile(r"\*\*|#{1,6} |\d{1,3}[.)] |[^\W\d_]")
"""What opens Markdown, and front matter only where it is a key."""
_SHORT = 500  # characters of front matter that cannot nest too deep, as each level takes one
_DEEPEST = 50  # levels of lists and mappings
_LARGEST_NUMBER = (1 << 63) - 1
_TOP = re.compile(r"[^\s#-]")
_STRUCTURED = ("[", "{", "'", '"', "|", ">", "&", "*")
_NO_ALIASES = "aliases (`*name`) are not supported; put quotes around a value that opens with `*`"
_BACKSLASH = "in double quotes `\\` needs another `\\` in front of it; single quotes take it as it is"
_TAB = "a tab indents this line, or a value opens with `@`, `%` or a backtick; use spaces, or put quotes around it"
_NO_PAIR = "this is no `key: value`; begin each key at the left, and put quotes around a whole value"
_IN_PLAIN_WORDS = (
    ("flow sequence", "a list is not closed, or lacks a comma; write `[one, two]`", True),
    ("flow mapping", "a `{` is not closed; close it, or put quotes around the value", True),
    ("flow node", "a value is missing within brackets; write `[one, two]`", True),
    ("end of stream", "a quotation mark is not closed", True),
    ("document indicator", "a quotation mark is not closed", True),
    ("document separator", "a quotation mark is not closed", True),
    ("simple key", "this line has no colon behind a key; write `key: value`", True),
    ("scanning an alias", _NO_ALIASES, False),
    ("scanning an anchor", "`&` opens a name; put quotes around the value", False),
    ("escape character", _BACKSLASH, False),
    ("hex", _BACKSLASH, False),
    ("tab character", _TAB, False),
    ("cannot start any token", _TAB, False),
    (
        "block scalar",
        "`|` and `>` open a text that begins on the next line; put quotes around a value that opens with one",
        False,
    ),
    ("mapping values are not allowed", "this line is indented, or has two colons; begin its key at the left", False),
    ("block collection", "this is no item of the list above; write `- ` in front, or begin its key at the left", False),
    ("unhashable", "a list or a mapping is no key; put quotes around it", False),
    ("for merging", "`<<` is no key; put quotes around it", False),
    ("another document", "this line opens with `---`; put quotes around it, or leave it out", False),
    ("unacceptable character", "this line has a control character; delete it", False),
    ("tag", "`!` opens a type; put quotes around the value", False),
)
"""Words of PyYAML's, the same in plain words, and whether that is told where the value begins.

A value without an end is told there, and what may not stand where it stands on its own line. Of what is in no row,
`_NO_PAIR` is told: PyYAML's words are for those who know its parser.
"""


class YAMLError(ValueError):
    """Front matter that YAML, or TOML, refuses; `line` counts from 0 within the front matter's own lines."""

    def __init__(self, words: str, line: int) -> None:
        super().__init__(words)
        self.line = line


def front_matter(text: str) -> tuple[str, str] | None:
    """Return the source of the front matter, in YAML or TOML, and the body; None where the text opens with none."""
    opening = text.partition("\n")[0].rstrip()
    if opening not in _BOUNDARIES:
        return None  # a longer line is a rule
    from frontmatter.default_handlers import BaseHandler

    handler = BaseHandler(re.compile(_BOUNDARIES[opening], re.MULTILINE), opening, opening)
    if not handler.detect(text):
        return None
    try:
        return handler.split(text)
    except ValueError:  # no closing line
        return None


def loaded(source: str, *, is_toml: bool = False) -> tuple[Any, list[tuple[int, str]]]:
    """Return what front matter says: a mapping, or what else it is; and how lines of it were mended to be read.

    A value that YAML refuses since it is not in quotes (`title: Part 2: Acme`) is text, and a line without a colon is
    left out. Of each mended line there is the number, from 0, and what is wrong with it. Raises YAMLError.
    """
    if is_toml:
        return _toml(source), []
    try:
        value = _load(source)
    except YAMLError:
        lines = source.split("\n")
        told = list(_mend(lines))
        if not told or sum(map(bool, map(KEY.match, lines))) < len(told):
            raise
        return _load("\n".join(lines)), told
    if value is None:
        return {}, []
    if not isinstance(value, str):
        return value, []
    try:
        return _toml(source), []  # as hashcards has it
    except YAMLError:
        return None, []  # text between two rules


def _mend(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Quote the values, and empty the lines, that keep front matter from being read."""
    for index, line in enumerate(lines):
        if not _TOP.match(line) or _is_mapping(line):
            continue
        key = KEY.match(line)
        value = line[key.end() :].strip() if key else ""
        if key is None:
            lines[index] = ""
            yield index, f"{line.strip()!r} has no colon behind a key, and is not read; write `key: value`"
        elif not value.startswith(_STRUCTURED):
            lines[index] = f"{key[0].rstrip()} {json.dumps(value, ensure_ascii=False)}"
            yield index, f"the value of `{key[1]}` is not valid YAML, and is read as text; put quotes around it"


def _is_mapping(line: str) -> bool:
    try:
        return isinstance(_load(line), dict)
    except YAMLError:
        return False


def _load(source: str) -> Any:
    import yaml
    from frontmatter.default_handlers import YAMLHandler

    try:
        if "*" in source or len(source) > _SHORT:
            _refuse_bombs(source)
        return YAMLHandler().load(source, Loader=_loader())
    except YAMLError:
        raise
    except yaml.MarkedYAMLError as error:
        said = " ".join(part for part in (error.context, error.problem) if part)
        plainly, where_it_begins = _in_plain_words(said)
        marks = (error.context_mark, error.problem_mark)
        mark = next(filter(None, marks if where_it_begins else reversed(marks)), None)
        raise YAMLError(plainly, mark.line if mark else 0) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        line = source.count("\n", 0, error.position) if isinstance(error, yaml.reader.ReaderError) else 0
        raise YAMLError(_in_plain_words(str(error))[0], line) from None


def _in_plain_words(said: str) -> tuple[str, bool]:
    """Return what PyYAML said in plain words, and whether to tell it where the value begins."""
    return next(((plainly, begins) for words, plainly, begins in _IN_PLAIN_WORDS if words in said), (_NO_PAIR, False))


@cache
def _loader() -> Any:
    """Return a loader that reads scalars as YAML 1.2 does: `On`, `No`, `7:30` and dates are text."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    for name, pattern, first in _SCALARS:
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{name}", re.compile(rf"(?:{pattern})\Z"), list(first))
    return Loader


_SCALARS = (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("merge", "<<", "<"),
)


def _toml(source: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        raise YAMLError(str(error), int(place[1]) - 1 if place else 0) from None


def simple(metadata: dict[Any, Any]) -> dict[str, Any]:
    """Return front matter with values that JSON and MessagePack can hold, and its keys in small letters."""
    return _lower_keys(_simple(metadata))


def _simple(value: Any) -> Any:
    """Return a value that JSON and MessagePack can hold: dates and numbers of more than 64 bits are texts again."""
    if isinstance(value, dict):
        return {_simple(str(key)): _simple(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_simple(inner) for inner in value]
    if isinstance(value, str):
        return value.encode(errors="replace").decode()  # YAML's escapes can write half of a character
    if isinstance(value, int) and abs(value) > _LARGEST_NUMBER:
        return str(value)
    return value if value is None or isinstance(value, int | float | bool) else str(value)


def _lower_keys(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return front matter with its keys in small letters; one that is written so wins."""
    return {key.lower(): value for key, value in metadata.items()} | {
        key: value for key, value in metadata.items() if key == key.lower()
    }


def _refuse_bombs(source: str) -> None:
    """Raise YAMLError for what could fill the memory or overflow the stack, before anything is made of it."""
    import yaml

    depth = 0
    for event in yaml.parse(source, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        if isinstance(event, yaml.AliasEvent):
            raise YAMLError(_NO_ALIASES, event.start_mark.line if event.start_mark else 0)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            raise YAMLError(f"lists and mappings are nested more than {_DEEPEST} levels deep", 0)
