"""A token's HTML: markdown-it's renderer, with Obsidian's constructs and what Anki wants of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from offbook.markdown.parser import MACROS, take_inline
from offbook.markdown.plain import link_text
from offbook.media import SOUNDS
from offbook.render.code import highlight
from offbook.render.embeds import Embeds, Origin
from offbook.render.formulas import drawn
from offbook.render.gaps import placed, without
from offbook.render.marks import DISPLAY, DISPLAY_ENDS, MATH, MATH_ENDS

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_REMOTE = re.compile(r"(?i)(?:https?:)?//|data:image/")
_SIZE = re.compile(r"(\d{1,4})(?:x(\d{1,4}))?")
_CHECKBOX = re.compile(r'class="task-list-item-checkbox ?(?P<further>\w*)"')
_MEDIA_TAG = re.compile(r"<(?P<tag>img|audio|video|source)\b[^<>]*+>", re.IGNORECASE)
_SOURCE = re.compile(
    r"""\ssrc\s*+=\s*+(?:(?P<quote>["'])(?P<quoted>[^"'<>]++)(?P=quote)|(?P<bare>[^"'<>\s]++))""", re.IGNORECASE
)


class _HTML(RendererHTML):
    """One method a token type; `env` holds the `embeds` and the `origin` that is rendered."""

    # -- text ----------------------------------------------------------------------------------

    def text(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return escape(placed(tokens[idx].content), quote=False)

    text_special = text  # an escape or an entity, where no core rule joins it with the text around it

    def code_inline(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f"<code>{escape(placed(tokens[idx].content), quote=False)}</code>"

    def s_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "<del>"

    def s_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</del>"

    def tag(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return ""

    block_id = tag

    def math_inline(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return _formula(tokens[idx], env, MATH, MATH_ENDS)

    def math_inline_double(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return _formula(tokens[idx], env, DISPLAY, DISPLAY_ENDS)

    def math_block(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        formula = _formula(tokens[idx], env, DISPLAY, DISPLAY_ENDS)
        return f'<div class="math-block">{formula}</div>\n' if formula else ""

    math_block_label = math_block

    def html_inline(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token = tokens[idx]
        if box := _CHECKBOX.search(token.content):
            look = f' class="{box["further"]}"' if box["further"] else ""
            checked = " checked" if "checked=" in token.content else ""
            return f'<input type="checkbox"{look}{checked} disabled>'
        if "lone" in token.meta:
            return escape(token.content, quote=False)
        return _with_media(placed(token.content), env["embeds"], env["origin"].at(token))

    def task_sign(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f'<span class="task-sign">{escape(tokens[idx].content)}</span>'

    def html_block(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return _with_media(tokens[idx].content, env["embeds"], env["origin"].at(tokens[idx]))

    def render(self, tokens: Sequence[Token], options: Any, env: Any) -> str:
        """Return the HTML of blocks; an inline token without children is plain text."""
        parts: list[str] = []
        for idx, token in enumerate(tokens):
            if token.type != "inline":
                parts.append(self.rules.get(token.type, self.renderToken)(tokens, idx, options, env))
            elif token.children:
                parts.append(self.renderInline(token.children, options, env))
            else:
                parts.append(escape(token.content, quote=False))
        return "".join(parts)

    # -- links and embeds ----------------------------------------------------------------------

    def wikilink(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        target = tokens[idx].content
        html: str = env["embeds"].link(target, tokens[idx].meta["alias"] or link_text(target), env["origin"])
        return html

    def link_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        """Return a link's opening tag; a link to a file of the vault opens it in Obsidian, as a wikilink does."""
        target = str(tokens[idx].attrGet("href") or "")
        if _SCHEME.match(target):
            return self.renderToken(tokens, idx, options, env)
        address = env["embeds"].address(unquote(target), env["origin"])
        if address:
            tokens[idx].attrSet("href", address)
            return self.renderToken(tokens, idx, options, env)
        end = next(i for i in range(idx, len(tokens)) if tokens[i].type == "link_close")
        tokens[end].tag = "span"
        return '<span class="wikilink">'

    def embed(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token = tokens[idx]
        html: str = env["embeds"].embed(token.content, *_alt_and_size(token.meta["alias"]), env["origin"].at(token))
        return html

    embed_block = embed

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token = tokens[idx]
        source = str(token.attrGet("src") or "")
        alt, size = _alt_and_size(without(self.renderInlineAsText(token.children or [], options, env)))
        size += "".join(f' {name}="{token.attrs[name]}"' for name in ("width", "height") if name in token.attrs)
        title = str(token.attrGet("title") or "")
        if title:
            size += f' title="{escape(title)}"'
        if not _REMOTE.match(source):
            html: str = env["embeds"].embed(unquote(source), alt, size, env["origin"].at(token))
            return html
        if Path(source).suffix.lower() in SOUNDS:
            return f'<a href="{escape(source)}">{escape(alt or source)}</a>'
        return f'<img src="{escape(source)}" alt="{escape(alt)}"{size}>'

    # -- blocks --------------------------------------------------------------------------------

    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        code = highlight(tokens[idx].content, tokens[idx].info)
        return f'<div class="highlight"><pre><code>{code}</code></pre></div>\n'

    def code_block(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f'<div class="highlight"><pre><code>{escape(tokens[idx].content)}</code></pre></div>\n'

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return '<div class="table"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</table></div>\n"

    def bullet_list_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        tokens[idx].attrs.pop("class", None)
        return self.renderToken(tokens, idx, options, env)

    ordered_list_open = bullet_list_open

    def list_item_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return '<li class="task">' if "task-list-item" in str(tokens[idx].attrGet("class") or "") else "<li>"

    def callout_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        meta = tokens[idx].meta
        kind = re.sub(r"[^\w]+", "-", meta["type"]).strip("-") or "note"
        title = self._line(meta["title"] or meta["type"].capitalize(), options, env)
        attributes = f'class="callout callout-{kind}" data-callout="{kind}"'
        if meta["fold"]:
            opened = " open" if meta["fold"] == "+" else ""
            summary = f'<summary class="callout-title tappable">{title}</summary>'
            return f'<details {attributes}{opened}>{summary}<div class="callout-content">'
        return f'<div {attributes}><div class="callout-title">{title}</div><div class="callout-content">'

    def callout_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</div></details>\n" if tokens[idx].meta["fold"] else "</div></div>\n"

    def details_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        meta = tokens[idx].meta
        summary = self._line(meta["summary"] or "Details", options, env)
        return f'<details{" open" if meta["open"] else ""}><summary class="tappable">{summary}</summary>\n'

    def _line(self, source: str, options: Any, env: Any) -> str:
        """Return the HTML of inline source that stands in no token, such as a callout's title."""
        return self.renderInline(take_inline(source, env), options, env)

    # -- footnotes -----------------------------------------------------------------------------
    # Front and back of a card, and notes embedded in it, have footnotes each: `docId` keeps their ids apart.

    def footnote_ref(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        name, sub = _footnote(tokens[idx], env)
        number = tokens[idx].meta["id"] + 1
        return f'<sup class="footnote-ref"><a href="#fn-{name}" id="fnref-{name}{sub}">{number}</a></sup>'

    def footnote_block_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return '<section class="footnotes"><ol>\n'

    def footnote_block_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</ol></section>\n"

    def footnote_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f'<li id="fn-{_footnote(tokens[idx], env)[0]}">'

    def footnote_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</li>\n"

    def footnote_anchor(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        name, sub = _footnote(tokens[idx], env)
        # The selector keeps phones from drawing the arrow as an emoji.
        return f' <a href="#fnref-{name}{sub}">↩\ufe0e</a>'


def _footnote(token: Token, env: Any) -> tuple[str, str]:
    """Return the name of a footnote, and the end of a reference's id: nothing for the first, `-2` for the second."""
    sub = token.meta.get("subId", 0)
    return f"{env['docId']}{token.meta['id'] + 1}", f"-{sub + 1}" if sub else ""


def _formula(token: Token, env: Any, begins: str, ends: str) -> str:
    """Return a formula between its marks, nothing where it only defines macros, or code where it may not be drawn."""
    source = token.content.strip()
    tex, why = drawn(source, env.get(MACROS, {}))
    if why:
        env["embeds"].formula(env["origin"].at(token), without(source), why)
        return f'<code class="formula">{escape(placed(source))}</code>'
    return f"{begins}{escape(placed(tex))}{ends}" if tex else ""


def _alt_and_size(text: str) -> tuple[str, str]:
    """Split `words|400x300` into the words and the attributes that set the size."""
    words, _, last = text.rpartition("|")
    size = _SIZE.fullmatch(last.strip())
    if size is None:
        return text.strip(), ""
    height = f' height="{size[2]}"' if size[2] else ""
    return words.strip(), f' width="{size[1]}"{height}'


def _with_media(html: str, embeds: Embeds, origin: Origin) -> str:
    """Return HTML in which tags name the vault's pictures and sounds as Anki stores them."""

    def replaced(match: re.Match[str]) -> str:
        attribute = _SOURCE.search(match[0])
        source = attribute["quoted"] or attribute["bare"] if attribute else ""
        if not source or _REMOTE.match(source):
            return match[0]
        if match["tag"].lower() != "img":
            return embeds.embed(unquote(source), "", "", origin)
        stored = embeds.stored(unquote(source), origin)
        if stored is None:
            return embeds.missing(source)
        return match[0].replace(source, escape(stored))

    return _MEDIA_TAG.sub(replaced, html) if "src" in html.lower() else html


@cache
def html_renderer() -> _HTML:
    """Return the renderer, which holds no state."""
    return _HTML()
