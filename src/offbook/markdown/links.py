"""A link to a file on the writer's computer is a link: its text is read, and its address goes no further."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import validateLink


def file_links_plugin(md: MarkdownIt) -> None:
    """Let `file:` addresses be links; the gate to the card's fields takes the address off."""
    md.validateLink = _is_link  # type: ignore[method-assign]


def _is_link(url: str) -> bool:
    return url.strip().lower().startswith("file:") or validateLink(url)
