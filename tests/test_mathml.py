"""Formulas on the preview's page."""

from __future__ import annotations

import pytest

from offbook.preview.mathml import formula, with_mathml


@pytest.mark.parametrize(
    "source",
    [r"\foo x", r"\frac{1}", r"\left( a", "x^", "{", r"a & b"],
)
def test_a_formula_that_is_not_understood_shows_its_source(source: str) -> None:
    assert formula(source, block=False) == f'<code class="formula">{source.replace("&", "&amp;")}</code>'


def test_formulas_are_found_where_mathjax_finds_them() -> None:
    assert "<math" in with_mathml(r"<p>\(a &lt; b\)</p>")
    assert '<mjx-container display="true"><math' in with_mathml(r"\[\begin{aligned}a&amp;=b\end{aligned}\]")
    for html in (r"<code>\(b\)</code>", r"<pre><code>\[b\]</code></pre>", r'<a title="\(c\)">x</a>', r"\( <b>\)</b>"):
        assert with_mathml(html) == html


def test_a_formula_cannot_hold_markup() -> None:
    shown = formula(r"\text{<script>x</script>} \href{javascript:x}{y} \text{&#x3c;b>}", block=False)
    assert "<script" not in shown
    assert "href" not in shown
    assert "<b>" not in shown
