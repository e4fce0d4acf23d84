"""Finds what in the notes is worth attention: open questions, likely slips, duplicates, dead links."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import PurePosixPath

from offbook.companies import pattern_of, perhaps_topics, place_of
from offbook.days import INTERVIEW, read_day
from offbook.errors import Location, Problem, Severity
from offbook.graph import where_to_write
from offbook.interview import interview_days
from offbook.likeness import question_key
from offbook.media import is_media
from offbook.model import ALL, TEXT, Card, How, Passed, Source
from offbook.naming import naming
from offbook.settings import FILE_NAME, NOTE_KEYS
from offbook.sources.links import Links
from offbook.sources.targets import Target, embedded
from offbook.text import did_you_mean, in_one_line

OPEN, SUGGESTED, TO_ASK, NO_COMPANY = "open-question", "talking-points", "to-ask", "no-company"
_ELSEWHERE = "answered-elsewhere"
SEEN_ON_CARDS = frozenset({"formula", "embed-cycle"})
"""The codes of problems that only a rendered card shows."""
_KEYS = ("company", "deck", INTERVIEW, *NOTE_KEYS)
# Keys of Obsidian, of common plugins and of other programs, which are no slips in keys of offbook's.
_OTHERS_KEYS = {
    "card",
    "companion",
    "country",
    "desk",
    "hints",
    "interviewer",
    "interviewers",
    "timer",
    "openings",
    "speaker",
    "speakers",
    "tag",
    "category",
    "date",
    "draft",
    "title",
    "tags",
}
_DIAGRAMS = frozenset(
    {"mermaid", "plantuml", "puml", "dot", "graphviz", "d2", "ditaa", "tikz", "wavedrom", "vega", "vega-lite", "chart"}
)
_DATE = "date"
_YEAR = re.compile(r"\b20\d\d\b")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_LIKE_ENOUGH = 0.75  # 0 to 1; from here on, an unknown key is taken for a slip
_REMOTE = re.compile(r"(?i)https?://")


def check(sources: Sequence[Source], links: Links, today: datetime.date) -> list[Problem]:
    """Return what is worth the writer's attention, sorted by path and line. `links` looks up what notes lead to."""
    problems = list(_duplicates(sources))
    elsewhere = {problem.location for problem in problems if problem.code == _ELSEWHERE}
    for source in sources:
        problems += _keys(source)
        days = interview_days(source.note)
        if isinstance(days, Problem):
            problems.append(days)
        problems += _perhaps_a_day(source, today)
        for card in source.reading.to_ask:
            message = f"“{in_one_line(card.question_text)}” is for the interviewer, and not a card"
            problems.append(_note(card, TO_ASK, message))
        problems += [_near_miss(passed) for passed in source.reading.passed if passed.code]
        for card in source.cards:
            if card.is_open and card.location not in elsewhere:
                problems.append(_note(card, OPEN, f"“{in_one_line(card.question_text)}” has no answer"))
            problems += _card(source, card, links)
        problems += _loose(source, links)
        problems += _of_nobody(source)
    problems += _perhaps_no_companies(perhaps_topics(sources))
    return sorted(set(problems))


def _of_nobody(source: Source) -> Iterator[Problem]:
    """Point out a note or folder that serves all companies because its name is none's."""
    if not source.cards or "company" in source.note.metadata or not source.target.shared:
        return
    if path := place_of(source.path, source.settings).nobody:
        graph, of_notion = source.settings.graph, source.note.is_of_notion
        written = where_to_write("company: Name", "company: all", graph=graph, of_notion=of_notion)
        around = path[: path.rfind("/") + 1]
        mended = (
            f"move it to a company's, or write {written}"
            if path == source.path
            else f"in {FILE_NAME} name it in `shared` if that is right, or write "
            f'`companies = ["{around}*", "{path}"]` if it is one, '
            f'`companies = "{path}/*"` if they are in it'
        )
        message = f"its name is no company's, so its cards serve all companies; {mended}"
        yield Problem(Location(path), NO_COMPANY, message, Severity.NOTE)


def _perhaps_no_companies(topics: Sequence[Source]) -> Iterator[Problem]:
    """Point out the first note that is a company by its name alone, and name the others."""
    if not topics:
        return
    said = "only its name makes this note a company, so its cards serve no other one; if it is none"
    if topics[1:]:
        said = (
            f"only their names make {len(topics)} notes companies, so their cards serve no other one; for those that "
            "are none"
        )
    shared = ", ".join(f'"{pattern_of(source)}"' for source in topics)
    message = f"{said}, write into {FILE_NAME}: shared = [{shared}]"
    yield Problem(Location(topics[0].path), "maybe-no-company", message, Severity.NOTE)


def marked_but_left_out(marked: Sequence[Problem]) -> list[Problem]:
    """Point out the first text that `#card` marks in a note that is left out; `marked` has one of each such note."""
    if not marked:
        return []
    others = f", as are others with #card ({len(marked) - 1})" if marked[1:] else ""
    message = f"#card makes no card here, as the note is left out{others}; offbook status -v says why"
    return [Problem(min(marked).location, "left-out-card", message, Severity.NOTE)]


def no_notes(documents: Iterable[str]) -> Iterator[Problem]:
    """Point out the files among the notes that hold text and are not read, by the first of each ending."""
    by_ending: dict[str, list[str]] = defaultdict(list)
    for path in documents:
        by_ending[PurePosixPath(path).suffix.lower()].append(path)
    for ending, paths in by_ending.items():
        others = f" ({len(paths) - 1} more)" if paths[1:] else ""
        mended = f"write `text_files = true` into {FILE_NAME}" if ending in TEXT else "save what you rehearse as .md"
        message = f"{ending} files are not read{others}; {mended}"
        yield Problem(Location(paths[0]), "not-read", message, Severity.NOTE)


def _near_miss(passed: Passed) -> Problem:
    return Problem(passed.location, passed.code, passed.reason, Severity.NOTE)


def _card(source: Source, card: Card, links: Links) -> Iterator[Problem]:
    question = in_one_line(card.question_text)
    if card.suggested:
        message = f"“{question}” has no answer; the best talking point is at"
        yield Problem(card.location, SUGGESTED, message, Severity.NOTE, card.points[0].location)
    longest = source.settings.longest_answer
    words = len(card.answer_text.split())
    if longest and words > longest and not card.suggested:
        message = f"the answer to “{question}” has {words} words; over {longest} is long to rehearse"
        yield Problem(card.location, "long-answer", message, Severity.WARNING)
    if not card.suggested:
        yield from _mentions(card, links, of_graph=source.settings.graph is not None)


def _mentions(card: Card, links: Links, *, of_graph: bool) -> Iterator[Problem]:
    """Check the links, files, pictures and diagrams of a card."""
    path = card.location.path
    for mention in card.mentions:
        location, how, target = Location(path, mention.line), mention.how, mention.target
        if how is How.EMBED or (how is How.LINK and is_media(target.partition("#")[0])):
            yield from _wrong(location, embedded(links, target, path))
        elif how is How.LINK:
            is_tag = of_graph and "#" not in target  # in a graph a link is a tag as well, and its page may be empty
            if not is_tag and not links.leads_somewhere(target, path):
                yield Problem(location, "dead-link", f"[[{target}]] leads nowhere in the vault", Severity.NOTE)
        elif how is How.PATH:
            if not links.leads_somewhere(target, path, as_page=True):
                yield Problem(location, "dead-link", f"the link to {target!r} leads nowhere", Severity.NOTE)
        elif how is How.IMAGE:
            if _REMOTE.match(target):
                yield Problem(location, "remote-picture", f"{target} can only be seen online", Severity.NOTE)
            elif not target.startswith("data:"):
                yield from _wrong(location, embedded(links, target, path))
        elif target in _DIAGRAMS:
            message = f"the {target} diagram is shown as code on the card; Anki draws none"
            yield Problem(location, "diagram", message, Severity.NOTE)


def _loose(source: Source, links: Links) -> Iterator[Problem]:
    """Check the pictures and sounds of texts that are in no card."""
    for mention in source.reading.shows:
        location, target = Location(source.path, mention.line), mention.target
        is_file = is_media(target.partition("#")[0]) if mention.how is How.EMBED else not _REMOTE.match(target)
        if is_file and not target.startswith("data:"):
            yield from _wrong(location, embedded(links, target, source.path))


def _wrong(location: Location, found: Target) -> Iterator[Problem]:
    if found.code:
        yield Problem(location, found.code, found.message, found.severity)


def _duplicates(sources: Iterable[Source]) -> Iterator[Problem]:
    """Point out the questions that are answered twice for one company, and those answered in one place of two.

    What all companies share may have an answer of its own for one of them: that is worth knowing, and no fault.
    """
    by_question: dict[tuple[str, str], list[Card]] = defaultdict(list)
    for source in sources:
        for card in source.cards:
            for company in source.target.slugs:
                by_question[company, question_key(card.question_text)].append(card)
    for (company, key), cards in list(by_question.items()):
        answered = sorted((card for card in cards if not card.is_open), key=lambda card: card.location)
        for card in answered[1:]:
            message = f"“{in_one_line(card.question_text)}” is asked twice, first at"
            yield Problem(card.location, "duplicate", message, Severity.WARNING, answered[0].location)
        shared = [] if company == ALL else [card for card in by_question.get((ALL, key), ()) if not card.is_open]
        for card in (card for card in cards if card.is_open and (answered or shared)):
            message = f"“{in_one_line(card.question_text)}” has no answer here; it has one at"
            yield Problem(card.location, _ELSEWHERE, message, Severity.NOTE, (answered or shared)[0].location)
        for card in answered if shared else ():
            message = f"“{in_one_line(card.question_text)}” is asked here and, for every company, at"
            yield Problem(card.location, "asked-for-all", message, Severity.NOTE, shared[0].location)


def _keys(source: Source) -> Iterator[Problem]:
    """Point out keys in the front matter that look like slips in keys of offbook's."""
    for key in source.note.metadata:
        if key in _KEYS or key.casefold() in _OTHERS_KEYS:
            continue
        close = did_you_mean(key.casefold(), _KEYS, _LIKE_ENOUGH)
        if close:
            message = f"unknown key `{key}` in the front matter; did you mean `{close}`?"
            yield Problem(source.note.place_of(key), "front-matter-key", message, Severity.WARNING)
    yield from _keys_of_other_languages(source)


def _keys_of_other_languages(source: Source) -> Iterator[Problem]:
    """Point out the first key that says in other words what offbook reads under a key that the note lacks.

    Of an interview's day one of its words is enough: `date d'entretien`.
    """
    keys = {key: {key.casefold()} for key in source.note.metadata}
    dated = {
        key: {*whole, *_BETWEEN_WORDS.split(key.casefold())}
        for key, whole in keys.items()
        if _YEAR.search(str(source.note.metadata[key]))
    }
    for right, names, said in (
        ("company", naming("company_keys"), keys),
        (INTERVIEW, naming("interview_keys"), {**keys, **dated}),
    ):
        key = next((key for key in said if said[key] & names), None)
        if key is not None and right not in source.note.metadata:
            message = f"`{key}` is not read; offbook reads `{right}` in the front matter"
            yield Problem(source.note.place_of(key), "front-matter-key", message, Severity.NOTE)


def _perhaps_a_day(source: Source, today: datetime.date) -> Iterator[Problem]:
    """Point out a `date` to come, of a company's note, that may be the day of its interview; past ones are not."""
    key = next((key for key in source.note.metadata if key.casefold() == _DATE), None)
    if key is None or INTERVIEW in source.note.metadata or source.target.shared:
        return
    with suppress(ValueError):
        if read_day(str(source.note.metadata[key])) >= today:
            message = f"`{key}` is not read; if it is the day of the interview, call it `{INTERVIEW}`"
            yield Problem(source.note.place_of(key), "front-matter-key", message, Severity.NOTE)


def _note(card: Card, code: str, message: str) -> Problem:
    return Problem(card.location, code, message, Severity.NOTE)
