"""`offbook init`: a settings file that explains itself."""

from __future__ import annotations

import os
from pathlib import Path

import click

from offbook.commands import common
from offbook.errors import UsageError
from offbook.settings import FILE_NAME


@click.command()
@click.option("--notes", type=click.Path(path_type=Path), help="The folder with your notes.  [default: looked for]")
@click.option("--decks", type=click.Path(path_type=Path), help="The folder for packages and ledger.  [default: decks]")
@common.reports_errors
def init(notes: Path | None, decks: Path | None) -> None:
    """Write offbook.toml into this folder, with every setting explained and your notes folder named.

    Commands that are run here, or in a folder below, then know where notes and decks are. An existing file is never
    touched.
    """
    from offbook.starting.settings_file import find_vault, settings_text

    here = Path.cwd()
    vault = find_vault(here)
    notes = notes or _notes(here, vault)
    own = {"notes": _relative(notes, here), "decks": _relative(decks or Path("decks"), here)}
    if vault is not None:
        own["vault"] = _relative(vault, here)
    try:
        with Path(FILE_NAME).open("x", encoding="utf-8") as stream:
            stream.write(settings_text(**own))
    except FileExistsError:
        raise UsageError(f"{FILE_NAME} is there already; nothing was written") from None
    common.show(f"Wrote {FILE_NAME}.")
    common.show(f"  vault: {own['vault'] if vault else 'none found, links are looked up in the notes folder'}")
    count = sum(1 for file in notes.rglob("*.md") if not any(part.startswith(".") for part in file.parts))
    common.show(f"  notes: {own['notes']} ({common.counted(count, 'note')})")
    common.show(f"  decks: {own['decks']}")
    common.show("Next: offbook cards shows what becomes a card, offbook export writes the packages.")


def _notes(here: Path, vault: Path | None) -> Path:
    """Return where notes probably are: in `notes`, in this folder, else in the vault."""
    if (here / "notes").is_dir():
        return here / "notes"
    return here if any(here.glob("*.md")) or vault is None else vault


def _relative(path: Path, here: Path) -> str:
    return os.path.relpath(path, here).replace(os.sep, "/")
