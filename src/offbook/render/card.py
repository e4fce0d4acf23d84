"""A card's fields."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import TypeVar

from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from msgspec import structs

from offbook.field_text import SOURCE, gapped, portable
from offbook.language import ENGLISH, language_of
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph
from offbook.markdown.blocks import tokens as tokens_of
from offbook.markdown.html_names import settle
from offbook.markdown.parser import environment, parser
from offbook.model import BETWEEN_TITLES, Body, Card, Content, Kind, Rendered, note_stem
from offbook.render.embeds import Embeds, OfNote, Origin, address_of, note_key
from offbook.render.footnotes import referred_to
from offbook.render.gate import gate, text_field
from offbook.render.html import html_renderer
from offbook.sources.links import Links
from offbook.text import without_id

_Item = TypeVar("_Item")
_STAMPED_BLOCKS = {"html_block", "math_block", "math_block_label"}
_STAMPED = {"embed", "image", "html_inline", "math_inline", "math_inline_double"}


class Renderer:
    """Renders the cards of one note."""

    def __init__(self, links: Links, *, strict_breaks: bool = False, language: str = ENGLISH) -> None:
        """Make one; `links` says what the note's links lead to, and keeps account of that.

        `language` is the note's, which a card is taken to be written in that does not tell its own.
        """
        self._language = language
        self._links = links
        self._of_note = OfNote()
        self._md = parser(strict_breaks)
        rules = zip(self._md.core.ruler.get_active_rules(), self._md.core.ruler.getRules(""), strict=True)
        done = ("normalize", "block", "callout")
        self._rules = [rule for name, rule in rules if name not in done]

    def card(self, card: Card, body: Body, hint: str = "") -> tuple[Rendered, Content]:
        """Return a card's HTML, and what goes with it; what is missing in it is reported there.

        `hint` is Markdown, for a card whose answer holds no `> [!hint]` of its own.
        """
        embeds = Embeds(self._links, self._html, self._of_note)
        origin = Origin(card.location, body.env, body.footnotes, (note_key(card.location.path),))
        answer, hints = _hints_apart(body.answer)
        hints = hints or ([paragraph(hint, card.location.line)] if hint.strip() else [])
        html = Rendered(
            self._question(card, body, origin, embeds),
            "" if card.kind is Kind.CLOZE else gate(self._html(answer, origin, embeds)),
            gate(self._html(hints, origin, embeds), one_line=True) if hints else "",
            text_field(BETWEEN_TITLES.join(card.context)),
            self._source(card),
            language_of(card.question_text, card.answer_text, otherwise=self._language),
        )
        gaps = gapped(html.question) if card.kind is Kind.CLOZE else None
        digests = _digests(html, embeds.targets)
        return html, Content(*digests, _once(embeds.media), _once(embeds.problems), gaps, html.language)

    def with_points(self, card: Card, html: Rendered, content: Content) -> tuple[Rendered, Content]:
        """Return an open question's HTML and content with its talking points as the answer."""
        embeds = Embeds(self._links, self._html, self._of_note)
        references = {label: target for point in card.points for label, target in point.references.items()}
        origin = Origin(card.location, {"references": references}, {}, (note_key(card.location.path),))
        points = [paragraph(point.source, point.location.line) for point in card.points]
        answer = self._html(points, origin, embeds).strip()
        label = '<div class="talking-points-label">Talking points, suggested</div>'
        html = structs.replace(html, answer=gate(f'<div class="talking-points">{label}{answer}</div>'))
        # Talking points are paragraphs of other notes: their lines are none of this one's.
        problems = (structs.replace(problem, location=card.location) for problem in embeds.problems)
        return html, Content(
            *_digests(html, [content.written, *embeds.targets]),
            _once([*content.media, *embeds.media]),
            _once([*content.problems, *problems]),
            language=content.language,
        )

    # -- fields --------------------------------------------------------------------------------

    def _question(self, card: Card, body: Body, origin: Origin, embeds: Embeds) -> str:
        html = gate(self._html(body.question, origin, embeds), body.gaps, one_line=True)
        # HTML that may not stand on a card takes its text with it; a front without text is no card to Anki.
        return html or text_field(card.question_text)

    def _source(self, card: Card) -> str:
        """Return where the question stands: a link that opens it in the vault, or else its path and line.

        The ids of Notion's names say nothing to who reads the card.
        """
        path = card.location.path
        part = f"^{card.block_id}" if card.block_id else card.heading or "".join(card.headings[-1:])
        file = self._links.file(path)
        address = address_of(self._links, file, part)
        if not address:
            return text_field(str(structs.replace(card.location, path=without_id(path))))
        name = self._links.page(file) or note_stem(without_id(path))
        return gate(f'<a href="{escape(address)}">{escape(name)}</a>')

    # -- blocks --------------------------------------------------------------------------------

    def _html(self, blocks: Sequence[Block], origin: Origin, embeds: Embeds) -> str:
        """Return the HTML of blocks, not sanitised: it holds whatever HTML the writer wrote."""
        labels, footnotes = referred_to(blocks, origin.footnotes)
        blocks = [*blocks, *footnotes]
        embeds.documents += 1
        name = f"{embeds.documents}-"
        env = environment(origin.env, labels, docId=name, origin=origin, embeds=embeds)
        tokens = tokens_of(blocks)
        text = "\n".join([token.content for token in tokens if token.type == "inline"])
        state = StateCore("", self._md, env, tokens)
        for rule in self._rules:
            rule(state)
        _stamp_lines(state.tokens)
        if "<" in "".join([token.content for token in tokens]):
            settle(state.tokens)
        if "![[" in text:
            state.tokens = _embeds_as_blocks(state.tokens, embeds, origin)
        # Only the tokens know whether a list is tight once its items are cut out of it.
        return html_renderer().render(state.tokens, self._md.options, env)


def _digests(html: Rendered, targets: Sequence[object]) -> tuple[bytes, bytes]:
    """Return digests of the HTML, and of what was written: links by their targets, wherever those are."""
    written = [portable(text) for text in html.fields[:SOURCE]], targets
    return _digest(html.fields), _digest(written)


def _digest(value: object) -> bytes:
    return hashlib.blake2b(repr(value).encode(), digest_size=12).digest()


def _once(items: Iterable[_Item]) -> tuple[_Item, ...]:
    return tuple(dict.fromkeys(items))


def _hints_apart(answer: Sequence[Block]) -> tuple[Sequence[Block], list[Block]]:
    """Split the answer from the `> [!hint]` callouts in it, unless it is nothing else."""
    rest = [block for block in answer if not _is_hint(block)]
    if not rest:
        return answer, []
    hints: list[Block] = []
    for block in filter(_is_hint, answer):
        title = [paragraph(block.title, block.line, block.line + 1)] if block.title else []
        hints += [*title, *block.children]
    return rest, hints


def _is_hint(block: Block) -> bool:
    return block.type == "callout" and block.marker == "hint" and bool(block.title or block.children)


# Content that may hold a picture, an embed, HTML or a formula.
_CHANGED = re.compile(r"[<\[$]")


def _stamp_lines(tokens: Sequence[Token]) -> None:
    """Put the line of the file into the `meta` of embeds, images, formulas and HTML."""
    for token in tokens:
        line = token.map[0] if token.map else 0
        if line and token.type in _STAMPED_BLOCKS:
            token.meta["line"] = line
        for child in (token.children or ()) if line and _CHANGED.search(token.content) else ():
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            elif child.type in _STAMPED:
                child.meta = {**child.meta, "line": line}


def _embeds_as_blocks(tokens: Sequence[Token], embeds: Embeds, origin: Origin) -> list[Token]:
    """Return tokens with each embedded note between paragraphs: it shows blocks, so it splits the one it stands in."""
    result: list[Token] = []
    for index, token in enumerate(tokens):
        previous = tokens[index - 1] if index else None
        if token.type == "inline" and previous is not None and previous.type == "paragraph_open":
            parts = _parted(token.children or [], embeds, origin)
            if len(parts) > 1 or (parts and isinstance(parts[0], Token)):
                result.pop()
                for part in parts:
                    result += [part] if isinstance(part, Token) else _paragraph_of(part, previous, token)
                continue
        if token.type == "paragraph_close" and result and result[-1].type in ("embed_block", "paragraph_close"):
            continue
        result.append(token)
    return result


def _parted(children: Sequence[Token], embeds: Embeds, origin: Origin) -> list[Token | list[Token]]:
    """Split a paragraph's children at embedded notes, unless they stand in emphasis or a link."""
    parts: list[Token | list[Token]] = []
    run: list[Token] = []
    for child in children:
        if child.type == "embed" and child.level == 0 and embeds.is_note(child.content, origin):
            parts += [run] if _shows(run) else []
            parts.append(child.copy(type="embed_block"))
            run = []
        else:
            run.append(child)
    return [*parts, run] if _shows(run) else parts


def _shows(run: Sequence[Token]) -> bool:
    return any(
        t.type not in ("block_id", "tag", "softbreak", "hardbreak") and (t.type != "text" or t.content.strip())
        for t in run
    )


def _paragraph_of(children: list[Token], opening: Token, inline: Token) -> list[Token]:
    breaks = ("softbreak", "hardbreak")
    while children[0].type in breaks:
        children = children[1:]
    while children[-1].type in breaks:
        children = children[:-1]
    closing = Token("paragraph_close", "p", -1, block=True, hidden=opening.hidden)
    return [opening, inline.copy(children=children), closing]
