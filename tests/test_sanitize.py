"""What is not given to the sanitiser would have come out of it unchanged."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from offbook.sanitize import _CLEANER, _PLAIN, is_plain, sanitize

_BARE = ("p", "em", "strong", "code", "pre", "ul", "ol", "li", "br", "div", "span", "del", "h2", "td", "a", "script")
_MARKUP = (
    *(f"<{tag}>" for tag in _BARE), *(f"</{tag}>" for tag in _BARE),
    '<span class="k">', '<div class="highlight">', "<pre><code>", "</code></pre>", "<li>\n", "</li>\n", "<ul>\n",
    '<p class="a">', '<a href="x">', "<br/>", "<!-- c -->", "&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&nbsp;", "&",
    "<", ">", '"', "'", "\n", " ", "\r", "\0", "\t", "\f", "\x0b", "\x7f", "\x80", "\x85", "\xa0", "\ufeff", "\ufdd0",
    "\ufffe", "\u2028", "é", "word", "a b",
)  # fmt: skip
_text = st.one_of(
    st.sampled_from(("word", "\n", " ", "&amp;", "&lt;", "&gt;", '"', "'", "é", "\t", "\f", "\x85")), st.text()
)
_class = st.text("abkn -_é1", min_size=1, max_size=4)


def _element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    opening = st.one_of(
        st.sampled_from([tag for tag in _BARE if tag != "br"]).map(lambda tag: (tag, f"<{tag}>")),
        st.tuples(st.sampled_from(("div", "span")), _class).map(lambda it: (it[0], f'<{it[0]} class="{it[1]}">')),
    )
    return st.tuples(opening, st.lists(inner, max_size=4)).map(lambda it: f"{it[0][1]}{''.join(it[1])}</{it[0][0]}>")


_nested = st.recursive(st.one_of(_text, st.just("<br>")), _element, max_leaves=12)
_loose = st.lists(st.sampled_from(_MARKUP), max_size=12).map("".join)
_html = st.lists(st.one_of(_nested, _loose), max_size=5).map("".join)


@settings(max_examples=500, deadline=None)
@given(_html)
@example("<p>a</p><p>b")
@example('<div class="a"><table>\n<thead>\n<tr><td><p>a</td></tr>\n</thead>\n</table></div>')
@example('<div class="a"><table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n</table></div>')
@example("\ufeff<p>a</p>")
@example("<pre>\n</pre>")
@example("<pre><code>\n</code></pre>")
@example("<ul><li>a<li>b</li></li></ul>")
@example("<em><p>a</em>b</p>")
@example('<div class="a"><p>a<div class="b">b</div></p></div>')
def test_what_is_plain_is_what_the_sanitiser_returns(html: str) -> None:
    assert sanitize(html) == _CLEANER.clean(html)


@settings(max_examples=60, deadline=None)
@given(st.from_regex(_PLAIN, fullmatch=True))
def test_all_that_is_taken_for_plain_comes_out_as_it_went_in(html: str) -> None:
    assert not is_plain(html) or _CLEANER.clean(html) == html


_TABLE = (
    '<div class="table"><table>\n<thead>\n<tr>\n<th>Case</th>\n<th><code>n</code></th>\n</tr>\n</thead>\n<tbody>\n'
    "<tr>\n<td>best</td>\n<td>a<br>b</td>\n</tr>\n</tbody>\n</table></div>\n"
)


def test_most_of_what_is_rendered_is_plain() -> None:
    code = '<div class="highlight"><pre><code><span class="k">if</span> a &lt; b:\n</code></pre></div>\n'
    html = f"<p>One <strong>two <code>&amp;</code></strong><br>\nthree</p>\n<ul>\n<li><em>a</em> b</li>\n</ul>\n{code}"
    assert is_plain(html + _TABLE)
