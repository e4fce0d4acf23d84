"""offbook turns interview notes into Anki decks, one for each target company.

For scripts: `find_cards`, `build` and `export_decks`, and what they return and raise. docs/python.md has examples.
"""

from typing import TYPE_CHECKING, Any

__version__ = "2.0.0"
__all__ = [
    "Build",
    "Change",
    "Former",
    "FoundCard",
    "Interview",
    "Location",
    "NoteError",
    "OffbookError",
    "Problem",
    "Severity",
    "Status",
    "UsageError",
    "__version__",
    "build",
    "export_decks",
    "find_cards",
]

if TYPE_CHECKING:
    from offbook.api import (
        Build,
        Change,
        Former,
        FoundCard,
        Interview,
        Location,
        NoteError,
        OffbookError,
        Problem,
        Severity,
        Status,
        UsageError,
        build,
        export_decks,
        find_cards,
    )


def __getattr__(name: str) -> Any:
    """Load what scripts use when it is asked for: the command line starts without it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from offbook import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted(__all__)
