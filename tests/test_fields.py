"""What is written quickly, as there is nothing to take apart, is what the full look would have written."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from offbook.render import marks
from offbook.render.marks import MATH, MATH_ENDS, with_marks

_MEANT = marks._MEANT
_PIECES = (
    *_MEANT, "<p>", "</p>", "<p> ", " </p>", "<br>\n", "<br>", "</li>", " </li>", " </span>", "<em>", "</em>",
    " ", "\n", "word", "é", "[", "]", "[sound:a.mp3]", "[SOUND:", "[latex]", "[$]", "[$$]", "[anki:", "\\(", "\\[",
    "\\", "{{c1::", "}}", "::", '<img alt="[sound:x]" src="a>b">', '<a href="\\(x">', "[[type:", "\\<wbr>(",
)  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
@example("<p>a </p>\n<p> b</p>")
@example(f"{MATH}x{MATH_ENDS} [sound:y]")
def test_a_field_without_gaps(html: str) -> None:
    assert with_marks(html) == marks._PIECE.sub(marks._Writer(()), html)
