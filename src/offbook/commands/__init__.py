"""The commands, one a file: the module has the command's name, with `_` behind it where that is a word of Python's."""

from __future__ import annotations

GROUPS = {
    "Every day": {
        "export": "Write the Anki packages, one for each company.",
        "import": "Export, and import into Anki.",
        "watch": "Export again on every save.",
        "ready": "Show what you will know on the day, and what helps.",
        "status": "Show companies, cards, open questions, interviews.",
    },
    "Looking at the notes": {
        "cards": "Show the cards found in the notes.",
        "check": "Check the notes: open questions, near misses, dead links.",
        "preview": "Show every card on one HTML page, as Anki will.",
        "retired": "List the cards that are gone from the notes.",
    },
    "Getting started": {
        "new": "Start a company: a note with the usual questions.",
        "init": "Find your notes, and write a commented offbook.toml.",
        "completion": "Make the Tab key complete commands, options and companies.",
        "help": "Explain a command.",
    },
}
"""The commands in the groups in which `--help` lists them, each with what it says of them."""
COMMANDS = {name: text for commands in GROUPS.values() for name, text in commands.items()}
"""What `--help` says of each command, by its name."""
