"""Imports packages into a new collection of whatever `anki` runs this; uses no more than each of its releases has.

    python anki_import.py FOLDER FIRST.apkg UPDATE.apkg

Imports the first package, gives every card a history, imports the second, and prints what the collection held after
each import as JSON.
"""

import json
import sys
from pathlib import Path

from anki.collection import Collection


def import_package(collection, path):
    try:
        from anki.import_export_pb2 import ImportAnkiPackageOptions, ImportAnkiPackageRequest
    except ImportError:
        if hasattr(collection, "import_anki_package"):
            collection.import_anki_package(path)
        else:
            from anki.importing.apkg import AnkiPackageImporter

            AnkiPackageImporter(collection, path).run()
        return
    request = ImportAnkiPackageRequest(package_path=path, options=ImportAnkiPackageOptions())
    collection.import_anki_package(request)


def content(collection):
    """Return the notes by guid, and the names of the media files."""
    notes = {}
    for note_id in collection.find_notes(""):
        note = collection.get_note(note_id)
        cards = note.cards()
        notes[note.guid] = {
            "fields": dict(note.items()),
            "tags": sorted(note.tags),
            "notetype": collection.models.get(note.mid)["name"],
            "decks": [collection.decks.name(card.did) for card in cards],
            "history": [[card.type, card.queue, card.ivl, card.due, card.factor, card.reps] for card in cards],
            "reviews": [collection.db.scalar("select count() from revlog where cid = ?", card.id) for card in cards],
            "fronts": [card.render_output().question_text for card in cards],
        }
    return {"notes": notes, "media": sorted(file.name for file in Path(collection.media.dir()).iterdir())}


def study(collection):
    collection.db.execute("update cards set type = 2, queue = 2, ivl = 20, due = 90, factor = 2300, reps = 7")
    for number, card_id in enumerate(collection.find_cards("")):
        collection.db.execute(
            "insert into revlog values (?, ?, -1, 3, 20, 10, 2300, 5000, 1)", 1_700_000_000_000 + number, card_id
        )


def main(folder, first, update):
    collection = Collection(str(Path(folder, "collection.anki2")))
    import_package(collection, first)
    before = content(collection)
    study(collection)
    studied = content(collection)
    import_package(collection, update)
    after = content(collection)
    collection.close()
    print(json.dumps({"before": before, "studied": studied, "after": after}))


if __name__ == "__main__":
    main(*sys.argv[1:])
