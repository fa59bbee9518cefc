"""Bodies as typed blocks: drawn from anyone's HTML, written as our own HTML and as plain text."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape

from daily8.news.drawing import draw
from daily8.news.quotes import closed
from daily8.news.references import unescape
from daily8.news.sanitise import plain, sanitise_inline
from daily8.news.tree import parse
from daily8.news.types import Block, Embed, Heading, Image, ListBlock, Paragraph, Quote, Table

PROVIDERS = {
    "x": "X",
    "youtube": "YouTube",
    "tiktok": "TikTok",
    "soundcloud": "SoundCloud",
}
"""Names of embed providers that are not written as their key with a capital."""
_BARE_LINK = re.compile(r"<a(?: (?!href)[a-z]+=\"[^\"]*\")*>(.*?)</a>", re.DOTALL)


def blocks_from_html(html: str, base: str | None = None) -> tuple[Block, ...]:
    """Draw typed blocks from any HTML: a feed's content, a page's part. Inline HTML comes out sanitised.

    Addresses become absolute against ``base``. No text is lost; what is no block becomes a paragraph.
    """
    tree = parse(html)
    if tree is None:
        return ()
    body = tree.find("body")
    drawn = draw(body if body is not None else tree, base)
    return tuple(clean for d in drawn if (clean := cleaned(d.block, base)) is not None)


def cleaned(block: Block, base: str | None = None) -> Block | None:
    """Sanitise a drawn block's inline HTML; ``None`` where nothing is left of it."""
    if isinstance(block, Paragraph | Heading):
        html = _clean(block.html, base)
        return replace(block, html=html) if plain(html) else None
    if isinstance(block, Quote):
        parts = _cleaned_parts(block.html, base)
        return replace(block, html=parts) if parts else None
    if isinstance(block, ListBlock):
        parts = _cleaned_parts(block.items, base)
        return replace(block, items=parts) if parts else None
    if isinstance(block, Table):
        return replace(block, rows=tuple(tuple(_clean(c, base) for c in row) for row in block.rows))
    return block


def _clean(html: str, base: str | None) -> str:
    return closed(_BARE_LINK.sub(r"\1", sanitise_inline(html, base)).strip())


def _cleaned_parts(parts: tuple[str, ...], base: str | None) -> tuple[str, ...]:
    clean = (_clean(part, base) for part in parts)
    return tuple(part for part in clean if plain(part))


def blocks_to_html(blocks: tuple[Block, ...]) -> str:
    """Write blocks as HTML; `blocks_from_html` reads the same blocks from it.

    Inline HTML is taken as it stands in the blocks: sanitised when they were drawn.
    """
    return "\n".join(_html(block) for block in blocks)


def _html(block: Block) -> str:
    if isinstance(block, Paragraph):
        return f"<p>{block.html}</p>"
    if isinstance(block, Heading):
        return f"<h{block.level}>{block.html}</h{block.level}>"
    if isinstance(block, Quote):
        source = f"<footer>{escape(block.source)}</footer>" if block.source else ""
        return f"<blockquote>{''.join(f'<p>{part}</p>' for part in block.html)}{source}</blockquote>"
    if isinstance(block, ListBlock):
        name = "ol" if block.ordered else "ul"
        return f"<{name}>{''.join(f'<li>{item}</li>' for item in block.items)}</{name}>"
    if isinstance(block, Table):
        return _table_html(block)
    if isinstance(block, Image):
        return _image_html(block)
    if isinstance(block, Embed):
        return _embed_html(block)
    return "<hr>"


def _table_html(table: Table) -> str:
    rows = []
    for number, row in enumerate(table.rows):
        cell = "th" if table.header and number == 0 else "td"
        rows.append("<tr>" + "".join(f"<{cell}>{markup}</{cell}>" for markup in row) + "</tr>")
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    return f"<table>{caption}{''.join(rows)}</table>"


def _image_html(image: Image) -> str:
    size = "".join(f' {n}="{v}"' for n, v in (("width", image.width), ("height", image.height)) if v)
    tag = f'<img src="{escape(image.url)}" alt="{escape(image.alt or "")}"{size}>'
    credit = f"<small>{escape(image.credit)}</small>" if image.credit else ""
    words = " ".join(part for part in (escape(image.caption or ""), credit) if part)
    return f"<figure>{tag}<figcaption>{words}</figcaption></figure>" if words else f"<figure>{tag}</figure>"


def _embed_html(embed: Embed) -> str:
    if embed.provider in {"audio", "video"}:
        return f'<figure><{embed.provider} src="{escape(embed.url)}"></{embed.provider}></figure>'
    name = embed.author or PROVIDERS.get(embed.provider, embed.provider.capitalize())
    text = f"<blockquote><p>{escape(embed.text)}</p></blockquote>" if embed.text else ""
    return f'<figure>{text}<figcaption><a href="{escape(embed.url)}">{escape(name)}</a></figcaption></figure>'


def blocks_to_text(blocks: tuple[Block, ...]) -> str:
    """Write the text of blocks, a blank line between them; pictures, embeds and rules have none."""
    return "\n\n".join(text for block in blocks if (text := block_text(block)))


def block_text(block: Block) -> str:
    """Give the plain text of one block; rows of tables and items of lists on lines of their own."""
    if isinstance(block, Paragraph | Heading):
        return _plain(block.html)
    if isinstance(block, Quote):
        return "\n\n".join(filter(None, map(_plain, block.html)))
    if isinstance(block, ListBlock):
        return "\n".join(filter(None, map(_plain, block.items)))
    if isinstance(block, Table):
        return "\n".join(" | ".join(map(_plain, row)) for row in block.rows)
    return ""


def _plain(html: str) -> str:
    if "<" not in html:
        return " ".join(unescape(html).split()) if "&" in html else " ".join(html.split())
    return plain(html)
