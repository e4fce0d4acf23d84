"""The texts of a note as the recognisers read them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from offbook.cards.words.bare import MARKS, bare_label, ends_with_colon
from offbook.cards.words.lexicon import Lexicon
from offbook.markdown import Block
from offbook.markdown.plain import asked_inline, plain, plain_inline
from offbook.markdown.tag import TAGS_IN_FRONT

_TELLING_SIGNS = frozenset("+=<>@&^!{}\\%$;~")
_ARROW = re.compile(r"[-=~]+>")
_LONGEST_STUB_SOURCE = 300  # characters


class Text:
    """Plain text of blocks and of inline source, each made once."""

    def __init__(self, lexicon: Lexicon, env: dict[str, Any]) -> None:
        self.lexicon = lexicon
        self.env = env
        """markdown-it's environment of the note."""
        self._plain: dict[int, tuple[Block, str]] = {}
        self._asked: dict[str, str] = {}

    def plain(self, block: Block) -> str:
        """Return the plain text of one block, what is below it included."""
        known = self._plain.get(id(block))
        if known is None:
            # The block is kept so that no other gets its id.
            known = self._plain[id(block)] = block, plain([block], self.env)
        return known[1]

    def text(self, content: str) -> str:
        """Return the plain text of inline source."""
        return plain_inline(content, self.env)

    def asked(self, content: str) -> str:
        """Return the plain text by which a question is known: marks in code, addresses and links ask nothing."""
        text = self._asked.get(content)
        if text is None:
            text = self._asked[content] = asked_inline(content[self.question_at(content) :], self.env)
        return text

    def question(self, content: str) -> str:
        """Return why inline source asks; empty where it does not."""
        return self.lexicon.question(self.asked(content))

    def question_at(self, content: str) -> int:
        """Return where inline source asks behind the tags in front of it; 0 where none are.

        A tag may be a word of the question as well: `#rust or #go?`. So what is behind it opens a sentence of its own.
        """
        tags = TAGS_IN_FRONT.match(content)
        if tags is None:
            return 0
        text = asked_inline(content[tags.end() :], self.env)
        opens = self.lexicon.unmarked_question(text.rstrip(MARKS)) or not text[:1].islower()
        return tags.end() if opens and self.lexicon.question(text) else 0

    def asks(self, block: Block) -> bool:
        """Whether a paragraph opens with a line that is a question."""
        return block.type == "paragraph" and bool(self.lexicon.line_question(self.asked(block.lines[0])))

    def is_stub(self, blocks: Iterable[Block]) -> bool:
        """Whether blocks say only that something is still to be written."""
        blocks = list(blocks)
        size = 0
        for inner in (inner for block in blocks for inner in block.walk()):
            size += len(inner.content)
            if size > _LONGEST_STUB_SOURCE:
                return False
        text = plain(blocks, self.env)
        if not any(map(str.isalnum, text)):
            return not text or not (_holds_code(blocks) or _says_in_signs(text))
        said = self.lexicon.stub(text) or self.lexicon.blank_template(text) or self._is_label(text)
        return said or (self.lexicon.asks_back(text) and not _holds_code(blocks))

    def _is_label(self, text: str) -> bool:
        """Whether a text is only the label of a question, with nothing behind it yet: "Q:"."""
        return ends_with_colon(text) and bare_label(text) in self.lexicon.question_labels


def _holds_code(blocks: Iterable[Block]) -> bool:
    return any("`" in inner.content for block in blocks for inner in block.walk())


def _says_in_signs(text: str) -> bool:
    """Whether a text without letters says something, as `+=` and `<>` do, unlike `…`, `___` and `->`."""
    signs = set("".join(text.split()))
    telling = signs & _TELLING_SIGNS
    return bool(telling) and (signs == telling or len(telling) > 1) and not _ARROW.fullmatch(text.strip())
