"""Makes the page of `offbook preview`: one HTML file that shows every card as Anki will.

The page holds all cards as data, in one JSON element. It shows the chosen one in a frame that has no access to the
page, with the notetypes' own templates and style sheet. The page's content security policy lets only the page's and
the templates' own scripts run, by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from pathlib import Path

from offbook import notetypes
from offbook.companies import choose
from offbook.errors import Problem
from offbook.export import gone, retired_tags
from offbook.model import ALL, BETWEEN_TITLES, Entry, IdentifiedCard, Kind, note_stem, section, served
from offbook.notetypes import CLOZE, QUESTION, Notetype
from offbook.pipeline import render, stored_fields, values_of
from offbook.preview.mathml import with_mathml
from offbook.preview.media import Embedded
from offbook.preview.templates import Face, faces
from offbook.project import Project
from offbook.survey import survey
from offbook.text import fold, without_id

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_MARKER = re.compile(r"<!--\[(\w+)\]-->")
_EVERYONE = "All companies"
_PLACES = ("cards", "open", "retired")
Fields = tuple[str, ...]
"""The HTML of an Anki note's fields, in the notetype's order."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One card of Anki's as the page knows it: `page.js` reads these names."""

    id: str
    """The guid, and behind a dot the `side`."""
    place: str
    """The list that it is in: `cards`, `open` or `retired`."""
    group: str
    """The companies, by name."""
    section: str
    """The note, and the headings above the card."""
    title: str
    """The question."""
    badges: tuple[str, ...]
    """Words beside the title: the name of the template or the number of the gap, `points` for talking points."""
    where: str
    """`path:line`."""
    about: tuple[str, ...]
    """The deck, the tags, and what else there is to say."""
    text: str
    """What the search looks through besides the other attributes: the answer."""
    side: int = 1
    """The number of the card among those that Anki makes of the note, from 1."""
    front: str = ""
    back: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """The page, and what the command says about it."""

    html: str
    counts: dict[str, int]
    """How many Anki notes there are in each place."""
    problems: list[Problem]


def preview(project: Project, wanted: Sequence[str]) -> Preview:
    """Make the page for the companies `wanted`, by name, or for all without names.

    Raises UsageError for an unknown company, LedgerError.
    """
    surveyed = survey(project, rendered=True)
    chosen = choose(wanted, surveyed.names, gone=surveyed.gone) if wanted else list(surveyed.names)
    rendered = render(project, [card for card in surveyed.cards if served(card.companies, chosen)])
    fields_of = values_of(project, {})
    present = [(card, fields_of(card)) for card, _ in rendered]
    project.memo.save()
    lost = [e for e in gone(surveyed.ledger.entries, surveyed.cards, surveyed.unread, chosen) if not e.twin_of]
    cards = [*_present(present), *_retired(lost, stored_fields(project, lost), surveyed.names)]
    files_of = {name: Path(file) for _, content in rendered for name, file in content.media}
    media = Embedded(files_of, project.library.media.read)
    shown = [
        replace(card, front=with_mathml(media.take(card.front)), back=with_mathml(media.take(card.back)))
        for card in cards
    ]
    counts = {place: len({c.id.rpartition(".")[0] for c in shown if c.place == place}) for place in _PLACES}
    css = notetypes.styled(project.settings.css)
    problems = [*surveyed.problems, *(problem for _, content in rendered for problem in content.problems)]
    return Preview(_page(shown, media, css), counts, problems)


# -- what is shown ---------------------------------------------------------------------------------


def _present(cards: Sequence[tuple[IdentifiedCard, Fields]]) -> Iterator[Shown]:
    """Yield the cards of the notes, company by company: first those of one company, then of several, then of all."""
    for identified, fields in sorted(cards, key=lambda pair: _rank(pair[0].source.target.names)):
        card, source = identified.card, identified.source
        notetype = CLOZE if card.kind is Kind.CLOZE else QUESTION
        if card.is_open:
            fields = _with_answer(notetype, fields, "There is no answer in the notes yet.")
        yield from _sides(
            faces(notetype, fields, identified.tags),
            Shown(
                id=identified.guid,
                place="open" if card.is_open else "cards",
                group=", ".join(source.target.names) or _EVERYONE,
                section=_section(source.note.stem, section(card)),
                title=" ".join(card.question_text.split()),
                badges=("points",) if card.suggested else (),
                where=str(card.location),
                about=(source.deck, *_hashtags(identified.tags)),
                text=card.answer_text,
            ),
        )


def _section(name: str, titles: str) -> str:
    """Return a note's name and the titles around a card; where the first title is the name, it is said once."""
    first = titles.partition(BETWEEN_TITLES)[0]
    return titles if fold(first) == fold(name) else BETWEEN_TITLES.join(filter(None, (name, titles)))


def _hashtags(tags: Sequence[str]) -> list[str]:
    """Return the tags as the page shows them; those of companies come last, as the deck says the same."""
    return [f"#{tag}" for tag in sorted(tags, key=lambda tag: tag.startswith("company::"))]


def _rank(names: tuple[str, ...]) -> tuple[int, str]:
    """Sort key: by the number of companies, all of them (no names) last, then by their names."""
    return (len(names) if names else 1_000, ", ".join(names).casefold())


def _retired(lost: Sequence[Entry], stored: Mapping[str, Fields], names: Mapping[str, str]) -> Iterator[Shown]:
    """Yield the cards that are gone from the notes; `stored` has the fields that the packages hold, by guid."""

    def companies(entry: Entry) -> tuple[str, ...]:
        return () if ALL in entry.companies else tuple(names.get(key, key) for key in entry.companies)

    for entry in sorted(lost, key=lambda entry: (_rank(companies(entry)), entry.note, entry.section, entry.question)):
        notetype, fields = _last_exported(entry, stored)
        day = datetime.fromtimestamp(entry.retired, UTC).date().isoformat() if entry.retired else ""
        yield from _sides(
            faces(notetype, fields, retired_tags(entry)),
            Shown(
                id=entry.guid,
                place="retired",
                group=", ".join(companies(entry)) or _EVERYONE,
                section=_section(without_id(note_stem(entry.note)), entry.section),
                title=" ".join(entry.question.split()),
                badges=(),
                where=entry.note,
                about=(entry.deck, f"retired on {day}" if day else "will be retired by the next export"),
                text="",
            ),
        )


def _last_exported(entry: Entry, stored: Mapping[str, Fields]) -> tuple[Notetype, Fields]:
    """Return a card's notetype and fields as they were last exported; just the question where nobody kept them."""
    notetype = CLOZE if entry.cloze else QUESTION
    fields = entry.kept or stored.get(entry.guid, ())
    if len(fields) == len(notetype.fields):
        return notetype, fields
    question = (escape(entry.question), *[""] * (len(QUESTION.fields) - 1))
    return QUESTION, _with_answer(QUESTION, question, "Its answer was not kept. Anki still has it.")


def _with_answer(notetype: Notetype, fields: Fields, message: str) -> Fields:
    """Return the fields with a message where the answer would be, which says why there is none."""
    values = dict(zip(notetype.fields, fields, strict=True))
    values["Extra" if notetype is CLOZE else "Answer"] = f'<p><span class="missing">{escape(message)}</span></p>'
    return tuple(values.values())


def _sides(made: Iterable[Face], shown: Shown) -> Iterator[Shown]:
    """Yield each card that Anki makes of an Anki note; `shown` is what they have in common."""
    anki_cards = list(made)
    for face in anki_cards:
        names = () if len(anki_cards) == 1 or face.name == "Rehearse" else (face.name.lower(),)
        yield replace(
            shown,
            id=f"{shown.id}.{face.ordinal + 1}",
            badges=(*names, *shown.badges),
            side=face.ordinal + 1,
            front=face.front,
            back=face.back,
        )


# -- the page --------------------------------------------------------------------------------------


def _page(cards: Sequence[Shown], media: Embedded, css: str) -> str:
    """Return the page's HTML; `css` is the notetypes' style sheet."""
    frame = _fill("card.html", css=css, anki=_read("card.css"), script=_read("card.js"))
    data = {"cards": [asdict(card) for card in cards], "media": media.addresses, "frame": frame}
    return _fill(
        "page.html",
        policy=escape(_policy()),
        css=css + _read("page.css"),
        data=_json(data),
        script=_read("page.js"),
    )


def _policy() -> str:
    """Return the page's content security policy, also its frame's: only our own scripts run, and nothing is loaded."""
    scripts = [_read("page.js"), _read("card.js")]
    for _, stem in (*QUESTION.templates, *CLOZE.templates):
        scripts += [script for side in notetypes.template(stem) for script in _SCRIPT.findall(side)]
    hashes = {base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts}
    allowed = " ".join(f"'sha256-{digest}'" for digest in sorted(hashes))
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; media-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _json(data: object) -> str:
    """Return JSON for a script element. A `</script>` in it would end that, and a `<!--` would hide its real end."""
    return json.dumps(data, ensure_ascii=False).replace("</", "<\\/").replace("<!", "<\\u0021")


def _fill(name: str, **parts: str) -> str:
    """Return a file with `parts` in the place of its markers. One pass: markers within `parts` are left alone."""
    return _MARKER.sub(lambda match: parts[match[1]], _read(name))


def _read(name: str) -> str:
    return (files(__package__) / name).read_text("utf-8")
