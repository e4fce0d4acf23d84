"""The tree of a note's blocks, over markdown-it's flat list of tokens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import ref

from markdown_it.token import Token

_CONTAINERS_OF_ONE_TEXT = {"paragraph", "heading", "th", "td", "dt"}


@dataclass(slots=True, eq=False, weakref_slot=True)
class Block:
    """One block. Its type is the token's without `_open`: `heading`, `paragraph`, `list_item`, `fence`, …"""

    type: str
    line: int
    """The first line in the file, from 1."""
    end: int
    """The line behind its last one."""
    _tokens: Sequence[Token] | None = field(default=None, repr=False)
    content: str = ""
    """A paragraph's, heading's or cell's inline source; a fence's code; an HTML block's source."""
    level: int = 0
    """A heading's level, 1 to 6."""
    marker: str = ""
    """A list's or list item's marker (`-`, `.`), a callout's type, a fence's info string."""
    title: str = ""
    """A callout's title or the summary of `<details>`, inline source."""
    children: list[Block] = field(default_factory=list)
    # Weak: a tree of reference cycles would stay in memory until the garbage collector comes by.
    _parent: ref[Block] | None = field(default=None, repr=False)

    @property
    def parent(self) -> Block | None:
        """The block around this one; None for the root, and once the document is gone."""
        return self._parent() if self._parent is not None else None

    @parent.setter
    def parent(self, block: Block | None) -> None:
        self._parent = ref(block) if block is not None else None

    @property
    def tokens(self) -> Sequence[Token]:
        """All its tokens, those of its children included."""
        if self._tokens is None:  # a paragraph made by `paragraph`, few of which are ever rendered
            lines = [self.line, self.end]
            self._tokens = (
                Token("paragraph_open", "p", 1, map=lines, block=True),
                Token("inline", "", 0, content=self.content, map=lines, block=True, level=1, children=[]),
                Token("paragraph_close", "p", -1, block=True),
            )
        return self._tokens

    @tokens.setter
    def tokens(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens

    def walk(self) -> Iterator[Block]:
        """Yield this block and all blocks in it, in the order of the note."""
        stack = [self]
        while stack:
            block = stack.pop()
            yield block
            stack.extend(reversed(block.children))

    def within(self, *types: str) -> bool:
        """Whether an ancestor is of one of the `types`."""
        block = self.parent
        while block is not None:
            if block.type in types:
                return True
            block = block.parent
        return False

    @property
    def lines(self) -> list[str]:
        """The lines of a paragraph's inline source."""
        return self.content.split("\n")


def paragraph(content: str, line: int, end: int | None = None) -> Block:
    """Return a paragraph of inline source that stands on `line` of the file; `end` is the line behind it."""
    if end is None:
        end = line + content.count("\n") + 1
    return Block("paragraph", line, end, content=content)


def cut(block: Block, first: int, last: int | None = None) -> Block:
    """Return a paragraph of a paragraph's `lines[first:last]`."""
    return _of_lines(block, first, block.lines[first:last])


def cut_at(block: Block, starts: Sequence[int]) -> list[Block]:
    """Return paragraphs of a paragraph's lines, one from each of `starts` to the next, the last to the end."""
    lines = block.lines
    pairs = zip(starts, [*starts[1:], None], strict=False)
    return [_of_lines(block, first, lines[first:last]) for first, last in pairs]


def _of_lines(block: Block, first: int, lines: Sequence[str]) -> Block:
    # A backslash at the end is a line break, and the line that it leads to is cut off.
    text = "\n".join(lines).strip().removesuffix("\\")
    return paragraph(text, block.line + first, block.line + first + len(lines))


def with_children(block: Block, children: list[Block]) -> Block:
    """Return a copy of a container with these children, of which there is at least one, in place of its own."""
    tokens = [block.tokens[0], *(token for child in children for token in child.tokens), block.tokens[-1]]
    end = max(child.end for child in children)
    return replace(block, children=children, _tokens=tokens, line=children[0].line, end=end)


def texts(blocks: Iterable[Block]) -> list[Block]:
    """Return the blocks that hold inline source, in the order of the note."""
    return [inner for block in blocks for inner in block.walk() if inner.type in _CONTAINERS_OF_ONE_TEXT]


def with_texts(blocks: Iterable[Block], sources: Iterator[str]) -> list[Block]:
    """Return copies of blocks with other inline source in their `texts`; a paragraph without any is left out."""
    result: list[Block] = []
    for block in blocks:
        if block.type in _CONTAINERS_OF_ONE_TEXT:
            content = next(sources)
            if content.strip() or block.type != "paragraph":
                tokens = [t.copy(content=content, children=[]) if t.type == "inline" else t for t in block.tokens]
                result.append(replace(block, content=content, _tokens=tokens))
        elif block.children:
            children = with_texts(block.children, sources)
            result += [with_children(block, children)] if children else []
        else:
            result.append(block)
    return result


def tree(tokens: list[Token], first_line: int, line_count: int) -> Block:
    """Return the root of the tree over `tokens`; `first_line` is the line of the file on which the text begins."""
    root = Block("root", first_line, first_line + line_count, tokens)
    open_blocks = [root]
    starts = [0]
    for index, token in enumerate(tokens):
        parent = open_blocks[-1]
        if token.type == "inline":
            if parent.type in _CONTAINERS_OF_ONE_TEXT:
                parent.content = token.content
        elif token.nesting == 1:
            block = _block(token, token.type.removesuffix("_open"), parent, first_line)
            parent.children.append(block)
            open_blocks.append(block)
            starts.append(index)
        elif token.nesting == -1:
            block = open_blocks.pop()
            block.tokens = _Slice(tokens, starts.pop(), index + 1)
        else:
            block = _block(token, token.type, parent, first_line)
            block.content = token.content
            block.tokens = _Slice(tokens, index, index + 1)
            parent.children.append(block)
    return root


def _block(token: Token, type_: str, parent: Block, first_line: int) -> Block:
    line, end = (token.map[0] + first_line, token.map[1] + first_line) if token.map else (parent.line, parent.end)
    block = Block(type_, line, end, marker=token.markup)
    block.parent = parent
    if type_ == "heading":
        block.level = int(token.tag[1])
    elif type_ == "fence":
        block.marker = token.info
    if token.meta:
        block.title = token.meta.get("title") or token.meta.get("summary") or ""
        if type_ == "callout":
            block.marker = token.meta["type"]
    return block


class _Slice(Sequence[Token]):
    """A view of some of the tokens. Copies, one a level, would take the square of a deep tree's size."""

    __slots__ = ("_start", "_stop", "_tokens")

    def __init__(self, tokens: list[Token], start: int, stop: int) -> None:
        self._tokens, self._start, self._stop = tokens, start, stop

    def __len__(self) -> int:
        return self._stop - self._start

    def __iter__(self) -> Iterator[Token]:
        return iter(self._tokens[self._start : self._stop])

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return self._tokens[self._start : self._stop][index]
        return self._tokens[range(self._start, self._stop)[index]]
