"""GitHub's bare addresses, found in a time that grows with a text's length."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

_PROTOCOL = "gfm_autolink_protocol"
_PROTOCOLS = ("http", "https", "mailto", "xmpp")
_LONGEST = 1 + max(map(len, _PROTOCOLS))


def addresses_plugin(md: MarkdownIt) -> None:
    """Make links of `https://…`, `www.…` and `name@…`."""
    md.use(gfm_autolink_plugin)
    rules = dict(zip(md.inline.ruler.get_active_rules(), md.inline.ruler.getRules(""), strict=True))
    original = rules[_PROTOCOL]

    def protocol(state: StateInline, silent: bool) -> bool:
        """Call the plugin's rule on the end of the pending text: at each colon it looks through all of it."""
        text = state.pending
        if silent or not text.endswith(_PROTOCOLS):
            return False
        if len(text) > _LONGEST:
            state.pending = text[:-_LONGEST]
            state.pushPending()
            state.pending = text[-_LONGEST:]
        return original(state, silent)

    md.inline.ruler.at(_PROTOCOL, protocol)
