"""Turns formulas into MathML, which a browser shows without MathJax. No other module imports latex2mathml."""

from __future__ import annotations

import re
from functools import cache
from html import escape, unescape
from xml.etree.ElementTree import Element, tostring

# In this order: elements that MathJax skips, comments, any other tag, and formulas, which hold no tags.
_FORMULA = re.compile(
    r"""(?isx)
    <(?P<skipped>pre|code|script|style|textarea)\b(?:(?!<(?P=skipped)\b).)*?</(?P=skipped)\s*>
    | <!--(?:(?!<!--).)*?-->
    | <[^<>"]*+(?:"[^"]*+"[^<>"]*+)*+>
    | \\\( (?P<inline>(?:(?!\\[()])(?>\\\\|[^<]|<!--.*?-->))++) \\\)
    | \\\[ (?P<block>(?:(?!\\[\[\]])(?>\\\\|[^<]|<!--.*?-->))++) \\\]
    """
)
_COMMENT = re.compile(r"<!--.*?-->")
_UPRIGHT = re.compile(r"&#x000[46-7][0-9A-F];")  # how the library writes a letter of \mathrm
_NUMBER_OF_PARTS = {"mfrac": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}
# MathJax knows these environments, the library does not; it knows `align*`, which looks the same.
_ENVIRONMENTS = re.compile(r"\\(begin|end)\{(?:aligned|align|split|gathered)\*?\}")


def with_mathml(html: str) -> str:
    """Return a card's HTML with MathML in place of its formulas, `\\(…\\)` and `\\[…\\]`."""
    if "\\(" not in html and "\\[" not in html:
        return html
    return _FORMULA.sub(_converted, html)


def _converted(match: re.Match[str]) -> str:
    inline, block = match["inline"], match["block"]
    source = inline if inline is not None else block
    if source is None:
        return match[0]
    return formula(unescape(_COMMENT.sub("", source)).strip(), block=block is not None)


@cache
def formula(source: str, *, block: bool) -> str:
    """Return the HTML of one formula, in the element that MathJax uses; its source where the library fails on it."""
    try:
        math = _element(source, block)
    except Exception:  # the library documents no exceptions, and raises many kinds
        return f'<code class="formula">{escape(source)}</code>'
    display = ' display="true"' if block else ""
    return f"<mjx-container{display}>{math}</mjx-container>"


def _element(source: str, block: bool) -> str:
    from latex2mathml.converter import convert_to_element

    same = _ENVIRONMENTS.sub(r"\\\1{align*}", source)
    tree = convert_to_element(same, display="block" if block else "inline")
    for element in list(tree.iter()):
        _refuse(element)
        _make_safe(element)
        _space_names(element)
        _keep_bars_small(element)
    return tostring(tree, encoding="unicode")


def _refuse(element: Element) -> None:
    """Raise ValueError for what the library did not understand and passed on without an error."""
    text = element.text or ""
    if element.tag in ("mi", "mo") and (text.startswith("\\") or text == "&"):
        raise ValueError(f"an unknown command: {text}")
    if len(element) != _NUMBER_OF_PARTS.get(element.tag, len(element)):
        raise ValueError(f"something is missing in {element.tag}")


def _make_safe(element: Element) -> None:
    """Remove attributes that could act, and undo the library's escapes: `tostring` escapes the text by itself.

    The library's own `convert` is not safe: it lets `\\text{<script>}` through.
    """
    for name in ("href", "src", "style", "class", "id"):
        element.attrib.pop(name, None)
    if element.text and element.tag == "mi" and _UPRIGHT.fullmatch(element.text):
        element.set("mathvariant", "normal")
    element.text = unescape(element.text) if element.text else None


def _space_names(parent: Element) -> None:
    """Add the space that TeX puts behind a name such as `log`, unless a bracket follows."""
    if parent.tag not in ("math", "mrow"):
        return
    for name, after in zip(list(parent), list(parent)[1:], strict=False):
        if name.tag == "mi" and len(name.text or "") > 1 and (name.text or "").isalpha() and after.tag != "mo":
            parent.insert(list(parent).index(after), Element("mspace", width="0.167em"))


def _keep_bars_small(element: Element) -> None:
    """Keep a bar as tall as its line, as TeX does; one of `\\left` or `\\right` may grow."""
    if element.tag == "mo" and element.text in ("|", "‖") and "stretchy" not in element.attrib:
        element.attrib |= {"stretchy": "false", "lspace": "0", "rspace": "0"}
