"""Says of retired cards what the notes tell: the question still stands there, in other words, or is left out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from offbook.cards.note.refused import refused_lines
from offbook.errors import Location, Problem, Severity
from offbook.likeness import (
    COMMON,
    COMMON_HASHES,
    Weights,
    answer_likeness,
    question_key,
    question_likeness,
    sketched,
    uncounted,
)
from offbook.model import DECLINED, Change, Entry, Status, served
from offbook.text import COMMENT

CODES = ("now-left-out", "now-empty", "maybe-reworded", "no-longer-asked")
"""What is told of reviews that are perhaps lost, in runs that tell little, too."""
_MOST_COMPARED = 50  # cards of a note
_MOST_NAMED = 2  # notes that one rule leaves out, beside the first
_SOMETHING = 0.2  # of question or answer, by what their words tell
_MUCH = 0.5
_MARGIN = 0.15  # by which the best of several is clearly that
_TELLING_QUESTION = 8.0  # bits that two questions share, about those of one rare word
_TELLING_ANSWER = 30.0
_OF_QUESTIONS, _OF_ANSWERS = Weights[str]((), COMMON), Weights[bytes]((), COMMON_HASHES)
_IN_FRONT = re.compile(r"[\s#>*+_-]*")
_FEWEST_LETTERS = 4  # of a question that is looked for: "A" stands in many a line
_COMMENT = re.compile(COMMENT, re.DOTALL)
_AROUND = " \t\r#>*+_-:"  # a line's text


def no_longer_asked(
    changes: Iterable[Change], cards: Collection[Location], notes: Iterable[str], read: Callable[[str], str | None]
) -> Iterator[tuple[Change, Problem]]:
    """Yield each retired card whose question is a line of its note or of another one, with a warning.

    `cards` are where cards are now, and `notes` the paths of all notes. `read` returns the text of a note, None of one
    that is gone, or in which nothing is to ask by itself. It is called only where a card is retired. Of a line that is
    marked as no card, or that stands in a comment or in code, there is nothing to warn.
    """
    elsewhere: dict[str, Change] = {}
    for path, gone in _by_note(changes, Status.RETIRED).items():
        lines = (read(path) or "").split("\n")
        hidden = _hidden(lines)
        at = {question_key(uncounted(_IN_FRONT.sub("", line, count=1))): number for number, line in enumerate(lines, 1)}
        for change in (change for change in gone if len(question_key(change.question)) >= _FEWEST_LETTERS):
            number = at.get(question_key(uncounted(change.question)), 0)
            if not number:
                elsewhere[change.question.strip(_AROUND)] = change
            elif number not in hidden and Location(path, number) not in cards:
                yield change, _not_asked(change, Location(path, number), "no longer")
    elsewhere.pop("", None)  # of a question such as `::`, which blank lines would ask
    for path in notes if elsewhere else ():
        lines = (read(path) or "").split("\n")
        found = [
            (number, elsewhere[text])
            for number, line in enumerate(lines, 1)
            if (text := line.strip(_AROUND)) in elsewhere
        ]
        hidden = _hidden(lines) if found else set()
        for number, change in found:
            if number not in hidden and Location(path, number) not in cards:
                yield change, _not_asked(change, Location(path, number), "not")


def _hidden(lines: Sequence[str]) -> set[int]:
    """Return the lines, from 1, that the writer keeps from being cards: marked as none, in a comment, or in code."""
    from offbook.markdown.fences import in_code

    code = in_code(lines)
    text = "\n".join("" if inside else line for line, inside in zip(lines, code, strict=True))
    hidden = {number for number, inside in enumerate(code) if inside} | refused_lines(lines, lambda _: False)
    for comment in _COMMENT.finditer(text):
        first = text.count("\n", 0, comment.start())
        hidden |= {*range(first + 1, first + comment[0].count("\n") + 1)}
    return {number + 1 for number in hidden}


def _not_asked(change: Change, place: Location, how: str) -> Problem:
    message = (
        f"“{change.question}” is {how} read as a question here, so its card is retired; "
        "put #card after it to bring it back"
    )
    return Problem(place, "no-longer-asked", message, Severity.WARNING)


def perhaps_reworded(
    changes: Sequence[Change], entries: Mapping[str, Entry], still_there: Collection[str]
) -> Iterator[tuple[Change, Change]]:
    """Yield new cards with those that they resemble and that are gone from the same note, renamed or not.

    One of another note is told of where both are for one company, and clearly alike. `entries` are those of the new
    ledger, by guid: they know the answers, and which cards were gone before. `still_there` are the guids of retired
    cards whose question stands in the notes: no other question is that in other words.
    """
    earlier = _gone_earlier(changes, entries)
    changes = [change for change in changes if change.guid not in still_there]
    names = _renamed(changes)
    left: dict[Status, list[Change]] = {Status.NEW: [], Status.RETIRED: []}
    for note, both in _by_note(changes, Status.NEW, Status.RETIRED, names=names).items():
        came = [change for change in both if change.status is Status.NEW][:_MOST_COMPARED]
        gone = [change for change in both if change.status is Status.RETIRED][:_MOST_COMPARED]
        pairs = list(_resembling(came, gone, entries))
        yield from pairs
        paired = {change.guid for pair in pairs for change in pair}
        pairs = list(_clearly_resembling(_but(came, paired), earlier.get(note, ()), entries))
        yield from pairs
        paired |= {new.guid for new, _ in pairs}
        left[Status.NEW] += _but(came, paired)
        left[Status.RETIRED] += _but(gone, paired)
    yield from _clearly_resembling(left[Status.NEW][:_MOST_COMPARED], left[Status.RETIRED], entries, anywhere=True)


def _but(changes: Iterable[Change], guids: Collection[str]) -> list[Change]:
    return [change for change in changes if change.guid not in guids]


def _gone_earlier(changes: Sequence[Change], entries: Mapping[str, Entry]) -> Mapping[str, Sequence[Change]]:
    """Return the cards that earlier runs retired, by their note as it is called now, the newest first.

    Those are left out of which the user said that they are no new card, and those whose question another card asks.
    """
    changed = {change.guid for change in changes if change.status in (Status.NEW, Status.RETIRED)}
    retired = [entry for guid, entry in entries.items() if entry.retired and guid not in changed]
    if not retired:
        return {}
    live = (entry for guid, entry in entries.items() if not entry.retired and guid not in changed)
    asked = {(entry.note, question_key(entry.question)) for entry in live}
    names = _renamed(changes)
    found: dict[str, list[Change]] = defaultdict(list)
    for entry in sorted(retired, key=lambda entry: (-entry.retired, entry.guid)):
        note = names.get(entry.note, entry.note)
        if not entry.twin_of and entry.told != DECLINED and (note, question_key(entry.question)) not in asked:
            place = Location(entry.note)
            found[note].append(Change(Status.RETIRED, place, entry.question, entry.companies, entry.deck, entry.guid))
    return found


def as_told(new: Change, gone: Change) -> Problem:
    """Return the warning that a new card may be one that is gone, in other words."""
    other = "one with the same question" if gone.question == new.question else f"“{gone.question}”"
    message = (
        f"“{new.question}” is a new card, and {other} is retired with its reviews. If they are one card in "
        f"other words, say so afterwards: offbook retired --reworded {gone.guid} {new.guid}"
    )
    return Problem(new.location, "maybe-reworded", message, Severity.WARNING)


def _resembling(
    came: Sequence[Change], gone: Sequence[Change], entries: Mapping[str, Entry]
) -> Iterator[tuple[Change, Change]]:
    """Yield the new cards with the retired ones that they resemble, each once, the most alike first."""
    likeness = [(max(_likeness(entries[new.guid], entries[old.guid])[:2]), new, old) for new in came for old in gone]
    paired: set[str] = set()
    for alike, new, old in sorted(likeness, key=lambda pair: -pair[0]):
        if alike >= _SOMETHING and paired.isdisjoint((new.guid, old.guid)):
            paired.update((new.guid, old.guid))
            yield new, old


def _clearly_resembling(
    came: Sequence[Change], gone: Sequence[Change], entries: Mapping[str, Entry], *, anywhere: bool = False
) -> Iterator[tuple[Change, Change]]:
    """Yield the new cards with those that they clearly resemble of the ones retired, `gone`, those to prefer first.

    One that is as much like two new cards is neither. `anywhere` says that the note proves nothing: then both must be
    for one company.
    """
    rivals: dict[str, list[tuple[float, Change, Change]]] = defaultdict(list)
    for new in came:
        known = [old for old in gone if not anywhere or _share_company(new, old)][:_MOST_COMPARED]
        alike = [(_likeness(entries[new.guid], entries[old.guid]).proof, old) for old in known]
        most = max((score for score, _ in alike), default=0.0)
        if most >= _MUCH:
            score, old = next((score, old) for score, old in alike if score >= most - _MARGIN)
            rivals[old.guid].append((score, new, old))
    for pairs in rivals.values():
        (score, new, old), *others = sorted(pairs, key=lambda pair: -pair[0])
        if all(other < score - _MARGIN for other, _, _ in others):
            yield new, old


def _share_company(one: Change, other: Change) -> bool:
    return bool(served(one.companies, other.companies) or served(other.companies, one.companies))


def now_left_out(
    changes: Iterable[Change], left_out: Mapping[str, str], notes: Collection[str], read: Callable[[str], str | None]
) -> Iterator[Problem]:
    """Yield a warning for each rule by which notes are left out now, perhaps in another folder, with cards that retire.

    `left_out` has the rules by which notes are left out, by path, and `notes` the paths of the others. `read` returns
    the text of a note, or None of one that is gone; one that is called otherwise now has the question of a card.
    """
    found: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for path, gone in _by_note(changes, Status.RETIRED).items():
        if path in notes and path in left_out:  # but for some blocks
            text = read(path) or ""
            gone = [change for change in gone if change.question in text]
        elif path in notes:
            continue
        now = [path] if path in left_out else [other for other in left_out if _is_renamed(path, other)]
        now = now or [other for other in left_out if other.rpartition("/")[2] == path.rpartition("/")[2]]
        if (
            gone
            and len(now) == 1
            and (now[0] == path or any(change.question in (read(now[0]) or "") for change in gone))
        ):
            found[left_out[now[0]]].append((now[0], path, len(gone)))
    for rule, every in found.items():
        yield _left_out(rule, every)


def now_empty(changes: Iterable[Change], read: Callable[[str], str | None]) -> Iterator[Problem]:
    """Yield a warning for each note that is there, has no text any more, and had cards: a sync may have failed.

    `read` returns the text of a note, or None of one that is gone.
    """
    for path, gone in _by_note(changes, Status.RETIRED).items():
        text = read(path)
        if text is None or text.strip():
            continue
        cards = "its card is" if len(gone) == 1 else f"its {len(gone)} cards are"
        message = f"this note is empty now, and {cards} retired; if that is a mistake, put its text back, and export"
        yield Problem(Location(path, 1), "now-empty", message, Severity.WARNING)


def _left_out(rule: str, every: Sequence[tuple[str, str, int]]) -> Problem:
    """Return the warning of notes that a rule leaves out, each with its path now and before and how many cards it had.

    It stands at the first of them.
    """
    (place, path, _), others = every[0], [now.rpartition("/")[2] for now, _, _ in every[1:]]
    more = len(others) - _MOST_NAMED
    names = [*others[:_MOST_NAMED], *([f"{more} more"] if more > 0 else [])]
    notes = f"{', '.join(['this note', *names[:-1]])} and {names[-1]} are" if names else "this note is"
    number = sum(cards for _, _, cards in every)
    of = " of theirs" if names else "" if path == place else f" of {path}"
    cards = f"1 card{of} is" if number == 1 else f"{number} cards{of} are"
    message = (
        f"{notes} left out, and so {cards} retired: {rule}. If that is a mistake, mend it and export: the cards are "
        "back, and their reviews"
    )
    return Problem(Location(place), "now-left-out", message, Severity.WARNING)


def _is_renamed(path: str, other: str) -> bool:
    """Whether two paths differ in one name."""
    one, two = path.split("/"), other.split("/")
    return len(one) == len(two) and sum(map(str.__ne__, one, two)) == 1


def _renamed(changes: Iterable[Change]) -> dict[str, str]:
    """Return what notes without cards, from which cards went to other notes, are likely called now, by old path."""
    went: dict[str, Counter[str]] = defaultdict(Counter)
    for change in changes:
        if change.before is not None and change.status is not Status.RETIRED:
            went[change.before.path][change.location.path] += 1
    return {old: now.most_common(1)[0][0] for old, now in went.items() if old not in now}


def are_much_alike(one: Entry, other: Entry) -> bool:
    """Whether two cards share much of both question and answer, so that one is surely the other in other words."""
    likeness = _likeness(one, other)
    return min(likeness.question, likeness.answer) >= _MUCH


class _Likeness(NamedTuple):
    """How much two cards have in common, 0 to 1."""

    question: float
    answer: float
    proof: float
    """How much of the one or the other proves something: 0 for a few words."""


def _likeness(one: Entry, other: Entry) -> _Likeness:
    """Return how alike two cards are; one with gaps is never one with a question, in Anki as well."""
    if one.cloze != other.cloze:
        return _Likeness(0.0, 0.0, 0.0)
    keys = question_key(one.question), question_key(other.question)
    question, _ = question_likeness(*keys, _OF_QUESTIONS)
    shared = _OF_QUESTIONS.sum(set(keys[0].split()).intersection(keys[1].split()))
    answer, bits = answer_likeness(sketched(one.answer), sketched(other.answer), _OF_ANSWERS)
    proof = (question if shared >= _TELLING_QUESTION else 0.0, answer if bits >= _TELLING_ANSWER else 0.0)
    return _Likeness(question, answer, max(proof))


def _by_note(
    changes: Iterable[Change], *statuses: Status, names: Mapping[str, str] = MappingProxyType({})
) -> dict[str, list[Change]]:
    """Return the changes by the path of their note; `names` has what notes are called now, by old path."""
    of_note: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        if change.status in statuses:
            of_note[names.get(change.location.path, change.location.path)].append(change)
    return of_note
