"""`offbook help`: explains a command, as `--help` behind it does."""

from __future__ import annotations

import click


@click.command()
@click.argument("command", required=False)
@click.pass_context
def help(context: click.Context, command: str | None) -> None:
    """Explain a command, or list all."""
    parent = context.parent
    assert parent is not None
    assert isinstance(parent.command, click.Group)
    if command is None:
        click.echo(parent.get_help())
        return
    name, found, _ = parent.command.resolve_command(parent, [command])
    assert found is not None
    with click.Context(found, parent, name) as explained:
        click.echo(explained.get_help())
