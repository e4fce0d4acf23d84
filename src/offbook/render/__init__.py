"""Renders cards: the blocks of a note become the HTML of Anki's fields.

`card.py` makes the fields, `html.py` a token's HTML, `embeds.py` what stands for other files, `gaps.py` the deletions
of a cloze, `fields.py` keeps all of it from being taken for Anki's own marks.
"""

from offbook.render.card import Renderer
from offbook.render.fields import text_field

__all__ = ["Renderer", "text_field"]
