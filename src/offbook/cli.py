"""The command line: one file a command, below `commands/`. Alone prints and exits."""

from __future__ import annotations

import os
from importlib import import_module
from keyword import iskeyword
from typing import NoReturn

import click

from offbook import __version__
from offbook.text import did_you_mean

_GROUPS = {
    "Every day": {
        "export": "Write the Anki packages, one for each company.",
        "import": "Export, and bring it into Anki.",
        "watch": "Export again on every save.",
        "status": "How things stand: companies, cards, open questions, interviews.",
    },
    "Looking at the notes": {
        "cards": "Show the cards found in the notes.",
        "check": "Look the notes over: open questions, near misses, dead links.",
        "preview": "Show every card in one HTML page, as Anki will.",
        "retired": "List the cards that are gone from the notes.",
    },
    "Beginning": {
        "new": "Begin a note for a company, with the usual questions.",
        "init": "Write a commented offbook.toml, and find the vault.",
        "completion": "Make the Tab key complete commands, options and companies.",
    },
}
COMMANDS = {name: text for commands in _GROUPS.values() for name, text in commands.items()}
"""By a command's name what `--help` says of it; the commands themselves are loaded when they are called."""

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

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            _unknown(ctx, args[0])
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = max(map(len, COMMANDS))
        for title, commands in _GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), text) for name, text in commands.items()])


def _unknown(context: click.Context, name: str) -> NoReturn:
    close = did_you_mean(name, COMMANDS)
    hint = f"did you mean {close!r}?" if close else f"there are {', '.join(COMMANDS)}."
    raise click.UsageError(f"There is no command {name!r}; {hint}", context)


@click.group(cls=_Commands, context_settings=_SETTINGS, invoke_without_command=True)
@click.version_option(__version__, message="offbook %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Turn interview notes into Anki decks, and keep every review while the notes change.

    \b
    In a folder that holds your notes in a folder `notes`:
      offbook              says how things stand
      offbook export       writes decks/<company>.apkg, to be opened with Anki
      offbook COMMAND -h   explains a command
    """
    if context.invoked_subcommand is None:
        from offbook.commands.status import show_status_or_help

        show_status_or_help(context)
