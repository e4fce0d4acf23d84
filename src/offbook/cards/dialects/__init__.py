"""The dialects, one a file, in the order in which they claim a note's lines.

What the writer marked comes before what merely looks like a question, that before what its neighbours tell,
and loose prompts come last. A dialect is a module with a `NAME` and `find(page)`, which yields findings; each is
claimed before the next is looked for, so `page.free()` always tells what is left.
"""

from offbook.cards.dialects import (
    answer_headings,
    arrows,
    brackets,
    callouts,
    cloze,
    definitions,
    details,
    file_name,
    headings,
    inline_marks,
    items,
    labels,
    lines,
    prompts,
    separator,
    siblings,
    start_end,
    tables,
    tagged,
    terms,
)

EXPLICIT = (
    start_end,
    callouts,
    brackets,
    cloze,
    inline_marks,
    separator,
    tables,
    definitions,
    tagged,
    labels,
    answer_headings,
    details,
)
SHAPES = (headings, arrows, lines, items)
EVIDENCE = (terms, siblings, file_name, prompts)
