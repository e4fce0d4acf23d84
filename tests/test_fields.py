"""What is written quickly, as there is nothing to take apart, is what the full look would have written."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from offbook.render.fields import _CONTROL, _EDGE, _EMPTY, _MEANT, _PIECE, _trimmed, _Writer, field

_PIECES = (
    *_MEANT, "<p>", "</p>", "<p> ", " </p>", "<br>\n", "<br>", "</li>", " </li>", " </span>", "<em>", "</em>",
    " ", "\n", "word", "é", "[", "]", "[sound:a.mp3]", "[SOUND:", "[latex]", "[$]", "[$$]", "[anki:", "\\(", "\\[",
    "\\", "{{c1::", "}}", "::", '<img alt="[sound:x]" src="a>b">', '<a href="\\(x">', "\x07",
)  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
@example("<p>a </p>\n<p> b</p>")
@example("<p>a <br> <br>\n</p>\n<p><br>\n b <em>c</em> </p>")
@example("\ufdd3x\ufdd4 [sound:y]")
def test_a_field_without_gaps(html: str) -> None:
    trimmed = _EMPTY.sub("", _EDGE.sub(_trimmed, _CONTROL.sub("", html)))
    assert field(html) == _PIECE.sub(_Writer(()), trimmed).strip()
