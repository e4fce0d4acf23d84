"""Tells looks that the user gave offbook's notetypes in Anki from offbook's own: a package would replace them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

_OF_1_0_0 = {"070c47e56ca06b74", "086c6bddee9b6416"}
"""The looks of offbook 1.0.0, see `offbook.notetypes.look`: it noted in no ledger what it brought."""
_NEVER_NEWER = 1  # seconds since the epoch
_A_MOMENT = 2  # seconds: Anki dates looks by the whole second, those of an import that left them alone, too


@dataclass(frozen=True, slots=True)
class Looks:
    """The looks that packages bring, and what is known of those in Anki."""

    new: bool
    """Whether they differ from those that the last import brought."""
    brought: Collection[str]
    """The digest of each look of a notetype that offbook ever brought: any other one is the user's."""
    replace: bool = False
    """Whether they are to replace those of the user."""

    def of_the_user(self, in_anki: Mapping[int, str]) -> set[int]:
        """Return the ids of the notetypes whose looks are the user's; `in_anki` are digests of looks by such an id."""
        return {id for id, look in in_anki.items() if look not in self.brought and look not in _OF_1_0_0}

    def times(self, in_anki: Mapping[int, str], now: int) -> dict[int, int]:
        """Return when looks changed where Anki is not to go by the package's own time: by a notetype's id, in seconds.

        Anki takes those that are newer than its own; `now` is the current time, in seconds since the epoch.
        """
        return dict.fromkeys(self.of_the_user(in_anki), now + _A_MOMENT if self.replace else _NEVER_NEWER)
