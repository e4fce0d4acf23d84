"""The command line, `offbook`. Each command has a file of its own in `commands/`, loaded when it is called."""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword

import click

from offbook import __version__
from offbook.commands import COMMANDS, GROUPS
from offbook.commands.terminal import colours

_LIKE_ENOUGH = 0.65  # of letters in common: `list` is not `init`
_SETTINGS = {
    "help_option_names": ["-h", "--help"],
    "max_content_width": 100,
    "color": colours(),
}


class _Commands(click.Group):
    """Imports a command's module only when that command is called: `offbook --help` stays fast."""

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
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from offbook.text import did_you_mean

            close = did_you_mean(name, COMMANDS, _LIKE_ENOUGH)
            hint = f"did you mean {close!r}?" if close else f"there are {', '.join(COMMANDS)}."
            raise click.UsageError(f"There is no command {name!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = max(map(len, COMMANDS))
        for title, commands in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), text) for name, text in commands.items()])


@click.group(cls=_Commands, context_settings=_SETTINGS, invoke_without_command=True)
@click.version_option(__version__, message="offbook %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Turn interview notes into Anki decks, and keep every review while the notes change.

    \b
    In a folder that holds your notes in a folder `notes`:
      offbook              shows where you stand
      offbook export       writes decks/<company>.apkg, to be opened with Anki
      offbook COMMAND -h   explains a command
    """
    if context.invoked_subcommand is None:
        from offbook.commands.status import show_status_or_help

        show_status_or_help(context)
