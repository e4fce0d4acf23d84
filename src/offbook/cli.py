"""The command line: one file a command, below `commands/`. Alone prints and exits."""

from __future__ import annotations

import os
from pathlib import Path

import click

from offbook import __version__
from offbook.commands.cards import cards
from offbook.commands.check import check
from offbook.commands.export import export
from offbook.commands.import_ import import_
from offbook.commands.init import init
from offbook.commands.new import new
from offbook.commands.preview import preview
from offbook.commands.retired import retired
from offbook.commands.status import status
from offbook.commands.watch import watch
from offbook.config import named_folder

_SETTINGS = {
    "help_option_names": ["-h", "--help"],
    "max_content_width": 100,
    "color": False if os.environ.get("NO_COLOR") else None,
}


@click.group(context_settings=_SETTINGS, invoke_without_command=True)
@click.version_option(__version__, message="offbook %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Turn interview notes into Anki decks, and keep every review while the notes change.

    Alone, in a folder with notes, it says how things stand.
    """
    if context.invoked_subcommand is not None:
        return
    if named_folder("notes", Path.cwd()).is_dir():
        status.main(args=[], prog_name="offbook status")
    else:
        click.echo(context.get_help())


cli.add_command(export)
cli.add_command(import_)
cli.add_command(cards)
cli.add_command(check)
cli.add_command(preview)
cli.add_command(retired)
cli.add_command(watch)
cli.add_command(status)
cli.add_command(new)
cli.add_command(init)
