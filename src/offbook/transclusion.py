"""What cards that embed other notes say: their plain text, or nothing. Recognition does not know the vault."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from msgspec import structs

from offbook.errors import Location, Problem, Severity
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph
from offbook.markdown.plain import plain
from offbook.model import Body, Card, Found, How, Mention, Passed
from offbook.sources.links import Links
from offbook.sources.targets import DEAD_LINK, embedded
from offbook.text import in_one_line

_EMBED = re.compile(r"!\[\[([^\[\]\n|]+)(?:\|[^\[\]\n]*)?\]\]")
_SEE = r"(?:(?:→|->|=>|see:?|siehe:?|s\.|vgl\.|voir:?|ver:?|vedi:?|см\.)\s*)"
_PATH = r"(?!\w{2,}:|/)(?:[^()<>\s#]|\([^()<>\s#]*\))+\.(?:md|markdown)"
_LINK = re.compile(
    rf"{_SEE}?(?:\[\[(?P<note>[^\[\]|\n#^]+)(?:\|[^\[\]\n]*)?\]\]|\[[^\[\]\n]+\]\((?P<path>{_PATH})\))\.?",
    re.IGNORECASE,
)
_NOT_IN_EMBEDS = frozenset("[]|#^\n")
_JOINED = r"[^\w\n\[\]]{0,4}(?:\w{1,4}[^\w\n\[\]]{0,4})?"  # what stands between links: `/`, `, and `
_ELSEWHERE = re.compile(rf"{_SEE}(?:\[\[[^\[\]\n]+\]\]{_JOINED})+", re.IGNORECASE)
_LONGEST_LINKED = 3_000  # characters, about what is read aloud in three minutes
DEEPEST = 5
"""How many notes may stand in each other."""
MOST = 500
"""How many embeds one card may hold, those within embeds included: ten notes may embed each other ten times."""
LARGEST_OF_NOTE = 5_000_000
"""How many characters all cards of one note may show of others."""


def with_embeds(found: Found, links: Links) -> Found:
    """Return what was found in a note, with the text of what cards embed in their plain answers.

    A question whose whole answer is embeds of notes that are not there is open, which is a problem.
    """
    shared = _Shared()
    cards, bodies, problems, passed = [], [], list(found.problems), list(found.passed)
    for written, linking in zip(found.cards, found.bodies, strict=True):
        card, body = written, with_linked_note(linking, written.location.path, links)
        bodies.append(body)
        passed += _only_links(card, body)
        if body is not linking:
            card = structs.replace(card, mentions=tuple(_shown(each, body.answer[0].line) for each in card.mentions))
        if dead := _dead(card, body, links):
            shown = tuple(mention for mention in card.mentions if mention not in dead)
            cards.append(structs.replace(card, is_open=True, answer_text="", mentions=shown))
            problems += [_unanswered(card, mention, links) for mention in dead]
        else:
            cards.append(_with_embeds(card, body, links, shared))
    return replace(found, cards=tuple(cards), bodies=tuple(bodies), problems=tuple(problems), passed=tuple(passed))


def with_linked_note(body: Body, path: str, links: Links) -> Body:
    """Turn a link to a short note, where it is all of an answer in the note at `path`, into an embed of that note.

    It may be written in either way: `[[Angry parent]]`, `[Angry parent](Angry%20parent.md)`.
    """
    block = body.answer[0] if len(body.answer) == 1 and not body.gaps else None
    while block is not None and len(block.children) == 1 and block.type != "blockquote":
        block = block.children[0]
    match = _LINK.fullmatch(block.content) if block is not None and block.type == "paragraph" else None
    target = (match["note"] or unquote(match["path"])) if match else ""
    part = embedded(links, target, path).part if target and not set(target) & _NOT_IN_EMBEDS else None
    if block is None or part is None:
        return body
    if sum(len(inner.content) for shown in part.blocks for inner in shown.walk()) > _LONGEST_LINKED:
        return body
    return replace(body, answer=(paragraph(f"![[{target}]]", block.line, block.end),))


def _only_links(card: Card, body: Body) -> Iterator[Passed]:
    """Yield a near miss where an answer only says where to look: `see [[A]] / [[B]]`."""
    texts = [inner.content for block in body.answer for inner in block.walk() if inner.content]
    if len(texts) == 1 and _ELSEWHERE.fullmatch(texts[0].strip()):
        message = (
            f"the answer to “{in_one_line(card.question_text)}” only says where to look; write it here, or link to one "
            "short note or to a part of one, which the card then shows"
        )
        yield Passed(Location(card.location.path, body.answer[0].line), "", message, "only-links")


def _shown(mention: Mention, line: int) -> Mention:
    return structs.replace(mention, how=How.EMBED) if mention.line == line and mention.how is How.LINK else mention


def _dead(card: Card, body: Body, links: Links) -> list[Mention]:
    """Return the embeds that are all of an answer where each leads nowhere; nothing where the answer shows anything."""
    blocks = [inner for block in body.answer for inner in block.walk()]
    first = body.answer[0].line if body.answer else 0
    embeds = [mention for mention in card.mentions if mention.how is How.EMBED and mention.line >= first]
    if body.gaps or not embeds or any(block.title or _EMBED.sub("", block.content).strip() for block in blocks):
        return []
    return embeds if all(_leads_nowhere(links, card, mention) for mention in embeds) else []


def _leads_nowhere(links: Links, card: Card, mention: Mention) -> bool:
    return embedded(links, mention.target, card.location.path).code == DEAD_LINK


def _unanswered(card: Card, mention: Mention, links: Links) -> Problem:
    message = embedded(links, mention.target, card.location.path).message
    place = Location(card.location.path, mention.line)
    return Problem(place, DEAD_LINK, f"{message}, and nothing else answers the question", Severity.WARNING)


def _with_embeds(card: Card, body: Body, links: Links, shared: _Shared) -> Card:
    if body.gaps:
        return card
    # A question's own text tells it from others, whatever it embeds, but for a reference to a block of Logseq's.
    texts = (("question_text", body.question, "![[(("), ("answer_text", body.answer, "![["))
    for name, blocks, mark in texts:
        if shared.left >= 0 and any(mark in inner.content for block in blocks for inner in block.walk()):
            text = _Expansion(links, shared).plain(blocks, body.env, card.location.path, 0)
            shared.left -= len(text)
            card = structs.replace(card, **{name: text or getattr(card, name)})
    return card


@dataclass(slots=True)
class _Shared:
    """The texts that cards of one note embed: one that many of them show is made once."""

    texts: dict[tuple[str, str, int, int], tuple[str, int]] = field(default_factory=dict)
    """By where it stands, the number of embeds left before it included: the text, and the number left behind it."""
    left: int = LARGEST_OF_NOTE
    """How many more characters answers with embeds may have."""


class _Expansion:
    """Puts the text of notes in place of their embeds, for one card."""

    def __init__(self, links: Links, shared: _Shared) -> None:
        self._links = links
        self._shared = shared
        self._left = MOST

    def plain(self, blocks: Sequence[Block], env: dict[str, Any], path: str, depth: int) -> str:
        """Return the text of blocks that stand in the note at `path`."""

        def text(match: re.Match[str]) -> str:
            key = match[1], path, depth, self._left
            if key not in self._shared.texts:
                self._shared.texts[key] = expanded(match), self._left
            expansion, self._left = self._shared.texts[key]
            return expansion

        def expanded(match: re.Match[str]) -> str:
            self._left -= 1
            part = embedded(self._links, match[1], path).part if depth < DEEPEST and self._left >= 0 else None
            if part is None:
                return ""
            return self.plain(part.blocks, part.document.env, part.note.path, depth + 1)

        return plain(blocks, env, lambda source: _EMBED.sub(text, source))
