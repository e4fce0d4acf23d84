"""`offbook completion`: prints the shell script that makes the Tab key complete commands, options and companies."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from offbook.commands import common

_INSTALL = {
    "bash": "offbook completion bash > ~/.local/share/bash-completion/completions/offbook",
    "zsh": "offbook completion zsh > ~/.zfunc/_offbook   (with fpath+=~/.zfunc before compinit in ~/.zshrc)",
    "fish": "offbook completion fish > ~/.config/fish/completions/offbook.fish",
}


@click.command()
@click.argument("shell", type=click.Choice(list(_INSTALL)), required=False)
@click.pass_context
@common.reports_errors
def completion(context: click.Context, shell: str | None) -> None:
    """Print the script that makes the Tab key of SHELL complete commands, options and the companies of your notes.

    Without SHELL, print the command that installs it for each shell.
    """
    if shell is None:
        for name, command in _INSTALL.items():
            click.echo(f"{name}:  {command}")
        return
    kind = get_completion_class(shell)
    assert kind is not None
    root = context.find_root()
    click.echo(kind(root.command, {}, "offbook", "_OFFBOOK_COMPLETE").source())
