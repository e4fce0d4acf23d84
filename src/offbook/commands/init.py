"""`offbook init`: writes a settings file in which every key is explained."""

from __future__ import annotations

import os
from pathlib import Path

import click

from offbook.commands import common
from offbook.errors import UsageError
from offbook.model import MARKDOWN
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
    notes = notes or _probable_notes(here, vault)
    values = {"notes": _relative(notes, here), "decks": _relative(decks or Path("decks"), here)}
    if vault is not None:
        values["vault"] = _relative(vault, here)
    try:
        with Path(FILE_NAME).open("x", encoding="utf-8") as stream:
            stream.write(settings_text(**values))
    except FileExistsError:
        raise UsageError(f"{FILE_NAME} is there already; nothing was written") from None
    common.show(f"Wrote {FILE_NAME}.")
    common.show(f"  vault: {values['vault'] if vault else 'none found, links are looked up in the notes folder'}")
    number = sum(_is_note(file) and not _is_hidden(file.relative_to(notes)) for file in notes.rglob("*"))
    common.show(f"  notes: {values['notes']} ({common.counted(number, 'note')})")
    common.show(f"  decks: {values['decks']}")
    common.show("Next: offbook cards shows what becomes a card, offbook export writes the packages.")


def _probable_notes(here: Path, vault: Path | None) -> Path:
    """Return the folder `notes`, else this one if it holds notes, else the vault if there is one."""
    if (here / "notes").is_dir():
        return here / "notes"
    return here if any(map(_is_note, here.glob("*"))) or vault is None else vault


def _is_note(file: Path) -> bool:
    return file.suffix.lower() in MARKDOWN


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _relative(path: Path, here: Path) -> str:
    return os.path.relpath(path, here).replace(os.sep, "/")
