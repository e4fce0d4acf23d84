"""The settings: `offbook.toml` at the notes folder or above it, and their defaults."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, get_type_hints

from offbook.errors import UsageError

FILE_NAME = "offbook.toml"
CARD_CHOICES = ("all", "questions", "explicit")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user can set. Each attribute is a key of `offbook.toml`."""

    notes: str = ""
    """The notes folder, relative to the settings file, for commands run beside that file or below; empty: `notes`."""
    decks: str = ""
    """The folder for packages and ledger, likewise; empty: `decks`."""
    vault: str = ""
    """The vault's folder, relative to the settings file; empty: the nearest folder with `.obsidian`."""
    ignore: tuple[str, ...] = ()
    """Patterns of notes and folders to leave out, relative to the notes folder, such as `templates/*`."""
    deck: str = "Interviews::{company}"
    """A company's deck."""
    common_deck: str = "Interviews::Common"
    """The deck of cards that serve several companies."""
    cards: str = "all"
    """What becomes a card: `explicit` markings, `questions` by their shape as well, or `all`."""
    dialects_off: tuple[str, ...] = ()
    """Dialects that are switched off, by the names that `offbook cards --explain` shows."""
    cloze_highlights: bool = False
    """Whether `==highlight==` hides in every paragraph, not just in those tagged `#cloze`."""
    suggestions: bool = True
    """Whether open questions get talking points from the same company's notes."""
    openings: tuple[str, ...] = ()
    """Further openings of questions, for languages or habits that offbook does not know."""
    longest_answer: int = 400
    """Words in an answer beyond which `check` calls it too long to rehearse; 0: never."""
    strict_line_breaks: bool = False
    """Whether a single line break is a space, as in strict Markdown, and not a line break."""
    hint: str = ""
    """Markdown behind the Hint button of cards whose answer holds no `> [!hint]`."""
    speak: bool = False
    """Whether Anki reads the question aloud, as an interviewer would."""
    time: int = 0
    """Seconds that an answer should take, written `2m`, `90s`, `1m30s`, `1:30` or `120`; 0: no clock."""
    css: str = ""
    """The user's own CSS, at the end of the style sheet: a text, or a table of custom properties, `[css.night]` for
    those of the night."""
    template: str = ""
    """The file, relative to the settings file, that `offbook new` begins notes with; empty: one of offbook's own."""
    folder: Path = field(default_factory=Path, metadata={"key": False})
    """Where the settings file lies."""


NOTE_KEYS = (
    "cards", "dialects_off", "cloze_highlights", "suggestions", "openings", "longest_answer", "strict_line_breaks",
    "hint", "speak", "time",
)  # fmt: skip
"""The settings that a note's front matter may override."""
KEYS = tuple(f.name for f in fields(Settings) if f.metadata.get("key", True))


def load_settings(notes: Path) -> Settings:
    """Read the settings for a notes folder; raise UsageError where they are wrong."""
    for folder in (notes, *notes.parents):
        file = folder / FILE_NAME
        if file.is_file():
            return _parse(file)
    return Settings(folder=notes)


def named_folder(key: str, here: Path) -> Path:
    """Return the folder `notes` or `decks` as the nearest settings file at `here` or above names it, else as `key`."""
    for folder in (here, *here.parents):
        if (folder / FILE_NAME).is_file():
            try:
                named: str = getattr(_parse(folder / FILE_NAME), key)
            except UsageError:  # told when the settings are read for the notes
                break
            return Path(os.path.relpath(folder / Path(named).expanduser(), here)) if named else Path(key)
    return Path(key)


def _parse(file: Path) -> Settings:
    try:
        values = tomllib.loads(file.read_text("utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: is not UTF-8; save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file}: is not valid TOML: {error}") from error
    settings, faults = override(Settings(folder=file.parent), values, KEYS)
    faults = [f"{file}: {fault}" for fault in faults]
    faults += [f"{file}: {_unknown(key)}" for key in values if key not in KEYS]
    if faults:
        raise UsageError("\n".join(faults))
    return settings


def override(
    settings: Settings, values: dict[str, Any], keys: tuple[str, ...] = NOTE_KEYS
) -> tuple[Settings, list[str]]:
    """Return the settings with what `values` sets of `keys`, and what is wrong with it."""
    if values.keys().isdisjoint(keys):
        return settings, []
    types = get_type_hints(Settings)
    good: dict[str, Any] = {}
    faults: list[str] = []
    for key in keys:
        if key not in values or (values[key] is None and keys is NOTE_KEYS):
            continue
        convert = _CONVERTERS.get(key)
        value = convert(values[key]) if convert else _convert(values[key], types[key])
        if value is None:
            faults.append(f"`{key}` must be {_WORDS.get(key) or _WORDS[types[key]]}, found {values[key]!r}")
        elif key == "cards" and value not in CARD_CHOICES:
            faults.append(
                f"`cards` must be one of {', '.join(CARD_CHOICES)}, found {value!r}{_nearest(value, CARD_CHOICES)}"
            )
        elif key == "dialects_off" and (fault := _unknown_dialect(value)):
            faults.append(fault)
        elif key in ("deck", "common_deck") and not _is_template(value):
            faults.append(f"`{key}` may use {{company}} and no other braces, found {value!r}")
        else:
            good[key] = value
    return replace(settings, **good), faults


_WORDS: dict[Any, str] = {
    str: "a text",
    bool: "true or false",
    int: "a whole number from 0 up",
    tuple[str, ...]: "a list of texts",
    "time": "a time such as `2m`, `90s`, `1:30` or `120`, of at most an hour or two",
    "css": 'CSS, or a table such as `accent = "#b02a20"` of properties without `;`, `{` and `}`',
}
_TIME = re.compile(
    r"(?:(?P<h>\d{1,2})\s*h)?\s*(?:(?P<m>\d{1,3})\s*m(?:in)?)?\s*(?:(?P<s>\d{1,4})\s*s(?:ec)?)?", re.IGNORECASE
)
_CLOCK = re.compile(r"(?P<m>\d{1,3}):(?P<s>[0-5]\d)")
_LONGEST_TIME = 2 * 60 * 60  # seconds
_PROPERTY = re.compile(r"(?:--)?[A-Za-z][\w-]*")
_NIGHT = ".card.nightMode, .card.night_mode, .nightMode .card, .night_mode .card"


def _seconds(value: Any) -> int | None:
    """Return a time in whole seconds, or None. (YAML itself reads `1:30` as ninety.)"""
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
    """Return CSS, of a table too, or None."""
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


_CONVERTERS: dict[str, Callable[[Any], Any]] = {"time": _seconds, "css": _css}


def _convert(value: Any, type_: Any) -> Any:
    """Return the value as the type has it, or None."""
    if type_ == tuple[str, ...]:
        texts = [value] if isinstance(value, str) else value
        return tuple(texts) if isinstance(texts, list) and all(isinstance(text, str) for text in texts) else None
    if type_ is int:
        return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
    return value if isinstance(value, type_) else None


def _is_template(value: str) -> bool:
    try:
        return bool(value.format(company="x").strip())
    except (KeyError, IndexError, ValueError, AttributeError):
        return False


def _unknown_dialect(names: tuple[str, ...]) -> str:
    from offbook.cards.find import DIALECT_NAMES

    for name in names:
        if name not in DIALECT_NAMES:
            return f"`dialects_off` names no dialect {name!r}{_nearest(name, DIALECT_NAMES)}"
    return ""


def _unknown(key: str) -> str:
    return f"unknown key `{key}`{_nearest(key, KEYS)}"


def _nearest(word: str, words: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(str(word), words, 1, 0.5)
    return f"; did you mean `{close[0]}`?" if close else f"; known are {', '.join(words)}"
