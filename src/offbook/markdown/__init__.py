"""Markdown as Obsidian reads it: the markdown-it-py parser, one rule of Obsidian's a file, and the block tree.

`parse()` reads the block structure of a note and leaves inline text alone; inline text is parsed where a
recogniser or the renderer asks for it.
"""

from offbook.markdown.blocks import Block
from offbook.markdown.parser import Document, parse

__all__ = ["Block", "Document", "parse"]
