"""Makes the page of `offbook ready --html`: one HTML file, with charts and all cards, that needs nothing else.

What it says stands in the HTML; its script searches and sorts the list of cards. The content security policy lets only
that script run, by its hash, and loads nothing.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from offbook import notetypes
from offbook.interview import days_until, spoken, weekday
from offbook.readiness import Asked, Readiness
from offbook.readiness.advice import OFTEN, advice
from offbook.readiness.chart import charts

_MARKER = re.compile(r"<!--\[(\w+)\]-->")
_WEAK, _SHAKY = 0.5, 0.8  # recalls below which a card is shown as such
_COLUMNS = (("recall", "Recall"), ("question", "Question"), ("place", "Place"), ("due", "Next"), ("lapses", "Failed"))


def page(every: Sequence[Readiness]) -> str:
    """Return the page's HTML, company by company in the given order."""
    script = _read("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    parts = {
        "policy": escape(policy),
        "css": notetypes.css() + _read("page.css"),
        "companies": "".join(map(_company, every)) or '<p class="none">No card was found in these notes.</p>',
        "script": script,
    }
    # In one pass: what looks like a marker within the parts is left alone.
    return _MARKER.sub(lambda match: parts[match[1]], _read("page.html"))


def _company(ready: Readiness) -> str:
    return (
        f'<section class="company"><h2 class="company-name" dir="auto">{escape(ready.company)}</h2>'
        f'<p class="when">{_when(ready)}</p>{_figures(ready)}{charts(ready)}{_advice(ready)}{_list(ready)}</section>'
    )


def _when(ready: Readiness) -> str:
    day = ready.interview
    if day is None:
        return "No interview is set: this is for today. The day is set in a note: <code>interview: 2026-12-03</code>."
    return f"{weekday(day)} {spoken(day)} {day.year}, {days_until(day, ready.by_calendar)}"


def _figures(ready: Readiness) -> str:
    """Return the figures in large letters: a number, of how many, and what it is."""
    cards = f" of {len(ready.cards)}"
    figures = [(f"{ready.stopped[-1]:.0f}", cards, "if you stop now" if ready.interview else "known today")]
    if ready.days:
        figures.append((f"{ready.kept_up[-1]:.0f}", cards, "if you keep up"))
    others = (
        (ready.unseen, "not yet seen"),
        (ready.open, "open questions"),
        (ready.suspended, "suspended, not counted"),
        (ready.retired, "retired, not counted"),
        (ready.deleted, "deleted in Anki, not counted"),
    )
    figures += [(str(number), "", what) for number, what in others if number]
    shown = "".join(
        f'<div class="figure"><dt>{what}</dt><dd><b>{number}</b>{of}</dd></div>' for number, of, what in figures
    )
    return f'<dl class="figures">{shown}</dl>'


def _advice(ready: Readiness) -> str:
    helps = "".join(f"<li>{escape(text[:1].upper() + text[1:])}.</li>" for text in advice(ready))
    evening = ""
    if ready.search and ready.interview:
        search = f"<code>{escape(ready.search)}</code>"
        evening = f"<p>The evening before, in Anki, <i>Tools &gt; Create Filtered Deck</i> with {search}</p>"
    return f'<div class="advice">{f"<ul>{helps}</ul>" if helps else ""}{evening}</div>'


# -- the list of cards -----------------------------------------------------------------------------


def _list(ready: Readiness) -> str:
    if not ready.cards:
        return ""
    heads = "".join(
        f'<button type="button" class="sort {key}" data-key="{key}" aria-pressed="{str(key == "recall").lower()}">'
        f"{name}</button>"
        for key, name in _COLUMNS
    )
    return (
        '<div class="cards"><div class="find"><input class="search" type="search" placeholder="Search the cards" '
        f'aria-label="Search the cards of {escape(ready.company)}" autocomplete="off" spellcheck="false">'
        f'<span class="count" aria-live="polite">{len(ready.cards)}</span></div><div class="heads">{heads}</div>'
        f'<ol class="list">{"".join(_rows(ready))}</ol><p class="none" hidden>No card holds these words.</p></div>'
    )


def _rows(ready: Readiness) -> Iterator[str]:
    for card in ready.cards:
        level = "new" if not card.seen else "weak" if card.recall < _WEAK else "shaky" if card.recall < _SHAKY else ""
        due = card.due.isoformat() if card.due else "9999"
        keys = f'data-recall="{card.recall:.4f}" data-due="{due}" data-lapses="{card.lapses}"'
        often = '<span class="often">rewrite this answer</span>' if card.lapses >= OFTEN else ""
        yield (
            f'<li class="row {level}" {keys}><span class="recall">{_recall(card)}</span>'
            f'<span class="question" dir="auto">{escape(" ".join(card.question.split()))}{often}</span>'
            f'<code class="place">{escape(str(card.location))}</code>'
            f'<span class="due">{spoken(card.due) if card.due else "–"}</span>'
            f'<span class="lapses">{card.lapses or "–"}</span></li>'
        )


def _recall(card: Asked) -> str:
    return f"{card.recall:.0%}" if card.seen else "new"


def _read(name: str) -> str:
    return (files(__package__) / name).read_text("utf-8")
