"""A vault of interview notes that people edit, where it is known which card is which.

A step edits the vault, lets the program identify all cards, and compares the guids with the truth, which is the
identity of the `Card` objects. Read `oracle.py` first: it says what must hold. Then

| module | what is in it |
|---|---|
| `run.py` | one step after the other: edit, identify, judge |
| `edits.py`, `note_edits.py` | what people do to a card, and to whole notes |
| `world.py` | the vault, and what may be in it so that a reader could still tell all cards apart |
| `writing.py`, `vocabulary.py` | the text of the cards |
| `values.py` | what a vault is made of |
| `gaps.py` | the same for the gaps of one card |
| `program.py` | where the simulation meets the program; but for `gaps.py`, nothing else imports offbook |

The text is made to mislead: the same question under many headings, series of questions that differ in one word,
answers that are short, that share most of their words or that are the same.
"""

from simulation.gaps import GappedCard
from simulation.oracle import Score
from simulation.run import Simulation

__all__ = ["GappedCard", "Score", "Simulation"]
