"""Why a text of a note is in no card, in words that its writer understands, for `cards --explain`."""

from __future__ import annotations

from offbook.cards import readings
from offbook.cards.note.page import Page
from offbook.cards.note.predicates import is_navigation, link_only
from offbook.cards.note.refused import NO_CARD
from offbook.cards.units.outline import Outline
from offbook.cards.units.unit import Cue, Unit
from offbook.markdown import Block


def why_not(page: Page, block: Block, outline: Outline | None) -> str:
    """Return why a heading, a list item or a line that asks is in no card; nothing of any other text."""
    item = block.parent if block.parent is not None and block.parent.type == "list_item" else None
    first_of_item = item is not None and item.children[0] is block
    asks = any(page.lexicon.question(page.text(line)) for line in block.lines)
    if not (block.type == "heading" or first_of_item or asks):
        return ""
    if page.is_refused(block):
        if not NO_CARD.search("\n".join(map(page.line, range(block.line - 1, block.end + 2)))):
            return "is a task that is cancelled"
        return "is marked card:: false" if page.note.is_outline else "is marked %%no card%%"
    if page.is_to_ask(block):
        return "is among the questions for the interviewer"
    if is_navigation(block):
        return "leads to another place in the note"
    if link_only(block.content):
        return "is only a link"
    if block.within("blockquote"):
        return "is quoted"
    if block.within("callout"):
        return "is inside a callout that is not a question"
    unit = outline.known(item if first_of_item and item is not None else block) if outline is not None else None
    if unit is not None and unit.reason:
        return _why_not_asked(page, unit)
    if unit is not None and (told := unit.passed or (unit.why if unit.cue is Cue.TELLS else "")):
        return told
    if asks and not first_of_item and block.type == "paragraph":
        return "asks within running text"
    if asks and outline is None:
        return "asks, but only marks make cards of this note"
    if asks:
        return "asks, but is in the answer to another question"
    if unit is not None and not unit.body:
        return "does not read as a question, and has no text below it"
    return "does not read as a question, nor does anything that looks like it in this note"


def _why_not_asked(page: Page, unit: Unit) -> str:
    """Return why a text that asks is in no card."""
    if readings.name_of(unit) in page.rules.off:
        return f"asks, but `dialects_off` names {readings.name_of(unit)}"
    if any(map(page.owner, unit.below[:1])):
        return "asks, but the text below it is a card"
    return "asks, but the settings leave it out, or nothing answers it"
