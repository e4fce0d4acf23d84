"""One HTML file that shows every card as Anki will: `offbook preview`.

The page holds all cards as data, in one JSON element, and shows the chosen one in a frame, with the notetypes' own
templates and style sheet. The frame cannot reach the page, and the page's policy allows no scripts but the page's and
the templates' own, which it names by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from pathlib import Path

from offbook import notetypes
from offbook.companies import choose
from offbook.errors import Problem
from offbook.export import gone, retired_tags
from offbook.model import ALL, Entry, IdentifiedCard, Kind, note_stem, served
from offbook.notetypes import CLOZE, QUESTION
from offbook.package import AnkiNote
from offbook.pipeline import render, stored_fields, survey, values_of
from offbook.preview.mathml import with_mathml
from offbook.preview.media import Embedded
from offbook.preview.templates import faces
from offbook.project import Project

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_MARKER = re.compile(r"<!--\[(\w+)\]-->")
_EVERYONE = "All companies"


@dataclass(frozen=True, slots=True)
class Shown:
    """One Anki card as the page knows it."""

    id: str
    place: str
    """`cards`, `open` or `retired`: the list that it stands in."""
    group: str
    """The company."""
    section: str
    """The note and the sections in it."""
    title: str
    badges: tuple[str, ...]
    where: str
    """`path:line`."""
    about: tuple[str, ...]
    """The deck, the tags, and what else there is to say."""
    text: str
    """What the search looks through, besides what is shown in the list."""
    side: int
    """Anki's number of the card, from 1."""
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The page, and what the command says about it."""

    html: str
    counts: dict[str, int]
    """How many notes in each place."""
    problems: list[Problem]


def preview(project: Project, wanted: Sequence[str]) -> Preview:
    """Make the page for the companies named, or for all; raise UsageError for an unknown one."""
    surveyed = survey(project, rendered=True)
    chosen = choose(wanted, surveyed.names) if wanted else list(surveyed.names)
    rendered = render(project, [card for card in surveyed.cards if served(card.companies, chosen)])
    values = values_of(project)
    here = [(card, _note(card, values(card))) for card, _ in rendered]
    project.memo.save()
    lost = gone(surveyed.entries, surveyed.cards, surveyed.unread, chosen)
    stored = stored_fields(project, lost)
    kept = {entry.guid: _kept(entry, entry.kept or stored.get(entry.guid, ())) for entry in lost}
    notes = [*_present(here), *_retired(lost, kept, surveyed.names)]
    media = Embedded({name: Path(file) for _, content in rendered for name, file in content.media})
    shown = [replace(card, front=_ready(card.front, media), back=_ready(card.back, media)) for card in notes]
    counts = {place: len({c.id.rpartition(".")[0] for c in shown if c.place == place}) for place in _PLACES}
    css = notetypes.styled(project.settings.css)
    problems = [*surveyed.problems, *(problem for _, content in rendered for problem in content.problems)]
    return Preview(_page(shown, media, css), counts, problems)


def _note(card: IdentifiedCard, fields: tuple[str, ...]) -> AnkiNote:
    notetype = CLOZE if card.card.kind is Kind.CLOZE else QUESTION
    return AnkiNote(card.guid, notetype, fields, card.tags, card.source.deck, 0, 0)


def _kept(entry: Entry, fields: tuple[str, ...]) -> AnkiNote:
    """Return the Anki note of a retired card, or of what is left of it."""
    notetype = CLOZE if entry.cloze else QUESTION
    if len(fields) == len(notetype.fields):
        return AnkiNote(entry.guid, notetype, fields, retired_tags(entry), entry.deck, 0, 0)
    fields = (escape(entry.question), *[""] * (len(QUESTION.fields) - 1))
    note = AnkiNote(entry.guid, QUESTION, fields, (), entry.deck, 0, 0)
    return _with_answer(note, "Its answer was not kept. Anki still has it.")


_PLACES = ("cards", "open", "retired")


def _ready(html: str, media: Embedded) -> str:
    return with_mathml(media.take(html))


# -- what is shown ---------------------------------------------------------------------------------


def _present(cards: Sequence[tuple[IdentifiedCard, AnkiNote]]) -> Iterator[Shown]:
    """Yield the cards of the notes, company by company: those of one, of several, of all."""
    for identified, note in sorted(cards, key=lambda pair: _rank(pair[0].source.target.names)):
        card = identified.card
        if card.is_open:
            note = _with_answer(note, "There is no answer in the notes yet.")
        name = note_stem(card.location.path)
        yield from _faces(
            note,
            Shown(
                id=identified.guid,
                place="open" if card.is_open else "cards",
                group=", ".join(identified.source.target.names) or _EVERYONE,
                section=" › ".join((name, *card.headings)),
                title=" ".join(card.question_text.split()),
                badges=("points",) if card.suggested else (),
                where=str(card.location),
                about=(note.deck, *_tags(note)),
                text=card.answer_text,
                side=1,
                front="",
                back="",
            ),
        )


def _tags(note: AnkiNote) -> list[str]:
    """Return the tags, those of companies last, since the deck says the same."""
    return [f"#{tag}" for tag in sorted(note.tags, key=lambda tag: tag.startswith("company::"))]


def _rank(names: tuple[str, ...]) -> tuple[int, str]:
    return (len(names) if names else 1_000, ", ".join(names).casefold())


def _retired(lost: Sequence[Entry], kept: Mapping[str, AnkiNote], names: Mapping[str, str]) -> Iterator[Shown]:
    def companies(entry: Entry) -> tuple[str, ...]:
        return () if ALL in entry.companies else tuple(names.get(key, key) for key in entry.companies)

    for entry in sorted(lost, key=lambda e: (_rank(companies(e)), e.note, e.section, e.question)):
        note = kept[entry.guid]
        day = datetime.fromtimestamp(entry.retired, UTC).date().isoformat() if entry.retired else ""
        name = note_stem(entry.note)
        yield from _faces(
            note,
            Shown(
                id=entry.guid,
                place="retired",
                group=", ".join(companies(entry)) or _EVERYONE,
                section=" › ".join(filter(None, (name, entry.section))),
                title=" ".join(entry.question.split()),
                badges=(),
                where=entry.note,
                about=(entry.deck, f"retired on {day}" if day else "will be retired by the next export"),
                text="",
                side=1,
                front="",
                back="",
            ),
        )


def _with_answer(note: AnkiNote, message: str) -> AnkiNote:
    """Return the Anki note with a message in place of its answer."""
    values = dict(zip(note.notetype.fields, note.fields, strict=True))
    values["Extra" if note.notetype is CLOZE else "Answer"] = f'<p><span class="missing">{escape(message)}</span></p>'
    return replace(note, fields=tuple(values.values()))


def _faces(note: AnkiNote, shown: Shown) -> Iterator[Shown]:
    sides = list(faces(note.notetype, note.fields))
    for face in sides:
        names = () if len(sides) == 1 or face.name == "Rehearse" else (face.name.lower(),)
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
    """Return the page's content security policy, which its frame inherits: nothing is loaded, no script but ours."""
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
    """Return JSON that holds neither `</`, which could end the script element, nor `<!`, which could hide its end."""
    return json.dumps(data, ensure_ascii=False).replace("</", "<\\/").replace("<!", "<\\u0021")


def _fill(name: str, **parts: str) -> str:
    """Return a file with its markers replaced, in one pass: no marker is looked for in what replaces another."""
    return _MARKER.sub(lambda match: parts[match[1]], _read(name))


def _read(name: str) -> str:
    return (files(__package__) / name).read_text("utf-8")
