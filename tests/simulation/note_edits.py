"""What people do to whole notes."""

from __future__ import annotations

from collections.abc import Callable

from simulation.edits import delete
from simulation.values import Note, keys
from simulation.vocabulary import COMPANIES
from simulation.world import World

FEW_NOTES, MANY_NOTES = 12, 18


def edit_notes(world: World) -> list[str]:
    """Make one edit to a note, and return its name."""
    edit = world.random.choices(list(EDITS), list(EDITS.values()))[0]
    edit(world, world.random.choice(world.notes))
    return [edit.__name__]


def rename(world: World, note: Note) -> None:
    """Give a note another name."""
    note.path = world.new_path(note.company)
    _touch(world, note)


def move_folder(world: World, note: Note) -> None:
    """Move a note into a folder, sometimes that of another company."""
    name = note.path.rpartition("/")[2]
    if world.random.random() < 0.3:
        note.company = world.random.choice(COMPANIES)
    path = f"{note.company}/{world.random.choice(['old', 'onsite', '2024'])}/{name}"
    if path not in {other.path for other in world.notes}:
        note.path = path
        _touch(world, note)


def split(world: World, note: Note) -> None:
    """Put the last sections of a note into a new one."""
    if len(note.sections) < 2:
        return
    new = Note(world.new_path(note.company), note.company)
    cut = world.random.randint(1, len(note.sections) - 1)
    note.sections, new.sections = note.sections[:cut], note.sections[cut:]
    world.notes.append(new)
    _touch(world, new)


def merge(world: World, note: Note) -> None:
    """Move all sections of a note into another one; sections with the same title become one."""
    others = [other for other in world.notes if other is not note and other.company == note.company]
    if not others or len(world.notes) < 6:
        return
    other = world.random.choice(others)
    blocks = {card.block for _, _, card in world.cards(note) if card.block}
    if blocks & {card.block for _, _, card in world.cards(other)}:
        return
    titles = {section.title: section for section in note.sections}
    for section in other.sections:
        same = titles.get(section.title)
        if same and keys(same.cards) & keys(section.cards):
            section.title = world.new_title(note)
            same = None
        if same:
            same.cards += section.cards
        else:
            note.sections.append(section)
    world.notes.remove(other)
    _touch(world, note)


def new_or_gone(world: World, note: Note) -> None:
    """Add a note, or delete one with all that is in it."""
    if len(world.notes) < FEW_NOTES or (len(world.notes) < MANY_NOTES and world.random.random() < 0.5):
        world.notes.append(world.new_note())
        return
    for _, section, card in list(world.cards(note)):
        delete(world, note, section, card)
    world.notes.remove(note)


def _touch(world: World, note: Note) -> None:
    for _, _, card in world.cards(note):
        card.touched = True


EDITS: dict[Callable[[World, Note], None], float] = {rename: 3, move_folder: 2, split: 2, merge: 2, new_or_gone: 1}
"""All edits, and how often each is made, compared with the others."""
