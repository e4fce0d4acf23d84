"""Block rule: `#tag ## Text` and `##Text` are headings, as their writers mean them; CommonMark takes them for text."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from offbook.markdown.tag import LETTER

_TAGGED_HEADING = re.compile(
    rf"(?:(?P<tags>(?:#{LETTER}+[ \t]+)+)(?P<marks>#{{1,6}})[ \t]+|(?P<glued>#{{2,6}})(?=[^\s#]))(?P<text>.*)"
)


def tagged_heading_plugin(md: MarkdownIt) -> None:
    """Add the rule; the tags stand at the end of the heading's text."""
    md.block.ruler.before(
        "heading", "tagged_heading", _tagged_heading, {"alt": ["paragraph", "reference", "blockquote"]}
    )


def _tagged_heading(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    start = state.bMarks[start_line] + state.tShift[start_line]
    if state.src[start : start + 1] != "#" or state.is_code_block(start_line):
        return False
    match = _TAGGED_HEADING.fullmatch(state.src, start, state.eMarks[start_line])
    if match is None:
        return False
    if silent:
        return True
    tag = f"h{len(match['marks'] or match['glued'])}"
    lines = [start_line, start_line + 1]
    state.push("heading_open", tag, 1).map = lines
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = (
        f"{match['text'].strip()} {(match['tags'] or '').strip()}".strip(),
        lines,
        [],
    )
    state.push("heading_close", tag, -1)
    state.line = start_line + 1
    return True
