"""Markdown as Obsidian reads it: the markdown-it-py parser, one rule of Obsidian's a file, and the block tree.

`parse()` reads the block structure of a note. Inline text is parsed later, where a recogniser or the renderer asks for
it: most of a note is never looked at that closely.
"""

from offbook.markdown.blocks import Block
from offbook.markdown.parser import Document, parse

__all__ = ["Block", "Document", "parse"]
