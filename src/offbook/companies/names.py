"""The names of companies: as they are tidied, compared, and written in file names, tags and on the command line."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from offbook.companies.rounds import without_rounds
from offbook.model import ALL, Target
from offbook.naming import naming
from offbook.text import without_id

_LONGEST_SLUG = 80  # characters; file names end at 255 bytes
_SIGNS = {"+": "plus", "#": "sharp"}  # C, C++ and C# are three
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)

_SPELLINGS = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "æ": "ae", "œ": "oe", "å": "aa", "ł": "l", "đ": "d", "ı": "i"}
_JOINTS = re.compile(r"(?<=\w)[./](?=\s|\w|$)|['’]")  # of `S.p.A.`, `Co.`, `A/S`
_LONGEST_FORM = 4  # words of "SAB de CV" and their like


@lru_cache(maxsize=1 << 14)
def target(names: tuple[str, ...]) -> Target:
    """Return the target of a note for the companies named; one for all of them if there are no names."""
    return Target(names, tuple(slug(name) for name in names) or (ALL,))


@lru_cache(maxsize=1 << 14)
def slug(name: str) -> str:
    """Return a company's name as it stands in file names, tags and on the command line.

    Letters and digits of any script, lower case, joined by `-`; never empty, never a name that Windows keeps.
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    for sign, word in _SIGNS.items():
        text = text.replace(sign, f" {word} ")
    text = "-".join(re.findall(r"[^\W_]+", text))
    if len(text.encode()) > _LONGEST_SLUG:
        import hashlib

        digest = hashlib.blake2b(text.encode(), digest_size=4).hexdigest()
        room = _LONGEST_SLUG - len(digest) - 1
        text = text.encode()[:room].decode(errors="ignore").rstrip("-") + "-" + digest
    if not text or text == ALL or _DEVICES.fullmatch(text):
        text = f"{text or 'company'}-"
        text += "notes" if name.strip() else "unnamed"
        if not re.search(r"\w", name):
            text = "company-" + "-".join(f"{ord(c):x}" for c in name[:8]) if name.strip() else "unnamed"
    return text


def tidy(name: str) -> str:
    """Return a file or folder name as a person writes it: `acme-robotics` is Acme Robotics.

    Words of a round and dates are no part of it (`acme-r4-interview`, `2026-12-10 Acme`), nor is the id with which
    Notion ends names. A hyphen is a space in a name without spaces and capitals alone: `Schmitz-Cargobull` has it.
    """
    plain = " ".join(without_id(name).split())
    text = without_rounds(plain)
    text = text if re.search(r"[^\W\d_]", text) else plain
    is_slug = text.islower() and " " not in text
    text = " ".join(re.sub("[-_]" if is_slug else "_", " ", text).split()) or name
    text += ")" * (text.count("(") - text.count(")"))  # "Nina (Figma onsite)" is of Nina (Figma)
    return text.title() if text.islower() and text.isascii() else text[:1].upper() + text[1:]


def letters(name: str) -> str:
    """Return a name as names are compared: case, spaces and hyphens do not matter."""
    return slug(name).replace("-", "")


def likened(name: str) -> str:
    """Return what is alike in names that are likely one company's: `Mueller & Soehne`, `Müller und Söhne GmbH`.

    Accents, the spelling of umlauts, a word for `and`, and legal forms at the end do not matter.
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    for letter, spelling in _SPELLINGS.items():
        text = text.replace(letter, spelling)
    words = [word.strip("()[],;:") for word in _bare(_JOINTS.sub("", text)).replace("-", " ").split()]
    while (count := _of_legal_form(words)) and len(words) > count:
        del words[-count:]
        if len(words) > 1 and words[-1] in _and() and words[-1] not in string.ascii_lowercase:
            del words[-1]  # of `GmbH & Co. KG`; a letter may be the name's, as in `Plan A AG`
    joined = (word for place, word in enumerate(words) if not (0 < place < len(words) - 1 and word in _and()))
    return letters(" ".join(joined))


def _bare(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


def _of_legal_form(words: Sequence[str]) -> int:
    """Return how many words at the end are a legal form, 0 without one."""
    return next((n for n in range(_LONGEST_FORM, 0, -1) if " ".join(words[-n:]) in _legal()), 0)


@lru_cache(maxsize=1)
def _legal() -> frozenset[str]:
    return frozenset(map(_bare, naming("legal")))


@lru_cache(maxsize=1)
def _and() -> frozenset[str]:
    return frozenset(map(_bare, naming("and")))
