"""What a writer puts there on purpose for a flashcard program, one mark a file, in the order in which they claim lines.

A mark is a module with a `NAME` and `find(page)`, which yields findings; each is claimed before the next is looked
for, so `page.free()` always tells what is left.
"""

from offbook.cards.marks import (
    answer_headings,
    answers_below,
    brackets,
    callouts,
    cloze,
    definitions,
    details,
    inline_marks,
    labels,
    own,
    separator,
    start_end,
    tables,
    tagged,
)

MARKS = (
    own,
    start_end,
    callouts,
    brackets,
    cloze,
    inline_marks,
    separator,
    tables,
    definitions,
    tagged,
    answers_below,
    labels,
    answer_headings,
    details,
)
