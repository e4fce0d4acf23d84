"""Which companies there are, and which of them are chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from offbook.companies.names import letters, likened, slug
from offbook.errors import UsageError
from offbook.model import ALL, Entry, Source
from offbook.text import did_you_mean

_LIKE_ENOUGH = 0.7  # the share of letters in common, 0 to 1; companies have short names
_NONE = {"common": "Common"}  # whose package the cards are in where no note is a company's


@dataclass(frozen=True, slots=True)
class Gone:
    """What is known of companies that are not there any more."""

    entries: Sequence[Entry] = ()
    """The ledger's."""
    closed: Mapping[str, str] = field(default_factory=dict)
    """The slugs of closed companies, and what says so."""

    def told(self, name: str) -> str:
        """Return what became of a company, as sentences, or an empty text where none of that name is known."""
        key = meant(name, ledger_names(self.entries) | {key: key for key in self.closed})
        cards = [entry for entry in self.entries if entry.companies == (key,) and not entry.twin_of]
        if not key or (not cards and key not in self.closed):
            return ""
        why = self.closed.get(key) or "no note has cards for it any more"
        retired = [entry.retired for entry in cards if entry.retired]
        if not retired:
            return f"{name!r} is {'closed' if key in self.closed else 'gone'}: {why}"
        day = datetime.fromtimestamp(max(retired), UTC).date()
        if len(cards) == 1:
            told = f"its card was retired on {day}. It keeps its history, and comes back with its note"
        else:
            told = (
                f"its {len(cards)} cards were retired on {day}. They keep their history, and come back with their notes"
            )
        return f"{name!r} is gone: {why}; {told}; `offbook retired {key}` lists {'it' if len(cards) == 1 else 'them'}"


def company_names(
    sources: Iterable[Source], entries: Iterable[Entry] = (), closed: Collection[str] = ()
) -> dict[str, str]:
    """Return the companies that have cards or open questions, or are named in front matter, from slug to name.

    Those are companies of the notes, and of the `entries`, of cards that were not found, that are not retired yet. The
    slugs that are `closed` are missing once their cards are retired.
    """
    live = [entry for entry in entries if not entry.retired]
    over = set(closed) - {key for entry in live if len(entry.companies) == 1 for key in entry.companies}
    names = {key: name for key, name in ledger_names(live).items() if key not in over}
    names |= {
        slug(name): name
        for source in sources
        if source.cards or "company" in source.note.metadata
        for name in source.target.names
        if slug(name) not in closed
    }
    return dict(sorted(names.items())) or dict(_NONE)


def ledger_names(entries: Iterable[Entry]) -> dict[str, str]:
    """Return the companies of the ledger's entries, from slug to name."""
    listed = {(key, name_in(entry.deck, key)) for entry in entries for key in entry.companies if key != ALL}
    return dict(sorted(listed, key=lambda pair: (pair[0], pair[0] != pair[1], pair[1])))


def packaged_names(entries: Collection[Entry]) -> dict[str, str]:
    """Return whose packages the ledger's entries may have been in, from slug to name."""
    return (_NONE if any(ALL in entry.companies for entry in entries) else {}) | ledger_names(entries)


def name_in(deck: str, key: str) -> str:
    """Return the name with slug `key` that a deck's name holds, else `key`: for companies gone from the notes."""
    return next((part for part in deck.split("::") if slug(part) == key), key)


def choose(
    wanted: Sequence[str],
    names: Mapping[str, str],
    sources: Iterable[Source] = (),
    entries: Iterable[Entry] = (),
    gone: Gone | None = None,
) -> list[str]:
    """Return the slugs of the companies `wanted`; case, spaces and hyphens do not matter.

    The first words of a name do, where no other company has them and none is called so.
    If none is wanted these are the companies that have cards of their own; where all cards are shared, all companies.
    Raises UsageError for an unknown company, with what became of it where it is `gone`.
    """
    if wanted:
        found: list[str] = []
        for name in wanted:
            key = meant(name, names)
            told = gone.told(name) if gone and not key else ""
            begins = begun(name, names)
            if told:
                raise UsageError(f"{told}. Did you mean {names[begins]!r}?" if begins else told)
            if not (key or begins):
                raise UsageError(_unknown_company(name, names))
            found.append(key or begins)
        return list(dict.fromkeys(found))
    having = {key for source in sources if source.cards for key in source.target.slugs}
    having |= {key for entry in entries for key in entry.companies}
    return [key for key in names if key in having] or list(names)


def meant(wanted: str, names: Mapping[str, str]) -> str:
    """Return the slug of the company that is called so, of `names` from slug to name; an empty text for none.

    Case, spaces and hyphens do not matter. Where none has the name so, that is the only one with a name that is likely
    another spelling of it.
    """
    exact = {letters(name): key for key, name in names.items()} | {letters(key): key for key in names}
    if key := exact.get(letters(wanted)):
        return key
    like = {key for key, name in names.items() if likened(wanted) in (likened(name), likened(key))}
    return like.pop() if len(like) == 1 else ""


def begun(wanted: str, names: Mapping[str, str]) -> str:
    """Return the slug of the only company whose name begins with these words, or nothing."""
    begun = [key for key in names if key.startswith(f"{slug(wanted)}-")]
    return begun[0] if len(begun) == 1 else ""


def like_named(name: str, names: Mapping[str, str]) -> str:
    """Return the name of the company, of `names` from slug to name, that is called most like it, or nothing."""
    by_letters = {letters(name): key for key, name in names.items()} | {letters(key): key for key in names}
    word = letters(name)
    parts = [other for other in by_letters if min(len(word), len(other)) > 1 and (word in other or other in word)]
    close = parts[0] if parts else did_you_mean(word, by_letters, _LIKE_ENOUGH)
    return names[by_letters[close]] if close else ""


def _unknown_company(name: str, names: Mapping[str, str]) -> str:
    close = like_named(name, names)
    hint = f"; did you mean {close!r}?" if close else ""
    known = f"known companies: {', '.join(names.values())}" if names else "no company is known yet"
    return f"there is no company {name!r}{hint}\n{known}"
