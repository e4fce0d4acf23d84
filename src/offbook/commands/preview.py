"""`offbook preview`: writes one HTML page that shows every card as Anki will."""

from __future__ import annotations

from pathlib import Path

import click

from offbook import files
from offbook.commands import common
from offbook.errors import Severity, UsageError
from offbook.model import MISSING_FILE

FILE_NAME = "preview.html"


@click.command()
@common.companies_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help=f"The file to write, - for standard output.  [default: {FILE_NAME} in the decks folder]",
)
@click.option("--open", "show", is_flag=True, help="Open it in the browser.")
@common.notes_option
@common.decks_option
@common.no_cache_option
@common.reports_errors
def preview(
    companies: tuple[str, ...], output: Path | None, show: bool, notes: Path, decks: Path, no_cache: bool
) -> None:
    """Show every card of each COMPANY, or of all, in one HTML page, as Anki will show it.

    The page needs no network and no other file. Space or a click turns a card, arrow keys go through them.
    """
    from offbook.preview import preview as make_preview

    file = output or decks / FILE_NAME
    to_stdout = str(output) == "-"
    if file.is_dir() and not to_stdout:
        raise UsageError(f"{str(file)!r} is a folder; -o takes the file to write")
    if to_stdout and show:
        raise UsageError("--open shows a file in the browser, and -o - writes none")
    project = common.project(notes, decks, cached=not no_cache)
    made = make_preview(project, companies)
    common.show_problems(made.problems, project.vault, without=[MISSING_FILE])
    if to_stdout:
        click.echo(made.html.encode(), nl=False)
    else:
        files.make_folder(file.parent)
        files.write(file, made.html.encode())
        common.show(f"{file}: {_counted(made.counts)}")
    if show:
        import webbrowser

        webbrowser.open(file.absolute().as_uri())
    if any(problem.severity is Severity.FAULT for problem in made.problems):
        raise SystemExit(common.FAULTS)


def _counted(counts: dict[str, int]) -> str:
    parts = [common.counted(counts["cards"], "card")]
    if counts["open"]:
        parts.append(common.counted(counts["open"], "open question"))
    if counts["retired"]:
        parts.append(f"{counts['retired']} retired")
    return ", ".join(parts)
