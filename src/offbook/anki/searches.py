"""Terms of Anki's search."""

from __future__ import annotations

import re


def term(field: str, value: str) -> str:
    """Return a quoted term, such as `"deck:Blue Heron"`, with Anki's wild cards escaped."""
    escaped = re.sub(r'([\\"*_])', r"\\\1", value)
    return f'"{field}:{escaped}"'
