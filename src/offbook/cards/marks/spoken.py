"""Headings that name two who speak in turn, one of whom asks, as in the record of an interview or of a chat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from offbook.cards.bare import bare
from offbook.cards.page import Page
from offbook.markdown import Block

_FEWEST = 3  # turns
_MOST = 2 / 3  # of the turns of one who asks that another's follow at once
_HALF = 0.5  # of his turns, that ask


def turns(page: Page) -> Iterator[tuple[list[Block], list[Block], list[Block]]]:
    """Yield the turns in which one asks, with what the other answers and their two headings."""
    flow = page.flows[0]
    names = {id(block): _name(page, block) for block in flow if block.type == "heading"}
    speakers = _speakers(page, flow, names)
    for at, block in enumerate(flow) if speakers else ():
        asked = _below(flow, at, names, {*names.values()}) if names.get(id(block)) == speakers[0] else []
        then = at + 1 + len(asked)
        if _asks(page, asked) and then < len(flow) and names.get(id(flow[then])) == speakers[1]:
            yield asked, _below(flow, then, names, {*speakers}), [block, flow[then]]


def _speakers(page: Page, flow: Sequence[Block], names: dict[int, str]) -> tuple[str, ...]:
    """Return the names of one who asks and of one who answers; none where no two speak in turn."""
    named = [(at, names[id(block)]) for at, block in enumerate(flow) if names.get(id(block))]
    counts = Counter(name for _, name in named)
    pairs = Counter(pair for pair in pairwise(name for _, name in named) if pair[0] != pair[1])
    for (asking, telling), count in pairs.most_common(1):
        asks: dict[str, list[bool]] = {asking: [], telling: []}
        for at, name in named:
            if name in asks:
                asks[name].append(_asks(page, _below(flow, at, names, {*names.values()})))
        share = {name: sum(found) / len(found) for name, found in asks.items()}
        in_turn = min(counts[asking], counts[telling]) >= _FEWEST and count >= _MOST * counts[asking]
        if in_turn and share[asking] >= _HALF and share[telling] <= share[asking] / 2:
            return asking, telling
    return ()


def _name(page: Page, heading: Block) -> str:
    """Return the name that a heading may be; nothing of a label, a part of a story and what asks."""
    name = bare(page.text(heading.content)).casefold().strip(" :")
    lexicon = page.lexicon
    is_other = lexicon.answer_label(name) or lexicon.story_part(name) or lexicon.question(name)
    return "" if is_other or name in lexicon.labels else name


def _below(flow: Sequence[Block], at: int, names: dict[int, str], ends: set[str]) -> list[Block]:
    """Return what stands below a heading, down to the next one with a name that ends it."""
    following = (flow[index] for index in range(at + 1, len(flow)))
    return list(takewhile(lambda block: names.get(id(block)) not in ends, following))


def _asks(page: Page, blocks: Sequence[Block]) -> bool:
    return any(page.lexicon.question(page.asked(block.content)) for block in blocks if block.type == "paragraph")
