"""Reads the settings from `offbook.toml`, in the notes folder or above it, and from front matter; checks each value."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, get_type_hints

from offbook.errors import UsageError
from offbook.graph import graph_around
from offbook.language import normal
from offbook.ledger import FILE_NAME as LEDGER
from offbook.settings import CARD_CHOICES, FILE_NAME, KEYS, NOTE_KEYS, Settings
from offbook.text import did_you_mean

_LONGEST_SHOWN = 60  # characters of a wrong value
_MARK_KEYS = ("question", "answer", "separator", "begin", "end")


def load_settings(notes: Path) -> Settings:
    """Read the nearest settings file in the notes folder or above it; without one, the defaults apply.

    With them goes the Logseq graph that the notes are in, if they are in one. Raises UsageError, with one line for each
    fault, where the file cannot be read or a key or value in it is wrong.
    """
    file = _nearest_file(notes)
    return replace(_parse(file) if file else Settings(folder=notes), graph=graph_around(notes))


def has_settings(here: Path) -> bool:
    """Whether a settings file in `here` or above says where the notes are; raises UsageError where it is wrong."""
    file = _nearest_file(here)
    return file is not None and bool(_parse(file).notes)


def named_folder(key: str, here: Path) -> Path:
    """Return the folder that the setting `key` (`notes` or `decks`) names, relative to `here`.

    The nearest settings file in `here` or above counts. Where it names none, that is the folder `key` beside it, so
    that a command finds the same ledger in each folder below. Raises UsageError where the file is wrong.
    """
    file = _nearest_file(here)
    return Path(os.path.relpath(_named(key, file), here)) if file else Path(key)


def decks_of(notes: Path, here: Path) -> Path:
    """Return the decks folder, relative to `here`, of the folder `notes` where it is named in a command run in `here`.

    The settings around `here` say where it is, or a ledger that is there; else those around the notes, if they name
    these notes.
    """
    notes = Path(os.path.abspath(here / notes))  # noqa: PTH100 - without `..`
    file = _nearest_file(notes)
    has_own = _nearest_file(here) or (here / "decks" / LEDGER).exists()
    if has_own or file is None or notes != Path(os.path.normpath(_named("notes", file))):
        return named_folder("decks", here)
    decks = _named("decks", file)
    with suppress(ValueError):  # another drive
        return Path(os.path.relpath(decks, here))
    return decks


def _named(key: str, file: Path) -> Path:
    """Return the folder that a settings file names under `key`, or that lies beside it under this name."""
    name: str = getattr(_parse(file), key) or key
    return file.parent / Path(name).expanduser()


def _nearest_file(folder: Path) -> Path | None:
    places = (place / FILE_NAME for place in (folder, *folder.parents))
    return next((place for place in places if place.exists() or place.is_symlink()), None)


def _parse(file: Path) -> Settings:
    """Read one settings file; raise UsageError for all that is wrong in it."""
    shown = min(os.path.relpath(file), str(file), key=len)
    if file.is_dir():
        raise UsageError(f"{shown}: is a folder; the settings are a text file of that name")
    try:
        text = file.read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{shown}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{shown}: is not UTF-8; save it as UTF-8") from error
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(_not_toml(shown, text, error)) from error
    settings, faults = override(Settings(folder=file.parent), values, KEYS)
    faults += [(key, f"unknown key `{key}`{_nearest(key, KEYS)}") for key in values if key not in KEYS]
    if faults:
        lines = sorted((_line_of(key, text), message) for key, message in faults)
        raise UsageError("\n".join(f"{shown}:{line}: {message}" for line, message in lines))
    return settings


_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)| \(at end of document\)")
_UNQUOTED = re.compile(r"""\s*(?P<key>[\w-]+)\s*=\s*(?P<text>[^\s"'\[{#\d+-][^"'#]*?)\s*(?:#.*)?""")


_CURLY = "“”„‟‘’‚«»"


def _not_toml(shown: str, text: str, error: tomllib.TOMLDecodeError) -> str:
    """Say where a settings file is not TOML, and what the line most likely lacks."""
    found = _AT_LINE.search(str(error))
    lines = text.splitlines()
    number = int(found[1]) if found and found[1] else len(lines)
    unquoted = _UNQUOTED.fullmatch(lines[number - 1]) if 0 < number <= len(lines) else None
    if unquoted and unquoted["text"][0] in _CURLY:
        text = unquoted["text"].strip(_CURLY)
        return f'{shown}:{number}: text needs straight quotes, not curly ones: {unquoted["key"]} = "{text}"'
    if unquoted:
        return f'{shown}:{number}: text needs quotes: {unquoted["key"]} = "{unquoted["text"]}"'
    return f"{shown}:{number}: is not valid TOML: {_AT_LINE.sub('', str(error))}"


def _line_of(key: str, text: str) -> int:
    """Return the line on which a key or table stands, else the first."""
    pattern = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[=.\]]""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)


def override(
    settings: Settings, values: dict[str, Any], keys: tuple[str, ...] = NOTE_KEYS
) -> tuple[Settings, list[tuple[str, str]]]:
    """Return the settings with the `values` of those `keys` that are right; and each wrong key, with what is wrong."""
    if values.keys().isdisjoint(keys):
        return settings, []
    types = get_type_hints(Settings)
    changes: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []
    for key in keys:
        if key not in values or (values[key] is None and keys is NOTE_KEYS):  # front matter may have empty keys
            continue
        value, fault = _validated(key, values[key], types[key])
        if fault:
            faults.append((key, fault))
        else:
            changes[key] = value
    return replace(settings, **changes), faults


def _validated(key: str, written: Any, type_: Any) -> tuple[Any, str]:
    """Return a value as `Settings` has it, and what is wrong with it, which is empty where it is right."""
    convert = _CONVERTERS.get(key)
    value = convert(written) if convert else _convert(written, type_)
    if value is None:
        return None, f"`{key}` must be {_WORDS.get(key) or _WORDS[type_]}, found {_shown(written)}"
    if key == "css":
        return value, _unknown_property(written)
    check = _CHECKS.get(key)
    return value, check(value) if check else ""


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


# What a value must be, by key or by type.
_WORDS: dict[Any, str] = {
    str: "a text",
    bool: "true or false",
    int: "a whole number from 0 up",
    tuple[str, ...]: "a list of texts",
    "lang": "a language such as `de` or `pt_BR`",
    "time": "a time such as `2m`, `90s`, `1:30` or `120`, of at most an hour or two",
    "marks": 'tables such as `question = "● {question}"`',
    "css": 'CSS, or a table such as `accent = "#b02a20"` of properties without `;`, `{` and `}`',
}
_TIME = re.compile(
    r"(?:(?P<h>\d{1,2})\s*+h)?\s*+(?:(?P<m>\d{1,3})\s*+m(?:in)?)?\s*+(?:(?P<s>\d{1,4})\s*+s(?:ec)?)?", re.IGNORECASE
)
_CLOCK = re.compile(r"(?P<m>\d{1,3}):(?P<s>[0-5]\d)")
_LONGEST_TIME = 2 * 60 * 60  # seconds
_PROPERTY = re.compile(r"(?:--)?[A-Za-z][\w-]*")
_NIGHT = ".card.nightMode, .card.night_mode, .nightMode .card, .night_mode .card"


def _seconds(value: Any) -> int | None:
    """Return a time in whole seconds, or None where it is none. A number counts: YAML reads `1:30` as 90."""
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if text.isdecimal():
        seconds = int(text[:6])
    elif match := (_CLOCK.fullmatch(text) or _TIME.fullmatch(text)):
        hours, minutes, rest = (int(match.groupdict().get(unit) or 0) for unit in "hms")
        seconds = hours * 3600 + minutes * 60 + rest
    else:
        return None
    return seconds if text and seconds <= _LONGEST_TIME else None


def _css(value: Any) -> str | None:
    """Return the CSS that a text or a table of properties stands for, or None where it is neither."""
    if isinstance(value, str):
        return value.strip() if "</" not in value and value.count("{") == value.count("}") else None
    if not isinstance(value, dict):
        return None
    night = value.get("night", {})
    day = {name: setting for name, setting in value.items() if name != "night"}
    if not isinstance(night, dict) or not all(map(_is_property, (*day.items(), *night.items()))):
        return None
    rules = ((".card", day), (_NIGHT, night))
    return "\n".join(_rule(selector, properties) for selector, properties in rules if properties)


def _is_property(item: tuple[str, Any]) -> bool:
    name, value = item
    return (
        bool(_PROPERTY.fullmatch(name)) and isinstance(value, str | int | float) and not set(str(value)) & set(";{}<\n")
    )


def _rule(selector: str, properties: dict[str, Any]) -> str:
    names = {name: name if name.startswith("--") else f"--offbook-{name}" for name in properties}
    return f"{selector} {{ {' '.join(f'{names[name]}: {value};' for name, value in properties.items())} }}"


def _marks(value: Any) -> Any:
    """Return marks, each as its pairs of key and text, sorted; None where they are no tables of texts."""
    tables = [value] if isinstance(value, dict) else value
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return None
    if not all(isinstance(text, str) for table in tables for text in table.values()):
        return None
    return tuple(tuple(sorted(table.items())) for table in tables)


def _language(value: Any) -> str | None:
    """Return a language as HTML has it, or None where it is none; empty leaves it to the text."""
    if not isinstance(value, str):
        return None
    return normal(value) or (None if value.strip() else "")


_CONVERTERS: dict[str, Callable[[Any], Any]] = {"time": _seconds, "lang": _language, "css": _css, "marks": _marks}


def _convert(value: Any, type_: Any) -> Any:
    """Return the value as one of the type, or None where it is not."""
    if type_ == tuple[str, ...]:
        texts = [value] if isinstance(value, str) else value
        return tuple(texts) if isinstance(texts, list) and all(isinstance(text, str) for text in texts) else None
    if type_ is int:
        return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
    return value if isinstance(value, type_) else None


def _wrong_choice(value: str) -> str:
    if value in CARD_CHOICES:
        return ""
    close = did_you_mean(value, CARD_CHOICES)
    hint = f"; did you mean `{close}`?" if close else ""
    return f"`cards` must be one of {', '.join(CARD_CHOICES)}, found {_shown(value)}{hint}"


def _wrong_deck(value: str) -> str:
    rest = value.replace("{company}", "").replace("{folder}", "")
    if "{" in rest or "}" in rest:
        return f"`deck` may use {{company}}, {{folder}} and no other braces, found {_shown(value)}"
    return "" if value.strip() else "`deck` is empty; name a deck, such as `Interviews::{company}`"


def _wrong_common_deck(value: str) -> str:
    rest = value.replace("{folder}", "")
    if "{" in rest or "}" in rest:
        return f"`common_deck` holds the cards of several companies; it may use {{folder}} alone, found {_shown(value)}"
    return "" if value.strip() else "`common_deck` is empty; name a deck, such as `Interviews::Common`"


def _unknown_property(value: Any) -> str:
    """Report a key in a table of CSS that has no effect: neither one of offbook's properties nor a name with `--`."""
    from offbook.notetypes import styled

    if not isinstance(value, dict):
        return ""
    properties = tuple(sorted(set(re.findall(r"--offbook-([\w-]+)", styled("")))))
    names = [name for table in (value, value.get("night", {})) for name in table if name != "night"]
    for name in names:
        short = name.removeprefix("--offbook-")
        if short not in properties and (short != name or not name.startswith("--")):
            return f"`css` has no property `{name}`{_nearest(short, properties)}"
    return ""


def _wrong_mark(marks: tuple[tuple[tuple[str, str], ...], ...]) -> str:
    """Report the first mark with an unknown key, an empty text, or keys that do not fit together."""
    for number, mark in enumerate(marks, 1):
        keys = dict(mark)
        for key, text in keys.items():
            if key not in _MARK_KEYS:
                return f"`marks`, number {number}, has no key `{key}`{_nearest(key, _MARK_KEYS)}"
            if not text.strip():
                return f"`marks`, number {number}: `{key}` is empty"
        if not keys:
            return f"`marks`, number {number}, is empty; give it one of {', '.join(_MARK_KEYS)}"
        pattern = keys.get("question")
        if pattern is not None and (pattern.count("{question}") != 1 or pattern.strip() == "{question}"):
            return (
                f"`marks`, number {number}: `question` must hold {{question}} once and what marks it, such as "
                f"`● {{question}}`, found {_shown(pattern)}"
            )
        if ("begin" in keys) != ("end" in keys):
            return f"`marks`, number {number}: `begin` and `end` belong together"
    return ""


def _unknown_dialect(names: tuple[str, ...]) -> str:
    from offbook.cards.find import DIALECT_NAMES

    for name in names:
        if name not in DIALECT_NAMES:
            return f"`dialects_off`: there is no dialect {name!r}{_nearest(name, DIALECT_NAMES)}"
    return ""


_CHECKS: dict[str, Callable[[Any], str]] = {
    "cards": _wrong_choice,
    "dialects_off": _unknown_dialect,
    "deck": _wrong_deck,
    "common_deck": _wrong_common_deck,
    "marks": _wrong_mark,
}
"""By key: a function that returns what is wrong with a value of the right type, or an empty text."""


def _nearest(word: str, words: tuple[str, ...]) -> str:
    """Return the end of a message on a wrong word: the word that was probably meant, else all that there are."""
    close = did_you_mean(str(word), words)
    return f"; did you mean `{close}`?" if close else f"; choose from {', '.join(words)}"
