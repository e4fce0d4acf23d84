"""The command line: one file a command, below `commands/`. Alone prints and exits."""

from __future__ import annotations

import os
from importlib import import_module
from keyword import iskeyword
from pathlib import Path

import click

from offbook import __version__

COMMANDS = {
    "export": "Write the Anki packages, one for each company.",
    "import": "Export, and bring it into Anki.",
    "cards": "Show the cards found in the notes.",
    "check": "Look the notes over: open questions, near misses, dead links.",
    "preview": "Show every card in one HTML page, as Anki will.",
    "retired": "List the cards that are gone from the notes.",
    "watch": "Export again on every save.",
    "status": "How things stand: companies, cards, open questions, interviews.",
    "new": "Begin a note for a company, with the usual questions.",
    "init": "Write a commented offbook.toml, and find the vault.",
}
"""By a command's name what `--help` says of it."""

_SETTINGS = {
    "help_option_names": ["-h", "--help"],
    "max_content_width": 100,
    "color": False if os.environ.get("NO_COLOR") else None,
}


class _Commands(click.Group):
    """Loads a command, and all that it needs, when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name + "_" * iskeyword(cmd_name)
        command: click.Command = getattr(import_module(f"offbook.commands.{name}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, context_settings=_SETTINGS, invoke_without_command=True)
@click.version_option(__version__, message="offbook %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Turn interview notes into Anki decks, and keep every review while the notes change.

    Alone, in a folder with notes, it says how things stand.
    """
    if context.invoked_subcommand is not None:
        return

    from offbook.config import named_folder

    if named_folder("notes", Path.cwd()).is_dir():
        from offbook.commands.status import status

        status.main(args=[], prog_name="offbook status")
    else:
        click.echo(context.get_help())
