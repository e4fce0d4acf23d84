"""Renders cards: the blocks of a note become the HTML of Anki's fields.

`card.py` makes the fields, `html.py` a token's HTML, `embeds.py` that of links and embeds, `gaps.py` the deletions of a
cloze; `fields.py` keeps Anki from reading marks of its own in any of it.
"""

from offbook.render.card import Renderer
from offbook.render.fields import text_field

__all__ = ["Renderer", "text_field"]
