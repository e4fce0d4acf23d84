"""The command line: one file a command, below `commands/`. Alone prints and exits."""

from __future__ import annotations

import os

import click

from offbook import __version__
from offbook.commands.cards import cards
from offbook.commands.check import check
from offbook.commands.export import export
from offbook.commands.import_ import import_
from offbook.commands.preview import preview
from offbook.commands.retired import retired
from offbook.commands.watch import watch

_SETTINGS = {
    "help_option_names": ["-h", "--help"],
    "max_content_width": 100,
    "color": False if os.environ.get("NO_COLOR") else None,
}


@click.group(context_settings=_SETTINGS)
@click.version_option(__version__, message="offbook %(version)s")
def cli() -> None:
    """Turn interview notes into Anki decks, and keep every review while the notes change."""


cli.add_command(export)
cli.add_command(import_)
cli.add_command(cards)
cli.add_command(check)
cli.add_command(preview)
cli.add_command(retired)
cli.add_command(watch)
