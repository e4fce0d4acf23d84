"""Headings that name two who speak in turn, one of whom asks, as in the record of an interview or of a chat."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from offbook.cards.note.page import Page
from offbook.cards.words.bare import bare
from offbook.markdown import Block

_FEWEST = 3  # turns
_MOST = 2 / 3  # of the turns of one who asks that another's follow at once
_FEW = 2  # turns of another one who asks
_HALF = 0.5  # of his turns, that ask; of answers, that have titles


class _Speakers(NamedTuple):
    asking: frozenset[str]
    telling: str


def turns(page: Page) -> Iterator[tuple[list[Block], list[Block], list[Block]]]:
    """Yield the turns in which one asks, with what the other answers and their two headings.

    An answer ends at the next heading, unless most answers have titles of their own: then at the next turn.
    """
    flow = page.flows[0]
    names = {id(block): _name(page, block) for block in flow if block.type == "heading"}
    speakers = _speakers(page, flow, names)
    if speakers is None:
        return
    found: list[tuple[int, int]] = []
    for at, block in enumerate(flow):
        then = _end(flow, at, names, None) if names.get(id(block)) in speakers.asking else len(flow)
        if then < len(flow) and names.get(id(flow[then])) == speakers.telling and _asks(page, flow[at + 1 : then]):
            found.append((at, then))
    ends = {*speakers.asking, speakers.telling}
    titled = sum(_end(flow, then, names, None) < _end(flow, then, names, ends) - 1 for _, then in found)
    for at, then in found:
        end = _end(flow, then, names, ends if titled >= _HALF * len(found) else None)
        yield flow[at + 1 : then], flow[then + 1 : end], [flow[at], flow[then]]


def _speakers(page: Page, flow: list[Block], names: dict[int, str]) -> _Speakers | None:
    """Return the names of those who ask and of one who answers them; None where nobody speaks in turn."""
    named = [(at, names[id(block)]) for at, block in enumerate(flow) if names.get(id(block))]
    counts = Counter(name for _, name in named)
    if sum(count >= _FEWEST for count in counts.values()) < 2:  # one who asks, one who tells
        return None
    pairs = Counter(pair for pair in pairwise(name for _, name in named) if pair[0] != pair[1])
    asks: dict[str, list[bool]] = defaultdict(list)
    for at, name in named:
        asks[name].append(_asks(page, flow[at + 1 : _end(flow, at, names, None)]))
    share = {name: sum(found) / len(found) for name, found in asks.items()}
    for (first, telling), count in pairs.most_common(1):
        in_turn = min(counts[first], counts[telling]) >= _FEWEST and count >= _MOST * counts[first]
        if in_turn and share[first] >= _HALF and share[telling] <= share[first] / 2:
            others = (name for name in counts if pairs[name, telling] >= _FEW and share[name] >= _HALF)
            return _Speakers(frozenset((first, *others)), telling)
    return None


def _name(page: Page, heading: Block) -> str:
    """Return the name that a heading may be; nothing of a label, a part of a story and what asks."""
    name = bare(page.text(heading.content)).casefold().strip(" :")
    lexicon = page.lexicon
    is_other = lexicon.answer_label(name) or lexicon.story_part(name) or lexicon.question(name)
    return "" if is_other or name in lexicon.labels else name


def _end(flow: list[Block], at: int, names: dict[int, str], ends: set[str] | None) -> int:
    """Return where what stands below a heading ends: at the next heading, or at one with a name that `ends` it."""
    following = range(at + 1, len(flow))
    is_end = (n for n in following if (name := names.get(id(flow[n]))) is not None and (ends is None or name in ends))
    return next(is_end, len(flow))


def _asks(page: Page, blocks: Sequence[Block]) -> bool:
    return any(page.question(block.content) for block in blocks if block.type == "paragraph")
