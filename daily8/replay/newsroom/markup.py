"""Turn the newsroom's plain mark-up into clean body HTML.

Blocks stand between blank lines: ``## `` a subhead; ``> `` a quotation, whose last line may be
``> -- Who said it``; ``- `` a list; ``| a | b |`` a table with a head; ``!figure motif | caption | credit``;
``!video motif | caption | credit``; ``!post Author | @handle | text`` for a post of the fictional network
Plaza; anything else is a paragraph. Inline: ``*emphasis*``, ``**strong**``, ``[words](address)``.
"""

from __future__ import annotations

import re
from html import escape

_STRONG = re.compile(r"\*\*(.+?)\*\*")
_EMPHASIS = re.compile(r"\*(.+?)\*")
_LINK = re.compile(r"\[(.+?)\]\((\S+?)\)")
PLAZA = "https://plaza.example"
"""The fictional network's address, on a name that is reserved for examples (RFC 2606, section 3)."""


def _inline(text: str) -> str:
    safe = escape(" ".join(text.split()), quote=False)
    safe = _LINK.sub(lambda m: f'<a href="{m[2]}">{m[1]}</a>', safe)
    return _EMPHASIS.sub(r"<em>\1</em>", _STRONG.sub(r"<strong>\1</strong>", safe))


def _attribute(text: str) -> str:
    return escape(text, quote=True)


def _quote(lines: list[str]) -> str:
    words = [line.removeprefix(">").strip() for line in lines]
    source = words.pop().removeprefix("--").strip() if words[-1].startswith("--") else ""
    foot = f"<footer>{_inline(source)}</footer>" if source else ""
    return f"<blockquote><p>{_inline(' '.join(words))}</p>{foot}</blockquote>"


def _list(lines: list[str]) -> str:
    items = "".join(f"<li>{_inline(line.removeprefix('- '))}</li>" for line in lines)
    return f"<ul>{items}</ul>"


def _table(lines: list[str]) -> str:
    rows = [[_inline(cell.strip()) for cell in line.strip("| ").split("|")] for line in lines]
    head = "".join(f"<th>{cell}</th>" for cell in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows[1:])
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _media(line: str, name: str) -> str:
    what, _, rest = line.partition(" ")
    first, *others = [part.strip() for part in rest.split("|")]
    if what == "!post":
        handle, text = others
        address = f"{PLAZA}/{handle}/{name}"
        return (
            f'<blockquote class="mastodon-embed" cite="{address}"><p>{_inline(text)}</p>'
            f'<footer>— {_inline(first)} (<a href="{address}">{handle}@plaza.example</a>)</footer>'
            "</blockquote>"
        )
    caption, credit = others
    foot = f'<figcaption>{_inline(caption)} <span class="credit">{_inline(credit)}</span></figcaption>'
    picture = f"/img/{first}-{name}.jpg"
    if what == "!video":
        shown = f'<video controls="controls" src="/video/{name}.mp4" poster="{picture}"></video>'
    else:
        shown = f'<img src="{picture}" alt="{_attribute(caption)}" />'
    return f"<figure>{shown}{foot}</figure>"


def to_html(text: str, name: str) -> str:
    """Give the HTML of a body, one block a line; its media are named after the article and their place."""
    blocks = []
    for at, block in enumerate(re.split(r"\n\s*\n", text.strip())):
        lines = [line.strip() for line in block.splitlines()]
        if block.startswith("## "):
            blocks.append(f"<h2>{_inline(block.removeprefix('## '))}</h2>")
        elif block.startswith(">"):
            blocks.append(_quote(lines))
        elif block.startswith("- "):
            blocks.append(_list(lines))
        elif block.startswith("|"):
            blocks.append(_table(lines))
        elif block.startswith("!"):
            blocks.append(_media(" ".join(lines), f"{name}-{at}"))
        else:
            blocks.append(f"<p>{_inline(block)}</p>")
    return "\n".join(blocks)
