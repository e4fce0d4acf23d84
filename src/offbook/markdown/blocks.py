"""The tree of a note's blocks, over markdown-it's flat list of tokens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from types import MappingProxyType
from typing import Any, NamedTuple
from weakref import ref

from markdown_it.token import Token

from offbook.markdown.opaque import without_comments

_CONTAINERS_OF_ONE_TEXT = {"paragraph", "heading", "th", "td", "dt"}
_PLAIN = 6  # the parts of a form without `attrs` and `meta`
_SHORT = 40  # characters of a text that may well recur
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Form(NamedTuple):
    """What a block's tokens say besides its text: how markdown-it wrote it. Blocks that are alike share it."""

    tag: str
    """The HTML element."""
    nests: bool
    """Whether it has an opening and a closing token, or is a token by itself."""
    has_text: bool = False
    """Whether inline source stands between the two."""
    markup: str = ""
    info: str = ""
    hidden: bool = False
    """Of a paragraph: whether it stands in a tight list, which shows no paragraphs."""
    attrs: Mapping[str, str | int | float] = _NOTHING
    meta: Mapping[str, Any] = _NOTHING
    closing_meta: Mapping[str, Any] = _NOTHING


_PARAGRAPH = Form("p", nests=True, has_text=True)


@dataclass(slots=True, eq=False, weakref_slot=True)
class Block:
    """One block. Its type is the token's without `_open`: `heading`, `paragraph`, `list_item`, `fence`, …

    A note may have as many of them as lines, so a block holds little: its tokens are made of it where it is rendered.
    """

    type: str
    line: int
    """The first line in the file, from 1."""
    end: int
    """The line behind its last one."""
    form: Form = _PARAGRAPH
    content: str = ""
    """A paragraph's, heading's or cell's inline source; a fence's code; an HTML block's source."""
    level: int = 0
    """A heading's level, 1 to 6."""
    marker: str = ""
    """A list's or list item's marker (`-`, `.`), a callout's type, a fence's info string."""
    title: str = ""
    """A callout's title or the summary of `<details>`, inline source."""
    children: Sequence[Block] = ()
    # Weak: a tree of reference cycles would stay in memory until the garbage collector comes by.
    _parent: ref[Block] | None = field(default=None, repr=False)

    @property
    def parent(self) -> Block | None:
        """The block around this one; None for the root, and once the document is gone."""
        return self._parent() if self._parent is not None else None

    @parent.setter
    def parent(self, block: Block | None) -> None:
        self._parent = ref(block) if block is not None else None

    def walk(self) -> Iterator[Block]:
        """Yield this block and all blocks in it, in the order of the note."""
        stack = [self]
        while stack:
            block = stack.pop()
            yield block
            stack.extend(reversed(block.children))

    def ancestors(self) -> Iterator[Block]:
        """Yield what holds the block, from its parent up to the root."""
        block = self.parent
        while block is not None:
            yield block
            block = block.parent

    def within(self, *types: str) -> bool:
        """Whether an ancestor is of one of the `types`."""
        return any(block.type in types for block in self.ancestors())

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
    end = max(child.end for child in children)
    return replace(block, children=children, line=children[0].line, end=end)


def in_lists(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks, the items of a list that follow each other in a list again."""
    for is_item, group in groupby(blocks, lambda block: id(block.parent) if block.type == "list_item" else 0):
        found = list(group)
        listing = found[0].parent if is_item else None
        yield from found if listing is None else [with_children(listing, found)]


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
                result.append(replace(block, content=content))
        elif block.children:
            children = with_texts(block.children, sources)
            result += [with_children(block, children)] if children else []
        else:
            result.append(block)
    return result


# -- from tokens, and back -------------------------------------------------------------------------


class Tree:
    """Makes blocks of tokens, which it takes part by part: markdown-it's take five times a block's memory."""

    def __init__(self, first_line: int, line_count: int) -> None:
        """Make one with a root alone; `first_line` is the line of the file on which the text begins."""
        self.root = Block("root", first_line, first_line + line_count, Form("", nests=True))
        self._top: list[Block] = []
        self._forms: dict[tuple[Any, ...], Form] = {}
        self._texts: dict[str, str] = {}

    def add(self, tokens: list[Token]) -> None:
        """Take the tokens of blocks that stand in no other one. The list is empty afterwards."""
        opened: list[tuple[Block, list[Block]]] = []
        tokens.reverse()
        while tokens:
            token = tokens.pop()
            if token.type == "inline":
                block = opened[-1][0]
                block.content = self._shared(without_comments(token.content))
                block.form = block.form._replace(has_text=True)
            elif token.nesting == -1:
                block, children = opened.pop()
                block.form = self._form(block.form._replace(closing_meta=token.meta or _NOTHING))
                block.children = children or ()
            else:
                block = self._block(token, opened[-1][0] if opened else self.root)
                (opened[-1][1] if opened else self._top).append(block)
                if token.nesting == 1:
                    opened.append((block, []))
                else:
                    block.content, block.form = self._shared(token.content), self._form(block.form)
        self.root.children = self._top

    def _block(self, token: Token, parent: Block) -> Block:
        type_ = token.type.removesuffix("_open") if token.nesting == 1 else token.type
        first = self.root.line
        line, end = (token.map[0] + first, token.map[1] + first) if token.map else (parent.line, parent.end)
        attrs, meta = token.attrs or _NOTHING, token.meta or _NOTHING
        nests = token.nesting == 1
        form = Form(token.tag, nests, False, token.markup, token.info, token.hidden, attrs, meta)
        block = Block(type_, line, end, form, marker=token.markup)
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

    def _form(self, form: Form) -> Form:
        """Return the form that blocks which are alike share."""
        if form.attrs or form.meta or form.closing_meta:
            return form
        return self._forms.setdefault(form[:_PLAIN], form)

    def _shared(self, text: str) -> str:
        return self._texts.setdefault(text, text) if len(text) < _SHORT else text


def tokens(blocks: Iterable[Block]) -> list[Token]:
    """Return markdown-it's tokens of blocks, which may be changed. A token's `map` are the lines of the file."""
    made: list[Token] = []
    stack: list[tuple[Block | Token, int]] = [(block, 0) for block in blocks]
    stack.reverse()
    while stack:
        block, level = stack.pop()
        if isinstance(block, Token):
            made.append(block)
            continue
        opening, inline, closing = _tokens(block, level)
        made.append(opening)
        if closing is not None:
            stack.append((closing, level))
            stack += [(child, level + 1) for child in reversed(block.children)]
        if inline is not None:
            made.append(inline)
    return made


def _tokens(block: Block, level: int) -> tuple[Token, Token | None, Token | None]:
    """Return a block's opening token, that of its inline source, and its closing one."""
    form, lines = block.form, [block.line, block.end]
    shared: dict[str, Any] = {"level": level, "markup": form.markup, "block": True, "hidden": form.hidden}
    attrs, meta = dict(form.attrs), dict(form.meta)
    if not form.nests:
        content = block.content
        token = Token(block.type, form.tag, 0, attrs, lines, info=form.info, meta=meta, content=content, **shared)
        return token, None, None
    opening = Token(f"{block.type}_open", form.tag, 1, attrs, lines, info=form.info, meta=meta, **shared)
    closing = Token(f"{block.type}_close", form.tag, -1, meta=dict(form.closing_meta), **shared)
    if not form.has_text:
        return opening, None, closing
    inline = Token("inline", "", 0, map=lines, level=level + 1, children=[], content=block.content, block=True)
    return opening, inline, closing
