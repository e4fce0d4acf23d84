"""The words that names of files, folders and keys are made of, whatever their language: those of `naming.toml`."""

from __future__ import annotations

import pkgutil
import tomllib
from functools import lru_cache


@lru_cache(maxsize=1)
def _languages() -> dict[str, dict[str, list[str]]]:
    loaded: dict[str, dict[str, list[str]]] = tomllib.loads(
        (pkgutil.get_data("offbook", "naming.toml") or b"").decode()
    )
    return loaded


@lru_cache(maxsize=32)
def naming(use: str) -> frozenset[str]:
    """Return the words of all languages for one use, such as `archive`, in small letters."""
    return frozenset(word.casefold() for table in _languages().values() for word in table.get(use, ()))


@lru_cache(maxsize=1)
def months() -> dict[str, int]:
    """Return the number of each month, from 1, by its names and short forms in all languages, in small letters."""
    named = (enumerate(table.get("months", ()), 1) for table in _languages().values())
    return {name: number for table in named for number, names in table for name in names.split("|")}
