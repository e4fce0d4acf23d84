"""Formulas: what only draws is drawn, all else is code; a note's own macros are expanded."""

from __future__ import annotations

import pytest

from offbook.markdown.macros import definitions
from offbook.render.formulas import drawn


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{a}{b} \le \sqrt[3]{x} \text{ if $y$ } \left\{ z \right\}",
        r"\begin{aligned} a &= b \\[2pt] c \end{aligned}",
        r"\begin {pmatrix} 1 & 0 \end {pmatrix}",
        r"\ce{H2O} \color{red}{x} \underbrace{a}_{b} \operatorname*{argmax}_x \mathbb{E}[X]",
        r"\| x \| \, \; \# \% \& \_ \$",
    ],
)
def test_what_draws_stays_as_it_is(tex: str) -> None:
    assert drawn(tex, {}) == (tex, "")


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:hack()}{x}",
        r"\text{\href{javascript:hack()}{x}}",
        r"\style{position:fixed}{x}",
        r"\class{x}{y}",
        r"\cssId{qa}{y}",
        r"\mmlToken{mi}[href=javascript:hack()]{x}",
        r"\bbox[background:url(http://a.example)]{x}",
        r"\unicode{x}",
        r"\toggle{a}{b}\endtoggle",
        r"\mathchardef\x=1",
        r"\Newextarrow{\x}{1,2}{3}",
        r"\begin{html}x\end{html}",
        r"\begin{\x}",
        "{",
        "}",
        r"x \) y",
        r"\definecolor{red}{rgb}{0,0,1}",
    ],
)
def test_what_acts_is_code(tex: str) -> None:
    shown, why = drawn(tex, {})
    assert not shown
    assert why


@pytest.mark.parametrize(
    ("note", "tex", "expected"),
    [
        (r"$\newcommand{\R}{\mathbb R}$", r"x \in \R^n", r"x \in \mathbb R^n"),
        (r"$\newcommand\R{\mathbb R}$", r"x^\R", r"x^{\mathbb R}"),
        (r"$\def\f#1#2{\frac{#1}{#2}}$", r"\f{a}b", r"\frac{a}{b}"),
        (r"$\newcommand{\n}[2][p]{\|#2\|_{#1}}$", r"\n{x} \n[1]{x}", r"\|x\|_{p} \|x\|_{1}"),
        (r"$\DeclareMathOperator*{\argmax}{arg\,max}$", r"\argmax_x", r"\operatorname*{arg\,max}_x"),
        (r"$\let\eps\varepsilon$", r"\eps x", r"\varepsilon x"),
        (r"$\newcommand{\a}{\b}\newcommand{\b}{b}$", r"\a", "b"),
        ("", r"\newcommand{\x}{y}", ""),
        ("", r"\label{eq:1} x \require{cancel}", "x"),
        ("", "x\\", "x\\ "),
    ],
)
def test_macros(note: str, tex: str, expected: str) -> None:
    assert drawn(tex, definitions(note)) == (expected, "")


def test_a_macro_that_makes_what_may_not_stand_is_seen() -> None:
    shown, why = drawn(r"\x", definitions(r"\newcommand{\x}{\href{javascript:hack()}{y}}"))
    assert (shown, why) == ("", r"\href has no place on a card")


@pytest.mark.parametrize("body", [r"\a\a", r"\a x", "{" * 5000])
def test_macros_without_end(body: str) -> None:
    assert drawn(r"\a", definitions(rf"\newcommand{{\a}}{{{body}}}"))[1]
