"""Renders cards: blocks of a note become the HTML of Anki's fields. One method a token type."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from offbook.cards import Card, Kind
from offbook.cards.deletions import parse_deletions
from offbook.errors import Location, Problem, Severity
from offbook.markdown import Block
from offbook.markdown.blocks import paragraph
from offbook.markdown.parser import parser
from offbook.markdown.plain import link_text
from offbook.media import IMAGES, SOUNDS, Media
from offbook.sanitize import sanitize
from offbook.transclusion import DEEPEST

if TYPE_CHECKING:
    from offbook.vault import Vault

_SIZE = re.compile(r"(\d{1,4})(?:x(\d{1,4}))?")
_LARGEST_TRANSCLUSION = 200_000  # characters of HTML in all of one card
# The blank beside a tag or block id that is hidden at the beginning or end of a text.
_HIDDEN_AT_EDGE = re.compile(r"(?<=<p>) +| +(?=</(?:p|li|h[1-6]|td|th|dt)>)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(slots=True)
class Rendered:
    """What one card is made of in Anki, but for its identity."""

    question: str
    answer: str
    """For a cloze: what is shown below the text."""
    hint: str = ""
    context: str = ""
    source: str = ""
    media: tuple[Path, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Place:
    """Where the text that is being rendered comes from."""

    path: str
    """The note's path."""
    env: dict[str, Any]
    footnotes: tuple[Block, ...] = ()
    depth: int = 0
    open_embeds: tuple[str, ...] = ()
    location: Location = field(default_factory=lambda: Location(""))


class Renderer:
    """Renders the cards of one vault."""

    def __init__(self, vault: Vault, media: Media, *, strict_breaks: bool = False) -> None:
        self._vault = vault
        self._media = media
        self._md = parser(strict_breaks)

    def card(self, card: Card) -> Rendered:
        """Render a card's fields; what is missing or unsafe in it is reported in `problems`."""
        self._problems: list[Problem] = []
        self._files: list[Path] = []
        self._size = 0
        place = _Place(card.location.path, card.env, card.footnotes, location=card.location)
        if card.kind is Kind.CLOZE:
            question, answer = self._cloze(card, place), ""
        else:
            question, answer = self._html(card.question, place), self._html(card.answer, place)
        if card.suggested:
            answer = (
                '<div class="talking-points"><div class="talking-points-label">Talking points, suggested</div>'
                f"{answer}</div>"
            )
        return Rendered(
            _single_paragraph(question),
            answer,
            context=escape(" › ".join(card.headings)),
            source=self._source(card),
            media=tuple(dict.fromkeys(self._files)),
            problems=tuple(dict.fromkeys(self._problems)),
        )

    # -- blocks --------------------------------------------------------------------------------

    def _html(self, blocks: Sequence[Block], place: _Place) -> str:
        tokens = [token.copy() for block in blocks for token in block.tokens]
        html = self._render(tokens, place)
        return _for_anki(sanitize(html))

    def _render(self, tokens: list[Token], place: _Place) -> str:
        env: dict[str, Any] = {
            "references": place.env.get("references", {}),
            "footnotes": {"refs": dict.fromkeys(place.env.get("footnotes", {}).get("refs", {}), -1)},
            "place": place,
            "renderer": self,
        }
        if place.footnotes and any("[^" in token.content for token in tokens):
            tokens += [token.copy() for block in place.footnotes for token in block.tokens]
        state = StateCore("", self._md, env, tokens)
        for name, rule in zip(self._md.core.ruler.get_active_rules(), self._md.core.ruler.getRules(""), strict=True):
            if name not in ("normalize", "block", "callout"):
                rule(state)
        # Only the tokens know whether a list is tight once its items are cut out of it.
        return _html_renderer().render(_blocks_of_embeds(state.tokens), self._md.options, env)

    def _cloze(self, card: Card, place: _Place) -> str:
        """Render the text with its deletions put in as Anki writes them, whatever is inside of them."""
        block = card.question[0]
        source = block.content
        parts: list[str] = []
        deletions = parse_deletions(source)
        position = 0
        for index, deletion in enumerate(deletions):
            # A private-use character cannot be in the way of Markdown, nor Markdown in its way.
            parts += [source[position : deletion.start], f"\ue000{index}\ue001", deletion.text, "\ue002"]
            position = deletion.end
        parts.append(source[position:])
        html = self._html([paragraph("".join(parts), block.line, block.end)], place)

        def opening(match: re.Match[str]) -> str:
            return f"{{{{c{deletions[int(match[1])].number}::"

        hints = iter(deletion.hint for deletion in deletions)
        html = _protect_cloze_ends(html)
        html = re.sub("\ue000(\\d+)\ue001", opening, html)
        return re.sub("\ue002", lambda _: (f"::{escape(hint)}" if (hint := next(hints, "")) else "") + "}}", html)

    # -- parts ---------------------------------------------------------------------------------

    def _source(self, card: Card) -> str:
        path = card.location.path
        name = escape(path.rpartition("/")[2].removesuffix(".md"))
        if not self._vault.name:
            return escape(path)
        file = self._vault.notes / path
        inside = file.relative_to(self._vault.root).as_posix().removesuffix(".md")
        part = f"#^{card.block_id}" if card.block_id else f"#{card.headings[-1]}" if card.headings else ""
        target = quote(inside + part, safe="")
        return f'<a href="obsidian://open?vault={quote(self._vault.name, safe="")}&amp;file={target}">{name}</a>'

    def embed(self, target: str, alias: str, place: _Place) -> str:
        """Render `![[target|alias]]`: a picture, a sound, or another note's text."""
        name = target.partition("#")[0]
        suffix = Path(name).suffix.lower()
        if suffix in IMAGES or suffix in SOUNDS:
            return self.file(name, alias, place)
        if suffix == ".pdf":
            return f'<span class="wikilink">{escape(alias or name)}</span>'
        return self._transclude(target, alias, place)

    def file(self, name: str, alias: str, place: _Place) -> str:
        """Render a picture or a sound of the vault."""
        file = self._vault.find(name, place.path)
        stored = self._media.add(file) if file is not None else None
        if file is None or stored is None:
            self._problem(place, "media", f"there is no file “{name}” in the vault; the card shows its name")
            return f'<span class="missing">{escape(name)}</span>'
        self._files.append(file)
        if Path(name).suffix.lower() in SOUNDS:
            return f"[sound:{stored}]"
        size = _SIZE.fullmatch(alias.strip())
        width = f' width="{size[1]}"' if size else ""
        height = f' height="{size[2]}"' if size and size[2] else ""
        alt = "" if size else alias
        return f'<img src="{escape(stored)}" alt="{escape(alt)}"{width}{height}>'

    def _transclude(self, target: str, alias: str, place: _Place) -> str:
        shown = escape(alias or link_text(target))
        part = self._vault.part(target, place.path)
        if part is None:
            self._problem(place, "embed", f"the embed `![[{target}]]` leads nowhere; the card shows its name")
            return f'<span class="missing">{shown}</span>'
        note, document, blocks = part
        key = f"{note.path}#{target.partition('#')[2]}"
        if key in place.open_embeds or place.depth >= DEEPEST or self._size > _LARGEST_TRANSCLUSION:
            self._problem(place, "embed", f"the embed `![[{target}]]` comes back to itself or goes too deep")
            return f'<span class="wikilink">{shown}</span>'
        inner = replace(
            place,
            path=note.path,
            env=document.env,
            footnotes=document.footnotes,
            depth=place.depth + 1,
            open_embeds=(*place.open_embeds, key),
        )
        tokens = [token.copy() for block in blocks for token in block.tokens]
        html = self._render(tokens, inner)
        self._size += len(html)
        return f'<div class="transclusion">{html}</div>'

    def _problem(self, place: _Place, code: str, message: str) -> None:
        self._problems.append(Problem(place.location, code, message, Severity.WARNING))


class _HTML(RendererHTML):
    """markdown-it's renderer with Anki's and Obsidian's own tokens."""

    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token = tokens[idx]
        language = token.info.strip().split()[0] if token.info.strip() else ""
        return f'<div class="highlight"><pre><code>{highlight(token.content, language)}</code></pre></div>\n'

    def code_block(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f'<div class="highlight"><pre><code>{escape(tokens[idx].content)}</code></pre></div>\n'

    def wikilink(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token = tokens[idx]
        return f'<span class="wikilink">{escape(token.meta["alias"] or link_text(token.content))}</span>'

    def embed(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token = tokens[idx]
        html: str = env["renderer"].embed(token.content, token.meta["alias"], env["place"])
        return html

    embed_block = embed

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token = tokens[idx]
        source = str(token.attrGet("src") or "")
        alt = self.renderInlineAsText(token.children or [], options, env)
        if re.match(r"(?i)https?:", source):
            return f'<img src="{escape(source)}" alt="{escape(alt)}">'
        name, _, size = alt.rpartition("|")
        html: str = env["renderer"].file(source, size if _SIZE.fullmatch(size or "") else name or alt, env["place"])
        return html

    def tag(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return ""

    block_id = tag

    def callout_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        meta = tokens[idx].meta
        kind = re.sub(r"[^a-z0-9-]", "", meta["type"]) or "note"
        title = meta["title"] or meta["type"].capitalize()
        shown = parser().renderInline(title, dict(env))
        attributes = f'class="callout callout-{kind}" data-callout="{kind}"'
        if meta["fold"]:
            opened = " open" if meta["fold"] == "+" else ""
            summary = f'<summary class="callout-title tappable">{shown}</summary>'
            return f'<details {attributes}{opened}>{summary}<div class="callout-content">\n'
        return f'<div {attributes}><div class="callout-title">{shown}</div><div class="callout-content">\n'

    def callout_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        depth = 0
        for token in reversed(tokens[: idx + 1]):
            depth += (token.type == "callout_close") - (token.type == "callout_open")
            if depth == 0:
                return "</div></details>\n" if token.meta["fold"] else "</div></div>\n"
        return "</div></div>\n"

    def details_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        meta = tokens[idx].meta
        summary = parser().renderInline(meta["summary"] or "Details", dict(env))
        return f'<details{" open" if meta["open"] else ""}><summary class="tappable">{summary}</summary>\n'

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return '<div class="table"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</table></div>\n"

    def list_item_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return '<li class="task">' if "task-list-item" in str(tokens[idx].attrGet("class") or "") else "<li>"

    def math_inline(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return rf"\({escape(tokens[idx].content.strip())}\)"

    def math_block(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return rf"<div class=math-block>\[{escape(tokens[idx].content.strip())}\]</div>" + "\n"

    math_inline_double = math_block
    math_block_label = math_block


@cache
def _html_renderer() -> _HTML:
    """Return the renderer with the footnote plugin's rules, which it adds to the parser's own."""
    renderer = _HTML()
    rules: dict[str, Any] = getattr(parser().renderer, "rules", {})
    renderer.rules.update((name, rule) for name, rule in rules.items() if name.startswith("footnote"))
    return renderer


def _blocks_of_embeds(tokens: list[Token]) -> list[Token]:
    """Lift an embed that is a paragraph of its own out of it: what it shows are blocks."""
    result: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        inline = tokens[index + 1] if index + 1 < len(tokens) else None
        if token.type == "paragraph_open" and inline is not None and inline.type == "inline":
            children = [
                c
                for c in inline.children or []
                if c.type not in ("block_id", "tag") and (c.content.strip() or c.type != "text")
            ]
            if len(children) == 1 and children[0].type == "embed":
                embed = children[0].copy()
                embed.type = "embed_block"
                result.append(embed)
                index += 3
                continue
        result.append(token)
        index += 1
    return result


def highlight(code: str, language: str) -> str:
    """Return code as HTML with Pygments' short classes; a language that it does not know is not guessed."""
    lexer = _lexer(language.lower().strip("{}. "))
    if lexer is None:
        return escape(code)
    from pygments import highlight as colour
    from pygments.formatters import HtmlFormatter

    return colour(code, lexer, HtmlFormatter(nowrap=True))


@cache
def _lexer(language: str) -> Any:
    if not language:
        return None
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None


def _for_anki(html: str) -> str:
    """Keep text from being taken for Anki's own marks: fields end at U+001F, `{{` opens a deletion."""
    html = _HIDDEN_AT_EDGE.sub("", _CONTROL.sub("", html))
    return html.replace("{{", "{<!-- -->{").strip()


def _protect_cloze_ends(html: str) -> str:
    """Inside a deletion `}}` would end it, and `::` would open its hint."""

    def protect(match: re.Match[str]) -> str:
        return match[0].replace("}}", "}<!-- -->}").replace("::", ":<!-- -->:")

    return re.sub("\ue001.*?\ue002", protect, html, flags=re.DOTALL)


def _single_paragraph(html: str) -> str:
    """Return `<p>text</p>` as text: a question of one paragraph needs no margins."""
    match = re.fullmatch(r"<p>((?:(?!</?p>).)*)</p>", html, re.DOTALL)
    return match[1] if match else html
