"""Renders cards: the blocks of a note become the HTML of Anki's fields.

`card.py` makes the fields, `html.py` a token's HTML, `embeds.py` that of links and embeds, `gaps.py` the deletions of a
cloze; `marks.py` keeps Anki from reading marks of its own in any of it, and `gate.py` is the last step.
"""

from offbook.render.card import Renderer
from offbook.render.gate import text_field

__all__ = ["Renderer", "text_field"]
