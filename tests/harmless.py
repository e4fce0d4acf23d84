"""Says of HTML whether anything in it could run or reach out, by a parser that is not the sanitiser's."""

from __future__ import annotations

from html.parser import HTMLParser

_RUN = frozenset({
    "script", "style", "iframe", "frame", "frameset", "object", "embed", "applet", "base", "link", "meta", "form",
    "button", "textarea", "select", "template", "noscript", "svg", "math", "animate", "set", "portal", "slot",
    "plaintext", "xmp", "noembed", "noframes",
})  # fmt: skip
_ADDRESSES = frozenset({
    "href", "src", "srcset", "action", "formaction", "background", "poster", "cite", "xlink:href", "data", "ping",
})  # fmt: skip
_SCHEMES = frozenset({"http", "https", "mailto", "obsidian"})
_CAN_LOAD = ("url(", "expression(", "image-set(", "@import", "-moz-binding", "behavior:", "position:")


class _Watch(HTMLParser):
    """Collects what must not be there."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _RUN:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    handle_startendtag = handle_starttag

    def _attribute(self, tag: str, name: str, value: str) -> None:
        # What browsers leave out of an address before they look at its scheme.
        address = "".join(character for character in value if character > " ").lower()
        scheme = address.partition(":")[0] if ":" in address.partition("/")[0] else ""
        if name.startswith("on") or name in ("srcdoc", "is", "nonce", "contenteditable", "formaction"):
            self.found.append(f"{tag} {name}")
        if name == "style" and any(word in address for word in _CAN_LOAD):
            self.found.append(f"{tag} style {value}")
        if name == "id" and not value.startswith(("fn-", "fnref-")):
            self.found.append(f"{tag} id {value}")
        if name in _ADDRESSES and scheme and scheme not in _SCHEMES:
            picture = scheme == "data" and tag == "img" and address.startswith("data:image/")
            if not picture:
                self.found.append(f"{tag} {name} {value}")
        if tag == "input" and name == "type" and value.lower() != "checkbox":
            self.found.append(f"input {value}")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"<?{data}>")


def harms(html: str) -> list[str]:
    """Return what in the HTML of a field could run, load what it should not, or pose as part of the page."""
    watch = _Watch()
    watch.feed(html)
    watch.close()
    return watch.found


def assert_harmless(html: str) -> None:
    found = harms(html)
    assert not found, f"{found[:3]} in {html[:400]!r}"
